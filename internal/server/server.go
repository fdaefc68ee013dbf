// Package server is Paperchart's own HTTP API beside FHIR's: sending documents,
// following them and fetching what became of them.
//
//	POST /api/v1/documents                send files: multipart/form-data, or one as the body with ?name=
//	GET  /api/v1/documents                all documents, latest first
//	GET  /api/v1/documents/{id}           one document; ?wait=30s waits for its end
//	POST /api/v1/documents/{id}/retry     another try for one that failed
//	GET  /api/v1/documents/{id}/view      the results as people see them
//	GET  /api/v1/documents/{id}/files/…   original, result.json, bundle.json, ndjson/<Type>.ndjson
//	GET  /healthz                         200 while the server serves
//	     /fhir/R4/…                       the FHIR API
//
// Errors are {"code", "message", "remedy"}. A browser page of another origin can
// neither read nor change anything: foreign Host headers (DNS rebinding) and
// cross-origin writes are refused. Where a token is set every request but
// /healthz must carry it as a bearer token.
package server

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"mime"
	"net"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/paperchart/paperchart/internal/pipeline"
)

// Config is what a server is made of.
type Config struct {
	Queue *pipeline.Queue
	// View makes what people see of the contents of result files.
	View func(results [][]byte) (any, error)
	// FHIR serves everything below /fhir/R4; it sees the whole path.
	FHIR http.Handler
	// Token, where it is not empty, must come with every request.
	Token string
	// Hosts are the names, without ports, by which the server may be called
	// besides those of the loopback interface; any where it holds "*".
	Hosts  []string
	Logger *slog.Logger
}

// New returns the handler of the whole server.
func New(cfg Config) http.Handler {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	s := &server{cfg}
	mux := http.NewServeMux()
	mux.Handle("POST /api/v1/documents", s.json(s.send))
	mux.Handle("GET /api/v1/documents", s.json(s.list))
	mux.Handle("GET /api/v1/documents/{id}", s.json(s.get))
	mux.Handle("POST /api/v1/documents/{id}/retry", s.json(s.retry))
	mux.Handle("GET /api/v1/documents/{id}/view", s.json(s.view))
	mux.HandleFunc("GET /api/v1/documents/{id}/files/{file...}", s.file)
	mux.Handle("/api/", s.json(func(*http.Request) (any, error) { return nil, notFound }))
	if cfg.FHIR != nil {
		mux.Handle("/fhir/R4/", cfg.FHIR)
		mux.Handle("/fhir/R4", cfg.FHIR)
	}
	mux.HandleFunc("GET /{$}", index)
	guarded := http.NewCrossOriginProtection().Handler(s.authorised(mux))
	outer := http.NewServeMux()
	outer.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok\n") })
	outer.Handle("/", guarded)
	return s.ownHost(outer)
}

type server struct{ Config }

// Answer is the answer to sent files.
type Answer struct {
	Documents []Sent `json:"documents"`
}

// Sent is what became of one sent file.
type Sent struct {
	pipeline.Document
	// Known is true where the same bytes had been accepted before.
	Known bool `json:"known"`
}

var notFound = &pipeline.Problem{Code: "not-found", Message: "There is nothing at this address", Remedy: "GET /api/v1/documents lists the documents."}

func invalid(message, remedy string) error {
	return &pipeline.Problem{Code: "invalid", Message: message, Remedy: remedy}
}

// json serves what f returns, and maps its errors, in one place.
func (s *server) json(f func(*http.Request) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v, err := f(r)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		reply(w, http.StatusOK, v)
	})
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	enc.Encode(v)
}

// fail answers with an error. What is not meant for users is logged instead.
func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := pipeline.Problem{Code: "internal", Message: "The server could not do this", Remedy: "Try again; if it stays, see the server's log."}
	var known *pipeline.Problem
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &known):
		p = *known
	case errors.As(err, &tooBig):
		p = pipeline.Problem{Code: "too-large", Message: "The request is too large", Remedy: "Send fewer or smaller files at once."}
	case errors.Is(err, pipeline.ErrNotFound), errors.Is(err, fs.ErrNotExist):
		p = *notFound
	case r.Context().Err() != nil:
		return
	default:
		s.Logger.Error("request failed", "method", r.Method, "pattern", r.Pattern, "error", err)
	}
	reply(w, status(p.Code), p)
}

func status(code string) int {
	switch code {
	case "invalid":
		return http.StatusBadRequest
	case "not-found":
		return http.StatusNotFound
	case "too-large":
		return http.StatusRequestEntityTooLarge
	case "denied":
		return http.StatusUnauthorized
	case "foreign-host":
		return http.StatusMisdirectedRequest
	}
	return http.StatusInternalServerError
}

func (s *server) send(r *http.Request) (any, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		d, err := s.accept(r, fileName(r.URL.Query().Get("name")), r.Body)
		return Answer{[]Sent{d}}, err
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, invalid("The form can't be read", "Send multipart/form-data, as curl -F file=@record.pdf does.")
	}
	answer := Answer{[]Sent{}}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, invalid("The form ends before its end", "Send it again.")
		}
		if part.FileName() == "" {
			continue
		}
		d, err := s.accept(r, fileName(part.FileName()), part)
		if err != nil {
			return nil, err
		}
		answer.Documents = append(answer.Documents, d)
	}
	if len(answer.Documents) == 0 {
		return nil, invalid("The form holds no file", "Send it as curl -F file=@record.pdf does.")
	}
	return answer, nil
}

// accept takes one file. Sending a file again that failed is asking for another try.
func (s *server) accept(r *http.Request, name string, body io.Reader) (Sent, error) {
	d, known, err := s.Queue.Accept(r.Context(), name, body)
	if err == nil && known && d.State == pipeline.Failed {
		d, err = s.Queue.Retry(r.Context(), d.ID)
	}
	return Sent{d, known}, err
}

// fileName makes a harmless base name of what a client called its file.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, name)
	if name == "" || name == "." || name == ".." || name == "/" {
		return "document"
	}
	return name
}

func (s *server) list(r *http.Request) (any, error) {
	docs, err := s.Queue.Documents(r.Context())
	return map[string]any{"documents": docs}, err
}

func (s *server) get(r *http.Request) (any, error) {
	wait := r.URL.Query().Get("wait")
	if wait == "" {
		return s.Queue.Document(r.Context(), r.PathValue("id"))
	}
	most, err := time.ParseDuration(wait)
	if err != nil || most < 0 || most > 5*time.Minute {
		return nil, invalid("wait is not a time up to 5m", "Write it as wait=30s.")
	}
	return s.wait(r, most)
}

func (s *server) wait(r *http.Request, most time.Duration) (any, error) {
	ctx, cancel := context.WithTimeout(r.Context(), most)
	defer cancel()
	d, err := s.Queue.Wait(ctx, r.PathValue("id"))
	if err != nil && ctx.Err() != nil && r.Context().Err() == nil {
		return d, nil
	}
	return d, err
}

func (s *server) retry(r *http.Request) (any, error) {
	return s.Queue.Retry(r.Context(), r.PathValue("id"))
}

func (s *server) view(r *http.Request) (any, error) {
	d, err := s.Queue.Document(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	results, err := s.Queue.Results(d.ID)
	if err != nil {
		return nil, err
	}
	return s.View(results)
}

// file serves a part of a document. An original may be anything somebody sent,
// so a browser is told to keep it and not to show it.
func (s *server) file(w http.ResponseWriter, r *http.Request) {
	d, err := s.Queue.Document(r.Context(), r.PathValue("id"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	part := r.PathValue("file")
	f, err := s.Queue.Blob(d.ID, part)
	if err != nil {
		s.fail(w, r, notFound)
		return
	}
	defer f.Close()
	h := w.Header()
	h.Set("Content-Type", mediaType(part))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cache-Control", "no-store")
	if part == "original" {
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": d.Name}))
	}
	http.ServeContent(w, r, "", d.Updated, f)
}

func mediaType(part string) string {
	switch path.Ext(part) {
	case ".json":
		return "application/json; charset=utf-8"
	case ".ndjson":
		return "application/x-ndjson; charset=utf-8"
	}
	return "application/octet-stream"
}

// authorised lets through what carries the token.
func (s *server) authorised(next http.Handler) http.Handler {
	if s.Token == "" {
		return next
	}
	want := sha256.Sum256([]byte(s.Token))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		sum := sha256.Sum256([]byte(got))
		if subtle.ConstantTimeCompare(sum[:], want[:]) != 1 {
			w.Header().Set("WWW-Authenticate", `Bearer realm="paperchart"`)
			s.fail(w, r, &pipeline.Problem{Code: "denied", Message: "This needs the server's token", Remedy: "Send it as Authorization: Bearer TOKEN."})
			return
		}
		next.ServeHTTP(w, r)
	})
}

// ownHost refuses requests that came for another host: a page elsewhere may
// have pointed its own name at this machine.
func (s *server) ownHost(next http.Handler) http.Handler {
	names := map[string]bool{"localhost": true}
	for _, h := range s.Hosts {
		names[strings.ToLower(h)] = true
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		host = strings.ToLower(strings.Trim(host, "[]"))
		ip := net.ParseIP(host)
		if !names["*"] && !names[host] && (ip == nil || !ip.IsLoopback()) {
			s.fail(w, r, &pipeline.Problem{Code: "foreign-host", Message: "The server is not called by this name", Remedy: "Add the name to the setting hosts."})
			return
		}
		next.ServeHTTP(w, r)
	})
}
