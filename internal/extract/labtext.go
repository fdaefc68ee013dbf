package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/terms"
)

// labLines reads results from lines of text: printed tables whose columns were
// not seen, and prose ("TSH 2.3, vitamin D 28 (L)").
func (r *reader) labLines(c *chunk, lines []line) {
	panel := passage{}
	if panelTitle(c.title.text) && rowsOf[c.sec] == kindLab {
		if s, _, ok := r.lex.heading(c.title.text); !ok || s != secLabs {
			panel = c.title
		}
	}
	drawn := cell{}
	if len(c.parts) > 0 && len(c.parts[0].lines) > 0 {
		drawn, _ = r.drawnOn(c.parts[0].lines[0].passage)
	}
	for _, ln := range panelItems(lines) {
		if i := strings.IndexByte(ln.text, ':'); i > 1 && panelTitle(ln.text[:i]) && len(r.scanLabs(ln.sub(0, i+8), around{})) == 0 {
			panel = ln.sub(0, i)
			ln.passage = ln.sub(i+1, len(ln.text))
		}
		ctx := around{sec: c.sec, sure: c.sure, title: c.title, label: 0.8, bond: 0.75, order: ln.order}
		if d, ok := r.drawnOn(ln.passage); ok {
			drawn = d
			continue
		}
		if q := dateTailOf(r, ln.passage); !q.empty() && !r.isTerm(kindLab, q.text) {
			panel = q // "Lipid Panel (October 18, 2023)"
			drawn, _ = r.dateCell(ln.passage, true)
			continue
		}
		found := r.scanLabs(ln.passage, ctx)
		if plain := r.plainList(ln.passage, ctx); c.sec == secLabs && len(plain) > len(found) {
			found = plain
		}
		if len(found) == 0 && c.sec == secLabs {
			if l, ok := r.plainLab(ln.passage, ctx); ok {
				found = []lab{l}
			} else if panelTitle(ln.text) && len(ln.ink) <= 6 {
				panel = ln.passage
			}
		}
		for _, l := range found {
			if panel.empty() || c.rest {
				panel = first(r.panelOver(l.name), panel)
			}
			if !panel.empty() {
				l.panel = from(panel, strings.Trim(panel.text, " :-"))
				l.panel.sig.Label = 0.8
			}
			if ds := r.dates(true).Find(c.title.text); l.date.value == "" && len(ds) == 1 && ds[0].Value != "" {
				l.date, _ = r.dateCell(c.title, true)
			}
			if l.date.value == "" {
				l.date = drawn
			}
			r.addLab(l, row{cells: map[string]passage{}, ctx: ctx})
		}
	}
}

// drawnLead is what may stand before the day that a list's results are of.
var drawnLead = regexp.MustCompile(`(?i)^(?:(?:samples?|specimens?|blood|labs?|tests?)\s+)?(?:(?:taken|drawn|collected|resulted|dated|from|of|on|as of|received)\s*)*:?\s*(?:on\s+)?`)

// drawnOn is the day on a line of its own over results: "11/30/2022", "Sample taken
// 30 Oct 2022".
func (r *reader) drawnOn(p passage) (cell, bool) {
	q := p.sub(len(drawnLead.FindString(p.text)), len(p.text)).trim(" ()")
	d, ok := r.dates(true).Parse(q.text)
	if !ok || len(d.Value) != 10 {
		return cell{}, false
	}
	c, ok := r.dateCell(q, true)
	c.sig.Label = 0.75
	return c, ok
}

// panelItems are the items of lines; a panel's name on a line of its own goes on
// with none.
func panelItems(lines []line) []line {
	var out []line
	from := 0
	for i, l := range lines {
		if panelTitle(l.text) && digits(l.text) == 0 && len(l.ink) <= 6 && !strings.Contains(strings.TrimRight(l.text, ": "), ":") {
			out = append(append(out, items(lines[from:i])...), l)
			from = i + 1
		}
	}
	return append(out, items(lines[from:])...)
}

// scanLabs finds known analytes followed by a result, as often as they come.
func (r *reader) scanLabs(p passage, ctx around) []lab {
	p = r.unglueLabs(p)
	toks := wordsOf(p)
	vitals := grammar.FindVitals(p.text)
	var out []lab
	for i := 0; i < len(toks); {
		l, next, ok := r.labAt(p, toks, i)
		if !ok {
			i++
			continue
		}
		l.ctx = ctx
		at := grammar.Span{Start: toks[i].from, End: toks[next-1].to}
		i = next
		sign := false
		for _, v := range vitals {
			sign = sign || v.Score > 0.5 && v.Overlaps(at)
		}
		if !sign {
			out = append(out, l)
		}
	}
	return out
}

// unglueLabs parts an analyte from the figure that OCR ran it together with
// ("K3.9mEq/L"), unless the whole is a name (B12).
func (r *reader) unglueLabs(p passage) passage {
	return p.unglue(func(w string) int {
		i := strings.IndexFunc(w, func(c rune) bool { return c >= '0' && c <= '9' })
		if i < 1 || len(w) < i+2 || !r.isTerm(kindLab, w[:i]) || r.isTerm(kindLab, w) {
			return 0
		}
		return i
	})
}

// unglue cuts words in two where the function says so; both halves keep the
// word's place.
func (p passage) unglue(cut func(word string) int) passage {
	var words []ink
	changed := false
	for i, w := range p.ink {
		if p.at[i] < 0 || p.at[i]+len(w.Text) > len(p.text) {
			return p // a word that is cut already cannot be cut again
		}
		n := cut(w.Text)
		if n <= 0 || n >= len(w.Text) {
			words = append(words, w)
			continue
		}
		a, b := w, w
		a.Text, b.Text = w.Text[:n], w.Text[n:]
		words, changed = append(words, a, b), true
	}
	if !changed {
		return p
	}
	return write(words)
}

// piece is a word of a passage by its bytes, without punctuation at its ends.
type piece struct{ from, to int }

func wordsOf(p passage) []piece {
	var out []piece
	start := -1
	for i := 0; i <= len(p.text); i++ {
		if i == len(p.text) || p.text[i] == ' ' {
			if start >= 0 {
				out = append(out, piece{start, i})
			}
			start = -1
			continue
		}
		if start < 0 {
			start = i
		}
	}
	return out
}

// labAt reads an analyte and its result at a word: the longest known name that
// a result follows.
func (r *reader) labAt(p passage, toks []piece, i int) (lab, int, bool) {
	for n := min(6, len(toks)-i-1); n > 0; n-- {
		name := p.sub(toks[i].from, toks[i+n-1].to).trim(" ,;:=(*•-–")
		if name.empty() || digits(name.text) == len(name.text) {
			continue
		}
		m, ok := r.terms.Match(terms.Lab, name.text)
		if !ok || m.Score < 0.9 || notMeasured[key(name.text)] || n > 1 && strings.HasSuffix(p.text[toks[i].from:toks[i].to], ":") || n > 1 && (r.noAnalyte(p.text[toks[i].from:toks[i].to]) || links[strings.ToLower(p.text[toks[i].from:toks[i].to])] || links[strings.ToLower(lastWord(name.text))] && !strings.EqualFold(lastWord(name.text), "level")) || i > 0 && doseUnits[strings.ToLower(name.text)] && digits(p.text[toks[i-1].from:toks[i-1].to]) > 0 {
			continue
		}
		j := skipLinks(p, toks, r.skipDay(p, toks, i+n))
		if l, next, ok := r.resultAt(p, toks, j); ok && (len(name.text) > 1 || perVolume(l.result.text) || r.amongLabs(p, toks, i, next)) {
			l.name = r.withoutTest(name)
			return l, next, true
		}
	}
	return lab{}, i, false
}

// notMeasured are names of tests that in text are people, places or reports.
var notMeasured = fieldSet("urine", "blood", "serum", "stool", "sputum", "wound", "alcohol", "tobacco", "pcp", "ua", "urinalysis", "or", "er")

// skipDay is the word behind a day that stands between an analyte and its result:
// "the ferritin on 3 May was 12".
func (r *reader) skipDay(p passage, toks []piece, j int) int {
	if j >= len(toks) || !dayLead[strings.ToLower(p.text[toks[j].from:toks[j].to])] {
		return j
	}
	from := toks[min(j+1, len(toks)-1)].from
	for _, d := range r.dates(true).Find(p.text[from:]) {
		if d.Start != 0 {
			break
		}
		for k := j + 1; k < len(toks); k++ {
			if toks[k].from >= from+d.End {
				return k
			}
		}
	}
	return j
}

var dayLead = fieldSet("on", "in", "from", "of", "at")

// potassium is so named and so high in text without a unit.
var potassium = regexp.MustCompile(`^K\+?(?: of| is| was|:| =)? [2-7]\.\d(?:\s|[.,;)]|$)`)

// withoutTest is a test's name without the word that says it is one.
func (r *reader) withoutTest(name passage) passage {
	if i := strings.LastIndexByte(name.text, ' '); i > 1 && strings.EqualFold(name.text[i+1:], "test") && r.isTerm(kindLab, name.text[:i]) {
		return name.sub(0, i)
	}
	return name
}

// amongLabs tells whether an analyte stands next to another with its result:
// "Na 139, K 3.8".
func (r *reader) amongLabs(p passage, toks []piece, i, next int) bool {
	known := func(at int) bool {
		name := strings.Trim(p.text[toks[at].from:toks[at].to], " ,;:")
		m, ok := r.terms.Match(terms.Lab, name)
		return ok && m.Score >= 0.9 && len(name) > 1
	}
	if potassium.MatchString(p.text[toks[i].from:]) {
		return true
	}
	if next+1 < len(toks) && known(next) && digits(p.text[toks[next+1].from:toks[next+1].to]) > 0 {
		return true
	}
	for k := i - 1; k > 0 && k >= i-4; k-- {
		if digits(p.text[toks[k].from:toks[k].to]) > 0 && known(k-1) {
			return true
		}
	}
	return false
}

// perVolume tells whether a result has a unit such as mmol/L, without which a
// letter alone ("K") is no analyte.
func perVolume(result string) bool {
	res, ok := grammar.ParseResult(result)
	return ok && strings.Contains(res.Unit, "/")
}

// noAnalyte tells whether a word cannot begin a test's name: one that joins, or
// the unit of the result before it.
func (r *reader) noAnalyte(w string) bool {
	return joins[strings.ToLower(w)] || strings.Contains(w, "/") && grammar.KnownUnit(w)
}

// links are words that may stand between an analyte and its result.
var links = fieldSet("is", "was", "of", "at", "level", "to", "=", ":", "-", "–", "resulted", "came", "back", "today", "value", "result", "measured", "showed", "shows", "remains", "about", "around", "just", "only", "still", "slightly", "mildly", "improved", "risen", "fallen", "dropped", "increased", "decreased", "elevated", "low", "high", "now", "normal", "up", "down")

func skipLinks(p passage, toks []piece, j int) int {
	for n := 0; j < len(toks) && n < 3; n++ {
		w := strings.Trim(p.text[toks[j].from:toks[j].to], ",;:=")
		if w != "" && !links[strings.ToLower(w)] {
			break
		}
		j++
	}
	return j
}

// resultAt reads a result, and the range and flag that may follow it.
func (r *reader) resultAt(p passage, toks []piece, j int) (lab, int, bool) {
	for n := min(4, len(toks)-j); n > 0; n-- {
		q := p.sub(toks[j].from, toks[j+n-1].to)
		if strings.ContainsAny(strings.TrimRight(q.text, ",;."), ";") || innerComma(q.text) {
			continue
		}
		q = q.trim(" ,;.")
		if n > 1 && joins[strings.ToLower(lastWord(q.text))] {
			continue
		}
		res, ok := grammar.ParseResult(q.text)
		if !ok || res.Kind == grammar.Qualitative && n > 3 || strings.Contains(res.Unit, " ") && (digits(res.Unit) > 0 || r.isTerm(kindLab, lastWord(res.Unit))) {
			continue
		}
		if next := j + n; next < len(toks) && res.Unit != "" && !strings.ContainsAny(res.Unit, "/%") && strings.HasSuffix(q.text, " "+res.Unit) && (len(res.Unit) == 1 || r.isTerm(kindLab, res.Unit)) && digits(p.text[toks[next].from:toks[next].to]) > 0 {
			continue // "Na 131 K 4.9"
		}
		if len(res.Unit) > 2 && !strings.ContainsAny(res.Unit, "/ %") && r.isTerm(kindLab, res.Unit) {
			continue // the name of the next analyte, as in "Cr 0.8 Hgb 12.9"
		}
		if strings.EqualFold(strings.Trim(lastWord(q.text), "([:"), "normal") && j+n < len(toks) && (rangeWord.MatchString(p.text[toks[j+n].from:toks[j+n].to]) || rangeAhead.MatchString(p.text[toks[j+n].from:])) {
			continue // "normal range" is no flag
		}
		if percentOfDate(r, q.text) {
			continue
		}
		l := lab{result: q}
		k := j + n
		l.rng, l.flag, k = r.rangeAt(p, toks, k, !strings.HasSuffix(p.text[toks[k-1].from:toks[k-1].to], ";"))
		return l, k, true
	}
	return lab{}, j, false
}

func percentOfDate(r *reader, s string) bool {
	d, ok := r.dates(true).Parse(s)
	return ok && len(d.Value) == 10
}

// rangeAhead finds a range, which "normal" or "ref" before it only announces.
var rangeAhead = regexp.MustCompile(`^[(\[]?\s*(?:[<>≤≥]\s*\d|\d+(?:\.\d+)?\s*(?:-|–|to)\s*\d)`)

var rangeWord = regexp.MustCompile(`(?i)^(?:range|values?|limits?|interval)\b`)

// loudFlag are flags spelled out.
var loudFlag = map[string]bool{"HIGH": true, "LOW": true, "High": true, "Low": true, "ABNORMAL": true, "Abnormal": true, "CRITICAL": true}

// innerComma tells of a comma that parts two results rather than digits.
func innerComma(s string) bool {
	i := strings.Index(s, ", ")
	return i >= 0 && i < len(s)-2
}

// rangeAt reads a range, in brackets or bare, and a flag before or after it.
func (r *reader) rangeAt(p passage, toks []piece, k int, open bool) (rng, flag passage, next int) {
	if !open {
		return passage{}, passage{}, k
	}
	for k < len(toks) {
		w := p.sub(toks[k].from, toks[k].to)
		if _, ok := grammar.ParseFlag(w.text); ok && flag.empty() && (len(strings.Trim(w.text, "()[],;.*")) <= 2 || loudFlag[strings.Trim(w.text, "()[],;.*")] && (k == len(toks)-1 || w.text[0] == '(')) {
			flag = w.trim("()[],;.")
			k++
			continue
		}
		took := false
		if g, ok := grammar.ParseRange(w.text); ok && g.Normal != "" && rng.empty() && k == len(toks)-1 {
			return w.trim("()[],;."), flag, k + 1
		}
		for n := min(5, len(toks)-k); n > 0 && rng.empty(); n-- {
			q := p.sub(toks[k].from, toks[k+n-1].to).trim(" ,;.")
			bare := q.trim("()[] ")
			if g, ok := grammar.ParseRange(bare.text); ok && g.Score >= 0.6 && (g.Low != "" || g.High != "") && (strings.HasPrefix(q.text, "(") || strings.HasPrefix(q.text, "[") || digits(bare.text[:1]) > 0 || strings.ContainsAny(bare.text[:1], "<>≤≥") || n > 1) {
				rng, took = bare, true
				k += n
				break
			}
		}
		if !took {
			break
		}
	}
	return rng, flag, k
}

var plainResult = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9 :/.-]*?)[ :=]+([<>]?\d[\d,]*(?:\.\d+)?.*)$`)

// plainList reads a list of results behind commas of which not every analyte is
// known ("WBC 9.8, Hgb 13.3"): at least three pieces, each a name and a figure.
func (r *reader) plainList(p passage, ctx around) []lab {
	pieces := commaPieces(p.trim(" ."))
	if len(pieces) < 3 {
		return nil
	}
	var out []lab
	for _, q := range pieces {
		m := plainResult.FindStringSubmatchIndex(q.text)
		if m == nil {
			return nil
		}
		at := q.sub(m[4], m[5])
		l, _, ok := r.resultAt(at, wordsOf(at), 0)
		if !ok {
			return nil
		}
		l.name, l.ctx = q.sub(m[2], m[3]), ctx
		if i := strings.LastIndex(l.name.text, ": "); i > 0 {
			l.name = l.name.sub(i+2, len(l.name.text))
		}
		out = append(out, l)
	}
	return out
}

var timeUnit = fieldSet("weeks", "week", "days", "day", "months", "years", "hours", "hour", "h", "d", "min", "minutes", "yr", "yrs", "mo")

// plainLab reads a line of a results section whose analyte nobody knows: a
// name, a result, and a range or unit that makes it one.
func (r *reader) plainLab(p passage, ctx around) (lab, bool) {
	toks := wordsOf(p)
	for i := 1; i < len(toks) && i <= 6; i++ {
		w := p.text[toks[i].from:toks[i].to]
		if digits(w) == 0 {
			continue
		}
		l, next, ok := r.resultAt(p, toks, i)
		if !ok {
			return lab{}, false
		}
		res, _ := grammar.ParseResult(l.result.text)
		if l.rng.empty() && (res.Unit == "" || timeUnit[res.Unit]) || next < len(toks)-2 || strings.Contains(p.text[:toks[i].from], "(") {
			return lab{}, false
		}
		l.name = p.sub(0, toks[i].from).trim(" :.-–")
		l.ctx = ctx
		return l, len(l.name.text) > 1 && !r.isAnyLabel(l.name.text)
	}
	return lab{}, false
}
