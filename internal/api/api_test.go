package api

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/store"
)

func start(t *testing.T) string {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Path: storePath(t)})
	if err != nil {
		t.Fatal(err)
	}
	h, err := New(Config{Store: s, Software: "Paperchart", Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(func() { server.Close(); h.Close(); s.Close() })
	return server.URL + "/fhir/R4"
}

func call(t *testing.T, method, url, body string, want int, header ...string) (object, http.Header) {
	t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
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
	if err != nil || res.StatusCode != want {
		t.Fatalf("%s %s: status %d, want %d: %s (%v)", method, url, res.StatusCode, want, data, err)
	}
	var o object
	if len(data) > 0 {
		if err := json.Unmarshal(data, &o); err != nil {
			t.Fatalf("%v in %s", err, data)
		}
	}
	if want >= 400 && o["resourceType"] != "OperationOutcome" {
		t.Errorf("%s %s: error is %s", method, url, data)
	}
	return o, res.Header
}

func TestLifeOfAResource(t *testing.T) {
	base := start(t)
	made, h := call(t, "POST", base+"/Patient", `{"resourceType":"Patient","gender":"male"}`, 201)
	id := made["id"].(string)
	if h.Get("ETag") != `W/"1"` || h.Get("Location") != base+"/Patient/"+id+"/_history/1" {
		t.Errorf("headers are %v", h)
	}
	at := base + "/Patient/" + id
	call(t, "GET", at, "", 200)
	call(t, "GET", at, "", 304, "If-None-Match", `W/"1"`)
	body := `{"resourceType":"Patient","id":"` + id + `","gender":"female"}`
	call(t, "PUT", at, body, 412, "If-Match", `W/"7"`)
	call(t, "PUT", at, body, 200, "If-Match", `W/"1"`)
	old, _ := call(t, "GET", at+"/_history/1", "", 200)
	if old["gender"] != "male" {
		t.Errorf("version 1 is %v", old)
	}
	call(t, "DELETE", at, "", 204)
	call(t, "GET", at, "", 410)
	versions, _ := call(t, "GET", at+"/_history", "", 200)
	if versions["total"] != 3.0 {
		t.Errorf("history is %v", versions)
	}
}

func TestErrorsAreOutcomes(t *testing.T) {
	base := start(t)
	call(t, "GET", base+"/Patient/none", "", 404)
	call(t, "GET", base+"/Nothing/1", "", 404)
	call(t, "GET", base+"/Nothing?x=1", "", 404)
	call(t, "GET", base+"/a/b/c/d", "", 404)
	call(t, "POST", base+"/Patient", `{"resourceType":`, 400)
	call(t, "POST", base+"/Patient", `{"resourceType":"Observation"}`, 400)
	call(t, "POST", base+"/Patient", "", 400)
	call(t, "PUT", base+"/Patient/x", `{"resourceType":"Patient","id":"y"}`, 400)
	call(t, "GET", base+"/Patient?nonsense=1", "", 400, "Prefer", "handling=strict")
	call(t, "GET", base+"/Patient?birthdate=soon", "", 400)
	call(t, "POST", base, `{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Patient"}}]}`, 422)
}

func TestSearchset(t *testing.T) {
	base := start(t)
	for _, name := range []string{"Ames", "Amos", "Bell"} {
		call(t, "POST", base+"/Patient", `{"resourceType":"Patient","name":[{"family":"`+name+`"}]}`, 201)
	}
	found, _ := call(t, "GET", base+"/Patient?name=am&unknown=1", "", 200)
	links := found["link"].([]any)
	if found["total"] != 2.0 || len(links) != 1 || strings.Contains(links[0].(object)["url"].(string), "unknown") {
		t.Errorf("found %v", found)
	}
	found, _ = call(t, "POST", base+"/Patient/_search", "name=bell", 200, "Content-Type", "application/x-www-form-urlencoded")
	if found["total"] != 1.0 {
		t.Errorf("found %v", found)
	}
	seen := 0
	for url := base + "/Patient?_count=2"; url != ""; {
		page, _ := call(t, "GET", url, "", 200)
		url = ""
		seen += len(page["entry"].([]any))
		for _, l := range page["link"].([]any) {
			if l.(object)["relation"] == "next" {
				url = l.(object)["url"].(string)
			}
		}
	}
	if seen != 3 {
		t.Errorf("the pages held %d", seen)
	}
	found, _ = call(t, "GET", base+"/Patient?_summary=count", "", 200)
	if found["total"] != 3.0 || found["entry"] != nil {
		t.Errorf("count is %v", found)
	}
}

func TestMetadata(t *testing.T) {
	base := start(t)
	m, _ := call(t, "GET", base+"/metadata", "", 200)
	if m["fhirVersion"] != "4.0.1" {
		t.Errorf("metadata is %v", m)
	}
	rest := m["rest"].([]any)[0].(object)
	if n := len(rest["compartment"].([]any)); n != 5 {
		t.Errorf("%d compartments", n)
	}
	for _, r := range rest["resource"].([]any) {
		lead, _ := r.(object)["searchRevInclude"].([]any)
		if has := slices.Contains(lead, any("Observation:patient")); has != (r.(object)["type"] == "Patient") {
			t.Errorf("Observation:patient leads to %v: %v", r.(object)["type"], has)
		}
	}
	if req, err := http.Get(base + "/metadata"); err != nil {
		t.Error(err)
	} else if head, _ := io.ReadAll(io.LimitReader(req.Body, 40)); !strings.HasPrefix(string(head), `{"resourceType":"CapabilityStatement"`) {
		t.Errorf("metadata begins with %s", head)
	}
}
