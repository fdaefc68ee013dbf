package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar/history"
)

func (r *reader) history() history.Reader { return history.Reader{Dates: r.dates(true)} }

// socialItem reads the habits from a sentence of a social history.
func (r *reader) socialItem(p passage, ctx around) {
	for _, s := range sentences(p) {
		r.socialSentence(s.trim(" .,;:-–•"), ctx)
	}
}

func (r *reader) socialSentence(s passage, ctx around) {
	l := labelled{label: ctx.title, means: &meaning{weight: 0.85}, closeness: 0.85 * ctx.sure, bond: 0.85, order: ctx.order, sec: ctx.sec}
	if sm, ok := r.history().Smoking(s.text); ok && !othersSmoke.MatchString(s.text) {
		r.offerSmoking(l, s.sub(sm.Start, sm.End), sm)
	}
	for _, f := range []struct {
		field string
		read  func(string) (history.Use, bool)
	}{{"alcohol_use", history.Alcohol}, {"drug_use", history.Drugs}} {
		u, ok := f.read(s.text)
		if !ok || u.Score <= 0.4 {
			continue
		}
		at := s
		if i := strings.LastIndexByte(s.text, '?'); i > 0 && i+2 < len(s.text) {
			at = s.sub(i+1, len(s.text)) // the form's question
		}
		for _, q := range clausesOf(at) {
			if v, ok := f.read(q.text); ok && v.Score > 0.4 {
				u, at = v, q
				break
			}
		}
		if q := at.sub(len(habitSubject.FindString(at.text)), len(at.text)); !q.empty() {
			c := from(q, q.text)
			c.sig.Numeric, c.sig.Grammar, c.sig.Vocabulary = 0, u.Score, 0.5
			r.offer(l, f.field, c)
		}
	}
}

// othersSmoke tells of the habits of those around a patient.
var othersSmoke = regexp.MustCompile(`(?i)\b(?:no one|nobody|anyone|household|at home|second[- ]?hand|passive|exposure|wife|husband|mother|father|mom|dad|parents?|partner|roommate)\b.*\b(?:smok\w*|tobacco)|\bsmok\w+ (?:in the (?:home|house)|at home|exposure)`)

// newClause begins a clause that stands by itself: a verb, a denial, or how much.
var newClause = regexp.MustCompile(`(?i)(?:\s*[,+]\s*(?:and\s+|but\s+)?|\s+(?:and|but)\s+)(?:has|had|drinks?|drank|smokes?|smoked|denie[sd]|uses?|used|does|did|never|no|occ\w*|social\w*|rare\w*|quit|former|works?|lives?|is|was|works|there|\d)\b`)

// habitSubject is who has a habit.
var habitSubject = regexp.MustCompile(`(?i)^(?:(?:s?he|they|patient|pt|the patient|m(?:r|rs|s)\.? [A-Z][\w'-]+)\s+)?`)

// clausesOf parts a sentence where a clause of its own begins.
func clausesOf(s passage) []passage {
	var out []passage
	from := 0
	for _, loc := range newClause.FindAllStringIndex(s.text, -1) {
		out = append(out, s.sub(from, loc[0]))
		from = loc[0]
	}
	out = append(out, s.sub(from, len(s.text)))
	for i := range out {
		out[i] = out[i].sub(len(clauseLead.FindString(out[i].text)), len(out[i].text)).trim(" .,;")
	}
	return out
}

var clauseLead = regexp.MustCompile(`(?i)^[\s,+]*(?:(?:and|but)\s+)?`)

func (r *reader) offerSmoking(l labelled, at passage, sm history.Smoking) {
	v := sm.Status
	if strings.HasPrefix(v, history.SmokCurrent) {
		v = history.SmokCurrent
	}
	if at.empty() || v == history.SmokUnknown {
		return
	}
	c := from(at, v)
	c.sig.Vocabulary, c.sig.Grammar, c.sig.Numeric = 1, sm.Score, 0
	r.offer(l, "smoking_status", c)
}

// habit reads a labelled statement on tobacco, alcohol or drugs: its first
// sentence, since the next is on something else.
func (r *reader) habit(l labelled) {
	field := string(l.means.concept)
	if r.amongOptions(l) {
		return
	}
	p := l.value
	if ss := sentences(p); len(ss) > 1 {
		p = ss[0]
	}
	p = p.trim(" .,;")
	if p.empty() || len(p.text) > 120 {
		return
	}
	if field == "smoking_status" {
		sm, ok := r.history().Smoking("Tobacco: " + p.text)
		if ok && sm.Status != history.SmokUnknown {
			r.offerSmoking(l, p, sm)
		} else if v := smoking(p.text); v != "" {
			c := from(p, v)
			c.sig.Vocabulary, c.sig.Numeric = 1, 0
			r.offer(l, field, c)
		}
		return
	}
	c := from(p, p.text)
	c.sig.Numeric = 0
	c.sig.Grammar = plainText(p.text)
	r.offer(l, field, c)
}
