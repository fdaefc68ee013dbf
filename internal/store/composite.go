package store

import (
	"strconv"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/fhirpath"
	"github.com/paperchart/paperchart/internal/fhir/model"
)

// A composite finds values that stand together. A resource with one such place
// is found by the parameters of the parts; one with several, such as a blood
// pressure, has rows whose resource number is that of the place:
// rid<<itemBits | item.
const itemBits = 10

// component is one part of a composite.
type component struct {
	def  *definition.SearchParam
	expr *fhirpath.Expr
	name string // of its rows
}

// componentsOf pairs the parts with the parameters that give them their type.
// (R4 has the two of DocumentReference.relationship crossed.)
func (x *indexer) componentsOf(typ string, def definition.SearchParam) []component {
	var all []component
	for i, c := range def.Components {
		sibling := x.table.SearchParam(typ, c.Code)
		for _, other := range def.Components {
			if o := x.table.SearchParam(typ, other.Code); o != nil && sibling != nil &&
				!strings.Contains(sibling.Expression, "."+c.Expression) && strings.HasSuffix(o.Expression, "."+c.Expression) {
				sibling = o
			}
		}
		e, err := x.engine.Compile(strings.ReplaceAll(c.Expression, "as(DateTime)", "as(dateTime)"))
		if sibling == nil || err != nil {
			return nil
		}
		all = append(all, component{sibling, e, typ + "." + def.Code + manySuffix + strconv.Itoa(i)})
	}
	return all
}

func (x *indexer) compositeRows(all []row, p plan, root *model.Node, env *fhirpath.Env) []row {
	var places []*model.Node
	_ = p.expr.Each(root, env, func(v fhirpath.Value) bool {
		if n := v.Node(); n != nil && len(places) < 1<<itemBits-1 {
			places = append(places, n)
		}
		return true
	})
	if len(places) < 2 || p.components == nil {
		return all
	}
	all = append(all, row{kind: tokens, param: p.name + manySuffix, text: "many"})
	for i, place := range places {
		var found []row
		for _, c := range p.components {
			before := len(found)
			_ = c.expr.Each(place, env, func(v fhirpath.Value) bool {
				found = x.valueRows(found, c.def.Type, c.name, v)
				return true
			})
			if len(found) == before {
				found = nil
				break // a part is missing: the place matches nothing
			}
		}
		for _, r := range found {
			r.item = int64(i + 1)
			all = append(all, r)
		}
	}
	return all
}

func (b *builder) composite(typ string, def *definition.SearchParam, value string) (cond, error) {
	parts := splitEscaped(value, '$')
	components := b.s.index.componentsOf(typ, *def)
	if len(parts) != len(components) {
		return cond{}, refuse(Invalid, "%s has %d parts, separated by $", def.Code, len(def.Components))
	}
	var plain, placed []cond
	for i, part := range parts {
		c := components[i]
		p, err := b.value(typ, c.def, "", part)
		if err != nil {
			return cond{}, err
		}
		at := *c.def
		at.Code = def.Code + manySuffix + strconv.Itoa(i)
		q, err := b.value(typ, &at, "", part)
		if err != nil {
			return cond{}, err
		}
		plain, placed = append(plain, p), append(placed, q)
	}
	many := b.rows(tokens, typ+"."+def.Code+manySuffix, "code = 'many'")
	one := intersect(plain)
	one.sel = "SELECT rid FROM (" + one.sel + ") AS every EXCEPT " + many.sel
	one.args = append(one.args, many.args...)
	place := intersect(placed)
	sel := "SELECT rid FROM (" + one.sel + ") AS one UNION SELECT rid >> " + strconv.Itoa(itemBits) + " FROM (" + place.sel + ") AS place"
	return cond{sel: sel, args: append(one.args, place.args...)}, nil
}

func intersect(conds []cond) cond {
	var out cond
	for i, c := range conds {
		if i > 0 {
			out.sel += " INTERSECT "
		}
		out.sel += c.sel
		out.args = append(out.args, c.args...)
	}
	return out
}
