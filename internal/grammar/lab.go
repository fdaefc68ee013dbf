package grammar

import (
	"regexp"
	"strings"
)

// ResultKind is the shape of a laboratory result.
type ResultKind uint8

// The kinds of result.
const (
	Numeric     ResultKind = iota // 2.3, <0.01
	Titre                         // 1:160
	Interval                      // 0-5, as in urine sediments
	Qualitative                   // Negative, 2+, trace
)

// Result is the value of one measurement as printed in a cell or a line.
type Result struct {
	Kind ResultKind
	// Comparator is one of the comparator constants or "".
	Comparator string
	// Value is the decimal of a Numeric, "1:160" of a Titre, the lower end of
	// an Interval and the normalised word of a Qualitative result.
	Value string
	// High is the upper end of an Interval.
	High string
	// Unit is as printed, OCR confusions undone; "" where none is printed.
	Unit string
	// Flag is normalised, see ParseFlag; "" where none is printed.
	Flag string
	// Printed is the value with its comparator, as printed.
	Printed string
	Score   float64
	Remark  string
}

const looseDigits = `[0-9OolI|SB]`

var (
	resultNumber = regexp.MustCompile(`^(` + comparatorPattern + `)?\s*([+-]?(?:` + numberPattern + `)(?:\s\.\s?\d+|\.\s\d+)?)`)
	// looseResult is tried where letters stand among the digits: leading, inside,
	// or after the point. A letter behind a whole number is more often a unit.
	looseResult  = regexp.MustCompile(`^(` + comparatorPattern + `)?\s*(` + looseDigits + `*[.,]` + looseDigits + `+|` + looseDigits + `*[0-9Oo])(?:[^A-Za-z0-9.,]|$)`)
	titreForm    = regexp.MustCompile(`^(<|>|<=|>=|≤|≥)?\s*1\s?:\s?(\d{1,3}(?:,\d{3})+|\d{1,6})\b`)
	intervalForm = regexp.MustCompile(`^(` + numberPattern + `)\s?(?:-|–|—|to)\s?(` + numberPattern + `)`)
	flagBefore   = regexp.MustCompile(`^\(?(HH|LL|H|L|A|\*+|↑|↓)\)?[\s*]+`)
	flagAfter    = regexp.MustCompile(`(?:^|\s|\b)[(\[]?(HH|LL|H|L|A|AA|\*{1,3}|!{1,2}|↑|↓|(?i:high|low|abnormal|abn|critical(?: high| low)?|panic|normal|crit))\*?[)\]]?\s*$`)
)

// ParseResult reads a result with what may stand beside it: comparator, unit
// and flag, glued ("28ng/mL") or apart, in the order value, unit, flag or
// value, flag, unit, or flag first. A text that is none of the kinds is not a result.
func ParseResult(text string) (Result, bool) {
	s := squeeze(text)
	if s == "" || len(s) > 120 {
		return Result{}, false
	}
	if r, ok := qualitative(s); ok {
		return r, true
	}
	r := Result{}
	if m := flagBefore.FindStringSubmatch(s); m != nil {
		if f, ok := ParseFlag(m[1]); ok {
			r.Flag, s = f, s[len(m[0]):]
		}
	}
	rest, ok := r.value(s)
	if !ok {
		return Result{}, false
	}
	return r, r.tail(rest)
}

// value takes the number at the start of s and returns what follows.
func (r *Result) value(s string) (rest string, ok bool) {
	if m := titreForm.FindStringSubmatch(s); m != nil {
		r.Kind, r.Comparator, r.Score = Titre, comparatorOf(m[1]), 1
		r.Value = "1:" + strings.ReplaceAll(m[2], ",", "")
		r.Printed = m[0]
		return s[len(m[0]):], true
	}
	if m := intervalForm.FindStringSubmatch(s); m != nil {
		return r.interval(s, m)
	}
	m := resultNumber.FindStringSubmatch(s)
	if l := looseResult.FindStringSubmatch(s); l != nil && (m == nil || len(l[1])+len(l[2]) > len(m[0])) {
		m = l
		m[0] = s[:strings.Index(s, l[2])+len(l[2])]
	}
	if m == nil {
		return "", false
	}
	v, score, remark, ok := ParseDecimal(m[2])
	if !ok || len(v) > 12 {
		return "", false
	}
	r.Kind, r.Comparator = Numeric, comparatorOf(m[1])
	r.Value, r.Score, r.Remark, r.Printed = v, score, remark, m[0]
	return s[len(m[0]):], true
}

func (r *Result) interval(s string, m []string) (string, bool) {
	low, s1, r1, ok1 := ParseDecimal(m[1])
	high, s2, r2, ok2 := ParseDecimal(m[2])
	a, _ := float(low)
	b, _ := float(high)
	if !ok1 || !ok2 || a > b {
		return "", false
	}
	r.Kind, r.Value, r.High, r.Printed = Interval, low, high, m[0]
	r.Score, r.Remark = min(s1, s2), r1+r2
	return s[len(m[0]):], true
}

// tail reads flag and unit from what follows the value; false where something
// else follows, so that a sentence is no result.
func (r *Result) tail(rest string) bool {
	rest = strings.TrimSpace(rest)
	if m := flagAfter.FindStringSubmatchIndex(rest); m != nil && r.Flag == "" && !KnownUnit(rest) {
		if f, ok := ParseFlag(rest[m[2]:m[3]]); ok {
			r.Flag, rest = f, strings.TrimSpace(rest[:m[0]])
		}
	}
	if m := flagBefore.FindStringSubmatch(rest + " "); m != nil && r.Flag == "" && !KnownUnit(rest) {
		if f, ok := ParseFlag(m[1]); ok {
			r.Flag, rest = f, strings.TrimSpace((rest + " ")[len(m[0]):])
		}
	}
	rest = strings.TrimSpace(strings.Trim(rest, "*()[]|;,_ "))
	if rest == "" {
		return true
	}
	unit, repaired := RepairUnit(rest)
	if repaired {
		r.Score *= 0.9
	}
	if !KnownUnit(unit) {
		return false
	}
	r.Unit = unit
	return true
}
