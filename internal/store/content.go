package store

import (
	"html"
	"strings"
	"unicode"

	"github.com/paperchart/paperchart/internal/fhir/model"
)

func separates(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// narrative is the text of a stored resource's narrative without its tags.
func (s *Store) narrative(stored []byte) string {
	doc, err := model.Parse(unstamped("Basic", "x", stored), model.Limits{})
	if err != nil {
		return ""
	}
	return withoutTags(doc.Root.Get("text").Str("div"))
}

// wholeText is every string in a stored resource.
func (s *Store) wholeText(stored []byte) string {
	doc, err := model.Parse(unstamped("Basic", "x", stored), model.Limits{})
	if err != nil {
		return ""
	}
	var b strings.Builder
	for c := doc.Root.First; c != nil; c = c.Next {
		if c.Name != "resourceType" && c.Name != "id" {
			appendStrings(&b, c)
		}
	}
	return b.String()
}

func appendStrings(b *strings.Builder, n *model.Node) {
	switch n.Kind {
	case model.String:
		text := n.Text
		if n.Name == "div" {
			text = withoutTags(text)
		}
		b.WriteString(text)
		b.WriteByte(' ')
	case model.Object, model.Array:
		for c := n.First; c != nil; c = c.Next {
			appendStrings(b, c)
		}
	}
}

func withoutTags(div string) string {
	var b strings.Builder
	inside := false
	for _, r := range div {
		switch {
		case r == '<':
			inside = true
			b.WriteByte(' ')
		case r == '>':
			inside = false
		case !inside:
			b.WriteRune(r)
		}
	}
	return html.UnescapeString(b.String())
}
