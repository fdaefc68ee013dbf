package validate

import (
	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/model"
)

// bound checks a coded value against its binding.
func (c *check) bound(n *model.Node, b *definition.Binding) {
	if b == nil {
		return
	}
	set := c.table.ValueSet(b.ValueSet)
	if set == nil {
		return
	}
	switch n.Kind {
	case model.String:
		if b.Strength == definition.Required && set.Has("", n.Text) == definition.No {
			c.report(Error, "code-invalid", n, "The code %.64q is not in the required value set %s.", n.Text, b.ValueSet)
		}
	case model.Object:
		c.boundObject(n, b, set)
	}
}

func (c *check) boundObject(n *model.Node, b *definition.Binding, set *definition.ValueSet) {
	if n.Type == nil || n.Type.Kind == definition.KindPrimitive {
		return
	}
	codings := []*model.Node{n}
	if n.Type.Name == "CodeableConcept" {
		codings = items(n.Get("coding"))
	}
	best := definition.No
	for _, coding := range codings {
		switch a := c.has(set, coding.Str("system"), coding.Str("code")); {
		case a == definition.Yes:
			return
		case a == definition.Unknown:
			best = a
		}
	}
	if best == definition.Unknown {
		return
	}
	severity := Error
	if set.Advisory {
		severity = Warning
	}
	switch {
	case b.Strength == definition.Required && (len(codings) > 0 || !hasDataAbsent(n)):
		c.report(severity, "code-invalid", n, "None of the codes here is in the required value set %s.", b.ValueSet)
	case b.Strength == definition.Extensible && len(codings) > 0:
		c.report(Warning, "code-invalid", n, "None of the codes here is in the value set %s; others are meant only where none of its codes fits.", b.ValueSet)
	}
}

func hasDataAbsent(n *model.Node) bool { return n.Get("extension") != nil }

// has asks the value set. A coding without a system or a code can belong to no
// set: it gets the benefit of the doubt only where the set is open.
func (c *check) has(set *definition.ValueSet, system, code string) definition.Answer {
	if system == "" || code == "" {
		if set.Open {
			return definition.Unknown
		}
		return definition.No
	}
	return set.Has(system, code)
}

func (c *check) memberOf(valueSet, system, code string) (member, known bool) {
	set := c.table.ValueSet(valueSet)
	if set == nil {
		return false, false
	}
	a := set.Has(system, code)
	return a == definition.Yes, a != definition.Unknown
}

// items returns the items of an array, or the value alone where it is none.
func items(n *model.Node) []*model.Node {
	if n == nil {
		return nil
	}
	if n.Kind != model.Array {
		return []*model.Node{n}
	}
	var out []*model.Node
	for c := n.First; c != nil; c = c.Next {
		out = append(out, c)
	}
	return out
}
