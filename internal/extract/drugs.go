package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/grammar/sig"
	"github.com/paperchart/paperchart/internal/terms"
)

// medWords are what a status column or a reconciliation says.
var medWords = map[string]string{
	"active": sig.Active, "continue": sig.Active, "continued": sig.Active, "taking": sig.Active, "current": sig.Active,
	"new": sig.Active, "changed": sig.Active, "start": sig.Active, "started": sig.Active, "resume": sig.Active, "yes": sig.Active,
	"stop": sig.Stopped, "stopped": sig.Stopped, "discontinued": sig.Stopped, "discontinue": sig.Stopped, "dc": sig.Stopped,
	"dcd": sig.Stopped, "inactive": sig.Stopped, "nottaking": sig.Stopped, "nolongertaking": sig.Stopped, "no": sig.Stopped,
	"completed": sig.Completed, "complete": sig.Completed, "finished": sig.Completed, "expired": sig.Completed,
	"hold": sig.OnHold, "held": sig.OnHold, "onhold": sig.OnHold, "suspended": sig.OnHold,
	"planned": sig.Intended, "intended": sig.Intended, "proposed": sig.Intended, "pending": sig.Intended,
	"increase": sig.Active, "decrease": sig.Active, "increased": sig.Active, "decreased": sig.Active, "unchanged": sig.Active,
	"modified": sig.Active, "past": sig.Stopped, "prior": sig.Stopped, "previous": sig.Stopped, "refilled": sig.Active, "ongoing": sig.Active,
}

func medStatus(p passage) cell {
	v, ok := medWords[key(p.text)]
	if !ok {
		for _, w := range labelWords(p.text) {
			if v, ok = medWords[w]; ok && len(w) > 2 {
				break
			}
		}
	}
	if v == "" {
		return cell{}
	}
	c := from(p, v)
	c.sig.Vocabulary = 1
	return c
}

// severalDrugs splits a line that lists several medications with their doses:
// each piece behind a comma or semicolon begins with a drug.
func (r *reader) severalDrugs(p passage) []passage {
	var out []passage
	for i, q := range commaPieces(p) {
		if loc := pointsUp.FindStringIndex(q.text); loc != nil && loc[0] > 2 {
			q = q.sub(0, loc[0])
		}
		if d := r.sigParts(q); r.isDrug(d.name) || i == 0 && len(q.ink) <= 6 {
			out = append(out, q)
			continue
		}
		if len(out) == 0 {
			return nil
		}
		last := out[len(out)-1]
		from, to := p.offsetOf(last), p.offsetOf(q)
		if from < 0 || to < from {
			return nil
		}
		out[len(out)-1] = p.sub(from, to+len(q.text))
	}
	if len(out) > 0 && !r.isDrug(r.sigParts(out[0]).name) && len(out) < 3 {
		return nil
	}
	return out
}

// pointsUp refers to what was said before.
var pointsUp = regexp.MustCompile(`(?i)\s+(?:as above|as noted(?: above)?|see above|per above|as before)\W*$`)

func (r *reader) isDrug(name passage) bool {
	if name.empty() {
		return false
	}
	m, ok := r.matchDrug(drugName(name).text)
	return ok && m.Score > 0.85
}

// endedLead begins a line on a medication that is no longer taken.
var endedLead = regexp.MustCompile(`(?i)^(?:the following (?:medications? |meds |drugs )?(?:were|was|have been|are) )?(?:d/c'?e?d?|d\.c\.|dc'?d|discontinued?|stop(?:ped)?|stop taking|no longer taking)\s*[:\-–]*\s+`)

var noMedication = fieldSet("none", "na", "nomedication", "nil", "nocurrentmedication", "noneknown", "deniesmedication", "nonereported", "nochange", "unknown", "nomedicationchange", "notakingmedication", "seelist", "seeattached", "reviewed", "nochangeinmedication", "notonanymedication", "medicationreviewed", "medicationreconciled", "nonetaken", "noactivemedication", "patienttakesnomedication")

// drugLead are verbs and remarks before a drug's name.
var drugLead = regexp.MustCompile(`(?i)^(?:(?:continue|cont\.?|start(?:ed)?|begin|increase[d]?|decrease[d]?|resume|restart|stop(?:ped)?|discontinue[d]?|d/c|hold|held|change[d]?|new|refill(?:ed)?|add(?:ed)?|switch(?:ed)? to|take[sn]?|taking|on|rx|prescribe[d]?|trial of|given|received|wean|taper|was|is|and|also|with|for|the|her|his|home|currently|current|medications?|meds?|he|she|patient)[:\s]+)+`)

func drugName(p passage) passage {
	p = p.trim(" ,;:.*•-–—|_[]+~^")
	p = p.sub(len(drugLead.FindString(p.text)), len(p.text))
	if loc := siteTail.FindStringIndex(p.text); loc != nil && loc[0] > 3 {
		p = p.sub(0, loc[0])
	}
	return closeBrackets(p)
}

// siteTail is where a drug goes, behind its name.
var siteTail = regexp.MustCompile(`(?i)\s+(?:eye|ear|nasal|ophthalmic|otic|topical)$`)

// closeBrackets mends a bracket that trimming or parsing left open or alone.
func closeBrackets(p passage) passage {
	switch n := strings.Count(p.text, "(") - strings.Count(p.text, ")"); {
	case n > 0:
		i := strings.LastIndexByte(p.text, '(')
		if len(p.ink) > 0 && strings.HasSuffix(p.ink[len(p.ink)-1].Text, ")") && i > 0 {
			p.text += ")"
			return p
		}
		return p.sub(0, max(i, 0)).trim(" ,;:-–(")
	case n < 0:
		return p.trim(" ()")
	}
	if strings.HasPrefix(p.text, "(") && strings.HasSuffix(p.text, ")") {
		return p.trim("() ")
	}
	return p
}

// matchDrug looks a drug up by all of its name, or by what stands before or in
// the brackets of "amoxicillin (AMOXIL)".
func (r *reader) matchDrug(name string) (terms.Match, bool) {
	if m, ok := r.terms.Match(terms.Drug, name); ok {
		return m, true
	}
	if head, inner, ok := strings.Cut(name, "("); ok {
		if m, ok := r.terms.Match(terms.Drug, strings.TrimSpace(head)); ok {
			return m, true
		}
		return r.terms.Match(terms.Drug, strings.Trim(inner, ") "))
	}
	return terms.Match{}, false
}

// shortEntry tells whether a line without figures can be a bare drug's name.
func shortEntry(p passage) bool {
	n := len(wordsOf(p))
	return n >= 1 && n <= 3 && digits(p.text) == 0 && !strings.ContainsAny(p.text, ":()")
}

func boolTo(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func (r *reader) knownRoute(s string) bool {
	if s == "" {
		return false
	}
	if sig.Parse(s).RouteName != "" {
		return true
	}
	_, ok := r.terms.Match(terms.Route, s)
	return ok
}

// unitSupport is 1 for a figure with a unit of dose.
func unitSupport(s string) float64 {
	for _, t := range grammar.Tokens(s) {
		if t.Kind == grammar.Word && doseUnits[t.Low] {
			return 1
		}
	}
	return 0
}

var doseUnits = fieldSet("mg", "mcg", "g", "gm", "ml", "units", "unit", "iu", "meq", "tab", "tabs", "tablet", "tablets", "cap", "caps", "capsule", "capsules", "puff", "puffs", "drop", "drops", "spray", "sprays", "patch", "patches", "tsp", "application", "kg", "hr", "mmol", "ug")
