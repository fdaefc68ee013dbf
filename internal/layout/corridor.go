package layout

import (
	"sort"

	"github.com/paperchart/paperchart/internal/page"
)

// corridors parts columns that stand so close that their cells were read as one:
// white space wider than between words that runs down through every row.
func (s *sheet) corridors(raw []rawRow) []rawRow {
	for k := 0; len(raw) >= 4 && k < len(raw[0].cells); k++ {
		if x, ok := s.corridor(raw, k); ok {
			raw = partColumn(raw, k, x)
		}
	}
	return raw
}

// corridor looks for white space through column k with at least three cells on
// either side, the first row's among them.
func (s *sheet) corridor(raw []rawRow, k int) (float64, bool) {
	var spans []span
	for _, r := range raw {
		if r.solo {
			continue
		}
		for _, w := range r.cells[k] {
			spans = append(spans, span{float64(w.Box.Min.X), float64(w.Box.Max.X)})
		}
	}
	sort.Slice(spans, func(i, j int) bool { return spans[i].left < spans[j].left })
	for i := 1; i < len(spans); i++ {
		spans[i].right = max(spans[i].right, spans[i-1].right)
		gap := spans[i].left - spans[i-1].right
		if gap < 1.5*s.space || gap < 0.9*s.char {
			continue
		}
		if x := spans[i].left - gap/2; sided(raw, k, x) {
			return x, true
		}
	}
	return 0, false
}

func sided(raw []rawRow, k int, x float64) bool {
	left, right := 0, 0
	for i, r := range raw {
		l, rt := partWords(r.cells[k], x)
		if i == 0 && (len(l) == 0 || len(rt) == 0) {
			return false
		}
		if len(l) > 0 {
			left++
		}
		if len(rt) > 0 {
			right++
		}
	}
	return left >= 3 && right >= 3
}

func partWords(words []page.Word, x float64) (left, right []page.Word) {
	for _, w := range words {
		if midX(w.Box) < x {
			left = append(left, w)
		} else {
			right = append(right, w)
		}
	}
	return left, right
}

func partColumn(raw []rawRow, k int, x float64) []rawRow {
	out := make([]rawRow, len(raw))
	for i, r := range raw {
		l, rt := partWords(r.cells[k], x)
		if r.solo {
			l, rt = r.cells[k], nil
		}
		cells := append([][]page.Word(nil), r.cells[:k]...)
		r.cells = append(append(cells, l, rt), r.cells[k+1:]...)
		out[i] = r
	}
	return out
}
