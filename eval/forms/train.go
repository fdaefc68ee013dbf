package forms

import "github.com/paperchart/paperchart/eval/paper"

func trainLayouts() []Layout {
	sans, serif, mono := paper.Style{Family: paper.Sans, Size: 10}, paper.Style{Family: paper.Serif, Size: 11}, paper.Style{Family: paper.Mono, Size: 9}
	return []Layout{
		{Name: "visit-bands", footer: true, vendor: "plain", base: sans, date: "01/02/2006", title: titleBand, draw: visitBands},
		{Name: "visit-lines", vendor: "clinic", base: paper.Style{Family: paper.Narrow, Size: 10}, date: "1/2/2006", latin: true, title: titleColon, draw: visitLines},
		{Name: "visit-twocolumn", footer: true, vendor: "plain", base: paper.Style{Family: paper.Verdana, Size: 8.5}, date: "Jan 2, 2006", title: titleRule, draw: visitTwoColumn},
		{Name: "discharge-dictated", sign: 24, vendor: "capitals", base: serif, date: "01/02/2006", title: titleColon, draw: dischargeDictated},
		{Name: "lab-ruled", vendor: "lab", base: paper.Style{Family: paper.Mono, Size: 8.5}, date: "01/02/2006", title: titleBold, draw: labRuled},
		{Name: "lab-columns", vendor: "labtwo", base: mono, date: "02-Jan-2006", title: titleBold, draw: labPlain},
		{Name: "lab-brackets", sign: 20, vendor: "plain", base: sans, date: "01/02/2006", title: titleBold, draw: labBracketed},
		{Name: "med-list", vendor: "clinic", base: sans.At(9.5), date: "01/02/2006", title: titleBold, draw: medList},
		{Name: "referral", vendor: "clinic", base: sans.At(10.5), date: "1/2/2006", latin: true, title: titleColon, draw: referral},
		{Name: "registration", vendor: "form", base: sans, date: "01/02/2006", title: titleDark, draw: registration},
		{Name: "shots", vendor: "registry", base: paper.Style{Family: paper.Narrow, Size: 9.5}, date: "01/02/2006", title: titleBold, draw: shotRecord},
		{Name: "problem-list", stamp: "RECEIVED", vendor: "plain", base: paper.Style{Family: paper.Slab, Size: 9.5}, date: "2006-01-02", title: titleDark, draw: problemSheet},
		{Name: "lab-previous", vendor: "labtwo", base: paper.Style{Family: paper.Sans, Size: 9}, date: "01/02/2006", title: titleBold, draw: labPrevious},
		{Name: "letter", sign: 14, vendor: "plain", base: serif, date: "January 2, 2006", title: titleBold, draw: consultLetter},
		{Name: "lab-side", vendor: "lab", base: paper.Style{Family: paper.Narrow, Size: 8.5}, date: "1/2/2006", title: titleBold, draw: labSide},
		{Name: "emergency", stamp: "SCANNED", vendor: "clinic", base: mono.At(9.5), date: "01/02/2006", latin: true, title: titleBold, draw: emergency},
		{Name: "batch", vendor: "plain", base: sans, date: "01/02/2006", title: titleBold, draw: batch},
		{Name: "prose-referrer", sign: 18, vendor: "plain", base: serif, date: "January 2, 2006", title: titleBold, draw: referrerLetter},
		{Name: "prose-clinic", vendor: "plain", base: sans, date: "2 January 2006", title: titleBold, draw: clinicLetter},
		{Name: "prose-dictation", vendor: "plain", base: mono, date: "01/02/2006", title: titleBold, draw: dictation},
		{Name: "prose-soap", vendor: "plain", base: sans.At(9.5), date: "1/2/2006", title: titleBold, draw: soapNote},
		{Name: "prose-stay", vendor: "plain", base: serif.At(10.5), date: "01/02/2006", title: titleBold, draw: stayLetter},
		{Name: "prose-emergency", vendor: "plain", base: paper.Style{Family: paper.Narrow, Size: 10.5}, date: "1/2/06", title: titleBold, draw: traumaNote},
		{Name: "prose-operation", vendor: "plain", base: paper.Style{Family: paper.Slab, Size: 9.5}, date: "01/02/2006", title: titleBold, draw: operation},
		{Name: "prose-phone", vendor: "plain", base: paper.Style{Family: paper.Verdana, Size: 9}, date: "1/2/2006", title: titleBold, draw: phoneNote},
		{Name: "prose-nurse", vendor: "plain", base: mono.At(9.5), date: "01/02/2006", title: titleBold, draw: nurseNote},
		{Name: "prose-imaging", vendor: "plain", base: sans, date: "01/02/2006", title: titleBold, draw: imagingReport},
	}
}

// labPrevious has a column of an earlier report's values.
func labPrevious(w *Writer) {
	w.letterhead(1, "laboratory report", "Laboratory Report")
	w.boxes([]float64{.4, .2, .2, .2}, w.who(true)...)
	w.Gap(16)
	w.inline("", "     ", pair{w.l["provider"], w.provider()}, pair{w.l["printed"], w.day("document_date", w.rec.Visit.Date)})
	w.collected()
	w.labTable(tableForm{cols: []string{"test", "result", "flag", "previous", "units", "range"}, shares: []float64{.32, .12, .09, .15, .16, .16}, under: true, pad: 1.8}, false)
}

// batch is the day's visits of three people, scanned into one file.
func batch(w *Writer) {
	for i := range 3 {
		if i > 0 {
			w.another()
		}
		w.letterhead(0, "visit summary", "VISIT SUMMARY")
		w.inline("**", "     ", w.who(false)...)
		w.inline("**", "     ", w.when()...)
		w.head("CC")
		w.line(key("chief_complaint", w.rec.Visit.Complaint))
		w.head("VITALS")
		w.vitalsLine(" ", "   ")
		w.head("PROBLEMS")
		w.problemLines(nameCode)
		w.head("MEDS")
		w.medLines(medOneLine)
		w.head("ALLERGIES")
		w.allergyText(false)
		w.head("RETURN")
		w.narrative("follow_up_instructions", w.rec.Return)
	}
}

func visitBands(w *Writer) {
	w.letterhead(0, "visit summary", "VISIT SUMMARY")
	w.both(270, func() { w.beside(84, "**", append(w.who(false), w.where()...)...) },
		func() { w.beside(84, "**", append(w.when(), w.cover()...)...) })
	w.Gap(8)
	w.head("CC")
	w.line(key("chief_complaint", w.rec.Visit.Complaint))
	w.head("VITALS")
	w.vitalsLine(": ", "     ")
	w.head("PROBLEMS")
	w.problemTable(tableForm{cols: []string{"dx", "code", "status", "onset"}, shares: []float64{.5, .14, .16, .2}, under: true, pad: 2})
	w.head("MEDS")
	w.medTable(tableForm{cols: []string{"med", "dose", "route", "freq", "start"}, shares: []float64{.3, .17, .15, .22, .16}, under: true, pad: 2})
	w.head("ALLERGIES")
	w.allergyTable(tableForm{cols: []string{"allergen", "reaction", "severity"}, shares: []float64{.36, .36, .28}, under: true, pad: 2})
	w.head("SOCIAL")
	w.social(0)
	w.head("LABS")
	w.collected()
	w.labTable(tableForm{cols: []string{"test", "result", "units", "range", "flag"}, shares: []float64{.34, .16, .2, .2, .1}, under: true, pad: 1.5}, false)
	w.head("PLAN")
	w.narrative("plan_of_care", w.rec.Plan)
	w.head("RETURN")
	w.narrative("follow_up_instructions", w.rec.Return)
}

func visitLines(w *Writer) {
	w.letterhead(.5, "visit summary", "Office Visit Note")
	w.inline("", "     ", w.who(true)...)
	w.inline("", "     ", w.when()[0], w.when()[2])
	w.head("CC")
	w.line(key("chief_complaint", w.rec.Visit.Complaint))
	w.head("HPI")
	w.present()
	w.head("PROBLEMS")
	w.problemLines(nameCode)
	w.head("MEDS")
	w.medLines(medNumbered)
	w.head("ALLERGIES")
	w.allergyText(true)
	w.head("PROCS")
	w.doneLines(false)
	w.head("FAMILY")
	w.family(0)
	w.head("SOCIAL")
	w.social(2)
	w.head("VITALS")
	w.vitalsLine(" ", ", ")
	w.head("EXAM")
	w.narrative("physical_exam", w.rec.Exam)
	w.head("LABS")
	w.collected()
	w.labText(labBeside)
	w.head("PLAN")
	w.narrative("plan_of_care", w.rec.Plan)
}

func visitTwoColumn(w *Writer) {
	w.letterhead(0, "visit summary", "After Visit Summary")
	w.inline("**", "    ", w.who(false)[:3]...)
	w.Rule(w.X, w.Y-6, w.X+w.Width, w.Y-6, 0.8)
	w.Gap(8)
	w.both(270, func() {
		w.head("VITALS")
		w.vitalsDown(110)
		w.head("ALLERGIES")
		w.allergyText(false)
	}, func() {
		w.head("PROBLEMS")
		w.problemLines(nameOnly)
		w.head("SOCIAL")
		w.social(1)
	})
	w.head("MEDS")
	w.medLines(medTwoLine)
	w.head("LABS")
	w.collected()
	w.labTable(tableForm{cols: []string{"test", "result", "flag", "range", "units"}, shares: []float64{.34, .14, .12, .2, .2}, stripe: true, pad: 2}, false)
	w.head("RETURN")
	w.narrative("follow_up_instructions", w.rec.Return)
}

func dischargeDictated(w *Writer) {
	w.letterhead(.5, "discharge summary", "DISCHARGE SUMMARY")
	v, p := w.rec.Visit, w.rec.Provider
	w.line(w.l["name"] + ": " + w.nameLast(true))
	w.inline("", "          ", pair{w.l["mrn"], key("patient_mrn", w.rec.Person.MRN)}, pair{w.l["number"], key("encounter_id", v.Number)})
	w.inline("", "          ", pair{w.l["dob"], w.day("date_of_birth", w.rec.Person.Born)}, pair{w.l["sex"], w.sex(true)})
	w.line(w.l["admit"] + ": " + w.day("admission_date", v.Admitted))
	w.line(w.l["discharge"] + ": " + w.day("discharge_date", v.Discharged))
	w.line(w.l["provider"] + ": " + w.provider())
	w.head("PROBLEMS")
	w.problemLines(nameCode)
	w.head("HPI")
	w.present()
	w.head("PROCS")
	w.doneLines(false)
	w.head("FAMILY")
	w.family(2)
	w.head("SOCIAL")
	w.social(2)
	w.head("ALLERGIES")
	w.allergyText(false)
	w.head("VITALS")
	w.vitalsLine(" ", ", ")
	w.head("EXAM")
	w.narrative("physical_exam", w.rec.Exam)
	w.head("LABS")
	w.labText(labRun)
	w.head("MEDS")
	w.medLines(medOneLine)
	w.line(w.l["disp"] + ": " + key("discharge_disposition", v.Disposition))
	w.head("RETURN")
	w.narrative("follow_up_instructions", w.rec.Return)
	w.Gap(14)
	w.line(p.Name + ", " + p.Degree + "    NPI " + key("provider_npi", p.NPI))
}

func labRuled(w *Writer) {
	w.letterhead(0, "laboratory report", "LABORATORY REPORT")
	y := w.Y - 12
	w.Frame(paper.Box{X0: w.X - 4, Y0: y, X1: w.X + w.Width, Y1: y + 62}, 0.7)
	w.Rule(w.X+258, y, w.X+258, y+62, 0.7)
	w.both(264, func() { w.beside(84, "", w.who(true)...) }, func() {
		w.beside(104, "", pair{w.l["provider"], w.provider()}, pair{w.l["npi"], key("provider_npi", w.rec.Provider.NPI)},
			pair{w.l["collected"], keyed("lab_results.*.collection_date", w.rec.Visit.Date.Format("2006-01-02"), w.rec.Visit.Date.Format(w.date))},
			pair{w.l["printed"], w.day("document_date", w.rec.Visit.Date.AddDate(0, 0, 1))})
	})
	w.Y = y + 84
	w.labTable(tableForm{cols: []string{"test", "result", "flag", "units", "range"}, shares: []float64{.36, .16, .1, .19, .19}, lines: true, pad: 1.6}, true)
}

func labPlain(w *Writer) {
	w.letterhead(.5, "laboratory report", "Laboratory Results")
	w.both(264, func() { w.beside(100, "", w.who(true)...) }, func() {
		w.beside(120, "", w.when()[1], pair{w.l["provider"], w.provider()}, pair{w.l["printed"], w.day("document_date", w.rec.Visit.Date.AddDate(0, 0, 2))})
	})
	w.collected()
	w.Gap(6)
	w.labColumns([]string{"test", "result", "flag", "range", "units"}, []float64{0, .38, .52, .62, .8})
}

func labBracketed(w *Writer) {
	w.letterhead(1, "laboratory report", "Test Results")
	w.inline("**", "   ", w.who(false)...)
	w.collected()
	w.labText(labBrackets)
	w.Gap(10)
	w.line("Reviewed by " + w.provider())
}

func medList(w *Writer) {
	w.letterhead(0, "medication list", "Medication List")
	w.inline("", "       ", w.who(true)...)
	w.head("ALLERGIES")
	w.allergyText(false)
	w.head("MEDS")
	w.medTable(tableForm{cols: []string{"med", "dose", "sig", "start", "status"}, shares: []float64{.24, .14, .32, .14, .16}, lines: true, band: true, pad: 2.4})
}

func referral(w *Writer) {
	w.letterhead(.5, "referral", "REFERRAL FORM")
	w.line("Date: " + w.day("document_date", w.rec.Visit.Date))
	w.line("Referring Provider: " + w.provider() + "     NPI: " + key("provider_npi", w.rec.Provider.NPI))
	w.inline("", "     ", w.who(true)...)
	w.line(w.l["street"] + ": " + w.where()[0].value + ", " + w.where()[1].value)
	w.inline("", "     ", append([]pair{w.where()[2]}, w.cover()...)...)
	w.line("Reason for Referral: " + key("chief_complaint", w.rec.Visit.Complaint))
	w.head("PROBLEMS")
	w.problemLines(codeName)
	w.head("HPI")
	w.present()
	w.head("FAMILY")
	w.family(2)
	w.head("VITALS")
	w.vitalsLine(" ", "  ")
	w.head("MEDS")
	w.medLines(medNumbered)
	w.head("ALLERGIES")
	w.allergyText(true)
}

func registration(w *Writer) {
	p := w.rec.Person
	w.letterhead(0, "", "")
	w.title(w, "PATIENT INFORMATION")
	third := []float64{.33, .33, .12, .22}
	w.boxes(third, pair{w.l["last"], key("patient_last_name", p.Last)}, pair{w.l["first"], key("patient_first_name", p.First)},
		pair{w.l["middle"], optional("patient_middle_name", p.Middle)}, pair{w.l["dob"], w.day("date_of_birth", p.Born)})
	w.boxes([]float64{.44, .26, .12, .18}, pair{w.l["street"], key("address_line", p.Street)}, pair{w.l["city"], key("city", p.City)},
		pair{w.l["state"], key("state", p.State)}, pair{w.l["zip"], key("postal_code", p.Zip)})
	w.boxes([]float64{.3, .42, .28}, pair{w.l["phone"], key("phone", p.Phone)}, pair{w.l["email"], key("email", p.Email)}, pair{w.l["mrn"], key("patient_mrn", p.MRN)})
	w.Gap(8)
	w.choice(w.l["sex"], "sex", w.rec.Person.Sex, "Male", "Female", "Other")
	w.choice(w.l["marital"], "marital_status", p.Marital, "Single", "Married", "Divorced", "Widowed")
	w.choice("Smoking", "smoking_status", w.rec.Smoking, "Current", "Former", "Never")
	w.title(w, "INSURANCE")
	w.boxes([]float64{.45, .3, .25}, w.cover()...)
	w.boxes([]float64{.6, .4}, pair{w.l["contact"], key("emergency_contact_name", p.ContactName)}, pair{w.l["cphone"], key("emergency_contact_phone", p.ContactPhone)})
	w.Gap(8)
	w.title(w, w.l["PROBLEMS"]+" - CHECK ALL THAT APPLY")
	w.checklist()
	w.title(w, w.l["ALLERGIES"])
	w.allergyText(false)
	w.title(w, w.l["MEDS"])
	w.medTable(tableForm{cols: []string{"med", "dose", "freq"}, shares: []float64{.44, .22, .34}, lines: true, pad: 3})
}

func shotRecord(w *Writer) {
	w.letterhead(.5, "immunization record", "IMMUNIZATION RECORD")
	w.inline("", "       ", w.who(false)...)
	w.inline("", "       ", pair{w.l["provider"], w.provider()}, pair{w.l["printed"], w.day("document_date", w.rec.Visit.Date)})
	w.head("SHOTS")
	w.shotTable(tableForm{cols: []string{"vaccine", "given", "lot"}, shares: []float64{.46, .3, .24}, lines: true, band: true, pad: 2.4})
	w.head("ALLERGIES")
	w.allergyText(false)
}

func problemSheet(w *Writer) {
	w.letterhead(0, "", "Patient Health Summary")
	w.beside(120, "", append(w.who(false), pair{w.l["printed"], w.day("document_date", w.rec.Visit.Date)})...)
	w.head("PROBLEMS")
	w.problemTable(tableForm{cols: []string{"code", "dx", "onset", "status"}, shares: []float64{.16, .48, .18, .18}, lines: true, pad: 2})
	w.head("PROCS")
	w.doneTable(tableForm{cols: []string{"proc", "pcode", "pdate"}, shares: []float64{.56, .2, .24}, lines: true, pad: 2})
	w.head("SHOTS")
	w.shotTable(tableForm{cols: []string{"vaccine", "given", "lot"}, shares: []float64{.5, .26, .24}, lines: true, pad: 2})
	w.head("FAMILY")
	w.family(1)
	w.head("ALLERGIES")
	w.allergyTable(tableForm{cols: []string{"allergen", "reaction", "severity"}, shares: []float64{.36, .36, .28}, lines: true, pad: 2})
}
