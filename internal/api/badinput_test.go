package api

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

// refusedBy sends what has to be refused: a 4xx with an OperationOutcome that is
// well made.
func refusedBy(t *testing.T, method, url string, body io.Reader, header ...string) (status int, text string) {
	t.Helper()
	req, err := http.NewRequest(method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	var o struct {
		ResourceType string
		Issue        []struct{ Severity, Code string }
	}
	if res.StatusCode < 400 || res.StatusCode >= 500 || json.Unmarshal(data, &o) != nil || o.ResourceType != "OperationOutcome" || len(o.Issue) == 0 || o.Issue[0].Code == "" {
		t.Errorf("%s %.100s: status %d: %.300s", method, url, res.StatusCode, data)
	}
	return res.StatusCode, string(data)
}

// stays fails where the store is not as it was: one patient at version 1.
func stays(t *testing.T, base string) {
	t.Helper()
	all, _ := call(t, "GET", base+"/_history?_summary=count", "", 200)
	if all["total"] != 1.0 {
		t.Errorf("something was written: %v versions", all["total"])
	}
}

func withPatient(t *testing.T) string {
	t.Helper()
	base := start(t)
	call(t, "PUT", base+"/Patient/p", `{"resourceType":"Patient","id":"p","birthDate":"1950-01-01"}`, 201)
	return base
}

func nested(depth int, open, inner, shut string) string {
	return strings.Repeat(open, depth) + inner + strings.Repeat(shut, depth)
}

// badResources are bodies of a Patient that no server may take.
func badResources() map[string]string {
	p := func(members string) string { return `{"resourceType":"Patient",` + members + `}` }
	return map[string]string{
		"nothing": "", "half": `{"resourceType":"Patient"`, "two": `{"resourceType":"Patient"}{"resourceType":"Patient"}`, "text": "hello", "array": "[]", "null": "null", "number": "1",
		"single quotes": "{'resourceType':'Patient'}", "comment": `{"resourceType":"Patient"/**/}`, "trailing comma": `{"resourceType":"Patient",}`, "NaN": p(`"multipleBirthInteger":NaN`),
		"no type": `{"id":"x"}`, "type of number": `{"resourceType":1}`, "another type": `{"resourceType":"Observation"}`, "unknown type": `{"resourceType":"Pateint"}`,
		"duplicate type": `{"resourceType":"Patient","resourceType":"Patient"}`, "duplicate keys": p(`"gender":"male","gender":"female"`), "duplicate keys below": p(`"name":[{"family":"a","family":"b"}]`),
		"escaped duplicate": p(`"gender":"male","\u0067ender":"female"`),
		"deep extensions":   p(`"extension":[` + nested(2000, `{"url":"http://x","extension":[`, "", `]}`) + `]`), "deep arrays": p(`"name":` + nested(100000, "[", "", "]")), "deep objects": nested(100000, `{"a":`, "1", "}"),
		"deep contained": p(`"contained":[` + nested(500, `{"resourceType":"Patient","contained":[`, "", `]}`) + `]`),
		"invalid UTF-8":  p("\"name\":[{\"family\":\"\xff\xfe\"}]"), "invalid UTF-8 key": p("\"\xc3\x28\":1"), "overlong UTF-8": p("\"name\":[{\"family\":\"\xc0\xaf\"}]"), "half a surrogate": p(`"name":[{"family":"\ud800"}]`),
		"NUL": p(`"name":[{"family":"a\u0000b"}]`), "bare control": p("\"name\":[{\"family\":\"a\x01b\"}]"), "UTF-16": "\xff\xfe{\x00}\x00",
		"February 30": p(`"birthDate":"2024-02-30"`), "month 13": p(`"birthDate":"2024-13"`), "year 0": p(`"birthDate":"0000"`), "five digits": p(`"birthDate":"20240-01-01"`), "American date": p(`"birthDate":"01/02/2024"`),
		"time without zone": p(`"deceasedDateTime":"2024-01-01T10:00:00"`), "hour 25": p(`"deceasedDateTime":"2024-01-01T25:00:00Z"`), "date of number": p(`"birthDate":1950`), "empty date": p(`"birthDate":""`),
		"unknown element": p(`"colour":"red"`), "unknown code": p(`"gender":"unheard-of"`), "empty array": p(`"name":[]`), "empty object": p(`"name":[{}]`), "null in array": p(`"name":[null]`), "null element": p(`"gender":null`),
		"string for object": p(`"name":"x"`), "object for array": p(`"name":{}`), "both of a choice": p(`"deceasedBoolean":true,"deceasedDateTime":"2024"`), "bad id": p(`"id":"a b"`), "long id": p(`"id":"` + strings.Repeat("x", 65) + `"`),
		"reference to no type": p(`"generalPractitioner":[{"reference":"Nothing/1"}]`), "reference to a wrong type": p(`"generalPractitioner":[{"reference":"Patient/1"}]`),
		"dangling fragment": p(`"managingOrganization":{"reference":"#nowhere"}`), "contained that contains": p(`"contained":[{"resourceType":"Organization","id":"a","name":"x","contained":[{"resourceType":"Organization","id":"b","name":"y"}]}],"managingOrganization":{"reference":"#a"}`),
		"huge number": p(`"multipleBirthInteger":99999999999999999999`), "exponent": p(`"multipleBirthInteger":1e400`), "leading zero": p(`"multipleBirthInteger":01`), "script in narrative": p(`"text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><script>1</script></div>"}`),
		"entity bomb": p(`"text":{"status":"generated","div":"<!DOCTYPE x [<!ENTITY a \"aaaa\">]><div xmlns=\"http://www.w3.org/1999/xhtml\">&a;</div>"}`),
	}
}

func TestBadResources(t *testing.T) {
	base := withPatient(t)
	for name, body := range badResources() {
		for _, at := range [][2]string{{"POST", "/Patient"}, {"PUT", "/Patient/p"}, {"PUT", "/Patient?birthdate=1950-01-01"}} {
			status, text := refusedBy(t, at[0], base+at[1], strings.NewReader(body))
			if status != 400 && status != 422 {
				t.Errorf("%s, %s %s: status %d: %.200s", name, at[0], at[1], status, text)
			}
		}
		whole := `{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Patient"}},{"resource":` + body + `,"request":{"method":"POST","url":"Patient"}}]}`
		if name == "two" { // two values where one may stand is no JSON at all
			whole = body
		}
		refusedBy(t, "POST", base, strings.NewReader(whole))
		if name != "array" { // a patch that changes nothing
			refusedBy(t, "PATCH", base+"/Patient/p", strings.NewReader(body), "Content-Type", "application/json-patch+json")
		}
	}
	stays(t, base)
}

// TestEndlessPatches: a path that would go on for ever, or fill the memory, is
// refused, and writes go on.
func TestEndlessPatches(t *testing.T) {
	base := withPatient(t)
	for _, path := range []string{"1.repeat($this+1)", "'a'.repeat($this & $this)", "Patient.repeatAll($this)", "'ab'.repeat($this.replace('', $this))", strings.Repeat("(", 5000) + "Patient" + strings.Repeat(")", 5000), strings.Repeat("(1|2|3|4|5|6|7|8|9|10).select(", 9) + "1" + strings.Repeat(")", 9)} {
		refusedBy(t, "PATCH", base+"/Patient/p", strings.NewReader(`{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"delete"},{"name":"path","valueString":"`+path+`"}]}]}`))
	}
	op := `{"name":"operation","part":[{"name":"type","valueCode":"delete"},{"name":"path","valueString":"Patient.photo"}]}`
	refusedBy(t, "PATCH", base+"/Patient/p", strings.NewReader(`{"resourceType":"Parameters","parameter":[`+op+strings.Repeat(","+op, maxSteps)+`]}`))
	double := `{"op":"copy","from":"/contact","path":"/contact/0/contact"}`
	bomb := `[{"op":"add","path":"/contact","value":[{"name":{"text":"` + strings.Repeat("x", 1000) + `"}}]}` + strings.Repeat(","+double, 60) + `]`
	refusedBy(t, "PATCH", base+"/Patient/p", strings.NewReader(bomb), "Content-Type", "application/json-patch+json")
	stays(t, base)
	call(t, "PUT", base+"/Patient/q", `{"resourceType":"Patient","id":"q"}`, 201)
}

// filled is a body of some size that costs no memory here.
func filled(before string, size int64, after string) io.Reader {
	return io.MultiReader(strings.NewReader(before), io.LimitReader(repeating{}, size), strings.NewReader(after))
}

type repeating struct{}

func (repeating) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'A'
	}
	return len(p), nil
}

func TestLargeBodies(t *testing.T) {
	if testing.Short() {
		t.Skip("sends some hundred megabytes")
	}
	base := withPatient(t)
	// 50 MB within the limit: refused for what is wrong with it, if anything is.
	refusedBy(t, "POST", base+"/Patient", filled(`{"resourceType":"Patient","name":[{"family":"`, 50<<20, `"}]}`))
	refusedBy(t, "POST", base+"/Patient", filled(`{"resourceType":"Patient","`, 50<<20, `":1}`))
	refusedBy(t, "POST", base+"/Patient", filled(`{"resourceType":"Patient"`, 50<<20, `}`))
	if status, _ := refusedBy(t, "POST", base+"/Patient", filled(`{"resourceType":"Patient","name":[{"family":"`, 65<<20, `"}]}`)); status != 413 {
		t.Errorf("more than the limit: status %d", status)
	}
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	io.Copy(z, filled(`{"resourceType":"Patient","name":[{"family":"`, 200<<20, `"}]}`))
	z.Close()
	if status, _ := refusedBy(t, "POST", base+"/Patient", &bomb, "Content-Encoding", "gzip"); status != 413 {
		t.Errorf("a gzip bomb: status %d", status)
	}
	refusedBy(t, "POST", base+"/Patient", strings.NewReader("not gzip"), "Content-Encoding", "gzip")
	refusedBy(t, "POST", base+"/Patient", strings.NewReader(`{"resourceType":"Patient"}`), "Content-Encoding", "br")
	stays(t, base)
	call(t, "GET", base+"/Patient/p", "", 200)
}

func TestLargeBundles(t *testing.T) {
	base := withPatient(t)
	bundle := func(kind string, n int, entry func(i int) string) *strings.Reader {
		var b strings.Builder
		b.WriteString(`{"resourceType":"Bundle","type":"` + kind + `","entry":[`)
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(entry(i))
		}
		b.WriteString(`]}`)
		return strings.NewReader(b.String())
	}
	good := func(i int) string {
		return fmt.Sprintf(`{"resource":{"resourceType":"Patient","id":"n%d"},"request":{"method":"PUT","url":"Patient/n%d"}}`, i, i)
	}
	for _, kind := range []string{"transaction", "batch"} {
		refusedBy(t, "POST", base, bundle(kind, 10001, good))
	}
	// The last of ten thousand is bad: nothing of it stays.
	refusedBy(t, "POST", base, bundle("transaction", 10000, func(i int) string {
		if i == 9999 {
			return `{"resource":{"resourceType":"Patient","gender":"x"},"request":{"method":"POST","url":"Patient"}}`
		}
		return good(i)
	}))
	refusedBy(t, "POST", base, bundle("transaction", 10000, func(i int) string {
		if i == 9999 {
			return `{"request":{"method":"DELETE","url":"Patient?nonsense=1"}}`
		}
		return good(i)
	}), "Prefer", "handling=strict")
	stays(t, base)
	res, err := http.Post(base, fhirJSON, bundle("transaction", 10000, good))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if found, _ := call(t, "GET", base+"/Patient?_summary=count", "", 200); res.StatusCode != 200 || found["total"] != 10001.0 {
		t.Errorf("ten thousand good entries: status %d, %v patients", res.StatusCode, found["total"])
	}
}

func TestBadTransactions(t *testing.T) {
	base := withPatient(t)
	first := `{"resource":{"resourceType":"Patient","id":"new"},"request":{"method":"PUT","url":"Patient/new"}},`
	for name, entry := range map[string]string{
		"dangling urn":           `{"resource":{"resourceType":"Condition","subject":{"reference":"urn:uuid:5a4c7f1e-3b8f-4a51-9a14-52a3c9f0a001"}},"request":{"method":"POST","url":"Condition"}}`,
		"dangling condition":     `{"resource":{"resourceType":"Condition","subject":{"reference":"Patient?identifier=none"}},"request":{"method":"POST","url":"Condition"}}`,
		"no request":             `{"resource":{"resourceType":"Patient"}}`,
		"no method":              `{"resource":{"resourceType":"Patient"},"request":{"url":"Patient"}}`,
		"odd method":             `{"resource":{"resourceType":"Patient"},"request":{"method":"BREW","url":"Patient"}}`,
		"no url":                 `{"resource":{"resourceType":"Patient"},"request":{"method":"POST"}}`,
		"url elsewhere":          `{"resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"http://elsewhere/Patient"}}`,
		"url of another type":    `{"resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Observation"}}`,
		"url of another id":      `{"resource":{"resourceType":"Patient","id":"a"},"request":{"method":"PUT","url":"Patient/b"}}`,
		"the same twice":         `{"resource":{"resourceType":"Patient","id":"new","active":true},"request":{"method":"PUT","url":"Patient/new"}}`,
		"the same urn twice":     `{"fullUrl":"urn:uuid:5a4c7f1e-3b8f-4a51-9a14-52a3c9f0a001","resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Patient"}},{"fullUrl":"urn:uuid:5a4c7f1e-3b8f-4a51-9a14-52a3c9f0a001","resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Patient"}}`,
		"stale version":          `{"resource":{"resourceType":"Patient","id":"p"},"request":{"method":"PUT","url":"Patient/p","ifMatch":"W/\"9\""}}`,
		"bad version":            `{"resource":{"resourceType":"Patient","id":"p"},"request":{"method":"PUT","url":"Patient/p","ifMatch":"x"}}`,
		"delete of no condition": `{"request":{"method":"DELETE","url":"Patient"}}`,
		"patch of nothing":       `{"resource":{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"delete"},{"name":"path","valueString":"Patient.active"}]}]},"request":{"method":"PATCH","url":"Patient/none"}}`,
		"entry of null":          `null`,
		"entry of text":          `"x"`,
		"post without resource":  `{"request":{"method":"POST","url":"Patient"}}`,
	} {
		_, text := refusedBy(t, "POST", base, strings.NewReader(`{"resourceType":"Bundle","type":"transaction","entry":[`+first+entry+`]}`))
		if t.Failed() {
			t.Fatalf("%s: %s", name, text)
		}
	}
	stays(t, base)
}

// TestDanglingReferences: what refers to nothing here is refused with its element,
// alone or in a transaction that is then refused whole, and nothing of it is left.
func TestDanglingReferences(t *testing.T) {
	base := start(t)
	call(t, "PUT", base+"/Patient/p", `{"resourceType":"Patient","id":"p"}`, 201)
	condition := func(subject string) string {
		return `{"resourceType":"Condition","subject":{"reference":"` + subject + `"}}`
	}
	for _, subject := range []string{"Patient/nobody", "Patient/nobody/_history/2", "Group/p"} {
		if _, text := refusedBy(t, "POST", base+"/Condition", strings.NewReader(condition(subject))); !strings.Contains(text, "Condition.subject") {
			t.Errorf("%s: %s", subject, text)
		}
	}
	for _, subject := range []string{"Patient/p", "Patient/p/_history/1", "https://elsewhere.example/fhir/Patient/nobody"} {
		call(t, "POST", base+"/Condition", condition(subject), 201)
	}
	entry := func(id, subject string) string {
		return `{"resource":` + strings.Replace(condition(subject), `,`, `,"id":"`+id+`",`, 1) + `,"request":{"method":"PUT","url":"Condition/` + id + `"}}`
	}
	bundle := func(entries ...string) string {
		return `{"resourceType":"Bundle","type":"transaction","entry":[` + strings.Join(entries, ",") + `]}`
	}
	patient := `{"resource":{"resourceType":"Patient","id":"new"},"request":{"method":"PUT","url":"Patient/new"}}`
	gone := `{"request":{"method":"DELETE","url":"Patient/p"}}`
	for _, b := range []string{bundle(entry("a", "Patient/p"), entry("b", "Patient/nobody")), bundle(entry("a", "Patient/p"), gone)} {
		if _, text := refusedBy(t, "POST", base, strings.NewReader(b)); !strings.Contains(text, "].resource.subject") {
			t.Error(text)
		}
		call(t, "GET", base+"/Condition/a", "", 404)
	}
	call(t, "POST", base, bundle(entry("a", "Patient/new"), patient), 200)
	call(t, "DELETE", base+"/Patient/new", "", 204)
	call(t, "PUT", base+"/Condition/a", `{"resourceType":"Condition","id":"a","code":{"text":"x"},"subject":{"reference":"Patient/new"}}`, 200)
	refusedBy(t, "PATCH", base+"/Condition/a", strings.NewReader(`[{"op":"replace","path":"/subject/reference","value":"Patient/nobody"}]`), "Content-Type", "application/json-patch+json")
	call(t, "POST", base+"/Bundle", `{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"http://x.example/Condition/1","resource":`+condition("Patient/inside")+`}]}`, 201)
}

// TestLenientReferences: a client that stores in another order asks for leniency.
func TestLenientReferences(t *testing.T) {
	base := start(t)
	call := func(t *testing.T, method, url, body string, want int) (object, http.Header) {
		return call(t, method, url, body, want, "Prefer", "handling=lenient")
	}
	call(t, "PUT", base+"/Organization/a", `{"resourceType":"Organization","id":"a","name":"A","partOf":{"reference":"Organization/b"}}`, 201)
	call(t, "PUT", base+"/Organization/b", `{"resourceType":"Organization","id":"b","name":"B","partOf":{"reference":"Organization/a"}}`, 201)
	call(t, "PUT", base+"/Organization/c", `{"resourceType":"Organization","id":"c","name":"C","partOf":{"reference":"Organization/c"}}`, 201)
	found, _ := call(t, "GET", base+"/Organization?_id=a&_include:iterate=Organization:partof&_revinclude:iterate=Organization:partof", "", 200)
	if n := len(found["entry"].([]any)); n != 2 {
		t.Errorf("the circle gives %d", n)
	}
	found, _ = call(t, "GET", base+"/Organization?partof.partof.partof.partof.name=A", "", 200)
	if n := found["total"]; n != 1.0 {
		t.Errorf("the chain round the circle gives %v", n)
	}
	call(t, "PUT", base+"/Condition/d", `{"resourceType":"Condition","id":"d","subject":{"reference":"Patient/nobody"}}`, 201)
	found, _ = call(t, "GET", base+"/Condition?subject=Patient/nobody&_include=Condition:subject", "", 200)
	if n := len(found["entry"].([]any)); n != 1 {
		t.Errorf("the dangling reference gives %d", n)
	}
	call(t, "GET", base+"/Patient/nobody", "", 404)
	call(t, "GET", base+"/Patient/nobody/$everything", "", 404)
}

func TestAbsurdCounts(t *testing.T) {
	base := withPatient(t)
	for _, at := range []string{"/Patient", "/_history", "/Patient/_history", "/Patient/p/_history", "", "/Patient/p/$everything", "/Patient/p/*"} {
		for _, v := range []string{"-1", "-0.5", "1.5", "ten", "", "9223372036854775808", "1e3", "0x10", "１"} {
			refusedBy(t, "GET", base+at+"?_count="+url.QueryEscape(v), nil)
		}
		for _, v := range []string{"0", "1", "2147483647", "9223372036854775807"} {
			call(t, "GET", base+at+"?_count="+v, "", 200)
		}
	}
	none, _ := call(t, "GET", base+"/Patient?_count=0", "", 200)
	if none["entry"] != nil || none["total"] != 1.0 || strings.Contains(fmt.Sprint(none["link"]), "next") {
		t.Errorf("a count of 0 gives %v", none)
	}
	for _, q := range []string{"_summary=x", "_total=x", "_sort=nonsense", "_sort=--name", "_include=x", "_revinclude=x:y:z:w", "_elements:x=id", "_page=zzz", "_lastUpdated=soon", "birthdate=gt", "birthdate=2024-02-30", "birthdate=sa", "_since=x", "_id=" + strings.Repeat("a,", 20000), "name=" + strings.Repeat("x", 20000)} {
		status, text := 0, ""
		res, err := http.Get(base + "/Patient?" + q)
		if err != nil {
			t.Fatal(err)
		}
		data, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if status, text = res.StatusCode, string(data); status >= 500 || status >= 400 && !strings.Contains(text, "OperationOutcome") {
			t.Errorf("%.60s: status %d: %.200s", q, status, text)
		}
		if status, _ = strictly(t, base+"/Patient?"+q); status >= 500 {
			t.Errorf("%.60s, strict: status %d", q, status)
		}
	}
}

func strictly(t *testing.T, url string) (int, string) {
	t.Helper()
	req, err := http.NewRequest("GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Prefer", "handling=strict")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(data)
}

// injections are texts that would do harm where they were put into SQL, paths,
// headers, JSON or shells as they are.
var injections = []string{
	`' OR '1'='1`, `'; DROP TABLE resource; --`, `" OR ""="`, `%' OR 1=1 --`, `\'; SELECT 1; --`, `1); DELETE FROM resource; --`, `' UNION SELECT body FROM resource --`,
	"a\r\nSet-Cookie: x=y", `"}],"injected":[{"`, `<script>alert(1)</script>`, `../../etc/passwd`, `$(id)`, "`id`", `{{7*7}}`, `%25`, `*`, `_`, `%`, `[a-z]*`, `NEAR(a b)`, `"unbalanced`, `a AND`, `x:y`, `-`, `^`, "a\x00b", "\ufeff", "İ",
}

func TestInjection(t *testing.T) {
	base := withPatient(t)
	names := []string{"name", "name:exact", "name:contains", "identifier", "birthdate", "_id", "_tag", "_profile", "_text", "_content", "_filter", "_has:Observation:patient:code", "general-practitioner", "general-practitioner.name", "organization:identifier", "_list", "_sort", "_include", "_elements", "_lastUpdated", "_format", "_page", "_type", "_security", "_source", "link", "phonetic", "address", "telecom", "_count", "_total", "_summary"}
	for _, evil := range injections {
		for _, name := range names {
			for _, pair := range []string{url.QueryEscape(name) + "=" + url.QueryEscape(evil), url.QueryEscape(name+evil) + "=x", url.QueryEscape(evil) + "=" + url.QueryEscape(name)} {
				res, err := http.Get(base + "/Patient?" + pair)
				if err != nil {
					t.Fatal(err)
				}
				data, _ := io.ReadAll(res.Body)
				res.Body.Close()
				if res.StatusCode >= 500 || !json.Valid(data) || res.Header.Get("Set-Cookie") != "" || bytes.Contains(data, []byte(`"injected":[`)) {
					t.Errorf("%s: status %d: %.200s", pair, res.StatusCode, data)
				}
			}
		}
		for _, at := range []string{"/Patient/" + url.PathEscape(evil), "/" + url.PathEscape(evil) + "/p", "/Patient/p/" + url.PathEscape(evil), "/Patient/p/_history/" + url.PathEscape(evil), "/_bulk/" + url.PathEscape(evil) + "/Patient.ndjson", "/CodeSystem/$lookup?system=" + url.QueryEscape(evil) + "&code=" + url.QueryEscape(evil), "/ValueSet/$expand?url=" + url.QueryEscape(evil)} {
			if at == "/Patient/p/%2A" {
				continue // the whole compartment
			}
			refusedBy(t, "GET", base+at, nil)
		}
		for _, header := range []string{"If-Match", "If-None-Exist", "If-Modified-Since", "Prefer", "Accept"} {
			if strings.ContainsAny(evil, "\r\n\x00") {
				continue // the client itself refuses to send it
			}
			res := send(t, "PUT", base+"/Patient/q", `{"resourceType":"Patient","id":"q"}`, header, evil)
			if res >= 500 {
				t.Errorf("%s: %s: status %d", header, evil, res)
			}
		}
	}
	if found, _ := call(t, "GET", base+"/Patient/p", "", 200); found["birthDate"] != "1950-01-01" {
		t.Errorf("the patient is now %v", found)
	}
}

func send(t *testing.T, method, url, body, header, value string) int {
	t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set(header, value)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}

// TestSlowClients: a client that begins a request and does not go on is answered
// with 408, and one that does go on, however small its steps, is served.
func TestSlowClients(t *testing.T) {
	base, _ := over(t, openStore(t), Config{Patience: 50 * time.Millisecond, Files: t.TempDir()})
	at, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	body := `{"resourceType":"Patient","id":"slow"}`
	head := "PUT " + at.Path + "/Patient/slow HTTP/1.1\r\nHost: " + at.Host + "\r\nContent-Type: application/fhir+json\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n"
	for sent, want := range map[string]int{head: 408, head + body[:20]: 408, head + body: 201} {
		conn, err := net.Dial("tcp", at.Host)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(conn, sent)
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		data, _ := io.ReadAll(res.Body)
		if res.StatusCode != want || want == 408 && !strings.Contains(string(data), "OperationOutcome") {
			t.Errorf("%d of the body: status %d: %s", len(sent)-len(head), res.StatusCode, data)
		}
		conn.Close()
	}
}
