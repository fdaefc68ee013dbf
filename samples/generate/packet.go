package main

import "github.com/paperchart/paperchart/eval/paper"

// chartPacket is what a records department sends: five pages out of several
// systems, one of them fed upside down, one faxed in black and white.
func chartPacket(d *paper.Doc) {
	packetFace(d)
	packetHistory(d)
	packetProblems(d)
	packetLabs(d)
	packetProcedures(d)
}

func packetHeader(s *paper.Sheet, st paper.Style, page string) {
	s.Text(50, 40, st, "Name: {patient_last_name|Nakamura}, {patient_first_name|Iris} {patient_middle_name|K}     MRN: {patient_mrn|7730518}     DOB: {date_of_birth=1985-04-16|04/16/1985}")
	s.Right(562, 40, st, "Page "+page+" of 5")
	s.Rule(50, 46, 562, 46, 0.7)
}

func packetFace(d *paper.Doc) {
	s := d.Page()
	base := paper.Style{Family: paper.Verdana, Size: 9}
	s.Center(306, 60, base.B().At(14), "{facility_name|Tidewater Medical Group}")
	s.Center(306, 73, base, "{facility_address|2 Shipyard Plaza, Norfolk, VA 23510}  -  {facility_phone|757-555-0120}")
	s.Center(306, 96, base.B().At(12), "PATIENT FACE SHEET")
	s.Frame(paper.Box{X0: 50, Y0: 106, X1: 562, Y1: 300}, 0.8)
	s.Rule(306, 106, 306, 300, 0.6)
	l, r := s.Pen(56, 122, 245, base), s.Pen(312, 122, 245, base)
	l.Pair("Last Name:", "{patient_last_name|Nakamura}", 96)
	l.Pair("First Name:", "{patient_first_name|Iris}", 96)
	l.Pair("MI:", "{patient_middle_name|K}", 96)
	l.Pair("Date of Birth:", "{date_of_birth=1985-04-16|04/16/1985}", 96)
	l.Pair("Sex:", "{sex=female|Female}", 96)
	l.Pair("Marital Status:", "{marital_status=married|Married}", 96)
	l.Pair("Race:", "{race|Asian}", 96)
	l.Pair("Ethnicity:", "{ethnicity|Not Hispanic or Latino}", 96)
	l.Pair("Language:", "{language|English}", 96)
	l.Pair("MRN:", "{patient_mrn|7730518}", 96)
	r.Pair("Address:", "{address_line|1408 Granby Court}", 100)
	r.Pair("City, State ZIP:", "{city|Norfolk}, {state|VA} {postal_code|23503}", 100)
	r.Pair("Cell Phone:", "{phone|(757) 555-0134}", 100)
	r.Pair("Email:", "{email|iris.nakamura@example.com}", 100)
	r.Gap(8)
	r.Line("**Emergency Contact**")
	r.Pair("Name:", "{emergency_contact_name|Kenji Nakamura} (husband)", 100)
	r.Pair("Phone:", "{emergency_contact_phone|(757) 555-0135}", 100)
	p := s.Pen(50, 326, 512, base)
	p.Line("**PRIMARY INSURANCE**")
	p.Table(paper.Grid{Widths: []float64{200, 160, 152}, Header: []string{"Payer", "Member ID", "Group #"}, Pad: 3, Lines: true,
		Rows: [][]string{{"{insurance_payer_name|Chesapeake BlueShore Plan}", "{insurance_member_id|CBP30061874}", "{insurance_group_number|G-71442}"}}})
	p.Gap(6)
	p.Line("**PRIMARY CARE PROVIDER**")
	p.Line("{provider_name|Olivia Grant, MD}     NPI {provider_npi|1347602181}     {provider_specialty|Internal Medicine}")
	s.Text(50, 760, base.At(7.5), "Release of information processed {document_date=2024-07-02|07/02/2024}")
	s.Right(562, 760, base.At(7.5), "Page 1 of 5")
}

func packetHistory(d *paper.Doc) {
	s := d.Page()
	base := paper.Style{Family: paper.Serif, Size: 10.5}
	packetHeader(s, base.At(9), "2")
	p := s.Pen(50, 72, 512, base)
	p.Style = base.B().At(13)
	p.Line("Office Visit - History & Physical")
	p.Style = base
	p.Line("Date of Service: {encounter_date,vitals_date=2024-06-18|06/18/2024}          Seen by: Olivia Grant, MD")
	part := func(title, key, text string) {
		p.Gap(4)
		p.Text(p.X, p.Y, p.Style.B(), title)
		p.Y += p.Lead
		if key == "" {
			p.Para(text)
			return
		}
		d.Region(key, func() { p.Para(text) })
	}
	part("CC", "chief_complaint", "Migraine follow-up and annual physical")
	part("HPI", "history_of_present_illness", "39 y.o. woman with migraine without aura, now two to three headaches a month on topiramate, down from eight. "+
		"She denies {!conditions.negated|visual loss}, {!conditions.negated|seizures} or {!conditions.negated|focal weakness}. Asthma is quiet; albuterol used about once a month. "+
		"No {!conditions.negated|fever}, no {!conditions.negated|dysuria}.")
	part("PMH", "past_medical_history", "Migraine without aura, mild intermittent asthma, iron deficiency anemia, gestational diabetes with her second pregnancy (resolved).")
	part("PSH", "past_surgical_history", "{procedures.1.procedure_name|Cesarean section} {procedures.1.procedure_date|2016}, {procedures.2.procedure_name|laparoscopic cholecystectomy} {procedures.2.procedure_date|2019}.")
	part("FAMILY HX", "family_history", "{family_members.1.relation|Mother}: {family_members.1.relative_condition|breast cancer}. {family_members.2.relation|Father}: {family_members.2.relative_condition|type 2 diabetes}. "+
		"{family_members.3.relation|Maternal grandmother}: {family_members.3.relative_condition|osteoporosis}.")
	part("SOCIAL HX", "", "Tobacco: {smoking_status=never|never}. Alcohol: {alcohol_use|2 glasses of wine a week}. Drugs: {drug_use|denies}. Works as a school librarian.")
	part("VITALS", "", "BP {blood_pressure_systolic|118}/{blood_pressure_diastolic|74} | P {heart_rate|66} | R {respiratory_rate|14} | T {body_temperature|36.8} {body_temperature_unit|C} | SpO2 {oxygen_saturation|99} % RA | "+
		"Ht {height|162} {height_unit|cm} | Wt {weight|61.2} {weight_unit|kg} | BMI {bmi|23.3}")
	part("EXAM", "physical_exam", "Well appearing. HEENT normal. Neck supple. Lungs clear to auscultation bilaterally. RRR, no murmurs. Abdomen soft, NT/ND. Cranial nerves II-XII intact.")
	part("ASSESSMENT", "assessment", "1. Migraine without aura, improved. 2. Iron deficiency anemia, recheck ferritin. 3. Mild intermittent asthma, stable.")
	part("PLAN", "plan_of_care", "Continue topiramate 50 mg BID. Ferritin and CBC today. {!procedures.planned|Mammogram} at 40. {!immunizations.planned|Influenza vaccine} in the fall.")
}

func packetProblems(d *paper.Doc) {
	s := d.Page()
	base := paper.Style{Family: paper.Sans, Size: 10}
	packetHeader(s, base.At(9), "3")
	p := s.Pen(50, 74, 512, base)
	p.Line("**PROBLEM LIST**")
	row := func(i int, name, code, onset, iso, status string) []string {
		return []string{icd(i, code), dx(i, name), norm("conditions", i, "onset_date", iso, onset), col("conditions", i, "clinical_status", status)}
	}
	p.Table(paper.Grid{Widths: []float64{76, 250, 96, 90}, Header: []string{"Code", "Problem", "Noted", "Status"}, Pad: 2.6, Under: true, Stripe: true, Rows: [][]string{
		row(1, "Migraine without aura, not intractable", "G43.009", "08/2011", "2011-08", "Active"),
		row(2, "Mild intermittent asthma, uncomplicated", "J45.20", "1996", "1996", "Active"),
		row(3, "Iron deficiency anemia", "D50.9", "02/13/2023", "2023-02-13", "Active"),
		row(4, "Gestational diabetes", "O24.419", "2016", "2016", "Resolved"),
		row(5, "Calculus of gallbladder", "K80.20", "04/2019", "2019-04", "Resolved"),
	}})
	p.Line("**ALLERGIES AND INTOLERANCES**")
	a := func(i int, agent, reaction, severity string) []string {
		return []string{col("allergies", i, "allergen", agent), col("allergies", i, "reaction", reaction), col("allergies", i, "severity", severity)}
	}
	p.Table(paper.Grid{Widths: []float64{180, 200, 132}, Header: []string{"Substance", "Reaction", "Severity"}, Pad: 2.6, Under: true, Rows: [][]string{
		a(1, "Ciprofloxacin", "tendon pain", "moderate"), a(2, "Peanut", "anaphylaxis", "severe"), a(3, "Adhesive tape", "skin irritation", "mild")}})
	p.Line("**MEDICATIONS**")
	m := func(i int, name, dose, route, freq, status string) []string {
		return []string{med(i, name), col("medications", i, "dose", dose), col("medications", i, "route", route), col("medications", i, "frequency", freq), col("medications", i, "medication_status", status)}
	}
	p.Table(paper.Grid{Widths: []float64{140, 90, 72, 130, 80}, Header: []string{"Medication", "Dosage", "Route", "How Often", "Status"}, Pad: 2.6, Under: true, Stripe: true, Rows: [][]string{
		m(1, "Topiramate", "50 mg", "Oral", "2 times daily", "Active"),
		m(2, "Sumatriptan", "100 mg", "Oral", "as needed", "Active"),
		m(3, "Ferrous sulfate", "325 mg", "Oral", "every other day", "Active"),
		m(4, "Albuterol HFA", "90 mcg", "Inhalation", "q4h PRN", "Active"),
		m(5, "Norethindrone", "0.35 mg", "Oral", "daily", "Discontinued"),
	}})
}

func packetLabs(d *paper.Doc) {
	s := d.Page()
	base := paper.Style{Family: paper.Mono, Size: 9.5}
	packetHeader(s, base.At(8.5), "4")
	p := s.Pen(50, 74, 512, base)
	p.Line("**RESULTS**   Collected: {lab_results.*.collection_date=2024-06-18|06/18/2024} 09:40   Accession 24-170-0931")
	p.Gap(6)
	p.Line("COMPONENT                VALUE    FLAG   RANGE           UNITS")
	s.Rule(50, p.Y-9, 562, p.Y-9, 0.7)
	p.Gap(3)
	for i, r := range [][5]string{
		{"WBC", "5.9", "", "4.0-11.0", "K/uL"}, {"RBC", "4.02", "", "3.80-5.20", "M/uL"},
		{"Hemoglobin", "11.2", "L", "11.7-15.5", "g/dL"}, {"Hematocrit", "34.1", "L", "35.0-45.0", "%"},
		{"MCV", "79.6", "L", "80.0-100.0", "fL"}, {"Platelets", "318", "", "150-400", "K/uL"},
		{"Ferritin", "9", "L", "16-154", "ng/mL"}, {"Iron, Total", "38", "L", "40-190", "ug/dL"},
		{"Vitamin B12", "412", "", "200-1100", "pg/mL"}, {"Hemoglobin A1c", "5.3", "", "<5.7", "%"},
		{"hCG, Qualitative", "Negative", "", "Negative", ""}, {"SARS-CoV-2 PCR", "Not Detected", "", "Not Detected", ""},
	} {
		c := lab(i+1, r[0], r[1], r[2], r[4], r[3])
		for k, x := range []float64{50, 191, 250, 289, 380} {
			s.Text(x, p.Y, base, pick(c, 0, 1, 2, 4, 3)[k])
		}
		p.Y += p.Lead + 2
	}
	p.Gap(12)
	p.Line("Performed at Tidewater Clinical Laboratory. Reported 06/19/2024 07:15.")
}

func packetProcedures(d *paper.Doc) {
	s := d.Page()
	base := paper.Style{Family: paper.Slab, Size: 9}
	packetHeader(s, base.At(8.5), "5")
	p := s.Pen(50, 76, 512, base)
	p.Line("**IMMUNIZATION HISTORY**")
	v := func(i int, name, iso, date, lot string) []string {
		return []string{col("immunizations", i, "vaccine_name", name), norm("immunizations", i, "vaccine_date", iso, date), col("immunizations", i, "lot_number", lot)}
	}
	p.Table(paper.Grid{Widths: []float64{240, 130, 142}, Header: []string{"Immunization", "Date Given", "Lot #"}, Pad: 2.6, Lines: true, Rows: [][]string{
		v(1, "Influenza, quadrivalent", "2023-10-11", "10/11/2023", "UJ847AB"), v(2, "Tdap", "2016-05-03", "05/03/2016", "C4471BA"),
		v(3, "COVID-19 mRNA, bivalent", "2022-11-30", "11/30/2022", "GK1657"), v(4, "MMR", "1997-08-21", "08/21/1997", "")}})
	p.Line("**PROCEDURES**")
	r := func(i int, code, name, iso, date string) []string {
		return []string{col("procedures", i, "procedure_code", code), col("procedures", i, "procedure_name", name), norm("procedures", i, "procedure_date", iso, date)}
	}
	p.Table(paper.Grid{Widths: []float64{90, 292, 130}, Header: []string{"CPT", "Procedure", "Date Performed"}, Pad: 2.6, Lines: true, Rows: [][]string{
		r(3, "94010", "Spirometry", "2023-03-07", "03/07/2023"), r(4, "70551", "MRI brain without contrast", "2022-09-15", "09/15/2022")}})
	p.Line("**PLANNED**")
	p.Para("Screening {!procedures.planned|mammogram} at age 40. Consider {!procedures.planned|colonoscopy} at 45.")
}
