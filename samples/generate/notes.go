package main

import "github.com/paperchart/paperchart/eval/paper"

// twoPatients is one file with a page each of two people, as a batch scan has it.
func twoPatients(d *paper.Doc) {
	base := paper.Style{Family: paper.Sans, Size: 10.5}
	visit := func(name, mrn, iso, dob, sexValue, sex string, body func(p *paper.Pen)) {
		s := d.Page()
		s.Text(54, 52, base.B().At(14), "{facility_name|Lakeside Urgent Care}")
		s.Text(54, 66, base.At(9), "{facility_address|71 Marina Street, Burlington, VT 05401}  |  {facility_phone|802-555-0144}")
		s.Rule(54, 74, 558, 74, 1)
		p := s.Pen(54, 94, 504, base)
		p.Line("Patient: " + name + "        MRN: {patient_mrn|" + mrn + "}")
		p.Line("DOB: {date_of_birth=" + iso + "|" + dob + "}        Sex: {sex=" + sexValue + "|" + sex + "}        Date of Visit: {encounter_date,document_date=2024-11-19|11/19/2024}")
		p.Gap(8)
		body(p)
		p.Gap(20)
		p.Line("Seen by: {provider_name|Marcus Feldman, PA-C}     NPI: {provider_npi|1876540323}")
	}
	visit("{patient_first_name|Harold} {patient_last_name|Pettibone}", "LUC-30871", "1958-06-11", "06/11/1958", "male", "Male", pettibone)
	d.Subject(1)
	visit("{patient_first_name|Noor} {patient_last_name|Rahmani}", "LUC-30872", "1994-02-25", "02/25/1994", "female", "Female", rahmani)
}

func pettibone(p *paper.Pen) {
	p.Line("**Reason for Visit:** {chief_complaint|Painful swollen right great toe}")
	p.Line("**Vitals:** BP {blood_pressure_systolic|138}/{blood_pressure_diastolic|84}, HR {heart_rate|78}, Temp {body_temperature|98.9} {body_temperature_unit|F}, SpO2 {oxygen_saturation|97}%, Pain {pain_score|7}/10")
	p.Gap(6)
	p.Line("**Diagnoses**")
	p.Line("- " + dx(1, "Gout, unspecified") + " (" + icd(1, "M10.9") + ")")
	p.Line("- " + dx(2, "Essential hypertension") + " (" + icd(2, "I10") + ")")
	p.Gap(6)
	p.Line("**Medications**")
	p.Line("- " + med(1, "Colchicine") + " " + col("medications", 1, "dose", "0.6 mg") + " " + col("medications", 1, "route", "by mouth") + " " + col("medications", 1, "frequency", "twice daily"))
	p.Line("- " + med(2, "Losartan") + " " + col("medications", 2, "dose", "50 mg") + " " + col("medications", 2, "route", "by mouth") + " " + col("medications", 2, "frequency", "once daily"))
	p.Gap(6)
	p.Line("**Allergies:** {allergies.1.allergen|Aspirin} ({allergies.1.reaction|wheezing})")
	p.Gap(6)
	p.Line("**Labs**")
	p.Line("{lab_results.1.test_name|Uric acid}  {lab_results.1.result_value|9.1} {lab_results.1.unit|mg/dL}  ({lab_results.1.reference_range|3.5-7.2})  {lab_results.1.abnormal_flag|H}")
	p.Line("{lab_results.2.test_name|Creatinine}  {lab_results.2.result_value|1.2} {lab_results.2.unit|mg/dL}  ({lab_results.2.reference_range|0.7-1.3})")
}

func rahmani(p *paper.Pen) {
	p.Line("**Reason for Visit:** {chief_complaint|Sore throat and fever for 2 days}")
	p.Line("**Vitals:** BP {blood_pressure_systolic|112}/{blood_pressure_diastolic|68}, HR {heart_rate|96}, Temp {body_temperature|101.3} {body_temperature_unit|F}, SpO2 {oxygen_saturation|99}%, Pain {pain_score|5}/10")
	p.Gap(6)
	p.Line("**Diagnoses**")
	p.Line("- " + dx(1, "Streptococcal pharyngitis") + " (" + icd(1, "J02.0") + ")")
	p.Gap(6)
	p.Line("**Medications**")
	p.Line("- " + med(1, "Cephalexin") + " " + col("medications", 1, "dose", "500 mg") + " " + col("medications", 1, "route", "by mouth") + " " + col("medications", 1, "frequency", "every 12 hours"))
	p.Gap(6)
	p.Line("**Allergies:** {allergies.1.allergen|Penicillin} ({allergies.1.reaction|rash})")
	p.Gap(6)
	p.Line("**Labs**")
	p.Line("{lab_results.1.test_name|Rapid strep A}  {lab_results.1.result_value|Positive}  ({lab_results.1.reference_range|Negative})  {lab_results.1.abnormal_flag|A}")
}

// progressNote is a SOAP note bound into a chart: gutter shadow, punch holes.
func progressNote(d *paper.Doc) {
	s := d.Page()
	base := paper.Style{Family: paper.Serif, Size: 11}
	p := s.Pen(84, 54, 470, base)
	p.Style = base.B().At(14)
	p.Line("{facility_name|Magnolia Street Community Clinic}")
	p.Style = base
	p.Line("PROGRESS NOTE")
	p.Gap(6)
	p.Leader(p.X, p.X+300, p.Y, base, "Patient", "{patient_first_name|Dolores} {patient_last_name|Whitmore}")
	p.Y += p.Lead
	p.Leader(p.X, p.X+300, p.Y, base, "Date of Birth", "{date_of_birth=1939-08-17|August 17, 1939}")
	p.Y += p.Lead
	p.Leader(p.X, p.X+300, p.Y, base, "Record Number", "{patient_mrn|M-0045512}")
	p.Y += p.Lead
	p.Leader(p.X, p.X+300, p.Y, base, "Date of Visit", "{encounter_date,document_date=2023-12-04|December 4, 2023}")
	p.Y += p.Lead
	p.Leader(p.X, p.X+300, p.Y, base, "Clinician", "{provider_name|Ruth Castellano, MD}")
	p.Y += p.Lead + 6
	part := func(title string, draw func()) {
		p.Text(p.X, p.Y, base.B(), title)
		p.Y += p.Lead
		draw()
		p.Gap(6)
	}
	part("Subjective", func() {
		d.Region("history_of_present_illness", func() {
			p.Para("Mrs. Whitmore, 84, returns for her {?conditions|heart failure} and {?conditions|kidney disease}. She sleeps on one pillow and walks to the mailbox " +
				"without stopping. She denies {!conditions.negated|chest pain} and {!conditions.negated|dizziness}. Her {family_members.1.relation|daughter} has " +
				"{family_members.1.relative_condition|rheumatoid arthritis}. Possible {!conditions.ruled out|sleep apnea} was discussed; she declined testing.")
		})
	})
	part("Objective", func() {
		p.Para("Blood pressure {blood_pressure_systolic|124}/{blood_pressure_diastolic|66}. Pulse {heart_rate|62}. Respirations {respiratory_rate|16}. Weight {weight|141} {weight_unit|lb}. " +
			"Oxygen saturation {oxygen_saturation|95}%.")
		d.Region("physical_exam", func() {
			p.Para("Neck veins flat. Lungs clear. Irregularly irregular rhythm. Trace {?conditions|ankle edema}.")
		})
		p.Para(proseLab(1, "Creatinine", "1.6", "") + ", " + proseLab(2, "potassium", "4.7", "") + ", " + proseLab(3, "BNP", "312", "") + ".")
	})
	part("Assessment", func() {
		p.Item("1.", dx(1, "Chronic diastolic heart failure")+", "+icd(1, "I50.32")+", compensated.", 18)
		p.Item("2.", dx(2, "Chronic kidney disease, stage 3b")+", "+icd(2, "N18.32")+".", 18)
		p.Item("3.", dx(3, "Permanent atrial fibrillation")+", "+icd(3, "I48.21")+".", 18)
	})
	part("Plan", func() {
		p.Para("Continue " + med(1, "torsemide") + " " + col("medications", 1, "dose", "20 mg") + " " + col("medications", 1, "frequency", "daily") +
			" and " + med(2, "carvedilol") + " " + col("medications", 2, "dose", "6.25 mg") + " " + col("medications", 2, "frequency", "twice a day") +
			". Stop " + med(3, "naproxen") + ". Basic metabolic panel in two weeks.")
		d.Imply("medications.3.medication_status", "stopped")
	})
	part("Follow-up", func() {
		d.Region("follow_up_instructions", func() { p.Para("Six weeks, sooner for {!conditions.hypothetical|weight gain} of three pounds.") })
	})
	p.Gap(10)
	p.Line("Ruth Castellano, MD")
}
