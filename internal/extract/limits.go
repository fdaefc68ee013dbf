package extract

import (
	"strconv"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/terms"
)

// limits is what a vocabulary may know of the values that a living patient's
// test can have, by LOINC code and UCUM unit.
type limits interface {
	Plausible(code string, value float64, unit string) (ok, known bool)
}

// remarkUnitTest says that a result's unit does not fit its test.
const remarkUnitTest = "the unit is not one of this test"

// sane weighs a number against what the test can have, and the test's name
// against the unit: a name that lost a word ("Hemoglobin" for "Hemoglobin A1c")
// shows by it, and is completed where the ink behind it allows. at is the name as
// printed.
func (r *reader) sane(at passage, name, value cell, res grammar.Result, unit string, c *terms.Concept) (cell, cell) {
	if res.Kind != grammar.Numeric || c == nil {
		return name, value
	}
	code, _ := r.terms.Unit(unit)
	if percentOfMass(code, c.Unit) {
		if m, ok := r.completed(at); ok && m.Concept != c && m.Concept.Unit == code {
			name.value, name.sig.Repaired, name.sig.Vocabulary = m.Term, 1, m.Score
			return name.doubt(remarkUnread), value
		}
		name.sig.Plausible, name.sig.Vocabulary = 0, 0.3
		return name.doubt(remarkUnitTest), value.doubt(remarkUnitTest)
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(res.Value, ",", ""), 64)
	if err != nil || r.limits == nil {
		return name, value
	}
	if ok, known := r.limits.Plausible(codeOf(c, terms.LOINC), v, code); known && !ok {
		value.sig.Plausible, value.sig.Grammar, value.sig.Vocabulary = 0, 0.2, 0
		value.remark = grammar.RemarkImplausible
	}
	return name, value
}

// percentOfMass tells of a share where the test measures an amount in a volume.
func percentOfMass(unit, usual string) bool {
	amount := strings.HasPrefix(usual, "g/") || strings.HasPrefix(usual, "mg/") || strings.HasPrefix(usual, "mmol/") || strings.HasPrefix(usual, "meq/")
	return unit == "%" && amount
}
