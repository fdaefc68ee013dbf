package main

import "github.com/paperchart/paperchart/eval/paper"

// dischargeSummary is a dictated hospital summary in prose, two pages of Times.
func dischargeSummary(d *paper.Doc) {
	s := d.Page()
	base := paper.Style{Family: paper.Serif, Size: 11}
	s.Center(306, 54, base.B().At(15), "{facility_name|ST. BRENDAN REGIONAL MEDICAL CENTER}")
	s.Center(306, 69, base.At(9.5), "{facility_address|1200 Harbor Point Drive, Duluth, MN 55802}  *  {facility_phone|(218) 555-0160}")
	s.Center(306, 92, base.B().At(13), "{document_type=discharge summary|DISCHARGE SUMMARY}")
	p := s.Pen(60, 116, 492, base)
	p.Line("PATIENT NAME: {patient_last_name=Okafor|OKAFOR}, {patient_first_name=Robert|ROBERT} {patient_middle_name|T} {patient_name_suffix=Jr|JR}")
	p.Line("MEDICAL RECORD NO: {patient_mrn|00482917}                    ACCOUNT NO: {encounter_id|7731904485}")
	p.Line("DATE OF BIRTH: {date_of_birth=1951-07-19|07/19/1951}                           SEX: {sex=male|M}")
	p.Line("DATE OF ADMISSION: {admission_date=2024-01-22|01/22/2024}")
	p.Line("DATE OF DISCHARGE: {discharge_date=2024-01-26|01/26/2024}")
	p.Line("ATTENDING PHYSICIAN: {provider_name|Priya Raman, M.D.}")
	p.Line("SERVICE: {provider_specialty|Hospital Medicine}")
	d.Imply("encounter_type", "inpatient")
	head(p, "ADMISSION DIAGNOSIS:")
	p.Line("{?conditions|Acute exacerbation of COPD}.")
	head(p, "DISCHARGE DIAGNOSES:")
	p.Item("1.", dx(2, "COPD with acute exacerbation")+" ("+icd(2, "J44.1")+").", 18)
	p.Item("2.", dx(3, "Acute hypoxic respiratory failure")+" ("+icd(3, "J96.01")+"), "+col("conditions", 3, "clinical_status", "resolved")+".", 18)
	p.Item("3.", dx(4, "Type 2 diabetes mellitus")+" ("+icd(4, "E11.9")+").", 18)
	p.Item("4.", dx(5, "Hypertension")+" ("+icd(5, "I10")+").", 18)
	p.Item("5.", dx(6, "Benign prostatic hyperplasia")+" ("+icd(6, "N40.0")+").", 18)
	head(p, "HISTORY OF PRESENT ILLNESS:")
	d.Region("history_of_present_illness", func() {
		p.Para("The patient is a 72-year-old man with COPD and type 2 diabetes who presented to the emergency department with " +
			"three days of worsening {?conditions|shortness of breath} and {?conditions|productive cough}. He denied {!conditions.negated|chest pain}, " +
			"{!conditions.negated|hemoptysis} and {!conditions.negated|lower extremity edema}. In the ED he was hypoxic to 86% on room air. {?procedures|Chest x-ray} " +
			"showed hyperinflation with no evidence of {!conditions.negated|pneumonia}. {?procedures|CT angiogram} was negative for " +
			"{!conditions.negated|pulmonary embolism}.")
	})
	head(p, "PAST MEDICAL HISTORY:")
	d.Region("past_medical_history", func() {
		p.Para("COPD, type 2 diabetes mellitus, hypertension, benign prostatic hyperplasia. No history of {!conditions.negated|stroke}.")
	})
	head(p, "PAST SURGICAL HISTORY:")
	d.Region("past_surgical_history", func() {
		p.Para("{procedures.1.procedure_name|Appendectomy} in {procedures.1.procedure_date|1974}. " +
			"{procedures.2.procedure_name|Right inguinal hernia repair} in {procedures.2.procedure_date|2011}.")
	})
	head(p, "FAMILY HISTORY:")
	d.Region("family_history", func() {
		p.Para("{family_members.1.relation|Father} died of {family_members.1.relative_condition|lung cancer} at 68. " +
			"{family_members.2.relation|Mother} had {family_members.2.relative_condition|coronary artery disease}.")
	})
	head(p, "SOCIAL HISTORY:")
	p.Para("{smoking_status=former|Former smoker}, quit in 2015, 40 pack-years. {alcohol_use|Drinks one beer on weekends}. {drug_use|No illicit drug use}.")
	head(p, "ALLERGIES:")
	p.Line("{allergies.1.allergen|Codeine} ({allergies.1.reaction|nausea and vomiting}). {allergies.2.allergen|Shellfish} ({allergies.2.reaction|anaphylaxis}).")
	dischargeSummary2(d, base)
}

func dischargeSummary2(d *paper.Doc, base paper.Style) {
	s := d.Page()
	p := s.Pen(60, 50, 492, base)
	p.Line("{patient_last_name=Okafor|OKAFOR}, {patient_first_name=Robert|ROBERT} {patient_middle_name|T} {patient_name_suffix=Jr|JR}                         MRN {patient_mrn|00482917}                         Page 2")
	s.Rule(60, p.Y-8, 552, p.Y-8, 0.7)
	p.Gap(8)
	head(p, "HOSPITAL COURSE:")
	p.Para("The patient was treated with nebulized {?medications|albuterol} and {?medications|ipratropium}, intravenous {?medications|methylprednisolone} and then oral " +
		"prednisone, and {?medications|azithromycin}. {?medications|Oxygen} was weaned to room air by hospital day 3. Blood sugars rose to the 240s on steroids " +
		"and were covered with sliding scale {?medications|insulin}. {procedures.3.procedure_name|Transthoracic echocardiogram} on " +
		"{procedures.3.procedure_date=2024-01-23|01/23/2024} showed an ejection fraction of 60% and no " +
		"{!conditions.negated|pericardial effusion}. Sputum culture grew normal flora.")
	head(p, "PERTINENT LABORATORY DATA:")
	p.Para(proseLab(1, "WBC", "13.8", "") + ", " + proseLab(2, "hemoglobin", "14.2", "") + ", " + proseLab(3, "platelets", "287", "") + ", " +
		proseLab(4, "sodium", "138", "") + ", " + proseLab(5, "potassium", "4.1", "") + ", " + proseLab(6, "creatinine", "1.1", "") + ", " +
		proseLab(7, "hemoglobin A1c", "7.4", "%") + ", " + proseLab(8, "BNP", "64", "") + ".")
	head(p, "VITAL SIGNS ON DISCHARGE:")
	p.Para("Temperature {body_temperature|98.1} {body_temperature_unit|F}, pulse {heart_rate|84}, respirations {respiratory_rate|18}, " +
		"blood pressure {blood_pressure_systolic|134}/{blood_pressure_diastolic|76}, oxygen saturation {oxygen_saturation|94}% on room air. Weight {weight|88.5} {weight_unit|kg}.")
	head(p, "PHYSICAL EXAMINATION:")
	d.Region("physical_exam", func() {
		p.Para("Alert and comfortable. Lungs with scattered end-expiratory wheezes, no crackles. Heart regular, no murmur. Abdomen soft and nontender. No peripheral edema.")
	})
	head(p, "DISCHARGE MEDICATIONS:")
	sig := func(i int, name, dose, verb, sig, freq, route string) {
		m := func(column, text string) string { return col("medications", i, column, text) }
		line := med(i, name) + " " + m("dose", dose) + " " + verb + m("route", route) + " " + m("frequency", freq)
		p.Item("-", line+sig+".", 12)
	}
	sig(1, "Prednisone", "40 mg", "", " for 3 more days, then stop", "daily", "by mouth")
	sig(2, "Tiotropium", "18 mcg", "", "", "once daily", "inhaled")
	sig(3, "Albuterol HFA", "90 mcg", "2 puffs ", " for wheezing", "every 4 hours as needed", "inhaled")
	sig(4, "Metformin", "1000 mg", "", "", "twice daily", "by mouth")
	sig(5, "Lisinopril", "20 mg", "", "", "daily", "by mouth")
	sig(6, "Tamsulosin", "0.4 mg", "", "", "at bedtime", "by mouth")
	head(p, "MEDICATIONS DISCONTINUED:")
	p.Item("-", med(7, "Glipizide")+" "+col("medications", 7, "dose", "5 mg")+", stopped because of {?conditions|hypoglycemia}.", 12)
	d.Imply("medications.7.medication_status", "stopped")
	head(p, "DISPOSITION:")
	p.Line("{discharge_disposition|Home with home health services}.")
	head(p, "FOLLOW-UP:")
	d.Region("follow_up_instructions", func() {
		p.Para("See Dr. Helen Brandt in pulmonary clinic within 2 weeks. Pulmonary rehabilitation referral has been placed. " +
			"Return for {!conditions.hypothetical|fever}, increasing shortness of breath or {!conditions.hypothetical|confusion}.")
	})
	p.Gap(18)
	p.Line("Priya Raman, M.D.    NPI {provider_npi|1684209376}")
	p.Line("D: 01/26/2024 11:05    T: {document_date=2024-01-26|01/26/2024} 15:32    Job 448291")
}

func head(p *paper.Pen, title string) {
	p.Gap(3)
	p.Text(p.X, p.Y, p.Style.B(), title)
	p.Y += p.Lead
}

func proseLab(i int, test, value, unit string) string {
	return col("lab_results", i, "test_name", test) + " " + col("lab_results", i, "result_value", value) + col("lab_results", i, "unit", unit)
}
