package extract

import (
	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/grammar/assert"
)

// says judges a mention within the text it stands in.
func says(whole, at passage) assert.Assertion {
	from := whole.offsetOf(at)
	if from < 0 || at.empty() {
		return assert.Assertion{}
	}
	return assert.Judge(whole.text, grammar.Span{Start: from, End: from + len(at.text)})
}

// notOurs tells that a mention is no fact of this patient: not there, not
// theirs, or not yet.
func notOurs(a assert.Assertion) bool { return a.Negated || a.Planned || !a.Patients() }
