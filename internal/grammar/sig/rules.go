package sig

import (
	"regexp"
	"strings"
)

// rule recognises one kind of piece at the start of what is left. read takes
// it into the line and may refuse it.
type rule struct {
	kind Kind
	re   *regexp.Regexp
	read func(p *parser, g match) bool
	// opens says that free words after the piece are its reason.
	opens bool
}

// pattern compiles a rule's pattern for lower-case text. In it a space is any
// white space, ~ optional white space (so is " ?"), <N> a number in digits or words, <U> a
// strength's unit and <F> a form that is counted.
func pattern(s string) *regexp.Regexp {
	s = strings.NewReplacer("<N>", numberPattern, "<U>", strengthUnit, "<F>", doseUnit, "<T>", timeUnit).Replace(s)
	s = strings.NewReplacer(
		"[ -]", `[\s-]`, "[ ,]", `[\s,]`, " ?", `\s*`, " ", `\s+`, "~", `\s*`,
	).Replace(s)
	re := regexp.MustCompile(`^(?:` + s + `)`)
	re.Longest()
	return re
}

const (
	numberPattern = `(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:~[½¼¾])?|\d+ \d/\d|\d/\d|\.\d+|[½¼¾]|one and (?:a|one)[ -]half|one[ -]half|half(?: an?| of an?)?|one|two|three|four|five|six|seven|eight|nine|ten|twelve`
	strengthUnit  = `(?:mcg|ug|μg|µg|mg|gm|g|kg|meq|mmol|milligrams?|micrograms?|grams?|international units|int\.? units|units?|iu|i\.u\.|u|mu|million units|ml|cc|%|mcg/ml|mci|ppm|pfu|billion cfu|cfu|l)`
	doseUnit      = `(?:tab(?:let)?s?|caps?|capsules?|caplets?|softgels?|gelcaps?|lozenges?|troches?|pills?|puffs?|inhalations?|inh|sprays?|squirts?|drops?|gtts?|patch(?:es)?|suppositor(?:y|ies)|supp|applicat(?:ion|or)s?(?:ful)?|applicatorfuls?|teaspoon(?:ful)?s?|tsp|tablespoon(?:ful)?s?|tbsp|ml|cc|units?|iu|packets?|sachets?|scoops?|vials?|ampules?|nebs?|nebules?|pens?|syringes?|injections?|films?|strips?|rings?|kits?|doses?|capfuls?|gum|pieces?|ounces?|oz|enemas?|wafers?|gummies|gummy|each|ea)`
	timeUnit      = `(?:hours?|hrs?|hr|h|°|º|days?|d|dys?|weeks?|wks?|wk|w|months?|mos?|mon|minutes?|mins?|min|years?|yrs?)`
)

// rules are tried in this order; the longer forms of a piece come first.
var rules = join(asideRules, dateRules, statusRules, quantityRules, durationRules, strengthRules, doseRules, frequencyRules, whenRules, routeRules, formRules, wordRules)

func join(lists ...[]rule) []rule {
	var out []rule
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

// asideRules take what repeats or limits a dose, so that no other rule reads
// it as one: "(10 mg total)", "(65 mg iron)", "max 4/day".
var asideRules = []rule{
	{kind: VerbPart, re: pattern(`(?:<N>)~(?:<U>)~(?:total(?: dose)?|elemental(?: iron)?|iron|base)`), read: begun},
	{kind: VerbPart, re: pattern(`(?:max(?:imum)?|not to exceed|nte|do not exceed|no more than|mdd)\b[^;.]*`), read: begun},
	{kind: NotePart, re: pattern(`except(?: for)?|alternat(?:e|es|ing) with|alternating`), read: otherDose},
}

func begun(p *parser, _ match) bool { return p.begun() }

// otherDose is "5 mg daily except 7.5 mg on Mondays": two doses don't fit one
// line, and what follows must not overwrite the first.
func otherDose(p *parser, g match) bool {
	if !p.begun() {
		return false
	}
	p.lower(0.5, RemarkConflict)
	p.end = p.at + g.m[1]
	return true
}

// wordRules are the words that hold a direction together.
var wordRules = []rule{
	{kind: VerbPart, re: pattern(`(?:sig|directions?|instructions?|dose|dosage|route|freq(?:uency)?|strength|form|drug|medication):`), read: nothing},
	{kind: NotePart, re: pattern(`due to|because of|d/t|secondary to|per (?:pt|patient|dr\.?)`), read: note, opens: true},
	{kind: VerbPart, re: pattern(`take|takes|taking|give|given|apply|inhale|inject|use|using|instill|place|insert|chew|dissolve|spray|administer|swallow|drink|infuse|wear|rub|sig`), read: nothing},
	{kind: IndicationPart, re: pattern(`(?:indications?|reason|diagnosis|dx|purpose|used for|indicated for|prescribed for):?`), read: indication, opens: true},
	{kind: IndicationPart, re: pattern(`for(?: (?:the )?(?:treatment|relief|management) of)?`), read: indication, opens: true},
	{kind: IndicationPart, re: pattern(`if (?:needed for )?`), read: condition, opens: true},
}

func nothing(*parser, match) bool { return true }

// note opens the reason for a change, which is no indication.
func note(p *parser, _ match) bool { return p.begun() }

// indication needs a drug before it: "for" opens no line.
func indication(p *parser, _ match) bool { return len(p.line.Parts) > 0 || len(p.drug) > 0 }

// condition is "if temp over 101": taken as needed.
func condition(p *parser, _ match) bool {
	if !p.sig {
		return false
	}
	p.line.AsNeeded = true
	return true
}

// filler are words that carry nothing and lower nothing.
var filler = words(`a an the and or of by to then with on in at be is was as per via each both from into about your you needed oral dose mouth
	- – — / & + @ total up times time only may can will daily medication prescription rx disp sig written patient pt please dispense`)

// modifier are the words of a drug's name that may stand after its strength.
var modifier = words(`er xr sr xl cr dr ec la cd hfa odt ir xt sa pm dm hct hctz xr24h respimat diskus ellipta flexpen kwikpen solostar hcl succinate tartrate sodium potassium besylate maleate mesylate hbr calcium`)

func words(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}
