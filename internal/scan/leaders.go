package scan

import (
	"image"
	"sort"
)

// findLeaders finds the rows of dots that lead the eye from a label to its value
// in a table of contents' manner. Recognition reads them as words of noise and
// loses what they lead to. A row is five dots or more of one size on one
// baseline, close together, with white paper above them.
func findLeaders(g *image.Gray, ink *inkMap, dpi int) []image.Rectangle {
	dots := dotsOf(ink, dpi)
	rows := map[int][]image.Rectangle{} // by baseline, in bands of one dot
	band := max(2, dpi/60)
	for _, d := range dots {
		rows[d.Max.Y/band] = append(rows[d.Max.Y/band], d)
	}
	used := map[image.Rectangle]bool{}
	var out []image.Rectangle
	for _, first := range dots {
		if used[first] {
			continue
		}
		chain := []image.Rectangle{first}
		for last := first; ; {
			next, ok := nextDot(rows, band, last, dpi)
			if !ok || used[next] {
				break
			}
			chain = append(chain, next)
			last = next
		}
		if len(chain) < 5 || !even(chain) {
			continue
		}
		box := image.Rectangle{}
		for _, d := range chain {
			used[d] = true
			box = box.Union(d)
		}
		out = append(out, box)
	}
	return clearAbove(g, out, dpi)
}

// dotsOf are the blobs as small as a full stop, from left to right.
func dotsOf(ink *inkMap, dpi int) []image.Rectangle {
	most := max(4, dpi*3/100)
	var dots []image.Rectangle
	for _, b := range ink.blobs {
		if b.box.Dx() <= most && b.box.Dy() <= most && 2*b.area >= b.box.Dx()*b.box.Dy() {
			dots = append(dots, b.box)
		}
	}
	sort.Slice(dots, func(i, j int) bool {
		return dots[i].Min.X < dots[j].Min.X || dots[i].Min.X == dots[j].Min.X && dots[i].Min.Y < dots[j].Min.Y
	})
	return dots
}

// nextDot is the dot that follows on the same baseline within a tenth of an inch.
func nextDot(rows map[int][]image.Rectangle, band int, last image.Rectangle, dpi int) (image.Rectangle, bool) {
	var best image.Rectangle
	lean := max(1, dpi/150)
	for b := last.Max.Y/band - 1; b <= last.Max.Y/band+1; b++ {
		row := rows[b]
		for i := sort.Search(len(row), func(i int) bool { return row[i].Min.X >= last.Max.X }); i < len(row); i++ {
			d := row[i]
			if d.Min.X-last.Max.X > dpi/10 {
				break
			}
			if off := d.Max.Y - last.Max.Y; off > lean || off < -lean {
				continue
			}
			if best.Empty() || d.Min.X < best.Min.X {
				best = d
			}
		}
	}
	return best, !best.Empty()
}

// even reports that most steps of a chain are alike: dirt and the broken strokes
// of letters are not.
func even(chain []image.Rectangle) bool {
	steps := make([]int, 0, len(chain))
	for i := 1; i < len(chain); i++ {
		steps = append(steps, chain[i].Min.X-chain[i-1].Min.X)
	}
	sort.Ints(steps)
	usual := steps[len(steps)/2]
	alike := 0
	for _, s := range steps {
		if d := s - usual; 4*d <= usual+4 && -4*d <= usual+4 {
			alike++
		}
	}
	return 5*alike >= 4*len(steps)
}

// clearAbove keeps the rows with nothing over them as high as a small letter, not
// even grey: what fading left of a line of small print is a row of dots too, and
// so is the foot of letters that a dot matrix printed.
func clearAbove(g *image.Gray, rows []image.Rectangle, dpi int) []image.Rectangle {
	const pale = 190
	var out []image.Rectangle
	for _, l := range rows {
		inset := l.Dx() / 12
		above := image.Rect(l.Min.X+inset, l.Min.Y-dpi/16, l.Max.X-inset, l.Min.Y-1).Intersect(g.Rect)
		n := 0
		for y := above.Min.Y; y < above.Max.Y; y++ {
			for _, v := range g.Pix[y*g.Stride+above.Min.X : y*g.Stride+above.Max.X] {
				if v < pale {
					n++
				}
			}
		}
		if 100*n < 2*above.Dx()*above.Dy() {
			out = append(out, l)
		}
	}
	return out
}
