package forms

import (
	"fmt"
	"strings"

	"github.com/paperchart/paperchart/eval/chart"
)

// results calls f for each result with its cells, and notes its panel.
func (w *Writer) results(panel func(name string), f func(i int, r chart.Result, cells map[string]string)) {
	i := 0
	for _, p := range w.rec.Panels {
		panel(p.Name)
		for _, r := range p.Results {
			c := func(column, text string) string { return cell("lab_results", i, column, text) }
			earlier := ""
			if w.r.IntN(3) > 0 {
				earlier = chart.Earlier(w.r, r.Value)
			}
			w.doc.Imply(fmt.Sprintf("lab_results.%d.panel_name", i+1), p.Name)
			f(i, r, map[string]string{"test": c("test_name", r.Test), "result": c("result_value", r.Value), "flag": c("abnormal_flag", r.Flag),
				"units": c("unit", r.Unit), "range": c("reference_range", r.Range), "previous": earlier})
			i++
		}
	}
}

func (w *Writer) collected() {
	w.line(w.l["collected"] + ": " + keyed("lab_results.*.collection_date", w.rec.Visit.Date.Format("2006-01-02"), w.rec.Visit.Date.Format(w.date)))
}

// labTable prints one table for each panel, its name above it, or one table for
// all with the panels' names as rows across it.
func (w *Writer) labTable(f tableForm, together bool) {
	var rows []map[string]string
	flush := func(name string) {
		if len(rows) > 0 {
			w.table(f, rows)
		}
		rows = nil
		if name != "" {
			w.need(80)
			w.line("**" + name + "**")
		}
	}
	if together {
		flush = func(name string) {
			if name != "" {
				rows = append(rows, map[string]string{"across": "**" + name + "**"})
				return
			}
			w.table(f, rows)
		}
	}
	w.results(flush, func(_ int, _ chart.Result, cells map[string]string) { rows = append(rows, cells) })
	flush("")
}

// The ways of a result without a table.
const (
	labBrackets = iota // "Glucose 142 mg/dL [65-99] H"
	labRun             // "Glucose 142, BUN 19, …" in a paragraph
	labBeside          // "Glucose: 142 (H) mg/dL   Ref: 65-99"
)

func (w *Writer) labText(form int) {
	run := ""
	flush := func(name string) {
		if run != "" {
			w.para(run + ".")
			run = ""
		}
		if form == labRun && name != "" {
			run = name + ": "
			return
		}
		if name != "" {
			w.line("**" + name + "**")
		}
	}
	w.results(flush, func(i int, r chart.Result, c map[string]string) {
		switch form {
		case labBrackets:
			w.line(join(c["test"], c["result"], c["units"], "["+c["range"]+"]", c["flag"]))
		case labRun:
			if !strings.HasSuffix(run, ": ") {
				run += ", "
			}
			// A comma within a name would read as a new test, to people too.
			run += cell("lab_results", i, "test_name", strings.ReplaceAll(r.Test, ",", "")) + " " + c["result"]
		default:
			flag := ""
			if r.Flag != "" {
				flag = "(" + c["flag"] + ")"
			}
			w.line(join(c["test"]+":", c["result"], flag, c["units"]) + "   Ref: " + c["range"])
		}
	})
	flush("")
}

func join(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, " ")
}

// labColumns prints fixed columns without any lines, at the given shares.
func (w *Writer) labColumns(cols []string, at []float64) {
	put := func(cells map[string]string) {
		w.need(w.Lead)
		for i, c := range cols {
			w.Text(w.X+at[i]*w.Width, w.Y, w.Style, cells[c])
		}
		w.Y += w.Lead
	}
	head := map[string]string{}
	for _, c := range cols {
		head[c] = "**" + w.l[c] + "**"
	}
	put(head)
	w.results(func(name string) { w.need(40); w.Gap(3); w.line("**" + name + "**") },
		func(_ int, _ chart.Result, cells map[string]string) { put(cells) })
}
