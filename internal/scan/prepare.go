package scan

import (
	"context"
	"fmt"
	"image"
	"math"

	"golang.org/x/image/draw"

	"github.com/paperchart/paperchart/internal/page"
)

// prepare makes a page ready for reading, a step at a time.
func (s *Scanner) prepare(ctx context.Context, number int, raw *image.Gray, res int) (*page.Page, error) {
	b := raw.Bounds()
	p := &page.Page{Number: number, DPI: res, ToSource: page.Scale(b.Dx(), b.Dy())}
	p.Image = flatten(enlarge(p, raw))
	ink := findInk(p.Image)
	if p.Blank = isBlank(ink, p.DPI); p.Blank {
		p.Note("blank page")
		p.Ruled = p.Image
		return p, nil
	}
	if err := s.upright(ctx, p, ink); err != nil {
		return nil, err
	}
	if angle := skew(p.Image, findInkIfTurned(p, ink), p.DPI); math.Abs(angle) > 0.1*math.Pi/180 {
		straight, back := straighten(p.Image, angle)
		p.Image, p.ToSource = straight, back.Then(p.ToSource)
		p.Note(fmt.Sprintf("straightened by %.1f°", angle*180/math.Pi))
	}
	tidy(p)
	return p, nil
}

// findInkIfTurned is the ink of the page as it is now.
func findInkIfTurned(p *page.Page, ink *inkMap) *inkMap {
	if p.Image.Bounds() == ink.bounds && !ink.stale {
		return ink
	}
	return findInk(p.Image)
}

// enlarge brings a coarse page near the resolution that recognition wants.
func enlarge(p *page.Page, g *image.Gray) *image.Gray {
	if p.DPI >= 200 || p.DPI < 30 {
		return g
	}
	k := min(3, (dpi+p.DPI/2)/p.DPI)
	b := g.Bounds()
	out := image.NewGray(image.Rect(0, 0, b.Dx()*k, b.Dy()*k))
	draw.CatmullRom.Scale(out, out.Bounds(), g, b, draw.Src, nil)
	p.DPI *= k
	p.ToSource = page.Scale(out.Bounds().Dx(), out.Bounds().Dy())
	p.Note("low resolution")
	return out
}

// isBlank reports that there are too few shapes of a letter's size for a word.
func isBlank(ink *inkMap, dpi int) bool {
	n := 0
	for i := range ink.blobs {
		if isLetter(&ink.blobs[i], dpi) {
			n++
		}
	}
	return n < 3
}

// Orienter tells by how many degrees (0, 90, 180, 270) a page must be turned
// clockwise to be upright, and how sure it is; 2 and more can be relied on.
type Orienter interface {
	Orientation(ctx context.Context, g *image.Gray, dpi int) (degrees int, confidence float64, err error)
}

// upright turns the page so that its text stands upright. The shapes of the
// letters mostly tell; where they don't, the Orienter is asked.
func (s *Scanner) upright(ctx context.Context, p *page.Page, ink *inkMap) error {
	degrees, sure := stand(ink.letters(p.DPI), ink.bounds, p.DPI)
	if !sure && s.Orienter != nil {
		other, confidence, err := s.Orienter.Orientation(ctx, p.Image, p.DPI)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil && confidence >= 2 {
			degrees, sure = other, true
		}
	}
	if !sure && degrees%180 == 0 {
		degrees = 0 // paper mostly lies as it should
	}
	if degrees != 0 {
		turnedImage, back := turn(p.Image, degrees)
		p.Image, p.ToSource, ink.stale = turnedImage, back.Then(p.ToSource), true
		p.Note(fmt.Sprintf("turned %d°", degrees))
	}
	return nil
}

// tidy finds what is drawn on a straight page and leaves only its text in Image.
func tidy(p *page.Page) {
	ink := findInk(p.Image)
	p.Leaders = findLeaders(p.Image, ink, p.DPI)
	for _, note := range clean(p.Image, ink, p.DPI) {
		p.Note(note)
	}
	p.Ruled = p.Image
	draws(p, ink)
}

// draws fills Rules, Marks and Leaders from Ruled and takes marks and leaders out
// of Image, where light print on dark ground becomes dark on light. The rules stay
// in it: a first way of wiping them cost more words than it won.
func draws(p *page.Page, ink *inkMap) {
	p.Rules = findRules(p.Ruled, p.DPI)
	var areas []image.Rectangle
	p.Marks, areas = findMarks(p.Ruled, ink, p.DPI)
	p.Image = cloneGray(p.Ruled)
	for _, band := range unreverse(p.Image, p.DPI) {
		p.Rules = append(p.Rules, edges(band)...)
	}
	for _, a := range areas {
		draw.Draw(p.Image, a.Inset(-2), image.White, image.Point{}, draw.Src)
	}
	for _, l := range p.Leaders {
		draw.Draw(p.Image, l.Inset(-1), image.White, image.Point{}, draw.Src)
	}
}
