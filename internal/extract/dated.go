package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/layout"
)

var signedDate = regexp.MustCompile(`(?i)\b(signed|printed|reported|generated|dictated|processed|finali[sz]ed|authenticated|prepared|updated|reviewed|transcribed)\b`)

// signedOn reads the document's date from a line that says when it was signed
// or printed, without a label's form.
func (r *reader) signedOn() {
	see := func(p passage) {
		m := signedDate.FindStringIndex(p.text)
		if m == nil || len(p.ink) > 20 {
			return
		}
		after := p.sub(m[1], len(p.text))
		for _, d := range r.dates(true).Find(after.text) {
			if len(d.Value) != 10 {
				continue
			}
			c, _ := r.dateCell(after.sub(d.Start, d.End), true)
			r.offer(labelled{label: p, means: &meaning{weight: 0.55}, closeness: 0.8, bond: 0.75, order: r.order(p)}, "document_date", c)
			return
		}
	}
	for _, p := range r.doc.Pages {
		for _, l := range append(append([]layout.Line(nil), p.Lines...), p.Banner...) {
			see(ofLine(l))
		}
	}
}

var farewell = regexp.MustCompile(`(?i)^\W*(?:sincerely|respectfully|(?:with )?(?:best|kind|kindest|warm|warmest)? ?(?:personal )?regards|yours|thank you|cordially|(?:with )?best wishes|thanks)\b`)

// letterEnds reads what frames a letter: the date that stands alone at its
// head, and the clinician's name under its farewell.
func (r *reader) letterEnds() {
	for _, p := range r.doc.Pages {
		_, h := pageBounds(p)
		for i, l := range p.Lines {
			q := ofLine(l)
			if d, ok := r.dates(true).Parse(q.text); ok && len(d.Value) == 10 && l.Box.Max.Y < h/3 && len(q.ink) <= 4 && !r.labelsOrValues(q) && !r.neighbour(l) && r.leftLine(l).empty() && !r.inList(q) {
				c, _ := r.dateCell(q, true)
				r.offer(labelled{label: q, means: &meaning{weight: 0.5}, closeness: 0.7, bond: 0.7, order: r.order(q)}, "document_date", c)
			}
			if i >= len(p.Lines)-5 && p.Number == r.doc.Pages[len(r.doc.Pages)-1].Number {
				r.signedLine(q)
			}
			if !farewell.MatchString(q.text) {
				continue
			}
			for _, n := range p.Lines[i+1 : min(len(p.Lines), i+4)] {
				name := ofLine(n)
				if nm, _, ok := personIn(name); ok && nm.Score > 0.7 && (len(nm.Credentials) > 0 || nm.Prefix == "Dr") {
					r.person(labelled{label: q, value: name, means: &meaning{concept: "provider_name", weight: 0.7}, closeness: 0.8, bond: 0.8, order: r.order(name)})
					break
				}
			}
		}
	}
}

// inList tells whether print stands in a list of entries.
func (r *reader) inList(p passage) bool {
	s, _ := r.section(p)
	return s.list()
}

// traineeTail is the year or the post of a doctor behind the name.
var traineeTail = regexp.MustCompile(`(?i),?\s*(?:PGY[- ]?\d|resident|intern|fellow|attending|consultant|registrar|GP partner|partner)\b.*$`)

// signedLine reads a clinician's name with its degree that stands alone at the
// end of a document.
func (r *reader) signedLine(q passage) {
	if loc := traineeTail.FindStringIndex(q.text); loc != nil && loc[0] > 4 {
		q = q.sub(0, loc[0])
	}
	if digits(q.text) > 0 || len(q.ink) > 6 || strings.Contains(q.text, ":") {
		return
	}
	nm, used, ok := personIn(q)
	if !ok || nm.Score <= 0.7 || len(nm.Credentials) == 0 && nm.Prefix != "Dr" || nm.Family == "" || len(nm.Given) == 0 || len(used.text) < len(q.text)-3 {
		return
	}
	r.person(labelled{label: q, value: q, means: &meaning{concept: "provider_name", weight: 0.6}, closeness: 0.75, bond: 0.75, order: r.order(q)})
}

// labelsOrValues tells whether ink belongs to something labelled.
func (r *reader) labelsOrValues(p passage) bool {
	for _, l := range r.labelled {
		for _, w := range l.value.ink {
			if w.spot() == p.ink[0].spot() {
				return true
			}
		}
	}
	return false
}

// dated reads the dates of encounter and document.
func (r *reader) dated(l labelled) {
	field := string(l.means.concept)
	switch field {
	case "~admit_discharge":
		ds := r.dates(true).Find(l.value.text)
		for i, f := range []string{"admission_date", "discharge_date"} {
			if i < len(ds) && ds[i].Value != "" {
				if c, ok := r.dateCell(l.value.sub(ds[i].Start, ds[i].End), true); ok {
					r.offer(l, f, c)
				}
			}
		}
		return
	case "~date":
		field = r.dateFor(l)
		if field == "" {
			return
		}
		m := *l.means
		m.weight = 0.65
		l.means = &m
	case "~collected":
		field = "collection_date"
	}
	if c, ok := r.dateCell(l.value, true); ok {
		r.offer(l, field, c)
	}
}

// dateFor says what a bare "Date" is the date of.
func (r *reader) dateFor(l labelled) string {
	switch l.sec {
	case secVitals:
		return "vitals_date"
	case secEncounter:
		return "encounter_date"
	case secNone, secPatient, secOther, secProvider, secFacility, secFollowUp, secPlan, secReason, secLabs:
		return "document_date"
	}
	return ""
}

var encounterWords = []struct{ value, words string }{
	{"telehealth", "telehealth, telemedicine, video, virtual, telephone"},
	{"emergency", "emergency, ed, er, urgent care"},
	{"inpatient", "inpatient, hospital, ip, admission, acute care, observation"},
	{"laboratory", "laboratory, lab, lab only"},
	{"office visit", "office, office visit, outpatient, clinic, ambulatory, follow-up, follow up, annual, physical, wellness, new patient, established, consultation, op, preventive, routine, well child, well visit, sick visit"},
}

func (r *reader) encounterType(l labelled) {
	if len(l.value.ink) > 6 || digits(l.value.text) > 3 {
		return
	}
	c := from(l.value, l.value.text)
	low := " " + strings.Join(labelWords(l.value.text), " ") + " "
	for _, e := range encounterWords {
		for w := range strings.SplitSeq(e.words, ", ") {
			if strings.Contains(low, " "+strings.Join(labelWords(w), " ")+" ") {
				c.value, c.sig.Vocabulary = e.value, 1
				r.offer(l, "encounter_type", c)
				return
			}
		}
	}
	c.sig.Grammar = 0.6
	r.offer(l, "encounter_type", c)
}
