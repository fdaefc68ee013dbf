package terms

import (
	"slices"
	"sort"
	"strings"
)

// Search returns up to limit concepts whose terms contain all the words of the
// text, the last of which may be unfinished; best first.
func (s *Set) Search(d Domain, text string, limit int) []Match {
	raw := stems(text)
	if len(raw) == 0 || limit <= 0 {
		return nil
	}
	var out []Match
	seen := map[string]bool{}
	keep := func(m Match) {
		id := m.Concept.Name
		if len(m.Concept.Codings) > 0 {
			id = m.Concept.Codings[0].Code + m.Concept.Group
		}
		if !seen[id] {
			seen[id] = true
			out = append(out, m)
		}
	}
	if m, ok := s.Match(d, text); ok {
		keep(m)
	}
	for _, x := range s.layers {
		for _, t := range x.containing(d, raw, split(text)) {
			if keep(x.match(t.term, t.score)); len(out) >= limit {
				return out
			}
		}
	}
	return out
}

type hit struct {
	term  int
	score float64
}

// maxHits bounds the work for a prefix as short as one letter.
const maxHits = 5000

// containing finds the terms of a domain that have every token; the last one
// as a prefix of a word.
func (x *index) containing(d Domain, raw, typed []string) []hit {
	sets := make([]map[int]bool, 0, len(raw))
	for i, t := range raw {
		if i == len(raw)-1 {
			sets = append(sets, x.withPrefix(d, typed[len(typed)-1]))
		} else {
			sets = append(sets, x.withWord(d, t))
		}
	}
	slices.SortFunc(sets, func(a, b map[int]bool) int { return len(a) - len(b) })
	var out []hit
	for t := range sets[0] {
		if !slices.ContainsFunc(sets[1:], func(m map[int]bool) bool { return !m[t] }) {
			out = append(out, hit{t, x.closeness(t, typed)})
		}
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].score != out[j].score {
			return out[i].score > out[j].score
		}
		return out[i].term < out[j].term
	})
	return out
}

// closeness ranks a term by how much of it was typed, and from where.
func (x *index) closeness(term int, typed []string) float64 {
	text := fold(x.termText(term))
	n := 0
	for _, t := range typed {
		n += len(t) + 1
	}
	score := 0.75 * float64(n) / float64(max(n, len(text)+1))
	if strings.HasPrefix(text, typed[0]) {
		score += 0.2
	}
	return min(score, 0.95)
}

func (x *index) withWord(d Domain, t string) map[int]bool {
	out := map[int]bool{}
	i := sort.Search(x.alpha.len(), func(i int) bool { return x.str(x.words.at(x.alpha.at(i))) >= t })
	if i < x.alpha.len() && x.str(x.words.at(x.alpha.at(i))) == t {
		x.collect(d, x.alpha.at(i), out)
	}
	return out
}

func (x *index) withPrefix(d Domain, p string) map[int]bool {
	out := map[int]bool{}
	i := sort.Search(x.alpha.len(), func(i int) bool { return x.str(x.words.at(x.alpha.at(i))) >= p })
	for ; i < x.alpha.len() && strings.HasPrefix(x.str(x.words.at(x.alpha.at(i))), p) && len(out) < maxHits; i++ {
		x.collect(d, x.alpha.at(i), out)
	}
	if s := stem(p); len(out) == 0 && s != p {
		return x.withWord(d, s)
	}
	return out
}

func (x *index) collect(d Domain, word int, out map[int]bool) {
	for j := x.postAt.at(word); j < x.postAt.at(word+1); j++ {
		if t := x.post.at(j); x.domain(x.termConcept(t)) == d {
			out[t] = true
		}
	}
}
