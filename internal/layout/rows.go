package layout

import (
	"image"
	"math"
	"sort"
	"strings"

	"github.com/paperchart/paperchart/internal/page"
)

// row is all print on one baseline across the page, left to right.
type row struct {
	words []page.Word
	segs  []*seg
	box   image.Rectangle
}

// seg is a run of words of a row without a column gap: a Line, a cell, a label.
type seg struct {
	words []page.Word
	box   image.Rectangle
	row   int  // index into the page's rows
	taken bool // by a table or a banner
	form  int  // 1-based index of the drawn box of a form it is in, 0 for none
	aside bool // by a banner
}

func (s *seg) text() string { return Text(s.words) }

// speck is true for a stray dot, quote or stroke alone, such as dust is read as.
// It stays a line of its page but takes no part in its arrangement.
func (s *seg) speck() bool {
	return len(s.words) == 1 && strings.Trim(s.words[0].Text, ".,;:'`\"~|¦‘’“”™_—¬°^!") == ""
}

// cleanWords drops words without text and gives every box a size.
func cleanWords(words []page.Word) []page.Word {
	out := make([]page.Word, 0, len(words))
	for _, w := range words {
		if strings.TrimSpace(w.Text) == "" {
			continue
		}
		w.Box = w.Box.Canon()
		if w.Box.Dx() == 0 {
			w.Box.Max.X++
		}
		if w.Box.Dy() == 0 {
			w.Box.Max.Y++
		}
		out = append(out, w)
	}
	return out
}

// chain is a row being built: the band is the height of its last full word, so
// that a row may drift up or down across a page that is not quite straight.
type chain struct {
	words    []page.Word
	top, bot float64
}

// gatherRows clusters words to rows, each taken from left to right onto the row
// whose nearest word to its left shares half its height.
func gatherRows(words []page.Word, m measure) []row {
	words = append([]page.Word(nil), words...)
	sort.SliceStable(words, func(i, j int) bool { return lessX(words[i].Box, words[j].Box) })
	var chains []*chain
	near := map[int][]*chain{} // by band of one unit
	for _, w := range words {
		top, bot := wordBand(w, m)
		lo, hi := bands(top, bot, m)
		best, score := (*chain)(nil), 0.0
		for b := lo - 1; b <= hi+1; b++ {
			for _, c := range near[b] {
				if s := affinity(top, bot, c.top, c.bot, m); s > score {
					best, score = c, s
				}
			}
		}
		if best == nil {
			best = &chain{}
			chains = append(chains, best)
		}
		best.add(w, top, bot, m, near)
	}
	return chainRows(chains)
}

func lessX(a, b image.Rectangle) bool {
	if a.Min.X != b.Min.X {
		return a.Min.X < b.Min.X
	}
	return a.Min.Y < b.Min.Y
}

// wordBand is the vertical extent a word stands for: marks much lower than a
// letter count as standing on the baseline (dots, underscores) or mid-height.
func wordBand(w page.Word, m measure) (top, bot float64) {
	top, bot = float64(w.Box.Min.Y), float64(w.Box.Max.Y)
	if bot-top >= 0.4*m.unit {
		return top, bot
	}
	if strings.Trim(w.Text, "._,…") == "" {
		return bot - 0.8*m.unit, bot
	}
	mid := (top + bot) / 2
	return mid - 0.4*m.unit, mid + 0.4*m.unit
}

func bands(top, bot float64, m measure) (lo, hi int) {
	mid := (top + bot) / 2
	half := math.Min((bot-top)/2, 2*m.unit)
	return int(math.Floor((mid - half) / m.unit)), int(math.Floor((mid + half) / m.unit))
}

// affinity is how surely two bands are one row, 0 for not. Ordinary words need
// half the smaller height in common; beside large print a small line must be
// of its size, or a letterhead would swallow the address lines next to it.
func affinity(t0, b0, t1, b1 float64, m measure) float64 {
	shared := overlap(t0, b0, t1, b1)
	small, large := math.Min(b0-t0, b1-t1), math.Max(b0-t0, b1-t1)
	if shared <= 0 || small <= 0 {
		return 0
	}
	if large > 1.7*m.unit && shared < 0.45*large {
		return 0
	}
	if shared < 0.5*small {
		return 0
	}
	return shared / large
}

func (c *chain) add(w page.Word, top, bot float64, m measure, near map[int][]*chain) {
	c.words = append(c.words, w)
	if len(c.words) > 1 && bot-top < 0.6*(c.bot-c.top) {
		return // punctuation and subscripts do not steer the row
	}
	known := map[int]bool{}
	if len(c.words) > 1 {
		lo, hi := bands(c.top, c.bot, m)
		for b := lo; b <= hi; b++ {
			known[b] = true
		}
	}
	c.top, c.bot = top, bot
	lo, hi := bands(top, bot, m)
	for b := lo; b <= hi; b++ {
		if !known[b] {
			near[b] = append(near[b], c)
		}
	}
}

func chainRows(chains []*chain) []row {
	mids := make(map[*chain]float64, len(chains))
	for _, c := range chains {
		sum := 0.0
		for _, w := range c.words {
			sum += midY(w.Box)
		}
		mids[c] = sum / float64(len(c.words))
	}
	sort.SliceStable(chains, func(i, j int) bool { return mids[chains[i]] < mids[chains[j]] })
	rows := make([]row, len(chains))
	for i, c := range chains {
		rows[i] = row{words: c.words, box: Bounds(c.words)}
	}
	return rows
}

// splitRow parts a row at column gaps, drawn verticals and checkboxes.
func (s *sheet) splitRow(r *row, index int) {
	limit := minGap * s.rowChar(r)
	for i, w := range r.words {
		wide := limit
		if i == 1 && bullet.MatchString(r.words[0].Text) {
			wide = 3 * limit // an item hangs from its mark
		} else if n := len(r.segs); n > 0 && len(r.segs[n-1].words) == 1 && glyph.MatchString(r.words[i-1].Text) {
			wide = 2 * limit
		}
		if i == 0 || s.parted(r.words[i-1], w, wide) {
			r.segs = append(r.segs, &seg{row: index})
		}
		g := r.segs[len(r.segs)-1]
		g.words = append(g.words, w)
		g.box = g.box.Union(w.Box)
	}
}

// rowChar is the character width of a row: a heading in large print has wider
// spaces than the page's text.
func (s *sheet) rowChar(r *row) float64 {
	return math.Max(0.8*s.char, measureWords(r.words).char)
}

func (s *sheet) parted(a, b page.Word, limit float64) bool {
	gap := float64(b.Box.Min.X) - float64(a.Box.Max.X)
	if gap >= limit*1.5 || ledBy(a.Text) || ledTo(b.Text) || bar(a.Text) != bar(b.Text) {
		return true
	}
	if gap >= limit && !strings.HasSuffix(a.Text, ".") && !strings.HasSuffix(a.Text, ":") {
		return true // two typewriter spaces after a sentence or a label are no column
	}
	if gap < 0 {
		return false
	}
	if s.barred(a.Box, b.Box) {
		return true
	}
	between := betweenX(a.Box, b.Box)
	for _, k := range s.src.Marks {
		if midX(k.Box) > float64(between.Min.X) && midX(k.Box) < float64(between.Max.X) && overlapY(k.Box, between) >= 0.5*dy(k.Box) {
			return true
		}
	}
	return false
}

// betweenX is the ground between two boxes side by side.
func betweenX(a, b image.Rectangle) image.Rectangle {
	return image.Rect(a.Max.X-1, min(a.Min.Y, b.Min.Y), b.Min.X+1, max(a.Max.Y, b.Max.Y))
}

// barred is true where a drawn vertical stands between two boxes.
func (s *sheet) barred(a, b image.Rectangle) bool {
	r := betweenX(a, b)
	for _, v := range s.verticals {
		if midX(v) >= float64(r.Min.X) && midX(v) <= float64(r.Max.X) && overlapY(v, r) >= 0.6*dy(r) {
			return true
		}
	}
	return false
}

// medianSpace is the usual white space between words, in pixels.
func (s *sheet) medianSpace() float64 {
	var gaps []float64
	for _, r := range s.rows {
		for _, g := range r.segs {
			for i := 1; i < len(g.words); i++ {
				gaps = append(gaps, math.Max(0, float64(g.words[i].Box.Min.X)-float64(g.words[i-1].Box.Max.X)))
			}
		}
	}
	if len(gaps) == 0 {
		return 0.7 * s.char
	}
	return median(gaps)
}
