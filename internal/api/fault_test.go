package api

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestFaults: a fault of the program is a 500 with an outcome, and is logged without
// what it was about.
func TestFaults(t *testing.T) {
	var log bytes.Buffer
	a := &API{Config: Config{Logger: slog.New(slog.NewTextHandler(&log, nil))}}
	rec := httptest.NewRecorder()
	a.handle(func(*http.Request) (answer, error) { panic("Jane Doe") }).ServeHTTP(rec, httptest.NewRequest("GET", "/Patient", nil))
	if rec.Code != 500 || !strings.Contains(rec.Body.String(), "OperationOutcome") || strings.Contains(rec.Body.String()+log.String(), "Jane") || !strings.Contains(log.String(), "TestFaults") {
		t.Errorf("status %d: %s; logged %s", rec.Code, rec.Body, &log)
	}
}

// TestEmptyBundles: nothing to do is done at once.
func TestEmptyBundles(t *testing.T) {
	base := start(t)
	for _, kind := range []string{"transaction", "batch"} {
		out, _ := call(t, "POST", base, `{"resourceType":"Bundle","type":"`+kind+`"}`, http.StatusOK)
		if out["type"] != kind+"-response" || out["entry"] != nil {
			t.Errorf("the answer is %v", out)
		}
		call(t, "POST", base, `{"resourceType":"Bundle","type":"`+kind+`","entry":[]}`, map[string]int{"transaction": 422, "batch": 200}[kind])
	}
	out, _ := call(t, "POST", base, `{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"GET","url":"Patient"}}]}`, http.StatusOK)
	if len(out["entry"].([]any)) != 1 {
		t.Errorf("the answer is %v", out)
	}
}
