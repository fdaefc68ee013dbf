package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/definition"
)

// completer knows what a query can be: types, their parameters with modifiers and
// chains, and the values of those that name parameters. It is from what this
// program knows of FHIR, so that it is quick.
type completer struct{ table *definition.Table }

func newCompleter() (completer, error) {
	table, err := definition.Load()
	return completer{table}, err
}

// controls are the parameters that every type takes besides its own.
var controls = []string{"_count=", "_sort=", "_include=", "_include:iterate=", "_revinclude=", "_revinclude:iterate=", "_summary=", "_elements=", "_total=", "_has:"}

// values are those of parameters that have few.
var values = map[string][]string{"_summary": {"true", "text", "data", "count", "false"}, "_total": {"none", "estimate", "accurate"}}

// modifiers by the type of the parameter; for references, types come besides.
var modifiers = map[string][]string{
	"string": {"exact", "contains", "text"}, "token": {"not", "text", "in", "not-in", "below", "above", "of-type"},
	"reference": {"identifier", "below", "above"}, "uri": {"below", "above"},
}

// complete completes the word before the cursor; where several are possible it
// adds what they share and lists them.
func (c completer) complete(list io.Writer, line string, pos int) (string, int, bool) {
	head, tail := line[:pos], line[pos:]
	begin, found := c.candidates(head)
	if len(found) == 0 {
		return line, pos, true
	}
	word := common(found)
	if len(found) > 1 && word == head[begin:] {
		fmt.Fprintln(list, strings.Join(found, "  "))
	}
	head = head[:begin] + word
	return head + tail, len(head), true
}

// candidates are what may stand in place of the end of a query, from begin on.
func (c completer) candidates(query string) (begin int, all []string) {
	kind, params, ok := strings.Cut(query, "?")
	if !ok {
		for _, t := range c.table.Resources() {
			all = append(all, t+"?")
		}
		return 0, matching(all, query)
	}
	word := params[strings.LastIndexByte(params, '&')+1:]
	name, value, isValue := strings.Cut(word, "=")
	if isValue {
		value = value[strings.LastIndexByte(value, ',')+1:]
		dash := strings.HasPrefix(value, "-") && name == "_sort"
		return len(query) - len(value), matching(c.valuesOf(kind, name, dash), value)
	}
	before, last := c.linkEnd(kind, name)
	if before == nil {
		return 0, nil
	}
	return len(query) - len(last), matching(c.namesOf(before, last), last)
}

func matching(all []string, word string) []string {
	slices.Sort(all)
	all = slices.Compact(all)
	return slices.DeleteFunc(all, func(s string) bool { return !strings.HasPrefix(s, word) })
}

// linkEnd follows the chain of a name to its last link, and tells of which types
// that is.
func (c completer) linkEnd(kind, name string) (types []string, last string) {
	types = []string{kind}
	for {
		if rest, ok := strings.CutPrefix(name, "_has:"); ok {
			parts := strings.SplitN(rest, ":", 3)
			if len(parts) < 3 {
				return types, name
			}
			types, name = []string{parts[0]}, parts[2]
			continue
		}
		link, rest, ok := strings.Cut(name, ".")
		if !ok {
			return types, name
		}
		code, target, _ := strings.Cut(link, ":")
		if types = c.targets(types, code); target != "" {
			types = []string{target}
		}
		name = rest
	}
}

// targets are the types that a reference of some types leads to.
func (c completer) targets(types []string, code string) []string {
	var all []string
	for _, t := range types {
		if p := c.table.SearchParam(t, code); p != nil && p.Type == "reference" {
			if only, ok := resolvesOnlyTo(p.Expression); ok {
				all = append(all, only)
				continue
			}
			all = append(all, p.Targets...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// resolvesOnlyTo is the type in ".where(resolve() is TYPE)".
func resolvesOnlyTo(expression string) (string, bool) {
	_, rest, ok := strings.Cut(expression, "resolve() is ")
	only, _, _ := strings.Cut(rest, ")")
	return only, ok
}

// namesOf are the names that a last link may have.
func (c completer) namesOf(types []string, last string) []string {
	if rest, ok := strings.CutPrefix(last, "_has:"); ok {
		return c.reverse(types, rest)
	}
	all := slices.Clone(controls)
	code, _, modified := strings.Cut(last, ":")
	for _, t := range types {
		if modified {
			all = append(all, c.modified(t, code)...)
			continue
		}
		for _, p := range c.table.SearchParams(t) {
			all = append(all, p.Code+"=")
		}
	}
	return all
}

// modified are a parameter's names with its modifiers.
func (c completer) modified(typ, code string) []string {
	p := c.table.SearchParam(typ, code)
	if p == nil {
		return nil
	}
	all := []string{code + ":missing="}
	for _, m := range modifiers[p.Type] {
		all = append(all, code+":"+m+"=")
	}
	if p.Type == "reference" {
		for _, t := range c.targets([]string{typ}, code) {
			all = append(all, code+":"+t+".")
		}
	}
	return all
}

// reverse are the beginnings of _has: Type, then the reference that leads here.
func (c completer) reverse(types []string, rest string) []string {
	var all []string
	from, _, named := strings.Cut(rest, ":")
	for _, t := range c.table.Resources() {
		if named && t != from {
			continue
		}
		for _, p := range c.table.SearchParams(t) {
			leads := p.Type == "reference" && slices.ContainsFunc(c.targets([]string{t}, p.Code), func(to string) bool { return slices.Contains(types, to) })
			if leads && named {
				all = append(all, "_has:"+t+":"+p.Code+":")
			} else if leads {
				all = append(all, "_has:"+t+":")
			}
		}
	}
	return all
}

// valuesOf are the values of a parameter that has few, or whose values are names.
func (c completer) valuesOf(kind, name string, descending bool) []string {
	code, modifier, _ := strings.Cut(name, ":")
	var all []string
	switch {
	case modifier == "missing":
		return []string{"true", "false"}
	case code == "_include":
		for _, p := range c.table.SearchParams(kind) {
			if p.Type == "reference" {
				all = append(all, kind+":"+p.Code)
			}
		}
	case code == "_revinclude":
		for _, n := range c.reverseIncludes(kind) {
			all = append(all, n)
		}
	case code == "_sort":
		for _, p := range c.table.SearchParams(kind) {
			if descending {
				all = append(all, "-"+p.Code)
			} else {
				all = append(all, p.Code)
			}
		}
	case values[code] != nil:
		return slices.Clone(values[code])
	}
	return all
}

func (c completer) reverseIncludes(kind string) []string {
	var all []string
	for _, t := range c.table.Resources() {
		for _, p := range c.table.SearchParams(t) {
			if p.Type == "reference" && slices.Contains(c.targets([]string{t}, p.Code), kind) {
				all = append(all, t+":"+p.Code)
			}
		}
	}
	return all
}

func common(words []string) string {
	prefix := words[0]
	for _, w := range words[1:] {
		for !strings.HasPrefix(w, prefix) {
			prefix = prefix[:len(prefix)-1]
		}
	}
	return prefix
}
