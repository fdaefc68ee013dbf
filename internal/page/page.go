// Package page is what the rooms before extraction say to each other: the page
// as an image made ready for reading, the words on it with their boxes, the
// rules that were drawn on it and the marks in its checkboxes.
//
// Coordinates: every image.Rectangle is in pixels of Page.Image, origin top
// left, Max exclusive. Page.Image is upright and deskewed; Page.ToSource maps a
// box back onto the page as a viewer shows the original file, in fractions of
// its width and height, so that evidence always points at the ink.
//
// The package holds data only; it reads nothing and decides nothing.
package page

import (
	"image"
	"math"
)

// Page is one page of one file.
type Page struct {
	// Number is the 1-based position of the page in its file.
	Number int
	// Image is the grey page made ready for OCR: upright, deskewed, its
	// background evened out, rules removed. Nil where Words came from a
	// trustworthy text layer and nothing needed a picture.
	Image *image.Gray
	// Ruled is the same page with its rules and boxes still drawn, for
	// checkboxes and snippets. It has the bounds of Image.
	Ruled *image.Gray
	// DPI is the resolution of Image in pixels per inch of paper.
	DPI int
	// Words are in no particular order; layout sorts them.
	Words []Word
	// Rules are the straight lines that were drawn on the page.
	Rules []Rule
	// Marks are the checkboxes and radio buttons found on the page.
	Marks []Mark
	// Leaders are the rows of dots that led from a label to its value; they are
	// wiped from Image.
	Leaders []image.Rectangle
	// ToSource maps pixels of Image to fractions (0..1) of the page as shown.
	ToSource Affine
	// Blank is true where the page carries no ink worth reading.
	Blank bool
	// TextLayer is true where Words came from the file's own text.
	TextLayer bool
	// Notes say, for people, what was done to or found on the page, such as
	// "turned 180°" or "handwriting". They never hold text read from it.
	Notes []string
}

// Word is one word as read.
type Word struct {
	// Text is empty for ink that looks like print and could not be read: what
	// stands next to it may be less than is printed.
	Text string
	Box  image.Rectangle
	// Conf is the probability, 0..1, that Text is what is printed, calibrated
	// by the engine that read it.
	Conf float64
	// Alternatives are other readings, likeliest first, often none; of unread ink
	// they are what it may say, hardly better than guesses.
	Alternatives []string
	// Stroke is the mean thickness of the word's strokes as a share of the height
	// of its capitals, 0 where not measured: bold print has more. See
	// layout.Strokes.
	Stroke float64
}

// Rule is a straight drawn line; Box is its extent, thickness included.
type Rule struct {
	Box      image.Rectangle
	Vertical bool
}

// Mark is a checkbox or radio button.
type Mark struct {
	Box     image.Rectangle
	Checked bool
	// Conf is the probability, 0..1, that Checked is right.
	Conf float64
}

// Point is a position in fractions of a source page, origin top left.
type Point struct{ X, Y float64 }

// Affine maps (x, y) to (A·x + B·y + C, D·x + E·y + F).
type Affine struct{ A, B, C, D, E, F float64 }

// Scale returns the map of a w×h pixel image onto the unit square.
func Scale(w, h int) Affine { return Affine{A: 1 / float64(w), E: 1 / float64(h)} }

// Apply maps one point.
func (m Affine) Apply(x, y float64) Point {
	return Point{m.A*x + m.B*y + m.C, m.D*x + m.E*y + m.F}
}

// Then returns the map that applies m first and n after it.
func (m Affine) Then(n Affine) Affine {
	return Affine{
		A: n.A*m.A + n.B*m.D, B: n.A*m.B + n.B*m.E, C: n.A*m.C + n.B*m.F + n.C,
		D: n.D*m.A + n.E*m.D, E: n.D*m.B + n.E*m.E, F: n.D*m.C + n.E*m.F + n.F,
	}
}

// Quad maps a box to its four corners on the source page, clockwise from the
// box's top left, clamped to the page.
func (m Affine) Quad(r image.Rectangle) [4]Point {
	x0, y0, x1, y1 := float64(r.Min.X), float64(r.Min.Y), float64(r.Max.X), float64(r.Max.Y)
	q := [4]Point{m.Apply(x0, y0), m.Apply(x1, y0), m.Apply(x1, y1), m.Apply(x0, y1)}
	for i := range q {
		q[i].X = math.Min(1, math.Max(0, q[i].X))
		q[i].Y = math.Min(1, math.Max(0, q[i].Y))
	}
	return q
}

// Note adds a remark once.
func (p *Page) Note(text string) {
	for _, n := range p.Notes {
		if n == text {
			return
		}
	}
	p.Notes = append(p.Notes, text)
}
