package api

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// entriesOf are the ids of a bundle's entries, in order.
func entriesOf(bundle object) string {
	var ids []string
	list, _ := bundle["entry"].([]any)
	for _, e := range list {
		if res, ok := e.(object)["resource"].(object); ok {
			id, _ := res["id"].(string)
			ids = append(ids, id)
		}
	}
	return strings.Join(ids, " ")
}

func TestConditionalWrites(t *testing.T) {
	base := start(t)
	patient := `{"resourceType":"Patient","identifier":[{"system":"urn:m","value":"1"}],"gender":"male"}`
	made, _ := call(t, "POST", base+"/Patient", patient, 201, "If-None-Exist", "identifier=urn:m|1")
	again, _ := call(t, "POST", base+"/Patient", patient, 200, "If-None-Exist", "identifier=urn:m|1")
	if made["id"] != again["id"] {
		t.Errorf("made %v, then %v", made["id"], again["id"])
	}
	put, h := call(t, "PUT", base+"/Patient?identifier=urn:m|1", strings.Replace(patient, "male", "female", 1), 200)
	if put["id"] != made["id"] || h.Get("ETag") != `W/"2"` {
		t.Errorf("conditional update made %v %v", put, h)
	}
	call(t, "PUT", base+"/Patient?identifier=urn:m|2", `{"resourceType":"Patient","identifier":[{"system":"urn:m","value":"2"}]}`, 201)
	call(t, "PUT", base+"/Patient?identifier=urn:m|", patient, 412)
	call(t, "PUT", base+"/Patient/new", `{"resourceType":"Patient","id":"new"}`, 201, "If-None-Match", "*")
	call(t, "PUT", base+"/Patient/new", `{"resourceType":"Patient","id":"new","active":true}`, 412, "If-None-Match", "*")
	call(t, "PATCH", base+"/Patient?identifier=urn:m|2", `[{"op":"add","path":"/active","value":true}]`, 200, "Content-Type", "application/json-patch+json")
	call(t, "DELETE", base+"/Patient?identifier=urn:m|2", "", 204)
	call(t, "DELETE", base+"/Patient", "", 412)
	call(t, "DELETE", base+"/Patient?nonsense=2", "", 400)
	found, _ := call(t, "GET", base+"/Patient?_summary=count", "", 200)
	if found["total"] != 2.0 {
		t.Errorf("there are %v", found["total"])
	}
}

func TestPatches(t *testing.T) {
	base := start(t)
	at := base + "/Patient/p"
	call(t, "PUT", at, `{"resourceType":"Patient","id":"p","name":[{"family":"A","given":["B","C"]}],"birthDate":"1950-01-01"}`, 201)
	json := []string{"Content-Type", "application/json-patch+json"}
	got, _ := call(t, "PATCH", at, `[{"op":"test","path":"/birthDate","value":"1950-01-01"},{"op":"replace","path":"/name/0/given/1","value":"D"},{"op":"move","from":"/name/0/given/0","path":"/name/0/given/-"},{"op":"remove","path":"/birthDate"}]`, 200, json...)
	if given := got["name"].([]any)[0].(object)["given"].([]any); given[0] != "D" || given[1] != "B" || got["birthDate"] != nil {
		t.Errorf("patched: %v", got)
	}
	call(t, "PATCH", at, `[{"op":"test","path":"/gender","value":"male"}]`, 422, json...)
	call(t, "PATCH", at, `[{"op":"replace","path":"/gender","value":"man"}]`, 422, json...)
	call(t, "PATCH", at, `[{"op":"add","path":"/gender","value":"man"}]`, 422, json...)
	call(t, "PATCH", at, `[{"op":"replace","path":"/id","value":"q"}]`, 422, json...)
	call(t, "PATCH", at, `{"op":"add"}`, 400, json...)
	call(t, "PATCH", base+"/Patient/none", `[]`, 404, json...)
	op := func(parts string) string {
		return `{"resourceType":"Parameters","parameter":[{"name":"operation","part":[` + parts + `]}]}`
	}
	got, _ = call(t, "PATCH", at, op(`{"name":"type","valueCode":"add"},{"name":"path","valueString":"Patient"},{"name":"name","valueString":"birthDate"},{"name":"value","valueDate":"1951-02-03"}`), 200)
	if got["birthDate"] != "1951-02-03" {
		t.Errorf("added: %v", got)
	}
	got, _ = call(t, "PATCH", at, op(`{"name":"type","valueCode":"replace"},{"name":"path","valueString":"Patient.name.where(family='A').family"},{"name":"value","valueString":"Z"}`), 200)
	if got["name"].([]any)[0].(object)["family"] != "Z" {
		t.Errorf("replaced: %v", got)
	}
	got, _ = call(t, "PATCH", at, op(`{"name":"type","valueCode":"delete"},{"name":"path","valueString":"Patient.birthDate"}`), 200)
	if got["birthDate"] != nil {
		t.Errorf("deleted: %v", got)
	}
	got, _ = call(t, "PATCH", at, op(`{"name":"type","valueCode":"move"},{"name":"path","valueString":"Patient.name.given"},{"name":"source","valueInteger":0},{"name":"destination","valueInteger":1}`), 200)
	if given := got["name"].([]any)[0].(object)["given"].([]any); given[0] != "B" {
		t.Errorf("moved: %v", got)
	}
	typed := func(kind, path, rest string) string {
		return op(`{"name":"type","valueCode":"` + kind + `"},{"name":"path","valueString":"` + path + `"},` + rest)
	}
	got, _ = call(t, "PATCH", at, typed("add", "Patient", `{"name":"name","valueString":"deceased"},{"name":"value","valueBoolean":true}`), 200)
	if got["deceasedBoolean"] != true {
		t.Errorf("added a choice: %v", got)
	}
	got, _ = call(t, "PATCH", at, typed("replace", "Patient.deceased", `{"name":"value","valueDateTime":"2020-01-01"}`), 200)
	if got["deceasedBoolean"] != nil || got["deceasedDateTime"] != "2020-01-01" {
		t.Errorf("replaced a choice: %v", got)
	}
	call(t, "PATCH", at, typed("replace", "Patient.deceased", `{"name":"value","valueInteger":1}`), 422)
	got, _ = call(t, "PATCH", at, typed("add", "Patient", `{"name":"name","valueString":"contact"},{"name":"value","part":[{"name":"name","valueHumanName":{"text":"d"}},{"name":"telecom","valueContactPoint":{"system":"phone","value":"1"}},{"name":"relationship","part":[{"name":"coding","valueCoding":{"code":"N","system":"http://terminology.hl7.org/CodeSystem/v2-0131"}}]}]}`), 200)
	if c := got["contact"].([]any)[0].(object); c["telecom"].([]any)[0].(object)["value"] != "1" || c["relationship"].([]any)[0].(object)["coding"].([]any)[0].(object)["code"] != "N" {
		t.Errorf("added a backbone element: %v", got)
	}
	got, _ = call(t, "PATCH", at, typed("insert", "Patient.contact", `{"name":"index","valueInteger":0},{"name":"value","part":[{"name":"telecom","valueContactPoint":{"system":"phone","value":"2"}}]}`), 200)
	if c := got["contact"].([]any); len(c) != 2 || c[0].(object)["telecom"].([]any)[0].(object)["value"] != "2" {
		t.Errorf("inserted a backbone element: %v", got)
	}
	call(t, "PATCH", at, typed("insert", "Patient.contact", `{"name":"index","valueInteger":9},{"name":"value","part":[{"name":"name","valueHumanName":{"text":"d"}}]}`), 422)
	call(t, "PATCH", at, typed("move", "Patient.contact", `{"name":"source","valueInteger":0}`), 422)
}

func TestBatchAndTransaction(t *testing.T) {
	base := start(t)
	bundle := `{"resourceType":"Bundle","type":"%","entry":[
		{"fullUrl":"urn:uuid:2b1f3c5e-0000-4000-8000-000000000001","resource":{"resourceType":"Patient","identifier":[{"system":"urn:m","value":"1"}]},"request":{"method":"POST","url":"Patient","ifNoneExist":"identifier=urn:m|1"}},
		{"fullUrl":"urn:uuid:2b1f3c5e-0000-4000-8000-000000000002","resource":{"resourceType":"Condition","subject":{"reference":"urn:uuid:2b1f3c5e-0000-4000-8000-000000000001"}},"request":{"method":"POST","url":"Condition"}},
		{"request":{"method":"GET","url":"Condition?patient.identifier=urn:m|1"}}]}`
	for want := 1; want <= 2; want++ { // the second time the patient is there
		out, _ := call(t, "POST", base, strings.Replace(bundle, "%", "transaction", 1), 200)
		list := out["entry"].([]any)
		found := list[2].(object)["resource"].(object)
		if len(list) != 3 || found["total"] != float64(want) {
			t.Errorf("round %d: %v", want, out)
		}
	}
	reference := `{"resourceType":"Bundle","type":"transaction","entry":[{"fullUrl":"urn:uuid:2b1f3c5e-0000-4000-8000-000000000003",
		"resource":{"resourceType":"Condition","subject":{"reference":"Patient?identifier=urn:m|%"}},"request":{"method":"POST","url":"Condition"}}]}`
	call(t, "POST", base, strings.Replace(reference, "%", "1", 1), 200)
	call(t, "POST", base, strings.Replace(reference, "%", "2", 1), 412)
	out, _ := call(t, "POST", base, `{"resourceType":"Bundle","type":"batch","entry":[
		{"resource":{"resourceType":"Patient","gender":"nonsense"},"request":{"method":"POST","url":"Patient"}},
		{"resource":{"resourceType":"Patient","id":"b"},"request":{"method":"PUT","url":"Patient/b"}},
		{"request":{"method":"GET","url":"Patient/b"}},
		{"request":{"method":"DELETE","url":"Patient/b"}},
		{"request":{"method":"GET","url":"Patient/b"}}]}`, 200)
	var statuses []string
	for _, e := range out["entry"].([]any) {
		statuses = append(statuses, e.(object)["response"].(object)["status"].(string)[:3])
	}
	if got := strings.Join(statuses, " "); got != "422 201 200 204 410" {
		t.Errorf("the batch answered %s", got)
	}
}

func TestHistories(t *testing.T) {
	base := start(t)
	for i, gender := range []string{"male", "female", "other"} {
		call(t, "PUT", base+"/Patient/a", `{"resourceType":"Patient","id":"a","gender":"`+gender+`"}`, []int{201, 200, 200}[i])
	}
	call(t, "PUT", base+"/Observation/o", `{"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"}}`, 201)
	call(t, "DELETE", base+"/Patient/a", "", 204)
	for path, want := range map[string]float64{"/Patient/a/_history": 4, "/Patient/_history": 4, "/_history": 5, "/_history?_since=2999-01-01": 0} {
		seen := 0
		for url := base + path; url != ""; {
			page, _ := call(t, "GET", url, "", 200)
			if page["total"] != want {
				t.Fatalf("%s: total %v, want %v", path, page["total"], want)
			}
			list, _ := page["entry"].([]any)
			seen += len(list)
			url = next(page)
		}
		if float64(seen) != want {
			t.Errorf("%s: saw %d, want %v", path, seen, want)
		}
	}
	first, _ := call(t, "GET", base+"/_history?_count=2", "", 200)
	second, _ := call(t, "GET", next(first), "", 200)
	if len(first["entry"].([]any)) != 2 || len(second["entry"].([]any)) != 2 || next(second) == "" {
		t.Errorf("pages: %v, %v", first, second)
	}
}

func next(bundle object) string {
	links, _ := bundle["link"].([]any)
	for _, l := range links {
		if l.(object)["relation"] == "next" {
			return l.(object)["url"].(string)
		}
	}
	return ""
}

func TestViews(t *testing.T) {
	base := start(t)
	call(t, "PUT", base+"/Patient/p", `{"resourceType":"Patient","id":"p","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">Jane</div>"},"gender":"female","contact":[{"gender":"male","name":{"text":"x"}}]}`, 201)
	for query, want := range map[string]string{
		"_summary=true":       "gender id meta resourceType",
		"_summary=text":       "id meta resourceType text",
		"_summary=data":       "contact gender id meta resourceType",
		"_summary=false":      "contact gender id meta resourceType text",
		"_elements=contact":   "contact id meta resourceType",
		"_elements=no,gender": "gender id meta resourceType",
	} {
		found, _ := call(t, "GET", base+"/Patient?"+query, "", 200)
		single, _ := call(t, "GET", base+"/Patient/p?"+query, "", 200)
		for _, res := range []object{found["entry"].([]any)[0].(object)["resource"].(object), single} {
			if got := strings.Join(keys(res), " "); got != want {
				t.Errorf("%s shows %q, want %q", query, got, want)
			}
		}
	}
	call(t, "GET", base+"/Patient?_summary=maybe", "", 400)
	call(t, "PUT", base+"/Observation/o", `{"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/p"}}`, 201)
	found, _ := call(t, "GET", base+"/Observation?_include=Observation:subject&_elements=code", "", 200)
	entries := found["entry"].([]any)
	for i, want := range []string{"code id meta resourceType status", "contact gender id meta resourceType text"} { // _elements is about matches
		if got := strings.Join(keys(entries[i].(object)["resource"].(object)), " "); got != want {
			t.Errorf("entry %d shows %q, want %q", i, got, want)
		}
	}
	call(t, "GET", base+"/Observation?_include=Observation:subject&_summary=text", "", 400)
}

func keys(o object) []string {
	var all []string
	for k := range o {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}

func TestNegotiation(t *testing.T) {
	base := start(t)
	call(t, "PUT", base+"/Patient/p", `{"resourceType":"Patient","id":"p"}`, 201)
	call(t, "GET", base+"/Patient/p", "", 406, "Accept", "application/fhir+xml")
	call(t, "GET", base+"/Patient/p?_format=xml", "", 406)
	call(t, "GET", base+"/Patient/p?_format=json", "", 200, "Accept", "text/html")
	call(t, "POST", base+"/Patient", "<Patient/>", 415, "Content-Type", "application/fhir+xml")
	_, h := call(t, "PUT", base+"/metadata", "{}", 405)
	if h.Get("Allow") != "GET, OPTIONS" {
		t.Errorf("Allow is %q", h.Get("Allow"))
	}
	call(t, "OPTIONS", base+"/Patient/p", "", 204)
	_, h = call(t, "HEAD", base+"/Patient/p", "", 200)
	if h.Get("ETag") != `W/"1"` {
		t.Errorf("HEAD has %v", h)
	}
	call(t, "GET", base+"/Patient/p", "", 304, "If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT")
	made, h := call(t, "POST", base+"/Patient", `{"resourceType":"Patient"}`, 201, "Prefer", "return=minimal")
	if len(made) != 0 || h.Get("Location") == "" {
		t.Errorf("minimal: %v %v", made, h)
	}
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	io.WriteString(w, `{"resourceType":"Patient","gender":"other"}`)
	w.Close()
	call(t, "POST", base+"/Patient", z.String(), 201, "Content-Encoding", "gzip")
	res, err := http.Get(base + "/metadata") // the client asks for gzip by itself
	if err != nil || !res.Uncompressed {
		t.Errorf("the statement came uncompressed: %v", err)
	}
	res.Body.Close()
}

func TestOperations(t *testing.T) {
	base := start(t)
	call(t, "PUT", base+"/Practitioner/d", `{"resourceType":"Practitioner","id":"d"}`, 201)
	call(t, "PUT", base+"/Patient/p", `{"resourceType":"Patient","id":"p","generalPractitioner":[{"reference":"Practitioner/d"}]}`, 201)
	call(t, "PUT", base+"/Patient/q", `{"resourceType":"Patient","id":"q"}`, 201)
	call(t, "PUT", base+"/Condition/c", `{"resourceType":"Condition","id":"c","subject":{"reference":"`+base+`/Patient/p"}}`, 201)
	call(t, "PUT", base+"/Condition/e", `{"resourceType":"Condition","id":"e","subject":{"reference":"Patient/p"}}`, 201)
	all, _ := call(t, "GET", base+"/Patient/p/$everything", "", 200)
	if got := entriesOf(all); got != "p e d" {
		t.Errorf("everything is %q", got)
	}
	call(t, "GET", base+"/Patient/none/$everything", "", 404)
	call(t, "PUT", base+"/Patient/second", `{"resourceType":"Patient","id":"second"}`, 201)
	call(t, "PUT", base+"/Condition/other", `{"resourceType":"Condition","id":"other","subject":{"reference":"Group/g"}}`, 201, "Prefer", "handling=lenient")
	all, _ = call(t, "GET", base+"/Patient/$everything", "", 200)
	if got := strings.Fields(entriesOf(all)); !slices.Contains(got, "p") || slices.Contains(got, "other") || !slices.Contains(got, "second") || !slices.Contains(got, "e") || !slices.Contains(got, "d") {
		t.Errorf("everything of all is %q", got)
	}
	wrong, _ := call(t, "POST", base+"/Patient/$validate", `{"resourceType":"Group","type":"person","actual":true}`, 200)
	if issue := wrong["issue"].([]any)[0].(object); issue["severity"] != "error" {
		t.Errorf("a Group is a valid Patient: %v", wrong)
	}
	found, _ := call(t, "GET", base+"/Patient/p/Condition", "", 200)
	if got := entriesOf(found); got != "e" {
		t.Errorf("the compartment has %q", got)
	}
	found, _ = call(t, "GET", base+"/Patient/p/*", "", 200)
	if got := entriesOf(found); got != "p e" {
		t.Errorf("the compartment has %q", got)
	}
	checked, _ := call(t, "POST", base+"/Patient/$validate", `{"resourceType":"Patient","gender":"x"}`, 200)
	if issue := checked["issue"].([]any)[0].(object); issue["severity"] != "error" {
		t.Errorf("validation says %v", checked)
	}
	meta := `{"resourceType":"Parameters","parameter":[{"name":"meta","valueMeta":{"tag":[{"system":"urn:u","code":"t"}]}}]}`
	call(t, "POST", base+"/Patient/p/$meta-add", meta, 200)
	found, _ = call(t, "GET", base+"/Patient?_tag=urn:u|t", "", 200)
	if entriesOf(found) != "p" {
		t.Errorf("the tag finds %v", found)
	}
	call(t, "POST", base+"/Patient/p/$meta-delete", meta, 200)
	found, _ = call(t, "GET", base+"/Patient?_tag=urn:u|t", "", 200)
	if entriesOf(found) != "" {
		t.Errorf("the tag finds %v", found)
	}
}

func TestBulk(t *testing.T) {
	base := start(t)
	lines := `{"resourceType":"Patient","id":"p"}` + "\n" + `{"resourceType":"Condition","id":"c","subject":{"reference":"Patient/p"}}` + "\n" + `{"resourceType":"Patient"}` + "\n"
	_, h := call(t, "POST", base+"/$import", lines, 202, "Content-Type", "application/fhir+ndjson")
	report := wait(t, h.Get("Content-Location"))
	if len(report["output"].([]any)) != 2 || report["error"].([]any)[0].(object)["count"] != 1.0 {
		t.Errorf("import reports %v", report)
	}
	call(t, "GET", base+"/$export", "", 400)
	_, h = call(t, "GET", base+"/$export?_type=Patient,Condition", "", 202, "Prefer", "respond-async")
	report = wait(t, h.Get("Content-Location"))
	for _, o := range report["output"].([]any) {
		res, err := http.Get(o.(object)["url"].(string))
		if err != nil {
			t.Fatal(err)
		}
		data, _ := io.ReadAll(res.Body)
		res.Body.Close()
		var resource object
		if err := json.Unmarshal(data, &resource); err != nil || resource["resourceType"] != o.(object)["type"] {
			t.Errorf("the file is %s", data)
		}
	}
	call(t, "DELETE", h.Get("Content-Location"), "", 202)
	call(t, "GET", h.Get("Content-Location"), "", 404)
}

// wait asks for a job's state until it is done.
func wait(t *testing.T, url string) object {
	t.Helper()
	for {
		res, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		data, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode == 202 {
			continue
		}
		var o object
		if err := json.Unmarshal(data, &o); err != nil || res.StatusCode != 200 {
			t.Fatalf("status %d: %s", res.StatusCode, data)
		}
		return o
	}
}
