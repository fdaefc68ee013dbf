package validate

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/paperchart/paperchart/internal/fhir/fhirtest"
	"github.com/paperchart/paperchart/internal/fhir/model"
)

const (
	patient = `{"resourceType":"Patient","id":"p1","identifier":[{"system":"http://a.org/mrn","value":"1"}],"name":[{"family":"Doe","given":["Jane"]}],"gender":"female","birthDate":"1970-02-28"`
	obs     = `{"resourceType":"Observation","status":"final","code":{"text":"x"}`
	bp      = `{"resourceType":"Observation","meta":{"profile":["http://hl7.org/fhir/us/core/StructureDefinition/us-core-blood-pressure"]},"status":"final",
		"category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],
		"code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}]},"subject":{"reference":"Patient/1"},"effectiveDateTime":"2020-01-01"`
	systolic  = `{"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":120,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}}`
	diastolic = `{"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},"valueQuantity":{"value":80,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}}`
)

// seeded are resources with one fault each; want is a part of "expression:
// message", or "" for a valid one.
var seeded = []struct{ name, in, want string }{
	{"valid patient", patient + `}`, ""},
	{"valid observation", obs + `,"valueQuantity":{"value":1.0}}`, ""},
	{"valid blood pressure", bp + `,"component":[` + systolic + `,` + diastolic + `]}`, ""},
	{"valid with primitive extension", patient + `,"_birthDate":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-birthTime","valueDateTime":"1970-02-28T10:00:00Z"}]}}`, ""},
	{"value replaced by an extension", `{"resourceType":"Observation","_status":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]},"code":{"text":"x"}}`, ""},
	{"null beside an extension", `{"resourceType":"Patient","name":[{"given":["a",null],"_given":[null,{"extension":[{"url":"http://a.org/x","valueString":"y"}]}]}]}`, ""},
	{"unknown resource", `{"resourceType":"Patiént"}`, "Patiént"},
	{"no resource type", `{"id":"a"}`, "resourceType is missing"},
	{"unknown element", patient + `,"birthdate":"1970"}`, `Patient.birthdate: There is no element "birthdate"`},
	{"unknown nested element", patient + `,"contact":[{"nam":{}}]}`, `"nam"`},
	{"missing element", `{"resourceType":"Observation","status":"final"}`, "Observation.code is missing"},
	{"array for one", patient + `,"maritalStatus":[{"text":"x"}]}`, "must not be an array"},
	{"one for array", patient + `,"telecom":{"value":"1"}}`, "must be an array"},
	{"empty array", patient + `,"telecom":[]}`, "Patient.telecom: An array must not be empty"},
	{"empty object", patient + `,"maritalStatus":{}}`, "An object must not be empty"},
	{"empty string", patient + `,"language":""}`, "must not be empty"},
	{"null", patient + `,"language":null}`, "null stands for nothing"},
	{"null in objects", patient + `,"telecom":[null]}`, "null stands for nothing"},
	{"two choices", patient + `,"deceasedBoolean":true,"deceasedDateTime":"2020"}`, "more than one value"},
	{"choice of a wrong type", patient + `,"deceasedString":"x"}`, `"deceasedString"`},
	{"choice without type", obs + `,"value":"x"}`, `no element "value"`},
	{"string for boolean", patient + `,"active":"true"}`, "must be a JSON true or false"},
	{"number for string", patient + `,"language":1}`, "must be a JSON string"},
	{"string for number", obs + `,"valueInteger":"1"}`, "must be a JSON number"},
	{"integer with point", obs + `,"valueInteger":1.0}`, "whole number"},
	{"integer too big", obs + `,"valueInteger":2147483648}`, "32 bits"},
	{"positiveInt of zero", patient + `,"telecom":[{"value":"1","rank":0}]}`, "1 or more"},
	{"date that is not in the calendar", `{"resourceType":"Patient","birthDate":"1970-02-30"}`, "no such day"},
	{"date of the wrong form", `{"resourceType":"Patient","birthDate":"02/28/1970"}`, "a date has the form"},
	{"dateTime without zone", obs + `,"effectiveDateTime":"2020-01-01T10:00:00"}`, "time zone"},
	{"dateTime with hour 24", obs + `,"effectiveDateTime":"2020-01-01T24:00:00Z"}`, "no such time"},
	{"instant without time", patient + `,"meta":{"lastUpdated":"2020-01-01"}}`, "date, time and time zone"},
	{"id with underscore", `{"resourceType":"Patient","id":"a_b"}`, "Patient.id"},
	{"code with spaces", patient + `,"telecom":[{"value":"1","system":"ph  one"}]}`, "white space"},
	{"code outside the value set", `{"resourceType":"Patient","gender":"F"}`, "administrative-gender"},
	{"coded concept outside the value set", `{"resourceType":"Condition","subject":{"reference":"Patient/1"},"clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"on"}]}}`, "condition-clinical"},
	{"wrong reference target", obs + `,"subject":{"reference":"Practitioner/1"}}`, "Observation.subject: A reference to a Practitioner is not allowed"},
	{"reference type that contradicts", obs + `,"subject":{"reference":"Patient/1","type":"Group"}}`, "leads to a Patient"},
	{"missing contained resource", obs + `,"subject":{"reference":"#p"}}`, "names no contained resource"},
	{"contained resource not referred to", obs + `,"contained":[{"resourceType":"Patient","id":"p"}]}`, "dom-3"},
	{"contained in contained", obs + `,"subject":{"reference":"#p"},"contained":[{"resourceType":"Patient","id":"p","contained":[{"resourceType":"Patient","id":"q"}]}]}`, "dom-2"},
	{"contained with a version", obs + `,"subject":{"reference":"#p"},"contained":[{"resourceType":"Patient","id":"p","meta":{"versionId":"1"}}]}`, "dom-4"},
	{"constraint of the resource", obs + `,"valueString":"x","dataAbsentReason":{"text":"y"}}`, "obs-6"},
	{"constraint of an element", patient + `,"contact":[{"gender":"male"}]}`, "pat-1"},
	{"constraint of a type", patient + `,"address":[{"city":"x","period":{"start":"2020","end":"2019"}}]}`, "per-1"},
	{"profiled data type", `{"resourceType":"Observation","status":"final","code":{"text":"x"},"referenceRange":[{"low":{"value":1,"comparator":"<"}}]}`, "comparator"},
	{"extension without value", patient + `,"extension":[{"url":"http://a.org/x"}]}`, "ext-1"},
	{"extension with both", patient + `,"extension":[{"url":"http://a.org/x","valueString":"a","extension":[{"url":"y","valueString":"b"}]}]}`, "ext-1"},
	{"extension of a wrong type", patient + `,"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-birthTime","valueString":"x"}]}`, "not allowed here"},
	{"extension in a wrong place", obs + `,"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-religion","valueCodeableConcept":{"text":"x"}}]}`, "not meant for this place"},
	{"relative extension", patient + `,"extension":[{"url":"x","valueString":"a"}]}`, "must be absolute"},
	{"script in the narrative", patient + `,"text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><script>x</script></div>"}}`, "<script>"},
	{"open tag in the narrative", patient + `,"text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>x</div>"}}`, "nested properly"},
	{"bundle entry without request", `{"resourceType":"Bundle","type":"transaction","entry":[{"resource":` + patient + `}}]}`, "bdl-3"},
	{"two entries of one fullUrl", `{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"http://a.org/Patient/p1","resource":` + patient + `}},{"fullUrl":"http://a.org/Patient/p1","resource":` + patient + `}}]}`, "bdl-7"},
	{"fullUrl of another id", `{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"http://a.org/Patient/p2","resource":` + patient + `}}]}`, "does not end in the id"},
	{"reference of a wrong type in a bundle", `{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0","resource":{"resourceType":"Practitioner","active":true}},{"resource":` + obs + `,"subject":{"reference":"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}}}]}`, "A reference to a Practitioner"},
	{"entry without fullUrl", `{"resourceType":"Bundle","type":"collection","entry":[{"resource":` + patient + `}}]}`, "fullUrl is missing"},
	{"derived parameter of another type", `{"resourceType":"SearchParameter","url":"http://a.org/x","name":"x","status":"draft","description":"x","code":"x","base":["Patient"],"type":"string","derivedFrom":"http://hl7.org/fhir/SearchParameter/individual-birthdate"}`, "of type date"},
	{"document without composition", `{"resourceType":"Bundle","type":"document","identifier":{"system":"http://a.org/x","value":"1"},"timestamp":"2020-01-01T00:00:00Z","entry":[{"fullUrl":"http://a.org/Patient/p1","resource":` + patient + `}}]}`, "bdl-11"},
	{"profile's cardinality", `{"resourceType":"Patient","meta":{"profile":["http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient"]},"gender":"female","name":[{"family":"a"}]}`, "identifier is needed at least 1"},
	{"profile's constraint", `{"resourceType":"Patient","meta":{"profile":["http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient"]},"gender":"female","identifier":[{"system":"http://a.org","value":"1"}],"name":[{"use":"usual"}]}`, "us-core-6"},
	{"profile's missing slice", bp + `,"component":[` + systolic + `,` + systolic + `]}`, "component (diastolic)"},
	{"profile's fixed value", bp + `,"component":[` + systolic + `,` + strings.Replace(diastolic, "mm[Hg]", "cm[Hg]", 1) + `]}`, "mm[Hg]"},
	{"profile of another type", `{"resourceType":"Patient","meta":{"profile":["http://hl7.org/fhir/StructureDefinition/bp"]},"active":true}`, "cannot be claimed"},
	{"vital sign by its code", `{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]}}`, "heartrate"},
	{"race without text", `{"resourceType":"Patient","extension":[{"url":"http://hl7.org/fhir/us/core/StructureDefinition/us-core-race","extension":[{"url":"ombCategory","valueCoding":{"system":"urn:oid:2.16.840.1.113883.6.238","code":"2106-3"}}]}]}`, "extension (text)"},
	{"duplicate member", `{"resourceType":"Patient","id":"a","id":"b"}`, "second time"},
	{"language", patient + `,"language":"en_US"}`, "such as en"},
	{"reference to no type", obs + `,"performer":[{"reference":"Doctor/1"}]}`, "no resource type"},
	{"ids of elements", patient + `,"address":[{"id":"a","city":"x"},{"id":"a","city":"y"}]}`, "same id"},
	{"relative system", patient + `,"maritalStatus":{"coding":[{"system":"local","code":"M"}]}}`, "absolute"},
	{"unknown code of FHIR", obs + `,"dataAbsentReason":{"coding":[{"system":"http://hl7.org/fhir/observation-status","code":"ready"}]}}`, "as of R4"},
	{"size of an attachment", patient + `,"photo":[{"contentType":"image/png","data":"AAAA","size":9}]}`, "3 bytes"},
}

func TestSeededFaults(t *testing.T) {
	v := New(fhirtest.Table(t), Options{})
	for _, x := range seeded {
		issues := errorsOf(v.Validate(context.Background(), []byte(x.in)))
		switch {
		case x.want == "" && len(issues) > 0:
			t.Errorf("%s: false alarm: %v", x.name, issues)
		case x.want != "" && !mentions(issues, x.want):
			t.Errorf("%s: %q is not in %v", x.name, x.want, issues)
		}
	}
}

func mentions(issues []Issue, text string) bool {
	for _, i := range issues {
		if strings.Contains(i.Expression+": "+i.Message+" "+i.Profile, text) {
			return true
		}
	}
	return false
}

func TestPosition(t *testing.T) {
	v := New(fhirtest.Table(t), Options{})
	issues := v.Validate(context.Background(), []byte("{\"resourceType\": \"Patient\",\n  \"name\": [{\"family\": \"x\"},\n    {\"family\": 7}]}"))
	if len(issues) != 1 || issues[0].Expression != "Patient.name[1].family" || issues[0].Line != 3 || issues[0].Column != 16 {
		t.Errorf("issues are %+v", issues)
	}
}

func TestLevels(t *testing.T) {
	table := fhirtest.Table(t)
	for _, x := range []struct {
		in    string
		found [3]bool // at Strict, Structure, Minimal
	}{
		{obs + `,"valueString":"x","dataAbsentReason":{"text":"y"}}`, [3]bool{true, false, false}},
		{patient + `,"unknown":1}`, [3]bool{true, true, false}},
		{`{"resourceType":"Patient","id":"a_b"}`, [3]bool{true, true, true}},
		{`{"resourceType":"Nothing"}`, [3]bool{true, true, true}},
		{`{`, [3]bool{true, true, true}},
	} {
		for level := Strict; level <= Minimal; level++ {
			if got := Failed(New(table, Options{Level: level}).Validate(context.Background(), []byte(x.in))); got != x.found[level] {
				t.Errorf("level %d: %s: %v", level, x.in, got)
			}
		}
	}
}

func TestOptions(t *testing.T) {
	table := fhirtest.Table(t)
	code := func(system, code string) (bool, bool) { return code == "8867-4", system == "http://loinc.org" }
	for _, x := range []struct {
		name string
		opts Options
		in   string
		want string
	}{
		{"terminology", Options{Code: code}, `{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"0-0"}]}}`, "does not exist"},
		{"demanded profile", Options{Profiles: []string{usCore + "us-core-patient"}}, `{"resourceType":"Patient","active":true}`, "gender is needed"},
		{"limit", Options{Limits: model.Limits{Depth: 2}}, `{"resourceType":"Patient","name":[{"given":["a"]}]}`, "exceeds a limit"},
	} {
		if issues := New(table, x.opts).Validate(context.Background(), []byte(x.in)); !mentions(issues, x.want) {
			t.Errorf("%s: %v", x.name, issues)
		}
	}
	if issues := New(table, Options{MaxIssues: 2}).Validate(context.Background(), []byte(`{"resourceType":"Patient","a":1,"b":1,"c":1}`)); len(issues) != 2 {
		t.Errorf("%d issues", len(issues))
	}
	if issues := New(table, Options{BestPractice: true}).Validate(context.Background(), []byte(patient+`}`)); !mentions(issues, "dom-6") {
		t.Errorf("best practice: %v", issues)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if issues := New(table, Options{}).Validate(ctx, []byte(patient+`}`)); len(issues) != 1 || issues[0].Code != "timeout" {
		t.Errorf("cancelled: %v", issues)
	}
}

func TestConcurrentUse(t *testing.T) {
	v := New(fhirtest.Table(t), Options{})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, x := range seeded {
				if got := Failed(v.Validate(context.Background(), []byte(x.in))); got != (x.want != "") {
					t.Errorf("%s: %v", x.name, got)
				}
			}
		})
	}
	wg.Wait()
}

// TestOutcome: what we say about resources is itself a valid resource.
func TestOutcome(t *testing.T) {
	v := New(fhirtest.Table(t), Options{})
	for _, in := range []string{patient + `}`, patient + `,"x":1}`, `{`} {
		out, err := json.Marshal(Outcome(v.Validate(context.Background(), []byte(in))))
		if err != nil {
			t.Fatal(err)
		}
		if issues := errorsOf(v.Validate(context.Background(), out)); len(issues) > 0 {
			t.Errorf("%s: %v", out, issues)
		}
	}
}

// TestConstraintsCompile: every constraint of every type and profile can be
// evaluated.
func TestConstraintsCompile(t *testing.T) {
	table := fhirtest.Table(t)
	v := New(table, Options{BestPractice: true})
	count := 0
	for _, e := range table.Elements() {
		for i := range e.Constraints {
			text, skip := mended(&e.Constraints[i])
			if _, err := v.engine.Compile(text); err != nil && !skip {
				t.Errorf("%s: %s: %v", e.Constraints[i].Key, text, err)
			}
			count++
		}
	}
	if count < 500 {
		t.Errorf("only %d constraints", count)
	}
}

func FuzzValidate(f *testing.F) {
	for _, x := range seeded {
		f.Add([]byte(x.in))
	}
	v := New(fhirtest.Table(f), Options{})
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, i := range v.Validate(context.Background(), data) {
			if i.Message == "" || i.Line < 1 || i.Column < 1 {
				t.Fatalf("%+v", i)
			}
		}
	})
}
