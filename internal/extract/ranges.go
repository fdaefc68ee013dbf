package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/terms"
)

// rangeWithUnit takes a unit out of the range's place: printed there behind the
// figures ("> OR = 50 mg/dL"), or instead of them.
func rangeWithUnit(l lab) lab {
	p := l.rng
	last := strings.LastIndexAny(p.text, "0123456789")
	if p.empty() || !l.unit.empty() {
		return l
	}
	for _, w := range wordsOf(p) {
		if w.from <= last {
			continue
		}
		u := p.sub(w.from, w.to).trim("()[],;")
		if !unitLike(u.text) || !grammar.KnownUnit(u.text) {
			break
		}
		l.unit = u
		l.rng = p.sub(0, w.from)
		break
	}
	return l
}

// unitWithFlag takes a flag out of the unit's place, where a narrow column of
// flags was read with it.
func unitWithFlag(l lab) lab {
	ws := wordsOf(l.unit)
	if len(ws) == 0 || !l.flag.empty() {
		return l
	}
	first := l.unit.sub(ws[0].from, ws[0].to)
	if _, ok := grammar.ParseFlag(first.text); !ok || len(strings.Trim(first.text, "()*")) > 2 {
		return l
	}
	l.flag = first
	l.unit = l.unit.sub(ws[0].to, len(l.unit.text))
	return l
}

// unitCell takes the unit from its column, from behind the value, or from the
// range.
func (r *reader) unitCell(l lab, res grammar.Result, m terms.Match, known bool) (cell, bool) {
	p := l.unit.trim(" |_:")
	if !unitLike(p.text) {
		p = passage{}
	}
	if p.empty() && res.Unit != "" {
		if q, ok := l.result.find(res.Unit, 0); ok {
			p = q
		} else {
			p = l.result
			p.text = res.Unit
		}
	}
	if p.empty() {
		if u := rangeUnit(l.rng.text); u != "" {
			p, _ = l.rng.find(u, 0)
		}
	}
	if p.empty() || len(p.text) > 24 {
		return cell{}, false
	}
	u, repaired := grammar.RepairUnit(p.text)
	c := from(p, u)
	if repaired {
		c.sig.Repaired = 1
	}
	_, ok := r.terms.Unit(u)
	switch {
	case ok || grammar.KnownUnit(u):
		c.sig.Vocabulary = 1
	case digits(u) == len(u):
		return cell{}, false
	default:
		c.sig.Grammar = 0.5
	}
	return c, true
}

// unitLike tells a unit from a figure or a range in its column.
func unitLike(s string) bool {
	if s == "%" {
		return true
	}
	letters := strings.ContainsFunc(s, func(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 127 })
	return letters && strings.IndexAny(s, "<>≤≥") < 0
}

func rangeUnit(text string) string {
	if text == "" {
		return ""
	}
	g, ok := grammar.ParseRange(text)
	if !ok {
		return ""
	}
	return g.Unit
}

var rangeLead = regexp.MustCompile(`(?i)^[(\[]?\s*(?:reference|ref\.?|normal|nl|range|expected|rr)(?:\s*(?:range|interval|int\.?|values?|limits))?\s*[:=]?\s+|^(?i:ref|normal|range|rr|reference):`)

// rangeCell keeps the range as printed.
// limitsCell is a range from the columns of its limits, either of which may be open.
func limitsCell(low, high passage) (grammar.Range, cell, bool) {
	text := low.text + "-" + high.text
	switch {
	case low.empty():
		text = "<=" + high.text
	case high.empty():
		text = ">=" + low.text
	}
	g, ok := grammar.ParseRange(text)
	c := from(join(low, high), text)
	c.sig.Numeric, c.sig.Grammar = 1, g.Score
	return g, c, ok
}

// twoRanges finds two ranges in the place of one, as where two rows were read as
// one.
var twoRanges = regexp.MustCompile(`\d\s*[-–]\s*\d+(?:[.,]\d+)?\s+\d+(?:[.,]\d+)?\s*[-–]\s*\d`)

func (r *reader) rangeCell(l lab, res grammar.Result) (grammar.Range, cell, bool) {
	p := l.rng.trim(" |_:;,")
	if low, high := l.low.trim(" |_:;,"), l.high.trim(" |_:;,"); p.empty() && (!low.empty() || !high.empty()) {
		return limitsCell(low, high)
	}
	if strings.HasPrefix(p.text, "(") && strings.HasSuffix(p.text, ")") || strings.HasPrefix(p.text, "[") && strings.HasSuffix(p.text, "]") {
		p = p.trim("()[]")
	}
	if p.empty() {
		return grammar.Range{}, cell{}, false
	}
	if m := rangeLead.FindString(p.text); m != "" && len(m) < len(p.text) {
		p = p.sub(len(m), len(p.text)).trim(" )]")
	}
	g, ok := grammar.ParseRange(p.text)
	c := from(p, p.text)
	if u := g.Unit; ok && u != "" && strings.HasSuffix(p.text, u) && len(p.text) > len(u) {
		if q := p.sub(0, len(p.text)-len(u)); digits(q.text) > 0 {
			c = from(q, q.text)
		}
	}
	c.sig.Numeric = 1
	if twoRanges.MatchString(p.text) {
		c = c.doubt("two ranges in one place")
		c.sig.Plausible, c.sig.Grammar = 0.1, 0.2
	}
	if !ok {
		c.sig.Grammar = min(c.sig.Grammar, 0.4)
		if key(p.text) == "" || noResult[key(p.text)] {
			return g, c, false
		}
		return g, c, true
	}
	if c.remark == "" {
		c.sig.Grammar = g.Score
	}
	if g.Remark != "" {
		c = c.doubt(g.Remark)
	}
	return g, c, true
}

// flagCell keeps the flag as printed, upper case where it is letters.
func flagCell(l lab, res grammar.Result, text passage) (cell, string, bool) {
	p := l.flag.trim(" |_()[]")
	if f, ok := grammar.ParseFlag(p.text); ok && !p.empty() {
		c := from(p, flagText(p.text, f))
		c.sig.Vocabulary = 1
		return c, f, true
	}
	if res.Flag == "" {
		return cell{}, "", false
	}
	q := text
	for i := len(text.ink) - 1; i >= 0; i-- {
		w := strings.Trim(text.ink[i].Text, "()[]*,;")
		if f, ok := grammar.ParseFlag(w); ok && f == res.Flag {
			if at, ok := text.find(w, max(0, text.at[i])); ok {
				q = at
			}
			break
		}
	}
	c := from(q, flagText(q.text, res.Flag))
	c.sig.Vocabulary = 1
	return c, res.Flag, true
}

// flagText keeps the printed letters, and gives the code for words and signs.
func flagText(printed, code string) string {
	p := strings.ToUpper(strings.Trim(printed, "()[]*! "))
	if len(p) > 0 && len(p) <= 2 && p[0] >= 'A' && p[0] <= 'Z' && p != "HI" && p != "LO" {
		return p
	}
	return code
}

// judge weighs a value against its range and flag.
func judge(c cell, res grammar.Result, g grammar.Range, flag string, decided bool) cell {
	if grammar.LostPoint(res, g, flag) {
		c.sig.Plausible = 0
		return c.doubt(grammar.RemarkLostPoint)
	}
	switch grammar.CheckFlag(flag, res, g) {
	case grammar.Agree:
		if decided || flag != "" {
			c.sig.Plausible = 1
		} else {
			c.sig.Plausible = 0.8
		}
	case grammar.Disagree:
		if flag == "" && !decided {
			c.sig.Plausible = 0.4
			break
		}
		c.sig.Plausible = 0
		c = c.doubt(grammar.RemarkFlagRange)
	}
	return c
}
