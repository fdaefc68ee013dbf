package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/grammar/assert"
	"github.com/paperchart/paperchart/internal/terms"
)

// problemCue leads to what a patient has, by any verb of having.
var problemCue = regexp.MustCompile(`(?i)\b(?:(?:problems?|diagnos[ei]s|conditions?|histor(?:y|ies)|background|comorbidit(?:y|ies)|co-morbidit(?:y|ies)|issues|illnesses)\b[^.;:]{0,24}?(?:includes?|included|including|are|is|were|was|of|consists? of|comprises?|for|:)|diagnosed (?:as having|with)|suffer(?:s|ed|ing)? (?:from|with)|known (?:to have|to suffer from|case of|with)|with (?:known|longstanding|a known|established|an? (?:[a-z-]+ ){0,3}history (?:of|significant for))|(?:has|have|had|with) (?:an? )?(?:known |past |prior |previous |remote |significant |strong |long |longstanding |extensive )*(?:medical )?history (?:of|significant for|notable for)|(?:has|have|had) (?:known |longstanding |also |both |a diagnosis of )?|year[- ]old\s+(?:[a-z-]+\s+){0,3}(?:man|woman|male|female|lady|gentleman|patient|boy|girl),?\s+(?:who\s+)?(?:with|has|suffers from)|\d{1,3}\s?-?(?:y\.?/?o\.?|yrs?|years?[- ]old)?\s?(?:m|f|male|female|man|woman|gentleman|lady|boy|girl)?,?\s+(?:who has |with |w/ ?|c |has )?(?:an? )?(?:known |significant |past )?(?:pmhx?|h/o|hx(?: of)?)(?: of| significant for| notable for| sig for|:)?|other diagnoses:|(?:pmhx?|h/o|hx of|(?:^|[.,;]\s*)hx:?)(?: of| significant for| notable for| sig for|:)?|follow(?:ed|ing)?(?:[- ]up)? (?:of|for)|under (?:my|our) care (?:for|with)|living with)\s+`)

// tellProblems reads the diagnoses of a sentence. A disease that is said of the
// patient without a doubt is one of theirs, wherever it stands; a symptom, and
// what a plan mentions, only where the sentence says that the patient has it.
func (r *reader) tellProblems(s passage, ctx around) {
	cue := problemCue.FindStringIndex(s.text)
	known := r.mentions(terms.Diagnosis, s, 6)
	done := r.procedurePlaces(s)
	if shotGiven.MatchString(s.text) || shotSaid.MatchString(s.text) {
		for _, m := range r.mentions(terms.Vaccine, s, 5) {
			done = append(done, grammar.Span{Start: m.from, End: m.to})
		}
	}
	allergic := allergyWord.FindStringIndex(s.text)
	for _, m := range known {
		a := says(s, m.passage)
		if within(done, m.from, m.to) || allergic != nil && m.to > allergic[0] || smokes.MatchString(m.text) {
			continue
		}
		if a.Negated || a.Planned || !a.Patients() || a.Uncertain || taught.MatchString(s.text[m.to:]) {
			continue
		}
		if at := endedLater(s, m); !a.Resolved && at.Len() > 0 {
			a.Resolved, a.Historical = true, true
			a.Cues = append(a.Cues, at)
		}
		code := codeOf(m.Concept, terms.ICD10CM)
		had := cue != nil && cue[1] <= m.from && !(a.Historical && !a.Resolved && bareHistory.MatchString(s.text[cue[0]:cue[1]])) && (a.Historical || !finite.MatchString(s.text[cue[1]:m.from]) && !listEnds.MatchString(s.text[cue[1]:m.from]))
		weak := !had && !a.Resolved && (code == "" || code[0] == 'R' || code[0] == 'Z' || ctx.sec == secPlan || ctx.sec == secFollowUp)
		if a.Historical && !a.Resolved && !had {
			continue
		}
		r.tellProblem(s, m, a, weak, ctx)
	}
	if cue != nil && len(known) > 1 {
		r.furtherProblems(s.sub(cue[1], len(s.text)), known, ctx)
	}
}

// shotSaid speaks of vaccines, which are named after what they prevent.
var shotSaid = regexp.MustCompile(`(?i)\b(?:vaccin\w*|immuni[sz]\w*|boosters?|series)\b`)

var smokes = regexp.MustCompile(`(?i)\bsmok(?:er|ing|es)\b`)

// procedurePlaces are where procedures are named, which are named after diseases
// as well: "cataract extraction".
func (r *reader) procedurePlaces(s passage) []grammar.Span {
	var out []grammar.Span
	for _, m := range r.mentions(terms.Procedure, s, 7) {
		out = append(out, grammar.Span{Start: m.from, End: m.to})
	}
	return out
}

// bareHistory is a history that nobody is said to have: of what was, for all one
// knows, unlike in "a man with a history of gout".
var bareHistory = regexp.MustCompile(`(?i)^(?:past |prior |remote |previous )?history of\s+$`)

// taught follows a disease that is a topic and no diagnosis.
var taught = regexp.MustCompile(`(?i)^[\s,]*(?:education|screening|counsel+ing|prevention|clinic|nurse|service|team|diet|risk|prophylaxis|vaccin\w+|series|shots?|titers?|antibod\w+|immunity|precautions|management|test(?:ing|s)?|panel)\b`)

func (r *reader) tellProblem(s passage, m mention, a assert.Assertion, weak bool, ctx around) {
	n := len(r.facts)
	d := dx{ctx: ctx}
	d.ctx.label, d.ctx.bond = 0.6, 0.7
	d.code, d.codeValue, d.codeSure = r.codeAfter(s, m)
	d.onset = r.onsetAfter(s, m)
	if a.Historical {
		d.ctx.sure *= 0.6
	}
	if at := overCue(s, a); !at.empty() {
		d.ctx.sure = ctx.sure
		d.status, d.hasStatus = from(at, "resolved"), true
		d.status.sig.Vocabulary, d.status.sig.Label = 0.8, 0.7
	}
	r.addCondition(widened(s, m), d, row{ctx: d.ctx})
	if len(r.facts) > n {
		r.facts[n].weak, r.facts[n].told = weak, true
	}
}

// onsetAfter is the day or year that a diagnosis of running text is said to be of:
// "gout, diagnosed in 2012", "a stroke in May 2017".
func (r *reader) onsetAfter(s passage, m mention) cell {
	cue := onsetSaid.FindString(s.text[m.to:])
	if cue == "" {
		return cell{}
	}
	for _, d := range r.timesIn(s) {
		if s.offsetOf(d) == m.to+len(cue) {
			c, _ := r.dateCell(d, true)
			c.sig.Label = 0.7
			return c
		}
	}
	return cell{}
}

var onsetSaid = regexp.MustCompile(`(?i)^\W{0,3}(?:(?:which |that )?(?:was |were )?(?:first )?(?:diagnosed|dx'?d?|found|discovered)(?: in| on)?|in|since|onset)\s+`)

var isOver = regexp.MustCompile(`(?i)\b(?:resolved|cured|healed|cleared|recovered|remission)\b`)

// otherVerb is a verb that makes what follows it another statement.
var otherVerb = regexp.MustCompile(`(?i)\b(?:takes?|underwent|received|denie[sd]|report(?:s|ed)|suffers|include[sd]?|showed|measured|came|may\s+[a-z]+|might|could|would|will|should|but|not|never)\b`)

// endedLater is the word behind a list of illnesses by which they are over: "had
// gout and asthma, which have resolved".
func endedLater(s passage, m mention) grammar.Span {
	loc := isOver.FindStringIndex(s.text[m.to:])
	if loc == nil || otherVerb.MatchString(s.text[m.to:m.to+loc[0]]) {
		return grammar.Span{}
	}
	return grammar.Span{Start: m.to + loc[0], End: m.to + loc[1]}
}

// overCue is the word by which an illness is over.
func overCue(s passage, a assert.Assertion) passage {
	if !a.Resolved {
		return passage{}
	}
	for _, c := range a.Cues {
		if isOver.MatchString(s.text[c.Start:c.End]) {
			return s.sub(c.Start, c.End)
		}
	}
	return passage{}
}

// furtherProblems reads the entries of a list in a sentence that no vocabulary
// knows, where it knows at least two of them: "has gout, Ollier disease and COPD".
func (r *reader) furtherProblems(tail passage, known []mention, ctx around) {
	if loc := listEnds.FindStringIndex(tail.text); loc != nil {
		tail = tail.sub(0, loc[0])
	}
	pieces := andPieces(tail)
	n := 0
	for _, q := range pieces {
		if _, ok := r.diagnosis(q); ok {
			n++
		}
	}
	if n < 2 || 2*n < len(pieces) {
		return
	}
	c := ctx
	c.label, c.bond, c.sec, c.sure = 0.5, 0.6, secHistory, 0.8*ctx.sure
	for _, q := range pieces {
		if _, ok := r.diagnosis(q); ok || len(q.ink) > 6 || len(q.text) < 4 || finite.MatchString(q.text) || qualifier.MatchString(q.text) || leads.MatchString(q.text) || holdsMention(q, known) {
			continue
		}
		r.addCondition(q, dx{ctx: c}, row{ctx: c})
	}
}

// listEnds is where an enumeration gives way to another clause.
var listEnds = regexp.MustCompile(`(?i)[.;]\s|,?\s+(?:who|which|and (?:s?he|is|was|has|had|currently)|but|for which|on (?:treatment|medication)|in (?:19|20)\d\d|since|diagnosed|managed|treated|controlled)\b`)

func holdsMention(q passage, known []mention) bool {
	for _, m := range known {
		if q.offsetOf(m.passage) >= 0 && len(m.ink) > 0 && len(q.ink) > 0 {
			for _, w := range q.ink {
				if w.spot() == m.ink[0].spot() {
					return true
				}
			}
		}
	}
	return false
}

var lastAnd = regexp.MustCompile(`(?i)\s+(?:and|as well as|plus|&)\s+`)

// andPieces splits a list at its commas and at the word before its last entry.
func andPieces(p passage) []passage {
	var out []passage
	for _, q := range commaPieces(p) {
		from := 0
		for _, loc := range lastAnd.FindAllStringIndex(q.text, -1) {
			out = append(out, q.sub(from, loc[0]))
			from = loc[1]
		}
		out = append(out, q.sub(from, len(q.text)))
	}
	for i := range out {
		out[i] = out[i].trim(" .,;")
		out[i] = out[i].sub(len(leads.FindString(out[i].text)), len(out[i].text))
	}
	return out
}

// What became of a procedure.
var (
	doneCue    = regexp.MustCompile(`(?i)\b(?:underwent|undergone|had|has had|s/p|status post|post|previous|prior|past|history|performed|carried out|done|completed|following|after|uncomplicated|successful)\b`)
	notDoneYet = regexp.MustCompile(`(?i)\b(?:schedul\w+|arrang\w+|recommend\w*|referr?\w*|refus\w+|declin\w+|discuss\w+|consider\w*|await\w*|plan\w*|order\w*|request\w*|book\w*|suggest\w*|advis\w+|offer\w*|due for|needs?|will|should|would|may\s+[a-z]+|might|could|list(?:ed)? for|before|pending|if|candidate|consent\w*)\b[^.;]*$`)
	notDoneLat = regexp.MustCompile(`(?i)^[^.;]{0,40}\b(?:is|are|be|was|were|which|has been|have been)?\s*(?:planned|scheduled|recommended|s?he declined|declined|refused|pending|due|booked|arranged|requested|ordered|advised|cancelled|canceled|deferred|postponed|considered|discussed|awaited)\b`)
)

// withOrAnd joins two procedures of one day.
var withOrAnd = regexp.MustCompile(`(?i)^\s*(?:with|and|&|plus|followed by)\s*$`)

// tellProcedures reads procedures that were done: on a day, or by the sentence's
// words.
func (r *reader) tellProcedures(s passage, labs []grammar.Span, ctx around) {
	ms := r.mentions(terms.Procedure, s, 7)
	for i, m := range ms {
		from, end := 0, len(s.text)
		if i > 0 {
			from = ms[i-1].to
		}
		if i+1 < len(ms) {
			end = ms[i+1].from
		}
		a := says(s, m.passage)
		if within(labs, m.from, m.to) || len(m.text) < 3 {
			continue
		}
		if !a.Patients() || a.Negated || a.Uncertain || notDoneYet.MatchString(s.text[:m.from]) || notDoneLat.MatchString(s.text[m.to:end]) {
			continue
		}
		date := r.dayNear(s, m.from, m.to, end)
		if date.empty() && i+1 < len(ms) && withOrAnd.MatchString(s.text[m.to:end]) {
			next := len(s.text)
			if i+2 < len(ms) {
				next = ms[i+2].from
			}
			date = r.dayNear(s, ms[i+1].from, ms[i+1].to, next)
		}
		if date.empty() && (a.Planned || !doneCue.MatchString(s.text[from:m.from]) && !doneCue.MatchString(s.text[m.to:end]) || ctx.sec == secPlan || ctx.sec == secFollowUp) {
			continue
		}
		c := ctx
		c.label, c.bond = 0.6, 0.7
		r.addProcedure(widened(s, m), passage{}, date, row{ctx: c, whole: s})
	}
}

var (
	sideBefore = regexp.MustCompile(`(?i)\b(?:bilateral|left|right|left-sided|right-sided)\s+$`)
	sideAfter  = regexp.MustCompile(`(?i)^,\s*(?:(?:left|right|bilateral)(?: (?:hip|knee|shoulder|eye|ear|breast|hand|wrist|foot|ankle|elbow|leg|arm|side|lower|upper|kidney|lung|lobe))?|both (?:hips|knees|shoulders|eyes|ears|breasts|hands|wrists|feet|ankles|elbows|legs|arms|sides)|\d+ views?|stage \d\w?|unspecified)\b|^\s(?-i:[A-C])(?:[\s.,;)]|$)`)
)

// widened is a mention with the side, the stage or the type that is said with it.
func widened(s passage, m mention) passage {
	from, to := s.offsetOf(m.passage), 0
	if from < 0 {
		return m.passage
	}
	to = from + len(m.text)
	from = len(s.text[:from]) - len(sideBefore.FindString(s.text[:from]))
	tail := strings.TrimRight(sideAfter.FindString(s.text[to:]), " .,;)")
	if rest := strings.TrimLeft(s.text[to+len(tail):], " "); strings.HasPrefix(rest, "the ") || strings.HasPrefix(rest, "against ") {
		tail = "" // "…, left the hospital"
	}
	return s.sub(from, to+len(tail))
}
