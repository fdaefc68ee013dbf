package convert

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/result"
)

func TestSmoking(t *testing.T) {
	for text, want := range map[string]string{
		"never": "266919005", "Never smoker": "266919005", "former": "8517006", "Former smoker, quit 2010": "8517006", "quit": "8517006",
		"current": "77176002", "current some day": "428041000124106", "Current every day smoker": "449868002", "unknown": "266927001",
		"Unknown if ever smoked": "266927001",
		// What says two things, or denies one, has no code.
		"Denies current tobacco use": "", "No current tobacco use": "", "not a current smoker": "", "Nonsmoker": "", "wants to quit": "",
		"Current every day smoker, never smoked cigars": "", "former smoker, currently vapes": "",
		// Who means to quit smokes.
		"current smoker; interested in quitting": "77176002", "Current smoker, quit date set for May": "77176002", "quit attempt in May": "",
	} {
		got := ""
		if c := smoking(text, ""); c.Coding != nil {
			got = c.Coding[0].Code
		}
		if got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// TestClaims holds that words which say it is not so never end in a resource that
// says it is, and that plain words are left alone.
func TestClaims(t *testing.T) {
	sure := func(v string) result.Field { return result.Field{Value: v, Confidence: 0.95} }
	for _, c := range []struct {
		table, cells string
		review       bool
		status       string
	}{
		{"immunizations", "vaccine_name=Influenza - declined", true, "not-done"},
		{"immunizations", "vaccine_name=Tdap vaccine_date=refused", true, "not-done"},
		{"immunizations", "vaccine_name=Zoster (due)", true, "not-done"},
		{"immunizations", "vaccine_name=Zoster vaccine_date=2024-01-10", false, "completed"},
		{"procedures", "procedure_name=MRI brain, refused", true, "not-done"},
		{"procedures", "procedure_name=Colonoscopy - scheduled", true, "unknown"},
		{"procedures", "procedure_name=Drainage due to abscess", false, "completed"},
		{"conditions", "condition_name=Gout icd10_code=I10", true, ""},
		{"conditions", "condition_name=Gout icd10_code=M10.9", false, ""},
		{"conditions", "condition_name=No evidence of pneumonia", true, ""},
		{"conditions", "condition_name=Nocturia", false, ""},
		{"conditions", "condition_name=Diabetes without complication", false, ""},
		{"allergies", "allergen=Penicillin reaction=tolerated", true, ""},
		{"allergies", "allergen=Penicillin reaction=nosebleed", false, ""},
		{"lab_results", "test_name=TSH result_value=pending", true, "preliminary"},
		{"lab_results", "test_name=TSH result_value=2.3 reference_range=0.4-4.0 abnormal_flag=H", true, "preliminary"},
		{"lab_results", "test_name=TSH result_value=5.3 reference_range=0.4-4.0 abnormal_flag=H", false, "final"},
	} {
		row := result.Row{}
		name := ""
		for word := range strings.FieldsSeq(c.cells) {
			if k, v, ok := strings.Cut(word, "="); ok {
				name, row[k] = k, sure(v)
			} else {
				row[name] = sure(row[name].Value + " " + word)
			}
		}
		d := result.Document{
			Fields: map[string]result.Field{"patient_last_name": sure("Doe"), "patient_mrn": sure("A1234")},
			Tables: map[string][]result.Row{c.table: {row}},
		}
		out, err := converter().Convert([]result.Document{d})
		if err != nil {
			t.Fatal(err)
		}
		data, err := out.Bundle()
		if err != nil {
			t.Fatal(err)
		}
		check(t, validator(t), data)
		for _, r := range out.Resources {
			tables := map[string]string{"Immunization": "immunizations", "Procedure": "procedures", "Condition": "conditions", "AllergyIntolerance": "allergies", "Observation": "lab_results"}
			if tables[r.ResourceType()] != c.table {
				continue
			}
			var got struct{ Status string }
			if data, err = r4.Marshal(r); err == nil {
				err = json.Unmarshal(data, &got)
			}
			if review := strings.Contains(string(data), "needs-review"); err != nil || review != c.review || got.Status != c.status {
				t.Errorf("%s: review %v, status %q; %v", c.cells, review, got.Status, err)
			}
			if c.review && strings.Contains(string(data), `"confirmed"`) {
				t.Errorf("%s: confirmed", c.cells)
			}
		}
	}
}
