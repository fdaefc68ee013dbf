package api

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/fhir/definition"
)

// TestHostileSearches sends nonsense through every parameter and modifier of some
// types: a 4xx with an outcome or an answer, never a 5xx.
func TestHostileSearches(t *testing.T) {
	base := start(t)
	call(t, "PUT", base+"/Patient/p", `{"resourceType":"Patient","id":"p","active":true,"birthDate":"1950"}`, 201)
	call(t, "PUT", base+"/Observation/o", `{"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/p"},"valueQuantity":{"value":5}}`, 201)
	values := []string{"'; DROP TABLE resource; --", `"`, "%00", "\\", "a|b|c|d", "|||", "$", "a$b$c", ",,,", "ge", "ge9999-99-99", "99999999999999999999", "1e999999", "-1e-9", "NaN", "Infinity",
		strings.Repeat("x", 5000), "\xff\xfe", "(((", "not not", "Patient/", "Patient/p/_history/", "http://", "urn:uuid:", "*", "true", "*:*", "Nothing:subject", "Patient?x=y"}
	modifiers := []string{"", ":not", ":missing", ":exact", ":contains", ":text", ":in", ":below", ":above", ":identifier", ":of-type", ":Patient", ":Nothing", ":x'y", ".name", ":Patient._id", "." + strings.Repeat("subject.", 30) + "name"}
	table, err := definition.Load()
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"_has:Observation:patient:code", "_has:x", "_has:Observation:patient:_has:Observation:patient:code", "_include", "_revinclude", "_sort", "_filter", "_count", "_total", "_summary", "_elements", "_page", "_type", "_list", "_text", "_content", "_lastUpdated", "_id", "_near", "'"}
	for _, typ := range []string{"Patient", "Observation"} {
		all := names
		for i, p := range table.SearchParams(typ) {
			if i%4 == 0 || p.Type == "composite" {
				all = append(all, p.Code)
			}
		}
		for i, name := range all {
			for j, value := range values {
				modifier := modifiers[(i+j)%len(modifiers)]
				res, err := http.Get(base + "/" + typ + "?" + url.QueryEscape(name+modifier) + "=" + url.QueryEscape(value))
				if err != nil {
					t.Fatal(err)
				}
				res.Body.Close()
				if res.StatusCode >= 500 {
					t.Errorf("%s?%s%s=%.40q: status %d", typ, name, modifier, value, res.StatusCode)
				}
			}
		}
	}
}

func TestHostileRequests(t *testing.T) {
	base := start(t)
	deep := strings.Repeat(`{"extension":[`, 300) + strings.Repeat(`]}`, 300)
	for _, c := range [][3]string{
		{"POST", "/Patient", `{"resourceType":"Patient","resourceType":"Patient"}`},
		{"POST", "/Patient", deep},
		{"POST", "/Patient", "{\"resourceType\":\"Patient\",\"id\":\"\xff\"}"},
		{"POST", "/Patient", `[]`},
		{"POST", "/Patient", `null`},
		{"PUT", "/Patient/a%2Fb", `{"resourceType":"Patient","id":"a/b"}`},
		{"PUT", "/Patient/" + strings.Repeat("x", 65), `{"resourceType":"Patient","id":"` + strings.Repeat("x", 65) + `"}`},
		{"POST", "/Nothing", `{"resourceType":"Nothing"}`},
		{"POST", "", `{"resourceType":"Bundle"}`},
		{"POST", "", `{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"PUT","url":"Patient"}}]}`},
		{"POST", "", `{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"DELETE","url":""}}]}`},
		{"POST", "", `{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Patient"},"request":{"method":"PATCH","url":"Patient/x"}}]}`},
		{"POST", "/Patient/p/$meta-add", `{}`},
		{"PATCH", "/Patient/p", `{"resourceType":"Parameters","parameter":[{"name":"operation"}]}`},
		{"PATCH", "/Patient/p", `{"resourceType":"Parameters","parameter":"x"}`},
		{"GET", "/Patient/p/_history/x", ""},
		{"GET", "/_history?_since=then", ""},
		{"GET", "/Patient/_history?_page=a.b.c", ""},
		{"GET", "/_bulk/none", ""},
		{"GET", "/Nothing/p/Observation", ""},
		{"DELETE", "/Nothing/p", ""},
	} {
		req, err := http.NewRequest(c[0], base+c[1], strings.NewReader(c[2]))
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode < 400 || res.StatusCode >= 500 {
			t.Errorf("%s %s %.80s: status %d", c[0], c[1], c[2], res.StatusCode)
		}
	}
	out, _ := call(t, "POST", base, `{"resourceType":"Bundle","type":"batch","entry":[{},{"request":{"method":"POST","url":""}},{"request":{"method":"BREW","url":"Patient"}},{"request":{"method":"GET","url":"http://[::1"}}]}`, 200)
	for _, e := range out["entry"].([]any) {
		if s := e.(object)["response"].(object)["status"].(string); s[0] != '4' {
			t.Errorf("an entry of a bad batch gives %s", s)
		}
	}
}
