package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/layout"
)

// Problem lists are parted by state: "Active Problems" and "Resolved Problems" as
// headings, or "Ongoing" and "Historical" alone on a line within one list.

// titleStates are states by the words of a title, in the order in which they are
// tried.
var titleStates = []struct {
	state string
	form  *regexp.Regexp
}{
	{"resolved", regexp.MustCompile(`(?i)\b(?:resolved|historical)\b`)},
	{"inactive", regexp.MustCompile(`(?i)\binactive\b|\bno longer active\b|^\W*(?:significant past|past problems?|minor past|old problems?)\b`)},
	{"active", regexp.MustCompile(`(?i)^\W*(?:active|current|ongoing|present)\b`)},
}

// bandForm is a state alone on a line of a problem list.
var bandForm = regexp.MustCompile(`(?i)^\W*(?:active|current|ongoing|chronic|resolved|historical|inactive|past)(?: (?:problems?|conditions?|diagnos[ei]s|issues?))?\s*:?\s*$`)

// stateBy is the state that a title gives the problems under it. A title that
// names several gives none.
func stateBy(title passage) (cell, bool) {
	state := ""
	for _, s := range titleStates {
		if !s.form.MatchString(title.text) {
			continue
		}
		if state != "" {
			return cell{}, false
		}
		state = s.state
	}
	if state == "" {
		return cell{}, false
	}
	c := from(title, state)
	c.sig.Vocabulary = 0.9
	return c, true
}

// banded takes the lines that are a state alone out of a problem list, and makes
// each the title of what follows it. The first band holds what stands before any.
func banded(title passage, in []line) (titles []passage, bands [][]line) {
	titles, bands = []passage{title}, [][]line{nil}
	for _, l := range in {
		if bandForm.MatchString(l.text) && len(l.ink) <= 3 {
			titles, bands = append(titles, l.passage), append(bands, nil)
			continue
		}
		bands[len(bands)-1] = append(bands[len(bands)-1], l)
	}
	return titles, bands
}

// datedEntries joins each line that is nothing but a date to the entry that it
// dates: the next where the list begins with a date, else the one before.
func (r *reader) datedEntries(in []line) []line {
	dates := 0
	for _, l := range in {
		if r.onlyDate(l.passage) {
			dates++
		}
	}
	if dates == 0 || 2*dates > len(in)+1 {
		return in
	}
	first := r.onlyDate(in[0].passage)
	var out []line
	for i := 0; i < len(in); i++ {
		l := in[i]
		switch {
		case !r.onlyDate(l.passage):
			out = append(out, l)
		case first && i+1 < len(in) && in[i+1].page == l.page:
			l.passage, l.box = join(l.passage, in[i+1].passage), l.box.Union(in[i+1].box)
			out = append(out, l)
			i++
		case !first && len(out) > 0 && out[len(out)-1].page == l.page:
			last := &out[len(out)-1]
			last.passage, last.box = join(last.passage, l.passage), last.box.Union(l.box)
		default:
			out = append(out, l)
		}
	}
	return out
}

// datesOver moves a date at the end of a paragraph to the entry in the next one,
// where entries stand under their dates.
func (r *reader) datesOver(parts []part) {
	for i := 0; i+1 < len(parts); i++ {
		a, b := &parts[i], &parts[i+1]
		n := len(a.lines)
		if a.table != nil || b.table != nil || n == 0 || len(b.lines) == 0 || !r.onlyDate(a.lines[0].passage) || !r.onlyDate(a.lines[n-1].passage) {
			continue
		}
		b.lines = append([]line{a.lines[n-1]}, b.lines...)
		a.lines = a.lines[:n-1]
	}
}

func (r *reader) onlyDate(p passage) bool {
	t := strings.Trim(p.text, " .:,-–()")
	if digits(t) < 4 || len(p.ink) > 4 {
		return false
	}
	d, ok := r.dates(true).Parse(t)
	return ok && d.Value != ""
}

// sideLists reads a table whose titles are headings of several sections: lists that
// stand side by side. It returns what the text below goes on with, the list of the
// first column, or nil where the table is none of that.
func (r *reader) sideLists(t *layout.Table, c *chunk) *around {
	if len(t.Header) < 2 || t.Ruled && len(t.Header) > 3 {
		return nil
	}
	var heads []chunk
	seen := map[section]bool{}
	for _, h := range passages(t.Header) {
		s, close, ok := r.lex.heading(h.text)
		if !ok || !s.list() || seen[s] || close < 0.9 {
			return nil
		}
		seen[s] = true
		heads = append(heads, chunk{sec: s, sure: close, title: h})
	}
	for j := range heads {
		var lines []line
		for _, row := range t.Rows {
			if j < len(row) && len(row[j].Words) > 0 {
				q := ofCell(row[j])
				pg, box := q.bounds()
				lines = append(lines, line{passage: q, page: pg, box: box, order: r.order(q)})
			}
		}
		heads[j].parts = []part{{lines: lines}}
		r.markTitled(heads[j].title)
		r.readLines(&heads[j])
		for _, l := range lines {
			r.take(l.passage)
		}
	}
	return &around{sec: heads[0].sec, sure: heads[0].sure, title: heads[0].title, bond: 0.85}
}
