package validate

import (
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/model"
)

// extension checks ext-1, the URL, and the extension's own definition where it is
// known.
func (c *check) extension(n *model.Node) {
	value, nested := false, n.Get("extension") != nil
	for m := n.First; m != nil; m = m.Next {
		value = value || m.Key() == "value"
	}
	if value == nested {
		c.report(Error, "invariant", n, "ext-1: An extension has either a value or extensions of its own, and not both.")
	}
	url := n.Str("url")
	inner := n.Parent != nil && n.Parent.Parent != nil && n.Parent.Parent.Type != nil && n.Parent.Parent.Type.Name == "Extension"
	if url == "" || inner && !strings.Contains(url, ":") || c.opts.Level != Strict {
		return
	}
	if !strings.Contains(url, ":") {
		c.report(Error, "value", n, "The URL of an extension must be absolute.")
		return
	}
	if strings.Contains(url, "|") {
		c.report(Error, "value", n, "The URL of an extension must not name a version.")
	}
	c.knownExtension(n, url)
}

func (c *check) knownExtension(n *model.Node, url string) {
	p := c.table.Profile(url)
	if p == nil || p.Type != "Extension" {
		if c.table.Profile(withoutPipe(url)) == nil && step(n) == "modifierExtension" {
			c.report(Warning, "extension", n, "The modifier extension %.200s is not known, so the meaning of the element around it is not either.", url)
		}
		return
	}
	c.inProfile(p.URL, func() { c.against(n, p.Root) })
	if !c.contextAllows(n, p) {
		c.report(Error, "extension", n, "The extension %.200s is not meant for this place.", url)
	}
}

func withoutPipe(url string) string {
	base, _, _ := strings.Cut(url, "|")
	return base
}

// contextAllows tells whether the extension may stand where it stands. Contexts
// given in FHIRPath are taken as met.
func (c *check) contextAllows(n *model.Node, p *definition.Profile) bool {
	holder := holderOf(n)
	if len(p.Contexts) == 0 || holder == nil || openContexts[p.URL] {
		return true
	}
	for _, x := range p.Contexts {
		switch x.Type {
		case "fhirpath":
			return true
		case "extension":
			if holder.Type != nil && holder.Type.Name == "Extension" && holder.Str("url") == x.Expression {
				return true
			}
		default:
			if c.elementMatches(holder, x.Expression) {
				return true
			}
		}
	}
	return false
}

// holderOf returns the node that has the extension.
func holderOf(n *model.Node) *model.Node {
	p := n.Parent
	if p != nil && p.Kind == model.Array {
		p = p.Parent
	}
	return p
}

// elementMatches compares a place with a context such as "Patient.contact",
// "HumanName" or "DomainResource". R4 uses "Element" for any place, resources
// too.
func (c *check) elementMatches(n *model.Node, context string) bool {
	if strings.ContainsAny(context, ":#") || context == "Element" {
		return true
	}
	first, rest, dotted := strings.Cut(context, ".")
	typ := c.table.Type(first)
	if typ == nil {
		return true
	}
	if !dotted {
		return n.Type != nil && n.Type.Is(context)
	}
	e := typ.Root
	for name := range strings.SplitSeq(rest, ".") {
		if e = c.childElement(e, strings.TrimSuffix(name, "[x]")); e == nil {
			return true
		}
	}
	return sameElement(n.Elem, e)
}

// childElement finds an element by name below another, in its type where it has
// no children of its own.
func (c *check) childElement(e *definition.Element, name string) *definition.Element {
	list := e.Children
	if len(list) == 0 && len(e.Types) == 1 && e.Types[0].Def != nil {
		list = e.Types[0].Def.Root.Children
	}
	for _, child := range list {
		if child.Name == name {
			return child
		}
	}
	return nil
}

// sameElement also holds of an element and one that repeats its content, such as
// Questionnaire.item and Questionnaire.item.item.
func sameElement(a, b *definition.Element) bool {
	if a == b || a == nil {
		return a == b
	}
	return len(a.Children) > 0 && len(b.Children) > 0 && a.Children[0] == b.Children[0]
}
