package terms

import "testing"

func TestLab(t *testing.T) {
	s := defaultSet(t)
	for _, c := range []struct{ analyte, specimen, unit, want string }{
		{"Glucose", "", "mg/dL", "2345-7"},
		{"Glucose", "Serum", "mg/dL", "2345-7"},
		{"Glucose", "Urine", "mg/dL", "5792-7"},
		{"Glucose", "", "mmol/L", "14749-6"},
		{"Creatinine", "Urine", "mg/dL", "2161-8"},
		{"Creatinine", "", "umol/L", "14682-9"},
		{"Protein", "Urine", "mg/dL", "5804-0"},
		{"Neutrophils", "", "%", "770-8"},
		{"Neutrophils", "", "K/uL", "751-8"},
		{"Lymphs", "", "x10E3/uL", "731-0"},
		{"WBC", "", "/hpf", "5821-4"},
		{"WBC", "", "K/uL", "6690-2"},
		{"Sodium", "", "mEq/L", "2951-2"},
		{"ALT", "", "IU/L", "1742-6"},
		{"Potassium", "CSF", "mmol/L", ""},
		{"TSH", "", "uIU/mL", "3016-3"},
		{"TSH", "", "kg", ""},
		{"Hemoglobin", "", "%", ""},
		{"Hemoglobin S", "", "%", "4625-0"},
	} {
		m, ok := s.Lab(c.analyte, c.specimen, c.unit)
		got := ""
		if ok && len(m.Concept.Codings) > 0 {
			got = m.Concept.Codings[0].Code
		}
		if !ok || got != c.want {
			t.Errorf("Lab(%q, %q, %q) = %q, %v, want %q", c.analyte, c.specimen, c.unit, got, ok, c.want)
		}
	}
}
