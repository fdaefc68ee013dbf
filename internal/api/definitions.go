package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/store"
)

// builtins are the resources that the server has without their being stored: the
// search parameters that it knows, and Config.Definitions. They can be read, and
// found by what programs look definitions up by; a stored resource of the same id
// hides one, and histories and exports do not have them.
type builtins map[string][]builtin // by type, sorted by id

type builtin struct {
	store.Resource
	fields map[string]any
}

// builtinTypes are the types that a builtin may have.
var builtinTypes = map[string]bool{"SearchParameter": true, "StructureDefinition": true, "CodeSystem": true, "ValueSet": true}

// definitionsDate is when the built-in resources were last changed.
var definitionsDate = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)

func newBuiltins(table *definition.Table, given [][]byte) (builtins, error) {
	b := builtins{}
	seen := map[string]bool{}
	for _, typ := range table.Resources() {
		for _, p := range table.SearchParams(typ) {
			if src := table.SearchByURL(p.URL); src != nil && !seen[p.URL] {
				seen[p.URL] = true
				data, err := json.Marshal(searchParameter(table, src))
				if err == nil {
					err = b.add(data)
				}
				if err != nil {
					return nil, err
				}
			}
		}
	}
	for _, data := range given {
		if err := b.add(data); err != nil {
			return nil, err
		}
	}
	for _, list := range b {
		slices.SortFunc(list, func(x, y builtin) int { return strings.Compare(x.ID, y.ID) })
	}
	return b, nil
}

func (b builtins) add(data []byte) error {
	var one builtin
	var body bytes.Buffer
	if err := errors.Join(json.Compact(&body, data), json.Unmarshal(data, &one.fields)); err != nil {
		return fmt.Errorf("read definition: %w", err)
	}
	typ, id := fmt.Sprint(one.fields["resourceType"]), fmt.Sprint(one.fields["id"])
	one.Resource = store.Resource{Type: typ, ID: id, Version: 1, Updated: definitionsDate, Body: body.Bytes()}
	b[typ] = append(b[typ], one)
	return nil
}

// searchParameterResource has the specification's order.
type searchParameterResource struct {
	ResourceType string   `json:"resourceType"`
	ID           string   `json:"id"`
	URL          string   `json:"url"`
	Version      string   `json:"version"`
	Name         string   `json:"name"`
	Status       string   `json:"status"`
	Description  string   `json:"description"`
	Code         string   `json:"code"`
	Base         []string `json:"base"`
	Type         string   `json:"type"`
	Expression   string   `json:"expression,omitempty"`
	Target       []string `json:"target,omitempty"`
	Comparator   []string `json:"comparator,omitempty"`
	Modifier     []string `json:"modifier,omitempty"`
	Component    []object `json:"component,omitempty"`
}

// searchParameter is a search parameter as a resource.
func searchParameter(table *definition.Table, p *definition.SourceSearch) searchParameterResource {
	id := p.URL[strings.LastIndexByte(p.URL, '/')+1:]
	out := searchParameterResource{
		ResourceType: "SearchParameter", ID: id[max(0, len(id)-64):], // the longest that an id may be
		URL: p.URL, Version: "4.0.1", Name: p.Code, Status: "active", Description: "Search by " + p.Code + ".", Code: p.Code, Base: p.Base,
		Type: p.Type, Expression: p.Expression, Target: p.Targets, Comparator: p.Comparators, Modifier: p.Modifiers,
	}
	for _, c := range p.Components {
		if of := table.SearchParam(p.Base[0], c.Code); of != nil {
			out.Component = append(out.Component, object{"definition": of.URL, "expression": c.Expression})
		}
	}
	return out
}

// builtin is a built-in resource by its id.
func (a *API) builtin(typ, id string) (store.Resource, bool, error) {
	if !builtinTypes[typ] {
		return store.Resource{}, false, nil
	}
	b, err := a.builtins()
	if err != nil {
		return store.Resource{}, false, err
	}
	i, found := slices.BinarySearchFunc(b[typ], id, func(x builtin, id string) int { return strings.Compare(x.ID, id) })
	if !found {
		return store.Resource{}, false, nil
	}
	return b[typ][i].Resource, true, nil
}

// aside are parameters that are about the answer, not about what is found.
var aside = []string{"_count", "_total", "_summary", "_elements", "_format", "_pretty", "_sort", "_include", "_revinclude"}

// matching are the built-in resources that a search finds; none where it asks for
// what only stored resources can be asked.
func (b builtins) matching(typ string, params []store.Param) []store.Resource {
	var all []store.Resource
	for _, one := range b[typ] {
		ok := true
		for _, p := range params {
			ok = ok && (slices.Contains(aside, p.Name) || one.has(p))
		}
		if ok {
			all = append(all, one.Resource)
		}
	}
	return all
}

func (one builtin) has(p store.Param) bool {
	name := p.Name
	if name == "_id" {
		name = "id"
	}
	switch name {
	case "id", "url", "version", "code", "base", "type", "name", "status", "kind", "derivation":
	default:
		return false
	}
	for want := range strings.SplitSeq(p.Value, ",") {
		switch v := one.fields[name].(type) {
		case string:
			if v == want || name == "name" && len(v) >= len(want) && strings.EqualFold(v[:len(want)], want) || name != "url" && strings.HasSuffix(want, "|"+v) {
				return true
			}
		case []any:
			if slices.Contains(v, any(want)) {
				return true
			}
		}
	}
	return false
}

// builtinPage begins the place of a page that has only built-in resources.
const builtinPage = "d"

// stored searches the store, and the built-in resources after it.
func (a *API) stored(r *http.Request, q store.Query) (store.Page, error) {
	from, after := 0, q.After
	if n, ok := strings.CutPrefix(after, builtinPage); ok {
		var err error
		if from, err = strconv.Atoi(n); err != nil || from < 0 {
			return store.Page{}, invalid("the page's place cannot be read")
		}
		q.After = ""
	}
	page, err := a.Store.Search(r.Context(), q)
	if err != nil || q.Compartment != "" || !builtinTypes[q.Type] {
		return page, err
	}
	all, err := a.builtins()
	if err != nil {
		return page, err
	}
	found := all.matching(q.Type, page.Used)
	if page.Total >= 0 {
		page.Total += len(found)
	}
	if q.After != after {
		page.Resources, page.Included, page.Next = nil, nil, ""
	}
	if room := q.Count - len(page.Resources); page.Next == "" {
		found = found[min(from, len(found)):]
		shown := min(max(room, 0), len(found))
		page.Resources = append(page.Resources, found[:shown]...)
		if shown < len(found) && q.Count > 0 {
			page.Next = builtinPage + strconv.Itoa(from+shown)
		}
	}
	return page, nil
}
