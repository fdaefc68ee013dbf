// Package grammar reads the small languages of clinical print: dates, names,
// addresses, numbers with units, reference ranges, vital signs, identifiers and
// codes. Its sub-packages read whole lines: sig (medications), assert (negation
// and its kin) and history (allergies, family, social, immunizations,
// procedures).
//
// Everything is a pure function of strings and safe for concurrent use. Nothing
// here knows of pages or layout. A parser never panics and never guesses in
// silence: what it had to repair or assume lowers Score and is named in Remark,
// one of the Remark constants, which never holds text from the page.
//
// Score is 0..1: 1 is plain print in an unmistakable form. It is a measure of
// form, not a calibrated probability; extract weighs it with other evidence.
//
// Numbers stay the decimal strings that were printed. The only digits that may
// appear in an output but not in its input are documented where they arise:
// the century of a two-digit year, a month's number for its name, the zeros
// that FHIR pads with, the zero before a bare decimal point, and OCR repairs,
// which always carry a remark.
package grammar

// Span is a half-open range of bytes in the text that was given to a parser.
type Span struct{ Start, End int }

// Of returns the text the span covers, or "" where it lies outside.
func (s Span) Of(text string) string {
	if s.Start < 0 || s.End > len(text) || s.Start > s.End {
		return ""
	}
	return text[s.Start:s.End]
}

// Len is the number of bytes covered.
func (s Span) Len() int { return s.End - s.Start }

// Overlaps reports whether the two spans share a byte.
func (s Span) Overlaps(t Span) bool { return s.Start < t.End && t.Start < s.End }

// The remarks of this package. They name what lowered a score.
const (
	RemarkRepaired     = "characters repaired"
	RemarkTwoDigitYear = "two-digit year"
	RemarkCentury      = "century uncertain"
	RemarkDayFirst     = "day before month"
	RemarkImpossible   = "impossible date"
	RemarkFuture       = "date in the future"
	RemarkSeparator    = "separator misread"
	RemarkSplit        = "number split by a space"
	RemarkDecimalComma = "decimal comma"
	RemarkLeadingPoint = "no digit before the decimal point"
	RemarkUnknownUnit  = "unit not recognised"
	RemarkInverted     = "range upside down"
	RemarkLostPoint    = "decimal point may be lost"
	RemarkFlagRange    = "flag disagrees with range"
	RemarkImplausible  = "value outside plausible limits"
	RemarkNoUnit       = "unit assumed"
	RemarkCheckDigit   = "check digit wrong"
	RemarkOrder        = "order of name parts assumed"
	RemarkUnlikely     = "unlikely for its kind"
	RemarkGlued        = "parts run together"
)

// quality gathers what lowers a score.
type quality struct {
	score  float64
	remark string
}

func clean() quality { return quality{score: 1} }

// lower multiplies the score and keeps the first remark, which is the one that
// the parser met at the most telling place.
func (q *quality) lower(by float64, remark string) {
	q.score *= by
	if q.remark == "" {
		q.remark = remark
	}
}
