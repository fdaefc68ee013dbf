package sig

import (
	"strconv"
	"strings"
)

var quantityRules = []rule{
	{kind: QuantityPart, re: pattern(`(?:disp(?:ense)?|qty|quantity|quant|dispensed|amt|amount|no\.)~[.:#]*~#?~(\d{1,4}(?:\.\d+)?)(?:~\((?:[a-z -]+)\))?(?:~(?:<F>|grams?|gm?|bottles?|inhalers?|tubes?|boxes|box|each|ml))?`), read: quantity},
	{kind: QuantityPart, re: pattern(`#~(\d{1,4})(?:~\((?:[a-z -]+)\))?(?:~(?:<F>))?`), read: hashQuantity},
	{kind: QuantityPart, re: pattern(`(\d{2,4})~(?:\([a-z -]+\)~)?(?:tab(?:let)?s?|cap(?:sule)?s?|each|ea)`), read: countQuantity},
	{kind: RefillsPart, re: pattern(`(?:refills?|rfl|rf|rfs|refill\(s\)|r)~[:x#]+~(\d{1,2}|no(?:ne)?|zero)`), read: refills},
	{kind: RefillsPart, re: pattern(`(?:refills?|refill\(s\)|rf)~(?:times|left|remaining)?~(\d{1,2}|none|zero)`), read: refills},
	{kind: RefillsPart, re: pattern(`(?:with )?(\d{1,2}|no|zero|one|two|three|four|five|six)(?:~\(\d+\))? (?:refills?|refill\(s\)|rf)(?: remaining| left)?`), read: refills},
}

func quantity(p *parser, g match) bool {
	p.line.Quantity = g.low(1)
	return true
}

// hashQuantity leaves "Tylenol #3" to the drug.
func hashQuantity(p *parser, g match) bool {
	if !p.sig && len(p.line.Parts) == 0 && len(g.low(1)) == 1 {
		return false
	}
	p.line.Quantity = g.low(1)
	return true
}

// countQuantity is "30 capsules": no one takes fourteen at once.
func countQuantity(p *parser, g match) bool {
	if n, err := strconv.Atoi(g.low(1)); err != nil || n < 14 {
		return false
	}
	return quantity(p, g)
}

func refills(p *parser, g match) bool {
	n := g.low(1)
	if strings.HasPrefix(n, "no") || n == "zero" {
		n = "0"
	}
	n, ok := number(n)
	if !ok {
		return false
	}
	p.line.Refills = n
	return true
}

var durationRules = []rule{
	{kind: DurationPart, re: pattern(`(?:x|×|for|for the next|duration:?|during|over)~(\d{1,3}|one|two|three|four|five|six|seven|ten)(?:~(?:-|–|to)~\d{1,3})?~(?:more )?~?-?~(days?|d|weeks?|wks?|months?|mos?|years?|hours?|hrs?)`), read: duration},
	{kind: DurationPart, re: pattern(`(\d{1,3})[ -](day|week|month)s? (?:course|supply)`), read: duration},
	{kind: DurationPart, re: pattern(`(\d{1,3})~(days|weeks)`), read: duration},
}

func duration(p *parser, g match) bool {
	n, ok := number(g.low(1))
	if !ok || strings.HasSuffix(p.low[p.at:p.at+g.m[1]], "supply") {
		return ok
	}
	if p.line.Duration == "" {
		p.line.Duration, p.line.DurationUnit = n, unitOf(g.low(2))
	}
	return true
}

const datePattern = `(?:\d{1,2}[/-]\d{1,2}[/-]\d{2,4}|\d{4}-\d{2}(?:-\d{2})?|\d{1,2}/\d{4}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?~(?:\d{1,2}(?:st|nd|rd|th)?,?~)?\d{4}|\d{1,2}[ -](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ -]\d{2,4}|(?:19|20)\d{2})`

var dateRules = []rule{
	{kind: DatePart, re: pattern(`(?:start(?:ed|ing)?(?: date| on)?|begin(?:ning)?|began|since|prescribed(?: on)?|ordered(?: on)?|written(?: on)?|rx date|initiated(?: on)?|date started|effective|from|on since|first dose|new as of|filled)~:?~(?:on |in )?~(` + datePattern + `)`), read: startDate},
	{kind: DatePart, re: pattern(`(?:stop(?:ped)?(?: date| on)?|end(?:ed|ing)?(?: date| on)?|d/?c'?e?d?(?: on)?|discontinued(?: on| as of)?|disc|completed(?: on)?|finished|held(?: since)?|through|thru|until|till|to|last taken(?: on)?|expires?)~:?~(?:on |in )?~(` + datePattern + `)`), read: stopDate},
	{kind: DatePart, re: pattern(`(?:last (?:filled|dose|refill(?:ed)?|taken)|filled|reviewed|expires|exp)~:?~(?:on )?~(` + datePattern + `)`), read: nothing},
	{kind: DatePart, re: pattern(`\(?(` + datePattern + `)~(?:-|–|to)~(` + datePattern + `|present|current|ongoing|now)\)?`), read: bothDates},
	{kind: DatePart, re: pattern(`(\d{1,2}[/-]\d{1,2}[/-]\d{2,4}|\d{4}-\d{2}-\d{2})`), read: loneDate},
}

func startDate(p *parser, g match) bool {
	if p.line.Start == "" {
		p.line.Start = g.text(1)
	}
	return true
}

func stopDate(p *parser, g match) bool {
	if p.line.Stop == "" {
		p.line.Stop = g.text(1)
	}
	switch s := p.low[p.at:]; {
	case strings.HasPrefix(s, "comp"), strings.HasPrefix(s, "fin"):
		p.setStatus(Completed)
	case strings.HasPrefix(s, "held"):
		p.setStatus(OnHold)
	case strings.HasPrefix(s, "thr"), strings.HasPrefix(s, "unt"), strings.HasPrefix(s, "til"), strings.HasPrefix(s, "to"), strings.HasPrefix(s, "ex"), strings.HasPrefix(s, "end"), strings.HasPrefix(s, "stop date"), strings.HasPrefix(s, "last"):
		// A planned end says nothing of today.
	default:
		p.setStatus(Stopped)
	}
	return true
}

func bothDates(p *parser, g match) bool {
	p.line.Start = g.text(1)
	if s := g.low(2); digit(s[0]) || !strings.ContainsAny(s[:1], "pcon") || len(s) > 7 {
		p.line.Stop = g.text(2)
	}
	return true
}

// loneDate is a date without a word: when it was begun or written, if it is
// the first one.
func loneDate(p *parser, g match) bool {
	if !p.begun() {
		return true
	}
	if p.line.Start == "" {
		p.line.Start = g.text(1)
		p.lower(0.9, "")
	}
	return true
}
