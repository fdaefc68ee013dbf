package extract

import (
	"image"
	"regexp"

	"github.com/paperchart/paperchart/internal/grammar"
)

// Charts print the patient's address beneath the name or beside the birth date
// without a title. An address is the patient's only where it stands close under
// what identifies the patient, and nothing between them names somebody else.

// zipAfterState ends an address of the United States.
var zipAfterState = regexp.MustCompile(`\b[A-Z]{2}(?:[ ,.]+|\s?[-–]\s?)\d{5}(?:\s?[-–]\s?\d{4})?\b`)

// streetStart begins a street or a box.
var streetStart = regexp.MustCompile(`(?i)(?:^|\s)(\d{1,6}[A-Z]?\s|p\.?\s?o\.?\s*box\s)`)

// livesAt reads such an address where none is titled.
func (r *reader) livesAt() {
	for _, c := range r.candidates {
		switch c.field {
		case "address_line", "postal_code", "city":
			return
		}
	}
	for _, q := range r.linesAndCells() {
		m := zipAfterState.FindStringIndex(q.text)
		if m == nil {
			continue
		}
		for _, s := range streetStart.FindAllStringSubmatchIndex(q.text[:m[0]], -1) {
			at := q.sub(s[2], m[1])
			a, ok := grammar.ParseAddress(linesOf(at))
			if !ok || a.City == "" || len(a.Lines) == 0 || a.Score < 0.7 {
				continue
			}
			if r.besidePatient(at) {
				r.addressWhole(labelled{label: at, means: &meaning{concept: cAddress, weight: 0.6}, closeness: 0.75,
					bond: 0.75, order: r.order(at), value: at}, at)
				return
			}
			break
		}
	}
}

// linesAndCells are the cells of tables, the lines of the text, and each line with
// the one beneath it where an address may run over the two.
func (r *reader) linesAndCells() []passage {
	var out []passage
	for _, p := range r.doc.Pages {
		for _, t := range p.Tables {
			for _, row := range t.Rows {
				out = append(out, passages(row)...)
			}
		}
		var last passage
		for _, l := range p.Lines {
			q := ofLine(l)
			_, a := last.bounds()
			_, b := q.bounds()
			if !last.empty() && abs(a.Min.X-b.Min.X) <= 2*b.Dy() && b.Min.Y-a.Max.Y < b.Dy() && b.Min.Y > a.Min.Y {
				out = append(out, join(last, q))
			}
			out = append(out, q)
			last = q
		}
	}
	return out
}

// besidePatient tells whether print stands under or beside what identifies the
// patient, at most five lines off, and not with what is said of others.
func (r *reader) besidePatient(q passage) bool {
	pg, b := q.bounds()
	h := lineHeight(q)
	if who := r.partyTitles().over(q); r.inLetterhead(q) || who != anyone && who != patient {
		return false
	}
	switch s, _ := r.section(q); s {
	case secThird, secProvider, secFacility, secContact, secCoverage:
		return false
	}
	near := -1
	others := []image.Rectangle{}
	for _, c := range r.candidates {
		p, at := passage{ink: c.ink}.bounds()
		if p != pg || at.Empty() || at.Min.Y > b.Max.Y {
			continue
		}
		switch c.field {
		case "patient_last_name", "date_of_birth", "patient_mrn":
			if over := min(at.Max.X, b.Max.X) > max(at.Min.X, b.Min.X) || abs(at.Min.X-b.Min.X) < 8*h; b.Min.Y-at.Max.Y < 6*h && (over || rowsMeet(at, b)) {
				near = max(near, at.Max.Y)
			}
		case "facility_name", "facility_phone", "insurance_payer_name", "provider_name", "provider_npi", "emergency_contact_name", "pharmacy_name":
			others = append(others, at)
		}
	}
	if near < 0 {
		return false
	}
	for _, o := range others {
		if o.Min.Y >= near-h/2 && o.Min.Y <= b.Min.Y || rowsMeet(o, b) {
			return false
		}
	}
	return true
}

// lineHeight is the height of a passage's first word, in pixels.
func lineHeight(p passage) int {
	if len(p.ink) == 0 {
		return 1
	}
	return max(p.ink[0].Box.Dy(), 1)
}
