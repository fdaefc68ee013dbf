package store

import (
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/fhirpath"
	"github.com/paperchart/paperchart/internal/fhir/model"
)

// A contained resource is found by chains that lead to it, and by nothing else (R4
// search.html#contained). Its rows are its container's, and their names begin with
// that of the reference to it: MedicationRequest.medication#Medication.code. Beside
// them, a token without the second name says of which type it is. Composites have
// no such rows.
const containedSuffix = "#"

// holding are the contained resources of one, by their ids.
type holding map[string]*model.Node

func containedIn(root *model.Node) holding {
	list := root.Get("contained")
	if list == nil {
		return nil
	}
	all := holding{}
	for _, n := range items(list) {
		if id := n.Str("id"); id != "" && n.ResourceType() != "" {
			all[id] = n
		}
	}
	return all
}

// resolve answers references to what is contained, and has others answered.
func (h holding) resolve(others func(string) *model.Node) func(string) *model.Node {
	return func(ref string) *model.Node {
		if id, ok := strings.CutPrefix(ref, "#"); ok {
			return h[id]
		}
		return others(ref)
	}
}

// of is what a reference leads to, nil where that is not contained.
func (h holding) of(v fhirpath.Value) *model.Node {
	id, ok := strings.CutPrefix(v.Node().Str("reference"), "#")
	if !ok {
		return nil
	}
	return h[id]
}

// containedRows are those of a contained resource to which the parameter leads.
func (x *indexer) containedRows(all []row, name string, n *model.Node, env *fhirpath.Env) []row {
	if n == nil {
		return all
	}
	name += containedSuffix
	all = append(all, row{kind: tokens, param: name, text: n.ResourceType()})
	for _, p := range x.planned(n.ResourceType()) {
		if p.def.Type == "composite" {
			continue
		}
		_ = p.expr.Each(n, env, func(v fhirpath.Value) bool {
			all = x.planRows(all, p, name+p.name, v)
			return true
		})
	}
	return all
}

// within is a condition on contained resources of a type to which a parameter
// leads; ok is false where there are none.
func (b *builder) within(name, typ, rest, value string) (c cond, ok bool, err error) {
	if number, err := b.s.known(b.c, name+containedSuffix); err != nil || number < 0 {
		return cond{}, false, err
	}
	b.inside = name + containedSuffix
	c, err = b.clause(typ, Param{rest, value})
	b.inside = ""
	if err != nil || !c.not {
		return c, err == nil, err
	}
	number, err := b.s.known(b.c, name+containedSuffix)
	return cond{sel: "SELECT x.rid FROM token_index x WHERE x.param = ? AND x.code = ? AND " + c.where(),
		args: append([]any{number, typ}, c.args...)}, err == nil, err
}
