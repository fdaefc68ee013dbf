// Package assert says what a sentence claims of a thing it mentions: that the
// patient has it, has it not, had it, may have it, might get it, or that
// somebody else has it. It follows the idea of NegEx and ConText: cue words
// open a scope before or behind them, and other words close it. The lists are
// our own.
//
// It errs towards doubt: a mention inside a scope is never called the
// patient's active fact, and callers should take what is not Active to review
// or to another field, never drop a negation.
package assert

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
)

// Assertion is what a sentence claims of a target.
type Assertion struct {
	// Negated: the patient has it not. Uncertain: possible, suspected, to be
	// ruled out. Historical: it was. Resolved: it was and is over.
	// Planned: conditional, preventive or in the future.
	Negated, Uncertain, Historical, Resolved, Planned bool
	// Family: a blood relative has it; Relation says which, where printed.
	// Other: somebody else, such as a spouse or a contact.
	Family, Other bool
	Relation      string
	// Cues are the places of the words that decided it, in the sentence.
	Cues []grammar.Span
}

// Active reports that the sentence says the patient has it now, without a
// condition, a doubt or a past.
func (a Assertion) Active() bool {
	return !a.Negated && !a.Uncertain && !a.Historical && !a.Resolved && !a.Planned && !a.Family && !a.Other
}

// Patients reports that it is said of the patient, in whatever manner.
func (a Assertion) Patients() bool { return !a.Family && !a.Other }

// Judge says what the sentence claims of the target. A target outside the
// sentence has no cues and is Active.
func Judge(sentence string, target grammar.Span) Assertion {
	var a Assertion
	if target.Start < 0 || target.End > len(sentence) || target.Start >= target.End {
		return a
	}
	low := lower(sentence)
	found := scan(low, target)
	for _, f := range found {
		if f.kind != stop && f.kind != pseudo && reaches(low, f, target, found) {
			a.take(low, f)
		}
	}
	a.bareNo(low, target)
	if whoHas.MatchString(low[:target.Start]) {
		a.Other = true // "lives with his wife, who has gout": the first words alone are no cue
	}
	return a
}

var whoHas = regexp.MustCompile(`\b(?:` + others + `|mother|father|mom|dad|parents?|brother|sister|son|daughter|roommates?)s?,?\s+who\s+(?:also\s+)?(?:has|had|have|suffers? from|was diagnosed with|is)\b[^.;,]*$`)

// take adds what one cue says.
func (a *Assertion) take(low string, f hit) {
	a.Cues = append(a.Cues, f.Span)
	switch f.kind {
	case negation:
		a.Negated = true
	case doubt:
		a.Uncertain = true
	case past:
		a.Historical = true
	case over:
		a.Resolved, a.Historical = true, true
	case plan:
		a.Planned = true
	case family:
		a.Family = true
		if r := relation(f.Of(low)); r != "" && a.Relation == "" {
			a.Relation = r
		}
	case other:
		a.Other = true
	}
}

// reaches reports whether the target lies in the scope of the cue.
func reaches(low string, f hit, target grammar.Span, all []hit) bool {
	var between grammar.Span
	switch {
	case f.End <= target.Start && f.dir != behind:
		between = grammar.Span{Start: f.End, End: target.Start}
	case f.Start >= target.End && f.dir != ahead:
		between = grammar.Span{Start: target.End, End: f.Start}
		if !near(between.Of(low), f.kind) {
			return false
		}
	default:
		return false
	}
	for _, s := range all {
		if s.kind == stop && s.Start >= between.Start && s.End <= between.End && !(f.kind == family && s.weak) {
			return false
		}
	}
	return true
}

// near limits scopes that look back: what stands behind a list speaks for its
// last item, and a relative for what is a few words before.
func near(between string, k kind) bool {
	trimmed := strings.TrimRight(between, " ,:-–(")
	words := strings.Fields(trimmed)
	limit := 6
	if k == family || k == other {
		limit = 4
	}
	return len(words) <= limit && !strings.Contains(trimmed, ",")
}

// bareNo reads "Chest pain: no" and "Diabetes - denies".
func (a *Assertion) bareNo(low string, target grammar.Span) {
	rest := strings.TrimLeft(low[target.End:], " ?")
	if rest == "" || !strings.ContainsAny(rest[:1], ":-–=") {
		return
	}
	rest = strings.TrimLeft(rest, " :-–=?")
	word, _, _ := strings.Cut(rest, " ")
	switch strings.Trim(word, ".,;()") {
	case "no", "n", "none", "neg", "negative", "denies", "denied", "absent", "never":
		a.Negated = true
	}
}

// relation names the relative of a cue.
func relation(cue string) string {
	for _, r := range relatives {
		if i := strings.Index(cue, r.word); i >= 0 {
			return r.name
		}
	}
	return ""
}

// lower is for ASCII only, so that places stay the same.
func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
		if c == '\n' || c == '\t' || c == '\r' {
			b[i] = ' '
		}
	}
	return string(b)
}
