package grammar

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

var clockAfter = regexp.MustCompile(`^(?:T|\s*(?:,|at|@|-|–)?\s*)(\d{1,2}):?(\d{2})(?::(\d{2})(?:\.\d+)?)?\s?([AaPp]\.?\s?[Mm]\b\.?)?(?:\s?(Z|UTC|GMT|[ECMP][SD]?T\b|[+-]\d{2}:?\d{2}))?(?i:\s?(?:hours|hrs|hr|h)\b)?`)

// zones are the printed names of US zones; ET and its kin do not say whether it
// was summer, and are left out.
var zones = map[string]string{
	"Z": "Z", "UTC": "Z", "GMT": "Z",
	"EST": "-05:00", "EDT": "-04:00", "CST": "-06:00", "CDT": "-05:00",
	"MST": "-07:00", "MDT": "-06:00", "PST": "-08:00", "PDT": "-07:00",
}

// readClock takes the time printed after a date into it.
func readClock(text string, d *Date) {
	rest := text[d.End:]
	m := clockAfter.FindStringSubmatchIndex(rest)
	if m == nil {
		return
	}
	group := func(i int) string {
		if m[2*i] < 0 {
			return ""
		}
		return rest[m[2*i]:m[2*i+1]]
	}
	colon := strings.Contains(rest[:m[1]], ":")
	if !colon && group(4) == "" && !clockCue(rest[:m[1]]) {
		return // "10/28/1953 1234" is a number beside a date
	}
	clock, ok := clockOf(group(1), group(2), group(3), group(4))
	if !ok || m[1] < len(rest) && isAlnum(rest[m[1]]) {
		return
	}
	d.Clock, d.Zone = clock, zoneOf(group(5))
	d.End += m[1]
}

// clockCue reports what makes four bare digits a time: "at", "@", T or "hrs".
func clockCue(s string) bool {
	low := strings.ToLower(s)
	return strings.HasPrefix(s, "T") || strings.Contains(low, "at") || strings.Contains(low, "@") ||
		strings.HasSuffix(low, "h") || strings.Contains(low, "hr") || strings.Contains(low, "hours")
}

func clockOf(hour, minute, second, half string) (string, bool) {
	h, err1 := strconv.Atoi(hour)
	m, err2 := strconv.Atoi(minute)
	if err1 != nil || err2 != nil || m > 59 {
		return "", false
	}
	if half != "" {
		if h < 1 || h > 12 {
			return "", false
		}
		h %= 12
		if half[0] == 'p' || half[0] == 'P' {
			h += 12
		}
	}
	if h > 23 {
		return "", false
	}
	out := fmt.Sprintf("%02d:%02d", h, m)
	if second != "" && second < "60" {
		out += ":" + second
	}
	return out, true
}

func zoneOf(s string) string {
	if z, ok := zones[s]; ok {
		return z
	}
	if len(s) == 5 && (s[0] == '+' || s[0] == '-') {
		return s[:3] + ":" + s[3:]
	}
	if len(s) == 6 {
		return s
	}
	return ""
}
