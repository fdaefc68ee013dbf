package store

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/paperchart/paperchart/internal/fhir/fhirpath"
	"github.com/paperchart/paperchart/internal/fhir/model"
)

// minTime and maxTime stand for an open end, in Unix milliseconds.
const (
	minTime = math.MinInt64 / 4
	maxTime = math.MaxInt64 / 4
)

var datePattern = regexp.MustCompile(`^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?$`)

// interval is the time that a FHIR date covers at its precision, from low to
// before high, in Unix milliseconds. Without a zone it is in UTC.
func interval(s string) (low, high int64, ok bool) {
	m := datePattern.FindStringSubmatch(s)
	if m == nil {
		return 0, 0, false
	}
	part := func(i, missing int) int {
		if m[i] == "" {
			return missing
		}
		n, _ := strconv.Atoi(m[i]) // the pattern has digits only
		return n
	}
	zone := time.UTC
	if m[8] != "" && m[8] != "Z" {
		t, err := time.Parse("-07:00", m[8])
		if err != nil {
			return 0, 0, false
		}
		zone = t.Location()
	}
	if part(4, 0) > 23 || part(5, 0) > 59 || part(6, 0) > 60 {
		return 0, 0, false
	}
	begin := time.Date(part(1, 0), time.Month(part(2, 1)), part(3, 1), part(4, 0), part(5, 0), part(6, 0), 0, zone)
	if day := time.Date(part(1, 0), time.Month(part(2, 1)), part(3, 1), 0, 0, 0, 0, zone); int(day.Month()) != part(2, 1) || day.Day() != part(3, 1) {
		return 0, 0, false // no such day
	}
	var end time.Time
	switch {
	case m[7] != "":
		ms, _ := strconv.Atoi((m[7][1:] + "000")[:3])
		begin = begin.Add(time.Duration(ms) * time.Millisecond)
		end = begin.Add(time.Millisecond)
	case m[6] != "":
		end = begin.Add(time.Second)
	case m[4] != "":
		end = begin.Add(time.Minute)
	case m[3] != "":
		end = begin.AddDate(0, 0, 1)
	case m[2] != "":
		end = begin.AddDate(0, 1, 0)
	default:
		end = begin.AddDate(1, 0, 0)
	}
	return begin.UnixMilli(), end.UnixMilli(), true
}

func dateRows(all []row, name string, v fhirpath.Value) []row {
	n := v.Node()
	if n == nil || n.Kind != model.Object {
		return dateRow(all, name, v.String())
	}
	switch v.Type() {
	case "Period":
		return periodRow(all, name, n)
	case "Timing":
		return timingRow(all, name, n)
	}
	return all
}

// timingRow is one interval: of a Timing only the outer limits matter.
func timingRow(all []row, name string, n *model.Node) []row {
	var found []row
	for _, e := range items(n.Get("event")) {
		found = dateRow(found, name, e.Text)
	}
	if bounds := n.Get("repeat").Get("boundsPeriod"); bounds != nil {
		found = periodRow(found, name, bounds)
	}
	if len(found) == 0 {
		return all
	}
	limits := found[0]
	for _, r := range found[1:] {
		limits.low, limits.high = min(limits.low, r.low), max(limits.high, r.high)
	}
	return append(all, limits)
}

func dateRow(all []row, name, s string) []row {
	if low, high, ok := interval(s); ok {
		all = append(all, row{kind: dates, param: name, low: low, high: high})
	}
	return all
}

func periodRow(all []row, name string, n *model.Node) []row {
	r := row{kind: dates, param: name, low: minTime, high: maxTime}
	low, _, begins := interval(n.Str("start"))
	_, high, ends := interval(n.Str("end"))
	if begins {
		r.low = low
	}
	if ends {
		r.high = high
	}
	if !begins && !ends || r.low >= r.high {
		return all
	}
	return append(all, r)
}

// dateClause compares the interval of the value with those of the resource (R4
// search.html#prefix).
func (s *Store) dateClause(value string) (string, []any, error) {
	op, text := prefix(value)
	low, high, ok := interval(strings.ReplaceAll(text, " ", "+")) // a plus that a client did not escape
	if !ok {
		return "", nil, refuse(Invalid, "a date is written as 2024, 2024-05, 2024-05-31 or 2024-05-31T12:00:00Z")
	}
	switch op {
	case ownMark + "co":
		return "low <= ? AND high >= ?", []any{low, high}, nil
	case ownMark + "po":
		return "low < ? AND high > ?", []any{high, low}, nil
	case "ne":
		return "NOT (low >= ? AND high <= ?)", []any{low, high}, nil
	case "gt":
		return "high > ?", []any{high}, nil
	case "lt":
		return "low < ?", []any{low}, nil
	case "ge":
		return "(high > ? OR low >= ? AND high <= ?)", []any{high, low, high}, nil
	case "le":
		return "(low < ? OR low >= ? AND high <= ?)", []any{low, low, high}, nil
	case "sa":
		return "low >= ?", []any{high}, nil
	case "eb":
		return "high <= ?", []any{low}, nil
	case "ap":
		gap := s.cfg.Now().UnixMilli() - low
		gap = max(gap, -gap) / 10
		return "low < ? AND high > ?", []any{high + gap, low - gap}, nil
	}
	return "low >= ? AND low < ? AND high <= ?", []any{low, high, high}, nil
}

func (b *builder) date(name, value string) (cond, error) {
	where, args, err := b.s.dateClause(unescape(value))
	if err != nil {
		return cond{}, err
	}
	return b.rows(dates, name, where, args...), nil
}

// prefix splits the comparison off a value (R4 search.html#prefix).
func prefix(value string) (string, string) {
	if strings.HasPrefix(value, ownMark) {
		return value[:3], value[3:]
	}
	if len(value) > 2 && value[0] >= 'a' && value[0] <= 'z' {
		switch value[:2] {
		case "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap":
			return value[:2], value[2:]
		}
	}
	return "eq", value
}
