package history

import (
	"regexp"
	"strings"
)

// Allergy is one line of an allergy list.
type Allergy struct {
	// Substance is as printed; Reactions are the manifestations in printed order.
	Substance string
	Reactions []string
	// Severity is mild, moderate, severe or "".
	Severity string
	// HighRisk is true where print speaks of anaphylaxis or its kin.
	HighRisk bool
	// Intolerance is true where it is called an intolerance or a side effect.
	Intolerance bool
	// Inactive is true where it is struck from the list: resolved, inactive,
	// entered in error, tolerated.
	Inactive bool
	// Onset is the date printed, in FHIR's form, or "".
	Onset  string
	Score  float64
	Remark string
}

var (
	noneForm = regexp.MustCompile(`(?i)^\W*(?:allerg(?:y|ies|en)s?(?:\s*(?:list|status|information))?\s*[:\-–]?\s*)?(?:(?:the )?(?:patient|pt|she|he)\.?\s+(?:has|is|reports|states|endorses)?\s*)?(nkda|nka|nkma|nkfa|nkla|n\.k\.d\.a\.?|n\.k\.a\.?|nkd4|nkoa|(?:no|denies(?: any)?|denied|without|negative for|has no|none|0) ?(?:known )?(?:known|current|active)? ?(?:(drug|medication|medicine|food|environmental|latex|seasonal|med|drug or food|food or drug|drug/food|medication or food)s? )?(?:allerg(?:y|ies)|allergic reactions?)(?: to (?:medications?|drugs?|medicines?|any medications?))?(?: (?:known|on file|reported|recorded|documented|noted))?|none(?: known| reported| on file| recorded| documented)?|no known|none known|no allergies on file|not allergic(?: to any(?:thing| medications?))?)(?:\s*\([^)]*\))?\W*$`)
	severity = regexp.MustCompile(`(?i)\b(?:severity\s*[:=]?\s*)?(mild|minor|moderate|mod|severe|serious|life[- ]threatening|high|low)\b(?:\s+(?:severity|reaction))?`)
	// arrow parts the substance from its reaction; a dash only between spaces,
	// since names have dashes of their own.
	arrow    = regexp.MustCompile(`\s*(?:->|=>|→|⇒|—>)\s*|\s+[-–—]+\s+|\s*[:=|]\s*|\s*–\s*|\s+(?i:causes?|caused|causing|gives (?:him|her|them|me)|reactions?(?: is| was| of)?|rxn|leads to|resulting in|resulted in|with reaction of)\s*[:=]?\s+`)
	anaphyl  = regexp.MustCompile(`(?i)anaphyla|angioedema|throat (?:swelling|closing|closes|tightness)|airway|stevens|life[- ]threatening|toxic epidermal|\bsjs\b|\bten\b|swelling of (?:throat|tongue|face)|tongue swelling`)
	intolerB = regexp.MustCompile(`(?i)\b(?:intoleran(?:ce|t)|side effects?|adverse (?:effect|reaction)|sensitivity)\b`)
	inactive = regexp.MustCompile(`(?i)\b(?:inactive|resolved|entered in error|removed|tolerates?|tolerated|ruled out|outgrew|outgrown)\b`)
	lead     = regexp.MustCompile(`(?i)^(?:allerg(?:y|ic|ies)(?:\s+to)?|allergen|substance|agent|drug|(?:adverse |allergic |drug )?reaction to|intoleran(?:ce|t)\s+(?:to|of))\s*[:\-]?\s+`)
	label    = regexp.MustCompile(`(?i)\b(?:reactions?|rxn|manifestations?|type|status|onset|noted|severity|criticality|comments?)\s*[:=]\s*`)
	active   = regexp.MustCompile(`(?i)\b(?:active|confirmed|allergy|drug allergy|food allergy|propensity|adverse reaction|unspecified|unknown reaction|reaction unknown|unknown|onset|noted|since|started|dated?)\b`)
)

// NoKnownAllergies reports a text that says there are none, and which kind it
// speaks of: "drug", "food", "environmental", "latex" or "" for all.
func NoKnownAllergies(text string) (kind string, ok bool) {
	m := noneForm.FindStringSubmatch(strings.Join(strings.Fields(text), " "))
	if m == nil {
		return "", false
	}
	switch low := strings.ToLower(m[1] + " " + m[2]); {
	case strings.Contains(low, "food") && strings.Contains(low, "drug"), strings.HasPrefix(low, "nka"):
		return "", true
	case strings.HasPrefix(low, "nkf"), strings.Contains(low, "food"):
		return "food", true
	case strings.HasPrefix(low, "nkl"), strings.Contains(low, "latex"):
		return "latex", true
	case strings.Contains(low, "environ"), strings.Contains(low, "season"):
		return "environmental", true
	case strings.HasPrefix(low, "nk"), strings.HasPrefix(low, "n.k.d"), strings.Contains(low, "drug"), strings.Contains(low, "med"):
		return "drug", true
	}
	return "", true
}

// Allergy reads one line: "Penicillin - hives (moderate)", "Sulfa: rash,
// anaphylaxis", "PCN → hives", "Latex (contact dermatitis), severity: mild".
// A statement that there are none is not an allergy; see NoKnownAllergies.
func (r Reader) Allergy(text string) (Allergy, bool) {
	a := Allergy{Score: 1}
	s := clean(text)
	if _, none := NoKnownAllergies(s); none || s == "" || len(s) > 200 {
		return a, false
	}
	s, dates := r.cutDates(s)
	if len(dates) > 0 {
		a.Onset = dates[0].Value
	}
	a.HighRisk = anaphyl.MatchString(s)
	a.Intolerance = intolerB.MatchString(s)
	a.Inactive = inactive.MatchString(s)
	s = lead.ReplaceAllString(s, "")
	s = a.takeSeverity(s)
	substance, rest := splitSubstance(s)
	a.Substance = trim(substance)
	a.react(rest)
	if a.Substance == "" || !hasLetter(a.Substance) || len(strings.Fields(a.Substance)) > 7 {
		return Allergy{}, false
	}
	if len(strings.Fields(a.Substance)) > 4 {
		a.Score, a.Remark = 0.5, RemarkLoose
	}
	return a, true
}

func (a *Allergy) takeSeverity(s string) string {
	m := severity.FindStringSubmatchIndex(s)
	if m == nil {
		return s
	}
	switch word := strings.ToLower(s[m[2]:m[3]]); word {
	case "mild", "minor", "low":
		a.Severity = "mild"
	case "moderate", "mod":
		a.Severity = "moderate"
	default:
		a.Severity = "severe"
	}
	return s[:m[0]] + " " + s[m[1]:]
}

// splitSubstance parts a line at a bracket, an arrow or, last, a comma.
func splitSubstance(s string) (substance, rest string) {
	open := strings.Index(s, "(")
	cut := arrow.FindStringIndex(s)
	switch {
	case cut != nil && cut[0] > 0 && (open < 0 || cut[0] < open):
		return s[:cut[0]], s[cut[1]:]
	case open > 0:
		return s[:open], s[open:]
	}
	if before, after, ok := strings.Cut(s, ","); ok {
		return before, after
	}
	return s, ""
}

func (a *Allergy) react(rest string) {
	rest = label.ReplaceAllString(rest, ",")
	rest = intolerB.ReplaceAllString(inactive.ReplaceAllString(rest, ","), ",")
	rest = active.ReplaceAllString(rest, ",")
	rest = strings.NewReplacer("(", ",", ")", ",", "[", ",", "]", ",", "→", ",", " - ", ",", "|", ",").Replace(rest)
	for _, p := range pieces(rest) {
		if hasLetter(p) && len(p) <= 60 {
			a.Reactions = append(a.Reactions, p)
		}
	}
}

// Allergies reads a text that may list several: "PCN (hives), sulfa (rash)",
// "Penicillin, sulfa, latex". A comma inside brackets parts nothing, and a
// line with a dash or colon is one allergy with several reactions.
func (r Reader) Allergies(text string) []Allergy {
	var out []Allergy
	for _, item := range listItems(text) {
		if a, ok := r.Allergy(item); ok {
			out = append(out, a)
		}
	}
	return out
}

func listItems(text string) []string {
	text = leadList.ReplaceAllString(strings.TrimSpace(text), "")
	var out []string
	for _, line := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == ';' || r == '•' }) {
		if m := arrow.FindStringIndex(line); m != nil && m[0] > 0 {
			out = append(out, line)
			continue
		}
		depth, last := 0, 0
		for i, c := range line {
			switch {
			case c == '(':
				depth++
			case c == ')':
				depth--
			case c == ',' && depth <= 0:
				out = append(out, line[last:i])
				last = i + 1
			}
		}
		for _, p := range andWord.Split(line[last:], -1) {
			out = append(out, p)
		}
	}
	return out
}

var (
	leadList = regexp.MustCompile(`(?i)^(?:(?:drug |medication |food )?allergies|allergic to|allergy list|allergy)\s*[:\-–]?\s*(?:include|includes|to)?\s*`)
	andWord  = regexp.MustCompile(`(?i)\s+(?:and|&)\s+`)
)

func hasLetter(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 127 })
}
