package r4_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/paperchart/paperchart/internal/fhir/r4"
)

func ExampleMarshal() {
	obs := r4.Observation{
		Status:            "final",
		ValueQuantity:     &r4.Quantity{Value: "1.0", Unit: "<unit>"},
		EffectiveDateTime: "",
		EffectiveDateTimeExt: &r4.Element{Extension: []r4.Extension{{
			URL: "http://hl7.org/fhir/StructureDefinition/data-absent-reason", ValueCode: "unknown",
		}}},
	}
	obs.SetID("a")
	obs.EnsureMeta().Profile = []string{"http://example.org/p"}
	b, err := r4.Marshal(obs)
	fmt.Println(string(b), err)
	// Output: {"resourceType":"Observation","id":"a","meta":{"profile":["http://example.org/p"]},"status":"final","_effectiveDateTime":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]},"valueQuantity":{"value":1.0,"unit":"<unit>"}} <nil>
}

func TestBundleEntryKeepsResources(t *testing.T) {
	const in = `{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","id":"p","deceasedBoolean":false}},{"resource":{"resourceType":"Basic","id":"b","unknown":1.50}}]}`
	r, err := r4.Decode([]byte(in))
	if err != nil {
		t.Fatal(err)
	}
	b := r.(*r4.Bundle)
	if p, ok := b.Entry[0].Resource.(*r4.Patient); !ok || p.ID != "p" {
		t.Fatalf("entry 0 is %T", b.Entry[0].Resource)
	}
	if got := b.Entry[1].Resource.GetID(); got != "b" {
		t.Errorf("raw id %q", got)
	}
	out, err := r4.Marshal(b)
	if err != nil || string(out) != in {
		t.Errorf("round trip: %v\n got %s\nwant %s", err, out, in)
	}
}

func TestDecimalRefusesWhatIsNoNumber(t *testing.T) {
	for _, d := range []r4.Decimal{"1,5", "<5", "01", "NaN", "\"1\"", "{}", " 1"} {
		if _, err := json.Marshal(r4.Quantity{Value: d}); err == nil {
			t.Errorf("%q was written", d)
		}
	}
	for _, d := range []r4.Decimal{"0", "-1.50", "1e5", "100.0"} {
		b, err := json.Marshal(r4.Quantity{Value: d})
		if err != nil || string(b) != `{"value":`+string(d)+`}` {
			t.Errorf("%q: %s %v", d, b, err)
		}
	}
}

func TestEveryStructNamesItself(t *testing.T) {
	for _, name := range []string{"Patient", "Bundle", "Parameters", "Binary", "AuditEvent"} {
		b, err := r4.Marshal(r4.New(name))
		if err != nil || string(b) != `{"resourceType":"`+name+`"}` {
			t.Errorf("%s: %s %v", name, b, err)
		}
	}
	if r4.New("Nonsense") != nil {
		t.Error("Nonsense has a struct")
	}
}
