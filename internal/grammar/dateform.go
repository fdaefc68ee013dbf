package grammar

import (
	"regexp"
	"strconv"
	"strings"
)

// dateForm is one way to print a date. The named groups of re are y, m, d and
// mon (a month's name), a and b (day and month in either order) and sep.
type dateForm struct {
	re *regexp.Regexp
	// alone marks a form that is a date only where nothing else is printed.
	alone bool
	// cue, if set, must match the text just before the form in running text.
	cue   *regexp.Regexp
	score float64
}

// D stands for a possibly misread digit, W for a weekday before the date.
func form(pattern string) *regexp.Regexp {
	pattern = strings.NewReplacer("<D>", misreadDigit,
		"<W>", `(?:(?i:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?i:day)?[.,]?\s*,?\s+)?`,
		"<S>", `\s?[/\-.–—\\]\s?`,
		"<M>", `[A-Za-z0-9|!]{3,10}`,
	).Replace(pattern)
	return regexp.MustCompile(pattern)
}

var yearCue = regexp.MustCompile(`(?i)(?:\b(?:in|since|circa|ca|c|year|yr|early|mid|late|until|till|from|to|dx|diagnosed|noted|onset|started|quit|born|surgery|summer|spring|fall|winter|approx|approximately|about|around|~|of|by|before|after|prior to)\.?:?\s*|[(,;~–-]\s?)$`)

// Order matters only between forms of equal length and score.
var dateForms = []dateForm{
	{re: form(`<W>(?P<y><D>{4})\s?[\-/.–]\s?(?P<m><D>{1,2})\s?[\-/.–]\s?(?P<d><D>{1,2})`), score: 1},
	{re: form(`<W>(?P<a><D>{1,2})(?P<sep><S>)(?P<b><D>{1,2})(?P<sep2><S>)(?P<y><D>{4})`), score: 1},
	{re: form(`<W>(?P<a><D>{1,2})(?P<sep><S>)(?P<b><D>{1,2})(?P<sep2><S>)(?P<y>['’]?<D>{2})`), score: 1},
	{re: form(`<W>(?P<mon><M>)\.?[\s\-/]*(?P<d><D>{1,2})(?:st|nd|rd|th|ST|ND|RD|TH)?\s?[,.\-/]?\s*(?P<y><D>{4})`), score: 1},
	{re: form(`<W>(?P<mon><M>)\.?[\s\-]+(?P<d><D>{1,2})(?:st|nd|rd|th)?\s?(?:[,\-]\s*|\s['’])(?P<y>\d{2})`), score: 0.9},
	{re: form(`<W>(?P<d><D>{1,2})(?:st|nd|rd|th|ST|ND|RD|TH)?(?:\s+of\s|[\s\-/.,]?)\s*(?P<mon>[A-Za-z0|!][A-Za-z0-9|!]{2,9})[.,]?[\s\-/,]*(?P<y><D>{4})`), score: 1},
	{re: form(`<W>(?P<d><D>{1,2})[\s\-/]?(?P<mon>[A-Za-z0][A-Za-z0]{2,9})\.?[\s\-/,]{1,2}['’]?(?P<y>\d{2})`), score: 0.9},
	{re: form(`(?P<d>\d{2})(?P<mon>[A-Za-z]{3})(?P<y>\d{2}|\d{4})`), score: 0.95},
	{re: form(`(?P<mon><M>)\.?(?:\s?[,\-/]\s?|\s+(?:of\s)?)(?P<y><D>{4})`), score: 1},
	{re: form(`(?P<mon>[A-Za-z]{3,9})\.?(?:[\-/]['’]?|\s['’])(?P<y>\d{2})`), score: 0.7},
	{re: form(`(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})`), score: 0.95},
	{re: form(`(?P<m><D>{1,2})\s?[/\-]\s?(?P<y>(?:18|19|20|2O|l9|I9)<D>{2})`), score: 0.95},
	{re: form(`(?P<y>(?:19|20)\d{2})-(?P<m>\d{2})`), score: 0.9},
	{re: form(`(?P<y>(?:18|19|20)\d{2})`), score: 0.8, cue: yearCue},
	{re: form(`(?P<a><D>{1,2})\s(?P<sep>)(?P<b><D>{1,2})\s(?P<y>(?:19|20)<D>{2})`), alone: true, score: 0.8},
	{re: form(`(?P<m>\d{2})(?P<d>\d{2})(?P<y>(?:19|20)\d{2})`), alone: true, score: 0.7},
	{re: form(`(?P<m>\d{1,2})/(?P<y>\d{2})`), alone: true, score: 0.5},
	// A slash read as the digit 1, as OCR of narrow type does.
	{re: form(`(?P<a>\d{2})(?P<sep>/)(?P<b>\d{2})(?P<one>1)(?P<y>(?:19|20)\d{2})`), score: 0.5},
	{re: form(`(?P<a>\d{2})(?P<one>1)(?P<b>\d{2})(?P<sep>/)(?P<y>(?:19|20)\d{2})`), score: 0.5},
}

// candidates are all readings of all forms, overlapping ones too.
func (r Dates) candidates(text string, whole bool) []Date {
	var out []Date
	for i := range dateForms {
		f := &dateForms[i]
		if f.alone && !whole {
			continue
		}
		out = r.scan(f, text, whole, out)
	}
	return out
}

// scan goes on one byte after a reading that was refused, since a longer
// damaged run may hide a good date.
func (r Dates) scan(f *dateForm, text string, whole bool, out []Date) []Date {
	for at := 0; at < len(text); {
		m := f.re.FindStringSubmatchIndex(text[at:])
		if m == nil {
			return out
		}
		for i := range m {
			if m[i] >= 0 {
				m[i] += at
			}
		}
		d, ok := r.read(f, text, m, whole)
		if !ok {
			at = m[0] + 1
			continue
		}
		out = append(out, d)
		at = d.End
	}
	return out
}

func (r Dates) read(f *dateForm, text string, m []int, whole bool) (Date, bool) {
	span := Span{m[0], m[1]}
	if !standsAlone(text, span) {
		return Date{}, false
	}
	if f.cue != nil && !whole && !f.cue.MatchString(lead(text[:span.Start])) {
		return Date{}, false
	}
	p, ok := newParts(f, text, m)
	if !ok {
		return Date{}, false
	}
	d := r.build(p)
	d.Span = span
	if d.Value != "" && p.d > 0 {
		readClock(text, &d)
	}
	return d, true
}

// standsAlone refuses a piece of a longer number, code or path. A dash beside
// a date with slashes separates two dates.
func standsAlone(text string, s Span) bool {
	joints := "/-.,:"
	if strings.Contains(s.Of(text), "/") {
		joints = "/.,:"
	}
	return freeBefore(text[:s.Start], joints) && freeAfter(text[s.End:], joints)
}

func freeBefore(before, joints string) bool {
	n := len(before)
	if n == 0 {
		return true
	}
	c := before[n-1]
	if isAlnum(c) || strings.IndexByte(`/\$`, c) >= 0 {
		return false
	}
	return c == ':' || c == ',' || n < 2 || !isDigit(before[n-2]) || strings.IndexByte(joints, c) < 0
}

func freeAfter(rest, joints string) bool {
	if rest == "" {
		return true
	}
	if rest[0] == 'T' && len(rest) > 2 && isDigit(rest[1]) {
		return true
	}
	if isAlnum(rest[0]) || rest[0] == '%' {
		return false
	}
	return len(rest) < 2 || !isDigit(rest[1]) || strings.IndexByte(joints, rest[0]) < 0
}

// parts are the numbers of a date before they are checked.
type parts struct {
	y, m, d  int
	twoDigit bool
	// swap is true where a and b gave m and d, in an order still to be judged.
	swap bool
	q    quality
	sep  string
}

// sameSeparator refuses "#3 - 06/2001", which is no date of March; 10-28/1953
// without spaces is one, with a doubt.
func (p *parts) sameSeparator(s string) bool {
	if strings.TrimSpace(s) == strings.TrimSpace(p.sep) {
		return true
	}
	p.q.lower(0.7, RemarkSeparator)
	return !strings.ContainsAny(s+p.sep, " \t\n")
}

func newParts(f *dateForm, text string, m []int) (parts, bool) {
	p := parts{q: quality{score: f.score}}
	repaired := 0
	for i, name := range f.re.SubexpNames() {
		if name == "" || m[2*i] < 0 {
			continue
		}
		n, ok := p.set(name, text[m[2*i]:m[2*i+1]])
		if !ok {
			return p, false
		}
		repaired += n
	}
	if repaired > 2 {
		return p, false
	}
	for range repaired {
		p.q.lower(0.75, RemarkRepaired)
	}
	return p, true
}

// set takes one named group and tells how many characters it repaired.
func (p *parts) set(name, s string) (repaired int, ok bool) {
	switch name {
	case "sep":
		p.sep = s
		return 0, true
	case "sep2":
		return 0, p.sameSeparator(s)
	case "one":
		p.q.lower(1, RemarkSeparator)
		return 0, true
	case "mon":
		month, repaired := monthOf(s)
		p.m = month
		return repaired, month > 0
	}
	s = strings.TrimLeft(s, "'’")
	t, repaired, ok := digits(s)
	if !ok || repaired > len(s)/2 && len(s) > 1 {
		return 0, false
	}
	n, err := strconv.Atoi(t)
	if err != nil {
		return 0, false
	}
	switch name {
	case "y":
		p.y, p.twoDigit = n, len(t) == 2
	case "m":
		p.m = n
	case "d":
		p.d = n
	case "a":
		p.m, p.swap = n, true
	case "b":
		p.d = n
	}
	return repaired, true
}

// build orders day and month, widens the year and checks the calendar.
func (r Dates) build(p parts) Date {
	q := p.q
	ambiguous := p.swap && p.m <= 12 && p.d <= 12 && p.m != p.d
	dayFirst := p.swap && p.m > 12 && p.d <= 12
	if dayFirst {
		q.lower(0.8, RemarkDayFirst)
	}
	if dayFirst || ambiguous && r.DayFirst {
		p.m, p.d = p.d, p.m
	}
	if p.twoDigit {
		p.y = r.year(p.y, min(p.m, 12), p.d, &q)
	}
	d := r.make(p.y, p.m, p.d, q)
	d.Ambiguous = ambiguous && d.Value != ""
	d.DayFirst = dayFirst && d.Value != ""
	return d
}

var monthNames = []string{"january", "february", "march", "april", "may", "june", "july",
	"august", "september", "october", "november", "december"}

// monthOf returns 1..12 for a month's name or its abbreviation, and 1 where
// characters had to be repaired; 0 where it is none.
func monthOf(s string) (month, repaired int) {
	low := strings.ToLower(strings.TrimRight(s, "."))
	for i, name := range monthNames {
		if low == name || low == name[:3] || low == "sept" && i == 8 {
			return i + 1, 0
		}
	}
	f := fold(low)
	for i, name := range monthNames {
		g := fold(name)
		if f == g || f == fold(name[:3]) || f == "sept" && i == 8 || len(f) > 4 && withinOne(f, g) {
			return i + 1, 1
		}
	}
	return 0, 0
}
