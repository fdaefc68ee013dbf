package api

import (
	"net/http"
	"slices"
	"strings"

	"github.com/paperchart/paperchart/internal/store"
)

// router finds the route of a request. (The standard mux refuses tables like
// FHIR's, where {type}/{id}/_history/{version} and {type}/{id}/{inner}/_search
// meet.) A literal step wins over a named one, from the left.
type router struct {
	a     *API
	paths []path
}

var errNoOperation = &store.Error{Code: store.NotFound, Message: "there is no such operation here; the CapabilityStatement at metadata lists them"}

// path is one address with its methods.
type path struct {
	pattern  string
	steps    []string
	handlers map[string]handler
	allow    string
}

func newRouter(a *API) *router {
	byPattern := map[string]*path{}
	for _, r := range a.routes() {
		pattern := strings.TrimSuffix(r.path, "/{$}")
		p := byPattern[pattern]
		if p == nil {
			p = &path{pattern: pattern, steps: split(pattern), handlers: map[string]handler{}}
			byPattern[pattern] = p
		}
		p.handlers[r.method] = r.handler
	}
	out := &router{a: a}
	for _, p := range byPattern {
		methods := []string{"OPTIONS"}
		for m := range p.handlers {
			methods = append(methods, m)
		}
		slices.Sort(methods)
		p.allow = strings.Join(methods, ", ")
		out.paths = append(out.paths, *p)
	}
	slices.SortFunc(out.paths, func(a, b path) int { return strings.Compare(order(a.steps), order(b.steps)) })
	return out
}

func split(path string) []string {
	if path = strings.Trim(path, "/"); path == "" {
		return nil
	}
	return strings.Split(path, "/")
}

// order sorts literal steps before named ones.
func order(steps []string) string {
	var b strings.Builder
	for _, s := range steps {
		b.WriteByte("01"[strings.Count(s, "{")])
	}
	return b.String()
}

// ServeHTTP implements http.Handler.
func (t *router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rest, below := strings.CutPrefix(r.URL.Path, t.a.Base)
	steps := split(rest)
	for i := range t.paths {
		if p := &t.paths[i]; below && p.takes(steps, r) {
			r.Pattern = p.pattern
			t.a.handle(p.handler(r.Method)).ServeHTTP(w, r)
			return
		}
	}
	if i := strings.LastIndex(r.URL.Path, "/$"); i >= 0 {
		t.a.handle(func(*http.Request) (answer, error) { return answer{}, errNoOperation }).ServeHTTP(w, r)
		return
	}
	t.a.handle(func(*http.Request) (answer, error) {
		return answer{}, &store.Error{Code: store.NotFound, Message: "there is nothing at this address"}
	}).ServeHTTP(w, r)
}

// takes reports whether the path is meant, and gives the request its values.
func (p *path) takes(steps []string, r *http.Request) bool {
	if len(steps) != len(p.steps) {
		return false
	}
	for i, s := range p.steps {
		if s[0] != '{' && s != steps[i] || s[0] == '{' && strings.HasPrefix(steps[i], "$") {
			return false
		}
	}
	for i, s := range p.steps {
		if s[0] == '{' {
			r.SetPathValue(s[1:len(s)-1], steps[i])
		}
	}
	return true
}

func (p *path) handler(method string) handler {
	if method == http.MethodHead {
		method = http.MethodGet
	}
	if h := p.handlers[method]; h != nil {
		return h
	}
	return func(*http.Request) (answer, error) {
		h := http.Header{"Allow": {p.allow}}
		if method == http.MethodOptions {
			return answer{status: http.StatusNoContent, header: h}, nil
		}
		return answer{status: http.StatusMethodNotAllowed, header: h, body: outcome("error", "not-supported", "this address does not take the method; it takes "+p.allow, "")}, nil
	}
}

var _ http.Handler = (*router)(nil)
