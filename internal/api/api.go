// Package api is the FHIR R4 REST API over a store (R4 http.html).
//
//	GET    metadata
//	GET    Type?…            POST Type/_search     search
//	POST   Type              If-None-Exist: …      create
//	GET    Type/id           PUT, DELETE           read, update, delete
//	GET    Type/id/_history  …/_history/version    versions
//	POST   (base)                                  transaction and batch
//
// Every error is an OperationOutcome. Nothing of a request's content is logged.
package api

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/model"
	"github.com/paperchart/paperchart/internal/store"
)

// Config is what an API is made of.
type Config struct {
	Store *store.Store
	// Base is the path below which the API is served; "/fhir/R4" where empty.
	Base string
	// Software and Version name the program in the CapabilityStatement.
	Software, Version string
	// MaxBody is the most bytes of a request's body; 64 MiB where 0.
	MaxBody int64
	Logger  *slog.Logger
}

// New returns the API's handler.
func New(cfg Config) (http.Handler, error) {
	if cfg.Base == "" {
		cfg.Base = "/fhir/R4"
	}
	if cfg.MaxBody == 0 {
		cfg.MaxBody = 64 << 20
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	table, err := definition.Load()
	if err != nil {
		return nil, err
	}
	a := &api{Config: cfg, table: table}
	mux := http.NewServeMux()
	route := func(method, path string, f func(*http.Request) (answer, error)) {
		mux.Handle(method+" "+cfg.Base+path, a.handle(f))
	}
	route("GET", "/metadata", a.metadata)
	route("POST", "/{$}", a.bundle)
	route("POST", "", a.bundle)
	route("GET", "/{type}", a.search)
	route("POST", "/{type}/_search", a.search)
	route("POST", "/{type}", a.create)
	route("GET", "/{type}/{id}", a.read)
	route("PUT", "/{type}/{id}", a.update)
	route("DELETE", "/{type}/{id}", a.remove)
	route("GET", "/{type}/{id}/_history", a.history)
	route("GET", "/{type}/{id}/_history/{version}", a.vread)
	mux.Handle(cfg.Base+"/", a.handle(func(r *http.Request) (answer, error) {
		return answer{}, &store.Error{Code: store.NotFound, Message: "there is nothing at this address"}
	}))
	return mux, nil
}

type api struct {
	Config
	table *definition.Table
}

// answer is what a handler gives back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a *api) handle(f func(*http.Request) (answer, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, a.MaxBody)
		ans, err := f(r)
		if err != nil {
			ans = a.failure(r, err)
		}
		h := w.Header()
		for k, v := range ans.header {
			h[k] = v
		}
		h.Set("Content-Type", "application/fhir+json; charset=utf-8")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		w.WriteHeader(ans.status)
		w.Write(ans.body)
	})
}

// failure makes an OperationOutcome of an error, in one place.
func (a *api) failure(r *http.Request, err error) answer {
	var refusal *store.Error
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &refusal):
		status, code := statusOf(refusal.Code)
		return answer{status: status, body: outcome("error", code, refusal.Message, refusal.Expression)}
	case errors.As(err, &tooBig):
		return answer{status: http.StatusRequestEntityTooLarge, body: outcome("error", "too-long", "the request is larger than the server takes", "")}
	case r.Context().Err() != nil:
		return answer{status: 499, body: outcome("error", "timeout", "the client went away", "")}
	}
	a.Logger.Error("FHIR request failed", "method", r.Method, "pattern", r.Pattern, "error", err)
	return answer{status: http.StatusInternalServerError, body: outcome("fatal", "exception", "the server could not do this; see its log", "")}
}

func statusOf(c store.Code) (int, string) {
	switch c {
	case store.NotFound:
		return http.StatusNotFound, "not-found"
	case store.Gone:
		return http.StatusGone, "deleted"
	case store.Conflict:
		return http.StatusConflict, "conflict"
	case store.PreconditionFailed:
		return http.StatusPreconditionFailed, "conflict"
	}
	return http.StatusBadRequest, "invalid"
}

func outcome(severity, code, text, expression string) []byte {
	b := []byte(`{"resourceType":"OperationOutcome","issue":[{"severity":"` + severity + `","code":"` + code + `","details":{"text":`)
	b = model.AppendString(b, text)
	b = append(b, '}')
	if expression != "" {
		b = append(b, `,"expression":[`...)
		b = model.AppendString(b, expression)
		b = append(b, ']')
	}
	return append(b, `}]}`...)
}

func body(r *http.Request) ([]byte, error) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if len(data) == 0 {
		return nil, &store.Error{Code: store.Invalid, Message: "the request has no body"}
	}
	return data, nil
}

func (a *api) read(r *http.Request) (answer, error) {
	res, err := a.Store.Read(r.Context(), r.PathValue("type"), r.PathValue("id"))
	return a.whole(r, http.StatusOK, res), err
}

func (a *api) vread(r *http.Request) (answer, error) {
	version, err := strconv.ParseInt(r.PathValue("version"), 10, 64)
	if err != nil {
		return answer{}, &store.Error{Code: store.NotFound, Message: "there is no such version"}
	}
	res, err := a.Store.VRead(r.Context(), r.PathValue("type"), r.PathValue("id"), version)
	return a.whole(r, http.StatusOK, res), err
}

// whole is an answer with one resource and its version in the headers.
func (a *api) whole(r *http.Request, status int, res store.Resource) answer {
	h := http.Header{"Etag": {etag(res.Version)}, "Last-Modified": {res.Updated.UTC().Format(http.TimeFormat)}}
	if r.Method == http.MethodGet && r.Header.Get("If-None-Match") == etag(res.Version) {
		return answer{status: http.StatusNotModified, header: h}
	}
	if r.Method != http.MethodGet {
		h.Set("Location", a.base(r)+"/"+res.Type+"/"+res.ID+"/_history/"+strconv.FormatInt(res.Version, 10))
		if strings.Contains(r.Header.Get("Prefer"), "return=minimal") {
			return answer{status: status, header: h}
		}
	}
	return answer{status: status, header: h, body: res.Body}
}

func etag(version int64) string { return `W/"` + strconv.FormatInt(version, 10) + `"` }

// ifMatch is the version in If-Match, 0 where there is none.
func ifMatch(r *http.Request) (int64, error) {
	v := r.Header.Get("If-Match")
	if v == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(strings.Trim(strings.TrimPrefix(v, "W/"), `"`), 10, 64)
	if err != nil || n <= 0 {
		return 0, &store.Error{Code: store.Invalid, Message: `If-Match is not W/"version"`}
	}
	return n, nil
}

func (a *api) create(r *http.Request) (answer, error) {
	data, err := body(r)
	if err != nil {
		return answer{}, err
	}
	return a.write(r, store.Op{Method: "POST", Type: r.PathValue("type"), Body: data, IfNoneExist: r.Header.Get("If-None-Exist")})
}

func (a *api) update(r *http.Request) (answer, error) {
	data, err := body(r)
	if err != nil {
		return answer{}, err
	}
	version, err := ifMatch(r)
	if err != nil {
		return answer{}, err
	}
	return a.write(r, store.Op{Method: "PUT", Type: r.PathValue("type"), ID: r.PathValue("id"), Body: data, IfMatch: version})
}

func (a *api) remove(r *http.Request) (answer, error) {
	version, err := ifMatch(r)
	if err != nil {
		return answer{}, err
	}
	_, err = a.Store.Do(r.Context(), []store.Op{{Method: "DELETE", Type: r.PathValue("type"), ID: r.PathValue("id"), IfMatch: version}})
	return answer{status: http.StatusNoContent}, err
}

func (a *api) write(r *http.Request, op store.Op) (answer, error) {
	done, err := a.Store.Do(r.Context(), []store.Op{op})
	if err != nil {
		return answer{}, err
	}
	status := http.StatusOK
	if done[0].Created {
		status = http.StatusCreated
	}
	return a.whole(r, status, done[0].Resource), nil
}

// base is the API's address as the client called it.
func (a *api) base(r *http.Request) string {
	scheme := "http://"
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		scheme = "https://"
	}
	return scheme + r.Host + a.Base
}
