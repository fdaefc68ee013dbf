package store

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/paperchart/paperchart/internal/fhir/fhirpath"
	"github.com/paperchart/paperchart/internal/fhir/model"
)

// fold makes strings that a search takes for the same the same: case, accents
// and runs of white space do not count (R4 search.html#string).
func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.Join(strings.Fields(s), " ")) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

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
		n, _ := strconv.Atoi(m[i])
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
	begin := time.Date(part(1, 0), time.Month(part(2, 1)), part(3, 1), part(4, 0), part(5, 0), part(6, 0), 0, zone)
	if begin.Year() != part(1, 0) || int(begin.Month()) != part(2, 1) || begin.Day() != part(3, 1) {
		return 0, 0, false // no such day
	}
	var end time.Time
	switch {
	case m[7] != "":
		digits := (m[7][1:] + "000")[:3]
		ms, _ := strconv.Atoi(digits)
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

// quantityRows are numbers as they are, and quantities with their unit as code
// and as text. A comparator opens the end it points to.
func quantityRows(name string, v fhirpath.Value) []row {
	n := v.Node()
	if n == nil || n.Kind != model.Object {
		f, err := strconv.ParseFloat(v.String(), 64)
		if err != nil {
			return nil
		}
		return []row{{table: "quantity", param: name, from: f, to: f}}
	}
	if n.Get("low") != nil || n.Get("high") != nil {
		return rangeRow(name, n)
	}
	value := n.Get("value")
	if value == nil {
		return nil
	}
	f, err := strconv.ParseFloat(value.Text, 64)
	if err != nil {
		return nil
	}
	r := row{table: "quantity", param: name, from: f, to: f, text: n.Str("code"), system: n.Str("system")}
	switch n.Str("comparator") {
	case "<", "<=":
		r.from = math.Inf(-1)
	case ">", ">=":
		r.to = math.Inf(1)
	}
	rows := []row{r}
	if unit := n.Str("unit"); unit != "" && unit != r.text {
		r.text, r.system = unit, ""
		rows = append(rows, r)
	}
	return rows
}

func rangeRow(name string, n *model.Node) []row {
	r := row{table: "quantity", param: name, from: math.Inf(-1), to: math.Inf(1)}
	for member, end := range map[string]*float64{"low": &r.from, "high": &r.to} {
		q := n.Get(member)
		if q == nil || q.Get("value") == nil {
			continue
		}
		if f, err := strconv.ParseFloat(q.Get("value").Text, 64); err == nil {
			*end = f
			r.text, r.system = q.Str("code"), q.Str("system")
		}
	}
	return []row{r}
}
