package api

import (
	"slices"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/codes"
	"github.com/paperchart/paperchart/internal/fhir/model"
	"github.com/paperchart/paperchart/internal/store"
	"github.com/paperchart/paperchart/internal/terms"
)

// maxSetDepth is how deep value sets may be made of value sets.
const maxSetDepth = 8

// set finds a value set by its URL: stored, published, or one that a code system
// implies by being there.
func (t *terminology) set(url string, depth int) (*valueSet, error) {
	root, err := t.resource("ValueSet", url)
	if err != nil {
		return nil, err
	}
	if root != nil {
		return t.composed(root, depth)
	}
	if s := t.tables.Set(url); s != nil {
		return &valueSet{url: s.URL, version: s.Version, title: s.Title, parts: s.Parts}, nil
	}
	return t.implied(url)
}

// implied is the set of all codes of a system, by the names that such sets have.
func (t *terminology) implied(url string) (*valueSet, error) {
	system, ok := strings.CutSuffix(url, "?fhir_vs")
	if url == terms.LOINC+"/vs" {
		system, ok = terms.LOINC, true
	}
	if !ok {
		return nil, errNoSet
	}
	switch e, err := t.extent(system); {
	case err != nil:
		return nil, err
	case e == unloaded:
		return nil, errNoSet
	}
	return &valueSet{url: url, title: t.title(system), parts: []codes.Part{{System: system, Whole: true}}}, nil
}

// composed works out a ValueSet resource.
func (t *terminology) composed(root *model.Node, depth int) (*valueSet, error) {
	if depth > maxSetDepth {
		return nil, &store.Error{Code: store.TooCostly, Message: "the value set is made of value sets too many times over, or of itself"}
	}
	v := &valueSet{url: root.Str("url"), version: root.Str("version"), title: titleOf(root), displays: map[[2]string]string{}}
	var err error
	compose := root.Get("compose")
	if compose == nil || compose.Get("include") == nil {
		v.parts = v.listed(root.Get("expansion").Get("contains"), nil)
		return v, nil
	}
	if v.parts, err = t.clauses(v, compose.Get("include"), depth); err != nil {
		return nil, err
	}
	v.without, err = t.clauses(v, compose.Get("exclude"), depth)
	return v, err
}

// listed are the codes of an expansion, at all its levels.
func (v *valueSet) listed(list *model.Node, parts []codes.Part) []codes.Part {
	if list == nil || list.Kind != model.Array {
		return parts
	}
	for c := list.First; c != nil; c = c.Next {
		if !isTrue(c.Get("abstract")) && c.Str("code") != "" {
			parts = append(parts, codes.Part{System: c.Str("system"), Codes: []string{c.Str("code")}})
			v.displays[[2]string{c.Str("system"), c.Str("code")}] = c.Str("display")
		}
		parts = v.listed(c.Get("contains"), parts)
	}
	return parts
}

// clauses are the parts that include or exclude clauses make.
func (t *terminology) clauses(v *valueSet, list *model.Node, depth int) ([]codes.Part, error) {
	var all []codes.Part
	if list == nil || list.Kind != model.Array {
		return nil, nil
	}
	for c := list.First; c != nil; c = c.Next {
		parts, err := t.clause(v, c, depth)
		if err != nil {
			return nil, err
		}
		all = append(all, parts...)
	}
	return all, nil
}

func (t *terminology) clause(v *valueSet, c *model.Node, depth int) ([]codes.Part, error) {
	var parts []codes.Part
	if system := c.Str("system"); system != "" {
		p, err := t.ofSystem(v, c, system)
		if err != nil {
			return nil, err
		}
		parts = []codes.Part{p}
	}
	sets := c.Get("valueSet")
	if sets == nil || sets.Kind != model.Array {
		return parts, nil
	}
	for i, n := 0, sets.First; n != nil; i, n = i+1, n.Next {
		other, err := t.set(n.Text, depth+1)
		if err != nil {
			return nil, err
		}
		if i > 0 || parts != nil {
			return nil, &store.Error{Code: store.NotSupported, Message: "value sets made of what several sets have in common are not worked out here"}
		}
		if len(other.without) > 0 {
			return nil, &store.Error{Code: store.NotSupported, Message: "value sets made of sets that exclude codes are not worked out here"}
		}
		for k, d := range other.displays {
			v.displays[k] = d
		}
		parts = other.parts
	}
	return parts, nil
}

// ofSystem is what a clause takes of one system: its list, what its filters keep,
// or everything.
func (t *terminology) ofSystem(v *valueSet, c *model.Node, system string) (codes.Part, error) {
	p := codes.Part{System: system}
	if list := c.Get("concept"); list != nil && list.Kind == model.Array {
		for n := list.First; n != nil; n = n.Next {
			p.Codes = append(p.Codes, n.Str("code"))
			v.displays[[2]string{system, n.Str("code")}] = n.Str("display")
		}
		slices.Sort(p.Codes)
		return p, nil
	}
	filters := c.Get("filter")
	if filters == nil || filters.Kind != model.Array {
		p.Whole = true
		return p, nil
	}
	s, err := t.system(system)
	if err != nil {
		return p, err
	}
	for i, f := 0, filters.First; f != nil; i, f = i+1, f.Next {
		op := f.Str("op")
		if i > 0 || s == nil || f.Str("property") != "concept" || op != "is-a" && op != "descendent-of" {
			return p, &store.Error{Code: store.NotSupported, Message: "the value set has a filter that is not worked out here"}
		}
		p.Codes = s.Below(f.Str("value"))
		if op == "descendent-of" && len(p.Codes) > 0 {
			p.Codes = p.Codes[1:]
		}
		slices.Sort(p.Codes)
	}
	return p, nil
}
