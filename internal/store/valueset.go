package store

import (
	"maps"
	"slices"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/codes"
	"github.com/paperchart/paperchart/internal/fhir/model"
)

// maxSetCodes bounds the codes that :in can look for, maxSetDepth how deep value
// sets may be made of value sets.
const (
	maxSetCodes = 5000
	maxSetDepth = 8
	// Only systems of up to so many codes are those of elements of type code.
	maxSmallSystem = 1000
)

// valueSet is what :in looks for, by code system.
type valueSet map[string]*ofSystem

// ofSystem is a list of codes, or whole the system without some.
type ofSystem struct {
	whole bool
	codes []string
	but   []string
}

func (v valueSet) at(system string) *ofSystem {
	if v[system] == nil {
		v[system] = &ofSystem{}
	}
	return v[system]
}

func (v valueSet) add(other valueSet) {
	for system, o := range other {
		to := v.at(system)
		to.whole = to.whole || o.whole
		to.codes, to.but = append(to.codes, o.codes...), append(to.but, o.but...)
	}
}

// drop takes codes out that are excluded.
func (v valueSet) drop(other valueSet) {
	for system, o := range other {
		from := v[system]
		switch {
		case from == nil:
		case o.whole:
			delete(v, system)
		case from.whole:
			from.but = append(from.but, o.codes...)
		default:
			from.codes = slices.DeleteFunc(from.codes, func(c string) bool { return slices.Contains(o.codes, c) })
		}
	}
}

var errSet = refuse(NotSupported, "the value set is not known here")

// tokenIn is :in, over stored value sets, by id or URL, and those that R4 and US
// Core publish with their codes.
func (b *builder) tokenIn(name, url string) (cond, error) {
	set, err := b.valueSet(unescape(url), 0)
	if err != nil {
		return cond{}, err
	}
	return b.tokenAmong(name, set)
}

func (b *builder) valueSet(url string, depth int) (valueSet, error) {
	if depth > maxSetDepth {
		return nil, refuse(TooCostly, "the value set is made of value sets too many times over, or of itself")
	}
	root, err := b.storedSet(url)
	if err != nil || root != nil {
		return b.composed(root, depth, err)
	}
	tables, err := codes.Load()
	if err != nil {
		return nil, err
	}
	set := tables.Set(url)
	if set == nil {
		return nil, errSet
	}
	all := valueSet{}
	for _, p := range set.Parts {
		if p.Open {
			return nil, refuse(NotSupported, "the codes of the value set are not known here")
		}
		of := all.at(p.System)
		of.whole = of.whole || p.Whole
		of.codes = append(of.codes, p.Codes...)
	}
	return all, nil
}

// storedSet is a ValueSet of this store, nil where there is none.
func (b *builder) storedSet(reference string) (*model.Node, error) {
	if b.base != "" {
		reference = strings.TrimPrefix(reference, strings.TrimSuffix(b.base, "/")+"/")
	}
	url, version, _ := strings.Cut(reference, "|")
	number, err := b.s.known(b.c, "ValueSet")
	if err != nil {
		return nil, err
	}
	find, args := "SELECT rid FROM uri_index WHERE param = ? AND uri = ?", []any{int64(-1), b.c.dialect().key(url)}
	if typ, id := b.s.index.splitReference(reference); typ == "ValueSet" {
		find, args = "SELECT rid FROM resource WHERE type = ? AND id = ?", []any{number, id}
	} else if args[0], err = b.s.known(b.c, "ValueSet.url"); err != nil {
		return nil, err
	}
	var root *model.Node
	err = b.c.run("SELECT body FROM resource WHERE type = ? AND live = 1 AND rid IN ("+find+") ORDER BY rid DESC", append([]any{number}, args...), func(row columns) error {
		stored, err := decompress(row.Blob(0))
		if err != nil {
			return err
		}
		parsed, err := b.s.parse(unstamped("ValueSet", "x", stored))
		if err == nil && root == nil && (version == "" || parsed.root.Str("version") == version) {
			root = parsed.root
		}
		return err
	})
	return root, err
}

// composed works out what a ValueSet resource has.
func (b *builder) composed(root *model.Node, depth int, err error) (valueSet, error) {
	if err != nil {
		return nil, err
	}
	all := valueSet{}
	compose := root.Get("compose")
	if compose.Get("include") == nil {
		all.listed(root.Get("expansion").Get("contains"))
		return all, nil
	}
	for _, c := range items(compose.Get("include")) {
		part, err := b.setClause(c, depth)
		if err != nil {
			return nil, err
		}
		all.add(part)
	}
	for _, c := range items(compose.Get("exclude")) {
		part, err := b.setClause(c, depth)
		if err != nil {
			return nil, err
		}
		all.drop(part)
	}
	return all, nil
}

// listed adds the codes of an expansion, at all its levels.
func (v valueSet) listed(list *model.Node) {
	for _, c := range items(list) {
		if code := c.Str("code"); code != "" && !(c.Get("abstract") != nil && c.Get("abstract").Text == "true") {
			of := v.at(c.Str("system"))
			of.codes = append(of.codes, code)
		}
		v.listed(c.Get("contains"))
	}
}

// setClause is what one clause includes or excludes.
func (b *builder) setClause(c *model.Node, depth int) (valueSet, error) {
	sets, system := items(c.Get("valueSet")), c.Str("system")
	switch {
	case len(sets) == 1 && system == "":
		return b.valueSet(sets[0].Text, depth+1)
	case len(sets) > 0 || system == "":
		return nil, refuse(NotSupported, "value sets made of what several sets have in common are not searched by")
	}
	all := valueSet{}
	of := all.at(system)
	for _, n := range items(c.Get("concept")) {
		of.codes = append(of.codes, n.Str("code"))
	}
	filters := items(c.Get("filter"))
	of.whole = len(of.codes) == 0 && len(filters) == 0
	if len(filters) == 0 {
		return all, nil
	}
	tables, err := codes.Load()
	if err != nil {
		return nil, err
	}
	s, f := tables.System(system), filters[0]
	if op := f.Str("op"); s == nil || len(filters) > 1 || f.Str("property") != "concept" || op != "is-a" && op != "descendent-of" {
		return nil, refuse(NotSupported, "the value set has a filter that is not searched by")
	}
	of.codes = s.Below(f.Str("value"))
	if f.Str("op") == "descendent-of" && len(of.codes) > 0 {
		of.codes = of.codes[1:]
	}
	return all, nil
}

// tokenAmong is any of the codes of systems. Elements of type code, whose system
// only their definition tells, have no system in some rows.
func (b *builder) tokenAmong(name string, set valueSet) (cond, error) {
	tables, err := codes.Load()
	if err != nil {
		return cond{}, err
	}
	var where []string
	var args []any
	for _, url := range slices.Sorted(maps.Keys(set)) {
		of := set[url]
		number, err := b.system(url)
		if err != nil {
			return cond{}, err
		}
		if of.whole {
			where = append(where, "system = ?"+butNot(of.but))
			args = append(append(args, number), anys(of.but)...)
			if s := tables.System(url); s != nil && len(s.Concepts) <= maxSmallSystem {
				for _, c := range s.Concepts {
					if !slices.Contains(of.but, c.Code) {
						of.codes = append(of.codes, c.Code)
					}
				}
			}
		}
		if len(of.codes) > 0 {
			where = append(where, "system IN (0, ?) AND code IN ("+marks(len(of.codes))+")")
			args = append(append(args, number), anys(of.codes)...)
		}
	}
	if len(args) > maxSetCodes {
		return cond{}, refuse(NotSupported, "there are too many codes to search by")
	}
	if len(where) == 0 {
		return cond{sel: noRows}, nil
	}
	return b.rows(tokens, name, "("+strings.Join(where, " OR ")+")", args...), nil
}

func butNot(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return " AND code NOT IN (" + marks(len(list)) + ")"
}

func anys(list []string) []any {
	all := make([]any, len(list))
	for i, s := range list {
		all[i] = s
	}
	return all
}
