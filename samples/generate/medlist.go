package main

import (
	"strconv"

	"github.com/paperchart/paperchart/eval/paper"
)

func itoa(i int) string { return strconv.Itoa(i) }

// medicationList is a practice system's list with status, copied badly.
func medicationList(d *paper.Doc) {
	s := d.Page()
	base := paper.Style{Family: paper.Narrow, Size: 9.5}
	s.Text(50, 52, base.B().At(14), "{document_type=medication list|Medication List}")
	s.Right(562, 48, base, "{facility_name|Prairie Sky Health Partners}")
	s.Right(562, 60, base, "Printed: {document_date=2023-11-08|Nov 8, 2023}")
	s.Rule(50, 68, 562, 68, 1)
	p := s.Pen(50, 86, 512, base)
	p.Line("Pt Name: {patient_first_name|Gwendolyn} {patient_middle_name|A.} {patient_last_name|Thibodeaux}          Chart #: {patient_mrn|PSH-20417}          Birthdate: {date_of_birth=1946-09-30|Sep 30, 1946}          Gender: {sex=female|F}")
	p.Line("PCP: {provider_name|Daniel Kowalczyk, DO}          Pharmacy: Main Street Drug, 555-0171          Allergies: {allergies.1.allergen|NKDA}")
	p.Gap(8)
	p.Line("**Active Medications**")
	grid := paper.Grid{Widths: []float64{120, 72, 190, 66, 64}, Header: []string{"Drug", "Strength", "Sig", "Start", "Status"}, Pad: 2.4, Lines: true, Band: true}
	var sigs []string
	row := func(i int, name, dose, sig, iso, start, status string) []string {
		sigs = append(sigs, paper.Plain(sig))
		return []string{med(i, name), col("medications", i, "dose", dose), sig,
			norm("medications", i, "start_date", iso, start), col("medications", i, "medication_status", status)}
	}
	g := grid
	g.Rows = [][]string{
		row(1, "metoprolol succinate ER", "50 mg", sigOf(1, "Take 1 tablet ", "by mouth", "once daily", ""), "2019-03-11", "3/11/2019", "Active"),
		row(2, "furosemide", "40 mg", sigOf(2, "Take 1 tab ", "PO", "every morning", ""), "2022-06-02", "6/2/2022", "Active"),
		row(3, "potassium chloride ER", "20 mEq", sigOf(3, "Take 1 tablet ", "by mouth", "daily", " with food"), "2022-06-02", "6/2/2022", "Active"),
		row(4, "apixaban (Eliquis)", "5 mg", sigOf(4, "1 tab ", "PO", "BID", ""), "2021-01-19", "1/19/2021", "Active"),
		row(5, "insulin glargine", "100 units/mL", sigOf(5, "Inject 22 units ", "subcutaneously", "at bedtime", ""), "2018-10-25", "10/25/2018", "Active"),
		row(6, "gabapentin", "300 mg", sigOf(6, "Take 1 capsule ", "by mouth", "three times daily", ""), "2020-07-14", "7/14/2020", "Active"),
		row(7, "acetaminophen", "500 mg", sigOf(7, "Take 2 tablets ", "by mouth", "every 6 hours as needed", " for pain"), "2023-02-28", "2/28/2023", "Active"),
		row(8, "alendronate", "70 mg", sigOf(8, "Take 1 tablet ", "by mouth", "once weekly", " on an empty stomach"), "2017-05-05", "5/5/2017", "Active"),
	}
	p.Table(g)
	p.Line("**Discontinued Medications**")
	g = grid
	g.Rows = [][]string{
		row(9, "warfarin", "2.5 mg", sigOf(9, "Take 1 tablet ", "by mouth", "daily", ""), "2014-12-01", "12/1/2014", "Stopped"),
		row(10, "glyburide", "5 mg", sigOf(10, "1 tab ", "PO", "BID", ""), "2012-08-17", "8/17/2012", "Stopped"),
	}
	p.Table(g)
	for i, sig := range sigs {
		d.Imply("medications."+itoa(i+1)+".instructions", sig)
	}
	p.Line("**Problems treated**")
	for i, c := range [][2]string{{"Chronic systolic heart failure", "I50.22"}, {"Paroxysmal atrial fibrillation", "I48.0"},
		{"Type 2 diabetes with diabetic polyneuropathy", "E11.42"}, {"Age-related osteoporosis", "M81.0"}, {"Chronic kidney disease, stage 3a", "N18.31"}} {
		p.Leader(p.X, p.X+300, p.Y, p.Style, dx(i+1, c[0]), icd(i+1, c[1]))
		p.Y += p.Lead
	}
	p.Gap(14)
	p.Para("Please bring this list and all of your pill bottles to each visit. Do not stop a medicine without talking to your care team.")
}

// sigOf is a whole direction: the instructions cell, with route and frequency in
// it. The instructions' own truth is drawn by the caller's row.
func sigOf(i int, before, route, freq, after string) string {
	return before + col("medications", i, "route", route) + " " + col("medications", i, "frequency", freq) + after
}
