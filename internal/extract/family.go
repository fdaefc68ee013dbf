package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/terms"
)

// relatives are the words for them.
var relatives = regexp.MustCompile(`(?i)^(?:(?:maternal|paternal|mat\.?|pat\.?|half|step|older|younger|twin)[ -]*)?(?:mother|father|mom|dad|parents?|brothers?|sisters?|siblings?|sons?|daughters?|child(?:ren)?|grandmother|grandfather|grandparents?|aunts?|uncles?|cousins?|nephews?|nieces?|mgm|mgf|pgm|pgf)\b`)

// familyRow reads a row of a family history table: a relative and one or more
// illnesses.
func (r *reader) familyRow(rw row) {
	rel := rw.cells["relation"]
	if !relatives.MatchString(rel.text) && relatives.MatchString(rw.cells["relative_condition"].text) {
		rw.cells["relation"], rw.cells["relative_condition"] = rw.cells["relative_condition"], rel
		rel = rw.cells["relation"]
	}
	for _, q := range r.illnesses(rw.cells["relative_condition"]) {
		r.addRelative(rel, q, rw)
	}
}

// illnesses splits a relative's list.
func (r *reader) illnesses(p passage) []passage {
	if m, ok := r.terms.Match(terms.Diagnosis, p.text); ok && m.Score > 0.95 {
		return []passage{p}
	}
	return commaPieces(p)
}

var healthy = fieldSet("healthy", "alive", "aliveandwell", "well", "deceased", "unknown", "none", "living", "goodhealth", "aw", "no", "negative", "noncontributory", "na", "aandw", "noknownproblem", "unremarkable", "adopted", "nosignificantillness")

func (r *reader) addRelative(rel, illness passage, rw row) {
	rel, illness = rel.trim(" ,;:.-–—|*•()"), illness.trim(" ,;:.-–—|*•()")
	k := key(illness.text)
	if rel.empty() || len(k) < 2 || healthy[k] || digits(k) == len(k) || len(rel.ink) > 4 || len(illness.ink) > 10 {
		return
	}
	f := fact{kind: kindFamily, cells: map[string]cell{}, order: rw.ctx.order}
	rc := rw.grade(from(rel, rel.text))
	rc.sig.Vocabulary = boolTo(relatives.MatchString(rel.text))
	ic := rw.grade(from(illness, illness.text))
	m, known := r.terms.Match(terms.Diagnosis, illness.text)
	if known {
		ic = supported(ic, m)
	} else {
		ic.sig.Grammar = 0.6
	}
	f.cells["relation"], f.cells["relative_condition"] = rc, ic
	r.extras(kindFamily, rw, f.cells)
	id := k
	if known && m.Score > 0.85 && m.Concept != nil {
		id = m.Concept.Name
	}
	f.identity = strings.ToLower(key(rel.text)) + "|" + id
	r.facts = append(r.facts, f)
}

func (r *reader) familyItem(p passage, ctx around) {}
