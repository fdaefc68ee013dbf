package extract

import "testing"

// What was offered to be ticked and was not is no part of the history, and what
// stands under one heading is not of the heading below it.
func TestTickedListsAndHeadings(t *testing.T) {
	d := withTerms(t, typed(`
Patient: Rebecca Pruitt      DOB: 04/02/1996

MEDICAL HISTORY - CHECK ALL THAT APPLY

▢ Asthma        ▢ Diabetes          ▢ Heart disease
▢ Stroke        ▣ Kidney disease    ▢ Thyroid disease

ALLERGIES

Bee venom (rash); Sulfamethoxazole-trimethoprim (muscle pain)

CURRENT MEDICATIONS

Medication               Dose          Frequency
cholecalciferol          1,000 units   daily
dabigatran               150 mg        twice daily
`))
	same(t, "allergies", column(d, "allergies", "allergen", "reaction"),
		map[string]string{"Bee venom": "rash", "Sulfamethoxazole-trimethoprim": "muscle pain"})
	same(t, "medications", column(d, "medications", "medication_name", "dose"),
		map[string]string{"cholecalciferol": "1,000 units", "dabigatran": "150 mg"})
	same(t, "conditions", column(d, "conditions", "condition_name", "icd10_code"), map[string]string{"Kidney disease": ""})
	if f := d.Fields["past_medical_history"]; f.Value != "" && f.Value != "Kidney disease" {
		t.Errorf("the history says %q", f.Value)
	}
}
