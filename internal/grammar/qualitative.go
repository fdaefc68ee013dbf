package grammar

import (
	"regexp"
	"strings"
)

// qualitativeWords are results in words; the value is the normalised form.
// Those that mean "not found" are in notFound as well.
var qualitativeWords = map[string]string{
	"negative": "negative", "neg": "negative", "neg.": "negative", "(-)": "negative", "-": "negative", "-ve": "negative", "negative.": "negative",
	"positive": "positive", "pos": "positive", "pos.": "positive", "(+)": "positive", "+ve": "positive",
	"non-reactive": "non-reactive", "nonreactive": "non-reactive", "non reactive": "non-reactive", "nr": "non-reactive",
	"reactive": "reactive", "weakly reactive": "weakly reactive", "repeatedly reactive": "reactive",
	"not detected": "not detected", "none detected": "not detected", "undetected": "not detected", "undetectable": "not detected", "target not detected": "not detected", "not det": "not detected", "nd": "not detected",
	"detected": "detected", "presumptive positive": "presumptive positive", "weakly positive": "weakly positive", "strongly positive": "positive",
	"trace": "trace", "tr": "trace", "small": "small", "moderate": "moderate", "mod": "moderate", "large": "large", "lg": "large",
	"few": "few", "many": "many", "rare": "rare", "occasional": "occasional", "occ": "occasional", "slight": "slight", "marked": "marked",
	"none": "none", "none seen": "none seen", "absent": "absent", "present": "present", "not seen": "none seen", "none observed": "none seen", "not present": "absent",
	"normal": "normal", "abnormal": "abnormal", "wnl": "normal", "within normal limits": "normal", "unremarkable": "normal",
	"immune": "immune", "non-immune": "not immune", "not immune": "not immune", "nonimmune": "not immune", "equivocal": "equivocal", "indeterminate": "indeterminate", "borderline": "borderline", "inconclusive": "indeterminate",
	"no growth": "no growth", "no growth to date": "no growth", "ngtd": "no growth", "normal flora": "normal flora", "mixed flora": "mixed flora",
	"clear": "clear", "cloudy": "cloudy", "hazy": "hazy", "slightly cloudy": "slightly cloudy", "slightly hazy": "slightly hazy", "turbid": "turbid",
	"yellow": "yellow", "pale yellow": "pale yellow", "straw": "straw", "amber": "amber", "dark yellow": "dark yellow", "colorless": "colorless", "brown": "brown", "red": "red", "orange": "orange",
	"adequate": "adequate", "see note": "see note", "see comment": "see note", "see below": "see note", "pending": "pending", "tnp": "not performed", "not performed": "not performed", "qns": "not performed", "hemolyzed": "not performed", "cancelled": "not performed", "canceled": "not performed", "not applicable": "not applicable", "n/a": "not applicable",
	"a": "A", "b": "B", "o": "O", "ab": "AB", "a pos": "A positive", "a positive": "A positive", "b positive": "B positive", "o positive": "O positive", "ab positive": "AB positive", "o negative": "O negative", "a negative": "A negative", "b negative": "B negative", "ab negative": "AB negative", "rh positive": "Rh positive", "rh negative": "Rh negative",
}

// notFound are the normalised words for a test that found nothing wrong.
var notFound = set("negative non-reactive normal none absent clear")

var plusForm = regexp.MustCompile(`^(?:([1-4])\s?\+|\+\s?([1-4])|(\+{1,4}))$`)

// qualitative reads a whole text as a result in words, with or without a flag
// behind it.
func qualitative(s string) (Result, bool) {
	low := strings.ToLower(s)
	if v, ok := qualitativeWords[low]; ok && len(low) > 1 {
		return Result{Kind: Qualitative, Value: v, Printed: s, Score: 1}, true
	}
	if m := plusForm.FindStringSubmatch(s); m != nil {
		v := m[1] + m[2] + "+"
		if m[3] != "" {
			v = strings.Repeat("+", len(m[3]))
		}
		return Result{Kind: Qualitative, Value: v, Printed: s, Score: 1}, true
	}
	if m := flagAfter.FindStringSubmatchIndex(s); m != nil && m[0] > 0 {
		r, ok := qualitative(strings.TrimSpace(s[:m[0]]))
		if ok {
			r.Flag, _ = ParseFlag(s[m[2]:m[3]])
			return r, true
		}
	}
	return foldedWord(s)
}

// foldedWord recognises a longer word through OCR's confusions: "Negat1ve".
func foldedWord(s string) (Result, bool) {
	if len(s) < 6 || len(s) > 24 {
		return Result{}, false
	}
	f := fold(s)
	for w, v := range qualitativeWords {
		if len(w) >= 6 && fold(w) == f {
			return Result{Kind: Qualitative, Value: v, Printed: s, Score: 0.85, Remark: RemarkRepaired}, true
		}
	}
	return Result{}, false
}
