package convert

import (
	"testing"

	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/result"
	"github.com/paperchart/paperchart/internal/terms"
)

// TestUnitAndTestDisagree: with the vocabulary that ships, a result whose unit
// no test of its name has is not coded and not final.
func TestUnitAndTestDisagree(t *testing.T) {
	set, err := terms.Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, panel, unit, code, status string }{
		{"Hemoglobin", "", "g/dL", "718-7", "final"},
		{"Hemoglobin", "", "%", "", "preliminary"},
		{"Glucose", "", "mmol/L", "14749-6", "final"},
		{"Glucose", "", "mg/dL", "2345-7", "final"},
		{"Glucose", "Urinalysis, complete", "mg/dL", "5792-7", "final"},
		{"Neutrophils", "CBC", "%", "770-8", "final"},
		{"Something of our own", "", "mg/dL", "", "final"},
	} {
		cells := result.Row{}
		for column, v := range map[string]string{"test_name": c.name, "panel_name": c.panel, "unit": c.unit, "result_value": "5"} {
			cells[column] = result.Field{Value: v, Confidence: 0.99}
		}
		conv := converter()
		conv.Terms = set
		out, err := conv.Convert([]result.Document{{Tables: map[string][]result.Row{"lab_results": {cells}}}})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range out.Resources {
			if o, ok := r.(*r4.Observation); ok {
				code := ""
				if len(o.Code.Coding) > 0 {
					code = o.Code.Coding[0].Code
				}
				if code != c.code || o.Status != c.status {
					t.Errorf("%s in %s (%s): %q, %s; want %q, %s", c.name, c.unit, c.panel, code, o.Status, c.code, c.status)
				}
			}
		}
	}
}
