// Package paper makes scanned paper: it draws pages as an office printer would,
// damages them as a scanner, a copier or a fax machine would, and writes them as
// image-only PDFs. Every value that is drawn is remembered with the field it
// belongs to and the place of its ink, so the truth that goes with a scan is a
// by-product of drawing it and cannot disagree with it.
//
// Coordinates: drawing is in points (1/72 inch) from the top left of the sheet,
// text is placed by its baseline. Places in Truth are fractions of the page as a
// viewer shows the finished scan, damage included.
//
// Everything is a function of its inputs and a seed; nothing reads the clock.
package paper

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"slices"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
)

// The size of a US Letter sheet in points.
const (
	Width  = 612.0
	Height = 792.0
)

// drawDPI is the resolution of the undamaged sheet.
const drawDPI = 300

const dot = drawDPI / 72.0

// Box is an upright rectangle in points.
type Box struct{ X0, Y0, X1, Y1 float64 }

func (b Box) union(o Box) Box {
	if b == (Box{}) {
		return o
	}
	return Box{math.Min(b.X0, o.X0), math.Min(b.Y0, o.Y0), math.Max(b.X1, o.X1), math.Max(b.Y1, o.Y1)}
}

// Word is a printed word with the place of its ink.
type Word struct {
	Text string
	Box  Box
}

// Rule is a straight line as drawn.
type Rule struct {
	Box      Box
	Vertical bool
}

// Mark is a checkbox as drawn.
type Mark struct {
	Box     Box
	Checked bool
}

// Doc is a document being drawn.
type Doc struct {
	Sheets []*Sheet
	fonts  *Fonts
	// subject is the index of the patient whose record is being drawn.
	subject int
	ink     []ink
	implied []ink
	region  *region
}

// NewDoc starts an empty document.
func NewDoc(fonts *Fonts) *Doc { return &Doc{fonts: fonts} }

// Subject says that what is drawn from now on is of the i-th patient, from 0.
func (d *Doc) Subject(i int) { d.subject = i }

// Share says that the fields whose keys begin with one of prefixes, as they stand on
// sheet already, are those of the current patient too: the head of a page of several.
func (d *Doc) Share(sheet int, prefixes ...string) {
	for _, k := range slices.Clone(d.ink) {
		shared := slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(k.key, p) })
		seen := slices.ContainsFunc(d.ink, func(o ink) bool { return o.key == k.key && o.subject == d.subject && o.box == k.box })
		if k.page == sheet && shared && !seen {
			k.subject = d.subject
			d.ink = append(d.ink, k)
		}
	}
}

// Sheet is one page being drawn.
type Sheet struct {
	// Number is the 1-based position of the sheet in its document.
	Number int
	// Words are all words in the order of drawing.
	Words []Word
	// Rules are the straight lines, Marks the checkboxes that were drawn.
	Rules []Rule
	Marks []Mark
	doc   *Doc
	img   *image.Gray
}

// Page adds a white sheet.
func (d *Doc) Page() *Sheet {
	s := &Sheet{Number: len(d.Sheets) + 1, doc: d,
		img: image.NewGray(image.Rect(0, 0, Width*dot, Height*dot))}
	draw.Draw(s.img, s.img.Bounds(), image.White, image.Point{}, draw.Src)
	d.Sheets = append(d.Sheets, s)
	return s
}

// Image returns the sheet as drawn so far, at 300 pixels per inch.
func (s *Sheet) Image() *image.Gray { return s.img }

// Text draws markup with its baseline starting at (x, y) and returns where it
// ends. See Parse for the markup.
func (s *Sheet) Text(x, y float64, st Style, markup string) float64 {
	return s.spans(x, y, st, Parse(markup))
}

// Right draws markup so that it ends at x.
func (s *Sheet) Right(x, y float64, st Style, markup string) {
	spans := Parse(markup)
	s.spans(x-s.measure(st, spans), y, st, spans)
}

// Center draws markup centred on x.
func (s *Sheet) Center(x, y float64, st Style, markup string) {
	spans := Parse(markup)
	s.spans(x-s.measure(st, spans)/2, y, st, spans)
}

// Measure returns the width of markup in points.
func (s *Sheet) Measure(st Style, markup string) float64 { return s.measure(st, Parse(markup)) }

func (s *Sheet) measure(st Style, spans []Span) float64 {
	var w float64
	for _, sp := range spans {
		w += s.width(st.with(sp), sp.Text)
	}
	return w
}

func (s *Sheet) width(st Style, text string) float64 {
	return float64(font.MeasureString(s.doc.fonts.face(st), text)) / 64 / dot
}

func (s *Sheet) spans(x, y float64, st Style, spans []Span) float64 {
	joined := false
	for _, sp := range spans {
		x, joined = s.span(x, y, st.with(sp), sp, joined)
	}
	return x
}

// span draws one span word by word; joined says whether its first word goes on
// where the word before ended.
func (s *Sheet) span(x, y float64, st Style, sp Span, joined bool) (float64, bool) {
	space := s.width(st, " ")
	var all Box
	began := joined && !strings.HasPrefix(sp.Text, " ")
	for i, tok := range splitSpaces(sp.Text) {
		if i > 0 {
			x, joined = x+space, false
		}
		if tok == "" {
			joined = false
			continue
		}
		b := s.glyphs(x, y, st, tok)
		all = all.union(b)
		if n := len(s.Words); joined && n > 0 {
			s.Words[n-1].Text += tok
			s.Words[n-1].Box = s.Words[n-1].Box.union(b)
		} else {
			s.Words = append(s.Words, Word{tok, b})
		}
		x, joined = x+s.width(st, tok), true
	}
	s.doc.region.add(s.Number, strings.Fields(sp.Text), began, all)
	if len(sp.Keys) > 0 {
		s.doc.note(s.Number, sp, all)
	}
	return x, joined
}

// glyphs draws one word and returns the box of its ink.
func (s *Sheet) glyphs(x, y float64, st Style, text string) Box {
	d := font.Drawer{Dst: s.img, Src: image.NewUniform(color.Gray{st.Gray}), Face: s.doc.fonts.face(st),
		Dot: fixed.Point26_6{X: fixed.Int26_6(x * dot * 64), Y: fixed.Int26_6(y * dot * 64)}}
	b, _ := d.BoundString(text)
	d.DrawString(text)
	f := func(v fixed.Int26_6) float64 { return float64(v) / 64 / dot }
	return Box{f(b.Min.X), f(b.Min.Y), f(b.Max.X), f(b.Max.Y)}
}

// Fill paints a box in a grey level, 0 black.
func (s *Sheet) Fill(b Box, gray uint8) {
	r := image.Rect(px(b.X0), px(b.Y0), px(b.X1), px(b.Y1))
	draw.Draw(s.img, r, image.NewUniform(color.Gray{gray}), image.Point{}, draw.Src)
}

func px(pt float64) int { return int(math.Round(pt * dot)) }

// Rule draws a horizontal or vertical line of the given weight in points.
func (s *Sheet) Rule(x0, y0, x1, y1, weight float64) {
	h := weight / 2
	s.Rules = append(s.Rules, Rule{Box{x0 - h, y0 - h, x1 + h, y1 + h}, x1 == x0})
	s.Fill(Box{x0 - h, y0 - h, x1 + h, y1 + h}, 20)
}

// Frame draws a box's outline.
func (s *Sheet) Frame(b Box, weight float64) {
	s.Rule(b.X0, b.Y0, b.X1, b.Y0, weight)
	s.Rule(b.X0, b.Y1, b.X1, b.Y1, weight)
	s.Rule(b.X0, b.Y0, b.X0, b.Y1, weight)
	s.Rule(b.X1, b.Y0, b.X1, b.Y1, weight)
}

// Stroke draws a slanted line, as a pen does.
func (s *Sheet) Stroke(x0, y0, x1, y1, weight float64) {
	n := int(math.Hypot(x1-x0, y1-y0)*dot) + 1
	r := weight / 2
	for i := 0; i <= n; i++ {
		t := float64(i) / float64(n)
		x, y := x0+(x1-x0)*t, y0+(y1-y0)*t
		s.Fill(Box{x - r, y - r, x + r, y + r}, 30)
	}
}
