package store

import (
	"strings"
	"unicode"
	"unicode/utf8"

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

// plainly is fold without punctuation, which does not count either: O'Brien is
// found as OBrien, and Smith-Jones as Smith Jones.
func plainly(s string) string {
	if strings.IndexFunc(s, unicode.IsPunct) < 0 {
		return fold(s)
	}
	return fold(strings.Map(func(r rune) rune {
		switch {
		case r == '\'' || r == '’' || r == '.':
			return -1
		case unicode.IsPunct(r):
			return ' '
		}
		return r
	}, s))
}

// stringRows takes every string in the value: a HumanName matches by any part
// of it, an Address too (R4 search.html#string).
func stringRows(all []row, name string, v fhirpath.Value) []row {
	n := v.Node()
	if n == nil || n.Kind != model.Object {
		if n != nil && n.Name == "family" {
			all = familyRows(all, name, n.Text)
		}
		return stringRow(all, name, v.String())
	}
	for c := n.First; c != nil; c = c.Next {
		switch c.Name {
		case "use", "period", "extension", "type", "id":
			continue
		}
		for _, s := range items(c) {
			if s.Kind == model.String {
				if c.Name == "family" {
					all = familyRows(all, name, s.Text)
				}
				all = stringRow(all, name, s.Text)
			}
		}
	}
	return all
}

// partOfName stands in place of the exact text of rows that are the later parts of
// a family name, each of which is searched for by itself. No text is like it.
const partOfName = "\x01"

func familyRows(all []row, name, family string) []row {
	_, rest, more := strings.Cut(plainly(family), " ")
	for more {
		all = append(all, row{kind: texts, param: name, text: rest, exact: partOfName})
		_, rest, more = strings.Cut(rest, " ")
	}
	return all
}

// stringRow keeps the exact text only where it differs from the folded.
func stringRow(all []row, name, s string) []row {
	if s == "" {
		return all
	}
	r := row{kind: texts, param: name, text: plainly(s), exact: s}
	if r.text == r.exact {
		r.exact = ""
	}
	return append(all, r)
}

// stringFilter is what filters ask of strings: a comparison, other than, or ew.
func (b *builder) stringFilter(name, how, folded string) (cond, error) {
	switch how {
	case "ne":
		how = "<> ?"
	case "ew":
		return b.rows(texts, name, b.c.dialect().ends+" AND exact <> ?", utf8.RuneCountInString(folded), folded, partOfName), nil
	}
	return b.rows(texts, name, "folded "+how+" AND exact <> ?", b.c.dialect().key(folded), partOfName), nil
}

// maxTextWords bounds the words of :text.
const maxTextWords = 20

func (b *builder) stringIs(name, modifier, value string) (cond, error) {
	value = unescape(value)
	folded := plainly(value)
	if folded == "" && modifier != "exact" {
		return cond{sel: noRows}, nil // of punctuation alone
	}
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
	case "text": // all of the words, in any order
		words := strings.Fields(folded)
		if len(words) > maxTextWords {
			return cond{}, refuse(TooCostly, "a text takes %d words at most", maxTextWords)
		}
		args := make([]any, len(words))
		for i, w := range words {
			args[i] = w
		}
		c := b.rows(texts, name, strings.Repeat(b.c.dialect().contains+" AND ", len(words)-1)+b.c.dialect().contains, args...)
		c.wide = true
		return c, nil
	}
	if how, own := strings.CutPrefix(modifier, ownMark); own && how != "" {
		return b.stringFilter(name, how, folded)
	}
	if key := b.c.dialect().key(folded); key != folded {
		stem := cutText(folded, maxStem)
		return b.rows(texts, name, "folded >= ? AND folded < ? AND strpos(whole, ?) = 1", stem, stem+"\U0010ffff", folded), nil
	}
	return b.rows(texts, name, "folded >= ? AND folded < ?", folded, folded+"\U0010ffff"), nil
}
