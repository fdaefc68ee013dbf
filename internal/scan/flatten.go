package scan

import (
	"image"
	"math"
)

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
	across := make([]float32, cw)
	for y := range b.Dy() {
		y0, y1, ty := between(y, cell, ch)
		for cx := range across {
			across[cx] = float32(light[y0*cw+cx]*(1-ty) + light[y1*cw+cx]*ty)
		}
		divideRow(out.Pix[y*out.Stride:y*out.Stride+b.Dx()], g.Pix[y*g.Stride:], across, cell)
	}
	blacken(out)
	return out
}

// blacken stretches the greys of a flattened page so that pale ink is as dark as
// good ink: everything after this counts on one threshold. A page whose dark
// part is too small or too large to be print is left as it is.
func blacken(g *image.Gray) {
	const want, most = 50, 3.5
	var hist [256]int
	n := 0
	for i := 0; i < len(g.Pix); i += 7 {
		hist[g.Pix[i]]++
		n++
	}
	cut := otsu(hist[:], n)
	sum, count := 0, 0
	for v := range cut {
		sum += v * hist[v]
		count += hist[v]
	}
	if count*500 < n || count*2 > n || sum <= want*count {
		return
	}
	k := math.Min(most, float64(255-want)/(255-float64(sum)/float64(count)))
	var table [256]uint8
	for v := range table {
		table[v] = uint8(math.Max(0, 255-float64(255-v)*k))
	}
	for i, v := range g.Pix {
		g.Pix[i] = table[v]
	}
}

// otsu is the grey that parts a histogram of n values best (Otsu 1979): those
// below it are dark.
func otsu(hist []int, n int) int {
	total := 0
	for v, c := range hist {
		total += v * c
	}
	best, cut := -1.0, 0
	below, sum := 0, 0
	for v, c := range hist {
		below += c
		sum += v * c
		if below == 0 || below == n {
			continue
		}
		d := float64(sum)/float64(below) - float64(total-sum)/float64(n-below)
		if s := d * d * float64(below) * float64(n-below); s > best {
			best, cut = s, v+1
		}
	}
	return cut
}

// between places pixel v between the middles of two of n cells.
func between(v, cell, n int) (low, high int, t float64) {
	f := math.Max(0, math.Min(float64(n-1), (float64(v)+0.5)/float64(cell)-0.5))
	low = int(f)
	return low, min(low+1, n-1), f - float64(low)
}

// divideRow divides a row by its light, given at the middle of each cell.
func divideRow(out, in []uint8, light []float32, cell int) {
	for x := range out {
		if in[x] == 255 {
			out[x] = 255
			continue
		}
		x0, x1, t := between(x, cell, len(light))
		l := light[x0] + (light[x1]-light[x0])*float32(t)
		out[x] = uint8(min(255, float32(in[x])*255/l))
	}
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
