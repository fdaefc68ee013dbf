package layout

import (
	"image"
	"math"
	"slices"
	"strings"

	"github.com/paperchart/paperchart/internal/page"
)

// span is a column of a table: a horizontal interval in pixels.
type span struct{ left, right float64 }

// stream is an unruled table being grown downwards from its first row.
type stream struct {
	s    *sheet
	text bool // columns of text side by side and no table
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
		if t := s.bestStream(i); t != nil {
			next = t.rows[len(t.rows)-1].index + 1
			if !t.text {
				t.adopt()
				t.finish()
			}
		}
		i = next
	}
}

// bestStream grows a table from row i, unless one that begins a row or two
// later holds more: then row i is a line over a table.
func (s *sheet) bestStream(i int) *stream {
	first := s.stream(i)
	if first == nil {
		return nil
	}
	for j := i + 1; j <= i+2 && j < len(s.rows); j++ {
		if t := s.stream(j); t != nil && !t.text && !first.text && len(t.cols) > len(first.cols) && t.size() > first.size() {
			return nil
		}
	}
	return first
}

func (s *sheet) stream(i int) *stream {
	segs := s.loose(i)
	if len(segs) < 2 || formRow(segs) || s.tickRow(segs) {
		return nil
	}
	t := &stream{s: s}
	t.grow(i)
	if t.text = len(t.cols) > 2 && len(t.rows) > 2 && (t.prose() || t.jagged()); t.text {
		return t
	}
	if len(t.cols) == 2 && !t.twoColumns() || len(t.cols) != 2 && (len(segs) < 3 || !t.good()) {
		return nil
	}
	return t
}

// size counts filled cells.
func (t *stream) size() int {
	n := 0
	for _, r := range t.rows {
		n += filled(r.cells)
	}
	return n
}

// loose are the segs of a row that neither a table nor a form holds.
func (s *sheet) loose(row int) []*seg {
	var out []*seg
	for _, g := range s.free(row) {
		if g.form == 0 {
			out = append(out, g)
		}
	}
	return out
}

// formRow is true for "DOB: … Sex: … MRN: …": labels, not columns.
func formRow(segs []*seg) bool {
	n := 0
	for _, g := range segs {
		for i, w := range g.words {
			if strings.HasSuffix(w.Text, ":") || gluedLabel(w.Text) > 0 && i == 0 || ledBy(w.Text) || ledTo(w.Text) {
				n++
				break
			}
		}
	}
	return 2*n >= len(segs)
}

// tickRow is true for a row with two checkboxes or more.
func (s *sheet) tickRow(segs []*seg) bool {
	n := 0
	box := image.Rectangle{}
	for _, g := range segs {
		box = box.Union(g.box)
		for k := range g.words {
			if spelt(g.words[k:], k == 0).skip > 0 {
				n++
			}
		}
	}
	for _, m := range s.src.Marks {
		if overlapY(m.Box, box) > 0.5*dy(m.Box) && overlapX(m.Box, box.Inset(-int(3*s.unit))) > 0 {
			n++
		}
	}
	return n >= 2
}

func (t *stream) grow(from int) {
	for _, g := range t.s.loose(from) {
		t.cols = append(t.cols, span{float64(g.box.Min.X), float64(g.box.Max.X)})
	}
	t.add(from, t.s.loose(from))
	var pending []int
	bottom := t.s.rows[from].box
	for j := from + 1; j < len(t.s.rows); j++ {
		segs := t.s.loose(j)
		if len(segs) == 0 {
			if t.s.tabled(j) {
				break
			}
			continue
		}
		gap := dyGap(bottom, t.s.rows[j].box)
		if gap > maxLeading*t.s.unit || t.startsAnew(segs, gap, len(pending)) || len(segs) == 1 && t.titlesNext(segs[0], gap) {
			break
		}
		bottom = t.s.rows[j].box
		if len(segs) == 1 {
			if pending = append(pending, j); len(pending) > maxPending {
				break
			}
			continue
		}
		if formRow(segs) || t.s.tickRow(segs) || !t.fits(segs) {
			break
		}
		for _, p := range pending {
			t.add(p, t.s.loose(p))
		}
		pending = nil
		t.add(j, segs)
	}
	t.trail(pending)
}

// tabled is true for a row that another table or a form holds.
func (s *sheet) tabled(row int) bool {
	for _, g := range s.rows[row].segs {
		if g.taken && !g.aside || g.form > 0 {
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
		g := t.s.loose(p)[0]
		ks := t.hits(g.box)
		tight := dyGap(bottom, g.box) < 0.8*t.s.unit
		if !tight || len(ks) != 1 || ks[0] == 0 && !nameGoesOn(t.raw(), last.cells[0], g.words) {
			return
		}
		t.add(p, []*seg{g})
		bottom = g.box
	}
}

func (t *stream) raw() []rawRow {
	out := make([]rawRow, len(t.rows))
	for i, r := range t.rows {
		out[i] = rawRow{cells: r.cells, box: t.s.rows[r.index].box, solo: r.solo}
	}
	return out
}

func dyGap(a, b image.Rectangle) float64 { return float64(b.Min.Y) - float64(a.Max.Y) }

// continues is true where next reads on from words: an open end or a lower-case
// start.
func continues(words, next []page.Word) bool {
	if len(words) == 0 || len(next) == 0 {
		return false
	}
	if openEnd(words) {
		return true
	}
	c := next[0].Text[0]
	return c >= 'a' && c <= 'z' || c == '(' || c == '/'
}

// openEnd is true for words that cannot end a sentence or a name.
func openEnd(words []page.Word) bool {
	end := words[len(words)-1].Text
	if last := end[len(end)-1]; last == ',' || last == '/' || last == '&' || last == '-' && len(end) > 1 {
		return true
	}
	switch end {
	case "and", "of", "with", "or", "to", "the", "for", "in", "a", "by":
		return true
	}
	return false
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

// fits tries the row without changing the table. At most one seg may spill over
// a neighbouring column.
func (t *stream) fits(segs []*seg) bool {
	used := map[int]bool{}
	matched, spilled := 0, 0
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
			if len(pieces) == 1 {
				spilled++
			}
			for k := range pieces {
				used[k] = true
				matched++
			}
		}
	}
	return matched >= 2 && spilled <= 1 && 2*spilled < matched
}

// pieces deals the words of a seg that runs over several columns: at the left
// edge of a column where a word begins there, else all to the first column if
// it begins there.
func (t *stream) pieces(g *seg, ks []int) map[int][]page.Word {
	out := map[int][]page.Word{}
	k := 0
	for i, w := range g.words {
		for k+1 < len(ks) && i > 0 && float64(w.Box.Min.X)-float64(g.words[i-1].Box.Max.X) >= 1.4*t.s.space &&
			float64(w.Box.Min.X) >= t.cols[ks[k+1]].left-1.2*t.s.char {
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

func filled(cells [][]page.Word) int {
	n := 0
	for _, c := range cells {
		if len(c) > 0 {
			n++
		}
	}
	return n
}

func flat(cells [][]page.Word) []page.Word {
	var out []page.Word
	for _, c := range cells {
		out = append(out, c...)
	}
	return out
}

func cellsText(cells [][]page.Word) string {
	var b strings.Builder
	for _, c := range cells {
		b.WriteString(Text(c) + " ")
	}
	return b.String()
}

// adopt takes the row over the table for its titles, where it looks like titles,
// the table's own first row does not, and most columns get one: two titles may have
// run together into one seg.
func (t *stream) adopt() {
	at := t.rows[0].index - 1
	if at < 0 || len(t.cols) < 3 || headerLike(t.rows[0].cells) {
		return
	}
	var between []streamRow
	segs := t.s.loose(at)
	if at > 0 && len(segs) == 1 && digits(segs[0].text()) == 0 && len(segs[0].words) <= 6 {
		// the title of the first rows stands between
		cells := make([][]page.Word, len(t.cols))
		cells[0] = segs[0].words
		between = []streamRow{{index: at, cells: cells, segs: segs, solo: true}}
		at--
		segs = t.s.loose(at)
	}
	if 2*len(segs) < len(t.cols) || len(segs) < 3 || formRow(segs) || dyGap(t.s.rows[at].box, t.s.rows[at+1].box) > 1.5*t.s.unit {
		return
	}
	cells := make([][]page.Word, len(t.cols))
	for _, g := range segs {
		for _, w := range g.words {
			k := t.nearest(w.Box)
			cells[k] = append(cells[k], w)
		}
	}
	if headerLike(cells) && 4*filled(cells) >= 3*len(t.cols) {
		t.rows = slices.Concat([]streamRow{{index: at, cells: cells, segs: segs}}, between, t.rows)
	}
}

// nearest is the column that a box stands over or next to.
func (t *stream) nearest(b image.Rectangle) int {
	best, least := 0, math.Inf(1)
	for k, c := range t.cols {
		d := math.Max(c.left-float64(b.Max.X), float64(b.Min.X)-c.right)
		if d < 0 {
			d = math.Abs(midX(b)-(c.left+c.right)/2) / (c.right - c.left + 1) // over several: the one it is amid
			d -= 1
		}
		if d < least {
			best, least = k, d
		}
	}
	return best
}

// finish makes the table, or two where its header says the same twice over.
func (t *stream) finish() {
	n := len(t.cols)
	if k := n / 2; n%2 == 0 && n >= 4 && repeated(t.rows[0].cells) {
		edge := t.cols[k].left - t.s.char
		t.slice(0, k, func(g *seg) bool { return midX(g.box) < edge })
		t.slice(k, n, func(g *seg) bool { return midX(g.box) >= edge })
		return
	}
	t.slice(0, n, func(*seg) bool { return true })
}

// repeated is true for a row whose second half reads like its first.
func repeated(cells [][]page.Word) bool {
	k := len(cells) / 2
	for i := range k {
		if len(cells[i]) == 0 || !alike(shape(Text(cells[i])), shape(Text(cells[i+k]))) {
			return false
		}
	}
	return true
}

// slice makes a table of columns from to to and the segs in them.
func (t *stream) slice(from, to int, mine func(*seg) bool) {
	g := &grid{}
	var raw []rawRow
	for _, r := range t.rows {
		n := 0
		for _, sg := range r.segs {
			if mine(sg) {
				sg.taken = true
				g.segs = append(g.segs, sg)
				g.table.Box = g.table.Box.Union(sg.box)
				n++
			}
		}
		if n > 0 {
			raw = append(raw, rawRow{cells: r.cells[from:to], box: t.s.rows[r.index].box, solo: n == 1})
		}
	}
	t.s.buildTable(&g.table, t.s.corridors(raw), false)
	t.s.grids = append(t.s.grids, g)
}
