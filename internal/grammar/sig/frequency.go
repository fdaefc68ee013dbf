package sig

import (
	"slices"
	"strconv"
	"strings"
)

var frequencyRules = []rule{
	{kind: ReasonPart, re: pattern(`(?:prn|p\.r\.n\.?|p\.r\.n|as needed|as necessary|when needed|if needed|when necessary|as required|pm(?: for))(?: for| to| if| when)?`), read: asNeeded, opens: true},
	// q4-6h, every 4 to 6 hours
	{kind: FrequencyPart, re: pattern(`(?:q\.?|every|each|ev)~(\d+|two|three|four|six|eight|twelve)~(?:-|–|to|or)~(\d+|three|four|six|eight|twelve)~(<T>)`), read: interval},
	{kind: FrequencyPart, re: pattern(`(?:q\.?|every|each|ev)~(\d+(?:\.\d+)?|two|three|four|five|six|seven|eight|ten|twelve)(?:~\(~[a-z0-9]+~\))?()~-?~(<T>)`), read: interval},
	{kind: FrequencyPart, re: pattern(`(?:every|q\.?) ?(?:other|oth|alternate|2nd|second)[ -](day|week|month|night|morning|evening)s?|(qod|q\.o\.d\.?|eod|alternate days)`), read: everyOther},
	// three times daily, 2-3 times a day, 2x/day, 3 x per week
	{kind: FrequencyPart, re: pattern(`(<N>|once|twice|thrice|1|2|3|4|5|6|l)(?:~\(~[a-z0-9]+~\))?(?:~(?:-|–|to|or)~(<N>|twice))?~(?:times?|x)?~-?~(?:a|an|per|each|every|/|in a|in)~(day|week|month|year|hour|24 hours|wk|d|hr)`), read: timesPer},
	{kind: FrequencyPart, re: pattern(`(<N>|once|twice|thrice|one time|1|2|3|4|5|6|l)(?:~\(~[a-z0-9]+~\))?(?:~(?:-|–|to|or)~(<N>))?~(?:times?|x)?~-?~(daily|weekly|monthly|yearly|annually|nightly|hourly)`), read: timesPer},
	{kind: FrequencyPart, re: pattern(`x~([1-6])()~(daily|/~day|per day)`), read: timesPer},
	{kind: FrequencyPart, re: pattern(`b\.?~i\.?~d\.?|bd|twice daily`), read: times(2, "")},
	{kind: FrequencyPart, re: pattern(`t\.?~i\.?~d\.?|tds`), read: times(3, "")},
	{kind: FrequencyPart, re: pattern(`q\.?~i\.?~d\.?|qds`), read: times(4, RemarkMisreadable)},
	{kind: FrequencyPart, re: pattern(`q\.?~d\.?|q~day|od daily`), read: times(1, RemarkMisreadable)},
	{kind: FrequencyPart, re: pattern(`qday|q24h|q~24~(?:h|hrs?|hours)|daily|once (?:a|every) day|every day|each day|everyday|per day|a day|/day|q daily|qdaily|24 hourly|once`), read: daily},
	{kind: FrequencyPart, re: pattern(`b1d|bld|b\|d|8id|8\.i\.d\.?`), read: damagedTimes(2)},
	{kind: FrequencyPart, re: pattern(`t1d|tld|t\|d`), read: damagedTimes(3)},
	{kind: FrequencyPart, re: pattern(`q1d|qld|q\|d`), read: damagedTimes(4)},
	{kind: FrequencyPart, re: pattern(`(?:q|every|each|once (?:a|every|per)|per)~(?:week|wk)(?:ly)?|qwk|qweek|q~weekly|weekly|once weekly`), read: every("1", "wk")},
	{kind: FrequencyPart, re: pattern(`bi-?weekly|fortnightly`), read: biweekly},
	{kind: FrequencyPart, re: pattern(`(?:q|every|each|once (?:a|every|per)|per)~(?:month|mo)(?:ly)?|qmonth|monthly`), read: every("1", "mo")},
	{kind: FrequencyPart, re: pattern(`(?:q|every|each|once (?:a|every|per)|per)~(?:year|yr)(?:ly)?|yearly|annually`), read: every("1", "a")},
	{kind: FrequencyPart, re: pattern(`(?:q|every|each)~(?:hr|hour)|qh|hourly`), read: every("1", "h")},
	{kind: FrequencyPart, re: pattern(`biw`), read: timesIn(2, "wk")},
	{kind: FrequencyPart, re: pattern(`tiw`), read: timesIn(3, "wk")},
	{kind: FrequencyPart, re: pattern(`(?:x~1|x1 dose|once only|one[- ]time(?: dose| only)?|single dose|stat|1 time only|once now|now)`), read: single},
	{kind: FrequencyPart, re: pattern(`x~([2-9])(?: doses?| times?)?|for ([2-9]) doses`), read: doses},
	{kind: FrequencyPart, re: pattern(`as directed|ut dict|ud|use as directed|per (?:sliding scale|protocol|package(?: instructions)?|insulin pump|dialysis)|sliding scale|ssi|as instructed|per instructions|continuous(?:ly)?|around the clock|atc|with dialysis`), read: frequencyText},
}

// asNeeded opens the reason. "pm for" is "prn for" with rn misread.
func asNeeded(p *parser, g match) bool {
	if strings.HasPrefix(p.low[p.at:], "pm") {
		p.lower(0.6, RemarkRepaired)
	}
	p.line.AsNeeded = true
	return true
}

var timeUnits = map[byte]string{'h': "h", 'd': "d", 'w': "wk", 'y': "a"}

// unitOf is the UCUM unit of a printed unit of time.
func unitOf(s string) string {
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		return ""
	case strings.HasPrefix(s, "mi"):
		return "min"
	case strings.HasPrefix(s, "m"):
		return "mo"
	case strings.HasPrefix(s, "°"), strings.HasPrefix(s, "º"), strings.HasPrefix(s, "24"):
		return "h"
	case strings.HasPrefix(s, "a"):
		return "a"
	case strings.HasPrefix(s, "n"):
		return "d"
	}
	return timeUnits[s[0]]
}

func interval(p *parser, g match) bool {
	low, ok := number(g.low(1))
	unit := unitOf(g.low(3))
	if !ok || unit == "" {
		return false
	}
	high, _ := number(g.low(2))
	return p.setTiming(Timing{Frequency: 1, Period: low, PeriodMax: high, PeriodUnit: unit})
}

func everyOther(p *parser, g match) bool {
	unit, t := g.low(1), Timing{Frequency: 1, Period: "2", PeriodUnit: "d"}
	if g.low(2) != "" && strings.HasPrefix(g.low(2), "q") {
		p.lower(0.85, RemarkMisreadable)
	}
	switch unit {
	case "week", "month":
		t.PeriodUnit = unitOf(unit)
	case "night":
		t.When = []string{"NIGHT"}
	case "morning":
		t.When = []string{"MORN"}
	case "evening":
		t.When = []string{"EVE"}
	}
	return p.setTiming(t)
}

func timesPer(p *parser, g match) bool {
	word := g.low(1)
	if word == "l" {
		word = "1" // "lx daily"
		p.lower(0.7, RemarkRepaired)
	}
	word, _, _ = strings.Cut(word, " time")
	n, ok := number(word)
	times, err := strconv.Atoi(n)
	if !ok || err != nil || times < 1 || times > 12 {
		return false
	}
	t := Timing{Frequency: times, Period: "1", PeriodUnit: periodOf(g.low(3))}
	if high, ok := number(g.low(2)); ok {
		t.FrequencyMax, _ = strconv.Atoi(high)
	}
	if g.low(3) == "nightly" {
		t.When = []string{"NIGHT"}
	}
	return p.setTiming(t)
}

func periodOf(s string) string {
	if strings.HasPrefix(s, "24") || strings.HasPrefix(s, "/") || strings.HasPrefix(s, "p") {
		return "d"
	}
	return unitOf(s)
}

func times(n int, remark string) func(*parser, match) bool {
	return func(p *parser, _ match) bool {
		if remark != "" {
			p.lower(0.85, remark)
		}
		return p.setTiming(Timing{Frequency: n, Period: "1", PeriodUnit: "d"})
	}
}

func damagedTimes(n int) func(*parser, match) bool {
	return func(p *parser, _ match) bool {
		p.lower(0.6, RemarkRepaired)
		return p.setTiming(Timing{Frequency: n, Period: "1", PeriodUnit: "d"})
	}
}

func daily(p *parser, g match) bool {
	if p.low[p.at:p.at+g.m[1]] == "once" {
		return p.setTiming(Timing{Count: 1})
	}
	return p.setTiming(Timing{Frequency: 1, Period: "1", PeriodUnit: "d"})
}

func every(n, unit string) func(*parser, match) bool {
	return func(p *parser, _ match) bool {
		return p.setTiming(Timing{Frequency: 1, Period: n, PeriodUnit: unit})
	}
}

func timesIn(n int, unit string) func(*parser, match) bool {
	return func(p *parser, _ match) bool {
		return p.setTiming(Timing{Frequency: n, Period: "1", PeriodUnit: unit})
	}
}

// biweekly gives no timing: it is every two weeks to some and twice a week to others.
func biweekly(p *parser, _ match) bool {
	p.lower(0.6, RemarkBiweekly)
	return true
}

func single(p *parser, _ match) bool { return p.setTiming(Timing{Count: 1}) }

// doses is "q5min x3": three in all.
func doses(p *parser, g match) bool {
	n, err := strconv.Atoi(g.low(1) + g.low(2))
	p.line.Timing.Count = n
	return err == nil
}

func frequencyText(*parser, match) bool { return true }

// setTiming keeps the first frequency. "daily" beside anything more exact, as
// in "3 tabs daily q8h", gives way; two others that differ are a conflict.
func (p *parser) setTiming(t Timing) bool {
	l := &p.line.Timing
	t.When = append(slices.Clone(l.When), t.When...)
	t.Days = l.Days
	switch {
	case l.Frequency == 0:
		t.Count = max(t.Count, l.Count)
		if t.Frequency > 0 && t.Count == 1 {
			t.Count = 0 // "once" of "once every 8 hours"
		}
		*l = t
	case t.Frequency == l.Frequency && t.Period == l.Period && t.PeriodUnit == l.PeriodUnit || t.Count == 1:
		l.When = t.When
	case l.daily():
		*l = t
	case t.daily():
		l.When = t.When
	default:
		p.lower(0.5, RemarkConflict)
	}
	return true
}

// daily is once a day, which prose also uses for "each day".
func (t Timing) daily() bool {
	return t.Frequency == 1 && t.Period == "1" && t.PeriodUnit == "d" && t.FrequencyMax == 0
}
