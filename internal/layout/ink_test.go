package layout

import (
	"image"
	"testing"

	"github.com/paperchart/paperchart/internal/page"
)

// inkedPage draws words as upright bars three pixels wide, six where bold.
func inkedPage(p *page.Page, bold map[string]bool) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, 1200, 400))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for _, w := range p.Words {
		thick := 3
		if bold[w.Text] {
			thick = 6
		}
		for x := w.Box.Min.X; x < w.Box.Max.X; x += 10 {
			for dx := range thick {
				for y := w.Box.Min.Y; y < w.Box.Max.Y; y++ {
					img.Pix[img.PixOffset(x+dx, y)] = 0
				}
			}
		}
	}
	return img
}

// TestBold: a title that is only bold is a heading, whether the image is still
// there or its strokes were measured before.
func TestBold(t *testing.T) {
	const text = "Recheck blood pressure today\n\nProblems treated\nLow salt diet and daily walking encouraged\n"
	bold := map[string]bool{"Problems": true, "treated": true}
	kept, measured := typed(1, text), typed(1, text)
	kept.Image = inkedPage(kept, bold)
	measured.Image = kept.Image
	Strokes(measured)
	measured.Image = nil
	for name, p := range map[string]*page.Page{"image": kept, "strokes": measured} {
		found := false
		for _, l := range Arrange([]*page.Page{p}).Pages[0].Lines {
			found = found || l.Heading && l.Text() == "Problems treated"
		}
		if !found {
			t.Errorf("%s: bold title is no heading", name)
		}
	}
	for _, l := range Arrange([]*page.Page{typed(1, text)}).Pages[0].Lines {
		if l.Heading {
			t.Errorf("without a picture %q is a heading", l.Text())
		}
	}
}
