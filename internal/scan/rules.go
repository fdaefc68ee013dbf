package scan

import (
	"image"
	"sort"

	"github.com/paperchart/paperchart/internal/page"
)

// stroke is a straight stretch of ink one pixel thick: from a to b (exclusive)
// along its direction, at place across it.
type stroke struct{ a, b, at int }

// findRules finds the drawn lines of a straight page: thin, and longer than any
// letter's stroke. Pieces of a broken line are joined before they are measured.
func findRules(g *image.Gray, dpi int) []page.Rule {
	var out []page.Rule
	grey := func(x, y int) uint8 { return g.Pix[y*g.Stride+x] }
	for _, r := range join(lines(levelStrokes(g, dpi/6), dpi), g.Rect.Dy(), dpi, grey) {
		if r.Dx() >= dpi*2/5 {
			out = append(out, page.Rule{Box: image.Rect(r.Min.X, r.Min.Y, r.Max.X, r.Max.Y)})
		}
	}
	grey = func(y, x int) uint8 { return g.Pix[y*g.Stride+x] }
	for _, r := range join(lines(plumbStrokes(g, dpi*3/10), dpi), g.Rect.Dx(), dpi, grey) {
		out = append(out, page.Rule{Box: image.Rect(r.Min.Y, r.Min.X, r.Max.Y, r.Max.X), Vertical: true})
	}
	return withRungs(g, out, dpi)
}

// withRungs adds the pieces of column lines that stand between two level lines
// closer together than the shortest line that counts by itself: they reach from
// one to the other, as no letter does. A line that is there but ends too early is
// lengthened.
func withRungs(g *image.Gray, rules []page.Rule, dpi int) []page.Rule {
	var level []image.Rectangle
	for _, r := range rules {
		if !r.Vertical {
			level = append(level, r.Box)
		}
	}
	sort.Slice(level, func(i, j int) bool { return level[i].Min.Y < level[j].Min.Y })
	for i, a := range level {
		for _, b := range level[i+1:] {
			gap := b.Min.Y - a.Max.Y
			if gap > dpi/2 {
				break
			}
			if gap < dpi/12 || min(a.Max.X, b.Max.X) <= max(a.Min.X, b.Min.X) {
				continue
			}
			row := image.Rect(max(a.Min.X, b.Min.X), a.Max.Y, min(a.Max.X, b.Max.X), b.Min.Y)
			for _, box := range rungsOf(g, row, dpi) {
				rules = addRung(rules, box)
			}
			break
		}
	}
	return rules
}

// addRung adds a rung, to the line that runs through most of it if there is one.
func addRung(rules []page.Rule, box image.Rectangle) []page.Rule {
	for i := range rules {
		if l := &rules[i]; l.Vertical && 2*l.Box.Intersect(box.Inset(-2)).Dy() > box.Dy() {
			l.Box.Min.Y, l.Box.Max.Y = min(l.Box.Min.Y, box.Min.Y), max(l.Box.Max.Y, box.Max.Y)
			return rules
		}
	}
	return append(rules, page.Rule{Box: box, Vertical: true})
}

// rungsOf finds the rungs of one row between two level lines.
func rungsOf(g *image.Gray, row image.Rectangle, dpi int) []image.Rectangle {
	var out []image.Rectangle
	open := image.Rectangle{}
	for x := row.Min.X; x <= row.Max.X; x++ {
		if x < row.Max.X && reaches(g, x, row, max(3, dpi/60)) {
			open = open.Union(image.Rect(x, row.Min.Y, x+1, row.Max.Y))
			continue
		}
		if !open.Empty() && open.Dx() <= max(4, dpi/25) {
			out = append(out, open)
		}
		open = image.Rectangle{}
	}
	return out
}

// reaches reports that ink runs down a column, or beside it where it leans, from
// the upper end of a row to its lower end, breaks aside.
func reaches(g *image.Gray, x int, row image.Rectangle, end int) bool {
	ink, top, bottom := 0, false, false
	left, right := max(g.Rect.Min.X, x-1), min(g.Rect.Max.X-1, x+1)
	for y := row.Min.Y; y < row.Max.Y; y++ {
		line := g.Pix[y*g.Stride:]
		if line[x] >= dark && line[left] >= dark && line[right] >= dark {
			continue
		}
		ink++
		top = top || y < row.Min.Y+end
		bottom = bottom || y >= row.Max.Y-end
	}
	return top && bottom && 4*ink >= 3*row.Dy()
}

// hole is how many white pixels a stroke may bridge.
const hole = 2

func levelStrokes(g *image.Gray, least int) []stroke {
	var out []stroke
	w := g.Bounds().Dx()
	for y := range g.Bounds().Dy() {
		row := g.Pix[y*g.Stride : y*g.Stride+w]
		begin, last := -1, -1
		for x := 0; x <= w; x++ {
			if x < w && row[x] < dark {
				if begin < 0 {
					begin = x
				}
				last = x
			} else if begin >= 0 && (x == w || x-last > hole) {
				if last+1-begin >= least {
					out = append(out, stroke{begin, last + 1, y})
				}
				begin = -1
			}
		}
	}
	return out
}

// plumbStrokes goes row by row too, with a memory for each column, which is
// kinder to the cache than going down the columns.
func plumbStrokes(g *image.Gray, least int) []stroke {
	var out []stroke
	w, h := g.Bounds().Dx(), g.Bounds().Dy()
	begin, last := make([]int32, w), make([]int32, w)
	for x := range begin {
		begin[x] = -1
	}
	for y := 0; y <= h; y++ {
		for x := range w {
			if y < h && g.Pix[y*g.Stride+x] < dark {
				if begin[x] < 0 {
					begin[x] = int32(y)
				}
				last[x] = int32(y)
			} else if begin[x] >= 0 && (y == h || y-int(last[x]) > hole) {
				if int(last[x]-begin[x])+1 >= least {
					out = append(out, stroke{int(begin[x]), int(last[x]) + 1, x})
				}
				begin[x] = -1
			}
		}
	}
	sort.Slice(out, func(i, j int) bool {
		return out[i].at < out[j].at || out[i].at == out[j].at && out[i].a < out[j].a
	})
	return out
}

// lines joins strokes, sorted by place, that touch or follow one another into
// lines, as rectangles with X along and Y across them, and leaves out what is
// too thick to be a line.
func lines(strokes []stroke, dpi int) []image.Rectangle {
	type line struct {
		box  image.Rectangle
		area int
	}
	var open, all []*line
	for _, s := range strokes {
		box := image.Rect(s.a, s.at, s.b, s.at+1)
		kept, mine := open[:0], (*line)(nil)
		for _, l := range open {
			if s.at-l.box.Max.Y > 1 {
				all = append(all, l)
				continue
			}
			if l.box.Min.X-dpi/30 <= s.b && s.a <= l.box.Max.X+dpi/30 {
				if mine == nil {
					mine = l
				} else {
					mine.box, mine.area = mine.box.Union(l.box), mine.area+l.area
					continue
				}
			}
			kept = append(kept, l)
		}
		open = kept
		if mine == nil {
			mine = &line{box: box}
			open = append(open, mine)
		}
		mine.box, mine.area = mine.box.Union(box), mine.area+s.b-s.a
	}
	var out []image.Rectangle
	for _, l := range append(all, open...) {
		if thick := l.area / l.box.Dx(); thick <= max(3, dpi/25) && l.box.Dy() <= max(6, dpi/12) {
			out = append(out, l.box)
		}
	}
	return out
}

// faint is the grey up to which a pixel may belong to a line of one pixel that
// straightening has spread over two rows.
const faint = 225

// join puts the pieces of broken lines together: those a short break apart, and
// those whose longer gap is not white, as where a thin line that was straightened
// fades from one row of pixels into the next. The rectangles have X along and Y
// across the line; limit is the extent across.
func join(pieces []image.Rectangle, limit, dpi int, grey func(along, across int) uint8) []image.Rectangle {
	sort.Slice(pieces, func(i, j int) bool { return pieces[i].Min.X < pieces[j].Min.X })
	var out []image.Rectangle
	for _, p := range pieces {
		joined := false
		for i := len(out) - 1; i >= 0 && !joined; i-- {
			l := &out[i]
			gap := p.Min.X - l.Max.X
			if gap < 0 || gap > dpi/6 || p.Min.Y > l.Max.Y+1 || l.Min.Y > p.Max.Y+1 || l.Union(p).Dy() > max(6, dpi/12) {
				continue
			}
			if gap <= dpi/12 || goesOn(l.Max.X, p.Min.X, max(0, min(l.Min.Y, p.Min.Y)-1), min(limit, max(l.Max.Y, p.Max.Y)+1), grey) {
				*l, joined = l.Union(p), true
			}
		}
		if !joined {
			out = append(out, p)
		}
	}
	return out
}

// goesOn reports that nearly every pixel from a to b along a line has some ink
// within the line's thickness.
func goesOn(a, b, from, to int, grey func(along, across int) uint8) bool {
	inked := 0
	for x := a; x < b; x++ {
		for y := from; y < to; y++ {
			if grey(x, y) < faint {
				inked++
				break
			}
		}
	}
	return 10*inked >= 9*(b-a)
}
