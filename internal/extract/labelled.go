package extract

import (
	"image"
	"regexp"
	"sort"
	"strings"

	"github.com/paperchart/paperchart/internal/layout"
)

// labelled is a value with the label that names it.
type labelled struct {
	label passage
	value passage
	means *meaning
	// closeness is how well the label was met, bond how surely the two belong
	// together.
	closeness, bond float64
	sec             section
	who             party
	// opened is true where a label, not a title, said who.
	opened bool
	order  int
	banner bool
	// checked is set for a checkbox: its label is the value.
	choice bool
}

// labels gathers what is labelled anywhere on the pages: layout's pairs, labels
// within lines, two-column tables, checkboxes.
func (r *reader) labels() {
	var all []labelled
	for _, p := range r.doc.Pages {
		caps := append(r.captions(p), r.nameCaptions(p)...)
		captioned := map[spot]bool{}
		for _, l := range caps {
			captioned[l.label.ink[0].spot()] = true
		}
		all = append(all, caps...)
		aside := bannerWords(p)
		for _, pair := range p.Pairs {
			if len(pair.Label.Words) == 0 {
				all = append(all, r.fromPair(pair)...)
			} else if at := (spot{pair.Label.Page, pair.Label.Words[0].Box}); !captioned[at] {
				all = append(all, asBanner(r.fromPair(pair), aside[at])...)
			}
		}
		for _, l := range p.Lines {
			all = append(all, r.inLine(ofLine(l), false)...)
		}
		for _, l := range p.Banner {
			all = append(all, r.inLine(ofLine(l), true)...)
		}
		for _, t := range p.Tables {
			all = append(all, r.inTable(t)...)
		}
		all = append(all, r.choices(p)...)
	}
	r.labelled = r.settle(all)
	r.parties()
}

// bannerWords are the places of the words in a page's running headers and footers.
func bannerWords(p *layout.Page) map[spot]bool {
	out := map[spot]bool{}
	for _, l := range p.Banner {
		for _, w := range l.Words {
			out[spot{l.Page, w.Box}] = true
		}
	}
	return out
}

func asBanner(all []labelled, banner bool) []labelled {
	for i := range all {
		all[i].banner = all[i].banner || banner
	}
	return all
}

// fromPair looks a pair's label up, and looks for further labels in its value
// ("Name: John Smith DOB: 1/2/1950" taken as one pair).
func (r *reader) fromPair(p layout.Pair) []labelled {
	label, value := ofCell(p.Label), ofCell(p.Value)
	if label.empty() || value.empty() {
		return nil
	}
	inner := r.inLine(value, false)
	m, c, ok := r.lex.label(label.text, true)
	if !ok {
		return inner
	}
	if len(inner) > 0 && m.section == secNone {
		first := inner[0].label
		if len(first.ink) > 0 && len(value.ink) > 0 {
			if cut := value.offset(first); cut > 0 {
				value = value.sub(0, cut)
			} else if cut == 0 {
				return inner
			}
		}
	}
	if value.empty() {
		return inner
	}
	return append(inner, r.make(label, value, m, c, 0.55+0.45*p.Score))
}

// offset is where the other passage's first word begins in this one, or -1.
func (p passage) offset(other passage) int {
	for i, w := range p.ink {
		if len(other.ink) > 0 && w.spot() == other.ink[0].spot() {
			return max(0, p.at[i])
		}
	}
	return -1
}

func (r *reader) make(label, value passage, m *meaning, closeness, bond float64) labelled {
	sec, _ := r.section(label)
	return labelled{label: label, value: value.trim(" :;,|_"), means: m, closeness: closeness, bond: bond,
		sec: sec, order: r.order(label)}
}

// inLine finds labels within a line, each with what stands up to the next.
func (r *reader) inLine(p passage, banner bool) []labelled {
	found := r.scan(p)
	var out []labelled
	for i, f := range found {
		end := len(p.text)
		if i+1 < len(found) {
			end = found[i+1].start
		}
		v := p.sub(f.end, end).trim(" :;,|_-–.=")
		if v.empty() {
			continue
		}
		l := r.make(p.sub(f.start, f.end), v, f.means, f.closeness, 0.9)
		if banner {
			l.banner, l.bond = true, 0.8
		}
		if !f.colon {
			l.bond *= 0.9
		}
		out = append(out, l)
	}
	return out
}

// hit is a label found in a text.
type hit struct {
	start, end int
	means      *meaning
	closeness  float64
	colon      bool
}

// scan finds the labels in a text, longest first, left to right. A label ends
// in a colon, "#" or "="; a few, such as BP and DOB, need none.
func (r *reader) scan(p passage) []hit {
	toks := labelTokens(p.text)
	var out []hit
	for i := 0; i < len(toks); {
		h, n := r.hitAt(p.text, toks[i:])
		if n == 0 {
			i++
			continue
		}
		out = append(out, h)
		i += n
	}
	return out
}

// hitAt returns the longest label at the start of the tokens, and its length.
func (r *reader) hitAt(text string, toks []labelToken) (hit, int) {
	for n := min(6, len(toks)); n > 0; n-- {
		last := toks[n-1]
		colonInside := false
		for _, t := range toks[:n-1] {
			colonInside = colonInside || t.colon
		}
		if colonInside {
			continue
		}
		s := text[toks[0].start:last.end]
		m, c, ok := r.lex.label(s, last.colon)
		if !ok {
			continue
		}
		if toks[0].start > 0 && midWord(text, toks[0].start) {
			continue
		}
		if !last.colon && (c < 1 || !m.bare && !(m.field != nil && startsNumber(toks[0], toks[n:])) || m.bare && !startsValue(toks[n:])) {
			continue
		}
		if m.section != secNone && (toks[0].start > 0 || len(key(s)) < 3) {
			// A section's title within a line is a label only where it is plain.
			if !last.colon || c < 0.9 || len(key(s)) < 3 {
				continue
			}
		}
		return hit{toks[0].start, last.end, m, c, last.colon}, n
	}
	return hit{}, 0
}

// midWord tells whether a label within a line begins as a word of a sentence
// does: small, behind another small word.
func midWord(text string, at int) bool {
	before := strings.TrimRight(text[:at], " ")
	if before == "" {
		return false
	}
	small := func(c byte) bool { return c >= 'a' && c <= 'z' }
	return small(text[at]) && small(before[len(before)-1])
}

// startsValue tells whether the tokens after a bare label begin with a figure.
func startsValue(toks []labelToken) bool {
	return len(toks) > 0 && (digits(toks[0].text) > 0 || len(toks) > 1 && digits(toks[1].text) > 0 && monthWord.MatchString(toks[0].text))
}

// startsNumber tells whether the tokens after a user's own label begin with what
// is no word of a sentence: an amount of money, a number of four places, or, alone
// on the line behind the label, a word in capitals.
func startsNumber(label labelToken, toks []labelToken) bool {
	if len(toks) == 0 {
		return false
	}
	v := toks[0].text
	return strings.HasPrefix(v, "$") || digits(v) >= 4 || label.start == 0 && len(toks) == 1 && v == strings.ToUpper(v)
}

var monthWord = regexp.MustCompile(`(?i)^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?$`)

type labelToken struct {
	start, end int
	text       string
	colon      bool
}

// labelTokens cuts a text at spaces and after colons that end a word, so that
// "DOB:01/02/1950" is a label and a date and 10:30 stays whole.
func labelTokens(s string) []labelToken {
	var out []labelToken
	start := -1
	flush := func(end int, colon bool) {
		if start >= 0 && end > start {
			out = append(out, labelToken{start, end, s[start:end], colon})
		} else if colon && len(out) > 0 {
			out[len(out)-1].colon = true
		}
		start = -1
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == ' ' || c == '|' || c == ';' || c == '_':
			flush(i, false)
		case (c == ':' || c == '=') && !(i > 0 && isDigit(s[i-1]) && i+1 < len(s) && isDigit(s[i+1])):
			flush(i, true)
		case c == '#' && i > 0 && s[i-1] != ' ':
			flush(i+1, true)
		default:
			if start < 0 {
				start = i
			}
		}
	}
	flush(len(s), false)
	// "MRN # 12" and "Acct #: 12": a lone "#" is part of the label and ends it.
	for i := range out {
		if out[i].text == "#" || strings.HasSuffix(out[i].text, "..") {
			out[i].colon = true
		}
	}
	return out
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// inTable reads label–value tables: forms in which each row, or each pair of
// columns, holds a label and its value, and a header row over a single row.
func (r *reader) inTable(t layout.Table) []labelled {
	var out []labelled
	rows := t.Rows
	if len(t.Header) > 0 {
		rows = append([][]layout.Cell{t.Header}, rows...)
	}
	for i, row := range rows {
		for j, c := range row {
			p := ofCell(c)
			if p.empty() {
				continue
			}
			out = append(out, r.inLine(p, false)...)
			m, cl, ok := r.lex.label(p.text, true)
			if !ok || len(p.ink) > 6 {
				continue
			}
			beside, below := ofCell(at(rows, i, j+1)), ofCell(at(rows, i+1, j))
			if !beside.empty() && !r.isAnyLabel(beside.text) {
				out = append(out, r.make(p, beside, m, cl, 0.85))
			} else if !below.empty() && !r.isAnyLabel(below.text) && r.labelRow(row) {
				out = append(out, r.make(p, below, m, cl, 0.85))
			}
		}
	}
	return out
}

func at(rows [][]layout.Cell, i, j int) layout.Cell {
	if i < len(rows) && j < len(rows[i]) {
		return rows[i][j]
	}
	return layout.Cell{}
}

func (r *reader) isAnyLabel(text string) bool {
	_, c, ok := r.lex.label(text, false)
	return ok && c == 1
}

// labelRow tells whether every filled cell of a row is a label.
func (r *reader) labelRow(row []layout.Cell) bool {
	n := 0
	for _, c := range row {
		t := c.Text()
		if t == "" {
			continue
		}
		if _, _, ok := r.lex.label(t, true); !ok {
			return false
		}
		n++
	}
	return n > 1
}

// choices turns checked boxes into values of the question they answer, or of
// the field whose label they bear.
func (r *reader) choices(p *layout.Page) []labelled {
	var out []labelled
	for _, c := range p.Choices {
		label, q := ofCell(c.Label), ofCell(c.Question)
		if label.empty() {
			continue
		}
		bond := 0.4 + 0.6*c.Mark.Conf
		if !q.empty() {
			if m, cl, ok := r.lex.label(q.text, true); ok && c.Mark.Checked {
				l := r.make(q, label, m, cl, bond)
				l.choice = true
				out = append(out, l)
			}
			continue
		}
		if m, cl, ok := r.lex.label(label.text, true); ok && m.field != nil && m.field.Type == "boolean" {
			l := r.make(label, label, m, cl, bond)
			l.choice = true
			l.value.text = map[bool]string{true: "true", false: "false"}[c.Mark.Checked]
			out = append(out, l)
		}
	}
	return out
}

// settle keeps one reading of each labelled value: the same concept from the
// same first word, as a pair and in a line, is one piece of evidence, and the
// one that is better bound or reaches further is kept. What is labelled in ink
// that is itself a label is dropped.
func (r *reader) settle(all []labelled) []labelled {
	type same struct {
		c concept
		s section
		p spot
	}
	best := map[same]int{}
	var out []labelled
	for _, l := range all {
		if l.means == nil || l.value.empty() || len(l.value.ink) == 0 || r.valueIsLabel(l) {
			continue
		}
		k := same{l.means.concept, l.means.section, l.value.ink[0].spot()}
		if i, ok := best[k]; ok {
			if better(l, out[i]) {
				out[i] = l
			}
			continue
		}
		best[k] = len(out)
		out = append(out, l)
	}
	sort.SliceStable(out, func(i, j int) bool { return before(out[i], out[j]) })
	return out
}

// valueIsLabel tells whether what was taken for a value is the next label: a
// form's row of titles, or an empty field.
func (r *reader) valueIsLabel(l labelled) bool {
	if l.choice {
		return false
	}
	if len(key(l.value.text)) < 4 {
		switch l.means.concept {
		case "patient_first_name", "patient_last_name", "patient_middle_name", cCity, cPatientName, cName:
		default:
			return false
		}
	}
	m, c, ok := r.lex.label(l.value.text, false)
	if !ok || c < 1 || m.section != secNone {
		return false
	}
	switch l.means.concept {
	case "discharge_disposition", "encounter_type", "provider_specialty", "chief_complaint", "document_type":
		return false
	}
	return true
}

func better(a, b labelled) bool {
	if a.choice != b.choice {
		return a.choice
	}
	if d := a.bond*a.closeness - b.bond*b.closeness; d > 0.15 || d < -0.15 {
		return d > 0
	}
	return len(a.value.text) > len(b.value.text)
}

func before(a, b labelled) bool {
	pa, ba := a.label.bounds()
	pb, bb := b.label.bounds()
	if pa != pb {
		return pa < pb
	}
	if a.order != b.order && a.order >= 0 && b.order >= 0 {
		return a.order < b.order
	}
	if !rowsMeet(ba, bb) {
		return ba.Min.Y < bb.Min.Y
	}
	return ba.Min.X < bb.Min.X
}

func rowsMeet(a, b image.Rectangle) bool {
	return 2*(min(a.Max.Y, b.Max.Y)-max(a.Min.Y, b.Min.Y)) >= min(a.Dy(), b.Dy())
}
