package grammar

import (
	"regexp"
	"strconv"
	"strings"
)

// Comparators as FHIR's Quantity writes them.
const (
	Less         = "<"
	LessEqual    = "<="
	Greater      = ">"
	GreaterEqual = ">="
)

const comparatorPattern = `<=|>=|=<|=>|≤|≥|<|>|(?i:less than or equal to|greater than or equal to|less than|greater than|more than|under|over|above|below|at least|at most|up to)`

// comparatorOf normalises a printed comparator; "" for anything else.
func comparatorOf(s string) string {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "<", "less than", "under", "below":
		return Less
	case "<=", "=<", "≤", "less than or equal to", "at most", "up to":
		return LessEqual
	case ">", "greater than", "more than", "over", "above":
		return Greater
	case ">=", "=>", "≥", "greater than or equal to", "at least":
		return GreaterEqual
	}
	return ""
}

// numberPattern is a printed decimal: 1,234.5, 2.3, .5 or 12.
const numberPattern = `\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+`

// looseNumber also takes OCR damage: letters for digits, a space beside the
// decimal point, a decimal comma.
var looseNumber = regexp.MustCompile(`^[+-]?(?:` + numberPattern + `|[0-9OolI|SB]*\s?[.,]\s?[0-9OolI|SB]+|[0-9OolI|SB]+)$`)

// ParseDecimal reads one printed number as a decimal string: thousands
// separators go, a zero is put before a bare decimal point, everything else
// stays as printed, trailing zeros included. Repairs lower the score.
func ParseDecimal(text string) (value string, score float64, remark string, ok bool) {
	s := strings.TrimSpace(text)
	if !looseNumber.MatchString(s) || !strings.ContainsAny(s, "0123456789") {
		return "", 0, "", false
	}
	q := clean()
	s = strings.TrimPrefix(s, "+")
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	s = joinSplit(s, &q)
	s = separators(s, &q)
	whole, frac, point := strings.Cut(s, ".")
	whole, ok1 := repairRun(whole, &q)
	frac, ok2 := repairRun(frac, &q)
	if !ok1 || !ok2 {
		return "", 0, "", false
	}
	if whole == "" {
		whole = "0"
		q.lower(0.9, RemarkLeadingPoint)
	}
	if point {
		whole += "." + frac
	}
	return sign + whole, q.score, q.remark, true
}

// joinSplit removes the space of "2. 3".
func joinSplit(s string, q *quality) string {
	if strings.ContainsAny(s, " \t") {
		q.lower(0.7, RemarkSplit)
		s = strings.Join(strings.Fields(s), "")
	}
	return s
}

// separators drops thousands commas; any other comma is a decimal comma, or a
// decimal point with a speck under it.
func separators(s string, q *quality) string {
	if !strings.Contains(s, ",") {
		return s
	}
	if thousands.MatchString(s) {
		return strings.ReplaceAll(s, ",", "")
	}
	q.lower(0.6, RemarkDecimalComma)
	return strings.Replace(s, ",", ".", 1)
}

var thousands = regexp.MustCompile(`^\d{1,3}(,\d{3})+(\.\d+)?$`)

func repairRun(s string, q *quality) (string, bool) {
	if s == "" {
		return "", true
	}
	out, n, ok := digits(s)
	if !ok || n == len(s) && len(s) > 1 {
		return "", false
	}
	for range n {
		q.lower(0.7, RemarkRepaired)
	}
	return out, true
}

// float is for comparisons only; values travel as strings.
func float(s string) (float64, bool) {
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}
