package extract

import (
	"image"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/layout"
)

// A page whose patient cannot be read belongs to nobody until something says so: a
// file may hold the papers of several people, and the damage that hides a name
// does not hide the results under it. What says so is a trace of a name, number or
// birth date that is read elsewhere in the file, or that the page goes on where
// the one before it ends.

// signs are what a page tells of whose it is, apart from an identity.
type signs struct {
	// asks is true where the page has a place for the patient's identity.
	asks bool
	// opens is true where it begins as a page does that begins a patient's papers.
	opens bool
	// goesOn is true where it says that it is a later page of something.
	goesOn bool
}

// laterPage finds "Page 2 of 3", "Pg 2", "2/3" behind "page", and "continued".
var laterPage = regexp.MustCompile(`(?i)\b(?:page|pg\.?|p\.)\s*[:#]?\s*0*([2-9]|[1-9]\d)\b|\(?\bcont(?:inued|'d|\.|d)\b`)

// firstPage finds "Page 1 of 2".
var firstPage = regexp.MustCompile(`(?i)\b(?:page|pg\.?|p\.)\s*[:#]?\s*0*1\b`)

func (r *reader) signs(p *layout.Page, heads map[string]bool) signs {
	var s signs
	for _, l := range pageLines(p) {
		t := ofLine(l)
		s.asks = s.asks || r.asksIdentity(t)
		s.goesOn = s.goesOn || laterPage.MatchString(t.text) && len(t.ink) <= 24
		s.opens = s.opens || firstPage.MatchString(t.text) && len(t.ink) <= 24
	}
	for _, t := range p.Tables {
		for _, row := range append([][]layout.Cell{t.Header}, t.Rows...) {
			for _, c := range row {
				s.asks = s.asks || r.asksIdentity(ofCell(c))
			}
		}
	}
	for _, h := range headOf(p) {
		s.opens = s.opens || heads[h]
	}
	return s
}

func pageLines(p *layout.Page) []layout.Line {
	return append(append([]layout.Line(nil), p.Banner...), p.Lines...)
}

// asksIdentity tells of a label for the patient's name, number or birth date.
func (r *reader) asksIdentity(p passage) bool {
	if p.empty() || len(p.ink) > 30 {
		return false
	}
	for _, h := range r.scan(p) {
		if identifying(h.means.concept) {
			return true
		}
	}
	m, c, ok := r.lex.label(p.text, true)
	return ok && c > 0.9 && len(p.ink) <= 6 && identifying(m.concept)
}

func identifying(c concept) bool {
	return c == cPatientName || c == cMRN || c == "~dob" || c == cDOBSex
}

// headOf are the lines at the very top of a page that could be a sender's name or
// a title, folded for comparison.
func headOf(p *layout.Page) []string {
	var out []string
	foot := pageFoot(p)
	for _, l := range pageLines(p) {
		t := ofLine(l)
		if k := shape(key(t.text)); l.Box.Max.Y < foot/5 && len(k) >= 8 && digits(t.text) == 0 {
			out = append(out, k)
		}
	}
	return out
}

// pageFoot is the lowest print of a page, in pixels.
func pageFoot(p *layout.Page) int {
	foot := 1
	for _, l := range pageLines(p) {
		foot = max(foot, l.Box.Max.Y)
	}
	if p.Page != nil && p.Page.Image != nil {
		foot = max(foot, p.Page.Image.Rect.Dy())
	}
	return foot
}

// trace is the identity, of those read on other pages, that an unreadable page
// bears traces of: a number or birth date with a slip or two of the reader, or
// both parts of a name. Traces of two people are none.
func (r *reader) trace(p *layout.Page, ids map[int]identity) (identity, bool) {
	tokens := edgeTokens(p)
	var found identity
	for _, n := range slices.Sorted(maps.Keys(ids)) {
		id := ids[n]
		if id.empty() || !id.traced(tokens) {
			continue
		}
		if same, other := compare(found, id); !found.empty() && (other > 0 || same == 0) {
			return identity{}, false
		}
		found = found.plus(id)
	}
	return found, !found.empty()
}

// edgeTokens are the words in the upper third and the lowest sixth of a page,
// where papers say whose they are, and what unread ink there may say.
func edgeTokens(p *layout.Page) []string {
	foot := pageFoot(p)
	edge := func(b image.Rectangle) bool { return b.Min.Y < foot/3 || b.Max.Y > foot*5/6 }
	var out []string
	for _, l := range pageLines(p) {
		for _, w := range l.Words {
			if edge(w.Box) {
				out = append(out, w.Text)
			}
		}
	}
	for _, t := range p.Tables {
		for _, row := range append([][]layout.Cell{t.Header}, t.Rows...) {
			for _, c := range row {
				for _, w := range c.Words {
					if edge(w.Box) {
						out = append(out, w.Text)
					}
				}
			}
		}
	}
	if p.Page != nil {
		for _, w := range p.Page.Words {
			if w.Text == "" && len(w.Alternatives) > 0 && edge(w.Box) {
				out = append(out, strings.Fields(w.Alternatives[0])...)
			}
		}
	}
	return out
}

// traced tells whether tokens hold a trace of an identity.
func (id identity) traced(tokens []string) bool {
	family, given := false, false
	for _, t := range tokens {
		k := shape(key(t))
		if len(k) < 4 {
			continue
		}
		if m := shape(key(id.mrn)); len(m) >= 6 && digits(t) > 3 && distance(k, m, 2) <= 2 && bornToken(t) == "" {
			return true
		}
		if b := bornToken(t); b != "" && id.dob != "" && distance(b, strings.ReplaceAll(id.dob, "-", ""), 1) <= 1 {
			return true
		}
		for _, n := range append([]grammar.Name{id.name}, id.also...) {
			family = family || near(k, n.Family)
			given = given || near(k, n.First())
		}
	}
	return family && given
}

func near(k, name string) bool {
	n := shape(key(name))
	return len(n) >= 4 && distance(k, n, len(n)/4) <= len(n)/4
}

// bornToken is a date of eight digits as YYYYMMDD, month first where it can be.
func bornToken(t string) string {
	var d strings.Builder
	for _, c := range t {
		if c >= '0' && c <= '9' {
			d.WriteRune(c)
		}
	}
	s := d.String()
	if len(s) != 8 || !strings.ContainsAny(t, "/-.") {
		return ""
	}
	if s[:2] == "19" || s[:2] == "20" {
		return s
	}
	return s[4:] + s[:4]
}

// tops are the tops of the pages that bear an identity, each folded line of them.
func (r *reader) tops(ids map[int]identity) map[string]bool {
	out := map[string]bool{}
	for i, p := range r.doc.Pages {
		if i > 0 && ids[p.Number].empty() {
			continue
		}
		for _, h := range headOf(p) {
			out[h] = true
		}
	}
	return out
}

// people counts the identities of a file that contradict one another, and pages
// how many pages bear the most frequent one.
func people(ids map[int]identity) (n, pages int) {
	var known []identity
	var count []int
next:
	for _, page := range slices.Sorted(maps.Keys(ids)) {
		id := ids[page]
		if id.empty() {
			continue
		}
		for i := range known {
			if same, other := compare(known[i], id); same > other {
				known[i] = known[i].plus(id)
				count[i]++
				continue next
			}
		}
		known, count = append(known, id), append(count, 1)
	}
	for _, c := range count {
		pages = max(pages, c)
	}
	return len(known), pages
}
