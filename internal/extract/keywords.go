package extract

import (
	"regexp"
	"strings"
)

// headingWords classify headings that no list of titles has, by the words that
// make them what they are ("Medicines you no longer take"). The first row that
// fits decides; they count only for lines that look like headings.
var headingWords = []struct {
	kind section
	form *regexp.Regexp
}{
	{secAllergies, regexp.MustCompile(`(?i)\ballerg|\bintoleranc|\badverse (?:drug )?reaction|^(?:bad |drug |past )?reactions? (?:to|from)\b|\bsensitivities\b`)},
	{secFamily, regexp.MustCompile(`(?i)\bfamily\b.*\b(?:history|hx|health|illness|conditions?)\b|^family$|\brelatives\b|illness(?:es)? in (?:the |your )?family`)},
	{secMedsStopped, regexp.MustCompile(`(?i)\b(?:no longer|stop(?:ped)?|discontinued|past|previous|former|old|inactive)\b.*\b(?:medications?|medicines?|meds|drugs|prescriptions?|tak(?:e|ing))\b|\b(?:medications?|medicines?|meds|drugs|prescriptions?)\b.*\b(?:no longer|stop(?:ped)?|discontinued)\b`)},
	{secVaccinesDue, regexp.MustCompile(`(?i)\b(?:vaccin|immuni[sz]ation|shots?)\w*\b.*\b(?:due|needed|recommended|overdue|upcoming)\b|\b(?:due|upcoming|recommended)\b.*\b(?:vaccin|immuni[sz]ation|shots?)`)},
	{secVaccines, regexp.MustCompile(`(?i)\bvaccin|\bimmuni[sz]|\bshots?\b`)},
	{secMedsGiven, regexp.MustCompile(`(?i)\b(?:medications?|medicines?|meds|drugs)\b.*\b(?:given|administered)\b|\badministered\b.*\b(?:medications?|meds)\b`)},
	{secMeds, regexp.MustCompile(`(?i)\bmedications?\b|\bmedicines?\b|\bprescriptions?\b|^meds\b|\bmeds$|\bpharmac\w* therapy\b`)},
	{secVitals, regexp.MustCompile(`(?i)\bvitals?\b`)},
	{secProcsPlanned, regexp.MustCompile(`(?i)\b(?:planned|scheduled|upcoming|ordered|pending)\b.*\b(?:procedures?|surger(?:y|ies)|tests?|appointments?)\b`)},
	{secSurgery, regexp.MustCompile(`(?i)\bsurg(?:ery|eries|ical)\b|\boperations?\b|\bprocedures?\b`)},
	{secLabs, regexp.MustCompile(`(?i)\blab(?:s|oratory)?\b|\btest results?\b|\bblood (?:tests?|work)\b`)},
	{secHistory, regexp.MustCompile(`(?i)\bpast\b.*\b(?:medical|illness|history)\b|\bmedical history\b|\bresolved\b.*\b(?:problems?|conditions?)\b`)},
	{secProblems, regexp.MustCompile(`(?i)\bproblems?\b|\bdiagnos[ei]s\b|\bhealth (?:issues?|conditions?|concerns?)\b|\b(?:medical|chronic|active|current|ongoing) conditions?\b`)},
	{secSocial, regexp.MustCompile(`(?i)\bsocial\b|\blifestyle\b|\bhabits\b`)},
	{secFollowUp, regexp.MustCompile(`(?i)\bfollow[- ]?up\b|\bnext steps\b`)},
}

// byKeywords classifies a title by its words.
func byKeywords(title string) (section, bool) {
	t := strings.TrimSpace(title)
	if len(strings.Fields(t)) > 7 || strings.HasSuffix(t, ".") || strings.ContainsAny(t, "@") || digits(t) > 8 {
		return secNone, false
	}
	for _, h := range headingWords {
		if h.form.MatchString(t) {
			return h.kind, true
		}
	}
	return secNone, false
}

var smallWord = fieldSet("a", "an", "the", "of", "and", "or", "to", "you", "your", "for", "in", "on", "at", "with", "from", "by", "no", "not", "are", "have", "had", "that")

// titleCase tells whether a line is set like a title: every word but small ones
// begins with a capital, and there is no sentence's end.
func titleCase(t string) bool {
	ws := strings.Fields(t)
	if len(ws) == 0 || strings.HasSuffix(t, ".") || strings.HasSuffix(t, ",") {
		return false
	}
	for i, w := range ws {
		c := strings.TrimLeft(w, "(&/-")
		if c == "" || isDigit(c[0]) {
			continue
		}
		if c[0] >= 'a' && c[0] <= 'z' && (i == 0 || !smallWord[strings.ToLower(strings.Trim(c, ",:;)"))]) {
			return false
		}
	}
	return true
}
