package grammar

import (
	"regexp"
	"strings"
)

var (
	// ICD-10-CM: a letter, a digit, a digit or letter, and up to four more
	// behind a point; here with the letters that OCR gives for digits, and with
	// a comma or a space for the point.
	icdForm   = regexp.MustCompile(`^[A-Za-z0-9|][0-9OolI|SB][0-9A-Za-z|](?:(?:\s?\.\s?|,)[0-9A-Za-z|]{1,4})?`)
	icdClean  = regexp.MustCompile(`^[A-TV-Z][0-9][0-9AB](?:\.[0-9A-Z]{1,4})?$`)
	icdCue    = regexp.MustCompile(`(?i)(?:icd(?:[- ]?10)?(?:-?cm)?|dx|code|diagnosis|\(|\[)\s*(?:code)?[:#=]?\s*$`)
	icdTail   = regexp.MustCompile(`^[0-9]*[A-Z]?$`)
	loincForm = regexp.MustCompile(`\b\d{1,5}-\d\b`)
	cptForm   = regexp.MustCompile(`\b(?:\d{5}|\d{4}[FTU])\b`)
	hcpcsForm = regexp.MustCompile(`\b[A-CEGHJ-V]\d{4}\b`)
	cvxCue    = regexp.MustCompile(`(?i)\bcvx\s*(?:code)?[:#=]?\s*(\d{2,3})\b`)
	cptCue    = regexp.MustCompile(`(?i)(?:cpt|hcpcs|proc(?:edure)?(?:\s+code)?|code|\()\s*(?:code)?[:#=4®]?\s*$`)
)

// FindICD10 returns the texts with the shape of an ICD-10-CM code, normalised
// to capitals and a point. OCR damage is repaired where the repaired code has
// the shape: "E1l.9", "J45.9O9", "EO3.9". A code without a point (I10) counts
// only in capitals; one with damage and no point only behind a cue such as "ICD".
// Whether the code exists is for terms to say.
func FindICD10(text string) []Found {
	var out []Found
	for at := 0; at < len(text); {
		// The window is short because the cost of a search grows with its text.
		m := icdForm.FindStringIndex(text[at:min(at+14, len(text))])
		if m == nil {
			at = nextRun(text, at+1)
			continue
		}
		s := Span{at, at + m[1]}
		f, ok := icdAt(text, s)
		if !ok {
			f, ok = icdAt(text, Span{s.Start, s.Start + 3}) // "I10. The patient"
		}
		if !ok {
			at = nextRun(text, s.Start+1)
			continue
		}
		out = append(out, f)
		at = f.End
	}
	return out
}

// nextRun goes on to the start of the next run of letters and digits, since no
// code begins inside one.
func nextRun(text string, at int) int {
	for at < len(text) && isAlnum(text[at-1]) && isAlnum(text[at]) {
		at++
	}
	return at
}

// ParseICD10 reads a text that is one code and nothing else.
func ParseICD10(text string) (Found, bool) {
	trimmed := strings.Trim(strings.TrimSpace(text), "()[]:;,.")
	for _, f := range FindICD10("(" + trimmed + ")") {
		if f.Len() == len(trimmed) {
			at := strings.Index(text, trimmed)
			f.Span = Span{at, at + len(trimmed)}
			return f, true
		}
	}
	return Found{}, false
}

func icdAt(text string, s Span) (Found, bool) {
	before, after := text[:s.Start], text[s.End:]
	if before != "" && (isAlnum(before[len(before)-1]) || strings.HasSuffix(before, ".") || strings.HasSuffix(before, "-")) {
		return Found{}, false
	}
	if after != "" && (isAlnum(after[0]) || len(after) > 1 && (after[0] == '.' || after[0] == '-' || after[0] == '/') && isAlnum(after[1])) {
		return Found{}, false
	}
	raw := s.Of(text)
	cued := icdCue.MatchString(lead(before))
	code, repaired, ok := repairICD(raw)
	if !ok {
		return Found{}, false
	}
	point := strings.Contains(code, ".")
	switch {
	case !point && !cued && (repaired > 0 || len(code) != 3 || isLower(raw)):
		return Found{}, false
	case !point && !cued && bareWord(before, after):
		return Found{}, false
	case repaired > 2:
		return Found{}, false
	}
	f := Found{Span: s, Value: code, Repaired: repaired > 0, Score: 1}
	if !point && !cued {
		f.Score = 0.6
	}
	for range repaired {
		f.Score *= 0.75
		f.Remark = RemarkRepaired
	}
	return f, true
}

func isLower(s string) bool { return s != strings.ToUpper(s) }

// bareWord keeps B12 and T10 in prose from being codes: a code without a
// point stands at an edge, after a separator or in brackets.
func bareWord(before, after string) bool {
	b, a := strings.TrimRight(before, " "), strings.TrimLeft(after, " ")
	edge := b == "" || strings.IndexByte("([:;,-|/", b[len(b)-1]) >= 0 || a == ""
	return !edge || strings.HasSuffix(strings.ToLower(b), "vitamin")
}

// repairICD undoes damage place by place: a letter first, a digit second, a
// digit, A or B third; behind the point digits, but for X and the seventh
// character.
func repairICD(raw string) (code string, repaired int, ok bool) {
	s := strings.Join(strings.Fields(raw), "")
	if c := strings.Replace(s, ",", ".", 1); c != s {
		s = c
		repaired++
	}
	b := []byte(strings.ToUpper(s))
	fix := func(i int, to byte) {
		if b[i] != to {
			b[i] = to
			repaired++
		}
	}
	// The case of l matters: it is a 1, while L is a letter.
	for i := range b {
		if s[i] == 'l' || s[i] == '|' {
			b[i] = '|'
		}
	}
	switch b[0] {
	case '|', '1':
		fix(0, 'I')
	case '0':
		return "", 0, false
	case '5':
		fix(0, 'S')
	case '8':
		fix(0, 'B')
	case '2':
		fix(0, 'Z')
	}
	for i := 1; i < len(b); i++ {
		if d, is := asDigit(b[i]); is && b[i] != d && !letterPlace(b, i) {
			fix(i, d)
		}
	}
	code = string(b)
	if !icdClean.MatchString(code) {
		return "", 0, false
	}
	if tail := code[3:]; tail != "" && !icdTailOK(tail[1:]) {
		return "", 0, false
	}
	return code, repaired, true
}

// letterPlace reports a place where a letter is what is printed: B third
// (C7B), the seventh character (S, B and D are among them), X anywhere.
func letterPlace(b []byte, i int) bool {
	if i == 2 {
		return b[i] == 'B'
	}
	return i == 7 && (b[i] == 'S' || b[i] == 'D' || b[i] == 'B')
}

// icdTailOK: behind the point stand digits, X and, at the end, one letter; and
// the letter that some chapters have in the middle (O09.A1, M1A.0).
func icdTailOK(tail string) bool {
	return icdTail.MatchString(strings.ReplaceAll(tail, "X", "0")) || len(tail) <= 2 && tail[0] >= 'A' && tail[0] <= 'Z'
}

// FindLOINC returns the LOINC codes whose check digit is right.
func FindLOINC(text string) []Found {
	return find(text, loincForm, func(s string) bool { return ValidLOINC(s) })
}

// ValidLOINC checks shape and the mod-10 check digit after the dash.
func ValidLOINC(code string) bool {
	body, check, ok := strings.Cut(code, "-")
	if !ok || len(check) != 1 || len(body) < 1 || len(body) > 7 {
		return false
	}
	for _, c := range []byte(body + check) {
		if !isDigit(c) {
			return false
		}
	}
	return luhn(body + check)
}

// FindProcedureCodes returns what has the shape of a CPT or HCPCS code behind
// a cue such as "CPT" or in brackets; five bare digits may be a ZIP.
func FindProcedureCodes(text string) []Found {
	var out []Found
	for _, re := range []*regexp.Regexp{cptForm, hcpcsForm} {
		for _, m := range re.FindAllStringIndex(text, -1) {
			if cptCue.MatchString(lead(text[:m[0]])) {
				out = append(out, Found{Span: Span{m[0], m[1]}, Value: text[m[0]:m[1]], Score: 0.9})
			}
		}
	}
	return out
}

// FindCVX returns the vaccine codes printed behind the word CVX.
func FindCVX(text string) []Found {
	var out []Found
	for _, m := range cvxCue.FindAllStringSubmatchIndex(text, -1) {
		out = append(out, Found{Span: Span{m[2], m[3]}, Value: text[m[2]:m[3]], Score: 1})
	}
	return out
}

func find(text string, re *regexp.Regexp, ok func(string) bool) []Found {
	var out []Found
	for _, m := range re.FindAllStringIndex(text, -1) {
		if s := text[m[0]:m[1]]; ok(s) {
			out = append(out, Found{Span: Span{m[0], m[1]}, Value: s, Score: 1})
		}
	}
	return out
}
