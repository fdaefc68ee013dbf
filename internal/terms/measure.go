package terms

import (
	"slices"
	"strings"
)

// unmeasured copies the tokens without what measures a finding and no code
// tells: lengths ("6 mm"), values ("EF 25%"), durations ("x 15 yrs").
func unmeasured(d Domain, toks []string) []string {
	if d != Diagnosis {
		return slices.Clone(toks)
	}
	out := make([]string, 0, len(toks))
	for i := 0; i < len(toks); {
		if n := measure(toks[i:]); n > 0 {
			i += n
			continue
		}
		out = append(out, toks[i])
		i++
	}
	return out
}

// measure is how many tokens from the first on are a measure.
func measure(toks []string) int {
	t := toks[0]
	switch {
	case t == "mm" || t == "cm":
		return 1
	case joined(t):
		if t[0] == 'x' && len(toks) > 1 && measuring(toks[1]) {
			return 2
		}
		return 1
	case t == "x" || t == "since" || t == "for" || t == "time":
		if len(toks) > 1 {
			if n := measure(toks[1:]); n > 0 {
				return 1 + n
			}
			if t == "x" && numeric(toks[1]) {
				return 2
			}
		}
	case digit(t[0]) && len(toks) > 1 && (measuring(toks[1]) || numeric(t) && len(toks) > 2 && numeric(toks[1]) && measuring(toks[2])):
		if measuring(toks[1]) {
			return 2
		}
		return 3
	case valued(t) && len(toks) > 1 && digit(toks[1][0]):
		n := 2
		for n < len(toks) && (numeric(toks[n]) || toks[n] == "%" || toks[n] == "percent") {
			n++
		}
		return n
	}
	return 0
}

// joined tells a number and its unit in one token ("6mm", "3d", "x2").
func joined(t string) bool {
	if t[0] == 'x' && len(t) > 1 && numeric(t[1:]) {
		return true
	}
	unit := strings.TrimLeft(t, "0123456789.")
	return len(unit) > 0 && len(unit) < len(t) && (measuring(unit) || unit == "d" && len(t) > 1)
}

// measuring tells a unit of length, time, or dose of tobacco.
func measuring(t string) bool {
	switch t {
	case "mm", "cm", "day", "dy", "week", "wk", "wks", "month", "mo", "mos", "mon", "mth", "year", "yr", "yrs", "y", "hour", "hr", "hrs", "yo", "ppd", "pack":
		return true
	}
	return false
}

// valued tells the name of a value that charts note beside a disease.
func valued(t string) bool {
	switch t {
	case "bmi", "ef", "lvef", "a1c", "hba1c", "hgba1c", "psa", "hgb", "cr", "egfr", "gfr", "fev1", "tsh", "bp", "bloodpressure", "inr", "plt", "wbc", "tscore", "ahi", "phq9", "phq", "gad7", "mmse", "moca", "cd4", "vl", "meld":
		return true
	}
	return false
}

// year tells a calendar year, which dates a diagnosis and is no part of it.
func year(t string) bool { return len(t) == 4 && numeric(t) && (t[:2] == "19" || t[:2] == "20") }

// dated shortens the dates of a text to their years: "3/2018" and "'09" say no
// more of a diagnosis than that it is of a past year.
func dated(text string) string {
	if !strings.ContainsAny(text, "/'’") {
		return text
	}
	words := strings.Fields(text)
	for i, w := range words {
		bare := strings.TrimRight(w, ",;.)")
		if y := yearOf(strings.TrimLeft(bare, "(")); y != "" {
			words[i] = y + w[len(bare):]
		}
	}
	return strings.Join(words, " ")
}

// yearOf is the year of "3/2018", "3/14/2018", "3/14/18" or "'09", or empty.
func yearOf(w string) string {
	if rest := strings.TrimLeft(w, "'’"); len(rest) < len(w) && len(rest) == 2 && numeric(rest) {
		return century(rest)
	}
	f := strings.Split(w, "/")
	if len(f) < 2 || len(f) > 3 || slices.ContainsFunc(f, func(p string) bool { return p == "" || !numeric(p) || strings.Contains(p, ".") }) {
		return ""
	}
	last := f[len(f)-1]
	switch {
	case year(last):
		return last
	case len(f) == 3 && len(last) == 2:
		return century(last)
	}
	return ""
}

// century completes a year of two digits as charts mean it.
func century(yy string) string {
	if yy > "40" {
		return "19" + yy
	}
	return "20" + yy
}

// unnumbered takes the number or bullet of a list off its entry ("1. COPD").
func unnumbered(text string) string {
	rest := strings.TrimLeft(text, " #")
	rest = strings.TrimLeft(rest, "0123456789")
	switch n := len(text) - len(rest); {
	case n == 0 || n > 3 || len(rest) < 3:
	case (rest[0] == '.' || rest[0] == ')') && rest[1] == ' ':
		return rest[2:]
	case text[0] == '#' && rest[0] == ' ':
		return rest[1:]
	}
	return text
}

// without reads the "no" before a finding that a diagnosis goes without:
// "GERD, no esophagitis".
func without(text string) string {
	if !strings.ContainsAny(text, ",;-(") {
		return text
	}
	lower := strings.ToLower(text)
	for _, mark := range [...]string{", no ", "; no ", " - no ", " (no "} {
		if i := strings.Index(lower, mark); i > 0 {
			return text[:i] + mark[:len(mark)-3] + "without" + text[i+len(mark)-1:]
		}
	}
	return text
}

// staging tells the stage, grade or class of a disease ("stage2a"), or how far a
// tumour has come.
func staging(t string) bool {
	switch t {
	case "metastatic", "advanced", "unresectable", "inoperable", "relapsed", "refractory":
		return true
	}
	for _, kind := range [...]string{"stage", "grade", "class"} {
		if rest, ok := strings.CutPrefix(t, kind); ok && rest != "" && digit(rest[0]) {
			return true
		}
	}
	return false
}
