package extract

import (
	"regexp"
	"strings"
)

var phoneShape = regexp.MustCompile(`(?:\+?1[-. ]?)?\(?\d{3}\)?[-. /]{0,2}\d{3}[-. ]{0,2}\d{4}\b`)

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
	loc := phoneShape.FindStringIndex(l.value.text)
	if loc == nil {
		return
	}
	q := l.value.sub(loc[0], loc[1])
	c := number(from(q, q.text))
	r.offer(l, field, c)
}

var (
	cityStateZip = regexp.MustCompile(`^(.*?)[,.]?\s+([A-Z][A-Za-z]|[A-Z][a-z]+(?: [A-Z][a-z]+)?)[,.]?\s+(\d{5}(?:-\d{4})?)$`)
	zipShape     = regexp.MustCompile(`^\d{5}(?:-\d{4})?$`)
)

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
		if len(p.ink) <= 2 && digits(p.text) == 0 {
			c := from(p, p.text)
			c.sig.Vocabulary = boolTo(usState[strings.ToUpper(p.text)])
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

func (r *reader) addressWhole(l labelled, p passage) {
	whole := from(p, p.text)
	whole.sig.Numeric = 0
	if l.means.concept == cAddress {
		r.offer(l, "address", whole)
	}
	m := cityStateZip.FindStringSubmatchIndex(p.text)
	if m == nil {
		if l.means.concept == cAddress && len(p.text) > 3 {
			r.offer(l, "address_line", whole)
		}
		return
	}
	head := p.sub(m[2], m[3])
	state, zip := p.sub(m[4], m[5]), p.sub(m[6], m[7])
	sc := from(state, state.text)
	sc.sig.Vocabulary = boolTo(usState[strings.ToUpper(state.text)])
	r.offer(l, "state", sc)
	r.offer(l, "postal_code", number(from(zip, zip.text)))
	street, city := splitStreet(head)
	if l.means.concept == cCityState {
		street, city = passage{}, head
	}
	if !city.empty() {
		r.offer(l, "city", from(city, city.text))
	}
	if !street.empty() {
		c := from(street, street.text)
		c.sig.Numeric = 0
		r.offer(l, "address_line", c)
	}
}

var streetEnd = regexp.MustCompile(`(?i)\b(?:street|st|avenue|ave|road|rd|drive|dr|lane|ln|court|ct|way|blvd|boulevard|place|pl|circle|cir|terrace|ter|highway|hwy|parkway|pkwy|trail|loop|square|sq)\b\.?(?:,?\s*(?:#|apt\.?|suite|ste\.?|unit|fl\.?|floor|rm\.?|bldg\.?|no\.?)\s*[A-Za-z0-9-]+)?(?:\s*(?:[NSEW]|NE|NW|SE|SW)\b)?`)

// splitStreet parts a street from a city: at the last comma, at a line's end,
// or behind the word that ends a street.
func splitStreet(p passage) (street, city passage) {
	if i := strings.LastIndexByte(p.text, ','); i > 0 {
		return p.sub(0, i).trim(" ,"), p.sub(i+1, len(p.text))
	}
	for i := 1; i < len(p.ink); i++ {
		if !sameLine(p.ink[i-1], p.ink[i]) {
			return p.sub(0, p.at[i]), p.sub(p.at[i], len(p.text))
		}
	}
	if locs := streetEnd.FindAllStringIndex(p.text, -1); len(locs) > 0 {
		loc := locs[len(locs)-1]
		if loc[1] < len(p.text) {
			return p.sub(0, loc[1]), p.sub(loc[1], len(p.text))
		}
	}
	return p, passage{}
}

var usState = fieldSet("AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "DC", "PR")
