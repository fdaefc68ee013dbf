package terms

import (
	"slices"
	"strings"
)

// What an abbreviation made on the spot costs, and how many words it may stand
// for beside the words around it.
const (
	costCutHere  = 70 // "pleural eff"
	costSqueezed = 90 // "erectile dysfn"
	maxExpanded  = maxReadings
)

// context are the words around the i-th token that an abbreviation is read by,
// as printed and as rewritten.
func (w *wording) context(d Domain, raw []string, i int) []string {
	rest := slices.Delete(slices.Clone(raw), i, i+1)
	out := append(rest, w.canon(d, slices.Clone(rest))...)
	return slices.DeleteFunc(out, func(t string) bool {
		return numeric(t) || w.stop[wordKey(d, t)] || w.drop[wordKey(d, t)] || slices.Contains(sideWords[:], t)
	})
}

// abbreviated returns the words that t cuts short, by its end or by letters left
// out, where a term has one of them beside a word of the context. Without a
// context there is no telling.
func (x *index) abbreviated(d Domain, t string, context []string) []spelling {
	if len(t) < 3 || len(context) == 0 && len(t) < shortestWord || strings.ContainsAny(t, "0123456789") {
		return nil
	}
	beside := x.any(context)
	var out []spelling
	sign, bit := signature(t), 1<<d
	for n := len(t) + 1; n <= maxWordLetter; n++ {
		for i := x.starts[n][slot(t[0])]; i < x.starts[n][slot(t[0])+1]; i++ {
			if sign&^x.signs.at(i) != 0 || x.domains.at(i)&bit == 0 {
				continue
			}
			id := x.words.at(i)
			w := view(x.text[x.textAt.at(id):x.textAt.at(id+1)])
			cost := squeezed(t, w)
			if cost == 0 || len(context) > 0 && !x.anyOf(i, beside) {
				continue
			}
			if out = append(out, spelling{w, cost}); len(out) > maxExpanded {
				return nil
			}
		}
	}
	return out
}

// squeezed is what it costs to read t as the word w, or 0 where t is no
// abbreviation of it: its beginning, perhaps with consonants from its rest.
func squeezed(t, w string) int {
	if strings.HasPrefix(w, t) {
		return costCutHere
	}
	n := 0
	for n < len(t) && n < len(w) && t[n] == w[n] {
		n++
	}
	if n < 3 || 3*len(t) < len(w) || strings.ContainsAny(t[n:], "aeiouy") {
		return 0
	}
	at := n
	for i := n; i < len(w) && at < len(t); i++ {
		if w[i] == t[at] {
			at++
		}
	}
	if at < len(t) {
		return 0
	}
	return costSqueezed
}

// anyOf tells whether the i-th word stands in one of some terms, which are sorted.
func (x *index) anyOf(i int, terms []int) bool {
	for j := x.postAt.at(i); j < x.postAt.at(i+1); j++ {
		if _, found := slices.BinarySearch(terms, x.post.at(j)); found {
			return true
		}
	}
	return false
}
