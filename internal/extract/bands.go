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

// origin is where a page that was cut out of another comes from.
type origin struct {
	// page is its number in the file.
	page int
	// A table's titles were moved down to the row they are read with: print between
	// from and to stands shift pixels higher on the paper.
	from, to, shift int
}

// origins are those of the pages of a document that was cut, by their numbers in
// it; nil for a document as the file has it.
type origins map[int]origin

func (o origins) page(n int) int {
	if of, ok := o[n]; ok {
		return of.page
	}
	return n
}

// cut returns a document in which every page speaks of one person, where its pages
// come from, and which of them are doubtful: nothing parts them from the next
// person but the name. A document without shared pages comes back as it is, with
// nil.
func (e *Engine) cut(r *reader) (*layout.Document, origins, doubts) {
	clues := map[int][]clue{}
	for _, c := range r.clues() {
		clues[c.page] = append(clues[c.page], c)
	}
	titles := r.rosters(clues)
	var pages []*page.Page
	alone := map[int]bool{}
	from, unsure := origins{}, doubts{}
	for _, p := range r.doc.Pages {
		if p.Page == nil {
			return r.doc, nil, nil
		}
		parts, of, clear := r.slices(p, bandsOf(clues[p.Number]), titles[p.Number])
		for i, part := range parts {
			q := *part
			q.Number = len(pages) + 1
			from[q.Number], alone[q.Number] = of[i], len(parts) > 1
			if !clear {
				unsure[q.Number] = remarkTwoPatients
			}
			pages = append(pages, &q)
		}
	}
	if len(pages) == len(r.doc.Pages) {
		return r.doc, nil, nil
	}
	return arrange(pages, alone), from, unsure
}

// arrange lays pages out, those that stand alone without regard to the others: no
// table goes on from one person to the next.
func arrange(pages []*page.Page, alone map[int]bool) *layout.Document {
	out := &layout.Document{}
	for i := 0; i < len(pages); {
		j := i + 1
		for j < len(pages) && !alone[pages[i].Number] && !alone[pages[j].Number] {
			j++
		}
		d := layout.Arrange(pages[i:j])
		out.Pages, out.Sections = append(out.Pages, d.Pages...), append(out.Sections, d.Sections...)
		i = j
	}
	return out
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

// slices are the parts of a page, each of one person, and where they come from: the
// page itself where it has no more than one. They are clear where a rule or a gap
// parts them. Titles is the top of a roster's titles, 0 where there is none.
func (r *reader) slices(p *layout.Page, bands []band, titles int) (parts []*page.Page, of []origin, clear bool) {
	if len(bands) < 2 {
		return []*page.Page{p.Page}, []origin{{page: p.Number}}, true
	}
	lines := printOf(p)
	if titles == 0 {
		bands = r.unreadBands(lines, bands)
	}
	from := make([]int, len(bands)+1)
	clear = true
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
	from[len(bands)] = max(height, pageFoot(p)) + 1
	head := from[0]
	if titles == 0 && float64(bands[0].top) > headShare*float64(height) {
		parts, of = append(parts, slice(p.Page, []stretch{{to: from[0]}})), append(of, origin{page: p.Number})
		head = 0
	}
	for i := range bands {
		cut := []stretch{{to: head}, {from: from[i], to: from[i+1]}}
		o := origin{page: p.Number}
		if titles > 0 && titles < head {
			shift := from[i] - from[0]
			cut = []stretch{{to: titles}, {from: titles, to: head, shift: shift}, cut[1]}
			o.from, o.to, o.shift = titles+shift, from[i], shift
		}
		parts, of = append(parts, slice(p.Page, cut)), append(of, o)
	}
	return parts, of, clear
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

// stretch is what stands on a page between two heights, and how far down it moves.
type stretch struct{ from, to, shift int }

func (s stretch) holds(b image.Rectangle) bool {
	y := (b.Min.Y + b.Max.Y) / 2
	return y >= s.from && y < s.to
}

// slice is what a page holds in some stretches of its height.
func slice(p *page.Page, cut []stretch) *page.Page {
	out := *p
	out.Words, out.Marks, out.Leaders, out.Rules = nil, nil, nil, nil
	for _, s := range cut {
		down := image.Pt(0, s.shift)
		for _, w := range p.Words {
			if s.holds(w.Box) {
				w.Box = w.Box.Add(down)
				out.Words = append(out.Words, w)
			}
		}
		for _, m := range p.Marks {
			if s.holds(m.Box) {
				m.Box = m.Box.Add(down)
				out.Marks = append(out.Marks, m)
			}
		}
		for _, l := range p.Leaders {
			if s.holds(l) {
				out.Leaders = append(out.Leaders, l.Add(down))
			}
		}
		for _, r := range p.Rules {
			r.Box.Min.Y, r.Box.Max.Y = max(r.Box.Min.Y, s.from), min(r.Box.Max.Y, s.to)
			if r.Box.Min.Y < r.Box.Max.Y {
				r.Box = r.Box.Add(down)
				out.Rules = append(out.Rules, r)
			}
		}
	}
	return &out
}

// rosters adds what the rows of a table say of their people, where its titles ask
// for two things of an identity, and returns the tops of these titles by page.
func (r *reader) rosters(clues map[int][]clue) map[int]int {
	tops := map[int]int{}
	for _, p := range r.doc.Pages {
		for _, t := range p.Tables {
			asks := r.asked(t)
			if len(asks) < 2 || len(t.Rows) < 2 {
				continue
			}
			for _, row := range t.Rows {
				for _, c := range r.rowClues(row, asks) {
					clues[c.page] = append(clues[c.page], c)
				}
			}
			for _, c := range t.Header {
				if top, ok := tops[p.Number]; len(c.Words) > 0 && (!ok || c.Box.Min.Y < top) {
					tops[p.Number] = c.Box.Min.Y
				}
			}
		}
	}
	return tops
}

// asked are the columns of a table whose titles ask for an identity.
func (r *reader) asked(t layout.Table) map[int]concept {
	out := map[int]concept{}
	for j, c := range t.Header {
		if m, cl, ok := r.lex.label(ofCell(c).text, true); ok && cl > 0.9 && (identifying(m.concept) || m.concept == cName) {
			out[j] = m.concept
		}
	}
	return out
}

// rowClues are the clues of a row that names somebody and says one thing more of
// whom; a row of labels and their values under such titles does not.
func (r *reader) rowClues(row []layout.Cell, asks map[int]concept) []clue {
	var out []clue
	named := false
	for j, c := range row {
		v := ofCell(c)
		if v.empty() {
			continue
		}
		if len(r.scan(v)) > 0 || r.isAnyLabel(v.text) {
			return nil
		}
		pg, box := v.bounds()
		switch asks[j] {
		case cName, cPatientName:
			if n, _, ok := personIn(v); ok && n.Family != "" && len(n.Given) > 0 && n.Score >= 0.7 {
				named = true
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
	if !named || len(out) < 2 {
		return nil
	}
	return out
}
