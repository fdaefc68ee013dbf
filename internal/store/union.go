package store

import (
	"slices"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/definition"
)

// Some parameters are others put together: Observation's combo-code is its code and
// its component-code, phonetic is name. They have no rows of their own and are
// searched in those of the others.

// unions returns such parameters of a type, by code, with what they are made of.
func (x *indexer) unions(typ string) map[string][]string {
	if u, ok := x.unionsOf.Load(typ); ok {
		return u.(map[string][]string)
	}
	all := x.table.SearchParams(typ)
	made := map[string][]string{}
	for _, def := range all {
		if of := x.unionOf(typ, def, all); of != nil {
			made[def.Code] = of
		}
	}
	x.unionsOf.Store(typ, made)
	return made
}

// unionOf are the parameters whose alternatives are together those of def; nil
// where there are none.
func (x *indexer) unionOf(typ string, def definition.SearchParam, all []definition.SearchParam) []string {
	if k, ok := kindOf(def.Type); !ok || k == references || def.Expression == "" || strings.HasPrefix(def.Code, "_") {
		return nil
	}
	left := alternatives(def.Expression)
	whole := len(left)
	var of []string
	for _, o := range all {
		theirs := alternatives(o.Expression)
		if o.Code == def.Code || o.Type != def.Type || len(theirs) > whole || len(theirs) == whole && o.Code > def.Code ||
			x.ofStrings(typ, &o) != x.ofStrings(typ, &def) || !slices.ContainsFunc(theirs, func(e string) bool { return slices.Contains(left, e) }) {
			continue
		}
		if slices.ContainsFunc(theirs, func(e string) bool { return !slices.Contains(alternatives(def.Expression), e) }) {
			continue
		}
		of = append(of, o.Code)
		left = slices.DeleteFunc(left, func(e string) bool { return slices.Contains(theirs, e) })
	}
	if len(left) > 0 {
		return nil
	}
	return of
}

func alternatives(expression string) []string {
	var all []string
	for e := range strings.SplitSeq(expression, "|") {
		all = append(all, strings.TrimSpace(e))
	}
	return all
}

// stored are the names of the rows that a name, Type.code with or without a suffix,
// stands for.
func (x *indexer) stored(name string) []string {
	typ, rest, _ := strings.Cut(name, ".")
	code, suffix := rest, ""
	if i := strings.IndexAny(rest, ":$#"); i >= 0 {
		code, suffix = rest[:i], rest[i:]
	}
	of := x.unions(typ)[code]
	if of == nil {
		return []string{name}
	}
	all := make([]string, len(of))
	for i, c := range of {
		all[i] = typ + "." + c + suffix
	}
	return all
}
