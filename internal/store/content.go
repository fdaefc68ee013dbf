package store

import (
	"html"
	"strings"
	"unicode"
)

func separates(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// withoutTags is the text of a narrative.
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
