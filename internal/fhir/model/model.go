// Package model reads FHIR JSON into a tree without loss and writes it again.
//
// Numbers keep the characters they came with ("1.0" stays "1.0"), members keep
// their order, and every node knows its place in the text, so that a message can
// name line and column. Bind ties the nodes to their definitions; FHIRPath and
// the validator work on bound trees, and Canonical writes one in the
// specification's element order.
//
// Parse is strict JSON (RFC 8259) with duplicate names refused and limits on
// depth, size and the number of nodes. A Doc and its nodes belong to one
// goroutine at a time; nothing here panics on data.
package model

import (
	"strconv"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/definition"
)

// Kind is the JSON kind of a Node.
type Kind uint8

// Kinds of JSON values.
const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

// Node is a JSON value in a Doc. Exported fields are for reading only.
type Node struct {
	Name   string // its member name, "" for items of arrays and the root
	Text   string // of strings: decoded; of numbers and booleans: as written
	Kind   Kind
	hidden bool  // of "_name" objects: FHIRPath does not see them as members
	Pos    int32 // place in the specification's order, set by Bind
	Offset int32 // in bytes from the start of the text

	Parent, First, Next *Node

	// Set by Bind; nil or empty where the definitions have no such element.
	Elem *definition.Element // the element this is, or is an item of
	Type *definition.Type    // the type of the value
	Ref  *definition.TypeRef // how the element refers to that type
	Ext  *Node               // of a primitive: its "_name" object with id and extensions
	Def  *definition.Element // whose children these children are
}

// Key is the element's name in FHIRPath, "value" for "valueQuantity"; "" where it
// has none. A bundle has a hundred thousand nodes: what can be concluded is not kept.
func (n *Node) Key() string {
	if n.Elem == nil || n.hidden {
		return ""
	}
	return n.Elem.Name
}

// Get returns the member of that JSON name, nil where there is none.
func (n *Node) Get(name string) *Node {
	if n == nil || n.Kind != Object {
		return nil
	}
	for c := n.First; c != nil; c = c.Next {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Str returns the text of the string member of that name, "" where there is
// none.
func (n *Node) Str(name string) string {
	if c := n.Get(name); c != nil && c.Kind == String {
		return c.Text
	}
	return ""
}

// Len counts the members or items.
func (n *Node) Len() int {
	count := 0
	for c := n.First; c != nil; c = c.Next {
		count++
	}
	return count
}

// ResourceType returns the resourceType member, "" where there is none.
func (n *Node) ResourceType() string { return n.Str("resourceType") }

// IsResource reports whether the node is bound to a resource type.
func (n *Node) IsResource() bool {
	return n.Type != nil && n.Type.Kind == definition.KindResource
}

// IsPrimitive reports whether the node is bound to a primitive type.
func (n *Node) IsPrimitive() bool {
	return n.Type != nil && n.Type.Kind == definition.KindPrimitive
}

// Resource returns the innermost resource that holds the node, itself included.
func (n *Node) Resource() *Node {
	for ; n != nil; n = n.Parent {
		if n.IsResource() {
			return n
		}
	}
	return nil
}

// Path returns the FHIRPath of the node from the innermost resource of the whole
// text, such as "Patient.name[0].given[1]".
func (n *Node) Path() string {
	var steps []string
	for ; n != nil; n = n.Parent {
		switch {
		case n.Parent == nil:
			steps = append(steps, rootName(n))
		case n.Parent.Kind == Array:
			index := 0
			for c := n.Parent.First; c != n; c = c.Next {
				index++
			}
			steps = append(steps, n.Parent.step()+"["+strconv.Itoa(index)+"]")
			n = n.Parent
		default:
			steps = append(steps, n.step())
		}
	}
	var b strings.Builder
	for i := len(steps) - 1; i >= 0; i-- {
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(steps[i])
	}
	return b.String()
}

func rootName(n *Node) string {
	if n.Type != nil {
		return n.Type.Name
	}
	return "$this"
}

func (n *Node) step() string {
	if key := n.Key(); key != "" {
		return key
	}
	return strings.TrimPrefix(n.Name, "_")
}
