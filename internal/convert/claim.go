package convert

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/terms"
)

// What a cell claims beside its name. The local engine hears most of it before;
// another engine, such as BDA, hands the words over as they stand, as sure as any
// others. A claim that is heard here makes the fact wait for a person.
var (
	notDone = regexp.MustCompile(`(?i)\b(declin(ed|es)|refus(ed|es|al)|not (given|done|performed|received|administered)|contraindicated|cancel+ed)\b`)
	notYet  = regexp.MustCompile(`(?i)\b(deferred|postponed|scheduled|planned|overdue|recommended|pending|due( (now|soon|on|in|by|for|at)\b|\W*$))`)
	// denied begins what names no diagnosis that somebody surely has.
	denied    = regexp.MustCompile(`(?i)^\W*(no|not|denies|denied|without|negative for|absence of|ruled? out|r/o|possible|probable|suspected)\b`)
	tolerated = regexp.MustCompile(`(?i)^\W*(tolerat(ed|es)|no\b|none\b|denie[sd]\b)`)
	noResult  = regexp.MustCompile(`(?i)^\W*(pending|in progress|tnp|qns|not (done|performed|reported)|test not performed|cancel+ed)\b`)
)

// disagree reports whether a printed code and the words beside it are of
// different chapters and share no word: one of the two is misread.
func (c *chart) disagree(text, code, display string) bool {
	m, ok := c.match(terms.Diagnosis, text)
	if !ok || shared(text, display) {
		return false
	}
	other := false
	for _, x := range m.Concept.Codings {
		if x.System == terms.ICD10CM && x.Code != "" {
			if x.Code[0] == code[0] {
				return false
			}
			other = true
		}
	}
	return other
}

// shared reports whether two texts have the beginning of a longer word in common.
func shared(a, b string) bool {
	have := map[string]bool{}
	for w := range strings.FieldsSeq(strings.ToLower(a)) {
		if len(w) > 4 {
			have[w[:5]] = true
		}
	}
	for w := range strings.FieldsSeq(strings.ToLower(b)) {
		if len(w) > 4 && have[w[:5]] {
			return true
		}
	}
	return false
}

// flagLies reports whether a printed flag contradicts the printed range.
func flagLies(value, reference, flag string) bool {
	have, ok := grammar.ParseFlag(flag)
	v, isResult := grammar.ParseResult(value)
	r, isRange := grammar.ParseRange(reference)
	if !ok || !isResult || !isRange || r.Score < understood {
		return false
	}
	return grammar.CheckFlag(have, v, r) == grammar.Disagree
}
