package codes

import (
	"bytes"
	"slices"
	"testing"
)

func TestTables(t *testing.T) {
	tables, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	gender := tables.System("http://hl7.org/fhir/administrative-gender|4.0.1")
	if c, ok := gender.Concept("male"); !ok || c.Display != "Male" || !gender.Complete {
		t.Errorf("male is %+v, %v", c, ok)
	}
	if _, ok := gender.Concept("Male"); ok {
		t.Error("a code is found in another case")
	}
	status := tables.System("http://terminology.hl7.org/CodeSystem/condition-clinical")
	if below := status.Below("active"); !slices.Contains(below, "recurrence") || !slices.Contains(below, "active") || slices.Contains(below, "resolved") {
		t.Errorf("below active is %v", below)
	}
	if above := status.Above("relapse"); !slices.Equal(above, []string{"relapse", "active"}) {
		t.Errorf("above relapse is %v", above)
	}
	if status.Below("none") != nil {
		t.Error("an unknown code has something below it")
	}
	set := tables.Set("http://hl7.org/fhir/ValueSet/administrative-gender")
	if p, ok := set.Part(gender.URL); !ok || !p.Whole {
		t.Errorf("the set has %+v", set.Parts)
	}
	if tables.Set(set.URL+"|1.0") != nil || tables.Set(set.URL+"|"+set.Version) != set {
		t.Error("the version of a set is not minded")
	}
}

// TestNoText: SNOMED CT's, CPT's and RxNorm's words are not passed on.
func TestNoText(t *testing.T) {
	tables, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{"http://snomed.info/sct", "http://www.ama-assn.org/go/cpt", "http://www.nlm.nih.gov/research/umls/rxnorm"} {
		if tables.System(url) != nil {
			t.Errorf("the texts of %s are here", url)
		}
	}
}

func FuzzParse(f *testing.F) {
	var b bytes.Buffer
	if err := Write(&b, Source{Systems: []System{{URL: "u", Concepts: []Concept{{Code: "c", Display: "d", Parents: []string{"p"}}}}}, Sets: []Set{{URL: "v", Parts: []Part{{System: "u", Codes: []string{"c"}}}}}}); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte("P\tx"))
	f.Fuzz(func(t *testing.T, data []byte) { parse(data) })
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := parse(embedded); err != nil {
			b.Fatal(err)
		}
	}
}
