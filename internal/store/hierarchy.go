package store

import (
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
		if s == nil || !s.Complete {
			continue // what is below a code can't be told from a part of the system
		}
		all := s.Below(code)
		if modifier == "above" {
			all = s.Above(code)
		}
		c, err := b.tokenAmong(name, valueSet{s.URL: {codes: all}})
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
