package store

import (
	"strings"
	"testing"
)

// TestSpecification is R4's search.html, sentence by sentence, where a search is
// easily got wrong. Each case is a type, a query and the ids it finds.
func TestSpecification(t *testing.T) {
	for _, part := range []struct {
		name  string
		store func(t *testing.T, s *Store)
		cases [][3]string
	}{{"dates", dates_, [][3]string{
		{"Encounter", "date=2013-01-14", "day hours"},
		{"Encounter", "date=2013-01", "day hours"},
		{"Encounter", "date=2013", "day hours year"},
		{"Encounter", "date=2013-01-14T10:00:00Z", ""},
		{"Encounter", "date=ne2013-01-14", "year from to"},
		{"Encounter", "date=lt2013-01-14T10:00", "day year to"},
		{"Encounter", "date=gt2013-01-14T11:00", "day year from"},
		{"Encounter", "date=gt2013-01-14T12:00", "day year from"},
		{"Encounter", "date=ge2013-03-14", "year from"},
		{"Encounter", "date=le2013-01-14", "day hours year to"},
		{"Encounter", "date=le2013-01-21", "day hours year to"},
		{"Encounter", "date=sa2013-01-20", "from"},
		{"Encounter", "date=sa2013-01-21", ""},
		{"Encounter", "date=eb2013-01-14", "to"},
		{"Encounter", "date=eb2013-01-10", ""},
		{"Encounter", "date=ge2013-01-14&date=le2013-01-14", "day hours year"},
		{"Encounter", "date:missing=true", "none"},
		{"Encounter", "date:missing=false", "day hours year from to"},
		{"Encounter", "date=2013-01-14T10:00:00%2B00:00,2013-01-14", "day hours"},
		{"Encounter", "date=sa2013-01-14T12:30:00+05:00", "hours from"}, // a plus that nobody escaped
		{"Encounter", "date=ge2013-01-14T16:30:00+05:00&date=le2013-01-14T23:59:00+05:00", "day year"},
		{"ServiceRequest", "occurrence=2013-01-31", ""}, // only the outer limits matter
		{"ServiceRequest", "occurrence=2013", "events bounds"},
		{"ServiceRequest", "occurrence=ge2013-02-01&occurrence=le2013-02-01", "events bounds"},
		{"ServiceRequest", "occurrence=sa2013-01-30", "events bounds"},
		{"ServiceRequest", "occurrence=eb2013-03-01", ""},
		{"ServiceRequest", "occurrence=eb2013-03-25", "events bounds"},
		{"ServiceRequest", "occurrence:missing=true", "duration"},
	}}, {"numbers", numbers, [][3]string{
		{"RiskAssessment", "probability=100", "exact half"},
		{"RiskAssessment", "probability=100.0", "exact"},
		{"RiskAssessment", "probability=1e2", "exact upper half five"},
		{"RiskAssessment", "probability=1.00e2", "exact half"},
		{"RiskAssessment", "probability=100.5", "upper"},
		{"RiskAssessment", "probability=ne100", "upper five far small"},
		{"RiskAssessment", "probability=gt100", "upper half"},
		{"RiskAssessment", "probability=ge100", "exact upper half"},
		{"RiskAssessment", "probability=lt100", "five far small"},
		{"RiskAssessment", "probability=gt8e-1", "exact upper half five far small"},
		{"RiskAssessment", "probability=lt0.9", "small"},
		{"RiskAssessment", "probability=0.85", "small"},
		{"RiskAssessment", "probability=0.8", ""},
		{"RiskAssessment", "probability=0.9", "small"},
		{"RiskAssessment", "probability=ap95", "exact upper half five"},
		{"ImmunizationRecommendation", "target-disease=x", ""},
		{"Observation", "value-quantity=5.4|http://unitsofmeasure.org|mg", "mg g"},
		{"Observation", "value-quantity=5.40e-3|http://unitsofmeasure.org|g", "mg g"},
		{"Observation", "value-quantity=5.4||mg", "mg text"},
		{"Observation", "value-quantity=5.4", "mg text"},
		{"Observation", "value-quantity=0.0054", "g"},
		{"Observation", "value-quantity=le5.4|http://unitsofmeasure.org|mg", "mg g below"},
		{"Observation", "value-quantity=lt3|http://unitsofmeasure.org|mg", "below"},
		{"Observation", "value-quantity=5400|http://unitsofmeasure.org|ug", "mg g"},
		{"Observation", "value-quantity=ap5|http://unitsofmeasure.org|mg", "mg g below"},
		{"Observation", "value-quantity=gt1&value-quantity=lt6", "mg text below"},
	}}, {"strings", strings_, [][3]string{
		{"Patient", "given=eve", "eve evelyn"},
		{"Patient", "given:contains=eve", "eve evelyn severine"},
		{"Patient", "given:exact=Eve", "eve"},
		{"Patient", "given:exact=eve", ""},
		{"Patient", "family=Carreno", "eve"},
		{"Patient", "family=quinones", "eve"}, // the parts of a family name
		{"Patient", "name=quiñones", "eve"},
		{"Patient", "family:exact=Quiñones", ""},
		{"Patient", "family:exact=Carreño Quiñones", "eve"},
		{"Patient", "family=obrien", "evelyn"}, // punctuation does not count
		{"Patient", "family=O'Brien", "evelyn"},
		{"Patient", "family=O’Brien", "evelyn"},
		{"Patient", "family=smith jones", "severine"},
		{"Patient", "family=SMITH-JONES", "severine"},
		{"Patient", "family=jones", "severine"},
		{"Patient", "family:exact=Smith-Jones", "severine"},
		{"Patient", "family=--", ""},
		{"Patient", "family:contains=--", ""},
		{"Patient", "name:text=carreno eve", ""}, // each string by itself
		{"Patient", "address:text=street main", "eve"},
		{"Patient", "address=12 main street", "eve"},
		{"Patient", "address=home", ""},
		{"Patient", `family=a\,b`, "comma"},
		{"Patient", `family=a\,b,obrien`, "evelyn comma"},
		{"Patient", "family=a,b", "comma"},
		{"Patient", `family:exact=a\,b`, "comma"},
		{"Patient", `family:exact=x\\y`, "backslash"},
		{"Patient", "_sort=family", "comma eve evelyn severine backslash"},
		{"Patient", "_sort=-family", "backslash severine evelyn eve comma"},
	}}, {"tokens", tokens_, [][3]string{
		{"Patient", "identifier=urn:a|1", "a"},
		{"Patient", "identifier=|1", "n"},
		{"Patient", "identifier=1", "a b n"},
		{"Patient", "identifier=urn:a|", "a"},
		{"Patient", "identifier:not=urn:a|1,urn:b|1", "n m"},
		{"Patient", "identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|MR|1", "a"},
		{"Patient", "identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|SS|1", ""},
		{"Patient", "identifier:text=medical rec", "b"},
		{"Patient", `identifier=urn:p\|q|x\,y`, "m"},
		{"Patient", "gender:not=male", "b n m"},
		{"Patient", "gender:not=male,female", "n m"},
		{"Patient", "gender:missing=true", "n m"},
		{"Patient", "gender=http://hl7.org/fhir/administrative-gender|male", "a"},
		{"Patient", "active=true", "a"},
		{"Patient", "active:not=true", "b n m"},
		{"Patient", "_id:missing=true", ""},
		{"Patient", "_lastUpdated:missing=false", "a b n m"},
		{"Patient", "email=A@x.org", "a"},
		{"Patient", "gender=MALE", ""}, // R4's own code systems are case sensitive, strings are not
		{"Medication", "lot-number=AB12", "lot"},
		{"Medication", "lot-number=ab12", "lot"},
		{"Medication", "lot-number:not=ab12", ""},
		{"DocumentReference", "contenttype=text/xml", "bare"},
		{"DocumentReference", "contenttype:below=text/xml", "bare charset"},
		{"DocumentReference", "contenttype:below=text", "bare charset"},
		{"Observation", "code:text=sodium", "na"},
		{"Observation", "code-value-quantity=http://loinc.org|2951-2$gt130", "na"},
		{"Observation", "code-value-quantity=http://loinc.org|2951-2$gt150", ""},
		{"Observation", "code-value-quantity=2951-2$gt150,2951-2$140", "na"},
		{"Observation", "component-code-value-quantity=http://loinc.org|8480-6$lt130", "bp"},
		{"Observation", "component-code-value-quantity=http://loinc.org|8480-6$lt100", ""},
		{"Observation", "combo-code-value-quantity=8462-4$80", "bp"},
		{"Observation", "combo-code-value-quantity=8462-4$120", ""},
		{"DiagnosticReport", "result.code-value-quantity=http://loinc.org|2951-2$gt130", "report"},
		{"DiagnosticReport", "result.component-code-value-quantity=8480-6$gt100", ""},
		{"Observation", "code:in=http://v.org/sodium", "na"},
		{"Observation", "code:in=ValueSet/sodium", "na"},
		{"Observation", "code:in=ValueSet/expanded", "bp"},
		{"DiagnosticReport", "code:in=ValueSet/expanded", ""},
		{"Observation", "code:not-in=http://v.org/sodium|1", "bp"},
	}}, {"filters", filters, [][3]string{
		// Left to right: and does not bind stronger than or.
		{"Patient", "_filter=gender eq male or gender eq female and birthdate lt 1960", "a"},
		{"Patient", "_filter=gender eq male or (gender eq female and birthdate lt 1960)", "a c"},
		{"Patient", "_filter=not (gender eq male)", "b n"},
		{"Patient", "_filter=gender ne male", "b"}, // there is one, and it is another
		{"Patient", `_filter=family eq "SMITH-jones"`, "a"},
		{"Patient", "_filter=family eq smith", ""},
		{"Patient", "_filter=family eq jones", ""},
		{"Patient", "_filter=family ne okoro", "a"},
		{"Patient", "_filter=family co mith", "a"},
		{"Patient", "_filter=family sw smi", "a"},
		{"Patient", "_filter=family ew ones", "a"},
		{"Patient", "_filter=family ew koro", "b"},
		{"Patient", "_filter=family gt p", "a"},
		{"Patient", "_filter=family le okoro", "b"},
		{"Patient", "_filter=birthdate ge 1960", "b"},
		{"Patient", "_filter=birthdate ne 1950-05-06", "b"},
		{"Patient", "_filter=birthdate po 1950-05", "a"},
		{"Patient", "_filter=birthdate co 1950-05-06T10:00:00Z", "a"},
		{"Patient", "_filter=birthdate pr false", "c n"},
		{"Patient", "_filter=identifier eq urn:a|1 or identifier eq 2", "a b"},
		{"Patient", "_filter=gender in http://hl7.org/fhir/ValueSet/administrative-gender", "a b c"},
		{"Patient", "_filter=gender ni http://hl7.org/fhir/ValueSet/administrative-gender", "n"},
		{"Patient", "_filter=organization re Organization/o", "a"},
		{"Patient", "_filter=organization ne Organization/o", "b"},
		{"Patient", "_filter=organization.name co osp", "a"},
		{"Patient", "_filter=_has:Observation:patient:code eq loinc|1", "a b"},
		{"Patient", "_filter=_id eq a or _id eq n", "a n"},
		{"Observation", "_filter=code eq loinc|1 and value-quantity gt 4", "first"},
		{"Observation", "_filter=code ss http://loinc.org|1", "the hierarchy of the code's system is not known here"},
		{"Observation", `_filter=subject[gender eq male].family co smith`, "first"},
		{"Observation", `_filter=subject[gender eq female].family co smith`, ""},
		{"Observation", `_filter=performer:Practitioner[name co grey and gender eq female].identifier eq x|9`, "first"},
		{"Observation", `_filter=performer:Practitioner[name co grey and gender eq male].identifier eq x|9`, ""},
		{"Observation", `_filter=subject[name co smith]`, "first"},
		{"Observation", "_filter=code eq loinc|1)", errFilter.Error()},
		{"Observation", "_filter=(code eq loinc|1", errFilter.Error()},
		{"Observation", "_filter=code eq", errFilter.Error()},
		{"Observation", "_filter=nonsense eq 1", "_filter names a parameter that Observation does not have"},
	}}, {"references", references_, [][3]string{
		{"Observation", "subject=Patient/1", "rel abs ver"},
		{"Observation", "subject=http://example.org/fhir/Patient/1", "rel abs ver"},
		{"Observation", "subject:Patient=1", "rel abs ver"},
		{"Observation", "subject=Group/1", "group"},
		{"Observation", "subject:Group=1", "group"},
		{"Observation", "subject=http://elsewhere.org/fhir/Patient/1", "else"},
		{"Observation", "subject=2", "two"},
		{"Observation", "patient=1", "rel abs ver"},
		{"Observation", "subject:identifier=urn:mrn|7", "ident"},
		{"Observation", "subject:identifier=7", "ident"},
		{"Observation", "subject.name=Reed", "rel abs ver"},
		{"Observation", "subject:Group.code=g", "group"},
		{"Observation", "subject:missing=true", "none"},
		{"QuestionnaireResponse", "questionnaire=http://q.org/a", "bare v1 v12"},
		{"QuestionnaireResponse", "questionnaire=http://q.org/a|1.0", "v1"},
		{"QuestionnaireResponse", "questionnaire:below=http://q.org/a", "bare v1 v12"},
		{"QuestionnaireResponse", "questionnaire:below=http://q.org/a|1", "v1 v12"},
		{"QuestionnaireResponse", "questionnaire.title=fall", "bare v1 v12"},
		{"Questionnaire", "url=http://q.org/a", "q"},
		{"Questionnaire", "url=http://q.org/a|1.0B", "q"},
		{"Questionnaire", "url=http://q.org/a|2.0", ""},
		{"Questionnaire", "url=http://q.org/b,http://q.org/a|1.0b", "q"},
		{"Questionnaire", "_has:QuestionnaireResponse:questionnaire:status=completed", "q"},
		{"Procedure", "location:below=ward", "inward inroom"},
		{"Procedure", "location:below=Location/room", "inroom"},
		{"Procedure", "location:above=room", "inward inroom"},
		{"Procedure", "location:above=ward", "inward"},
		{"Patient", "_list=l", "1"},
		{"Patient", "_list=List/l", "1"},
	}}, {"contained", contained, [][3]string{
		{"MedicationRequest", "medication.ingredient-code=abc", "mr"},
		{"MedicationRequest", "medication:Medication.ingredient-code=urn:m|abc", "mr"},
		{"MedicationRequest", "medication.ingredient-code=xyz", "plain"},
		{"MedicationRequest", "medication.ingredient-code=abc,xyz", "mr plain"},
		{"MedicationRequest", "medication.manufacturer.name=Acme", "mr"},
		{"MedicationRequest", "medication.code:text=asp", "mr"},
		{"MedicationRequest", "medication.code:missing=true", "plain"},
		{"MedicationRequest", "medication.code:not=c", "mr plain"},
		{"MedicationRequest", "requester.name=Strange", "mr"},
		{"Medication", "ingredient-code=abc", ""},
		{"Medication", "ingredient-code=xyz", "m"},
		{"Practitioner", "name=Strange", ""},
	}}} {
		t.Run(part.name, func(t *testing.T) {
			over(t, func(t *testing.T, place func(testing.TB) string) {
				s, err := Open(t.Context(), Config{Path: place(t), Base: "http://example.org/fhir"})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { s.Close() })
				part.store(t, s)
				for _, c := range part.cases {
					if got := found_(t, s, c[0], c[1]); got != c[2] {
						t.Errorf("%s?%s found %q, want %q", c[0], c[1], got, c[2])
					}
				}
			})
		})
	}
}

// found_ is find with the error as its answer.
func found_(t *testing.T, s *Store, typ, query string) string {
	t.Helper()
	params, err := ParseQuery(query)
	if err != nil {
		return err.Error()
	}
	page, err := s.Search(t.Context(), Query{Type: typ, Params: params, Count: 100, Strict: true, Base: "http://example.org/fhir"})
	if err != nil {
		return err.Error()
	}
	var ids []string
	for _, r := range page.Resources {
		ids = append(ids, r.ID)
	}
	return strings.Join(ids, " ")
}

func dates_(t *testing.T, s *Store) {
	for _, e := range [][2]string{
		{"day", `"start":"2013-01-14","end":"2013-01-14"`}, {"hours", `"start":"2013-01-14T10:00:00Z","end":"2013-01-14T11:00:00Z"`}, {"year", `"start":"2013","end":"2013"`},
		{"from", `"start":"2013-01-21"`}, {"to", `"end":"2013-01-10"`}, {"none", ""},
	} {
		period := ""
		if e[1] != "" {
			period = `,"period":{` + e[1] + `}`
		}
		put(t, s, "Encounter", e[0], `,"status":"finished","class":{"code":"AMB"}`+period)
	}
	for _, e := range [][2]string{
		{"events", `"event":["2013-03-24","2013-01-31"]`}, {"bounds", `"repeat":{"boundsPeriod":{"start":"2013-01-31","end":"2013-03-24"},"frequency":1,"period":2,"periodUnit":"d"}`}, {"duration", `"repeat":{"boundsDuration":{"value":3}}`},
	} {
		put(t, s, "ServiceRequest", e[0], `,"status":"active","intent":"order","subject":{"reference":"Patient/p"},"occurrenceTiming":{`+e[1]+`}`)
	}
}

func numbers(t *testing.T, s *Store) {
	for _, e := range [][2]string{{"exact", "100"}, {"upper", "100.5"}, {"half", "100.4"}, {"five", "96"}, {"far", "60"}, {"small", "0.85"}} {
		put(t, s, "RiskAssessment", e[0], `,"status":"final","subject":{"reference":"Patient/p"},"prediction":[{"probabilityDecimal":`+e[1]+`}]`)
	}
	for _, e := range [][2]string{
		{"mg", `"value":5.4,"unit":"milligram","system":"http://unitsofmeasure.org","code":"mg"`}, {"g", `"value":0.0054,"unit":"g","system":"http://unitsofmeasure.org","code":"g"`},
		{"text", `"value":5.4,"unit":"mg"`}, {"below", `"value":5,"comparator":"<","unit":"mg","system":"http://unitsofmeasure.org","code":"mg"`},
	} {
		put(t, s, "Observation", e[0], `,"status":"final","code":{"text":"x"},"valueQuantity":{`+e[1]+`}`)
	}
}

func strings_(t *testing.T, s *Store) {
	for _, e := range [][3]string{
		{"eve", "Eve", "Carreño Quiñones"}, {"evelyn", "Evelyn", "O'Brien"}, {"severine", "Severine", "Smith-Jones"}, {"comma", "C", "a,b"}, {"backslash", "B", `x\\y`},
	} {
		address := ""
		if e[0] == "eve" {
			address = `,"address":[{"use":"home","line":["12 Main Street"],"city":"Springfield"}]`
		}
		put(t, s, "Patient", e[0], `,"name":[{"family":"`+e[2]+`","given":["`+e[1]+`"]}]`+address)
	}
}

func tokens_(t *testing.T, s *Store) {
	put(t, s, "Patient", "a", `,"active":true,"gender":"male","telecom":[{"system":"email","value":"a@X.org"}],"identifier":[{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}]},"system":"urn:a","value":"1"}]`)
	put(t, s, "Patient", "b", `,"active":false,"gender":"female","identifier":[{"type":{"text":"Medical record"},"system":"urn:b","value":"1"}]`)
	put(t, s, "Patient", "n", `,"identifier":[{"value":"1"}]`)
	put(t, s, "Patient", "m", `,"identifier":[{"system":"urn:p|q","value":"x,y"}]`)
	put(t, s, "Medication", "lot", `,"batch":{"lotNumber":"Ab12"}`)
	put(t, s, "DocumentReference", "bare", `,"status":"current","content":[{"attachment":{"contentType":"text/xml"}}]`)
	put(t, s, "DocumentReference", "charset", `,"status":"current","content":[{"attachment":{"contentType":"text/xml; charset=UTF-8"}}]`)
	put(t, s, "DocumentReference", "pdf", `,"status":"current","content":[{"attachment":{"contentType":"application/pdf"}}]`)
	put(t, s, "Observation", "na", `,"status":"final","code":{"coding":[{"system":"http://loinc.org","code":"2951-2","display":"Sodium [Moles/volume]"}]},"valueQuantity":{"value":140,"unit":"mmol/L","system":"http://unitsofmeasure.org","code":"mmol/L"}`)
	component := func(code, value string) string {
		return `{"code":{"coding":[{"system":"http://loinc.org","code":"` + code + `"}]},"valueQuantity":{"value":` + value + `,"unit":"mm[Hg]"}}`
	}
	put(t, s, "Observation", "bp", `,"status":"final","code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}]},"component":[`+component("8480-6", "120")+`,`+component("8462-4", "80")+`]`)
	put(t, s, "DiagnosticReport", "report", `,"status":"final","code":{"coding":[{"system":"http://loinc.org","code":"35094-2"}]},"result":[{"reference":"Observation/na"}]`)
	put(t, s, "ValueSet", "sodium", `,"status":"active","url":"http://v.org/sodium","version":"1","compose":{"include":[{"system":"http://loinc.org","concept":[{"code":"2951-2"},{"code":"x"}]}]}`)
	put(t, s, "ValueSet", "expanded", `,"status":"active","url":"http://v.org/panel","expansion":{"timestamp":"2024-01-01","contains":[{"system":"http://loinc.org","code":"35094-2","abstract":true,"contains":[{"system":"http://loinc.org","code":"85354-9"}]}]}`)
}

func filters(t *testing.T, s *Store) {
	put(t, s, "Organization", "o", `,"name":"Hospital"`)
	put(t, s, "Patient", "a", `,"gender":"male","birthDate":"1950-05-06","name":[{"family":"Smith-Jones"}],"identifier":[{"system":"urn:a","value":"1"}],"managingOrganization":{"reference":"Organization/o"}`)
	put(t, s, "Patient", "b", `,"gender":"female","birthDate":"1970","name":[{"family":"Okoro"}],"identifier":[{"value":"2"}],"managingOrganization":{"reference":"Organization/p"}`)
	put(t, s, "Patient", "c", `,"gender":"male"`)
	put(t, s, "Patient", "n", "")
	put(t, s, "Practitioner", "d", `,"gender":"female","name":[{"family":"Grey"}],"identifier":[{"system":"x","value":"9"}]`)
	put(t, s, "Observation", "first", `,"status":"final","code":{"coding":[{"system":"http://loinc.org","code":"1"}]},"subject":{"reference":"Patient/a"},"performer":[{"reference":"Practitioner/d"}],"valueQuantity":{"value":5}`)
	put(t, s, "Observation", "second", `,"status":"final","code":{"coding":[{"system":"http://loinc.org","code":"1"}]},"subject":{"reference":"Patient/b"},"valueQuantity":{"value":3}`)
}

func references_(t *testing.T, s *Store) {
	put(t, s, "Patient", "1", `,"name":[{"family":"Reed"}]`)
	put(t, s, "Patient", "2", "")
	put(t, s, "Group", "1", `,"type":"person","actual":true,"code":{"coding":[{"code":"g"}]}`)
	for _, e := range [][2]string{
		{"rel", `"reference":"Patient/1"`}, {"abs", `"reference":"http://example.org/fhir/Patient/1"`}, {"ver", `"reference":"Patient/1/_history/1"`}, {"group", `"reference":"Group/1"`},
		{"else", `"reference":"http://elsewhere.org/fhir/Patient/1"`}, {"two", `"reference":"Patient/2"`}, {"ident", `"identifier":{"system":"urn:mrn","value":"7"}`},
	} {
		put(t, s, "Observation", e[0], `,"status":"final","code":{"text":"x"},"subject":{`+e[1]+`}`)
	}
	put(t, s, "Observation", "none", `,"status":"final","code":{"text":"x"}`)
	put(t, s, "Questionnaire", "q", `,"status":"active","url":"http://q.org/a","version":"1.0b","title":"Fall risk"`)
	for _, e := range [][2]string{{"bare", ""}, {"v1", "|1.0"}, {"v12", "|1.2"}, {"other", "b|1.0"}} {
		put(t, s, "QuestionnaireResponse", e[0], `,"status":"completed","questionnaire":"http://q.org/a`+e[1]+`"`)
	}
	put(t, s, "Location", "house", "")
	put(t, s, "Location", "ward", `,"partOf":{"reference":"Location/house"}`)
	put(t, s, "Location", "room", `,"partOf":{"reference":"Location/ward"}`)
	put(t, s, "Procedure", "inward", `,"status":"completed","subject":{"reference":"Patient/1"},"location":{"reference":"Location/ward"}`)
	put(t, s, "Procedure", "inroom", `,"status":"completed","subject":{"reference":"Patient/1"},"location":{"reference":"Location/room"}`)
	put(t, s, "List", "l", `,"status":"current","mode":"working","entry":[{"item":{"reference":"Patient/1"}}]`)
}

func contained(t *testing.T, s *Store) {
	ingredient := func(code string) string {
		return `,"ingredient":[{"itemCodeableConcept":{"coding":[{"system":"urn:m","code":"` + code + `"}]}}]`
	}
	put(t, s, "Organization", "acme", `,"name":"Acme"`)
	put(t, s, "Medication", "m", ingredient("xyz"))
	put(t, s, "MedicationRequest", "mr", `,"contained":[{"resourceType":"Medication","id":"m1","code":{"text":"Aspirin","coding":[{"code":"other"}]},"manufacturer":{"reference":"Organization/acme"}`+ingredient("abc")+`},{"resourceType":"Practitioner","id":"d","name":[{"family":"Strange"}]}],
		"status":"active","intent":"order","subject":{"reference":"Patient/p"},"medicationReference":{"reference":"#m1"},"requester":{"reference":"#d"}`)
	put(t, s, "MedicationRequest", "plain", `,"status":"active","intent":"order","subject":{"reference":"Patient/p"},"medicationReference":{"reference":"Medication/m"}`)
}
