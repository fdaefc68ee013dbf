package scan

import (
	"image"
	"math"

	"github.com/paperchart/paperchart/internal/page"
)

// skew is the angle, in radians, by which text lines fall to the right, found as
// the shear under which the rows' ink varies most (Postl 1986), to 5°.
func skew(g *image.Gray, letters *inkMap, dpi int) float64 {
	points := letterPoints(letters, dpi, 4)
	if len(points) < 300 {
		points = inkPoints(g, 4)
	}
	best, at := 0.0, 0.0
	try := func(a float64) {
		if s := profile(points, a, g.Bounds().Dy()/4); s > best {
			best, at = s, a
		}
	}
	const degree = math.Pi / 180
	for a := -5.0; a <= 5; a += 0.25 {
		try(a * degree)
	}
	coarse := at
	for a := -0.2; a <= 0.2; a += 0.05 {
		try(coarse + a*degree)
	}
	return at
}

// letterPoints are points of ink in letters, at a fraction of the page's size.
// Borders, rules and pictures have no say in how the lines of text run.
func letterPoints(m *inkMap, dpi, step int) []image.Point {
	var points []image.Point
	for _, r := range m.runs {
		if int(r.y)%step != 0 || !isLetter(&m.blobs[r.label], dpi) {
			continue
		}
		for x := (int(r.x0) + step - 1) / step * step; x < int(r.x1); x += step {
			points = append(points, image.Pt(x/step, int(r.y)/step))
		}
	}
	return points
}

// inkPoints are the dark points of the page, at a fraction of its size.
func inkPoints(g *image.Gray, step int) []image.Point {
	var points []image.Point
	b := g.Bounds()
	for y := 0; y < b.Dy(); y += step {
		for x := 0; x < b.Dx(); x += step {
			if g.Pix[y*g.Stride+x] < 128 {
				points = append(points, image.Pt(x/step, y/step))
			}
		}
	}
	return points
}

func profile(points []image.Point, angle float64, height int) float64 {
	slope := math.Tan(angle)
	margin := height/8 + 1
	rows := make([]float64, height+2*margin)
	for _, p := range points {
		y := int(float64(p.Y)-float64(p.X)*slope) + margin
		if y >= 0 && y < len(rows) {
			rows[y]++
		}
	}
	sum := 0.0
	for i := 1; i < len(rows); i++ {
		d := rows[i] - rows[i-1]
		sum += d * d
	}
	return sum
}

// straighten turns the page about its middle so that lines that fell by angle
// run level, and returns how its pixels map back onto the old ones.
func straighten(g *image.Gray, angle float64) (*image.Gray, page.Affine) {
	b := g.Bounds()
	w, h := b.Dx(), b.Dy()
	sin, cos := math.Sincos(angle)
	cx, cy := float64(w)/2, float64(h)/2
	back := page.Affine{A: cos, B: -sin, C: cx - cos*cx + sin*cy, D: sin, E: cos, F: cy - sin*cx - cos*cy}
	out := image.NewGray(b)
	for y := range h {
		for x := range w {
			q := back.Apply(float64(x), float64(y))
			out.Pix[y*out.Stride+x] = sample(g, q.X, q.Y)
		}
	}
	return out, back
}

// sample is the bilinear grey at a place, white outside.
func sample(g *image.Gray, x, y float64) uint8 {
	x0, y0 := int(math.Floor(x)), int(math.Floor(y))
	b := g.Bounds()
	if x0 < 0 || y0 < 0 || x0+1 >= b.Dx() || y0+1 >= b.Dy() {
		return 255
	}
	tx, ty := x-float64(x0), y-float64(y0)
	i := y0*g.Stride + x0
	top := float64(g.Pix[i])*(1-tx) + float64(g.Pix[i+1])*tx
	low := float64(g.Pix[i+g.Stride])*(1-tx) + float64(g.Pix[i+g.Stride+1])*tx
	return uint8(top*(1-ty) + low*ty + 0.5)
}
