package api

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/store"
	"github.com/paperchart/paperchart/internal/terms"
)

// withTerms serves an API that has the vocabulary that ships.
func withTerms(t *testing.T) string {
	t.Helper()
	set, err := terms.Default()
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), store.Config{Path: storePath(t)})
	if err != nil {
		t.Fatal(err)
	}
	h, err := New(Config{Store: s, Terms: set})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(func() { server.Close(); h.Close(); s.Close() })
	return server.URL + "/fhir/R4"
}

// said is a parameter of the answer, as Go reads JSON.
func said(o object, name string) any {
	list, _ := o["parameter"].([]any)
	for _, p := range list {
		p := p.(object)
		if p["name"] != name {
			continue
		}
		for k, v := range p {
			if strings.HasPrefix(k, "value") {
				return v
			}
		}
	}
	return nil
}

func query(path string, pairs ...string) string {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return path + "?" + v.Encode()
}

const (
	genderSystem = "http://hl7.org/fhir/administrative-gender"
	genderSet    = "http://hl7.org/fhir/ValueSet/administrative-gender"
)

func TestLookup(t *testing.T) {
	base := withTerms(t)
	for _, c := range []struct{ system, code, display string }{
		{genderSystem, "male", "Male"},
		{terms.ICD10CM, "I10", "hypertension"},
		{terms.CVX, "03", "MMR"},
		{terms.UCUM, "mg/dL", "milligram per deciliter"},
		{"http://terminology.hl7.org/CodeSystem/v3-ActCode", "AMB", "ambulatory"},
	} {
		out, _ := call(t, "GET", query(base+"/CodeSystem/$lookup", "system", c.system, "code", c.code), "", 200)
		display, _ := said(out, "display").(string)
		if !strings.HasSuffix(strings.ToLower(display), strings.ToLower(c.display)) || said(out, "name") == nil {
			t.Errorf("%s|%s is %v", c.system, c.code, out)
		}
	}
	out, _ := call(t, "POST", base+"/CodeSystem/$lookup", `{"resourceType":"Parameters","parameter":[{"name":"coding","valueCoding":{"system":"`+genderSystem+`","code":"female"}}]}`, 200)
	if said(out, "display") != "Female" {
		t.Errorf("a coding gives %v", out)
	}
	call(t, "GET", query(base+"/CodeSystem/$lookup", "system", genderSystem, "code", "none"), "", 404)
	call(t, "GET", query(base+"/CodeSystem/$lookup", "system", "http://nobody", "code", "x"), "", 404)
	call(t, "GET", query(base+"/CodeSystem/$lookup", "code", "x"), "", 400)
	call(t, "POST", base+"/CodeSystem/$lookup", `{"resourceType":"Patient"}`, 400)
	call(t, "POST", base+"/CodeSystem/$lookup", `{`, 400)
}

func TestSubsumes(t *testing.T) {
	base := withTerms(t)
	const system = "http://terminology.hl7.org/CodeSystem/condition-clinical"
	for _, c := range [][3]string{{"active", "relapse", "subsumes"}, {"relapse", "active", "subsumed-by"}, {"active", "active", "equivalent"}, {"active", "resolved", "not-subsumed"}} {
		out, _ := call(t, "GET", query(base+"/CodeSystem/$subsumes", "system", system, "codeA", c[0], "codeB", c[1]), "", 200)
		if said(out, "outcome") != c[2] {
			t.Errorf("%v gives %v", c, out)
		}
	}
}

func TestValidateCode(t *testing.T) {
	base := withTerms(t)
	for _, c := range []struct {
		of, url, system, code, display string
		want                           bool
	}{
		{"CodeSystem", genderSystem, "", "male", "", true},
		{"CodeSystem", genderSystem, "", "male", "male", true},
		{"CodeSystem", genderSystem, "", "male", "Female", false},
		{"CodeSystem", genderSystem, "", "mail", "", false},
		{"CodeSystem", terms.ICD10CM, "", "I10", "", true},
		{"CodeSystem", terms.UCUM, "", "mg/dL", "", true},
		{"CodeSystem", terms.UCUM, "", "miles per hour", "", false},
		{"ValueSet", genderSet, genderSystem, "male", "", true},
		{"ValueSet", genderSet, genderSystem, "mail", "", false},
		{"ValueSet", genderSet, "http://other", "male", "", false},
		{"ValueSet", genderSet, "", "male", "", true},
		{"ValueSet", "http://loinc.org/vs", terms.LOINC, "8867-4", "", true},
	} {
		out, _ := call(t, "GET", query(base+"/"+c.of+"/$validate-code", "url", c.url, "system", c.system, "code", c.code, "display", c.display), "", 200)
		if said(out, "result") != c.want || !c.want && said(out, "message") == nil {
			t.Errorf("%+v gives %v", c, out)
		}
	}
	concept := `{"resourceType":"Parameters","parameter":[{"name":"url","valueUri":"` + genderSet + `"},{"name":"codeableConcept","valueCodeableConcept":{"coding":[{"system":"x","code":"y"},{"system":"` + genderSystem + `","code":"other"}]}}]}`
	if out, _ := call(t, "POST", base+"/ValueSet/$validate-code", concept, 200); said(out, "result") != true {
		t.Errorf("a concept gives %v", out)
	}
	call(t, "GET", query(base+"/ValueSet/$validate-code", "url", "http://nobody", "code", "x"), "", 404)
	call(t, "GET", query(base+"/CodeSystem/$validate-code", "url", "http://nobody", "code", "x"), "", 404)
}

func expanded(t *testing.T, url string) (codes []string, total float64) {
	t.Helper()
	out, _ := call(t, "GET", url, "", 200)
	e := out["expansion"].(object)
	list, _ := e["contains"].([]any)
	for _, c := range list {
		codes = append(codes, c.(object)["code"].(string))
	}
	return codes, e["total"].(float64)
}

func TestExpand(t *testing.T) {
	base := withTerms(t)
	at := base + "/ValueSet/$expand"
	for _, c := range []struct {
		url   string
		want  string
		total float64
	}{
		{query(at, "url", genderSet), "male female other unknown", 4},
		{query(at, "url", genderSet, "filter", "fem"), "female", 1},
		{query(at, "url", genderSet, "count", "2", "offset", "1"), "female other", 4},
		{query(at, "url", genderSet, "count", "0"), "", 4},
		{query(at, "url", genderSet, "offset", "9"), "", 4},
		{query(at, "url", genderSet, "filter", "nothing such"), "", 0},
	} {
		codes, total := expanded(t, c.url)
		if strings.Join(codes, " ") != c.want || total != c.total {
			t.Errorf("%s gives %v of %v", c.url, codes, total)
		}
	}
	codes, _ := expanded(t, query(at, "url", terms.ICD10CM+"?fhir_vs", "filter", "essential hypertension"))
	if len(codes) == 0 || codes[0] != "I10" {
		t.Errorf("the search in ICD-10-CM gives %v", codes)
	}
	call(t, "GET", query(at, "url", terms.ICD10CM+"?fhir_vs"), "", 400)
	call(t, "GET", query(at, "url", "http://nobody"), "", 404)
	call(t, "GET", query(at, "url", genderSet, "count", "-1"), "", 400)
	call(t, "GET", query(at, "url", genderSet, "offset", "x"), "", 400)
	call(t, "GET", at, "", 400)
}

func TestStoredTerminology(t *testing.T) {
	base := withTerms(t)
	call(t, "PUT", base+"/CodeSystem/c", `{"resourceType":"CodeSystem","id":"c","url":"http://clinic/wards","status":"active","content":"complete","concept":[{"code":"icu","display":"Intensive care","concept":[{"code":"nicu","display":"Neonatal intensive care"}]},{"code":"er","display":"Emergency"}]}`, 201)
	call(t, "PUT", base+"/ValueSet/v", `{"resourceType":"ValueSet","id":"v","url":"http://clinic/vs","status":"active","compose":{"include":[{"system":"http://clinic/wards","filter":[{"property":"concept","op":"is-a","value":"icu"}]},{"valueSet":["`+genderSet+`"]}],"exclude":[{"system":"`+genderSystem+`","concept":[{"code":"unknown"}]}]}}`, 201)
	call(t, "PUT", base+"/ValueSet/loop", `{"resourceType":"ValueSet","id":"loop","url":"http://clinic/loop","status":"active","compose":{"include":[{"valueSet":["http://clinic/loop"]}]}}`, 201)
	for _, at := range []string{base + "/ValueSet/v/$expand", query(base+"/ValueSet/$expand", "url", "http://clinic/vs")} {
		if codes, _ := expanded(t, at); strings.Join(codes, " ") != "icu nicu male female other" {
			t.Errorf("%s gives %v", at, codes)
		}
	}
	out, _ := call(t, "GET", query(base+"/ValueSet/v/$validate-code", "system", "http://clinic/wards", "code", "er"), "", 200)
	if said(out, "result") != false {
		t.Errorf("er is %v", out)
	}
	if out, _ = call(t, "GET", query(base+"/CodeSystem/$lookup", "system", "http://clinic/wards", "code", "nicu"), "", 200); said(out, "display") != "Neonatal intensive care" {
		t.Errorf("nicu is %v", out)
	}
	call(t, "GET", query(base+"/ValueSet/$expand", "url", "http://clinic/loop"), "", 400)
}

func TestMeta(t *testing.T) {
	base := start(t)
	call(t, "PUT", base+"/Patient/p", `{"resourceType":"Patient","id":"p","meta":{"tag":[{"system":"urn:s","code":"one"}]}}`, 201)
	meta := func(of string) string {
		return `{"resourceType":"Parameters","parameter":[{"name":"meta","valueMeta":{` + of + `}}]}`
	}
	call(t, "POST", base+"/Patient/p/$meta-add", meta(`"tag":[{"system":"urn:s","code":"two"},{"system":"urn:s","code":"one"}],"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]`), 200)
	out, _ := call(t, "GET", base+"/Patient/p/$meta", "", 200)
	if m := said(out, "return").(object); len(m["tag"].([]any)) != 2 || len(m["security"].([]any)) != 1 {
		t.Errorf("meta is %v", out)
	}
	call(t, "POST", base+"/Patient/p/$meta-delete", meta(`"tag":[{"system":"urn:s","code":"one"}]`), 200)
	if found, _ := call(t, "GET", base+"/Patient?_tag=urn:s|one", "", 200); found["total"] != 0.0 {
		t.Errorf("found %v", found)
	}
	if found, _ := call(t, "GET", base+"/Patient?_tag=urn:s|two&_security=R", "", 200); found["total"] != 1.0 {
		t.Errorf("found %v", found)
	}
	call(t, "PUT", base+"/Condition/c", `{"resourceType":"Condition","id":"c","meta":{"profile":["http://p.org/x"],"tag":[{"code":"bare"}]},"subject":{"reference":"Patient/p"}}`, 201)
	for at, want := range map[string][3]int{"/$meta": {1, 1, 2}, "/Patient/$meta": {0, 1, 1}, "/Condition/$meta": {1, 0, 1}, "/Group/$meta": {}} {
		out, _ := call(t, "GET", base+at, "", 200)
		var m object
		if out["parameter"] != nil {
			m = said(out, "return").(object)
		}
		for i, name := range []string{"profile", "security", "tag"} {
			if list, _ := m[name].([]any); len(list) != want[i] {
				t.Errorf("%s has %v as %s, want %d", at, list, name, want[i])
			}
		}
	}
	call(t, "GET", base+"/Nope/$meta", "", 404)
	call(t, "POST", base+"/Patient/none/$meta-add", meta(``), 404)
	call(t, "GET", base+"/Patient/none/$meta", "", 404)
	if _, h := call(t, "GET", base+"/Patient/p", "", 200); h.Get("ETag") == `W/"1"` {
		t.Error("meta changed without a new version")
	}
}
