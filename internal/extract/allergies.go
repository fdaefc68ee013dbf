package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar/history"
	"github.com/paperchart/paperchart/internal/terms"
)

// allergyRow reads a row of an allergy table.
func (r *reader) allergyRow(rw row) {
	r.addAllergy(rw.cells["allergen"], rw.cells["reaction"], rw.cells["severity"], rw)
}

var severities = map[string]string{"mild": "mild", "moderate": "moderate", "severe": "severe", "life threatening": "severe",
	"lifethreatening": "severe", "high": "severe", "low": "mild", "medium": "moderate", "mod": "moderate", "minor": "mild", "serious": "severe", "fatal": "severe", "anaphylactic": "severe", "mildtomoderate": "moderate", "moderatetosevere": "severe"}

// addAllergy makes the fact of an allergy.
// prescribed tells of a medication with a dose and how to take it, which is taken
// and not feared.
func (r *reader) prescribed(p passage) bool {
	d := r.sigParts(p)
	return !d.dose.empty() && (!d.frequency.empty() || !d.route.empty())
}

// reactionOf is a reaction that says so: "reaction rash", "reactions: hives".
var reactionOf = regexp.MustCompile(`(?i)^(?:reactions?|manifestations?|causes|severity)\b`)

func (r *reader) addAllergy(name, reaction, severity passage, rw row) {
	name = name.trim(" ,;:.*•-–—|_()[]")
	k := key(name.text)
	if len(k) < 2 || digits(k) == len(k) || len(name.ink) > 8 {
		return
	}
	if reactionOf.MatchString(name.text) {
		return // what happened, without what it was from
	}
	f := fact{kind: kindAllergy, cells: map[string]cell{}, order: rw.ctx.order, identity: k}
	c := rw.grade(from(name, name.text))
	if r.vaccination(rw.whole) && !rw.ctx.table {
		return
	}
	m, known := r.terms.Match(terms.Allergen, name.text)
	if !known {
		m, known = r.terms.Match(terms.Drug, name.text)
	}
	_, none := history.NoKnownAllergies(name.text)
	switch {
	case none:
		c.sig.Vocabulary = 1
		f.identity = "none|" + k
	case known:
		c = supported(c, m)
		if m.Concept != nil && m.Score > 0.85 {
			f.identity = strings.ToLower(m.Concept.Name)
		}
	case strings.Contains(name.text, ":") || r.prescribed(name):
		return
	case !rw.ctx.table && (!rw.ctx.sec.list() || len(name.ink) > 3 || reaction.empty() && len(name.ink) > 2):
		return
	default:
		c.sig.Grammar = 0.6
	}
	f.cells["allergen"] = c
	if p := reaction.trim(" ,;:.|_()[]"); !p.empty() && !noFinding[key(p.text)] && key(p.text) != "notspecified" && key(p.text) != "unspecified" && key(p.text) != "unknownreaction" {
		rc := rw.grade(from(p, p.text))
		if m, ok := r.terms.Match(terms.Reaction, p.text); ok {
			rc = supported(rc, m)
		}
		f.cells["reaction"] = rc
	}
	if p := severity.trim(" ,;:.|_()[]"); !p.empty() {
		if v, ok := severities[key(p.text)]; ok {
			sc := rw.grade(from(p, v))
			sc.sig.Vocabulary = 1
			f.cells["severity"] = sc
		}
	}
	r.extras(kindAllergy, rw, f.cells)
	r.facts = append(r.facts, f)
}

// allergyItem reads a line of an allergy list.
func (r *reader) allergyItem(p passage, ctx around) {
	rw := row{ctx: ctx, whole: p}
	if i := strings.IndexByte(p.text, '?'); i > 0 {
		p = p.sub(i+1, len(p.text)) // the form's question
	}
	for _, s := range sentences(p) {
		s = s.trim(" .,;")
		if _, none := history.NoKnownAllergies(s.text); none {
			r.addAllergy(s, passage{}, passage{}, rw)
			continue
		}
		for _, q := range r.allergyPieces(s) {
			r.allergyPiece(q, rw)
		}
	}
}

// allergyPieces parts a list of allergies at its commas, where what stands
// between them are substances and not the reactions of one.
func (r *reader) allergyPieces(s passage) []passage {
	pieces := commaPieces(s)
	var out []passage
	n := 0
	for _, q := range pieces {
		if i := strings.Index(strings.ToLower(q.text), " and "); i > 0 && r.isSubstance(q.sub(0, i).text) && r.isSubstance(q.sub(i+5, len(q.text)).text) {
			out = append(out, q.sub(0, i), q.sub(i+5, len(q.text)))
			n += 2
			continue
		}
		out = append(out, q)
		if a, ok := r.history().Allergy(q.text); ok && r.isSubstance(a.Substance) {
			n++
		}
	}
	if n >= 2 || len(out) > 1 && eachParted(out) || len(out) > 1 && n == 1 && !strings.ContainsAny(s.text, "-:–→") {
		return out
	}
	return []passage{s}
}

// eachParted tells whether every piece has a substance and a reaction, parted
// by a dash, a colon or a bracket.
func eachParted(pieces []passage) bool {
	for _, q := range pieces {
		if !strings.Contains(q.text, " - ") && !strings.Contains(q.text, " – ") && !strings.ContainsAny(q.text, "(:→") {
			return false
		}
	}
	return true
}

func (r *reader) isSubstance(s string) bool {
	return r.isTerm(kindAllergy, s) || r.isTerm(kindMedication, s)
}

func (r *reader) allergyPiece(s passage, rw row) {
	if _, none := history.NoKnownAllergies(s.text); none {
		r.addAllergy(s, passage{}, passage{}, rw)
		return
	}
	a, ok := r.history().Allergy(s.text)
	if !ok || a.Inactive || denial.MatchString(s.text) {
		return
	}
	name, at := s.locate(a.Substance, 0)
	var reaction, sev passage
	if n := len(a.Reactions); n > 0 {
		var last passage
		reaction, at = s.locate(a.Reactions[0], at)
		last, _ = s.locate(a.Reactions[n-1], at)
		reaction = s.through(reaction, last)
	}
	if a.Severity != "" {
		sev = severityIn(s)
	}
	r.addAllergy(name, reaction, sev, rw)
}

func severityIn(p passage) passage {
	for _, w := range wordsOf(p) {
		q := p.sub(w.from, w.to).trim(" ,;:.()[]")
		if severities[key(q.text)] != "" {
			return q
		}
	}
	return passage{}
}

// through is the text from one part of a passage to the end of another.
func (p passage) through(a, b passage) passage {
	i, j := p.offsetOf(a), p.offsetOf(b)
	if i < 0 || j < i || a.empty() {
		return a
	}
	return p.sub(i, j+len(b.text))
}
