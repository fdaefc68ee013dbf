package layout

import (
	"sort"

	"github.com/paperchart/paperchart/internal/page"
)

// split deals a table whose rows no line parts to its lines of print: verticals
// alone, or a header's line over an open body. It returns nil where the drawn
// rows are the rows.
func (l *lattice) split(raw []rawRow, segs []*seg) []rawRow {
	var out []rawRow
	parted := false
	for _, r := range raw {
		lines := l.lines(r, segs)
		full := 0
		for _, t := range lines {
			if filled(t.cells) >= 2 && len(t.cells[0]) > 0 {
				full++
			}
		}
		if full < 2 || full*2 < len(lines) || full == 2 && len(raw) > 3 && len(lines) == 2 && !numeric(lines) {
			out = append(out, r)
			continue
		}
		parted = true
		out = append(out, lines...)
	}
	if !parted {
		return nil
	}
	return out
}

// numeric is true where each line has a cell of its own that begins with a digit.
func numeric(lines []rawRow) bool {
	for k := range lines[0].cells {
		n := 0
		for _, t := range lines {
			if len(t.cells[k]) > 0 && len(t.cells[k]) <= 2 && t.cells[k][0].Text[0] >= '0' && t.cells[k][0].Text[0] <= '9' {
				n++
			}
		}
		if n == len(lines) {
			return true
		}
	}
	return false
}

// lines parts one drawn row by the page's rows of print.
func (l *lattice) lines(r rawRow, segs []*seg) []rawRow {
	row := map[[2]int]int{}
	for _, g := range segs {
		for _, w := range g.words {
			row[at(w)] = g.row
		}
	}
	byRow := map[int]*rawRow{}
	var order []int
	for k, c := range r.cells {
		for _, w := range c {
			n := row[at(w)]
			t := byRow[n]
			if t == nil {
				t = &rawRow{cells: make([][]page.Word, len(r.cells))}
				byRow[n] = t
				order = append(order, n)
			}
			t.cells[k] = append(t.cells[k], w)
			t.box = t.box.Union(w.Box)
		}
	}
	sort.Ints(order)
	out := make([]rawRow, 0, len(order))
	for _, n := range order {
		t := byRow[n]
		t.solo = filled(t.cells) == 1
		out = append(out, *t)
	}
	return out
}
