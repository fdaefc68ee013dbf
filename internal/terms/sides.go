package terms

import (
	"slices"
	"strings"
)

// The sides a paired part of the body has, in the order of sides.tsv.
const (
	sideRight = iota
	sideLeft
	sideBoth
	sideNone
)

// sideMark goes before the sibling codes where a concept keeps them.
const sideMark = "sided:"

// sideWords are the canonical words for the sides.
var sideWords = [...]string{sideRight: "right", sideLeft: "left", sideBoth: "bilateral"}

// sideOf takes the words for right, left and both sides out of a text and tells
// which it was: sideNone where it names none, or two that differ.
func sideOf(toks []string) (side int, bare []string) {
	side, bare = sideNone, make([]string, 0, len(toks))
	named := 0
	for _, t := range toks {
		s := slices.Index(sideWords[:], t)
		if s < 0 {
			bare = append(bare, t)
			continue
		}
		if side != s {
			named++
		}
		side = s
	}
	if named > 1 {
		side = sideNone
	}
	return side, bare
}

// onSide finds the sibling for the side a text names of the concept that its
// other words name.
func (x *index) onSide(d Domain, toks []string, score float64) (Match, bool) {
	if d != Diagnosis {
		return Match{}, false
	}
	side, bare := sideOf(toks)
	if side == sideNone || len(bare) == 0 {
		return Match{}, false
	}
	t, ok := x.exact(d, bare)
	if !ok {
		return Match{}, false
	}
	m, ok := x.sibling(t, side)
	return m.scored(score), ok
}

// sided tells whether the code of a term has siblings for right and left.
func (x *index) sided(term int) bool {
	return strings.HasPrefix(x.specimen(x.termConcept(term)), "sided")
}

// sibling is the concept for one side of a term's own.
func (x *index) sibling(term, side int) (Match, bool) {
	codes, ok := strings.CutPrefix(x.specimen(x.termConcept(term)), sideMark)
	if !ok || side == sideNone {
		return Match{}, false
	}
	of := strings.Split(codes, "|")
	if side >= len(of) || of[side] == "" {
		return Match{}, false
	}
	i, ok := x.code(ICD10CM, of[side])
	if !ok {
		return Match{}, false
	}
	return Match{Concept: x.concept(x.codings.at(codingWidth*i + 3)), Term: x.termText(term)}, true
}

func (m Match) scored(score float64) Match {
	m.Score = score
	return m
}

// opposites are qualifiers of which a concept's name has one or the other.
var opposites = [...][2]string{{"acute", "chronic"}, {"mild", "severe"}, {"mild", "moderate"}, {"moderate", "severe"}}

// contradicts tells whether a qualifier of the text is the opposite of one that
// the concept itself has: an acute disease is never a chronic one's name.
func (x *index) contradicts(term int, toks []string) bool {
	own := stems(x.str(x.concepts.at(conceptWidth*x.termConcept(term) + 1)))
	has := func(in []string, w string) bool { return slices.Contains(in, w) }
	for _, p := range opposites {
		if has(toks, p[0]) && has(own, p[1]) && !has(own, p[0]) || has(toks, p[1]) && has(own, p[0]) && !has(own, p[1]) {
			return true
		}
	}
	return false
}
