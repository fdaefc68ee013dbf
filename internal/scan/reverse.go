package scan

import (
	"image"

	"github.com/paperchart/paperchart/internal/page"
)

// unreverse turns the bands of light print on dark ground of a page, as headings
// of forms are printed, into dark print on light: recognition may skip such a band
// whole, and with it the name of what follows. It returns the bands.
func unreverse(g *image.Gray, dpi int) []image.Rectangle {
	var out []image.Rectangle
	for _, r := range darkBands(g, dpi) {
		if band := turnBand(g, r, dpi); !band.Empty() {
			out = append(out, band)
		}
	}
	return out
}

// edges are the upper and lower edge of a dark band as the lines that they are to
// the boxes over and under it.
func edges(band image.Rectangle) []page.Rule {
	top, bottom := band, band
	top.Max.Y, bottom.Min.Y = band.Min.Y+2, band.Max.Y-2
	return []page.Rule{{Box: top}, {Box: bottom}}
}

// darkBands finds the grounds: at least a quarter of an inch wide, as high as a
// line of print or a few, mostly ink.
func darkBands(g *image.Gray, dpi int) []image.Rectangle {
	cells := newShade(g, max(3, dpi/50))
	var out []image.Rectangle
	for _, r := range cells.grounds(max(1, dpi/6/cells.size)) {
		if r.Dx() >= dpi/4 && r.Dy() >= dpi/12 && r.Dy() <= dpi && r.Dx() >= r.Dy() {
			out = append(out, r)
		}
	}
	return out
}

// shade is the share of ink in square cells of a page, and its sums.
type shade struct {
	size, w, h int
	ink        []float32
}

func newShade(g *image.Gray, size int) *shade {
	b := g.Bounds()
	s := &shade{size: size, w: b.Dx() / size, h: b.Dy() / size}
	s.ink = make([]float32, s.w*s.h)
	for y := range s.h * size {
		row := s.ink[y/size*s.w:]
		for x, v := range g.Pix[y*g.Stride : y*g.Stride+s.w*size] {
			if v < dark {
				row[x/size]++
			}
		}
	}
	for i := range s.ink {
		s.ink[i] /= float32(size * size)
	}
	return s
}

// grounds gathers the cells that are more ink than paper over reach cells to
// either side into rectangles of pixels.
func (s *shade) grounds(reach int) []image.Rectangle {
	mark := make([]bool, len(s.ink))
	for y := range s.h {
		row, sum := s.ink[y*s.w:(y+1)*s.w], float32(0)
		for x := -reach; x < s.w; x++ {
			if x+reach < s.w {
				sum += row[x+reach]
			}
			if x-reach-1 >= 0 {
				sum -= row[x-reach-1]
			}
			if x >= 0 {
				n := min(s.w-1, x+reach) - max(0, x-reach) + 1
				mark[y*s.w+x] = sum > 0.5*float32(n)
			}
		}
	}
	return s.gather(mark)
}

// gather is the bounds of each connected group of marked cells.
func (s *shade) gather(mark []bool) []image.Rectangle {
	var out []image.Rectangle
	var stack []int
	for i := range mark {
		if !mark[i] {
			continue
		}
		mark[i] = false
		stack = append(stack[:0], i)
		box := image.Rectangle{}
		for len(stack) > 0 {
			at := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			x, y := at%s.w, at/s.w
			box = box.Union(image.Rect(x, y, x+1, y+1))
			for _, d := range [4]image.Point{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
				nx, ny := x+d.X, y+d.Y
				if nx >= 0 && ny >= 0 && nx < s.w && ny < s.h && mark[ny*s.w+nx] {
					mark[ny*s.w+nx] = false
					stack = append(stack, ny*s.w+nx)
				}
			}
		}
		out = append(out, image.Rect(box.Min.X*s.size, box.Min.Y*s.size, box.Max.X*s.size, box.Max.Y*s.size))
	}
	return out
}

// turnBand inverts a band, a piece of half an inch at a time since it may lean,
// and leaves no dark edge around it.
func turnBand(g *image.Gray, r image.Rectangle, dpi int) image.Rectangle {
	r = r.Inset(-max(2, dpi/50)).Intersect(g.Bounds())
	band := image.Rectangle{}
	for x := r.Min.X; x < r.Max.X; {
		end := x + dpi/2
		if r.Max.X-end < dpi/4 {
			end = r.Max.X
		}
		piece := image.Rect(x, r.Min.Y, end, r.Max.Y)
		x = end
		band = band.Union(turnPiece(g, piece, max(2, dpi/100)))
	}
	return band
}

// turnPiece inverts the rows of a piece from its first dark one to its last and
// returns what it inverted.
func turnPiece(g *image.Gray, r image.Rectangle, edge int) image.Rectangle {
	left, right := inkedSpan(g, r)
	if right-left < edge*4 {
		return image.Rectangle{}
	}
	// The ground runs unbroken above and below the print; heavy letters don't.
	top, bottom := -1, -1
	for y := r.Min.Y; y < r.Max.Y; y++ {
		n := 0
		for _, v := range g.Pix[y*g.Stride+left : y*g.Stride+right] {
			if v < dark {
				n++
			}
		}
		if 10*n >= 9*(right-left) {
			if top < 0 {
				top = y
			}
			bottom = y + 1
		}
	}
	if bottom-top < 5*edge || !mostlyDark(g, image.Rect(left, top, right, bottom)) {
		return image.Rectangle{} // two lines, or one
	}
	for y := max(r.Min.Y, top-edge); y < min(r.Max.Y, bottom+edge); y++ {
		for x := left; x < right; x++ {
			if p := &g.Pix[y*g.Stride+x]; y < top+edge || y >= bottom-edge {
				*p = 255
			} else {
				*p = 255 - *p
			}
		}
	}
	return image.Rect(left, top, right, bottom)
}

// mostlyDark reports that more than half of r is ink.
func mostlyDark(g *image.Gray, r image.Rectangle) bool {
	n := 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for _, v := range g.Pix[y*g.Stride+r.Min.X : y*g.Stride+r.Max.X] {
			if v < dark {
				n++
			}
		}
	}
	return 2*n > r.Dx()*r.Dy()
}

// inkedSpan is the columns of r, from the first mostly dark one to the last.
func inkedSpan(g *image.Gray, r image.Rectangle) (left, right int) {
	left, right = r.Max.X, r.Min.X
	for x := r.Min.X; x < r.Max.X; x++ {
		n := 0
		for y := r.Min.Y; y < r.Max.Y; y++ {
			if g.Pix[y*g.Stride+x] < dark {
				n++
			}
		}
		if 2*n >= r.Dy() {
			left, right = min(left, x), max(right, x+1)
		}
	}
	return left, right
}
