// Package layout gives the words of a page their places in a document: lines in
// reading order, sections by their headings, tables, label–value pairs and
// checkboxes with their labels. It knows how paper is arranged and nothing of
// what a field is called; extract decides what a label means.
//
// A word may stand in a line and in a pair or a cell as well: these are views of
// the same ink, and (page, box) is a word's identity.
package layout

import (
	"image"
	"strings"

	"github.com/paperchart/paperchart/internal/page"
)

// Document is all pages of a file, arranged.
type Document struct {
	Pages []*Page
	// Sections cover Pages in reading order and run on over page breaks. The
	// first has no heading where text stands before the first one.
	Sections []Section
}

// Page is one page, arranged.
type Page struct {
	*page.Page
	// Lines are the text lines in reading order, columns one after another.
	Lines []Line
	// Banner holds running headers and footers and stamps; they are not in
	// Lines.
	Banner []Line
	// Fax holds what fax machines print at the edges of a page. It is of the
	// transmission and says nothing of the paper, its page count neither.
	Fax    []Line
	Tables []Table
	Pairs  []Pair
	// Choices are checkboxes with their labels.
	Choices []Choice
}

// Line is a run of words on one baseline without a gap wide enough to be a
// column; a line of print with two columns is two Lines.
type Line struct {
	// Page is 1-based, as in page.Page.Number.
	Page  int
	Words []page.Word
	Box   image.Rectangle
	// Heading is true where the line titles what follows.
	Heading bool
	// Wraps is true where the line goes on with the sentence or list item of
	// the line before it in its block.
	Wraps bool
}

// Cell is the content of one table cell or one value, perhaps wrapped over
// several lines.
type Cell struct {
	Page  int
	Words []page.Word
	Box   image.Rectangle
}

// Table is a ruled or unruled table. One that goes on over a page break is one
// Table; its cells carry their pages.
type Table struct {
	Page int
	Box  image.Rectangle
	// Header has one cell a column; empty where the table has no header row.
	Header []Cell
	// Rows have as many cells as the table has columns; empty cells have no
	// words. A row with one filled cell across the table is in it as such.
	Rows  [][]Cell
	Ruled bool
}

// Where says how a value stands to its label.
type Where uint8

// The places of a value.
const (
	Beside Where = iota // right of the label on its line
	Below               // under the label, or under it in the same box
	Above               // over a caption
)

// Pair is a label with its value.
type Pair struct {
	Label Cell
	Value Cell
	Where Where
	// Score, 0..1, says how surely the two belong together.
	Score float64
}

// Choice is a checkbox with its label, and the question it answers if one
// stands before a group of boxes.
type Choice struct {
	Page     int
	Mark     page.Mark
	Label    Cell
	Question Cell
}

// Section is a heading and what stands under it, to the next heading.
type Section struct {
	// Heading is empty for what stands before the first heading. For an inline
	// heading ("ALLERGIES: Penicillin") it holds the label alone, and the rest of
	// the printed line is the first line of the first block; Page.Lines keep the
	// line whole, and the same ink is a Pair too.
	Heading Line
	// Inline is true for a heading that shares its line with its content. It is
	// found generously: one that names no section a reader knows ("NAME: …") is
	// a label, and its blocks belong to the section before it.
	Inline bool
	Blocks []Block
}

// Block is a paragraph (Lines) or a table, whichever is set.
type Block struct {
	Lines []Line
	Table *Table
}

// Text returns words joined by single spaces.
func Text(words []page.Word) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.Text)
	}
	return b.String()
}

// Text returns the line as printed.
func (l Line) Text() string { return Text(l.Words) }

// Text returns the cell as printed, its lines joined by spaces.
func (c Cell) Text() string { return Text(c.Words) }

// Bounds returns the box around words, empty for none.
func Bounds(words []page.Word) image.Rectangle {
	var r image.Rectangle
	for _, w := range words {
		r = r.Union(w.Box)
	}
	return r
}
