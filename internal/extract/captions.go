package extract

import (
	"sort"
	"strings"

	"github.com/paperchart/paperchart/internal/layout"
)

// captions reads forms that print rows of labels over or under rows of values:
// which of the two rows belongs to the labels is told by which stands nearer.
func (r *reader) captions(p *layout.Page) []labelled {
	rows := printedRows(p)
	var out []labelled
	for i, row := range rows {
		ms := r.rowOfLabels(row)
		if ms == nil {
			continue
		}
		over, under := 1<<30, 1<<30
		if i > 0 {
			over = row.box.Min.Y - rows[i-1].box.Max.Y
		}
		if i+1 < len(rows) {
			under = rows[i+1].box.Min.Y - row.box.Max.Y
		}
		h := max(row.box.Dy(), 1)
		switch {
		case over < 2*h && 2*over < under:
			out = append(out, r.captioned(row, ms, rows[i-1])...)
		case under < 2*h && 2*under < over:
			out = append(out, r.captioned(row, ms, rows[i+1])...)
		}
	}
	return out
}

// nameCaptions are labels of a person's name that stand alone, small, over the name.
func (r *reader) nameCaptions(p *layout.Page) []labelled {
	var out []labelled
	for _, l := range p.Lines {
		q := ofLine(l)
		m, c, ok := r.lex.label(q.text, false)
		if !ok || c < 1 || m.concept != cPatientName {
			continue
		}
		below, ok := lineBelow(p, l)
		if v := ofLine(below); ok && !r.isAnyLabel(v.text) && !strings.Contains(v.text, ":") {
			out = append(out, r.make(q, v, m, c, 0.8))
		}
	}
	return out
}

// lineBelow is the line that begins where another does, right under it.
func lineBelow(p *layout.Page, l layout.Line) (layout.Line, bool) {
	var best layout.Line
	found := false
	for _, o := range p.Lines {
		gap, in := o.Box.Min.Y-l.Box.Max.Y, o.Box.Min.X-l.Box.Min.X
		if gap < 0 || 2*gap > 3*l.Box.Dy() || max(in, -in) > l.Box.Dy() || found && o.Box.Min.Y > best.Box.Min.Y {
			continue
		}
		best, found = o, true
	}
	return best, found
}

// printedRows are the lines of a page by the line of print they stand on.
func printedRows(p *layout.Page) []visualRow {
	lines := append([]layout.Line(nil), p.Lines...)
	sort.SliceStable(lines, func(i, j int) bool {
		if rowsMeet(lines[i].Box, lines[j].Box) {
			return lines[i].Box.Min.X < lines[j].Box.Min.X
		}
		return lines[i].Box.Min.Y < lines[j].Box.Min.Y
	})
	var out []visualRow
	for _, l := range lines {
		if n := len(out); n > 0 && rowsMeet(out[n-1].box, l.Box) {
			out[n-1].add(ofLine(l))
			continue
		}
		v := visualRow{}
		v.add(ofLine(l))
		out = append(out, v)
	}
	return out
}

// rowOfLabels returns the meanings of a row of which every cell is a label, and
// at least two are; nil for any other.
func (r *reader) rowOfLabels(v visualRow) []*meaning {
	if len(v.cells) < 2 {
		return nil
	}
	var ms []*meaning
	for _, p := range v.cells {
		m, c, ok := r.lex.label(p.text, false)
		if !ok || c < 1 || m.section != secNone {
			return nil
		}
		ms = append(ms, m)
	}
	return ms
}

// captioned pairs labels with the cells of a row that stand over or under them.
func (r *reader) captioned(labels visualRow, ms []*meaning, values visualRow) []labelled {
	var out []labelled
	for k, cell := range under(labels, values) {
		if cell.empty() || r.isAnyLabel(cell.text) {
			continue
		}
		out = append(out, r.make(labels.cells[k], cell, ms[k], 1, 0.92))
	}
	return out
}
