package extract

import (
	"image"
	"strings"

	"github.com/paperchart/paperchart/internal/layout"
	"github.com/paperchart/paperchart/internal/page"
)

// ink is a word and the page (1-based) it stands on. Every value is traced back
// to the ink it came from.
type ink struct {
	page.Word
	Page int
}

// passage is text with the ink under each of its bytes, so that what a parser
// finds in the text is found on the paper as well.
type passage struct {
	text string
	ink  []ink
	// at holds the offset in text of each word; negative where the passage
	// begins inside the word.
	at []int
}

// write joins words into a passage, one space between two.
func write(words []ink) passage {
	var b strings.Builder
	p := passage{ink: words, at: make([]int, len(words))}
	for i, w := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		p.at[i] = b.Len()
		b.WriteString(w.Text)
	}
	p.text = b.String()
	return p
}

func inked(pg int, words []page.Word) []ink {
	out := make([]ink, len(words))
	for i, w := range words {
		out[i] = ink{w, pg}
	}
	return out
}

func ofLine(l layout.Line) passage { return write(inked(l.Page, l.Words)) }
func ofCell(c layout.Cell) passage { return write(inked(c.Page, c.Words)) }

func (p passage) empty() bool { return strings.TrimSpace(p.text) == "" }

// sub returns the bytes [from, to) without the spaces around them, and the ink
// they touch. Bounds outside the text are clamped.
func (p passage) sub(from, to int) passage {
	from, to = max(from, 0), min(to, len(p.text))
	if from >= to {
		return passage{}
	}
	t := p.text[from:to]
	from += len(t) - len(strings.TrimLeft(t, " "))
	t = strings.TrimSpace(t)
	to = from + len(t)
	out := passage{text: t}
	for i, w := range p.ink {
		if s := p.at[i]; s < to && s+len(w.Text) > from {
			out.ink = append(out.ink, w)
			out.at = append(out.at, s-from)
		}
	}
	return out
}

// find returns the first place of s, ignoring case, from an offset on.
func (p passage) find(s string, from int) (passage, bool) {
	if s == "" || from > len(p.text) || from < 0 {
		return passage{}, false
	}
	i := foldIndex(p.text[from:], s)
	if i < 0 {
		return passage{}, false
	}
	return p.sub(from+i, from+i+len(s)), true
}

// foldIndex is strings.Index without regard to ASCII case; offsets stay those
// of s, which strings.ToLower would not promise.
func foldIndex(s, part string) int {
	for i := 0; i+len(part) <= len(s); i++ {
		if strings.EqualFold(s[i:i+len(part)], part) {
			return i
		}
	}
	return -1
}

// trim returns the passage without the given characters at its ends.
func (p passage) trim(cut string) passage {
	from := len(p.text) - len(strings.TrimLeft(p.text, cut))
	to := len(strings.TrimRight(p.text, cut))
	return p.sub(from, to)
}

// join sets passages one after another.
func join(ps ...passage) passage {
	var words []ink
	whole := true
	for _, p := range ps {
		for i := range p.ink {
			if p.at[i] < 0 || p.at[i]+len(p.ink[i].Text) > len(p.text) {
				whole = false
			}
		}
		words = append(words, p.ink...)
	}
	if whole {
		return write(words)
	}
	// Cut words cannot be written again from their ink.
	var out passage
	for _, p := range ps {
		if p.text == "" {
			continue
		}
		if out.text != "" {
			out.text += " "
		}
		for i := range p.ink {
			out.at = append(out.at, p.at[i]+len(out.text))
		}
		out.text += p.text
		out.ink = append(out.ink, p.ink...)
	}
	return out
}

// split cuts the passage at each byte for which the separator says so; what
// separates belongs to neither side.
func (p passage) split(sep func(text string, i int) bool) []passage {
	var out []passage
	from := 0
	for i := 0; i <= len(p.text); i++ {
		if i == len(p.text) || sep(p.text, i) {
			if s := p.sub(from, i); s.text != "" {
				out = append(out, s)
			}
			from = i + 1
		}
	}
	return out
}

// bounds returns the box around the passage's ink on its first page.
func (p passage) bounds() (pg int, r image.Rectangle) {
	for _, w := range p.ink {
		if pg == 0 {
			pg = w.Page
		}
		if w.Page == pg {
			r = r.Union(w.Box)
		}
	}
	return pg, r
}

// spot is the identity of a word: where it stands.
type spot struct {
	page int
	box  image.Rectangle
}

func (w ink) spot() spot { return spot{w.Page, w.Box} }
