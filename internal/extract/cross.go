package extract

import (
	"github.com/paperchart/paperchart/internal/layout"
)

// Forms ask for illnesses in the family with a grid of crosses: an illness a row
// and a relative a column, or the other way about.

// crosses are the marks that say yes in such a grid.
var crosses = fieldSet("x", "xx", "yes", "y", "v", "✓", "✔", "√", "☒", "☑", "+")

// crossGrid reads a family's grid of crosses and tells whether a table is one.
func (r *reader) crossGrid(t *layout.Table, c *chunk) bool {
	rows := t.Rows
	if len(t.Header) > 0 {
		rows = append([][]layout.Cell{t.Header}, rows...)
	}
	if len(rows) < 2 || len(rows[0]) < 3 || r.lex.spec(kindFamily) == nil || r.lex.spec(kindFamily).absent {
		return false
	}
	head := passages(rows[0])
	across := len(allRelatives(head[1:])) >= 2
	down := !across && len(allRelatives(firsts(rows[1:]))) >= 2
	if !across && !down {
		return false
	}
	marks, others := 0, 0
	for _, row := range rows[1:] {
		for _, p := range passages(row)[1:] {
			switch {
			case crosses[keepMark(p.text)]:
				marks++
			case !p.empty():
				others++
			}
		}
	}
	if marks == 0 || others > marks {
		return false
	}
	for _, row := range rows[1:] {
		cells := passages(row)
		rw := row0(c, cells, r)
		for j := 1; j < len(cells) && j < len(head); j++ {
			if !crosses[keepMark(cells[j].text)] {
				continue
			}
			rel, ill := head[j], cells[0]
			if down {
				rel, ill = ill, rel
			}
			if relatives.MatchString(rel.text) {
				r.addRelative(rel, ill, rw)
			}
		}
		r.take(rw.whole)
	}
	for _, p := range head {
		r.markTitled(p)
	}
	return true
}

func row0(c *chunk, cells []passage, r *reader) row {
	whole := join(cells...)
	return row{cells: map[string]passage{}, whole: whole,
		ctx: around{sec: secFamily, sure: c.sure, title: c.title, label: 0.9, bond: 0.85, order: r.order(whole), table: true}}
}

func firsts(rows [][]layout.Cell) []passage {
	var out []passage
	for _, row := range rows {
		if len(row) > 0 {
			out = append(out, ofCell(row[0]))
		}
	}
	return out
}

// allRelatives are the passages that are the name of a relative and nothing else.
func allRelatives(ps []passage) []passage {
	var out []passage
	for _, p := range ps {
		if m := relatives.FindString(p.text); m != "" && len(key(m)) >= len(key(p.text))-1 {
			out = append(out, p)
		}
	}
	return out
}

// keepMark folds a mark without losing the signs that key drops.
func keepMark(s string) string {
	if k := key(s); k != "" {
		return k
	}
	return s
}
