package extract

import (
	"testing"

	"github.com/paperchart/paperchart/internal/terms"
)

// TestMarketed doubts a strength that a drug does not come in, and no other.
func TestMarketed(t *testing.T) {
	set, err := terms.Default()
	if err != nil {
		t.Fatal(err)
	}
	r := &reader{terms: set, supplies: set}
	for _, c := range []struct {
		drug, whole, dose string
		doubted           bool
	}{
		{"lisinopril", "lisinopril 20 mg daily", "20 mg", false},
		{"lisinopril", "lisinopril 200 mg daily", "200 mg", true},
		{"Zestril", "Zestril 200 mg daily", "200 mg", true},
		{"levothyroxine", "levothyroxine 112 mcg", "112 mcg", false},
		{"levothyroxine", "levothyroxine 112 mg", "112 mg", true},
		{"ketorolac", "ketorolac 33 mg IM once", "33 mg", false}, // from a vial, any dose
		{"amoxicillin", "amoxicillin 400 mg/5 mL", "400 mg/5 mL", false},
		{"ibuprofen", "ibuprofen", "", false},
	} {
		m, ok := set.Match(terms.Drug, c.drug)
		if !ok {
			t.Fatalf("%s is unknown", c.drug)
		}
		cells := map[string]cell{}
		if c.dose != "" {
			cells["dose"] = cell{value: c.dose}
		}
		r.marketed(m, c.whole, cells)
		if got := cells["dose"].remark == remarkStrength; got != c.doubted {
			t.Errorf("%s: doubted %v, want %v", c.whole, got, c.doubted)
		}
	}
}
