// Package score compares what was read with what is printed: each printed value is
// found right, found wrong or missed, and each value that is not printed is an
// invention, the worse where the paper denies it, says it of a relative, or says it
// of another patient of the same file.
package score

import (
	"maps"
	"slices"
	"strings"

	"github.com/paperchart/paperchart/eval/paper"
	"github.com/paperchart/paperchart/internal/result"
)

// Kind is what became of a value.
type Kind string

// The kinds. All but Missed were put out by the reader.
const (
	Right    Kind = "right"
	Wrong    Kind = "wrong"    // another value stands on the paper
	Missed   Kind = "missed"   // printed, not read
	Invented Kind = "invented" // read, not printed
	Context  Kind = "context"  // denied, family, planned or unchecked, read as the patient's
	Other    Kind = "other"    // another patient's
)

// Item is one value, of the paper or of the reader.
type Item struct {
	// File, Layout and Damage say where it stands; Test whether its layout is
	// held out of tuning.
	File   string `json:"file"`
	Layout string `json:"layout"`
	Damage string `json:"damage"`
	Test   bool   `json:"test"`

	// Field is a scalar's name or table.column; Group what reports put it under.
	Field string  `json:"field"`
	Group string  `json:"group"`
	Kind  Kind    `json:"kind"`
	Want  string  `json:"want,omitempty"`
	Got   string  `json:"got,omitempty"`
	Conf  float64 `json:"conf,omitempty"`
	// Remark is the reader's.
	Remark string `json:"remark,omitempty"`
	Page   int    `json:"page,omitempty"`
	// Boxed is true where a right value's ink and evidence can be compared;
	// Hit where the evidence lies on the ink; IoU how well they agree.
	Boxed bool    `json:"boxed,omitempty"`
	Hit   bool    `json:"hit,omitempty"`
	IoU   float64 `json:"iou,omitempty"`
	// From is where the reader put the value.
	From Source `json:"from,omitzero"`
	// Place is the value's ink, or where nothing is printed, the reader's evidence.
	Place [4]float64 `json:"place,omitzero"`
}

// Source is a place in the reader's results: the index of the document, the table
// and the index of its row; an empty table for a scalar field.
type Source struct {
	Doc   int    `json:"doc"`
	Table string `json:"table,omitempty"`
	Row   int    `json:"row"`
}

// Read reports whether the reader put the value out.
func (i Item) Read() bool { return i.Kind != Missed }

// Compare scores the results of one file.
func Compare(truth *paper.Truth, docs []result.Document) []Item {
	c := &comparison{truth: truth, pairs: assign(truth, docs)}
	for i := range truth.Patients {
		doc := result.Document{}
		if c.doc = c.pairs[i]; c.doc >= 0 {
			doc = docs[c.doc]
		}
		c.fields(i, doc)
		c.tables(i, doc)
	}
	for d, doc := range docs {
		if !slices.Contains(c.pairs, d) {
			c.doc = d
			c.stray(doc)
		}
	}
	return c.items
}

type comparison struct {
	truth *paper.Truth
	// pairs holds for each patient the index of its result, or -1.
	pairs []int
	items []Item
	// doc and at are where the values being scored come from.
	doc int
	at  int
}

// assign pairs patients with results by what identifies them, best first.
func assign(truth *paper.Truth, docs []result.Document) []int {
	pairs := make([]int, len(truth.Patients))
	taken := map[int]bool{}
	for i := range pairs {
		best, points := -1, -1
		for d, doc := range docs {
			if p := agreement(truth.Patients[i], doc); !taken[d] && p > points {
				best, points = d, p
			}
		}
		pairs[i] = best
		taken[best] = true
	}
	return pairs
}

func agreement(p paper.Patient, doc result.Document) int {
	n := 0
	for _, f := range []string{"patient_mrn", "date_of_birth", "patient_last_name", "patient_first_name"} {
		if same(f, p.Fields[f], doc.Fields[f]) {
			n++
		}
	}
	return n
}

func same(field string, want paper.Value, got result.Field) bool {
	return Same(field, []string{want.Value, want.Text}, []string{got.Value, got.Text})
}

func (c *comparison) add(field string, kind Kind, want paper.Value, got result.Field) {
	it := Item{File: c.truth.File, Field: field, Group: Group(field), Kind: kind, Want: want.Value, Got: got.Value, Conf: got.Confidence, Remark: got.Remark}
	if want.Text != "" {
		it.Want = want.Text
	}
	if table, _, ok := strings.Cut(field, "."); ok {
		it.From = Source{c.doc, table, c.at}
	} else {
		it.From = Source{Doc: c.doc}
	}
	if len(want.At) > 0 {
		it.Page, it.Place = want.At[0].Page, want.At[0].Box
	} else if len(got.Geometry) > 0 {
		b := got.Geometry[0].Box
		it.Page, it.Place = got.Geometry[0].Page, [4]float64{b.Left, b.Top, b.Width, b.Height}
	}
	if kind == Right && len(want.At) > 0 {
		it.Boxed = true
		it.Hit, it.IoU = overlap(want.At, got.Geometry)
	}
	c.items = append(c.items, it)
}

func (c *comparison) fields(i int, doc result.Document) {
	p := c.truth.Patients[i]
	for _, name := range slices.Sorted(maps.Keys(p.Fields)) {
		want, got := p.Fields[name], doc.Fields[name]
		switch {
		case got.Value == "" && len(want.At) == 0 && quiet(name):
		case got.Value == "":
			c.add(name, Missed, want, got)
		case same(name, want, got):
			c.add(name, Right, want, got)
		case c.others(i, name, got):
			c.add(name, Other, want, got)
		default:
			c.add(name, Wrong, want, got)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(doc.Fields)) {
		got := doc.Fields[name]
		if _, printed := p.Fields[name]; printed || got.Value == "" || tolerated(name, got, p) {
			continue
		}
		kind := Invented
		if c.others(i, name, got) {
			kind = Other
		}
		c.add(name, kind, paper.Value{}, got)
	}
}

// others reports whether a value is printed of another patient of the file.
func (c *comparison) others(i int, name string, got result.Field) bool {
	for j, p := range c.truth.Patients {
		if j != i && same(name, p.Fields[name], got) {
			return true
		}
	}
	return false
}

// tolerated fields may be concluded where they are not printed as such: kinds of
// documents and visits, narratives that gather a section, a date that stands for
// another printed one.
func tolerated(name string, got result.Field, p paper.Patient) bool {
	switch name {
	case "document_type", "encounter_type", "body_temperature_unit", "height_unit", "weight_unit":
		return true
	case "vitals_date", "document_date", "encounter_date":
		for _, f := range []string{"encounter_date", "document_date", "discharge_date", "admission_date"} {
			if same(f, p.Fields[f], got) {
				return true
			}
		}
		for _, row := range p.Tables["lab_results"] {
			if same("collection_date", row["collection_date"], got) {
				return true
			}
		}
	}
	return narrative(name)
}

// quiet columns are not missed where the paper only implies them.
func quiet(name string) bool {
	return name == "instructions" || name == "panel_name" || name == "height_unit" || name == "encounter_type"
}

// stray scores a result that belongs to no patient of the file.
func (c *comparison) stray(doc result.Document) {
	for _, name := range slices.Sorted(maps.Keys(doc.Fields)) {
		if got := doc.Fields[name]; got.Value != "" && !tolerated(name, got, paper.Patient{}) {
			c.add(name, Invented, paper.Value{}, got)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(doc.Tables)) {
		for k, row := range doc.Tables[name] {
			c.at = k
			c.extra(name, Invented, row)
		}
	}
}

// overlap compares evidence with ink: a hit covers half of the smaller of the two.
func overlap(ink []paper.Place, evidence []result.Geometry) (hit bool, iou float64) {
	for _, a := range ink {
		for _, e := range evidence {
			if e.Page != a.Page {
				continue
			}
			w := min(a.Box[0]+a.Box[2], e.Box.Left+e.Box.Width) - max(a.Box[0], e.Box.Left)
			h := min(a.Box[1]+a.Box[3], e.Box.Top+e.Box.Height) - max(a.Box[1], e.Box.Top)
			if w <= 0 || h <= 0 {
				continue
			}
			both, one, two := w*h, a.Box[2]*a.Box[3], e.Box.Width*e.Box.Height
			hit = hit || both >= 0.5*min(one, two)
			iou = max(iou, both/(one+two-both))
		}
	}
	return hit, iou
}
