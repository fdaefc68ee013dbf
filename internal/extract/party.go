package extract

import (
	"image"
	"strings"
)

// parties decides whom each labelled value is about. A label that opens a party
// speaks for what follows it on its line, and for the column beneath it as long
// as that holds together; else the nearest title above does, if the value does
// not stand left of it.
func (r *reader) parties() {
	titles := r.partyTitles()
	for i := range r.labelled {
		l := &r.labelled[i]
		switch {
		case l.means.opens != anyone:
			l.who, l.opened = l.means.opens, true
		default:
			l.who, l.opened = r.opener(i)
		}
		if l.who == anyone {
			l.who = titles.over(l.label)
		}
		if l.who == anyone {
			l.who = partyOf(l.sec)
		}
	}
}

// opener finds the party of the label to the left on the same line, or of the
// one right above in the same column.
func (r *reader) opener(i int) (party, bool) {
	l := &r.labelled[i]
	pg, b := l.label.bounds()
	h := max(b.Dy(), 1)
	left, above := -1, -1
	for k := range r.labelled[:i] {
		o := &r.labelled[k]
		op, ob := o.label.bounds()
		if op != pg {
			continue
		}
		_, vb := o.value.bounds()
		bottom := max(ob.Max.Y, vb.Max.Y)
		switch {
		case rowsMeet(ob, b) && ob.Min.X < b.Min.X:
			if left < 0 || leftOf(r.labelled[left].label, o.label) {
				left = k
			}
		case abs(ob.Min.X-b.Min.X) <= 2*h && bottom <= b.Min.Y+h/3 && b.Min.Y-bottom < 2*h:
			above = k
		}
	}
	if left >= 0 && r.labelled[left].opened {
		return r.labelled[left].who, true
	}
	if above >= 0 && r.labelled[above].opened && l.means.concept != cName {
		return r.labelled[above].who, true
	}
	return anyone, false
}

func leftOf(a, b passage) bool {
	_, x := a.bounds()
	_, y := b.bounds()
	return x.Min.X < y.Min.X
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// partyTitle is a heading on the page, with whom what stands under it is about.
type partyTitle struct {
	page int
	box  image.Rectangle
	who  party
}

type partyTitles []partyTitle

// partyTitles gathers headings, and lines that say nothing but the title of a
// person's details ("Emergency Contact" in the middle of a form).
func (r *reader) partyTitles() partyTitles {
	var out partyTitles
	for i := range r.chunks {
		c := &r.chunks[i]
		if pg, b := c.title.bounds(); pg > 0 && !c.inline {
			out = append(out, partyTitle{pg, b, partyOf(c.sec)})
		}
	}
	see := func(p passage) {
		t := strings.TrimSpace(p.text)
		s, _, ok := r.lex.titles.get(key(strings.TrimRight(t, ": ")))
		if !ok || partyOf(s) == anyone || len(key(t)) < 6 || r.labelsValue(p) {
			return
		}
		pg, b := p.bounds()
		out = append(out, partyTitle{pg, b, partyOf(s)})
	}
	for _, p := range r.doc.Pages {
		for _, l := range p.Lines {
			see(ofLine(l))
		}
		for _, t := range p.Tables {
			for _, c := range t.Header {
				see(ofCell(c))
			}
		}
	}
	return out
}

// labelsValue tells whether ink is the label of a value that was found.
func (r *reader) labelsValue(p passage) bool {
	for _, l := range r.labelled {
		if len(l.label.ink) > 0 && l.label.ink[0].spot() == p.ink[0].spot() && l.bond > 0.6 {
			return true
		}
	}
	return false
}

// over returns the party of the nearest title above ink that does not stand to
// the right of it.
func (ts partyTitles) over(p passage) party {
	pg, b := p.bounds()
	best, who := -1, anyone
	for _, t := range ts {
		if t.page != pg || t.box.Min.Y >= b.Min.Y || t.box.Min.X > b.Min.X+2*b.Dy() {
			continue
		}
		if t.box.Min.Y > best || t.box.Min.Y == best && t.who != anyone {
			best, who = t.box.Min.Y, t.who
		}
	}
	return who
}

// partyOf is whom a section is about.
func partyOf(s section) party {
	switch s {
	case secPatient:
		return patient
	case secProvider:
		return provider
	case secFacility:
		return facility
	case secCoverage:
		return insurer
	case secContact:
		return contact
	case secThird:
		return third
	}
	return anyone
}
