package fhirpath

import (
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// precision is how far down a date or time is known.
type precision int

const (
	years precision = iota + 1
	months
	days
	hours
	minutes
	seconds
	millis
)

// temporal is a date, dateTime or time taken apart. Years and so on are those of
// its own time zone.
type temporal struct {
	at     time.Time // in its zone, or UTC where it has none; of times: on 0000-01-01
	prec   precision
	zoned  bool
	digits int // of the fraction of the second
}

func (v Value) isTemporal() bool { return v.kind == Date || v.kind == DateTime || v.kind == Time }

// dateLiteral reads what follows @ in an expression.
func dateLiteral(s string) (Value, bool) {
	if rest, ok := strings.CutPrefix(s, "T"); ok {
		t, ok := parseTime(rest)
		return Value{kind: Time, str: rest}, ok && !t.zoned
	}
	date, _, timed := strings.Cut(s, "T")
	if !timed {
		_, ok := parseDateTime(s)
		return Value{kind: Date, str: s}, ok
	}
	s = strings.TrimSuffix(s, "T")
	_, ok := parseDateTime(s)
	if len(date) < 10 && len(s) > len(date) {
		ok = false
	}
	return Value{kind: DateTime, str: s}, ok
}

func parse2(s string, from, to int) (int, bool) {
	n := 0
	if to > len(s) {
		return 0, false
	}
	for i := from; i < to; i++ {
		if !isDigit(s[i]) {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

func parseTemporal(v Value) (temporal, bool) {
	if v.kind == Time {
		return parseTime(v.str)
	}
	return parseDateTime(v.str)
}

// parseDateTime reads YYYY, YYYY-MM, YYYY-MM-DD and those with a time, of any
// precision, and a zone.
func parseDateTime(s string) (temporal, bool) {
	date, clock, timed := strings.Cut(s, "T")
	y, ok := parse2(date, 0, 4)
	month, day, prec := 1, 1, years
	if ok && len(date) > 4 {
		month, ok = parse2(date, 5, 7)
		ok, prec = ok && date[4] == '-', months
	}
	if ok && len(date) > 7 {
		day, ok = parse2(date, 8, 10)
		ok, prec = ok && date[7] == '-' && len(date) == 10, days
	}
	if !ok || month < 1 || month > 12 || day < 1 || day > daysIn(y, month) || timed && prec != days {
		return temporal{}, false
	}
	t := temporal{prec: prec}
	zone := time.UTC
	var h, m, sec, ns int
	if timed {
		c, ok := parseClock(clock)
		if !ok {
			return temporal{}, false
		}
		h, m, sec, ns = c.h, c.m, c.s, c.ns
		t.prec, t.digits, t.zoned = c.prec, c.digits, c.zone != nil
		if c.zone != nil {
			zone = c.zone
		}
	}
	t.at = time.Date(y, time.Month(month), day, h, m, sec, ns, zone)
	return t, true
}

func daysIn(y, month int) int {
	return time.Date(y, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

func parseTime(s string) (temporal, bool) {
	c, ok := parseClock(s)
	if !ok {
		return temporal{}, false
	}
	return temporal{at: time.Date(0, 1, 1, c.h, c.m, c.s, c.ns, time.UTC), prec: c.prec, digits: c.digits, zoned: c.zone != nil}, true
}

type clock struct {
	h, m, s, ns int
	digits      int
	prec        precision
	zone        *time.Location
}

func parseClock(s string) (clock, bool) {
	c := clock{prec: hours}
	s, zone, ok := cutZone(s)
	if !ok {
		return c, false
	}
	c.zone = zone
	if c.h, ok = parse2(s, 0, 2); !ok || c.h > 23 {
		return c, false
	}
	if len(s) > 2 {
		if c.m, ok = parse2(s, 3, 5); !ok || s[2] != ':' || c.m > 59 {
			return c, false
		}
		c.prec = minutes
	}
	if len(s) > 5 {
		if c.s, ok = parse2(s, 6, 8); !ok || s[5] != ':' || c.s > 60 {
			return c, false
		}
		c.prec = seconds
	}
	if len(s) > 8 {
		return c, s[8] == '.' && c.fraction(s[9:])
	}
	return c, true
}

func (c *clock) fraction(s string) bool {
	c.prec, c.digits = millis, len(s)
	unit := 100_000_000
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
		c.ns += int(s[i]-'0') * unit
		unit /= 10
	}
	return len(s) > 0
}

func cutZone(s string) (rest string, zone *time.Location, ok bool) {
	if rest, ok := strings.CutSuffix(s, "Z"); ok {
		return rest, time.UTC, true
	}
	if len(s) < 6 || s[len(s)-6] != '+' && s[len(s)-6] != '-' {
		return s, nil, true
	}
	at := len(s) - 6
	h, okH := parse2(s, at+1, at+3)
	m, okM := parse2(s, at+4, at+6)
	if !okH || !okM || s[at+3] != ':' || h > 14 || m > 59 {
		return "", nil, false
	}
	offset := h*3600 + m*60
	if s[at] == '-' {
		offset = -offset
	}
	return s[:at], time.FixedZone("", offset), true
}

// compareTemporal compares from the year down; where one value ends before a
// difference shows, there is no answer. Seconds and their fractions are one step.
func compareTemporal(x, y Value) (cmp int, ok, comparable bool) {
	if x.kind == String && y.isTemporal() {
		x.kind = y.kind
	}
	if y.kind == String && x.isTemporal() {
		y.kind = x.kind
	}
	if !x.isTemporal() || !y.isTemporal() || (x.kind == Time) != (y.kind == Time) {
		return 0, false, false
	}
	a, okA := parseTemporal(x)
	b, okB := parseTemporal(y)
	if !okA || !okB {
		return 0, false, true
	}
	cmp, ok = a.compare(b)
	return cmp, ok, true
}

func (t temporal) compare(o temporal) (int, bool) {
	if t.zoned != o.zoned && t.prec > days && o.prec > days {
		return 0, false
	}
	a, b := t.at, o.at
	if t.zoned && o.zoned {
		a, b = a.UTC(), b.UTC()
	}
	pa, pb := min(t.prec, seconds), min(o.prec, seconds)
	x, y := parts(a), parts(b)
	for i := range x {
		p := precision(i) + years
		if p > pa || p > pb {
			return 0, pa == pb
		}
		if x[i] != y[i] {
			return sign(x[i] - y[i]), true
		}
	}
	return 0, true
}

func sign(n int64) int {
	if n < 0 {
		return -1
	}
	return 1
}

// parts returns year to minute, and the nanoseconds of the minute.
func parts(t time.Time) [6]int64 {
	return [6]int64{int64(t.Year()), int64(t.Month()), int64(t.Day()), int64(t.Hour()), int64(t.Minute()), int64(t.Second())*1e9 + int64(t.Nanosecond())}
}

// calendarUnit returns the singular of a calendar duration, "" for other words.
func calendarUnit(s string) string {
	s = strings.TrimSuffix(s, "s")
	switch s {
	case "year", "month", "week", "day", "hour", "minute", "second", "millisecond":
		return s
	}
	return ""
}

// durations maps the units that may be added to dates.
var durations = map[string]string{"'wk": "week", "'d": "day", "'h": "hour", "'min": "minute", "'s": "second", "'ms": "millisecond"}

func addDuration(r *run, op string, x, y Value) Collection {
	unit := y.str
	if u, ok := durations[unit]; ok {
		unit = u
	}
	if calendarUnit(unit) == "" {
		return r.fail("%s wants a duration", op)
	}
	t, ok := parseTemporal(x)
	if !ok {
		return nil
	}
	n := y.dec
	if op == "-" {
		n = n.Neg()
	}
	t, ok = t.add(n, unit, x.kind)
	if !ok {
		return nil
	}
	return r.one(Value{kind: x.kind, str: t.text(x.kind)})
}

var perUnit = map[string]time.Duration{"hour": time.Hour, "minute": time.Minute, "second": time.Second, "millisecond": time.Millisecond, "day": 24 * time.Hour, "week": 7 * 24 * time.Hour}

func (t temporal) add(n decimal.Decimal, unit string, kind Kind) (temporal, bool) {
	if n.Abs().GreaterThan(decimal.NewFromInt(1e12)) {
		return t, false
	}
	whole := int(n.IntPart())
	switch unit {
	case "year":
		t.at = addMonths(t.at, 12*whole)
	case "month":
		if t.prec < months {
			whole = whole / 12 * 12
		}
		t.at = addMonths(t.at, whole)
	case "second", "millisecond":
		d := n.Mul(decimal.NewFromInt(int64(perUnit[unit])))
		t = t.addClock(time.Duration(d.IntPart()))
	case "week", "day":
		if kind == Time {
			return t, false
		}
		if unit == "week" {
			whole *= 7
		}
		t = t.addDays(whole)
	default:
		t = t.addClock(time.Duration(whole) * perUnit[unit])
	}
	return t, t.at.Year() <= 9999 && t.at.Year() >= 1 || kind == Time
}

// addDays adds days to a date known to the day, and whole months or years of
// them to others.
func (t temporal) addDays(n int) temporal {
	switch t.prec {
	case years:
		t.at = t.at.AddDate(n/365, 0, 0)
	case months:
		t.at = addMonths(t.at, n/30)
	default:
		t.at = t.at.AddDate(0, 0, n)
	}
	return t
}

func (t temporal) addClock(d time.Duration) temporal {
	switch {
	case t.prec <= days:
		return t.addDays(int(d / (24 * time.Hour)))
	case t.prec == hours:
		d = d.Truncate(time.Hour)
	case t.prec == minutes:
		d = d.Truncate(time.Minute)
	}
	t.at = t.at.Add(d)
	if d%time.Second != 0 && t.digits < 3 {
		t.prec, t.digits = millis, 3
	}
	return t
}

// addMonths keeps the day of the month where it exists, else takes the last.
func addMonths(t time.Time, n int) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location())
	return first.AddDate(0, 0, min(t.Day(), daysIn(first.Year(), int(first.Month())))-1)
}

func (t temporal) text(kind Kind) string {
	layouts := [...]string{years: "2006", months: "2006-01", days: "2006-01-02", hours: "2006-01-02T15", minutes: "2006-01-02T15:04", seconds: "2006-01-02T15:04:05", millis: "2006-01-02T15:04:05"}
	s := t.at.Format(layouts[t.prec])
	if t.prec == millis {
		frac := fmt.Sprintf("%09d", t.at.Nanosecond())
		s += "." + frac[:min(max(t.digits, 1), 9)]
	}
	if kind == Time {
		_, s, _ = strings.Cut(s, "T")
		return s
	}
	if t.zoned && t.prec > days {
		s += t.at.Format("Z07:00")
	}
	return s
}
