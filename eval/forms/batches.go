package forms

import "github.com/paperchart/paperchart/eval/paper"

// batchLayouts are files with the papers of several people: what fax damage hides
// here is whose a page is.
func batchLayouts() []Layout {
	return []Layout{
		{Name: "batch-labs", vendor: "labtwo", base: paper.Style{Family: paper.Narrow, Size: 8.5}, date: "01/02/2006", title: titleBold, draw: batchLabs},
		{Name: "batch-refills", vendor: "clinic", base: paper.Style{Family: paper.Mono, Size: 8.5}, date: "1/2/2006", title: titleColon, draw: batchRefills},
		{Name: "batch-slips", vendor: "plain", base: paper.Style{Family: paper.Sans, Size: 9}, date: "01/02/2006", title: titleBold, draw: batchSlips},
	}
}

// batchLabs is a laboratory's fax of four people's reports.
func batchLabs(w *Writer) {
	for i := range 4 {
		if i > 0 {
			w.another()
		}
		w.letterhead(.5, "laboratory report", "Laboratory Report")
		w.below(6.5, w.who(true)...)
		w.inline("", "     ", pair{w.l["provider"], w.provider()}, pair{w.l["printed"], w.day("document_date", w.rec.Visit.Date)})
		w.collected()
		w.labTable(tableForm{cols: []string{"test", "result", "flag", "units", "range"}, shares: []float64{.36, .16, .1, .16, .22}, under: true, pad: 1.6}, false)
	}
}

// batchRefills is a pharmacy's list of one page a person, whose name stands small
// at the foot.
func batchRefills(w *Writer) {
	for i := range 4 {
		if i > 0 {
			w.another()
		}
		w.letterhead(0, "medication list", "Refill Authorization")
		w.head("MEDS")
		w.medTable(tableForm{cols: []string{"med", "dose", "sig", "start"}, shares: []float64{.3, .16, .36, .18}, under: true, pad: 2})
		w.head("ALLERGIES")
		w.allergyText(false)
		w.Gap(20)
		w.inline("", "   ", w.who(true)...)
	}
}

// batchSlips is a day sheet: three people on a page, parted by a line.
func batchSlips(w *Writer) {
	w.letterhead(0, "visit summary", "Nurse Visits")
	for i := range 6 {
		if i > 0 && i%3 == 0 {
			w.another()
		} else if i > 0 {
			w.sameSheet()
		}
		w.Sheet.Rule(w.X, w.Y-4, w.X+w.Width, w.Y-4, 0.8)
		w.Y += 10
		w.inline("**", "     ", w.who(true)...)
		w.vitalsLine(" ", "   ")
		w.head("MEDS")
		w.medLines(medOneLine)
		w.head("ALLERGIES")
		w.allergyText(false)
		w.Gap(10)
	}
}
