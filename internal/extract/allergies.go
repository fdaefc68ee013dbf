package extract

import (
	"strings"

	"github.com/paperchart/paperchart/internal/terms"
)

// allergyRow reads a row of an allergy table.
func (r *reader) allergyRow(rw row) {
	r.addAllergy(rw.cells["allergen"], rw.cells["reaction"], rw.cells["severity"], rw)
}

// noAllergy are the ways to say that there is none. What it is that there is
// none of (drugs, anything) stays in the words as printed.
var noAllergy = fieldSet("nkda", "nka", "nkma", "nkfa", "nknownallergy", "noknownallergy", "noknowndrugallergy",
	"noknownmedicationallergy", "noallergy", "none", "noneknown", "noknownfoodallergy", "noknown", "deniesallergy",
	"nodrugallergy", "noknownenvironmentalallergy", "deniesdrugallergy", "nomedicationallergy", "nonereported",
	"noallergyreported", "noknownallergytomedication", "noknownlatexallergy", "nonerecorded", "deniesmedicationallergy",
	"patienthasnoknownallergy", "nka.nkda", "noknownfoodordrugallergy", "noknownallergynka", "noknowndrugallergynkda", "nkdanoknowndrugallergy", "noactiveallergy", "noallergyonfile", "noallergyrecorded", "deniesallergytomedication", "noknowndrugorfoodallergy", "deniesanyallergy", "nodocumentedallergy", "noknownallergytodrug")

var severities = map[string]string{"mild": "mild", "moderate": "moderate", "severe": "severe", "life threatening": "severe",
	"lifethreatening": "severe", "high": "severe", "low": "mild", "medium": "moderate", "mod": "moderate", "minor": "mild", "serious": "severe", "fatal": "severe", "anaphylactic": "severe", "mildtomoderate": "moderate", "moderatetosevere": "severe"}

// addAllergy makes the fact of an allergy.
func (r *reader) addAllergy(name, reaction, severity passage, rw row) {
	name = name.trim(" ,;:.*•-–—|_()[]")
	k := key(name.text)
	if len(k) < 2 || digits(k) == len(k) || len(name.ink) > 8 {
		return
	}
	f := fact{kind: kindAllergy, cells: map[string]cell{}, order: rw.ctx.order, identity: k}
	c := rw.grade(from(name, name.text))
	m, known := r.terms.Match(terms.Allergen, name.text)
	if !known {
		m, known = r.terms.Match(terms.Drug, name.text)
	}
	switch {
	case noAllergy[k] || strings.HasPrefix(k, "noknown") && strings.Contains(k, "allerg"):
		c.sig.Vocabulary = 1
		f.identity = "none|" + k
	case known:
		c = supported(c, m)
		if m.Concept != nil && m.Score > 0.85 {
			f.identity = strings.ToLower(m.Concept.Name)
		}
	case !rw.ctx.table && !rw.ctx.sec.list():
		return
	default:
		c.sig.Grammar = 0.6
	}
	f.cells["allergen"] = c
	if p := reaction.trim(" ,;:.|_()[]"); !p.empty() && !noFinding[key(p.text)] {
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

func (r *reader) allergyItem(p passage, ctx around) {
	rw := row{ctx: ctx, whole: p}
	for _, q := range commaPieces(p) {
		name, reaction := q, passage{}
		if i := strings.IndexByte(q.text, '('); i > 1 {
			name, reaction = q.sub(0, i), q.sub(i+1, len(q.text))
		} else if i := strings.Index(q.text, " - "); i > 1 {
			name, reaction = q.sub(0, i), q.sub(i+3, len(q.text))
		}
		r.addAllergy(name, reaction, passage{}, rw)
	}
}
