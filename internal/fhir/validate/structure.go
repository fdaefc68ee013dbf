package validate

import (
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/model"
)

// resource checks a bound resource and all that is in it.
func (c *check) resource(n *model.Node) {
	if c.stopped() {
		return
	}
	c.object(n, n.Type.Root)
	if c.opts.Level != Strict {
		return
	}
	c.domain(n)
	if n.Type.Name == "Bundle" {
		c.bundle(n)
	}
	c.rules(n)
	c.constraints(n, n.Type.Root)
	c.claimedProfiles(n)
}

// maxChildren is above the number of children of any element in R4.
const maxChildren = 96

// object checks the members of an object against their element.
func (c *check) object(n *model.Node, def *definition.Element) {
	if n.First == nil {
		c.report(Error, "structure", n, "An object must not be empty.")
		return
	}
	var seen [maxChildren]*model.Node
	for m := n.First; m != nil && !c.full; m = m.Next {
		if m.Elem == nil {
			c.unknownMember(n, m)
			continue
		}
		if m.Pos < maxChildren && m.Key() != "" {
			if old := seen[m.Pos]; old != nil {
				c.report(Error, "structure", m, "%s has more than one value: %s and %s.", m.Key(), old.Name, m.Name)
			}
			seen[m.Pos] = m
		}
		c.member(m)
	}
	for i, e := range def.Children {
		if e.Min > 0 && i < maxChildren && seen[i] == nil {
			c.report(Error, "required", n, "%s is missing: at least %d must be there.", elementName(n, e), e.Min)
		}
	}
}

func elementName(n *model.Node, e *definition.Element) string {
	if e.Choice {
		return n.Path() + "." + e.Name + "[x]"
	}
	return n.Path() + "." + e.Name
}

func (c *check) unknownMember(n, m *model.Node) {
	if m.Name == "resourceType" && n.IsResource() {
		return
	}
	c.report(Error, "structure", m, "There is no element %.64q in %s.", m.Name, typeName(n))
}

func typeName(n *model.Node) string {
	if n.Type == nil {
		return "this object"
	}
	if n.Type.Name == "BackboneElement" || n.Type.Name == "Element" {
		return n.Path()
	}
	return n.Type.Name
}

// member checks one member: a value, or an array of values.
func (c *check) member(m *model.Node) {
	repeats := m.Elem.Max != 1
	switch {
	case m.Kind == model.Null:
		c.report(Error, "structure", m, "null stands for nothing in FHIR; leave the element out.")
	case repeats != (m.Kind == model.Array):
		c.report(Error, "structure", m, "%s", map[bool]string{
			true:  m.Name + " may repeat, so its value must be an array.",
			false: m.Name + " does not repeat, so its value must not be an array.",
		}[repeats])
	case !repeats:
		c.value(m)
	case m.First == nil:
		c.report(Error, "structure", m, "An array must not be empty.")
	default:
		for item := m.First; item != nil && !c.full; item = item.Next {
			c.item(m, item)
		}
	}
}

// item checks one item of an array; null may stand in the arrays of primitives
// where the other of the two arrays has something.
func (c *check) item(m, item *model.Node) {
	if item.Kind != model.Null {
		c.value(item)
		return
	}
	if !m.IsPrimitive() || !m.IsUnderscored() && item.Ext == nil {
		c.report(Error, "structure", item, "null stands for nothing in FHIR; leave the item out.")
	}
}

// value checks a single value by its type.
func (c *check) value(n *model.Node) {
	switch {
	case n.Type == nil:
		c.report(Error, "structure", n, "The type of this value is not known.")
	case n.Type.Kind == definition.KindPrimitive:
		c.primitiveValue(n)
	case n.Kind != model.Object:
		c.report(Error, "structure", n, "%s is of type %s, so its value must be an object.", step(n), n.Type.Name)
	case n.Type.Kind == definition.KindResource:
		c.nested(n)
	default:
		c.complex(n)
	}
	if c.opts.Level == Strict {
		c.bound(n, n.Elem.Binding)
	}
}

func step(n *model.Node) string {
	if n.Name == "" && n.Parent != nil {
		return n.Parent.Name
	}
	return n.Name
}

func (c *check) nested(n *model.Node) {
	if n.Type.Abstract {
		c.unknownResource(n)
		return
	}
	c.resource(n)
	if c.opts.Level == Strict {
		c.elementConstraints(n)
	}
}

func (c *check) complex(n *model.Node) {
	def := n.Def
	if def == nil {
		def = n.Type.Root
	}
	c.object(n, def)
	switch n.Type.Name {
	case "Reference":
		c.reference(n)
	case "Extension":
		c.extension(n)
	case "Narrative":
		c.narrative(n)
	}
	if c.opts.Level != Strict {
		return
	}
	c.rules(n)
	c.elementConstraints(n)
	c.constraints(n, n.Type.Root)
	for _, url := range n.Ref.Profiles {
		c.dataTypeProfile(n, url)
	}
}

// primitiveValue checks a primitive, or the object of its id and extensions.
func (c *check) primitiveValue(n *model.Node) {
	if n.Kind == model.Object {
		if !strings.HasPrefix(step(n), "_") {
			c.report(Error, "structure", n, "%s is of type %s, so its value must not be an object.", step(n), n.Type.Name)
			return
		}
		c.object(n, n.Def)
		return
	}
	if n.Kind == model.Array {
		c.report(Error, "structure", n, "An array must not stand in an array.")
		return
	}
	if strings.HasPrefix(step(n), "_") {
		c.report(Error, "structure", n, "%s holds id and extensions, so its value must be an object.", step(n))
		return
	}
	c.primitive(n)
	if len(n.Elem.Constraints) > 0 && c.opts.Level == Strict {
		c.elementConstraints(n)
	}
}
