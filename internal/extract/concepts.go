package extract

// canonicalFields are the scalar fields that this package knows by meaning: those
// of the default blueprint, and a few that other blueprints ask for whole.
var canonicalFields = fieldSet(
	"patient_name", "patient_last_name", "patient_first_name", "patient_middle_name",
	"patient_name_suffix", "patient_mrn", "date_of_birth", "sex", "address",
	"address_line", "city", "state", "postal_code", "phone", "email",
	"marital_status", "language", "race", "ethnicity", "emergency_contact_name",
	"emergency_contact_phone", "insurance_payer_name", "insurance_member_id",
	"insurance_group_number", "facility_name", "facility_address", "facility_phone",
	"provider_name", "provider_npi", "provider_specialty", "document_type",
	"document_date", "encounter_id", "encounter_type", "encounter_date",
	"admission_date", "discharge_date", "discharge_disposition", "chief_complaint",
	"history_of_present_illness", "past_medical_history", "past_surgical_history",
	"family_history", "physical_exam", "assessment", "plan_of_care",
	"follow_up_instructions", "smoking_status", "alcohol_use", "drug_use",
	"vitals_date", "blood_pressure", "blood_pressure_systolic",
	"blood_pressure_diastolic", "heart_rate", "respiratory_rate", "body_temperature",
	"body_temperature_unit", "oxygen_saturation", "height", "height_unit", "weight",
	"weight_unit", "bmi", "pain_score", "collection_date",
)

// narrative names the field that holds a section's text whole.
var narrative = map[section]string{
	secReason:     "chief_complaint",
	secHPI:        "history_of_present_illness",
	secCourse:     "history_of_present_illness",
	secHistory:    "past_medical_history",
	secSurgery:    "past_surgical_history",
	secFamily:     "family_history",
	secExam:       "physical_exam",
	secAssessment: "assessment",
	secPlan:       "plan_of_care",
	secFollowUp:   "follow_up_instructions",
	// A disposition is short, and stands under a heading in letters.
	secDisposition: "discharge_disposition",
}

func fieldSet(names ...string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, n := range names {
		m[n] = true
	}
	return m
}
