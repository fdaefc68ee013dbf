package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
)

// assessmentItem reads an item of an assessment or a plan: a numbered problem,
// or sentences that name diagnoses and what is done with medications.
func (r *reader) assessmentItem(p passage, ctx around) {
	for _, s := range sentences(p) {
		s = s.trim(" ")
		if m := bullet.FindString(s.text); m != "" {
			s = s.sub(len(m), len(s.text))
		}
		if ctx.sec == secAssessment {
			r.problemSentence(s, ctx)
		}
		r.tellMedications(s, nil, ctx)
	}
}

// problemSentence reads a sentence that begins with a diagnosis as its entry,
// and any other for the diagnoses in it.
func (r *reader) problemSentence(s passage, ctx around) {
	before := len(r.facts)
	head := s
	if i := strings.IndexByte(s.text, ','); i > 2 && !r.hasCode(s) && digits(s.text[i:]) > 0 && !qualifier.MatchString(strings.TrimSpace(s.text[i+1:])) {
		if _, ok := r.diagnosis(s.sub(0, i)); ok {
			head = s.sub(0, i) // "Hypertension, 128/80 today"
		}
	}
	if _, ok := r.diagnosis(r.cutPlan(head)); ok || r.hasCode(s) {
		r.conditionPiece(head, s, ctx)
	} else if i := strings.IndexByte(s.text, ','); i > 2 {
		if _, ok := r.diagnosis(s.sub(0, i)); ok {
			r.conditionPiece(s.sub(0, i), s, ctx)
		}
	}
	if len(r.facts) == before {
		r.tellProblems(s, ctx)
	}
}

var codeForm = regexp.MustCompile(`\b[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})\b`)

// hasCode tells whether a code stands in a text, as printed or as recognition
// spoils it beside words of its category ("gout, M1O.9").
func (r *reader) hasCode(p passage) bool {
	if codeForm.MatchString(p.text) {
		return true
	}
	_, _, _, ok := r.icdIn(p)
	return ok
}

// proseItem reads narrative, sentence by sentence.
func (r *reader) proseItem(p passage, ctx around) {
	if d := r.sigParts(p); (ctx.sec == secOther || ctx.sec == secNone) && !d.dose.empty() && !d.frequency.empty() && !d.name.empty() &&
		p.offsetOf(d.name) == 0 && r.isDrug(d.name) && d.sig.Score > 0.6 && !running(p) {
		c := ctx
		c.label, c.bond = 0.5, 0.7
		r.addMedication(d, row{ctx: c, whole: p, cells: map[string]passage{"medication_name": d.name, "": d.dose}}, true)
		return
	}
	for _, s := range sentences(p) {
		if !r.offers(s) {
			r.tell(s, ctx)
		}
	}
}

// codeAfter is the code that a diagnosis of running text is followed by:
// "permanent atrial fibrillation, I48.21", "gout (M10.9)".
func (r *reader) codeAfter(s passage, m mention) (code passage, value string, sure float64) {
	rest := strings.TrimLeft(s.text[m.to:], " ,;:-–—([")
	word, _, _ := strings.Cut(rest, " ")
	if len(word) < 3 || digits(word) < 2 {
		return passage{}, "", 0
	}
	code, value, sure, _ = r.icdIn(s.sub(m.from, len(s.text)-len(rest)+len(word)))
	return code, value, sure
}

// aims are words that make a figure a target and no result.
var aims = regexp.MustCompile(`(?i)\b(?:goal|target|keep|below|above|under|over|if|until|unless|aim|maintain|recheck|repeat|titrate|greater|less)\b`)

// labsIn finds results in a sentence of narrative.
func (r *reader) labsIn(s passage, ctx around) { r.tellLabs(s, ctx) }

// tellLabs finds results in a sentence, with the day that it says they are of,
// and returns where they stand.
func (r *reader) tellLabs(s passage, ctx around) []grammar.Span {
	if aims.MatchString(s.text) || ctx.sec == secFamily || ctx.sec == secSocial {
		return nil
	}
	c := ctx
	c.label, c.bond = 0.6, 0.7
	var out []grammar.Span
	found := r.scanLabs(s, c)
	for i, l := range found {
		if r.isDose(s, l) {
			continue // a dose of what is also measured: folic acid 1 mg
		}
		from, to, end := s.offsetOf(l.name), s.offsetOf(l.result)+len(l.result.text), len(s.text)
		if i+1 < len(found) {
			if at := s.offsetOf(found[i+1].name); at > to {
				end = at
			}
		}
		if l.date.value == "" && from >= 0 && to > from {
			r.dateLab(&l, s, from, to, end, len(found) == 1)
		}
		out = append(out, grammar.Span{Start: from, End: to})
		r.addLab(l, row{cells: map[string]passage{}, ctx: c})
	}
	return out
}

// dateLab gives a result the day that follows it, or that stands between the
// analyte and its value, or at the head of the sentence, or at the end of a list.
func (r *reader) dateLab(l *lab, s passage, from, to, end int, alone bool) {
	var best passage
	ds := r.timesIn(s)
	for _, d := range ds {
		if at := s.offsetOf(d); at >= from && at < end {
			best = d
			break
		}
	}
	if n := len(ds); best.empty() && n == 1 && (opensSentence(s, ds[0]) || alone || s.offsetOf(ds[0]) >= to) {
		best = ds[0]
	}
	if best.empty() {
		return
	}
	if c, ok := r.dateCell(best, true); ok && len(c.value) >= 7 {
		l.date = c
	}
}

// isDose tells whether a figure behind a drug's name is a dose: its unit is one,
// alone.
func (r *reader) isDose(s passage, l lab) bool {
	if !r.isDrug(l.name) {
		return false
	}
	u := grammar.Tokens(l.result.text)
	if len(u) > 1 && doseUnits[u[len(u)-1].Low] && !strings.Contains(l.result.text, "/") {
		return true
	}
	i := s.offsetOf(l.result)
	if i < 0 || len(u) != 1 {
		return false
	}
	next, _, _ := strings.Cut(strings.TrimLeft(s.text[i+len(l.result.text):], " ,"), " ")
	return doseUnits[strings.ToLower(strings.Trim(next, ".,;"))]
}
