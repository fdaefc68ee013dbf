package ocr_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"os/exec"
	"strings"
	"testing"

	"github.com/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/f64"
	"golang.org/x/image/math/fixed"

	"github.com/paperchart/paperchart/internal/ocr"
	"github.com/paperchart/paperchart/internal/scan"
)

var printed = []string{
	"Clearwater Family Practice", "Patient: Wilkins, Samantha", "Date of Birth: 10/28/1953", "MRN: A1B2C3D4",
	"Diagnoses: Hypothyroidism E03.9", "Levothyroxine 100 mcg by mouth daily", "Blood pressure 128/82 mmHg, pulse 72",
	"Vitamin D result 28 was low", "The patient reports feeling well and has no new complaints.",
	"Return to the clinic in three months with laboratory results.",
}

// sheet is a letter page at 200 dpi.
func sheet(t *testing.T) *image.Gray {
	t.Helper()
	f, err := opentype.Parse(liberationsansregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 32, DPI: 72})
	if err != nil {
		t.Fatal(err)
	}
	g := image.NewGray(image.Rect(0, 0, 1700, 2200))
	draw.Draw(g, g.Bounds(), image.White, image.Point{}, draw.Src)
	d := font.Drawer{Dst: g, Src: image.NewUniform(color.Gray{25}), Face: face}
	for i, s := range printed {
		d.Dot = fixed.P(200, 300+i*90)
		d.DrawString(s)
	}
	return g
}

// turned is a sheet turned clockwise.
func turned(g *image.Gray, degrees float64) *image.Gray {
	b := g.Bounds()
	w, h := float64(b.Dx()), float64(b.Dy())
	out := image.NewGray(b)
	if math.Mod(math.Abs(degrees), 180) == 90 {
		out = image.NewGray(image.Rect(0, 0, b.Dy(), b.Dx()))
	}
	draw.Draw(out, out.Bounds(), image.White, image.Point{}, draw.Src)
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	cx, cy := float64(out.Bounds().Dx())/2, float64(out.Bounds().Dy())/2
	draw.BiLinear.Transform(out, f64.Aff3{cos, -sin, cx - cos*w/2 + sin*h/2, sin, cos, cy - sin*w/2 - cos*h/2}, g, b, draw.Over, nil)
	return out
}

// bilevel is a sheet as a fax sends it.
func bilevel(g *image.Gray) *image.Gray {
	for i, v := range g.Pix {
		if g.Pix[i] = 255; v < 140 {
			g.Pix[i] = 0
		}
	}
	return g
}

// What was printed must be read whichever way the sheet lay in the scanner, and
// its places must be those of the ink on the sheet as it was scanned.
func TestPrintIsReadBack(t *testing.T) {
	if testing.Short() {
		t.Skip("slow")
	}
	if _, err := exec.LookPath("tesseract"); err != nil {
		t.Skip("tesseract is not installed")
	}
	whole := sheet(t)
	for _, c := range []struct {
		name string
		g    *image.Gray
	}{
		{"straight", whole}, {"a quarter", turned(whole, 90)}, {"upside down", turned(whole, 180)}, {"three quarters", turned(whole, 270)},
		{"askew", turned(whole, 3)}, {"askew the other way", turned(whole, -3)}, {"a fax", bilevel(turned(whole, 1))},
	} {
		t.Run(c.name, func(t *testing.T) { readBack(t, c.g) })
	}
}

func readBack(t *testing.T, g *image.Gray) {
	t.Helper()
	engine := &ocr.Tesseract{}
	s := scan.Scanner{Orienter: engine}
	var b bytes.Buffer
	if err := png.Encode(&b, g); err != nil {
		t.Fatal(err)
	}
	f, err := s.Open(t.Context(), b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	p, err := f.Page(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	words, err := engine.Read(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, w := range words {
		got[w.Text] = true
		at := p.ToSource.Apply(float64(w.Box.Min.X+w.Box.Max.X)/2, float64(w.Box.Min.Y+w.Box.Max.Y)/2)
		if dark := inkNear(g, int(at.X*float64(g.Rect.Dx())), int(at.Y*float64(g.Rect.Dy()))); !dark {
			t.Errorf("%q is said to be at %v, where no ink is", w.Text, at)
		}
	}
	for _, want := range strings.Fields(strings.Join(printed, " ")) {
		if !got[want] {
			t.Errorf("%q is missing; notes: %v", want, p.Notes)
		}
	}
}

func inkNear(g *image.Gray, x, y int) bool {
	for dy := -14; dy <= 14; dy++ {
		for dx := -14; dx <= 14; dx++ {
			if at := image.Pt(x+dx, y+dy); at.In(g.Rect) && g.GrayAt(at.X, at.Y).Y < 128 {
				return true
			}
		}
	}
	return false
}
