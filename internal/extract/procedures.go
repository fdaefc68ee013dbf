package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/terms"
)

// cptShape is a CPT, HCPCS or category II/III code.
var cptShape = regexp.MustCompile(`^(?:\d{5}|\d{4}[FTU]|[A-V]\d{4})$`)

// procedureRow reads a row of a procedure table.
func (r *reader) procedureRow(rw row) {
	if st := key(rw.cells["+status"].text); notDone[st] {
		return
	}
	r.addProcedure(rw.cells["procedure_name"], rw.cells["procedure_code"], rw.cells["procedure_date"], rw)
}

// notDone are states of a procedure that has not happened.
var notDone = fieldSet("planned", "scheduled", "ordered", "pending", "cancelled", "canceled", "requested", "declined", "refused", "notdone", "proposed", "recommended", "due", "future", "deferred")

// addProcedure makes the fact of a procedure.
func (r *reader) addProcedure(name, code, date passage, rw row) {
	name = name.trim(" ,;:.*•-–—|_()[]")
	k := key(name.text)
	if len(k) < 3 || digits(k) == len(k) || noFinding[k] || len(name.ink) > 14 {
		return
	}
	m, known := r.terms.Match(terms.Procedure, name.text)
	if !known && !rw.ctx.table && !rw.ctx.sec.list() {
		return
	}
	f := fact{kind: kindProcedure, cells: map[string]cell{}, order: rw.ctx.order}
	c := rw.grade(from(name, name.text))
	if known {
		c = supported(c, m)
	} else {
		c.sig.Grammar = 0.7
	}
	f.cells["procedure_name"] = c
	if q := code.trim(" ()[]:;,.|"); cptShape.MatchString(strings.ToUpper(q.text)) {
		cc := rw.grade(from(q, strings.ToUpper(q.text)))
		cc.sig.Numeric = 1
		f.cells["procedure_code"] = cc
	}
	id := k
	if known && m.Score > 0.85 && m.Concept != nil {
		id = m.Concept.Name
	}
	if dc, ok := r.dateCell(date, false); ok {
		if len(dc.value) == 10 && dc.value > r.now.Format("2006-01-02") {
			return // not done yet
		}
		f.cells["procedure_date"] = rw.grade(dc)
		id += "|" + dc.value
	}
	r.extras(kindProcedure, rw, f.cells)
	f.identity = id
	r.facts = append(r.facts, f)
}

func (r *reader) procedureItem(p passage, ctx around) {
	rw := row{ctx: ctx, whole: p}
	for _, s := range sentences(p) {
		pieces := []passage{s}
		if strings.Contains(s.text, ",") {
			pieces = commaPieces(s)
		}
		for _, q := range pieces {
			name, date := r.onsetIn(q)
			d := passage{}
			if date.value != "" {
				d = write(date.ink)
			}
			r.addProcedure(name, passage{}, d, rw)
		}
	}
}
