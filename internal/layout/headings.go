package layout

import (
	"math"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/paperchart/paperchart/internal/page"
)

// enough is the sum of cues that makes a line a heading.
const enough = 3.0

var (
	bullet   = regexp.MustCompile(`^([-–—•●▪■◦○*·»>¢«]+|o|\(?\d{1,2}[.)]|\(?[a-zA-Z][.)])$`)
	glyph    = regexp.MustCompile(`^([-–—•●▪■◦○*·»>¢«]+|o)$`)
	numbered = regexp.MustCompile(`^(\d{1,2}|[IVX]{1,4}|[A-Z])[.)]$`)
)

// headings marks the lines of the page's flow that title what follows, by form
// alone.
func (s *sheet) headings() {
	capital := s.mostlyCaps()
	tall := s.capHeight()
	for i := range s.flow {
		p := &s.flow[i]
		if p.table >= 0 || p.seg.form > 0 && !s.boxTitle(i) || s.besideOther(i) && !s.leads(i, tall) {
			continue
		}
		p.line.Heading = s.headingCues(i, capital, tall) >= enough
	}
	at := 0
	for i := range s.flow {
		if s.flow[i].table >= 0 {
			continue
		}
		for at < len(s.out.Lines) && !sameLine(s.out.Lines[at], s.flow[i].line) {
			at++
		}
		if at < len(s.out.Lines) {
			s.out.Lines[at].Heading = s.flow[i].line.Heading
		}
	}
}

// boxTitle is true for the first line of a drawn box with several lines under it,
// a panel rather than a caption over its value.
func (s *sheet) boxTitle(i int) bool {
	b := s.boxes[s.flow[i].seg.form-1]
	return len(b.lines) > 3 && len(b.segs) > 0 && b.segs[0] == s.flow[i].seg
}

func sameLine(a, b Line) bool { return len(a.Words) > 0 && &a.Words[0] == &b.Words[0] }

// mostlyCaps is true for a page printed in capitals, where they title nothing.
func (s *sheet) mostlyCaps() bool {
	up, all := 0, 0
	for _, r := range s.rows {
		for _, w := range r.words {
			up += count(w.Text, unicode.IsUpper)
			all += letters(w.Text)
		}
	}
	return up*10 > all*7
}

// capHeight is the usual height of a capital on the page.
func (s *sheet) capHeight() float64 {
	var hs []float64
	for _, r := range s.rows {
		hs = append(hs, capital(r.words)...)
	}
	return math.Max(1, median(hs))
}

// capital estimates the height of a capital from each word: print without
// ascenders is about 0.72 of it and descenders add 0.28.
func capital(words []page.Word) []float64 {
	var out []float64
	for _, w := range words {
		if letters(w.Text) < 2 {
			continue
		}
		f := 0.72
		if strings.ContainsFunc(w.Text, func(r rune) bool {
			return unicode.IsUpper(r) || unicode.IsDigit(r) || strings.ContainsRune("bdfhklt", r)
		}) {
			f = 1
		}
		if strings.ContainsAny(w.Text, "gjpqy,;()Q") {
			f += 0.28
		}
		out = append(out, dy(w.Box)/f)
	}
	return out
}

// besideOther is true where another line of the same column stands on the row.
func (s *sheet) besideOther(i int) bool {
	for _, j := range []int{i - 1, i + 1} {
		if s.sameGroup(i, j) && s.flow[i].seg.row == s.flow[j].seg.row {
			return true
		}
	}
	return false
}

// leads is true for a title with data after it on its row: "RESULTS  Collected:
// 06/18/2024".
func (s *sheet) leads(i int, tall float64) bool {
	g := s.flow[i].seg
	segs := s.rows[g.row].segs
	text := g.text()
	if segs[0] != g || len(segs) > 3 || strings.HasSuffix(text, ":") || ledBy(g.words[len(g.words)-1].Text) ||
		!allCaps(text) && median(capital(g.words)) < 1.22*tall {
		return false
	}
	for _, o := range segs[1:] {
		if digits(o.text()) < 4 {
			return false
		}
	}
	return true
}

func (s *sheet) sameGroup(i, j int) bool {
	return i >= 0 && j >= 0 && i < len(s.flow) && j < len(s.flow) &&
		s.flow[i].table < 0 && s.flow[j].table < 0 && s.flow[i].group == s.flow[j].group
}

func (s *sheet) headingCues(i int, capitals bool, tall float64) float64 {
	l := s.flow[i].line
	l.Words = undated(l.Words)
	text := l.Text()
	if !canTitle(l.Words, text) {
		return 0
	}
	sum := 0.0
	add := func(cue bool, weight float64) {
		if cue {
			sum += weight
		}
	}
	colonEnd := strings.HasSuffix(text, ":")
	size := median(capital(l.Words)) / tall
	add(allCaps(text) && !capitals, 2)
	add(allCaps(text) && capitals, 0.5)
	add(colonEnd, 2)
	add(size > 1.22, 2)
	add(size > 1.1 && size <= 1.22, 1)
	add(s.ruleBeneath(l), 1.5)
	add(s.bold(l.Words), 1.5)
	if len(l.Words) > 1 && numbered.MatchString(l.Words[0].Text) {
		add(!s.numberedBelow(i), 1)
		add(s.numberedBelow(i) && !allCaps(text), -1)
	}
	add(titleCase(l.Words), 0.5)
	above := s.gapAbove(i)
	below, next := s.gapBelow(i)
	add(above > 0.8*s.unit, 1)
	add(above > 0.8*s.unit && len(l.Words) <= 5 && titleCase(l.Words) && !strings.Contains(text, ","), 1)
	add(above < 0.8*s.unit && below > 1.5*above+0.3*s.unit && !s.flow[i-1].line.Heading, -1.5) // it ends what stands above
	add(strings.Contains(text, " - "), -1)
	add(strings.Contains(text, ",") && !colonEnd, -1.5)
	if i > 0 && s.flow[i-1].line.Heading && !colonEnd && size <= 1.1 && !s.bold(l.Words) {
		add(!(allCaps(text) && allCaps(s.flow[i-1].line.Text())), -2) // content, not a second title
	}
	add(next >= 0, 0.5)
	add(next < 0, -2)
	add(digits(text) > 0 && !numbered.MatchString(l.Words[0].Text), -1.5)
	if next >= 0 && s.flow[next].table < 0 {
		n := s.flow[next].line
		add(allCaps(text) && allCaps(n.Text()) && below < s.unit && !colonEnd && labelEnd(n.Words) == 0, -1.5)
	}
	return sum
}

var date = regexp.MustCompile(`\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}|\b(19|20)\d\d\b`)

// undated cuts the date from the end of a title: "Vital Signs (03/12/2024)",
// "Results - Collected 3/5/24", "Medications as of March 14, 2025".
func undated(words []page.Word) []page.Word {
	if len(words) > 10 || !date.MatchString(Text(words)) {
		return words
	}
	for i := 1; i < len(words); i++ {
		switch t := words[i].Text; {
		case colon(words[i-1].Text), strings.HasSuffix(words[i-1].Text, "."):
			return words
		case leaderDash(t), strings.HasPrefix(t, "("), t == "as", t == "on", t == "from":
			if date.MatchString(Text(words[i:])) {
				return words[:i]
			}
		case date.MatchString(t) && i+1 == len(words) && words[i-1].Text != "in":
			return words[:i]
		}
	}
	return words
}

func leaderDash(t string) bool { return strings.Trim(t, "-–—") == "" }

// canTitle rejects sentences, items, numbers and long lines.
func canTitle(words []page.Word, text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	last := text[len(text)-1]
	switch {
	case len(words) > 9 || letters(text) < 2 || letters(text) == 2 && last != ':' || digits(text)*3 > letters(text):
		return false
	case unicode.IsLower(r) || last == ',' || last == ';' || last == '.' && !allCaps(text):
		return false
	case bullet.MatchString(words[0].Text) && !numbered.MatchString(words[0].Text):
		return false
	case labelEnd(words) > 0 && labelEnd(words) < len(words):
		return false
	}
	return true
}

// numberedBelow is true for an item of a numbered list.
func (s *sheet) numberedBelow(i int) bool {
	gap, next := s.gapBelow(i)
	return next >= 0 && s.flow[next].table < 0 && gap < s.unit && numbered.MatchString(s.flow[next].line.Words[0].Text)
}

func (s *sheet) ruleBeneath(l Line) bool {
	for _, h := range s.horizontals {
		gap := midY(h) - float64(l.Box.Max.Y)
		if gap > -0.2*s.unit && gap < 0.8*s.unit && overlapX(h, l.Box) > 0.8*dx(l.Box) {
			return true
		}
	}
	return false
}

// gapAbove is the white space over a part within its column, wide at its top.
func (s *sheet) gapAbove(i int) float64 {
	if i == 0 || s.flow[i-1].group != s.flow[i].group {
		return 1.5 * s.unit
	}
	return dyGap(s.flowBox(i-1), s.flowBox(i))
}

// gapBelow is the white space under a part and the part there, -1 for none.
func (s *sheet) gapBelow(i int) (float64, int) {
	if i+1 >= len(s.flow) {
		return 0, -1
	}
	gap := dyGap(s.flowBox(i), s.flowBox(i+1))
	if s.flow[i+1].group != s.flow[i].group && gap < -0.5*s.unit {
		return 0, -1 // the top of another column
	}
	return gap, i + 1
}

// inlineHeading returns how many leading words of a line are a heading with the
// content after it on the same line, 0 for none. A label alone on its row counts
// if it is in capitals, or if what follows reads like text and not like one
// datum.
func (s *sheet) inlineHeading(i int, capitals bool) int {
	l := s.flow[i].line
	n := labelEnd(l.Words)
	if n == 0 || s.flow[i].seg.form > 0 || s.sameGroup(i, i-1) && s.flow[i-1].seg.row == s.flow[i].seg.row {
		return 0
	}
	rest := append([]page.Word(nil), l.Words[n:]...)
	end := i + 1
	for ; s.sameGroup(i, end) && s.flow[end].seg.row == s.flow[i].seg.row; end++ {
		rest = append(rest, s.flow[end].line.Words...)
	}
	label := Text(l.Words[:n])
	if s.repeatedLabel(label) || s.tickRow(s.rows[s.flow[i].seg.row].segs) {
		return 0
	}
	caps := allCaps(label) || letters(label) == 2 && count(label, unicode.IsUpper) == 2
	if len(rest) == 0 || letters(label) < 2 || countLabels(rest) > 0 || bullet.MatchString(l.Words[0].Text) && !numbered.MatchString(l.Words[0].Text) {
		return 0
	}
	datum := len(rest) <= 3 && digits(Text(rest)) > 0
	if caps && !capitals && !datum {
		return n
	}
	goesOn := s.sameGroup(i, end) && labelEnd(s.flow[end].line.Words) == 0 && dyGap(l.Box, s.flow[end].line.Box) < 0.8*s.unit
	apart := n == len(l.Words) // the value stands in a column of its own
	if (n == 1 || apart) && (s.stacked(i, i-1) || s.stacked(i, end)) {
		return 0
	}
	alone := s.gapAbove(i) > 0.8*s.unit
	if titleCase(l.Words[:n]) && !datum && (n >= 2 || len(rest) >= 4 || goesOn || alone) {
		return n
	}
	return 0
}

// repeatedLabel is true for a label that begins three lines of the page or more,
// such as "Sig:" under each drug.
func (s *sheet) repeatedLabel(label string) bool {
	if s.labels == nil {
		s.labels = map[string]int{}
		for _, p := range s.flow {
			if n := labelEnd(p.line.Words); n > 0 {
				s.labels[Text(p.line.Words[:n])]++
			}
		}
	}
	return s.labels[label] >= 3
}

// stacked is true where a neighbouring line begins with a label too, as rows of
// a form do: "Mother: …", "Father: …".
func (s *sheet) stacked(i, j int) bool {
	if !s.sameGroup(i, j) {
		return false
	}
	for s.sameGroup(i, j-1) && j > i-8 && j < i && s.flow[j-1].seg.row == s.flow[j].seg.row {
		j-- // to the label of a row whose value stands apart
	}
	a, b := s.flow[i].line, s.flow[j].line
	gap := math.Max(dyGap(a.Box, b.Box), dyGap(b.Box, a.Box))
	return labelEnd(b.Words) > 0 && gap < s.unit && math.Abs(float64(a.Box.Min.X)-float64(b.Box.Min.X)) < 2*s.char
}

// countLabels counts further labels, those in brackets left out.
func countLabels(words []page.Word) int {
	n, depth := 0, 0
	for _, w := range words {
		depth += strings.Count(w.Text, "(")
		r, _ := utf8.DecodeRuneInString(w.Text)
		if depth <= 0 && (colon(w.Text) || gluedLabel(w.Text) > 0) && unicode.IsUpper(r) {
			n++
		}
		depth -= strings.Count(w.Text, ")")
	}
	return n
}
