package extract

import (
	"math"
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/layout"
)

// docTypes are the titles of documents.
var docTypes = []struct{ value, titles string }{
	{"visit summary", "visit summary, after visit summary, office visit summary, clinical visit summary, clinical summary, encounter summary, patient visit summary, summary of visit, outpatient visit summary, visit report, avs"},
	{"visit summary", "progress note, progress notes, office note, office visit note, clinic note, soap note, follow up note, office visit, clinic visit note, outpatient note, visit note, chart note, physician progress note"},
	{"discharge summary", "discharge summary, hospital discharge summary, discharge summary report, inpatient discharge summary, discharge report"},
	{"laboratory report", "laboratory report, lab report, test results, lab summary, laboratory summary, results report, laboratory results, lab results report, final laboratory report, clinical laboratory report, laboratory test report, pathology and laboratory report, laboratory results report, final report, cumulative laboratory report, patient lab report, laboratory report final, clinical pathology report, patient report, pathology & laboratory, cumulative laboratory summary, cumulative report, laboratory summary report"},
	{"medication list", "medication list, current medication list, medication record, medication profile, medication reconciliation, active medication list, home medication list, medication reconciliation form, patient medication list, medication history, medication summary, medications list, prescription history, customer prescription history, patient medication history, medication orders, physician order summary, medication administration record, pharmacy profile, fill history"},
	{"referral", "referral, referral form, referral request, specialist referral, consultation request, referral letter, patient referral, referral order, referral request form, specialty referral, referral for consultation, request for consultation, referral authorization request"},
	{"immunization record", "immunization record, immunization history, vaccination record, vaccine administration record, certificate of immunization, immunization certificate, official immunization record, shot record, immunization summary, vaccination history, immunizations record, state immunization record, record of immunization"},
	{"history and physical", "history and physical, h&p, history & physical, admission history and physical, history and physical examination, admission note"},
	{"consultation", "consultation, consultation note, consult note, consultation report, consultation letter, specialist consultation"},
	{"operative report", "operative report, operative note, procedure note, procedure report, operation report"},
	{"visit summary", "emergency department note, ed note, emergency department report, emergency room report, ed provider note, emergency department visit, ed visit summary, emergency department summary"},
	{"radiology report", "radiology report, imaging report, diagnostic imaging report, radiology consultation, x-ray report"},
	{"registration form", "patient registration, patient registration form, registration form, patient intake form, intake form, new patient form, new patient intake, new patient history, patient intake, patient information form, face sheet, facesheet, demographic sheet, new patient registration, new patient intake form, patient information sheet, admission record, admission face sheet"},
	{"prescription", "prescription, rx, prescription form, medication order"},
	{"continuity of care document", "continuity of care document, summary of care, health summary, patient summary, patient health summary, transition of care summary, chart summary, patient chart summary, medical record summary, summary of care record, patient chart, medical summary"},
	{"vital signs", "vital signs record, vital signs flowsheet, flowsheet"},
	{"insurance card", "insurance card, member id card"},
}

// docTitle returns the type of document that a title names, or "".
func (r *reader) docTitle(title string) string {
	for _, t := range titleForms(title) {
		if v, _, ok := r.lex.docs.near(t, func(a, b string) bool { return a == b }); ok {
			return v
		}
	}
	return ""
}

func docIndex() *index[string] {
	x := newIndex[string]()
	for _, d := range docTypes {
		for t := range strings.SplitSeq(d.titles, ",") {
			x.put(t, d.value)
		}
	}
	return x
}

// documentType reads the type from a title in the upper half of a page; the
// first page's speaks for the document.
func (r *reader) documentType() {
	for i, p := range r.doc.Pages {
		_, body := pageBounds(p)
		for _, l := range append(append([]layout.Line(nil), p.Banner...), p.Lines...) {
			if len(l.Words) > 8 || l.Box.Min.Y > body/2 {
				continue
			}
			q := ofLine(l)
			if _, _, exact := r.lex.docs.get(key(q.text)); !exact && (len(l.Words) == 1 || r.isAnyLabel(q.text) || r.lex.columnTitle(q.text)) {
				continue // "DESCRIPTION" is no misread "prescription"
			}
			t := r.docTitle(q.text)
			if t == "" {
				t, q = r.titleWithin(q)
			}
			if t == "" {
				continue
			}
			weight := 0.6
			if l.Heading || q.text == strings.ToUpper(q.text) {
				weight = 0.9
			}
			if i > 0 {
				weight *= 0.4
			}
			if 3*l.Box.Min.Y > body {
				weight *= 0.6 // the title of a part
			}
			c := from(q, t)
			c.sig.Vocabulary = 1
			r.offer(labelled{means: &meaning{weight: weight}, closeness: 0.9, bond: weight, order: r.order(q)}, "document_type", c)
		}
	}
}

// inferVisit gives the kind of encounter that a document's type implies.
func (r *reader) inferVisit() {
	for _, c := range r.candidates {
		if c.field != "document_type" || c.value != "discharge summary" || c.weight < 0.5 {
			continue
		}
		v := c
		v.field, v.value, v.weight = "encounter_type", "inpatient", 0.4
		v.sig.Label = 0.7
		r.candidates = append(r.candidates, v)
		return
	}
}

// titleWithin sees a title with an organisation before it or a remark behind.
func (r *reader) titleWithin(p passage) (string, passage) {
	ws := wordsOf(p)
	if strings.Contains(p.text, ":") {
		return "", passage{} // a label and its value
	}
	for n := len(ws) - 1; n >= 2; n-- {
		for _, q := range []passage{p.sub(0, ws[n-1].to), p.sub(ws[len(ws)-n].from, len(p.text))} {
			if v, _, ok := r.lex.docs.get(key(q.text)); ok {
				return v, q
			}
		}
	}
	return "", passage{}
}

func pageBounds(p *layout.Page) (w, h int) {
	if p.Page != nil {
		// The picture may be gone; the map onto the source has its size.
		m := p.ToSource
		x, y := math.Max(math.Abs(m.A), math.Abs(m.D)), math.Max(math.Abs(m.B), math.Abs(m.E))
		if x > 0 && y > 0 {
			return int(1 / x), int(1 / y)
		}
	}
	for _, l := range p.Lines {
		w, h = max(w, l.Box.Max.X), max(h, l.Box.Max.Y)
	}
	return w, h
}

var (
	orgWords  = regexp.MustCompile(`(?i)\b(?:clinic|hospital|medical|center|centre|health|healthcare|laborator(?:y|ies)|labs?|associates|physicians?|pediatrics|practice|group|institute|care|diagnostics?|cardiology|orthopa?edics?|medicine|family|wellness|university|memorial|surgery|oncology|dermatology|regional|community|system|services|pathology|radiology|imaging|urgent|partners|consultants?|endocrin\w*|\w{2,}ology|\w{4,}iatrics?|wellcare|specialists|infirmary|dispensary|pharmacy|therapy|rehab\w*|nursing|hospice|counsell?ing|behaviou?ral|dental|vision|eye)\b`)
	addrWords = regexp.MustCompile(`(?i)\d+\s+\S+|p\.?\s?o\.?\s+box|\b[A-Z]{2}\s+\d{5}`)
)

func orgWord(s string) bool { return orgWords.MatchString(s) }

// headTop is the share of a page's height that a letterhead may take.
const headTop = 0.2

// inLetterhead tells whether ink stands at the head of a page, before the
// patient's details begin.
func (r *reader) inLetterhead(p passage) bool {
	pg, box := p.bounds()
	for _, lp := range r.doc.Pages {
		if lp.Number != pg {
			continue
		}
		_, h := pageBounds(lp)
		if float64(box.Min.Y) > headTop*float64(h) {
			return false
		}
		return box.Max.Y <= r.detailsFrom(pg)
	}
	return false
}

// detailsFrom is the top of the first labelled patient detail on a page.
func (r *reader) detailsFrom(pg int) int {
	top := 1 << 30
	for _, l := range r.labelled {
		switch l.means.concept {
		case cPatientName, cName, cMRN, "~dob", cDOBSex, "patient_last_name", "patient_first_name":
			if lp, b := l.label.bounds(); lp == pg {
				top = min(top, b.Min.Y)
			}
		}
	}
	return top
}

// letterhead reads the facility's name, address and telephone from the head of
// the first page that has one.
func (r *reader) letterhead() {
	for _, p := range r.doc.Pages {
		if r.headOf(p) {
			return
		}
	}
}

func (r *reader) headOf(p *layout.Page) bool {
	_, h := pageBounds(p)
	limit := min(r.detailsFrom(p.Number), int(headTop*float64(h)))
	lines := append(append([]layout.Line(nil), p.Banner...), p.Lines...)
	means := &meaning{weight: 0.8}
	found := false
	var name passage
	for _, l := range lines {
		q := ofLine(l)
		if l.Box.Max.Y > limit || q.empty() || faxBanner(q.text) {
			continue
		}
		lab := labelled{means: means, closeness: 0.85, bond: 0.85, order: r.order(q)}
		if head, tail := sender(q); !found && !head.empty() && r.docTitle(head.text) == "" && !r.isAnyLabel(head.text) {
			c := from(head, head.text)
			c.sig.Vocabulary, c.sig.Grammar = 0.9, 0.9
			r.offer(lab, "facility_name", c)
			for _, t := range tail {
				r.headLine(t, head, lab)
			}
			found, name = true, head
			continue
		}
		if !found && orgWord(q.text) && digits(q.text) == 0 && len(l.Words) <= 9 && len(l.Words) >= 2 && len(key(q.text)) >= 10 && r.docTitle(q.text) == "" && !r.isAnyLabel(q.text) && !strings.Contains(q.text, ":") && !(titleNoun.MatchString(q.text) && r.withoutTitle(q).text == q.text) {
			q = r.withoutTitle(q)
			field := "facility_name"
			if payerName.MatchString(q.text) {
				field = "insurance_payer_name"
			}
			c := from(q, q.text)
			c.sig.Vocabulary, c.sig.Grammar = 0.9, 0.9
			r.offer(lab, field, c)
			found, name = true, q
			continue
		}
		if !found {
			continue
		}
		if addressee.MatchString(q.text) {
			break // whom it is sent to, and where they live
		}
		r.headLine(q, name, lab)
	}
	return found
}

// sender parts a letterhead of one line: the organisation, a dash or a bar, and
// where it is.
func sender(q passage) (head passage, tail []passage) {
	at := senderGap.FindAllStringIndex(q.text, -1)
	if len(at) == 0 {
		return passage{}, nil
	}
	head = q.sub(0, at[0][0]).trim(" ,")
	if !orgWord(head.text) || digits(head.text) > 0 || len(head.ink) < 2 || len(head.ink) > 7 || strings.Contains(head.text, ":") || digits(q.text) < 4 && orgWord(q.text[at[0][1]:]) {
		return passage{}, nil
	}
	for i, loc := range at {
		end := len(q.text)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		tail = append(tail, q.sub(loc[1], end))
	}
	return head, tail
}

// addressee begins the address of the one a letter is sent to.
var addressee = regexp.MustCompile(`^(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof)\.?\s+[A-Z]|(?i:to:|attn|dear )|[A-Z][\w.'-]+(?: [A-Z][\w.'-]+){1,3}, (?:MD|M\.D\.|DO|D\.O\.|NP|PA-C|FNP|APRN)\b)`)

var senderGap = regexp.MustCompile(`\s+[-–—|•·]+\s+`)

var payerName = regexp.MustCompile(`(?i)\b(?:health plan|insurance|ppo|hmo|epo|blue cross|blue shield|medicare|medicaid|assurance|member card)\b`)

// withoutTitle cuts the document's title off an organisation's line.
func (r *reader) withoutTitle(p passage) passage {
	for _, dash := range []string{" - ", " – ", " — ", " | ", ": "} {
		i := strings.Index(p.text, dash)
		if i <= 3 {
			continue
		}
		if r.docTitle(p.text[i+len(dash):]) != "" || titleNoun.MatchString(p.text[i:]) && orgWord(p.text[:i]) {
			return p.sub(0, i)
		}
	}
	return p
}

var titleWords = regexp.MustCompile(`(?i)\b(?:visit|years?|months?|weeks?|note|exam|summary|report|evaluation)\b`)

// titleNoun ends the title of a document.
var titleNoun = regexp.MustCompile(`(?i)\b(?:notes?|report|summary|record|evaluation|consultation|form|list|letter)$`)

var faxWord = regexp.MustCompile(`(?i)\bfax(?:ed)?\b.*\bpage\b|\bpage\b.*\bof\b|^\s*from:`)

func faxBanner(s string) bool { return faxWord.MatchString(s) }

// headLine reads a letterhead's line under the name: address and telephone,
// often both on one line.
func (r *reader) headLine(q, name passage, lab labelled) {
	for _, f := range grammar.FindPhones(q.text) {
		if faxNumber(q.text[:f.Start]) {
			continue
		}
		ph := q.sub(f.Start, f.End)
		c := number(from(ph, ph.text))
		c.sig.Grammar = f.Score
		r.offer(lab, "facility_phone", c)
		break
	}
	if fs := grammar.FindPhones(q.text); len(fs) > 0 {
		q = q.sub(0, fs[0].Start)
	}
	q = q.trim(" |•·-–—,;*")
	for _, w := range []string{"fax", "tel", "phone", "ph", "telephone", "t", "p", "main", "office"} {
		if low := strings.ToLower(strings.TrimRight(q.text, " :.")); strings.HasSuffix(low, " "+w) || low == w {
			q = q.sub(0, len(low)-len(w)).trim(" |•·-–—,;:.")
			break
		}
	}
	if addrWords.MatchString(q.text) && !titleWords.MatchString(q.text) && len(q.ink) >= 3 && !strings.Contains(q.text, ":") && !r.hasDate(q) {
		c := from(q, q.text)
		c.sig.Numeric, c.sig.Grammar = 0, 0.9
		r.offerAddress(lab, c, q)
	}
}

func (r *reader) hasDate(q passage) bool { _, _, ok := r.dateIn(q, false); return ok }

// offerAddress adds a line to the address that the lines before it began.
func (r *reader) offerAddress(lab labelled, c cell, q passage) {
	for i := range r.candidates {
		k := &r.candidates[i]
		if k.field != "facility_address" || k.weight != lab.means.weight || len(k.ink) == 0 {
			continue
		}
		if k.ink[0].Page != q.ink[0].Page || strings.Contains(k.value, q.text) || zipEnd.MatchString(k.value) {
			return
		}
		k.value += ", " + q.text
		k.text = k.value
		k.ink = append(k.ink, q.ink...)
		return
	}
	r.offer(lab, "facility_address", c)
}

var zipEnd = regexp.MustCompile(`\d{5}(?:-\d{4})?$`)

func faxNumber(before string) bool {
	b := strings.ToLower(strings.TrimRight(before, " :.#"))
	return strings.HasSuffix(b, "fax") || strings.HasSuffix(b, " f") || strings.HasSuffix(b, "facsimile")
}
