package definition

import (
	"slices"
	"strings"
)

// SearchParam is a search parameter as it applies to one resource type.
type SearchParam struct {
	Code        string // name in the URL, such as "birthdate"
	Type        string // number, date, string, token, reference, composite, quantity, uri, special
	Expression  string // FHIRPath on the resource, narrowed to the resource type; "" for specials
	URL         string
	Targets     []string // of references: resource types; none means any
	Components  []Component
	Comparators []string // as declared; none means all that the type allows
	Modifiers   []string // as declared; none means all that the type allows
}

// Component is one part of a composite parameter.
type Component struct {
	Code       string // of the parameter in the same resource type that gives the type of the values
	Expression string // FHIRPath on the value of the composite's expression
}

type searchIndex struct {
	params []SearchParam
	byCode map[string]*SearchParam
}

// SearchParams returns the search parameters of a resource type, those of
// Resource and DomainResource among them, sorted by code. The expressions of a
// parameter that serves many types are narrowed to this one. US Core's
// parameters appear where R4 has none of that code.
func (t *Table) SearchParams(resource string) []SearchParam {
	if x := t.search[resource]; x != nil {
		return x.params
	}
	return nil
}

// SearchParam returns the parameter of a resource type by its code, nil where
// there is none.
func (t *Table) SearchParam(resource, code string) *SearchParam {
	if x := t.search[resource]; x != nil {
		return x.byCode[code]
	}
	return nil
}

// SearchByURL returns a search parameter as it is published, with all the types
// it serves, by its canonical URL; nil where unknown.
func (t *Table) SearchByURL(url string) *SourceSearch { return t.searchURLs[url] }

func (t *Table) linkSearch(raw []SourceSearch) {
	t.searchURLs = make(map[string]*SourceSearch, len(raw))
	for i := range raw {
		t.searchURLs[raw[i].URL] = &raw[i]
	}
	t.search = make(map[string]*searchIndex, len(t.resources))
	byBase := map[string][]*SourceSearch{}
	for i := range raw {
		for _, b := range raw[i].Base {
			byBase[b] = append(byBase[b], &raw[i])
		}
	}
	for _, r := range t.resources {
		t.search[r] = newSearchIndex(t.types[r], byBase)
	}
}

func newSearchIndex(typ *Type, byBase map[string][]*SourceSearch) *searchIndex {
	x := &searchIndex{byCode: map[string]*SearchParam{}}
	for _, base := range append([]string{typ.Name}, typ.parents...) {
		for _, p := range byBase[base] {
			q := p.SearchParam
			q.Expression = Narrow(q.Expression, typ)
			x.params = append(x.params, q)
		}
	}
	slices.SortStableFunc(x.params, func(a, b SearchParam) int { return strings.Compare(a.Code, b.Code) })
	x.params = slices.CompactFunc(x.params, func(a, b SearchParam) bool { return a.Code == b.Code })
	for i := range x.params {
		x.byCode[x.params[i].Code] = &x.params[i]
	}
	return x
}

// Narrow keeps the alternatives of a search expression that can select anything
// in a resource of the given type: those that start with its name, with the name
// of a parent, or with no type at all.
func Narrow(expression string, typ *Type) string {
	parts := splitUnion(expression)
	if len(parts) < 2 {
		return expression
	}
	kept := parts[:0]
	for _, p := range parts {
		if first := StartOf(p); first == "" || first[0] < 'A' || first[0] > 'Z' || typ.Is(first) {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, " | ")
}

// splitUnion splits at the bars outside brackets and quotes.
func splitUnion(s string) []string {
	var parts []string
	depth, start, quoted := 0, 0, false
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\'':
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == '|' && depth == 0:
			parts = append(parts, strings.TrimSpace(s[start:i]))
			start = i + 1
		}
	}
	return append(parts, strings.TrimSpace(s[start:]))
}

// StartOf returns the first name of an expression, "" where it starts with
// something else.
func StartOf(s string) string {
	s = strings.TrimLeft(s, "( ")
	end := strings.IndexFunc(s, func(r rune) bool { return r != '_' && (r < '0' || r > '9' && r < 'A' || r > 'Z' && r < 'a' || r > 'z') })
	if end < 0 {
		end = len(s)
	}
	return s[:end]
}
