package forms

import (
	"fmt"
	"strings"

	"github.com/paperchart/paperchart/eval/chart"
	"github.com/paperchart/paperchart/eval/paper"
)

// sumDescribed titles its columns as a practice system does: "Problem Description",
// "Sig Desc", "Elsewhere".
func sumDescribed(w *Writer) {
	p, v := w.rec.Person, w.rec.Visit
	w.letterhead(.5, "", "Master Patient Summary")
	w.line("**PATIENT:** " + w.nameFirst() + "   **DATE OF BIRTH:** " + w.day("date_of_birth", p.Born) + "   **DATE:** " + w.day("document_date", v.Date))
	w.line("**PERSON #:** " + key("patient_mrn", p.MRN) + "   **RENDERING PROVIDER:** " + w.provider())
	look := paper.Grid{Lines: true, Band: true, Pad: 1.8}
	w.said("Problem List")
	var rows [][]string
	for i, q := range w.rec.Problems {
		r := w.problemRow(i, q)
		rows = append(rows, []string{r["dx"], r["onset"], []string{"Y", "N"}[w.r.IntN(2)], r["status"], ""})
	}
	w.shown(look, []float64{.4, .18, .12, .16, .14}, []string{"Problem Description", "Onset Date", "Chronic", "Clinical Status", "Notes"}, rows)
	w.said("Medication List")
	rows = nil
	for i, m := range w.rec.Meds {
		r := w.medRow(i, m)
		stop := ""
		if m.Stopped {
			stop = v.Date.AddDate(0, 0, -3).Format(w.date)
			w.doc.Imply(fmt.Sprintf("medications.%d.medication_status", i+1), "stopped")
		}
		rows = append(rows, []string{r["med"], r["dose"], strings.ToLower(w.take(i)), r["start"], stop, "N"})
	}
	w.shown(look, []float64{.22, .14, .3, .14, .12, .08}, []string{"Medication", "Dose", "Sig Desc", "Start Date", "Stop Date", "Elsewhere"}, rows)
	w.said("Allergies")
	rows = nil
	for i, a := range w.rec.Allergies {
		r := w.allergyRow(i, a)
		rows = append(rows, []string{r["allergen"], r["reaction"], ""})
	}
	if !w.noAllergies() {
		w.shown(look, []float64{.4, .3, .3}, []string{"Ingredient/Allergen", "Reaction (Severity)", "Comment"}, rows)
	}
	w.said("Vital Signs")
	s := w.rec.Vitals
	w.shown(look, []float64{.13, .09, .12, .12, .1, .1, .12, .08, .1}, []string{"Date", "Time", "Ht (in)", "Wt (lb)", "BMI", "BP", "Pulse", "Resp", "Temp F"}, [][]string{{
		keyed("vitals_date", v.Date.Format("2006-01-02"), v.Date.Format(w.date)), "9:42 AM", key("height", s.Height), key("weight", s.Weight), key("bmi", s.BMI),
		key("blood_pressure_systolic", s.Systolic) + "/" + key("blood_pressure_diastolic", s.Diastolic), key("heart_rate", s.Pulse), key("respiratory_rate", s.Resp), key("body_temperature", s.Temp)}})
	w.said("Surgical/Procedural History")
	w.doneGrid(look, "Date")
	w.said("Family History")
	rows = nil
	for i, f := range w.rec.Family {
		rows = append(rows, []string{cell("family_members", i, "relation", f.Relation), "", "N", cell("family_members", i, "relative_condition", f.Illness)})
	}
	w.shown(look, []float64{.24, .2, .16, .4}, []string{"Relationship", "Family Member Name", "Deceased", "Condition"}, rows)
	w.said("Lab Studies")
	rows = nil
	w.results(func(string) {}, func(i int, _ chart.Result, c map[string]string) {
		rows = append(rows, []string{w.dayCell("lab_results", i, "collection_date", v.Date), c["test"], join(c["flag"], c["result"]), c["units"], c["range"]})
	})
	w.shown(look, []float64{.16, .36, .16, .16, .16}, []string{"Coll. Date", "Observation Desc", "Result", "Units", "Ref. Range"}, rows)
}

// sumPractice is what a British practice prints of its record.
func sumPractice(w *Writer) {
	p, v := w.rec.Person, w.rec.Visit
	w.line("**" + key("facility_name", w.rec.Facility.Name) + "**")
	w.line(key("facility_address", w.rec.Facility.Address) + "   Tel: " + key("facility_phone", w.rec.Facility.Phone))
	w.Gap(6)
	w.Text(w.X, w.Y, w.base.B().At(13), "Patient Summary Report")
	w.Right(w.X+w.Width, w.Y, w.base, "Printed: "+w.day("document_date", v.Date))
	w.Y += 20
	w.line(w.nameLast(true) + "   " + "Born " + w.day("date_of_birth", p.Born) + "   Gender " + w.sex(false) + "   Hospital No. " + key("patient_mrn", p.MRN))
	w.line(key("address_line", p.Street) + ", " + key("city", p.City) + ", " + key("state", p.State) + ", " + key("postal_code", p.Zip) + "   Home tel: " + key("phone", p.Phone))
	w.line("Usual GP: " + w.provider())
	for _, active := range []bool{true, false} {
		n := 0
		for i, q := range w.rec.Problems {
			if (q.Status == "Active") != active {
				continue
			}
			if n++; n == 1 {
				w.said(map[bool]string{true: "Active Problems", false: "Significant Past"}[active])
			}
			r := w.problemRow(i, q)
			w.Text(w.X, w.Y, w.base, r["onset"])
			w.Text(w.X+90, w.Y, w.base, r["dx"])
			w.Y += w.Lead
			w.doc.Imply(fmt.Sprintf("conditions.%d.clinical_status", i+1), strings.ToLower(q.Status))
		}
	}
	w.said("Allergies and Sensitivities")
	if !w.noAllergies() {
		for i, a := range w.rec.Allergies {
			r := w.allergyRow(i, a)
			w.line(w.rec.Visit.Date.AddDate(-3-i, 0, 0).Format(w.date) + "     Adverse reaction to " + r["allergen"] + " - " + r["reaction"])
		}
	}
	for _, gone := range []bool{false, true} {
		n := 0
		for i, m := range w.rec.Meds {
			if m.Stopped != gone {
				continue
			}
			if n++; n == 1 {
				w.said(map[bool]string{false: "Repeat Medication", true: "Discontinued Medication"}[gone])
			}
			r := w.medRow(i, m)
			w.line(r["med"] + " " + r["dose"] + " " + m.Form + "s")
			w.line("      " + w.take(i) + "     Supply: 56 " + m.Form + "s     Last issued: " + v.Date.AddDate(0, 0, -11).Format(w.date))
			if gone {
				w.doc.Imply(fmt.Sprintf("medications.%d.medication_status", i+1), "stopped")
			}
		}
	}
	w.said("Vaccinations")
	for i, s := range w.rec.Shots {
		w.Text(w.X, w.Y, w.base, w.dayCell("immunizations", i, "vaccine_date", s.Date))
		w.Text(w.X+90, w.Y, w.base, cell("immunizations", i, "vaccine_name", s.Vaccine))
		w.Y += w.Lead
	}
	w.said("Last Values")
	s := w.rec.Vitals
	for _, l := range [][2]string{{"O/E - blood pressure reading", key("blood_pressure_systolic", s.Systolic) + "/" + key("blood_pressure_diastolic", s.Diastolic) + " mmHg"},
		{"O/E - pulse rate", key("heart_rate", s.Pulse) + " beats/min"}, {"Body mass index", key("bmi", s.BMI) + " kg/m2"},
		{"Tobacco consumption", keyed("smoking_status", w.rec.Smoking, w.rec.Tobacco)}, {"Alcohol consumption", key("alcohol_use", w.rec.Alcohol)}} {
		w.Text(w.X, w.Y, w.base, v.Date.Format(w.date))
		w.Text(w.X+90, w.Y, w.base, l[0])
		w.Text(w.X+290, w.Y, w.base, l[1])
		w.Y += w.Lead
	}
	w.said("Operations")
	for i, d := range w.rec.Done {
		w.Text(w.X, w.Y, w.base, w.dayCell("procedures", i, "procedure_date", d.Date))
		w.Text(w.X+90, w.Y, w.base, cell("procedures", i, "procedure_name", d.Name))
		w.Y += w.Lead
	}
}

// sumTiles has the signs as tiles, the value large and its label under it, and a
// card for each drug.
func sumTiles(w *Writer) {
	p, v := w.rec.Person, w.rec.Visit
	w.Text(w.X, w.Y, w.base.B().At(15), w.nameFirst())
	w.Right(w.X+w.Width, w.Y, w.base, key("facility_name", w.rec.Facility.Name))
	w.Y += 14
	w.line(w.sex(false) + " | Born " + w.day("date_of_birth", p.Born) + " | ID " + key("patient_mrn", p.MRN))
	w.line("Visit on " + w.day("encounter_date", v.Date) + " with " + w.provider())
	w.said("Vitals")
	var tiles []pair
	for _, s := range w.vitals()[:8] {
		tiles = append(tiles, pair{s.label, s.value + s.unit})
	}
	step := w.Width / 4
	for i, t := range tiles {
		x := w.X + float64(i%4)*step
		y := w.Y + float64(i/4)*34
		w.Frame(paper.Box{X0: x, Y0: y - 12, X1: x + step - 6, Y1: y + 18}, .6)
		w.Text(x+8, y, w.base.B().At(12), t.value)
		w.Text(x+8, y+12, w.base.At(7.5), t.label)
	}
	w.Y += 76
	w.said("Medications")
	n := 0
	for i, m := range w.rec.Meds {
		if m.Stopped {
			continue
		}
		r := w.medRow(i, m)
		if n%2 == 0 {
			w.need(58)
		}
		x, y := w.X+float64(n%2)*w.Width/2, w.Y
		w.Frame(paper.Box{X0: x, Y0: y - 12, X1: x + w.Width/2 - 8, Y1: y + 34}, .6)
		w.Text(x+6, y, w.base.B(), r["med"]+" "+r["dose"])
		w.Text(x+6, y+13, w.base.At(8.5), w.take(i))
		w.Text(x+6, y+26, w.base.At(8.5), "Started "+r["start"])
		if n++; n%2 == 0 {
			w.Y += 54
		}
	}
	if n%2 == 1 {
		w.Y += 54
	}
	for i, m := range w.rec.Meds {
		if m.Stopped {
			w.line("No longer taking: " + w.medRow(i, m)["med"] + " " + w.medRow(i, m)["dose"])
			w.doc.Imply(fmt.Sprintf("medications.%d.medication_status", i+1), "stopped")
		}
	}
	w.said("Conditions")
	for i, q := range w.rec.Problems {
		r := w.problemRow(i, q)
		w.line("[" + r["code"] + "]  **" + r["dx"] + "**")
		w.line("      " + r["status"] + " since " + r["onset"])
	}
	w.said("Allergies")
	if !w.noAllergies() {
		for i, a := range w.rec.Allergies {
			r := w.allergyRow(i, a)
			w.Text(w.X, w.Y, w.base, r["severity"])
			w.Text(w.X+90, w.Y, w.base.B(), r["allergen"])
			w.Text(w.X+290, w.Y, w.base, r["reaction"])
			w.Y += w.Lead
		}
	}
	w.said("Recent results")
	w.line("From " + w.drawn())
	w.results(func(string) {}, func(_ int, _ chart.Result, c map[string]string) {
		w.need(2 * w.Lead)
		w.Text(w.X, w.Y, w.base, c["test"])
		w.Text(w.X+230, w.Y, w.base.B(), join(c["result"], c["units"], c["flag"]))
		w.Text(w.X+350, w.Y, w.base.At(8), "Normal range: "+c["range"])
		w.Y += w.Lead
	})
	w.said("Next steps")
	w.narrative("follow_up_instructions", w.rec.Return)
}

// sumClasses groups drugs under the classes they are of, with who wrote them.
func sumClasses(w *Writer) {
	p := w.rec.Person
	w.letterhead(0, "medication list", "MEDICATION PROFILE")
	w.below(7, pair{"NAME (LAST, FIRST MI)", w.nameLast(false)}, pair{"BIRTHDATE", w.day("date_of_birth", p.Born)}, pair{"SEX", w.sex(true)}, pair{"CHART NO.", key("patient_mrn", p.MRN)})
	w.below(7, pair{"PHARMACY", "Corner Drug #114"}, pair{"PRIMARY PAYER", key("insurance_payer_name", p.Payer)}, pair{"ID NO.", key("insurance_member_id", p.Member)}, pair{"AS OF", w.day("document_date", w.rec.Visit.Date)})
	var rows [][]string
	classes := []string{"CARDIOVASCULAR", "ENDOCRINE & METABOLIC", "CENTRAL NERVOUS SYSTEM", "OTHER"}
	for i, m := range w.rec.Meds {
		if i%2 == 0 {
			rows = append(rows, []string{"**" + classes[(i/2)%len(classes)] + "**"})
		}
		r := w.medRow(i, m)
		until := "Present"
		if m.Stopped {
			until = w.rec.Visit.Date.AddDate(0, -1, 0).Format(w.date)
			w.doc.Imply(fmt.Sprintf("medications.%d.medication_status", i+1), "stopped")
		}
		rows = append(rows, []string{r["med"] + " " + m.Form, r["dose"], r["route"], r["freq"], r["start"] + " - " + until, w.rec.Provider.Name})
	}
	w.shown(paper.Grid{Lines: true, Pad: 2}, []float64{.24, .14, .12, .17, .18, .15}, []string{"Drug", "Strength", "Rte", "Frequency", "Therapy Dates", "Prescriber"}, rows)
	w.said("DRUG ALLERGIES / INTOLERANCES")
	if !w.noAllergies() {
		for i, a := range w.rec.Allergies {
			r := w.allergyRow(i, a)
			w.line(fmt.Sprintf("%d) ", i+1) + r["allergen"] + "   Rxn: " + r["reaction"] + "   Sev: " + r["severity"])
		}
	}
	w.said("ACTIVE DIAGNOSES")
	var dx [][]string
	for i, q := range w.rec.Problems {
		r := w.problemRow(i, q)
		if q.Status == "Active" {
			dx = append(dx, []string{r["code"], r["dx"], r["onset"]})
		}
	}
	w.shown(paper.Grid{Under: true, Pad: 1.6}, []float64{.16, .6, .24}, []string{"ICD", "Description", "Since"}, dx)
	w.line("Prescriber: " + w.provider() + "   NPI " + key("provider_npi", w.rec.Provider.NPI))
}

// sumGiven is a nurse's sheet of what was given when: drug and direction in one
// cell, hours and days beside it.
func sumGiven(w *Writer) {
	p, v := w.rec.Person, w.rec.Visit
	w.Center(w.X+w.Width/2, w.Y, w.base.B().At(12), "MEDICATION ADMINISTRATION RECORD")
	w.Center(w.X+w.Width/2, w.Y+14, w.base, key("facility_name", w.rec.Facility.Name))
	w.Y += 32
	days := make([]string, 7)
	for i := range days {
		days[i] = fmt.Sprint(i + 1)
	}
	var rows [][]string
	for i, m := range w.rec.Meds {
		if m.Stopped {
			continue
		}
		r := w.medRow(i, m)
		c := []string{r["med"] + " " + r["dose"] + " " + m.Form + " " + r["route"] + " " + r["freq"] + " Start: " + r["start"], []string{"0800", "2100", "1200"}[w.r.IntN(3)]}
		for range days {
			c = append(c, []string{"RJ", "TM", ""}[w.r.IntN(3)])
		}
		rows = append(rows, c)
	}
	w.shown(paper.Grid{Lines: true, Pad: 3}, []float64{.42, .09, .07, .07, .07, .07, .07, .07, .07}, append([]string{"Medication", "Hour"}, days...), rows)
	w.boxes([]float64{.4, .2, .2, .2}, pair{"Resident", w.nameLast(false)}, pair{"DOB", w.day("date_of_birth", p.Born)}, pair{"Sex", w.sex(true)}, pair{"Med Rec #", key("patient_mrn", p.MRN)})
	w.boxes([]float64{.4, .2, .4}, pair{"Physician", w.provider()}, pair{"Admitted", w.day("admission_date", v.Admitted)}, pair{"Phone", "703-555-0188"})
	x := w.Y
	w.Frame(paper.Box{X0: w.X, Y0: x - 9, X1: w.X + w.Width, Y1: x + 20}, .7)
	w.Text(w.X+3, x, w.base.At(6.5), "Diagnoses")
	s := ""
	for i, q := range w.rec.Problems[:2] {
		if i > 0 {
			s += "; "
		}
		s += w.problemRow(i, q)["dx"]
	}
	w.Text(w.X+5, x+14, w.base, s)
	w.Y += 29
	y := w.Y
	w.Frame(paper.Box{X0: w.X, Y0: y - 9, X1: w.X + w.Width, Y1: y + 20}, .7)
	w.Text(w.X+3, y, w.base.At(6.5), "Allergies")
	a := ""
	for i, al := range w.rec.Allergies {
		if i > 0 {
			a += ", "
		}
		a += w.allergyRow(i, al)["allergen"]
	}
	if a == "" {
		a = cell("allergies", 0, "allergen", "NKA")
	}
	w.Text(w.X+5, y+14, w.base, a)
}
