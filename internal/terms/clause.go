package terms

import (
	"slices"
	"strings"
)

// A diagnosis on a chart often has a remark behind it: how it does ("- fair
// control"), what is done about it (", on statin"), a measure, a date. The
// functions of this file read the diagnosis before the remark, where no word of
// the remark tells another code of the same category apart.

// remarked reads what stands before a comma, a dash or a semicolon, the longest
// such head first.
func (s *Set) remarked(text string) (Match, bool) {
	for i := len(text); i > 0; {
		i = lastBreak(text[:i])
		if i <= 0 {
			break
		}
		head, tail := text[:i], strings.Trim(text[i:], " ,;-–—:")
		if letters(head) < 2 || tail == "" {
			continue
		}
		if initials(head, tail) {
			return s.try(Diagnosis, tail)
		}
		if m, ok := s.before(head, tail); ok {
			return m, true
		}
	}
	return Match{}, false
}

// lastBreak is the place of the last mark that parts a remark off, or -1. A
// hyphen inside a word is none.
func lastBreak(text string) int {
	return max(strings.LastIndexAny(text, ",;"), strings.LastIndex(text, " - "), strings.LastIndex(text, " – "), strings.LastIndex(text, "--"))
}

// initials tells whether a head abbreviates its tail ("AR - allergic rhinitis").
func initials(head, tail string) bool {
	words := split(tail)
	head = strings.ToLower(strings.TrimSpace(head))
	if len(words) < 2 || len(words) != len(head) {
		return false
	}
	for i, w := range words {
		if w[0] != head[i] {
			return false
		}
	}
	return true
}

// beforeReaction reads "PCN - hives" as the substance.
func (s *Set) beforeReaction(text string) (Match, bool) {
	i := lastBreak(text)
	if i <= 0 {
		return Match{}, false
	}
	if _, ok := s.try(Reaction, strings.Trim(text[i:], " ,;-–—:")); !ok {
		return Match{}, false
	}
	m, ok := s.Match(Allergen, text[:i])
	m.Score -= lossDrop
	return m, ok && m.Score >= threshold
}

// before matches a head whose tail is a remark. A side or a degree in the tail
// belongs to the head.
func (s *Set) before(head, tail string) (Match, bool) {
	raw := stems(tail)
	if len(raw) == 0 || len(raw) > maxTokens || s.wording.refused(Diagnosis, raw) {
		return Match{}, false
	}
	words := s.wording.canon(Diagnosis, raw)
	for _, w := range words {
		if s.qualifies(w) {
			head += " " + w
		}
	}
	m, ok := s.try(Diagnosis, head)
	if !ok || len(m.Concept.Codings) == 0 {
		return Match{}, false
	}
	if other, ok := s.plain(raw); ok && !aside(m, other) {
		return Match{}, false // two diagnoses
	}
	rest := unmeasured(Diagnosis, words)
	if len(rest) > 0 && !slices.ContainsFunc(rest, func(w string) bool { return staging(w) || s.layers[0].known(Diagnosis, w) }) {
		return Match{}, false // "Graves, Robert"
	}
	for _, w := range append(rest, raw...) { // as rewritten and as printed: the terms keep their own words
		if !s.qualifies(w) && (s.tells(m, w) || s.wording.site[w] && s.sites(m)) {
			return Match{}, false
		}
	}
	m.Score -= lossRemark
	return m, m.Score >= threshold
}

// plain matches words that are spelled right.
func (s *Set) plain(raw []string) (Match, bool) {
	for _, x := range s.layers {
		if m, ok := s.direct(x, Diagnosis, raw); ok {
			return m, true
		}
	}
	return Match{}, false
}

// aside tells a second diagnosis that takes nothing from the first: the same, or
// a state of the patient that is coded beside any disease ("on insulin").
func aside(m, other Match) bool {
	c := other.Concept.Codings
	return len(c) == 0 || c[0].Code == m.Concept.Codings[0].Code || c[0].Code[0] == 'Z'
}

// qualifies tells a word of the classes: a side, a degree, a course.
func (s *Set) qualifies(w string) bool {
	for _, c := range s.wording.classes[Diagnosis] {
		if slices.Contains(c, w) {
			return true
		}
	}
	return false
}

// tells reports whether a word tells other codes from that of a match: a code of
// the same category has it, or another concept has it beside the match's own
// words. A word that nobody knows may be a damaged one that does.
func (s *Set) tells(m Match, w string) bool {
	if s.wording.tell[w] || len(w) > 4 && w[:4] == "type" && digit(w[4]) {
		return true
	}
	if bare, ok := strings.CutPrefix(w, lackingMark); ok && bare != "" && !s.layers[0].known(Diagnosis, w) {
		w = bare
	}
	if numeric(w) || s.wording.drop[wordKey(Diagnosis, w)] {
		return false
	}
	for _, x := range s.layers {
		if x.tells(m, w) {
			return true
		}
	}
	x := s.layers[0]
	if x.known(Diagnosis, w) || len(w) < 5 || digit(w[0]) && joined(w) {
		return false
	}
	return slices.ContainsFunc(x.spellings(Diagnosis, w), func(n spelling) bool { return x.tells(m, n.word) })
}

func (x *index) tells(m Match, w string) bool {
	code := m.Concept.Codings[0].Code
	from, to := x.postings(w)
	own := x.common(stems(m.Term))
	for i := from; i < to; i++ {
		t := x.post.at(i)
		other := x.codeOf(x.termConcept(t))
		if len(other) < 3 || other == code || strings.HasPrefix(other, "Z") {
			continue
		}
		if other[:3] == code[:3] {
			return true
		}
		if _, found := slices.BinarySearch(own, t); found {
			return true
		}
	}
	return false
}

// postings are the bounds, in post, of the terms that have a word.
func (x *index) postings(w string) (from, to int) {
	lo, hi := 0, x.alpha.len()
	for lo < hi {
		m := int(uint(lo+hi) >> 1)
		if x.word(m) < w {
			lo = m + 1
		} else {
			hi = m
		}
	}
	if lo == x.alpha.len() || x.word(lo) != w {
		return 0, 0
	}
	i := x.alpha.at(lo)
	return x.postAt.at(i), x.postAt.at(i + 1)
}

// word is the i-th word by alphabet.
func (x *index) word(i int) string {
	id := x.words.at(x.alpha.at(i))
	return view(x.text[x.textAt.at(id):x.textAt.at(id+1)])
}

// common are the terms, sorted, that have all of some words; words that no term
// has do not count.
func (x *index) common(words []string) []int {
	var out []int
	for _, w := range words {
		from, to := x.postings(w)
		if from == to {
			continue
		}
		var with []int
		for i := from; i < to; i++ {
			t := x.post.at(i)
			if _, found := slices.BinarySearch(out, t); out == nil || found {
				with = append(with, t)
			}
		}
		if len(with) == 0 {
			return nil
		}
		out = with
	}
	return out
}

// codeOf is the first code of a concept.
func (x *index) codeOf(concept int) string {
	r := x.concepts[4*conceptWidth*concept:]
	if r.at(6) == 0 {
		return ""
	}
	id := x.codings.at(codingWidth*r.at(5) + 1)
	return view(x.text[x.textAt.at(id):x.textAt.at(id+1)])
}

// displayOf is the title of a concept's first code.
func (x *index) displayOf(concept int) string {
	r := x.concepts[4*conceptWidth*concept:]
	if r.at(6) == 0 {
		return ""
	}
	return x.str(x.codings.at(codingWidth*r.at(5) + 2))
}

// sites tells whether there are codes for parts of the body beside that of a
// match, in its category and with a word of its own: then the part is left out
// of no name of it.
func (s *Set) sites(m Match) bool {
	x := s.layers[0]
	code := m.Concept.Codings[0].Code
	own := x.any(slices.DeleteFunc(append(stems(m.Term), stems(m.Concept.Codings[0].Display)...), func(t string) bool {
		return s.wording.stop[wordKey(Diagnosis, t)] || s.wording.drop[wordKey(Diagnosis, t)] || s.wording.site[t]
	}))
	for w := range s.wording.site {
		from, to := x.postings(w)
		for i := from; i < to; i++ {
			t := x.post.at(i)
			c := x.codeOf(x.termConcept(t))
			if _, shared := slices.BinarySearch(own, t); shared && len(c) >= 3 && c != code && c[:3] == code[:3] {
				return true
			}
		}
	}
	return false
}

// any are the terms, sorted, that have one of some words.
func (x *index) any(words []string) []int {
	var out []int
	for _, w := range words {
		from, to := x.postings(w)
		for i := from; i < to; i++ {
			out = append(out, x.post.at(i))
		}
	}
	slices.Sort(out)
	return out
}

// lateral tells whether codes that differ from one in their last digit name
// sides: then a side is left out of no name of it.
func (x *index) lateral(code string) bool {
	n := len(code) - 1
	if !digit(code[n]) {
		n-- // the letter of an encounter
	}
	if n < 4 {
		return false
	}
	for _, side := range sideWords {
		from, to := x.postings(side)
		for i := from; i < to; i++ {
			concept := x.termConcept(x.post.at(i))
			c := x.codeOf(concept)
			if c != code && len(c) == len(code) && c[:n] == code[:n] && strings.Contains(strings.ToLower(x.displayOf(concept)), side) {
				return true
			}
		}
	}
	return false
}
