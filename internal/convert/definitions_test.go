package convert

import (
	"encoding/json"
	"regexp"
	"slices"
	"testing"
)

// TestDefinitions: our definitions are valid, and define all that bundles use
// and nothing else.
func TestDefinitions(t *testing.T) {
	files, err := StructureDefinitions()
	if err != nil {
		t.Fatal(err)
	}
	v := validator(t)
	var defined []string
	for _, data := range files {
		check(t, v, data)
		var r struct{ URL string }
		if err := json.Unmarshal(data, &r); err != nil {
			t.Fatal(err)
		}
		defined = append(defined, r.URL)
	}
	var used []string
	ours := regexp.MustCompile(`"(https://paperchart\.dev/fhir/(?:StructureDefinition|CodeSystem)/[^"/]+)"`)
	for _, name := range cases(t) {
		for _, m := range ours.FindAllStringSubmatch(string(bundle(t, documents(t, name))), -1) {
			used = append(used, m[1])
		}
	}
	slices.Sort(used)
	slices.Sort(defined)
	if used = slices.Compact(used); !slices.Equal(used, defined) {
		t.Errorf("used are %v, defined %v", used, defined)
	}
}
