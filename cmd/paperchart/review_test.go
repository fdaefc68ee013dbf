package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/view"
)

func TestReviewShowsWhatWaitsAndNothingElse(t *testing.T) {
	views := map[string][]view.View{
		"/api/v1/documents/one/view": {{Document: "a.pdf", Patient: view.Patient{Name: "Roe, Jane"}, Review: 1, Threshold: 0.8, Sections: []view.Section{
			{Name: "Allergies", Rows: []view.Row{{Cells: []string{"Penicillin"}, Confidence: 0.99, Page: 1}}},
			{Name: "Labs", Rows: []view.Row{{Cells: []string{"TSH", "23 mIU/L"}, Confidence: 0.41, Page: 2, Review: true}, {Cells: []string{"LDL", "128 mg/dL"}, Confidence: 0.97, Page: 2}}},
		}}},
		"/api/v1/documents/two/view": {{Document: "b.pdf", Threshold: 0.8, Sections: []view.Section{{Name: "Labs", Rows: []view.Row{{Cells: []string{"BUN", "12"}, Confidence: 0.98, Page: 1}}}}}},
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if v, ok := views[r.URL.Path]; ok {
			json.NewEncoder(w).Encode(v)
			return
		}
		w.Write([]byte(`{"documents":[{"id":"one","name":"a.pdf","state":"done"},{"id":"two","name":"b.pdf","state":"done"},{"id":"three","name":"c.pdf","state":"failed"}]}`))
	}))
	defer server.Close()
	say := func(args ...string) (int, string) {
		var out bytes.Buffer
		p := &program{in: strings.NewReader(""), out: &out, err: &out, environ: []string{}}
		return p.run(t.Context(), append([]string{"review", "--server", server.URL}, args...)), out.String()
	}
	status, said := say()
	if status != 0 || !strings.Contains(said, "TSH") || !strings.Contains(said, "a.pdf") {
		t.Errorf("status %d: %s", status, said)
	}
	for _, quiet := range []string{"Penicillin", "LDL", "b.pdf", "c.pdf"} {
		if strings.Contains(said, quiet) {
			t.Errorf("shows %s, which nobody need check:\n%s", quiet, said)
		}
	}
	if status, said := say("two"); status != 0 || !strings.Contains(said, "Nothing waits") {
		t.Errorf("of a document read surely: status %d: %s", status, said)
	}
	if status, said := say("nobody"); status != 1 || !strings.Contains(said, "paperchart jobs") {
		t.Errorf("of no document: status %d: %s", status, said)
	}
}
