package scan

import (
	"image"
	"os"
	"testing"

	"github.com/paperchart/paperchart/internal/page"
)

// A dot put on a page must be found again where the turned page says it came from.
func TestTurnMapsBack(t *testing.T) {
	for _, degrees := range []int{0, 90, 180, 270} {
		g := image.NewGray(image.Rect(0, 0, 30, 50))
		for i := range g.Pix {
			g.Pix[i] = 255
		}
		g.Pix[7*g.Stride+3] = 0
		out, back := turn(g, degrees)
		for y := range out.Bounds().Dy() {
			for x := range out.Bounds().Dx() {
				if out.GrayAt(x, y).Y != 0 {
					continue
				}
				if q := back.Apply(float64(x)+.5, float64(y)+.5); q != (page.Point{X: 3.5, Y: 7.5}) {
					t.Errorf("%d°: the dot maps to %v", degrees, q)
				}
			}
		}
	}
}

func TestStraightenMapsBack(t *testing.T) {
	g := image.NewGray(image.Rect(0, 0, 200, 300))
	for i := range g.Pix {
		g.Pix[i] = 255
	}
	for y := 78; y < 83; y++ {
		for x := 48; x < 53; x++ {
			g.Pix[y*g.Stride+x] = 0
		}
	}
	out, back := straighten(g, 0.05)
	ink := findInk(out)
	if len(ink.blobs) != 1 {
		t.Fatalf("found %d blobs, want 1", len(ink.blobs))
	}
	m := middle(ink.blobs[0].box)
	q := back.Apply(float64(m.X), float64(m.Y))
	if abs(int(q.X)-50) > 2 || abs(int(q.Y)-80) > 2 {
		t.Errorf("the spot maps to %v", q)
	}
}

// white is a page with nothing on it; paint puts ink on it.
func white(w, h int) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, w, h))
	for i := range g.Pix {
		g.Pix[i] = 255
	}
	return g
}

func paint(g *image.Gray, r image.Rectangle) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			g.Pix[y*g.Stride+x] = 0
		}
	}
}

func frame(g *image.Gray, r image.Rectangle, thick int) {
	paint(g, image.Rect(r.Min.X, r.Min.Y, r.Max.X, r.Min.Y+thick))
	paint(g, image.Rect(r.Min.X, r.Max.Y-thick, r.Max.X, r.Max.Y))
	paint(g, image.Rect(r.Min.X, r.Min.Y, r.Min.X+thick, r.Max.Y))
	paint(g, image.Rect(r.Max.X-thick, r.Min.Y, r.Max.X, r.Max.Y))
}

func TestRulesAreFound(t *testing.T) {
	g := white(900, 600)
	frame(g, image.Rect(100, 100, 800, 500), 4)
	paint(g, image.Rect(100, 300, 800, 303))
	paint(g, image.Rect(400, 285, 405, 320)) // a stroke that crosses
	rules := findRules(g, 300)
	if len(rules) != 5 {
		t.Fatalf("found %v, want three level rules and two plumb ones", rules)
	}
}

func TestCheckboxes(t *testing.T) {
	g := white(600, 300)
	empty, filled, crossed := image.Rect(50, 50, 90, 90), image.Rect(150, 50, 190, 90), image.Rect(250, 50, 290, 90)
	for _, r := range []image.Rectangle{empty, filled, crossed} {
		frame(g, r, 3)
	}
	paint(g, filled.Inset(8))
	for i := range 40 {
		paint(g, image.Rect(250+i, 50+i, min(290, 254+i), min(90, 51+i)))
		paint(g, image.Rect(max(250, 286-i), 50+i, 290-i, 51+i))
	}
	marks, _ := findMarks(g, findInk(g), 300)
	want := map[image.Rectangle]bool{empty: false, filled: true, crossed: true}
	if len(marks) != len(want) {
		t.Fatalf("found %v, want %v", marks, want)
	}
	for _, m := range marks {
		if checked, known := want[m.Box]; !known || m.Checked != checked {
			t.Errorf("%v: want one of %v", m, want)
		}
	}
}

func BenchmarkPage(b *testing.B) {
	data, err := os.ReadFile("../../samples/visit-summary.pdf")
	if err != nil {
		b.Skip(err)
	}
	var s Scanner
	defer s.Close()
	f, err := s.Open(b.Context(), data)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := f.Page(b.Context(), 1); err != nil {
			b.Fatal(err)
		}
	}
}

// Bold letters have a thick stem and a thin side; only a box has four thin ones.
func TestOnlyBoxesAreThin(t *testing.T) {
	g := white(200, 100)
	box := image.Rect(20, 20, 60, 60)
	frame(g, box, 3)
	bold := image.Rect(100, 20, 140, 60)
	frame(g, bold, 3)
	paint(g, image.Rect(100, 20, 112, 60))
	if !thin(g, box) || thin(g, bold) {
		t.Errorf("box is thin: %v, bold letter is thin: %v", thin(g, box), thin(g, bold))
	}
}

// Pale ink must come out as ink, and white paper as paper.
func TestFlattenBlackensPaleInk(t *testing.T) {
	g := white(300, 300)
	for i := range g.Pix {
		g.Pix[i] = 200
	}
	for y := 100; y < 200; y += 20 {
		for x := 50; x < 250; x++ {
			g.Pix[y*g.Stride+x], g.Pix[(y+1)*g.Stride+x] = 140, 140
		}
	}
	out := flatten(g)
	if ink, paper := out.GrayAt(100, 120).Y, out.GrayAt(100, 110).Y; ink > 80 || paper < 240 {
		t.Errorf("ink is %d, paper %d", ink, paper)
	}
}
