package forms

import (
	"fmt"
	"strings"

	"github.com/paperchart/paperchart/eval/chart"
	"github.com/paperchart/paperchart/eval/paper"
)

// summaryLayouts are whole charts on a few pages, as record systems print them for
// another office: continuity-of-care prints, chart summaries, transfer forms.
func summaryLayouts() []Layout {
	sans, mono := paper.Style{Family: paper.Sans, Size: 9}, paper.Style{Family: paper.Mono, Size: 8.5}
	narrow, serif := paper.Style{Family: paper.Narrow, Size: 9.5}, paper.Style{Family: paper.Serif, Size: 10}
	verdana := paper.Style{Family: paper.Verdana, Size: 8}
	return []Layout{
		{Name: "sum-continuity", vendor: "plain", base: serif, date: "January 2, 2006", title: titleBold, draw: sumContinuity},
		{Name: "sum-ongoing", vendor: "plain", base: sans, date: "01/02/2006", title: titleBold, draw: sumOngoing},
		{Name: "sum-taking", vendor: "plain", base: verdana, date: "01/02/2006", title: titleBold, draw: sumTaking},
		{Name: "sum-described", vendor: "plain", base: narrow, date: "01/02/2006", title: titleBand, draw: sumDescribed},
		{Name: "sum-general-practice", vendor: "plain", base: sans, date: "02-Jan-2006", title: titleBold, draw: sumPractice},
		{Name: "sum-tiles", vendor: "plain", base: sans.At(9.5), date: "Jan 2, 2006", title: titleRule, draw: sumTiles},
		{Name: "sum-classes", vendor: "plain", base: narrow.At(10), date: "1/2/2006", title: titleDark, draw: sumClasses},
		{Name: "sum-face", vendor: "plain", base: mono, date: "01/02/2006", title: titleDark, draw: sumFace},
		{Name: "sum-transfer", vendor: "plain", base: narrow, date: "01/02/2006", title: titleDark, draw: sumTransfer},
		{Name: "sum-given", vendor: "plain", base: sans, date: "01/02/06", latin: true, title: titleBold, draw: sumGiven},
		{Name: "sum-physical", vendor: "plain", base: serif.At(10.5), date: "1/2/2006", title: titleCentered, draw: sumPhysical},
		{Name: "sum-crosses", vendor: "plain", base: sans, date: "01/02/2006", title: titleDark, draw: sumCrosses},
		{Name: "sum-going-home", vendor: "plain", base: sans.At(9.5), date: "01/02/2006", title: titleBand, draw: sumGoingHome},
		{Name: "sum-trend", vendor: "plain", base: serif, date: "2 Jan 2006", title: titleRule, draw: sumTrend},
	}
}

// shown is a table given by its titles and the shares of the width.
func (w *Writer) shown(look paper.Grid, shares []float64, titles []string, rows [][]string) {
	look.Header, look.Rows, look.Widths = titles, rows, nil
	for _, s := range shares {
		look.Widths = append(look.Widths, s*w.Width)
	}
	w.rows(look)
}

func (w *Writer) said(text string) {
	w.need(60)
	w.title(w, text)
}

func (w *Writer) take(i int) string {
	sig, plain := w.sig(i, w.rec.Meds[i])
	w.doc.Imply(fmt.Sprintf("medications.%d.instructions", i+1), plain)
	return sig
}

func (w *Writer) drawn() string {
	return keyed("lab_results.*.collection_date", w.rec.Visit.Date.Format("2006-01-02"), w.rec.Visit.Date.Format(w.date))
}

// sumContinuity is a continuity-of-care document as a browser's stylesheet prints
// it: a table for everything, results and vital signs as well.
func sumContinuity(w *Writer) {
	p, v := w.rec.Person, w.rec.Visit
	box := paper.Grid{Lines: true, Pad: 2}
	w.Center(w.X+w.Width/2, w.Y, w.base.B().At(15), "Continuity of Care Document")
	w.Y += 24
	at := key("address_line", p.Street) + " " + key("city", p.City) + ", " + key("state", p.State) + " " + key("postal_code", p.Zip)
	w.shown(box, []float64{.2, .3, .2, .3}, nil, [][]string{
		{"**Patient**", w.nameFirst(), "**Date of birth**", w.day("date_of_birth", p.Born)},
		{"**Sex**", w.sex(false), "**Race**", key("race", p.Race)},
		{"**Contact info**", at + " Tel: " + key("phone", p.Phone), "**Patient IDs**", key("patient_mrn", p.MRN)},
		{"**Document Created**", w.day("document_date", v.Date), "**Author**", w.provider()},
		{"**Document maintained by**", key("facility_name", w.rec.Facility.Name), "**Contact info**", key("facility_address", w.rec.Facility.Address)},
	})
	w.said("Allergies, Adverse Reactions, Alerts")
	var rows [][]string
	for i, a := range w.rec.Allergies {
		r := w.allergyRow(i, a)
		rows = append(rows, []string{r["allergen"], "Drug allergy", r["reaction"], r["severity"], "Active"})
	}
	if !w.noAllergies() {
		w.shown(box, []float64{.26, .2, .24, .16, .14}, []string{"Substance", "Event Type", "Reaction", "Severity", "Status"}, rows)
	}
	w.said("Problems")
	rows = nil
	for i, q := range w.rec.Problems {
		r := w.problemRow(i, q)
		rows = append(rows, []string{r["dx"], r["onset"], r["status"], r["code"]})
	}
	w.shown(box, []float64{.46, .24, .14, .16}, []string{"Problem", "Effective Dates", "Problem Status", "ICD10 Code"}, rows)
	w.said("Medications")
	rows = nil
	for i, m := range w.rec.Meds {
		r := w.medRow(i, m)
		rows = append(rows, []string{r["med"] + " " + r["dose"], w.take(i), r["start"], r["status"]})
	}
	w.shown(box, []float64{.3, .34, .2, .16}, []string{"Medication", "Directions", "Start Date", "Status"}, rows)
	w.said("Results")
	rows = nil
	w.results(func(name string) {
		if name != "" {
			rows = append(rows, []string{"**" + name + "** (" + v.Date.Format(w.date) + ")"})
		}
	}, func(i int, _ chart.Result, c map[string]string) {
		flag := c["flag"]
		rows = append(rows, []string{c["test"], join(c["result"], c["units"]), "(" + c["range"] + ")", flag, w.dayCell("lab_results", i, "collection_date", v.Date)})
	})
	w.shown(box, []float64{.34, .2, .18, .08, .2}, []string{"Test", "Value", "Reference Range", "Abnl", "Date"}, rows)
	w.said("Vital Signs")
	rows = nil
	for _, s := range w.vitals() {
		rows = append(rows, []string{s.label, s.value + s.unit})
	}
	w.shown(box, []float64{.4, .4}, []string{"Date / Time:", keyed("vitals_date", v.Date.Format("2006-01-02"), v.Date.Format(w.date))}, rows)
	w.said("Procedures")
	w.doneGrid(box, "Date")
	w.said("Immunizations")
	rows = nil
	for i, s := range w.rec.Shots {
		rows = append(rows, []string{cell("immunizations", i, "vaccine_name", s.Vaccine), w.dayCell("immunizations", i, "vaccine_date", s.Date), "Completed"})
	}
	w.shown(box, []float64{.5, .3, .2}, []string{"Vaccine", "Date", "Status"}, rows)
	w.said("Family History")
	rows = nil
	for i, f := range w.rec.Family {
		rows = append(rows, []string{cell("family_members", i, "relative_condition", f.Illness), cell("family_members", i, "relation", f.Relation)})
	}
	w.shown(box, []float64{.5, .3}, []string{"Diagnosis", "Relation"}, rows)
	w.said("Social History")
	w.shown(box, []float64{.36, .44, .2}, []string{"Social History Element", "Description", "Effective Dates"}, [][]string{
		{"Smoking status", keyed("smoking_status", w.rec.Smoking, w.rec.Tobacco), ""}, {"Alcohol use", key("alcohol_use", w.rec.Alcohol), ""}, {"Drug use", key("drug_use", w.rec.DrugUse), ""}})
}

func (w *Writer) doneGrid(look paper.Grid, title string) {
	var rows [][]string
	for i, d := range w.rec.Done {
		rows = append(rows, []string{w.dayCell("procedures", i, "procedure_date", d.Date), cell("procedures", i, "procedure_name", d.Name), cell("procedures", i, "procedure_code", d.Code)})
	}
	w.shown(look, []float64{.24, .56, .2}, []string{title, "Procedure", "Code"}, rows)
}

// sumOngoing has lists in two columns, problems parted into ongoing and historical.
func sumOngoing(w *Writer) {
	p, v := w.rec.Person, w.rec.Visit
	w.Center(w.X+w.Width/2, w.Y, w.base.B().At(12), key("facility_name", w.rec.Facility.Name))
	w.Y += 20
	age := fmt.Sprintf("%d years", v.Date.Year()-p.Born.Year())
	w.both(260, func() {
		w.beside(90, "**", pair{"Patient", w.nameLast(true)}, pair{"MRN", key("patient_mrn", p.MRN)}, pair{"FIN", key("encounter_id", v.Number)})
	}, func() {
		w.beside(120, "**", pair{"Age/Sex/DOB", age + " / " + w.sex(false) + " / " + w.day("date_of_birth", p.Born)},
			pair{"Admit Date", w.day("admission_date", v.Admitted)}, pair{"Attending Provider", w.provider()})
	})
	w.Rule(w.X, w.Y-4, w.X+w.Width, w.Y-4, 1.2)
	w.Gap(10)
	w.both(262, func() {
		w.title(w, "Problem List/Past Medical History")
		for _, status := range []string{"Active", "Resolved"} {
			n := 0
			for i, q := range w.rec.Problems {
				if (q.Status == "Active") != (status == "Active") {
					continue
				}
				if n++; n == 1 {
					w.Line(map[string]string{"Active": "Ongoing", "Resolved": "Historical"}[status])
				}
				w.Para("    " + w.problemRow(i, q)["dx"])
				w.doc.Imply(fmt.Sprintf("conditions.%d.clinical_status", i+1), strings.ToLower(status))
			}
		}
		w.title(w, "Procedure/Surgical History")
		for i, d := range w.rec.Done {
			w.Item("•", cell("procedures", i, "procedure_name", d.Name)+" ("+w.dayCell("procedures", i, "procedure_date", d.Date)+")", 10)
		}
		w.title(w, "Family History")
		for i, f := range w.rec.Family {
			w.Para(cell("family_members", i, "relative_condition", f.Illness) + ": " + cell("family_members", i, "relation", f.Relation) + ".")
		}
	}, func() {
		w.title(w, "Allergies")
		if !w.noAllergies() {
			for i, a := range w.rec.Allergies {
				r := w.allergyRow(i, a)
				w.Line(r["allergen"] + " (" + r["severity"] + ", " + r["reaction"] + ")")
			}
		}
		w.title(w, "Social History")
		w.Line("Alcohol")
		w.Line("    Details: " + key("alcohol_use", w.rec.Alcohol))
		w.Line("Substance Abuse")
		w.Line("    Details: " + key("drug_use", w.rec.DrugUse))
		w.Line("Tobacco")
		w.Line("    Details: " + keyed("smoking_status", w.rec.Smoking, w.rec.Tobacco))
		w.title(w, "Vitals & Measurements")
		w.Para(vitalRun(w, "T", "HR", "RR", "BP", "SpO2", "HT", "WT", "BMI"))
	})
	w.said("Medications")
	w.line("Home")
	for i, m := range w.rec.Meds {
		r := w.medRow(i, m)
		tail := ""
		if m.Stopped {
			tail = ", " + keyed(fmt.Sprintf("medications.%d.medication_status", i+1), "stopped", "Discontinued")
		}
		w.item(" ", r["med"]+" "+r["dose"]+" "+m.Route+" "+m.Form+", "+r["route"]+", "+r["freq"]+tail, 12)
	}
	w.said("Lab Results")
	w.line("Labs (Last four charted values)")
	w.line(w.drawn())
	w.results(func(string) {}, func(_ int, _ chart.Result, c map[string]string) {
		w.line("    " + c["test"] + ": " + join(c["result"], c["units"], bracket(c["flag"])))
	})
}

func bracket(s string) string {
	if s == "" {
		return ""
	}
	return "(" + s + ")"
}

func vitalRun(w *Writer, t, hr, rr, bp, sat, ht, wt, bmi string) string {
	v := w.rec.Vitals
	return fmt.Sprintf("%s: %s %s %s: %s %s: %s %s: %s/%s %s: %s%% %s: %s %s %s: %s %s %s: %s", t, key("body_temperature", v.Temp), "°"+key("body_temperature_unit", "F"), hr, key("heart_rate", v.Pulse),
		rr, key("respiratory_rate", v.Resp), bp, key("blood_pressure_systolic", v.Systolic), key("blood_pressure_diastolic", v.Diastolic), sat, key("oxygen_saturation", v.Sat),
		ht, key("height", v.Height), key("height_unit", "in"), wt, key("weight", v.Weight), key("weight_unit", "lb"), bmi, key("bmi", v.BMI))
}

// sumTaking is a progress note whose left column is the history.
func sumTaking(w *Writer) {
	p, v := w.rec.Person, w.rec.Visit
	w.Right(w.X+w.Width, w.Y, w.base.B().At(11), w.nameLast(false))
	w.Right(w.X+w.Width, w.Y+12, w.base, w.sex(false)+", DOB: "+w.day("date_of_birth", p.Born)+", "+fmt.Sprint(v.Date.Year()-p.Born.Year())+" Y, Account Number: "+key("patient_mrn", p.MRN))
	w.Right(w.X+w.Width, w.Y+23, w.base, key("address_line", p.Street)+", "+key("city", p.City)+", "+key("state", p.State)+"-"+key("postal_code", p.Zip))
	w.Right(w.X+w.Width, w.Y+34, w.base, "Home: "+key("phone", p.Phone)+"   Insurance: "+key("insurance_payer_name", p.Payer))
	w.Right(w.X+w.Width, w.Y+45, w.base, "Appointment Facility: "+key("facility_name", w.rec.Facility.Name))
	w.Y += 66
	w.line(w.day("encounter_date", v.Date) + "     **Progress Note:** " + w.provider())
	w.Rule(w.X, w.Y-5, w.X+w.Width, w.Y-5, 1)
	w.Gap(8)
	w.both(240, func() {
		w.title(w, "Current Medications")
		for _, gone := range []bool{false, true} {
			n := 0
			for i, m := range w.rec.Meds {
				if m.Stopped != gone {
					continue
				}
				if n++; n == 1 {
					w.Line(map[bool]string{false: "Taking", true: "Discontinued"}[gone])
				}
				r := w.medRow(i, m)
				w.Item("•", r["med"]+" "+r["dose"]+" "+m.Form+" "+r["route"]+" "+r["freq"], 9)
				if gone {
					w.doc.Imply(fmt.Sprintf("medications.%d.medication_status", i+1), "stopped")
				}
			}
		}
		w.title(w, "Past Medical History")
		for i, q := range w.rec.Problems[:len(w.rec.Problems)/2] {
			w.Para(w.problemRow(i, q)["dx"] + ".")
		}
		w.title(w, "Surgical History")
		for i, d := range w.rec.Done {
			w.Para(cell("procedures", i, "procedure_name", d.Name) + " " + cell("procedures", i, "procedure_date", d.Date.Format("2006")))
		}
		w.title(w, "Family History")
		for i, f := range w.rec.Family {
			w.Para(cell("family_members", i, "relation", f.Relation) + ": deceased, diagnosed with " + cell("family_members", i, "relative_condition", f.Illness))
		}
		w.title(w, "Social History")
		w.Para("Tobacco Use: Are you a: " + keyed("smoking_status", w.rec.Smoking, w.rec.Tobacco))
		w.Para("Alcohol: " + key("alcohol_use", w.rec.Alcohol))
		w.Para("Drugs: " + key("drug_use", w.rec.DrugUse))
		w.title(w, "Allergies")
		if !w.noAllergies() {
			for i, a := range w.rec.Allergies {
				r := w.allergyRow(i, a)
				w.Para(r["allergen"] + ": " + r["reaction"] + " - Allergy")
			}
		}
	}, func() {
		w.title(w, "Reason for Appointment")
		w.Line("1. " + key("chief_complaint", v.Complaint))
		w.title(w, "Vital Signs")
		w.Para(strings.ReplaceAll(vitalRun(w, "Temp", "HR", "RR", "BP", "Oxygen sat", "Ht", "Wt", "BMI"), " Wt:", ", Wt:"))
		w.title(w, "Assessments")
		half := len(w.rec.Problems) / 2
		for i, q := range w.rec.Problems[half:] {
			r := w.problemRow(half+i, q)
			tail := ""
			if i == 0 {
				tail = " (Primary)"
			}
			w.Item(fmt.Sprintf("%d.", i+1), r["dx"]+" - "+r["code"]+tail, 12)
		}
		w.title(w, "Immunizations")
		for i, s := range w.rec.Shots {
			w.Para(cell("immunizations", i, "vaccine_name", s.Vaccine) + " : " + w.dayCell("immunizations", i, "vaccine_date", s.Date))
		}
		w.title(w, "Follow Up")
		w.narrative("follow_up_instructions", w.rec.Return)
	})
	w.Gap(10)
	w.line("Electronically signed by " + w.rec.Provider.Name + ", " + w.rec.Provider.Degree + " on " + v.Date.Format("01/02/2006") + " at 05:12 PM EST")
}
