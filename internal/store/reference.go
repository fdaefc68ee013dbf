package store

import (
	"slices"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/fhirpath"
	"github.com/paperchart/paperchart/internal/fhir/model"
)

// referenceRows leads to a resource of this store where the reference is
// relative or begins with the store's own address; other references, and
// canonicals, are kept as they are written.
func (x *indexer) referenceRows(all []row, name string, v fhirpath.Value) []row {
	n := v.Node()
	ref := v.String()
	if n != nil && n.Kind == model.Object {
		ref = n.Str("reference")
		if typ := n.ResourceType(); typ != "" { // a resource in a Bundle
			return append(all, row{kind: references, param: name, text: n.Str("id"), system: typ})
		}
		if id := n.Get("identifier"); id != nil && (id.Str("value") != "" || id.Str("system") != "") {
			all = append(all, row{kind: tokens, param: name + identifierSuffix, text: id.Str("value"), system: id.Str("system")})
		}
	}
	if ref == "" || strings.HasPrefix(ref, "#") {
		return all
	}
	typ, id := x.splitReference(ref)
	if typ == "" {
		return uriRow(all, name, ref, n == nil || n.Kind != model.Object)
	}
	return append(all, row{kind: references, param: name, text: id, system: typ})
}

// splitReference is the type and id of a reference to a resource of this store;
// type is empty for any other.
func (x *indexer) splitReference(ref string) (typ, id string) {
	if x.base != "" {
		ref = strings.TrimPrefix(ref, x.base)
	}
	typ, rest, ok := strings.Cut(ref, "/")
	id, _, _ = strings.Cut(rest, "/_history/")
	if !ok || x.table.Resource(typ) == nil || !idPattern.MatchString(id) {
		return "", ref
	}
	return typ, id
}

// resolvesTo is the type in ".where(resolve() is TYPE)", which is told by the
// reference itself.
func resolvesTo(expression string) (string, bool) {
	_, rest, ok := strings.Cut(expression, "resolve() is ")
	typ, _, _ := strings.Cut(rest, ")")
	return typ, ok
}

// targetsOf are the types that a reference parameter may lead to; none means any.
func targetsOf(def *definition.SearchParam) []string {
	if only, ok := resolvesTo(def.Expression); ok {
		return []string{only}
	}
	return def.Targets
}

func (b *builder) reference(typ string, def *definition.SearchParam, modifier, value string) (cond, error) {
	name := typ + "." + def.Code
	if modifier == "identifier" {
		return b.tokenIs(name+identifierSuffix, value)
	}
	value = unescape(value)
	if b.base != "" {
		value = strings.TrimPrefix(value, strings.TrimSuffix(b.base, "/")+"/")
	}
	target, id := b.s.index.splitReference(value)
	types := targetsOf(def)
	switch {
	case modifier == "above" || modifier == "below":
		if target != "" {
			types = []string{target}
		}
		if idPattern.MatchString(id) {
			return b.hierarchy(name, modifier, types, id)
		}
		if modifier == "below" && strings.Contains(value, "|") {
			return b.ofVersion(name, value), nil
		}
		return b.rows(uris, name, "uri = ?", value).sorted(), nil
	case modifier != "" && b.s.table.Resource(modifier) == nil:
		return cond{}, b.noModifier(def, modifier)
	case modifier != "" && target != "" && target != modifier:
		return b.rows(references, name, "1 = 0"), nil
	case target != "":
		types = []string{target}
	case modifier != "":
		types = []string{modifier}
	}
	if target == "" && !idPattern.MatchString(id) {
		return b.rows(uris, name, "uri = ?", value).sorted(), nil
	}
	if b.c.dialect().remote && len(types) == 1 {
		number, err := b.s.known(b.c, types[0])
		c := b.rows(references, name, "target = (SELECT rid FROM resource WHERE type = ? AND id = ?)", number, id).sorted()
		c.few = types[0] == "Patient"
		return c, err
	}
	rids, err := b.targets(types, id)
	if err != nil {
		return cond{}, err
	}
	switch len(rids) {
	case 0:
		return b.rows(references, name, "1 = 0"), nil
	case 1:
		c := b.rows(references, name, "target = ?", rids...).sorted()
		c.few = slices.Equal(types, []string{"Patient"})
		return c, nil
	}
	return b.rows(references, name, "target IN ("+marks(len(rids))+")", rids...), nil
}

// targets are the resources of these types that have the id.
func (b *builder) targets(types []string, id string) ([]any, error) {
	if len(types) == 0 {
		types = b.s.table.Resources()
	}
	args := []any{id}
	for _, t := range types {
		number, err := b.s.known(b.c, t)
		if err != nil {
			return nil, err
		}
		if number >= 0 {
			args = append(args, number)
		}
	}
	if len(args) == 1 {
		return nil, nil
	}
	var rids []any
	err := b.c.run("SELECT rid FROM resource WHERE id = ? AND type IN ("+marks(len(args)-1)+") ORDER BY rid", args, func(row columns) error {
		rids = append(rids, row.Int64(0))
		return nil
	})
	return rids, err
}
