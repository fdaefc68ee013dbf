package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/blueprint"
	"github.com/paperchart/paperchart/internal/layout"
)

// A document's class says which blueprint it is read with. A title names it, or,
// where a card or a slip has none, what stands on it.

// lexicons are the words of each blueprint, made when a document needs them.
type lexicons struct {
	set  blueprint.Set
	made map[*blueprint.Blueprint]*lexicon
}

func newLexicons(set blueprint.Set) *lexicons {
	return &lexicons{set, map[*blueprint.Blueprint]*lexicon{}}
}

// of is the lexicon of a blueprint. All know the titles of all classes.
func (x *lexicons) of(b *blueprint.Blueprint) *lexicon {
	if x.made[b] == nil {
		x.made[b] = newLexicon(b)
		for _, c := range x.set.Classes {
			x.made[b].docs.put(c.Class, strings.ToLower(c.Class))
		}
	}
	return x.made[b]
}

// class names what a document is: by its title, else by what it holds.
func (r *reader) class(m Model) string {
	if c, ok := r.best(m)["document_type"]; ok && c.value != "" {
		return c.value
	}
	switch {
	case r.isCard():
		return "insurance card"
	case r.isSlip():
		return "prescription"
	}
	return ""
}

// loses tells whether reading with another blueprint would leave rows out that
// this reading found: a chart with an insurance card on its first page is a chart.
func (r *reader) loses(b *blueprint.Blueprint) bool {
	has := map[kind]bool{}
	for i := range b.Tables {
		has[kindOfTable(&b.Tables[i])] = true
	}
	for _, f := range r.facts {
		if f.kind != kindOwn && !f.weak && !has[f.kind] {
			return true
		}
	}
	return false
}

// The most words that stand on a card, both sides, and on a prescription.
const (
	mostOnCard = 260
	mostOnSlip = 220
)

var (
	cardSays = []*regexp.Regexp{
		regexp.MustCompile(`(?i)\b(?:member|subscriber)(?:\s+(?:id|name|no|number|services?)\b|\s*#)|\bidentification (?:no|number)\b`),
		regexp.MustCompile(`(?i)\b(?:group|grp)\b`),
		regexp.MustCompile(`(?i)\brx\s?-?(?:bin|pcn|grp|group|id)\b|\bpcn\b`),
		regexp.MustCompile(`(?i)\bco-?pays?\b|\bco-?insurance\b|\bdeductible\b|\bout.of.pocket\b`),
		regexp.MustCompile(`(?i)\b(?:hmo|ppo|epo|pos|hdhp|medicare|medicaid|health plan|plan)\b`),
		regexp.MustCompile(`(?i)\b(?:customer|member) (?:service|care)s?\b|\bpayer id\b|\bsubmit claims\b|\bclaims? (?:to|address)\b`),
	}
	slipSays = []*regexp.Regexp{
		regexp.MustCompile(`(?i)\brefills?\b|\brepeats?\b|\brfl?s?\b`),
		regexp.MustCompile(`(?i)\bdisp(?:ense)?\b|\bqty\b|\bquantity\b|#\s?\d+`),
		regexp.MustCompile(`(?i)\bsig\b|\btake\b|\bapply\b|\binhale\b|\bdirections\b`),
		regexp.MustCompile(`(?i)\bdea\b|\bdaw\b|\bdispense as written\b|\bsubstitution\b|\bgeneric\b|\bvoid (?:if|after)\b|\blabel\b|℞|\brx\b`),
	}
)

// isCard tells an insurance card: a member's number beside at least three of what
// else stands on one, and nothing clinical.
func (r *reader) isCard() bool {
	text, words := r.print()
	if words > mostOnCard || !cardSays[0].MatchString(text) || len(r.facts) > 0 {
		return false
	}
	return countIn(cardSays[1:], text) >= 3
}

// isSlip tells a prescription: one to four drugs, and all that a pharmacy needs.
func (r *reader) isSlip() bool {
	text, words := r.print()
	if words > mostOnSlip {
		return false
	}
	drugs := 0
	for _, f := range r.facts {
		switch f.kind {
		case kindMedication:
			drugs++
		case kindCondition, kindAllergy:
		default:
			return false
		}
	}
	return drugs >= 1 && drugs <= 4 && countIn(slipSays, text) == len(slipSays)
}

func countIn(all []*regexp.Regexp, text string) int {
	n := 0
	for _, re := range all {
		if re.MatchString(text) {
			n++
		}
	}
	return n
}

// print is all text of the document, and the number of its words.
func (r *reader) print() (text string, words int) {
	var b strings.Builder
	for _, p := range r.doc.Pages {
		for _, lines := range [][]layout.Line{p.Banner, p.Lines} {
			for _, l := range lines {
				b.WriteString(ofLine(l).text)
				b.WriteByte('\n')
				words += len(l.Words)
			}
		}
	}
	return b.String(), words
}
