package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
)

// phone reads a telephone number for whoever the block is about.
func (r *reader) phone(l labelled, about party) {
	field := "phone"
	switch l.means.concept {
	case "facility_phone", "emergency_contact_phone":
		field = string(l.means.concept)
	case cPhone:
		switch about {
		case contact:
			field = "emergency_contact_phone"
		case facility:
			field = "facility_phone"
		case provider, third, insurer:
			return
		case anyone:
			if l.banner || r.inLetterhead(l.label) {
				field = "facility_phone"
			}
		}
	default:
		if about == contact {
			field = "emergency_contact_phone"
		} else if about == third || about == insurer {
			return
		}
	}
	r.phoneIn(l, field)
}

func (r *reader) phoneIn(l labelled, field string) {
	for _, ph := range grammar.FindPhones(l.value.text) {
		if faxNumber(l.value.text[:ph.Start]) {
			continue
		}
		q := l.value.sub(ph.Start, ph.End)
		c := number(from(q, q.text))
		c.sig.Grammar, c.remark = ph.Score, ph.Remark
		r.offer(l, field, c)
		return
	}
}

// address reads the patient's address, whole or in parts.
func (r *reader) address(l labelled, about party) {
	if l.means.concept == "facility_address" || about == facility && l.means.concept == cAddress {
		c := from(l.value, l.value.text)
		c.sig.Numeric = 0
		r.offer(l, "facility_address", c)
		return
	}
	if about != patient && about != anyone || about == anyone && r.inLetterhead(l.label) {
		return
	}
	p := l.value
	switch l.means.concept {
	case cCity:
		if digits(p.text) == 0 {
			r.offer(l, "city", from(p.trim(" ,"), p.trim(" ,").text))
		}
	case cState:
		if st, ok := grammar.State(p.text); ok {
			c := from(p, p.text)
			if len(p.text) > 2 && len(p.ink) > 2 {
				c.value = st
			}
			c.sig.Vocabulary = 1
			r.offer(l, "state", c)
		}
	case cZip:
		if q, ok := idIn(p); ok && zipShape.MatchString(q.text) {
			r.offer(l, "postal_code", number(from(q, q.text)))
		}
	case cCityState, cAddress:
		r.addressWhole(l, p)
	}
}

var (
	zipShape = regexp.MustCompile(`^\d{5}(?:-\d{4})?$`)
	zipTail  = regexp.MustCompile(`[0-9OolISB]{5}(?:\s?[-–]\s?\d{4})?\W*$`)
)

// addressWhole reads an address that stands behind one label.
func (r *reader) addressWhole(l labelled, p passage) {
	whole := from(p, p.text)
	whole.sig.Numeric = 0
	if l.means.concept == cAddress {
		r.offer(l, "address", whole)
	}
	a, ok := grammar.ParseAddress(linesOf(p))
	if !ok {
		if l.means.concept == cAddress && len(p.text) > 3 && digits(p.text) > 0 {
			whole.sig.Grammar = 0.5
			r.offer(l, "address_line", whole)
		}
		return
	}
	put := func(field, value string, at passage, vocabulary float64) {
		if value == "" || at.empty() {
			return
		}
		c := from(at, value)
		c.sig.Grammar, c.remark, c.sig.Vocabulary = a.Score, a.Remark, vocabulary
		if field == "address_line" {
			c.sig.Numeric = 0
		}
		r.offer(l, field, c)
	}
	tail := p
	if a.City != "" {
		at := r.lastOf(p, a.City)
		put("city", a.City, at, 0.5)
		if i := p.offsetOf(at); i >= 0 && !at.empty() {
			tail = p.sub(i+len(at.text), len(p.text))
		}
	}
	put("state", a.State, stateInk(tail, a.State), 1)
	if m := zipTail.FindStringIndex(p.text); m != nil {
		put("postal_code", a.PostalCode, p.sub(m[0], m[1]).trim(" ,."), 0)
	}
	if len(a.Lines) > 0 && l.means.concept == cAddress {
		first, last := r.firstOf(p, a.Lines[0]), r.lastOf(p, a.Lines[len(a.Lines)-1])
		if i, j := p.offsetOf(first), p.offsetOf(last); i >= 0 && j >= i && !first.empty() {
			at := p.sub(i, j+len(last.text)).trim(" ,")
			put("address_line", at.text, at, 0.5)
		}
	}
}

// linesOf is a passage's text with its lines parted.
func linesOf(p passage) string {
	var b strings.Builder
	for i, w := range p.ink {
		if i > 0 {
			if sameLine(p.ink[i-1], w) && p.ink[i-1].Page == w.Page {
				b.WriteByte(' ')
			} else {
				b.WriteByte('\n')
			}
		}
		b.WriteString(w.Text)
	}
	return b.String()
}

func (r *reader) firstOf(p passage, s string) passage {
	q, _ := p.find(s, 0)
	return q
}

func (r *reader) lastOf(p passage, s string) passage {
	var last passage
	for i := 0; ; {
		q, ok := p.find(s, i)
		if !ok {
			return last
		}
		last = q
		at := p.offsetOf(q)
		if at < i {
			return last
		}
		i = at + 1
	}
}

// stateInk is the ink of a state before the ZIP code.
func stateInk(p passage, code string) passage {
	for _, w := range wordsOf(p) {
		q := p.sub(w.from, w.to).trim(" ,.")
		if st, ok := grammar.State(q.text); ok && st == code {
			return q
		}
	}
	return p.sub(0, len(zipTail.ReplaceAllString(p.text, ""))).trim(" ,.")
}
