package api

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/model"
	"github.com/paperchart/paperchart/internal/fhir/validate"
	"github.com/paperchart/paperchart/internal/store"
)

// validate is $validate: what is sent, or what is stored under the id.
func (a *API) validate(r *http.Request) (answer, error) {
	var data []byte
	var err error
	if r.Method == http.MethodGet {
		var res store.Resource
		res, err = a.Store.Read(r.Context(), r.PathValue("type"), r.PathValue("id"))
		data = res.Body
	} else {
		data, err = body(r)
	}
	if err != nil {
		return answer{}, err
	}
	v := a.Validator
	data, profile := unwrapped(data)
	if typ, _ := identity(data); typ != "" && typ != r.PathValue("type") {
		return answer{status: http.StatusOK, body: outcome("error", "invalid", "the resource is a "+limit(typ)+", not of the type that the address names", "")}, nil
	}
	if p := queryValue(r, "profile"); p != "" {
		profile = p
	}
	if profile != "" {
		if a.table.Profile(profile) == nil {
			return answer{}, &store.Error{Code: store.NotSupported, Message: "the profile is not known here"}
		}
		v = validate.New(a.table, validate.Options{Profiles: []string{profile}})
	}
	text, err := json.Marshal(validate.Outcome(v.Validate(r.Context(), data)))
	return answer{status: http.StatusOK, body: text}, err
}

// unwrapped takes the resource out of Parameters, if it came in those.
func unwrapped(data []byte) (resource []byte, profile string) {
	doc, err := model.Parse(data, model.Limits{})
	if err != nil || doc.Root.ResourceType() != "Parameters" || doc.Root.Get("parameter") == nil {
		return data, ""
	}
	resource = data
	for p := doc.Root.Get("parameter").First; p != nil; p = p.Next {
		switch {
		case p.Str("name") == "resource" && p.Get("resource") != nil:
			resource = model.Append(nil, p.Get("resource"))
		case p.Str("name") == "profile":
			profile = p.Str("valueUri") + p.Str("valueCanonical")
		}
	}
	return resource, profile
}

// everything is $everything of a patient or an encounter, in pages.
func (a *API) everything(typ string) handler {
	return func(r *http.Request) (answer, error) {
		of := strings.TrimSuffix(typ+"/"+r.PathValue("id"), "/")
		params, err := a.params(r)
		if err != nil {
			return answer{}, err
		}
		q := store.Query{Count: maxCount, Strict: prefers(r, "handling=strict"), Base: a.base(r)}
		var span map[string]string
		var shown []store.Param
		for _, p := range params {
			switch p.Name {
			case "_count":
				if q.Count, err = count(p.Value); err != nil {
					return answer{}, err
				}
				q.Count = max(q.Count, 1)
			case "_since":
				if _, err := instant(p.Value); err != nil {
					return answer{}, err
				}
				q.Params = append(q.Params, store.Param{Name: "_lastUpdated", Value: "ge" + strings.ReplaceAll(p.Value, " ", "+")})
			case "start", "end":
				if _, err := instant(p.Value); err != nil {
					return answer{}, err
				}
				if span == nil {
					span = map[string]string{}
				}
				span[p.Name] = p.Value
			case "_type":
				q.Types = strings.Split(p.Value, ",")
			case pageParam:
				q.After = p.Value
				continue
			default:
				if q.Strict {
					return answer{}, invalid("$everything has no such parameter here")
				}
				continue
			}
			shown = append(shown, p)
		}
		page, err := a.Store.Everything(r.Context(), of, q)
		if err != nil {
			return answer{}, err
		}
		if span != nil {
			a.within(span, &page)
		}
		page.Used = shown
		return a.searchset(r, q, "/"+of+"/$everything", page)
	}
}
