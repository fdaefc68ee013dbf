// Package sig reads medication lines: drug, strength, form and the direction
// (sig) with dose, route, timing, quantity, refills, dates, status and
// indication, in any order print puts them.
//
// It knows no drugs: the drug is what stands before the first piece that is
// something else, and terms says whether such a drug exists. A piece it cannot
// place is left out of every field and lowers the score. Values are as
// printed; Timing, RouteName, Status and the numbers of Dose are normalised:
// number words, Roman numerals and fractions become decimals there.
package sig

import (
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
)

// Line is one medication as printed.
type Line struct {
	// Drug is the name with its modifiers ("metformin ER", "albuterol HFA").
	Drug string
	// Strength is what one unit holds: "100 mcg", "5-325 mg", "90 mcg/actuation".
	Strength string
	// Form is the dosage form as printed: "tablet", "oral solution".
	Form string
	// Dose is how much is taken at once: 1 tab, 20 units, 1-2 puffs.
	Dose Dose
	// Route is as printed, RouteName the plain word for it ("oral"), or "".
	Route, RouteName string
	// Frequency is everything printed about when to take it: "BID",
	// "q4-6h prn wheezing", "daily before breakfast".
	Frequency string
	Timing    Timing
	AsNeeded  bool
	// Reason is what an as-needed medication is needed for.
	Reason string
	// Duration of the course, a number and a UCUM unit: "10", "d".
	Duration, DurationUnit string
	// Quantity dispensed and Refills are decimal numbers.
	Quantity, Refills string
	// Start and Stop are the dates as printed; parse them with grammar.Dates.
	Start, Stop string
	// Status is one of the Status constants, or "" where the line says nothing.
	Status string
	// Indication is what the medication is for, when it is not as needed.
	Indication string
	// Note is why it was changed: "cough" of "stopped due to cough".
	Note string
	// Directions are the words from the first piece of the sig to the last.
	Directions string
	// Steps are the further steps of a taper, in order, without Drug.
	Steps []Line
	// Parts are the recognised pieces in printed order.
	Parts  []Part
	Score  float64
	Remark string
}

// Dose is an amount taken at once. High is "" unless a range is printed.
type Dose struct{ Low, High, Unit, Text string }

// Timing has the parts of a FHIR Timing.repeat. Zero values say nothing.
type Timing struct {
	// Frequency times (to FrequencyMax) in each Period (to PeriodMax) of
	// PeriodUnit, a UCUM unit: h, d, wk, mo, a, min.
	Frequency, FrequencyMax int
	Period, PeriodMax       string
	PeriodUnit              string
	// When are codes of HL7's EventTiming: HS, AC, PC, ACM, MORN, NIGHT…
	When []string
	// Days are the days of the week: mon, tue, …
	Days []string
	// Count is 1 for a single dose.
	Count int
}

// Known reports whether the timing says anything.
func (t Timing) Known() bool {
	return t.Frequency > 0 || t.Period != "" || len(t.When) > 0 || len(t.Days) > 0 || t.Count > 0
}

// The states a line can give a medication, as FHIR's MedicationStatement names them.
const (
	Active    = "active"
	Stopped   = "stopped"
	Completed = "completed"
	OnHold    = "on-hold"
	Intended  = "intended"
	NotTaken  = "not-taken"
)

// Kind is the kind of a piece.
type Kind uint8

// The kinds of piece.
const (
	DrugPart Kind = iota
	StrengthPart
	FormPart
	DosePart
	RoutePart
	FrequencyPart
	ReasonPart
	DurationPart
	QuantityPart
	RefillsPart
	DatePart
	StatusPart
	IndicationPart
	NotePart
	VerbPart
)

// Part is a recognised piece and its place in the text.
type Part struct {
	Kind Kind
	grammar.Span
}

// The remarks of this package.
const (
	RemarkMisreadable = "abbreviation easily misread"
	RemarkUnitsU      = "U may be a zero"
	RemarkPoint       = "decimal point easily lost"
	RemarkConflict    = "two frequencies"
	RemarkUnplaced    = "words not understood"
	RemarkRepaired    = grammar.RemarkRepaired
	RemarkBiweekly    = "biweekly has two meanings"
	RemarkNoDrug      = "no drug name"
	RemarkNoUnit      = "strength without unit"
	RemarkChanged     = "dose changed on the line"
)

// Parse reads one medication line. It always answers; a text that is no
// medication has a low Score, and one without any recognised piece 0.
func Parse(text string) Line {
	pieces := taperSteps(text)
	l := parseOne(text, pieces[0], true)
	for _, p := range pieces[1:] {
		step := parseOne(text, p, false)
		if step.Dose.Low == "" && !step.Timing.Known() && step.Strength == "" {
			if step.Status == Stopped {
				continue // "then stop" ends a taper; it does not stop the drug now
			}
			return parseOne(text, grammar.Span{Start: 0, End: len(text)}, true)
		}
		l.Steps = append(l.Steps, step)
		l.Score = min(l.Score, max(step.Score, 0.3))
	}
	return l
}

func parseOne(text string, s grammar.Span, drug bool) Line {
	p := newParser(text, s, drug)
	p.run()
	return p.finish()
}

// taperSteps cuts at "then"; the first span is the line itself.
func taperSteps(text string) []grammar.Span {
	var out []grammar.Span
	last := 0
	for _, m := range thenWord.FindAllStringIndex(lower(text), -1) {
		out = append(out, grammar.Span{Start: last, End: m[0]})
		last = m[1]
	}
	return append(out, grammar.Span{Start: last, End: len(text)})
}

// lower is strings.ToLower for ASCII only, so that places stay the same.
func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }
