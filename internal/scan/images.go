package scan

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"

	"golang.org/x/image/draw"
	"golang.org/x/image/tiff"

	"github.com/paperchart/paperchart/internal/page"
)

// pictures is a file of images: one, or the pages of a TIFF.
type pictures struct {
	data   []byte
	kind   kind
	sheets []sheet
	pixels int
}

func openImages(k kind, data []byte, pages, pixels int) (source, error) {
	p := &pictures{data: data, kind: k, pixels: pixels}
	if k == kindTIFF {
		p.sheets = sheets(data, pages)
	} else {
		c, err := decodeConfig(k, data)
		if err != nil {
			return nil, damaged
		}
		p.sheets = []sheet{{width: c.Width, height: c.Height}}
	}
	if len(p.sheets) == 0 {
		return nil, damaged
	}
	return p, nil
}

func decodeConfig(k kind, data []byte) (image.Config, error) {
	if k == kindPNG {
		return png.DecodeConfig(bytes.NewReader(data))
	}
	return jpeg.DecodeConfig(bytes.NewReader(data))
}

func (p *pictures) decode(s sheet) (image.Image, error) {
	switch p.kind {
	case kindPNG:
		return png.Decode(bytes.NewReader(p.data))
	case kindJPEG:
		return jpeg.Decode(bytes.NewReader(p.data))
	}
	return tiff.Decode(newView(p.data, s.at).reader())
}

func (p *pictures) count() int   { return len(p.sheets) }
func (p *pictures) close() error { return nil }

func (p *pictures) text(context.Context, int) (*page.Page, error) { return nil, nil }

func (p *pictures) raster(_ context.Context, i int) (*image.Gray, int, error) {
	s := p.sheets[i]
	if s.width <= 0 || s.height <= 0 || s.width > p.pixels/s.height {
		return nil, 0, tooLarge
	}
	m, err := p.decode(s)
	if err != nil {
		return nil, 0, damaged
	}
	g, res := square(gray(m), s)
	if p.kind == kindJPEG {
		g = orient(g, exifOrientation(p.data))
	}
	return g, res, nil
}

// square makes the pixels of a page square (a fax has 204 by 98 or 196 to the
// inch) and says how many there are to the inch.
func square(g *image.Gray, s sheet) (*image.Gray, int) {
	b := g.Bounds()
	low, high := math.Min(s.xres, s.yres), math.Max(s.xres, s.yres)
	if low < 50 || high > 1300 {
		// The file doesn't say, or not credibly. A sheet of paper is 11 inches
		// high and rarely fills less than the picture.
		return g, max(30, max(b.Dx(), b.Dy())/11)
	}
	if high < low*1.02 || high > 4*low {
		return g, int(low + 0.5)
	}
	w, h := int(float64(b.Dx())*high/s.xres+0.5), int(float64(b.Dy())*high/s.yres+0.5)
	out := image.NewGray(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(out, out.Bounds(), g, b, draw.Src, nil)
	return out, int(high + 0.5)
}

// orient shows a picture as its camera was held.
func orient(g *image.Gray, orientation int) *image.Gray {
	degrees := map[int]int{3: 180, 4: 180, 5: 90, 6: 90, 7: 270, 8: 270}[orientation]
	out, _ := turn(g, degrees)
	switch orientation {
	case 2, 4, 5, 7:
		mirror(out)
	}
	return out
}

// mirror swaps left and right.
func mirror(g *image.Gray) {
	w := g.Bounds().Dx()
	for y := range g.Bounds().Dy() {
		row := g.Pix[y*g.Stride : y*g.Stride+w]
		for i, j := 0, w-1; i < j; i, j = i+1, j-1 {
			row[i], row[j] = row[j], row[i]
		}
	}
}

// gray turns any picture grey, on white where it is transparent.
func gray(m image.Image) *image.Gray {
	b := m.Bounds()
	if g, ok := m.(*image.Gray); ok {
		return cloneGray(g)
	}
	out := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(out, out.Bounds(), m, b.Min, draw.Over)
	return out
}
