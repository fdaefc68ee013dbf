package scan

import (
	"image"
	"image/color"
	"math/rand/v2"
	"testing"

	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
	"github.com/go-fonts/liberation/liberationserifbold"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// write prints lines in a face of that size, in pixels, from a place on down.
func write(t testing.TB, g *image.Gray, ttf []byte, size float64, at image.Point, lines ...string) {
	t.Helper()
	f, err := opentype.Parse(ttf)
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		t.Fatal(err)
	}
	d := font.Drawer{Dst: g, Src: image.NewUniform(color.Gray{20}), Face: face}
	for i, s := range lines {
		d.Dot = fixed.P(at.X, at.Y+i*int(size*1.6))
		d.DrawString(s)
	}
}

// Letters are never taken for checkboxes, neither in words nor alone nor blurred:
// what is a checkbox is painted out of the page.
func TestLettersAreNoCheckboxes(t *testing.T) {
	lines := []string{"BARBADOS HEAD DOOR D.O.B. M.D.", "Date of Birth: Diagnoses  Cedar Hollow", "B  D  R  O  H  A  P  Q  U  0  8  6  9",
		"Q.D.  O.D.  B.I.D.  D.O.  U.S.A.", "D:  O)  (B)  [D]  #0  $8  &B  @D"}
	for _, ttf := range [][]byte{liberationsansbold.TTF, liberationsansregular.TTF, liberationserifbold.TTF} {
		for _, size := range []float64{24, 33, 42, 50, 67, 83, 100} {
			for _, blur := range []float64{0, 0.8, 1.5} {
				g := white(2400, 1100)
				write(t, g, ttf, size, image.Pt(60, 120), lines...)
				soften(g, blur)
				if marks, areas := findMarks(g, findInk(g), 300); len(marks)+len(areas) > 0 {
					t.Errorf("at %v pixels, blurred by %v, letters are checkboxes: %v", size, blur, marks)
				}
			}
		}
	}
}

// soften mixes each pixel with its neighbours and adds a little grain.
func soften(g *image.Gray, k float64) {
	if k == 0 {
		return
	}
	r := rand.New(rand.NewPCG(1, 2))
	src := cloneGray(g)
	b := g.Bounds()
	for y := 1; y < b.Dy()-1; y++ {
		for x := 1; x < b.Dx()-1; x++ {
			sum := float64(src.Pix[y*g.Stride+x])
			for _, o := range []int{-1, 1, -g.Stride, g.Stride} {
				sum += k * float64(src.Pix[y*g.Stride+x+o])
			}
			v := sum/(1+4*k) + r.Float64()*6 - 6
			g.Pix[y*g.Stride+x] = uint8(min(255, max(0, v)))
		}
	}
}
