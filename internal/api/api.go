// Package api is the FHIR R4 REST API over a store (R4 http.html).
//
// What it offers stands in the tables of routes.go, from which both the routing
// and the CapabilityStatement are made. Every error is an OperationOutcome; what
// a request asks for wrongly is a 4xx. Nothing of a request's content is logged.
//
// Left out: XML, subscriptions, GraphQL, and search modifiers that need a
// terminology server; those are refused with the code not-supported.
package api

import (
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/fhirpath"
	"github.com/paperchart/paperchart/internal/fhir/model"
	"github.com/paperchart/paperchart/internal/fhir/validate"
	"github.com/paperchart/paperchart/internal/store"
	"github.com/paperchart/paperchart/internal/terms"
)

// Config is what an API is made of.
type Config struct {
	Store *store.Store
	// Base is the path below which the API is served; "/fhir/R4" where empty.
	Base string
	// Software and Version name the program in the CapabilityStatement.
	Software, Version string
	// MaxBody is the most bytes of a request's body, after decompression; 64 MiB
	// where 0.
	MaxBody int64
	// MaxEntries is the most entries of a batch or transaction; 10,000 where 0.
	MaxEntries int
	// Patience is how long a client may take for a request or a large answer, and
	// for each 4 KiB of it a second more; 30 s where 0.
	Patience time.Duration
	// Validator checks what is written; a strict one where nil.
	Validator *validate.Validator
	// Definitions are conformance resources in JSON that can be read and searched
	// without being stored.
	Definitions [][]byte
	// DeleteSeveral lets a conditional delete remove all that its condition finds;
	// where false, one that finds several is refused.
	DeleteSeveral bool
	// AnyReference lets what is written refer to resources of this store that are
	// not there; where false, that is refused but in an import, or where the client
	// asks for handling=lenient.
	AnyReference bool
	// Terms are the vocabularies that the terminology operations ask; where nil,
	// those know HL7's own code systems only.
	Terms *terms.Set
	// Now is the clock; time.Now where nil.
	Now func() time.Time
	// Files is the folder of the bulk jobs, this API's alone; where empty, they
	// are kept in the system's temporary folder and end with the process.
	Files  string
	Logger *slog.Logger
}

// New returns the API, which goes on with the bulk jobs that are in its folder.
// Close it before the store.
func New(cfg Config) (*API, error) {
	temporary := ""
	if cfg.Base == "" {
		cfg.Base = "/fhir/R4"
	}
	if cfg.MaxBody == 0 {
		cfg.MaxBody = 64 << 20
	}
	if cfg.MaxEntries == 0 {
		cfg.MaxEntries = 10000
	}
	if cfg.Files == "" {
		cfg.Files = filepath.Join(os.TempDir(), "fhir-bulk-"+strings.ToLower(rand.Text()))
		temporary = cfg.Files
	}
	if cfg.Patience == 0 {
		cfg.Patience = 30 * time.Second
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	table, err := definition.Load()
	if err != nil {
		return nil, err
	}
	if cfg.Validator == nil {
		cfg.Validator = validate.New(table, validate.Options{})
	}
	a := &API{Config: cfg, table: table, engine: fhirpath.New(table), bulk: newBulk(), gate: newGate(), temporary: temporary}
	a.builtins = sync.OnceValues(func() (builtins, error) { return newBuiltins(table, cfg.Definitions) })
	a.router = newRouter(a)
	return a, a.resume()
}

// API is the FHIR API over a store. It is an http.Handler.
type API struct {
	Config
	table  *definition.Table
	engine *fhirpath.Engine
	router *router
	bulk   *bulk
	gate   *gate

	builtins  func() (builtins, error) // made when first asked for
	temporary string                   // folder to remove in the end
}

// ServeHTTP implements http.Handler.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.router.ServeHTTP(w, r) }

type handler func(*http.Request) (answer, error)

// failure makes an OperationOutcome of an error of a request.
func (a *API) failure(r *http.Request, err error) answer {
	if r.Context().Err() != nil && !errors.Is(err, errSlow) {
		return answer{status: 499, body: outcome("error", "timeout", "the client went away", "")}
	}
	return a.failed(r.Method, r.Pattern, err)
}

// failed makes an OperationOutcome of an error, in one place. kind and name are
// for the log.
func (a *API) failed(kind, name string, err error) answer {
	var refusal *store.Error
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &refusal):
		status, code := statusOf(refusal.Code)
		if refusal.Outcome != nil {
			return answer{status: status, body: refusal.Outcome}
		}
		return answer{status: status, body: outcome("error", code, refusal.Message, refusal.Expression)}
	case errors.Is(err, errSlow):
		return answer{status: http.StatusRequestTimeout, header: http.Header{"Connection": {"close"}},
			body: outcome("error", "timeout", "the request came too slowly; send it again", "")}
	case errors.As(err, &tooBig):
		return answer{status: http.StatusRequestEntityTooLarge, body: outcome("error", "too-long", "the request is larger than the server takes", "")}
	}
	a.Logger.Error("FHIR request failed", "kind", kind, "name", name, "error", err)
	return answer{status: http.StatusInternalServerError, body: outcome("fatal", "exception", "the server could not do this; see its log", "")}
}

// statuses maps the store's codes to HTTP and to FHIR's IssueType.
var statuses = map[store.Code]struct {
	status int
	issue  string
}{
	store.Invalid:            {http.StatusBadRequest, "invalid"},
	store.NotFound:           {http.StatusNotFound, "not-found"},
	store.Gone:               {http.StatusGone, "deleted"},
	store.Conflict:           {http.StatusConflict, "conflict"},
	store.PreconditionFailed: {http.StatusPreconditionFailed, "conflict"},
	store.NotSupported:       {http.StatusBadRequest, "not-supported"},
	store.TooCostly:          {http.StatusBadRequest, "too-costly"},
	store.Full:               {http.StatusInsufficientStorage, "no-store"},
	store.Unprocessable:      {http.StatusUnprocessableEntity, "processing"},
}

func statusOf(c store.Code) (int, string) {
	if s, ok := statuses[c]; ok {
		return s.status, s.issue
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

func invalid(text string) error { return &store.Error{Code: store.Invalid, Message: text} }
