package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/blueprint"
)

// meaning is what a label stands for: a concept, a section that is written as
// a label ("Allergies: NKDA"), or a field of the user's own.
type meaning struct {
	concept concept
	weight  float64
	bare    bool
	opens   party
	section section
	// field is set for a blueprint field that no concept knows.
	field *blueprint.Field
	// path is where the field's value goes.
	path string
}

// lexicon is everything that labels, headings and column titles may say. It is
// built from the blueprint and the tables of this package, and read-only.
type lexicon struct {
	labels *index[*meaning]
	titles *index[section]
	docs   *index[string]
	// paths leads from a canonical field to the blueprint's fields for it.
	paths map[string][]string
	// types are the blueprint's scalar fields by path.
	types map[string]blueprint.Field
	// tables are the blueprint's tables with their columns' roles.
	tables []*tableSpec
	// shared counts the kinds that use a column title.
	shared map[string]int
	// own are the user's fields without a concept, in order.
	own []*meaning
}

// columnTitle tells whether a text is the title of a column of any table.
func (x *lexicon) columnTitle(text string) bool {
	k := key(text)
	for _, s := range x.tables {
		if _, c, ok := s.titles.get(k); ok && c == 1 {
			return true
		}
	}
	return false
}

func newLexicon(b *blueprint.Blueprint) *lexicon {
	r := &lexicon{labels: newIndex[*meaning](), titles: titleIndex(), docs: docIndex(),
		paths: map[string][]string{}, types: map[string]blueprint.Field{}}
	known := shippedLabels()
	var fields []pathField
	for _, f := range b.Fields {
		fields = append(fields, pathField{f.Name, f})
	}
	for _, g := range b.Groups {
		for _, f := range g.Fields {
			fields = append(fields, pathField{g.Name + "." + f.Name, f})
		}
	}
	for _, f := range fields {
		r.addField(f, known)
	}
	for _, k := range known.keys {
		r.labels.put(strings.Join(known.words[k], " "), known.exact[k])
	}
	whole := nameLabels(fields, known)
	for _, f := range fields {
		r.addFieldLabels(f, known, whole)
	}
	for i := range b.Tables {
		r.tables = append(r.tables, newTableSpec(&b.Tables[i]))
	}
	r.tables = standIns(r.tables)
	r.shared = sharedTitles(r.tables)
	r.addSectionLabels()
	return r
}

type pathField struct {
	path string
	blueprint.Field
}

// shippedLabels indexes labelTable.
func shippedLabels() *index[*meaning] {
	x := newIndex[*meaning]()
	for _, row := range labelTable {
		for l := range strings.SplitSeq(row.labels, ",") {
			x.put(l, &meaning{concept: row.concept, weight: row.weight, bare: row.bare, opens: row.opens})
		}
	}
	return x
}

// canonical returns the known field that a blueprint's field is, by its name:
// the same name, or one of the labels that stand for it.
func canonical(name string, known *index[*meaning]) string {
	if canonicalFields[name] {
		return name
	}
	k := key(strings.ReplaceAll(name, "_", " "))
	m, ok := known.exact[k]
	if !ok || m.weight < 0.8 {
		return ""
	}
	c := strings.TrimPrefix(string(m.concept), "~")
	switch c {
	case "dob":
		c = "date_of_birth"
	case "temperature":
		c = "body_temperature"
	case "name", "phone", "address", "city", "state", "date", "zip", "npi":
		if c != "phone" && c != "npi" {
			return ""
		}
		if c == "npi" {
			c = "provider_npi"
		}
	}
	if canonicalFields[c] {
		return c
	}
	return ""
}

// addField routes a known field, and gives a field of the user's own the first
// claim on its labels.
func (r *lexicon) addField(f pathField, known *index[*meaning]) {
	r.types[f.path] = f.Field
	if c := canonical(f.Name, known); c != "" {
		r.paths[c] = append(r.paths[c], f.path)
		return
	}
	field := f.Field
	m := &meaning{concept: concept("=" + f.path), weight: 1, field: &field, path: f.path, bare: false}
	r.own = append(r.own, m)
	r.paths["="+f.path] = []string{f.path}
	for _, l := range f.Labels() {
		r.labels.put(l, m)
	}
}

// addFieldLabels adds the labels that the blueprint gives for a known field,
// where nothing else has them.
func (r *lexicon) addFieldLabels(f pathField, known *index[*meaning], whole map[string]int) {
	c := canonical(f.Name, known)
	if c == "" {
		return
	}
	for _, l := range f.Labels() {
		m := &meaning{concept: conceptOf(c), weight: 1}
		if strings.HasPrefix(c, "patient_") && whole[key(l)] > 1 {
			m.concept = cPatientName
		}
		r.labels.put(l, m)
	}
}

// nameLabels counts the parts of the patient's name that a label is given for: one
// that stands for several is before the whole name.
func nameLabels(fields []pathField, known *index[*meaning]) map[string]int {
	out := map[string]int{}
	for _, f := range fields {
		switch canonical(f.Name, known) {
		case "patient_last_name", "patient_first_name", "patient_middle_name":
			for _, l := range f.Labels() {
				out[key(l)]++
			}
		}
	}
	return out
}

// conceptOf returns the concept that reads a canonical field.
func conceptOf(field string) concept {
	switch field {
	case "date_of_birth":
		return "~dob"
	case "sex":
		return "~sex"
	case "body_temperature", "body_temperature_unit":
		return "~temperature"
	case "height", "height_unit":
		return "~height"
	case "weight", "weight_unit":
		return "~weight"
	case "provider_npi":
		return "~npi"
	case "blood_pressure":
		return cBP
	case "patient_name":
		return cPatientName
	case "address_line":
		return cAddress
	}
	return concept(field)
}

// addSectionLabels lets the titles of list sections stand as labels too.
func (r *lexicon) addSectionLabels() {
	for _, h := range headings {
		if rowsOf[h.kind] == kindNone && narrative[h.kind] == "" && h.kind != secROS && h.kind != secProcsPlanned && h.kind != secLabsPending && h.kind != secVaccinesDue && h.kind != secImaging {
			continue
		}
		for t := range strings.SplitSeq(h.titles, ",") {
			if len(key(t)) > 1 {
				r.labels.put(t, &meaning{section: h.kind, weight: 1})
			}
		}
	}
}

func sameMeaning(a, b *meaning) bool {
	return a != nil && b != nil && a.concept == b.concept && a.section == b.section
}

// label looks a label up. Only a label that is marked as one by its place (a
// colon, a column title, a box) may be looked up with edits.
func (r *lexicon) label(text string, marked bool) (*meaning, float64, bool) {
	for i, t := range labelForms(text) {
		k := key(t)
		if k == "" || len(k) > 40 {
			continue
		}
		var m *meaning
		var c float64
		var ok bool
		if marked {
			m, c, ok = r.labels.near(t, sameMeaning)
		} else {
			m, c, ok = r.labels.get(k)
		}
		if ok {
			if i > 0 {
				c *= 0.95
			}
			return m, c, true
		}
	}
	return nil, 0, false
}

// itemNumber is what a form numbers its boxes with.
var itemNumber = regexp.MustCompile(`^(?:\d{1,2}[a-z]?|[A-Za-z])[.)]\s*(?:[a-z][.)]\s*)?`)

// labelForms are the readings of a label: whole, and without what is bracketed.
func labelForms(text string) []string {
	t := strings.TrimSpace(strings.Trim(strings.TrimSpace(text), ":.-–_*•= "))
	forms := []string{t}
	if i := strings.IndexByte(t, '('); i > 1 {
		if j := strings.IndexByte(t[i:], ')'); j > 0 {
			forms = append(forms, t[:i]+t[i+j+1:])
		} else {
			forms = append(forms, t[:i])
		}
	}
	if m := itemNumber.FindString(t); m != "" { // "1. Patient's name (last, first)"
		forms = append(forms, labelForms(t[len(m):])...)
	}
	return forms
}
