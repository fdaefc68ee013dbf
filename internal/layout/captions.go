package layout

import (
	"image"

	"github.com/paperchart/paperchart/internal/page"
)

// captioned tables are rows of boxes with the same captions in each row, as forms
// have them for lists: MEDICATION, DOSE, HOW OFTEN over the values of each
// medicine. The captions become the table's header.

// captionTables takes the runs of two or more grid rows that say the same
// captions in the same columns.
func (l *lattice) captionTables(inTable map[int]bool) {
	for i := 0; i < l.rows(); i++ {
		cols := l.starts(i)
		if len(cols) < 2 || !l.captions(i, cols) {
			continue
		}
		rows, j := []int{i}, i+1
		for ; j < l.rows() && sameInts(l.starts(j), cols); j++ {
			if l.sameBoxes(rows[len(rows)-1], j, cols) {
				continue
			}
			if !l.sameCaptions(i, j, cols) {
				break
			}
			rows = append(rows, j)
		}
		if len(rows) >= 2 {
			l.captionTable(rows, cols, inTable)
			i = j - 1
		}
	}
}

func (l *lattice) boxOf(i, j int) *box { return &l.boxes[l.owner[i*l.cols()+j]] }

// sameBoxes is true where two grid rows run through the same boxes.
func (l *lattice) sameBoxes(a, b int, cols []int) bool {
	for _, j := range cols {
		if l.boxOf(a, j) != l.boxOf(b, j) {
			return false
		}
	}
	return true
}

// captions is true where every box of a row begins with print that could name a
// value, and at least one has a value beneath.
func (l *lattice) captions(i int, cols []int) bool {
	values := 0
	for _, j := range cols {
		b := l.boxOf(i, j)
		if len(b.lines) == 0 || !labelLike(b.lines[0]) {
			return false
		}
		if len(b.lines) > 1 {
			values++
		}
	}
	return values > 0
}

// sameCaptions is true where two rows begin with the same captions, slips of
// the reader aside.
func (l *lattice) sameCaptions(a, b int, cols []int) bool {
	for _, j := range cols {
		first, second := l.boxOf(a, j), l.boxOf(b, j)
		if first == second || len(second.lines) == 0 || !alike(Text(first.lines[0]), Text(second.lines[0])) {
			return false
		}
	}
	return true
}

func (l *lattice) captionTable(at, cols []int, inTable map[int]bool) {
	g := &grid{}
	g.table.Ruled, g.table.Page = true, l.s.src.Number
	head := rawRow{cells: make([][]page.Word, len(cols))}
	for k, j := range cols {
		head.cells[k] = l.boxOf(at[0], j).lines[0]
	}
	var rows []rawRow
	for _, i := range at {
		r := rawRow{cells: make([][]page.Word, len(cols))}
		for k, j := range cols {
			b := l.boxOf(i, j)
			inTable[l.owner[i*l.cols()+j]] = true
			l.listed++
			for _, line := range b.lines[1:] {
				r.cells[k] = append(r.cells[k], line...)
			}
			for _, sg := range b.segs {
				sg.taken = true
				g.segs = append(g.segs, sg)
			}
			r.box = r.box.Union(b.rect)
		}
		rows = append(rows, r)
		g.table.Box = g.table.Box.Union(r.box)
	}
	if len(g.segs) == 0 || g.table.Box == (image.Rectangle{}) {
		return
	}
	g.table.Header = l.s.cells([]rawRow{head})
	for _, r := range rows {
		if filled(r.cells) > 0 {
			g.table.Rows = append(g.table.Rows, l.s.cells([]rawRow{r}))
		}
	}
	l.s.grids = append(l.s.grids, g)
}
