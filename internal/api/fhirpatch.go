package api

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/fhirpath"
	"github.com/paperchart/paperchart/internal/fhir/model"
)

// pathStep is one operation of a FHIRPath Patch (R4 fhirpatch.html).
type pathStep struct {
	kind, path, name           string
	value                      any
	hasValue                   bool
	index, source, destination int
}

// parametersPatch reads a FHIRPath Patch.
func (a *API) parametersPatch(data []byte) (change, error) {
	root, err := decode(data)
	params, ok := root.(map[string]any)
	if err != nil || !ok || params["resourceType"] != "Parameters" {
		return nil, invalid("a patch is a JSON Patch, or Parameters with FHIRPath operations")
	}
	var steps []pathStep
	list, _ := params["parameter"].([]any)
	for _, p := range list {
		param, _ := p.(map[string]any)
		if param["name"] != "operation" {
			return nil, invalid("the parameters of a patch are named operation")
		}
		steps = append(steps, readStep(param))
	}
	return func(current []byte) ([]byte, error) {
		for _, s := range steps {
			if current, err = a.applyStep(current, s); err != nil {
				return nil, err
			}
		}
		return current, nil
	}, nil
}

func readStep(param map[string]any) pathStep {
	s := pathStep{index: -1, source: -1, destination: -1}
	parts, _ := param["part"].([]any)
	for _, p := range parts {
		part, _ := p.(map[string]any)
		name, _ := part["name"].(string)
		value, ok := valueOf(part)
		text, _ := value.(string)
		switch name {
		case "type":
			s.kind = text
		case "path":
			s.path = text
		case "name":
			s.name = text
		case "value":
			s.value, s.hasValue = value, ok
		case "index":
			s.index = whole(value)
		case "source":
			s.source = whole(value)
		case "destination":
			s.destination = whole(value)
		}
	}
	return s
}

// valueOf is the value[x] of a parameter's part, or its parts as an object: that
// is how backbone elements are written.
func valueOf(part map[string]any) (any, bool) {
	for name, v := range part {
		if strings.HasPrefix(name, "value") {
			return v, true
		}
	}
	inner, ok := part["part"].([]any)
	if !ok {
		return nil, false
	}
	object := map[string]any{}
	for _, p := range inner {
		if m, _ := p.(map[string]any); m != nil {
			name, _ := m["name"].(string)
			v, _ := valueOf(m)
			if old, again := object[name]; again {
				if list, is := old.([]any); is {
					v = append(list, v)
				} else {
					v = []any{old, v}
				}
			}
			object[name] = v
		}
	}
	return object, true
}

func whole(v any) int {
	n, ok := v.(json.Number)
	i, err := strconv.Atoi(string(n))
	if !ok || err != nil {
		return -1
	}
	return i
}

// applyStep evaluates the path and makes the change where it leads.
func (a *API) applyStep(current []byte, s pathStep) ([]byte, error) {
	doc, err := model.Parse(current, model.Limits{})
	if err != nil {
		return nil, err
	}
	if model.Bind(a.table, doc.Root) == nil {
		return nil, unprocessable("the patched text is no resource")
	}
	e, err := a.engine.Compile(s.path)
	if err != nil {
		return nil, invalid("a path of the patch is no FHIRPath")
	}
	values, err := e.Eval(doc.Root, &fhirpath.Env{Lenient: true})
	if err != nil {
		return nil, unprocessable("a path of the patch cannot be evaluated")
	}
	if len(values) == 0 && s.kind == "delete" {
		return current, nil // R4: deleting what is not there is no error
	}
	root, err := decode(current)
	if err != nil {
		return nil, err
	}
	if root, err = a.change(root, s, values); err != nil {
		return nil, err
	}
	return json.Marshal(root)
}

func (a *API) change(root any, s pathStep, values fhirpath.Collection) (any, error) {
	if (s.kind == "add" || s.kind == "insert" || s.kind == "replace") && !s.hasValue {
		return nil, invalid("an operation of the patch lacks its value")
	}
	var places [][]string
	for _, v := range values {
		if v.Node() == nil {
			return nil, unprocessable("a path of the patch does not lead to an element")
		}
		places = append(places, place(v.Node()))
	}
	switch s.kind {
	case "insert", "move":
		return rearrange(root, s, places)
	}
	if len(places) != 1 {
		return nil, unprocessable("a path of the patch does not lead to exactly one element")
	}
	switch s.kind {
	case "add":
		return a.addTo(root, s, values[0].Node(), places[0])
	case "delete":
		return removeAt(root, places[0])
	case "replace":
		root, err := removeAt(root, places[0])
		if err != nil {
			return nil, err
		}
		return add(root, places[0], s.value)
	}
	return nil, invalid("an operation of the patch is none of add, insert, delete, replace, move")
}

// addTo appends to a list, or sets the element where it is single.
func (a *API) addTo(root any, s pathStep, n *model.Node, at_ []string) (any, error) {
	if n.Def == nil {
		return nil, unprocessable("the patch adds to what has no elements")
	}
	child, ok := n.Def.Child(s.name)
	if !ok {
		return nil, unprocessable("the patch adds an element that is not defined there")
	}
	target := append(at_[:len(at_):len(at_)], s.name)
	if child.Element.Max == 1 {
		return add(root, target, s.value)
	}
	if _, err := at(root, target); err != nil {
		return add(root, target, []any{s.value})
	}
	return add(root, append(target, "-"), s.value)
}

// rearrange inserts into, or moves within, the list that the places are in.
func rearrange(root any, s pathStep, places [][]string) (any, error) {
	if len(places) == 0 || len(places[0]) < 2 {
		return nil, unprocessable("a path of the patch does not lead to a list")
	}
	list := places[0][:len(places[0])-1]
	held, err := at(root, list)
	if err != nil {
		return nil, err
	}
	if _, ok := held.([]any); !ok {
		return nil, unprocessable("a path of the patch does not lead to a list")
	}
	item := func(i int) []string { return append(list[:len(list):len(list)], strconv.Itoa(i)) }
	if s.kind == "insert" {
		return add(root, item(s.index), s.value)
	}
	value, err := at(root, item(s.source))
	if err != nil {
		return nil, err
	}
	if root, err = removeAt(root, item(s.source)); err != nil {
		return nil, err
	}
	return add(root, item(s.destination), value)
}

// place is the JSON Pointer of a node.
func place(n *model.Node) []string {
	var steps []string
	for ; n.Parent != nil; n = n.Parent {
		if n.Parent.Kind == model.Array {
			i := 0
			for c := n.Parent.First; c != n; c = c.Next {
				i++
			}
			steps = append(steps, strconv.Itoa(i))
			continue
		}
		steps = append(steps, n.Name)
	}
	for i, j := 0, len(steps)-1; i < j; i, j = i+1, j-1 {
		steps[i], steps[j] = steps[j], steps[i]
	}
	return steps
}
