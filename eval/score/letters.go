package score

import (
	"cmp"
	"image"
	"slices"
	"strings"

	"github.com/paperchart/paperchart/eval/paper"
	"github.com/paperchart/paperchart/internal/page"
)

// Errors are OCR's errors over printed words, whatever the reading order.
type Errors struct {
	// Letters printed and letters to change, add or take away.
	Letters, LetterErrors int
	// Words printed and words not read to the letter.
	Words, WordErrors int
	// Numbers are the words with a digit among Words.
	Numbers, NumberErrors int
	// Misread are the words not read to the letter, in the order of the pages.
	Misread []Misread
}

// Misread is a printed word with what was read in its place, which may be nothing.
type Misread struct{ Want, Got string }

// Add sums up.
func (e *Errors) Add(o Errors) {
	e.Letters += o.Letters
	e.LetterErrors += o.LetterErrors
	e.Words += o.Words
	e.WordErrors += o.WordErrors
	e.Numbers += o.Numbers
	e.NumberErrors += o.NumberErrors
	e.Misread = append(e.Misread, o.Misread...)
}

// CER, WER and NER are the error rates of letters, words and words with digits, 0
// where nothing is printed.
func (e Errors) NER() float64 { return ratio(e.NumberErrors, e.Numbers) }
func (e Errors) CER() float64 { return ratio(e.LetterErrors, e.Letters) }
func (e Errors) WER() float64 { return ratio(e.WordErrors, e.Words) }

// Letters compares the words of a sheet with what was read where they stand:
// each read word belongs to the printed word that it covers most.
func Letters(sheet *paper.Sheet, place func(paper.Box) [4]float64, p *page.Page) Errors {
	spots := make([]spot, len(sheet.Words))
	for i, w := range sheet.Words {
		spots[i].box = place(w.Box)
	}
	for _, w := range p.Words {
		if w.Text == "" {
			continue
		}
		if i := covered(spots, fractions(p.ToSource, w.Box)); i >= 0 {
			spots[i].read = append(spots[i].read, w)
		}
	}
	var e Errors
	for i, w := range sheet.Words {
		got, number := spots[i].text(), strings.ContainsAny(w.Text, "0123456789")
		e.Words++
		if number {
			e.Numbers++
		}
		e.Letters += len(w.Text)
		if got != dashes(w.Text) {
			e.WordErrors++
			e.Misread = append(e.Misread, Misread{w.Text, got})
			if number {
				e.NumberErrors++
			}
			e.LetterErrors += min(Distance(dashes(w.Text), got), len(w.Text))
		}
	}
	return e
}

type spot struct {
	box  [4]float64
	read []page.Word
}

func (s spot) text() string {
	slices.SortFunc(s.read, func(a, b page.Word) int { return cmp.Compare(a.Box.Min.X, b.Box.Min.X) })
	var b strings.Builder
	for _, w := range s.read {
		b.WriteString(dashes(w.Text))
	}
	return b.String()
}

func fractions(m page.Affine, r image.Rectangle) [4]float64 {
	q := m.Quad(r)
	x0, y0, x1, y1 := q[0].X, q[0].Y, q[0].X, q[0].Y
	for _, v := range q[1:] {
		x0, x1, y0, y1 = min(x0, v.X), max(x1, v.X), min(y0, v.Y), max(y1, v.Y)
	}
	return [4]float64{x0, y0, x1 - x0, y1 - y0}
}

func covered(spots []spot, b [4]float64) int {
	best, most := -1, 0.0
	for i, s := range spots {
		w := min(s.box[0]+s.box[2], b[0]+b[2]) - max(s.box[0], b[0])
		h := min(s.box[1]+s.box[3], b[1]+b[3]) - max(s.box[1], b[1])
		if w > 0 && h > 0 && w*h > most {
			best, most = i, w*h
		}
	}
	return best
}
