package api

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/paperchart/paperchart/internal/store"
)

// over serves an API over a store and a folder of jobs; the function ends it as a
// shutdown would.
func over(t *testing.T, s *store.Store, cfg Config) (base string, end func()) {
	t.Helper()
	cfg.Store = s
	h, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	end = func() { server.Close(); h.Close() }
	t.Cleanup(end)
	return server.URL + "/fhir/R4", end
}

func openStore(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Path: storePath(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func fetched(t *testing.T, url string, header ...string) string {
	t.Helper()
	req, err := http.NewRequest("GET", url, nil)
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
	if err != nil || res.StatusCode != 200 {
		t.Fatalf("%s: status %d, %v: %s", url, res.StatusCode, err, data)
	}
	return string(data)
}

// below is an address without the server's, which changes with a restart.
func below(url string) string { return url[strings.Index(url, "/_bulk"):] }

func TestJobsOutliveTheProcess(t *testing.T) {
	s, cfg := openStore(t), Config{Files: t.TempDir()}
	base, end := over(t, s, cfg)
	call(t, "PUT", base+"/Patient/p", `{"resourceType":"Patient","id":"p"}`, 201)
	_, h := call(t, "GET", base+"/$export", "", 202, "Prefer", "respond-async")
	done := below(h.Get("Content-Location"))
	wait(t, base+done)
	var lines strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&lines, `{"resourceType":"Patient","id":"n%d"}`+"\n", i)
	}
	_, h = call(t, "POST", base+"/$import", lines.String(), 202)
	begun := below(h.Get("Content-Location"))
	end()

	base, _ = over(t, s, cfg)
	report := wait(t, base+done)
	if file := report["output"].([]any)[0].(object)["url"].(string); !strings.Contains(fetched(t, base+below(file)), `"id":"p"`) {
		t.Errorf("the finished export is %v", report)
	}
	if report = wait(t, base+begun); report["output"].([]any)[0].(object)["count"] != 2000.0 {
		t.Errorf("the import that was cut off reports %v", report)
	}
	if found, _ := call(t, "GET", base+"/Patient?_summary=count", "", 200); found["total"] != 2001.0 {
		t.Errorf("there are %v patients", found["total"])
	}
}

// TestCutOffJobs makes what a crash leaves: a job that began and no more.
func TestCutOffJobs(t *testing.T) {
	dir := t.TempDir()
	for name, state := range map[string]string{
		"abc":    `{"request":"x","address":"/_bulk/abc","begun":"2026-01-01T00:00:00Z"}`,
		"broken": `{"request`,
	} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
		for file, text := range map[string]string{stateFile: state, importFile: `{"resourceType":"Patient","id":"p"}`} {
			if err := os.WriteFile(filepath.Join(dir, name, file), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	base, _ := over(t, openStore(t), Config{Files: dir})
	wait(t, base+"/_bulk/abc")
	call(t, "GET", base+"/Patient/p", "", 200)
	call(t, "GET", base+"/_bulk/broken", "", 404)
}

func TestImportNamesBadLines(t *testing.T) {
	base, _ := over(t, openStore(t), Config{Files: t.TempDir()})
	_, h := call(t, "POST", base+"/$import", `{"resourceType":"Patient","id":"p"}`+"\n\nnonsense\n"+`{"resourceType":"Patient"}`+"\n"+`{"resourceType":"Patient","id":"q","gender":"x"}`, 202)
	report := wait(t, h.Get("Content-Location"))
	text := fetched(t, report["error"].([]any)[0].(object)["url"].(string), "Accept-Encoding", "identity")
	for _, want := range []string{"line 3:", "line 4:", "needs an id", "line 5:", "administrative-gender"} {
		if !strings.Contains(text, want) {
			t.Errorf("the errors lack %q: %s", want, text)
		}
	}
	if n := strings.Count(text, "\n"); n != 3 {
		t.Errorf("%d lines of errors", n)
	}
}

func TestOldJobsAreForgotten(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	dir := t.TempDir()
	base, _ := over(t, openStore(t), Config{Files: dir, Now: func() time.Time { return now }})
	var first string
	for range maxJobs {
		_, h := call(t, "GET", base+"/$export", "", 202, "Prefer", "respond-async")
		if first == "" {
			first = h.Get("Content-Location")
		}
		wait(t, h.Get("Content-Location"))
	}
	_, h := call(t, "GET", base+"/$export", "", 429, "Prefer", "respond-async")
	if h.Get("Retry-After") == "" {
		t.Error("nothing says when to try again")
	}
	now = now.Add(jobLife + time.Minute)
	call(t, "GET", base+"/$export", "", 202, "Prefer", "respond-async")
	call(t, "GET", first, "", 404)
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("%d folders are left, %v", len(left), err)
	}
}

func TestConditionalDelete(t *testing.T) {
	for _, several := range []bool{false, true} {
		base, _ := over(t, openStore(t), Config{DeleteSeveral: several, Files: t.TempDir()})
		for _, id := range []string{"a", "b", "c"} {
			call(t, "PUT", base+"/Patient/"+id, `{"resourceType":"Patient","id":"`+id+`","gender":"male"}`, 201)
		}
		want, left := 412, 3.0
		if several {
			want, left = 204, 0.0
		}
		call(t, "DELETE", base+"/Patient?gender=male", "", want)
		if found, _ := call(t, "GET", base+"/Patient?_summary=count", "", 200); found["total"] != left {
			t.Errorf("several %v leaves %v", several, found["total"])
		}
		call(t, "DELETE", base+"/Patient", "", 412)
	}
}
