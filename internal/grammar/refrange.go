package grammar

import (
	"regexp"
	"strings"
)

// Range is a reference range as printed.
type Range struct {
	// Low and High are decimals, "" where the range is open on that side.
	Low, High string
	// LowOpen and HighOpen are true where the end itself lies outside (">40").
	LowOpen, HighOpen bool
	// Normal is the expected result in words, normalised ("negative"), or the
	// highest normal titre.
	Normal string
	// Sex is "male", "female" or "" and Applies the qualifier as printed, such
	// as "Adult" or "> 18 years".
	Sex, Applies string
	// Unit is the unit printed in the range, else "".
	Unit   string
	Score  float64
	Remark string
}

var (
	rangeLabel   = regexp.MustCompile(`^(?i:ref(?:erence|\.)?\s*(?:range|interval|int|rng|value)?s?|normal(?:\s*(?:range|values?))?|nl|range|expected|desirable|optimal|goal|target|therapeutic(?:\s*range)?|limits|biological ref(?:erence)? (?:interval|range))\s*[:=]?\s+|^(?i:ref|rr|normal|goal|range):\s*`)
	rangeBetween = regexp.MustCompile(`^(?P<lo>[+-]?(?:` + numberPattern + `)(?:\s\.\s?\d+|\.\s\d+)?)\s*(?P<u1>[A-Za-zµμ%/0-9^.]{0,14}?)\s*(?:--?|–|—|−|~|to|thru|\.{2,3}|_)\s*(?P<hi>-?(?:` + numberPattern + `)(?:\s\.\s?\d+|\.\s\d+)?)(?P<rest>.*)$`)
	rangeDamaged = regexp.MustCompile(`^(` + looseDigits + `+(?:[.,]` + looseDigits + `+)?)\s?(?:-|–|—|to)\s?(` + looseDigits + `+(?:[.,]` + looseDigits + `+)?)(.*)$`)
	rangeSided   = regexp.MustCompile(`^(?P<cmp>` + comparatorPattern + `)\s*(?:or\s*=\s*)?(?P<num>` + numberPattern + `)(?P<rest>.*)$`)
	rangeSuffix  = regexp.MustCompile(`^(?P<num>` + numberPattern + `)\s*(?P<unit>[^\s,;]*?)\s*(?P<dir>(?i:or (?:less|lower|below|under|fewer)|and (?:below|under)|or (?:greater|higher|more|above|over)|and (?:above|over|up))|\+)(?P<rest>.*)$`)
	sexWord      = regexp.MustCompile(`(?i)\b(?:(m(?:en|ales?)?)|(f(?:emales?)?|women))\b`)
)

// ParseRange reads one reference range: "0.4-4.0", "0.4 – 4.0 mIU/L", "(3.5-5.1)",
// "<5.7", ">=60", "up to 40", "200 or less", "Negative", "<1:40", with a label
// or a sex before it. Age and sex variants of one cell are read by ParseRanges.
func ParseRange(text string) (Range, bool) {
	s := squeeze(text)
	if len(s) > 100 {
		return Range{}, false
	}
	s = unbracket(s)
	s = strings.TrimSpace(rangeLabel.ReplaceAllString(s, ""))
	var r Range
	s = r.qualifier(s)
	s = unbracket(s)
	if s == "" || !r.body(s) {
		return Range{}, false
	}
	return r, true
}

// ParseRanges reads a cell that may hold a range for each sex or age, such as
// "M: 13.5-17.5 F: 12.0-15.5". The ranges stand in printed order.
func ParseRanges(text string) []Range {
	var out []Range
	for _, piece := range rangePieces(squeeze(text)) {
		r, ok := ParseRange(piece)
		if !ok {
			out = nil
			break
		}
		out = append(out, r)
	}
	if r, ok := ParseRange(text); out == nil && ok {
		return []Range{r}
	}
	return out
}

var pieceSplit = regexp.MustCompile(`\s*[;|\n]\s*|,\s+(?:(?i:m|f|males?|females?|men|women|adults?|child(?:ren)?)\b)|\s+(?i:(?:males?|females?|men|women|adults?|child(?:ren)?)\b|[mf]\s?[:=]|or\s+(?:fe)?males?)`)

var closedQualifier = regexp.MustCompile(`\)\s*,?\s+([<>≤≥\d])`)

// rangePieces cuts before each qualifier and at separators.
func rangePieces(s string) []string {
	s = closedQualifier.ReplaceAllString(s, "); $1")
	var out []string
	last := 0
	for _, m := range pieceSplit.FindAllStringIndex(s, -1) {
		if m[0] > last {
			out = append(out, s[last:m[0]])
		}
		last = m[0]
		for last < len(s) && strings.IndexByte(" ;|,", s[last]) >= 0 {
			last++
		}
	}
	return append(out, s[last:])
}

func unbracket(s string) string {
	s = strings.TrimSpace(strings.Trim(s, "|*;, "))
	for len(s) > 1 && (s[0] == '(' && s[len(s)-1] == ')' || s[0] == '[' && s[len(s)-1] == ']') {
		s = strings.TrimSpace(s[1 : len(s)-1])
	}
	if strings.Count(s, "(") < strings.Count(s, ")") {
		s = strings.TrimSuffix(s, ")")
	}
	if strings.Count(s, "(") > strings.Count(s, ")") {
		s = strings.TrimPrefix(s, "(")
	}
	return strings.TrimSpace(s)
}

var qualifierBefore = regexp.MustCompile(`^(?i)((?:adult|child(?:ren)?|pediatric|infants?|newborns?|m|f|males?|females?|men|women|pregnant|non-?pregnant|fasting|random|nonsmokers?|smokers?|age[sd]?|peak|trough|am|pm|a\.m\.|p\.m\.|premenopausal|postmenopausal|follicular|luteal|mid-?cycle|normal|desirable|optimal)(?:[\s,]+(?:adults?|males?|females?|(?:(?:>|<|≥|≤|>=|<=)\s?)?\d+(?:\s?-\s?\d+)?\s?(?:years?|yrs?|y|yo|months?|mos?)|phase|range))*)\s*(?:[:=]|\s)\s*`)

// qualifier takes a sex, age or circumstance from the start of s.
func (r *Range) qualifier(s string) string {
	m := qualifierBefore.FindStringSubmatch(s)
	if m == nil {
		return s
	}
	if _, ok := qualitative(s); ok {
		return s
	}
	r.Applies = strings.TrimSpace(m[1])
	r.Sex = sexOf(r.Applies)
	return strings.TrimSpace(s[len(m[0]):])
}

func sexOf(s string) string {
	switch m := sexWord.FindStringSubmatch(s); {
	case m == nil:
		return ""
	case m[1] != "":
		return "male"
	default:
		return "female"
	}
}

func (r *Range) body(s string) bool {
	if m := titreForm.FindStringSubmatch(s); m != nil {
		r.Normal, r.Score = m[1]+"1:"+strings.ReplaceAll(m[2], ",", ""), 1
		return onlyPunct(s[len(m[0]):])
	}
	if m := rangeBetween.FindStringSubmatch(s); m != nil && (m[2] == "" || KnownUnit(m[2])) {
		return r.between(m[1], m[3], m[2]+m[4])
	}
	if m := rangeSided.FindStringSubmatch(s); m != nil {
		return r.sided(comparatorOf(m[1]), m[2], m[3])
	}
	if m := rangeSuffix.FindStringSubmatch(s); m != nil && (m[2] == "" || KnownUnit(m[2])) {
		low := strings.ToLower(m[3])
		cmp := LessEqual
		if strings.HasSuffix(low, "greater") || strings.HasSuffix(low, "higher") || strings.HasSuffix(low, "more") ||
			strings.HasSuffix(low, "above") || strings.HasSuffix(low, "over") || strings.HasSuffix(low, "up") || low == "+" {
			cmp = GreaterEqual
		}
		return r.sided(cmp, m[1], m[2]+m[4])
	}
	if m := rangeDamaged.FindStringSubmatch(s); m != nil && strings.ContainsAny(m[1]+m[2], "0123456789") {
		return r.between(m[1], m[2], m[3])
	}
	if q, ok := qualitative(s); ok && q.Flag == "" {
		r.Normal, r.Score, r.Remark = q.Value, q.Score, q.Remark
		return true
	}
	return false
}

func (r *Range) between(low, high, rest string) bool {
	lo, s1, r1, ok1 := ParseDecimal(low)
	hi, s2, r2, ok2 := ParseDecimal(high)
	if !ok1 || !ok2 || !r.unit(rest) {
		return false
	}
	r.Low, r.High, r.Score = lo, hi, min(s1, s2)
	r.Remark = r1
	if r1 == "" {
		r.Remark = r2
	}
	a, _ := float(lo)
	b, _ := float(hi)
	if a > b {
		r.Score, r.Remark = r.Score*0.3, RemarkInverted
	}
	return true
}

func (r *Range) sided(cmp, num, rest string) bool {
	v, score, remark, ok := ParseDecimal(num)
	if !ok || !r.unit(rest) {
		return false
	}
	r.Score, r.Remark = score, remark
	switch cmp {
	case Less, LessEqual:
		r.High, r.HighOpen = v, cmp == Less
	case Greater, GreaterEqual:
		r.Low, r.LowOpen = v, cmp == Greater
	}
	return true
}

// unit takes what follows the numbers: a unit, or a qualifier in brackets.
func (r *Range) unit(rest string) bool {
	rest = strings.TrimSpace(strings.Trim(strings.TrimSpace(rest), "()[]|*;,"))
	if rest == "" || onlyPunct(rest) && !strings.Contains(rest, "%") {
		return true
	}
	if unit, _ := RepairUnit(rest); KnownUnit(unit) && unit != "M" && unit != "F" {
		r.Unit = unit
		return true
	}
	if unit, more, ok := strings.Cut(rest, " "); ok && KnownUnit(unit) {
		r.Unit, rest = unit, strings.Trim(more, "() ")
	}
	m := qualifierBefore.FindString(rest + " ")
	if sex := sexOf(rest); len(m) > len(rest) || rangeNote.MatchString(rest) {
		r.Applies = strings.TrimSpace(r.Applies + " " + rest)
		if sex != "" {
			r.Sex = sex
		}
		return true
	}
	return false
}

var rangeNote = regexp.MustCompile(`^(?i:adults?|child(?:ren)?|calc|fasting|random|normal|desirable|optimal|calc(?:ulated)?|non-?fasting|am|pm|non-?diabetic|peak|trough)$`)
