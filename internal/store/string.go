package store

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/paperchart/paperchart/internal/fhir/fhirpath"
	"github.com/paperchart/paperchart/internal/fhir/model"
)

// fold makes strings that a search takes for the same the same: case, accents
// and runs of white space do not count (R4 search.html#string).
func fold(s string) string {
	if plain(s) {
		return strings.ToLower(strings.Join(strings.Fields(s), " "))
	}
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.Join(strings.Fields(s), " ")) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

func plain(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// stringRows takes every string in the value: a HumanName matches by any part
// of it, an Address too (R4 search.html#string).
func stringRows(all []row, name string, v fhirpath.Value) []row {
	n := v.Node()
	if n == nil || n.Kind != model.Object {
		return stringRow(all, name, v.String())
	}
	for c := n.First; c != nil; c = c.Next {
		switch c.Name {
		case "use", "period", "extension", "type", "id":
			continue
		}
		for _, s := range items(c) {
			if s.Kind == model.String {
				all = stringRow(all, name, s.Text)
			}
		}
	}
	return all
}

// stringRow keeps the exact text only where it differs from the folded.
func stringRow(all []row, name, s string) []row {
	if s == "" {
		return all
	}
	r := row{kind: texts, param: name, text: fold(s), exact: s}
	if r.text == r.exact {
		r.exact = ""
	}
	return append(all, r)
}

func (b *builder) stringIs(name, modifier, value string) (cond, error) {
	value = unescape(value)
	folded := fold(value)
	switch modifier {
	case "exact":
		exact := value
		if exact == folded {
			exact = ""
		}
		key := b.c.dialect().key
		return b.rows(texts, name, "folded = ? AND exact = ?", key(folded), key(exact)).sorted(), nil
	case "contains":
		return b.rows(texts, name, b.c.dialect().contains, folded), nil
	}
	if key := b.c.dialect().key(folded); key != folded {
		stem := cutText(folded, maxStem)
		return b.rows(texts, name, "folded >= ? AND folded < ? AND strpos(whole, ?) = 1", stem, stem+"\U0010ffff", folded), nil
	}
	return b.rows(texts, name, "folded >= ? AND folded < ?", folded, folded+"\U0010ffff"), nil
}
