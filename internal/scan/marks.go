package scan

import (
	"image"
	"math"

	"github.com/paperchart/paperchart/internal/page"
)

// box is a checkbox with how much of its inside is inked and whether its mark
// runs over the edge.
type box struct {
	at    image.Rectangle
	whole image.Rectangle
	fill  float64
	over  bool
}

// findMarks finds the square boxes of a straight page and tells the checked
// from the empty. What an empty box looks like (dirt, a thick frame) is learnt
// from the page's own boxes.
func findMarks(g *image.Gray, ink *inkMap, dpi int) (marks []page.Mark, areas []image.Rectangle) {
	var boxes []box
	near := newShelf(ink.letters(dpi), dpi/3)
	for i := range ink.blobs {
		if b, ok := findBox(g, ink.blobs[i].box, dpi); ok && !inWord(b.at, near) && !inWord(b.whole, near) {
			boxes = append(boxes, b)
		}
	}
	level := emptyLevel(boxes)
	for _, b := range boxes {
		checked, conf := judge(b, level)
		if (checked || b.over) && !hasEmpty(boxes, b, level) {
			continue // alone of its kind, it may be a letter or a logo
		}
		marks = append(marks, page.Mark{Box: b.at, Checked: checked, Conf: conf})
		areas = append(areas, b.whole)
	}
	return marks, areas
}

// findBox looks for a square frame in the ink within r: two level strokes of
// one width, joined at both ends by plumb ones.
func findBox(g *image.Gray, r image.Rectangle, dpi int) (box, bool) {
	least, most := max(12, dpi*7/100), dpi/4
	if r.Dx() < least || r.Dy() < least || r.Dx() > 2*most || r.Dy() > 2*most {
		return box{}, false
	}
	var sides []stroke
	for y := r.Min.Y; y < r.Max.Y; y++ {
		if s, ok := longest(g, r, y); ok && s.b-s.a >= least && s.b-s.a <= most {
			sides = append(sides, s)
		}
	}
	for i, top := range sides {
		for j := len(sides) - 1; j > i; j-- {
			at := image.Rect(max(top.a, sides[j].a), top.at, min(top.b, sides[j].b), sides[j].at+1)
			if isFrame(g, at, top, sides[j]) {
				return measure(g, at, r), true
			}
		}
	}
	return box{}, false
}

// hasEmpty reports that an empty box of b's size is on the page.
func hasEmpty(boxes []box, b box, level float64) bool {
	for _, o := range boxes {
		if checked, _ := judge(o, level); !checked && 10*abs(o.at.Dx()-b.at.Dx()) <= b.at.Dx() {
			return true
		}
	}
	return false
}

// inWord reports that a letter of the same height stands right beside a square
// shape: then that is a letter too, a B or a D in small print.
func inWord(at image.Rectangle, near *shelf) bool {
	found := false
	near.near(middle(at), func(i int) {
		o := near.boxes[i]
		gap := max(o.Min.X-at.Max.X, at.Min.X-o.Max.X)
		if gap >= 0 && 3*gap <= at.Dx() && overlap(at.Min.Y, at.Max.Y, o.Min.Y, o.Max.Y) && 10*o.Dy() > 6*at.Dy() && 10*o.Dy() < 15*at.Dy() {
			found = true
		}
	})
	return found
}

// longest is the longest stroke of row y within r, bridging single pixels.
func longest(g *image.Gray, r image.Rectangle, y int) (best stroke, ok bool) {
	begin, last := -1, -1
	for x := r.Min.X; x <= r.Max.X; x++ {
		if x < r.Max.X && g.Pix[y*g.Stride+x] < dark {
			if begin < 0 {
				begin = x
			}
			last = x
		} else if begin >= 0 && (x == r.Max.X || x-last > 1) {
			if last+1-begin > best.b-best.a {
				best, ok = stroke{begin, last + 1, y}, true
			}
			begin = -1
		}
	}
	return best, ok
}

func isFrame(g *image.Gray, at image.Rectangle, top, low stroke) bool {
	w, h := at.Dx(), at.Dy()
	slack := max(2, w/10)
	if w <= 0 || 10*h < 8*w || 10*h > 12*w || abs(top.a-low.a) > slack || abs(top.b-low.b) > slack {
		return false
	}
	band := max(3, w/7)
	for _, c := range []image.Point{at.Min, {at.Max.X, at.Min.Y}, {at.Min.X, at.Max.Y}, at.Max} {
		if !cornered(g, c, max(2, w/12)) {
			return false
		}
	}
	if !thin(g, at) {
		return false
	}
	return plumbCover(g, at.Min.X-1, at.Min.X+band, at) >= 0.92 && plumbCover(g, at.Max.X-band, at.Max.X+1, at) >= 0.92
}

// cornered reports ink within reach of a corner; letters are round there.
func cornered(g *image.Gray, c image.Point, reach int) bool {
	r := image.Rect(c.X-reach, c.Y-reach, c.X+reach, c.Y+reach).Intersect(g.Bounds())
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if g.Pix[y*g.Stride+x] < dark {
				return true
			}
		}
	}
	return false
}

// thin reports that all four sides are strokes of about one small width: the
// stem of a B or a D is much thicker than its other side.
func thin(g *image.Gray, r image.Rectangle) bool {
	level := func(x int) func(depth int) bool { // from the top or the bottom, down the column x
		return func(y int) bool { return g.Pix[y*g.Stride+x] < dark }
	}
	var widths [4][]int
	for x := r.Min.X + r.Dx()/5; x < r.Max.X-r.Dx()/5; x++ {
		widths[0] = append(widths[0], depth(r.Min.Y, r.Max.Y, 1, level(x)))
		widths[1] = append(widths[1], depth(r.Max.Y-1, r.Min.Y-1, -1, level(x)))
	}
	for y := r.Min.Y + r.Dy()/5; y < r.Max.Y-r.Dy()/5; y++ {
		across := func(x int) bool { return g.Pix[y*g.Stride+x] < dark }
		widths[2] = append(widths[2], depth(r.Min.X, r.Max.X, 1, across))
		widths[3] = append(widths[3], depth(r.Max.X-1, r.Min.X-1, -1, across))
	}
	least, most := r.Dx(), 0
	for _, w := range widths {
		m := median(w)
		least, most = min(least, m), max(most, m)
	}
	return most <= max(4, r.Dx()/7) && most <= least+max(2, least)
}

// depth is how far ink goes on from an edge, once it is met within a few pixels.
func depth(from, to, step int, ink func(int) bool) int {
	at := from
	for skipped := 0; at != to && !ink(at) && skipped < 4; skipped++ {
		at += step
	}
	n := 0
	for ; at != to && ink(at); at += step {
		n++
	}
	return n
}

// plumbCover is the share of rows of r with ink between x0 and x1.
func plumbCover(g *image.Gray, x0, x1 int, r image.Rectangle) float64 {
	n := 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := max(0, x0); x < min(g.Bounds().Dx(), x1); x++ {
			if g.Pix[y*g.Stride+x] < dark {
				n++
				break
			}
		}
	}
	return float64(n) / float64(r.Dy())
}

func measure(g *image.Gray, at, whole image.Rectangle) box {
	inner := at.Inset(max(3, at.Dx()/5))
	n := 0
	for y := inner.Min.Y; y < inner.Max.Y; y++ {
		for x := inner.Min.X; x < inner.Max.X; x++ {
			if g.Pix[y*g.Stride+x] < dark {
				n++
			}
		}
	}
	grown := at.Inset(-max(3, at.Dx()/6))
	return box{at: at, whole: whole.Union(at), fill: float64(n) / float64(max(1, inner.Dx()*inner.Dy())), over: !whole.In(grown)}
}

// emptyLevel is the ink of an ordinary empty box of the page: the median of the
// emptier half, never taken for more than a little dirt.
func emptyLevel(boxes []box) float64 {
	var fills []int
	for _, b := range boxes {
		fills = append(fills, int(b.fill*1000))
	}
	median(fills)
	return math.Min(0.06, float64(median(fills[:(len(fills)+1)/2]))/1000)
}

// judge tells a checked box; its confidence falls to one half where the ink is
// between an empty box's and a cross's.
func judge(b box, level float64) (checked bool, conf float64) {
	const border = 0.08
	above := b.fill - level
	if b.over {
		above += border / 2
	}
	return above > border, 0.5 + 0.48*math.Min(1, math.Abs(above-border)/border)
}
