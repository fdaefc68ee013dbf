package scan

import (
	"image"
	"sort"

	"github.com/paperchart/paperchart/internal/page"
)

// stance is what the shapes on a page say about which way up it is.
type stance struct {
	// level and plumb count letters whose nearest neighbour is beside them and
	// above or below them.
	level, plumb int
	// up and down count neighbours of unlike height that share their foot
	// (ha: ascenders, capitals) and their head (pa: descenders). Latin print
	// has about three of the first for one of the second.
	up, down int
}

// shelf finds the letters near a place.
type shelf struct {
	cell    int
	boxes   []image.Rectangle
	buckets map[image.Point][]int
}

func newShelf(boxes []image.Rectangle, cell int) *shelf {
	s := &shelf{cell: max(1, cell), boxes: boxes, buckets: map[image.Point][]int{}}
	for i, b := range boxes {
		at := middle(b).Div(s.cell)
		s.buckets[at] = append(s.buckets[at], i)
	}
	return s
}

func middle(r image.Rectangle) image.Point { return r.Min.Add(r.Max).Div(2) }

// near calls f with every box whose middle lies within a cell of p's cell.
func (s *shelf) near(p image.Point, f func(i int)) {
	at := p.Div(s.cell)
	for dy := -1; dy <= 1; dy++ {
		for dx := -1; dx <= 1; dx++ {
			for _, i := range s.buckets[at.Add(image.Pt(dx, dy))] {
				f(i)
			}
		}
	}
}

// look takes the stance of letters as they lie.
func look(letters []image.Rectangle, dpi int) stance {
	var st stance
	s := newShelf(letters, dpi/4)
	for i, b := range letters {
		beside, below := -1, -1
		besideGap, belowGap := dpi, dpi
		s.near(middle(b), func(j int) {
			o := letters[j]
			if i == j || !alike(b, o) {
				return
			}
			if gap := o.Min.X - b.Max.X; gap > -3 && gap < besideGap && overlap(b.Min.Y, b.Max.Y, o.Min.Y, o.Max.Y) {
				beside, besideGap = j, gap
			}
			if gap := o.Min.Y - b.Max.Y; gap > -3 && gap < belowGap && overlap(b.Min.X, b.Max.X, o.Min.X, o.Max.X) {
				below, belowGap = j, gap
			}
		})
		st.count(letters, i, beside, besideGap, below, belowGap)
	}
	return st
}

func (st *stance) count(letters []image.Rectangle, i, beside, besideGap, below, belowGap int) {
	switch {
	case beside >= 0 && (below < 0 || besideGap < belowGap):
		st.level++
		st.step(letters[i], letters[beside])
	case below >= 0:
		st.plumb++
	}
}

// step weighs two neighbours on a line.
func (st *stance) step(a, b image.Rectangle) {
	small, large := min(a.Dy(), b.Dy()), max(a.Dy(), b.Dy())
	if small*115 > large*100 || small*180 < large*100 {
		return
	}
	head, foot := abs(a.Min.Y-b.Min.Y), abs(a.Max.Y-b.Max.Y)
	slack := max(2, large/8)
	if foot <= slack && head > slack {
		st.up++
	} else if head <= slack && foot > slack {
		st.down++
	}
}

// alike tells letters of one size of print.
func alike(a, b image.Rectangle) bool {
	x, y := max(a.Dx(), a.Dy()), max(b.Dx(), b.Dy())
	return x <= 3*y && y <= 3*x
}

// overlap reports that two stretches share half of the shorter.
func overlap(a0, a1, b0, b1 int) bool {
	return 2*(min(a1, b1)-max(a0, b0)) >= min(a1-a0, b1-b0)
}

func abs(v int) int { return max(v, -v) }

// turned gives the boxes of letters after a turn, clockwise in degrees, of a
// page with those bounds.
func turned(boxes []image.Rectangle, bounds image.Rectangle, degrees int) []image.Rectangle {
	out := make([]image.Rectangle, len(boxes))
	w, h := bounds.Dx(), bounds.Dy()
	for i, b := range boxes {
		switch degrees {
		case 90:
			out[i] = image.Rect(h-b.Max.Y, b.Min.X, h-b.Min.Y, b.Max.X)
		case 180:
			out[i] = image.Rect(w-b.Max.X, h-b.Max.Y, w-b.Min.X, h-b.Min.Y)
		case 270:
			out[i] = image.Rect(b.Min.Y, w-b.Max.X, b.Max.Y, w-b.Min.X)
		default:
			out[i] = b
		}
	}
	return out
}

// stand returns by how many degrees, clockwise, the page must be turned to be
// upright, and whether the shapes alone were sure of it.
func stand(letters []image.Rectangle, bounds image.Rectangle, dpi int) (degrees int, sure bool) {
	st := look(letters, dpi)
	lying := st.plumb > st.level
	axis := 10*max(st.level, st.plumb) >= 14*min(st.level, st.plumb)
	if lying {
		degrees = 90
		st = look(turned(letters, bounds, 90), dpi)
	}
	if st.down > st.up {
		degrees += 180
	}
	lead := max(st.up, st.down)
	return degrees, axis && st.up+st.down >= 25 && 10*lead >= 14*min(st.up, st.down)
}

// turn rotates a page clockwise by 90, 180 or 270 degrees and returns how its
// pixels map back onto the old ones.
func turn(g *image.Gray, degrees int) (*image.Gray, page.Affine) {
	w, h := g.Bounds().Dx(), g.Bounds().Dy()
	switch degrees {
	case 90:
		return rotate(g, h, w, func(x, y int) int { return (h-1-x)*g.Stride + y }),
			page.Affine{B: 1, D: -1, F: float64(h)}
	case 180:
		return rotate(g, w, h, func(x, y int) int { return (h-1-y)*g.Stride + w - 1 - x }),
			page.Affine{A: -1, C: float64(w), E: -1, F: float64(h)}
	case 270:
		return rotate(g, h, w, func(x, y int) int { return x*g.Stride + w - 1 - y }),
			page.Affine{B: -1, C: float64(w), D: 1}
	}
	return g, page.Affine{A: 1, E: 1}
}

// rotate fills a w×h page, block by block to stay in the cache.
func rotate(g *image.Gray, w, h int, from func(x, y int) int) *image.Gray {
	const block = 64
	out := image.NewGray(image.Rect(0, 0, w, h))
	for y0 := 0; y0 < h; y0 += block {
		for x0 := 0; x0 < w; x0 += block {
			for y := y0; y < min(h, y0+block); y++ {
				for x := x0; x < min(w, x0+block); x++ {
					out.Pix[y*out.Stride+x] = g.Pix[from(x, y)]
				}
			}
		}
	}
	return out
}

// median of values, 0 of none. It sorts them.
func median(v []int) int {
	if len(v) == 0 {
		return 0
	}
	sort.Ints(v)
	return v[len(v)/2]
}
