package extract

import (
	"image"
	"maps"
	"slices"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/layout"
)

// identity is what a page says about whose it is.
type identity struct {
	name grammar.Name
	mrn  string
	dob  string
	// sure is true where a label calls the name the patient's.
	sure bool
	// also are further names that the same pages bear.
	also []grammar.Name
}

func (id identity) empty() bool { return id.name.Family == "" && id.mrn == "" && id.dob == "" }

// part is the pages of one patient.
type portion struct {
	doc   *layout.Document
	pages []int
	id    identity
	whose doubts
	// from says where doc's pages come from: one of several people is cut.
	from origins
	// nobody is true where it cannot be read whose the pages are.
	nobody bool
}

// parts splits a document by patient, before anything is read from it: a page
// that bears another identity than the pages before it begins, or goes back to,
// another part; one that bears none follows the page before it unless its signs
// speak against that: then it is a part of nobody known.
func (e *Engine) parts(lex *lexicon, doc *layout.Document) []portion {
	if len(doc.Pages) == 0 {
		return []portion{{doc: doc}}
	}
	r := e.reader(lex, doc)
	doc, from, unsure := e.cut(r)
	if from != nil {
		r = e.reader(lex, doc)
	}
	ids := r.identities()
	whose := r.doubtful(ids)
	r.traces(ids, whose)
	maps.Copy(whose, unsure)
	heads := r.tops(ids)
	several, pages := people(ids)
	var parts []portion
	of := map[int]int{}
	cur := -1
	for _, p := range doc.Pages {
		id := ids[p.Number]
		at := matching(parts, id, cur)
		if id.empty() && cur >= 0 {
			at = r.follows(p, heads, several > 1, pages > 1, whose, cur)
		} else if at == cur && cur >= 0 && parts[cur].nobody && !r.signs(p, heads).goesOn {
			at = -1
		}
		switch {
		case cur < 0 || at < 0:
			parts = append(parts, portion{id: id, from: from, nobody: id.empty() && (cur >= 0 || several > 0 && r.signs(p, heads).asks)})
			cur = len(parts) - 1
		default:
			cur = at
			parts[at].id = parts[at].id.plus(id)
		}
		if whose[p.Number] == remarkUnreadable && len(parts[cur].pages) == 0 && !parts[cur].nobody {
			delete(whose, p.Number) // the first of its part speaks for itself
		}
		if parts[cur].nobody {
			whose[p.Number] = remarkUnreadable
		}
		parts[cur].whose = whose
		parts[cur].add(from.page(p.Number) - 1)
		of[p.Number] = cur
	}
	if len(parts) == 1 {
		parts[0].doc = doc
		return parts
	}
	for i := range parts {
		parts[i].doc = restrict(doc, func(page int) bool { at, ok := of[page]; return ok && at == i })
	}
	return parts
}

// add appends a page, counted from 0, once.
func (p *portion) add(page int) {
	if !slices.Contains(p.pages, page) {
		p.pages = append(p.pages, page)
	}
}

// traces gives the pages without a readable identity the one they bear traces of,
// in doubt.
func (r *reader) traces(ids map[int]identity, whose doubts) {
	found := map[int]identity{}
	for _, p := range r.doc.Pages {
		if ids[p.Number].empty() {
			if id, ok := r.trace(p, ids); ok {
				found[p.Number] = id
			}
		}
	}
	for n, id := range found {
		ids[n], whose[n] = id, remarkUnreadable
	}
}

// follows tells which part a page without identity belongs to: the current one, or
// -1 for nobody known. In a file of one person's papers, told by several pages, a
// page that hides its patient waits for a person with the rest; elsewhere it
// stands alone.
func (r *reader) follows(p *layout.Page, heads map[string]bool, several, often bool, whose doubts, cur int) int {
	s := r.signs(p, heads)
	switch {
	case s.goesOn, !s.asks && !several:
		return cur
	case s.asks && !several && often:
		whose[p.Number] = remarkUnreadable
		return cur
	case s.asks || s.opens:
		return -1
	}
	whose[p.Number] = remarkUnreadable
	return cur
}

// matching finds the part that an identity belongs to: the current one unless
// it contradicts, else an earlier one that agrees; -1 for a new patient.
func matching(parts []portion, id identity, cur int) int {
	if cur < 0 {
		return -1
	}
	if id.empty() {
		return cur
	}
	if agree, against := compare(parts[cur].id, id); against == 0 || agree > against {
		return cur
	}
	for i := range parts {
		if agree, against := compare(parts[i].id, id); agree > against {
			return i
		}
	}
	return -1
}

// compare counts what two identities agree and disagree on. OCR may have
// misread a letter of either: near is the same.
func compare(a, b identity) (same, other int) {
	say := func(yes, no bool) {
		if yes {
			same++
		} else if no {
			other++
		}
	}
	if a.mrn != "" && b.mrn != "" {
		near := alike(a.mrn, b.mrn)
		say(near, !near)
	}
	if a.dob != "" && b.dob != "" {
		near := a.dob == b.dob || distance(a.dob, b.dob, 1) <= 1
		say(a.dob == b.dob, !near)
	}
	if a.name.Family != "" && b.name.Family != "" {
		near := false
		for _, x := range append(a.also, a.name) {
			for _, y := range append(b.also, b.name) {
				near = near || alikeNames(x, y)
			}
		}
		say(near, !near && a.sure && b.sure)
	}
	return same, other
}

func alike(a, b string) bool {
	a, b = shape(key(a)), shape(key(b))
	return a == b || len(a) >= 5 && distance(a, b, 1) <= 1 || len(a) >= 4 && (strings.HasSuffix(b, a) || strings.HasSuffix(a, b))
}

// alikeNames tells whether two names can be one person's: the family names
// alike, and the given names alike or one an initial of the other; or the same
// parts in another order.
func alikeNames(a, b grammar.Name) bool {
	fa, fb := shape(key(a.Family)), shape(key(b.Family))
	ga, gb := shape(key(a.First())), shape(key(b.First()))
	if fa == gb && fb == ga {
		return true
	}
	if distance(fa, fb, len(fa)/4) > len(fa)/4 {
		return false
	}
	if ga == "" || gb == "" || ga[0] == gb[0] && (len(ga) == 1 || len(gb) == 1) {
		return true
	}
	return distance(ga, gb, 1+len(ga)/6) <= 1+len(ga)/6 || strings.HasPrefix(ga, gb) || strings.HasPrefix(gb, ga)
}

// plus adds what another page knows.
func (id identity) plus(o identity) identity {
	switch {
	case id.name.Family == "" || !id.sure && o.sure:
		id.name, id.sure = o.name, o.sure
	case o.name.Family != "" && len(id.also) < 8:
		id.also = append(id.also[:len(id.also):len(id.also)], o.name)
	}
	id.also = append(id.also[:len(id.also):len(id.also)], o.also...)
	if id.mrn == "" {
		id.mrn = o.mrn
	}
	if id.dob == "" {
		id.dob = o.dob
	}
	return id
}

// clue is a piece of evidence of whose a page, or a part of it, is.
type clue struct {
	page int
	// box is where the name, number or date stands, in pixels of the page.
	box image.Rectangle
	id  identity
}

// identities gathers the identity evidence of each page, by page number.
func (r *reader) identities() map[int]identity {
	out := map[int]identity{}
	for _, c := range r.clues() {
		out[c.page] = out[c.page].plus(c.id)
	}
	return out
}

// clues are what labels and running headers say of whose the pages are.
func (r *reader) clues() []clue {
	var out []clue
	add := func(at passage, o identity) {
		pg, box := at.bounds()
		out = append(out, clue{pg, box, o})
	}
	for _, l := range r.labelled {
		if l.who == contact || l.who == third || l.who == insurer {
			continue
		}
		switch l.means.concept {
		case cPatientName, cName:
			if l.means.concept == cName && l.who != patient && l.who != anyone {
				continue
			}
			if n, _, ok := personIn(l.value); ok && n.Family != "" && len(n.Given) > 0 {
				add(l.value, identity{name: n, sure: true})
			}
		case cMRN:
			if id, ok := idIn(l.value); ok && l.means.weight >= 0.85 && l.closeness > 0.9 {
				add(l.value, identity{mrn: id.text})
			}
		case "~dob", cDOBSex:
			if d, _, ok := r.dateIn(l.value, true); ok && l.who != provider {
				add(l.value, identity{dob: d.Value})
			}
		}
	}
	for _, n := range r.namesInParts() {
		add(n.ink, identity{name: n.name, sure: true})
	}
	for _, n := range r.bareNames() {
		add(n.ink, identity{name: n.name, sure: true})
	}
	return out
}

// namesInParts are the names that forms ask for in parts, one a page.
func (r *reader) namesInParts() []bareName {
	of := map[int]bareName{}
	for _, l := range r.labelled {
		if l.who == contact || l.who == third || l.who == insurer || l.who == provider {
			continue
		}
		pg, _ := l.label.bounds()
		n := of[pg]
		switch l.means.concept {
		case "patient_last_name":
			if n.name.Family == "" {
				n.name.Family, n.ink = l.value.text, l.value
			}
		case "patient_first_name":
			if len(n.name.Given) == 0 {
				n.name.Given = []string{l.value.text}
			}
		default:
			continue
		}
		n.page = pg
		of[pg] = n
	}
	var out []bareName
	for _, pg := range slices.Sorted(maps.Keys(of)) {
		if n := of[pg]; n.name.Family != "" && len(n.name.Given) > 0 {
			out = append(out, n)
		}
	}
	return out
}

// bareName is a name without a label that stands beside the patient's birth
// date or record number, as in a running header.
type bareName struct {
	page  int
	name  grammar.Name
	ink   passage
	label passage
}

func (r *reader) bareNames() []bareName {
	var out []bareName
	see := func(l layout.Line) {
		p := ofLine(l)
		hits := r.scan(p)
		if len(hits) == 0 {
			return
		}
		if hits[0].start == 0 {
			// The name may stand left of it, parted by a wide gap.
			name := r.leftLine(l)
			if name.empty() || r.isAnyLabel(name.text) || len(r.scan(name)) > 0 || r.labelsValue(name) || r.labelsOrValues(name) {
				return
			}
			switch hits[0].means.concept {
			case "~dob", cMRN, cDOBSex:
				if n, used, ok := personIn(name); ok && n.Family != "" && len(n.Given) > 0 && n.Score >= 0.7 && len(n.Credentials) == 0 && n.Prefix != "Dr" && !orgWord(name.text) {
					out = append(out, bareName{l.Page, n, used, p.sub(hits[0].start, hits[0].end)})
				}
			}
			return
		}
		for _, h := range hits {
			if h.means.concept != "~dob" && h.means.concept != cMRN && h.means.concept != cDOBSex {
				continue
			}
			before := p.sub(0, hits[0].start).trim(" ,;|-–—(/")
			if n, used, ok := personIn(before); ok && n.Family != "" && len(n.Given) > 0 && n.Score >= 0.7 && len(n.Credentials) == 0 && n.Prefix != "Dr" {
				out = append(out, bareName{l.Page, n, used, p.sub(h.start, h.end)})
			}
			return
		}
	}
	for _, p := range r.doc.Pages {
		for _, l := range p.Lines {
			see(l)
		}
		for _, l := range p.Banner {
			see(l)
		}
	}
	return out
}

// leftLine is the text next to the left on the same line of print.
func (r *reader) leftLine(l layout.Line) passage {
	best := passage{}
	right := -1
	for _, p := range r.doc.Pages {
		if p.Number != l.Page {
			continue
		}
		for _, o := range append(append([]layout.Line(nil), p.Lines...), p.Banner...) {
			if o.Box.Max.X <= l.Box.Min.X && rowsMeet(o.Box, l.Box) && o.Box.Max.X > right {
				best, right = ofLine(o), o.Box.Max.X
			}
		}
	}
	return best
}

// restrict returns the document without the pages of others. A section that
// began on another patient's page loses its heading: it does not speak for
// this one.
func restrict(doc *layout.Document, ours func(page int) bool) *layout.Document {
	out := &layout.Document{}
	for _, p := range doc.Pages {
		if ours(p.Number) {
			out.Pages = append(out.Pages, p)
		}
	}
	for _, s := range doc.Sections {
		kept := layout.Section{Inline: s.Inline}
		if len(s.Heading.Words) > 0 && ours(s.Heading.Page) {
			kept.Heading = s.Heading
		} else {
			kept.Inline = false
		}
		for _, b := range s.Blocks {
			if nb, ok := restrictBlock(b, ours); ok {
				kept.Blocks = append(kept.Blocks, nb)
			}
		}
		if len(kept.Heading.Words) > 0 || len(kept.Blocks) > 0 {
			out.Sections = append(out.Sections, kept)
		}
	}
	return out
}

func restrictBlock(b layout.Block, ours func(int) bool) (layout.Block, bool) {
	if b.Table != nil {
		t := *b.Table
		t.Rows = nil
		for _, row := range b.Table.Rows {
			if ours(rowPage(row, b.Table.Page)) {
				t.Rows = append(t.Rows, row)
			}
		}
		return layout.Block{Table: &t}, len(t.Rows) > 0 || ours(t.Page) && len(t.Header) > 0
	}
	var nb layout.Block
	for _, l := range b.Lines {
		if ours(l.Page) {
			nb.Lines = append(nb.Lines, l)
		}
	}
	return nb, len(nb.Lines) > 0
}

func rowPage(row []layout.Cell, table int) int {
	for _, c := range row {
		if len(c.Words) > 0 && c.Page > 0 {
			return c.Page
		}
	}
	return table
}
