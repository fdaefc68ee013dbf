package model

import (
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/definition"
)

// Bind ties a resource's nodes to their definitions and returns the resource's
// type, nil where resourceType names none. Nodes that the definitions do not
// know stay unbound.
func Bind(table *definition.Table, root *Node) *definition.Type {
	b := binder{table}
	typ := table.Resource(root.ResourceType())
	if typ == nil {
		return nil
	}
	root.Type = typ
	b.children(root, typ.Root)
	return typ
}

// BindAs ties a node to a data type and its children to their definitions.
func BindAs(table *definition.Table, root *Node, typ *definition.Type) {
	b := binder{table}
	root.Type = typ
	b.children(root, typ.Root)
}

type binder struct{ table *definition.Table }

func (b binder) children(n *Node, def *definition.Element) {
	n.Def = def
	prims := false
	for c := n.First; c != nil; c = c.Next {
		name := c.Name
		if len(name) > 1 && name[0] == '_' {
			prims = true
			continue
		}
		if child, ok := def.Child(name); ok {
			b.member(c, child)
		}
	}
	if prims {
		b.underscored(n, def)
	}
}

func (b binder) member(c *Node, child definition.Child) {
	b.set(c, child)
	if c.Kind != Array {
		b.value(c)
		return
	}
	for item := c.First; item != nil; item = item.Next {
		b.set(item, child)
		b.value(item)
	}
}

func (b binder) set(c *Node, child definition.Child) {
	c.hidden, c.Elem, c.Ref, c.Pos = false, child.Element, child.Type, int32(child.Index)
	if child.Type != nil {
		c.Type = child.Type.Def
	}
}

// value binds what is below a value that is not an array.
func (b binder) value(n *Node) {
	if n.Kind != Object || n.Type == nil {
		return
	}
	switch {
	case len(n.Elem.Children) > 0:
		b.children(n, n.Elem)
	case n.Type.Kind == definition.KindResource:
		if typ := b.table.Resource(n.ResourceType()); typ != nil {
			n.Type = typ
			b.children(n, typ.Root)
		}
	case n.Type.Kind == definition.KindPrimitive:
		if element := b.table.Type("Element"); element != nil {
			b.children(n, element.Root)
		}
	default:
		b.children(n, n.Type.Root)
	}
}

// underscored ties the "_name" members to the primitives they belong to; where
// there is no such member, they stand for it.
func (b binder) underscored(n *Node, def *definition.Element) {
	for c := n.First; c != nil; c = c.Next {
		if len(c.Name) < 2 || c.Name[0] != '_' {
			continue
		}
		child, ok := def.Child(c.Name[1:])
		if !ok || child.Type == nil || child.Type.Def == nil || child.Type.Def.Kind != definition.KindPrimitive {
			continue
		}
		b.member(c, child)
		if value := n.Get(c.Name[1:]); value != nil {
			pair(value, c)
		}
	}
}

// pair joins the values of a primitive with their extensions and hides the
// latter from FHIRPath.
func pair(value, ext *Node) {
	if value.Kind != Array || ext.Kind != Array {
		value.Ext = ext
		ext.hidden = true
		return
	}
	ext.hidden = true
	e := ext.First
	for v := value.First; v != nil && e != nil; v, e = v.Next, e.Next {
		if e.Kind == Object {
			v.Ext = e
		}
	}
}

// IsUnderscored reports whether the node is a "_name" member.
func (n *Node) IsUnderscored() bool { return strings.HasPrefix(n.Name, "_") }
