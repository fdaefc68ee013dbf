package api

import (
	"encoding/json"
	"errors"
	"strconv"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/fhirpath"
	"github.com/paperchart/paperchart/internal/fhir/model"
	"github.com/paperchart/paperchart/internal/store"
)

// pathStep is one operation of a FHIRPath Patch (R4 fhirpatch.html).
type pathStep struct {
	kind, path, name           string
	value                      *partValue // nil where there is none
	index, source, destination int
}

// What a patch may be: it is carried out while other writes wait.
const (
	maxPath  = 1000      // bytes
	maxSteps = 1000      // operations
	maxWork  = 100000    // items that a path looks at
	maxRead  = 256 << 20 // bytes: each operation reads the resource anew
)

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
		step := readStep(param)
		if len(step.path) > maxPath {
			return nil, invalid("a path of the patch is too long")
		}
		if _, err := a.engine.Compile(step.path); err != nil {
			return nil, invalid("a path of the patch is no FHIRPath")
		}
		if steps = append(steps, step); len(steps) > maxSteps {
			return nil, &store.Error{Code: store.TooCostly, Message: "a patch has too many operations"}
		}
	}
	return func(current []byte) ([]byte, error) {
		read := 0
		for _, s := range steps {
			if read += len(current); read > maxRead {
				return nil, &store.Error{Code: store.TooCostly, Message: "the patch has too many operations for so large a resource"}
			}
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
		value := readPart(part)
		text := value.text()
		switch name {
		case "type":
			s.kind = text
		case "path":
			s.path = text
		case "name":
			s.name = text
		case "value":
			s.value = value
		case "index":
			s.index = value.whole()
		case "source":
			s.source = value.whole()
		case "destination":
			s.destination = value.whole()
		}
	}
	return s
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
	values, err := e.Eval(doc.Root, &fhirpath.Env{Lenient: true, Work: maxWork})
	if errors.Is(err, fhirpath.ErrTooLong) {
		return nil, &store.Error{Code: store.TooCostly, Message: "a path of the patch looks at too much"}
	}
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
	if (s.kind == "add" || s.kind == "insert" || s.kind == "replace") && s.value == nil {
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
		return rearrange(root, s, values, places)
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
		return replaceAt(root, s.value, values[0].Node(), places[0])
	}
	return nil, invalid("an operation of the patch is none of add, insert, delete, replace, move")
}

// addTo appends to a list, or sets the element where it is single.
func (a *API) addTo(root any, s pathStep, n *model.Node, at_ []string) (any, error) {
	if n.Def == nil {
		return nil, unprocessable("the patch adds to what has no elements")
	}
	member, child, ok := memberOf(n.Def, s.name, s.value)
	if !ok {
		return nil, unprocessable("the patch adds an element that is not defined there")
	}
	value := s.value.of(child)
	target := append(at_[:len(at_):len(at_)], member)
	if child.Element.Max == 1 {
		return add(root, target, value)
	}
	if _, err := at(root, target); err != nil {
		return add(root, target, []any{value})
	}
	return add(root, append(target, "-"), value)
}

// replaceAt puts a value in the place of another. A choice that gets another type
// gets another name.
func replaceAt(root any, value *partValue, n *model.Node, at_ []string) (any, error) {
	if n.Elem == nil || len(at_) == 0 {
		return nil, unprocessable("a path of the patch does not lead to an element")
	}
	if root, err := removeAt(root, at_); err != nil || !n.Elem.Choice || n.Parent.Def == nil {
		if err != nil {
			return nil, err
		}
		return add(root, at_, value.of(definition.Child{Element: n.Elem, Type: n.Ref}))
	} else if member, child, ok := memberOf(n.Parent.Def, n.Elem.Name, value); ok {
		return add(root, append(at_[:len(at_)-1:len(at_)-1], member), value.of(child))
	}
	return nil, unprocessable("the element that the patch replaces has no such type")
}

// rearrange inserts into, or moves within, the list that the places are in.
func rearrange(root any, s pathStep, values fhirpath.Collection, places [][]string) (any, error) {
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
		n := values[0].Node()
		if n.Elem == nil {
			return nil, unprocessable("a path of the patch does not lead to a list")
		}
		return add(root, item(s.index), s.value.of(definition.Child{Element: n.Elem, Type: n.Ref}))
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
