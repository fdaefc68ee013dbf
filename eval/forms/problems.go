package forms

import (
	"fmt"

	"github.com/paperchart/paperchart/eval/chart"
	"github.com/paperchart/paperchart/eval/paper"
)

// tableForm is a table whose columns are given by short names, in order; shares are
// parts of the column's width.
type tableForm struct {
	cols                 []string
	shares               []float64
	lines, under, stripe bool
	band                 bool
	pad                  float64
}

func (w *Writer) table(f tableForm, rows []map[string]string) {
	g := paper.Grid{Pad: f.pad, Lines: f.lines, Under: f.under, Stripe: f.stripe, Band: f.band}
	for i, c := range f.cols {
		g.Header = append(g.Header, w.l[c])
		g.Widths = append(g.Widths, f.shares[i]*w.Width)
	}
	for _, r := range rows {
		if across := r["across"]; across != "" {
			g.Rows = append(g.Rows, []string{across})
			continue
		}
		var cells []string
		for _, c := range f.cols {
			cells = append(cells, r[c])
		}
		g.Rows = append(g.Rows, cells)
	}
	w.rows(g)
}

func (w *Writer) problemRow(i int, p chart.Problem) map[string]string {
	return map[string]string{
		"dx": cell("conditions", i, "condition_name", p.Name), "code": cell("conditions", i, "icd10_code", p.Code),
		"status": cell("conditions", i, "clinical_status", p.Status), "onset": w.dayCell("conditions", i, "onset_date", p.Onset),
	}
}

func (w *Writer) problemTable(f tableForm) {
	var rows []map[string]string
	for i, p := range w.rec.Problems {
		rows = append(rows, w.problemRow(i, p))
	}
	w.table(f, rows)
}

// The ways of a problem on one line.
const (
	nameCode     = iota // "1. Name (E03.9)"
	codeName            // "E03.9  Name"
	nameDots            // "Name ........ E03.9"
	nameOnly            // "- Name", no code
	codeBrackets        // "# Name [ICD-10: E03.9]"
)

func (w *Writer) problemLines(form int) {
	for i, p := range w.rec.Problems {
		r := w.problemRow(i, p)
		tail := ""
		if p.Status != "Active" {
			tail = ", " + keyed(fmt.Sprintf("conditions.%d.clinical_status", i+1), "resolved", "resolved")
		}
		switch form {
		case nameCode:
			w.item(fmt.Sprintf("%d.", i+1), r["dx"]+" ("+r["code"]+")"+tail, 18)
		case codeName:
			w.line(r["code"] + "   " + r["dx"] + tail)
		case nameDots:
			w.leaders(w.Width*0.8, pair{r["dx"] + tail, r["code"]})
		case nameOnly:
			w.item("-", r["dx"]+tail, 12)
		default:
			w.item("#", r["dx"]+" [ICD-10: "+r["code"]+"]"+tail, 14)
		}
	}
}
