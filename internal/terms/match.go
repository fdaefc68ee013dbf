package terms

import (
	"slices"
	"strings"
)

// threshold is the score below which Match stays silent.
const threshold = 0.8

// What each liberty taken with the text costs the score.
const (
	lossDrop    = 0.03 // words left out that say little
	lossClass   = 0.08 // a qualifier left out that no sibling concept has
	lossBracket = 0.04 // a parenthesis left out
	lossJoin    = 0.05 // tokens joined or cut apart
	lossRemark  = 0.12 // a remark left out: who looks for where a name ends must not take it for part of the name
)

// Match returns the best concept for a text as printed, or false. Allergens
// may be drugs; the concept's Domain tells.
func (s *Set) Match(d Domain, text string) (Match, bool) {
	if len(text) > maxText || d == Lab && s.onlyUnit(text) || d == Diagnosis && strings.Contains(text, "?") {
		return Match{}, false // "? DVT" is a question
	}
	switch {
	case d == Diagnosis:
		text = without(dated(unnumbered(text)))
	case d == Lab && strings.Contains(text, "/"):
		if m, ok := s.ratio(text); ok {
			return m, true
		}
	}
	if m, ok := s.try(d, text); ok {
		return m, true
	}
	if d == Lab {
		if name := s.withoutUnit(text); name != "" {
			if m, ok := s.try(d, name); ok {
				m.Score -= lossDrop
				return m, true
			}
		}
	}
	if bare := unbracket(text); bare != text && letters(bare) > 2 {
		if m, ok := s.try(d, bare); ok && !(d == Diagnosis && s.hanging(text)) {
			m.Score -= lossBracket
			return m, m.Score >= threshold
		}
		if m, ok := s.try(d, bracketed(d, text)); ok {
			m.Score -= lossBracket
			return m, m.Score >= threshold
		}
	}
	switch d {
	case Allergen:
		if m, ok := s.beforeReaction(text); ok {
			return m, true
		}
		return s.Match(Drug, text)
	case Diagnosis:
		return s.remarked(text)
	}
	return Match{}, false
}

// hanging tells whether what stands in brackets has a word that a code may hang
// on: "Asplenia (congenital)".
func (s *Set) hanging(text string) bool {
	return slices.ContainsFunc(stems(bracketed(Lab, text)), func(t string) bool { return s.wording.tell[t] })
}

// ratio reads "Cholesterol/HDL" as the ratio of the two, where there is one.
func (s *Set) ratio(text string) (Match, bool) {
	raw := stems(text + " ratio")
	if len(raw) > maxTokens {
		return Match{}, false
	}
	for _, x := range s.layers {
		if t, ok := x.exact(Lab, s.wording.canon(Lab, raw)); ok {
			return x.match(t, 1), true
		}
	}
	return Match{}, false
}

// onlyUnit tells a unit that stands where a test should ("mg/dL").
func (s *Set) onlyUnit(text string) bool {
	if !strings.Contains(text, "/") {
		return false
	}
	_, ok := s.units.printed[s.units.squeeze(text)]
	if !ok && len(text) < 12 {
		_, ok = s.Unit(text)
	}
	return ok
}

// withoutUnit takes a unit off the end of a test's name ("WBC x10E3/uL"). It is
// empty where there is none.
func (s *Set) withoutUnit(text string) string {
	i := strings.LastIndexByte(text, ' ')
	if i > 0 && (strings.HasPrefix(text[i+1:], "x10") || strings.HasPrefix(text[i+1:], "X10")) {
		return strings.TrimRight(text[:i], " ,;(")
	}
	if i < 0 || !s.onlyUnit(strings.Trim(text[i+1:], "()[]")) {
		return ""
	}
	return strings.TrimRight(text[:i], " ,;(")
}

// try matches a text without taking its brackets off.
func (s *Set) try(d Domain, text string) (Match, bool) {
	raw := stems(text)
	if len(raw) == 0 || len(raw) > maxTokens || letters(text) < 1 {
		return Match{}, false
	}
	for _, x := range s.layers {
		if m, ok := s.direct(x, d, raw); ok {
			return m, true
		}
	}
	if len(raw) > maxDamaged {
		return Match{}, false
	}
	for _, x := range s.layers {
		if m, ok := s.damaged(x, d, raw); ok {
			return m, true
		}
	}
	return Match{}, false
}

// direct matches tokens that are spelled right.
func (s *Set) direct(x *index, d Domain, raw []string) (Match, bool) {
	if i := x.keys.find(seqKey(d, raw)); i >= 0 {
		return x.match(x.keyTerm.at(i), 1), true
	}
	toks := s.wording.canon(d, raw)
	if t, ok := x.exact(d, toks); ok {
		return x.match(t, 1), true
	}
	if d == Diagnosis {
		if m, ok := s.undated(x, toks); ok {
			return m, true
		}
	}
	if s.wording.refused(d, raw) {
		return Match{}, false
	}
	if d == Drug {
		for cut := beforeStrength(raw); cut != nil; cut = shorter(cut) {
			if m, ok := s.direct(x, d, cut); ok {
				return m, true
			}
		}
	}
	m, ok := s.lessWords(x, d, toks)
	switch {
	case ok:
		return m, true
	case d == Diagnosis:
		return s.headOf(x, raw, toks)
	case d == Drug:
		if cut := beforeNumber(raw); len(cut) < len(raw) {
			return s.direct(x, d, cut)
		}
	}
	return Match{}, false
}

// undated finds a term exactly once the years are out of it: what is dated may
// be history.
func (s *Set) undated(x *index, toks []string) (Match, bool) {
	rest := slices.DeleteFunc(slices.Clone(toks), year)
	if len(rest) == len(toks) {
		return Match{}, false
	}
	t, ok := x.exact(Diagnosis, rest)
	if !ok {
		return Match{}, false
	}
	m := x.match(t, 1-lossDrop)
	if m.event() {
		return x.past(rest)
	}
	return m, !m.injury()
}

// event tells a code for what happens at one time and is history after it: an
// infarction, a stroke, a thrombosis.
func (m Match) event() bool {
	if len(m.Concept.Codings) == 0 {
		return false
	}
	code := m.Concept.Codings[0].Code
	for _, c := range [...]string{"I21", "I22", "I26", "I60", "I61", "I63", "I82.4", "G45.9"} {
		if strings.HasPrefix(code, c) {
			return true
		}
	}
	return false
}

// past is the history of what some words name.
func (x *index) past(toks []string) (Match, bool) {
	t, ok := x.exact(Diagnosis, append(slices.Clone(toks), "history"))
	if !ok {
		return Match{}, false
	}
	return x.match(t, 1-lossDrop), true
}

// headOf reads what stands before a status ("s/p CABG") or a treatment ("on
// CPAP") as the disease.
func (s *Set) headOf(x *index, raw, toks []string) (Match, bool) {
	if m, ok := s.beforeStatus(x, toks); ok {
		return m, true
	}
	if i := cared(raw); i > 0 {
		m, ok := s.direct(x, Diagnosis, raw[:i])
		m.Score -= lossDrop
		return m, ok && m.Score >= threshold
	}
	i := slices.Index(raw, "on")
	if j := slices.Index(raw, "by"); i < 0 {
		i = j
	}
	if i <= 0 || i+1 >= len(raw) || !s.treats(x, raw[i+1:]) {
		return Match{}, false
	}
	m, ok := s.direct(x, Diagnosis, raw[:i])
	m.Score -= lossDrop
	return m, ok && m.Score >= threshold
}

// cared is where it begins to be told who treats a disease or whose word it is
// ("followed by cardiology", "per patient"), or -1.
func cared(raw []string) int {
	for i, t := range raw {
		switch next := i + 1; {
		case t == "per":
			return i
		case next < len(raw) && raw[next] == "by" && (t == "followed" || t == "managed" || t == "seen" || t == "treated" || t == "reported"):
			return i
		}
	}
	return -1
}

// treats tells whether words name a drug or a device.
func (s *Set) treats(x *index, raw []string) bool {
	switch raw[0] {
	case "cpap", "bipap", "apap", "dialysi", "dialysis", "hd", "pd", "oxygen", "o2", "insulin", "medication", "med", "treatment", "therapy", "rx", "diet",
		"cxr", "ct", "mri", "xray", "ultrasound", "us", "echo", "ekg", "ecg", "imaging", "mammogram", "colonoscopy", "egd", "exam", "biopsy", "bx":
		return true
	}
	_, ok := s.direct(x, Drug, raw)
	return ok
}

// beforeStatus reads "coronary disease s/p CABG" as the disease: what was done
// about it is a fact of its own.
func (s *Set) beforeStatus(x *index, toks []string) (Match, bool) {
	i := slices.Index(toks, "statuspost")
	if i <= 0 {
		return Match{}, false
	}
	if t, ok := x.exact(Diagnosis, toks[:i]); ok {
		return x.match(t, 1-lossDrop), true
	}
	m, ok := s.lessWords(x, Diagnosis, toks[:i])
	m.Score -= lossDrop
	return m, ok && m.Score >= threshold
}

// lessWords leaves out words that say little, then qualifiers that make no
// difference to any code.
func (s *Set) lessWords(x *index, d Domain, toks []string) (Match, bool) {
	if m, ok := x.onSide(d, toks, 1); ok {
		return m, true
	}
	if d == Drug {
		if t, ok := x.exact(d, slices.DeleteFunc(slices.Clone(toks), numeric)); ok {
			return x.match(t, 1-lossDrop), true
		}
	}
	rest := slices.DeleteFunc(unmeasured(d, toks), func(t string) bool {
		return s.wording.drop[wordKey(d, t)] || (d == Drug || d == Procedure) && numeric(t) || d == Diagnosis && year(t) || d == Drug && frequency(t)
	})
	if len(rest) == 0 {
		return Match{}, false
	}
	if d == Lab {
		if m, ok := x.share(toks); ok {
			return m, true
		}
	}
	m, ok := s.fewer(x, d, toks, rest)
	if !ok && d == Diagnosis {
		m, ok = s.keeping(x, toks, rest)
	}
	if !ok && d == Diagnosis {
		m, ok = s.unnamed(x, rest)
	}
	if !ok && d == Diagnosis {
		m, ok = s.inRegion(x, rest)
	}
	if !ok && d == Diagnosis && slices.ContainsFunc(rest, staging) {
		// The stage of a tumour is in no code.
		if m, ok = s.fewer(x, d, toks, slices.DeleteFunc(slices.Clone(rest), staging)); ok {
			ok = m.tumour() && !slices.ContainsFunc(rest, spreadTo) && !slices.ContainsFunc(rest, func(t string) bool { return staging(t) && s.tells(m, t) })
		}
	}
	if !ok && d == Diagnosis {
		if m, ok = s.sited(x, toks); !ok {
			m, ok = s.sited(x, rest)
		}
	}
	if ok && d == Diagnosis && (m.injury() || m.event()) && slices.ContainsFunc(toks, year) {
		if !m.injury() {
			return x.past(rest)
		}
		return Match{}, false // an injury of a past year is history, the code is not
	}
	return m, ok
}

// keeping leaves one of the words that say little where it is: "disease" says
// nothing in most names and is the head of some.
func (s *Set) keeping(x *index, toks, rest []string) (Match, bool) {
	if len(toks)-len(rest) < 2 || len(toks) > maxDamaged {
		return Match{}, false
	}
	for i, kept := range toks {
		if !s.wording.drop[wordKey(Diagnosis, kept)] {
			continue
		}
		out := unmeasured(Diagnosis, toks[:i])
		out = append(append(out, kept), unmeasured(Diagnosis, toks[i+1:])...)
		out = slices.DeleteFunc(out, func(t string) bool {
			return t != kept && (s.wording.drop[wordKey(Diagnosis, t)] || year(t))
		})
		if t, ok := x.exact(Diagnosis, out); ok {
			return x.match(t, 1-lossDrop), true
		}
	}
	return Match{}, false
}

// unnamed adds the "disease" that a name has dropped ("anxiety, generalized"),
// though not to a mere part of the body.
func (s *Set) unnamed(x *index, toks []string) (Match, bool) {
	if len(toks) < 2 || !slices.ContainsFunc(toks, func(t string) bool { return !s.wording.organ[t] && !s.wording.site[t] }) {
		return Match{}, false
	}
	t, ok := x.exact(Diagnosis, append(slices.Clone(toks), "disease"))
	if !ok {
		return Match{}, false
	}
	return x.match(t, 1-lossClass), true
}

// inRegion reads a part of the body as the region that the codes of the skin and
// its tumours know: an abscess of the thigh is one of the lower limb.
func (s *Set) inRegion(x *index, toks []string) (Match, bool) {
	for i, t := range toks {
		region, ok := s.wording.region[t]
		if !ok {
			continue
		}
		wide := slices.Clone(toks)
		wide[i] = region
		m, ok := x.onSide(Diagnosis, wide, 1-lossClass)
		if !ok {
			var at int
			if at, ok = x.exact(Diagnosis, wide); ok {
				m = x.match(at, 1-lossClass)
			}
		}
		if ok && len(m.Concept.Codings) > 0 && strings.ContainsRune("LCD", rune(m.Concept.Codings[0].Code[0])) {
			return m, true
		}
	}
	return Match{}, false
}

// share reads "Hb A1c %" as the test without the sign, where that is what it is
// measured in.
func (x *index) share(toks []string) (Match, bool) {
	rest := slices.DeleteFunc(slices.Clone(toks), func(t string) bool { return t == "percent" || t == "%" })
	if len(rest) == 0 || len(rest) == len(toks) {
		return Match{}, false
	}
	t, ok := x.exact(Lab, rest)
	if !ok || x.str(x.concepts.at(conceptWidth*x.termConcept(t)+2)) != "%" {
		return Match{}, false
	}
	return x.match(t, 1-lossDrop), true
}

// sited leaves out a part of the body that the code's own title names ("rotator
// cuff tear, left shoulder"), or that no code of its category does.
func (s *Set) sited(x *index, rest []string) (Match, bool) {
	for i, t := range rest {
		if !s.wording.site[t] {
			continue
		}
		bare := slices.Delete(slices.Clone(rest), i, i+1)
		m, ok := x.onSide(Diagnosis, bare, 1-lossDrop)
		if !ok {
			if m, ok = s.fewer(x, Diagnosis, rest, bare); !ok {
				continue
			}
		}
		if len(m.Concept.Codings) == 0 {
			continue
		}
		c := m.Concept.Codings[0]
		if slices.Contains(stems(c.Display), t) {
			return m, true
		}
		if strings.HasPrefix(c.Code, "C80") {
			continue // a tumour of no known place is none of this one
		}
		inherent := c.Code[0] == 'H' && (t == "eye" || t == "ear")
		if m.Score -= lossClass; m.Score >= threshold && c.Code[0] != 'Z' && (inherent || !s.tells(m, t) && !s.sites(m)) {
			return m, true
		}
	}
	return Match{}, false
}

// fewer matches what is left of toks.
func (s *Set) fewer(x *index, d Domain, toks, rest []string) (Match, bool) {
	if len(rest) < len(toks) {
		if t, ok := x.exact(d, rest); ok {
			return x.match(t, 1-lossDrop), true
		}
		if m, ok := x.onSide(d, rest, 1-lossDrop); ok {
			return m, true
		}
	}
	return s.lessQualified(x, d, rest)
}

// injury tells a code that says an injury is being treated for the first time.
func (m Match) injury() bool {
	return len(m.Concept.Codings) > 0 && strings.ContainsRune("STVWXY", rune(m.Concept.Codings[0].Code[0]))
}

// spreadTo tells an organ that tumours of others spread to: "metastatic bone
// cancer" began elsewhere.
func spreadTo(t string) bool {
	return t == "bone" || t == "brain" || t == "liver" || t == "lymph" || t == "node"
}

// tumour tells a code for a neoplasm.
func (m Match) tumour() bool {
	return len(m.Concept.Codings) > 0 && (m.Concept.Codings[0].Code[0] == 'C' || m.Concept.Codings[0].Code < "D5" && m.Concept.Codings[0].Code[0] == 'D')
}

// lessQualified leaves out the qualifiers: the side, unless the code has one,
// and what no sibling concept is told apart by.
func (s *Set) lessQualified(x *index, d Domain, rest []string) (Match, bool) {
	side, sideless := sideNone, rest
	if d == Diagnosis {
		side, sideless = sideOf(rest)
	}
	bare := slices.Clone(sideless)
	for _, c := range s.wording.classes[d] {
		bare = slices.DeleteFunc(bare, func(t string) bool { return slices.Contains(c, t) })
	}
	if len(bare) == 0 || len(bare) == len(rest) {
		return Match{}, false
	}
	t, ok := x.exact(d, bare)
	if !ok || s.siblings(x, d, sideless, bare) || x.contradicts(t, rest) {
		return Match{}, false
	}
	if len(sideless) == len(rest) {
		return x.match(t, 1-lossClass), true
	}
	if x.sided(t) {
		m, found := x.sibling(t, side)
		return m.scored(1 - lossClass), found
	}
	m := x.match(t, 1-lossClass)
	if side != sideNone && len(m.Concept.Codings) > 0 && x.lateral(m.Concept.Codings[0].Code) {
		return Match{}, false
	}
	return m, !x.besides(d, side, bare)
}

// besides tells whether another concept is the same thing on the side named; one
// for both sides says nothing of one that is on the right.
func (x *index) besides(d Domain, side int, bare []string) bool {
	for i, word := range sideWords {
		if side != sideBoth && side != sideNone && i == sideBoth {
			continue
		}
		if _, ok := x.exact(d, append(slices.Clone(bare), word)); ok {
			return true
		}
	}
	return false
}

// siblings tells whether a qualifier that was left out does tell concepts
// apart here: then leaving it out would name the wrong one.
func (s *Set) siblings(x *index, d Domain, all, bare []string) bool {
	for _, c := range s.wording.classes[d] {
		if !slices.ContainsFunc(all, func(t string) bool { return slices.Contains(c, t) }) {
			continue
		}
		for _, member := range c {
			if _, ok := x.exact(d, append(slices.Clone(bare), member)); ok {
				return true
			}
		}
	}
	return false
}

// damaged matches tokens some of which are misspelt, joined or cut apart.
func (s *Set) damaged(x *index, d Domain, raw []string) (Match, bool) {
	if s.wording.refused(d, raw) {
		return Match{}, false
	}
	if d == Drug {
		raw = beforeNumber(raw)
	}
	m, ok := s.respell(x, d, raw, false)
	if !ok {
		m, ok = s.respell(x, d, raw, true)
	}
	if ok {
		return m, true
	}
	if alt := x.rejoin(d, raw); alt != nil {
		if m, ok = s.direct(x, d, alt); !ok {
			m, ok = s.respell(x, d, alt, false)
		}
		m.Score -= lossJoin
		return m, ok && m.Score >= threshold
	}
	return Match{}, false
}

// respell replaces each unknown token by the words it may be and keeps the
// cheapest reading that names a concept, unless another one is nearly as cheap.
// With expand a word may also be an abbreviation made on the spot.
func (s *Set) respell(x *index, d Domain, raw []string, expand bool) (Match, bool) {
	readings := []reading{{toks: slices.Clone(raw)}}
	unknown := 0
	for i, t := range raw {
		if x.known(d, t) || s.layers[0].known(d, t) {
			continue
		}
		if unknown++; unknown > 4 {
			return Match{}, false
		}
		if d == Drug && len(t) > 5 && s.layers[0].known(Diagnosis, t) {
			return Match{}, false // a real word
		}
		near := x.spellings(d, t)
		if len(near) == 0 {
			near = x.completions(d, t)
		}
		if expand && (len(near) == 0 || len(t) <= shortestWord) {
			near = append(near, x.abbreviated(d, t, s.wording.context(d, raw, i))...)
		}
		if len(near) == 0 {
			return Match{}, false
		}
		readings = spread(readings, i, near)
	}
	if unknown == 0 {
		return Match{}, false
	}
	return s.cheapest(x, d, raw, readings)
}

// maxReadings bounds how many readings of a damaged text are tried.
const maxReadings = 20

type reading struct {
	toks []string
	cost int
}

func spread(in []reading, i int, near []spelling) []reading {
	var out []reading
	for _, r := range in {
		for _, n := range near {
			t := slices.Clone(r.toks)
			t[i] = n.word
			out = append(out, reading{t, r.cost + n.cost})
		}
	}
	slices.SortStableFunc(out, func(a, b reading) int { return a.cost - b.cost })
	return out[:min(len(out), maxReadings)]
}

// margin is how much dearer another concept's reading must be.
const margin = 25

func (s *Set) cheapest(x *index, d Domain, raw []string, readings []reading) (Match, bool) {
	var best Match
	found, cost, concept := false, 0, -1
	for _, r := range readings {
		if found && r.cost > cost+margin {
			break
		}
		m, ok := s.direct(x, d, r.toks)
		if !ok {
			continue
		}
		t, _ := x.exactTerm(d, m.Term, s.wording)
		c := x.termConcept(t)
		if found && c != concept {
			return Match{}, false
		}
		if !found {
			best, found, cost, concept = m, true, r.cost, c
		}
	}
	if !found {
		return Match{}, false
	}
	n := 0
	for _, t := range raw {
		n += len(t)
	}
	best.Score -= float64(cost) / 100 / float64(n)
	return best, best.Score >= threshold
}

func (x *index) exactTerm(d Domain, term string, w *wording) (int, bool) {
	return x.exact(d, w.canon(d, stems(term)))
}

// rejoin joins pairs of tokens that are one word and cuts one that is two.
// It returns nil where there is nothing to do.
func (x *index) rejoin(d Domain, raw []string) []string {
	var out []string
	changed := false
	for i := 0; i < len(raw); i++ {
		t := raw[i]
		if i+1 < len(raw) && (!x.known(d, t) || !x.known(d, raw[i+1])) && len(t)+len(raw[i+1]) >= 4 {
			if j := stem(t + raw[i+1]); x.known(d, j) {
				out, changed = append(out, j), true
				i++
				continue
			}
		}
		if a, b, ok := x.halves(d, t); ok {
			out, changed = append(out, a, b), true
			continue
		}
		out = append(out, t)
	}
	if !changed {
		return nil
	}
	return number(out)
}

func (x *index) halves(d Domain, t string) (string, string, bool) {
	if len(t) < 7 || x.known(d, t) {
		return "", "", false
	}
	for i := 3; i <= len(t)-3; i++ {
		a, b := stem(t[:i]), t[i:]
		if x.known(d, a) && x.known(d, b) {
			return a, b, true
		}
	}
	return "", "", false
}

func (x *index) match(term int, score float64) Match {
	return Match{Concept: x.concept(x.termConcept(term)), Term: x.termText(term), Score: score}
}

// beforeStrength returns the tokens before the number of a drug's first
// strength, or nil.
func beforeStrength(raw []string) []string {
	for i, t := range raw {
		if i == 0 || !digit(t[0]) {
			continue
		}
		if strengthUnit(strings.TrimLeft(t, "0123456789.")) || i+1 < len(raw) && strengthUnit(raw[i+1]) {
			return raw[:i]
		}
	}
	return nil
}

// shorter takes off a last token that is a number: the strengths of a
// combination ("20/12.5 mg"), though not before the whole was tried ("70/30").
func shorter(raw []string) []string {
	if n := len(raw); n > 1 && numeric(raw[n-1]) {
		return raw[:n-1]
	}
	return nil
}

// beforeNumber returns the tokens before the first one that begins with a digit:
// a damaged name is not sought among strengths and doses.
func beforeNumber(raw []string) []string {
	for i, t := range raw {
		if i > 0 && digit(t[0]) {
			return raw[:i]
		}
	}
	return raw
}

func numeric(t string) bool { return strings.Trim(t, "0123456789.") == "" }

// frequency tells "q6h", "q2wk", "q6mo".
func frequency(t string) bool {
	rest, ok := strings.CutPrefix(t, "q")
	unit := strings.TrimLeft(rest, "0123456789")
	if !ok || len(unit) == len(rest) {
		return false
	}
	switch unit {
	case "", "h", "hr", "hrs", "d", "day", "w", "wk", "wks", "week", "m", "mo", "mos", "month", "min":
		return true
	}
	return false
}

func strengthUnit(t string) bool {
	switch t {
	case "mg", "mcg", "ug", "g", "gm", "gram", "ml", "unit", "iu", "u", "meq", "%", "mmol", "milligram", "microgram":
		return true
	}
	return false
}

// bracketed is what stands in brackets: the meaning of an abbreviation before
// them. For a diagnosis it must be more than one word.
func bracketed(d Domain, text string) string {
	_, rest, ok := strings.Cut(text, "(")
	if !ok {
		return ""
	}
	inner, after, _ := strings.Cut(rest, ")")
	if head, _, _ := strings.Cut(text, "("); d == Diagnosis && (strings.Contains(strings.TrimSpace(head), " ") || letters(after) > 0) {
		return "" // a clause of a longer text, not what it means
	}
	if d != Lab && d != Drug && !strings.ContainsAny(strings.TrimSpace(inner), " -") {
		return ""
	}
	return inner
}

// unbracket removes what stands in brackets.
func unbracket(text string) string {
	var b strings.Builder
	depth := 0
	for _, r := range text {
		switch r {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth = max(0, depth-1)
		default:
			if depth == 0 {
				b.WriteRune(r)
			}
		}
	}
	return strings.TrimSpace(b.String())
}

func letters(s string) int {
	n := 0
	for i := range len(s) {
		if c := s[i] | 0x20; c >= 'a' && c <= 'z' {
			n++
		}
	}
	return n
}
