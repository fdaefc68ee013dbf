package ocr

import (
	"image"
	"strings"
	"unicode/utf8"

	"github.com/paperchart/paperchart/internal/page"
)

// tidy takes out what is drawn and not written: words that are a checkbox or its
// tick, marks of punctuation alone on a ruling line, and the strokes of a table's
// lines that stand as "|", "[" or a quotation mark before or behind a word.
func tidy(p *page.Page, words []page.Word) []page.Word {
	out := words[:0]
	for _, w := range words {
		if inMark(w, p.Marks) {
			continue
		}
		if n := len(w.Text); n > 2 && strings.IndexByte(w.Text, '_') == n-1 {
			w.Text = w.Text[:n-1] // a piece of a line under the word
		}
		w.Text = withoutStray(w.Text)
		if behindMark(w.Box, p.Marks) {
			w.Text = strings.TrimLeft(w.Text, "“”‘’\"'`´~*^") // the end of a tick
		}
		left, right := beside(w.Box, p.Rules)
		if left {
			w.Text = strings.TrimLeft(w.Text, "|[]“‘\"'_~")
		}
		if right {
			w.Text = strings.TrimRight(w.Text, "|[]”“\"_~")
		}
		if w.Text == "" || (left || right) && !wordlike(w.Text) && strings.Trim(w.Text, "|[]{}_~!—-'‘’“”.,:;") == "" && w.Conf < 0.9 {
			continue
		}
		out = append(out, w)
	}
	return out
}

// withoutStray takes a quotation mark off the front of a word that ends in none:
// a piece of a line that stands before it, or dust.
func withoutStray(s string) string {
	t := strings.TrimLeft(s, "‘“`´")
	if t == s || len(t) < 2 || strings.ContainsAny(t, "’”'\"") {
		return s
	}
	return t
}

// inMark reports that a word of a sign or two is no more than a checkbox.
func inMark(w page.Word, marks []page.Mark) bool {
	if utf8.RuneCountInString(w.Text) > 2 {
		return false
	}
	at := image.Pt((w.Box.Min.X+w.Box.Max.X)/2, (w.Box.Min.Y+w.Box.Max.Y)/2)
	for _, m := range marks {
		if at.In(m.Box) && w.Box.Dx() < 2*m.Box.Dx() {
			return true
		}
	}
	return false
}

// behindMark reports that a box stands right behind a checkbox.
func behindMark(r image.Rectangle, marks []page.Mark) bool {
	for _, m := range marks {
		gap := r.Min.X - m.Box.Max.X
		if gap > -m.Box.Dx()/2 && gap < m.Box.Dx() && 2*m.Box.Intersect(image.Rect(m.Box.Min.X, r.Min.Y, m.Box.Max.X, r.Max.Y)).Dy() > min(m.Box.Dy(), r.Dy()) {
			return true
		}
	}
	return false
}

// beside reports that a line runs down right before or right behind a box.
func beside(r image.Rectangle, rules []page.Rule) (left, right bool) {
	reach := r.Dy() * 2 / 3
	for _, l := range rules {
		if !l.Vertical || l.Box.Min.Y > (r.Min.Y+r.Max.Y)/2 || l.Box.Max.Y < (r.Min.Y+r.Max.Y)/2 {
			continue
		}
		left = left || l.Box.Max.X > r.Min.X-reach && l.Box.Min.X < r.Min.X+reach/2
		right = right || l.Box.Min.X < r.Max.X+reach && l.Box.Max.X > r.Max.X-reach/2
	}
	return left, right
}
