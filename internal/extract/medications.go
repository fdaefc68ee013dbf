package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar/sig"
	"github.com/paperchart/paperchart/internal/terms"
)

// drugLine is a medication on its way to a fact: what each part was read from.
type drugLine struct {
	name, dose, route, frequency, directions passage
	status                                   cell
	start                                    cell
	sig                                      sig.Line
	doseText                                 string
}

// medicationRow reads a row of a medication table. A column may hold more than
// its title says: the name with strength and form, the sig with the route.
func (r *reader) medicationRow(rw row) {
	name := rw.cells["medication_name"]
	if _, s := r.icd(rw.cells["dose"].text); s > 0.6 {
		return // a diagnosis with its code
	}
	d := r.sigParts(name)
	if strength := first(rw.cells["+strength"], rw.cells["dose"]); !strength.empty() && digits(strength.text) > 0 {
		inner := r.sigParts(strength)
		d.dose = strength
		// "100 mcg daily" under DOSE holds a frequency too.
		if !inner.frequency.empty() && !first(inner.dose, passage{}).empty() {
			d.dose = inner.dose
			d.frequency = first(d.frequency, inner.frequency)
			d.route = first(d.route, inner.route)
		}
	} else if !strength.empty() && d.dose.empty() {
		d.dose = strength
	}
	for _, role := range []string{"instructions", "frequency"} {
		p := rw.cells[role]
		if p.empty() {
			continue
		}
		inner := r.sigParts(p)
		d.dose = first(d.dose, inner.dose)
		d.route = first(d.route, inner.route)
		if role == "frequency" {
			d.frequency = p
			if !inner.frequency.empty() && (!inner.route.empty() || !inner.dose.empty()) {
				d.frequency = inner.frequency
			}
		} else {
			d.frequency = first(inner.frequency, d.frequency)
			d.directions = p
		}
		d.sig = mergeSig(d.sig, inner.sig)
	}
	d.route = first(rw.cells["route"], d.route)
	if p := rw.cells["medication_status"]; !p.empty() {
		d.status = rw.grade(medStatus(p))
	}
	if p := rw.cells["start_date"]; !p.empty() {
		if c, ok := r.dateCell(p, false); ok {
			d.start = rw.grade(c)
		}
	}
	if p := rw.cells["+end_date"]; d.status.value == "" && digits(p.text) > 2 {
		if dt, q, ok := r.dateIn(p, false); ok && dt.Value <= r.now.Format("2006-01-02") {
			d.status = rw.grade(from(q, sig.Stopped))
			d.status.sig.Vocabulary = 0.6
		}
	}
	if d.name.empty() {
		d.name = name
	}
	r.addMedication(d, rw, true)
}

func mergeSig(a, b sig.Line) sig.Line {
	if a.Status == "" {
		a.Status = b.Status
	}
	a.Score = min(a.Score, b.Score)
	if a.Remark == "" {
		a.Remark = b.Remark
	}
	return a
}

// sigParts reads a medication line and finds its parts on the paper.
func (r *reader) sigParts(p passage) drugLine {
	l := sig.Parse(p.text)
	d := drugLine{sig: l}
	if l.Drug != "" {
		d.name, _ = p.find(l.Drug, 0)
	}
	var amount passage
	for _, part := range l.Parts {
		q := p.sub(part.Start, part.End).trim(" ,;()-–")
		switch part.Kind {
		case sig.DrugPart:
			if d.name.empty() && l.Drug != "" {
				d.name = q
			}
		case sig.StrengthPart:
			d.dose = first(d.dose, q)
		case sig.DosePart:
			amount = first(amount, q)
		case sig.RoutePart:
			d.route = first(d.route, q)
		case sig.FrequencyPart:
			if d.frequency.empty() {
				d.frequency = q
			} else {
				d.frequency = p.span(d.frequency, q)
			}
		case sig.ReasonPart:
			switch m := asNeeded.FindStringIndex(q.text); {
			case m == nil:
			case d.frequency.empty():
				d.frequency = q.sub(0, m[1])
			default:
				d.frequency = p.span(d.frequency, q.sub(0, m[1]))
			}
		}
	}
	d.frequency = withoutReason(d.frequency, l.Reason)
	d.dose = first(d.dose, amount)
	if strings.EqualFold(d.route.text, "od") && d.frequency.empty() && massDose.MatchString(d.dose.text) {
		d.frequency, d.route = d.route, passage{} // once daily: milligrams go into no eye
	}
	if l.Start != "" {
		if q, ok := p.find(l.Start, 0); ok {
			d.start, _ = r.dateCell(q, false)
		}
	}
	if l.Directions != "" {
		if q, ok := p.find(l.Directions, 0); ok {
			d.directions = q
		}
	}
	if !sentence.MatchString(d.directions.text) {
		d.directions = passage{}
	}
	return d
}

var massDose = regexp.MustCompile(`(?i)\d\s*(?:mg|mcg|g|micrograms?|milligrams?)\b`)

// sentence is a direction worth keeping whole: it begins with what to do.
var sentence = regexp.MustCompile(`(?i)^(?:take|inject|apply|use|inhale|instill|place|give|chew|dissolve|insert|spray|swallow|put|mix|drink)\b`)

var (
	asNeeded = regexp.MustCompile(`(?i)^(?:as needed|prn|p\.r\.n\.?|as necessary)`)
	withFood = regexp.MustCompile(`(?i)\s+(?:with food|on an empty stomach|with (?:a )?(?:full )?glass of water|with water|with or without food)\s*$`)
)

// withoutReason cuts what an as-needed medication is needed for off its
// frequency.
func withoutReason(p passage, reason string) passage {
	if m := withFood.FindStringIndex(p.text); m != nil && m[0] > 0 {
		p = p.sub(0, m[0])
	}
	if reason == "" {
		return p
	}
	if i := foldIndex(p.text, reason); i > 0 {
		p = p.sub(0, i)
		for _, w := range []string{" for", " if", " as needed for"} {
			if strings.HasSuffix(strings.ToLower(p.text), w) && w != " as needed for" {
				p = p.sub(0, len(p.text)-len(w))
			}
		}
	}
	return p
}

// span is the part of a passage from one of its parts to another.
func (p passage) span(a, b passage) passage {
	i, j := p.offsetOf(a), p.offsetOf(b)
	if i < 0 || j < i {
		return a
	}
	if j-i-len(a.text) > 3 {
		return a
	}
	return p.sub(i, j+len(b.text))
}

// medicationItem reads a line of a medication list.
func (r *reader) medicationItem(p passage, ctx around) {
	if noMedication[key(p.text)] || signature.MatchString(p.text) {
		return
	}
	ended := passage{}
	if m := endedLead.FindString(p.text); m != "" && len(m) < len(p.text) {
		ended, p = p.sub(0, len(m)), p.sub(len(m), len(p.text))
	}
	rw := row{ctx: ctx, whole: p}
	d := r.sigParts(p)
	if pieces := commaPieces(p); !ended.empty() && len(pieces) > 1 && r.mostly(pieces, terms.Drug) {
		for _, q := range pieces {
			one := r.sigParts(q)
			one.status = rw.grade(from(ended.trim(" :-"), sig.Stopped))
			one.status.sig.Vocabulary = 1
			r.addMedication(one, rw, true)
		}
		return
	}
	if !ended.empty() {
		d.status = rw.grade(from(ended.trim(" :-"), sig.Stopped))
		d.status.sig.Vocabulary = 1
		r.addMedication(d, rw, true)
		return
	}
	parsed := !d.dose.empty() || !d.frequency.empty() || !d.route.empty()
	if !parsed && strings.Contains(p.text, ",") {
		if pieces := commaPieces(p); r.mostly(pieces, terms.Drug) {
			for _, q := range pieces {
				r.addMedication(r.sigParts(q), rw, true)
			}
			return
		}
	}
	if several := r.severalDrugs(p); len(several) > 1 {
		for _, q := range several {
			r.addMedication(r.sigParts(q), rw, true)
		}
		return
	}
	if said := says(p, d.name); said.Negated && d.sig.Status == "" {
		return
	}
	r.addMedication(d, rw, parsed)
}

// bareDose is an amount without the medication that it is of.
var bareDose = regexp.MustCompile(`(?i)^[\d.,/ -]+(?:mg|mcg|g|gm|ml|units?|iu|meq|tab(?:let)?s?|cap(?:sule)?s?|puffs?|drops?)\b`)

// addMedication makes the fact of a medication. A line with neither a known
// drug nor a direction is no medication, unless it stands in a list of them.
func (r *reader) addMedication(d drugLine, rw row, parsed bool) {
	lead := d.name
	name := drugName(d.name)
	k := key(name.text)
	if len(k) < 3 || digits(k) > len(k)/2 || noMedication[k] || aboveWords[k] || len(name.ink) > 7 {
		return
	}
	m, known := r.matchDrug(name.text)
	if l := sig.Parse(name.text); !known && l.Drug == "" && (l.Timing.Known() || l.RouteName != "") {
		return // the directions of a medication whose name is elsewhere
	}
	if !known && (bareDose.MatchString(name.text) || r.isAnyLabel(name.text) || r.isAnyLabel(lead.text) || r.lex.columnTitle(name.text)) {
		return
	}
	if !known && (!parsed || len(rw.cells) == 1) && r.isTerm(kindCondition, name.text) {
		return
	}
	if !known && len(rw.cells) == 0 && !(digits(d.dose.text) > 0 && (!d.frequency.empty() || !d.route.empty() || d.sig.Form != "")) && !shortEntry(rw.whole) {
		return
	}
	if !known && len(rw.cells) == 1 && d.dose.empty() && d.frequency.empty() {
		return
	}
	if !known && !parsed && !rw.ctx.table {
		if rw.ctx.sec == secMedsGiven {
			return // a sheet of what was given names nurses and places as well
		}
		if len(name.ink) > 3 || !rw.ctx.sec.list() || len(wordsOf(rw.whole)) > 4 {
			return
		}
	}
	if !known && rw.ctx.sec != secMeds && rw.ctx.sec != secMedsStopped && rw.ctx.sec != secMedsGiven && !rw.ctx.table {
		return
	}
	f := fact{kind: kindMedication, cells: map[string]cell{}, order: rw.ctx.order}
	nc := rw.grade(from(name, name.text))
	if known {
		nc = supported(nc, m)
	} else {
		nc.sig.Grammar = 0.5 + 0.3*d.sig.Score
		if d.dose.empty() || d.frequency.empty() {
			nc.sig.Grammar, nc.sig.Plausible = 0.3, 0.2
		}
	}
	if d.sig.Remark == sig.RemarkUnplaced {
		nc.sig.Grammar = min(nc.sig.Grammar, 0.85)
	}
	f.cells["medication_name"] = nc
	r.medicationCells(d, rw, f.cells)
	if known {
		r.marketed(m, rw.whole.text, f.cells)
	}
	if c := r.medicationStatus(d, rw, lead); c.value != "" {
		f.cells["medication_status"] = c
	}
	if d.start.value == "" && d.sig.Start != "" {
		d.start = r.startOf(d, rw)
	}
	if d.start.value != "" {
		f.cells["start_date"] = d.start
	}
	r.extras(kindMedication, rw, f.cells)
	id := k
	if known && m.Score > 0.85 && m.Concept != nil {
		id = m.Concept.Name
		if m.Concept.Group != "" {
			id = m.Concept.Group
		}
	}
	f.identity = strings.ToLower(id)
	if s := f.cells["medication_status"].value; s == sig.Stopped || s == sig.Completed {
		f.identity += "|ended"
	}
	if dose := key(f.cells["dose"].value); dose != "" && digits(dose) > 0 {
		f.identity += "|" + dose
	}
	r.facts = append(r.facts, f)
}

// startOf is the day that a line says a medication was begun on.
func (r *reader) startOf(d drugLine, rw row) cell {
	q, ok := rw.whole.find(d.sig.Start, max(0, rw.whole.offsetOf(d.name)))
	if !ok {
		return cell{}
	}
	c, ok := r.dateCell(q, true)
	if !ok || len(c.value) < 4 {
		return cell{}
	}
	return rw.grade(c)
}

func (r *reader) medicationCells(d drugLine, rw row, cells map[string]cell) {
	put := func(role string, p passage, vocabulary float64) {
		p = p.trim(" ,;:.|_-–")
		if p.empty() {
			return
		}
		c := rw.grade(from(p, p.text))
		c.sig.Vocabulary = vocabulary
		c.sig.Grammar = max(0.5, d.sig.Score)
		cells[role] = c
	}
	if digits(d.dose.text) > 0 || len(wordsOf(d.dose)) > 1 {
		put("dose", d.dose, unitSupport(d.dose.text))
	}
	put("route", d.route, boolTo(r.knownRoute(d.route.text)))
	put("frequency", d.frequency, boolTo(sig.Parse(d.frequency.text).Timing.Known()))
	put("instructions", d.directions, 0.5)
	if c, ok := cells["dose"]; ok {
		c.sig.Numeric = 1
		if d.sig.Remark != "" && d.sig.Remark != sig.RemarkUnplaced && d.sig.Remark != sig.RemarkNoDrug {
			c = c.doubt(d.sig.Remark)
			c.sig.Plausible = 0.3
		}
		cells["dose"] = c
	}
}

// medicationStatus is what the line says, else what its section implies. A
// plain list implies nothing: it is left to the reader of the result.
func (r *reader) medicationStatus(d drugLine, rw row, lead passage) cell {
	if d.status.value != "" {
		return d.status
	}
	if d.sig.Status != "" && d.sig.Status != sig.Active {
		at := lead
		for _, part := range d.sig.Parts {
			if part.Kind == sig.StatusPart {
				if q := rw.whole.sub(part.Start, part.End); !q.empty() && len(rw.cells) == 0 {
					at = q
				}
			}
		}
		c := rw.grade(from(at, d.sig.Status))
		c.sig.Vocabulary = 0.8
		return c
	}
	if rw.ctx.sec == secMedsGiven && d.start.value != "" && rw.ctx.table && (sig.Parse(d.frequency.text).Timing.Known() || !d.directions.empty()) {
		return cell{} // a standing order with the hours it was given at
	}
	implied := map[section]string{secMedsStopped: sig.Stopped, secMedsGiven: sig.Completed, secMedsPlanned: sig.Intended}[rw.ctx.sec]
	if implied == "" {
		return cell{}
	}
	at := rw.ctx.title
	if len(at.ink) == 0 {
		at = lead
	}
	c := rw.grade(from(at, implied))
	c.sig.Vocabulary = 0.8
	c.text = ""
	return c
}
