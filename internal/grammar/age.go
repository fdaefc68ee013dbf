package grammar

import (
	"regexp"
	"strings"
)

// Age is an age as printed.
type Age struct {
	Span
	// Value is a decimal, Unit a UCUM unit: a, mo, wk, d, h.
	Value, Unit string
	// Sex is "male" or "female" where it is printed with the age.
	Sex    string
	Score  float64
	Remark string
}

var ageForm = regexp.MustCompile(`(?i)\b(\d{1,3})\s?-?\s?(y\.?\s?/?\.?o\.?|y/o|years?[- ]olds?|yrs?[- ]olds?|year|years|yrs?|y|months?[- ]olds?|months?|mos?\.?[- ]olds?|mos?|m/o|m\.?o\.?|weeks?[- ]olds?|weeks?|wks?|w/o|days?[- ]olds?|d/o)\b\.?(?:\s*(?:,|old)?\s*(?:(?:[a-z]+(?:[- ][a-z]+)?),?\s+){0,3}?(male|female|man|woman|boy|girl|gentleman|lady|m|f)\b)?`)

// FindAges returns the ages of a text: "72 y/o", "18 mo", "72-year-old female",
// "72yo F". A bare "5 days" or "3 weeks" is a time and not an age.
func FindAges(text string) []Age {
	var out []Age
	for _, m := range ageForm.FindAllStringSubmatchIndex(text, -1) {
		unit := strings.ToLower(text[m[4]:m[5]])
		a := Age{Span: Span{m[0], m[1]}, Value: text[m[2]:m[3]], Unit: ageUnit(unit), Score: 1}
		if m[6] >= 0 {
			a.Sex = ageSex(strings.ToLower(text[m[6]:m[7]]))
		}
		explicit := strings.Contains(unit, "o") && !strings.HasPrefix(unit, "mo") || strings.Contains(unit, "old") || a.Sex != ""
		if !explicit {
			if !ageCue.MatchString(lead(text[:m[0]])) {
				a.Score = 0.5
			}
			if a.Unit == "wk" || a.Unit == "d" {
				continue
			}
		}
		if x, _ := float(a.Value); a.Unit == "a" && x > 120 {
			a.Score, a.Remark = 0.1, RemarkImplausible
		}
		out = append(out, a)
	}
	return out
}

var ageCue = regexp.MustCompile(`(?i)\bage[d]?\s*(?:at\s+\w+)?[:=]?\s*$`)

// ParseAge reads a text that is one age, as in a field labelled "Age": a bare
// number is in years.
func ParseAge(text string) (Age, bool) {
	s := strings.TrimSpace(text)
	for _, a := range FindAges("age " + s) {
		if a.End-4 >= len(strings.TrimRight(s, ". ")) && a.Start == 4 {
			a.Span = Span{0, len(text)}
			return a, true
		}
	}
	if v, score, remark, ok := ParseDecimal(s); ok && len(v) <= 3 && !strings.Contains(v, ".") {
		return Age{Span{0, len(text)}, v, "a", "", score * 0.9, remark}, true
	}
	return Age{}, false
}

func ageUnit(s string) string {
	switch s[0] {
	case 'm':
		return "mo"
	case 'w':
		return "wk"
	case 'd':
		return "d"
	}
	return "a"
}

func ageSex(s string) string {
	switch s {
	case "male", "man", "boy", "gentleman", "m":
		return "male"
	}
	return "female"
}

// ParseSex reads an administrative sex as FHIR names it: male, female, other,
// unknown.
func ParseSex(text string) (string, bool) {
	switch strings.ToLower(strings.Trim(squeeze(text), " .,:;()[]|*")) {
	case "m", "male", "man", "boy", "ma1e", "maie", "masculine":
		return "male", true
	case "f", "female", "woman", "girl", "fema1e", "femaie", "fem", "feminine":
		return "female", true
	case "x", "other", "non-binary", "nonbinary", "nb", "intersex":
		return "other", true
	case "u", "unk", "unknown", "undifferentiated", "not specified", "unspecified", "declined", "not disclosed":
		return "unknown", true
	}
	return "", false
}
