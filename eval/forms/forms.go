// Package forms prints invented records the way different systems and offices do:
// each layout has its own arrangement, headings, words for labels, forms of dates
// and typefaces. Layouts are of two splits. Reading may be tuned on "train";
// "test" layouts use arrangements and labels that no train layout has, and are for
// measuring only.
package forms

import (
	"fmt"
	"slices"

	"github.com/paperchart/paperchart/eval/chart"
	"github.com/paperchart/paperchart/eval/paper"
)

// Layout is one way of printing a record.
type Layout struct {
	Name string
	// Test is true where the layout is held out of tuning.
	Test   bool
	vendor string
	base   paper.Style
	date   string
	latin  bool
	title  func(w *Writer, text string)
	draw   func(w *Writer)
	// running is the top of later pages; nil prints name, MRN and birth date.
	running func(w *Writer)
	// footer is printed at the foot of each page, with the date of printing.
	footer bool
	// sign is how many points below the text a signature is scribbled; 0 for none.
	sign float64
	// stamp is what the records department stamped on the first page.
	stamp string
}

// Layouts returns all layouts, in a fixed order.
func Layouts() []Layout {
	return slices.Concat(trainLayouts(), texts(), batchLayouts(), widerLayouts(), summaryLayouts(), testLayouts())
}

// Draw prints a record.
func (l Layout) Draw(fonts *paper.Fonts, m *chart.Maker) (*paper.Doc, error) {
	all, err := vendors()
	if err != nil {
		return nil, err
	}
	labels, ok := all[l.vendor]
	if !ok {
		return nil, fmt.Errorf("draw layout %s: no labels of vendor %q", l.Name, l.vendor)
	}
	w := &Writer{doc: paper.NewDoc(fonts), m: m, rec: m.Record(), r: m.Rand(), l: labels, base: l.base,
		date: l.date, latin: l.latin, title: l.title, running: l.running}
	if w.running == nil {
		w.running = runningHead
	}
	w.page()
	l.draw(w)
	l.finish(w)
	return w.doc, nil
}

// finish adds what comes onto paper after the text.
func (l Layout) finish(w *Writer) {
	if l.sign > 0 && w.Y+l.sign+20 < bottom {
		w.Scribble(w.X+20, w.Y+l.sign, 130, w.r.Uint64())
	}
	if l.stamp != "" {
		w.doc.Sheets[0].Stamp(430, 14, l.stamp, w.rec.Visit.Date.AddDate(0, 0, 9).Format("Jan 2 2006"))
	}
	if !l.footer {
		return
	}
	for _, s := range w.doc.Sheets {
		st := w.base.At(8)
		s.Text(left, 770, st, "Printed: "+w.day("document_date", w.rec.Visit.Date.AddDate(0, 0, 4)))
		s.Center((left+right)/2, 770, st, "CONFIDENTIAL")
		s.Right(right, 770, st, fmt.Sprintf("Page %d of %d", s.Number, len(w.doc.Sheets)))
	}
}

// another goes on with a new patient on a new page, of the same sender.
func (w *Writer) another() {
	w.next()
	w.fresh()
}

// sameSheet goes on with a new patient on the same page, under the same head.
func (w *Writer) sameSheet() {
	w.next()
	w.doc.Share(w.Number, "facility_", "document_type")
}

func (w *Writer) next() {
	facility, at := w.rec.Facility, w.rec.Visit.Date
	w.rec = w.m.Record()
	w.rec.Facility, w.rec.Visit.Date = facility, at
	w.patients++
	w.doc.Subject(w.patients)
}

// fresh starts a page without a running head.
func (w *Writer) fresh() {
	w.Pen = w.doc.Page().Pen(left, top, right-left, w.base)
}

func runningHead(w *Writer) {
	w.Text(left, 36, w.base.At(8.5), w.nameLast(false)+"     "+w.l["mrn"]+": "+key("patient_mrn", w.rec.Person.MRN))
	w.Right(right, 36, w.base.At(8.5), fmt.Sprintf("Page %d", w.Number))
	w.Y = top + 10
}

// The ways of headings.

func titleBold(w *Writer, text string) {
	w.Gap(5)
	w.Text(w.X, w.Y, w.base.B(), text)
	w.Y += w.Lead
}

func titleColon(w *Writer, text string) { titleBold(w, text+":") }

func titleBand(w *Writer, text string) {
	w.Gap(6)
	w.Fill(paper.Box{X0: w.X, Y0: w.Y - 10, X1: w.X + w.Width, Y1: w.Y + 4}, 215)
	w.Text(w.X+4, w.Y, w.base.B(), text)
	w.Y += w.Lead + 6
}

func titleDark(w *Writer, text string) {
	w.Gap(6)
	w.Fill(paper.Box{X0: w.X, Y0: w.Y - 10, X1: w.X + w.Width, Y1: w.Y + 4}, 35)
	w.Text(w.X+4, w.Y, w.base.B().In(255), text)
	w.Y += w.Lead + 6
}

func titleRule(w *Writer, text string) {
	w.Gap(6)
	w.Text(w.X, w.Y, w.base.B().At(w.base.Size+2), text)
	w.Rule(w.X, w.Y+3, w.X+w.Width, w.Y+3, 0.8)
	w.Y += w.Lead + 6
}

func titleCentered(w *Writer, text string) {
	w.Gap(6)
	w.Center(w.X+w.Width/2, w.Y, w.base.B(), "- "+text+" -")
	w.Y += w.Lead + 2
}

func titlePlain(w *Writer, text string) {
	w.Gap(5)
	w.Text(w.X, w.Y, w.base.At(w.base.Size+3), text)
	w.Y += w.Lead + 3
}
