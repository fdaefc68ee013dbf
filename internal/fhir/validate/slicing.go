package validate

import (
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/model"
)

// slices sorts the values of an element into its slices, counts them, and checks
// each against its slice.
func (c *check) slices(n *model.Node, e *definition.Element, values []*model.Node) {
	counts := make([]int, len(e.Slices))
	for _, v := range values {
		slice := c.sliceOf(v, e)
		if slice < 0 {
			if e.Slicing != nil && e.Slicing.Rules == "closed" {
				c.report(Error, "structure", v, "The value fits none of the slices of %s, and no others are allowed.", e.Name)
			}
			continue
		}
		counts[slice]++
		c.typed(v, e.Slices[slice])
		c.against(v, e.Slices[slice])
	}
	for i, s := range e.Slices {
		c.count(n, s, counts[i])
	}
}

// sliceOf returns the number of the slice a value belongs to, -1 for none.
func (c *check) sliceOf(v *model.Node, e *definition.Element) int {
	for i, s := range e.Slices {
		if c.inSlice(v, e, s) {
			return i
		}
	}
	return -1
}

func (c *check) inSlice(v *model.Node, e, s *definition.Element) bool {
	if e.Slicing == nil || len(e.Slicing.Discriminators) == 0 {
		return v.Type != nil && len(s.Types) > 0 && typeFor(v, s) != nil && (e.Choice || extensionOf(v, s))
	}
	for _, d := range e.Slicing.Discriminators {
		if !c.discriminates(v, s, d) {
			return false
		}
	}
	return true
}

func extensionOf(v *model.Node, s *definition.Element) bool {
	return v.Type.Name != "Extension" || len(s.Types[0].Profiles) == 0 || v.Str("url") == s.Types[0].Profiles[0]
}

func (c *check) discriminates(v *model.Node, s *definition.Element, d definition.Discriminator) bool {
	if d.Path == "url" && v.Type != nil && v.Type.Name == "Extension" && len(s.Types) > 0 && len(s.Types[0].Profiles) > 0 {
		return extensionOf(v, s)
	}
	elements, nodes := []*definition.Element{s}, []*model.Node{v}
	for _, step := range pathSteps(d.Path) {
		elements, nodes = c.elementsAt(elements, step), c.nodesAt(nodes, step)
	}
	if len(elements) == 0 {
		return true // the slice says nothing there
	}
	switch d.Type {
	case "exists":
		return existsAs(elements[0], len(nodes))
	case "type":
		return typeIn(nodes, elements)
	case "profile":
		return c.profileIn(nodes, elements)
	}
	for _, n := range nodes {
		ok := true
		for _, e := range elements {
			ok = ok && c.passes(func() { c.against(n, e) })
		}
		if ok {
			return true
		}
	}
	return false
}

func existsAs(e *definition.Element, found int) bool {
	if e.Max == 0 {
		return found == 0
	}
	return e.Min == 0 || found > 0
}

func typeIn(nodes []*model.Node, elements []*definition.Element) bool {
	for _, n := range nodes {
		for _, e := range elements {
			if n.Type != nil && (len(e.Types) == 0 || typeFor(n, e) != nil) {
				return true
			}
		}
	}
	return false
}

func (c *check) profileIn(nodes []*model.Node, elements []*definition.Element) bool {
	for _, n := range nodes {
		for _, e := range elements {
			for _, t := range e.Types {
				for _, url := range append(t.Profiles, t.Targets...) {
					if ok, known := c.conforms(n, url); ok || !known {
						return true
					}
				}
			}
		}
	}
	return false
}

// pathSteps takes a discriminator's path apart: names, resolve(), ofType(X) and
// extension('url').
func pathSteps(path string) []string {
	var steps []string
	depth, start := 0, 0
	for i := 0; i <= len(path); i++ {
		if i == len(path) || path[i] == '.' && depth == 0 {
			if s := path[start:i]; s != "" && s != "$this" {
				steps = append(steps, s)
			}
			start = i + 1
			continue
		}
		switch path[i] {
		case '(':
			depth++
		case ')':
			depth--
		}
	}
	return steps
}

func argument(step, function string) (string, bool) {
	s, ok := strings.CutPrefix(step, function+"(")
	return strings.Trim(s, "')\""), ok
}

func (c *check) nodesAt(nodes []*model.Node, step string) []*model.Node {
	var out []*model.Node
	for _, n := range nodes {
		if step == "resolve()" {
			if t := c.target(n, n.Str("reference")); t != nil && n.Str("reference") != "" {
				out = append(out, t)
			}
		} else if typ, ok := argument(step, "ofType"); ok {
			if n.Type != nil && n.Type.Is(typ) {
				out = append(out, n)
			}
		} else if url, ok := argument(step, "extension"); ok {
			for _, x := range children(n, "extension") {
				if x.Str("url") == url {
					out = append(out, x)
				}
			}
		} else {
			out = append(out, children(n, step)...)
		}
	}
	return out
}

// elementsAt finds what the slice says at a step, in slices within it too; the
// types' profiles are looked into as well.
func (c *check) elementsAt(elements []*definition.Element, step string) []*definition.Element {
	if step == "resolve()" || strings.HasPrefix(step, "ofType(") {
		return elements
	}
	name := step
	url, isExtension := argument(step, "extension")
	if isExtension {
		name = "extension"
	}
	var out []*definition.Element
	for _, e := range elements {
		for _, child := range c.childrenOf(e) {
			if child.Name != name {
				continue
			}
			if !isExtension {
				out = append(out, child)
				out = append(out, child.Slices...)
				continue
			}
			for _, s := range child.Slices {
				if len(s.Types) > 0 && len(s.Types[0].Profiles) > 0 && s.Types[0].Profiles[0] == url {
					out = append(out, s)
				}
			}
		}
	}
	return out
}

func (c *check) childrenOf(e *definition.Element) []*definition.Element {
	list := e.Children
	for _, t := range e.Types {
		for _, url := range t.Profiles {
			if p := c.table.Profile(url); p != nil {
				list = append(list[:len(list):len(list)], p.Root.Children...)
			}
		}
	}
	return list
}
