package scan

import (
	"context"
	"image"
	"math"

	"github.com/paperchart/paperchart/internal/page"
)

// prepare makes a page ready for reading: background evened out, straight.
func prepare(_ context.Context, number int, raw *image.Gray, res int) *page.Page {
	b := raw.Bounds()
	p := &page.Page{Number: number, DPI: res, ToSource: page.Scale(b.Dx(), b.Dy())}
	g := flatten(raw)
	if p.Blank = inkShare(g) < 0.0005; p.Blank {
		p.Note("blank page")
		p.Image, p.Ruled = g, g
		return p
	}
	if angle := skew(g); math.Abs(angle) > 0.1*math.Pi/180 {
		g, p.ToSource = straighten(g, angle)
	}
	p.Image, p.Ruled = g, g
	return p
}

func textPage(number int, words []page.Word) *page.Page {
	return &page.Page{Number: number, Words: words, TextLayer: true, ToSource: page.Affine{A: 1, E: 1}}
}

// flatten divides the page by its background, so that shadows and grey paper
// become white and ink keeps its contrast. The background of a place is the
// light end of its neighbourhood, smoothed.
func flatten(g *image.Gray) *image.Gray {
	const cell = 32
	b := g.Bounds()
	cw, ch := (b.Dx()+cell-1)/cell, (b.Dy()+cell-1)/cell
	light := make([]float64, cw*ch)
	for cy := range ch {
		for cx := range cw {
			light[cy*cw+cx] = lightOf(g, image.Rect(cx*cell, cy*cell, (cx+1)*cell, (cy+1)*cell).Intersect(b))
		}
	}
	light = smooth(light, cw, ch)
	out := image.NewGray(b)
	for y := range b.Dy() {
		fy := math.Max(0, math.Min(float64(ch-1), float64(y)/cell-0.5))
		y0 := int(fy)
		y1, ty := min(y0+1, ch-1), fy-float64(y0)
		for x := range b.Dx() {
			fx := math.Max(0, math.Min(float64(cw-1), float64(x)/cell-0.5))
			x0 := int(fx)
			x1, tx := min(x0+1, cw-1), fx-float64(x0)
			top := light[y0*cw+x0]*(1-tx) + light[y0*cw+x1]*tx
			low := light[y1*cw+x0]*(1-tx) + light[y1*cw+x1]*tx
			v := float64(g.Pix[y*g.Stride+x]) * 255 / (top*(1-ty) + low*ty)
			out.Pix[y*out.Stride+x] = uint8(math.Min(255, v))
		}
	}
	return out
}

// lightOf is the 90th percentile of the greys in r, at least 64 so that black
// borders are not blown up into noise.
func lightOf(g *image.Gray, r image.Rectangle) float64 {
	var hist [256]int
	n := 0
	for y := r.Min.Y; y < r.Max.Y; y += 2 {
		for x := r.Min.X; x < r.Max.X; x += 2 {
			hist[g.Pix[y*g.Stride+x]]++
			n++
		}
	}
	left := n / 10
	for v := 255; v > 64; v-- {
		if left -= hist[v]; left < 0 {
			return float64(v)
		}
	}
	return 64
}

// smooth takes the lightest of each 3×3 neighbourhood, then the mean.
func smooth(v []float64, w, h int) []float64 {
	around := func(in []float64, f func(acc, x float64) float64, begin float64, mean bool) []float64 {
		out := make([]float64, len(in))
		for y := range h {
			for x := range w {
				acc, n := begin, 0
				for yy := max(0, y-1); yy <= min(h-1, y+1); yy++ {
					for xx := max(0, x-1); xx <= min(w-1, x+1); xx++ {
						acc = f(acc, in[yy*w+xx])
						n++
					}
				}
				if mean {
					acc /= float64(n)
				}
				out[y*w+x] = acc
			}
		}
		return out
	}
	v = around(v, math.Max, 0, false)
	return around(v, func(a, x float64) float64 { return a + x }, 0, true)
}

// inkShare is the share of dark pixels.
func inkShare(g *image.Gray) float64 {
	dark := 0
	for _, v := range g.Pix {
		if v < 128 {
			dark++
		}
	}
	return float64(dark) / float64(max(1, len(g.Pix)))
}

// skew is the angle, in radians, by which text lines fall to the right, found as
// the shear under which the rows' ink varies most (Postl 1986), to 5°.
func skew(g *image.Gray) float64 {
	points := inkPoints(g, 4)
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
// run level, and returns how its pixels map back.
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
	return out, back.Then(page.Scale(w, h))
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
