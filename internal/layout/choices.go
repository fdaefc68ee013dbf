package layout

import (
	"image"
	"math"
	"sort"
	"strings"

	"github.com/paperchart/paperchart/internal/page"
)

// glyphs are checkboxes as the reader spells them; true is checked.
var glyphs = map[string]bool{
	"☒": true, "☑": true, "☐": false, "□": false, "■": true, "○": false, "●": true, "◯": false,
	"[X]": true, "[x]": true, "[]": false, "[_]": false, "(X)": true, "(x)": true, "()": false, "(_)": false,
	"[V]": true, "[v]": true, "[✓]": true, "[✔]": true, "(✓)": true, "[*]": true, "(*)": true, "✓": true, "✔": true, "[@]": true,
}

// tick is a checkbox of a row, drawn or spelt, and the words that spell it.
type tick struct {
	mark page.Mark
	skip int // words of the row it takes, 0 for a drawn one
}

// choices joins checkboxes with their labels row by row.
func (s *sheet) choices() []Choice {
	byRow := s.marksByRow()
	var out []Choice
	for i := range s.rows {
		out = append(out, s.rowChoices(i, byRow[i])...)
	}
	for _, m := range byRow[-1] {
		out = append(out, Choice{Page: s.src.Number, Mark: m, Label: s.cell(nil)})
	}
	s.questions(out)
	s.ticked, s.asked = map[[2]int]bool{}, map[[2]int]bool{}
	for _, c := range out {
		for _, w := range c.Question.Words {
			s.asked[at(w)] = true
		}
		for _, w := range c.Label.Words {
			s.ticked[at(w)] = true
		}
	}
	return out
}

// marksByRow puts each drawn mark on the row it shares most height with; -1
// holds those that stand alone.
func (s *sheet) marksByRow() map[int][]page.Mark {
	out := map[int][]page.Mark{}
	for _, m := range s.src.Marks {
		best, near := -1, 0.0
		for i := range s.rows {
			for _, g := range s.rows[i].segs {
				shared := overlapY(g.box, m.Box)
				if shared < 0.3*math.Min(dy(g.box), dy(m.Box)) {
					continue
				}
				if d := shared / (1 + math.Max(0, -overlapX(g.box, m.Box))/s.char); d > near {
					best, near = i, d
				}
			}
		}
		out[best] = append(out[best], m)
	}
	return out
}

// piece is a word or a tick of a row in order.
type piece struct {
	box  image.Rectangle
	word page.Word
	tick bool
	mark page.Mark
	seg  *seg
}

func (s *sheet) rowChoices(i int, marks []page.Mark) []Choice {
	ps := s.pieces(i, marks)
	var out []Choice
	from := 0
	for k := 1; k <= len(ps); k++ {
		if k == len(ps) || s.barred(ps[k-1].box, ps[k].box) {
			out = append(out, s.cellChoices(ps[from:k])...)
			from = k
		}
	}
	return out
}

// cellChoices reads the boxes of a row that no drawn line parts.
func (s *sheet) cellChoices(ps []piece) []Choice {
	var ticks []int
	for k, p := range ps {
		if p.tick {
			ticks = append(ticks, k)
		}
	}
	if len(ticks) == 0 {
		return nil
	}
	left := s.labelsLeft(ps, ticks)
	out := make([]Choice, 0, len(ticks))
	for n, k := range ticks {
		c := Choice{Page: s.src.Number, Mark: ps[k].mark}
		if left {
			from := 0
			if n > 0 {
				from = ticks[n-1] + 1
			}
			c.Label = s.cell(s.run(ps, k-1, from-1, -1))
		} else {
			to := len(ps)
			if n+1 < len(ticks) {
				to = ticks[n+1]
			}
			c.Label = s.cell(s.run(ps, k+1, to, 1))
		}
		if n == 0 && !left && k > 0 {
			c.Question = s.cell(s.run(ps, k-1, -1, -1))
		}
		out = append(out, c)
	}
	for n := 1; n < len(out); n++ {
		if len(out[n].Question.Words) == 0 {
			out[n].Question = out[n-1].Question
		}
	}
	return out
}

// pieces are the words of a row with its ticks among them; a word that lies in a
// drawn mark is the reader's guess at it and left out.
func (s *sheet) pieces(i int, marks []page.Mark) []piece {
	var out []piece
	for _, m := range marks {
		out = append(out, piece{box: m.Box, tick: true, mark: m})
	}
	for _, g := range s.rows[i].segs {
		for k := 0; k < len(g.words); k++ {
			if inMark(g.words[k], marks) {
				continue
			}
			if t := spelt(g.words[k:], k == 0); t.skip > 0 {
				out = append(out, piece{box: t.mark.Box, tick: true, mark: t.mark, seg: g})
				k += t.skip - 1
				continue
			}
			out = append(out, piece{box: g.words[k].Box, word: g.words[k], seg: g})
		}
	}
	sort.SliceStable(out, func(a, b int) bool { return out[a].box.Min.X < out[b].box.Min.X })
	return out
}

func inMark(w page.Word, marks []page.Mark) bool {
	for _, m := range marks {
		r := w.Box.Intersect(m.Box)
		if !r.Empty() && len(w.Text) <= 4 && dx(r)*dy(r) >= 0.5*dx(w.Box)*dy(w.Box) {
			return true
		}
	}
	return false
}

// spelt reads a checkbox from the words that begin here: "[X]", "[ ]" as two
// words, "☐", and "X Yes" or "_ No" where a line begins so.
func spelt(ws []page.Word, first bool) tick {
	make := func(n int, checked bool) tick {
		conf := 1.0
		for _, w := range ws[:n] {
			conf = math.Min(conf, w.Conf)
		}
		return tick{mark: page.Mark{Box: Bounds(ws[:n]), Checked: checked, Conf: conf}, skip: n}
	}
	for n := 1; n <= 3 && n <= len(ws); n++ {
		var b strings.Builder
		for _, w := range ws[:n] {
			b.WriteString(w.Text)
		}
		if checked, ok := glyphs[b.String()]; ok {
			return make(n, checked)
		}
	}
	if len(ws) > 1 && yesNo(ws[1].Text) {
		switch ws[0].Text {
		case "X", "x":
			return make(1, true)
		case "_", "__", "___", "____":
			return make(1, false)
		}
	}
	return tick{}
}

func yesNo(text string) bool {
	switch strings.ToLower(strings.Trim(text, ".,:;")) {
	case "yes", "no", "y", "n", "none", "male", "female", "unknown", "other":
		return true
	}
	return false
}

// labelsLeft is true for a row like "Yes [ ] No [X]": words close before the
// first box and none after the last.
func (s *sheet) labelsLeft(ps []piece, ticks []int) bool {
	last := ticks[len(ticks)-1]
	after := last+1 < len(ps) && float64(ps[last+1].box.Min.X)-float64(ps[last].box.Max.X) < 4*s.char
	before := ticks[0] > 0 && float64(ps[ticks[0]].box.Min.X)-float64(ps[ticks[0]-1].box.Max.X) < 4*s.char
	return !after && before
}

// run collects words from ps[k] in one direction up to stop or a column gap.
func (s *sheet) run(ps []piece, k, stop, step int) []page.Word {
	var out []page.Word
	for ; k != stop && k >= 0 && k < len(ps) && !ps[k].tick; k += step {
		if len(out) > 0 && math.Abs(gapBetween(ps[k].box, ps[k-step].box)) > 2.5*s.char {
			break
		}
		out = append(out, ps[k].word)
	}
	if step < 0 {
		for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
			out[i], out[j] = out[j], out[i]
		}
	}
	return out
}

func gapBetween(a, b image.Rectangle) float64 { return math.Max(0, -overlapX(a, b)) }

// questions gives choices without one the line above their group, where it ends
// in a colon or question mark.
func (s *sheet) questions(cs []Choice) {
	for i := range cs {
		if len(cs[i].Question.Words) > 0 {
			continue
		}
		if i > 0 && alignedMarks(cs[i-1].Mark.Box, cs[i].Mark.Box, s.unit) {
			cs[i].Question = cs[i-1].Question
			continue
		}
		if q := s.boxCaption(cs[i].Mark.Box); q != nil {
			cs[i].Question = s.cell(q)
			continue
		}
		if q := s.lineAbove(cs[i].Mark.Box); q != nil {
			cs[i].Question = s.cell(q)
		}
	}
}

// boxCaption is the first line of the drawn box a mark stands in, unless the mark
// stands on it too.
func (s *sheet) boxCaption(m image.Rectangle) []page.Word {
	for _, b := range s.boxes {
		if b.form && m.In(b.rect) && len(b.lines) > 1 && overlapY(Bounds(b.lines[0]), m) <= 0 {
			return b.lines[0]
		}
	}
	return nil
}

// alignedMarks is true for boxes under one another or on one row.
func alignedMarks(a, b image.Rectangle, unit float64) bool {
	under := math.Abs(float64(a.Min.X)-float64(b.Min.X)) < 0.6*unit && dyGap(a, b) < 3*unit
	return under || overlapY(a, b) > 0.5*dy(a)
}

func (s *sheet) lineAbove(b image.Rectangle) []page.Word {
	for i := len(s.rows) - 1; i >= 0; i-- {
		if s.rows[i].box.Max.Y > b.Min.Y+b.Dy()/2 {
			continue
		}
		if dyGap(s.rows[i].box, b) > 2*s.unit {
			return nil
		}
		for _, g := range s.rows[i].segs {
			text := g.text()
			if float64(g.box.Min.X) < float64(b.Max.X)+2*s.char && g.box.Max.X > b.Min.X && (strings.HasSuffix(text, ":") || strings.HasSuffix(text, "?")) {
				return g.words
			}
		}
		return nil
	}
	return nil
}
