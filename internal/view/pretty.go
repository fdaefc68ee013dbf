package view

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/mattn/go-runewidth"
)

var (
	between = regexp.MustCompile(`(\d)\s*[-–]\s*(-?\.?\d)`)
	compare = strings.NewReplacer(">=", "≥", "<=", "≤", "> =", "≥", "< =", "≤")
	// units are UCUM's and the typewriter's ways to write what people write
	// otherwise. Each stands for itself between spaces, digits and slashes.
	units = map[string]string{
		"kg/m2": "kg/m²", "m2": "m²", "10*3/uL": "10³/µL", "10*6/uL": "10⁶/µL", "10*9/L": "10⁹/L", "10*12/L": "10¹²/L",
		"x10E3/uL": "10³/µL", "x10E6/uL": "10⁶/µL", "10^3/uL": "10³/µL", "10^6/uL": "10⁶/µL", "10^9/L": "10⁹/L", "10^12/L": "10¹²/L",
		"degF": "°F", "[degF]": "°F", "F": "°F", "Cel": "°C", "C": "°C", "degC": "°C", "mm[Hg]": "mmHg", "[lb_av]": "lb", "[in_i]": "in",
		"K/uL": "K/µL", "M/uL": "M/µL", "/uL": "/µL", "uL": "µL", "m[IU]/L": "mIU/L", "u[IU]/mL": "µIU/mL", "uIU/mL": "µIU/mL",
		"ug/dL": "µg/dL", "ug/L": "µg/L", "umol/L": "µmol/L", "mL/min/1.73m2": "mL/min/1.73 m²",
	}
)

// prettyRange writes a reference range as printers do: 0.4–4.0, ≥50.
func prettyRange(s string) string { return compare.Replace(between.ReplaceAllString(s, "$1–$2")) }

func prettyNumber(s string) string { return compare.Replace(s) }

// prettyUnit writes the last word as a unit where it is one.
func prettyUnit(s string) string {
	i := strings.LastIndexByte(s, ' ') + 1
	if u, ok := units[s[i:]]; ok {
		return s[:i] + u
	}
	return s
}

// columns is the number of a terminal's columns that a text takes; what is wide
// in an East Asian font takes two, a combining mark none.
func columns(s string) int {
	c := runewidth.Condition{StrictEmojiNeutral: true}
	return c.StringWidth(s)
}

func pad(s string, w int) string { return s + strings.Repeat(" ", max(0, w-columns(s))) }

// plain takes out what could move the cursor, hide or turn round: control,
// format and unassigned characters.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsGraphic(r):
			return -1
		}
		return r
	}, s)
	return words(s)
}

// wrap breaks a plain text into at most n lines of w columns, between words
// where it can; the last says with an ellipsis that more follows.
func wrap(s string, w, n int) []string {
	var lines []string
	for s != "" {
		if columns(s) <= w {
			return append(lines, s)
		}
		if len(lines) == n-1 {
			head, _ := split(s, w-1)
			return append(lines, strings.TrimRight(head, " ,;")+"…")
		}
		head, rest := split(s, w)
		if i := strings.LastIndexByte(head, ' '); i > 0 && rest != "" && rest[0] != ' ' {
			head, rest = head[:i], head[i:]+rest
		}
		lines, s = append(lines, strings.TrimRight(head, " ")), strings.TrimLeft(rest, " ")
	}
	return append(lines, s)[:max(1, len(lines))]
}

// split cuts a text after at most w columns, and after one character at least.
func split(s string, w int) (head, rest string) {
	at := 0
	for i, r := range s {
		if columns(s[:i+len(string(r))]) > w && i > 0 {
			return s[:i], s[i:]
		}
		at = i + len(string(r))
	}
	return s[:at], s[at:]
}
