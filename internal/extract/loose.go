package extract

import (
	"image"
	"strings"

	"github.com/paperchart/paperchart/internal/layout"
)

// A loose table is one that layout did not see as a table: lines side by side,
// of which one row reads as column titles. Its columns are where its titles
// stand, and what is printed under them row by row belongs to it.

// visualRow is what stands on one line of print, left to right.
type visualRow struct {
	cells []passage
	box   image.Rectangle
	page  int
	part  int
}

// readLoose reads the loose tables of a chunk. A table without titles that
// follows right under a row of titles is part of it.
func (r *reader) readLoose(c *chunk) {
	rows := r.visualRows(c)
	done := map[int]bool{}
	for i := 0; i < len(rows); i++ {
		if len(rows[i].cells) < 2 || c.parts[rows[i].part].table != nil {
			continue
		}
		cols, ok := r.titles(rows[i].cells, c.sec, false)
		if !ok || cols.spec.absent {
			continue
		}
		i = r.looseTable(c, rows, i, done) - 1
	}
	for k := range done {
		c.parts[k].read = true
	}
}

// untitled reads lines side by side under a list's heading as a table without
// titles: at least two rows in a run with as many cells, of which what the
// columns hold tells what they are.
func (r *reader) untitled(c *chunk) {
	if k := rowsOf[c.sec]; k == kindNone || k == kindLab || !c.sec.list() {
		return
	}
	rows := r.visualRows(c)
	for i := 0; i < len(rows); {
		j := i
		for j < len(rows) && r.sideBySide(c, rows[j]) && len(rows[j].cells) == len(rows[i].cells) && rows[j].page == rows[i].page && aligned(rows[i], rows[j]) {
			j++
		}
		if j-i >= 2 {
			r.untitledRun(c, rows[i:j])
		}
		i = max(j, i+1)
	}
}

func (r *reader) sideBySide(c *chunk, v visualRow) bool {
	if len(v.cells) < 2 || c.parts[v.part].table != nil || c.parts[v.part].under != nil || bullet.MatchString(v.cells[0].text) || r.anyUsed(v.cells[0]) {
		return false
	}
	for _, p := range v.cells {
		if strings.HasSuffix(p.text, ":") || r.inTitles(p) {
			return false
		}
	}
	return true
}

// aligned tells whether the second column of two rows begins at one place.
func aligned(a, b visualRow) bool {
	_, x := a.cells[1].bounds()
	_, y := b.cells[1].bounds()
	return abs(x.Min.X-y.Min.X) <= 2*max(x.Dy(), 1)
}

func (r *reader) untitledRun(c *chunk, rows []visualRow) {
	var cells [][]layout.Cell
	for _, v := range rows {
		var row []layout.Cell
		for _, p := range v.cells {
			row = append(row, cellOf(p))
		}
		cells = append(cells, row)
	}
	cols := r.byContent(cells, c.sec)
	if cols == nil || cols.spec.absent || cols.spec.kind == kindCondition && !has(cols.roles, "icd10_code") {
		return // a problem and what is said of it reads better as a line
	}
	tr := &tableReader{r: r, cols: cols, guessed: true,
		ctx: around{sec: c.sec, sure: c.sure, title: c.title, label: 0.6, bond: 0.7, table: true}}
	for _, v := range rows {
		tr.take(v.cells)
	}
	tr.flush()
}

func has(roles []string, role string) bool {
	for _, r := range roles {
		if r == role {
			return true
		}
	}
	return false
}

func cellOf(p passage) layout.Cell {
	pg, b := p.bounds()
	out := layout.Cell{Page: pg, Box: b}
	for _, w := range p.ink {
		out.Words = append(out.Words, w.Word)
	}
	return out
}

// visualRows puts the lines of a chunk, and the cells of its untitled tables,
// into rows.
func (r *reader) visualRows(c *chunk) []visualRow {
	var out []visualRow
	for k, p := range c.parts {
		if p.table != nil {
			if len(p.table.Header) > 0 {
				out = append(out, visualRow{part: k})
				continue
			}
			for _, row := range p.table.Rows {
				v := visualRow{part: k}
				for _, cell := range row {
					if q := ofCell(cell); !q.empty() {
						v.add(q)
					}
				}
				if len(v.cells) > 0 {
					out = append(out, v)
				}
			}
			continue
		}
		for _, l := range p.lines {
			n := len(out)
			if n > 0 && out[n-1].part == k && out[n-1].page == l.page && rowsMeet(out[n-1].box, l.box) && l.box.Min.X >= out[n-1].box.Max.X {
				out[n-1].add(l.passage)
				continue
			}
			v := visualRow{part: k}
			v.add(l.passage)
			out = append(out, v)
		}
	}
	return out
}

func (v *visualRow) add(p passage) {
	pg, b := p.bounds()
	if len(v.cells) == 0 {
		v.page = pg
	}
	v.cells = append(v.cells, p)
	v.box = v.box.Union(b)
}

// looseTable reads the rows under the titles at i, and returns the first row
// that is not of the table.
func (r *reader) looseTable(c *chunk, rows []visualRow, i int, done map[int]bool) int {
	tr := &tableReader{r: r, ctx: around{sec: c.sec, sure: c.sure, title: c.title, bond: 0.7, table: true}, guessed: true}
	head := rows[i]
	if !tr.header(head.cells, false) {
		return i + 1
	}
	last := head
	for i++; i < len(rows); i++ {
		v := rows[i]
		if len(v.cells) == 0 || v.page != last.page || v.box.Min.Y < last.box.Min.Y || v.box.Min.Y-last.box.Max.Y > 3*max(last.box.Dy(), 1) {
			break
		}
		if len(v.cells) == 1 && (len(v.cells[0].ink) > 10 || c.parts[v.part].table == nil && r.section1(v.cells[0])) {
			break
		}
		if c.parts[v.part].table != nil {
			done[v.part] = true
		}
		last = v
		switch {
		case len(v.cells) == 1 && tr.divider(v.cells[0], cellsAt(rows, i+1)):
		case tr.header(v.cells, false):
			head = v
		case tr.cols != nil:
			tr.take(under(head, v))
		}
	}
	tr.flush()
	return i
}

// section1 tells whether a lone text is a section's title.
func (r *reader) section1(p passage) bool {
	s, c, ok := r.lex.heading(p.text)
	return ok && c > 0.9 && (listOrText(s) || partyOf(s) != anyone)
}

// under puts the cells of a row under the titles they stand below: the one
// whose extent they share most, else the last that begins left of them.
func under(head, v visualRow) []passage {
	out := make([]passage, len(head.cells))
	for _, p := range v.cells {
		_, b := p.bounds()
		best, most := -1, 0
		for j, t := range head.cells {
			_, tb := t.bounds()
			if n := min(b.Max.X, tb.Max.X) - max(b.Min.X, tb.Min.X); n > most {
				best, most = j, n
			}
		}
		if best < 0 {
			for j, t := range head.cells {
				if _, tb := t.bounds(); tb.Min.X <= b.Min.X+b.Dy() {
					best = j
				}
			}
		}
		if best < 0 {
			best = 0
		}
		if !out[best].empty() {
			p = join(out[best], p)
		}
		out[best] = p
	}
	return out
}

func cellsAt(rows []visualRow, i int) []passage {
	if i >= len(rows) {
		return nil
	}
	return rows[i].cells
}
