package api

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/definition"
)

// partValue is the value of a part of a FHIRPath Patch: a value[x], or parts, which
// is how backbone elements are written.
type partValue struct {
	value any
	typ   string // what follows "value" in the member's name, such as DateTime
	parts []namedPart
}

type namedPart struct {
	name  string
	value *partValue
}

// readPart reads what a part has beside its name, nil where that is nothing.
func readPart(part map[string]any) *partValue {
	for name, v := range part {
		if typ, ok := strings.CutPrefix(name, "value"); ok {
			return &partValue{value: v, typ: typ}
		}
	}
	if v, ok := part["resource"]; ok {
		return &partValue{value: v}
	}
	inner, ok := part["part"].([]any)
	if !ok {
		return nil
	}
	out := &partValue{}
	for _, p := range inner {
		m, _ := p.(map[string]any)
		name, _ := m["name"].(string)
		if v := readPart(m); v != nil && name != "" {
			out.parts = append(out.parts, namedPart{name, v})
		}
	}
	return out
}

func (v *partValue) text() string {
	if v == nil {
		return ""
	}
	text, _ := v.value.(string)
	return text
}

// whole is a whole number, -1 where the value is none.
func (v *partValue) whole() int {
	if v == nil {
		return -1
	}
	n, ok := v.value.(json.Number)
	i, err := strconv.Atoi(string(n))
	if !ok || err != nil {
		return -1
	}
	return i
}

// memberOf finds the JSON member for an element by its name in FHIRPath; that of a
// choice ends in the type of the value.
func memberOf(def *definition.Element, name string, value *partValue) (string, definition.Child, bool) {
	child, ok := def.Child(name)
	if !ok && value.typ != "" {
		name += value.typ
		child, ok = def.Child(name)
	}
	return name, child, ok
}

// of is the value as the JSON of an element, whose definition says what is a list.
func (v *partValue) of(child definition.Child) any {
	if v.parts == nil {
		return v.value
	}
	def := child.Element
	if len(def.Children) == 0 && child.Type != nil && child.Type.Def != nil && child.Type.Def.Root != nil {
		def = child.Type.Def.Root
	}
	object := map[string]any{}
	for _, p := range v.parts {
		member, inner, ok := memberOf(def, p.name, p.value)
		if !ok {
			object[p.name] = p.value.value // the validator will say what is wrong with it
			continue
		}
		value := p.value.of(inner)
		if inner.Element.Max == 1 {
			object[member] = value
			continue
		}
		list, _ := object[member].([]any)
		object[member] = append(list, value)
	}
	return object
}
