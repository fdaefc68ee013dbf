package layout

import (
	"image"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/paperchart/paperchart/internal/page"
)

// maxLabel is the most words a label has.
const maxLabel = 6

// gluedLabel returns where the value begins in a word like "DOB:10/28/1953", in
// bytes, and 0 for a word that is no label and value.
func gluedLabel(text string) int {
	i := strings.IndexByte(text, ':')
	if i < 2 || i+1 >= len(text) || letters(text[:i]) < 2 || text[i+1] == '/' || digits(text[:i])*2 > letters(text[:i]) {
		return 0
	}
	return i + 1
}

// leader is true for dots, dashes or underscores that only lead the eye.
func leader(text string) bool {
	return (utf8.RuneCountInString(text) >= 3 || text == "__" || text == ".." || text == "…") && strings.Trim(text, "._-–—…·=") == ""
}

// ledTo is true for a value that begins on its line: "____English____".
func ledTo(text string) bool {
	from, _ := inked(text)
	return from > 0
}

// bar is true for what the reader makes of a drawn vertical.
func bar(text string) bool { return strings.Trim(text, "|¦") == "" }

// ledBy is true for a word that leads the eye to the next one.
func ledBy(text string) bool {
	_, to := inked(text)
	return leader(text) || to < len(text)
}

// tokens cuts words where print was glued: a label from its value, leaders from
// both. A piece has its share of the word's box, by characters.
func tokens(words []page.Word) []page.Word {
	out := make([]page.Word, 0, len(words))
	for _, w := range words {
		if leader(w.Text) || bar(w.Text) {
			continue
		}
		if t := strings.Trim(w.Text, "|¦"); t != w.Text {
			from := strings.Index(w.Text, t)
			w = slice(w, from, from+len(t))
		}
		if from, to := inked(w.Text); from > 0 || to < len(w.Text) {
			w = slice(w, from, to)
		}
		if k := gluedLabel(w.Text); k > 0 {
			out = append(out, slice(w, 0, k))
			if rest := slice(w, k, len(w.Text)); !leader(rest.Text) {
				out = append(out, rest)
			}
			continue
		}
		out = append(out, w)
	}
	return out
}

// inked returns the part of a word between leaders of three or more dots or two
// or more underscores.
func inked(text string) (from, to int) {
	from, to = 0, len(text)
	trim := func(s string, left bool) int {
		for _, c := range []string{"...", "__", "…"} {
			cut := s
			if left && strings.HasPrefix(s, c) {
				cut = strings.TrimLeft(s, "._…")
			} else if !left && strings.HasSuffix(s, c) {
				cut = strings.TrimRight(s, "._…")
			}
			if cut != s && cut != "" {
				return len(s) - len(cut)
			}
		}
		return 0
	}
	from += trim(text, true)
	to -= trim(text[from:], false)
	return from, to
}

// slice is the part of a word from byte i to byte j.
func slice(w page.Word, i, j int) page.Word {
	n := float64(utf8.RuneCountInString(w.Text))
	a := float64(utf8.RuneCountInString(w.Text[:i])) / n
	b := float64(utf8.RuneCountInString(w.Text[:j])) / n
	left, width := float64(w.Box.Min.X), dx(w.Box)
	w.Text = w.Text[i:j]
	w.Box = image.Rect(int(left+a*width), w.Box.Min.Y, max(int(left+b*width), int(left+a*width)+1), w.Box.Max.Y)
	w.Alternatives = nil
	return w
}

// colon is true for a token that ends a label. A clock's or a ratio's colon has
// digits before it.
func colon(text string) bool {
	return strings.HasSuffix(text, ":") && (text == ":" || letters(text) > 0 || strings.HasSuffix(text, "#:") || strings.HasSuffix(text, "):"))
}

// numberedLabel is true for a number with a colon that ends a name: "CA 125:".
func numberedLabel(before, text string) bool {
	return len(text) > 1 && strings.HasSuffix(text, ":") && letters(before) >= 2 && unicode.IsUpper(firstRune(before)) && digits(before) == 0
}

// labelEnd is the number of leading words that are a label with its colon, 0
// for none.
func labelEnd(words []page.Word) int {
	for i, w := range words {
		if i >= maxLabel {
			return 0
		}
		if colon(w.Text) || i > 0 && numberedLabel(words[i-1].Text, w.Text) {
			return i + 1
		}
		if gluedLabel(w.Text) > 0 {
			return i + 1
		}
		if strings.HasSuffix(w.Text, ".") && letters(w.Text) > 3 {
			return 0
		}
	}
	return 0
}

// labelLike is true for a few words that could name a value: letters, hardly a
// digit, no sentence.
func labelLike(words []page.Word) bool {
	text := Text(words)
	if len(words) == 0 || len(words) > maxLabel || len(text) > 48 || digits(text) > 2 || letters(text) < 2 {
		return false
	}
	if strings.HasSuffix(text, ".") && len(words) > 2 || strings.HasSuffix(text, ",") {
		return false
	}
	r, _ := utf8.DecodeRuneInString(text)
	return !unicode.IsLower(r)
}
