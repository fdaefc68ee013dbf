package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/grammar/sig"
	"github.com/paperchart/paperchart/internal/terms"
)

// What became of a medication, by the words before and behind its name.
var (
	takesCue    = regexp.MustCompile(`(?i)\b(?:takes?|taking|medications?|medicines?|medicated|treatment|therapy|drugs|prescribed|uses?|using|(?:is|are|remains?|stays?|currently|maintained|stable|well|been|also|discharged|started|commenced|placed|continued?|home|he's|she's) (?:now |currently |also )?on|regimen|managed with|controlled (?:with|on)|continues?(?: with)?|discharged (?:on|with)|comprises?|consists? of|carries|responds to|relief with|managed on)\b`)
	begun       = regexp.MustCompile(`(?i)\b(?:continue[sd]?|start(?:ed|ing)?|restart(?:ed)?|commenced?|initiated?|begin|began|begun|resumed?|increased?|decreased?|reduced?|raised?|add(?:ed)?|prescribed?|changed?|switched?|takes?|taking|on|refill(?:ed)?|given|gave|replaced by|instead|receive[sd]?)\s+(?:\w+\s+){0,3}$`)
	endedBefore = regexp.MustCompile(`(?i)\b(?:stop(?:ped|ping|s)?|discontinu\w+|d/c'?e?d?|ceased?|withdr[ae]w\w*|no longer (?:\w+ )?(?:on|takes?|taking|uses|using|requires|requiring|needs|needing)|came off|come off|taken off|weaned off|instead of|in place of|rather than|(?:switched|changed|converted|transitioned|moved|rotated)\s+(?:\w+ ){0,2}?from|replac(?:ed|ing))(?:\s+(?:medications?|drugs?))?\s*:?\s+(?:taking |using )?(?:the |his |her |their |my |all |home |patient's )*$`)
	endedAfter  = regexp.MustCompile(`(?i)^\W*(?:therapy |treatment |tablets? )?(?:(?:was|were|is|has|have|had|being|been|to be|now|since|subsequently|recently|also|then|therefore|tried(?: and| but)?)\s+)*(?:discontinued|stopped|withdrawn|d/c'?e?d|ceased|replaced\s+(?:by|with)|switched\s+to|changed\s+to|substituted)\b|^\W*which (?:s?he|they|was|were|the patient)\s+(?:has |had |have )?(?:since |recently |now |then )?(?:self-?)?(?:stopped|discontinued|quit|ceased|came off)\b`)
	swapBefore  = regexp.MustCompile(`(?i)\b(?:switch(?:ed|ing)?|chang(?:ed|ing)|convert(?:ed|ing)|transition(?:ed|ing)|mov(?:ed|ing)|rotat(?:ed|ing)|substitut(?:ed|ing)|replac(?:ed|ing))\s+(?:\w+\s+){0,3}$`)
	swapBetween = regexp.MustCompile(`(?i)^[^;]{0,40}?\b(?:to|for|with|by|in favou?r of)\s+$`)
	// untilThen ends a medication for a while: "stop aspirin 7 days before surgery".
	untilThen = regexp.MustCompile(`(?i)^[^.;]{0,30}\b(?:days?|hours?|hrs?|weeks?|morning|day|night)\s+(?:before|prior|pre-?op|of (?:the )?(?:surgery|procedure|operation))`)
	// What was given on the spot is no medication that the patient takes.
	givenBefore = regexp.MustCompile(`(?i)\b(?:given|gave|administered|bolus(?:ed)?|loaded with|pre-?medicated|pretreated|injected with)\b[^.;]*$`)
	givenAfter  = regexp.MustCompile(`(?i)^[^.;,]{0,40}\b(?:(?:was|were) )?(?:given|administered)\b`)
	sentHome    = regexp.MustCompile(`(?i)\b(?:prescription|script|rx|to take|home)\b`)
	byVein      = regexp.MustCompile(`(?i)^(?:iv|intravenous(?:ly)?|ivp|ivpb|iv push)$`)
	onlyJoins   = regexp.MustCompile(`(?i)^[\s,]*(?:and|or|&|as well as|both)?[\s,]*$`)
	notTaken    = regexp.MustCompile(`(?i)\b(?:consider\w*|discuss\w*|suggest\w*|recommend\w*|could|might|may\s+[a-z]+|would|propos\w+|offer\w*|declin\w+|refus\w+|avoid\w*|contraindicat\w+|never|if|plan(?:s|ned|ning)? to|previous(?:ly)?|formerly|in the past|hold(?:ing)?|held|hold off)\b[^.;]*$`)
	notTakenYet = regexp.MustCompile(`(?i)^[^.;,]{0,30}\b(?:could|may|might|would|should|can|will)\s+(?:\w+ )?be\s+(?:added|considered|tried|started|used|introduced|given)\b|^\s*(?:was|were) (?:considered|discussed|declined|offered|avoided)\b`)
	fromTo      = regexp.MustCompile(`(?i)^[^.;]{0,50}?\bfrom\s+[\d.,/-]+\s*[a-zµ%/-]*(?:\s+[a-z]+){0,4}?\s+to\s+([\d.,/-]+)`)
	bridge      = regexp.MustCompile(`(?i)^[\s,:(–-]*(?:(?:was|were|is|are|has|have|been|being|now|currently|recently|today|also|therapy|treatment|dose|dosage|a|an|the|her|his|at|of|in|started|increased|reduced|decreased|raised|lowered|changed|titrated|adjusted|up|down|to|given|taken|prescribed|commenced|continued|restarted|resumed|again|currently taking)\s+)*`)
	clauseCut   = regexp.MustCompile(`(?i)[;:]|\s+(?:because|which|who|that|but|although|since|due to|after|before he|before she|until|while|and (?:s?he|was|were|is|has|have|had|will|his|her|the|an?|i|we|to)|was (?:started|stopped|added|prescribed|commenced)|for (?:his|her|the|a|an|pain|[a-z]+ation|[a-z]+ia|[a-z]+sis|[a-z]+tis))\b`)
)

// tellMedications reads the medications of a sentence: known drugs with a dose or
// a direction, those that are said to be taken, and those that were ended. What
// stands from one drug's name to the next is about the first.
func (r *reader) tellMedications(s passage, labs []grammar.Span, ctx around) {
	ms := r.mentions(terms.Drug, s, 4)
	if len(ms) == 0 || ctx.sec != secMeds && allergyWord.MatchString(s.text) {
		return
	}
	last, ended := 0, passage{}
	for i, m := range ms {
		end := len(s.text)
		if i+1 < len(ms) {
			end = ms[i+1].from
		}
		before := s.text[last:m.from]
		t := told{before: before, after: s.text[m.to:end], swapped: i > 0 && swapBetween.MatchString(before)}
		if i > 0 && onlyJoins.MatchString(before) {
			t.inherits = ended
		}
		last = m.to
		if within(labs, m.from, m.to) {
			continue
		}
		ended = r.tellMedication(s, m, end, t, ctx)
	}
}

// within tells whether a mention lies in what was read as something else.
func within(taken []grammar.Span, from, to int) bool {
	for _, t := range taken {
		if from < t.End && t.Start < to {
			return true
		}
	}
	return false
}

// told are the words around a drug's name, up to its neighbours.
type told struct {
	before, after string
	// inherits are the words that ended the drug before, where a list goes on.
	inherits passage
	// swapped is true for what takes the place of the drug before.
	swapped bool
}

var bareYearDose = regexp.MustCompile(`^(?:19|20)\d\d$`)

// givenOnSpot tells whether the words behind a drug say that it was given there.
func givenOnSpot(after string) bool {
	return givenAfter.MatchString(after) && !strings.Contains(givenAfter.FindString(after), " and ")
}

func (r *reader) tellMedication(s passage, m mention, end int, t told, ctx around) (ended passage) {
	a := says(s, m.passage)
	d := r.dosed(s, m, end)
	if bareYearDose.MatchString(d.dose.text) {
		d.dose = passage{}
	}
	full := digits(d.dose.text) > 0 && unitSupport(d.dose.text) > 0 && (!d.frequency.empty() || !d.route.empty())
	ended = t.ending(s, m, end)
	lead := s.text[:m.from]
	switch {
	case !a.Patients():
		return passage{}
	case !ended.empty():
	case ctx.sec != secMeds && (givenBefore.MatchString(lead) && !sentHome.MatchString(s.text) || givenOnSpot(t.after) || byVein.MatchString(d.route.text) && d.frequency.empty()):
		return passage{}
	case a.Negated, notTaken.MatchString(t.before), notTakenYet.MatchString(t.after):
		return passage{}
	case a.Planned && !begun.MatchString(lead) && !full:
		return passage{}
	case full:
	case digits(d.dose.text) > 0 && (takesCue.MatchString(lead) || begun.MatchString(lead) || ctx.sec == secMeds):
	case !a.Planned && !a.Historical && (takesCue.MatchString(lead) || ctx.sec == secMeds) && r.plainlyTaken(s, m, ctx):
	default:
		return passage{}
	}
	c := ctx
	c.label, c.bond = 0.6, 0.75
	if !ended.empty() {
		d.status = from(ended, sig.Stopped)
		d.status.sig.Vocabulary, d.status.sig.Label = 0.8, 0.7
	}
	d.sig.Status = ""
	n := len(r.facts)
	r.addProse(d, row{ctx: c, whole: s})
	if len(r.facts) > n {
		r.facts[n].told, r.facts[n].changed = true, doseChanged(t.before, t.after)
	}
	return ended
}

// ending are the words by which a medication was ended or replaced, if it was.
func (t told) ending(s passage, m mention, end int) passage {
	if untilThen.MatchString(t.after) {
		return passage{}
	}
	if cue := endedBefore.FindStringIndex(t.before); cue != nil {
		from := m.from - len(t.before)
		return s.sub(from+cue[0], from+cue[1]).trim(" :")
	}
	if tail := endedAfter.FindString(t.after); tail != "" {
		return s.sub(m.to, m.to+len(tail))
	}
	if cue := swapBefore.FindStringIndex(t.before); cue != nil && end < len(s.text) && swapBetween.MatchString(t.after) {
		from := m.from - len(t.before)
		return s.sub(from+cue[0], from+cue[1])
	}
	if t.swapped {
		return passage{}
	}
	return t.inherits
}

// plainlyTaken tells whether a bare name in a sentence on what is taken is a drug
// and no everyday substance or analyte.
func (r *reader) plainlyTaken(s passage, m mention, ctx around) bool {
	_, lab := r.terms.Match(terms.Lab, m.text)
	return ctx.sec != secCourse && !lab && len(m.text) > 4 && !notTaken.MatchString(s.text[:m.from]) && m.Score > 0.97
}

// dosed reads dose, route and frequency of a drug from what follows its name in
// its clause. Of "from 5 to 10 mg" the second counts.
func (r *reader) dosed(s passage, m mention, end int) drugLine {
	rest := s.sub(m.to, end)
	if q := s.text[m.from:m.to]; strings.HasSuffix(q, ".") || strings.HasSuffix(q, ";") {
		rest = passage{}
	}
	if loc := fromTo.FindStringSubmatchIndex(rest.text); loc != nil {
		rest = rest.sub(loc[2], len(rest.text))
	}
	rest = rest.sub(len(bridge.FindString(rest.text)), len(rest.text))
	if loc := clauseCut.FindStringIndex(rest.text); loc != nil {
		rest = rest.sub(0, loc[0])
	}
	d := r.sigParts(join(m.passage, rest))
	d.name = m.passage
	return d
}

// addProse adds a medication of running text, which needs no list around it.
func (r *reader) addProse(d drugLine, rw row) {
	rw.ctx.table = true
	rw.cells = map[string]passage{"medication_name": d.name, "": d.dose}
	r.addMedication(d, rw, true)
}
