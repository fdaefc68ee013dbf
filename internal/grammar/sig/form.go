package sig

import (
	"regexp"
	"strings"
)

var formPattern = pattern(`((?:(?:(?:extended|delayed|sustained|immediate|controlled)[ -]?release|er|xr|ec|dr|enteric[ -]coated|film[ -]coated|chewable|disintegrating|orally disintegrating|(?:12|24)~-?~(?:hr?|hour)|effervescent|oral|sublingual|ophthalmic|otic|nasal|topical|rectal|vaginal|transdermal|nebuliz(?:er|ation)|inhalation|injectable|metered[ -]dose|dry powder|prefilled|lidocaine-free)[ ,]+)*(?:tab(?:let)?s?|caps?|capsules?|caplets?|softgels?|gelcaps?|lozenges?|troches?|inhalers?|solution|soln|sol|suspension|susp|syrup|elixir|liquid|concentrate|cream|crm|ointment|oint|gel|lotion|foam|shampoo|paste|powder|patch(?:es)?|spray|drops|suppositor(?:y|ies)|injection|inj|injector|auto-?injector|pen(?: ?injector)?|vial|cartridge|syringe|enema|packets?|film|kit|mdi|dpi|nebs?|nebules?|emulsion|tincture|implant|ring|iud|mouthwash|rinse|oil|granules|gum|strips?|lancets?|test strips?|needles?|device|odt|wafers?)(?:,? (?:(?:extended|delayed|sustained|immediate|controlled)[ -]?release(?: \d+ ?hr)?|enteric[ -]coated|chewable|er|xr|ec|dr|hfa))?(?:\(s\))?)`)

var formRules = []rule{{kind: FormPart, re: formPattern, read: form}}

func form(p *parser, g match) bool {
	if !p.begun() {
		return false
	}
	if d := p.line.Dose; p.line.Strength == "" && strings.HasPrefix(strings.ToLower(d.Unit), "u") && solid.MatchString(g.low(1)) {
		p.line.Strength, p.line.Dose = d.Text, Dose{}
	}
	if p.line.Form == "" {
		p.line.Form = g.text(1)
	}
	return true
}

// solid forms hold units; one injects units, but swallows tablets of them.
var solid = regexp.MustCompile(`tab|cap|gel|gumm`)
