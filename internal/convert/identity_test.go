package convert

import (
	"testing"

	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/result"
)

// person is a document about somebody, in the file that digest names.
func person(digest string, changes map[string]result.Field) result.Document {
	d := result.Document{Source: result.Source{SHA256: digest}, Fields: map[string]result.Field{
		"patient_mrn": {Value: "K-00417", Confidence: 0.97}, "date_of_birth": {Value: "1948-02-29", Confidence: 0.97},
		"patient_last_name": {Value: "Brandt", Confidence: 0.97}, "patient_first_name": {Value: "Marta", Confidence: 0.97},
		"facility_name": {Value: "Larkspur Clinic", Confidence: 0.9},
	}}
	for name, f := range changes {
		d.Fields[name] = f
	}
	return d
}

func patientOf(t *testing.T, c *Converter, docs ...result.Document) *r4.Patient {
	t.Helper()
	out, err := c.Convert(docs)
	if err != nil {
		t.Fatal(err)
	}
	return out.Resources[0].(*r4.Patient)
}

const (
	fileA = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	fileB = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
)

// TestIdentity: one person's data never lands on another.
func TestIdentity(t *testing.T) {
	sure := func(v string) result.Field { return result.Field{Value: v, Confidence: 0.97} }
	one := map[string]result.Field{}
	for _, c := range []struct {
		name  string
		other map[string]result.Field
		same  bool
	}{
		{"the same person", one, true},
		{"in capitals, with a middle name", map[string]result.Field{"patient_last_name": sure("BRANDT"), "patient_first_name": sure("MARTA"), "patient_middle_name": sure("Q")}, true},
		{"with an accent that the other print lacks", map[string]result.Field{"patient_first_name": sure("Márta")}, true},
		{"number without its hyphen", map[string]result.Field{"patient_mrn": sure("K00417")}, true},
		{"at the laboratory that prints the clinic's number", map[string]result.Field{"facility_name": sure("Larkspur Laboratories")}, true},
		{"another house gives the same number to somebody else", map[string]result.Field{"patient_last_name": sure("Okafor"), "date_of_birth": sure("1990-07-01"), "facility_name": sure("St. Brigid")}, false},
		{"a namesake", map[string]result.Field{"patient_mrn": sure("K-90001"), "date_of_birth": sure("1971-03-03")}, false},
		{"a twin", map[string]result.Field{"patient_mrn": sure("K-00418"), "patient_first_name": sure("Greta")}, false},
		{"a twin whose number was misread surely", map[string]result.Field{"patient_first_name": sure("Greta")}, false},
		{"an initial that may be the twin's", map[string]result.Field{"patient_first_name": sure("M")}, false},
		{"no first name", map[string]result.Field{"patient_first_name": {}}, false},
		{"a damaged number", map[string]result.Field{"patient_mrn": sure("K-0O417")}, false},
		{"an unsure number", map[string]result.Field{"patient_mrn": {Value: "K-00417", Confidence: 0.6}}, false},
		{"a repaired number", map[string]result.Field{"patient_mrn": {Value: "K-00417", Confidence: 0.97, Remark: grammar.RemarkRepaired}}, false},
		{"a doubtful century", map[string]result.Field{"date_of_birth": {Value: "1948-02-29", Confidence: 0.97, Remark: grammar.RemarkCentury}}, false},
		{"a birth year alone", map[string]result.Field{"date_of_birth": sure("1948")}, false},
		{"no birthday there is", map[string]result.Field{"date_of_birth": sure("1948-02-30")}, false},
		{"a number of punctuation", map[string]result.Field{"patient_mrn": sure("---")}, false},
	} {
		a, b := patientOf(t, converter(), person(fileA, nil)).ID, patientOf(t, converter(), person(fileB, c.other)).ID
		if (a == b) != c.same {
			t.Errorf("%s: the same patient is %v, want %v", c.name, a == b, c.same)
		}
	}
}

// TestIdentityOfLowThresholds: thresholds decide what is final, never who
// somebody is.
func TestIdentityOfLowThresholds(t *testing.T) {
	c := converter()
	c.Thresholds = result.Thresholds{}
	unsure := map[string]result.Field{"patient_mrn": {Value: "K-00417", Confidence: 0.5}}
	if patientOf(t, c, person(fileA, unsure)).ID == patientOf(t, c, person(fileB, unsure)).ID {
		t.Error("two unsure readings are one patient")
	}
}

// TestIdentityPairs: two unsure readings of the same print are two patients as
// long as nobody has said otherwise, in one file too.
func TestIdentityPairs(t *testing.T) {
	unsure := person(fileA, map[string]result.Field{"patient_mrn": {Value: "K-00417", Confidence: 0.5}})
	out, err := converter().Convert([]result.Document{unsure, unsure})
	if err != nil || out.Patients != 2 {
		t.Errorf("%d patients, %v", out.Patients, err)
	}
	twice, err := converter().Convert([]result.Document{person(fileA, nil), person(fileA, nil)})
	if err != nil || twice.Patients != 1 {
		t.Errorf("%d patients, %v", twice.Patients, err)
	}
}

// TestNoFileNoClash: results that know no file, as BDA's, do not share ids.
func TestNoFileNoClash(t *testing.T) {
	a := person("", map[string]result.Field{"patient_mrn": {}})
	b := person("", map[string]result.Field{"patient_mrn": {}, "patient_last_name": {Value: "Okafor", Confidence: 0.9}})
	if patientOf(t, converter(), a).ID == patientOf(t, converter(), b).ID {
		t.Error("two documents without a digest have one id")
	}
	if patientOf(t, converter(), a).ID != patientOf(t, converter(), a).ID {
		t.Error("the same document has two ids")
	}
}

// TestMergePatient: another reading adds and never takes away.
func TestMergePatient(t *testing.T) {
	first := person(fileA, map[string]result.Field{"phone": {Value: "218-555-0144", Confidence: 0.9}, "sex": {Value: "female", Confidence: 0.9}})
	second := person(fileA, map[string]result.Field{"city": {Value: "Duluth", Confidence: 0.9}, "sex": {Value: "male", Confidence: 0.9}})
	p := patientOf(t, converter(), first, second)
	if len(p.Telecom) != 1 || len(p.Address) != 1 || p.Gender != "female" || len(p.Identifier) != 1 || !tagged(p) {
		t.Errorf("%+v", p)
	}
}
