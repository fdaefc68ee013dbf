package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/grammar/history"
	"github.com/paperchart/paperchart/internal/grammar/sig"
	"github.com/paperchart/paperchart/internal/terms"
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
		r.medicationsIn(s, ctx, ctx.sec == secPlan || ctx.sec == secAssessment)
	}
}

// problemSentence reads a sentence that begins with a diagnosis as its entry,
// and any other for the diagnoses in it.
func (r *reader) problemSentence(s passage, ctx around) {
	before := len(r.facts)
	head := s
	if _, ok := r.diagnosis(r.cutPlan(head)); ok || r.hasCode(s) {
		r.conditionPiece(s, s, ctx)
	} else if i := strings.IndexByte(s.text, ','); i > 2 {
		if _, ok := r.diagnosis(s.sub(0, i)); ok {
			r.conditionPiece(s.sub(0, i), s, ctx)
		}
	}
	if len(r.facts) == before {
		r.diagnosesIn(s, ctx, false)
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

// proseItem reads narrative: what it mentions supports what lists say, and
// only dated procedures and full directions are facts of their own.
func (r *reader) proseItem(p passage, ctx around) {
	if d := r.sigParts(p); (ctx.sec == secOther || ctx.sec == secNone) && !d.dose.empty() && !d.frequency.empty() && !d.name.empty() &&
		p.offsetOf(d.name) == 0 && r.isDrug(d.name) && d.sig.Score > 0.6 {
		c := ctx
		c.label, c.bond = 0.5, 0.7
		r.addMedication(d, row{ctx: c, whole: p, cells: map[string]passage{"medication_name": d.name, "": d.dose}}, true)
		return
	}
	for _, s := range sentences(p) {
		r.diagnosesIn(s, ctx, !problemCue.MatchString(s.text))
		if ctx.sec == secNone || ctx.sec == secOther || ctx.sec == secHPI {
			r.letterSentence(s, ctx)
		}
		if ctx.sec == secHPI || ctx.sec == secCourse {
			r.medicationsIn(s, ctx, false)
			r.proceduresIn(s, ctx)
			r.labsIn(s, ctx)
		}
	}
}

var (
	problemCue = regexp.MustCompile(`(?i)\b(?:problems?|diagnos[ei]s|conditions?|medical history|past history|comorbidities)\s+(?:list\s+)?(?:includes?|are|is|were|was|of|consists? of)\b|\b(?:is|was|been) diagnosed with\b|year[- ]old\s+(?:[a-z-]+\s+){0,3}(?:man|woman|male|female|lady|gentleman|patient|boy|girl)\s+with\b|\b(?:has|with) a (?:\w+ )?history of\b|\bhistory is (?:notable|significant|remarkable) for\b`)
	takesCue   = regexp.MustCompile(`(?i)\b(?:takes|taking|medications?\s+(?:include|are|were)|is on|treated with|was discontinued|were discontinued|was stopped|has been stopped|discharged on|maintained on|currently on|managed with)\b`)
	allergyCue = regexp.MustCompile(`(?i)\b(?:allergic to|allerg(?:y|ies) (?:to|include|includes|are))\s+`)
	allergyHas = regexp.MustCompile(`(?i)([A-Za-z][A-Za-z' -]*?),?\s+(?:which|that|this)\s+(?:causes?|caused|gives?|gave|produces?)\s+(?:him |her |them )?([A-Za-z' -]+?)(?:\s*,|\s+and\s+(?:also\s+)?(?:[A-Z])|\s*$|\.)`)
	relativeIs = regexp.MustCompile(`(?i)\b(?:had|has|have|died|suffered|with|history of|diagnosed)\b`)
)

// letterSentence reads the facts of a letter, where a sentence says what a list
// says elsewhere.
func (r *reader) letterSentence(s passage, ctx around) {
	if len(wordsOf(s)) < 4 {
		return
	}
	if ctx.sec != secHPI && takesCue.MatchString(s.text) {
		r.medicationsIn(s, ctx, true)
	}
	if loc := allergyCue.FindStringIndex(s.text); loc != nil && !denial.MatchString(s.text) && !says(s, s.sub(loc[1], len(s.text))).Negated {
		r.allergySentence(s.sub(loc[1], len(s.text)), ctx)
	}
	if _, none := history.NoKnownAllergies(s.text); none {
		c := ctx
		c.label, c.bond = 0.7, 0.75
		r.addAllergy(s.from(noneCue), passage{}, passage{}, row{ctx: c, whole: s})
	}
	if ctx.sec != secHPI {
		r.proceduresIn(s, ctx)
		r.labsIn(s, ctx)
		r.socialSentence(s, ctx)
		r.seenOn(s, ctx)
	}
	if m := relatives.FindString(afterHis.ReplaceAllString(s.text, "")); m != "" && relativeIs.MatchString(s.text) {
		c := ctx
		c.label, c.bond = 0.6, 0.7
		r.familyItem(s, c)
	}
}

var (
	noneCue = regexp.MustCompile(`(?i)\b(?:nkda|nka|no known|no|denies)\b`)
	seenCue = regexp.MustCompile(`(?i)\b(?:saw|seen|seeing|evaluated|examined|visited|consultation)\b.*\bon\s+$`)
)

// from is the passage from the first match of a form on, or all of it.
func (p passage) from(form *regexp.Regexp) passage {
	if loc := form.FindStringIndex(p.text); loc != nil {
		return p.sub(loc[0], len(p.text)).trim(" .")
	}
	return p
}

// seenOn reads the day of a visit that a letter tells of.
func (r *reader) seenOn(s passage, ctx around) {
	for _, d := range r.dates(true).Find(s.text) {
		if len(d.Value) != 10 || !seenCue.MatchString(s.text[:d.Start]) {
			continue
		}
		c, _ := r.dateCell(s.sub(d.Start, d.End), true)
		r.offer(labelled{label: s, means: &meaning{weight: 0.5}, closeness: 0.7, bond: 0.75, order: ctx.order}, "encounter_date", c)
		return
	}
}

var afterHis = regexp.MustCompile(`(?i)^(?:his|her|the patient's|the|their|my)\s+`)

func (r *reader) allergySentence(p passage, ctx around) {
	if i := strings.IndexByte(p.text, '?'); i >= 0 {
		p = p.sub(i+1, len(p.text)) // a form's question
	}
	c := ctx
	c.label, c.bond, c.sec = 0.7, 0.75, secAllergies
	rw := row{ctx: c, whole: p}
	at, found := 0, false
	for at < len(p.text) {
		m := allergyHas.FindStringSubmatchIndex(p.text[at:])
		if m == nil {
			break
		}
		name := p.sub(at+m[2], at+m[3])
		if i := strings.LastIndexByte(name.text, ','); i >= 0 {
			name = name.sub(i+1, len(name.text))
		}
		r.addAllergy(trimAnd(name), p.sub(at+m[4], at+m[5]), passage{}, rw)
		found = true
		at += m[5]
	}
	if !found {
		for _, q := range r.allergyPieces(p) {
			r.allergyPiece(q, rw)
		}
	}
}

func trimAnd(p passage) passage {
	if strings.HasPrefix(strings.ToLower(p.text), "and ") {
		return p.sub(4, len(p.text))
	}
	return p
}

// diagnosesIn finds diagnoses in a sentence. Symptoms and weak ones only
// support what stands elsewhere.
func (r *reader) diagnosesIn(s passage, ctx around, weak bool) {
	for _, m := range r.mentions(terms.Diagnosis, s, 6) {
		a := says(s, m.passage)
		// "A man with a history of hypertension" has it, as letters say it.
		was := !weak && a.Historical
		if a.Historical = a.Historical && !was; !a.Active() {
			continue
		}
		code := codeOf(m.Concept, terms.ICD10CM)
		n := len(r.facts)
		d := dx{ctx: ctx}
		d.ctx.label, d.ctx.bond = 0.6, 0.7
		d.code, d.codeValue, d.codeSure = r.codeAfter(s, m)
		if was {
			d.ctx.sure *= 0.6
		}
		r.addCondition(m.passage, d, row{ctx: d.ctx})
		if len(r.facts) > n {
			r.facts[n].weak = weak || code == "" || code[0] == 'R' || code[0] == 'Z'
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

// doing are words by which a sentence says that a medication is used, begun or
// ended.
var stopping = regexp.MustCompile(`(?i)\b(?:stop(?:ped)?|discontinue[d]?|d/c'?d?|hold|held)\s+(?:\w+\s+){0,2}$`)

var stoppedAfter = regexp.MustCompile(`(?i)^\s*(?:was|were|has been|is|to be)?\s*(?:discontinued|stopped|d/c'?d|held)\b`)

// medicationsIn finds medications in a sentence: a known drug with a strength
// or a direction, or one that is stopped.
func (r *reader) medicationsIn(s passage, ctx around, plan bool) {
	ms := r.mentions(terms.Drug, s, 4)
	for i, m := range ms {
		end := len(s.text)
		if i+1 < len(ms) {
			end = ms[i+1].from
		}
		d := r.sigParts(s.sub(m.from, end))
		d.name = m.passage
		ended := stopping.MatchString(s.text[:m.from]) || stoppedAfter.MatchString(s.text[m.to:])
		a := says(s, m.passage)
		if !a.Patients() || a.Negated || a.Planned && !ended && !begun.MatchString(s.text[:m.from]) {
			continue
		}
		c := ctx
		c.label, c.bond = 0.6, 0.75
		switch {
		case ended && plan:
			at := s.sub(0, m.from)
			if loc := stopping.FindStringIndex(at.text + " "); loc != nil {
				at = at.sub(loc[0], len(at.text))
			} else if tail := stoppedAfter.FindString(s.text[m.to:]); tail != "" {
				at = s.sub(m.to, m.to+len(tail))
			}
			d.status = from(at, sig.Stopped)
			d.status.sig.Vocabulary, d.status.sig.Label = 0.8, 0.7
		case d.dose.empty() || digits(d.dose.text) == 0:
			continue
		case d.frequency.empty() && d.route.empty():
			continue
		}
		d.sig.Status = ""
		r.addProse(d, row{ctx: c, whole: s})
	}
}

var begun = regexp.MustCompile(`(?i)\b(?:continue[sd]?|start(?:ed)?|begin|began|resume[d]?|increase[d]?|decrease[d]?|add(?:ed)?|prescribed?|change[d]?|takes?|taking|on|refill(?:ed)?|given|discharged on)\s+(?:\w+\s+){0,3}$`)

// addProse adds a medication of running text, which needs no list around it.
func (r *reader) addProse(d drugLine, rw row) {
	rw.ctx.table = true
	rw.cells = map[string]passage{"medication_name": d.name, "": d.dose}
	r.addMedication(d, rw, true)
}

// proceduresIn finds procedures that are said to have been done on a day.
func (r *reader) proceduresIn(s passage, ctx around) {
	for _, m := range r.mentions(terms.Procedure, s, 5) {
		if a := says(s, m.passage); !a.Patients() || a.Negated || a.Planned || a.Uncertain {
			continue
		}
		after := s.sub(m.to, len(s.text))
		ds := r.dates(true).Find(after.text)
		if len(ds) == 0 || ds[0].Value == "" || ds[0].Start > 6 {
			continue
		}
		c := ctx
		c.label, c.bond = 0.6, 0.7
		r.addProcedure(m.passage, passage{}, after.sub(ds[0].Start, ds[0].End), row{ctx: c, whole: s})
	}
}

// aims are words that make a figure a target and no result.
var aims = regexp.MustCompile(`(?i)\b(?:goal|target|keep|below|above|under|over|if|until|unless|aim|maintain|recheck|repeat|titrate|greater|less)\b`)

// labsIn finds results in a sentence of narrative.
func (r *reader) labsIn(s passage, ctx around) {
	if aims.MatchString(s.text) {
		return
	}
	c := ctx
	c.label, c.bond = 0.6, 0.7
	for _, l := range r.scanLabs(s, c) {
		if u := grammar.Tokens(l.result.text); len(u) > 1 && doseUnits[u[len(u)-1].Low] && r.isDrug(l.name) {
			continue // a dose of what is also measured: folic acid 1 mg
		}
		r.addLab(l, row{cells: map[string]passage{}, ctx: c})
	}
}
