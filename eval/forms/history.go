package forms

import (
	"github.com/paperchart/paperchart/eval/chart"
)

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
