package api

import (
	"net/http"
	"slices"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/model"
	"github.com/paperchart/paperchart/internal/store"
)

// The page sizes of a search.
const (
	defaultCount = 50
	maxCount     = 1000
)

// pageParam carries the place of the next page in its link.
const pageParam = "_page"

func (a *API) search(r *http.Request) (answer, error) {
	typ := r.PathValue("type")
	return a.find(r, store.Query{Type: typ}, "/"+typ)
}

// searchAll searches all types, or those of _type.
func (a *API) searchAll(r *http.Request) (answer, error) {
	return a.find(r, store.Query{}, "")
}

// compartment searches what belongs to a patient, encounter and so on: of one
// type, or of all by "*".
func (a *API) compartment(r *http.Request) (answer, error) {
	of, inner := r.PathValue("type")+"/"+r.PathValue("id"), r.PathValue("inner")
	if strings.HasPrefix(inner, "$") || strings.HasPrefix(inner, "_") {
		return answer{}, errNoOperation
	}
	q := store.Query{Type: inner, Compartment: of}
	if inner == "*" {
		q.Type = ""
	}
	return a.find(r, q, "/"+of+"/"+inner)
}

// find answers a search; path is its address below the base.
func (a *API) find(r *http.Request, q store.Query, path string) (answer, error) {
	params, err := a.params(r)
	if err != nil {
		return answer{}, err
	}
	if err := a.query(r, params, &q); err != nil {
		return answer{}, err
	}
	page, err := a.stored(r, q)
	if err != nil {
		return answer{}, err
	}
	return a.searchset(r, q, path, page)
}

// params are those of the query, and of the form of a POST.
func (a *API) params(r *http.Request) ([]store.Param, error) {
	params, err := store.ParseQuery(r.URL.RawQuery)
	if err != nil || r.Method != http.MethodPost || r.ContentLength == 0 {
		return params, err
	}
	sent, err := body(r)
	if err != nil && len(sent) == 0 {
		return params, nil // an empty form, sent in chunks
	}
	if !form(r) && sent[0] == '{' {
		return sentParams(params, sent)
	}
	more, err := store.ParseQuery(string(sent))
	return append(params, more...), err
}

// sentParams adds what a Parameters resource has.
func sentParams(params []store.Param, sent []byte) ([]store.Param, error) {
	err := eachParameter(sent, func(name string, value *model.Node) {
		if value.Kind != model.Object && value.Kind != model.Array {
			params = append(params, store.Param{Name: name, Value: value.Text})
		}
	})
	return params, err
}

// query takes out what is about the answer and not about the resources.
func (a *API) query(r *http.Request, params []store.Param, q *store.Query) error {
	q.Count, q.Strict, q.Base = defaultCount, prefers(r, "handling=strict"), a.base(r)
	for _, p := range params {
		switch p.Name {
		case pageParam:
			q.After = p.Value
			continue
		case "_count":
			n, err := count(p.Value)
			if err != nil {
				return err
			}
			q.Count = n
		case "_total":
			if p.Value != "none" && p.Value != "estimate" && p.Value != "accurate" {
				return invalid("_total is none, estimate or accurate")
			}
			q.Total = p.Value != "none"
		case "_summary":
			if !summaries[p.Value] {
				return invalid("_summary is true, text, data, count or false")
			}
			if p.Value == "count" {
				q.Total, q.Count = true, 0
			}
		}
		q.Params = append(q.Params, p)
	}
	if q.Count == 0 {
		q.Total = true
	}
	return nil
}

// searchset is the Bundle of a page. What was not understood is missing from its
// self link, which is how a client can tell.
func (a *API) searchset(r *http.Request, q store.Query, path string, page store.Page) (answer, error) {
	base := a.base(r)
	links := [][2]string{{"self", base + path + encode(page.Used)}}
	if page.Next != "" {
		next := append(page.Used[:len(page.Used):len(page.Used)], store.Param{Name: pageParam, Value: page.Next})
		links = append(links, [2]string{"next", base + path + encode(next)})
	}
	if q.After != "" {
		links = append(links, [2]string{"first", base + path + encode(page.Used)})
	}
	b := newBundle("searchset")
	switch {
	case page.Total >= 0:
		b.total(page.Total)
	case page.Next == "" && q.After == "":
		b.total(len(page.Resources)) // all of them are here
	}
	b.links(links)
	view, err := a.viewOf(page.Used)
	if err != nil {
		return answer{}, err
	}
	if view.summary == "text" && slices.ContainsFunc(page.Used, func(p store.Param) bool { return strings.Contains(p.Name, "include") }) {
		return answer{}, invalid("_summary=text goes with no _include and _revinclude")
	}
	for i, res := range append(page.Resources[:len(page.Resources):len(page.Resources)], page.Included...) {
		mode := "match"
		if i >= len(page.Resources) {
			mode = "include"
			view.elements = nil // R4: _elements is about the matches
		}
		text, err := view.of(res)
		if err != nil {
			return answer{}, err
		}
		b.entry(base+"/"+res.Type+"/"+res.ID, text, `"search":{"mode":"`+mode+`"}`)
	}
	if len(page.Ignored) > 0 && len(page.Resources) > 0 {
		names := ""
		for _, p := range page.Ignored {
			if p.Value != "" {
				names += " " + p.Name
			}
		}
		if names != "" {
			b.entry("", outcome("warning", "not-supported", "parameters that are not known here were left out:"+limit(names), ""), `"search":{"mode":"outcome"}`)
		}
	}
	return answer{status: http.StatusOK, body: b.bytes()}, nil
}

func limit(s string) string {
	if len(s) > 200 {
		return strings.ToValidUTF8(s[:200], "") + "…"
	}
	return s
}
