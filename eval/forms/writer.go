package forms

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/paperchart/paperchart/eval/chart"
	"github.com/paperchart/paperchart/eval/paper"
)

// Writer prints one record in one layout. It breaks pages where a block of lines
// would not fit, never inside columns.
type Writer struct {
	*paper.Pen
	doc *paper.Doc
	m   *chart.Maker
	rec *chart.Record
	r   *rand.Rand
	l   Labels
	// base is the body's style, date the form of dates, latin whether sigs are
	// abbreviated.
	base  paper.Style
	date  string
	latin bool
	// title prints a heading; running the top of later pages, nil for none.
	title   func(w *Writer, text string)
	running func(w *Writer)
	columns bool
	// patients counts those before the present one.
	patients int
}

// The sheet's margins in points.
const (
	left, right = 48.0, 564.0
	top, bottom = 50.0, 748.0
)

func (w *Writer) page() {
	s := w.doc.Page()
	w.Pen = s.Pen(left, top, right-left, w.base)
	if s.Number > 1 && w.running != nil {
		w.running(w)
	}
}

// need starts a new page where fewer than so many points are left.
func (w *Writer) need(points float64) {
	if !w.columns && w.Y+points > bottom {
		w.page()
	}
}

func (w *Writer) head(key string) {
	w.need(60)
	w.title(w, w.l[key])
}

// both draws two columns side by side and goes on below the longer.
func (w *Writer) both(at float64, a, b func()) {
	pen := w.Pen
	w.columns = true
	w.Pen = pen.Sheet.Pen(pen.X, pen.Y, at-16, w.base)
	a()
	y := w.Y
	w.Pen = pen.Sheet.Pen(pen.X+at, pen.Y, pen.Width-at, w.base)
	b()
	y = max(y, w.Y)
	w.Pen, w.columns = pen, false
	w.Y = y
}

// rows draws a table row by row, so that it may go on over a page break.
func (w *Writer) rows(g paper.Grid) {
	g.Style = w.Style
	if g.Head.Size == 0 {
		g.Head = w.Style.B()
	}
	if g.Leading == 0 {
		g.Leading = w.Style.Size * 1.2
	}
	w.need(70)
	rows := g.Rows
	w.Y -= w.Style.Size
	g.X = w.X
	for i := 0; i <= len(rows); i++ {
		one := g
		one.Y, one.Rows = w.Y, nil
		if i > 0 {
			one.Header, one.Rows = nil, rows[i-1:i]
			one.Stripe = false
		} else if len(g.Header) == 0 {
			continue
		}
		w.Y = w.Sheet.Table(one)
		if w.Y+34 > bottom && !w.columns && i < len(rows) {
			w.page()
		}
	}
	w.Y += w.Lead
}

func (w *Writer) para(markup string) {
	w.need(w.Lead * (2 + w.Measure(w.Style, markup)/w.Width))
	w.Para(markup)
}

func (w *Writer) item(bullet, markup string, indent float64) {
	w.need(w.Lead * 2)
	w.Item(bullet, markup, indent)
}

func (w *Writer) line(markup string) {
	w.need(w.Lead)
	w.Line(markup)
}

// key binds text to a field.
func key(field, text string) string { return "{" + field + "|" + text + "}" }

func keyed(field, value, text string) string {
	if value == text {
		return key(field, text)
	}
	return "{" + field + "=" + value + "|" + text + "}"
}

func cell(table string, row int, column, text string) string {
	if text == "" {
		return ""
	}
	return key(fmt.Sprintf("%s.%d.%s", table, row+1, column), text)
}

func (w *Writer) day(field string, t time.Time) string {
	return keyed(field, t.Format(time.DateOnly), t.Format(w.date))
}

func (w *Writer) dayCell(table string, row int, column string, t time.Time) string {
	return w.day(fmt.Sprintf("%s.%d.%s", table, row+1, column), t)
}

// The patient's name in the orders that are printed.
func (w *Writer) nameFirst() string {
	p := w.rec.Person
	s := key("patient_first_name", p.First)
	if p.Middle != "" {
		s += " " + key("patient_middle_name", p.Middle)
	}
	s += " " + key("patient_last_name", p.Last)
	if p.Suffix != "" {
		s += " " + key("patient_name_suffix", p.Suffix)
	}
	return s
}

func (w *Writer) nameLast(capitals bool) string {
	p := w.rec.Person
	up := func(field, text string) string {
		if capitals {
			return keyed(field, text, strings.ToUpper(text))
		}
		return key(field, text)
	}
	s := up("patient_last_name", p.Last)
	if p.Suffix != "" {
		s += " " + up("patient_name_suffix", p.Suffix)
	}
	s += ", " + up("patient_first_name", p.First)
	if p.Middle != "" {
		s += " " + up("patient_middle_name", p.Middle)
	}
	return s
}

func (w *Writer) sex(short bool) string {
	text := strings.ToUpper(w.rec.Person.Sex[:1]) + w.rec.Person.Sex[1:]
	if short {
		text = text[:1]
	}
	return keyed("sex", w.rec.Person.Sex, text)
}

func (w *Writer) provider() string {
	p := w.rec.Provider
	return key("provider_name", p.Name+", "+p.Degree)
}

// often prints a frequency in words or in Latin.
func (w *Writer) often(s string) string {
	if !w.latin {
		return s
	}
	prn := strings.HasSuffix(s, "as needed")
	s = strings.TrimSpace(strings.TrimSuffix(s, "as needed"))
	short := map[string]string{"daily": "QD", "twice daily": "BID", "three times daily": "TID", "four times daily": "QID", "at bedtime": "QHS",
		"every 4 hours": "q4h", "every 6 hours": "q6h", "every 8 hours": "q8h", "every morning": "QAM", "weekly": "weekly"}
	if v, ok := short[s]; ok {
		s = v
	}
	if prn {
		s = strings.TrimSpace(s + " PRN")
	}
	return s
}

func (w *Writer) route(s string) string {
	if !w.latin {
		return s
	}
	if v, ok := map[string]string{"oral": "PO", "subcutaneous": "SC", "sublingual": "SL", "inhaled": "INH"}[s]; ok {
		return v
	}
	return s
}
