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
			if r.identifiesBelow(p, l) {
				r.offerName(q, 0.65)
			}
		}
	}
}

// identifiesBelow tells whether one of the two lines under a line, at its left or
// right edge, has a birth date.
func (r *reader) identifiesBelow(p *layout.Page, l layout.Line) bool {
	for _, o := range p.Lines {
		gap := o.Box.Min.Y - l.Box.Max.Y
		if gap < 0 || gap > 4*l.Box.Dy() || abs(o.Box.Min.X-l.Box.Min.X) > 12*l.Box.Dy() && abs(o.Box.Max.X-l.Box.Max.X) > l.Box.Dy() {
			continue
		}
		q := ofLine(o)
		if born.MatchString(q.text) && digits(q.text) >= 4 {
			return true
		}
	}
	return false
}

var born = regexp.MustCompile(`(?i)\b(?:born|dob|d\.o\.b\.?|date of birth|birth ?date)\b`)
