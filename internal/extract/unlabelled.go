package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/layout"
)

// Notes and letters say who and when without labels: "Mrs. Ann Roe (DOB 3 May
// 1952) is …", "Prenatal visit 3/12/2024", "Dear Ms. Roe". What is read here
// weighs less than what is labelled.

// namedInText reads the patient's name where a sentence sets a birth date or a
// record number beside it.
func (r *reader) namedInText() {
	for i := range r.chunks {
		for _, s := range sentences(r.linesOf(&r.chunks[i])) {
			for _, h := range r.scan(s) {
				if h.means.concept != "~dob" && h.means.concept != cMRN && h.means.concept != cDOBSex {
					continue
				}
				if loc := nameBefore.FindStringSubmatchIndex(s.text[:h.start]); loc != nil {
					r.offerName(s.sub(loc[2], loc[3]), 0.7)
				}
				break
			}
		}
	}
}

// nameBefore is a person's name at the end of a text.
var nameBefore = regexp.MustCompile(`(?:^|\s)((?:(?:Mr|Mrs|Ms|Miss|Mx|Master)\.?\s+)?(?:[A-Z][\p{L}'’-]+\s+)(?:[A-Z]\.?\s+)?(?:[A-Z][\p{L}'’-]+)(?:,?\s+(?:Jr|Sr|II|III)\.?)?)(?:,?\s+(?:male|female|[MF]))?(?:,?\s+(?:aged? )?\d{1,3}(?:[ -]?(?:y\.?o\.?|years?[ -]old|yrs?))?)?\s*[,(–-]*\s*(?:a patient |is |was |whose |with )?\W*$`)

func (r *reader) offerName(q passage, weight float64) {
	n, at, ok := personIn(q)
	if !ok || n.Family == "" || len(n.Given) == 0 || n.Score < 0.7 || len(n.Credentials) > 0 || n.Prefix == "Dr" || orgWord(at.text) || r.isAnyLabel(at.text) {
		return
	}
	r.addPerson(labelled{label: at, means: &meaning{weight: weight}, closeness: weight, bond: 0.75, order: r.order(at)}, n, at)
}

// linesOf is all text of a chunk.
func (r *reader) linesOf(c *chunk) passage {
	var ps []passage
	for _, p := range c.parts {
		for _, l := range p.lines {
			ps = append(ps, l.passage)
		}
	}
	return join(ps...)
}

// addressed reads the name of one who is written to as the patient: "Dear Ms.
// Roe", where the same name with its given names stands above it and nobody else
// is named.
func (r *reader) addressed() {
	for _, c := range r.candidates {
		if c.field == "patient_last_name" {
			return
		}
	}
	for _, p := range r.doc.Pages {
		for i, l := range p.Lines {
			m := dear.FindStringSubmatch(ofLine(l).text)
			if m == nil {
				continue
			}
			for _, above := range p.Lines[:i] {
				q := ofLine(above)
				if strings.HasSuffix(key(q.text), key(m[1])) && len(q.ink) <= 5 && digits(q.text) == 0 {
					r.offerName(q, 0.6)
				}
			}
			return
		}
	}
}

var dear = regexp.MustCompile(`^Dear (?:Mr|Mrs|Ms|Miss|Mx)\.? ([\p{L}'’-]+(?: [\p{L}'’-]+)?)\s*[,:]?$`)

// bornBare reads a date that follows the patient's name in a letter's "Re:" line,
// or on the line of the name, as the birth date where none is labelled.
func (r *reader) bornBare() {
	for _, c := range r.candidates {
		if c.field == "date_of_birth" {
			return
		}
	}
	for _, l := range r.labelled {
		if l.means.concept != cPatientName || !regards.MatchString(l.label.text) {
			continue
		}
		for _, d := range r.dates(true).Find(l.value.text) {
			if len(d.Value) != 10 {
				continue
			}
			c, _ := r.dateCell(l.value.sub(d.Start, d.End), true)
			r.offer(labelled{label: l.label, means: &meaning{weight: 0.6}, closeness: 0.7, bond: 0.75, order: l.order}, "date_of_birth", c)
			return
		}
	}
}

var regards = regexp.MustCompile(`(?i)^\W*(?:re|regarding|patient|name)\b`)

// visitDay reads the day of a note that bears one without saying of what: behind
// its title, alone under it, or behind "Date:".
func (r *reader) visitDay() {
	if !r.isNote() {
		return
	}
	var days []labelled
	for _, l := range r.labelled {
		if l.means.concept == "~date" && !r.anyUsed(l.value) && !r.inTitles(l.label) {
			days = append(days, l)
		}
	}
	if len(days) == 1 { // of several, as flow sheets have, none is the visit's
		r.offerVisit(days[0].value, days[0].label, 0.45)
	}
	for _, p := range r.doc.Pages[:min(1, len(r.doc.Pages))] {
		_, h := pageBounds(p)
		for _, l := range append(append([]layout.Line(nil), p.Banner...), p.Lines...) {
			q := ofLine(l)
			ds := r.dates(true).Find(q.text)
			if l.Box.Min.Y > h/3 || len(ds) != 1 || len(ds[0].Value) != 10 || r.labelsOrValues(q) || running(q) {
				continue
			}
			at := q.sub(ds[0].Start, ds[0].End)
			rest := strings.Trim(q.text[:ds[0].Start]+q.text[ds[0].End:], " -–|,.()")
			switch {
			case visitTitle.MatchString(rest) && len(strings.Fields(rest)) <= 7:
				r.offerVisit(at, q, 0.55)
			case timeOfDay.MatchString(rest) || rest == "":
				if r.inList(q) || r.neighbour(l) {
					continue // the day of an entry
				}
				r.offerVisit(at, q, 0.4)
			}
		}
	}
}

var (
	visitTitle = regexp.MustCompile(`(?i)\b(?:visit|encounter|note|review|assessment|clinic|evaluation|appointment|consultation|follow[- ]?up|check[- ]?up|exam)\b`)
	timeOfDay  = regexp.MustCompile(`(?i)^(?:at\s+)?\d{1,2}:?\d{2}(?:\s*(?:h|hrs|hours|am|pm|a\.m\.|p\.m\.))?$`)
)

func (r *reader) offerVisit(at, label passage, weight float64) {
	c, ok := r.dateCell(at, true)
	if !ok || len(c.value) != 10 {
		return
	}
	r.offer(labelled{label: label, means: &meaning{weight: weight}, closeness: 0.75, bond: 0.75, order: r.order(at)}, "encounter_date", c)
}

// isNote tells a clinician's note of one visit from letters, reports, lists and
// stays: it has a note's sections, and nobody is greeted in it.
func (r *reader) isNote() bool {
	seen := map[section]bool{}
	for i := range r.chunks {
		seen[r.chunks[i].sec] = true
	}
	for _, c := range r.candidates {
		if c.field == "admission_date" || c.field == "discharge_date" || c.field == "document_type" && letterly[c.value] {
			return false
		}
	}
	for _, p := range r.doc.Pages {
		for _, l := range p.Lines {
			if strings.HasPrefix(ofLine(l).text, "Dear ") {
				return false
			}
		}
	}
	for _, c := range r.candidates {
		if c.field == "blood_pressure_systolic" || c.field == "heart_rate" {
			return true
		}
	}
	return seen[secHPI] || seen[secExam] || seen[secAssessment] || seen[secVitals]
}

var letterly = fieldSet("laboratory report", "referral", "radiology report", "medication list", "registration form", "immunization record", "discharge summary", "insurance card", "prescription")

// operatedOn gives the procedure of an operative report the report's day.
func (r *reader) operatedOn() {
	for _, l := range r.labelled {
		if l.means.concept != "encounter_date" || !operationDay.MatchString(l.label.text) {
			continue
		}
		c, ok := r.dateCell(l.value, true)
		if !ok || len(c.value) != 10 {
			continue
		}
		for i := range r.facts {
			f := &r.facts[i]
			if f.kind == kindProcedure && f.cells["procedure_date"].value == "" && operationTitle.MatchString(f.under.text) {
				c.sig.Label = 0.8
				f.cells["procedure_date"] = c
				f.identity += "|" + c.value
			}
		}
		return
	}
}

var (
	operationDay   = regexp.MustCompile(`(?i)\b(?:surgery|operation|procedure)\b`)
	operationTitle = regexp.MustCompile(`(?i)^\W*(?:procedures?|operations?|surgery)(?:\(s\))?(?:\s+performed)?\W*$`)
)

// todayIs gives what was done "today" the day of the visit.
func (r *reader) todayIs(at passage) (cell, bool) {
	best, weight := cell{}, 0.0
	for _, c := range r.candidates {
		if c.field == "encounter_date" && len(c.value) == 10 && c.weight > weight {
			best, weight = c.cell, c.weight
		}
	}
	if weight == 0 {
		return cell{}, false
	}
	c := from(at, best.value)
	c.sig.Vocabulary, c.sig.Numeric = 0.8, 0
	return c, true
}

// today is how notes say that something was done at the visit.
var today = regexp.MustCompile(`(?i)\b(?:today|this (?:visit|morning|afternoon)|at (?:this|today's) visit|in (?:the )?(?:office|clinic)(?: today)?)\b`)
