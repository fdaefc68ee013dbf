package sig

import (
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
)

var strengthRules = []rule{
	// 5 mg/325 mg, 5 mg-325 mg
	{kind: StrengthPart, re: pattern(`((?:<N>)~<U>~[/-]~(?:<N>)~(?:mg|mcg|g|%|units?))`), read: strength},
	// 5-325 mg, 5/325 mg, 250-50 mcg/dose, 400 mg/5 mL, 90 mcg/actuation, 0.1%
	{kind: StrengthPart, re: pattern(`((?:<N>)(?:~[/-]~\d+(?:\.\d+)?){1,3}~(?:mg|mcg|g|%|units?)(?:~/~(?:\d+(?:\.\d+)?)?~(?:ml|actuation|act|puff|inh(?:alation)?|dose|tab(?:let)?|cap(?:sule)?|hr?|spray|gm?))?)`), read: strength},
	{kind: StrengthPart, re: pattern(`((?:<N>)~<U>~(?:/|per)~(?:(?:\d+(?:\.\d+)?)?~(?:ml|l|actuation|actuat|act|puff|inh(?:alation)?|spray|dose|tab(?:let)?|cap(?:sule)?|hours?|hr?|24h|day|gm?|g|kg|vial|pen|patch|drop|kg/day|m2)))`), read: strength},
	{kind: StrengthPart, re: pattern(`((<N>)~(<U>))`), read: amount},
}

var doseRules = []rule{
	{kind: DosePart, re: pattern(`(<N>|i{1,3}|a|an)(?:~\(~\d+(?:\.\d+)?~\))?~(?:-|–|to|or)~(<N>|i{1,3})(?:~\(~\d+~\))?~(<F>)(?:\(s\))?`), read: dose},
	{kind: DosePart, re: pattern(`(<N>|i{1,3}|an?)(?:~\(~(?:<N>)~\))?()~(?:(?:full|whole|additional|extra|level) )?(<F>)(?:\(s\))?`), read: dose},
	{kind: DosePart, re: pattern(`(?:take|give|use|apply|inhale|chew|instill|inject|dissolve) (<N>)(?:~(?:-|–|to|or)~(<N>))?()`), read: bareDose},
	{kind: DosePart, re: pattern(`(\d+(?:\.\d+)?)(?:~(?:-|–|to)~(\d+(?:\.\d+)?))?()~(?:po|p\.o\.|by mouth|orally)`), read: bareDoseRoute},
	{kind: DosePart, re: pattern(`(?:a |1 )?(thin|small|moderate|liberal|pea[ -]sized)()() (?:layer|amount|film)`), read: amountText},
}

// strength is what one unit holds, or the dose where a strength stands already.
func strength(p *parser, g match) bool {
	if p.line.Strength != "" && p.sig {
		p.took = DosePart
		return p.setDose(Dose{Text: g.text(1), Low: g.text(1)})
	}
	if p.line.Strength != "" {
		p.line.Strength += " / " + g.text(1)
		return true
	}
	p.line.Strength = g.text(1)
	return true
}

// amount is a number with a unit of measure. It is the strength where none was
// met, and the dose after that or where the direction has begun. Volumes and
// units are doses from the start: "20 units", "10 mL".
func amount(p *parser, g match) bool {
	num, unit := g.low(2), g.low(3)
	value, ok := number(num)
	if !ok || unit == "l" {
		return false
	}
	p.pointRisk(g.text(2))
	if unit == "u" {
		p.lower(0.8, RemarkUnitsU)
	}
	isDose := p.line.Strength != "" || p.sig && p.line.Dose.Low == "" && p.line.Form != ""
	switch unit {
	case "ml", "cc", "units", "unit", "u", "iu":
		isDose = true
	}
	if !isDose {
		p.line.Strength = g.text(1)
		return true
	}
	p.took = DosePart
	return p.setDose(Dose{Low: value, Unit: g.text(3), Text: g.text(1)})
}

// pointRisk remarks on "1.0 mg" and ".5 mg", which lose their point and then
// say ten times as much.
func (p *parser) pointRisk(num string) {
	if strings.HasSuffix(num, ".0") || strings.HasPrefix(num, ".") {
		p.lower(0.9, RemarkPoint)
	}
}

func dose(p *parser, g match) bool {
	low, ok := number(g.low(1))
	if !ok || !p.sig && len(p.drug) == 0 && p.wantDrug {
		return false
	}
	high, _ := number(g.low(2))
	return p.setDose(Dose{Low: low, High: high, Unit: g.text(3), Text: squeeze(p.text[p.at : p.at+g.m[1]])})
}

// bareDose is "take 1" before a word that is no unit.
func bareDose(p *parser, g match) bool {
	low, ok := number(g.low(1))
	rest := strings.TrimLeft(p.low[p.at+g.m[1]:p.end], " ")
	if !ok || strengthFirst.MatchString(rest) || strings.HasPrefix(rest, "time") {
		return false
	}
	high, _ := number(g.low(2))
	text := g.text(1)
	if g.text(2) != "" {
		text += "-" + g.text(2)
	}
	return p.setDose(Dose{Low: low, High: high, Text: text})
}

var strengthFirst = pattern(`<U>|<F>|/|\.\d`)

// bareDoseRoute is "1 po daily"; the route is read with it.
func bareDoseRoute(p *parser, g match) bool {
	low, ok := number(g.low(1))
	if !ok || p.line.Dose.Low != "" || p.line.Strength == "" && p.line.Form == "" {
		return false
	}
	high, _ := number(g.low(2))
	if p.line.Route == "" {
		text := p.text[p.at : p.at+g.m[1]]
		p.line.Route, p.line.RouteName = strings.TrimLeft(text, "0123456789.-– to"), "oral"
	}
	return p.setDose(Dose{Low: low, High: high, Text: g.text(1)})
}

func amountText(p *parser, g match) bool {
	return p.setDose(Dose{Text: squeeze(p.text[p.at : p.at+g.m[1]])})
}

// setDose keeps the first dose; a count of tablets after "20 units" makes the
// units the strength ("vitamin D3 2000 units capsule, 1 cap daily").
func (p *parser) setDose(d Dose) bool {
	if old := p.line.Dose; old.Text != "" {
		if p.line.Strength == "" && strings.HasPrefix(strings.ToLower(old.Unit), "u") {
			p.line.Strength, p.line.Dose = old.Text, d
			return true
		}
		if old.Low != d.Low {
			p.lower(0.9, RemarkConflict)
		}
		return true
	}
	p.line.Dose = d
	return true
}

var numberWords = map[string]string{
	"a": "1", "an": "1", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
	"nine": "9", "ten": "10", "twelve": "12", "i": "1", "ii": "2", "iii": "3", "once": "1", "twice": "2", "thrice": "3",
	"half": "0.5", "half a": "0.5", "half an": "0.5", "half of a": "0.5", "one half": "0.5", "one-half": "0.5", "½": "0.5", "¼": "0.25", "¾": "0.75",
	"1/2": "0.5", "1/4": "0.25", "3/4": "0.75", "1/3": "0.33", "2/3": "0.67",
	"one and a half": "1.5", "one and one half": "1.5", "one and one-half": "1.5",
}

// number normalises a number in digits, words, Roman numerals or fractions.
func number(s string) (string, bool) {
	s = squeeze(s)
	if v, ok := numberWords[s]; ok {
		return v, true
	}
	for frac, v := range map[string]string{"½": ".5", "¼": ".25", "¾": ".75", " 1/2": ".5", " 1/4": ".25", " 3/4": ".75"} {
		if whole, ok := strings.CutSuffix(s, frac); ok {
			whole = strings.TrimSpace(whole)
			return whole + v, whole != "" && onlyDigits(whole)
		}
	}
	v, _, _, ok := grammar.ParseDecimal(s)
	return v, ok
}

func onlyDigits(s string) bool {
	for _, c := range []byte(s) {
		if !digit(c) {
			return false
		}
	}
	return s != ""
}
