package paper

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Truth is what a scan says, by the names of the blueprint's fields.
type Truth struct {
	File     string    `json:"file"`
	Pages    int       `json:"pages"`
	Patients []Patient `json:"patients"`
}

// Patient is what a scan says of one patient.
type Patient struct {
	Fields map[string]Value `json:"fields"`
	Tables map[string][]Row `json:"tables"`
	Absent []Absent         `json:"absent,omitempty"`
	// Optional are mentions that a reader may or may not make a row of.
	Optional []Absent `json:"optional,omitempty"`
}

// Row is a table row: its cells by column name.
type Row map[string]Value

// Value is a printed value.
type Value struct {
	// Value is normalised: ISO dates, enums in lower case, else as printed.
	Value string `json:"value"`
	// Text is what is printed, where it differs from Value.
	Text string `json:"text,omitempty"`
	// At are the places of its ink, first printed first. Empty for what is
	// implied by its surroundings, such as the status of a medication under
	// the heading "Discontinued".
	At []Place `json:"at,omitempty"`
}

// Place is a piece of a page; Box is left, top, width, height in fractions of
// the page as shown.
type Place struct {
	Page int        `json:"page"`
	Box  [4]float64 `json:"box"`
}

// Absent is a mention that must not become a row of Table.
type Absent struct {
	Table string `json:"table"`
	Text  string `json:"text"`
	// Why is negated, family, ruled out, planned or other.
	Why  string `json:"why"`
	Page int    `json:"page"`
}

// ink is one bound span as drawn.
type ink struct {
	subject, page    int
	key, value, text string
	box              Box
}

func (d *Doc) note(page int, sp Span, b Box) {
	for _, k := range sp.Keys {
		d.ink = append(d.ink, ink{d.subject, page, k, sp.Value, sp.whole, b})
	}
}

// Region draws what a narrative field holds; its value is all text drawn.
func (d *Doc) Region(key string, draw func()) {
	d.region = &region{}
	draw()
	r := d.region
	d.region = nil
	text := strings.Join(r.words, " ")
	for _, p := range r.pages {
		d.ink = append(d.ink, ink{d.subject, p, key, text, text, r.box[p]})
	}
}

type region struct {
	words []string
	pages []int
	box   map[int]Box
}

func (r *region) add(page int, words []string, joined bool, b Box) {
	if r == nil || len(words) == 0 {
		return
	}
	if n := len(r.words); joined && n > 0 {
		r.words[n-1] += words[0]
		words = words[1:]
	}
	r.words = append(r.words, words...)
	if r.box == nil {
		r.box = map[int]Box{}
	}
	if !slices.Contains(r.pages, page) {
		r.pages = append(r.pages, page)
	}
	r.box[page] = r.box[page].union(b)
}

// Imply records a value that the paper says without printing it.
func (d *Doc) Imply(key, value string) {
	d.implied = append(d.implied, ink{subject: d.subject, key: key, value: value})
}

// Truth gathers what was drawn. place maps a box on a sheet (from 1) to
// fractions of the finished page.
func (d *Doc) Truth(file string, place func(page int, b Box) [4]float64) (*Truth, error) {
	b := truthBuilder{t: &Truth{File: file, Pages: len(d.Sheets)}, place: place, rows: map[string]int{}}
	for _, k := range slices.Concat(d.ink, d.implied) {
		if !strings.Contains(k.key, ".*.") {
			if err := b.add(k); err != nil {
				return nil, err
			}
		}
	}
	for _, k := range slices.Concat(d.ink, d.implied) {
		if strings.Contains(k.key, ".*.") {
			b.spread(k)
		}
	}
	return b.t, nil
}

type truthBuilder struct {
	t     *Truth
	place func(int, Box) [4]float64
	// rows maps "subject table label" to the row's index.
	rows map[string]int
}

func (b *truthBuilder) patient(i int) *Patient {
	for len(b.t.Patients) <= i {
		b.t.Patients = append(b.t.Patients, Patient{Fields: map[string]Value{}, Tables: map[string][]Row{}})
	}
	return &b.t.Patients[i]
}

func (b *truthBuilder) add(k ink) error {
	p := b.patient(k.subject)
	if rest, ok := strings.CutPrefix(k.key, "!"); ok {
		table, why, _ := strings.Cut(rest, ".")
		p.Absent = append(p.Absent, Absent{table, k.text, why, k.page})
		return nil
	}
	if table, ok := strings.CutPrefix(k.key, "?"); ok {
		p.Optional = append(p.Optional, Absent{Table: table, Text: k.text, Page: k.page})
		return nil
	}
	parts := strings.Split(k.key, ".")
	switch len(parts) {
	case 1:
		v, err := b.merge(p.Fields[k.key], k)
		if err != nil {
			return err
		}
		p.Fields[k.key] = v
	case 3:
		row := b.row(p, k.subject, parts[0], parts[1])
		v, err := b.merge(row[parts[2]], k)
		if err != nil {
			return err
		}
		row[parts[2]] = v
	default:
		return fmt.Errorf("read key %q: want a field or table.row.column", k.key)
	}
	return nil
}

func (b *truthBuilder) row(p *Patient, subject int, table, label string) Row {
	id := strconv.Itoa(subject) + " " + table + " " + label
	i, ok := b.rows[id]
	if !ok {
		i = len(p.Tables[table])
		b.rows[id] = i
		p.Tables[table] = append(p.Tables[table], Row{})
	}
	return p.Tables[table][i]
}

// merge adds a piece of ink to a value. Pieces of a wrapped span carry the whole
// value, so another value for the same key is a mistake of the drawing.
func (b *truthBuilder) merge(v Value, k ink) (Value, error) {
	if v.Value != "" && v.Value != k.value {
		return v, fmt.Errorf("key %q has two values on the paper: %q and %q", k.key, v.Value, k.value)
	}
	first := v.Value == ""
	v.Value = k.value
	if k.page == 0 {
		return v, nil
	}
	if first && k.text != k.value {
		v.Text = k.text
	}
	v.At = append(v.At, Place{k.page, b.round(k)})
	return v, nil
}

func (b *truthBuilder) round(k ink) [4]float64 {
	box := b.place(k.page, k.box)
	for i := range box {
		box[i] = math.Round(box[i]*1e4) / 1e4
	}
	return box
}

// spread gives a value to every row of a table that has none of its own.
func (b *truthBuilder) spread(k ink) {
	parts := strings.SplitN(k.key, ".", 3)
	for _, row := range b.patient(k.subject).Tables[parts[0]] {
		if v := row[parts[2]]; v.Value == "" || v.Value == k.value {
			if v2, err := b.merge(v, k); err == nil {
				row[parts[2]] = v2
			}
		}
	}
}
