package history

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
)

// Smoking is the tobacco history of a text.
type Smoking struct {
	grammar.Span
	// Status is one of the Smok constants.
	Status string
	// PacksPerDay, Years and PackYears are decimals, QuitDate a FHIR date.
	PacksPerDay, Years, PackYears, QuitDate string
	Score                                   float64
}

// The smoking states, by what US Core's value set calls them.
const (
	SmokCurrent = "current" // every day, or not said how often
	SmokSome    = "current some day"
	SmokFormer  = "former"
	SmokNever   = "never"
	SmokUnknown = "unknown"
)

type smokeForm struct {
	status string
	re     *regexp.Regexp
}

// smokeForms in the order they win: what denies comes before what it denies.
var smokeForms = []smokeForm{
	{SmokNever, regexp.MustCompile(`(?i)\b(?:never[- ]?(?:a )?(?:smoker|smoked|smoking|user|used(?: any)? tobacco)|(?:has |have )?never (?:smoked|used tobacco)|non-?\s?smoker|nonsmoker|lifetime non-?smoker|life-?long non-?smoker|(?:denies|no|negative for|denied)(?: any)?(?: (?:history of|h/o|hx of|current or past|past or current))? ?(?:tobacco|smoking|cigarettes?|nicotine)(?: use| abuse)?|does(?: not|n't) smoke|(?:tobacco(?: use| history)?|smoking(?: status| history)?|smokes?|cigarettes?|smoker)\s*[:\-–?]\s*(?:never|no\b|none|denies|negative|n\b))`)},
	{SmokFormer, regexp.MustCompile(`(?i)\b(?:former(?:ly)?(?: (?:heavy|light))?(?: cigarette| tobacco)?[- ](?:smoker|smoking|user|smoked)|ex-?\s?smoker|past smoker|previous smoker|prior smoker|(?:tobacco(?: use| history)?|smoking(?: status| history)?|smoker)\s*[:\-–?]\s*(?:former|quit|ex\b|previous|past)|quit (?:smoking|tobacco)|stopped smoking|smoked (?:until|for)|history of (?:tobacco|smoking|cigarette)(?: use| abuse)?|h/o (?:tobacco|smoking)(?: use| abuse)?|used to smoke|no longer smokes)`)},
	{SmokSome, regexp.MustCompile(`(?i)\b(?:current (?:some|occasional)[- ]?days? (?:smoker)?|some ?day smoker|occasional(?:ly)? (?:smoker|smokes|tobacco)|smokes (?:occasionally|socially)|social smoker|light (?:tobacco )?smoker)`)},
	{SmokCurrent, regexp.MustCompile(`(?i)\b(?:current(?:ly)?(?: (?:every|heavy|daily))?(?:[- ]?day)?(?: tobacco| cigarette)?[- ](?:smoker|smokes|smoking|user)|active smoker|(?:is a )?smoker|smokes|every ?day smoker|(?:tobacco(?: use| history)?|smoking(?: status| history)?|smoker|cigarettes?|smokes)\s*[:\-–?]\s*(?:yes|current(?:ly)?|active|every day|daily|y\b|heavy|\+|\d)|(?:uses|chews) tobacco|tobacco (?:abuse|dependence|use disorder)|nicotine dependence)`)},
	{SmokUnknown, regexp.MustCompile(`(?i)\b(?:tobacco(?: use| history)?|smoking(?: status| history)?)\s*[:\-–?]\s*(?:unknown|not (?:asked|recorded|documented)|unk)|unknown if ever smoked`)},
}

var (
	ppdForm       = regexp.MustCompile(`(?i)(\d+(?:\.\d+)?|\d/\d|½|half(?: a)?|one(?:[- ]half)?|two|1\s?½|1 1/2)\s*(?:-\s*\d+(?:\.\d+)?\s*)?(?:ppd|packs?\s*(?:/|per|a|each|every)\s*day|packs? daily|pk/day|p/d)`)
	packYearForm  = regexp.MustCompile(`(?i)(\d{1,3}(?:\.\d+)?)\s*\+?[- ]?(?:pack|pk)[- ]?(?:years?|yrs?|y)\b|(?:pack[- ]?years?)\s*[:=]?\s*(\d{1,3}(?:\.\d+)?)`)
	smokeYearForm = regexp.MustCompile(`(?i)(?:x|for|×|past)\s*(\d{1,2})\+?\s*(?:years?|yrs?|y)\b`)
	quitForm      = regexp.MustCompile(`(?i)\b(?:quit|stopped|ceased|quit date)\b[^.;]{0,30}`)
)

// Smoking reads the tobacco history of a text; false where it has none.
func (r Reader) Smoking(text string) (Smoking, bool) {
	s := Smoking{Score: 1}
	for _, f := range smokeForms {
		m := f.re.FindStringIndex(text)
		if m == nil {
			continue
		}
		s.Status, s.Span = f.status, grammar.Span{Start: m[0], End: m[1]}
		break
	}
	packs := packYearForm.FindStringSubmatch(text)
	ppd := ppdForm.FindStringSubmatchIndex(text)
	if s.Status == "" && ppd == nil && packs == nil {
		return s, false
	}
	if s.Status == "" {
		s.Status, s.Score = SmokUnknown, 0.5
		// How much, and no word of whether: who has quit has smoked, who has
		// packs a day smokes.
		if m := quitForm.FindStringIndex(text); m != nil && !tryingToQuit.MatchString(text) {
			s.Status, s.Score, s.Span = SmokFormer, 0.8, grammar.Span{Start: m[0], End: m[1]}
		} else if ppd != nil {
			s.Status, s.Score, s.Span = SmokCurrent, 0.7, grammar.Span{Start: ppd[0], End: ppd[1]}
		}
	}
	if ppd != nil {
		s.PacksPerDay = packsOf(strings.ToLower(text[ppd[2]:ppd[3]]))
	}
	if packs != nil {
		s.PackYears = packs[1] + packs[2]
	}
	if m := smokeYearForm.FindStringSubmatch(text); m != nil && s.Status != SmokNever {
		s.Years = m[1]
	}
	r.quit(text, &s)
	if s.Status == SmokNever && (s.PackYears != "" || s.PacksPerDay != "") {
		s.Score = 0.3
	}
	return s, true
}

var tryingToQuit = regexp.MustCompile(`(?i)\b(?:trying|wants?|plans?|ready|advised|encouraged|counsel+ed|interested|try|needs?) (?:to|in) (?:quit|stop|ceas)`)

// quit takes the date of quitting, which makes any smoker a former one.
func (r Reader) quit(text string, s *Smoking) {
	m := quitForm.FindString(text)
	if m == "" || s.Status == SmokNever {
		return
	}
	if strings.Contains(strings.ToLower(text), "trying to quit") || strings.Contains(strings.ToLower(text), "wants to quit") {
		return
	}
	if dates := r.Dates.Find(m); len(dates) > 0 && dates[0].Value != "" {
		s.QuitDate, s.Status = dates[0].Value, SmokFormer
	}
}

var packWords = map[string]string{"½": "0.5", "half": "0.5", "half a": "0.5", "1/2": "0.5", "one": "1", "one-half": "0.5", "one half": "0.5", "two": "2", "1½": "1.5", "1 ½": "1.5", "1 1/2": "1.5", "1/4": "0.25", "3/4": "0.75"}

func packsOf(s string) string {
	if v, ok := packWords[s]; ok {
		return v
	}
	if v, _, _, ok := grammar.ParseDecimal(s); ok {
		return v
	}
	return ""
}

// Use is the use of alcohol or drugs.
type Use struct {
	// Status is "current", "former", "never" or "none", "" where not told.
	// Never says never; none says only not now.
	Status string
	// Amount is what is printed of how much, such as "2 drinks per week".
	Amount string
	Score  float64
}

var (
	alcoholWord = regexp.MustCompile(`(?i)\b(?:alcohol(?:ic)?|etoh|drinks?|drinking|beers?|wine|liquor|drinker)\b`)
	drugWord    = regexp.MustCompile(`(?i)\b(?:(?:illicit|recreational|street|illegal|iv|intravenous)\s+(?:drugs?|substances?)(?: (?:use|abuse))?|illicits|drug (?:use|abuse)|drugs|ivdu|ivda|marijuana|cannabis|thc|cocaine|heroin|methamphetamine|substance (?:use|abuse))\b`)
	useNever    = regexp.MustCompile(`(?i)\b(?:never|lifetime abstainer|abstainer)\b`)
	useNone     = regexp.MustCompile(`(?i)\b(?:no|none|denies|denied|negative|does not|doesn't|not)\b`)
	useFormer   = regexp.MustCompile(`(?i)\b(?:former(?:ly)?|quit|past|sober|in recovery|history of|h/o|previous(?:ly)?|used to|stopped|recovering)\b`)
	useCurrent  = regexp.MustCompile(`(?i)\b(?:yes|current(?:ly)?|social(?:ly)?|occ\b|occasional(?:ly)?|rare(?:ly)?|moderate|daily|weekly|weekends?|drinks|uses|smokes|heavy|per (?:day|week|month)|/(?:day|week|wk)|abuse|dependence|a (?:day|week|month))\b`)
	useAmount   = regexp.MustCompile(`(?i)\b(?:\d+(?:\s?-\s?\d+)?|one|two|three|four|five|six|a)\s+(?:\w+\s+){0,2}(?:drinks?|beers?|glass(?:es)?|bottles?|shots?|cans?|joints?|oz|units?|times?)(?:\s+of\s+\w+)?\s*(?:/|per|a|each|every|on)?\s*(?:day|daily|week|weekly|month|night|nightly|weekends?|wk|year)?|\b(?:socially|occasionally|rarely|daily|on weekends)\b`)
)

// Alcohol reads the use of alcohol; false where the text does not speak of it.
func Alcohol(text string) (Use, bool) { return readUse(text, alcoholWord) }

// Drugs reads the use of recreational drugs.
func Drugs(text string) (Use, bool) { return readUse(text, drugWord) }

// readUse looks at the clause that names the substance, so that "denies
// tobacco; drinks socially" is told apart.
func readUse(text string, word *regexp.Regexp) (Use, bool) {
	u := Use{Score: 1}
	var clause string
	for _, c := range clauseCut.Split(text, -1) {
		if word.MatchString(c) {
			clause = c
			break
		}
	}
	if clause == "" {
		return u, false
	}
	switch {
	case useNever.MatchString(clause):
		u.Status = "never"
	case useFormer.MatchString(clause):
		u.Status = "former"
	case useNone.MatchString(clause):
		u.Status = "none"
	case useCurrent.MatchString(clause) || useAmount.MatchString(clause):
		u.Status = "current"
	default:
		u.Score = 0.4
	}
	if u.Status == "current" {
		u.Amount = strings.TrimSpace(useAmount.FindString(clause))
	}
	return u, true
}

var clauseCut = regexp.MustCompile(`[.;\n]\s*|\s+(?i:but)\s+`)

var (
	jobLabel = regexp.MustCompile(`(?i)\b(?:occupation|employment|job|profession|employer|works as|worked as|working as|employed as|work)\s*(?::|is|-|–)?\s*(?:an?\s+)?([^.;,\n|]{2,50})`)
	jobWord  = regexp.MustCompile(`(?i)\b((?:retired|former|semi-retired)\s+(?:[a-z\-]+\s?){1,3}|retired|disabled|unemployed|homemaker|student|self-employed)\b`)
)

// Occupation reads an occupation behind its label or a word such as "retired
// teacher".
func Occupation(text string) (string, bool) {
	if m := jobLabel.FindStringSubmatch(text); m != nil {
		return strings.TrimSpace(m[1]), true
	}
	if m := jobWord.FindStringSubmatch(text); m != nil {
		return strings.TrimSpace(m[1]), true
	}
	return "", false
}
