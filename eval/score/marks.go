package score

import (
	"github.com/paperchart/paperchart/eval/paper"
	"github.com/paperchart/paperchart/internal/page"
)

// Boxes says how checkboxes were found. A False one is not on the paper: what looks
// like a box is often a letter, and is lost to OCR.
type Boxes struct{ Printed, Found, WrongState, False int }

// Add sums up.
func (b *Boxes) Add(o Boxes) {
	b.Printed += o.Printed
	b.Found += o.Found
	b.WrongState += o.WrongState
	b.False += o.False
}

// Marks compares the checkboxes of a sheet with those found on it.
func Marks(sheet *paper.Sheet, place func(paper.Box) [4]float64, p *page.Page) Boxes {
	b := Boxes{Printed: len(sheet.Marks)}
	spots := make([]spot, len(sheet.Marks))
	for i, m := range sheet.Marks {
		spots[i].box = place(m.Box)
	}
	seen := map[int]bool{}
	for _, m := range p.Marks {
		i := covered(spots, fractions(p.ToSource, m.Box))
		switch {
		case i < 0:
			b.False++
		case !seen[i]:
			seen[i] = true
			b.Found++
			if m.Checked != sheet.Marks[i].Checked {
				b.WrongState++
			}
		}
	}
	return b
}
