package main

import "github.com/paperchart/paperchart/eval/paper"

// referralFax is a referral as it comes out of a fax machine.
func referralFax(d *paper.Doc) {
	s := d.Page()
	mono := paper.Style{Family: paper.Mono, Size: 8}
	s.Text(30, 22, mono, "09/17/2024 14:06   FROM: RIVERBEND PRIMARY CARE   541 555 0126   TO: 541 555 0199   P. 01/02")
	base := paper.Style{Family: paper.Sans, Size: 10.5}
	s.Center(306, 60, base.B().At(15), "{facility_name|Riverbend Primary Care}")
	s.Center(306, 75, base.At(9.5), "{facility_address|902 Willow Bend Ave, Eugene, OR 97401}   Ph: {facility_phone|541-555-0126}   Fax: 541-555-0127")
	s.Center(306, 102, base.B().At(13), "{document_type=referral|REFERRAL REQUEST}")
	p := s.Pen(56, 128, 500, base)
	p.Line("Date: {document_date=2024-09-17|9/17/2024}")
	p.Line("To: Cascade Cardiology Associates")
	p.Line("Referring Provider: {provider_name|Thomas Lindqvist, NP}      NPI: {provider_npi|1529038477}")
	p.Gap(6)
	p.Line("Patient: {patient_first_name|Yolanda} {patient_last_name|Esparza-Reed}      D.O.B.: {date_of_birth=1972-12-05|12-05-1972}      Sex: {sex=female|F}")
	p.Line("Address: {address_line|3316 Juniper St Apt 4B}, {city|Springfield}, {state|OR} {postal_code|97477}")
	p.Line("Home Phone: {phone|(541) 555-0153}      Med Rec #: {patient_mrn|RB0093316}")
	p.Line("Insurance: {insurance_payer_name|Evergreen Choice PPO}   ID#: {insurance_member_id|ECH7720045}   Group: {insurance_group_number|0045-A}")
	p.Gap(6)
	p.Line("Reason for Referral: {chief_complaint|Evaluation of exertional dyspnea and palpitations}")
	p.Gap(4)
	p.Line("**Diagnosis:**")
	p.Line("   " + icd(1, "I10") + "  " + dx(1, "Essential (primary) hypertension"))
	p.Line("   " + icd(2, "R00.2") + "  " + dx(2, "Palpitations"))
	p.Line("   " + icd(3, "R06.09") + "  " + dx(3, "Dyspnea on exertion"))
	p.Line("   " + icd(4, "E66.9") + "  " + dx(4, "Obesity, unspecified"))
	p.Gap(4)
	p.Line("**Clinical Summary:**")
	d.Region("history_of_present_illness", func() {
		p.Para("51 y/o female with 2 months of palpitations and dyspnea climbing one flight of stairs. No {!conditions.negated|syncope}. " +
			"Denies {!conditions.negated|orthopnea}. {?procedures|ECG} in office: sinus rhythm, rate 88. R/O {!conditions.ruled out|atrial fibrillation}.")
	})
	p.Para("FHx: {family_members.1.relation|mother} with {family_members.1.relative_condition|atrial fibrillation}, {family_members.2.relation|brother} with {family_members.2.relative_condition|myocardial infarction} at 49.")
	p.Para("Tobacco: {smoking_status=current|current smoker, 1/2 ppd}. EtOH: {alcohol_use|social}.")
	p.Gap(4)
	p.Line("**Vitals:** BP {blood_pressure_systolic|146}/{blood_pressure_diastolic|92}  HR {heart_rate|88}  RR {respiratory_rate|18}  T {body_temperature|98.6}{body_temperature_unit|F}  O2 Sat {oxygen_saturation|97}%  " +
		"Wt {weight|203} {weight_unit|lb}  Ht {height=65|5'5\"}  BMI {bmi|33.8}")
	d.Imply("height_unit", "in")
	p.Gap(4)
	p.Line("**Medications:**")
	for i, m := range []string{
		med(1, "amlodipine") + " " + col("medications", 1, "dose", "5 mg") + " 1 tab " + col("medications", 1, "route", "PO") + " " + col("medications", 1, "frequency", "daily"),
		med(2, "hydrochlorothiazide") + " " + col("medications", 2, "dose", "25 mg") + " 1 tab " + col("medications", 2, "route", "PO") + " " + col("medications", 2, "frequency", "qAM"),
		med(3, "ibuprofen") + " " + col("medications", 3, "dose", "600 mg") + " 1 tab " + col("medications", 3, "route", "PO") + " " + col("medications", 3, "frequency", "TID PRN") + " knee pain",
	} {
		p.Item(itoa(i+1)+")", m, 18)
	}
	p.Gap(4)
	p.Line("**Allergies:** {allergies.1.allergen|Latex} - {allergies.1.reaction|contact dermatitis};  {allergies.2.allergen|Amoxicillin} - {allergies.2.reaction|hives}")
	p.Gap(4)
	p.Line("**Recent labs** ({lab_results.*.collection_date=2024-09-10|09/10/24}):")
	p.Line(proseLab(1, "TSH", "1.84 ", "uIU/mL") + "    " + proseLab(2, "K", "3.9 ", "mEq/L") + "    " + proseLab(3, "Cr", "0.8 ", "mg/dL") + "    " + proseLab(4, "Hgb", "12.9 ", "g/dL") + "    " + proseLab(5, "Mg", "1.9 ", "mg/dL"))
	p.Gap(4)
	x := s.Checkbox(p.X, p.Y, 9, paper.Empty)
	x = s.Text(x, p.Y, base, "Routine") + 20
	x = s.Checkbox(x, p.Y, 9, paper.Cross)
	x = s.Text(x, p.Y, base, "Urgent (within 2 weeks)") + 20
	x = s.Checkbox(x, p.Y, 9, paper.Empty)
	s.Text(x, p.Y, base, "STAT")
	p.Gap(28)
	p.Line("Electronically signed: Thomas Lindqvist, NP  09/17/2024 13:58")
	p.Gap(10)
	p.Style = base.At(7.5)
	p.Lead = 10
	p.Para("CONFIDENTIAL: This transmission contains protected health information. If you received it in error, notify the sender at once and destroy it.")
}
