package store

import (
	"slices"
	"testing"
)

// TestParametersPutTogether searches parameters that have no rows of their own.
func TestParametersPutTogether(t *testing.T) {
	overEmpty(t, func(t *testing.T, s *Store) {
		put(t, s, "Patient", "w", `,"name":[{"family":"Wood","given":["Ann"]}]`)
		put(t, s, "Patient", "n", ``)
		put(t, s, "Observation", "a", `,"status":"final","code":{"coding":[{"system":"urn:l","code":"1"}],"text":"Panel of blood"},"valueQuantity":{"value":5,"unit":"mmol/L","system":"http://unitsofmeasure.org","code":"mmol/L"},"subject":{"reference":"Patient/w"}`)
		put(t, s, "Observation", "b", `,"status":"final","code":{"coding":[{"system":"urn:l","code":"2"}]},"subject":{"reference":"Patient/w"},"component":[{"code":{"coding":[{"system":"urn:l","code":"1"}],"text":"Blood sugar"},"valueQuantity":{"value":7,"unit":"mmol/L","system":"http://unitsofmeasure.org","code":"mmol/L"}},{"code":{"coding":[{"system":"urn:l","code":"2"}]},"valueCodeableConcept":{"coding":[{"code":"pos"}]}}]`)
		put(t, s, "Observation", "c", `,"status":"final","code":{"text":"Sugar in urine"},"valueCodeableConcept":{"coding":[{"code":"pos"}]},"component":[{"code":{"coding":[{"system":"urn:l","code":"3"}]},"dataAbsentReason":{"coding":[{"code":"unknown"}]}}]`)
		for _, c := range [][3]string{
			{"Observation", "combo-code=urn:l|1", "a b"},
			{"Observation", "combo-code=1,3", "a b c"},
			{"Observation", "combo-code=2&subject=Patient/w", "b"},
			{"Observation", "combo-code:not=urn:l|1", "c"},
			{"Observation", "combo-code:text=blood", "b"},
			{"Observation", "combo-code:missing=true", ""},
			{"Observation", "component-code:missing=true", "a"},
			{"Observation", "combo-data-absent-reason:missing=false", "c"},
			{"Observation", "combo-value-quantity=gt6", "b"},
			{"Observation", "combo-value-quantity=0.005|http://unitsofmeasure.org|mol/L", "a"},
			{"Observation", "combo-value-concept=pos", "b c"},
			{"Observation", "combo-code-value-quantity=1$gt4", "a b"},
			{"Observation", "combo-code-value-quantity=2$gt4", ""},
			{"Observation", "_sort=-combo-value-quantity", "b a c"},
			{"Observation", "_sort=combo-code", "a b c"},
			{"Patient", "phonetic=wood", "w"},
			{"Patient", "phonetic:missing=true", "n"},
			{"Patient", "_has:Observation:patient:combo-code=1", "w"},
			{"Observation", "_filter=combo-code eq urn:l|3", "c"},
		} {
			if got := find(t, s, c[0], c[1]); got != c[2] {
				t.Errorf("%s?%s found %q, want %q", c[0], c[1], got, c[2])
			}
		}
		if got := s.index.stored("Observation.combo-code:text"); !slices.Equal(got, []string{"Observation.code:text", "Observation.component-code:text"}) {
			t.Errorf("the rows of combo-code:text are %q", got)
		}
		for _, own := range []string{"Observation.code", "Patient.name", "Observation.combo-code-value-quantity$1", "Observation.subject"} {
			if got := s.index.stored(own); !slices.Equal(got, []string{own}) {
				t.Errorf("the rows of %s are %q", own, got)
			}
		}
	})
}
