package extract

import (
	"strings"

	"github.com/paperchart/paperchart/internal/terms"
)

// locate finds on the paper what a parser returned as a string: the same text
// from an offset on, else the words of it in order. It returns the offset
// behind what it found.
func (p passage) locate(s string, from int) (passage, int) {
	s = strings.TrimSpace(s)
	if q, ok := p.find(s, from); ok {
		return q, from + foldIndex(p.text[from:], s) + len(s)
	}
	if q, ok := p.find(s, 0); ok {
		return q, from
	}
	want := labelWords(s)
	start, end, k := -1, -1, 0
	for _, w := range wordsOf(p) {
		if w.from < from || k == len(want) {
			continue
		}
		for _, part := range labelWords(p.text[w.from:w.to]) {
			if k < len(want) && part == want[k] {
				if start < 0 {
					start = w.from
				}
				end = w.to
				k++
			}
		}
	}
	if k == 0 || k < len(want) {
		return passage{}, from
	}
	q := p.sub(start, end).trim(" ,;:.()[]")
	return q, end
}

// mention is a term of the vocabulary found in running text.
type mention struct {
	passage
	terms.Match
	from, to int
}

// mentions finds the terms of a domain in a text, the longest at each place.
// Only exact terms count: running text is full of words that are nearly one.
func (r *reader) mentions(d terms.Domain, p passage, most int) []mention {
	ws := wordsOf(p)
	var out []mention
	for i := 0; i < len(ws); {
		m, n := r.mentionAt(d, p, ws[i:], most)
		if n == 0 {
			i++
			continue
		}
		out = append(out, m)
		i += n
	}
	return out
}

func (r *reader) mentionAt(d terms.Domain, p passage, ws []piece, most int) (mention, int) {
	for n := min(most, len(ws)); n > 0; n-- {
		if n > 1 && (clauseEnds(p.text[ws[0].from:ws[n-2].to]) || !oneTerm(p, ws[:n], d == terms.Drug)) {
			continue
		}
		q := p.sub(ws[0].from, ws[n-1].to).trim(" ,;:.()[]\"")
		if len(q.text) < 3 || digits(q.text) == len(q.text) || commonWord[strings.ToLower(q.text)] {
			continue
		}
		if m, ok := r.terms.Match(d, q.text); ok && m.Score >= 0.95 {
			return mention{q, m, ws[0].from, ws[n-1].to}, n
		}
	}
	return mention{}, 0
}

// oneTerm tells whether words can be one term: none of a drug's is a figure of
// its own, none but the last ends in a comma, and neither end is a word that joins.
func oneTerm(p passage, ws []piece, drug bool) bool {
	for i, w := range ws {
		t := p.text[w.from:w.to]
		if bare := strings.Trim(t, ".,;:()"); drug && digits(bare) > 0 && strings.Trim(bare, "0123456789./-") == "" {
			return false
		}
		if i < len(ws)-1 && strings.HasSuffix(t, ",") {
			return false
		}
	}
	if drug && len(ws) > 1 && joins[strings.ToLower(p.text[ws[1].from:ws[1].to])] && whens[strings.ToLower(p.text[ws[0].from:ws[0].to])] {
		return false // "bedtime and apixaban"
	}
	first, last := ws[0], ws[len(ws)-1]
	return !joins[strings.ToLower(p.text[first.from:first.to])] && !joins[strings.ToLower(strings.Trim(p.text[last.from:last.to], ".,;:"))]
}

var joins = fieldSet("and", "or", "with", "of", "the", "a", "an", "in", "on", "to", "for", "by", "daily", "twice", "once", "mg", "mcg", "ml", "was", "is", "had", "has", "her", "his", "she", "he", "at", "as", "bid", "tid", "qd", "po", "prn", "who", "which", "from", "but", "no", "not")

// whens are words that end one medication's directions before the next begins.
var whens = fieldSet("bedtime", "day", "daily", "night", "nightly", "morning", "evening", "needed", "hours", "week", "weekly", "meals", "breakfast", "dinner", "mouth")

// clauseEnds tells whether a sentence or clause ends within a text, which a
// term does not run over.
func clauseEnds(s string) bool {
	s = strings.TrimSpace(s)
	return strings.HasSuffix(s, ".") && !abbreviation[strings.ToLower(strings.TrimSuffix(lastWord(s), "."))] || strings.HasSuffix(s, ";") || strings.HasSuffix(s, ":")
}

func lastWord(s string) string { return s[strings.LastIndexByte(s, ' ')+1:] }

// commonWord are everyday words that are also abbreviations of terms.
var commonWord = fieldSet("all", "and", "the", "was", "has", "had", "for", "not", "she", "her", "his", "him", "but", "who", "are", "can", "may", "will", "with", "due", "per", "any", "now", "out", "did", "air", "age", "day", "one", "two", "ten", "low", "high", "use", "see", "ice", "pain", "fall", "cold", "home", "work", "care", "plan", "well", "normal", "stable", "history", "today", "also", "this", "that", "then", "from", "good", "back", "left", "right", "new", "old", "mass", "met", "set", "let", "ill", "hit", "cut", "ran", "run", "sat", "led", "aid", "aids", "him", "men", "man", "water", "oxygen", "sugar", "salt", "alcohol", "tobacco", "nicotine", "caffeine", "food", "diet")
