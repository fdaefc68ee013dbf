package layout

import (
	"image"
	"sort"

	"github.com/paperchart/paperchart/internal/page"
)

// sheet is one page while it is being arranged.
type sheet struct {
	src *page.Page
	measure
	space       float64 // usual white space between words, in pixels
	rows        []row
	horizontals []image.Rectangle
	verticals   []image.Rectangle
	baselines   []image.Rectangle // horizontals that no vertical meets
	grids       []*grid           // tables found, each a block of the page
	boxes       []box             // drawn boxes that hold a label and its value
	out         *Page
	usual       float64         // stroke of the page's text, -1 where unknown, see bold
	flow        []part          // lines and tables in reading order
	twins       map[*sheet]bool // pages that are this one again
	rights      map[int]float64 // right edges of columns
	labels      map[string]int  // how often a label begins a line
	asked       map[[2]int]bool // words that ask for a checkbox
	ticked      map[[2]int]bool // words that label checkboxes
}

// grid is a table and the print it was made of.
type grid struct {
	table Table
	segs  []*seg // row by row
}

// part is a line or a table on its way into a section.
type part struct {
	line  Line
	table int // index into Page.Tables where line has no words
	seg   *seg
	box   image.Rectangle // of a table
	group int             // lines of one group stand in one column
	// joined is the table of the document this one is, nil where it continues
	// one of a page before.
	joined *Table
}

// Arrange gives the words of a file's pages their places. It never fails: print
// it can make nothing of becomes lines. Words without text are dropped; every
// other word of a page is in exactly one of its Lines, Banner or Fax.
func Arrange(pages []*page.Page) *Document {
	sheets := make([]*sheet, 0, len(pages))
	for _, p := range pages {
		if p != nil {
			sheets = append(sheets, newSheet(p))
		}
	}
	banners := findBanners(sheets)
	doc := &Document{}
	for i, s := range sheets {
		s.arrange(banners[i])
		doc.Pages = append(doc.Pages, s.out)
	}
	joinTables(sheets)
	doc.Sections = sections(sheets)
	return doc
}

func newSheet(p *page.Page) *sheet {
	words := append(cleanWords(p.Words), leaders(p)...)
	s := &sheet{src: p, measure: measureWords(words), out: &Page{Page: p}}
	for _, r := range p.Rules {
		if b := r.Box.Canon(); r.Vertical {
			s.verticals = append(s.verticals, b)
		} else {
			s.horizontals = append(s.horizontals, b)
		}
	}
	s.rows = gatherRows(words, s.measure)
	for i := range s.rows {
		s.splitRow(&s.rows[i], i)
	}
	s.space = s.medianSpace()
	return s
}

// leaders are the page's rows of dots as the words a text layer has for them.
func leaders(p *page.Page) []page.Word {
	var out []page.Word
	for _, r := range p.Leaders {
		out = append(out, page.Word{Text: ".....", Box: r.Canon(), Conf: 1})
	}
	return out
}

func (s *sheet) arrange(banner map[int]bool) {
	fax := s.faxRows()
	for i := range s.rows {
		if !banner[i] {
			continue
		}
		to := &s.out.Banner
		if fax[i] {
			to = &s.out.Fax
		}
		for _, g := range s.rows[i].segs {
			g.taken, g.aside = true, !fax[i]
			*to = append(*to, s.line(g))
		}
	}
	s.lattices()
	s.streams()
	s.read()
	s.headings()
	s.out.Choices = s.choices()
	s.out.Pairs = s.pairs()
}

func (s *sheet) line(g *seg) Line {
	return Line{Page: s.src.Number, Words: g.words, Box: g.box}
}

func (s *sheet) cell(words []page.Word) Cell {
	return Cell{Page: s.src.Number, Words: words, Box: Bounds(words)}
}

// free are the segs of a row that no table holds yet, specks left out.
func (s *sheet) free(row int) []*seg {
	var out []*seg
	for _, g := range s.rows[row].segs {
		if !g.taken && !g.speck() {
			out = append(out, g)
		}
	}
	return out
}

// read puts the page's lines and tables in reading order.
func (s *sheet) read() {
	var items []*item
	for i := range s.rows {
		for _, g := range s.free(i) {
			if g.form == 0 {
				items = append(items, &item{box: g.box, segs: []*seg{g}, row: i})
			}
		}
	}
	for _, b := range s.boxes {
		if segs := b.untaken(); b.form && len(segs) > 0 { // a table may have taken some
			items = append(items, &item{box: b.rect, segs: segs, row: segs[0].row})
		}
	}
	for _, g := range s.grids {
		items = append(items, &item{box: g.table.Box, grid: g, row: g.segs[0].row})
	}
	for _, it := range s.order(items) {
		if it.grid != nil {
			s.readTable(it.grid, it.group)
			continue
		}
		for _, g := range it.segs {
			l := s.line(g)
			s.out.Lines = append(s.out.Lines, l)
			s.flow = append(s.flow, part{line: l, seg: g, table: -1, group: it.group})
		}
	}
	s.sweep()
}

func (s *sheet) readTable(g *grid, group int) {
	sort.SliceStable(g.segs, func(i, j int) bool { return g.segs[i].row < g.segs[j].row })
	for _, sg := range g.segs {
		s.out.Lines = append(s.out.Lines, s.line(sg))
	}
	s.flow = append(s.flow, part{table: len(s.out.Tables), box: g.table.Box, group: group})
	s.out.Tables = append(s.out.Tables, g.table)
}

// sweep adds the specks to the lines, after all else.
func (s *sheet) sweep() {
	for _, r := range s.rows {
		for _, g := range r.segs {
			if !g.taken && g.speck() {
				s.out.Lines = append(s.out.Lines, s.line(g))
			}
		}
	}
}
