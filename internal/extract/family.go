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
	if rel.empty() || len(k) < 2 || healthy[k] || joins[strings.ToLower(illness.text)] || digits(k) == len(k) || len(rel.ink) > 4 || len(illness.ink) > 10 {
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

// familyItem reads a sentence or line of a family history.
func (r *reader) familyItem(p passage, ctx around) {
	rw := row{ctx: ctx, whole: p}
	if m := relatives.FindString(p.text); m != "" && len(key(p.text)) <= len(key(m))+1 {
		if q := r.rightOf(p); !q.empty() {
			for _, ill := range r.illnesses(q) {
				r.addRelative(p, ill, rw)
			}
		}
		return
	}
	for _, s := range sentences(p) {
		at := 0
		for _, rel := range r.history().Family(s.text) {
			who, next := r.relativeIn(s, rel.Relation, at)
			if who.empty() {
				who, next = r.relativeIn(s, rel.Relation, 0)
			}
			for _, c := range rel.Conditions {
				illness, end := s.locate(c.Name, 0)
				if next > 0 {
					if q, e := s.locate(c.Name, next); !q.empty() {
						illness, end = q, e
					}
				}
				at = max(at, min(end, len(s.text)))
				if !illness.empty() && !who.empty() {
					r.addRelative(who, illness, rw)
				}
			}
		}
	}
}

// rightOf is the text next to the right on the same line of print.
func (r *reader) rightOf(p passage) passage {
	pg, box := p.bounds()
	best := passage{}
	for _, lp := range r.doc.Pages {
		if lp.Number != pg {
			continue
		}
		for _, l := range lp.Lines {
			if l.Box.Min.X >= box.Max.X && rowsMeet(l.Box, box) {
				if _, b := best.bounds(); best.empty() || l.Box.Min.X < b.Min.X {
					best = ofLine(l)
				}
			}
		}
	}
	return best
}

// relativeIn finds the word for a relative from an offset on.
func (r *reader) relativeIn(p passage, relation string, from int) (passage, int) {
	if q, ok := p.find(relation, min(from, len(p.text))); ok {
		i := p.offsetOf(q)
		return q, i + len(q.text)
	}
	for _, w := range wordsOf(p) {
		if w.from < from {
			continue
		}
		q := p.sub(w.from, len(p.text))
		if m := relatives.FindString(q.text); m != "" {
			return p.sub(w.from, w.from+len(m)), w.from + len(m)
		}
	}
	return passage{}, from
}
