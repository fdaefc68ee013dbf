package definition

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

//go:embed r4.bin
var embedded []byte

var load = sync.OnceValues(func() (*Table, error) { return parse(embedded) })

// Load returns the embedded table. The first call takes some tens of
// milliseconds, the others nothing; it may be called from any goroutine. It
// fails only where the binary is damaged.
func Load() (*Table, error) { return load() }

func parse(data []byte) (*Table, error) {
	s, err := read(data)
	if err != nil {
		return nil, err
	}
	return link(s), nil
}

func link(s *Source) *Table {
	t := &Table{
		types:        make(map[string]*Type, len(s.Types)),
		profiles:     make(map[string]*Profile, len(s.Profiles)),
		valueSets:    make(map[string]*ValueSet, len(s.ValueSets)),
		codeSystems:  make(map[string][]string, len(s.CodeSystems)),
		compartments: make(map[string]*Compartment, len(s.Compartments)),
	}
	for _, x := range s.Types {
		t.types[x.Name] = x
		if x.Kind == KindResource && !x.Abstract {
			t.resources = append(t.resources, x.Name)
		}
	}
	slices.Sort(t.resources)
	for _, x := range s.Types {
		t.linkType(x)
	}
	for _, p := range s.Profiles {
		t.profiles[p.URL] = p
		t.linkTypes(p.Root)
	}
	for _, v := range s.ValueSets {
		v.link()
		t.valueSets[v.URL] = v
	}
	for _, c := range s.CodeSystems {
		t.codeSystems[c.URL] = c.Codes
	}
	for _, c := range s.Compartments {
		t.compartments[c.Name] = c
	}
	t.linkSearch(s.Search)
	return t
}

func (t *Table) linkType(x *Type) {
	for b := t.types[x.Base]; b != nil; b = t.types[b.Base] {
		x.parents = append(x.parents, b.Name)
	}
	t.linkTypes(x.Root)
	linkContent(x.Root, x.Root)
	linkNames(x.Root)
}

// linkTypes points the type references of an element and those below it to
// their definitions.
func (t *Table) linkTypes(e *Element) {
	for i := range e.Types {
		e.Types[i].Def = t.types[e.Types[i].Name]
	}
	for _, c := range e.Children {
		t.linkTypes(c)
	}
	for _, s := range e.Slices {
		t.linkTypes(s)
	}
}

// linkContent gives the elements that repeat another's content its children.
func linkContent(root, e *Element) {
	for _, c := range e.Children {
		if c.ContentRef == "" {
			linkContent(root, c)
			continue
		}
		if target := root.at(c.ContentRef); target != nil {
			c.Types, c.Children, c.Constraints = target.Types, target.Children, target.Constraints
			c.byName = target.names()
		}
	}
}

// at finds an element by a dotted path below this one.
func (e *Element) at(path string) *Element {
	for step := range strings.SplitSeq(path, ".") {
		i := slices.IndexFunc(e.Children, func(c *Element) bool { return c.Name == step })
		if i < 0 {
			return nil
		}
		e = e.Children[i]
	}
	return e
}

// names makes the map of member names once; elements that repeat another's
// content share it.
func (e *Element) names() map[string]Child {
	if e.byName == nil {
		e.byName = make(map[string]Child, len(e.Children))
	}
	return e.byName
}

func linkNames(e *Element) {
	if len(e.Children) == 0 || len(e.names()) > 0 {
		return
	}
	for i, c := range e.Children {
		if !c.Choice {
			x := Child{Element: c, Index: i}
			if len(c.Types) > 0 {
				x.Type = &c.Types[0]
			}
			e.byName[c.Name] = x
		}
		for j := range c.Types {
			if c.Choice {
				n := c.Types[j].Name
				e.byName[c.Name+strings.ToUpper(n[:1])+n[1:]] = Child{Element: c, Type: &c.Types[j], Index: i}
			}
		}
		linkNames(c)
	}
}

// Elements returns every element of every type and profile, in no order: for
// tests and tools.
func (t *Table) Elements() []*Element {
	var out []*Element
	var walk func(*Element)
	walk = func(e *Element) {
		out = append(out, e)
		if e.ContentRef != "" {
			return
		}
		for _, c := range e.Children {
			walk(c)
		}
		for _, s := range e.Slices {
			walk(s)
		}
	}
	for _, x := range t.types {
		walk(x.Root)
	}
	for _, x := range t.profiles {
		walk(x.Root)
	}
	return out
}
