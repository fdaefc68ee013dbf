package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/terms"
)

// conditionRow reads a row of a problem table.
func (r *reader) conditionRow(rw row) {
	name := rw.cells["condition_name"]
	if rank.MatchString(name.text) || rw.cells["icd10_code"].empty() && len(r.codedEntries(name)) > 1 {
		r.conditionPiece(name, rw.whole, rw.ctx)
		return
	}
	d := dx{ctx: rw.ctx}
	if p := rw.cells["icd10_code"]; !p.empty() {
		if q, v, s, ok := r.icdIn(p); ok {
			d.code, d.codeValue, d.codeSure = q, v, s
		} else if v, s := r.icd(p.text); s > 0 {
			d.code, d.codeValue, d.codeSure = p, v, s
		}
	}
	if p := rw.cells["onset_date"]; !p.empty() {
		if c, ok := r.dateCell(p, true); ok {
			d.onset = rw.grade(c)
		}
	}
	if p := rw.cells["clinical_status"]; !p.empty() {
		d.status, d.hasStatus = statusOf(p)
		if !d.hasStatus && key(p.text) == "inactive" {
			d.hasStatus = true
		}
		d.status = rw.grade(d.status)
	}
	if end := rw.cells["+end_date"]; !d.hasStatus && digits(end.text) > 2 {
		if _, _, ok := r.dateIn(end, true); ok {
			d.status, d.hasStatus = rw.grade(from(end, "resolved")), true
			d.status.sig.Vocabulary = 0.8
		}
	}
	r.addCondition(name, d, rw)
}

// dx is a diagnosis on its way to a fact.
type dx struct {
	code      passage
	codeValue string
	codeSure  float64
	onset     cell
	status    cell
	hasStatus bool
	ctx       around
}

// conditionItem reads an item of a problem list: one diagnosis, or several
// behind commas.
func (r *reader) conditionItem(p passage, ctx around) {
	ss := sentences(p)
	for i, s := range ss {
		if i > 0 && len(ss) > 2 && !r.hasCode(s) && !r.opensWithTerm(kindCondition, s.sub(len(leads.FindString(s.text)), len(s.text))) {
			r.tell(s, ctx) // a paragraph, of which only known terms are entries
			continue
		}
		if denies.MatchString(s.text) || len(r.scanLabs(s, ctx)) > 0 && digits(s.text) > 1 && !r.hasCode(s) {
			r.tell(s, ctx)
			continue
		}
		if d := r.sigParts(s); !d.dose.empty() && unitSupport(d.dose.text) > 0 && r.isDrug(d.name) {
			r.tell(s, ctx)
			continue
		}
		r.conditionList(s, ctx)
	}
}

// denies is a sentence that says what is not there.
var denies = regexp.MustCompile(`(?i)^(?:there (?:is|was|were|are|has been)|s?he|the patient|patient|pt|we|i)\b.*\b(?:no|not|denie[sd]|without|never)\b`)

// codedEntries parts a list behind the commas that follow a code: "gout (M10.9), low
// back pain M54.50".
func (r *reader) codedEntries(p passage) []passage {
	pieces := commaPieces(p)
	if len(pieces) < 2 {
		return nil
	}
	coded := 0
	for _, q := range pieces {
		coded += len(codeForm.FindAllString(q.text, -1))
	}
	if coded < 2 {
		return nil
	}
	var out []passage
	var open passage
	for _, q := range pieces {
		open = join(open, q)
		if codeForm.MatchString(q.text) {
			out, open = append(out, open), passage{}
		}
	}
	if !open.empty() {
		out = append(out, open)
	}
	return out
}

func (r *reader) conditionList(p passage, ctx around) {
	pieces := commaPieces(p)
	if m, ok := r.diagnosis(p); (!ok || m.Score < 0.98 && r.eachDiagnosis(pieces)) && strings.Contains(p.text, ",") {
		if r.mostly(pieces, terms.Diagnosis) || plainEntries(pieces) {
			for _, q := range pieces {
				r.conditionPiece(q, p, ctx)
			}
			return
		}
	}
	r.conditionPiece(p, p, ctx)
}

// eachDiagnosis tells whether every piece of a list is a diagnosis by itself.
func (r *reader) eachDiagnosis(pieces []passage) bool {
	for _, q := range pieces {
		if _, ok := r.diagnosis(q); !ok || qualifier.MatchString(q.text) {
			return false
		}
	}
	return len(pieces) > 1
}

// qualifier begins what belongs to the term before a comma.
var qualifier = regexp.MustCompile(`(?i)^(?:unspecified|uncomplicated|controlled|uncontrolled|stable|right|left|bilateral|initial|subsequent|not|type|stage|mild|moderate|severe|acute|chronic|with|without|due|in|on|of|primary|secondary|other|initial|recurrent|resolved|active|status|improved|worsening|current|major|single|and|or|\d)\b`)

// plainEntries tells whether pieces behind commas are entries of their own: at
// least three, short, and none a qualifier.
func plainEntries(pieces []passage) bool {
	for _, q := range pieces {
		if len(q.ink) > 4 || qualifier.MatchString(q.text) {
			return false
		}
	}
	return len(pieces) >= 3
}

// mostly tells whether most pieces of a list are terms of a domain, so that
// commas part entries rather than the words of one.
func (r *reader) mostly(pieces []passage, d terms.Domain) bool {
	n := 0
	for _, q := range pieces {
		t, _, _ := strings.Cut(q.text, "(")
		if m, ok := r.terms.Match(d, strings.TrimSpace(stripLead(t))); ok && m.Score > 0.8 {
			n++
		}
	}
	return n > 1 && 2*n >= len(pieces)
}

// leads are words before a term that are not part of it.
var leads = regexp.MustCompile(`(?i)^(?:(?:h/o|history of|hx of|hx|known|prior|previous|remote|chronic history of|past history of|significant for|positive for|notable for|includes?|including|dx|diagnosis|with|has|status post|s/p|patient has|problem|acute on chronic history of|a|an|the)[:\s]+)+`)

// denial begins a text that says what is not there.
var denial = regexp.MustCompile(`(?i)^(?:no|denies|denied|negative|without|never|not|r/o|rule out|ruled out|absence of|free of)\b`)

func stripLead(s string) string { return s[len(leads.FindString(s)):] }

// diagnosis matches the whole of a text, code and lead words aside.
func (r *reader) diagnosis(p passage) (terms.Match, bool) {
	t := stripLead(p.text)
	m, ok := r.terms.Match(terms.Diagnosis, t)
	return m, ok && m.Score > 0.9
}

// conditionPiece reads one diagnosis with code, date and status around it.
func (r *reader) conditionPiece(p, whole passage, ctx around) {
	if m := rank.FindStringIndex(p.text); m != nil && m[1] < len(p.text) {
		p = p.sub(m[1], len(p.text))
	}
	if pieces := r.codedEntries(p); len(pieces) > 1 {
		for _, q := range pieces {
			r.conditionPiece(q, whole, ctx)
		}
		return
	}
	d := dx{ctx: ctx}
	name := p
	if loc := afterCare.FindStringIndex(name.text); loc != nil && loc[0] > 2 {
		name = name.sub(0, loc[0])
	}
	if q, v, s, ok := r.icdIn(p); ok {
		d.code, d.codeValue, d.codeSure = q, v, s
		name = r.without(p, q)
	}
	if st, rest, ok := statusIn(name); ok {
		d.status, d.hasStatus = st, true
		name = rest
	}
	name, d.onset = r.onsetIn(name)
	if d.onset.value == "" {
		name, d.onset = r.onsetBefore(name)
	}
	if loc := bracketState.FindStringIndex(name.text); loc != nil && loc[0] > 2 {
		name = name.sub(0, loc[0])
	}
	if m := yearTail.FindStringSubmatchIndex(name.text); m != nil && m[0] > 2 && d.onset.value == "" {
		d.onset = from(name.sub(m[2], m[3]), name.text[m[2]:m[3]])
		d.onset.sig.Label = 0.7
		name = name.sub(0, m[0])
	}
	if loc := stateTail.FindStringIndex(name.text); loc != nil && loc[0] > 2 {
		name = name.sub(0, loc[0])
	}
	if loc := forYears.FindStringIndex(name.text); loc != nil && loc[0] > 2 {
		name = name.sub(0, loc[0])
	}
	name, ok := r.problemName(name, d.codeValue != "")
	if !ok {
		return
	}
	if lead := leads.FindString(name.text); lead != "" {
		low := strings.ToLower(lead)
		name = name.sub(len(lead), len(name.text))
		if !d.hasStatus && (strings.Contains(low, "h/o") || strings.Contains(low, "history of") || strings.Contains(low, "hx")) {
			if q, ok := p.find(strings.TrimSpace(lead), 0); ok {
				d.status, d.hasStatus = from(q, "inactive"), true
				d.status.sig.Vocabulary = 0.7
			}
		}
	}
	if denial.MatchString(name.text) {
		return
	}
	if m, ok := r.terms.Match(terms.Procedure, name.text); ok && m.Score > 0.9 {
		if _, dx := r.diagnosis(name); !dx && d.codeValue == "" {
			r.addProcedure(name, passage{}, write(d.onset.ink), row{ctx: ctx})
			return
		}
	}
	said := says(whole, name)
	if notOurs(said) {
		return
	}
	if said.Uncertain {
		d.ctx.sure *= 0.4
	}
	r.addCondition(name, d, row{ctx: d.ctx})
}

// problemName is what an item calls its problem: all of it where it is a term,
// else without what is done about it. What stands behind a colon is the problem
// where what stands before is none ("Primary: gout"); where neither is, the item
// is a label with a remark ("Lungs: clear") and names nothing.
func (r *reader) problemName(p passage, coded bool) (passage, bool) {
	p = p.trim(" ,;:.-–—")
	if loc := ruledOut.FindStringIndex(p.text); loc != nil {
		i := strings.LastIndexByte(p.text[:loc[0]], ',')
		if i < 3 {
			return p, false
		}
		p = p.sub(0, i) // "Gout, stroke ruled out"
	}
	if m, ok := r.diagnosis(p); ok && m.Score >= 0.98 {
		return p, true
	}
	if m := rank.FindStringIndex(p.text); m != nil && m[1] < len(p.text) {
		p = p.sub(m[1], len(p.text))
	}
	i := strings.IndexByte(p.text, ':')
	if coded || i < 1 || i+1 >= len(p.text) {
		return r.cutPlan(p), true
	}
	head, tail := p.sub(0, i), p.sub(i+1, len(p.text))
	if _, ok := r.diagnosis(r.cutPlan(head)); ok {
		return r.cutPlan(head), true
	}
	tail = r.cutPlan(tail)
	_, ok := r.diagnosis(tail)
	return tail, ok
}

// rank says of what importance a diagnosis is, and is none itself.
var rank = regexp.MustCompile(`(?i)^(?:primary|secondary|principal|admitting|admission|discharge|final|working|provisional|additional|other|tertiary|main|active|chronic|comorbid(?:ity|ities)?|comorbidities|dx|diagnosis)(?:\s+(?:diagnos[ei]s|dx|problems?|conditions?))?\s*(?:#?\d{1,2})?\s*:\s*`)

// forYears says how long or how often there has been something.
var forYears = regexp.MustCompile(`(?i)[\s,(]+(?:[x×]|for)\s*~?\d+\+?(?:\s*(?:y|yrs?|years?|mos?|months?|wks?|weeks?|days?)\b.*)?$|[\s,(]+[x×]\s*~?\d+\s*(?:yrs?|years?|mos?|months?)\b.*$`)

// ruledOut ends an item on a problem that turned out not to be there.
var ruledOut = regexp.MustCompile(`(?i)[\s,(–-]+(?:was |were |has been |have been )?(?:ruled out|excluded)\)?$`)

// planCut is where a problem's name ends and what is done about it begins.
var planCut = regexp.MustCompile(`(?i)\s+[-–—]+\s*|\s*:\s+|\s+(?:continue|continues|managed with|controlled on|treated with|will|well controlled|well-controlled|stable on|plan:|improved|worsening,?|start|started|increase|follow)\b.*$|\s*\($`)

// onCut is the "on" before a treatment, which one of a name ("dyspnea on
// exertion", "acute on chronic") is not.
var onCut = regexp.MustCompile(`(?i)\s+on\s+`)

func (r *reader) cutPlan(p passage) passage {
	loc := planCut.FindStringIndex(p.text)
	if on := onCut.FindStringIndex(p.text); on != nil && (loc == nil || on[0] < loc[0]) {
		whole := p.sub(0, len(p.text))
		if loc != nil {
			whole = p.sub(0, loc[0])
		}
		w, known := r.diagnosis(whole.trim(" ,;:.-–—("))
		if h, head := r.diagnosis(p.sub(0, on[0])); head && (!known || h.Concept != nil && w.Concept != nil && h.Concept.Name == w.Concept.Name) {
			loc = on
		}
	}
	if loc == nil || loc[0] < 3 {
		return p.trim(" ,;:.-–—")
	}
	return p.sub(0, loc[0]).trim(" ,;:.-–—(")
}

var (
	bracketState = regexp.MustCompile(`(?i)\s*\((?:stable|controlled|well[- ]controlled|diet[- ]controlled|on treatment|asymptomatic|improving|improved|chronic|ongoing|remote)\)$`)
	yearTail     = regexp.MustCompile(`,?\s+((?:19|20)\d\d)$`)
)

// afterCare is what was done for a problem, behind its name.
var afterCare = regexp.MustCompile(`(?i)[\s,(]+(?:status[- ]post|s/p)\s.*$`)

// stateTail is how a problem is doing, behind its name.
var stateTail = regexp.MustCompile(`(?i),\s*(?:new|new onset|newly diagnosed|stable|at goal|not at goal|well[- ]controlled|improving|resolving|worsening|worse|doing well|asymptomatic|likely|probable|both|diagnosed|as above|ejection(?: fraction)?|LVEF|EF|NYHA|last)\b.*$`)

// statusWords are the states of a problem.
var statusWords = map[string]string{
	"active": "active", "resolved": "resolved", "inactive": "inactive", "recurrence": "recurrence",
	"recurrent": "recurrence", "relapse": "relapse", "remission": "remission", "inremission": "remission",
	"chronic": "active", "controlled": "active", "ongoing": "active", "current": "active", "stable": "active",
	"wellcontrolled": "active", "improved": "active", "worsening": "active", "uncontrolled": "active",
	"healed": "resolved", "cured": "resolved", "past": "inactive", "historical": "inactive", "completed": "resolved",
	"acute": "active", "new": "active", "improving": "active", "closed": "resolved", "y": "active", "yes": "active",
	"a": "active", "r": "resolved", "i": "inactive", "ac": "active", "unchanged": "active",
}

// statusOf reads a status cell. One that says how an active problem fares is
// kept as printed in Text.
func statusOf(p passage) (cell, bool) {
	v, ok := statusWords[key(p.text)]
	if !ok {
		for _, w := range labelWords(p.text) {
			if v, ok = statusWords[w]; ok && len(w) > 2 {
				break
			}
			ok = false
		}
	}
	if !ok {
		return cell{}, false
	}
	c := from(p, v)
	c.sig.Vocabulary = 1
	return c, true
}

// plainStates may stand in an item's text and be its status; words that also
// belong to names of diseases ("chronic", "acute") may not.
var plainStates = regexp.MustCompile(`(?i)[\s,(\[–—-]+(active|resolved|inactive|in remission|remission|healed)\b[)\].;,]*\s*`)

func statusIn(p passage) (cell, passage, bool) {
	loc := plainStates.FindStringSubmatchIndex(p.text)
	if loc == nil || loc[0] < 3 {
		return cell{}, p, false
	}
	w := p.sub(loc[2], loc[3])
	c := from(w, statusWords[key(w.text)])
	c.sig.Vocabulary = 1
	rest := p.sub(0, loc[0])
	if tail := p.sub(loc[1], len(p.text)); !tail.empty() {
		rest = join(rest, tail.wrap())
	}
	return c, rest, true
}

// onsetCue stands before a date of onset in an item.
var onsetCue = regexp.MustCompile(`(?i)[\s,(\[–—-]+(?:(?:active |present )?since|onset|diagnosed(?: in)?|dx(?:'d|ed)?(?: in)?|noted|from|in|as of|date|started)?[:\s]*$`)

// onsetIn takes a date of onset off the end of an item, or out of brackets.
func (r *reader) onsetIn(p passage) (passage, cell) {
	ds := r.dates(true).Find(p.text)
	if len(ds) == 0 {
		if i := strings.LastIndexAny(p.text, "(["); i > 0 {
			in := p.sub(i+1, len(p.text)).trim(")] ")
			if d, ok := r.dates(true).Parse(in.text); ok && d.Value != "" {
				c, _ := r.dateCell(in, true)
				c.sig.Label = 0.7
				return p.sub(0, i), c
			}
		}
		return p, cell{}
	}
	d := ds[0]
	if d.Value == "" {
		return p, cell{}
	}
	before := p.text[:d.Start]
	cue := onsetCue.FindString(before)
	if cue == "" || len(before)-len(cue) < 3 {
		return p, cell{}
	}
	c, ok := r.dateCell(p.sub(d.Start, d.End), true)
	if !ok {
		return p, cell{}
	}
	c.sig.Label = 0.8
	return p.sub(0, len(before)-len(cue)), c
}

// onsetBefore takes the date off the front of an item: "04-Apr-2012 Asthma".
func (r *reader) onsetBefore(p passage) (passage, cell) {
	ds := r.dates(true).Find(p.text)
	if len(ds) == 0 || ds[0].Value == "" || strings.Trim(p.text[:ds[0].Start], " (") != "" || len(p.text)-ds[0].End < 4 {
		return p, cell{}
	}
	c, ok := r.dateCell(p.sub(ds[0].Start, ds[0].End), true)
	if !ok {
		return p, cell{}
	}
	c.sig.Label = 0.7
	return p.sub(ds[0].End, len(p.text)).trim(" )-–—:,"), c
}

// addCondition makes the fact of a diagnosis.
// edges are what may cling to a name: the number of the item before it, a code that
// could not be read, the state behind it.
var edges = regexp.MustCompile(`(?i)^(?:\W{0,2}\d{1,2}\s*[.,:;)\]]\s*|\S*\d\S*\s+)|(?:\s*,\s*(?:resolved|active|inactive|stable|chronic)|\s+\d{1,2})$`)

// onlyQualifies is a text that says how something is and not what.
var onlyQualifies = regexp.MustCompile(`(?i)^(?:(?:unspecified|uncomplicated|controlled|uncontrolled|stable|right|left|bilateral|mild|moderate|severe|acute|chronic|other|recurrent|active|inactive|resolved|current|single|episode|initial|subsequent|encounter|not|intractable|without|with|complications?|specified|type|since|for|and|or|in|of|due|to|the|elsewhere|classified)\b[\s,;.-]*)+$`)

// clingless is a known diagnosis in a text that is more, without what clings to it.
func (r *reader) clingless(name passage) (passage, terms.Match, bool) {
	q := name
	for range 2 {
		loc := edges.FindStringIndex(q.text)
		if loc == nil {
			break
		}
		if loc[0] == 0 {
			q = q.sub(loc[1], len(q.text))
		} else {
			q = q.sub(0, loc[0])
		}
	}
	if len(q.text) == len(name.text) || q.empty() {
		return name, terms.Match{}, false
	}
	m, ok := r.diagnosis(q)
	return q, m, ok
}

func (r *reader) isDate(p passage) bool {
	d, ok := r.dates(true).Parse(p.text)
	return ok && d.Value != ""
}

// codeLead finds what announced a code that was taken or not read: "[ICD-10:".
var codeLead = regexp.MustCompile(`(?i)\s*[\[({]?\s*\bICD\W?(?:1[0O]|9)?(?:\W?CM)?\s*(?:code)?\s*[:#]?\s*$`)

func (r *reader) addCondition(name passage, d dx, rw row) {
	if m := codeLead.FindStringIndex(name.text); m != nil && m[0] > 2 {
		name = name.sub(0, m[0])
	}
	if r.vaccination(rw.whole) {
		return
	}
	name = name.trim(" ,;:.-–—*•|_()[]")
	if open := strings.Count(name.text, "(") - strings.Count(name.text, ")"); open > 0 && !name.empty() {
		// The closing bracket was trimmed with the punctuation.
		name = r.reopen(name, rw)
	}
	if loc := forYears.FindStringIndex(name.text); loc != nil && loc[0] > 2 {
		name = name.sub(0, loc[0])
	}
	if name.empty() {
		return
	}
	if rw.cells != nil && d.codeValue == "" {
		if q, v, s, ok := r.icdIn(name); ok {
			d.code, d.codeValue, d.codeSure = q, v, s
			name = r.cutPlan(r.without(name, q))
		}
	}
	k := key(name.text)
	if len(k) < 2 || digits(k) == len(k) || noFinding[k] || aboveWords[k] || len(name.ink) > 20 {
		return
	}
	m, known := r.terms.Match(terms.Diagnosis, name.text)
	if q, n, ok := r.clingless(name); !known && ok {
		name, m, known, k = q, n, true, key(q.text)
	}
	if !known && (len(k)-digits(k) < 3 || digits(k) > len(k)/2) {
		return
	}
	if !known && d.codeValue == "" && (r.isDate(name) || len(name.ink) == 1 && (len(k) <= 4 || qualifier.MatchString(name.text))) {
		return // the tail of another entry, a unit, a title
	}
	if !known && d.codeValue == "" && noProblem.MatchString(name.text) {
		return
	}
	if !known && d.codeValue == "" && d.ctx.sec != secProblems && !d.ctx.table && d.ctx.sec != secHistory {
		return
	}
	if !known && d.codeValue == "" && !d.ctx.table && len(name.ink) > 12 {
		return
	}
	f := fact{kind: kindCondition, cells: map[string]cell{}, order: d.ctx.order}
	nc := rw.grade(from(name, name.text))
	tail := onlyQualifies.MatchString(name.text)
	if tail && d.codeValue == "" {
		return
	}
	if tail {
		nc = nc.doubt(grammar.RemarkUnlikely) // of what its code says; the rest stands elsewhere
		nc.sig.Grammar, nc.sig.Plausible = 0.2, 0.1
	} else if known {
		nc = supported(nc, m)
	} else if d.codeValue != "" {
		nc.sig.Vocabulary = 0.5 * d.codeSure
	} else {
		// Words that no vocabulary knows and no code stands beside: a person looks.
		nc.sig.Grammar, nc.sig.Plausible = 0.5, 0.3
	}
	if d.codeValue != "" {
		cc := rw.grade(from(d.code, d.codeValue))
		cc.sig.Grammar, cc.sig.Numeric = d.codeSure, 1
		nc, cc = r.codeAgrees(nc, cc, m, known, d)
		f.cells["icd10_code"] = cc
	}
	f.cells["condition_name"] = nc
	if d.onset.value != "" {
		f.cells["onset_date"] = d.onset
	}
	if d.hasStatus && d.status.value != "" {
		f.cells["clinical_status"] = rw.grade(d.status)
	} else if st, ok := stateBy(d.ctx.title); ok && !d.hasStatus {
		f.cells["clinical_status"] = rw.grade(st)
	}
	r.extras(kindCondition, rw, f.cells)
	f.identity = r.conditionIdentity(name.text, m, known, d.codeValue)
	f.code = d.codeValue
	if f.code == "" && known && m.Concept != nil {
		f.code = codeOf(m.Concept, terms.ICD10CM)
	}
	r.facts = append(r.facts, f)
}

// noProblem are lines of a list that do not name a problem: what to do, what
// somebody does, who signed.
var noProblem = regexp.MustCompile(`(?i)^(?:return|do|don't|never|always|keep|bring|ask|tell|stop|report|schedule|call|follow|f/u|rtc|lives?|drinks?|smokes?|works?|sees?|takes?|seen|reviewed|discussed|patient|pt|he|she|they|we|i|you|the|this|please|signed|electronically|continue|will|was|is|has|married|retired|denies|allerg(?:y|ies)|meds?|medications?|labs?|vitals?|page|exam|gen|heent|neck|lungs?|heart|abd|ext|neuro|skin)\b(?:$|[^-])(?:.*)$|,\s*(?:M\.?D|D\.?O|N\.?P|P\.?A(?:-C)?|R\.?N|APRN|FNP(?:-C|-BC)?|DNP)\.?$`)

func (r *reader) reopen(name passage, rw row) passage {
	if i := strings.LastIndexByte(name.text, '('); i > 2 {
		tail := name.text[i+1:]
		if len(tail) < 2 {
			return name.sub(0, i).trim(" ,;")
		}
		out := name
		out.text += ")"
		return out
	}
	return name
}

var noFinding = fieldSet("none", "no", "na", "nil", "unknown", "noneknown", "nonereported", "noknownproblem", "seebelow", "noncontributory", "unremarkable", "negative", "denies", "nonsignificant", "notapplicable", "noactiveproblem", "seeabove", "nosignificantpastmedicalhistory", "nosignificanthistory")

// conditionIdentity is the concept, else the printed code, else the words.
func (r *reader) conditionIdentity(name string, m terms.Match, known bool, code string) string {
	if known && m.Score > 0.85 && m.Concept != nil {
		return m.Concept.Name
	}
	if code != "" {
		return code
	}
	return key(name)
}
