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

var (
	procLead = regexp.MustCompile(`(?i)^(?:s/p|status[- ]post|h/o|history of|hx of|prior|previous|remote|past)\s+`)
	procTail = regexp.MustCompile(`(?i)\s*(?:[x×]\s*\d+|\bas an? (?:child|teen(?:ager)?|infant|adult)|\bin (?:childhood|infancy|the past|the \d\ds|the (?:19|20)\d\ds)|\byears ago|,? (?:bilateral|remote|date unknown|uncomplicated))$`)
)

// aboveWords point to what was said before.
var aboveWords = fieldSet("asabove", "seeabove", "perabove", "above", "asnoted", "asnotedabove", "asperhpi", "perhpi", "seehpi", "asinhpi", "aslisted", "aslistedabove", "unchanged", "nochange", "nochanges", "dnr", "dnrdni", "dni", "fullcode")

// addProcedure makes the fact of a procedure.
func (r *reader) addProcedure(name, code, date passage, rw row) {
	if i := strings.LastIndexAny(name.text, "(["); i > 3 && strings.LastIndexAny(name.text, ")]") < i {
		name = name.sub(0, i) // a remark in brackets, cut short
	}
	name = name.trim(" ,;:.*•-–—|_()[]")
	name = name.sub(len(procLead.FindString(name.text)), len(name.text))
	if loc := procTail.FindStringIndex(name.text); loc != nil && loc[0] > 2 {
		name = name.sub(0, loc[0])
	}
	k := key(name.text)
	if len(k) < 3 || aboveWords[k] || digits(k) == len(k) || noFinding[k] || len(name.ink) > 14 || technique[k] {
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
	f.under = rw.ctx.title
	f.identity = id
	r.facts = append(r.facts, f)
}

// technique are ways of doing a procedure, which are none by themselves.
var technique = fieldSet("laparoscopic", "laparoscopically", "open", "robotic", "endoscopic", "percutaneous", "arthroscopic", "elective", "emergent", "bilateral", "total", "partial", "surgery", "procedure", "left", "right", "outpatient", "inpatient")

// procedureItem reads a sentence or line of a surgical history.
func (r *reader) procedureItem(p passage, ctx around) {
	rw := row{ctx: ctx, whole: p}
	for _, s := range sentences(p) {
		pieces := r.afterDates(s)
		if q := commaPieces(s); len(pieces) == 1 && len(q) > 1 && r.severalProcedures(q) {
			pieces = q
		}
		for _, q := range pieces {
			r.procedurePiece(q, s, rw)
		}
	}
}

// afterDates parts a text behind each date that closes an entry: "Vasectomy
// (2006) Skin biopsy (2009)".
func (r *reader) afterDates(s passage) []passage {
	var out []passage
	at := 0
	for i := 0; i < len(s.text); i++ {
		if s.text[i] != ')' || i+2 >= len(s.text) || s.text[i+1] != ' ' || s.text[i+2] < 'A' || s.text[i+2] > 'Z' {
			continue
		}
		if open := strings.LastIndexByte(s.text[:i], '('); open > at && digits(s.text[open:i]) >= 4 {
			out = append(out, s.sub(at, i+1))
			at = i + 2
		}
	}
	return append(out, s.sub(at, len(s.text)))
}

// severalProcedures tells a list from one entry with its date behind a comma.
func (r *reader) severalProcedures(pieces []passage) bool {
	n := 0
	for _, q := range pieces {
		pr, ok := r.history().Procedure(q.text)
		if ok && (len(key(pr.Name)) > 3 || r.isTerm(kindProcedure, pr.Name)) && (!qualifier.MatchString(q.text) || r.opensWithTerm(kindProcedure, q)) && !technique[key(pr.Name)] && !strings.HasPrefix(strings.ToLower(q.text), "by ") {
			n++
		}
	}
	return n == len(pieces)
}

// datedFirst finds the date that an entry begins with: "2012 - Knee arthroscopy".
var datedFirst = regexp.MustCompile(`(?i)^\(?((?:19|20)\d{2}|\d{1,2}/\d{1,2}/\d{2,4}|\d{1,2}/(?:19|20)\d{2}|(?:19|20)\d{2}-\d{2}-\d{2}|[a-z]{3,9}\.?\s+(?:\d{1,2},?\s+)?(?:19|20)\d{2})\)?\s*(?:[-–—:,|]\s*|\s)`)

func (r *reader) procedurePiece(q, whole passage, rw row) {
	if m := datedFirst.FindStringSubmatchIndex(q.text); m != nil && m[1] < len(q.text) {
		date, rest := q.sub(m[2], m[3]), q.sub(m[1], len(q.text)).trim(" ,;:.-–—")
		if _, ok := r.dates(true).Parse(date.text); ok && len(key(rest.text)) > 3 && !denial.MatchString(rest.text) {
			if pr, ok := r.history().Procedure(rest.text); ok && !pr.NotDone && pr.Date.Value == "" {
				if name, _ := rest.locate(pr.Name, 0); !name.empty() && !notOurs(says(whole, name)) {
					r.addProcedure(name, passage{}, date, rw)
					return
				}
			}
		}
	}
	pr, ok := r.history().Procedure(q.text)
	if !ok || pr.NotDone || denial.MatchString(q.text) {
		return
	}
	name, _ := q.locate(pr.Name, 0)
	if name.empty() || notOurs(says(whole, name)) {
		return
	}
	var date, code passage
	if pr.Date.Value != "" {
		for _, f := range r.dates(true).Find(q.text) {
			if f.Value == pr.Date.Value {
				date = q.sub(f.Start, f.End)
			}
		}
		if date.empty() {
			// A bare year counts beside a procedure.
			for _, w := range wordsOf(q) {
				t := q.sub(w.from, w.to).trim(" ,;:.()[]'")
				if d, ok := r.dates(true).Parse(t.text); ok && d.Value == pr.Date.Value {
					date = t
				}
			}
		}
	}
	if pr.Code != "" {
		code, _ = q.locate(pr.Code, 0)
	}
	r.addProcedure(name, code, date, rw)
}
