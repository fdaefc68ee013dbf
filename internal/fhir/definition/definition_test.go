package definition

import (
	"testing"
)

func mustLoad(t testing.TB) *Table {
	t.Helper()
	d, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTypes(t *testing.T) {
	d := mustLoad(t)
	if n := len(d.Resources()); n != 146 {
		t.Errorf("%d resource types, want 146", n)
	}
	obs := d.Resource("Observation")
	c, ok := obs.Root.Child("valueQuantity")
	if !ok || c.Type.Name != "Quantity" || c.Element.Max != 1 {
		t.Errorf("Observation.valueQuantity is %+v", c)
	}
	if _, ok := obs.Root.Child("value"); ok {
		t.Error("Observation.value without a type is accepted")
	}
	comp, _ := obs.Root.Child("component")
	rr, _ := comp.Element.Child("referenceRange")
	if _, ok := rr.Element.Child("low"); !ok {
		t.Error("content reference of component.referenceRange is not followed")
	}
	if !obs.Is("DomainResource") || !obs.Is("Resource") || obs.Is("Patient") {
		t.Error("Observation's parents are wrong")
	}
	subject, _ := obs.Root.Child("subject")
	if got := subject.Type.Targets; len(got) != 4 || got[0] != "Patient" {
		t.Errorf("targets of Observation.subject are %v", got)
	}
	if d.Resource("DomainResource") != nil || d.Type("HumanName") == nil {
		t.Error("abstract types or data types are misplaced")
	}
}

func TestValueSets(t *testing.T) {
	d := mustLoad(t)
	gender, _ := d.Resource("Patient").Root.Child("gender")
	vs := d.ValueSet(gender.Element.Binding.ValueSet)
	if vs.Has("", "female") != Yes || vs.Has("", "F") != No || vs.Open {
		t.Errorf("administrative-gender is %+v", vs)
	}
	race := d.ValueSet("http://hl7.org/fhir/us/core/ValueSet/omb-race-category")
	if race.Has("urn:oid:2.16.840.1.113883.6.238", "2106-3") != Yes || race.Has("urn:oid:2.16.840.1.113883.6.238", "white") != No {
		t.Errorf("omb-race-category is %+v", race)
	}
	units := d.ValueSet("http://hl7.org/fhir/ValueSet/mimetypes")
	if units.Has("urn:ietf:bcp:13", "image/png") != Unknown {
		t.Errorf("mimetypes is %+v", units)
	}
}

func TestSearchParams(t *testing.T) {
	d := mustLoad(t)
	for _, x := range []struct{ resource, code, typ, expression string }{
		{"Patient", "birthdate", "date", "Patient.birthDate"},
		{"Patient", "_id", "token", "Resource.id"},
		{"Patient", "race", "token", "Patient.extension.where(url = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-race').extension.value.code"},
		{"MedicationRequest", "code", "token", "(MedicationRequest.medication as CodeableConcept)"},
		{"Observation", "combo-code", "token", "Observation.code | Observation.component.code"},
	} {
		p := d.SearchParam(x.resource, x.code)
		if p == nil || p.Type != x.typ || p.Expression != x.expression {
			t.Errorf("%s %s is %+v", x.resource, x.code, p)
		}
	}
	p := d.SearchParam("Observation", "code-value-quantity")
	if len(p.Components) != 2 || p.Components[0].Code != "code" || p.Components[1].Code != "value-quantity" {
		t.Errorf("components are %+v", p.Components)
	}
	for _, r := range d.Resources() {
		for _, p := range d.SearchParams(r) {
			for _, c := range p.Components {
				if d.SearchParam(r, c.Code) == nil {
					t.Errorf("%s %s: no parameter %s", r, p.Code, c.Code)
				}
			}
		}
	}
}

func TestProfiles(t *testing.T) {
	d := mustLoad(t)
	p := d.Profile("http://hl7.org/fhir/us/core/StructureDefinition/us-core-blood-pressure|6.1.0")
	if p == nil {
		t.Fatal("us-core-blood-pressure is missing")
	}
	for _, c := range p.Root.Children {
		if c.Name == "component" && (len(c.Slices) != 2 || c.Slicing.Discriminators[0].Path != "code" || c.Min != 2) {
			t.Errorf("component is %+v", c)
		}
	}
	if d.Profile(p.URL+"|5.0.1") != nil {
		t.Error("another version is returned")
	}
}

func TestCompartments(t *testing.T) {
	d := mustLoad(t)
	for _, name := range []string{"Patient", "Encounter", "Practitioner", "Device", "RelatedPerson"} {
		c := d.Compartment(name)
		if c == nil || len(c.Params["Observation"]) == 0 {
			t.Errorf("compartment %s is %+v", name, c)
		}
	}
}

func TestDamagedTable(t *testing.T) {
	if _, err := parse(embedded[:len(embedded)/2]); err == nil {
		t.Error("half a table is read")
	}
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := parse(embedded); err != nil {
			b.Fatal(err)
		}
	}
}
