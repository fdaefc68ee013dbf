package sig

import (
	"slices"
	"strings"
)

var whenRules = []rule{
	{kind: FrequencyPart, re: pattern(`(?:q\.?~)?h\.?s\.?|qhs|(?:(?:q|every|each|once) )?(?:at|before|prior to|q) ?bed(?:time)?|every bedtime|bedtime|qbedtime`), read: when("HS")},
	{kind: FrequencyPart, re: pattern(`(?:nightly|every night|each night|at night(?:time)?|q~night(?:ly)?|qnight|in the night|once nightly|noct(?:e)?)`), read: when("NIGHT")},
	{kind: FrequencyPart, re: pattern(`(?:30 (?:min(?:utes)?|mins) |1 hour |one hour |1 hr )?(before|prior to|ac|after|pc|with|w/|c|at|following)~(?:(?:the|each|every|your|evening|morning|noon) )*(breakfast|lunch|dinner|supper|meals?|food|eating|snacks?|milk)(?:s)?`), read: meal},
	{kind: FrequencyPart, re: pattern(`(?:q\.?~)?a\.?c\.?(?:~(?:&|and|\+)~h\.?s\.?)?|achs|qachs`), read: beforeMeals},
	{kind: FrequencyPart, re: pattern(`(?:q\.?~)?p\.?c\.?(?:~(?:&|and|\+)~h\.?s\.?)?`), read: when("PC")},
	{kind: FrequencyPart, re: pattern(`q\.?~a\.?m\.?|qam|(?:every|each|in the|q|in|once (?:in|every)(?: the)?|at)~(?:morning|a\.?m\.?)|mornings?|a\.?m\.?`), read: when("MORN")},
	{kind: FrequencyPart, re: pattern(`q\.?~p\.?m\.?|qpm|(?:every|each|in the|q|in|once (?:in|every)(?: the)?|at)~(?:evening|p\.?m\.?)|evenings?|p\.?m\.?`), read: when("EVE")},
	{kind: FrequencyPart, re: pattern(`(?:every|each|in the|q|in|at)~(?:afternoon)|afternoons?`), read: when("AFT")},
	{kind: FrequencyPart, re: pattern(`(?:at |@~)?noon|midday|at lunchtime|lunchtime`), read: when("NOON")},
	{kind: FrequencyPart, re: pattern(`on (?:an )?empty stomach|upon (?:waking|awakening)|on waking`), read: when("")},
	{kind: FrequencyPart, re: pattern(`(?:at |@~)(\d{1,2})(?::?(\d{2}))?~(?:(?:a|p)\.?m\.?|hrs?|hours)|at noon and \d+~pm`), read: when("")},
	{kind: FrequencyPart, re: pattern(`(?:(?:on|every|each|q) )?((?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?(?:~(?:,|/|and|&|-|,~and)~(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?)*)`), read: days},
	{kind: FrequencyPart, re: pattern(`m/?w/?f|m-w-f|mon-wed-fri`), read: dayList("mon", "wed", "fri")},
	{kind: FrequencyPart, re: pattern(`t/th/s(?:at?)?|tts|tu/th/sa?|t-th-s`), read: dayList("tue", "thu", "sat")},
}

// when adds event codes. One event, with no frequency printed, is once a day;
// each further one is one more time a day.
func when(code string) func(*parser, match) bool {
	return func(p *parser, _ match) bool {
		if !p.begun() {
			return false
		}
		p.addWhen(code)
		return true
	}
}

// begun keeps "HS" and "AM" at the start of a line for the drug's name.
func (p *parser) begun() bool {
	return len(p.drug) > 0 || len(p.line.Parts) > 0 || p.sig || !p.wantDrug
}

func (p *parser) addWhen(code string) {
	t := &p.line.Timing
	if code != "" && !slices.Contains(t.When, code) {
		t.When = append(t.When, code)
	}
}

var mealCodes = map[string]string{"breakfast": "M", "lunch": "D", "dinner": "V", "supper": "V"}

func meal(p *parser, g match) bool {
	if !p.begun() {
		return false
	}
	prefix := "C"
	switch g.low(1) {
	case "before", "prior to", "ac":
		prefix = "AC"
	case "after", "pc", "following":
		prefix = "PC"
	}
	what := strings.TrimSuffix(g.low(2), "s")
	if what == "milk" || what == "snack" {
		prefix = "C"
	}
	p.addWhen(prefix + mealCodes[what])
	return true
}

func beforeMeals(p *parser, g match) bool {
	if !p.begun() {
		return false
	}
	p.addWhen("AC")
	if strings.Contains(p.low[p.at:p.at+g.m[1]], "h") {
		p.addWhen("HS")
	}
	return true
}

func dayList(names ...string) func(*parser, match) bool {
	return func(p *parser, _ match) bool {
		if !p.begun() {
			return false
		}
		p.line.Timing.Days = append(p.line.Timing.Days, names...)
		return true
	}
}

func days(p *parser, g match) bool {
	var names []string
	for _, w := range strings.FieldsFunc(g.low(1), func(r rune) bool { return r < 'a' || r > 'z' }) {
		if w != "and" {
			names = append(names, w[:3])
		}
	}
	return dayList(names...)(p, g)
}

// settle completes a timing that only says when: "in the morning and at
// bedtime" is twice a day, "on Mondays" once a week.
func (t *Timing) settle() {
	if t.Frequency > 0 || t.Count > 0 {
		return
	}
	slots := map[string]bool{}
	for _, w := range t.When {
		slot, ok := slotOf[w]
		if !ok {
			return // with each meal, however many there are
		}
		slots[slot] = true
	}
	switch n := len(slots); {
	case len(t.Days) > 0:
		t.Frequency, t.Period, t.PeriodUnit = max(n, 1)*len(t.Days), "1", "wk"
	case n > 0:
		t.Frequency, t.Period, t.PeriodUnit = n, "1", "d"
	}
}

// slotOf is the part of the day of an event: "every morning before breakfast"
// is one time, not two.
var slotOf = map[string]string{
	"MORN": "morning", "ACM": "morning", "PCM": "morning", "CM": "morning",
	"NOON": "noon", "ACD": "noon", "PCD": "noon", "CD": "noon", "AFT": "afternoon",
	"EVE": "evening", "ACV": "evening", "PCV": "evening", "CV": "evening", "NIGHT": "night", "HS": "night",
}
