package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/layout"
	"github.com/paperchart/paperchart/internal/terms"
)

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

// nameTitle is a name set like a title: "ORTIZ, ANNA M".
var nameTitle = regexp.MustCompile(`^[A-Z][A-Za-z'’.-]+(?: [A-Z][A-Za-z'’.-]+)?, [A-Z][A-Za-z'’.-]*(?: [A-Z][A-Za-z'’.-]*)?$`)

// clinician is a name with the letters of a clinical degree behind it.
var clinician = regexp.MustCompile(`\b(?:[A-Z][A-Za-z'’-]+\.? ){1,2}(?:(?:[A-Z]\.?|De|La|Van|St\.|Mac) ){0,2}[A-Z][A-Za-z'’-]+,? (?:M\.?D|D\.?O|N\.?P|PA-?C|F\.?N\.?P|APRN|DNP|CNM|D\.?P\.?M)\b\.?`)

// bareClinicians reads the one clinician whom a document names without saying what
// they are in it: "seen with Mei Kessler, MD".
func (r *reader) bareClinicians() {
	for _, c := range r.candidates {
		if c.field == "provider_name" {
			return
		}
	}
	found := map[string]passage{}
	var keys []string
	for _, p := range r.doc.Pages {
		for _, l := range p.Lines {
			q := ofLine(l)
			for _, m := range clinician.FindAllStringIndex(q.text, -1) {
				at := q.sub(m[0], m[1])
				k := nameKey(at.text)
				if _, ok := found[k]; !ok {
					found[k], keys = at, append(keys, k)
				}
			}
		}
	}
	if len(keys) == 1 {
		at := found[keys[0]]
		r.person(labelled{value: at, means: &meaning{concept: "provider_name", weight: 0.5}, closeness: 0.7, bond: 0.7, order: r.order(at)})
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
		if i > 0 && r.chunks[i-1].sec == secPatient && nameTitle.MatchString(c.title.text) && !orgWord(c.title.text) {
			see(r.chunks[i-1].title, c.title)
		}
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

// personField reads the patient's name whole.
func (r *reader) personField(l labelled) {
	if n, q, ok := personIn(l.value); ok && !r.isAnyLabel(q.text) {
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
	first, middle := n.First(), n.Middle()
	if m := gluedInitial.FindStringSubmatch(first); m != nil && middle == "" {
		first, middle = m[1], m[2]
	}
	part("patient_last_name", n.Family)
	part("patient_first_name", first)
	part("patient_middle_name", middle)
	part("patient_name_suffix", n.Suffix)
	c := from(q, q.text)
	c.sig.Grammar = n.Score
	r.offer(l, "patient_name", c)
}

// gluedInitial is a first name that OCR ran together with a middle initial.
var gluedInitial = regexp.MustCompile(`^(\p{Lu}\p{Ll}{2,})(\p{Lu})\.?$`)

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
	if l.means.concept == "patient_middle_name" && len(v) == 2 && v[0] >= 'A' && v[0] <= 'Z' && v[1] == v[0]|0x20 {
		c.value, c.sig.Repaired = v[:1], 1 // an initial as large as a box is read twice: "Vv"
	}
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

// person reads somebody else's name: a provider with credentials, a contact
// without the relationship that follows.
func (r *reader) person(l labelled) {
	field := string(l.means.concept)
	v := l.value
	if i := strings.IndexByte(v.text, '('); i > 3 {
		v = v.sub(0, i).trim(" ,")
	}
	n, q, ok := personIn(v)
	if !ok || n.Score < 0.4 || r.lex.columnTitle(q.text) {
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
		} else if len(wordsOf(q)) < 2 {
			return // half a name names nobody
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
