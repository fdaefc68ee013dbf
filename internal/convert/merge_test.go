package convert

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/result"
)

// patientIn is the Patient of a bundle as JSON.
func patientIn(t *testing.T, bundle []byte) []byte {
	t.Helper()
	var b struct {
		Entry []struct{ Resource json.RawMessage }
	}
	if err := json.Unmarshal(bundle, &b); err != nil {
		t.Fatal(err)
	}
	return b.Entry[0].Resource
}

// TestMergeBundle: a form, then a report of the same patient, then the form
// again: nothing is lost, and the third changes no value.
func TestMergeBundle(t *testing.T) {
	sure := func(v string) result.Field { return result.Field{Value: v, Confidence: 0.97} }
	form := bundle(t, []result.Document{person(fileA, map[string]result.Field{"phone": sure("218-555-0144"), "city": sure("Duluth"), "sex": sure("female")})})
	report := bundle(t, []result.Document{person(fileB, map[string]result.Field{"facility_name": sure("Larkspur Laboratories")})})
	var held []byte
	stored := func(string) ([]byte, error) { return held, nil }
	imported := func(bundle []byte) []byte {
		merged, err := MergeBundle(bundle, stored)
		if err != nil {
			t.Fatal(err)
		}
		check(t, validator(t), merged)
		held = patientIn(t, merged)
		return merged
	}
	if first := imported(form); !bytes.Equal(first, form) {
		t.Error("a new patient was changed")
	}
	merged := imported(report)
	if !strings.Contains(string(merged), `"request"`) || strings.Count(string(merged), "fullUrl") != strings.Count(string(report), "fullUrl") {
		t.Error("the bundle lost entries")
	}
	imported(form)
	var p r4.Patient
	if err := json.Unmarshal(held, &p); err != nil {
		t.Fatal(err)
	}
	if len(p.Telecom) != 1 || len(p.Address) != 1 || p.Gender != "female" || len(p.Identifier) != 2 || tagged(&p) {
		t.Errorf("%s", held)
	}
	before := held
	imported(form)
	if !bytes.Equal(before, held) {
		t.Error("the same form again changed the patient")
	}
}

func TestMergeBundleDisagrees(t *testing.T) {
	one := person(fileA, map[string]result.Field{"sex": {Value: "female", Confidence: 0.9}})
	other := person(fileB, map[string]result.Field{"sex": {Value: "male", Confidence: 0.9}})
	held := patientIn(t, bundle(t, []result.Document{one}))
	merged, err := MergeBundle(bundle(t, []result.Document{other}), func(string) ([]byte, error) { return held, nil })
	if err != nil {
		t.Fatal(err)
	}
	var p r4.Patient
	if err := json.Unmarshal(patientIn(t, merged), &p); err != nil || p.Gender != "male" || !tagged(&p) {
		t.Errorf("%v %+v", err, p)
	}
	if _, err := MergeBundle([]byte("{"), nil); err == nil {
		t.Error("no JSON is no error")
	}
}
