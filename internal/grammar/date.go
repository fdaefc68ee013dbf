package grammar

import (
	"fmt"
	"sort"
	"strings"
	"time"
)

// Date is a date as printed.
type Date struct {
	Span
	// Value is a FHIR date at the precision printed: YYYY, YYYY-MM or
	// YYYY-MM-DD. Empty where what is printed cannot be a date (06/31/22); such
	// a one is reported so that the text can be kept and reviewed.
	Value string
	// Clock is the time of day printed beside it, hh:mm or hh:mm:ss, else "".
	Clock string
	// Zone is the printed zone as Z or ±hh:mm, else "".
	Zone string
	// DayFirst is true where the day must stand before the month (28/10/1953).
	DayFirst bool
	// Ambiguous is true where day and month could be swapped (03/04/2024).
	Ambiguous bool
	Score     float64
	Remark    string
}

// FHIR returns Value or, where a time is printed, a FHIR dateTime. FHIR wants a
// zone with a time; loc is used where none is printed, and nil gives the date
// alone.
func (d Date) FHIR(loc *time.Location) string {
	if d.Clock == "" || len(d.Value) != len("2006-01-02") {
		return d.Value
	}
	clock := d.Clock
	if len(clock) == len("15:04") {
		clock += ":00"
	}
	if d.Zone != "" {
		return d.Value + "T" + clock + d.Zone
	}
	if loc == nil {
		return d.Value
	}
	t, err := time.ParseInLocation("2006-01-02 15:04:05", d.Value+" "+clock, loc)
	if err != nil {
		return d.Value
	}
	return t.Format("2006-01-02T15:04:05Z07:00")
}

// Dates reads dates. The zero value has no clock: two-digit years below 70 are
// then of this century.
type Dates struct {
	// Now is the moment the document is read at, or better the latest date it
	// may bear. A two-digit year is the one in (Now−90, Now+10].
	Now time.Time
	// Past is true for dates that cannot lie after Now, such as births: a
	// two-digit year is then the last such year that is not after Now, and a
	// four-digit one after Now is remarked on.
	Past bool
	// DayFirst reads 03/04/2024 as the third of April. See DayFirst.
	DayFirst bool
}

// Parse reads text that is one date and nothing else but punctuation, a weekday
// or a time. Where it looks like a date but cannot be one, Parse returns its
// span and remark with an empty Value, and false.
func (r Dates) Parse(text string) (Date, bool) {
	best := Date{}
	for _, d := range r.candidates(text, true) {
		if !onlyPunct(text[:d.Start]) || !onlyPunct(text[d.End:]) {
			continue
		}
		if best.Score == 0 && best.Value == "" || d.better(best) {
			best = d
		}
	}
	return best, best.Value != ""
}

// Find returns the dates in running text, in order and without overlap.
// Impossible ones are among them, with an empty Value. Forms that are
// commonly something else, such as a bare year or 10/53, count only beside a
// word that makes them dates ("since 2011").
func (r Dates) Find(text string) []Date {
	all := r.candidates(text, false)
	sort.SliceStable(all, func(i, j int) bool { return all[i].better(all[j]) })
	var out []Date
	for _, d := range all {
		if !overlapsAny(d.Span, out) {
			out = append(out, d)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Start < out[j].Start })
	return out
}

// DayFirst reports whether the dates of one document speak for day before
// month: some must be read so, and none the other way. Read the ambiguous ones
// again with Dates.DayFirst then.
func DayFirst(dates []Date) bool {
	day, month := 0, 0
	for _, d := range dates {
		switch {
		case d.DayFirst:
			day++
		case !d.Ambiguous && d.Remark == "" && len(d.Value) == 10:
			month++
		}
	}
	return day > month
}

func (d Date) better(e Date) bool {
	if (d.Value == "") != (e.Value == "") && d.Overlaps(e.Span) {
		// An impossible reading of the longer text outweighs a possible one of
		// a part of it: 06/31/2022 is not 31/20.
		if d.Len() != e.Len() {
			return d.Len() > e.Len()
		}
		return d.Value != ""
	}
	if d.Len() != e.Len() {
		return d.Len() > e.Len()
	}
	return d.Score > e.Score
}

func overlapsAny(s Span, dates []Date) bool {
	for _, d := range dates {
		if s.Overlaps(d.Span) {
			return true
		}
	}
	return false
}

func onlyPunct(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return r > 127 || isAlnum(byte(r)) || strings.ContainsRune("<>%$#+=", r)
	})
}

// year widens a two-digit year; see Dates.
func (r Dates) year(two int, month, day int, q *quality) int {
	now := r.Now
	if now.IsZero() {
		now = time.Date(2069, 12, 31, 0, 0, 0, 0, time.UTC)
	}
	limit := now
	if !r.Past && !r.Now.IsZero() {
		limit = now.AddDate(10, 0, 0)
	}
	y := limit.Year()/100*100 + two
	if time.Date(y, time.Month(max(month, 1)), max(day, 1), 0, 0, 0, 0, time.UTC).After(limit) {
		y -= 100
	}
	q.lower(0.95, RemarkTwoDigitYear)
	if r.Past && now.Year()-y < 10 {
		// A birth this recent could as well be a hundred years ago.
		q.lower(0.8, RemarkCentury)
	}
	if y > now.Year() {
		q.lower(0.8, RemarkCentury)
	}
	return y
}

// make checks and formats. Month and day are 0 where they are not printed.
func (r Dates) make(y, m, d int, q quality) Date {
	if !possible(y, m, d) || y > r.lastYear() {
		return Date{Remark: RemarkImpossible}
	}
	if r.Past && !r.Now.IsZero() && time.Date(y, time.Month(max(m, 1)), max(d, 1), 0, 0, 0, 0, time.UTC).After(r.Now) {
		q.lower(0.3, RemarkFuture)
	}
	v := fmt.Sprintf("%04d", y)
	if m > 0 {
		v += fmt.Sprintf("-%02d", m)
	}
	if d > 0 {
		v += fmt.Sprintf("-%02d", d)
	}
	return Date{Value: v, Score: q.score, Remark: q.remark}
}

// lastYear is the last year a chart could name: an expiry or a plan.
func (r Dates) lastYear() int {
	if r.Now.IsZero() {
		return 2150
	}
	return r.Now.Year() + 50
}

// possible reports whether the parts are a day of the calendar in the years
// that charts speak of.
func possible(y, m, d int) bool {
	if y < 1850 || m < 0 || m > 12 || d < 0 || d > 31 || d > 0 && m == 0 {
		return false
	}
	if d == 0 {
		return true
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return int(t.Month()) == m && t.Day() == d
}
