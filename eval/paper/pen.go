package paper

// Pen writes down a column of a sheet.
type Pen struct {
	*Sheet
	// X and Width are the column, Y the next baseline, Lead their distance.
	X, Y, Width, Lead float64
	Style             Style
}

// Pen starts writing at the first baseline y of a column.
func (s *Sheet) Pen(x, y, width float64, st Style) *Pen {
	return &Pen{Sheet: s, X: x, Y: y, Width: width, Lead: st.Size * 1.3, Style: st}
}

// Line writes one line without wrapping.
func (p *Pen) Line(markup string) {
	p.Text(p.X, p.Y, p.Style, markup)
	p.Y += p.Lead
}

// Para writes a paragraph.
func (p *Pen) Para(markup string) {
	p.Y = p.Sheet.Para(p.X, p.Y, p.Width, p.Lead, p.Style, markup)
}

// Item writes a paragraph with a hanging indent after its bullet or number.
func (p *Pen) Item(bullet, markup string, indent float64) {
	p.Text(p.X, p.Y, p.Style, bullet)
	p.Y = p.Sheet.Para(p.X+indent, p.Y, p.Width-indent, p.Lead, p.Style, markup)
}

// Gap leaves space in points.
func (p *Pen) Gap(points float64) { p.Y += points }

// Pair writes a label and its value at an offset from the column's edge.
func (p *Pen) Pair(label, value string, at float64) {
	p.Text(p.X, p.Y, p.Style, label)
	p.Y = p.Sheet.Para(p.X+at, p.Y, p.Width-at, p.Lead, p.Style, value)
}

// Table draws g under the pen, at its column, and goes on below it.
func (p *Pen) Table(g Grid) {
	g.X, g.Y = p.X, p.Y-p.Style.Size
	if g.Style.Size == 0 {
		g.Style = p.Style
	}
	if g.Head.Size == 0 {
		g.Head = g.Style.B()
	}
	if g.Leading == 0 {
		g.Leading = g.Style.Size * 1.2
	}
	p.Y = p.Sheet.Table(g) + p.Lead
}
