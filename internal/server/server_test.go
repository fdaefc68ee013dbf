package server

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/blob"
	"github.com/paperchart/paperchart/internal/pipeline"
	"github.com/paperchart/paperchart/internal/result"
)

// rooms reads anything but "bad".
type rooms struct{}

func (rooms) Extract(_ context.Context, in pipeline.Input, progress pipeline.Progress) ([]result.Document, error) {
	if string(in.Data) == "bad" {
		return nil, &pipeline.Problem{Code: "damaged", Message: "It is damaged", Remedy: "Scan it again.", Final: true}
	}
	progress(1, 1)
	return make([]result.Document, 1), nil
}

func (rooms) Results([]result.Document) ([]pipeline.File, error) {
	return []pipeline.File{{Name: "result.json", Data: []byte("{}")}}, nil
}

func (rooms) Convert([][]byte) (pipeline.Output, error) {
	return pipeline.Output{Files: []pipeline.File{{Name: "ndjson/Patient.ndjson", Data: []byte("{}\n")}}, Patients: 1}, nil
}

func (rooms) Import(context.Context, []byte) error { return nil }

func start(t *testing.T, cfg Config) *httptest.Server {
	t.Helper()
	dir := t.TempDir()
	blobs, err := blob.Open(filepath.Join(dir, "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	q, err := pipeline.Open(t.Context(), pipeline.Config{
		Path: filepath.Join(dir, "jobs.db"), Blobs: blobs, Extract: rooms{}, Convert: rooms{}, Store: rooms{}, MaxSize: 100,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := q.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	cfg.Queue = q
	s := httptest.NewServer(New(cfg))
	t.Cleanup(func() {
		s.Close()
		q.Stop(context.Background())
		q.Close()
	})
	return s
}

func call(t *testing.T, req *http.Request, want int, v any) *http.Response {
	t.Helper()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != want {
		t.Fatalf("%s %s: status %d, want %d: %s (%v)", req.Method, req.URL, res.StatusCode, want, body, err)
	}
	if b, ok := v.(*[]byte); ok {
		*b = body
	} else if v != nil {
		if err := json.Unmarshal(body, v); err != nil {
			t.Fatalf("%v in %s", err, body)
		}
	}
	return res
}

func request(method, url, body string) *http.Request {
	return httptestRequest(method, url, strings.NewReader(body))
}

func httptestRequest(method, url string, body io.Reader) *http.Request {
	req, err := http.NewRequest(method, url, body)
	if err != nil {
		panic(err)
	}
	return req
}

func TestSendFollowFetch(t *testing.T) {
	s := start(t, Config{})
	var sent Answer
	call(t, request("POST", s.URL+"/api/v1/documents?name=..%5C..%2Fa.pdf", "ink"), 200, &sent)
	if len(sent.Documents) != 1 || sent.Documents[0].Name != "a.pdf" || sent.Documents[0].Known {
		t.Fatalf("answer is %+v", sent)
	}
	at := s.URL + "/api/v1/documents/" + sent.Documents[0].ID
	var d pipeline.Document
	call(t, request("GET", at+"?wait=1m", ""), 200, &d)
	if d.State != pipeline.Done || d.Patients != 1 {
		t.Errorf("document is %+v", d)
	}
	var body []byte
	res := call(t, request("GET", at+"/files/original", ""), 200, &body)
	if string(body) != "ink" || res.Header.Get("Content-Disposition") != "attachment; filename=a.pdf" ||
		res.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("original is %q with %v", body, res.Header)
	}
	call(t, request("GET", at+"/files/ndjson/Patient.ndjson", ""), 200, &body)
	for _, path := range []string{"/files/ndjson", "/files/nothing", "/files/..%2f..%2fjobs.db", "/files/"} {
		call(t, request("GET", at+path, ""), 404, nil)
	}
	call(t, request("GET", s.URL+"/api/v1/documents/0123456789abcdef", ""), 404, nil)
	call(t, request("GET", s.URL+"/api/v1/nothing", ""), 404, nil)
	call(t, request("GET", at+"?wait=soon", ""), 400, nil)
}

func TestFormWithSeveralFiles(t *testing.T) {
	s := start(t, Config{})
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for _, name := range []string{"a.pdf", "b.pdf"} {
		w, err := form.CreateFormFile("file", name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, name)
	}
	form.Close()
	req := httptestRequest("POST", s.URL+"/api/v1/documents", &b)
	req.Header.Set("Content-Type", form.FormDataContentType())
	var sent Answer
	call(t, req, 200, &sent)
	var list struct{ Documents []pipeline.Document }
	call(t, request("GET", s.URL+"/api/v1/documents", ""), 200, &list)
	if len(sent.Documents) != 2 || len(list.Documents) != 2 {
		t.Errorf("sent %+v, listed %+v", sent, list)
	}
}

func TestFailureIsSeenAndRetried(t *testing.T) {
	s := start(t, Config{})
	var sent Answer
	call(t, request("POST", s.URL+"/api/v1/documents", "bad"), 200, &sent)
	at := s.URL + "/api/v1/documents/" + sent.Documents[0].ID
	var d pipeline.Document
	call(t, request("GET", at+"?wait=1m", ""), 200, &d)
	if d.State != pipeline.Failed || d.Problem == nil || d.Problem.Remedy != "Scan it again." {
		t.Errorf("document is %+v", d)
	}
	call(t, request("POST", at+"/retry", ""), 200, &d)
	if d.State == pipeline.Failed {
		t.Errorf("after retry it is %+v", d)
	}
}

func TestWhoIsLetIn(t *testing.T) {
	s := start(t, Config{Token: "secret", Hosts: []string{"records.example"}})
	list := s.URL + "/api/v1/documents"
	for _, c := range []struct {
		name, host, auth, origin, method string
		want                             int
	}{
		{"no token", "", "", "", "GET", 401},
		{"wrong token", "", "Bearer secre", "", "GET", 401},
		{"token", "", "Bearer secret", "", "GET", 200},
		{"foreign host", "evil.example", "Bearer secret", "", "GET", 421},
		{"own name", "records.example:8080", "Bearer secret", "", "GET", 200},
		{"another origin writes", "", "Bearer secret", "https://evil.example", "POST", 403},
	} {
		t.Run(c.name, func(t *testing.T) {
			req := request(c.method, list, "x")
			req.Host = c.host
			if c.auth != "" {
				req.Header.Set("Authorization", c.auth)
			}
			if c.origin != "" {
				req.Header.Set("Origin", c.origin)
				req.Header.Set("Sec-Fetch-Site", "cross-site")
			}
			call(t, req, c.want, nil)
		})
	}
	call(t, request("GET", s.URL+"/healthz", ""), 200, nil)
}

func TestTooLargeIs413(t *testing.T) {
	s := start(t, Config{})
	call(t, request("POST", s.URL+"/api/v1/documents", strings.Repeat("x", 101)), 413, nil)
}
