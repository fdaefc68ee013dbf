package convert

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/terms"
)

func itoa(i int) string { return strconv.Itoa(i) }

// isDecimal is FHIR's decimal without exponent (R4 datatypes.html#decimal), of
// as many digits as anything measured has.
var isDecimal = regexp.MustCompile(`^-?(0|[1-9]\d{0,15})(\.\d{1,12})?$`)

// numeric reports whether s can be a FHIR decimal as it stands.
func numeric(s string) bool { return isDecimal.MatchString(s) }

// measured is a number with its printed unit and, where known, UCUM's code.
func (c *chart) measured(value, unit string) *r4.Quantity {
	q := &r4.Quantity{Value: r4.Decimal(value), Unit: unit}
	if unit == "" || c.Terms == nil {
		return q
	}
	if ucum, ok := c.Terms.Unit(unit); ok {
		q.System, q.Code = terms.UCUM, ucum
	}
	return q
}

// scaled multiplies a decimal by a rational without loss; the factors used have
// finite decimals.
func scaled(value string, by *big.Rat) string {
	x, ok := new(big.Rat).SetString(value)
	if !ok {
		return ""
	}
	s := x.Mul(x, by).FloatString(6)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// set gives an Observation the value that was printed: a quantity, a ratio
// (titre), a range, a word, or else the text.
func (c *chart) set(o *r4.Observation, text, unit string) {
	if numeric(text) {
		o.ValueQuantity = c.measured(text, unit)
		return
	}
	r, ok := grammar.ParseResult(text)
	switch {
	case !ok:
	case r.Kind == grammar.Numeric && numeric(r.Value):
		o.ValueQuantity = c.measured(r.Value, first(unit, r.Unit))
		o.ValueQuantity.Comparator = comparator(r.Comparator)
		if r.Comparator != "" && o.ValueQuantity.Comparator == "" {
			o.ValueQuantity = nil
		}
	case r.Kind == grammar.Titre && r.Comparator == "":
		o.ValueRatio = titre(r.Value)
	case r.Kind == grammar.Interval && numeric(r.Value) && numeric(r.High):
		o.ValueRange = &r4.Range{Low: c.measured(r.Value, first(unit, r.Unit)), High: c.measured(r.High, first(unit, r.Unit))}
	case r.Kind == grammar.Qualitative:
		o.ValueCodeableConcept = qualitative(text, unit, r.Value)
	}
	if o.ValueQuantity == nil && o.ValueRatio == nil && o.ValueRange == nil && o.ValueCodeableConcept == nil {
		o.ValueString = strings.TrimSpace(text + " " + unit)
	}
}

func comparator(printed string) string {
	switch printed {
	case "<", "<=", ">", ">=":
		return printed
	}
	return ""
}

func titre(text string) *r4.Ratio {
	a, b, ok := strings.Cut(strings.ReplaceAll(text, " ", ""), ":")
	if !ok || !numeric(a) || !numeric(b) {
		return nil
	}
	return &r4.Ratio{Numerator: &r4.Quantity{Value: r4.Decimal(a)}, Denominator: &r4.Quantity{Value: r4.Decimal(b)}}
}

// qualitative is a result in words, coded where it is one of the usual ones.
func qualitative(text, unit, word string) *r4.CodeableConcept {
	known := map[string][2]string{
		"positive": {"10828004", "Positive"}, "negative": {"260385009", "Negative"},
		"detected": {"260373001", "Detected"}, "not detected": {"260415000", "Not detected"},
		"reactive": {"11214006", "Reactive"}, "nonreactive": {"131194007", "Non-Reactive"}, "non-reactive": {"131194007", "Non-Reactive"},
		"normal": {"17621005", "Normal"}, "abnormal": {"263654008", "Abnormal"},
	}
	out := concept(strings.TrimSpace(text + " " + unit))
	if k, ok := known[strings.ToLower(word)]; ok && strings.EqualFold(folded(text), folded(word)) && unit == "" {
		out.Coding = []r4.Coding{coding(terms.SNOMED, k[0], k[1])}
	}
	return out
}

// interpretation is a flag in HL7's table 0078.
func interpretation(flag string) *r4.CodeableConcept {
	names := map[string]string{"H": "High", "L": "Low", "HH": "Critical high", "LL": "Critical low", "A": "Abnormal", "AA": "Critical abnormal",
		"N": "Normal", "POS": "Positive", "NEG": "Negative", "R": "Resistant", "S": "Susceptible", "I": "Intermediate"}
	code := strings.ToUpper(strings.TrimSpace(flag))
	if parsed, ok := grammar.ParseFlag(flag); ok {
		code = strings.ToUpper(parsed)
	}
	if name, ok := names[code]; ok {
		return concept(flag, coding(v3("ObservationInterpretation"), code, name))
	}
	return concept(flag)
}
