// Package extract turns an arranged document into the fields of a blueprint,
// each with its evidence and a calibrated confidence.
//
// The way of a value: pages are parted by patient; what is labelled is gathered
// (labels.go holds the labels, headings in sections.go, column titles in
// kinds.go: all of it data); each kind of row has a reader that takes table
// rows, list items and prose alike; context decides what is a fact of this
// patient now; the resolver makes one value of many places; a small logistic
// model turns what is known about a value into its confidence.
//
// Nothing is invented: a value is made of the words on the page, or of the
// normal form of such words from a closed list.
package extract

import (
	"context"
	"fmt"
	"time"

	"github.com/paperchart/paperchart/blueprint"
	"github.com/paperchart/paperchart/internal/layout"
	"github.com/paperchart/paperchart/internal/result"
	"github.com/paperchart/paperchart/internal/terms"
)

// Engine extracts by a blueprint. It holds no state between calls and may be
// used from several goroutines at once.
type Engine struct {
	// Blueprint says what to read; nil is the default.
	Blueprint *blueprint.Blueprint
	// Classes are read in its place where a document is of their class, unless a
	// table's rows would be lost by it.
	Classes []*blueprint.Blueprint
	// Terms supports and codes clinical terms. Required; one that knows little
	// costs confidence, not facts.
	Terms terms.Vocabulary
	// Now is the clock against which dates are judged; nil is time.Now.
	Now func() time.Time
	// Model turns signals into confidence; nil is the fitted one.
	Model Model
	// Observe, where set, is told the signals of each value that is returned,
	// for refitting the model. It is called from Extract's goroutine.
	Observe func(Observation)
}

// Extract reads a document into one result for each patient whose pages it
// holds, in the order of their first pages. A document without anything to
// read gives one result without fields. The only error is that of ctx.
func (e *Engine) Extract(ctx context.Context, doc *layout.Document, src result.Source) ([]result.Document, error) {
	if doc == nil {
		doc = &layout.Document{}
	}
	bp := e.Blueprint
	if bp == nil {
		bp = blueprint.Default()
	}
	all := newLexicons(blueprint.Set{General: bp, Classes: e.Classes})
	abroad := foreign(doc)
	var out []result.Document
	for _, part := range e.parts(all.of(bp), doc) {
		part.whose = part.whose.and(abroad)
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("extract document: %w", err)
		}
		d := e.part(all, part, source(src, doc, part.pages, abroad), len(out))
		d.Pages = part.pages
		out = append(out, d)
	}
	return out, nil
}

// part reads one patient's pages: with the general blueprint, which tells their
// class, and again where their class has its own.
func (e *Engine) part(all *lexicons, part portion, src result.Source, index int) result.Document {
	read := func(b *blueprint.Blueprint) *reader {
		r := e.reader(all.of(b), part.doc)
		r.whose = part.whose
		r.read()
		return r
	}
	bp := all.set.General
	r := read(bp)
	class := r.class(e.model())
	if own := all.set.Of(class); own != bp && !r.loses(own) {
		bp, r = own, read(own)
	}
	d := e.result(r, src, index, part.from)
	d.Class = class
	d.Blueprint = result.Blueprint{Name: bp.Class, Confidence: 1}
	return d
}

func (e *Engine) model() Model {
	if e.Model != nil {
		return e.Model
	}
	return fitted
}

func (e *Engine) reader(lex *lexicon, doc *layout.Document) *reader {
	now := time.Now
	if e.Now != nil {
		now = e.Now
	}
	r := &reader{terms: noTerms{}, lex: lex, now: now(), doc: doc}
	if e.Terms != nil {
		r.terms = remember(e.Terms)
		r.limits, _ = e.Terms.(limits)
		r.supplies, _ = e.Terms.(supplies)
	}
	r.dayFirst = r.daysFirst()
	r.arrange()
	r.labels()
	return r
}

// read runs every reader over the pages.
func (r *reader) read() {
	r.checklists()
	for i := range r.chunks {
		c := &r.chunks[i]
		r.readLoose(c)
		r.repeatedLines(c)
		for j, p := range c.parts {
			if p.table == nil || p.read {
				continue
			}
			if end := r.readTable(p.table, c); end != nil {
				for k := j + 1; k < len(c.parts); k++ {
					c.parts[k].under = end
				}
			}
		}
	}
	for i := range r.chunks {
		r.untitled(&r.chunks[i])
	}
	for i := range r.chunks {
		r.readLines(&r.chunks[i])
	}
	r.scalars()
	r.vitals()
	r.letterhead()
	r.narratives()
	r.documentType()
	r.inferVisit()
	r.visitDay()
	r.labelledItems()
	r.datedToday()
	r.operatedOn()
}

// result resolves what was read into the blueprint's fields.
func (e *Engine) result(r *reader, src result.Source, index int, from origins) result.Document {
	m := e.model()
	d := result.Document{Source: src, Fields: map[string]result.Field{}, Tables: map[string][]result.Row{}}
	pages := map[int]leaf{}
	for _, p := range r.doc.Pages {
		if p.Page != nil {
			pages[p.Number] = leaf{p.Page, origin{page: p.Number}}
			if o, ok := from[p.Number]; ok {
				pages[p.Number] = leaf{p.Page, o}
			}
		}
	}
	value := func(c cell) result.Field { return r.whose.cap(c, c.field(m, pages)) }
	hands := byHand(src, pages)
	for field, c := range r.best(m) {
		if hands.wrote(c, value(c)) {
			continue
		}
		for _, path := range r.lex.paths[field] {
			d.Fields[path] = value(c)
			e.observe(index, "", 0, path, c)
		}
	}
	for _, f := range r.merge(m) {
		s := f.table
		if s == nil {
			s = r.lex.spec(f.kind)
		}
		if s == nil || s.absent || f.weak || namesPatient(f, d) || hands.wrote(f.must(), value(f.must())) {
			continue
		}
		row := result.Row{}
		for role, c := range f.cells {
			if col, ok := s.column[role]; ok && c.value != "" {
				row[col] = value(c)
				e.observe(index, s.Name, len(d.Tables[s.Name]), col, c)
			}
		}
		if len(row) > 0 {
			d.Tables[s.Name] = append(d.Tables[s.Name], row)
		}
	}
	return d
}

// namesPatient tells of a fact that is no term but the patient's own name, as where
// a form's head was taken for a list.
func namesPatient(f fact, d result.Document) bool {
	c := f.must()
	if c.value == "" {
		return false
	}
	family, given := key(d.Fields["patient_last_name"].Value), key(d.Fields["patient_first_name"].Value)
	k := key(c.value)
	return c.sig.Vocabulary < 0.5 && family != "" && (k == family || given != "" && (k == family+given || k == given+family))
}

func (e *Engine) observe(doc int, table string, row int, field string, c cell) {
	if e.Observe != nil {
		e.Observe(Observation{doc, table, row, field, c.value, c.sig})
	}
}
