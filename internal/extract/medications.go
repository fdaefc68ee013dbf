package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
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
			if m := asNeeded.FindStringIndex(q.text); m != nil && !d.frequency.empty() {
				d.frequency = p.span(d.frequency, q.sub(0, m[1]))
			}
		}
	}
	d.frequency = withoutReason(d.frequency, l.Reason)
	d.dose = first(d.dose, amount)
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

// medWords are what a status column or a reconciliation says.
var medWords = map[string]string{
	"active": sig.Active, "continue": sig.Active, "continued": sig.Active, "taking": sig.Active, "current": sig.Active,
	"new": sig.Active, "changed": sig.Active, "start": sig.Active, "started": sig.Active, "resume": sig.Active, "yes": sig.Active,
	"stop": sig.Stopped, "stopped": sig.Stopped, "discontinued": sig.Stopped, "discontinue": sig.Stopped, "dc": sig.Stopped,
	"dcd": sig.Stopped, "inactive": sig.Stopped, "nottaking": sig.Stopped, "nolongertaking": sig.Stopped, "no": sig.Stopped,
	"completed": sig.Completed, "complete": sig.Completed, "finished": sig.Completed, "expired": sig.Completed,
	"hold": sig.OnHold, "held": sig.OnHold, "onhold": sig.OnHold, "suspended": sig.OnHold,
	"planned": sig.Intended, "intended": sig.Intended, "proposed": sig.Intended, "pending": sig.Intended,
	"increase": sig.Active, "decrease": sig.Active, "increased": sig.Active, "decreased": sig.Active, "unchanged": sig.Active,
	"modified": sig.Active, "past": sig.Stopped, "prior": sig.Stopped, "previous": sig.Stopped, "refilled": sig.Active, "ongoing": sig.Active,
}

func medStatus(p passage) cell {
	v, ok := medWords[key(p.text)]
	if !ok {
		for _, w := range labelWords(p.text) {
			if v, ok = medWords[w]; ok && len(w) > 2 {
				break
			}
		}
	}
	if v == "" {
		return cell{}
	}
	c := from(p, v)
	c.sig.Vocabulary = 1
	return c
}

// medicationItem reads a line of a medication list.
func (r *reader) medicationItem(p passage, ctx around) {
	if noMedication[key(p.text)] {
		return
	}
	ended := passage{}
	if m := endedLead.FindString(p.text); m != "" && len(m) < len(p.text) {
		ended, p = p.sub(0, len(m)), p.sub(len(m), len(p.text))
	}
	rw := row{ctx: ctx, whole: p}
	d := r.sigParts(p)
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

// severalDrugs splits a line that lists several medications with their doses:
// each piece behind a comma or semicolon begins with a drug.
func (r *reader) severalDrugs(p passage) []passage {
	var out []passage
	for _, q := range commaPieces(p) {
		if d := r.sigParts(q); r.isDrug(d.name) {
			out = append(out, q)
			continue
		}
		if len(out) == 0 {
			return nil
		}
		last := out[len(out)-1]
		from, to := p.offsetOf(last), p.offsetOf(q)
		if from < 0 || to < from {
			return nil
		}
		out[len(out)-1] = p.sub(from, to+len(q.text))
	}
	return out
}

func (r *reader) isDrug(name passage) bool {
	if name.empty() {
		return false
	}
	m, ok := r.matchDrug(drugName(name).text)
	return ok && m.Score > 0.85
}

// endedLead begins a line on a medication that is no longer taken.
var endedLead = regexp.MustCompile(`(?i)^(?:d/c'?e?d?|d\.c\.|dc'?d|discontinued?|stop(?:ped)?|stop taking|no longer taking)\s*[:\-–]*\s+`)

var noMedication = fieldSet("none", "na", "nomedication", "nil", "nocurrentmedication", "noneknown", "deniesmedication", "nonereported", "nochange", "unknown", "nomedicationchange", "notakingmedication", "seelist", "seeattached", "reviewed", "nochangeinmedication", "notonanymedication", "medicationreviewed", "medicationreconciled", "nonetaken", "noactivemedication", "patienttakesnomedication")

// drugLead are verbs and remarks before a drug's name.
var drugLead = regexp.MustCompile(`(?i)^(?:(?:continue|cont\.?|start(?:ed)?|begin|increase[d]?|decrease[d]?|resume|restart|stop(?:ped)?|discontinue[d]?|d/c|hold|held|change[d]?|new|refill(?:ed)?|add(?:ed)?|switch(?:ed)? to|take[sn]?|taking|on|rx|prescribe[d]?|trial of|given|received|wean|taper|was|is|and|also|with|for|the|her|his|home|currently|current|medications?|meds?|he|she|patient)[:\s]+)+`)

func drugName(p passage) passage {
	p = p.trim(" ,;:.*•-–—|_[]")
	p = p.sub(len(drugLead.FindString(p.text)), len(p.text))
	return closeBrackets(p)
}

// closeBrackets mends a bracket that trimming or parsing left open or alone.
func closeBrackets(p passage) passage {
	switch n := strings.Count(p.text, "(") - strings.Count(p.text, ")"); {
	case n > 0:
		i := strings.LastIndexByte(p.text, '(')
		if len(p.ink) > 0 && strings.HasSuffix(p.ink[len(p.ink)-1].Text, ")") && i > 0 {
			p.text += ")"
			return p
		}
		return p.sub(0, max(i, 0)).trim(" ,;:-–(")
	case n < 0:
		return p.trim(" ()")
	}
	if strings.HasPrefix(p.text, "(") && strings.HasSuffix(p.text, ")") {
		return p.trim("() ")
	}
	return p
}

// matchDrug looks a drug up by all of its name, or by what stands before or in
// the brackets of "amoxicillin (AMOXIL)".
func (r *reader) matchDrug(name string) (terms.Match, bool) {
	if m, ok := r.terms.Match(terms.Drug, name); ok {
		return m, true
	}
	if head, inner, ok := strings.Cut(name, "("); ok {
		if m, ok := r.terms.Match(terms.Drug, strings.TrimSpace(head)); ok {
			return m, true
		}
		return r.terms.Match(terms.Drug, strings.Trim(inner, ") "))
	}
	return terms.Match{}, false
}

// addMedication makes the fact of a medication. A line with neither a known
// drug nor a direction is no medication, unless it stands in a list of them.
func (r *reader) addMedication(d drugLine, rw row, parsed bool) {
	lead := d.name
	name := drugName(d.name)
	k := key(name.text)
	if len(k) < 3 || digits(k) > len(k)/2 || noMedication[k] || len(name.ink) > 7 {
		return
	}
	m, known := r.matchDrug(name.text)
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
	if c := r.medicationStatus(d, rw, lead); c.value != "" {
		f.cells["medication_status"] = c
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

// shortEntry tells whether a line without figures can be a bare drug's name.
func shortEntry(p passage) bool {
	n := len(wordsOf(p))
	return n >= 1 && n <= 3 && digits(p.text) == 0 && !strings.ContainsAny(p.text, ":()")
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

func boolTo(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func (r *reader) knownRoute(s string) bool {
	if s == "" {
		return false
	}
	if sig.Parse(s).RouteName != "" {
		return true
	}
	_, ok := r.terms.Match(terms.Route, s)
	return ok
}

// unitSupport is 1 for a figure with a unit of dose.
func unitSupport(s string) float64 {
	for _, t := range grammar.Tokens(s) {
		if t.Kind == grammar.Word && doseUnits[t.Low] {
			return 1
		}
	}
	return 0
}

var doseUnits = fieldSet("mg", "mcg", "g", "gm", "ml", "units", "unit", "iu", "meq", "tab", "tabs", "tablet", "tablets", "cap", "caps", "capsule", "capsules", "puff", "puffs", "drop", "drops", "spray", "sprays", "patch", "patches", "tsp", "application", "kg", "hr", "mmol", "ug")

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
