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
			if v, ok := r.initialLost(p, q); ok {
				return q, v, 0.8, true
			}
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

// initialLost reads a code whose letter was read as a digit or lost ("150.32",
// "(110)", "(301.90)"), where the words beside it are of that category.
func (r *reader) initialLost(p, q passage) (string, bool) {
	t := strings.TrimRight(q.text, ".")
	if t == "" || strings.Trim(t, "0123456789.") != "" {
		return "", false
	}
	for _, want := range r.wanted(p, q) {
		for _, v := range []string{want[:1] + t[1:], want[:1] + t} {
			if !icdShape.MatchString(v) || !strings.HasPrefix(v, want[:3]) {
				continue
			}
			if len(v) > 3 && v[3] != '.' {
				v = v[:3] + "." + v[3:]
			}
			// A number without a point may be a dose: "Gout, allopurinol 100 mg".
			if _, known := r.terms.Code(terms.ICD10CM, v); known || strings.Contains(t, ".") {
				return v, true
			}
		}
	}
	return "", false
}

// codeFits tells whether a code is that of the words beside it: then even a
// misread one is sure.
func (r *reader) codeFits(p, code passage, v string) bool {
	for _, want := range r.wanted(p, code) {
		if strings.HasPrefix(v, want[:3]) {
			return true
		}
	}
	return false
}

// wanted are the codes that the vocabulary has for the words around a code, and
// for those before it.
func (r *reader) wanted(p, code passage) []string {
	var out []string
	for _, q := range []passage{r.cutPlan(r.without(p, code)), p.sub(0, max(0, p.offsetOf(code))).trim(" ,;:.-–([")} {
		m, ok := r.terms.Match(terms.Diagnosis, stripLead(q.text))
		if !ok || m.Concept == nil {
			continue
		}
		if want := codeOf(m.Concept, terms.ICD10CM); len(want) >= 3 {
			out = append(out, want)
		}
	}
	return out
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
