package layout

import (
	"image"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/paperchart/paperchart/internal/page"
)

func (s *sheet) flowBox(i int) image.Rectangle {
	if t := s.flow[i].table; t >= 0 {
		return s.flow[i].box
	}
	return s.flow[i].line.Box
}

// writer builds sections part by part.
type writer struct {
	out  []Section
	open bool // the last block takes further lines
}

func (w *writer) section() *Section {
	if len(w.out) == 0 {
		w.out = append(w.out, Section{})
	}
	return &w.out[len(w.out)-1]
}

func (w *writer) begin(heading Line, inline bool) {
	w.out = append(w.out, Section{Heading: heading, Inline: inline})
	w.open = false
}

func (w *writer) add(l Line) {
	if len(l.Words) == 0 {
		return
	}
	sec := w.section()
	if !w.open {
		sec.Blocks = append(sec.Blocks, Block{})
	}
	b := &sec.Blocks[len(sec.Blocks)-1]
	b.Lines = append(b.Lines, l)
	w.open = true
}

func (w *writer) addTable(t *Table) {
	sec := w.section()
	sec.Blocks = append(sec.Blocks, Block{Table: t})
	w.open = false
}

// sections runs through all pages in reading order.
func sections(sheets []*sheet) []Section {
	w := &writer{}
	for _, s := range sheets {
		s.write(w)
	}
	return w.out
}

func (s *sheet) write(w *writer) {
	capitals := s.mostlyCaps()
	for i := range s.flow {
		p := &s.flow[i]
		if p.table >= 0 {
			if t := s.flow[i].joined; t != nil {
				w.addTable(t)
			}
			continue
		}
		if i == 0 || s.breaks(i) {
			w.open = w.open && i == 0 && len(w.out) > 0 && carriesOn(w, p.line)
		}
		if p.line.Heading {
			if !w.continued(p.line) {
				w.begin(p.line, false)
			}
			continue
		}
		if n := s.inlineHeading(i, capitals); n > 0 {
			s.writeInline(w, p.line, n)
			continue
		}
		l := p.line
		l.Wraps = i > 0 && w.open && s.wrapsOn(i)
		w.add(l)
	}
}

func (s *sheet) writeInline(w *writer, l Line, n int) {
	ws := l.Words
	if k := gluedLabel(ws[n-1].Text); k > 0 {
		last := ws[n-1]
		ws = append(append(append([]page.Word(nil), ws[:n-1]...), slice(last, 0, k), slice(last, k, len(last.Text))), ws[n:]...)
	}
	head := Line{Page: l.Page, Words: ws[:n], Box: Bounds(ws[:n]), Heading: true}
	w.begin(head, true)
	w.add(Line{Page: l.Page, Words: ws[n:], Box: Bounds(ws[n:])})
}

// continued is true for the heading of the open section printed again, as after
// a page break: "MEDICATIONS (continued)".
func (w *writer) continued(l Line) bool {
	if len(w.out) == 0 {
		return false
	}
	text := strings.ToLower(l.Text())
	bare := text
	for _, c := range []string{"continued", "cont'd", "cont.", "cont"} {
		bare = strings.ReplaceAll(bare, c, "")
	}
	if bare == text {
		return false
	}
	trim := func(s string) string { return strings.Trim(s, " ():-–.") }
	return trim(bare) == trim(strings.ToLower(w.out[len(w.out)-1].Heading.Text()))
}

// carriesOn is true where the first line of a page goes on with the paragraph
// that ended the page before.
func carriesOn(w *writer, l Line) bool {
	blocks := w.section().Blocks
	if len(blocks) == 0 || len(blocks[len(blocks)-1].Lines) == 0 {
		return false
	}
	lines := blocks[len(blocks)-1].Lines
	end := lines[len(lines)-1].Text()
	r, _ := utf8.DecodeRuneInString(l.Text())
	return !strings.HasSuffix(end, ".") && unicode.IsLower(r)
}

// breaks is true where a part begins a new block: another column, or white space
// wider than between lines.
func (s *sheet) breaks(i int) bool {
	return s.flow[i-1].group != s.flow[i].group || s.flow[i-1].table >= 0 ||
		dyGap(s.flowBox(i-1), s.flowBox(i)) > 0.9*s.unit || dyGap(s.flowBox(i-1), s.flowBox(i)) < -3*s.unit
}

// wrapsOn is true where a line goes on with the one before it: it is no item or
// label itself, and the one before was full, or reads on, or it hangs under an
// item.
func (s *sheet) wrapsOn(i int) bool {
	if !s.sameGroup(i-1, i) || s.flow[i-1].line.Heading || s.besideOther(i-1) || s.besideOther(i) {
		return false
	}
	prev, l := s.flow[i-1].line, s.flow[i].line
	if f := s.flow[i].seg.form; f > 0 && (i < 2 || !s.sameGroup(i-2, i)) {
		return false // the line under a box's caption
	}
	if bullet.MatchString(l.Words[0].Text) || labelEnd(l.Words) > 0 {
		return false
	}
	hang := float64(l.Box.Min.X) - float64(prev.Box.Min.X)
	if openEnd(prev.Words) {
		return true
	}
	if bullet.MatchString(prev.Words[0].Text) && hang > s.char {
		// A line that hangs under an item may be the next item, its mark unread:
		// only a full line goes on.
		edge := s.groupRight(s.flow[i].group)
		return edge-float64(prev.Box.Max.X) < dx(l.Words[0].Box)+0.12*(edge-float64(prev.Box.Min.X))
	}
	if hang > 4*s.char || hang < -12*s.char {
		return false
	}
	run := s.runAround(i)
	if len(prev.Words) < 4 || !s.isProse(run) {
		return false
	}
	edge := s.runRight(run)
	if wide := s.groupRight(s.flow[i].group); run.to-run.from < 2 && dx(prev.Box) < 0.6*(wide-float64(prev.Box.Min.X)) {
		edge = wide // two short lines alone say nothing of the column's edge
	}
	return edge-float64(prev.Box.Max.X) < dx(l.Words[0].Box)+2*s.char
}

// run is a stretch of lines of the flow that stand close together.
type run struct{ from, to int }

// maxRun bounds the lines looked at on each side.
const maxRun = 60

func (s *sheet) runAround(i int) run {
	r := run{i, i}
	for r.from > 0 && i-r.from < maxRun && s.sameGroup(r.from-1, r.from) && !s.flow[r.from-1].line.Heading && !s.breaks(r.from) {
		r.from--
	}
	for r.to-i < maxRun && s.sameGroup(r.to, r.to+1) && !s.flow[r.to+1].line.Heading && !s.breaks(r.to+1) {
		r.to++
	}
	return r
}

func (s *sheet) runRight(r run) float64 {
	right := float64(s.flow[r.from].line.Box.Max.X)
	for k := r.from; k <= r.to; k++ {
		right = math.Max(right, float64(s.flow[k].line.Box.Max.X))
	}
	return right
}

// isProse tells text from a list without marks: text breaks a line only where
// the next word would not have fitted. Items and labels may end early.
func (s *sheet) isProse(r run) bool {
	right := s.runRight(r)
	early, pairs := 0, 0
	for k := r.from; k < r.to; k++ {
		next := s.flow[k+1].line
		if bullet.MatchString(next.Words[0].Text) || labelEnd(next.Words) > 0 {
			continue
		}
		pairs++
		if right-float64(s.flow[k].line.Box.Max.X) >= dx(next.Words[0].Box)+1.5*s.char {
			early++
		}
	}
	return early*5 <= pairs
}

// groupRight is the right edge of a column of lines.
func (s *sheet) groupRight(group int) float64 {
	if s.rights == nil {
		s.rights = map[int]float64{}
		for _, p := range s.flow {
			if b := float64(p.line.Box.Max.X); p.table < 0 && (s.rights[p.group] == 0 || b > s.rights[p.group]) {
				s.rights[p.group] = b
			}
		}
	}
	return s.rights[group]
}

// joinTables makes one table of those that go on over a page break, and gives
// every part of the flow its table.
func joinTables(sheets []*sheet) {
	var open *Table
	for n, s := range sheets {
		if n > 0 && !sameHead(sheets[n-1].out, s.out) {
			open = nil // perhaps another patient
		}
		kept := s.out.Tables[:0:0]
		where := make([]int, 0, len(s.flow))
		for i := range s.flow {
			p := &s.flow[i]
			if p.table < 0 {
				continue
			}
			t := s.out.Tables[p.table]
			if open != nil && s.startsPage(i) && sameTable(*open, t) {
				open.Rows = append(open.Rows, repeatless(*open, t)...)
				continue
			}
			where = append(where, i)
			kept = append(kept, t)
		}
		s.out.Tables = kept
		for k, i := range where {
			s.flow[i].joined = &s.out.Tables[k]
		}
		if k := len(s.flow); k > 0 {
			switch last := s.flow[k-1]; {
			case last.table < 0:
				open = nil
			case last.joined != nil:
				open = last.joined
			}
		}
	}
}

// sameHead is true where each running line of page b stands on page a too, page
// counts aside: the same digits, and hardly a letter different.
func sameHead(a, b *Page) bool {
	for _, l := range b.Banner {
		found := false
		text := headText(l)
		for _, m := range a.Banner {
			other := headText(m)
			limit := max(len(text), len(other)) / 10
			found = found || onlyDigits(text) == onlyDigits(other) && len(text) < 300 && len(other) < 300 && editDistance(text, other, limit) <= limit
		}
		if text != "" && !found {
			return false
		}
	}
	return true
}

func headText(l Line) string {
	return strings.Join(strings.Fields(strings.ToLower(pageOf.ReplaceAllString(l.Text(), ""))), "")
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// startsPage allows a heading or two before the table, as where a section's name
// is printed again.
func (s *sheet) startsPage(i int) bool {
	for k := 0; k < i; k++ {
		if s.flow[k].table >= 0 || !s.flow[k].line.Heading {
			return false
		}
	}
	return i <= 2
}

func sameTable(a, b Table) bool {
	if len(b.Rows) == 0 || len(a.Rows) == 0 || len(a.Rows[0]) != len(b.Rows[0]) || a.Ruled != b.Ruled {
		return false
	}
	return len(b.Header) == 0 || alike(shape(headerText(a)), shape(headerText(b)))
}

func headerText(t Table) string {
	var b strings.Builder
	for _, c := range t.Header {
		b.WriteString(c.Text() + "|")
	}
	return b.String()
}

// repeatless are the rows of b without a first one that repeats a's header.
func repeatless(a, b Table) [][]Cell {
	rows := b.Rows
	if len(b.Header) == 0 && len(a.Header) > 0 && alike(shape(headerText(a)), shape(headerText(Table{Header: rows[0]}))) {
		rows = rows[1:]
	}
	return rows
}
