package layout

import (
	"image"
	"math"
	"regexp"
	"sort"

	"github.com/paperchart/paperchart/internal/page"
)

// box is a drawn cell with its print, line by line.
type box struct {
	rect  image.Rectangle
	segs  []*seg
	lines [][]page.Word
	form  bool // one of several boxes on its row, with a few lines in it
}

// maxFormLines parts a box of a form from a panel that is a page of its own.
const maxFormLines = 6

func (b box) untaken() []*seg {
	var out []*seg
	for _, g := range b.segs {
		if !g.taken && !g.speck() {
			out = append(out, g)
		}
	}
	return out
}

// lattice is a mesh of drawn lines: xs and ys are its grid, and cells that no
// line parts are one box.
type lattice struct {
	s      *sheet
	xs, ys []float64
	h, v   []image.Rectangle
	words  []image.Rectangle         // of the print within
	overV  map[int][]image.Rectangle // words over each vertical, once asked for
	overH  map[int][]image.Rectangle
	owner  []int // box of each grid cell
	boxes  []box
	listed int // boxes in tables of captions
}

const maxRules = 1500 // beyond this, lines are hatching or noise

// lattices finds drawn tables and forms. A band of rows with the same columns is
// a table; other boxes are kept for the pairs in them.
func (s *sheet) lattices() {
	for _, c := range s.meshes() {
		if len(c.v) == 0 {
			s.baselines = append(s.baselines, c.h...)
		}
		l := s.newLattice(c)
		if l == nil {
			continue
		}
		l.carve()
		l.fill()
		l.tables()
	}
}

func (s *sheet) newLattice(m mesh) *lattice {
	if len(m.h) < 2 || len(m.v) < 1 {
		return nil
	}
	var xs, ys []float64
	for _, v := range m.v {
		xs = append(xs, midX(v))
		ys = append(ys, float64(v.Min.Y), float64(v.Max.Y))
	}
	for _, h := range m.h {
		ys = append(ys, midY(h))
		xs = append(xs, float64(h.Min.X), float64(h.Max.X))
	}
	l := &lattice{s: s, h: m.h, v: m.v, overV: map[int][]image.Rectangle{}, overH: map[int][]image.Rectangle{}, xs: merge(xs, 0.6*s.unit), ys: merge(ys, 0.6*s.unit)}
	if n := (len(l.xs) - 1) * (len(l.ys) - 1); n < 2 || n > 20000 {
		return nil
	}
	area := image.Rect(int(l.xs[0]), int(l.ys[0]), int(l.xs[l.cols()]), int(l.ys[l.rows()]))
	for i := range s.rows {
		for _, w := range s.rows[i].words {
			if w.Box.Overlaps(area) && !bar(w.Text) {
				l.words = append(l.words, w.Box)
			}
		}
	}
	return l
}

// merge sorts positions and makes one of those closer than tol.
func merge(v []float64, tol float64) []float64 {
	sort.Float64s(v)
	var out []float64
	for i := 0; i < len(v); {
		j, sum := i, 0.0
		for j < len(v) && v[j]-v[i] <= tol {
			sum += v[j]
			j++
		}
		out = append(out, sum/float64(j-i))
		i = j
	}
	return out
}

func (l *lattice) cols() int { return len(l.xs) - 1 }
func (l *lattice) rows() int { return len(l.ys) - 1 }

// drawnV says whether a vertical stands at xs[j] along grid row i. Scans break
// rules: one drawn for most of the mesh stands wherever no print crosses it.
func (l *lattice) drawnV(i, j int) bool {
	if l.coverV(j, l.ys[i], l.ys[i+1]) >= 0.6 {
		return true
	}
	return l.coverV(j, l.ys[0], l.ys[l.rows()]) >= 0.5 && !l.crossedV(i, j) && l.brokenV(i, j)
}

// brokenV is true where what is missing of a vertical in grid row i is a break of
// it: some of it is there, or it stands in the rows over and under.
func (l *lattice) brokenV(i, j int) bool {
	if l.coverV(j, l.ys[i], l.ys[i+1]) >= 0.2 {
		return true
	}
	over, under := i == 0, i == l.rows()-1 // one row at an end may have lost it
	for k := range l.rows() {
		if l.coverV(j, l.ys[k], l.ys[k+1]) >= 0.6 {
			over, under = over || k < i, under || k > i
		}
	}
	return over && under
}

// drawnH says whether a horizontal lies at ys[i] along grid column j.
func (l *lattice) drawnH(i, j int) bool {
	if l.coverH(i, l.xs[j], l.xs[j+1]) >= 0.6 {
		return true
	}
	return l.coverH(i, l.xs[0], l.xs[l.cols()]) >= 0.5 && !l.crossedH(i, j)
}

func (l *lattice) coverV(j int, a, b float64) float64 {
	sum := 0.0
	for _, r := range l.v {
		if math.Abs(midX(r)-l.xs[j]) <= 0.6*l.s.unit {
			sum += math.Max(0, overlap(a, b, float64(r.Min.Y), float64(r.Max.Y)))
		}
	}
	return sum / (b - a)
}

func (l *lattice) coverH(i int, a, b float64) float64 {
	sum := 0.0
	for _, r := range l.h {
		if math.Abs(midY(r)-l.ys[i]) <= 0.6*l.s.unit {
			sum += math.Max(0, overlap(a, b, float64(r.Min.X), float64(r.Max.X)))
		}
	}
	return sum / (b - a)
}

// crossedV is true where a word on grid row i reaches well over xs[j].
func (l *lattice) crossedV(i, j int) bool {
	words, ok := l.overV[j]
	if !ok {
		for _, w := range l.words {
			if l.xs[j]-float64(w.Min.X) > 0.5*l.s.char && float64(w.Max.X)-l.xs[j] > 0.5*l.s.char {
				words = append(words, w)
			}
		}
		l.overV[j] = words
	}
	for _, w := range words {
		if y := midY(w); y > l.ys[i] && y < l.ys[i+1] {
			return true
		}
	}
	return false
}

// crossedH is true where a word in grid column j reaches well over ys[i].
func (l *lattice) crossedH(i, j int) bool {
	words, ok := l.overH[i]
	if !ok {
		for _, w := range l.words {
			if l.ys[i]-float64(w.Min.Y) > 0.3*dy(w) && float64(w.Max.Y)-l.ys[i] > 0.3*dy(w) {
				words = append(words, w)
			}
		}
		l.overH[i] = words
	}
	for _, w := range words {
		if x := midX(w); x > l.xs[j] && x < l.xs[j+1] {
			return true
		}
	}
	return false
}

// carve joins grid cells without a line between them into boxes.
func (l *lattice) carve() {
	nc, nr := l.cols(), l.rows()
	l.owner = make([]int, nc*nr)
	for k := range l.owner {
		l.owner[k] = -1
	}
	for k := range l.owner {
		if l.owner[k] < 0 {
			l.flood(k, len(l.boxes))
			l.boxes = append(l.boxes, box{})
		}
	}
	for k, b := range l.owner {
		i, j := k/nc, k%nc
		r := image.Rect(int(l.xs[j]), int(l.ys[i]), int(l.xs[j+1]), int(l.ys[i+1]))
		l.boxes[b].rect = l.boxes[b].rect.Union(r)
	}
}

func (l *lattice) flood(k, id int) {
	nc, nr := l.cols(), l.rows()
	stack := []int{k}
	l.owner[k] = id
	for len(stack) > 0 {
		k := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		i, j := k/nc, k%nc
		visit := func(n int, open bool) {
			if open && l.owner[n] < 0 {
				l.owner[n] = id
				stack = append(stack, n)
			}
		}
		if j > 0 {
			visit(k-1, !l.drawnV(i, j))
		}
		if j+1 < nc {
			visit(k+1, !l.drawnV(i, j+1))
		}
		if i > 0 {
			visit(k-nc, !l.drawnH(i, j))
		}
		if i+1 < nr {
			visit(k+nc, !l.drawnH(i+1, j))
		}
	}
}

// fill deals the page's words to boxes by their middles; a seg belongs to the box
// of its first word. Lines are gathered anew in each box, away from its
// neighbours.
func (l *lattice) fill() {
	dealt := make([][]page.Word, len(l.boxes))
	for i := range l.s.rows {
		for _, g := range l.s.loose(i) {
			for k, w := range g.words {
				b := l.boxAt(midX(w.Box), midY(w.Box))
				if b < 0 {
					continue
				}
				dealt[b] = append(dealt[b], w)
				if k == 0 {
					l.boxes[b].segs = append(l.boxes[b].segs, g)
				}
			}
		}
	}
	for b := range l.boxes {
		for _, r := range gatherRows(dealt[b], l.s.measure) {
			l.boxes[b].lines = append(l.boxes[b].lines, r.words)
		}
	}
}

func (l *lattice) boxAt(x, y float64) int {
	j := sort.SearchFloat64s(l.xs, x) - 1
	i := sort.SearchFloat64s(l.ys, y) - 1
	if i < 0 || j < 0 || i >= l.rows() || j >= l.cols() {
		return -1
	}
	return l.owner[i*l.cols()+j]
}

func (b box) words() []page.Word {
	var out []page.Word
	for _, w := range b.lines {
		out = append(out, w...)
	}
	return out
}

// starts returns the grid columns at which a cell of row i begins.
func (l *lattice) starts(i int) []int {
	var out []int
	for j := 0; j < l.cols(); j++ {
		if j == 0 || l.owner[i*l.cols()+j] != l.owner[i*l.cols()+j-1] {
			out = append(out, j)
		}
	}
	return out
}

// tables takes bands of grid rows with equal columns; a box across a row within
// such a band is a subheading.
func (l *lattice) tables() {
	inTable := map[int]bool{}
	l.captionTables(inTable)
	for i := 0; i < l.rows(); {
		cols := l.starts(i)
		if inTable[l.owner[i*l.cols()]] {
			i++
			continue
		}
		j := i + 1
		for j < l.rows() && len(cols) >= 2 {
			next := l.starts(j)
			if !sameInts(next, cols) && !(len(next) == 1 && j+1 < l.rows() && sameInts(l.starts(j+1), cols)) {
				break
			}
			j++
		}
		if len(cols) >= 2 && j-i >= 2 && l.regular(i, j, cols) && !l.formBand(i, j, cols) {
			l.table(i, j, cols, inTable)
		}
		i = j
	}
	plausible := l.formy(inTable)
	for b := range l.boxes {
		bx := &l.boxes[b]
		if inTable[b] || len(bx.lines) == 0 {
			continue
		}
		bx.form = plausible && dx(bx.rect) < 0.7*(l.xs[l.cols()]-l.xs[0]) && len(bx.lines) <= maxFormLines
		l.s.boxes = append(l.s.boxes, *bx)
		for _, g := range bx.segs {
			if bx.form {
				g.form = len(l.s.boxes)
			}
		}
	}
}

// fieldNo is the number of a field on a form: "17b."
var fieldNo = regexp.MustCompile(`^\d{1,3}[a-zA-Z]?\.?$`)

// formy is true where the boxes that no table holds look like a form's: captions
// over values, or labels with colons, rather than cells of a broken table.
func (l *lattice) formy(inTable map[int]bool) bool {
	n, all := l.listed, l.listed
	for i, b := range l.boxes {
		if inTable[i] || len(b.lines) == 0 {
			continue
		}
		words := b.words()
		all++
		k := labelEnd(words)
		if k > 0 || len(b.lines) >= 2 && labelLike(b.lines[0]) && (digits(Text(b.lines[0])) == 0 || fieldNo.MatchString(b.lines[0][0].Text)) {
			n++
		}
	}
	return n*2 >= all
}

func sameInts(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// regular rejects bands with nothing much in them and boxes over several rows.
func (l *lattice) regular(from, to int, cols []int) bool {
	seen := map[int]int{}
	full := 0
	for i := from; i < to; i++ {
		for _, j := range cols {
			b := l.owner[i*l.cols()+j]
			seen[b]++
			if seen[b] == 1 && len(l.boxes[b].lines) > 0 {
				full++
			}
		}
	}
	tall := 0
	for _, n := range seen {
		if n > 1 && n > to-from-2 {
			tall++
		}
	}
	return full >= 3 && full*10 >= len(seen) && tall*3 <= len(cols)
}

// formBand is true where the cells of the first row with more than a heading in
// it each hold a label and its value.
func (l *lattice) formBand(i, to int, cols []int) bool {
	n, full := 0, 0
	for i+1 < to && l.headingRow(i, cols) {
		i++
	}
	for _, j := range cols {
		b := l.boxes[l.owner[i*l.cols()+j]]
		if len(b.lines) == 0 {
			continue
		}
		full++
		words := b.words()
		if k := labelEnd(words); k > 0 && k < len(words) || len(b.lines) >= 2 && captioned(b, l.s.measure) {
			n++
		}
	}
	return n > 0 && n*2 >= full
}

// headingRow is true for a row with print in its first cell alone, on one line.
func (l *lattice) headingRow(i int, cols []int) bool {
	for k, j := range cols {
		if n := len(l.boxOf(i, j).lines); n > 1 || k == 0 && n == 0 || k > 0 && n > 0 {
			return false
		}
	}
	return true
}

// captioned is true for a box whose first line is print smaller than the rest,
// or words over a value with numbers.
func captioned(b box, m measure) bool {
	first, rest := b.lines[0], b.lines[1]
	if fieldNo.MatchString(first[0].Text) && len(first) > 1 {
		first = first[1:] // "1. Name of resident"
	}
	if digits(Text(first)) > digits(Text(rest)) || letters(Text(first)) == 0 {
		return false
	}
	return measureWords(first).unit < 0.85*measureWords(rest).unit || digits(Text(rest)) > 0 && len(b.lines) == 2
}

func (l *lattice) table(from, to int, cols []int, inTable map[int]bool) {
	g := &grid{}
	g.table.Ruled = true
	dealt := make([]map[int][]page.Word, len(cols)) // by column, of its latest box over several rows
	var raw []rawRow
	for i := from; i < to; i++ {
		r := rawRow{cells: make([][]page.Word, len(cols))}
		for k, j := range cols {
			id := l.owner[i*l.cols()+j]
			b := l.boxes[id]
			r.box = r.box.Union(b.rect)
			if inTable[id] {
				r.cells[k] = dealt[k][i]
				continue
			}
			dealt[k] = nil
			inTable[id] = true
			if deal := l.deal(id, i, to, j, cols); deal != nil {
				dealt[k] = deal
				r.cells[k] = deal[i]
			} else {
				r.cells[k] = b.words()
			}
			for _, sg := range b.segs {
				sg.taken = true
				g.segs = append(g.segs, sg)
			}
		}
		raw = append(raw, r)
		g.table.Box = g.table.Box.Union(r.box)
	}
	if len(g.segs) == 0 {
		return
	}
	if split := l.split(raw, g.segs); split != nil {
		l.s.buildTable(&g.table, split, false)
	} else {
		l.s.buildTable(&g.table, raw, true)
	}
	l.s.grids = append(l.s.grids, g)
}

// deal parts the print of a box over several rows, where the line between them is
// broken in its column alone: there is print in each row, and most other columns
// are parted there. It returns nil for any other box.
func (l *lattice) deal(id, from, to, col int, cols []int) map[int][]page.Word {
	n := from
	for n < to && l.owner[n*l.cols()+col] == id {
		n++
	}
	if n-from < 2 || len(l.boxes[id].lines) < 2 {
		return nil
	}
	parted := 0
	for _, j := range cols {
		if l.owner[from*l.cols()+j] != l.owner[(n-1)*l.cols()+j] {
			parted++
		}
	}
	if 2*parted < len(cols) {
		return nil
	}
	out := map[int][]page.Word{}
	for _, line := range l.boxes[id].lines {
		y := midY(Bounds(line))
		i := min(n-1, max(from, sort.SearchFloat64s(l.ys, y)-1))
		out[i] = append(out[i], line...)
	}
	if len(out) < 2 {
		return nil
	}
	return out
}
