package main

import "github.com/paperchart/paperchart/eval/paper"

// visitSummary is the print-out a clinic hands over after a visit: two pages,
// headings in bands, pairs in two columns, an unruled laboratory table.
func visitSummary(d *paper.Doc) {
	s := d.Page()
	base := paper.Style{Family: paper.Sans, Size: 10}
	s.Text(48, 52, base.B().At(15), "{facility_name|Cedar Hollow Family Medicine}")
	s.Text(48, 66, base.At(9), "{facility_address|418 Alder Creek Road, Suite 200, Brookfield, WI 53005}")
	s.Text(48, 78, base.At(9), "Phone: {facility_phone|(262) 555-0142}   Fax: (262) 555-0143")
	s.Right(564, 52, base.B().At(13), "{document_type=visit summary|VISIT SUMMARY}")
	s.Right(564, 66, base.At(9), "Page 1 of 2")
	s.Rule(48, 86, 564, 86, 1.2)
	left, right := s.Pen(48, 104, 250, base), s.Pen(320, 104, 244, base)
	left.Pair("**Patient:**", "{patient_last_name|Wilkins}, {patient_first_name|Samantha}", 82)
	left.Pair("**MRN:**", "{patient_mrn|A1B2C3D4}", 82)
	left.Pair("**Date of Birth:**", "{date_of_birth=1953-10-28|10/28/1953} (70 yrs)", 82)
	left.Pair("**Sex:**", "{sex=female|Female}", 82)
	left.Pair("**Address:**", "{address_line|27 Larkspur Lane}", 82)
	left.Pair("", "{city|Brookfield}, {state|WI} {postal_code|53005}", 82)
	left.Pair("**Phone:**", "{phone|(262) 555-0117}", 82)
	right.Pair("**Visit Date:**", "{encounter_date,document_date,vitals_date=2024-03-12|03/12/2024}", 92)
	right.Pair("**Visit Type:**", "{encounter_type=office visit|Office Visit}", 92)
	right.Pair("**Visit #:**", "{encounter_id|V-2024-031877}", 92)
	right.Pair("**Provider:**", "{provider_name|Elena M. Vasquez, MD}", 92)
	right.Pair("**NPI:**", "{provider_npi|1457382913}", 92)
	right.Pair("**Specialty:**", "{provider_specialty|Family Medicine}", 92)
	right.Pair("**Insurance:**", "{insurance_payer_name|Lakeland Mutual Health}", 92)
	right.Pair("**Member ID:**", "{insurance_member_id|LMH449027815}", 92)
	p := s.Pen(48, 214, 516, base)
	band(p, "Reason for Visit")
	p.Para("{chief_complaint|Follow-up of thyroid disease}")
	band(p, "Vital Signs")
	p.Line("**BP:** {blood_pressure_systolic|128}/{blood_pressure_diastolic|82} mmHg     **Pulse:** {heart_rate|72} bpm     " +
		"**Resp:** {respiratory_rate|16}     **Temp:** {body_temperature|98.4} °{body_temperature_unit|F}     **SpO2:** {oxygen_saturation|98}%")
	p.Line("**Height:** {height|64} {height_unit|in}     **Weight:** {weight|158} {weight_unit|lb}     **BMI:** {bmi|27.1}     **Pain:** {pain_score|2}/10")
	band(p, "Diagnoses")
	p.Table(paper.Grid{Widths: []float64{230, 70, 90, 126}, Header: []string{"Diagnosis", "ICD-10", "Status", "Onset"}, Pad: 2, Under: true,
		Rows: [][]string{
			{dx(1, "Hypothyroidism"), icd(1, "E03.9"), col("conditions", 1, "clinical_status", "Active"), col("conditions", 1, "onset_date", "2009")},
			{dx(2, "Vitamin D deficiency"), icd(2, "E55.9"), col("conditions", 2, "clinical_status", "Active"), col("conditions", 2, "onset_date", "2021")},
			{dx(3, "Essential hypertension"), icd(3, "I10"), col("conditions", 3, "clinical_status", "Active"), col("conditions", 3, "onset_date", "2015")},
			{dx(4, "Hyperlipidemia"), icd(4, "E78.5"), col("conditions", 4, "clinical_status", "Active"), col("conditions", 4, "onset_date", "2016")},
			{dx(5, "Osteoarthritis of knee"), icd(5, "M17.9"), col("conditions", 5, "clinical_status", "Active"), ""},
		}})
	band(p, "Current Medications")
	p.Table(paper.Grid{Widths: []float64{130, 80, 70, 110, 126}, Header: []string{"Medication", "Dose", "Route", "Frequency", "Started"}, Pad: 2, Under: true,
		Rows: [][]string{
			medRow(1, "Levothyroxine", "100 mcg", "oral", "daily", "2009-05-14", "05/14/2009"),
			medRow(2, "Cholecalciferol", "2,000 units", "oral", "daily", "2021-11-02", "11/02/2021"),
			medRow(3, "Lisinopril", "10 mg", "oral", "daily", "2015-08-20", "08/20/2015"),
			medRow(4, "Atorvastatin", "20 mg", "oral", "nightly", "2016-02-09", "02/09/2016"),
		}})
	band(p, "Allergies")
	p.Table(paper.Grid{Widths: []float64{170, 200, 146}, Header: []string{"Allergen", "Reaction", "Severity"}, Pad: 2, Under: true,
		Rows: [][]string{
			{col("allergies", 1, "allergen", "Penicillin"), col("allergies", 1, "reaction", "Hives"), col("allergies", 1, "severity", "Moderate")},
			{col("allergies", 2, "allergen", "Sulfa drugs"), col("allergies", 2, "reaction", "Rash"), col("allergies", 2, "severity", "Mild")},
		}})
	band(p, "Social History")
	p.Line("**Smoking:** {smoking_status=never|Never smoker}     **Alcohol:** {alcohol_use|1-2 drinks per week}     **Drugs:** {drug_use|None}")
	visitSummary2(d, base)
}

func visitSummary2(d *paper.Doc, base paper.Style) {
	s := d.Page()
	s.Text(48, 48, base.At(9), "{patient_last_name|Wilkins}, {patient_first_name|Samantha}   MRN: {patient_mrn|A1B2C3D4}   "+
		"DOB: {date_of_birth=1953-10-28|10/28/1953}")
	s.Right(564, 48, base.At(9), "Page 2 of 2")
	s.Rule(48, 56, 564, 56, 1.2)
	p := s.Pen(48, 78, 516, base)
	band(p, "Laboratory Results - Collected {lab_results.*.collection_date=2024-03-05|03/05/2024}")
	order := []int{0, 1, 3, 4, 2}
	p.Table(paper.Grid{Widths: []float64{190, 70, 90, 110, 56}, Header: []string{"Test", "Result", "Units", "Reference Range", "Flag"}, Pad: 2, Under: true,
		Rows: [][]string{
			pick(lab(1, "TSH", "2.3", "", "mIU/L", "0.4-4.0"), order...),
			pick(lab(2, "Free T4", "1.2", "", "ng/dL", "0.8-1.8"), order...),
			pick(lab(3, "Vitamin D", "28", "L", "ng/mL", "30-100"), order...),
			pick(lab(4, "Glucose", "94", "", "mg/dL", "70-99"), order...),
			pick(lab(5, "Creatinine", "0.88", "", "mg/dL", "0.60-1.10"), order...),
			pick(lab(6, "Total Cholesterol", "212", "H", "mg/dL", "<200"), order...),
			pick(lab(7, "LDL Cholesterol", "128", "H", "mg/dL", "<100"), order...),
			pick(lab(8, "HDL Cholesterol", "56", "", "mg/dL", ">=50"), order...),
			pick(lab(9, "Hemoglobin", "13.1", "", "g/dL", "12.0-15.5"), order...),
		}})
	band(p, "Assessment")
	d.Region("assessment", func() {
		p.Para("Hypothyroidism well controlled on the current dose of levothyroxine. Vitamin D remains slightly low. " +
			"Blood pressure at goal. Denies {!conditions.negated|chest pain}, {!conditions.negated|palpitations} or {!conditions.negated|weight loss}.")
	})
	band(p, "Plan")
	d.Region("plan_of_care", func() {
		p.Para("Continue levothyroxine 100 mcg daily. Repeat TSH in 6 months. Continue vitamin D 2,000 units daily. " +
			"Mediterranean diet reviewed.")
	})
	band(p, "Follow-up")
	d.Region("follow_up_instructions", func() {
		p.Para("Return in 6 months or sooner if symptoms worsen.")
	})
	p.Gap(24)
	p.Line("Electronically signed by Elena M. Vasquez, MD on 03/12/2024 at 2:41 PM")
}

func medRow(i int, name, dose, route, freq, iso, date string) []string {
	return []string{med(i, name), col("medications", i, "dose", dose), col("medications", i, "route", route),
		col("medications", i, "frequency", freq), norm("medications", i, "start_date", iso, date)}
}

// band writes a heading white on dark grey across the column.
func band(p *paper.Pen, title string) {
	p.Gap(4)
	p.Fill(paper.Box{X0: p.X, Y0: p.Y - 9, X1: p.X + p.Width, Y1: p.Y + 5}, 222)
	p.Text(p.X+4, p.Y+1, p.Style.B(), title)
	p.Y += 19
}
