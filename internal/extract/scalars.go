package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/layout"
	"github.com/paperchart/paperchart/internal/terms"
)

// scalars reads each labelled value as what its label says it is.
func (r *reader) scalars() {
	for _, l := range r.labelled {
		if l.means.section == secNone && !r.heads(l.label) && !(r.inTitles(l.label) && r.anyUsed(l.value)) {
			r.scalar(l)
		}
	}
	for _, n := range r.bareNames() {
		l := labelled{label: n.label, means: &meaning{weight: 0.8}, closeness: 0.9, bond: 0.8, order: r.order(n.ink)}
		r.addPerson(l, n.name, n.ink)
	}
	r.unlabelledNames()
	r.signedOn()
	r.letterEnds()
	r.bareNPIs()
	r.sexInText()
	r.ownSections()
}

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

// bareNPIs reads a number with an NPI's check digit that stands, without its
// label, on or right under the line of a clinician's name.
func (r *reader) bareNPIs() {
	for _, p := range r.doc.Pages {
		for _, l := range append(append([]layout.Line(nil), p.Lines...), p.Banner...) {
			q := ofLine(l)
			for _, f := range grammar.FindNPIs(q.text) {
				at := q.sub(f.Start, f.End)
				if r.labelsOrValues(at) || !r.besideProvider(at) {
					continue
				}
				c := number(from(at, f.Value))
				c.sig.Plausible = 1
				r.offer(labelled{label: at, means: &meaning{weight: 0.5}, closeness: 0.4, bond: 0.6, order: r.order(at)}, "provider_npi", c)
			}
		}
	}
}

// besideProvider tells whether ink stands on, or right under, the line of a
// clinician's name.
func (r *reader) besideProvider(p passage) bool {
	pg, b := p.bounds()
	for _, c := range r.candidates {
		if c.field != "provider_name" || len(c.ink) == 0 || c.ink[0].Page != pg {
			continue
		}
		cb := c.ink[0].Box
		if gap := b.Min.Y - cb.Max.Y; gap < 2*cb.Dy() && gap > -2*cb.Dy() {
			return true
		}
	}
	return false
}

var farewell = regexp.MustCompile(`(?i)^\W*(?:sincerely|respectfully|regards|best regards|kind regards|yours|thank you|warm regards|cordially|with best wishes)\b`)

// letterEnds reads what frames a letter: the date that stands alone at its
// head, and the clinician's name under its farewell.
func (r *reader) letterEnds() {
	for _, p := range r.doc.Pages {
		_, h := pageBounds(p)
		for i, l := range p.Lines {
			q := ofLine(l)
			if d, ok := r.dates(true).Parse(q.text); ok && len(d.Value) == 10 && l.Box.Max.Y < h/3 && len(q.ink) <= 4 && !r.labelsOrValues(q) && !r.neighbour(l) && r.leftLine(l).empty() {
				c, _ := r.dateCell(q, true)
				r.offer(labelled{label: q, means: &meaning{weight: 0.5}, closeness: 0.7, bond: 0.7, order: r.order(q)}, "document_date", c)
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

// sexInText reads the sex from "51 y/o female" at the start of a narrative.
func (r *reader) sexInText() {
	for i := range r.chunks {
		c := &r.chunks[i]
		if c.sec != secHPI && c.sec != secReason && c.sec != secCourse && c.sec != secAssessment {
			continue
		}
		p := r.textOf(c)
		for _, a := range grammar.FindAges(p.text) {
			if a.Sex == "" || a.Start > 60 {
				continue
			}
			at := p.sub(a.Start, a.End)
			for _, w := range wordsOf(at) {
				if v := sexWords[strings.ToLower(strings.Trim(at.text[w.from:w.to], ".,"))]; v == a.Sex {
					at = at.sub(w.from, w.to).trim(".,")
					break
				}
			}
			sc := from(at, a.Sex)
			sc.sig.Vocabulary = 1
			r.offer(labelled{label: c.title, means: &meaning{weight: 0.6}, closeness: 0.7, bond: 0.8, order: r.order(at)}, "sex", sc)
			return
		}
	}
}

// unlabelledNames reads the patient's name where it is the first thing under
// the title of the patient's details, or under it in a table.
func (r *reader) unlabelledNames() {
	see := func(title, p passage) {
		if p.empty() || r.isAnyLabel(p.text) || strings.Contains(p.text, ":") {
			return
		}
		if n, q, ok := personIn(p); ok && n.Family != "" && len(n.Given) > 0 && n.Score >= 0.7 {
			r.addPerson(labelled{label: title, means: &meaning{weight: 0.75}, closeness: 0.8, bond: 0.75, order: r.order(p)}, n, q)
		}
	}
	for i := range r.chunks {
		c := &r.chunks[i]
		if len(c.parts) > 0 && len(c.parts[0].lines) > 0 && !c.inline {
			switch first := c.parts[0].lines[0].passage; c.sec {
			case secPatient:
				see(c.title, first)
			case secProvider:
				r.seeProvider(c.title, first)
			}
		}
		for _, p := range c.parts {
			if p.table == nil {
				continue
			}
			for j, h := range p.table.Header {
				switch s, _, _ := r.lex.titles.get(key(h.Text())); s {
				case secPatient:
					see(ofCell(h), ofCell(at(p.table.Rows, 0, j)))
				case secProvider:
					r.seeProvider(ofCell(h), ofCell(at(p.table.Rows, 0, j)))
				}
			}
		}
	}
}

// seeProvider reads a clinician's name under the title of their details.
func (r *reader) seeProvider(title, p passage) {
	if p.empty() || r.isAnyLabel(p.text) || strings.Contains(p.text, ":") {
		return
	}
	l := labelled{label: title, value: p, means: &meaning{concept: "provider_name", weight: 0.65}, closeness: 0.8, bond: 0.75, order: r.order(p)}
	r.person(l)
}

// offer makes a candidate of a cell, with the label's signals.
func (r *reader) offer(l labelled, field string, c cell) {
	if c.value == "" {
		return
	}
	c.sig.Label, c.sig.Layout = l.closeness, l.bond
	r.candidates = append(r.candidates, candidate{cell: c, field: field, weight: l.means.weight, order: l.order})
}

// scalar reads one labelled value.
func (r *reader) scalar(l labelled) {
	if l.means.field != nil {
		r.ownField(l)
		return
	}
	if l.sec == secFamily && l.means.concept != cPatientName {
		return
	}
	about := l.who
	switch l.means.concept {
	case cNone:
	case cPatientName:
		r.personField(l)
	case cName:
		r.nameOf(l, about)
	case "patient_last_name", "patient_first_name", "patient_middle_name", "patient_name_suffix":
		if about != contact && about != third {
			r.namePart(l)
		}
	case "~dob", cDOBSex:
		r.birth(l)
	case "~sex", cAgeSex:
		r.sexOf(l)
	case cMRN:
		if q, ok := idIn(l.value); ok && (l.means.weight > 0.6 || about == patient) {
			r.offer(l, "patient_mrn", number(from(q, q.text)))
		}
	case cPhone, "phone", "facility_phone", "emergency_contact_phone":
		r.phone(l, about)
	case cAddress, "~address2", cCity, cState, cZip, cCityState, "facility_address":
		r.address(l, about)
	case "email":
		r.email(l)
	case "marital_status", "language", "race", "ethnicity", "~race_ethnicity":
		r.listed(l)
	case "emergency_contact_name", "provider_name":
		r.person(l)
	case "~npi":
		r.npi(l)
	case "insurance_member_id", "insurance_group_number", "encounter_id":
		if q, ok := idIn(l.value); ok {
			r.offer(l, string(l.means.concept), number(from(q, q.text)))
		}
	case "insurance_payer_name", "facility_name", "provider_specialty", "discharge_disposition":
		r.plain(l)
	case "document_date", "encounter_date", "admission_date", "discharge_date", "vitals_date", "~date", "~admit_discharge", "~collected":
		r.dated(l)
	case "encounter_type":
		r.encounterType(l)
	case "document_type":
		if t := r.docTitle(l.value.text); t != "" {
			c := from(l.value, t)
			c.sig.Vocabulary = 1
			r.offer(l, "document_type", c)
		}
	case "smoking_status", "alcohol_use", "drug_use":
		r.habit(l)
	case "chief_complaint":
		r.plain(l)
	}
}

func number(c cell) cell { c.sig.Numeric = 1; return c }

// personField reads the patient's name whole.
func (r *reader) personField(l labelled) {
	if n, q, ok := personIn(l.value); ok {
		r.addPerson(l, n, q)
	}
}

// addPerson offers the parts of the patient's name, each on its own ink.
func (r *reader) addPerson(l labelled, n grammar.Name, q passage) {
	if n.Family == "" || len(n.Given) == 0 && l.means.weight < 1 || n.Score < 0.4 {
		return
	}
	part := func(field, value string) {
		if value == "" {
			return
		}
		at := r.namedInk(q, value)
		c := from(at, value)
		c.sig.Grammar, c.remark = n.Score, n.Remark
		if len(value) > 1 {
			c.sig.Vocabulary = 0.5
		}
		r.offer(l, field, c)
	}
	part("patient_last_name", n.Family)
	part("patient_first_name", n.First())
	part("patient_middle_name", n.Middle())
	part("patient_name_suffix", n.Suffix)
	c := from(q, q.text)
	c.sig.Grammar = n.Score
	r.offer(l, "patient_name", c)
}

// namedInk finds the words of a name's part.
func (r *reader) namedInk(q passage, value string) passage {
	if at, ok := q.find(value, 0); ok {
		return at
	}
	var words []ink
	for _, w := range q.ink {
		for _, v := range strings.Fields(value) {
			if key(w.Text) == key(v) {
				words = append(words, w)
			}
		}
	}
	if len(words) == 0 {
		return q
	}
	return write(words)
}

// nameOf reads a "Name" as the name of whoever the block is about.
func (r *reader) nameOf(l labelled, about party) {
	switch about {
	case patient, anyone:
		if about == anyone {
			m := *l.means
			m.weight = 0.85
			l.means = &m
		}
		r.personField(l)
	case provider:
		l.means = &meaning{concept: "provider_name", weight: 0.9}
		r.person(l)
	case contact:
		l.means = &meaning{concept: "emergency_contact_name", weight: 1}
		r.person(l)
	case facility:
		l.means = &meaning{concept: "facility_name", weight: 1}
		r.plain(l)
	case insurer:
		l.means = &meaning{concept: "insurance_payer_name", weight: 0.8}
		if n, _, ok := personIn(l.value); !ok || n.Score < 0.8 {
			r.plain(l)
		}
	}
}

func (r *reader) namePart(l labelled) {
	q := l.value
	if digits(q.text) > 0 || len(q.ink) > 4 {
		return
	}
	v := q.text
	if n, ok := grammar.ParseName(v); ok {
		s := strings.Join(append(append([]string{}, n.Given...), n.Family), " ")
		if s = strings.TrimSpace(s); key(s) == key(v) {
			v = s
		}
		if l.means.concept == "patient_last_name" && n.Suffix != "" && n.Family != "" {
			c := from(r.namedInk(q, n.Suffix), n.Suffix)
			r.offer(l, "patient_name_suffix", c)
			v = n.Family
			q = r.namedInk(q, v)
		}
	}
	c := from(q, v)
	c.sig.Vocabulary = 0.5
	r.offer(l, string(l.means.concept), c)
	if l.means.concept == "patient_first_name" {
		if f := strings.Fields(v); len(f) == 2 {
			// "Samantha J." under First Name holds the middle initial as well.
			r.candidates = r.candidates[:len(r.candidates)-1]
			r.offer(l, "patient_first_name", from(r.namedInk(q, f[0]), f[0]))
			r.offer(l, "patient_middle_name", from(r.namedInk(q, f[1]), strings.Trim(f[1], ".")))
		}
	}
}

// birth reads a birth date, and the sex that may follow it.
func (r *reader) birth(l labelled) {
	if l.who == contact || l.who == third {
		return
	}
	if c, ok := r.dateCell(l.value, true); ok && len(c.value) == 10 {
		if c.sig.Plausible > 0.5 {
			c.sig.Plausible = 1
		}
		r.offer(l, "date_of_birth", c)
	}
	r.sexOf(l)
}

var sexWords = map[string]string{"m": "male", "male": "male", "man": "male", "f": "female", "female": "female", "woman": "female",
	"other": "other", "nonbinary": "other", "x": "other", "unknown": "unknown", "u": "unknown", "undisclosed": "unknown"}

// sexOf reads an administrative sex: all of a value, or a word of a compound
// one such as "65 / F".
func (r *reader) sexOf(l labelled) {
	if l.who == contact || l.who == third || r.amongOptions(l) {
		return
	}
	for _, w := range wordsSlashed(l.value) {
		v, ok := sexWords[strings.ToLower(w.text)]
		if !ok || l.means.concept != "~sex" && len(w.text) == 1 && v != "male" && v != "female" {
			continue
		}
		c := from(w, v)
		c.sig.Vocabulary = 1
		r.offer(l, "sex", c)
		return
	}
}

// options are the answers that forms print to be ticked or circled.
var options = fieldSet("male", "female", "other", "m", "f", "single", "married", "divorced", "widowed", "separated", "partner", "yes", "no", "current", "former", "never", "unknown", "mild", "moderate", "severe", "everyday", "somedays", "none", "some", "hispanic", "nonhispanic")

// amongOptions tells whether a value is one of several printed answers, of which
// no box says which holds.
func (r *reader) amongOptions(l labelled) bool {
	if l.choice {
		return false
	}
	n := 0
	for _, w := range wordsSlashed(l.value) {
		if options[key(w.text)] {
			n++
		}
	}
	whole := options[key(l.value.text)]
	if n >= 2 && !whole && l.means.concept != cAgeSex && l.means.concept != cDOBSex {
		return true
	}
	return whole && options[key(r.rightOf(l.value).text)]
}

// wordsSlashed cuts at spaces, slashes, commas and brackets.
func wordsSlashed(p passage) []passage {
	return p.split(func(s string, i int) bool { return strings.IndexByte(" /,()|-;:", s[i]) >= 0 })
}

func (r *reader) email(l labelled) {
	fs := grammar.FindEmails(l.value.text)
	if len(fs) == 0 || l.who == provider || l.who == facility || l.who == third {
		return
	}
	c := from(l.value.sub(fs[0].Start, fs[0].End), fs[0].Value)
	c.sig.Grammar, c.remark = fs[0].Score, fs[0].Remark
	r.offer(l, "email", c)
}

// closed lists of values that demographics take.
var maritalWords = map[string]string{"single": "single", "married": "married", "divorced": "divorced", "widowed": "widowed", "widow": "widowed",
	"widower": "widowed", "separated": "separated", "partner": "partner", "domesticpartner": "partner", "lifepartner": "partner", "partnered": "partner",
	"s": "single", "m": "married", "d": "divorced", "w": "widowed", "nevermarried": "single", "legallyseparated": "separated", "significantother": "partner", "unmarried": "single", "domesticpartnership": "partner", "unknown": "unknown"}

var closedWords = fieldSet("english", "spanish", "french", "german", "chinese", "mandarin", "cantonese", "vietnamese", "korean", "tagalog", "russian", "arabic", "portuguese", "italian", "polish", "haitiancreole", "hindi", "japanese", "somali", "hmong", "asl", "americansignlanguage", "urdu", "farsi", "persian", "bengali", "punjabi", "gujarati", "nepali", "swahili", "ukrainian",
	"white", "caucasian", "black", "blackorafricanamerican", "africanamerican", "asian", "americanindianoralaskanative", "nativeamerican", "nativehawaiianorotherpacificislander", "otherrace", "other", "unknown", "declined", "hispanic", "hispanicorlatino", "nothispanicorlatino", "nonhispanic", "nonhispanicorlatino", "latino", "nothispanic", "declinetoanswer", "multiracial", "pacificislander", "twoormoreraces", "blackafricanamerican", "whitecaucasian", "hispaniclatino", "nonhispaniclatino", "refused", "americanindian", "chosenottodisclose", "patientdeclined", "nonhispaniclatinx")

// listed reads values that come from a closed list, and keeps others as text.
func (r *reader) listed(l labelled) {
	if l.who == contact || l.who == third || r.amongOptions(l) {
		return
	}
	p := l.value
	if l.means.concept == "~race_ethnicity" {
		parts := p.split(func(s string, i int) bool { return s[i] == '/' || s[i] == ';' || s[i] == '|' })
		for i, f := range []string{"race", "ethnicity"} {
			if i < len(parts) {
				r.offer(l, f, r.closed(parts[i]))
			}
		}
		return
	}
	if len(p.ink) > 8 {
		return
	}
	c := r.closed(p)
	if l.means.concept == "marital_status" {
		v, ok := maritalWords[key(p.text)]
		if !ok {
			return
		}
		c.value = v
		c.sig.Vocabulary = 1
	}
	r.offer(l, string(l.means.concept), c)
}

func (r *reader) closed(p passage) cell {
	c := from(p, p.text)
	c.sig.Grammar = plainText(p.text)
	if closedWords[key(p.text)] {
		c.sig.Vocabulary, c.sig.Grammar = 1, 1
	}
	return c
}

// person reads somebody else's name: a provider with credentials, a contact
// without the relationship that follows.
func (r *reader) person(l labelled) {
	field := string(l.means.concept)
	v := l.value
	if i := strings.IndexByte(v.text, '('); i > 3 {
		v = v.sub(0, i).trim(" ,")
	}
	n, q, ok := personIn(v)
	if !ok || n.Score < 0.4 {
		return
	}
	c := from(q, q.text)
	c.sig.Grammar, c.remark = n.Score, n.Remark
	if field == "provider_name" {
		if l.who == third {
			return
		}
		if len(n.Credentials) > 0 || n.Prefix == "Dr" {
			c.sig.Vocabulary = 0.8
		}
	}
	r.offer(l, field, c)
	if field == "emergency_contact_name" {
		r.phoneIn(l, "emergency_contact_phone")
	}
	if field == "provider_name" && len(q.text) < len(l.value.text) {
		r.specialtyAfter(l, q)
	}
}

// specialtyAfter reads "Elena Vasquez, MD - Family Medicine".
func (r *reader) specialtyAfter(l labelled, name passage) {
	rest := l.value.sub(len(name.text), len(l.value.text)).trim(" ,;-–—()|/")
	if rest.empty() {
		return
	}
	if m, ok := r.terms.Match(terms.Specialty, rest.text); ok && m.Score > 0.9 {
		c := from(rest, rest.text)
		c.sig.Vocabulary = m.Score
		l.closeness *= 0.9
		r.offer(l, "provider_specialty", c)
	}
}

// plain reads free text.
func (r *reader) plain(l labelled) {
	p := l.value
	field := string(l.means.concept)
	if len(key(p.text)) < 2 || l.who == third && field != "chief_complaint" {
		return
	}
	c := from(p, p.text)
	c.sig.Grammar = plainText(p.text)
	c.sig.Numeric = 0
	switch field {
	case "provider_specialty":
		m, ok := r.terms.Match(terms.Specialty, p.text)
		if ok {
			c = supported(c, m)
		} else if len(p.ink) > 5 || digits(p.text) > 0 {
			return
		}
	case "facility_name":
		if orgWord(p.text) {
			c.sig.Vocabulary = 1
		}
		if digits(p.text) > 4 || len(p.ink) > 10 {
			return
		}
	case "insurance_payer_name":
		if digits(p.text) > 5 || len(p.ink) > 9 {
			return
		}
		if payerWord.MatchString(p.text) {
			c.sig.Vocabulary = 0.8
		}
	}
	r.offer(l, field, c)
}

var payerWord = regexp.MustCompile(`(?i)\b(?:blue|cross|shield|aetna|cigna|united|humana|medicare|medicaid|kaiser|health|plan|mutual|insurance|ppo|hmo|epo|assurance|tricare|anthem|molina|centene|care|alliance|advantage)`)

// npi reads a provider identifier; its check digit tells a misread one.
func (r *reader) npi(l labelled) {
	if l.who == facility || l.who == third {
		return
	}
	q, ok := idIn(l.value)
	if !ok {
		return
	}
	f, ok := grammar.ParseNPI(q.text)
	if !ok {
		return
	}
	c := number(from(q, f.Value))
	c.sig.Grammar, c.remark = f.Score, f.Remark
	c.sig.Plausible = 1
	if f.Remark == grammar.RemarkCheckDigit {
		c.sig.Plausible = 0
	}
	r.offer(l, "provider_npi", c)
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

// ownField reads a field that only the user's blueprint knows.
func (r *reader) ownField(l labelled) {
	f := l.means.field
	c, ok := r.typed(l.value, f.Name, f.Type, f.Instruction)
	if !ok {
		return
	}
	if l.choice {
		c.sig.Vocabulary = 1
	}
	r.offer(l, string(l.means.concept), c)
}

// ownSections reads a user's string field from the text under a heading that
// is its label.
func (r *reader) ownSections() {
	for i := range r.chunks {
		c := &r.chunks[i]
		if c.title.empty() {
			continue
		}
		m, cl, ok := r.lex.label(c.title.text, true)
		if !ok || m.field == nil || m.field.Type != "string" {
			continue
		}
		if p := r.textOf(c); !p.empty() {
			l := labelled{label: c.title, value: p, means: m, closeness: cl, bond: 0.8, order: r.order(c.title)}
			r.ownField(l)
		}
	}
}
