package api

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/paperchart/paperchart/internal/fault"
)

// answer is what a handler gives back.
type answer struct {
	status int
	header http.Header
	body   []byte
	kind   string // media type, FHIR's JSON where empty
	file   string // path of a file that is the body
}

const fhirJSON = "application/fhir+json; charset=utf-8"

// gzipFrom is the size from which an answer is compressed, if the client likes.
const gzipFrom = 1400

func (a *API) handle(f handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ans, err := fault.Guard(func() (answer, error) { return a.asked(w, r, f) })
		if err != nil {
			ans = a.failure(r, err)
		}
		a.send(w, r, ans)
	})
}

// asked checks what the client sends and accepts before the handler runs.
func (a *API) asked(w http.ResponseWriter, r *http.Request, f handler) (answer, error) {
	if !acceptable(r) {
		return answer{status: http.StatusNotAcceptable, body: outcome("error", "not-supported", "the server answers in application/fhir+json only", "")}, nil
	}
	if ans, ok := unsupported(r); ok {
		return ans, nil
	}
	if r.Body != http.NoBody {
		slow := &patiently{ReadCloser: r.Body, control: http.NewResponseController(w), now: time.Now, patience: a.Patience}
		r.Body = http.MaxBytesReader(w, slow, a.MaxBody)
	}
	switch encoding := strings.ToLower(r.Header.Get("Content-Encoding")); encoding {
	case "", "identity":
	default:
		return answer{status: http.StatusUnsupportedMediaType, header: http.Header{"Accept-Encoding": {"gzip"}},
			body: outcome("error", "not-supported", "the server takes bodies as they are or compressed with gzip", "")}, nil
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(r.Body)
		if err != nil {
			return answer{}, invalid("the request is not compressed as it says")
		}
		r.Body = http.MaxBytesReader(w, z, a.MaxBody)
	}
	return f(r)
}

// jsonKinds are the names under which clients ask for and send JSON.
var jsonKinds = map[string]bool{"json": true, "application/json": true, "application/fhir+json": true, "application/json+fhir": true, "text/json": true,
	"*/*": true, "application/*": true, "application/fhir+ndjson": true, "application/ndjson": true, "application/json-patch+json": true}

func acceptable(r *http.Request) bool {
	if format := queryValue(r, "_format"); format != "" {
		kind, _, _ := strings.Cut(strings.ReplaceAll(format, " ", "+"), ";")
		return jsonKinds[kind]
	}
	accept := r.Header.Get("Accept")
	if accept == "" || strings.Contains(accept, "*/*") || r.PathValue("file") != "" {
		return true
	}
	for part := range strings.SplitSeq(accept, ",") {
		kind, _, _ := strings.Cut(part, ";")
		if jsonKinds[strings.ToLower(strings.TrimSpace(kind))] {
			return true
		}
	}
	return false
}

func queryValue(r *http.Request, name string) string {
	if !strings.Contains(r.URL.RawQuery, name) {
		return ""
	}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return "" // the handler will say what is wrong with the query
	}
	return values.Get(name)
}

// unsupported refuses bodies of other kinds.
func unsupported(r *http.Request) (answer, bool) {
	sent := r.Header.Get("Content-Type")
	if sent == "" || r.Method == "GET" || r.Method == "DELETE" || r.Method == "HEAD" {
		return answer{}, false
	}
	kind, _, err := mime.ParseMediaType(sent)
	switch {
	case err == nil && jsonKinds[kind]:
		return answer{}, false
	case err == nil && kind == "application/x-www-form-urlencoded" && r.Method == "POST":
		return answer{}, false
	}
	return answer{status: http.StatusUnsupportedMediaType, body: outcome("error", "not-supported", "the server takes application/fhir+json; patches also as application/json-patch+json", "")}, true
}

func (a *API) send(w http.ResponseWriter, r *http.Request, ans answer) {
	h := w.Header()
	for k, v := range ans.header {
		h[k] = v
	}
	if ans.kind == "" {
		ans.kind = fhirJSON
	}
	if len(ans.body) > 0 {
		h.Set("Content-Type", ans.kind)
	}
	if ans.file != "" {
		a.sendFile(w, r, ans)
		return
	}
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	if len(ans.body) > 0 && ans.kind == fhirJSON && queryValue(r, "_pretty") == "true" {
		var b bytes.Buffer
		if json.Indent(&b, ans.body, "", "  ") == nil {
			ans.body = b.Bytes()
		}
	}
	if len(ans.body) >= gzipFrom && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") && h.Get("Content-Encoding") == "" {
		ans.body = zipped(ans.body)
		h.Set("Content-Encoding", "gzip")
		h.Set("Vary", "Accept-Encoding")
	}
	if ans.status != http.StatusNoContent && ans.status != http.StatusNotModified {
		h.Set("Content-Length", strconv.Itoa(len(ans.body)))
	}
	w.WriteHeader(ans.status)
	if r.Method != http.MethodHead {
		a.writeSlowly(w, ans.body)
	}
}

// sendFile sends a file as it is read.
func (a *API) sendFile(w http.ResponseWriter, r *http.Request, ans answer) {
	f, err := os.Open(ans.file)
	if err != nil {
		a.send(w, r, a.failure(r, fmt.Errorf("open file: %w", err)))
		return
	}
	defer f.Close()
	h := w.Header()
	h.Set("Content-Type", ans.kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		http.ServeContent(w, r, "", time.Time{}, f)
		return
	}
	h.Set("Content-Encoding", "gzip")
	h.Set("Vary", "Accept-Encoding")
	w.WriteHeader(ans.status)
	if r.Method == http.MethodHead {
		return
	}
	z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return // the level is a constant: this does not happen
	}
	io.Copy(z, f) // an error here is the client's going away
	z.Close()
}

func zipped(body []byte) []byte {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		return body // the level is a constant: this does not happen
	}
	z.Write(body)
	z.Close()
	return b.Bytes()
}

func body(r *http.Request) ([]byte, error) {
	data, err := readAll(r.Body, r.ContentLength)
	if err != nil {
		var tooBig *http.MaxBytesError
		if errors.As(err, &tooBig) || errors.Is(err, errSlow) || r.Context().Err() != nil {
			return nil, err
		}
		return nil, invalid("the request's body cannot be read to its end")
	}
	if len(data) == 0 {
		return nil, invalid("the request has no body")
	}
	return data, nil
}

// readAll reads a body of about so many bytes, or of unknown length where that is
// negative.
func readAll(body io.Reader, size int64) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(int(min(max(size, 0), 4<<20)) + bytes.MinRead)
	_, err := b.ReadFrom(body)
	return b.Bytes(), err
}

// prefers reports whether the Prefer header has a preference, such as
// "return=minimal".
func prefers(r *http.Request, what string) bool {
	for _, line := range r.Header.Values("Prefer") {
		for part := range strings.FieldsFuncSeq(line, func(c rune) bool { return c == ',' || c == ';' }) {
			if strings.EqualFold(strings.TrimSpace(part), what) {
				return true
			}
		}
	}
	return false
}

// base is the API's address as the client called it.
func (a *API) base(r *http.Request) string {
	scheme := "http://"
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		scheme = "https://"
	}
	return scheme + r.Host + a.Base
}
