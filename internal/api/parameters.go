package api

import (
	"encoding/json"
	"mime"
	"net/http"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/model"
	"github.com/paperchart/paperchart/internal/store"
)

// given are the parameters of an operation, from the query, from a form, or from
// a Parameters resource.
type given map[string]*model.Node

// operationParams reads what an operation is given. A parameter that comes twice
// counts once, the last.
func (a *API) operationParams(r *http.Request) (given, error) {
	out := given{}
	keep := func(params []store.Param) {
		for _, p := range params {
			out[p.Name] = &model.Node{Kind: model.String, Text: p.Value}
		}
	}
	params, err := store.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, err
	}
	keep(params)
	if r.Method != http.MethodPost || r.ContentLength == 0 {
		return out, nil
	}
	data, err := body(r)
	if err != nil {
		return nil, err
	}
	if form(r) {
		params, err := store.ParseQuery(string(data))
		keep(params)
		return out, err
	}
	return out, out.read(data)
}

func form(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "application/x-www-form-urlencoded"
}

func (g given) read(data []byte) error {
	return eachParameter(data, func(name string, value *model.Node) { g[name] = value })
}

// eachParameter gives the parameters of a Parameters resource that have a value or
// a resource.
func eachParameter(data []byte, f func(name string, value *model.Node)) error {
	doc, err := model.Parse(data, model.Limits{})
	if err != nil {
		return invalid("the body is no good JSON: " + err.Error())
	}
	if doc.Root.ResourceType() != "Parameters" {
		return invalid("the body of an operation is a Parameters resource")
	}
	list := doc.Root.Get("parameter")
	if list == nil || list.Kind != model.Array {
		return nil
	}
	for p := list.First; p != nil; p = p.Next {
		for c := p.First; c != nil; c = c.Next {
			if c.Name == "resource" || strings.HasPrefix(c.Name, "value") {
				f(p.Str("name"), c)
			}
		}
	}
	return nil
}

// text is a parameter that is a string, code, uri, number or the like.
func (g given) text(name string) string {
	if n := g[name]; n != nil && n.Kind != model.Object && n.Kind != model.Array {
		return n.Text
	}
	return ""
}

// part is a parameter that is a resource or a data type, nil where there is none.
func (g given) part(name string) *model.Node {
	if n := g[name]; n != nil && n.Kind == model.Object {
		return n
	}
	return nil
}

// parameters makes a Parameters resource.
type parameters []object

func (p *parameters) add(name, kind string, value any) {
	if value != "" {
		*p = append(*p, object{"name": name, "value" + kind: value})
	}
}

func (p parameters) answer() (answer, error) {
	// A Parameters resource has only these members, so the order is as it is.
	body, err := json.Marshal(struct {
		ResourceType string     `json:"resourceType"`
		Parameter    parameters `json:"parameter,omitempty"`
	}{"Parameters", p})
	return answer{status: http.StatusOK, body: body}, err
}
