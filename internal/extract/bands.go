package extract

import (
	"image"
	"slices"

	"github.com/paperchart/paperchart/internal/layout"
	"github.com/paperchart/paperchart/internal/page"
)

// A page may hold several people: the slips of a day sheet, the rows of a roster.
// Each of them is named in its own place, and the page is cut above these places
// into bands; each is arranged and read as a page of its own, with the head of the
// page above it.

// band is a stretch of a page that speaks of one person.
type band struct {
	// top and bottom are where the person is named, in pixels of the page.
	top, bottom int
	id          identity
}

// headShare is the share of a page's height within which the first person is
// named if what stands above is the head of all of them.
const headShare = 0.3

// cut returns a document in which every page speaks of one person, the numbers its
// pages have in the file, and which of them are doubtful: nothing parts them from
// the next person but the name. A document without shared pages comes back as it
// is, with nil.
func (e *Engine) cut(r *reader) (*layout.Document, map[int]int, doubts) {
	clues := map[int][]clue{}
	for _, c := range r.clues() {
		clues[c.page] = append(clues[c.page], c)
	}
	for _, c := range r.rosterClues() {
		clues[c.page] = append(clues[c.page], c)
	}
	var pages []*page.Page
	number, unsure := map[int]int{}, doubts{}
	for _, p := range r.doc.Pages {
		if p.Page == nil {
			return r.doc, nil, nil
		}
		parts, clear := r.slices(p, bandsOf(clues[p.Number]))
		for _, part := range parts {
			q := *part
			q.Number = len(pages) + 1
			number[q.Number] = p.Number
			if !clear {
				unsure[q.Number] = remarkTwoPatients
			}
			pages = append(pages, &q)
		}
	}
	if len(pages) == len(r.doc.Pages) {
		return r.doc, nil, nil
	}
	return layout.Arrange(pages), number, unsure
}

// bandsOf groups the clues of a page, row by row, into people. Two groups are two
// people only where they disagree in two of name, number and birth date and agree
// in none: a misread letter makes nobody.
func bandsOf(clues []clue) []band {
	slices.SortStableFunc(clues, func(a, b clue) int { return a.box.Min.Y - b.box.Min.Y })
	var rows []band
	for _, c := range clues {
		if n := len(rows) - 1; n >= 0 && 2*c.box.Min.Y < rows[n].top+rows[n].bottom {
			rows[n].id, rows[n].bottom = rows[n].id.plus(c.id), max(rows[n].bottom, c.box.Max.Y)
			continue
		}
		rows = append(rows, band{c.box.Min.Y, c.box.Max.Y, c.id})
	}
	groups := joinBands(rows, func(same, other int) bool { return other <= same })
	return joinBands(groups, func(same, other int) bool { return same > 0 || other < 2 })
}

func joinBands(in []band, one func(same, other int) bool) []band {
	var out []band
	for _, b := range in {
		if n := len(out) - 1; n >= 0 && one(compare(out[n].id, b.id)) {
			out[n].id, out[n].bottom = out[n].id.plus(b.id), b.bottom
			continue
		}
		out = append(out, b)
	}
	return out
}

// slices are the parts of a page, each of one person: the page itself where it has
// no more than one. They are clear where a rule, a gap or a table's rows part them.
func (r *reader) slices(p *layout.Page, bands []band) (parts []*page.Page, clear bool) {
	if len(bands) < 2 {
		return []*page.Page{p.Page}, true
	}
	clear = true
	lines := printOf(p)
	bands = r.unreadBands(lines, bands)
	from := make([]int, len(bands))
	for i, b := range bands {
		floor := 0
		if i > 0 {
			floor = bands[i-1].bottom
		}
		var parted bool
		from[i], parted = bandTop(p, lines, b.top, floor)
		clear = clear && (i == 0 || parted)
	}
	_, height := pageBounds(p)
	end := max(height, pageFoot(p)) + 1
	head := from[0]
	if float64(bands[0].top) > headShare*float64(height) {
		parts = append(parts, slice(p.Page, 0, from[0], 0))
		head = 0
	}
	for i := range bands {
		to := end
		if i+1 < len(bands) {
			to = from[i+1]
		}
		parts = append(parts, slice(p.Page, from[i], to, head))
	}
	return parts, clear
}

// printOf are all lines of print of a page, from the top down.
func printOf(p *layout.Page) []layout.Line {
	lines := pageLines(p)
	slices.SortStableFunc(lines, func(a, b layout.Line) int { return a.Box.Min.Y - b.Box.Min.Y })
	return lines
}

// unreadBands adds the places that ask for an identity, as those of the people on
// the page do, and whose answer cannot be read.
func (r *reader) unreadBands(lines []layout.Line, bands []band) []band {
	known := len(bands)
	for _, l := range lines {
		near := slices.ContainsFunc(bands, func(b band) bool {
			return l.Box.Max.Y > b.top-3*l.Box.Dy() && l.Box.Min.Y < b.bottom+3*l.Box.Dy()
		})
		if !near && r.asksIdentity(ofLine(l)) && l.Box.Min.Y > bands[0].top {
			bands = append(bands, band{top: l.Box.Min.Y, bottom: l.Box.Max.Y})
		}
	}
	if len(bands) > known {
		slices.SortStableFunc(bands, func(a, b band) int { return a.top - b.top })
	}
	return bands
}

// bandTop is where the band begins whose person is named at top: at the lowest wide
// rule within a few lines above it, else just above its line. It is parted from
// what is above by a rule or by more white than between other lines.
func bandTop(p *layout.Page, lines []layout.Line, top, floor int) (from int, parted bool) {
	height, left, right := 0, 1<<30, 0
	for _, l := range lines {
		left, right = min(left, l.Box.Min.X), max(right, l.Box.Max.X)
		if l.Box.Min.Y <= top && top < l.Box.Max.Y {
			height = max(height, l.Box.Dy())
			top = min(top, l.Box.Min.Y)
		}
	}
	if rule := widestAbove(p.Rules, right-left, top, max(floor, top-6*height)); rule > 0 {
		return rule, true
	}
	above := floor
	for _, l := range lines {
		if l.Box.Max.Y <= top+height/4 && l.Box.Min.Y < top {
			above = max(above, l.Box.Max.Y)
		}
	}
	return max(floor, top-height/4), 2*(top-above) > 3*usualGap(lines)
}

// usualGap is the median white between one line of print and the next, in pixels.
func usualGap(lines []layout.Line) int {
	var gaps []int
	for i := 1; i < len(lines); i++ {
		if d := lines[i].Box.Min.Y - lines[i-1].Box.Max.Y; d > 0 {
			gaps = append(gaps, d)
		}
	}
	if len(gaps) == 0 {
		return 0
	}
	slices.Sort(gaps)
	return gaps[len(gaps)/2]
}

// widestAbove is the foot of the lowest rule of at least two fifths of the width
// that lies between floor and top, 0 without one.
func widestAbove(rules []page.Rule, width, top, floor int) int {
	best := 0
	for _, r := range rules {
		if !r.Vertical && 5*r.Box.Dx() >= 2*width && r.Box.Max.Y <= top+2 && r.Box.Min.Y >= floor {
			best = max(best, r.Box.Min.Y)
		}
	}
	return best
}

// slice is what a page holds between two heights, and above head.
func slice(p *page.Page, from, to, head int) *page.Page {
	in := func(b image.Rectangle) bool {
		y := (b.Min.Y + b.Max.Y) / 2
		return y >= from && y < to || y < head
	}
	out := *p
	out.Words, out.Marks, out.Leaders, out.Rules = nil, nil, nil, nil
	for _, w := range p.Words {
		if in(w.Box) {
			out.Words = append(out.Words, w)
		}
	}
	for _, m := range p.Marks {
		if in(m.Box) {
			out.Marks = append(out.Marks, m)
		}
	}
	for _, l := range p.Leaders {
		if in(l) {
			out.Leaders = append(out.Leaders, l)
		}
	}
	for _, r := range p.Rules {
		for _, within := range [][2]int{{0, head}, {from, to}} {
			b := r.Box
			b.Min.Y, b.Max.Y = max(b.Min.Y, within[0]), min(b.Max.Y, within[1])
			if b.Min.Y < b.Max.Y {
				out.Rules = append(out.Rules, page.Rule{Box: b, Vertical: r.Vertical})
			}
		}
	}
	return &out
}

// rosterClues are what the rows of a table say of their people, where its titles
// ask for two things of an identity.
func (r *reader) rosterClues() []clue {
	var out []clue
	for _, p := range r.doc.Pages {
		for _, t := range p.Tables {
			asks := map[int]concept{}
			for j, c := range t.Header {
				if m, cl, ok := r.lex.label(ofCell(c).text, true); ok && cl > 0.9 && (identifying(m.concept) || m.concept == cName) {
					asks[j] = m.concept
				}
			}
			if len(asks) < 2 || len(t.Rows) < 2 {
				continue
			}
			for _, row := range t.Rows {
				out = append(out, r.rowClues(row, asks)...)
			}
		}
	}
	return out
}

func (r *reader) rowClues(row []layout.Cell, asks map[int]concept) []clue {
	var out []clue
	for j, c := range row {
		v := ofCell(c)
		if v.empty() {
			continue
		}
		pg, box := v.bounds()
		switch asks[j] {
		case cName, cPatientName:
			if n, _, ok := personIn(v); ok && n.Family != "" && len(n.Given) > 0 {
				out = append(out, clue{pg, box, identity{name: n, sure: true}})
			}
		case cMRN:
			if id, ok := idIn(v); ok {
				out = append(out, clue{pg, box, identity{mrn: id.text}})
			}
		case "~dob", cDOBSex:
			if d, _, ok := r.dateIn(v, true); ok {
				out = append(out, clue{pg, box, identity{dob: d.Value}})
			}
		}
	}
	return out
}
