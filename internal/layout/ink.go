package layout

import (
	"image"

	"github.com/paperchart/paperchart/internal/page"
)

const (
	// dark is below the middle of a page whose background was evened out.
	dark = 140
	// boldness is how much thicker strokes are in bold print; regular print
	// varies by about a tenth from word to word.
	boldness = 1.28
	// sampled words tell the stroke of a page's text.
	sampled = 300
)

// Strokes measures the strokes of the page's words on its image, by which Arrange
// tells bold print. Call it after reading and before letting go of p.Image, where
// the pages of a file are arranged together later; Arrange measures by itself
// where the image is still there. It changes p.Words' Stroke only.
func Strokes(p *page.Page) {
	s := &sheet{src: p}
	for i := range p.Words {
		p.Words[i].Stroke = s.stroke(p.Words[i])
	}
}

// stroke is the mean length of the dark runs across a word, as a share of the
// height of its capitals, and 0 where there is no picture to measure.
func (s *sheet) stroke(w page.Word) float64 {
	if w.Stroke > 0 {
		return w.Stroke
	}
	img := s.src.Image
	if img == nil || letters(w.Text) < 2 || w.Box.Dx() > 4000 || w.Box.Dy() > 1000 {
		return 0
	}
	runs, ink := darkRuns(img, w.Box.Intersect(img.Rect))
	tall := capital([]page.Word{w})
	if runs == 0 || len(tall) == 0 || tall[0] <= 0 {
		return 0
	}
	return float64(ink) / float64(runs) / tall[0]
}

func darkRuns(img *image.Gray, r image.Rectangle) (runs, ink int) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		line := img.Pix[img.PixOffset(r.Min.X, y) : img.PixOffset(r.Max.X-1, y)+1]
		in := false
		for _, v := range line {
			if v >= dark {
				in = false
				continue
			}
			ink++
			if !in {
				runs++
			}
			in = true
		}
	}
	return runs, ink
}

// usualStroke is the stroke of the page's text.
func (s *sheet) usualStroke() float64 {
	n := 0
	for _, r := range s.rows {
		n += len(r.words)
	}
	var v []float64
	k, step := 0, n/sampled+1
	for _, r := range s.rows {
		for _, w := range r.words {
			if k++; k%step != 0 {
				continue
			}
			if t := s.stroke(w); t > 0 {
				v = append(v, t)
			}
		}
	}
	return median(v)
}

// bold is true for words printed with thicker strokes than the page's text.
func (s *sheet) bold(words []page.Word) bool {
	if s.usual < 0 {
		return false
	}
	if s.usual == 0 {
		if s.usual = s.usualStroke(); s.usual == 0 {
			s.usual = -1
			return false
		}
	}
	var v []float64
	for _, w := range words {
		if t := s.stroke(w); t > 0 {
			v = append(v, t)
		}
	}
	return s.usual > 0 && len(v) > 0 && median(v) > boldness*s.usual
}
