package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/grammar/history"
	"github.com/paperchart/paperchart/internal/terms"
)

// Running text is read by the clause: a term of the vocabulary is a mention, its
// assertion says whether it is this patient's and now, and what stands between it
// and the next mention of its kind belongs to it. No phrase has to be known for a
// fact to be found; the verbs below only say what became of a thing.

// subject begins a sentence that is about somebody, not an entry of a list.
var subject = regexp.MustCompile(`(?i)^(?:s?he|they|his|her|their|the|this|these|there|it|i|we|you|our|my|patient|pt|mrs?\.?|ms\.?|miss|of note|as you|at present|currently|since|although|while|when|should|if|in|on|at|for|no|nobody|both|otherwise|\d{1,3}[- ]?(?:y/?o|y\.o\.?|yo|yrs?|years?|months?|f|m)\b.*|apart|please|please note|thank|many|bloods?|a|an)\s`)

// finite are verbs that make a sentence of words.
var finite = regexp.MustCompile(`(?i)\b(?:is|was|were|are|has|have|had|takes?|underwent|received|denies|denied|reports|reported|suffers|includes?|included|showed|measured|remains|came|may\s+[a-z]+|might|could|would|will|should|continues to|used to|quit|smokes)\b`)

// running tells a sentence from an entry of a list.
func running(p passage) bool {
	n := len(wordsOf(p))
	if statement.MatchString(p.text) {
		return true
	}
	return n >= 3 && subject.MatchString(p.text) && (n > 5 || finite.MatchString(p.text)) || n >= 3 && finite.MatchString(p.text) && !listWords.MatchString(p.text)
}

// statement begins a sentence that leaves its subject out.
var statement = regexp.MustCompile(`(?i)^(?:(?:also )?(?:allergic|intolerant|sensitive) (?:to|of)|(?:current|home|regular|his|her) (?:medications?|medicines|meds) (?:are|include)|status[- ]post|s/p|diagnosed with|treated with|started on|currently (?:on|takes|taking))\s`)

// listWords are finite verbs as entries of lists have them.
var listWords = regexp.MustCompile(`(?i)^[^.]*\b(?:which|that|who)\s+(?:is|was|has|had)\b|^\W*(?:sig|take|takes|apply|inject|use|inhale|give)\b|\bmay (?:repeat|take|use|have)\b|:\s`)

// tell reads what a sentence says of the patient.
func (r *reader) tell(s passage, ctx around) {
	if m := cityLine.FindStringIndex(s.text); m != nil {
		s = s.sub(m[1], len(s.text)) // what stands before is an address
	}
	s = s.trim(" ")
	if len(wordsOf(s)) == 1 {
		r.tellAllergies(s, ctx)
		r.socialSentence(s, ctx)
		return
	}
	if len(wordsOf(s)) < 2 || courtesy.MatchString(s.text) {
		return
	}
	labs := r.tellLabs(s, ctx)
	r.tellProblems(s, ctx)
	r.tellMedications(s, labs, ctx)
	r.tellAllergies(s, ctx)
	r.tellProcedures(s, labs, ctx)
	r.tellShots(s, ctx)
	r.tellFamily(s, ctx)
	if ctx.sec != secPlan && !disorder.MatchString(s.text) {
		r.socialSentence(s, ctx)
	}
	r.tellVisit(s, ctx)
}

// cityLine finds the end of an address: "Twin Falls, ID 83301".
var cityLine = regexp.MustCompile(`,\s*[^\s,]{1,3}\s+\d{5}(?:-\d{4})?\b`)

// disorder tells that habits are named as an illness.
var disorder = regexp.MustCompile(`(?i)\b(?:disorder|dependence|abuse|withdrawal|counsel+ing|cessation)\b`)

// tellItem reads an item of a list that is running text: dictation under its
// heading, or a letter's body behind the list that opened it. What is under a
// family history is about relatives, whoever is meant.
func (r *reader) tellItem(p passage, ctx around) bool {
	ss := sentences(p)
	n := 0
	for _, s := range ss {
		n += int(boolTo(running(s)))
	}
	if n == 0 || ctx.sec == secLabs || ctx.sec == secFamily && 2*n <= len(ss) {
		return false
	}
	var entry []passage
	told := false
	flush := func() {
		if len(entry) > 0 {
			r.readEntry(p.sub(p.offsetOf(entry[0]), p.offsetOf(entry[len(entry)-1])+len(entry[len(entry)-1].text)), ctx)
		}
		entry = nil
	}
	for _, s := range ss {
		switch {
		case ctx.sec == secFamily:
			r.tellFamily(s, ctx)
		case !running(s) && 2*n <= len(ss) && !told:
			entry = append(entry, s)
		default:
			flush()
			told = true
			r.tellOrEnter(s, ctx)
		}
	}
	flush()
	return true
}

// tellOrEnter reads a sentence of a list. One that says nothing, and is no whole
// sentence, is an entry where it begins with a term of the list's kind.
func (r *reader) tellOrEnter(s passage, ctx around) {
	before := len(r.facts)
	r.tell(s, ctx)
	if len(r.facts) > before || running(s) {
		return
	}
	if ctx.sec == secAllergies || r.opensWithTerm(rowsOf[ctx.sec], s) {
		r.readEntry(s, ctx)
	}
}

// opensWithTerm tells whether a text begins with a term of a kind.
func (r *reader) opensWithTerm(k kind, s passage) bool {
	ws := wordsOf(s)
	for n := min(5, len(ws)); n > 0; n-- {
		if r.isTerm(k, s.sub(ws[0].from, ws[n-1].to).trim(" ,;:.()").text) {
			return true
		}
	}
	return false
}

// paragraph marks the lines that go on with the one before where a block is
// running text: a full line that no sentence ends.
//
// Where the block is telegraphic, or a list behind its title, a line goes on only
// where the print shows it: the one before is as wide as the page and ends
// nothing, and this one begins small or the other breaks off.
func (r *reader) paragraph(c *chunk, lines []line) []line {
	text := make([]passage, len(lines))
	right := 0
	for i, l := range lines {
		text[i] = l.passage
		right = max(right, l.box.Max.X)
	}
	ss := sentences(join(text...))
	n := 0
	for _, s := range ss {
		n += int(boolTo(running(s.trim(" "))))
	}
	if len(lines) < 2 {
		return lines
	}
	prose := 2*n > len(ss)
	if !prose && c.sec.list() && !c.inline || right < r.column(lines[0].page) {
		return lines
	}
	out := append([]line(nil), lines...)
	for i := 1; i < len(out); i++ {
		before, l := out[i-1], &out[i]
		full := right-before.box.Max.X < (before.box.Max.X-before.box.Min.X)/4
		if full && before.page == l.page && len(before.ink) > 4 && !bullet.MatchString(l.text) && l.box.Min.Y > before.box.Min.Y && (prose || breaksOff(before.text, l.text)) {
			l.wraps = true
		}
	}
	return out
}

// column is the least right edge of a page's running text: the middle of it.
func (r *reader) column(pg int) int {
	for _, p := range r.doc.Pages {
		if p.Number == pg {
			w, _ := pageBounds(p)
			return w / 2
		}
	}
	return 0
}

// breaksOff tells whether a line stops in the middle of something that the next
// one goes on with.
func breaksOff(before, next string) bool {
	before = strings.TrimSpace(before)
	if before == "" || next == "" || strings.IndexByte(".;:!?", before[len(before)-1]) >= 0 && !abbreviation[strings.ToLower(strings.TrimRight(lastWord(before), "."))] {
		return false
	}
	c := next[0]
	return c >= 'a' && c <= 'z' || isDigit(c) || c == '(' || openEnd.MatchString(before)
}

// openEnd is a line's end behind which something must come.
var openEnd = regexp.MustCompile(`(?i)(?:,|\b(?:and|or|with|of|the|a|an|for|to|in|on|at|by|from|no|has|had|is|was|her|his|dr\.?))$`)

// courtesy are sentences of letters that say nothing of the patient.
var courtesy = regexp.MustCompile(`(?i)^(?:dear|yours|sincerely|with (?:kind|best|warm)|kind regards|best wishes|to whom)\b`)

// tellFamily reads the illnesses of relatives: known ones, each with the relative
// nearest to it.
func (r *reader) tellFamily(s passage, ctx around) {
	if !relativeWord.MatchString(s.text) {
		return
	}
	c := ctx
	c.label, c.bond = 0.6, 0.7
	rw := row{ctx: c, whole: s}
	n := len(r.facts)
	for _, m := range r.mentions(terms.Diagnosis, s, 6) {
		a := says(s, m.passage)
		if !a.Family || a.Negated || a.Planned {
			continue
		}
		if rel := relativeNear(s, m); !rel.empty() {
			r.addRelative(rel, m.passage, rw)
		}
	}
	if ctx.sec == secFamily && len(r.facts) == n {
		r.familyItem(s, ctx)
	}
}

var relativeWord = regexp.MustCompile(`(?i)\b(?:(?:maternal|paternal|half|older|younger|twin)[ -])?(?:grand)?(?:mother|father|mom|dad|parents?|brothers?|sisters?|siblings?|sons?|daughters?|aunts?|uncles?|cousins?|nephews?|nieces?)\b`)

// escort leads to a relative who came along or told.
var escort = regexp.MustCompile(`(?i)\b(?:by|here with|lives? with|living with|accompanied by|per|according to|told|from|brought by|presents with|seen with)\s+(?:(?:her|his|the|their|both)\s+)?$`)

// relativeNear is the relative that bears an illness: the last one before it, or
// the first behind it.
func relativeNear(s passage, m mention) passage {
	best := passage{}
	for _, loc := range relativeWord.FindAllStringIndex(s.text, -1) {
		if escort.MatchString(s.text[:loc[0]]) {
			continue
		}
		if loc[0] >= m.from && !best.empty() && loc[0]-m.to > 12 {
			break
		}
		if loc[1] <= m.from || best.empty() {
			best = s.sub(loc[0], loc[1])
		}
	}
	return best
}

// visits are the ways of saying when somebody came and went. The date follows.
var visits = []struct {
	field string
	form  *regexp.Regexp
}{
	{"admission_date", regexp.MustCompile(`(?i)\b(?:admitted|admission|hospitali[sz]ed|inpatient|stayed|transferred to us)\b[^.]{0,60}?\b(?:on|from|between)\s+$`)},
	{"admission_date", regexp.MustCompile(`(?i)\b(?:was|been|who was) (?:admitted|hospitali[sz]ed)\s+$`)},
	{"discharge_date", regexp.MustCompile(`(?i)\b(?:was|been|and) discharged\s+(?:home\s+)?$`)},
	{"discharge_date", regexp.MustCompile(`(?i)\b(?:discharged?|went home|left (?:the )?hospital|allowed home|sent home)\b[^.]{0,40}?\b(?:on)\s+$`)},
	{"encounter_date", regexp.MustCompile(`(?i)\b(?:saw|seen|seeing|see|reviewed|evaluated|examined|visited|visit|attended|assessed|met|consultation|presented|clinic|appointment)\b(?:[^.]|\b(?:Mrs?|Ms|Dr)\.){0,60}?\b(?:on|of)\s+$`)},
}

var until = regexp.MustCompile(`(?i)^\s*(?:to|until|till|through|and|-|–)\s*$`)

// tellVisit reads the days of a visit or a stay.
func (r *reader) tellVisit(s passage, ctx around) {
	stay, last := false, 0
	for _, d := range r.dates(true).Find(s.text) {
		before := s.text[last:d.Start]
		if len(d.Value) != 10 {
			continue
		}
		field := ""
		if stay && until.MatchString(before) {
			field = "discharge_date"
		}
		for _, v := range visits {
			if field == "" && v.form.MatchString(before) && !(v.field == "encounter_date" && notVisit.MatchString(before)) {
				field = v.field
			}
		}
		stay, last = field == "admission_date", d.End
		if field == "" {
			continue
		}
		c, _ := r.dateCell(s.sub(d.Start, d.End), true)
		r.offer(labelled{label: s, means: &meaning{weight: 0.5}, closeness: 0.7, bond: 0.75, order: ctx.order}, field, c)
	}
}

// notVisit are words by which a day seen is another day, or another's.
var notVisit = regexp.MustCompile(`(?i)\b(?:last|previously|next|will be|scheduled|follow[- ]?up|by dr|again|underwent|received|performed|measured|vaccin\w+)\b`)

// tellAllergies reads substances and what they did, where a sentence speaks of
// allergy or intolerance, or of what a drug caused.
func (r *reader) tellAllergies(s passage, ctx around) {
	c := ctx
	c.label, c.bond, c.sec = 0.7, 0.75, secAllergies
	rw := row{ctx: c, whole: s}
	if _, none := history.NoKnownAllergies(s.text); none {
		if loc := allergyNone.FindStringIndex(s.text); loc != nil {
			r.addAllergy(s.sub(loc[0], loc[1]), passage{}, passage{}, rw)
			return
		}
	}
	loc := allergyWord.FindStringIndex(s.text)
	if loc == nil || noAllergyWord.MatchString(s.text) {
		return
	}
	tail := s.sub(loc[1], len(s.text))
	if i := strings.IndexByte(tail.text, '?'); i >= 0 {
		tail = tail.sub(i+1, len(tail.text)) // a form's question
	}
	if says(s, s.sub(loc[0], loc[1])).Negated || !says(s, s.sub(loc[0], loc[1])).Patients() {
		return
	}
	if tail = tail.sub(len(allergyGap.FindString(tail.text)), len(tail.text)); tail.empty() {
		return
	}
	for _, q := range r.allergyParts(tail) {
		r.allergyPart(q, rw)
	}
}

var (
	allergyNone   = regexp.MustCompile(`(?i)\b(?:NKDA|NKA|no (?:known )?(?:drug |food |medication |medicine |environmental )*(?:allergies|allergy)(?: to (?:any )?(?:medications?|drugs|medicines))?|not allergic to any(?: \w+)?)\b`)
	allergyWord   = regexp.MustCompile(`(?i)\b(?:allergic (?:reactions? )?to|allerg(?:y|ies)(?: (?:to|includes?|are|is|of)\b|:)|intoleran(?:t|ce|ces)(?: (?:of|to|include|are|is))?|(?:can ?not|can't|could not|does not|did not|unable to) tolerate|sensitiv(?:e|ity|ities) to|hypersensitiv(?:e|ity) to|(?:adverse )?reactions? to|reacted (?:badly )?to)\b`)
	noAllergyWord = regexp.MustCompile(`(?i)\b(?:allergy (?:clinic|testing|shots?|list|season|medications?|tablets?|symptoms)|allerg(?:y|ies) (?:were |was )?reviewed|seasonal allergies|insulin sensitiv)`)
	allergyGap    = regexp.MustCompile(`(?i)^\W*(?:(?:to|includes?|including|are|is|of|both|the|following|known)\b\W*)*`)
)

// allergyParts cuts at commas, semicolons and "and" where what follows is a
// substance: "penicillin (rash) and eggs, to which she reacted with hives".
func (r *reader) allergyParts(p passage) []passage {
	var out []passage
	from := 0
	for _, loc := range allergyCut.FindAllStringIndex(p.text, -1) {
		if loc[0] <= from || strings.Count(p.text[:loc[0]], "(") != strings.Count(p.text[:loc[0]], ")") {
			continue
		}
		rest := p.sub(loc[1], len(p.text))
		if head, _ := allergyHead(rest); head.empty() || !r.isSubstance(head.text) && !(len(head.ink) <= 2 && len(rest.text) > len(head.text) && reactsWith.MatchString(rest.text[len(head.text):])) {
			continue
		}
		out = append(out, p.sub(from, loc[0]))
		from = loc[1]
	}
	return append(out, p.sub(from, len(p.text)))
}

var (
	allergyCut = regexp.MustCompile(`(?i)\s*[,;]\s*(?:and\s+|also\s+)?(?:to\s+)?|\s+(?:and|as well as|plus)\s+(?:also\s+)?(?:to\s+)?`)
	// reactsWith stands between a substance and what it did.
	reactsWith = regexp.MustCompile(`(?i)^\W*(?:(?:to |from )?which\s+(?:s?he\s+|they\s+|the patient\s+)?)?(?:has |have |had )?(?:caus(?:es|ed|ing)|gives?|gave|produc(?:es|ed|ing)|result(?:s|ed|ing) in|lead(?:s|ing)? to|led to|react(?:s|ed|ing)? with|develop(?:s|ed)|made|makes|with|reaction|brings?(?: on)?|brought on)?\W*(?:(?:him|her|them|a|an|some|of|is|was)\s+)*`)
	partEnds   = regexp.MustCompile(`(?i)\s*(?:[,;:(]|\s[-–—]|\b(?:which|with|caus\w+|gives?|gave|produc\w+|to which|from which|react\w+|result\w+|lead\w*|led|and|but|because|since|as|on|when|in)\b)`)
)

// allergyHead is the substance that a part begins with.
func allergyHead(p passage) (head passage, end int) {
	end = len(p.text)
	if loc := partEnds.FindStringIndex(p.text); loc != nil {
		end = loc[0]
	}
	return p.sub(0, end).trim(" .,;:"), end
}

// allergyPart reads one substance and its reaction.
func (r *reader) allergyPart(p passage, rw row) {
	name, end := allergyHead(p)
	if name.empty() || denial.MatchString(name.text) || !r.isSubstance(name.text) && len(name.ink) > 2 {
		return
	}
	rest := p.sub(end, len(p.text))
	rest = rest.sub(len(reactsWith.FindString(rest.text)), len(rest.text)).trim(" .,;()[]-–")
	if loc := reactionEnds.FindStringIndex(rest.text); loc != nil {
		rest = rest.sub(0, loc[0])
	}
	if m, ok := r.terms.Match(terms.Reaction, rest.text); rest.empty() || len(rest.ink) > 4 && !(ok && m.Score > 0.9) {
		rest = passage{}
		for _, m := range r.mentions(terms.Reaction, p.sub(end, len(p.text)), 4) {
			rest = m.passage
			break
		}
	}
	if !r.isSubstance(name.text) && rest.empty() {
		return
	}
	r.addAllergy(name, rest, severityIn(p), rw)
}

var reactionEnds = regexp.MustCompile(`(?i)\s*[,;.)]|\s+(?:and (?:s?he|has|is|was)|but|when|in \d|years ago|as a child|after)\b`)

// shotWord tells that a sentence speaks of vaccines given.
var (
	shotWord = regexp.MustCompile(`(?i)\b(?:vaccin\w*|immuni[sz]\w*|shots?|jabs?|boosters?|dose|doses|series|received|given|administered|had)\b`)
	shotNot  = regexp.MustCompile(`(?i)\b(?:declin\w+|refus\w+|due|overdue|recommend\w*|will|should|advised|offered|discuss\w*|next|never|consider\w*|plan\w*|schedul\w+)\b`)
)

// tellShots reads vaccines that were given on a day.
func (r *reader) tellShots(s passage, ctx around) {
	if !shotWord.MatchString(s.text) || shotNot.MatchString(s.text) || digits(s.text) < 4 && !(today.MatchString(s.text) && shotGiven.MatchString(s.text)) {
		return
	}
	now := passage{}
	if loc := today.FindStringIndex(s.text); loc != nil {
		now = s.sub(loc[0], loc[1])
	}
	c := ctx
	c.label, c.bond = 0.6, 0.7
	ms := r.mentions(terms.Vaccine, s, 6)
	for i, m := range ms {
		if a := says(s, m.passage); a.Negated || !a.Patients() {
			continue
		}
		end := len(s.text)
		if i+1 < len(ms) {
			end = ms[i+1].from
		}
		date := r.dayNear(s, m.from, m.to, end)
		if date.empty() && len(ms) > 1 {
			date = r.dayNear(s, m.from, m.to, len(s.text))
		}
		if date.empty() && now.empty() {
			continue
		}
		lot := passage{}
		if loc := lotAfter.FindStringSubmatchIndex(s.text[m.to:end]); loc != nil {
			lot = s.sub(m.to+loc[2], m.to+loc[3])
		}
		name := m.passage
		if loc := shotTail.FindStringIndex(name.text); loc != nil && loc[0] > 1 {
			name = name.sub(0, loc[0])
		}
		before := len(r.facts)
		r.addVaccine(name, date, lot, row{ctx: c, whole: s})
		if date.empty() && len(r.facts) > before {
			r.facts[before].today = now
		}
	}
}

var shotGiven = regexp.MustCompile(`(?i)\b(?:received|given|administered|got|gave)\b`)

// datedToday gives vaccines that were given today the day of the visit.
func (r *reader) datedToday() {
	for i := range r.facts {
		f := &r.facts[i]
		if f.today.empty() {
			continue
		}
		if c, ok := r.todayIs(f.today); ok {
			f.cells["vaccine_date"] = c
			f.identity += "|" + c.value
		}
	}
}

// shotTail are words behind a vaccine's name that are none of it.
var shotTail = regexp.MustCompile(`(?i)(?:\s+(?:vaccines?|vaccination|immuni[sz]ation|shot|booster|jab|series))+$`)

var lotAfter = regexp.MustCompile(`(?i)\b(?:lot|batch)\s*(?:#|no\.?|number)?\s*:?\s*([A-Z0-9-]{3,14})\b`)

// dayNear is the date that goes with a mention: the first behind it, else the
// last before it in the sentence.
func (r *reader) dayNear(s passage, from, to, end int) passage {
	if m := yearBehind.FindStringSubmatchIndex(s.text[min(to, len(s.text)):end]); m != nil {
		return s.sub(to+m[2], to+m[3])
	}
	before := passage{}
	for _, d := range r.timesIn(s) {
		switch at := s.offsetOf(d); {
		case at >= to && at < end:
			return d
		case at < from:
			before = d
		}
	}
	if opensSentence(s, before) {
		return before
	}
	return passage{}
}

// yearBehind is a year right behind what it dates: "colonoscopy 2017".
var yearBehind = regexp.MustCompile(`^\s*,?\s*((?:19|20)\d\d)(?:[\s.,;)]|$)`)

// opensSentence tells whether a date stands at the head of its sentence, where it
// dates all that follows: "In 2016 he had a colectomy".
func opensSentence(s, d passage) bool {
	return !d.empty() && len(wordsOf(s.sub(0, s.offsetOf(d)))) <= 2
}

var bareYear = regexp.MustCompile(`(?i)(?:\b(?:in|since|during|of|from)\s+|\()((?:19|20)\d\d)\b`)

// timesIn are the dates of a sentence, and its bare years after "in" or in brackets.
func (r *reader) timesIn(s passage) []passage {
	var out []passage
	taken := make([]grammar.Span, 0, 4)
	for _, d := range r.dates(true).Find(s.text) {
		if d.Value != "" {
			out = append(out, s.sub(d.Start, d.End))
			taken = append(taken, grammar.Span{Start: d.Start, End: d.End})
		}
	}
	for _, m := range bareYear.FindAllStringSubmatchIndex(s.text, -1) {
		free := true
		for _, t := range taken {
			free = free && (m[3] <= t.Start || m[2] >= t.End)
		}
		if free {
			out = append(out, s.sub(m[2], m[3]))
		}
	}
	return out
}
