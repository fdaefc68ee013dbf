package paper

import "strings"

// Para sets markup as a paragraph of the given width from baseline y and returns
// the baseline of the line after it. Leading is the distance of baselines.
func (s *Sheet) Para(x, y, width, leading float64, st Style, markup string) float64 {
	for _, line := range s.wrap(width, st, Parse(markup)) {
		s.spans(x, y, st, line)
		y += leading
	}
	return y
}

// wrap breaks spans into lines. A bound span that breaks keeps its keys on each
// line; note joins the pieces.
func (s *Sheet) wrap(width float64, st Style, spans []Span) [][]Span {
	var lines [][]Span
	var line []Span
	used := 0.0
	flush := func() {
		lines = append(lines, line)
		line, used = nil, 0
	}
	for _, c := range chunks(spans) {
		w := s.measure(st, c)
		lead := 0.0
		if len(line) > 0 {
			lead = s.width(st, " ")
		}
		if len(line) > 0 && used+lead+w > width {
			flush()
			lead = 0
		}
		if lead > 0 {
			line = appendSpace(line, c[0])
		}
		line = appendChunk(line, c)
		used += lead + w
	}
	if len(line) > 0 {
		flush()
	}
	return lines
}

// chunks splits spans at spaces into unbreakable runs of spans.
func chunks(spans []Span) [][]Span {
	var out [][]Span
	var cur []Span
	for id, sp := range spans {
		for i, tok := range splitSpaces(sp.Text) {
			if i > 0 && len(cur) > 0 {
				out = append(out, cur)
				cur = nil
			}
			if tok != "" {
				piece := sp
				piece.Text, piece.id = tok, id+1
				cur = append(cur, piece)
			}
		}
	}
	if len(cur) > 0 {
		out = append(out, cur)
	}
	return out
}

// appendSpace adds the space between two chunks: inside a bound span where it
// goes on, outside where it does not.
func appendSpace(line []Span, next Span) []Span {
	last := &line[len(line)-1]
	if last.id == next.id {
		last.Text += " "
		return line
	}
	return append(line, Span{Text: " ", Bold: next.Bold})
}

func appendChunk(line, chunk []Span) []Span {
	for _, sp := range chunk {
		if n := len(line); n > 0 && line[n-1].id == sp.id && sp.id > 0 {
			line[n-1].Text += sp.Text
			continue
		}
		line = append(line, sp)
	}
	return line
}

// Grid is a table to be drawn.
type Grid struct {
	X, Y   float64
	Widths []float64
	Header []string
	Rows   [][]string
	Style  Style
	// Head is the style of the header row.
	Head Style
	// Leading is the distance of baselines within a cell, Pad the space above
	// and below a row's text, both in points.
	Leading, Pad float64
	// Lines draws every cell's frame, Under a line under the header only,
	// Stripe shades every other row, Band the header.
	Lines, Under, Stripe, Band bool
	// RightAlign says, by column, what is set flush right.
	RightAlign []bool
}

// Table draws g and returns the y below it. Cells wrap.
func (s *Sheet) Table(g Grid) float64 {
	y := g.Y
	if len(g.Header) > 0 {
		y = s.row(g, g.Header, g.Head, y, g.Band, 205)
		if g.Under && !g.Lines {
			s.Rule(g.X, y, g.X+g.width(), y, 0.8)
		}
	}
	for i, r := range g.Rows {
		y = s.row(g, r, g.Style, y, g.Stripe && i%2 == 1, 232)
	}
	return y
}

func (g Grid) width() float64 {
	var w float64
	for _, c := range g.Widths {
		w += c
	}
	return w
}

// cell returns the width of cell i of n; the last cell of a short row goes on to
// the table's end.
func (g Grid) cell(i, n int) float64 {
	if i < n-1 || n == len(g.Widths) {
		return g.Widths[i]
	}
	w := g.width()
	for _, c := range g.Widths[:i] {
		w -= c
	}
	return w
}

func (s *Sheet) row(g Grid, cells []string, st Style, y float64, shade bool, gray uint8) float64 {
	const inset = 3
	var wrapped [][][]Span
	tall := 1
	for i, c := range cells {
		w := g.cell(i, len(cells)) - 2*inset
		lines := s.wrap(w, st, Parse(c))
		wrapped = append(wrapped, lines)
		tall = max(tall, len(lines))
	}
	bottom := y + 2*g.Pad + st.Size*0.75 + float64(tall-1)*g.Leading + st.Size*0.25
	if shade {
		s.Fill(Box{g.X, y, g.X + g.width(), bottom}, gray)
	}
	x := g.X
	for i, lines := range wrapped {
		base := y + g.Pad + st.Size*0.75
		for _, line := range lines {
			at := x + inset
			if i < len(g.RightAlign) && g.RightAlign[i] {
				at = x + g.Widths[i] - inset - s.measure(st, line)
			}
			s.spans(at, base, st, line)
			base += g.Leading
		}
		if g.Lines {
			s.Frame(Box{x, y, x + g.cell(i, len(cells)), bottom}, 0.6)
		}
		x += g.Widths[i]
	}
	return bottom
}

// Leader draws a label, dots up to x1 and the value flush right there.
func (s *Sheet) Leader(x0, x1, y float64, st Style, label, value string) {
	x := s.Text(x0, y, st, label) + 3
	stop := x1 - s.Measure(st, value) - 3
	n := int((stop - x) / s.width(st, "."))
	if n > 0 {
		s.glyphs(x, y, st, strings.Repeat(".", n))
	}
	s.Right(x1, y, st, value)
}

// Tick is how a checkbox is filled in.
type Tick uint8

// The ways of people with checkboxes.
const (
	Empty Tick = iota
	Cross
	Check
	Solid
)

// Checkbox draws a box with its lower left corner on the baseline (x, y) and
// returns where its label may start.
func (s *Sheet) Checkbox(x, y, size float64, t Tick) float64 {
	b := Box{x, y - size, x + size, y}
	rules := s.Rules
	s.Frame(b, 0.7)
	s.Rules = rules
	s.Marks = append(s.Marks, Mark{b, t != Empty})
	switch t {
	case Cross:
		s.Stroke(b.X0-1, b.Y0-1, b.X1+1, b.Y1+1, 1)
		s.Stroke(b.X0-1, b.Y1+1, b.X1+1, b.Y0-1, 1)
	case Check:
		s.Stroke(b.X0+1, b.Y0+size/2, b.X0+size*0.4, b.Y1-1, 1)
		s.Stroke(b.X0+size*0.4, b.Y1-1, b.X1+2, b.Y0-2, 1)
	case Solid:
		s.Fill(Box{b.X0 + 1.5, b.Y0 + 1.5, b.X1 - 1.5, b.Y1 - 1.5}, 30)
	}
	return x + size + 4
}
