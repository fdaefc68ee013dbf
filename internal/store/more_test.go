package store

import (
	"strings"
	"testing"
)

// library is a small set of resources that refer to each other.
func library(t *testing.T, s *Store) {
	put(t, s, "Organization", "h", `,"name":"Hospital","partOf":{"reference":"Organization/g"}`)
	put(t, s, "Organization", "g", `,"name":"Group"`)
	put(t, s, "Patient", "w", `,"meta":{"tag":[{"system":"urn:t","code":"x"}],"profile":["http://p.org/a|1.0"]},"text":{"status":"generated","div":"<div>Allergic to <b>penicillin</b></div>"},"name":[{"family":"Wood","given":["Ann"]}],"birthDate":"1950","managingOrganization":{"reference":"Organization/h"}`)
	put(t, s, "Patient", "r", `,"name":[{"family":"Reed"}],"birthDate":"1960-05","generalPractitioner":[{"identifier":{"system":"urn:npi","value":"7"}}]`)
	put(t, s, "Patient", "n", ``)
	put(t, s, "Observation", "a", `,"status":"final","code":{"coding":[{"system":"urn:l","code":"1"}]},"subject":{"reference":"Patient/w"},"effectiveDateTime":"2024-02-01"`)
	put(t, s, "Observation", "b", `,"status":"amended","code":{"coding":[{"system":"urn:l","code":"2"}],"text":"Serum potassium"},"subject":{"reference":"Patient/r"},"effectiveDateTime":"2023-02-01","derivedFrom":[{"reference":"Observation/a"}]`)
	put(t, s, "ValueSet", "v", `,"url":"http://a.org/fhir/vs/one","status":"active"`)
	put(t, s, "List", "l", `,"status":"current","mode":"working","entry":[{"item":{"reference":"Patient/r"}},{"item":{"reference":"Observation/a"}}]`)
}

func TestSpecialSearches(t *testing.T) {
	overEmpty(t, func(t *testing.T, s *Store) {
		library(t, s)
		for _, c := range [][3]string{
			{"Patient", "_tag=urn:t|x", "w"},
			{"Patient", "_profile=http://p.org/a", "w"},
			{"Patient", "_profile=http://p.org/a|1.0", "w"},
			{"Patient", "_profile=http://p.org/a|2.0", ""},
			{"Patient", "_text=penicillin", "w"},
			{"Patient", "_text=wood", ""},
			{"Patient", "_content=wood ann", "w"},
			{"Patient", "_list=l", "r"},
			{"Patient", "_id=w,n", "w n"},
			{"Patient", "_id:not=w", "r n"},
			{"Patient", "_lastUpdated=lt2000", ""},
			{"Patient", "_lastUpdated=gt2000&name=reed", "r"},
			{"Patient", "_sort=family", "r w n"},
			{"Patient", "_sort=-name", "w r n"},
			{"Patient", "_sort=-birthdate", "r w n"},
			{"Patient", "_sort=-_id", "w r n"},
			{"Patient", "general-practitioner:identifier=urn:npi|7", "r"},
			{"Patient", "organization.partof.name=group", "w"},
			{"Patient", "organization:Organization.name=hosp", "w"},
			{"Patient", "_has:Observation:patient:code=urn:l|1", "w"},
			{"Patient", "_has:Observation:subject:_has:Observation:derived-from:status=amended", "w"},
			{"Patient", "birthdate=sa1955&name=re", "r"},
			{"Organization", "_has:Patient:organization:_has:Observation:patient:code=1", "h"},
			{"Observation", "code:text=serum", "b"},
			{"Observation", "code:text=potassium", ""},
			{"Observation", "status:not=final", "b"},
			{"Observation", "status:in=http://hl7.org/fhir/ValueSet/observation-status", "a b"},
			{"Observation", "_sort=patient,-date", "b a"},
			{"Observation", "_filter=status eq final or code eq urn:l|2", "a b"},
			{"Observation", "_filter=patient.family eq Wood and not (status eq amended)", "a"},
			{"ValueSet", "url:below=http://a.org/fhir", "v"},
			{"ValueSet", "url:below=http://a.org/fh", ""},
			{"ValueSet", "url:above=http://a.org/fhir/vs/one/two", "v"},
		} {
			if got := find(t, s, c[0], c[1]); got != c[2] {
				t.Errorf("%s?%s found %q, want %q", c[0], c[1], got, c[2])
			}
		}
	})
}

func TestHierarchies(t *testing.T) {
	overEmpty(t, func(t *testing.T, s *Store) {
		coded := func(id, system, code, status string) {
			put(t, s, "Condition", id, `,"subject":{"reference":"Patient/p"},"clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"`+status+`"}]},"code":{"coding":[{"system":"`+system+`","code":"`+code+`"}]}`)
		}
		const icd = "http://hl7.org/fhir/sid/icd-10-cm"
		coded("a", icd, "E11", "active")
		coded("b", icd, "E11.2", "relapse")
		coded("c", icd, "E11.21", "recurrence")
		coded("d", icd, "E10.2", "resolved")
		coded("e", "urn:other", "E11.9", "inactive")
		put(t, s, "Location", "boston", `,"position":{"latitude":42.36,"longitude":-71.06}`)
		put(t, s, "Location", "dateline", `,"position":{"latitude":0,"longitude":179.99}`)
		put(t, s, "Location", "nowhere", ``)
		for _, c := range [][3]string{
			{"Condition", "code:below=" + icd + "|E11", "a b c"},
			{"Condition", "code:below=" + icd + "|E11.2", "b c"},
			{"Condition", "code:below=" + icd + "|E11.21", "c"},
			{"Condition", "code:below=" + icd + "|E1", ""},
			{"Condition", "code:above=" + icd + "|E11.21", "a b c"},
			{"Condition", "code:above=" + icd + "|E11.3", "a"},
			{"Condition", "clinical-status:below=active", "a b c"},
			{"Condition", "clinical-status:below=http://terminology.hl7.org/CodeSystem/condition-clinical|inactive", "d e"},
			{"Condition", "clinical-status:above=http://terminology.hl7.org/CodeSystem/condition-clinical|relapse", "a b"},
			{"Condition", "clinical-status:in=http://hl7.org/fhir/ValueSet/condition-clinical", "a b c d e"},
			{"Condition", "clinical-status:not-in=http://hl7.org/fhir/ValueSet/condition-clinical", ""},
			{"Condition", "code:not-in=http://hl7.org/fhir/ValueSet/administrative-gender", "a b c d e"},
			{"Location", "near=42.36|-71.06", "boston"},
			{"Location", "near=42.3|-71|10|km", "boston"},
			{"Location", "near=42.3|-71|8|km", ""},
			{"Location", "near=42.3|-71|5|[mi_us]", ""},
			{"Location", "near=42.3|-71|6|[mi_us]", "boston"},
			{"Location", "near=0|-179.99|3|km", "dateline"},
			{"Location", "near=0|0|30000|km", "boston dateline"},
		} {
			if got := find(t, s, c[0], c[1]); got != c[2] {
				t.Errorf("%s?%s found %q, want %q", c[0], c[1], got, c[2])
			}
		}
	})
}

func TestIncludes(t *testing.T) {
	overEmpty(t, func(t *testing.T, s *Store) {
		library(t, s)
		for _, c := range [][4]string{
			{"Observation", "_id=a&_include=Observation:patient", "a", "Patient/w"},
			{"Observation", "_id=a&_include=Observation:subject:Group", "a", ""},
			{"Observation", "_id=a&_include=Observation:patient&_include:iterate=Patient:organization", "a", "Organization/h Patient/w"},
			{"Observation", "_id=a&_include=Observation:patient&_include:iterate=Patient:organization&_include:iterate=Organization:partof", "a", "Organization/h Organization/g Patient/w"},
			{"Observation", "_id=b&_include=*", "b", "Patient/r Observation/a"},
			{"Patient", "_id=w&_revinclude=Observation:patient", "w", "Observation/a"},
			{"Patient", "_id=w&_revinclude=Observation:subject&_revinclude:iterate=Observation:derived-from", "w", "Observation/a Observation/b"},
			{"Patient", "_id=w&_revinclude=*", "w", "Observation/a"},
		} {
			params, _ := ParseQuery(c[1])
			page, err := s.Search(t.Context(), Query{Type: c[0], Params: params, Count: 10, Strict: true})
			if err != nil {
				t.Errorf("%s: %v", c[1], err)
			}
			var got []string
			for _, r := range page.Included {
				got = append(got, r.Type+"/"+r.ID)
			}
			if strings.Join(got, " ") != c[3] {
				t.Errorf("%s?%s includes %v, want %s", c[0], c[1], got, c[3])
			}
		}
	})
}

func TestRefusals(t *testing.T) {
	overEmpty(t, func(t *testing.T, s *Store) {
		library(t, s)
		for _, c := range []struct {
			query string
			code  Code
		}{
			{"nonsense=1", Invalid}, {"birthdate=soon", Invalid}, {"gender:below=no such code", NotSupported}, {"name:below=x", NotSupported},
			{"_include=Patient:name", Invalid}, {"birthdate:missing=perhaps", Invalid}, {"_filter=name eq", Invalid},
			{"gender:in=http://nowhere.org/vs", NotSupported}, {"_query=mine", NotSupported}, {`family=a\b`, Invalid}, {`family=a\`, Invalid}, {"_contained=true", Invalid},
			{"identifier:of-type=urn:t||1", Invalid}, {"_list=$current-allergies", NotSupported}, {"_text=", 0}, {"_text=,", Invalid}, {"_text=a OR", Invalid}, {"_text=(a", Invalid}, {"_text=a)", Invalid}, {"_text=NOT a", Invalid}, {"_has:Observation:code=1", Invalid},
		} {
			params, _ := ParseQuery(c.query)
			_, err := s.Search(t.Context(), Query{Type: "Patient", Params: params, Count: 10, Strict: true})
			if codeOf(err) != c.code {
				t.Errorf("%s: %v, want code %d", c.query, err, c.code)
			}
		}
		page, err := s.Search(t.Context(), Query{Type: "Patient", Params: []Param{{"nonsense", "1"}, {"name", "wood"}}, Count: 10})
		if err != nil || len(page.Resources) != 1 || len(page.Ignored) != 1 {
			t.Errorf("lenient: %+v, %v", page, err)
		}
	})
}

func TestSystemAndCompartment(t *testing.T) {
	overEmpty(t, func(t *testing.T, s *Store) {
		library(t, s)
		params, _ := ParseQuery("_type=Patient,Observation&_lastUpdated=gt2000")
		page, err := s.Search(t.Context(), Query{Params: params, Count: 3, Total: true})
		if err != nil || page.Total != 5 || len(page.Resources) != 3 || page.Next == "" {
			t.Errorf("%d of %d, next %q: %v", len(page.Resources), page.Total, page.Next, err)
		}
		page, err = s.Search(t.Context(), Query{Compartment: "Patient/w", Types: []string{"Observation", "Condition", "Organization"}, Count: 10, Total: true})
		if err != nil || page.Total != 1 || page.Resources[0].ID != "a" {
			t.Errorf("compartment: %+v, %v", page, err)
		}
	})
}
