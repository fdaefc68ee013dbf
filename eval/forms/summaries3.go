package forms

import (
	"fmt"
	"strings"

	"github.com/paperchart/paperchart/eval/chart"
	"github.com/paperchart/paperchart/eval/paper"
)

// sumFace is a hospital's face sheet: frames in three columns, the label in each
// frame's corner, a second insurance and a guarantor that are nobody's patient.
func sumFace(w *Writer) {
	p, v := w.rec.Person, w.rec.Visit
	w.Text(w.X, w.Y, w.base.B().At(12), key("facility_name", w.rec.Facility.Name))
	w.Right(w.X+w.Width, w.Y, w.base.B(), "INPATIENT FACE SHEET")
	w.Y += 24
	part := func(title string) { w.Gap(4); w.title(w, title); w.Gap(-4) }
	part("PATIENT")
	w.boxes([]float64{.4, .2, .2, .2}, pair{"NAME", w.nameLast(true)}, pair{"MED REC NO", key("patient_mrn", p.MRN)}, pair{"ACCT NO", key("encounter_id", v.Number)}, pair{"BIRTH DATE", w.day("date_of_birth", p.Born)})
	w.boxes([]float64{.4, .22, .1, .28}, pair{"STREET ADDRESS", key("address_line", p.Street)}, pair{"CITY", key("city", p.City)}, pair{"ST", key("state", p.State)}, pair{"ZIP", key("postal_code", p.Zip)})
	w.boxes([]float64{.26, .14, .2, .4}, pair{"HOME PHONE", key("phone", p.Phone)}, pair{"SEX", w.sex(true)}, pair{"MARITAL", key("marital_status", p.Marital)}, pair{"RACE", key("race", p.Race)})
	w.Gap(8)
	part("GUARANTOR")
	w.boxes([]float64{.4, .3, .3}, pair{"NAME", "Ruthven, Odalys"}, pair{"RELATION TO PT", "Spouse"}, pair{"PHONE", "617-555-0170"})
	w.Gap(8)
	part("EMERGENCY CONTACT")
	w.boxes([]float64{.4, .3, .3}, pair{"NAME", key("emergency_contact_name", p.ContactName)}, pair{"RELATION TO PT", "Sister"}, pair{"PHONE", key("emergency_contact_phone", p.ContactPhone)})
	w.Gap(8)
	part("INSURANCE")
	w.boxes([]float64{.4, .3, .3}, pair{"PRIMARY", key("insurance_payer_name", p.Payer)}, pair{"POLICY NO", key("insurance_member_id", p.Member)}, pair{"GROUP NO", key("insurance_group_number", p.Group)})
	w.boxes([]float64{.4, .3, .3}, pair{"SECONDARY", "Harborlight Supplemental"}, pair{"POLICY NO", "SUP7741902"}, pair{"GROUP NO", "0091"})
	w.Gap(8)
	part("ADMISSION")
	w.boxes([]float64{.3, .3, .4}, pair{"ADMIT DATE", w.day("admission_date", v.Admitted)}, pair{"DISCH DATE", w.day("discharge_date", v.Discharged)}, pair{"ATTENDING PHYSICIAN", w.provider()})
	w.boxes([]float64{.3, .7}, pair{"NPI", key("provider_npi", w.rec.Provider.NPI)}, pair{"REASON FOR ADMISSION", key("chief_complaint", v.Complaint)})
	w.Gap(12)
	part("DIAGNOSES")
	for i, q := range w.rec.Problems {
		r := w.problemRow(i, q)
		w.Text(w.X, w.Y, w.base, map[bool]string{true: "PRIN", false: fmt.Sprintf("SEC%d", i)}[i == 0])
		w.Text(w.X+50, w.Y, w.base, r["dx"])
		w.Text(w.X+400, w.Y, w.base, r["code"])
		w.Y += w.Lead
	}
}

// sumTransfer is a form that goes with a resident from one house to another.
func sumTransfer(w *Writer) {
	p, v := w.rec.Person, w.rec.Visit
	w.Center(w.X+w.Width/2, w.Y, w.base.B().At(13), "INTERFACILITY TRANSFER FORM")
	w.Y += 18
	w.boxes([]float64{.5, .25, .25}, pair{"1. Resident Name (Last, First, Middle Initial)", w.nameLast(false)}, pair{"2. Date of Birth", w.day("date_of_birth", p.Born)}, pair{"3. Date of Transfer", w.day("encounter_date", v.Date)})
	w.boxes([]float64{.5, .5}, pair{"4. Sent From (name of facility)", key("facility_name", w.rec.Facility.Name)}, pair{"5. Tel. of Sending Facility", key("facility_phone", w.rec.Facility.Phone)})
	w.boxes([]float64{.5, .5}, pair{"6. Contact Person / Next of Kin", key("emergency_contact_name", p.ContactName)}, pair{"7. Telephone", key("emergency_contact_phone", p.ContactPhone)})
	w.boxes([]float64{.5, .5}, pair{"8. Reason for Transfer", key("chief_complaint", v.Complaint)}, pair{"9. Sending Physician", w.provider()})
	w.Gap(12)
	w.choice("10. Sex", "sex", p.Sex, "Male", "Female")
	w.Gap(-4)
	w.said("11. VITAL SIGNS AT TIME OF TRANSFER")
	s := w.rec.Vitals
	w.line("BP " + key("blood_pressure_systolic", s.Systolic) + "/" + key("blood_pressure_diastolic", s.Diastolic) + "    HR " + key("heart_rate", s.Pulse) + "    RR " + key("respiratory_rate", s.Resp) +
		"    Temp " + key("body_temperature", s.Temp) + "    O2 Sat " + key("oxygen_saturation", s.Sat) + "% RA    Wt " + key("weight", s.Weight) + " " + key("weight_unit", "lb") + "    Pain (0-10) " + key("pain_score", s.Pain))
	w.said("12. DIAGNOSES")
	half := (len(w.rec.Problems) + 1) / 2
	w.both(262, func() {
		w.Line("**Primary:** " + w.problemRow(0, w.rec.Problems[0])["dx"])
		for i, q := range w.rec.Problems[1:half] {
			w.Line(fmt.Sprintf("%d. ", i+2) + w.problemRow(i+1, q)["dx"])
		}
	}, func() {
		for i, q := range w.rec.Problems[half:] {
			w.Line(fmt.Sprintf("%d. ", half+i+1) + w.problemRow(half+i, q)["dx"])
		}
	})
	w.said("13. ALLERGIES")
	w.allergyText(true)
	w.said("14. MEDICATIONS (attach MAR)")
	var rows [][]string
	for i, m := range w.rec.Meds {
		if !m.Stopped {
			r := w.medRow(i, m)
			rows = append(rows, []string{r["med"], r["dose"], r["route"], r["freq"], []string{"8 AM", "9 PM", "12 PM"}[w.r.IntN(3)]})
		}
	}
	w.shown(paper.Grid{Lines: true, Pad: 2}, []float64{.34, .18, .14, .2, .14}, []string{"Drug", "Dose", "Route", "Freq", "Last Given"}, rows)
	w.said("15. IMMUNIZATIONS")
	for i, x := range w.rec.Shots {
		w.line(cell("immunizations", i, "vaccine_name", x.Vaccine) + "   Date: " + w.dayCell("immunizations", i, "vaccine_date", x.Date))
	}
	w.line("16. Completed by: ____________________     MRN: " + key("patient_mrn", p.MRN))
}

// blank prints a label with its value above a drawn line.
func (w *Writer) blank(x, to float64, label, value string) {
	at := w.Text(x, w.Y, w.base, label+" ")
	w.Text(at+8, w.Y-1, w.base.At(11), value)
	w.Rule(at+2, w.Y+2, to, w.Y+2, .5)
}

// sumPhysical is a camp's or school's form.
func sumPhysical(w *Writer) {
	p, v, s := w.rec.Person, w.rec.Visit, w.rec.Vitals
	w.Center(w.X+w.Width/2, w.Y, w.base.B().At(14), "HEALTH EXAMINATION FORM")
	w.Center(w.X+w.Width/2, w.Y+14, w.base.At(9), "To be completed by the parent or guardian and a licensed provider")
	w.Y += 38
	two := func(a, b pair) {
		w.blank(w.X, w.X+w.Width*.58, a.label, a.value)
		w.blank(w.X+w.Width*.6, w.X+w.Width, b.label, b.value)
		w.Y += 20
	}
	two(pair{"Participant's Name", w.nameFirst()}, pair{"Birth date", w.day("date_of_birth", p.Born)})
	two(pair{"Home Address", key("address_line", p.Street)}, pair{"Phone", key("phone", p.Phone)})
	two(pair{"City", key("city", p.City)}, pair{"State/Zip", key("state", p.State) + " " + key("postal_code", p.Zip)})
	two(pair{"In an emergency notify", key("emergency_contact_name", p.ContactName)}, pair{"Phone", key("emergency_contact_phone", p.ContactPhone)})
	two(pair{"Health insurance carrier", key("insurance_payer_name", p.Payer)}, pair{"Policy #", key("insurance_member_id", p.Member)})
	w.choice("Gender", "sex", p.Sex, "Male", "Female")
	w.said("HEALTH HISTORY (check all that apply)")
	w.checklist()
	w.said("MEDICATIONS TAKEN AT HOME OR CAMP")
	for i, m := range w.rec.Meds {
		if m.Stopped {
			continue
		}
		r := w.medRow(i, m)
		w.need(20)
		w.blank(w.X, w.X+w.Width*.4, "Med", r["med"])
		w.blank(w.X+w.Width*.42, w.X+w.Width*.66, "Dosage", r["dose"])
		w.blank(w.X+w.Width*.68, w.X+w.Width, "How often", r["freq"])
		w.Y += 19
	}
	w.said("ALLERGIES")
	if !w.noAllergies() {
		for i, a := range w.rec.Allergies {
			r := w.allergyRow(i, a)
			w.blank(w.X, w.X+w.Width*.48, "Allergic to", r["allergen"])
			w.blank(w.X+w.Width*.5, w.X+w.Width, "Reaction", r["reaction"])
			w.Y += 19
		}
	}
	w.need(150)
	w.said("EXAMINATION BY PROVIDER")
	w.blank(w.X, w.X+120, "Height", key("height", s.Height)+" "+key("height_unit", "in"))
	w.blank(w.X+126, w.X+250, "Weight", key("weight", s.Weight)+" "+key("weight_unit", "lb"))
	w.blank(w.X+256, w.X+380, "B/P", key("blood_pressure_systolic", s.Systolic)+"/"+key("blood_pressure_diastolic", s.Diastolic))
	w.blank(w.X+386, w.X+w.Width, "Pulse", key("heart_rate", s.Pulse))
	w.Y += 20
	w.said("IMMUNIZATION DATES")
	var rows [][]string
	for i, x := range w.rec.Shots {
		row := []string{cell("immunizations", i, "vaccine_name", x.Vaccine), "", "", "", ""}
		row[1+w.r.IntN(4)] = w.dayCell("immunizations", i, "vaccine_date", x.Date)
		rows = append(rows, row)
	}
	w.shown(paper.Grid{Lines: true, Pad: 2.4}, []float64{.36, .16, .16, .16, .16}, []string{"Vaccine", "1", "2", "3", "Booster"}, rows)
	w.need(40)
	w.blank(w.X, w.X+w.Width*.6, "Provider's name (print)", w.provider())
	w.blank(w.X+w.Width*.62, w.X+w.Width, "Exam date", w.day("encounter_date", v.Date))
}

// sumCrosses is a history with crosses for what ran in the family.
func sumCrosses(w *Writer) {
	p := w.rec.Person
	w.letterhead(0, "", "ADULT HEALTH HISTORY")
	w.leaders(w.Width*.6, pair{"Your full name", w.nameFirst()}, pair{"Date of birth", w.day("date_of_birth", p.Born)}, pair{"Today's date", w.day("document_date", w.rec.Visit.Date)}, pair{"Chart #", key("patient_mrn", p.MRN)})
	w.said("PAST MEDICAL HISTORY")
	for i, q := range w.rec.Problems {
		r := w.problemRow(i, q)
		w.line(fmt.Sprintf("%d. ", i+1) + r["dx"] + ", diagnosed " + cell("conditions", i, "onset_date", q.Onset.Format("2006")))
	}
	w.said("OPERATIONS AND HOSPITAL PROCEDURES")
	var rows [][]string
	for i, d := range w.rec.Done {
		rows = append(rows, []string{cell("procedures", i, "procedure_date", d.Date.Format("2006")), cell("procedures", i, "procedure_name", d.Name), "General"})
	}
	w.shown(paper.Grid{Under: true, Pad: 2}, []float64{.14, .6, .26}, []string{"Year", "Operation", "Hospital"}, rows)
	w.said("MEDICINES AND SUPPLEMENTS")
	rows = nil
	for i, m := range w.rec.Meds {
		if !m.Stopped {
			r := w.medRow(i, m)
			rows = append(rows, []string{r["med"], r["dose"], r["freq"]})
		}
	}
	w.shown(paper.Grid{Lines: true, Pad: 2}, []float64{.44, .26, .3}, []string{"Name of medicine", "Strength", "How many times a day"}, rows)
	w.said("REACTIONS TO MEDICINES OR FOODS")
	if !w.noAllergies() {
		rows = nil
		for i, a := range w.rec.Allergies {
			r := w.allergyRow(i, a)
			rows = append(rows, []string{r["allergen"], r["reaction"], r["severity"]})
		}
		w.shown(paper.Grid{Lines: true, Pad: 2}, []float64{.4, .34, .26}, []string{"Name", "What happened", "How bad"}, rows)
	}
	w.said("FAMILY HISTORY (X = has or had)")
	rel := []string{"Mother", "Father", "Sister", "Brother", "Child"}
	common := []string{"Diabetes", "Heart disease", "Stroke", "High blood pressure", "Breast cancer", "Colon cancer"}
	rows, n := nil, 0
	for _, ill := range common {
		row := []string{ill}
		for _, r := range rel {
			mark := ""
			if w.r.IntN(6) == 0 {
				mark = "X"
				w.doc.Imply(fmt.Sprintf("family_members.%d.relation", n+1), r)
				w.doc.Imply(fmt.Sprintf("family_members.%d.relative_condition", n+1), ill)
				n++
			}
			row = append(row, mark)
		}
		rows = append(rows, row)
	}
	w.shown(paper.Grid{Lines: true, Pad: 2.2}, []float64{.3, .14, .14, .14, .14, .14}, append([]string{"Condition"}, rel...), rows)
	w.said("HABITS")
	w.line("Do you smoke or use tobacco?   " + keyed("smoking_status", w.rec.Smoking, w.rec.Tobacco))
	w.line("Do you drink alcohol? How much?   " + key("alcohol_use", w.rec.Alcohol))
	w.line("Do you use recreational drugs?   " + key("drug_use", w.rec.DrugUse))
}

// sumGoingHome sorts drugs by what is to be done with them.
func sumGoingHome(w *Writer) {
	p, v := w.rec.Person, w.rec.Visit
	w.letterhead(1, "discharge summary", "Discharge Instructions")
	w.line("**Patient:** " + w.nameFirst() + "   **Hospital number:** " + key("patient_mrn", p.MRN) + "   **Birthday:** " + w.day("date_of_birth", p.Born))
	w.line("**In hospital:** " + w.day("admission_date", v.Admitted) + " to " + w.day("discharge_date", v.Discharged) + "   **Your doctor:** " + w.provider())
	w.line("**You are going to:** " + key("discharge_disposition", v.Disposition))
	w.said("Why you were in the hospital")
	w.line("Principal diagnosis: " + w.problemRow(0, w.rec.Problems[0])["dx"])
	s := ""
	for i, q := range w.rec.Problems[1:] {
		if i > 0 {
			s += "; "
		}
		s += w.problemRow(i+1, q)["dx"]
	}
	w.para("Other diagnoses: " + s)
	w.said("What was done")
	for i, d := range w.rec.Done {
		w.item("•", w.dayCell("procedures", i, "procedure_date", d.Date)+": "+cell("procedures", i, "procedure_name", d.Name), 12)
	}
	groups := []string{"START taking these medicines", "CHANGE how you take these medicines", "KEEP taking these medicines", "STOP taking these medicines"}
	var in [4][]int
	for i, m := range w.rec.Meds {
		g := i % 3
		if m.Stopped {
			g = 3
		}
		in[g] = append(in[g], i)
	}
	for g, title := range groups {
		if len(in[g]) == 0 {
			continue
		}
		w.said(title)
		for _, i := range in[g] {
			m := w.rec.Meds[i]
			r := w.medRow(i, m)
			w.need(2 * w.Lead)
			if g == 3 {
				w.doc.Imply(fmt.Sprintf("medications.%d.medication_status", i+1), "stopped")
				w.line(r["med"] + " " + r["dose"] + " " + m.Form)
				continue
			}
			w.line("**" + r["med"] + "** " + r["dose"] + " " + m.Form)
			w.line("     " + w.take(i))
		}
	}
	w.said("Allergies")
	w.allergyText(false)
	w.said("Last vital signs before you left")
	var rows [][]string
	all := w.vitals()
	for i := 0; i+1 < 8; i += 2 {
		rows = append(rows, []string{all[i].label, all[i].value + all[i].unit, all[i+1].label, all[i+1].value + all[i+1].unit})
	}
	w.shown(paper.Grid{Lines: true, Pad: 2}, []float64{.25, .25, .25, .25}, nil, rows)
	w.said("Your follow-up")
	w.narrative("follow_up_instructions", w.rec.Return)
}

// sumTrend has the signs of three visits side by side, the latest first.
func sumTrend(w *Writer) {
	p, v := w.rec.Person, w.rec.Visit
	w.letterhead(.5, "", "Clinical Summary")
	w.both(270, func() {
		w.beside(80, "", pair{"Patient", w.nameLast(false)}, pair{"Born", w.day("date_of_birth", p.Born)}, pair{"Sex", w.sex(false)}, pair{"Record no.", key("patient_mrn", p.MRN)})
	}, func() {
		w.beside(90, "", pair{"Seen", w.day("encounter_date", v.Date)}, pair{"Clinician", w.provider()}, pair{"NPI", key("provider_npi", w.rec.Provider.NPI)}, pair{"Visit reason", key("chief_complaint", v.Complaint)})
	})
	w.said("Observations")
	var rows [][]string
	for _, s := range w.vitals()[:8] {
		old := chart.Earlier(w.r, strings.Split(paper.Plain(s.value), "/")[0])
		older := chart.Earlier(w.r, strings.Split(paper.Plain(s.value), "/")[0])
		if s.name == "bp" {
			old, older = old+"/79", older+"/83"
		}
		rows = append(rows, []string{s.label, s.value + s.unit, old, older})
	}
	w.shown(paper.Grid{Under: true, Pad: 1.8}, []float64{.28, .24, .24, .24}, []string{"", keyed("vitals_date", v.Date.Format("2006-01-02"), v.Date.Format(w.date)), v.Date.AddDate(0, -3, -4).Format(w.date), v.Date.AddDate(0, -7, 2).Format(w.date)}, rows)
	w.said("Health Concerns")
	rows = nil
	for i, q := range w.rec.Problems {
		r := w.problemRow(i, q)
		rows = append(rows, []string{r["dx"] + " [" + r["code"] + "]", r["status"], r["onset"]})
	}
	w.shown(paper.Grid{Under: true, Pad: 1.8}, []float64{.6, .16, .24}, []string{"Concern", "State", "From"}, rows)
	w.said("Current Treatments")
	rows = nil
	for i, m := range w.rec.Meds {
		if !m.Stopped {
			rows = append(rows, []string{w.medRow(i, m)["med"] + " " + w.medRow(i, m)["dose"] + " " + m.Form, w.take(i)})
		}
	}
	w.shown(paper.Grid{Under: true, Pad: 1.8}, []float64{.4, .6}, []string{"Product", "Instructions"}, rows)
	w.said("Adverse Reactions")
	if !w.noAllergies() {
		for i, a := range w.rec.Allergies {
			r := w.allergyRow(i, a)
			w.line(r["allergen"] + " -> " + r["reaction"] + ", " + r["severity"])
		}
	}
	w.said("Investigations")
	w.line("Sample taken " + w.drawn())
	w.results(func(name string) {
		if name != "" {
			w.need(50)
			w.line("**" + name + "**")
		}
	}, func(_ int, _ chart.Result, c map[string]string) {
		w.need(w.Lead)
		w.leaders(w.Width*.7, pair{c["test"] + " (" + c["range"] + ")", join(c["result"], c["units"], c["flag"])})
	})
	w.said("Vaccines given")
	for i, x := range w.rec.Shots {
		w.line(w.dayCell("immunizations", i, "vaccine_date", x.Date) + "   " + cell("immunizations", i, "vaccine_name", x.Vaccine) + "   batch " + cell("immunizations", i, "lot_number", x.Lot))
	}
}
