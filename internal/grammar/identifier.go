package grammar

import (
	"regexp"
	"strings"
)

// Found is an identifier, a code or a contact in a text.
type Found struct {
	Span
	// Value is normalised: digits of a phone, a code with its point.
	Value string
	// Repaired is true where OCR damage was undone.
	Repaired bool
	Score    float64
	Remark   string
}

// ParseNPI reads a National Provider Identifier: ten digits, of which the last
// is a Luhn check digit over the number with 80840 before it. A wrong check
// digit lowers the score to 0.3 and is remarked on.
func ParseNPI(text string) (Found, bool) {
	s := strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, strings.TrimSpace(text))
	d, repaired, ok := digits(s)
	if !ok || len(d) != 10 || repaired > 2 || d[0] != '1' && d[0] != '2' {
		return Found{}, false
	}
	f := Found{Span: Span{0, len(text)}, Value: d, Repaired: repaired > 0, Score: 1}
	switch {
	case !luhn("80840" + d):
		f.Score, f.Remark = 0.3, RemarkCheckDigit
	case repaired > 0:
		f.Score, f.Remark = 0.85, RemarkRepaired
	}
	return f, true
}

// luhn is the mod-10 check that cards and the NPI use.
func luhn(s string) bool {
	sum := 0
	for i := range len(s) {
		n := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

var npiForm = regexp.MustCompile(`\b[12]\d{9}\b`)

// FindNPIs returns the ten-digit runs with a right check digit.
func FindNPIs(text string) []Found {
	var out []Found
	for _, m := range npiForm.FindAllStringIndex(text, -1) {
		if f, ok := ParseNPI(text[m[0]:m[1]]); ok && f.Remark == "" {
			f.Span = Span{m[0], m[1]}
			out = append(out, f)
		}
	}
	return out
}

// ValidDEA reports two letters and seven digits whose check digit is right:
// the sum of the odd places plus twice that of the even ones ends in the last.
func ValidDEA(text string) bool {
	s := strings.ToUpper(strings.TrimSpace(text))
	if len(s) != 9 || !isLetter(s[0]) || !isLetter(s[1]) && s[1] != '9' {
		return false
	}
	var n [7]int
	for i := range n {
		if !isDigit(s[2+i]) {
			return false
		}
		n[i] = int(s[2+i] - '0')
	}
	return (n[0]+n[2]+n[4]+2*(n[1]+n[3]+n[5]))%10 == n[6]
}

var ssnForm = regexp.MustCompile(`^(?:(\d{3})[- ]?(\d{2})[- ]?(\d{4})|(?:[X*x#]{3})[- ]?(?:[X*x#]{2})[- ]?(\d{4}))$`)

// ParseSSN reads a social security number as 123-45-6789, or a masked one as
// the last four digits; numbers that are never issued are refused.
func ParseSSN(text string) (string, bool) {
	m := ssnForm.FindStringSubmatch(strings.TrimSpace(text))
	switch {
	case m == nil:
		return "", false
	case m[4] != "":
		return m[4], true
	case m[1] == "000" || m[1] == "666" || m[1][0] == '9' || m[2] == "00" || m[3] == "0000":
		return "", false
	}
	return m[1] + "-" + m[2] + "-" + m[3], true
}

var idForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9\-./ ]{1,24}[A-Za-z0-9]$`)

// IDScore says how much text looks like a record, account or member number:
// few words, mostly digits and capitals; 0 for dates, phones and words.
func IDScore(text string) float64 {
	s := strings.TrimSpace(strings.Trim(strings.TrimSpace(text), "#:*"))
	if !idForm.MatchString(s) {
		return 0
	}
	nDigits, nLower := 0, 0
	for _, c := range []byte(s) {
		switch {
		case isDigit(c):
			nDigits++
		case c >= 'a' && c <= 'z':
			nLower++
		}
	}
	if nDigits == 0 || strings.Count(s, " ") > 2 {
		return 0
	}
	if d, ok := (Dates{}).Parse(s); ok && d.Len() == len(s) && len(d.Value) == 10 && strings.ContainsAny(s, "/-. ") {
		return 0
	}
	score := 1.0
	if _, ok := ParsePhone(s); ok && strings.ContainsAny(s, "-. ") {
		score = 0.2
	}
	if nLower > 1 {
		score *= 0.6
	}
	if nDigits < 3 {
		score *= 0.6
	}
	if strings.Contains(s, " ") {
		score *= 0.7
	}
	return score
}

// DamagedID reports an identifier that mixes letters and digits in a way OCR
// confuses: letters O, I, l between digits. It can't be repaired,
// since identifiers may hold both; it is a reason to look.
func DamagedID(text string) bool { return confusable.MatchString(strings.TrimSpace(text)) }

var confusable = regexp.MustCompile(`\d[OoIl|]\d|^[OoIl|]\d{2}|\d{2}[OoIl|]$`)
