package api

import (
	"encoding/json"
	"net/http"

	"github.com/paperchart/paperchart/internal/store"
)

// meta is $meta: the meta of a resource or of a version.
func (a *API) meta(r *http.Request) (answer, error) {
	var res store.Resource
	var err error
	if r.PathValue("version") != "" {
		res, err = a.version(r)
	} else {
		res, err = a.Store.Read(r.Context(), r.PathValue("type"), r.PathValue("id"))
	}
	if err != nil {
		return answer{}, err
	}
	return metaAnswer(res)
}

func metaAnswer(res store.Resource) (answer, error) {
	var held struct {
		Meta json.RawMessage `json:"meta"`
	}
	if err := json.Unmarshal(res.Body, &held); err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, body: []byte(`{"resourceType":"Parameters","parameter":[{"name":"return","valueMeta":` + string(held.Meta) + `}]}`)}, nil
}

// metaOfAll is $meta of a type or of everything: what labels are in use.
func (a *API) metaOfAll(r *http.Request) (answer, error) {
	types := a.table.Resources()
	if typ := r.PathValue("type"); typ != "" {
		if a.table.Resource(typ) == nil {
			return answer{}, &store.Error{Code: store.NotFound, Message: "there is no such resource type"}
		}
		types = []string{typ}
	}
	labels, err := a.Store.Labels(r.Context(), types)
	if err != nil {
		return answer{}, err
	}
	meta := object{}
	if labels.Profiles != nil {
		meta["profile"] = labels.Profiles
	}
	for name, codings := range map[string][]store.Coding{"security": labels.Security, "tag": labels.Tags} {
		var all []object
		for _, c := range codings {
			one := object{"code": c.Code}
			if c.System != "" {
				one["system"] = c.System
			}
			all = append(all, one)
		}
		if all != nil {
			meta[name] = all
		}
	}
	if len(meta) == 0 {
		return a.made(object{"resourceType": "Parameters"})
	}
	return a.made(object{"resourceType": "Parameters", "parameter": []object{{"name": "return", "valueMeta": meta}}})
}

func (a *API) metaAdd(r *http.Request) (answer, error) {
	return a.metaChange(r, func(old, given []any) []any {
		return append(without(old, given), given...)
	})
}

func (a *API) metaDelete(r *http.Request) (answer, error) {
	return a.metaChange(r, without)
}

// metaChange changes the lists of meta: profiles, tags and security labels.
func (a *API) metaChange(r *http.Request, change func(old, given []any) []any) (answer, error) {
	data, err := body(r)
	if err != nil {
		return answer{}, err
	}
	given, err := metaParameter(data)
	if err != nil {
		return answer{}, err
	}
	done, err := a.Store.Do(r.Context(), []store.Op{{Method: "PATCH", Type: r.PathValue("type"), ID: r.PathValue("id"),
		Change: a.checked(r, func(current []byte) ([]byte, error) {
			root, err := decode(current)
			if err != nil {
				return nil, err
			}
			resource := root.(map[string]any) // stored resources are objects
			meta, _ := resource["meta"].(map[string]any)
			for _, name := range []string{"profile", "tag", "security"} {
				listed, _ := given[name].([]any)
				old, _ := meta[name].([]any)
				if next := change(old, listed); len(next) > 0 {
					meta[name] = next
				} else {
					delete(meta, name)
				}
			}
			return json.Marshal(resource)
		})}})
	if err != nil {
		return answer{}, err
	}
	return metaAnswer(done[0].Resource)
}

func metaParameter(data []byte) (map[string]any, error) {
	root, err := decode(data)
	params, ok := root.(map[string]any)
	if err == nil && ok && params["resourceType"] == "Parameters" {
		list, _ := params["parameter"].([]any)
		for _, p := range list {
			param, _ := p.(map[string]any)
			if meta, ok := param["valueMeta"].(map[string]any); ok && param["name"] == "meta" {
				return meta, nil
			}
		}
	}
	return nil, invalid("the body is Parameters with a valueMeta named meta")
}

// without leaves out of a list what is in another: codings by system and code,
// profiles by their URL.
func without(list, gone []any) []any {
	key := func(v any) [2]any {
		if coding, ok := v.(map[string]any); ok {
			return [2]any{coding["system"], coding["code"]}
		}
		if text, ok := v.(string); ok {
			return [2]any{text, nil}
		}
		return [2]any{}
	}
	var kept []any
	for _, v := range list {
		found := false
		for _, g := range gone {
			found = found || key(v) == key(g)
		}
		if !found {
			kept = append(kept, v)
		}
	}
	return kept
}
