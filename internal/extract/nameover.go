package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/layout"
)

// Print-outs head a chart with the patient's name alone on a line, and under it,
// on one or two lines, what else identifies them: "Female | Born Jul 5, 1974 |
// ID 259067".

// nameOver reads such a name where nothing names the patient.
func (r *reader) nameOver() {
	for _, c := range r.candidates {
		if c.field == "patient_last_name" {
			return
		}
	}
	for _, p := range r.doc.Pages {
		_, h := pageBounds(p)
		for _, l := range p.Lines {
			if l.Box.Min.Y > h/3 || len(l.Words) > 5 {
				continue
			}
			q := ofLine(l)
			if digits(q.text) > 0 || strings.ContainsAny(q.text, ":;") || orgWord(q.text) || r.isAnyLabel(q.text) || r.docTitle(q.text) != "" {
				continue
			}
			if row := r.identifiesBelow(p, l); len(row) > 0 {
				r.offerName(q, 0.65)
				r.besideBorn(row)
			}
		}
	}
}

// identifiesBelow are the lines of the row of print, one or two under a line and
// at its left or right edge, that has a birth date; nil for none.
func (r *reader) identifiesBelow(p *layout.Page, l layout.Line) []passage {
	for _, row := range printedRows(p) {
		gap := row.box.Min.Y - l.Box.Max.Y
		if gap < 0 || gap > 4*l.Box.Dy() || abs(row.box.Min.X-l.Box.Min.X) > 2*l.Box.Dy() && abs(row.box.Max.X-l.Box.Max.X) > 2*l.Box.Dy() {
			continue
		}
		if q := join(row.cells...); born.MatchString(q.text) && digits(q.text) >= 4 {
			return row.cells
		}
	}
	return nil
}

// besideBorn reads what stands beside such a birth date: the sex as a word, and a
// number behind "ID".
func (r *reader) besideBorn(row []passage) {
	for _, q := range row {
		l := labelled{label: q, means: &meaning{weight: 0.6}, closeness: 0.8, bond: 0.75, order: r.order(q)}
		if m := sexWord.FindStringIndex(q.text); m != nil {
			at := q.sub(m[0], m[1])
			c := from(at, strings.ToLower(at.text))
			c.sig.Vocabulary = 1
			r.offer(l, "sex", c)
		}
		if m := numberBehindID.FindStringSubmatchIndex(q.text); m != nil {
			r.offer(l, "patient_mrn", number(from(q.sub(m[2], m[3]), q.text[m[2]:m[3]])))
		}
	}
}

var (
	sexWord        = regexp.MustCompile(`\b(?:Male|Female|MALE|FEMALE)\b`)
	numberBehindID = regexp.MustCompile(`\b(?:ID|Id)[:#]?\s+#?([A-Z]{0,3}-?\d[\dA-Z-]{3,14})\b`)
)

var born = regexp.MustCompile(`(?i)\b(?:born|dob|d\.o\.b\.?|date of birth|birth ?date)\b`)
