package layout

import (
	"image"
	"sort"
	"strings"
)

// item is what the reading order sorts: a seg, the segs of a drawn box, or a
// whole table.
type item struct {
	box   image.Rectangle
	segs  []*seg
	grid  *grid
	row   int
	group int // column the item was put in
}

// weight is the lines of print in an item.
func (it *item) weight() int {
	if it.grid == nil {
		return 1
	}
	return len(it.grid.table.Rows) + 1
}

// maxDepth ends the cutting of a page of noise into ever smaller columns.
const maxDepth = 10

// order reads a page top to bottom, cutting it into columns where white space
// runs down between at least three lines on either side. What crosses the
// white space stands before or after the columns.
func (s *sheet) order(items []*item) []*item {
	sort.SliceStable(items, func(i, j int) bool {
		if items[i].row != items[j].row {
			return items[i].row < items[j].row
		}
		return items[i].box.Min.X < items[j].box.Min.X
	})
	groups := 0
	return s.cut(items, 0, &groups)
}

func (s *sheet) cut(items []*item, depth int, groups *int) []*item {
	if depth < maxDepth && len(items) >= 4 {
		if g, ok := s.gutter(items); ok {
			var out []*item
			for _, part := range g.split(items) {
				out = append(out, s.cut(part, depth+1, groups)...)
			}
			return out
		}
	}
	*groups++
	here := *groups
	for _, it := range items {
		it.group = here
		if len(it.segs) > 1 {
			*groups++
			it.group = *groups
		}
	}
	return items
}

// gutter is white space at x from the top of one item to the bottom of another.
type gutter struct{ x, top, bot float64 }

func (g gutter) split(items []*item) [4][]*item {
	var out [4][]*item // above, left, right, below
	for _, it := range items {
		k := 0
		switch mid := midY(it.box); {
		case mid < g.top:
		case mid > g.bot:
			k = 3
		case midX(it.box) < g.x:
			k = 1
		default:
			k = 2
		}
		out[k] = append(out[k], it)
	}
	return out
}

// gutter finds the white space with the most lines beside it. The page is laid
// out in cells one character wide; for each, the items that cover it end a run.
func (s *sheet) gutter(items []*item) (gutter, bool) {
	var all image.Rectangle
	for _, it := range items {
		all = all.Union(it.box)
	}
	n := int(dx(all)/s.char) + 1
	if n > 2000 || n < 8 {
		return gutter{}, false
	}
	cell := func(x int) int { return min(n-1, max(0, int((float64(x)-float64(all.Min.X))/s.char))) }
	type lane struct{ start, left, right int }
	lanes := make([]lane, n)
	type found struct {
		from, to, lane, score int
	}
	var best []found
	end := func(x, to int) {
		l := lanes[x]
		if score := min(l.left, l.right); score >= 3 && to > l.start {
			best = append(best, found{l.start, to, x, score})
		}
	}
	for i := 0; i < len(items); {
		j := i
		for j < len(items) && items[j].row == items[i].row {
			j++
		}
		lo, hi, weight := n, -1, 1
		for _, it := range items[i:j] {
			weight = max(weight, it.weight())
			lo, hi = min(lo, cell(it.box.Min.X)), max(hi, cell(it.box.Max.X-1))
			for x := cell(it.box.Min.X); x <= cell(it.box.Max.X-1); x++ {
				end(x, i)
				lanes[x] = lane{start: j}
			}
		}
		for x := range lanes {
			if lanes[x].start > i {
				continue
			}
			if lo < x {
				lanes[x].left += weight
			}
			if hi > x {
				lanes[x].right += weight
			}
		}
		i = j
	}
	for x := range lanes {
		end(x, len(items))
	}
	sort.SliceStable(best, func(i, j int) bool { return best[i].score > best[j].score })
	for k, f := range best {
		if k > 3*n {
			break
		}
		if g, ok := s.column(items, f.from, f.to, float64(all.Min.X)+(float64(f.lane)+0.5)*s.char); ok {
			return g, true
		}
	}
	return gutter{}, false
}

// column says whether the white space at x between items[from:to] parts columns
// to be read one after the other, rather than labels from their values.
func (s *sheet) column(items []*item, from, to int, x float64) (gutter, bool) {
	run := s.core(items[from:to], x)
	var left, right []*item
	for _, it := range run {
		if midX(it.box) < x {
			left = append(left, it)
		} else {
			right = append(right, it)
		}
	}
	if totalWeight(left) < 3 || totalWeight(right) < 3 || !s.wide(left, right) {
		return gutter{}, false
	}
	l, r := itemsBox(left), itemsBox(right)
	if float64(r.Min.X)-float64(l.Max.X) < minGap*s.char {
		return gutter{}, false
	}
	return gutter{x: (float64(l.Max.X) + float64(r.Min.X)) / 2,
		top: float64(min(l.Min.Y, r.Min.Y)), bot: float64(max(l.Max.Y, r.Max.Y))}, true
}

// core trims a run of items to where both sides have print, and what follows
// closely on one side.
func (s *sheet) core(run []*item, x float64) []*item {
	first, last := [2]int{-1, -1}, [2]int{-1, -1}
	for k, it := range run {
		side := 0
		if midX(it.box) > x {
			side = 1
		}
		if first[side] < 0 {
			first[side] = k
		}
		last[side] = k
	}
	if first[0] < 0 || first[1] < 0 {
		return nil
	}
	from, to := max(first[0], first[1]), min(last[0], last[1])
	for from > 0 && run[from-1].row == run[from].row {
		from--
	}
	for to+1 < len(run) && (run[to+1].row == run[to].row || dyGap(run[to].box, run[to+1].box) < 1.5*s.unit) {
		to++
	}
	for k := min(last[0], last[1]) + 1; k <= to; k++ {
		if it := run[k]; it.grid == nil && it.row > run[k-1].row && s.bold(it.segs[0].words) && s.titles(it.segs[0]) && dyGap(s.rows[it.row-1].box, it.box) > 0.8*s.unit {
			to = k - 1 // what a title below one of the columns heads, it heads across the page
		}
	}
	for both := min(last[0], last[1]); to > both && run[to].grid == nil && (s.titles(run[to].segs[0]) || s.lonely(run[to])); to-- {
		// a title at the foot of one column heads what stands below both
	}
	if from > to {
		return nil
	}
	return run[from : to+1]
}

// wide tells columns of text from label and value: prose on both sides, or
// lines that do not stand on common baselines, or a drawn rule between.
func (s *sheet) wide(left, right []*item) bool {
	rows := map[int]bool{}
	var lw, rw []float64
	if labelColumn(left) {
		return false
	}
	if hasGrid(left) || hasGrid(right) || s.headed(left, right) {
		return true
	}
	for _, it := range left {
		rows[it.row] = true
		lw = append(lw, dx(it.box))
	}
	common := 0
	for _, it := range right {
		if rows[it.row] {
			common++
		}
		rw = append(rw, dx(it.box))
	}
	if median(lw) >= 22*s.char && median(rw) >= 15*s.char && !labelled(right) {
		return true
	}
	if float64(common) < 0.7*float64(min(len(right), len(left))) {
		return true
	}
	l, r := itemsBox(left), itemsBox(right)
	for _, v := range s.verticals {
		if midX(v) > float64(l.Max.X)-s.char && midX(v) < float64(r.Min.X)+s.char && overlapY(v, l.Union(r)) > 0.6*dy(l.Union(r)) {
			return true
		}
	}
	return false
}

func totalWeight(items []*item) int {
	n := 0
	for _, it := range items {
		n += it.weight()
	}
	return n
}

func hasGrid(items []*item) bool {
	for _, it := range items {
		if it.grid != nil {
			return true
		}
	}
	return false
}

// labelColumn is true where half the items or more are labels alone.
func labelColumn(items []*item) bool {
	n, all := 0, 0
	for _, it := range items {
		if it.grid != nil {
			return false
		}
		last := it.segs[0].words[len(it.segs[0].words)-1].Text
		if all++; colon(last) || ledBy(last) {
			n++
		}
	}
	return 2*n >= all
}

// headed is true where both columns begin with a heading on the same row and the
// right one is no column of values.
func (s *sheet) headed(left, right []*item) bool {
	a, b := left[0], right[0]
	if a.row != b.row || a.grid != nil || b.grid != nil || gapBetween(a.box, b.box) < 6*s.char {
		return false
	}
	lone := s.lonely(a) && s.lonely(b)
	if !(lone || s.titles(a.segs[0])) || !(lone || s.titles(b.segs[0])) || !s.flush(a, left) || !s.flush(b, right) {
		return false
	}
	if !(s.loud(a.segs[0]) && s.loud(b.segs[0])) && inStep(left, right) {
		return false // the header of two columns
	}
	numeric := 0
	for _, it := range right[1:] {
		if c := it.segs[0].words[0].Text[0]; c >= '0' && c <= '9' || c == '<' || c == '>' {
			numeric++
		}
	}
	return numeric*2 < len(right)-1
}

// lonely is true for a short name with white space above it.
func (s *sheet) lonely(it *item) bool {
	g := it.segs[0]
	if len(g.words) > 4 || !titleCase(g.words) || digits(g.text()) > 0 || !canTitle(g.words, g.text()) {
		return false
	}
	return it.row == 0 || dyGap(s.rows[it.row-1].box, g.box) > 0.8*s.unit
}

// flush is true for an item at the left edge of its column.
func (s *sheet) flush(it *item, column []*item) bool {
	return float64(it.box.Min.X-itemsBox(column).Min.X) < 2*s.char
}

// inStep is true where every row has one item on each side.
func inStep(left, right []*item) bool {
	if len(left) != len(right) {
		return false
	}
	for i := range left {
		if left[i].row != right[i].row {
			return false
		}
	}
	return true
}

// loud is true for capitals, larger print, or a colon: a section's title rather
// than a column's.
func (s *sheet) loud(g *seg) bool {
	text := g.text()
	return allCaps(text) || strings.HasSuffix(text, ":") || median(capital(g.words)) > 1.15*s.capHeight()
}

// titles is true for print that titles a column by its form.
func (s *sheet) titles(g *seg) bool {
	text := g.text()
	if !canTitle(g.words, text) {
		return false
	}
	return s.loud(g) || s.bold(g.words) || s.ruleBeneath(s.line(g))
}

// labelled is true where half the items begin with a label and colon.
func labelled(items []*item) bool {
	n := 0
	for _, it := range items {
		if it.grid == nil && labelEnd(it.segs[0].words) > 0 {
			n++
		}
	}
	return 2*n >= len(items)
}

func itemsBox(items []*item) image.Rectangle {
	var r image.Rectangle
	for _, it := range items {
		r = r.Union(it.box)
	}
	return r
}
