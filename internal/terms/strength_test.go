package terms

import (
	"slices"
	"strings"
	"testing"
)

func TestStrength(t *testing.T) {
	s := defaultSet(t)
	for _, c := range []struct {
		drug      string
		value     float64
		unit      string
		ok, known bool
	}{
		{"lisinopril", 20, "mg", true, true},
		{"lisinopril", 200, "mg", false, true}, // 20.0, the point was lost
		{"lisinopril", 26, "mg", false, true},
		{"Lisinopril", 1.25, "mg", true, true}, // half a tablet
		{"levothyroxine", 0.112, "mg", true, true},
		{"levothyroxine", 112, "ug", true, true},
		{"levothyroxine", 112, "mg", false, true},
		{"metoprolol", 12.5, "mg", true, true},
		{"prednisone", 60, "mg", true, true},
		{"metformin", 1, "g", true, true},
		{"metformin", 5, "mL", false, false},
		{"insulin glargine", 20, "mg", false, false},
	} {
		if ok, known := s.Strength(c.drug, c.value, c.unit); ok != c.ok || known != c.known {
			t.Errorf("Strength(%s, %v, %q) = %v, %v, want %v, %v", c.drug, c.value, c.unit, ok, known, c.ok, c.known)
		}
	}
}

// TestStrengthsFitTheVocabulary wants each drug and form to be known.
func TestStrengthsFitTheVocabulary(t *testing.T) {
	s := defaultSet(t)
	if len(s.supplies) < 300 {
		t.Errorf("%d drugs with strengths, want at least 300", len(s.supplies))
	}
	var drugs []string
	for _, r := range rowsOf(t, "drugs.tsv") {
		drugs = append(drugs, strings.ToLower(r[1]))
	}
	for name, d := range s.supplies {
		if !slices.Contains(drugs, name) {
			t.Errorf("%s is no drug of the vocabulary", name)
		}
		for _, form := range d.forms {
			if _, ok := s.Match(DoseForm, form); !ok {
				t.Errorf("%s: %s is no dose form", name, form)
			}
		}
		if !s.ValidUnit(d.unit) {
			t.Errorf("%s: unit %s", name, d.unit)
		}
		if !slices.IsSorted(d.strengths) {
			t.Errorf("%s: strengths are not in order", name)
		}
	}
}
