package sig

import "github.com/paperchart/paperchart/internal/grammar"

// Direction reads a text that is a direction alone, without a drug: "BID",
// "every 4 hours as needed for pain", "take 2 tablets by mouth daily". Its Score
// says how much of the text was understood, 0 where nothing was; unlike Parse it
// asks for no drug and is content with a single piece.
func Direction(text string) Line {
	pieces := taperSteps(text)
	l := parseDirection(text, pieces[0])
	for _, p := range pieces[1:] {
		step := parseDirection(text, p)
		if step.Score == 0 && step.Status == "" {
			l.Score = min(l.Score, 0.3)
			continue
		}
		if step.Status == Stopped {
			continue // "then stop" ends a taper
		}
		l.Steps = append(l.Steps, step)
		l.Score = min(l.Score, step.Score)
	}
	return l
}

func parseDirection(text string, s grammar.Span) Line {
	p := newParser(text, s, false)
	p.bare = true
	p.run()
	return p.finish()
}
