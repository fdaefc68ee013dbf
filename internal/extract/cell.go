package extract

import (
	"image"
	"sort"

	"github.com/paperchart/paperchart/internal/page"
	"github.com/paperchart/paperchart/internal/result"
)

// cell is one value with its evidence.
type cell struct {
	value, text string
	ink         []ink
	// more are further places of the same value.
	more   [][]ink
	sig    Signals
	remark string
}

// candidate is a cell that may be the value of a scalar field.
type candidate struct {
	cell
	field string
	// weight is how much the label means the field, 0..1.
	weight float64
	order  int
}

// fact is a row that was read.
type fact struct {
	kind  kind
	table *tableSpec // set for a user's own table; its cells are by column
	cells map[string]cell
	// identity is what makes two rows one fact.
	identity string
	order    int
	// code is the printed or the known code of a condition.
	code string
	// weak facts give way to a better one of the same identity, and to nothing
	// otherwise.
	weak bool
	// told facts stand in a sentence; a list names the same thing better.
	told bool
	// changed is true where a told medication has another dose than it had.
	changed bool
	// under is the heading that a procedure stands under.
	under passage
	// today is the word by which a fact is of the visit's day.
	today passage
}

// must is the cell that a fact of its kind cannot be without; empty of a user's own.
func (f fact) must() cell {
	if info := kindInfo(f.kind); info != nil {
		return f.cells[info.must]
	}
	return cell{}
}

// from makes a cell of a passage: the value, and what its ink says of it. The
// remaining signals start at what a labelled plain value has.
func from(p passage, value string) cell {
	c := cell{value: value, text: p.text, ink: p.ink}
	c.sig = Signals{Label: 1, Grammar: 1, Layout: 1, Context: 1, Plausible: 0.5}
	c.sig.OCR, c.sig.Print = reading(p.ink)
	if digits(value) > 0 && 2*digits(value) >= len(value) {
		c.sig.Numeric = 1
	}
	return c
}

func digits(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		}
	}
	return n
}

func (c cell) doubt(remark string) cell {
	if c.remark == "" {
		c.remark = remark
	}
	return c
}

// field turns a cell into a result's field.
func (c cell) field(m Model, pages map[int]leaf) result.Field {
	if !whole(c.ink, pages) {
		c.sig.OCR, c.sig.Print = min(c.sig.OCR, besideUnread), min(c.sig.Print, besideUnread)
		c = c.doubt(remarkUnread)
	}
	f := result.Field{Value: c.value, Confidence: m.Probability(c.sig), Remark: c.remark}
	if c.text != c.value {
		f.Text = c.text
	}
	for _, words := range append([][]ink{c.ink}, c.more...) {
		f.Geometry = append(f.Geometry, places(words, pages)...)
	}
	return f
}

// places returns a box for each run of ink: one for each page and line, so that
// a value that wraps does not claim what stands between.
func places(words []ink, pages map[int]leaf) []result.Geometry {
	var out []result.Geometry
	for _, run := range runs(words) {
		if p, ok := pages[run[0].Page]; ok {
			out = append(out, geometry(run, p))
		}
	}
	return out
}

// runs groups ink by page and line.
func runs(words []ink) [][]ink {
	ws := append([]ink(nil), words...)
	sort.SliceStable(ws, func(i, j int) bool { return ws[i].Page < ws[j].Page })
	var out [][]ink
	for _, w := range ws {
		if n := len(out); n > 0 {
			last := out[n-1][len(out[n-1])-1]
			if last.Page == w.Page && sameLine(last, w) {
				out[n-1] = append(out[n-1], w)
				continue
			}
		}
		out = append(out, []ink{w})
	}
	return out
}

func sameLine(a, b ink) bool {
	h := min(a.Box.Dy(), b.Box.Dy())
	return 2*(min(a.Box.Max.Y, b.Box.Max.Y)-max(a.Box.Min.Y, b.Box.Min.Y)) >= h
}

// leaf is a page as it was read, and where it comes from.
type leaf struct {
	*page.Page
	origin origin
}

func geometry(run []ink, p leaf) result.Geometry {
	box := run[0].Box
	for _, w := range run[1:] {
		box = box.Union(w.Box)
	}
	if o := p.origin; o.shift != 0 && box.Min.Y >= o.from && box.Max.Y <= o.to {
		box = box.Sub(image.Pt(0, o.shift))
	}
	g := result.Geometry{Page: p.origin.page}
	left, top, right, bottom := 1.0, 1.0, 0.0, 0.0
	for _, v := range p.ToSource.Quad(box) {
		g.Vertices = append(g.Vertices, result.Vertex{X: v.X, Y: v.Y})
		left, right = min(left, v.X), max(right, v.X)
		top, bottom = min(top, v.Y), max(bottom, v.Y)
	}
	g.Box = result.Box{Left: left, Top: top, Width: right - left, Height: bottom - top}
	return g
}
