package forms

import (
	"fmt"
	"strings"

	"github.com/paperchart/paperchart/eval/chart"
	"github.com/paperchart/paperchart/eval/paper"
)

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
