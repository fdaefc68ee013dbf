package api

import (
	"net/http"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/model"
	"github.com/paperchart/paperchart/internal/store"
)

var summaries = map[string]bool{"true": true, "text": true, "data": true, "count": true, "false": true}

// view is what of a resource an answer shows: _summary and _elements (R4
// search.html#summary, #elements).
type view struct {
	a        *API
	summary  string
	elements map[string]bool
}

func (a *API) viewOf(params []store.Param) (view, error) {
	v := view{a: a}
	for _, p := range params {
		switch p.Name {
		case "_summary":
			if !summaries[p.Value] {
				return v, invalid("_summary is true, text, data, count or false")
			}
			v.summary = p.Value
		case "_elements":
			v.elements = map[string]bool{}
			for e := range strings.SplitSeq(p.Value, ",") {
				if e = strings.TrimSpace(e); e != "" {
					v.elements[e] = true
				}
			}
		}
	}
	return v, nil
}

// subset is a single resource as the request wants to see it.
func (a *API) subset(r *http.Request, res store.Resource) ([]byte, error) {
	if !strings.Contains(r.URL.RawQuery, "_summary") && !strings.Contains(r.URL.RawQuery, "_elements") {
		return res.Body, nil
	}
	params, err := store.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, err
	}
	v, err := a.viewOf(params)
	if err != nil {
		return nil, err
	}
	return v.of(res)
}

func (v view) of(res store.Resource) ([]byte, error) {
	if (v.summary == "" || v.summary == "false") && len(v.elements) == 0 {
		return res.Body, nil
	}
	doc, err := model.Parse(res.Body, model.Limits{})
	if err != nil {
		return nil, err
	}
	if model.Bind(v.a.table, doc.Root) == nil {
		return res.Body, nil
	}
	out := []byte(`{"resourceType":"` + res.Type + `"`)
	meta := false
	for c := doc.Root.First; c != nil; c = c.Next {
		switch {
		case c.Name == "resourceType" || !v.shows(res.Type, c):
		case c.Name == "meta":
			out = append(append(out, ','), subsetted(c)...)
			meta = true
		default:
			out = model.AppendString(append(out, ','), c.Name)
			out = append(out, ':')
			out = v.append(out, c)
		}
	}
	if !meta {
		out = append(out, `,"meta":{`+subsettedTag+`}`...)
	}
	return append(out, '}'), nil
}

// shows reports whether a member of the resource is shown. What must be there
// always is.
func (v view) shows(typ string, c *model.Node) bool {
	name := strings.TrimPrefix(c.Name, "_")
	if name == "id" || name == "meta" || name == "implicitRules" {
		return true
	}
	required := c.Elem != nil && (c.Elem.Required() || c.Elem.Modifier)
	if len(v.elements) > 0 {
		element := c.Key()
		if element == "" {
			element = name
		}
		return required || v.elements[element] || v.elements[name] || v.elements[typ+"."+element]
	}
	switch v.summary {
	case "true":
		return c.Elem != nil && c.Elem.Summary
	case "text":
		return name == "text" || required
	case "data":
		return name != "text"
	}
	return true
}

// append writes a member; of a summary's backbone elements only what is part of
// the summary.
func (v view) append(out []byte, n *model.Node) []byte {
	if v.summary != "true" || len(v.elements) > 0 {
		return model.Append(out, n)
	}
	switch {
	case n.Kind == model.Array:
		out = append(out, '[')
		for c := n.First; c != nil; c = c.Next {
			if c != n.First {
				out = append(out, ',')
			}
			out = v.append(out, c)
		}
		return append(out, ']')
	case n.Kind == model.Object && n.Elem != nil && len(n.Elem.Children) > 0:
		out = append(out, '{')
		first := true
		for c := n.First; c != nil; c = c.Next {
			if c.Elem == nil || !c.Elem.Summary {
				continue
			}
			if !first {
				out = append(out, ',')
			}
			first = false
			out = append(model.AppendString(out, c.Name), ':')
			out = v.append(out, c)
		}
		return append(out, '}')
	}
	return model.Append(out, n)
}

const (
	subsettedCoding = `{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED","display":"subsetted"}`
	subsettedTag    = `"tag":[` + subsettedCoding + `]`
)

// subsetted is meta with the tag that says that this is not the whole resource.
func subsetted(meta *model.Node) []byte {
	out := []byte(`"meta":{`)
	tagged := false
	for c := meta.First; c != nil; c = c.Next {
		if c != meta.First {
			out = append(out, ',')
		}
		if c.Name != "tag" || c.Kind != model.Array || c.First == nil {
			out = append(model.AppendString(out, c.Name), ':')
			out = model.Append(out, c)
			continue
		}
		text := model.Append(nil, c)
		out = append(append(out, `"tag":`...), text[:len(text)-1]...)
		out = append(append(out, ','), subsettedCoding+"]"...)
		tagged = true
	}
	if !tagged {
		if meta.First != nil {
			out = append(out, ',')
		}
		out = append(out, subsettedTag...)
	}
	return append(out, '}')
}
