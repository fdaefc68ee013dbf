package scan

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/tiff"

	"github.com/paperchart/paperchart/internal/page"
)

// pictures is a file of one image.
type pictures struct {
	data   []byte
	kind   kind
	pixels int
}

func openImages(k kind, data []byte, pixels int) (source, error) {
	p := &pictures{data, k, pixels}
	c, err := decodeConfig(k, bytes.NewReader(data))
	if err != nil {
		return nil, damaged
	}
	if c.Width <= 0 || c.Height <= 0 || c.Width > pixels/c.Height {
		return nil, tooLarge
	}
	return p, nil
}

func decodeConfig(k kind, r io.Reader) (image.Config, error) {
	switch k {
	case kindPNG:
		return png.DecodeConfig(r)
	case kindJPEG:
		return jpeg.DecodeConfig(r)
	}
	return tiff.DecodeConfig(r)
}

func decode(k kind, r io.Reader) (image.Image, error) {
	switch k {
	case kindPNG:
		return png.Decode(r)
	case kindJPEG:
		return jpeg.Decode(r)
	}
	return tiff.Decode(r)
}

func (p *pictures) count() int   { return 1 }
func (p *pictures) close() error { return nil }

func (p *pictures) text(context.Context, int) ([]page.Word, error) { return nil, nil }

func (p *pictures) raster(context.Context, int) (*image.Gray, int, error) {
	m, err := decode(p.kind, bytes.NewReader(p.data))
	if err != nil {
		return nil, 0, damaged
	}
	g := gray(m)
	// A picture says nothing reliable of its size; a sheet of paper is 11
	// inches high and rarely fills less than the picture.
	return g, max(g.Bounds().Dx(), g.Bounds().Dy()) / 11, nil
}

// gray turns any picture grey, on white where it is transparent.
func gray(m image.Image) *image.Gray {
	b := m.Bounds()
	out := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	if g, ok := m.(*image.Gray); ok {
		return cloneGray(g)
	}
	draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(out, out.Bounds(), m, b.Min, draw.Over)
	return out
}
