package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/terms"
)

// icdShape is an ICD-10-CM code as printed, its point perhaps lost; letters may
// stand in places OCR confuses with digits, so only the plain shape counts.
var icdShape = regexp.MustCompile(`^[A-TV-Z][0-9][0-9AB](?:\.[0-9A-Z]{1,4}|[0-9A-Z]{1,4})?$`)

// icdLabel is what may stand before a code within text.
var icdLabel = regexp.MustCompile(`(?i)^(?:icd-?\s?(?:10|9)?(?:-?cm)?|dx|code)[:#]?$`)

// icdIn finds a code in a passage: in brackets, at either end, or as a word of
// the right shape with a digit and, unless bracketed or known, a point.
func (r *reader) icdIn(p passage) (code passage, value string, sure float64, ok bool) {
	for _, f := range grammar.FindICD10(p.text) {
		q := p.sub(f.Start, f.End)
		_, known := r.terms.Code(terms.ICD10CM, f.Value)
		if known || !f.Repaired && strings.Contains(f.Value, ".") || f.Repaired && f.Score > 0.7 && q.text != "" && !isDigit(q.text[0]) && strings.Contains(f.Value, ".") || !f.Repaired && r.codeFits(p, q, f.Value) || !f.Repaired && f.Start > 0 && strings.IndexByte("([", p.text[f.Start-1]) >= 0 {
			return q, f.Value, f.Score, true
		}
	}
	for _, w := range wordsOf(p) {
		q := p.sub(w.from, w.to).trim("()[]{},;:*.|-–")
		if i := strings.LastIndexByte(q.text, ':'); i >= 0 {
			q = q.sub(i+1, len(q.text))
		}
		if raw := strings.Trim(p.text[w.from:w.to], "(),.;:"); strings.HasPrefix(raw, "[") && !strings.HasSuffix(raw, "]") {
			// A capital I that was read as a bracket.
			if v, _ := r.icd("I" + raw[1:]); v != "" && r.codeFits(p, q, v) {
				return q, v, 0.9, true
			}
		}
		v, score := r.icd(q.text)
		if score == 0 {
			continue
		}
		bracket := w.from < len(p.text) && (p.text[w.from] == '(' || p.text[w.from] == '[')
		if (!strings.Contains(q.text, ".") && !bracket || v != strings.ToUpper(q.text)) && score < 1 && !r.codeFits(p, q, v) {
			continue
		}
		return q, v, score, true
	}
	return passage{}, "", 0, false
}

// codeFits tells whether a code is that of the words beside it: then even a
// misread one is sure.
func (r *reader) codeFits(p, code passage, v string) bool {
	rest := cutPlan(r.without(p, code))
	m, ok := r.terms.Match(terms.Diagnosis, stripLead(rest.text))
	if !ok || m.Concept == nil {
		return false
	}
	want := codeOf(m.Concept, terms.ICD10CM)
	return len(want) >= 3 && strings.HasPrefix(v, want[:3])
}

// icd reads a code: 1 for one the vocabulary knows, less for one of the right
// shape. Digits that OCR made letters, and the other way about, are repaired
// only where a known code comes out.
func (r *reader) icd(s string) (string, float64) {
	s = strings.ToUpper(strings.Trim(s, " .,;:()[]"))
	if len(s) < 3 || len(s) > 9 {
		return "", 0
	}
	for i, v := range icdForms(s) {
		if !icdShape.MatchString(v) || strings.Trim(v, "0123456789.") == "" {
			continue
		}
		if len(v) > 3 && v[3] != '.' {
			v = v[:3] + "." + v[3:]
		}
		if _, ok := r.terms.Code(terms.ICD10CM, v); ok {
			return v, 1 - 0.1*float64(min(i, 3))
		}
		if i == 0 && len(v) > 3 {
			return v, 0.7
		}
		if i == 0 {
			return v, 0.5
		}
	}
	return "", 0
}

var toDigit = strings.NewReplacer("O", "0", "I", "1", "L", "1", "S", "5", "B", "8", "Z", "2", "|", "1")

// icdForms are a code's readings: as printed first.
func icdForms(s string) []string {
	forms := []string{s}
	if strings.Contains(s, ",") {
		forms = append(forms, strings.ReplaceAll(s, ",", "."))
	}
	if len(s) >= 3 {
		head := s[:1]
		switch head {
		case "1", "|":
			head = "I"
		case "0":
			head = "O"
		case "5":
			head = "S"
		case "8":
			head = "B"
		case "2":
			head = "Z"
		}
		forms = append(forms, head+toDigit.Replace(s[1:]), head+toDigit.Replace(s[1:3])+s[3:])
	}
	return forms
}

// conditionRow reads a row of a problem table.
func (r *reader) conditionRow(rw row) {
	name := rw.cells["condition_name"]
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
	for _, s := range sentences(p) {
		r.conditionList(s, ctx)
	}
}

func (r *reader) conditionList(p passage, ctx around) {
	if _, ok := r.diagnosis(p); !ok && strings.Contains(p.text, ",") {
		pieces := commaPieces(p)
		if r.mostly(pieces, terms.Diagnosis) || plainEntries(pieces) {
			for _, q := range pieces {
				r.conditionPiece(q, p, ctx)
			}
			return
		}
	}
	r.conditionPiece(p, p, ctx)
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
var leads = regexp.MustCompile(`(?i)^(?:(?:h/o|history of|hx of|hx|known|chronic history of|past history of|significant for|positive for|notable for|includes?|including|dx|diagnosis|with|has|status post|s/p|patient has|problem|acute on chronic history of|a|an|the)[:\s]+)+`)

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
	d := dx{ctx: ctx}
	name := p
	if q, v, s, ok := r.icdIn(p); ok {
		d.code, d.codeValue, d.codeSure = q, v, s
		name = r.without(p, q)
	}
	if st, rest, ok := statusIn(name); ok {
		d.status, d.hasStatus = st, true
		name = rest
	}
	name, d.onset = r.onsetIn(name)
	name = cutPlan(name)
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
	said := says(whole, name)
	if notOurs(said) {
		return
	}
	if said.Uncertain {
		d.ctx.sure *= 0.4
	}
	r.addCondition(name, d, row{ctx: d.ctx})
}

// without cuts a code, with its brackets and label, out of a text. What stands
// on the longer side is the name; a short tail is kept with it.
func (r *reader) without(p, code passage) passage {
	i := p.offsetOf(code)
	if i < 0 {
		return p
	}
	before := p.sub(0, i).trim(" ([{:-–—,;|*/")
	after := p.sub(i+len(code.text), len(p.text)).trim(" )]}:-–—,;|*")
	if ws := wordsOf(before); len(ws) > 0 {
		last := before.sub(ws[len(ws)-1].from, ws[len(ws)-1].to)
		if icdLabel.MatchString(strings.Trim(last.text, "([")) {
			before = before.sub(0, ws[len(ws)-1].from).trim(" ([:-–,;|")
		}
	}
	if len(key(before.text)) >= 3 {
		if len(after.text) > 0 && strings.IndexByte("(", p.text[min(len(p.text)-1, max(0, i-1))]) < 0 && len(before.text) < 4 {
			return after
		}
		return before.and(after, p)
	}
	return after
}

// and keeps what follows the code when it tells date or status; the caller's
// parsers look for those in brackets after the name.
func (before passage) and(after, whole passage) passage {
	if after.empty() {
		return before
	}
	return join(before, after.wrap())
}

// wrap marks a text as an aside by giving it a dash.
func (p passage) wrap() passage {
	out := p
	out.text = "- " + p.text
	out.at = make([]int, len(p.at))
	for i := range p.at {
		out.at[i] = p.at[i] + 2
	}
	return out
}

// offsetOf is where another passage begins in this one, by its ink.
func (p passage) offsetOf(q passage) int {
	if len(q.ink) == 0 {
		return -1
	}
	for i, w := range p.ink {
		if w.spot() == q.ink[0].spot() {
			return p.at[i] - q.at[0]
		}
	}
	return -1
}

// planCut is where a problem's name ends and what is done about it begins.
var planCut = regexp.MustCompile(`(?i)\s+[-–—]+\s*|\s*:\s+|\s+(?:on|continue|continues|managed with|controlled on|treated with|will|well controlled|well-controlled|stable on|plan:|improved|worsening,?|start|started|increase|follow)\b.*$|\s*\($`)

func cutPlan(p passage) passage {
	loc := planCut.FindStringIndex(p.text)
	if loc == nil || loc[0] < 3 {
		return p.trim(" ,;:.-–—")
	}
	return p.sub(0, loc[0]).trim(" ,;:.-–—(")
}

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
var onsetCue = regexp.MustCompile(`(?i)[\s,(\[–—-]+(?:since|onset|diagnosed(?: in)?|dx(?:'d|ed)?(?: in)?|noted|from|in|as of|date|started)?[:\s]*$`)

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

// addCondition makes the fact of a diagnosis.
func (r *reader) addCondition(name passage, d dx, rw row) {
	name = name.trim(" ,;:.-–—*•|_()[]")
	if open := strings.Count(name.text, "(") - strings.Count(name.text, ")"); open > 0 && !name.empty() {
		// The closing bracket was trimmed with the punctuation.
		name = r.reopen(name, rw)
	}
	if name.empty() {
		return
	}
	if rw.cells != nil && d.codeValue == "" {
		if q, v, s, ok := r.icdIn(name); ok {
			d.code, d.codeValue, d.codeSure = q, v, s
			name = cutPlan(r.without(name, q))
		}
	}
	k := key(name.text)
	if len(k) < 2 || digits(k) == len(k) || noFinding[k] || len(name.ink) > 14 {
		return
	}
	m, known := r.terms.Match(terms.Diagnosis, name.text)
	if !known && d.codeValue == "" && d.ctx.sec != secProblems && !d.ctx.table && d.ctx.sec != secHistory {
		return
	}
	if !known && d.codeValue == "" && !d.ctx.table && len(name.ink) > 8 {
		return
	}
	f := fact{kind: kindCondition, cells: map[string]cell{}, order: d.ctx.order}
	nc := rw.grade(from(name, name.text))
	if known {
		nc = supported(nc, m)
	} else if d.codeValue != "" {
		nc.sig.Vocabulary = 0.5 * d.codeSure
	} else {
		nc.sig.Grammar = 0.6
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
	}
	r.extras(kindCondition, rw, f.cells)
	f.identity = r.conditionIdentity(name.text, m, known, d.codeValue)
	f.code = d.codeValue
	if f.code == "" && known && m.Concept != nil {
		f.code = codeOf(m.Concept, terms.ICD10CM)
	}
	r.facts = append(r.facts, f)
}

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

// codeAgrees weighs a printed code against the words beside it: the vocabulary
// may know the words under another code of the same category, or of another.
func (r *reader) codeAgrees(name, code cell, m terms.Match, known bool, d dx) (cell, cell) {
	coding, inBook := r.terms.Code(terms.ICD10CM, d.codeValue)
	if inBook {
		code.sig.Vocabulary = 1
	}
	if !known || m.Score < 0.9 || m.Concept == nil {
		return name, code
	}
	want := codeOf(m.Concept, terms.ICD10CM)
	switch {
	case want == "":
	case want == d.codeValue:
		name.sig.Plausible, code.sig.Plausible = 1, 1
	case len(want) >= 3 && strings.HasPrefix(d.codeValue, want[:3]):
		name.sig.Plausible, code.sig.Plausible = 0.9, 0.9
	case inBook && shareWord(coding.Display, name.value):
		name.sig.Plausible, code.sig.Plausible = 0.7, 0.7
	case want[0] == d.codeValue[0]:
		code.sig.Plausible = 0.4
	default:
		code.sig.Plausible, name.sig.Plausible = 0.05, 0.3
		code = code.doubt(remarkCodeText)
		name = name.doubt(remarkCodeText)
	}
	return name, code
}

func codeOf(c *terms.Concept, system string) string {
	for _, k := range c.Codings {
		if k.System == system {
			return k.Code
		}
	}
	return ""
}

// shareWord tells whether two texts have a telling word in common.
func shareWord(a, b string) bool {
	have := map[string]bool{}
	for _, w := range labelWords(a) {
		if len(w) > 4 {
			have[w[:5]] = true
		}
	}
	for _, w := range labelWords(b) {
		if len(w) > 4 && have[w[:5]] {
			return true
		}
	}
	return false
}

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
