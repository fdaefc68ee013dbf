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
// from the page's own boxes. The areas are those of boxes that have a like on
// the page: they are certainly no letters and may be painted out.
func findMarks(g *image.Gray, ink *inkMap, dpi int) (marks []page.Mark, areas []image.Rectangle) {
	var boxes []box
	near := newShelf(ink.letters(dpi), dpi/3)
	for i := range ink.blobs {
		if b, ok := findBox(g, ink.blobs[i].box, dpi); ok && !inWord(b.at, near) {
			boxes = append(boxes, b)
		}
	}
	boxes = append(boxes, siblings(g, boxes, near)...)
	level := emptyLevel(boxes)
	for _, b := range boxes {
		checked, conf := judge(b, level)
		if (checked || b.over) && !hasEmpty(boxes, b, level) {
			continue // alone of its kind, it may be a letter or a logo
		}
		marks = append(marks, page.Mark{Box: b.at, Checked: checked, Conf: conf})
		if likes(boxes, b) >= 2 {
			areas = append(areas, b.whole)
		}
	}
	return marks, areas
}

// likes counts the boxes of b's size, b among them.
func likes(boxes []box, b box) (n int) {
	for _, o := range boxes {
		if alikeBoxes(o, b) {
			n++
		}
	}
	return n
}

func alikeBoxes(a, b box) bool { return 10*abs(a.at.Dx()-b.at.Dx()) <= b.at.Dx() }

// findBox looks for a square frame in the ink within r: two level strokes of
// one width, joined at both ends by plumb ones.
func findBox(g *image.Gray, r image.Rectangle, dpi int) (box, bool) {
	least, most := max(12, dpi*95/1000), dpi/4 // 7 points: smaller are letters more often than boxes
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
			if at, ok := isFrame(g, top, sides[j]); ok {
				return measure(g, at, r), true
			}
		}
	}
	return box{}, false
}

// hasEmpty reports that an empty box of b's size is on the page.
func hasEmpty(boxes []box, b box, level float64) bool {
	for _, o := range boxes {
		if checked, _ := judge(o, level); !checked && alikeBoxes(o, b) {
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

// isFrame reports that plumb sides join two level ones, and where the frame is.
// A mark that runs over the edge lengthens the level strokes, so the sides are
// looked for near their ends. A letter's side is round or missing in part.
func isFrame(g *image.Gray, top, low stroke) (image.Rectangle, bool) {
	at := image.Rect(max(top.a, low.a), top.at, min(top.b, low.b), low.at+1)
	w, h := at.Dx(), at.Dy()
	slack := max(2, w/7)
	if w <= 0 || 10*h < 8*w || 10*h > 13*w || abs(top.a-low.a) > slack || abs(top.b-low.b) > slack {
		return at, false
	}
	const whole = 0.92
	left, a := plumbSide(g, at, at.Min.X-1, slack)
	right, b := plumbSide(g, at, at.Max.X, -slack-1)
	at.Min.X, at.Max.X = max(0, left-1), min(g.Bounds().Dx(), right+2)
	for n := 0; n < 2 && plumbCover(g, at.Min.X, at.Min.X+1, at, dark) < 0.5; n++ {
		at.Min.X++
	}
	for n := 0; n < 2 && plumbCover(g, at.Max.X-1, at.Max.X, at, dark) < 0.5; n++ {
		at.Max.X--
	}
	if w, h = at.Dx(), at.Dy(); a < whole || b < whole || 10*h < 8*w || 10*h > 12*w {
		return at, false
	}
	return at, cornered(g, at) && onPaper(g, at, dark) && !runsOn(g, at, dark) && thin(g, at)
}

// plumbSide is the first column, of n from x on (to the left where n is below
// 0), that has the most ink within a pixel of it over the height of r, and its
// share of the height.
func plumbSide(g *image.Gray, r image.Rectangle, x, n int) (at int, best float64) {
	step := 1
	if n < 0 {
		step = -1
	}
	for c := x; c != x+n; c += step {
		if share := plumbCover(g, c-1, c+2, r, dark); share > best {
			at, best = c, share
		}
	}
	return at, best
}

// cornered reports that the sides run into all four corners; letters are round
// there or end.
func cornered(g *image.Gray, at image.Rectangle) bool {
	band, reach := max(3, at.Dx()/12+1), max(3, at.Dx()/6)
	for _, left := range []bool{true, false} {
		for _, top := range []bool{true, false} {
			c := image.Rect(at.Max.X-reach, at.Max.Y-reach, at.Max.X, at.Max.Y)
			x, y := at.Max.X-band, at.Max.Y-band
			if left {
				c.Min.X, c.Max.X, x = at.Min.X, at.Min.X+reach, at.Min.X
			}
			if top {
				c.Min.Y, c.Max.Y, y = at.Min.Y, at.Min.Y+reach, at.Min.Y
			}
			if plumbCover(g, x, x+band, c, dark) < 0.75 || levelCover(g, y, y+band, c, dark) < 0.75 {
				return false
			}
		}
	}
	return true
}

// onPaper reports that white surrounds a frame, but for a mark that runs over.
func onPaper(g *image.Gray, at image.Rectangle, limit uint8) bool {
	off := max(3, at.Dx()/10)
	r := at.Inset(-off)
	return plumbCover(g, r.Min.X, r.Min.X+1, r, limit)+plumbCover(g, r.Max.X-1, r.Max.X, r, limit)+
		levelCover(g, r.Min.Y, r.Min.Y+1, r, limit)+levelCover(g, r.Max.Y-1, r.Max.Y, r, limit) < 1
}

// runsOn reports that a side goes on beyond its corners: the lines of a table or
// of a field, with text for the rest of the frame.
func runsOn(g *image.Gray, at image.Rectangle, limit uint8) bool {
	const most = 0.7
	off, long := 2, at.Dx()/2
	before, behind := image.Rect(at.Min.X-off-long, 0, at.Min.X-off, 1), image.Rect(at.Max.X+off, 0, at.Max.X+off+long, 1)
	above, below := image.Rect(0, at.Min.Y-off-long, 1, at.Min.Y-off), image.Rect(0, at.Max.Y+off, 1, at.Max.Y+off+long)
	for _, y := range []int{at.Min.Y, at.Max.Y - 3} {
		if levelCover(g, y-1, y+4, before, limit) > most || levelCover(g, y-1, y+4, behind, limit) > most {
			return true
		}
	}
	for _, x := range []int{at.Min.X, at.Max.X - 3} {
		if plumbCover(g, x-1, x+4, above, limit) > most || plumbCover(g, x-1, x+4, below, limit) > most {
			return true
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

// plumbCover is the share of rows of r with ink, darker than limit, between x0
// and x1.
func plumbCover(g *image.Gray, x0, x1 int, r image.Rectangle, limit uint8) float64 {
	n := 0
	for y := max(0, r.Min.Y); y < min(g.Bounds().Dy(), r.Max.Y); y++ {
		for x := max(0, x0); x < min(g.Bounds().Dx(), x1); x++ {
			if g.Pix[y*g.Stride+x] < limit {
				n++
				break
			}
		}
	}
	return float64(n) / float64(max(1, r.Dy()))
}

// levelCover is the share of columns of r with ink, darker than
// limit, between y0 and y1.
func levelCover(g *image.Gray, y0, y1 int, r image.Rectangle, limit uint8) float64 {
	n := 0
	for x := max(0, r.Min.X); x < min(g.Bounds().Dx(), r.Max.X); x++ {
		for y := max(0, y0); y < min(g.Bounds().Dy(), y1); y++ {
			if g.Pix[y*g.Stride+x] < limit {
				n++
				break
			}
		}
	}
	return float64(n) / float64(max(1, r.Dx()))
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
