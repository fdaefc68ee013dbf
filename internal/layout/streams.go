package layout

import (
	"image"
	"strings"

	"github.com/paperchart/paperchart/internal/page"
)

// span is a column of a table: a horizontal interval in pixels.
type span struct{ left, right float64 }

// stream is an unruled table being grown downwards from its first row.
type stream struct {
	s    *sheet
	cols []span
	rows []streamRow
}

type streamRow struct {
	index int // of the page's rows
	cells [][]page.Word
	segs  []*seg
	solo  bool // one seg alone on its row
}

const (
	maxPending = 3   // rows of one seg in a row that may stand inside a table
	maxLeading = 3.0 // white space, in units, that ends a table
)

// streams finds tables by their alignment alone: a row of three segs or more and
// the rows beneath that keep to its columns.
func (s *sheet) streams() {
	for i := 0; i < len(s.rows); {
		next := i + 1
		if segs := s.free(i); len(segs) >= 3 && !formRow(segs) {
			t := &stream{s: s}
			t.grow(i)
			if t.good() {
				next = t.rows[len(t.rows)-1].index + 1
				t.finish()
			}
		}
		i = next
	}
}

// formRow is true for "DOB: … Sex: … MRN: …": labels, not columns.
func formRow(segs []*seg) bool {
	n := 0
	for _, g := range segs {
		for i, w := range g.words {
			if strings.HasSuffix(w.Text, ":") || gluedLabel(w.Text) > 0 && i == 0 {
				n++
				break
			}
		}
	}
	return 2*n >= len(segs)
}

func (t *stream) grow(from int) {
	for _, g := range t.s.free(from) {
		t.cols = append(t.cols, span{float64(g.box.Min.X), float64(g.box.Max.X)})
	}
	t.add(from, t.s.free(from))
	var pending []int
	bottom := t.s.rows[from].box
	for j := from + 1; j < len(t.s.rows); j++ {
		segs := t.s.free(j)
		if len(segs) == 0 {
			if len(t.s.rows[j].segs) > 0 && !t.s.bannered(j) {
				break
			}
			continue
		}
		if float64(t.s.rows[j].box.Min.Y)-float64(bottom.Max.Y) > maxLeading*t.s.unit {
			break
		}
		bottom = t.s.rows[j].box
		if len(segs) == 1 {
			if pending = append(pending, j); len(pending) > maxPending {
				break
			}
			continue
		}
		if formRow(segs) || !t.fits(segs) {
			break
		}
		for _, p := range pending {
			t.add(p, t.s.free(p))
		}
		pending = nil
		t.add(j, segs)
	}
	t.trail(pending)
}

func (s *sheet) bannered(row int) bool {
	for _, l := range s.out.Banner {
		if l.Words[0].Box == s.rows[row].words[0].Box {
			return true
		}
	}
	return false
}

// trail takes the solo rows after the last full one that continue it: close
// beneath and under a column other than the first.
func (t *stream) trail(pending []int) {
	last := t.rows[len(t.rows)-1]
	bottom := t.s.rows[last.index].box
	for _, p := range pending {
		g := t.s.free(p)[0]
		ks := t.hits(g.box)
		tight := dyGap(bottom, g.box) < 0.8*t.s.unit
		if !tight || len(ks) != 1 || ks[0] == 0 && !continues(last.cells[0], g.words) {
			return
		}
		t.add(p, []*seg{g})
		bottom = g.box
	}
}

func dyGap(a, b image.Rectangle) float64 { return float64(b.Min.Y) - float64(a.Max.Y) }

// continues is true where next reads on from words: an open end or a lower-case
// start.
func continues(words, next []page.Word) bool {
	if len(words) == 0 || len(next) == 0 {
		return false
	}
	end := words[len(words)-1].Text
	switch {
	case strings.HasSuffix(end, ","), strings.HasSuffix(end, "-"), strings.HasSuffix(end, "/"), strings.HasSuffix(end, "&"):
		return true
	case end == "and" || end == "of" || end == "with" || end == "or" || end == "to":
		return true
	}
	c := next[0].Text[0]
	return c >= 'a' && c <= 'z' || c == '(' || c == '/'
}

// hits are the columns a box shares some width with.
func (t *stream) hits(b image.Rectangle) []int {
	var out []int
	for k, c := range t.cols {
		if overlap(c.left, c.right, float64(b.Min.X), float64(b.Max.X)) > 0.3*t.s.char {
			out = append(out, k)
		}
	}
	return out
}

// fits tries the row without changing the table.
func (t *stream) fits(segs []*seg) bool {
	used := map[int]bool{}
	matched := 0
	for _, g := range segs {
		ks := t.hits(g.box)
		switch {
		case len(ks) == 0:
			continue
		case len(ks) == 1:
			if !used[ks[0]] {
				matched++
			}
			used[ks[0]] = true
		default:
			pieces := t.pieces(g, ks)
			if pieces == nil {
				return false
			}
			for k := range pieces {
				used[k] = true
				matched++
			}
		}
	}
	return matched >= 2
}

// pieces deals the words of a seg that runs over several columns: at the left
// edge of a column where a word begins there, else all to the first column if
// it begins there.
func (t *stream) pieces(g *seg, ks []int) map[int][]page.Word {
	out := map[int][]page.Word{}
	k := 0
	for i, w := range g.words {
		for k+1 < len(ks) && i > 0 && float64(w.Box.Min.X) >= t.cols[ks[k+1]].left-1.2*t.s.char {
			k++
		}
		out[ks[k]] = append(out[ks[k]], w)
	}
	if len(out) == 1 && float64(g.box.Min.X) > t.cols[ks[0]].left+2*t.s.char {
		return nil
	}
	return out
}

func (t *stream) add(index int, segs []*seg) {
	r := streamRow{index: index, segs: segs, solo: len(segs) == 1}
	r.cells = make([][]page.Word, len(t.cols))
	for _, g := range segs {
		ks := t.hits(g.box)
		if r.solo && len(ks) > 1 {
			ks = ks[:1] // a line across the table widens no column
			r.cells[ks[0]] = g.words
			continue
		}
		switch len(ks) {
		case 0:
			k := t.insert(g.box)
			r.cells = append(r.cells[:k], append([][]page.Word{g.words}, r.cells[k:]...)...)
		case 1:
			k := ks[0]
			r.cells[k] = append(r.cells[k], g.words...)
			if len(segs) > 1 {
				t.widen(k, g.box)
			}
		default:
			for k, words := range t.pieces(g, ks) {
				r.cells[k] = append(r.cells[k], words...)
			}
		}
	}
	t.rows = append(t.rows, r)
}

// widen lets a column grow to what stands in it, never into its neighbours.
func (t *stream) widen(k int, b image.Rectangle) {
	c := &t.cols[k]
	if l := float64(b.Min.X); l < c.left && (k == 0 || l > t.cols[k-1].right) {
		c.left = l
	}
	if r := float64(b.Max.X); r > c.right && (k+1 == len(t.cols) || r < t.cols[k+1].left) {
		c.right = r
	}
}

// insert adds a column that the rows so far left empty.
func (t *stream) insert(b image.Rectangle) int {
	k := 0
	for k < len(t.cols) && t.cols[k].left < float64(b.Min.X) {
		k++
	}
	t.cols = append(t.cols[:k], append([]span{{float64(b.Min.X), float64(b.Max.X)}}, t.cols[k:]...)...)
	for i := range t.rows {
		c := t.rows[i].cells
		t.rows[i].cells = append(c[:k:k], append([][]page.Word{nil}, c[k:]...)...)
	}
	return k
}

// good wants three full rows, or a header and one row.
func (t *stream) good() bool {
	full := 0
	for _, r := range t.rows {
		if filled(r.cells) >= 3 || !r.solo && filled(r.cells)*2 >= len(t.cols) {
			full++
		}
	}
	if full >= 3 {
		return true
	}
	return full == 2 && headerLike(t.rows[0].cells) && digits(cellsText(t.rows[len(t.rows)-1].cells)) > 0
}

func filled(cells [][]page.Word) int {
	n := 0
	for _, c := range cells {
		if len(c) > 0 {
			n++
		}
	}
	return n
}

func cellsText(cells [][]page.Word) string {
	var b strings.Builder
	for _, c := range cells {
		b.WriteString(Text(c) + " ")
	}
	return b.String()
}

func (t *stream) finish() {
	g := &grid{}
	raw := make([]rawRow, 0, len(t.rows))
	for _, r := range t.rows {
		for _, sg := range r.segs {
			sg.taken = true
			g.segs = append(g.segs, sg)
			g.table.Box = g.table.Box.Union(sg.box)
		}
		raw = append(raw, rawRow{cells: r.cells, box: t.s.rows[r.index].box, solo: r.solo})
	}
	t.s.buildTable(&g.table, raw, false)
	t.s.grids = append(t.s.grids, g)
}
