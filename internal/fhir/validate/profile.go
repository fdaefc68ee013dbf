package validate

import (
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/model"
)

// claimedProfiles checks the profiles that meta.profile names and those that the
// options demand.
func (c *check) claimedProfiles(n *model.Node) {
	for _, url := range items(n.Get("meta").Get("profile")) {
		if url.Kind == model.String {
			c.claimed(n, url)
		}
	}
	for _, url := range c.opts.Profiles {
		if p := c.table.Profile(url); p != nil && p.Type == n.Type.Name {
			c.inProfile(p.URL, func() { c.against(n, p.Root) })
		}
	}
}

func (c *check) claimed(n, url *model.Node) {
	p := c.table.Profile(url.Text)
	switch {
	case p == nil && c.table.Type(strings.TrimPrefix(url.Text, "http://hl7.org/fhir/StructureDefinition/")) != nil:
	case p == nil:
		c.report(Information, "not-found", url, "The profile %.200s is not known, so it was not checked.", url.Text)
	case p.Type != n.Type.Name:
		c.report(Error, "structure", url, "The profile is for %s and cannot be claimed by a %s.", p.Type, n.Type.Name)
	default:
		c.inProfile(p.URL, func() { c.against(n, p.Root) })
	}
}

func (c *check) inProfile(url string, f func()) {
	if c.depth >= maxProfileDepth {
		return
	}
	outer := c.profile
	c.profile = url
	c.depth++
	f()
	c.depth--
	c.profile = outer
}

// dataTypeProfile checks a value against the profile of its type, such as
// SimpleQuantity. A profile that is not known is passed over.
func (c *check) dataTypeProfile(n *model.Node, url string) {
	if p := c.table.Profile(url); p != nil && n.Type != nil && n.Type.Is(p.Type) {
		c.inProfile(p.URL, func() { c.against(n, p.Root) })
	}
}

// conforms serves FHIRPath's conformsTo().
func (c *check) conforms(n *model.Node, url string) (ok, known bool) {
	p := c.table.Profile(url)
	if p == nil {
		return false, false
	}
	return n.Type != nil && n.Type.Is(p.Type) && c.passes(func() { c.inProfile(p.URL, func() { c.against(n, p.Root) }) }), true
}

// against checks a node against a profile's element: its value, its children and
// its constraints.
func (c *check) against(n *model.Node, e *definition.Element) {
	if c.full {
		return
	}
	c.fixed(n, e)
	if e.Binding != nil {
		c.bound(n, e.Binding)
	}
	for _, child := range e.Children {
		c.childAgainst(n, child)
	}
	c.constraints(n, e)
}

// childAgainst checks the values of one child element against what a profile
// says of it.
func (c *check) childAgainst(n *model.Node, e *definition.Element) {
	values := children(n, e.Name)
	c.count(n, e, len(values))
	for _, v := range values {
		c.typed(v, e)
		c.against(v, e)
	}
	if len(e.Slices) > 0 {
		c.slices(n, e, values)
	}
}

// children returns the values of a child element, arrays laid open.
func children(n *model.Node, name string) []*model.Node {
	if n.IsPrimitive() && n.Kind != model.Object {
		if n = n.Ext; n == nil {
			return nil
		}
	}
	if n.Kind != model.Object {
		return nil
	}
	var out []*model.Node
	for m := n.First; m != nil; m = m.Next {
		if m.Key() == name {
			out = append(out, items(m)...)
		}
	}
	return out
}

func (c *check) count(n *model.Node, e *definition.Element, found int) {
	name := e.Name
	if e.SliceName != "" {
		name += " (" + e.SliceName + ")"
	}
	switch {
	case found < e.Min:
		c.report(Error, "required", n, "%s is needed at least %d times and is there %d times.", name, e.Min, found)
	case e.Max != definition.Unbounded && found > e.Max:
		c.report(Error, "structure", n, "%s is allowed at most %d times and is there %d times.", name, e.Max, found)
	}
}

// typed checks the type of a value, the profiles of that type, and the targets of
// a reference.
func (c *check) typed(n *model.Node, e *definition.Element) {
	if len(e.Types) == 0 || n.Type == nil {
		return
	}
	ref := typeFor(n, e)
	if ref == nil {
		c.report(Error, "structure", n, "A value of type %s is not allowed here.", n.Type.Name)
		return
	}
	if n.Type.Name == "Reference" && n.Ref != nil {
		c.narrowedTarget(n, ref)
	}
	if len(ref.Profiles) > 0 {
		c.oneProfile(n, ref.Profiles)
	}
}

func typeFor(n *model.Node, e *definition.Element) *definition.TypeRef {
	for i := range e.Types {
		if t := &e.Types[i]; n.Type.Is(t.Name) {
			return t
		}
	}
	return nil
}

func (c *check) narrowedTarget(n *model.Node, ref *definition.TypeRef) {
	r := n.Str("reference")
	name := referencedType(r)
	if t := c.target(n, r); t != nil && r != "" {
		name = t.ResourceType()
	}
	if name != "" {
		c.targetAllowed(n, name, ref.Targets)
	}
}

// oneProfile: the value must meet one of the profiles; with one alone, its own
// issues are reported.
func (c *check) oneProfile(n *model.Node, urls []string) {
	if n.Type.Name == "Extension" {
		return // checked by its URL
	}
	if len(urls) == 1 {
		c.dataTypeProfile(n, urls[0])
		return
	}
	for _, url := range urls {
		if ok, known := c.conforms(n, url); ok || !known {
			return
		}
	}
	c.report(Error, "structure", n, "The value meets none of the profiles allowed here.")
}

// fixed checks fixed and pattern values.
func (c *check) fixed(n *model.Node, e *definition.Element) {
	if e.Fixed != "" && !sameValue(n, c.parsed(e.Fixed)) {
		c.report(Error, "value", n, "The value must be %.200s.", e.Fixed)
	}
	if e.Pattern != "" && !covers(n, c.parsed(e.Pattern)) {
		c.report(Error, "value", n, "The value must match %.200s.", e.Pattern)
	}
}

// parsed returns the tree of a fixed or pattern value.
func (v *Validator) parsed(text string) *model.Node {
	if n, ok := v.values.Load(text); ok {
		return n.(*model.Node)
	}
	doc, err := model.Parse([]byte(text), model.Limits{})
	if err != nil {
		return nil
	}
	v.values.Store(text, doc.Root)
	return doc.Root
}

// sameValue: the same members with the same values.
func sameValue(n, want *model.Node) bool {
	return covers(n, want) && (n.Kind != model.Object || n.Len() == want.Len())
}

// covers: everything in the pattern is in the value; items of arrays in any
// place.
func covers(n, want *model.Node) bool {
	if want == nil || n.Kind != want.Kind {
		return want == nil
	}
	switch want.Kind {
	case model.Object:
		for w := want.First; w != nil; w = w.Next {
			if m := n.Get(w.Name); m == nil || !covers(m, w) {
				return false
			}
		}
		return true
	case model.Array:
		for w := want.First; w != nil; w = w.Next {
			if !coversOne(n, w) {
				return false
			}
		}
		return true
	}
	return n.Text == want.Text
}

func coversOne(array, want *model.Node) bool {
	for item := array.First; item != nil; item = item.Next {
		if covers(item, want) {
			return true
		}
	}
	return false
}
