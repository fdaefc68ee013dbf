package extract

import "github.com/paperchart/paperchart/internal/result"

// hands are the pages, by number, of which much is writing that could not be read:
// handwriting, of which a word here and there looks like print.
type hands map[int]bool

// byHand are the pages, by their numbers in the result, that come from those of
// which a source says that much is unread.
func byHand(src result.Source, pages map[int]leaf) hands {
	much := map[int]bool{}
	for _, g := range src.Unread {
		much[g.Page] = true
	}
	out := hands{}
	for n, p := range pages {
		out[n] = much[p.origin.page]
	}
	return out
}

// sureByHand is the OCR's confidence from which a word that nobody knows is print,
// leastByHand the probability below which a word that somebody knows is not.
const sureByHand, leastByHand = 0.85, 0.4

// wrote tells whether a value is likely a scrap of handwriting: no known term, and
// not read surely. The page's unread places say that something stands there.
func (h hands) wrote(c cell, f result.Field) bool {
	if len(c.ink) == 0 || !h[c.ink[0].Page] {
		return false
	}
	return c.sig.Vocabulary < 0.5 && c.sig.OCR < sureByHand || f.Confidence < leastByHand
}
