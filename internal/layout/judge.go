package layout

import (
	"image"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/paperchart/paperchart/internal/page"
)

// twoColumns asks more of a table of two columns, which may be two lists or
// labels and values: a header, and either a word that heads columns or codes and
// numbers under the second heading.
func (t *stream) twoColumns() bool {
	pairs, coded := 0, 0
	for i, r := range t.rows {
		if filled(r.cells) < 2 {
			continue
		}
		pairs++
		if c := r.cells[1]; i > 0 && len(c) <= 3 && digits(c[0].Text) > 0 {
			coded++
		}
	}
	head := t.rows[0].cells
	if t.titledAgain() {
		return false
	}
	if pairs >= 3 && pairs == len(t.rows) && headerLike(head) && !t.prose() && t.s.boldFirst(t.raw()) {
		return true
	}
	return pairs >= 3 && headerLike(head) && len(head[0]) <= 4 && len(head[1]) <= 4 && !t.prose() &&
		titleCase(head[0]) && titleCase(head[1]) &&
		(knownColumns(head[:1]) > 0 || knownColumns(head[1:]) > 0 || digits(Text(head[1])) > 0) && coded*2 >= pairs-1
}

// titledAgain is true where a bold cell stands beside one that is not, beneath a
// bold first row: lists side by side, each with its titles.
func (t *stream) titledAgain() bool {
	first := t.rows[0].cells
	for _, c := range first {
		if len(c) > 0 && !t.s.bold(c) {
			return false
		}
	}
	for _, r := range t.rows[1:] {
		bold := 0
		for _, c := range r.cells[1:] {
			if len(c) > 0 && titleCase(c) && digits(Text(c)) == 0 && t.s.bold(c) {
				bold++
			}
		}
		if bold > 0 && len(r.cells[0]) > 0 && !t.s.bold(r.cells[0]) {
			return true
		}
	}
	return false
}

// titlesNext is true for a line alone on its row that titles what comes after a
// table: apart from it, bold, and larger or ruled beneath.
func (t *stream) titlesNext(g *seg, gap float64) bool {
	if gap < 0.8*t.s.unit || !canTitle(g.words, g.text()) || !t.s.bold(g.words) {
		return false
	}
	return median(capital(g.words)) > 1.12*t.s.capHeight() || t.s.ruleBeneath(Line{Words: g.words, Box: g.box})
}

// startsAnew is true for a row of names, after white space or a title, where the
// table has numbers: the header of the next table.
func (t *stream) startsAnew(segs []*seg, gap float64, titles int) bool {
	if len(segs) < 2 || len(t.rows) < 2 || gap < t.s.unit && titles == 0 {
		return false
	}
	cells := make([][]page.Word, len(segs))
	for k, g := range segs {
		cells[k] = g.words
	}
	if gap > 1.4*t.s.unit && headerLike(cells) && headerLike(t.rows[0].cells) && knownColumns(cells) > 0 {
		return true
	}
	columns, aligned := 0, 0
	for _, g := range segs {
		if digits(g.text()) > 0 || len(g.words) > 4 {
			return false
		}
		if t.aligned(g.box) {
			aligned++
		}
		for _, k := range t.hits(g.box) {
			with := 0
			for _, r := range t.rows {
				if k < len(r.cells) && digits(Text(r.cells[k])) > 0 {
					with++
				}
			}
			if with*2 >= len(t.rows)-1 {
				columns++
				break
			}
		}
	}
	named := knownColumns(cells) > 0 || t.s.bold(flat(cells)) || alike(shape(cellsText(cells)), shape(cellsText(t.rows[0].cells)))
	if ks := t.hits(segs[0].box); len(ks) == 0 || ks[0] > 0 {
		named = true // data has a name in its first column
	}
	return named && (columns >= 2 || columns*2 >= len(segs)) || aligned*3 < 2*len(segs)
}

// aligned is true for a box that begins, ends or is centred where a cell of the
// table does.
func (t *stream) aligned(b image.Rectangle) bool {
	tol := 1.2 * t.s.char
	for _, r := range t.rows {
		for _, g := range r.segs {
			if math.Abs(float64(g.box.Min.X)-float64(b.Min.X)) < tol || math.Abs(float64(g.box.Max.X)-float64(b.Max.X)) < tol || math.Abs(midX(g.box)-midX(b)) < tol {
				return true
			}
		}
	}
	return false
}

// good wants three full rows, or a header and one row.
func (t *stream) good() bool {
	full, some := 0, 0
	for _, r := range t.rows {
		if filled(r.cells) >= 3 {
			full++
		} else if !r.solo {
			some++
		}
	}
	if full >= 3 && some <= 2*full || full == 2 && some >= 1 && some <= 3 {
		return true
	}
	return full == 2 && headerLike(t.rows[0].cells) && digits(cellsText(t.rows[len(t.rows)-1].cells)) > 0
}

// prose is true where a column reads on from full row to full row, as the text
// of a neighbouring column does; a cell that wraps has empty cells beside it.
func (t *stream) prose() bool {
	reads, rows := 0, 0
	if t.listed() {
		return true
	}
	if t.titled() {
		return false
	}
	for i := 1; i < len(t.rows); i++ {
		if filled(t.rows[i].cells) < 2 || t.rows[i].solo {
			continue
		}
		rows++
		for k, c := range t.rows[i].cells {
			if above := t.rows[i-1].cells[k]; len(c) >= 3 && len(above) >= 3 && continues(above, c) && t.wraps(k, above, c) {
				reads++
				break
			}
		}
	}
	return reads >= 2 && reads*5 >= rows || reads*2 >= rows && reads > 0
}

// titled is true where the first row names every column in a few words, and the
// words under them are no more of the same.
func (t *stream) titled() bool {
	first := t.rows[0].cells
	if filled(first) != len(t.cols) || !headerLike(first) {
		return false
	}
	for _, c := range first {
		if len(c) > 3 || openEnd(c) || !startsUpper(c) {
			return false
		}
	}
	return true
}

func startsUpper(words []page.Word) bool {
	r, _ := utf8.DecodeRuneInString(words[0].Text)
	return unicode.IsUpper(r) || !unicode.IsLetter(r)
}

// wraps is true where the first word of next had no room behind above in column k.
func (t *stream) wraps(k int, above, next []page.Word) bool {
	right := 0
	for _, r := range t.rows {
		if c := r.cells[k]; len(c) > 0 {
			right = max(right, c[len(c)-1].Box.Max.X)
		}
	}
	return float64(above[len(above)-1].Box.Max.X+next[0].Box.Dx()) > float64(right)-t.s.char
}

// jagged is true where what stands left and right of some column does not share
// its baselines: two texts side by side, each with a leading of its own.
func (t *stream) jagged() bool {
	for k := 1; k < len(t.cols); k++ {
		var steps []float64
		for _, r := range t.rows {
			l, okl := t.footing(flat(r.cells[:k]))
			g, okg := t.footing(flat(r.cells[k:]))
			if okl && okg {
				steps = append(steps, g-l)
			}
		}
		off, mid := 0, median(steps)
		for _, d := range steps {
			if math.Abs(d-mid) > 0.2*t.s.unit {
				off++
			}
		}
		if len(steps) >= 4 && 5*off >= 2*len(steps) {
			return true
		}
	}
	return false
}

// footing is the median height, in pixels from the top, of the baseline under words
// without letters that hang below it, those aside whose box is as tall as no word.
func (t *stream) footing(words []page.Word) (float64, bool) {
	var feet []float64
	for _, w := range words {
		if letters(w.Text)+digits(w.Text) > 1 && dy(w.Box) <= 1.2*t.s.unit && !strings.ContainsAny(w.Text, "gjpqyQ,;()[]/|_$") {
			feet = append(feet, float64(w.Box.Max.Y))
		}
	}
	return median(feet), len(feet) > 0
}

// listed is true where a column past the first holds the items of a list.
func (t *stream) listed() bool {
	for k := 1; k < len(t.cols); k++ {
		n := 0
		for _, r := range t.rows {
			if c := r.cells[k]; len(c) >= 2 && glyph.MatchString(c[0].Text) {
				n++
			}
		}
		if n >= 2 {
			return true
		}
	}
	return false
}
