package score

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Same reports whether got says what want says in a field. Either may be given in
// more than one form (normalised and as printed); one agreeing pair is enough.
// Values that a machine will use (numbers, codes, ids) must agree to the letter;
// spacing, case and edge punctuation never count.
func Same(field string, want, got []string) bool {
	norm := normal(field)
	for _, w := range want {
		for _, g := range got {
			if w == "" || g == "" {
				continue
			}
			if a, b := norm(w), norm(g); a == b && a != "" {
				return true
			}
			if narrative(field) && wordsF1(w, g) >= 0.9 {
				return true
			}
		}
	}
	return false
}

// narrative fields are long texts; nine words in ten right is right.
func narrative(field string) bool {
	switch field {
	case "chief_complaint", "history_of_present_illness", "past_medical_history", "past_surgical_history", "family_history",
		"physical_exam", "assessment", "plan_of_care", "follow_up_instructions":
		return true
	}
	return false
}

// normal returns the rule by which a field's values are compared.
func normal(field string) func(string) string {
	for _, rule := range []struct {
		is   func(string) bool
		norm func(string) string
	}{
		{has("date", "date_of_birth", "_date"), date},
		{has("phone"), digits},
		{has("provider_name"), clinician},
		{has("contact_name", "patient_"), letters},
		{has("reference_range", "result_value", "dose"), tight},
		{has("abnormal_flag"), flag},
		{has("unit"), unit},
		{has("_status", "sex", "document_type", "encounter_type", "marital"), enum},
		{has("frequency", "route"), direction},
		{has("_id", "_code", "_npi", "lot_number", "postal_code", "group_number"), code},
		{has("medication_name"), drug},
	} {
		if rule.is(field) {
			return rule.norm
		}
	}
	return text
}

func has(parts ...string) func(string) bool {
	return func(field string) bool {
		if field == "patient_mrn" {
			return slices.Contains(parts, "_id")
		}
		return slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(field, p) })
	}
}

// text lowers, joins spaces and drops punctuation at the ends.
func text(s string) string {
	s = strings.Join(strings.Fields(strings.ToLower(dashes(s))), " ")
	return strings.Trim(s, " .,;:-*")
}

func dashes(s string) string {
	return strings.NewReplacer("–", "-", "—", "-", "−", "-", "µ", "u", "μ", "u", "’", "'", "≥", ">=", "≤", "<=").Replace(s)
}

func tight(s string) string {
	s = strings.ReplaceAll(text(s), " ", "")
	return strings.Trim(s, "()[]")
}

func unit(s string) string { return strings.ReplaceAll(tight(s), "mcl", "ul") }

func digits(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
	if len(s) == 11 {
		s = strings.TrimPrefix(s, "1")
	}
	return s
}

func code(s string) string { return strings.ReplaceAll(strings.ToUpper(text(s)), " ", "") }

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text(s))
}

// clinician compares names in any order, without degrees and titles.
func clinician(s string) string {
	words := strings.FieldsFunc(strings.ReplaceAll(text(s), ".", ""), func(r rune) bool { return r == ' ' || r == ',' })
	words = slices.DeleteFunc(words, func(w string) bool {
		return slices.Contains([]string{"md", "do", "np", "pa-c", "pa", "dr", "rn", "fnp", "phd"}, w)
	})
	slices.Sort(words)
	return strings.Join(words, " ")
}

var parens = regexp.MustCompile(`\s*[(\[].*?[)\]]`)

// drug compares without what stands in brackets, unless nothing else is there.
func drug(s string) string {
	if bare := text(parens.ReplaceAllString(s, "")); bare != "" {
		return bare
	}
	return text(s)
}

func direction(s string) string { return strings.ReplaceAll(text(s), ".", "") }

func flag(s string) string {
	s = strings.ToLower(strings.Trim(s, " ()[]*"))
	switch s {
	case "high":
		return "h"
	case "low":
		return "l"
	case "abn", "abnormal":
		return "a"
	}
	return s
}

// enum brings the words of closed lists to one word each.
func enum(s string) string {
	s = text(s)
	for _, e := range []struct{ word, as string }{
		{"female", "female"}, {"male", "male"},
		{"never", "never"}, {"non-smoker", "never"}, {"former", "former"}, {"quit", "former"}, {"current", "current"}, {"smokes", "current"},
		{"discontinued", "stopped"}, {"stopped", "stopped"}, {"resolved", "resolved"}, {"inactive", "inactive"}, {"active", "active"},
		{"lab", "laboratory report"}, {"discharge", "discharge summary"}, {"visit", "visit summary"}, {"medication list", "medication list"},
		{"referral", "referral"}, {"immunization", "immunization record"},
	} {
		if strings.Contains(s, e.word) {
			return e.as
		}
	}
	switch s {
	case "f":
		return "female"
	case "m":
		return "male"
	}
	return s
}

// date brings the usual forms to ISO; what it cannot read stays as it is, so two
// equal texts still agree.
func date(s string) string {
	s = strings.TrimSpace(s)
	for _, form := range []string{"2006-01-02", "1/2/2006", "1-2-2006", "Jan 2, 2006", "January 2, 2006", "2-Jan-2006", "2 Jan 2006", "1/2/06"} {
		if t, err := time.Parse(form, s); err == nil {
			return t.Format(time.DateOnly)
		}
	}
	for _, form := range []string{"2006-01", "1/2006", "Jan 2006", "January 2006"} {
		if t, err := time.Parse(form, s); err == nil {
			return t.Format("2006-01")
		}
	}
	return text(s)
}

// wordsF1 compares texts as bags of words.
func wordsF1(a, b string) float64 {
	count := map[string]int{}
	wa, wb := strings.Fields(text(a)), strings.Fields(text(b))
	for _, w := range wa {
		count[strings.Trim(w, ".,;:")]++
	}
	both := 0
	for _, w := range wb {
		if w = strings.Trim(w, ".,;:"); count[w] > 0 {
			count[w]--
			both++
		}
	}
	if len(wa)+len(wb) == 0 {
		return 0
	}
	return 2 * float64(both) / float64(len(wa)+len(wb))
}

// similar is 1 for equal texts and falls with the share of letters to change.
func similar(a, b string) float64 {
	a, b = text(a), text(b)
	if a == "" || b == "" {
		return 0
	}
	if a == b {
		return 1
	}
	s := 1 - float64(Distance(a, b))/float64(max(len(a), len(b)))
	if strings.Contains(a, b) || strings.Contains(b, a) {
		s = max(s, 0.8)
	}
	return s
}

// Distance is the Levenshtein distance in bytes.
func Distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diag := row[0]
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diag, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diag+cost)
		}
	}
	return row[len(b)]
}
