package forms

import "github.com/paperchart/paperchart/eval/paper"

// testLayouts are held out: nothing in reading may be tuned on them.
func testLayouts() []Layout {
	sans := paper.Style{Family: paper.Sans, Size: 10}
	return []Layout{
		{Name: "t-summary", Test: true, vendor: "testone", base: paper.Style{Family: paper.Verdana, Size: 9}, date: "January 2, 2006", title: titlePlain, draw: testSummary},
		{Name: "t-captions", footer: true, Test: true, vendor: "testone", base: sans, date: "01-02-2006", title: titleCentered, draw: testCaptions},
		{Name: "t-discharge", stamp: "FILED", Test: true, vendor: "testtwo", base: paper.Style{Family: paper.Serif, Size: 11.5}, date: "Jan 2, 2006", latin: true, title: titleRule, draw: testDischarge},
		{Name: "t-lab-grid", Test: true, vendor: "testone", base: paper.Style{Family: paper.Narrow, Size: 9.5}, date: "2 Jan 2006", title: titleBold, draw: testLabGrid},
		{Name: "t-lab-mono", Test: true, vendor: "testtwo", base: paper.Style{Family: paper.Mono, Size: 9.5}, date: "01/02/2006", title: titleBold, draw: testLabMono},
		{Name: "t-meds", Test: true, vendor: "testtwo", base: paper.Style{Family: paper.Slab, Size: 10}, date: "01/02/2006", title: titleBand, draw: testMeds},
		{Name: "t-note", sign: 22, Test: true, vendor: "testone", base: paper.Style{Family: paper.Mono, Size: 10}, date: "1/2/2006", latin: true, title: titleColon, draw: testNote},
		{Name: "t-intake", Test: true, vendor: "testone", base: sans, date: "01/02/2006", title: titleBand, draw: testIntake},
		{Name: "t-lab-prior", footer: true, Test: true, vendor: "testtwo", base: paper.Style{Family: paper.Serif, Size: 10}, date: "02-Jan-2006", title: titleRule, draw: testLabPrior},
		{Name: "t-letter", sign: 16, Test: true, vendor: "testtwo", base: paper.Style{Family: paper.Slab, Size: 10}, date: "January 2, 2006", title: titleBold, draw: testLetter},
		{Name: "t-batch", Test: true, vendor: "testone", base: paper.Style{Family: paper.Narrow, Size: 10}, date: "01/02/2006", title: titlePlain, draw: testBatch},
	}
}

func testLabPrior(w *Writer) {
	w.letterhead(.5, "laboratory report", "Results Review")
	w.both(264, func() { w.leaders(240, w.who(true)...) }, func() { w.leaders(240, w.when()...) })
	w.Gap(10)
	w.collected()
	w.labTable(tableForm{cols: []string{"test", "units", "range", "previous", "result", "flag"}, shares: []float64{.32, .16, .16, .12, .14, .1}, lines: true, pad: 2}, true)
}

func testBatch(w *Writer) {
	for i := range 2 {
		if i > 0 {
			w.another()
		}
		w.letterhead(.5, "laboratory report", "Laboratory Results")
		w.below(7, w.who(false)...)
		w.below(7, w.when()...)
		w.collected()
		w.labTable(tableForm{cols: []string{"test", "result", "flag", "units", "range"}, shares: []float64{.36, .16, .12, .18, .18}, under: true, pad: 2}, false)
		w.head("MEDS")
		w.medLines(medComma)
	}
}

func testSummary(w *Writer) {
	w.letterhead(1, "visit summary", "Clinical Visit Summary")
	w.leaders(300, append(w.who(false), w.where()[2])...)
	w.leaders(300, w.when()[:3]...)
	w.head("PROBLEMS")
	w.problemLines(codeBrackets)
	w.head("MEDS")
	w.medLines(medComma)
	w.head("ALLERGIES")
	w.allergyTable(tableForm{cols: []string{"severity", "allergen", "reaction"}, shares: []float64{.2, .4, .4}, pad: 2})
	w.head("VITALS")
	w.vitalsAcross(true)
	w.head("LABS")
	w.collected()
	w.labTable(tableForm{cols: []string{"test", "range", "result", "units", "flag"}, shares: []float64{.34, .2, .16, .18, .12}, pad: 2, stripe: true}, false)
	w.head("RETURN")
	w.narrative("follow_up_instructions", w.rec.Return)
}

func testCaptions(w *Writer) {
	w.letterhead(.5, "visit summary", "Encounter Summary")
	w.below(7, w.who(false)...)
	w.below(7, w.when()...)
	w.below(7, w.cover()...)
	w.head("CC")
	w.line(key("chief_complaint", w.rec.Visit.Complaint))
	w.head("VITALS")
	w.vitalsAcross(false)
	w.head("PROBLEMS")
	w.problemTable(tableForm{cols: []string{"status", "code", "dx"}, shares: []float64{.16, .16, .68}, pad: 2, lines: true, band: true})
	w.head("MEDS")
	w.medTable(tableForm{cols: []string{"start", "med", "dose", "freq", "route"}, shares: []float64{.17, .28, .18, .22, .15}, pad: 2, lines: true, band: true})
	w.head("SHOTS")
	w.shotLines()
	w.head("FAMILY")
	w.family(2)
	w.head("SOCIAL")
	w.social(1)
}

func testDischarge(w *Writer) {
	v := w.rec.Visit
	w.letterhead(0, "discharge summary", "Hospital Discharge Summary")
	w.beside(150, "", pair{w.l["name"], w.nameLast(true)}, pair{w.l["mrn"], key("patient_mrn", w.rec.Person.MRN)}, pair{w.l["dob"], w.day("date_of_birth", w.rec.Person.Born)},
		pair{w.l["sex"], w.sex(false)}, pair{w.l["admit"], w.day("admission_date", v.Admitted)}, pair{w.l["discharge"], w.day("discharge_date", v.Discharged)},
		pair{w.l["provider"], w.provider()}, pair{w.l["disp"], key("discharge_disposition", v.Disposition)})
	w.head("PROBLEMS")
	w.problemLines(nameOnly)
	w.head("HPI")
	w.present()
	w.head("PROCS")
	w.doneLines(true)
	w.head("LABS")
	w.labText(labBeside)
	w.head("FAMILY")
	w.family(0)
	w.head("ALLERGIES")
	w.allergyText(true)
	w.head("MEDS")
	w.medTable(tableForm{cols: []string{"med", "dose", "sig"}, shares: []float64{.32, .2, .48}, pad: 2, under: true})
	w.head("RETURN")
	w.narrative("follow_up_instructions", w.rec.Return)
}

func testLabGrid(w *Writer) {
	w.letterhead(.5, "laboratory report", "Cumulative Laboratory Report")
	w.boxes([]float64{.35, .2, .25, .2}, w.who(true)...)
	w.boxes([]float64{.4, .3, .3}, pair{w.l["provider"], w.provider()}, pair{w.l["number"], key("encounter_id", w.rec.Visit.Number)}, pair{w.l["printed"], w.day("document_date", w.rec.Visit.Date.AddDate(0, 0, 3))})
	w.Gap(18)
	w.collected()
	w.labTable(tableForm{cols: []string{"flag", "test", "result", "units", "range"}, shares: []float64{.1, .36, .16, .19, .19}, lines: true, band: true, pad: 2.4}, true)
}

func testLabMono(w *Writer) {
	w.letterhead(0, "laboratory report", "FINAL REPORT")
	w.inline("", "   ", w.who(true)[:2]...)
	w.inline("", "   ", append(w.who(true)[2:], pair{w.l["provider"], w.provider()})...)
	w.collected()
	w.Rule(w.X, w.Y-6, w.X+w.Width, w.Y-6, 0.8)
	w.Gap(8)
	w.labColumns([]string{"test", "result", "units", "range", "flag"}, []float64{0, .4, .53, .74, .93})
}

func testMeds(w *Writer) {
	w.letterhead(.5, "medication list", "My Medicines")
	w.beside(150, "**", w.who(false)...)
	w.head("ALLERGIES")
	w.allergyText(false)
	w.head("MEDS")
	w.medTable(tableForm{cols: []string{"med", "dose", "route", "freq", "status"}, shares: []float64{.27, .16, .19, .23, .15}, stripe: true, pad: 3})
	w.head("PROBLEMS")
	w.problemLines(nameDots)
	w.line("Reviewed with patient " + w.day("document_date", w.rec.Visit.Date) + " by " + w.provider())
}

func testNote(w *Writer) {
	w.line(key("facility_name", w.rec.Facility.Name))
	w.line(w.l["name"] + ": " + w.nameFirst() + "   " + w.l["dob"] + ": " + w.day("date_of_birth", w.rec.Person.Born) + "   " + w.l["mrn"] + ": " + key("patient_mrn", w.rec.Person.MRN))
	w.line(w.l["visit"] + ": " + w.day("encounter_date", w.rec.Visit.Date) + "   " + w.l["provider"] + ": " + w.provider())
	w.head("HPI")
	w.present()
	w.head("EXAM")
	w.vitalsLine(" ", "  ")
	w.narrative("physical_exam", w.rec.Exam)
	w.head("PROBLEMS")
	w.problemLines(nameCode)
	w.head("MEDS")
	w.medLines(medTwoLine)
	w.head("ALLERGIES")
	w.allergyText(false)
	w.head("PROCS")
	w.doneTable(tableForm{cols: []string{"pdate", "proc"}, shares: []float64{.25, .75}, pad: 2})
	w.head("LABS")
	w.labText(labRun)
	w.head("PLAN")
	w.narrative("plan_of_care", w.rec.Plan)
}

func testIntake(w *Writer) {
	p := w.rec.Person
	w.letterhead(1, "", "New Patient Intake")
	w.below(7.5, pair{w.l["last"], key("patient_last_name", p.Last)}, pair{w.l["first"], key("patient_first_name", p.First)}, pair{w.l["dob"], w.day("date_of_birth", p.Born)})
	w.below(7.5, pair{w.l["street"], key("address_line", p.Street)}, pair{w.l["city"], key("city", p.City)}, pair{w.l["state"], key("state", p.State)}, pair{w.l["zip"], key("postal_code", p.Zip)})
	w.below(7.5, pair{w.l["phone"], key("phone", p.Phone)}, pair{w.l["lang"], key("language", p.Language)}, pair{w.l["race"], key("race", p.Race)})
	w.choice(w.l["sex"], "sex", p.Sex, "Female", "Male", "Unknown")
	w.choice(w.l["smoking"], "smoking_status", w.rec.Smoking, "Never", "Former", "Current")
	w.head("PROBLEMS")
	w.checklist()
	w.head("ALLERGIES")
	w.allergyTable(tableForm{cols: []string{"allergen", "reaction"}, shares: []float64{.5, .5}, lines: true, pad: 3})
	w.head("MEDS")
	w.medLines(medOneLine)
	w.head("PROCS")
	w.doneLines(true)
	w.head("FAMILY")
	w.family(1)
	w.below(7.5, w.cover()...)
}
