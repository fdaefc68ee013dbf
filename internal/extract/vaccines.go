package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/terms"
)

// vaccineRow reads a row of an immunization table: one dose, or several in the
// columns of a grid or behind commas.
func (r *reader) vaccineRow(rw row) {
	if st := key(rw.cells["+status"].text); notDone[st] || st == "notgiven" || st == "overdue" {
		return
	}
	name, lot := rw.cells["vaccine_name"], rw.cells["lot_number"]
	if ds := r.dates(true).Find(rw.cells["+dose"].text); len(ds) > 0 && rw.cells["vaccine_date"].empty() {
		rw.cells["vaccine_date"] = rw.cells["+dose"]
	}
	p := rw.cells["vaccine_date"]
	ds := r.dates(true).Find(p.text)
	if len(ds) < 2 {
		r.addVaccine(name, p, lot, rw)
		return
	}
	for _, d := range ds {
		r.addVaccine(name, p.sub(d.Start, d.End), passage{}, rw)
	}
}

// addVaccine makes the fact of a dose. A row without a date is a dose only
// where it has a lot: the rest are schedules.
func (r *reader) addVaccine(name, date, lot passage, rw row) {
	name = name.trim(" ,;:.*•-–—|_")
	k := key(name.text)
	if len(k) < 2 || digits(k) == len(k) || noFinding[k] || len(name.ink) > 10 {
		return
	}
	m, known := r.terms.Match(terms.Vaccine, name.text)
	if !known && (len(name.ink) > 4 || noProblem.MatchString(name.text)) {
		return
	}
	dc, dated := r.dateCell(date, true)
	if !dated && lot.empty() && !known || !known && !rw.ctx.table && !rw.ctx.sec.list() {
		return
	}
	if dated && dc.value > r.now.Format("2006-01-02") && len(dc.value) == 10 {
		return // due, not given
	}
	f := fact{kind: kindVaccine, cells: map[string]cell{}, order: rw.ctx.order}
	c := rw.grade(from(name, name.text))
	if known {
		c = supported(c, m)
	} else {
		c.sig.Grammar = 0.7
	}
	f.cells["vaccine_name"] = c
	id := k
	if known && m.Score > 0.85 && m.Concept != nil {
		id = m.Concept.Name
	}
	if dated {
		f.cells["vaccine_date"] = rw.grade(dc)
		id += "|" + dc.value
	}
	if q := lot.trim(" ,;:.|_()#"); len(q.text) >= 3 && len(q.text) <= 16 && len(q.ink) <= 2 && (digits(q.text) > 0 || len(q.text) >= 4 && q.text == strings.ToUpper(q.text)) {
		lc := rw.grade(from(q, q.text))
		lc.sig.Numeric, lc.sig.Grammar = 1, 0.9
		f.cells["lot_number"] = lc
	}
	r.extras(kindVaccine, rw, f.cells)
	f.identity = id
	r.facts = append(r.facts, f)
}

// shotWords are words of a line that records a vaccination.
var shotWords = regexp.MustCompile(`(?i)\(?\blot\b\W{0,3}#?\s*\w*\d|\b(?:quadrivalent|trivalent|conjugate|toxoids?|pentavalent|high dose|intramuscular)\b.*\d{4}|\bvaccine\b.*\b(?:19|20)\d{2}`)

// vaccination tells a line that records a vaccination, under whatever heading: the
// illness in its name is what the patient has not.
func (r *reader) vaccination(p passage) bool { return shotWords.MatchString(p.text) }

// shotPieces parts a line at its semicolons, and at commas where what stands behind
// each begins with a vaccine: "Flu 10/2023, Tdap 2019".
func (r *reader) shotPieces(p passage) []passage {
	var out []passage
	for _, s := range p.split(func(s string, i int) bool { return s[i] == ';' }) {
		var cur passage
		for _, q := range commaPieces(s) {
			if digits(cur.text) >= 4 && r.opensWithTerm(kindVaccine, q) {
				out, cur = append(out, cur), passage{}
			}
			if cur.empty() {
				cur = q
			} else {
				cur = s.span(cur, q)
			}
		}
		out = append(out, cur)
	}
	return out
}

// vaccineItem reads a line of an immunization list.
func (r *reader) vaccineItem(p passage, ctx around) {
	rw := row{ctx: ctx, whole: p}
	for _, s := range r.shotPieces(p) {
		shot, ok := r.history().Shot(s.text)
		if !ok || shot.NotGiven {
			continue
		}
		name, _ := s.locate(shot.Vaccine, 0)
		lot, _ := s.locate(shot.Lot, 0)
		if shot.Lot == "" {
			lot = passage{}
		}
		if name.empty() {
			continue
		}
		if len(shot.Dates) == 0 {
			r.addVaccine(name, passage{}, lot, rw)
		}
		found := r.dates(true).Find(s.text)
		for _, d := range shot.Dates {
			for _, f := range found {
				if f.Value == d.Value {
					r.addVaccine(name, s.sub(f.Start, f.End), lot, rw)
					break
				}
			}
			if len(found) == 0 {
				if q, ok := lastBracket(s); ok {
					r.addVaccine(name, q, lot, rw)
				}
			}
		}
	}
}

func lastBracket(p passage) (passage, bool) {
	i := strings.LastIndexByte(p.text, '(')
	if i < 0 {
		return passage{}, false
	}
	q := p.sub(i+1, len(p.text)).trim(" )")
	return q, !q.empty()
}
