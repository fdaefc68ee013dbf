package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/terms"
)

// scalars reads each labelled value as what its label says it is.
func (r *reader) scalars() {
	for _, l := range r.labelled {
		if l.means.section == secNone && !r.heads(l.label) && !(r.inTitles(l.label) && (r.anyUsed(l.value) || r.inTitles(l.value))) {
			r.scalar(l)
		}
	}
	for _, n := range r.bareNames() {
		l := labelled{label: n.label, means: &meaning{weight: 0.8}, closeness: 0.9, bond: 0.8, order: r.order(n.ink)}
		r.addPerson(l, n.name, n.ink)
	}
	r.unlabelledNames()
	r.namedInText()
	r.addressed()
	r.nameOver()
	r.livesAt()
	r.bornBare()
	r.signedOn()
	r.letterEnds()
	r.bareNPIs()
	r.bareClinicians()
	r.sexInText()
	r.ownSections()
}

// sexInText reads the sex from "51 y/o female", from "this gentleman" and, with
// less confidence, from the pronouns of the text.
func (r *reader) sexInText() {
	pronouns := map[string][]passage{}
	for i := range r.chunks {
		c := &r.chunks[i]
		if c.sec == secFamily || c.sec == secContact || c.sec == secThird || c.sec == secROS {
			continue
		}
		for _, s := range sentences(r.linesOf(c)) {
			if c.sec == secProvider && !running(s) {
				continue
			}
			if at, v := sexSaid(s); v != "" {
				r.offerSex(c.title, at, v, 0.7)
				return
			}
			for _, w := range wordsOf(s) {
				if v := pronounSex[strings.ToLower(strings.Trim(s.text[w.from:w.to], ".,;:"))]; v != "" && !relativeWord.MatchString(s.text) {
					pronouns[v] = append(pronouns[v], s.sub(w.from, w.to).trim(".,;:"))
				}
			}
		}
	}
	for v, other := range map[string]string{"male": "female", "female": "male"} {
		if n := len(pronouns[v]); n >= 2 && len(pronouns[other]) == 0 {
			r.offerSex(passage{}, pronouns[v][0], v, 0.1)
		}
	}
}

func (r *reader) offerSex(title, at passage, v string, closeness float64) {
	sc := from(at, v)
	sc.sig.Vocabulary = 1
	if closeness < 0.5 {
		sc.sig.Vocabulary, sc.sig.Grammar, sc.sig.Plausible = 0.5, 0.3, 0.3
	}
	r.offer(labelled{label: title, means: &meaning{weight: 0.6}, closeness: closeness, bond: closeness + 0.1, order: r.order(at)}, "sex", sc)
}

var (
	pronounSex = map[string]string{"he": "male", "his": "male", "him": "male", "she": "female", "her": "female"}
	thisPerson = regexp.MustCompile(`(?i)\b(?:this|the|a|our|your)\s+(?:[a-z-]+\s+){0,3}?(gentleman|lady|man|woman|boy|girl)\b`)
)

// sexSaid is the word that says the sex of the one a sentence is about.
func sexSaid(s passage) (passage, string) {
	for _, a := range grammar.FindAges(s.text) {
		if a.Sex == "" || relativeWord.MatchString(s.text[:a.Start]) {
			continue
		}
		at := s.sub(a.Start, a.End)
		for _, w := range wordsOf(at) {
			if v := sexWords[strings.ToLower(strings.Trim(at.text[w.from:w.to], ".,"))]; v == a.Sex {
				return at.sub(w.from, w.to).trim(".,"), v
			}
		}
		return at, a.Sex
	}
	if m := thisPerson.FindStringSubmatchIndex(s.text); m != nil && !relativeWord.MatchString(s.text) {
		at := s.sub(m[2], m[3])
		return at, sexWords[strings.ToLower(at.text)]
	}
	return passage{}, ""
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
		if q, ok := idIn(l.value); ok && about == insurer && l.means.weight <= 0.6 {
			l.means = &meaning{concept: "insurance_member_id", weight: 0.9}
			r.offer(l, "insurance_member_id", number(from(q, q.text)))
		} else if ok && about != contact && about != third && (l.means.weight > 0.6 || about == patient) {
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

var sexWords = map[string]string{"m": "male", "male": "male", "man": "male", "f": "female", "female": "female", "woman": "female", "gentleman": "male", "lady": "female", "boy": "male", "girl": "female",
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

// plain reads free text.
func (r *reader) plain(l labelled) {
	p := l.value
	field := string(l.means.concept)
	if len(key(p.text)) < 2 || l.who == third && field != "chief_complaint" {
		return
	}
	if ss := sentences(p); field == "discharge_disposition" && len(ss) > 0 {
		p = ss[0].trim(" .,;")
	}
	if field == "chief_complaint" {
		p = withoutLead(p)
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
		if digits(p.text) > 5 || len(p.ink) > 9 || coverageRank[key(p.text)] || r.isAnyLabel(p.text) && !payerWord.MatchString(p.text) {
			return
		}
		if payerWord.MatchString(p.text) {
			c.sig.Vocabulary = 0.8
		}
	}
	r.offer(l, field, c)
}

// coverageRank are words that tell one coverage from another and name no payer.
var coverageRank = fieldSet("primary", "secondary", "tertiary", "other", "none", "self", "selfpay", "name", "yes", "no", "policy", "group")

var payerWord = regexp.MustCompile(`(?i)\b(?:blue|cross|shield|aetna|cigna|united|humana|medicare|medicaid|kaiser|health|plan|mutual|insurance|ppo|hmo|epo|assurance|tricare|anthem|molina|centene|care|alliance|advantage)`)

// ownField reads a field that only the user's blueprint knows.
func (r *reader) ownField(l labelled) {
	f := l.means.field
	c, ok := r.typed(l.value.trim(" *•·~^|_"), f.Name, f.Type, f.Instruction)
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
