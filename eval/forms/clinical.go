package forms

import (
	"fmt"
	"strings"

	"github.com/paperchart/paperchart/eval/chart"
	"github.com/paperchart/paperchart/eval/paper"
)

// columns prints a table whose columns are given by short names, in order.
// Widths are shares of the column's width.
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

// sig is a direction as printed, with its route and frequency bound, and whole.
func (w *Writer) sig(i int, m chart.Med) (markup, plain string) {
	n, unit, verb := "1", m.Form, "Take"
	switch m.Form {
	case "injection":
		verb, n, unit = "Inject", m.Dose, ""
	case "inhaler":
		verb, n, unit = "Inhale", "2", "puffs"
	case "spray":
		verb, n, unit = "Use", "1", "spray"
	case "cream", "ointment":
		verb, n, unit = "Apply", "thin layer", ""
	case "drops":
		verb, n, unit = "Instill", "1", "drop"
	}
	if w.latin && unit == "tablet" {
		unit = "tab"
	}
	if w.latin && unit == "capsule" {
		unit = "cap"
	}
	head := strings.TrimSpace(strings.Join(strings.Fields(verb+" "+n+" "+unit), " "))
	route := m.Route
	if !w.latin && route == "oral" {
		route = "by mouth"
	}
	markup = head + " " + cell("medications", i, "route", w.route(route)) + " " + cell("medications", i, "frequency", w.often(m.Often))
	return markup, paper.Plain(markup)
}

func (w *Writer) medRow(i int, m chart.Med) map[string]string {
	status := "Active"
	if m.Stopped {
		status = "Discontinued"
	}
	return map[string]string{
		"med": cell("medications", i, "medication_name", m.Name), "dose": cell("medications", i, "dose", m.Dose),
		"route": cell("medications", i, "route", w.route(m.Route)), "freq": cell("medications", i, "frequency", w.often(m.Often)),
		"start":  w.dayCell("medications", i, "start_date", m.Started),
		"status": keyed(fmt.Sprintf("medications.%d.medication_status", i+1), stopped(m), status),
	}
}

func stopped(m chart.Med) string {
	if m.Stopped {
		return "stopped"
	}
	return "active"
}

// medTable prints all medications; the form should have a status column, or
// stopped ones come in a table of their own under their own heading.
func (w *Writer) medTable(f tableForm) {
	status, sig := strings.Contains(strings.Join(f.cols, " "), "status"), strings.Contains(strings.Join(f.cols, " "), "sig")
	for _, gone := range []bool{false, true} {
		var rows []map[string]string
		for i, m := range w.rec.Meds {
			if !status && m.Stopped != gone || status && gone {
				continue
			}
			r := w.medRow(i, m)
			if sig {
				var plain string
				r["sig"], plain = w.sig(i, m)
				w.doc.Imply(fmt.Sprintf("medications.%d.instructions", i+1), plain)
			}
			if !status && gone {
				w.doc.Imply(fmt.Sprintf("medications.%d.medication_status", i+1), "stopped")
			}
			rows = append(rows, r)
		}
		if len(rows) == 0 {
			continue
		}
		if gone {
			w.head("STOPPED")
		}
		w.table(f, rows)
	}
}

// The ways of a medication without a table.
const (
	medOneLine  = iota // "Name 10 mg oral daily"
	medTwoLine         // "Name 10 mg" and "Sig: Take …" under it
	medNumbered        // "1) Name 10 mg tab PO BID"
	medComma           // "Name, 10 mg, oral, daily, started 01/02/2020"
)

func (w *Writer) medLines(form int) {
	for _, gone := range []bool{false, true} {
		n := 0
		for i, m := range w.rec.Meds {
			if m.Stopped != gone {
				continue
			}
			if n++; n == 1 && gone {
				w.head("STOPPED")
			}
			w.medLine(form, n, i, m)
			if gone {
				w.doc.Imply(fmt.Sprintf("medications.%d.medication_status", i+1), "stopped")
			}
		}
	}
}

func (w *Writer) medLine(form, n, i int, m chart.Med) {
	r := w.medRow(i, m)
	switch form {
	case medOneLine:
		w.item("-", r["med"]+" "+r["dose"]+" "+r["route"]+" "+r["freq"], 12)
	case medTwoLine:
		sig, plain := w.sig(i, m)
		w.need(2 * w.Lead)
		w.Line("**" + r["med"] + " " + r["dose"] + "**")
		w.Line("    " + w.l["sig"] + ": " + sig)
		w.doc.Imply(fmt.Sprintf("medications.%d.instructions", i+1), plain)
	case medNumbered:
		w.item(fmt.Sprintf("%d)", n), r["med"]+" "+r["dose"]+" "+m.Form+" "+r["route"]+" "+r["freq"], 18)
	default:
		w.item("*", r["med"]+", "+r["dose"]+", "+r["route"]+", "+r["freq"]+", started "+r["start"], 12)
	}
}

func (w *Writer) noAllergies() bool {
	if len(w.rec.Allergies) > 0 {
		return false
	}
	texts := []string{"NKDA", "No known allergies", "No known drug allergies", "NKA"}
	w.line(cell("allergies", 0, "allergen", texts[w.r.IntN(len(texts))]))
	return true
}

func (w *Writer) allergyRow(i int, a chart.Allergy) map[string]string {
	return map[string]string{"allergen": cell("allergies", i, "allergen", a.Allergen),
		"reaction": cell("allergies", i, "reaction", a.Reaction), "severity": cell("allergies", i, "severity", a.Severity)}
}

func (w *Writer) allergyTable(f tableForm) {
	if w.noAllergies() {
		return
	}
	var rows []map[string]string
	for i, a := range w.rec.Allergies {
		rows = append(rows, w.allergyRow(i, a))
	}
	w.table(f, rows)
}

// allergyText prints allergies in a line: "A (hives); B (rash)" or "A - hives, B - rash".
func (w *Writer) allergyText(dash bool) {
	if w.noAllergies() {
		return
	}
	s := ""
	for i, a := range w.rec.Allergies {
		r := w.allergyRow(i, a)
		switch {
		case dash && i > 0:
			s += ", " + r["allergen"] + " - " + r["reaction"]
		case dash:
			s += r["allergen"] + " - " + r["reaction"]
		case i > 0:
			s += "; " + r["allergen"] + " (" + r["reaction"] + ")"
		default:
			s += r["allergen"] + " (" + r["reaction"] + ")"
		}
	}
	w.para(s)
}

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

func (w *Writer) shotTable(f tableForm) {
	var rows []map[string]string
	for i, s := range w.rec.Shots {
		rows = append(rows, map[string]string{"vaccine": cell("immunizations", i, "vaccine_name", s.Vaccine),
			"given": w.dayCell("immunizations", i, "vaccine_date", s.Date), "lot": cell("immunizations", i, "lot_number", s.Lot)})
	}
	w.table(f, rows)
}

func (w *Writer) shotLines() {
	for i, s := range w.rec.Shots {
		w.line(cell("immunizations", i, "vaccine_name", s.Vaccine) + " - " + w.dayCell("immunizations", i, "vaccine_date", s.Date) +
			" (lot " + cell("immunizations", i, "lot_number", s.Lot) + ")")
	}
}

func (w *Writer) doneTable(f tableForm) {
	var rows []map[string]string
	for i, p := range w.rec.Done {
		rows = append(rows, map[string]string{"proc": cell("procedures", i, "procedure_name", p.Name), "pcode": cell("procedures", i, "procedure_code", p.Code),
			"pdate": w.dayCell("procedures", i, "procedure_date", p.Date)})
	}
	w.table(f, rows)
}

// doneLines prints "Colonoscopy (2016)" or "2016 - Colonoscopy".
func (w *Writer) doneLines(yearFirst bool) {
	for i, p := range w.rec.Done {
		name, year := cell("procedures", i, "procedure_name", p.Name), cell("procedures", i, "procedure_date", p.Date.Format("2006"))
		if yearFirst {
			w.line(year + " - " + name)
			continue
		}
		w.line(name + " (" + year + ")")
	}
}
