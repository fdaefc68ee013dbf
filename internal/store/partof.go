package store

import (
	"slices"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/definition"
)

// maxPartsOf bounds the resources of a hierarchy that a search goes through.
const maxPartsOf = 5000

// hierarchy is :below and :above on references: what refers to a resource, or to
// what is part of it or what it is part of (R4 search.html#recursive).
func (b *builder) hierarchy(name, modifier string, types []string, id string) (cond, error) {
	var all []any
	known := false
	if len(types) == 0 {
		types = b.s.table.Resources()
	}
	for _, typ := range types {
		def := b.partOf(typ)
		if def == nil {
			continue
		}
		known = true
		rids, err := b.targets([]string{typ}, id)
		if err != nil {
			return cond{}, err
		}
		if rids, err = b.walk(typ+"."+def.Code, modifier, rids); err != nil {
			return cond{}, err
		}
		all = append(all, rids...)
	}
	switch {
	case !known:
		return cond{}, refuse(NotSupported, "what the reference leads to is in no hierarchy")
	case len(all) == 0:
		return b.rows(references, name, "1 = 0"), nil
	}
	return b.rows(references, name, "target IN ("+marks(len(all))+")", all...), nil
}

// partOf is the parameter of a type that makes it a hierarchy, nil where none does.
func (b *builder) partOf(typ string) *definition.SearchParam {
	for _, code := range []string{"partof", "part-of"} {
		def := b.s.table.SearchParam(typ, code)
		if def != nil && def.Type == "reference" && slices.Contains(def.Targets, typ) && strings.HasPrefix(def.Expression, typ+".partOf") {
			return def
		}
	}
	return nil
}

// walk follows a hierarchy from some resources to its end; circles are met once.
func (b *builder) walk(name, modifier string, from []any) ([]any, error) {
	param, err := b.s.known(b.c, name)
	if err != nil {
		return nil, err
	}
	sel := "SELECT rid FROM reference_index WHERE param = ? AND target = ?"
	if modifier == "above" {
		sel = "SELECT target FROM reference_index WHERE param = ? AND rid = ?"
	}
	seen := map[any]bool{}
	all := slices.Clone(from)
	for i := 0; i < len(all); i++ {
		if seen[all[i]] {
			continue
		}
		seen[all[i]] = true
		if len(seen) > maxPartsOf {
			return nil, refuse(TooCostly, "the hierarchy has more than %d parts", maxPartsOf)
		}
		err := b.c.run(sel, []any{param, all[i]}, func(row columns) error {
			if next := any(row.Int64(0)); !seen[next] {
				all = append(all, next)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}
