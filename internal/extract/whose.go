package extract

import (
	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/result"
)

// The remarks on values of a page that may be another patient's.
const (
	remarkTwoPatients = "the page names more than one patient"
	remarkUnreadable  = "the page's patient could not be read"
)

// doubts are the pages, by number, of which it is doubtful whose they are, with
// the reason.
type doubts map[int]string

// cap takes the confidence of a value that stands on a doubtful page down to
// where a person looks at it: a right value of the wrong person is wrong.
func (d doubts) cap(c cell, f result.Field) result.Field {
	for i, places := range append([][]ink{c.ink}, c.more...) {
		if len(places) == 0 {
			continue
		}
		why := d[places[0].Page]
		if why == "" {
			if i == 0 || len(c.ink) == 0 {
				return f // a page that is surely the patient's says it
			}
			continue
		}
		most := 0.7
		if why == remarkTwoPatients {
			most = 0.5
		}
		if f.Confidence > most {
			f.Confidence, f.Remark = most, why
		}
		return f
	}
	return f
}

// doubtful finds the pages that name two patients, and those that ask for the
// patient and whose answer could not be read.
func (r *reader) doubtful(ids map[int]identity) doubts {
	names, mrns, births, asked := map[int][]grammar.Name{}, map[int][]string{}, map[int][]string{}, map[int]bool{}
	for _, l := range r.labelled {
		if l.who == contact || l.who == third || l.who == insurer || l.who == provider {
			continue
		}
		pg, _ := l.label.bounds()
		switch l.means.concept {
		case cPatientName:
			asked[pg] = true
			if n, _, ok := personIn(l.value); ok && n.Family != "" && len(n.Given) > 0 && l.closeness > 0.9 && n.Score >= 0.7 {
				names[pg] = append(names[pg], n)
			}
		case cMRN:
			if id, ok := idIn(l.value); ok && l.means.weight >= 0.85 && l.closeness > 0.9 {
				mrns[pg] = append(mrns[pg], id.text)
			}
		case "~dob", cDOBSex:
			if d, _, ok := r.dateIn(l.value, true); ok && len(d.Value) == 10 {
				births[pg] = append(births[pg], d.Value)
			}
		}
	}
	out := doubts{}
	for pg := range asked {
		if ids[pg].empty() {
			out[pg] = remarkUnreadable
		}
	}
	for _, p := range r.doc.Pages {
		n := boolTo(differ(names[p.Number], alikeNames)) + boolTo(differ(mrns[p.Number], alike)) +
			boolTo(differ(births[p.Number], func(a, b string) bool { return distance(a, b, 2) <= 2 }))
		if n >= 2 {
			out[p.Number] = remarkTwoPatients
		}
	}
	return out
}

// differ tells whether any two of several readings cannot be the same.
func differ[T any](all []T, same func(a, b T) bool) bool {
	for i := range all {
		for j := range all[:i] {
			if !same(all[i], all[j]) {
				return true
			}
		}
	}
	return false
}
