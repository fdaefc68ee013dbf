package history

import (
	"regexp"
	"strings"
)

// Relative is one line of a family history.
type Relative struct {
	// Relation is in lower case: "mother", "maternal grandmother", "brother".
	Relation   string
	Conditions []FamilyCondition
	// Deceased is true where print says so; DeathAge is in years, CauseOfDeath
	// the condition named as such.
	Deceased               bool
	DeathAge, CauseOfDeath string
	// Age is the age in years of one who lives, Negative true for "no known
	// problems", "healthy", "unknown" and the like.
	Age      string
	Negative bool
	Score    float64
}

// FamilyCondition is an illness of a relative.
type FamilyCondition struct {
	// Name is as printed; OnsetAge in years or "".
	Name, OnsetAge string
}

const relativePattern = `(?:(?:maternal|paternal|mat\.?|pat\.?)\s+)?(?:great[- ]?)?(?:half[- ]?)?(?:grandmother|grandfather|grandparents?|grandma|grandpa|mother|mom|father|dad|parents?|brothers?|sisters?|siblings?|twin|sons?|daughters?|children|child|aunts?|uncles?|cousins?|nieces?|nephews?)|mgm|mgf|pgm|pgf`

var (
	relativeForm = regexp.MustCompile(`(?i)\b(` + relativePattern + `)\b(?:'s)?(?:\s*\((?:x\s?)?\d\)|\s*\((?:maternal|paternal)\))?`)
	deadForm     = regexp.MustCompile(`(?i)\b(?:deceased|died|dead|passed(?: away)?|d\.|expired|death|dec'?d|decd)\b\.?(?:\s*\(?\s*(?:at|age|aged|@|in (?:his|her)|of age|at age|at the age of)?\s*(?:age\s*)?(\d{1,3})(?:'?s|\s?(?:y\.?o\.?|years?|yrs?))?\)?)?(?:\s*(?:of|from|due to|secondary to|d/t|w/|with|:|,)?\s*)`)
	causeWord    = regexp.MustCompile(`(?i)\b(?:of|from|due to|secondary to|d/t|cause(?: of death)?\s*:?)\s+([^,;.(]+)`)
	onsetForm    = regexp.MustCompile(`(?i)[\s,(]*\b(?:(?:diagnosed |dx(?:'?d)? |onset )?(?:at )?(?:age|aged|at|@|dx|in (?:his|her|their))\s*(?:age\s*|the age of\s*)?:?\s*(\d{1,3})(?:'?s)?(?:\s?(?:y\.?o\.?|years?(?: old)?|yrs?))?|(\d{1,3})\s?(?:y\.?/?o\.?|yrs? old|years? old))\)?`)
	aliveForm    = regexp.MustCompile(`(?i)\b(?:alive(?: and well)?|living|a\s?&\s?w|a/w|well|lives)\b(?:\s*(?:at|age|aged|,)?\s*(?:age\s*)?(\d{1,3}))?`)
	healthyForm  = regexp.MustCompile(`(?i)^(?:healthy|none|no (?:known |significant |medical )*(?:problems|history|conditions|illness(?:es)?|issues|hx)|negative|non-?contributory|unknown|n/a|unremarkable|nc|well|no|good health|-)?$`)
	familyLead   = regexp.MustCompile(`(?i)^(?:(?:positive )?family (?:medical )?(?:history|hx)|fhx?|fam hx)\s*(?:of|:|-|is|positive for|significant for)*\s*`)
	familyVerb   = regexp.MustCompile(`(?i)^(?:\s|[:\-–—,(=|)]|\b(?:has|had|have|with|w/|positive for|pos for|significant for|is|was|hx of|history of|h/o|hx|diagnosed with|suffered from|suffers from|struggles with|lives with|known to have|treated for|survived|also|who|both)\b)+`)
	negated      = regexp.MustCompile(`(?i)^(?:no|denies|negative for|without|neg for|not)\b`)
)

// Family reads a family history: "Mother: HTN, died age 72 MI", "Father –
// deceased, colon cancer at 60", "breast cancer in mother and sister". Each
// relative named opens an entry; conditions that stand before a relative
// ("diabetes (mother)") go to that one. A negated condition is left out.
func (r Reader) Family(text string) []Relative {
	s := familyLead.ReplaceAllString(clean(text), "")
	found := relativeForm.FindAllStringSubmatchIndex(s, -1)
	if len(found) == 0 || len(s) > 600 {
		return nil
	}
	if before := familyVerb.ReplaceAllString(s[:found[0][0]], ""); strings.TrimSpace(trim(before)) != "" && !possessive.MatchString(before) {
		return conditionFirst(s)
	}
	var out []Relative
	for i, m := range found {
		end := len(s)
		if i+1 < len(found) {
			end = found[i+1][0]
		}
		out = append(out, readRelative(s[m[2]:m[3]], s[m[1]:end]))
	}
	return shareConditions(s, found, out)
}

var (
	possessive = regexp.MustCompile(`(?i)^\W*(?:his|her|their|the|pt'?s|patient'?s|my|\d|one|two|three|both|a)?\W*$`)
	onlyAnd    = regexp.MustCompile(`(?i)^\s*(?:and|&|,|/|or|\+)*\s*(?:his|her)?\s*$`)
)

// shareConditions gives "mother and sister: breast cancer" to both.
func shareConditions(s string, found [][]int, out []Relative) []Relative {
	for i := len(out) - 2; i >= 0; i-- {
		if onlyAnd.MatchString(s[found[i][1]:found[i+1][0]]) {
			relation := out[i].Relation
			out[i] = out[i+1]
			out[i].Relation = relation
		}
	}
	return out
}

// conditionFirst reads "breast cancer in mother, colon cancer (father at 60)".
func conditionFirst(s string) []Relative {
	var out []Relative
	last := 0
	for _, m := range relativeForm.FindAllStringSubmatchIndex(s, -1) {
		if m[0] < last {
			continue
		}
		name := trim(inWord.ReplaceAllString(strings.Trim(s[last:m[0]], " (,;.-–:"), ""))
		last = m[1]
		rel := Relative{Relation: relationName(s[m[2]:m[3]]), Score: 0.8}
		if o := onsetForm.FindStringSubmatchIndex(s[m[1]:]); o != nil && o[0] == 0 {
			onset := group(s[m[1]:], o, 1) + group(s[m[1]:], o, 2)
			last += o[1]
			rel.Conditions = []FamilyCondition{{Name: name, OnsetAge: onset}}
		} else {
			rel.Conditions = []FamilyCondition{{Name: name}}
		}
		switch {
		case onlyAnd.MatchString(name) && len(out) > 0:
			rel.Conditions = out[len(out)-1].Conditions
		case name == "" || negated.MatchString(name):
			continue
		}
		out = append(out, rel)
	}
	return out
}

var inWord = regexp.MustCompile(`(?i)(?:\s+|^)(?:in|of|on|by|for|:|and|with)?\s*(?:his|her|their|the|patient'?s|pt'?s|a|one|two)?\s*$`)

func group(s string, m []int, i int) string {
	if m[2*i] < 0 {
		return ""
	}
	return s[m[2*i]:m[2*i+1]]
}

// readRelative reads what stands behind a relative.
func readRelative(relation, text string) Relative {
	rel := Relative{Relation: relationName(relation), Score: 1}
	text = familyVerb.ReplaceAllString(text, "")
	text = rel.takeDeath(text)
	if m := aliveForm.FindStringSubmatchIndex(text); m != nil {
		rel.Age = group(text, m, 1)
		text = text[:m[0]] + "," + text[m[1]:]
	}
	for _, p := range conditionPieces(text) {
		p = familyVerb.ReplaceAllString(p, "")
		switch {
		case healthyForm.MatchString(trim(p)):
			rel.Negative = rel.Negative || trim(p) != ""
		case negated.MatchString(p):
			rel.Negative = true
		default:
			rel.add(p)
		}
	}
	if len(rel.Conditions) > 0 {
		rel.Negative = false
	} else if !rel.Deceased && !rel.Negative && rel.Age == "" {
		rel.Score = 0.3
	}
	return rel
}

// takeDeath reads "died age 72 MI", "deceased at 60 of colon cancer".
func (rel *Relative) takeDeath(text string) string {
	m := deadForm.FindStringSubmatchIndex(text)
	if m == nil {
		return text
	}
	rel.Deceased = true
	rel.DeathAge = group(text, m, 1)
	before, after := text[:m[0]], text[m[1]:]
	word := text[m[0]:m[1]]
	linked := strings.HasSuffix(strings.TrimSpace(word), "of") || causeEnd.MatchString(word)
	first, rest, _ := strings.Cut(after, ",")
	first = trim(first)
	// "deceased, colon cancer at 60" names an illness; "died age 72 MI" a cause.
	if first != "" && (linked || !strings.HasSuffix(strings.TrimSpace(word), ",") && rel.DeathAge != "") {
		rel.CauseOfDeath = trim(onsetForm.ReplaceAllString(first, ""))
		if o := onsetForm.FindStringSubmatch(first); o != nil && rel.DeathAge == "" {
			rel.DeathAge = o[1] + o[2]
		}
		return before + "," + rel.CauseOfDeath + "," + rest
	}
	return before + "," + after
}

var causeEnd = regexp.MustCompile(`(?i)(?:of|from|due to|secondary to|d/t|with|w/|:)\s*$`)

func conditionPieces(s string) []string {
	var out []string
	for _, p := range familyCut.Split(s, -1) {
		if t := trim(p); t != "" {
			out = append(out, t)
		}
	}
	return out
}

var familyCut = regexp.MustCompile(`\s*[,;.]\s+(?:and\s+)?|,|\s+(?i:and|&)\s+|\s+/\s+|\n`)

func (rel *Relative) add(p string) {
	c := FamilyCondition{Name: p}
	if m := onsetForm.FindStringSubmatchIndex(" " + p); m != nil {
		q := " " + p
		c.OnsetAge = group(q, m, 1) + group(q, m, 2)
		c.Name = q[:m[0]] + " " + q[m[1]:]
	}
	c.Name = trim(strings.Join(strings.Fields(c.Name), " "))
	if hasLetter(c.Name) && len(c.Name) <= 80 {
		rel.Conditions = append(rel.Conditions, c)
	} else if c.OnsetAge != "" && len(rel.Conditions) > 0 && rel.Conditions[len(rel.Conditions)-1].OnsetAge == "" {
		rel.Conditions[len(rel.Conditions)-1].OnsetAge = c.OnsetAge
	}
}

var shortRelatives = map[string]string{"mgm": "maternal grandmother", "mgf": "maternal grandfather", "pgm": "paternal grandmother", "pgf": "paternal grandfather",
	"mom": "mother", "dad": "father", "grandma": "grandmother", "grandpa": "grandfather", "children": "child"}

func relationName(s string) string {
	s = strings.Join(strings.Fields(strings.ToLower(s)), " ")
	s = strings.NewReplacer("mat. ", "maternal ", "pat. ", "paternal ", "mat ", "maternal ", "pat ", "paternal ").Replace(s)
	if long, ok := shortRelatives[s]; ok {
		return long
	}
	return strings.TrimSuffix(s, "s")
}
