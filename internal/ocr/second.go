package ocr

import (
	"context"
	"image"
	"image/color"
	"image/draw"
	"strings"
	"unicode"

	xdraw "golang.org/x/image/draw"

	"github.com/paperchart/paperchart/internal/page"
)

// Two things are read again, all in one run of the program, because starting it
// costs as much as a dozen lines. Page segmentation loses words: a number between
// two labels, a line in a box, a table's last column; so the ink that no word
// covers is read. And numbers that are not quite sure are read enlarged (see
// numbers.go). Each goes on a line of its own of a sheet put together for this.

// strip is a piece of the page on the sheet.
type strip struct {
	from, to image.Rectangle
	// ink is what no word covers, without the margin of from.
	ink image.Rectangle
	// word is the number to be read again, -1 for ink that no word covers.
	word int
}

const (
	stripMargin = 30
	stripGap    = 40
)

// readAgain finds missed words and mends the confidence of unsure numbers. What
// it cannot read either it returns as words without text.
func (t *Tesseract) readAgain(ctx context.Context, p *page.Page, words []page.Word) (all, unread []page.Word, err error) {
	var strips []strip
	for _, i := range unsureNumbers(words) {
		r := words[i].Box
		strips = append(strips, strip{from: r.Inset(-max(2, r.Dy()/6)).Intersect(p.Image.Rect), word: i})
	}
	for _, r := range leftover(p, words) {
		strips = append(strips, strip{from: r.Inset(-p.DPI / 50).Intersect(p.Image.Rect), ink: r, word: -1})
	}
	if len(strips) == 0 {
		return words, nil, nil
	}
	out, err := t.run(ctx, layOut(p, words, strips), 300, "--psm", "6", "tsv")
	if err != nil {
		return nil, nil, err
	}
	again := make([][]page.Word, len(strips))
	for _, w := range parseTSV(out, 0) {
		mid := (w.Box.Min.Y + w.Box.Max.Y) / 2
		for n, s := range strips {
			if mid >= s.to.Min.Y-stripGap/2 && mid < s.to.Max.Y+stripGap/2 {
				if s.word < 0 || w.Conf >= calibrate(leastFirst) {
					again[n] = append(again[n], w)
				}
			}
		}
	}
	known := len(words)
	for n, s := range strips {
		if s.word >= 0 {
			weigh(&words[s.word], again[n])
			continue
		}
		was := len(words)
		for _, w := range again[n] {
			w.Box = s.back(w.Box)
			if w.Conf >= leastSecond && wordlike(w.Text) && !covered(w.Box, words[:known]) {
				words = append(words, w)
			}
		}
		if len(words) == was {
			unread = append(unread, page.Word{Box: s.ink, Alternatives: guess(again[n])})
		}
	}
	return words, unread, nil
}

// guess is what unread ink may say, for whoever knows what could stand there.
func guess(words []page.Word) []string {
	var b []string
	for _, w := range words {
		if wordlike(w.Text) {
			b = append(b, w.Text)
		}
	}
	if len(b) == 0 {
		return nil
	}
	return []string{strings.Join(b, " ")}
}

// layOut draws the strips one below the other: numbers as high as tesseract
// likes them, the rest as at 300 dpi.
func layOut(p *page.Page, words []page.Word, strips []strip) *image.Gray {
	width, y := 0, stripMargin
	for n := range strips {
		s := &strips[n]
		scale := max(1, 300/float64(max(1, p.DPI)))
		if s.word >= 0 {
			scale = numberHeight / float64(max(1, words[s.word].Box.Dy()))
		}
		w, h := int(float64(s.from.Dx())*scale+0.5), int(float64(s.from.Dy())*scale+0.5)
		s.to = image.Rect(stripMargin, y, stripMargin+w, y+h)
		width = max(width, w)
		y += h + stripGap
	}
	sheet := image.NewGray(image.Rect(0, 0, width+2*stripMargin, y+stripMargin))
	draw.Draw(sheet, sheet.Bounds(), image.White, image.Point{}, draw.Src)
	for _, s := range strips {
		xdraw.CatmullRom.Scale(sheet, s.to, unruled(p, s.from), s.from, xdraw.Src, nil)
	}
	return sheet
}

// unruled is the part of the page in r without the lines that run through it: a
// cell's border beside a short number is taken for a sign of it.
func unruled(p *page.Page, r image.Rectangle) *image.Gray {
	out := image.NewGray(r)
	draw.Draw(out, r, p.Image, r.Min, draw.Src)
	for _, l := range p.Rules {
		if in := l.Box.Inset(-2).Intersect(r); !in.Empty() {
			wipe(out, in, l.Vertical)
		}
	}
	whiten(out)
	return out
}

// whiten makes the paper of a strip as white as the sheet, so that its edges are
// not read as strokes.
func whiten(g *image.Gray) {
	for i, v := range g.Pix {
		g.Pix[i] = uint8(min(255, int(v)*255/245))
	}
}

// wipe paints white the columns (rows where not vertical) of in that are inked
// along most of g: the line itself, which may lean within its box, and not the
// letter that touches it.
func wipe(g *image.Gray, in image.Rectangle, vertical bool) {
	from, to, a, b := in.Min.X, in.Max.X, g.Rect.Min.Y, g.Rect.Max.Y
	at := g.GrayAt
	if !vertical {
		from, to, a, b = in.Min.Y, in.Max.Y, g.Rect.Min.X, g.Rect.Max.X
		at = func(x, y int) color.Gray { return g.GrayAt(y, x) }
	}
	for i := from; i < to; i++ {
		ink := 0
		for j := a; j < b; j++ {
			if at(i, j).Y < 200 {
				ink++
			}
		}
		if 3*ink < 2*(b-a) {
			continue
		}
		line := image.Rect(i, a, i+1, b)
		if !vertical {
			line = image.Rect(a, i, b, i+1)
		}
		draw.Draw(g, line, image.White, image.Point{}, draw.Src)
	}
}

// back takes a box on the sheet to where it is on the page.
func (s strip) back(r image.Rectangle) image.Rectangle {
	x := func(v int) int { return s.from.Min.X + (v-s.to.Min.X)*s.from.Dx()/max(1, s.to.Dx()) }
	y := func(v int) int { return s.from.Min.Y + (v-s.to.Min.Y)*s.from.Dy()/max(1, s.to.Dy()) }
	return image.Rect(x(r.Min.X), y(r.Min.Y), x(r.Max.X), y(r.Max.Y)).Intersect(s.from)
}

// leastSecond is the confidence below which a word of the second look is more
// likely dirt.
const leastSecond = 0.6

func wordlike(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) >= 0
}

// covered reports that a third of r lies on a word.
func covered(r image.Rectangle, words []page.Word) bool {
	for _, w := range words {
		if in := w.Box.Intersect(r); 3*in.Dx()*in.Dy() > r.Dx()*r.Dy() {
			return true
		}
	}
	return false
}

// leftover finds patches of ink, of a word's height, that no word, rule or
// checkbox accounts for.
func leftover(p *page.Page, words []page.Word) []image.Rectangle {
	g := newGrid(p.Image, max(4, p.DPI/40))
	for _, w := range words {
		g.clear(w.Box.Inset(-2))
	}
	for _, r := range p.Rules {
		g.clear(r.Box.Inset(-max(3, p.DPI/60)))
	}
	for _, m := range p.Marks {
		g.clear(m.Box.Inset(-m.Box.Dx() / 3))
	}
	var out []image.Rectangle
	area := 0
	for _, r := range g.patches(max(1, p.DPI/12/g.cell)) {
		if r.Dy() < p.DPI/25 || r.Dy() > p.DPI/3 || r.Dx() < p.DPI/25 {
			continue
		}
		if ink := g.share(r); ink < 0.05 || ink > 0.75 {
			continue
		}
		out = append(out, r)
		area += r.Dx() * r.Dy()
	}
	if len(out) > 400 || 3*area > p.Image.Rect.Dx()*p.Image.Rect.Dy() {
		return nil // a picture
	}
	return out
}

// grid counts the ink of a page in square cells.
type grid struct {
	cell, w, h int
	ink        []int32
}

func newGrid(g *image.Gray, cell int) *grid {
	b := g.Bounds()
	out := &grid{cell: cell, w: (b.Dx() + cell - 1) / cell, h: (b.Dy() + cell - 1) / cell}
	out.ink = make([]int32, out.w*out.h)
	for y := range b.Dy() {
		row := out.ink[y/cell*out.w:]
		for x, v := range g.Pix[y*g.Stride : y*g.Stride+b.Dx()] {
			if v < 128 {
				row[x/cell]++
			}
		}
	}
	return out
}

func (g *grid) clear(r image.Rectangle) {
	r = r.Intersect(image.Rect(0, 0, g.w*g.cell, g.h*g.cell))
	if r.Empty() {
		return
	}
	for y := r.Min.Y / g.cell; y <= (r.Max.Y-1)/g.cell; y++ {
		clear(g.ink[y*g.w+r.Min.X/g.cell : y*g.w+(r.Max.X-1)/g.cell+1])
	}
}

// share is the part of r's pixels that is ink.
func (g *grid) share(r image.Rectangle) float64 {
	sum := int32(0)
	for y := r.Min.Y / g.cell; y < min(g.h, r.Max.Y/g.cell); y++ {
		for x := r.Min.X / g.cell; x < min(g.w, r.Max.X/g.cell); x++ {
			sum += g.ink[y*g.w+x]
		}
	}
	return float64(sum) / float64(max(1, r.Dx()*r.Dy()))
}

// patches gathers inked cells that touch, or are at most reach cells apart on a
// line, into rectangles of pixels.
func (g *grid) patches(reach int) []image.Rectangle {
	seen := make([]bool, len(g.ink))
	var out []image.Rectangle
	var stack []image.Point
	for i := range g.ink {
		if seen[i] || g.ink[i] == 0 {
			continue
		}
		seen[i] = true
		stack = append(stack[:0], image.Pt(i%g.w, i/g.w))
		box := image.Rectangle{}
		for len(stack) > 0 {
			at := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			box = box.Union(image.Rect(at.X, at.Y, at.X+1, at.Y+1))
			for y := max(0, at.Y-1); y <= min(g.h-1, at.Y+1); y++ {
				for x := max(0, at.X-reach); x <= min(g.w-1, at.X+reach); x++ {
					if j := y*g.w + x; !seen[j] && g.ink[j] > 0 {
						seen[j] = true
						stack = append(stack, image.Pt(x, y))
					}
				}
			}
		}
		out = append(out, image.Rect(box.Min.X*g.cell, box.Min.Y*g.cell, box.Max.X*g.cell, box.Max.Y*g.cell))
	}
	return out
}
