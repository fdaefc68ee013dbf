package store

import (
	"maps"
	"slices"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/codes"
)

// prefixSystems are code systems whose codes begin with the code above them, from
// the shortest code on.
var prefixSystems = map[string]int{"http://hl7.org/fhir/sid/icd-10-cm": 3, "http://hl7.org/fhir/sid/icd-10": 3, "http://hl7.org/fhir/sid/icd-9-cm": 3}

// tokenUnder is :below and :above: a code and all that it subsumes, or all that
// subsume it, by the hierarchy that its system publishes or that its codes show.
func (b *builder) tokenUnder(name, modifier, value string) (cond, error) {
	parts := splitEscaped(value, '|')
	code := unescape(parts[len(parts)-1])
	url := unescape(strings.Join(parts[:len(parts)-1], "|"))
	tables, err := codes.Load()
	if err != nil {
		return cond{}, err
	}
	if shortest, ok := prefixSystems[url]; ok {
		return b.tokenPrefix(name, modifier, url, code, shortest)
	}
	systems := []*codes.System{tables.System(url)}
	if len(parts) == 1 {
		systems = tables.With(code)
	}
	var conds []cond
	for _, s := range systems {
		if s == nil {
			continue
		}
		all := s.Below(code)
		if modifier == "above" {
			all = s.Above(code)
		}
		c, err := b.tokenAmong(name, map[string][]string{s.URL: all})
		if err != nil {
			return cond{}, err
		}
		conds = append(conds, c)
	}
	if len(conds) == 0 {
		return cond{}, refuse(NotSupported, "the hierarchy of the code's system is not known here")
	}
	return either(conds), nil
}

func (b *builder) tokenPrefix(name, modifier, url, code string, shortest int) (cond, error) {
	system, err := b.system(url)
	if err != nil || len(code) < shortest {
		return cond{sel: noRows}, err
	}
	if modifier == "below" {
		return b.rows(tokens, name, "(code = ? OR code >= ? AND code < ?) AND system = ?", code, code, code+"\U0010FFFF", system), nil
	}
	args := []any{}
	for n := shortest; n <= len(code); n++ {
		args = append(args, strings.TrimSuffix(code[:n], "."))
	}
	where := "code IN (" + marks(len(args)) + ") AND system = ?"
	return b.rows(tokens, name, where, append(args, system)...), nil
}

// maxSetCodes bounds the value sets that :in can look through.
const maxSetCodes = 5000

// tokenIn is :in, over the value sets that R4 and US Core publish with their
// codes.
func (b *builder) tokenIn(name, url string) (cond, error) {
	tables, err := codes.Load()
	if err != nil {
		return cond{}, err
	}
	set := tables.Set(unescape(url))
	if set == nil {
		return cond{}, refuse(NotSupported, "the value set is not known here")
	}
	all := map[string][]string{}
	for _, p := range set.Parts {
		list := slices.Clip(p.Codes)
		if s := tables.System(p.System); p.Whole && s != nil {
			for _, c := range s.Concepts {
				list = append(list, c.Code)
			}
		}
		if p.Open {
			return cond{}, refuse(NotSupported, "the codes of the value set are not known here")
		}
		all[p.System] = append(all[p.System], list...)
	}
	return b.tokenAmong(name, all)
}

// tokenAmong is any of the codes of systems. Elements of type code, whose system
// only their definition tells, have no system in some rows.
func (b *builder) tokenAmong(name string, all map[string][]string) (cond, error) {
	var where []string
	var args []any
	for _, url := range slices.Sorted(maps.Keys(all)) {
		list := all[url]
		if len(list) == 0 {
			continue
		}
		if len(args)+len(list) > maxSetCodes {
			return cond{}, refuse(NotSupported, "there are too many codes to search by")
		}
		number, err := b.system(url)
		if err != nil {
			return cond{}, err
		}
		where = append(where, "system IN (0, ?) AND code IN ("+marks(len(list))+")")
		args = append(args, number)
		for _, c := range list {
			args = append(args, c)
		}
	}
	if len(where) == 0 {
		return cond{sel: noRows}, nil
	}
	return b.rows(tokens, name, "("+strings.Join(where, " OR ")+")", args...), nil
}
