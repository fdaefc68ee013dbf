package layout

import (
	"image"
	"math"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/paperchart/paperchart/internal/page"
)

// token is a word of a row with the place it takes there.
type token struct {
	page.Word
	gap   float64 // to the token before, in characters
	start bool    // begins a seg
	seg   *seg
}

func words(ts []token) []page.Word {
	out := make([]page.Word, len(ts))
	for i, t := range ts {
		out[i] = t.Word
	}
	return out
}

// pairs collects every label and value the page may mean, best first where two
// want the same ink.
func (s *sheet) pairs() []Pair {
	var out []Pair
	fax := s.faxRows()
	for i := range s.rows {
		if fax[i] {
			continue
		}
		out = append(out, s.colonPairs(i)...)
		out = append(out, s.plainPairs(i)...)
	}
	out = append(out, s.boxPairs()...)
	out = append(out, s.tablePairs()...)
	return rank(out)
}

func (s *sheet) tokens(i int) []token {
	var out []token
	for _, g := range s.rows[i].segs {
		for k, w := range tokens(g.words) {
			t := token{Word: w, start: k == 0, seg: g}
			if len(out) > 0 {
				t.gap = (float64(w.Box.Min.X) - float64(out[len(out)-1].Box.Max.X)) / s.char
			}
			out = append(out, t)
		}
	}
	return out
}

// colonPairs reads a row as label: value label: value …
func (s *sheet) colonPairs(i int) []Pair {
	ts := s.tokens(i)
	var ends []int
	for k, t := range ts {
		if colon(t.Text) || k > 0 && numberedLabel(ts[k-1].Text, t.Text) {
			ends = append(ends, k)
		}
	}
	var out []Pair
	from := 0
	for n, e := range ends {
		start, sure := labelStart(ts, from, e)
		stop := len(ts)
		if n+1 < len(ends) {
			stop, _ = labelStart(ts, e+1, ends[n+1])
		}
		label := s.cell(words(ts[start : e+1]))
		got := s.valuesOf(i, label, ts, e+1, stop, sure)
		out = append(out, got...)
		if k := shorter(ts, start, e); k > start && len(got) > 0 {
			alt := got[0]
			alt.Label = s.cell(words(ts[k : e+1]))
			alt.Score *= 0.8
			out = append(out, alt)
		}
		from = e + 1
	}
	return out
}

// shorter is where a label may begin later than it seems to, after print that is
// no part of it: "Wilkins, Samantha MRN:". It returns start where nothing says so.
func shorter(ts []token, start, e int) int {
	from := e
	if ts[from].Text == ":" {
		from--
	}
	for k := start; k < from; k++ {
		if t := ts[k].Text; strings.HasSuffix(t, ",") || strings.HasSuffix(t, ".") && letters(t) > 3 || digits(t) > 1 {
			return nameStart(ts, start, from)
		}
	}
	return start
}

// labelStart finds where the label that ends at e begins, at from or after: at
// the last column gap, at a gap clearly wider than a space, else as few words
// as read like one name.
func labelStart(ts []token, from, e int) (int, float64) {
	for k := e; k >= from; k-- {
		if ts[k].start && ts[k].Text != ":" {
			if e-k < maxLabel {
				return k, 1
			}
			break
		}
	}
	k := e
	if ts[k].Text == ":" && k > from {
		k--
	}
	if widest := wideGap(ts, from, k); widest > from {
		return widest, 0.95
	}
	if from == 0 && k < maxLabel {
		return 0, 1
	}
	k = nameStart(ts, from, k)
	if k > from && (digits(ts[k-1].Text) > 0 || unicode.IsLower(firstRune(ts[k-1].Text))) {
		return k, 0.9 // "72 bpm Resp:"
	}
	return k, 0.7
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// nameStart walks back from the last word of a label over the words that are
// one name with it, leaving one for the value before.
func nameStart(ts []token, from, k int) int {
	end := k
	for k > from+1 && end-k < 3 {
		before := ts[k-1].Text
		switch {
		case connector(before) && k-2 > from && unicode.IsUpper(firstRune(ts[k-2].Text)) && digits(ts[k-2].Text) == 0:
			k -= 2
		case partOfName(before, ts[k].Text):
			k--
		default:
			return k
		}
	}
	return k
}

func wideGap(ts []token, from, to int) int {
	best, at, sum := 0.0, -1, 0.0
	for k := from + 1; k <= to; k++ {
		sum += ts[k].gap
		if ts[k].gap > best {
			best, at = ts[k].gap, k
		}
	}
	n := float64(to - from)
	if n < 1 || best < 1.1 || n > 1 && best < 1.4*(sum-best)/(n-1) {
		return -1
	}
	if to-at >= maxLabel {
		return -1
	}
	return at
}

// connector is true for the small words within a name: "Date of Birth".
func connector(word string) bool {
	switch strings.ToLower(word) {
	case "of", "to", "for", "and", "in", "at", "by", "&", "/":
		return true
	}
	return false
}

// partOfName is true where before and after are one name: "Phone #:", "Group
// No.:", "Group number:".
func partOfName(before, after string) bool {
	if digits(before) > 0 || !unicode.IsUpper(firstRune(before)) {
		return false
	}
	return after == "#:" || strings.EqualFold(after, "no.:") || strings.EqualFold(after, "no:") || unicode.IsLower(firstRune(after))
}

// valuesOf gives the candidates for a label's value: the tokens up to the next
// label, else what stands beneath.
func (s *sheet) valuesOf(i int, label Cell, ts []token, from, stop int, sure float64) []Pair {
	var out []Pair
	if from < stop {
		end := from + 1
		for end < stop && !ts[end].start {
			end++
		}
		score := 0.95 * sure * nearness(ts[from].gap)
		if spelt(words(ts[from:stop]), false).skip > 0 || s.marked(label.Box, ts[from].Box) {
			score *= 0.25 // the boxes answer
		}
		if f := ts[from-1].seg.form; f > 0 && f != ts[from].seg.form && len(s.boxes[f-1].lines) > 1 {
			score *= 0.4
		}
		value := s.wrapped(i, label, words(ts[from:end]))
		out = append(out, Pair{Label: label, Value: s.cell(value), Where: Beside, Score: score})
		if end < stop && ts[end].gap < 25 {
			out = append(out, Pair{Label: label, Value: s.cell(words(ts[from:stop])), Where: Beside, Score: score * 0.4})
		}
		if ts[from].gap < 12 {
			return out
		}
	}
	if g := s.under(i, label, 2); g != nil && labelEnd(g.words) == 0 && !s.asked[at(label.Words[0])] {
		out = append(out, Pair{Label: label, Value: s.cell(tokens(g.words)), Where: Below, Score: 0.7 * sure})
	}
	return out
}

// nearness falls from 1 for a value next to its label to 0.4 across the page.
func nearness(gap float64) float64 {
	return math.Max(0.4, 1-math.Max(0, gap-4)/80)
}

// under is the seg beneath a cell, at most n rows down: aligned to its left edge
// or centred under it.
func (s *sheet) under(i int, c Cell, n int) *seg {
	bottom := c.Box
	for j := i + 1; j < len(s.rows) && n > 0; j++ {
		var hit *seg
		for _, g := range s.rows[j].segs {
			if overlapX(g.box, c.Box) > 0 && (hit == nil || overlapX(g.box, c.Box) > overlapX(hit.box, c.Box)) {
				hit = g
			}
		}
		if gap := dyGap(bottom, s.rows[j].box); gap > 2*s.unit {
			return nil
		}
		n--
		if hit == nil {
			continue
		}
		left := math.Abs(float64(hit.box.Min.X) - float64(c.Box.Min.X))
		mid := math.Abs(midX(hit.box) - midX(c.Box))
		if left > 2*s.char && mid > 2*s.char && !(hit.box.Min.X > c.Box.Min.X && left < 6*s.char) {
			return nil
		}
		return hit
	}
	return nil
}

// maxWrap is the most lines a value goes on for.
const maxWrap = 5

// wrapped adds the lines below a value that stand under it with nothing beneath
// the label: an address, a list.
func (s *sheet) wrapped(i int, label Cell, value []page.Word) []page.Word {
	box := Bounds(value)
	if float64(box.Min.X)-float64(label.Box.Max.X) < -s.char {
		return value
	}
	bottom := box
	for j := i + 1; j < len(s.rows) && j <= i+maxWrap; j++ {
		var hit *seg
		for _, g := range s.rows[j].segs {
			if overlapX(g.box, label.Box) > 0 {
				return value
			}
			if math.Abs(float64(g.box.Min.X)-float64(box.Min.X)) <= 1.2*s.char {
				hit = g
			}
		}
		if hit == nil || hit.taken || dyGap(bottom, hit.box) > s.unit || labelEnd(hit.words) > 0 {
			return value
		}
		value = append(value[:len(value):len(value)], hit.words...)
		bottom = hit.box
	}
	return value
}

// plainPairs are the candidates without a colon: a label-like seg with the next
// seg of its row, the seg beneath, the one above a rule, or "MRN 123456".
func (s *sheet) plainPairs(i int) []Pair {
	segs := s.rows[i].segs
	var out []Pair
	for k, g := range segs {
		if g.taken && !g.aside {
			continue
		}
		ts := tokens(g.words)
		if p, ok := s.inlinePair(ts); ok {
			out = append(out, p)
		}
		if p, ok := s.filledPair(ts); ok {
			out = append(out, p)
		}
		if !labelLike(ts) || labelEnd(ts) > 0 || g.form > 0 && len(s.boxes[g.form-1].lines) > 1 {
			continue
		}
		label := s.cell(ts)
		if k+1 < len(segs) && labelEnd(segs[k+1].words) == 0 && !strings.HasSuffix(segs[k+1].text(), "?") && !s.marked(g.box, segs[k+1].box) && spelt(g.words, true).skip == 0 {
			out = append(out, s.sidePair(i, k, label))
		}
		if v := s.under(i, label, 1); v != nil && (!v.taken || v.aside) && labelEnd(v.words) == 0 {
			out = append(out, s.belowPair(label, v, len(segs)))
		}
		if p, ok := s.captionPair(i, label); ok && g.form == 0 {
			out = append(out, p)
		}
	}
	return out
}

func (s *sheet) sidePair(i, k int, label Cell) Pair {
	v := s.rows[i].segs[k+1]
	vt := tokens(v.words)
	gap := (float64(v.box.Min.X) - float64(label.Box.Max.X)) / s.char
	score := 0.5
	if k%2 == 1 && k > 0 {
		score = 0.3
	}
	if g := s.rows[i].segs[k]; ledBy(g.words[len(g.words)-1].Text) {
		return Pair{Label: label, Value: s.cell(s.wrapped(i, label, vt)), Where: Beside, Score: 0.8}
	}
	if digits(Text(vt)) > 0 {
		score += 0.1
	}
	return Pair{Label: label, Value: s.cell(s.wrapped(i, label, vt)), Where: Beside, Score: score * nearness(gap)}
}

// marked is true where a checkbox is drawn between two boxes of a row.
func (s *sheet) marked(a, b image.Rectangle) bool {
	r := betweenX(a, b)
	for _, m := range s.src.Marks {
		if overlapY(m.Box, r) > 0.5*dy(m.Box) && midX(m.Box) > float64(r.Min.X) && midX(m.Box) < float64(r.Max.X) {
			return true
		}
	}
	return false
}

func (s *sheet) belowPair(label Cell, v *seg, across int) Pair {
	vt := tokens(v.words)
	score := 0.3
	if measureWords(label.Words).unit < 0.85*measureWords(vt).unit {
		score += 0.2
	}
	if digits(Text(vt)) > 0 {
		score += 0.1
	}
	if across >= 2 {
		score += 0.1
	}
	return Pair{Label: label, Value: s.cell(vt), Where: Below, Score: score}
}

// captionPair is a value that stands on a drawn line with its label beneath.
func (s *sheet) captionPair(i int, label Cell) (Pair, bool) {
	for _, h := range s.baselines {
		if overlapX(h, label.Box) < 0.5*dx(label.Box) || midY(h) > midY(label.Box) || float64(label.Box.Min.Y)-midY(h) > 1.7*s.unit {
			continue
		}
		for j := i - 1; j >= 0 && j >= i-2; j-- {
			for _, g := range s.rows[j].segs {
				if !g.taken && overlapX(g.box, h) > 0.8*dx(g.box) && midY(g.box) < midY(h) && midY(h)-float64(g.box.Max.Y) < 1.3*s.unit && labelEnd(g.words) == 0 {
					return Pair{Label: label, Value: s.cell(tokens(g.words)), Where: Above, Score: 0.5}, true
				}
			}
		}
	}
	return Pair{}, false
}

// filledPair is a name before a drawn line with what was filled in on the line:
// "LAST NAME  Ortiz______".
func (s *sheet) filledPair(ts []page.Word) (Pair, bool) {
	for _, h := range s.baselines {
		k := 0
		for k < len(ts) && midX(ts[k].Box) < float64(h.Min.X) {
			k++
		}
		if k == 0 || k == len(ts) || !labelLike(ts[:k]) || labelEnd(ts[:k]) > 0 || float64(ts[k-1].Box.Max.X) > float64(h.Min.X)+s.char {
			continue
		}
		value := s.cell(ts[k:])
		if under := midY(h) - float64(value.Box.Max.Y); under < -0.5*s.unit || under > 0.8*s.unit || float64(value.Box.Max.X) > float64(h.Max.X)+s.char {
			continue
		}
		return Pair{Label: s.cell(ts[:k]), Value: value, Where: Beside, Score: 0.75}, true
	}
	return Pair{}, false
}

// inlinePair is a name of up to three words straight before a number: "MRN
// 123456", "Phone (555) 123-4567", "Pulse - 72".
func (s *sheet) inlinePair(ts []page.Word) (Pair, bool) {
	if len(ts) > 9 || labelEnd(ts) > 0 {
		return Pair{}, false
	}
	for k, w := range ts {
		if k > 0 && (w.Text == "-" || w.Text == "–" || w.Text == "=") && k+1 < len(ts) && labelLike(ts[:k]) {
			return Pair{Label: s.cell(ts[:k]), Value: s.cell(ts[k+1:]), Where: Beside, Score: 0.45}, true
		}
		r, _ := utf8.DecodeRuneInString(strings.TrimLeft(w.Text, "(#<>"))
		if digits(w.Text) > 0 && (unicode.IsDigit(r) || digits(w.Text)*2 >= letters(w.Text)) {
			ok := k > 0 && k <= 4 && labelLike(ts[:k])
			if !ok {
				return Pair{}, false
			}
			return Pair{Label: s.cell(ts[:k]), Value: s.cell(ts[k:]), Where: Beside, Score: 0.35}, true
		}
	}
	return Pair{}, false
}

// boxPairs read a drawn box as a caption on its first line over its value.
func (s *sheet) boxPairs() []Pair {
	var out []Pair
	for _, b := range s.boxes {
		if len(b.lines) < 2 || len(b.lines) > 6 {
			continue
		}
		first := tokens(b.lines[0])
		n := labelEnd(first)
		if n > 0 && n < len(first) || !labelLike(bareLabel(first)) && n == 0 {
			continue
		}
		var value []page.Word
		for _, l := range b.lines[1:] {
			value = append(value, s.unmarked(tokens(l))...)
		}
		if len(value) == 0 || labelEnd(value) > 0 {
			continue
		}
		score := 0.7
		if n > 0 || captioned(b, s.measure) {
			score = 0.85
		}
		out = append(out, Pair{Label: s.cell(first), Value: s.cell(value), Where: Below, Score: score})
	}
	return out
}

// bareLabel is a label without the number of its box and what it asks in brackets.
func bareLabel(ws []page.Word) []page.Word {
	if len(ws) > 1 && fieldNo.MatchString(ws[0].Text) {
		ws = ws[1:]
	}
	for i, w := range ws {
		if i > 0 && strings.HasPrefix(w.Text, "(") {
			return ws[:i]
		}
	}
	return ws
}

// unmarked are the words that label no checkbox.
func (s *sheet) unmarked(ws []page.Word) []page.Word {
	var out []page.Word
	for _, w := range ws {
		if !s.ticked[at(w)] {
			out = append(out, w)
		}
	}
	return out
}

// tablePairs read headless tables of two or four columns as label and value.
func (s *sheet) tablePairs() []Pair {
	var out []Pair
	for _, g := range s.grids {
		n := 0
		if len(g.table.Rows) > 0 {
			n = len(g.table.Rows[0])
		}
		if n != 2 && (n != 4 || !g.table.Ruled || len(g.table.Header) > 0) {
			continue
		}
		for _, r := range g.table.Rows {
			for k := 0; k+1 < n; k += 2 {
				if labelLike(r[k].Words) && len(r[k+1].Words) > 0 {
					out = append(out, Pair{Label: r[k], Value: r[k+1], Where: Beside, Score: 0.65})
				}
			}
		}
	}
	return out
}

// rank keeps the score of the best pair for each label and each value and
// lowers that of those that want the same words.
func rank(pairs []Pair) []Pair {
	order := make([]int, len(pairs))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return pairs[order[a]].Score > pairs[order[b]].Score })
	labels, values := map[[2]int]bool{}, map[[2]int]bool{}
	for _, i := range order {
		p := &pairs[i]
		clash := false
		for _, w := range p.Label.Words {
			clash = clash || labels[at(w)] || values[at(w)]
		}
		for _, w := range p.Value.Words {
			clash = clash || values[at(w)] || labels[at(w)]
		}
		if clash {
			p.Score *= 0.5
			continue
		}
		for _, w := range p.Label.Words {
			labels[at(w)] = true
		}
		for _, w := range p.Value.Words {
			values[at(w)] = true
		}
	}
	out := pairs[:0]
	for _, p := range pairs {
		if len(p.Value.Words) > 0 && len(p.Label.Words) > 0 && p.Score >= 0.1 {
			out = append(out, p)
		}
	}
	return out
}

// at is a word's place on its page.
func at(w page.Word) [2]int { return [2]int{w.Box.Min.X, w.Box.Min.Y} }
