package extract

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/grammar/history"
)

// bullet is what begins an item of a list.
var bullet = regexp.MustCompile(`^(?:\(?\d{1,2}[.)](?:\s+|$)|[-–—•*·▪◦>○●□☐»]+\s*|\(?[a-hA-H]\)\s+|#\d{1,2}[:.)]?\s+|[#¢©®«§¥€+]\s+|[oeO]\s+(?:[A-Z]))`)

// readLines reads the text of a chunk by the kind of its section.
func (r *reader) readLines(whole *chunk) {
	if whole.sec.list() && whole.sec != secLabs {
		r.datesOver(whole.parts)
	}
	for _, p := range whole.parts {
		c := whole
		if p.under != nil {
			c = &chunk{sec: p.under.sec, sure: p.under.sure, title: p.under.title}
		}
		lines := r.unread(p)
		if len(lines) > 0 && c.sec.list() {
			lines = r.records(c, lines)
		}
		if len(lines) == 0 {
			continue
		}
		switch c.sec {
		case secLabs:
			r.labLines(c, lines)
			r.toldAmongLabs(c, lines)
			continue
		case secExam:
			for _, ln := range items(lines) {
				for _, s := range sentences(ln.passage) {
					r.labsIn(s, around{sec: c.sec, sure: c.sure, title: c.title, order: ln.order})
				}
			}
			continue
		case secImaging:
			r.labsAmong(c, lines)
			continue
		case secROS, secLabsPending, secProcsPlanned, secVaccinesDue, secFollowUp, secContact, secThird, secCoverage, secPatient, secProvider, secFacility:
			continue
		}
		if c.sec.list() && c.sec != secMeds {
			lines = r.datedEntries(lines)
		}
		titles, bands := []passage{c.title}, [][]line{lines}
		if rowsOf[c.sec] == kindCondition && c.sec.list() {
			titles, bands = banded(c.title, lines)
		}
		for i, lines := range bands {
			b := *c
			b.title = titles[i]
			for _, it := range r.itemsOf(&b, r.paragraph(&b, lines)) {
				r.readItem(&b, it)
			}
		}
	}
}

// toldAmongLabs reads the sentences behind results that began a paragraph: "Blood
// tests: Hb 128. Her last colonoscopy in 2020 …".
func (r *reader) toldAmongLabs(c *chunk, lines []line) {
	if !c.inline {
		return
	}
	for _, ln := range items(lines) {
		for i, s := range sentences(ln.passage) {
			if i > 0 && running(s) && len(wordsOf(s)) > 5 && len(r.scanLabs(s, around{})) == 0 {
				r.tell(s, around{sec: secNone, sure: c.sure, title: c.title, order: ln.order})
			}
		}
	}
}

// labsAmong reads results that stand behind a tracing or a picture on its line:
// "EKG: normal. Creatinine 0.9, potassium 4.4". A figure of a picture is none.
func (r *reader) labsAmong(c *chunk, lines []line) {
	if !c.inline {
		return
	}
	for _, ln := range items(lines) {
		for i, s := range sentences(ln.passage) {
			ctx := around{sec: c.sec, sure: c.sure, title: c.title, order: ln.order}
			if found := r.scanLabs(s, ctx); i > 0 && len(found) > 0 && (len(found) > 1 || strings.HasSuffix(found[0].result.text, "%")) {
				r.labsIn(s, ctx)
			}
		}
	}
}

// unread returns the lines of a part, or a table's rows as lines, without those
// that a table row was made from.
func (r *reader) unread(p part) []line {
	all := p.lines
	if p.table != nil {
		rows := p.table.Rows
		for i := range rows {
			q := join(passages(rows[i])...)
			pg, box := q.bounds()
			all = append(all, line{passage: q, page: pg, box: box, order: r.order(q)})
		}
	}
	var out []line
	for _, l := range rowsJoined(all) {
		used := 0
		for _, w := range l.ink {
			if r.used[w.spot()] || r.titled[w.spot()] {
				used++
			}
		}
		if 2*used <= len(l.ink) && len(l.ink) > 0 {
			out = append(out, l)
		}
	}
	return out
}

// rowsJoined puts together what layout parted at wide gaps on one line of print:
// "2." and what it numbers, a term and its code.
func rowsJoined(lines []line) []line {
	var out []line
	for _, l := range lines {
		if n := len(out); n > 0 && out[n-1].page == l.page && rowsMeet(out[n-1].box, l.box) && l.box.Min.X >= out[n-1].box.Max.X {
			out[n-1].passage = join(out[n-1].passage, l.passage)
			out[n-1].box = out[n-1].box.Union(l.box)
			continue
		}
		out = append(out, l)
	}
	return out
}

// items joins the lines of a paragraph into list items or sentences: a line
// goes on with the one before where layout says so, or where it begins without
// a bullet under one that has one, deeper than it.
func items(lines []line) []line {
	var out []line
	for i, l := range lines {
		if i > 0 && goesOn(out[len(out)-1], lines[i-1], l) {
			last := &out[len(out)-1]
			last.passage = join(last.passage, l.passage)
			continue
		}
		out = append(out, l)
	}
	return out
}

var sigLead = regexp.MustCompile(`(?i)^(?:sig|directions?|instructions?|take|give|administer|inject|apply|inhale|use|instill|place|dispense|disp|commonly known as|brand(?: name)?|generic(?: name)?|also known as|refills?|qty|quantity|indication|for|started|start date|prescribed|last filled)\b`)

// itemsOf joins lines into items as the section has them: a medication goes on
// with its directions, and a known drug at the start of a line is a new one.
func (r *reader) itemsOf(c *chunk, lines []line) []line {
	if rowsOf[c.sec] == kindCondition && c.sec != secAssessment {
		return stated(items(lines))
	}
	if rowsOf[c.sec] != kindMedication {
		return items(lines)
	}
	var out []line
	for i, l := range lines {
		on := i > 0 && (goesOn(out[len(out)-1], lines[i-1], l) || sigLead.MatchString(l.text))
		if on && !bullet.MatchString(l.text) && !(sigLead.MatchString(l.text)) && r.isDrug(r.sigParts(l.passage).name) &&
			!(l.wraps && (c.inline || !r.opensWithTerm(kindMedication, l.passage))) {
			on = false
		}
		if on {
			last := &out[len(out)-1]
			last.passage = join(last.passage, l.passage)
			continue
		}
		out = append(out, l)
	}
	return out
}

// stateLine says since when, and in what state, the problem on the line above is.
var stateLine = regexp.MustCompile(`(?i)^\(?(?:active|resolved|inactive|chronic|since|onset|diagnosed|dx|noted|first noted|date noted|started)\b[^.;]{0,30}\d{4}\)?$`)

// stated joins to each problem the line under it that only says its state.
func stated(in []line) []line {
	var out []line
	for _, l := range in {
		if n := len(out); n > 0 && out[n-1].page == l.page && stateLine.MatchString(l.text) && !stateLine.MatchString(out[n-1].text) {
			out[n-1].passage = join(out[n-1].passage, l.passage)
			continue
		}
		out = append(out, l)
	}
	return out
}

// codeFirst is the code that an entry begins with: "[R80.9] Proteinuria".
var codeFirst = regexp.MustCompile(`^\W?[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?\W?\s`)

func goesOn(item, before, l line) bool {
	if bullet.MatchString(l.text) {
		return false
	}
	begins := item.text[len(bullet.FindString(item.text)):]
	if datedFirst.MatchString(l.text) && datedFirst.MatchString(begins) || codeFirst.MatchString(l.text) && (codeFirst.MatchString(begins) || stateLine.MatchString(begins)) {
		return false // each entry begins with its date, or its code
	}
	if l.wraps {
		return true
	}
	if before.page != l.page {
		return false
	}
	h := max(before.box.Dy(), 1)
	if bullet.MatchString(item.text) && l.box.Min.X > item.box.Min.X+h/2 && l.box.Min.Y-before.box.Max.Y < h {
		return true
	}
	return false
}

// readItem hands an item to the reader of its section.
func (r *reader) readItem(c *chunk, it line) {
	if m := bullet.FindString(it.text); m != "" {
		cut := len(m)
		if last := m[len(m)-1]; last >= 'A' && last <= 'Z' {
			cut--
		}
		it.passage = it.sub(cut, len(it.text))
	}
	if it.empty() || courtesy.MatchString(it.text) || farewell.MatchString(it.text) && len(it.ink) <= 5 {
		return
	}
	if r.labelledLine(c, it) {
		r.afterLabelled(c, it)
		return
	}
	if parts := numbered(it.passage); len(parts) > 1 {
		for _, q := range parts {
			one := it
			one.passage = q
			r.readItem(c, one)
		}
		return
	}
	ctx := around{sec: c.sec, sure: c.sure, title: c.title, label: 0.9 * c.sure, bond: 0.85, order: it.order}
	if c.sec != secAllergies && c.sec != secFamily && saysAllergy.MatchString(it.text) {
		if _, none := history.NoKnownAllergies(it.text); none {
			r.tellAllergies(it.passage, ctx)
			return
		}
	}
	if c.sec.list() && c.sec != secFamily {
		for i, s := range sentences(it.passage) {
			if sm, ok := r.history().Smoking(s.text); ok && i > 0 && len(wordsOf(s)) <= 6 && sm.Score > 0.9 {
				r.socialSentence(s, ctx) // "Allergies: NKDA. Never smoker."
			}
		}
	}
	if c.sec.list() && r.tellItem(it.passage, ctx) {
		return
	}
	r.readEntry(it.passage, ctx)
}

// afterLabelled reads the sentences behind a label's value: "Dispo: home. Rx
// tamsulosin 0.4 mg daily." Of them only those that speak of something count.
func (r *reader) afterLabelled(c *chunk, it line) {
	ss := sentences(it.passage)
	for i, s := range ss {
		if i > 0 && !r.identifies(s) && len(r.scan(s)) == 0 {
			r.tell(s, around{sec: secPlan, sure: c.sure, title: c.title, label: 0.8 * c.sure, bond: 0.8, order: it.order})
		}
	}
}

var saysAllergy = regexp.MustCompile(`(?i)\ballerg|\bnkd?a\b`)

// readEntry hands an entry of a list, or text, to the reader of its section.
func (r *reader) readEntry(p passage, ctx around) {
	switch ctx.sec {
	case secMeds, secMedsStopped, secMedsGiven, secMedsPlanned:
		r.medicationItem(p, ctx)
	case secAllergies:
		r.allergyItem(p, ctx)
	case secProblems, secHistory:
		r.conditionItem(p, ctx)
	case secSurgery:
		r.procedureItem(p, ctx)
	case secVaccines:
		r.vaccineItem(p, ctx)
	case secFamily:
		r.familyItem(p, ctx)
	case secSocial:
		r.socialItem(p, ctx)
	case secAssessment, secPlan:
		r.assessmentItem(p, ctx)
	case secVitals:
		for _, s := range sentences(p) {
			if len(grammar.FindVitals(s.text)) == 0 && running(s) {
				r.tell(s, ctx)
			}
		}
	case secHPI, secCourse, secNone, secOther, secEncounter:
		r.proseItem(p, ctx)
	case secReason:
		for _, s := range sentences(p) {
			if running(s) {
				r.tell(s, ctx)
			}
		}
	case secDisposition:
		ctx.sec = secPlan // what follows where the patient went
		for i, s := range sentences(p) {
			if i > 0 {
				r.tell(s, ctx)
			}
		}
	}
}

var marker = regexp.MustCompile(`(?:^|[,;.]?\s+)\(?(\d{1,2})[.)]\s+`)

// numbered parts a text that counts its entries: "(1) Gout, (2) Asthma". The
// first number may have been taken for the item's own.
func numbered(p passage) []passage {
	var at [][]int
	want := ""
	for _, m := range marker.FindAllStringSubmatchIndex(p.text, -1) {
		if m[1] >= len(p.text) || p.text[m[1]] < 'A' || p.text[m[1]] > 'Z' {
			continue
		}
		n := p.text[m[2]:m[3]]
		if want == "" && n != "1" && n != "2" || want != "" && n != want {
			continue
		}
		at = append(at, m[:2])
		want = strconv.Itoa(int(n[len(n)-1]-'0') + 1)
		if len(n) > 1 {
			want = ""
		}
	}
	if len(at) == 0 {
		return nil
	}
	var out []passage
	from := 0
	for _, m := range at {
		if q := p.sub(from, m[0]); !q.empty() {
			out = append(out, q)
		}
		from = m[1]
	}
	return append(out, p.sub(from, len(p.text)))
}

// labelledLine tells whether an item is a label with its value that belongs to
// no list ("PCP: Dr. Smith" under Medications).
func (r *reader) labelledLine(c *chunk, it line) bool {
	if pageNumber.MatchString(it.text) || r.identifies(it.passage) {
		return true
	}
	i := strings.IndexByte(it.text, ':')
	if i < 2 || i > 40 {
		hits := r.scan(it.passage)
		return len(hits) > 0 && hits[0].start == 0 && hits[0].means.section == secNone
	}
	m, cl, ok := r.lex.label(it.text[:i], true)
	if !ok || cl < 0.9 || m.section != secNone {
		return false
	}
	if c.sec == secFamily {
		return false
	}
	if c.sec == secSocial || c.sec == secNone || c.sec == secOther {
		return m.concept != "smoking_status"
	}
	return true
}

// identifies tells whether a line names the patient, as running heads do.
func (r *reader) identifies(p passage) bool {
	if len(p.ink) > 14 {
		for _, s := range sentences(p) {
			if running(s) {
				return false // text that names the patient says more than who it is
			}
		}
	}
	for _, h := range r.scan(p) {
		switch h.means.concept {
		case "~dob", cMRN, cDOBSex, cPatientName:
			return true
		}
	}
	return false
}

var pageNumber = regexp.MustCompile(`(?i)^(?:page|pg\.?|p\.)\s*\d+(?:\s*(?:of|/)\s*\d+)?$`)

// labelledItems reads sections that stand as labels of boxes or in the middle
// of lines: "Dx: Asthma" beside "Allergies: NKDA" in a form.
func (r *reader) labelledItems() {
	for _, l := range r.labelled {
		sec := l.means.section
		if sec == secNone || l.banner {
			continue
		}
		if seen := r.chunkAt(l.value); seen != nil && (seen.sec == sec || l.bond < 0.72 && seen.sec.list()) {
			continue // what stands under ALLERGIES is not of the heading below it
		}
		if r.anyUsed(l.value) || r.inTitles(l.label) || r.inTitles(l.value) || r.inHeading(l) {
			continue
		}
		c := chunk{sec: sec, title: l.label, sure: l.closeness * (0.5 + 0.5*l.bond)}
		it := line{passage: l.value, order: l.order}
		if sec == secLabs {
			r.labLines(&c, []line{it})
			continue
		}
		for _, piece := range l.value.split(func(s string, i int) bool { return s[i] == ';' || s[i] == '\n' }) {
			it.passage = piece
			r.readItem(&c, it)
		}
	}
}

func (r *reader) chunkAt(p passage) *chunk {
	for _, w := range p.ink {
		if at, ok := r.where[w.spot()]; ok {
			return &r.chunks[at.chunk]
		}
	}
	return nil
}

// inHeading tells whether a label is only a part of the heading it stands in:
// the "History" of "Social history".
func (r *reader) inHeading(l labelled) bool {
	c := r.chunkAt(l.label)
	if c == nil || c.sec == l.means.section || len(c.title.ink) == len(l.label.ink) {
		return false
	}
	if s, _, ok := r.lex.titles.get(key(c.title.text)); !ok || s != c.sec || s == secOther {
		return false
	}
	for _, w := range c.title.ink {
		if len(l.label.ink) > 0 && w.spot() == l.label.ink[0].spot() {
			return true
		}
	}
	return false
}

func (r *reader) inTitles(p passage) bool {
	for _, w := range p.ink {
		if r.titled[w.spot()] {
			return true
		}
	}
	return false
}

func (r *reader) anyUsed(p passage) bool {
	for _, w := range p.ink {
		if r.used[w.spot()] {
			return true
		}
	}
	return false
}

// sentences splits a passage at full stops and semicolons that end one.
func sentences(p passage) []passage {
	return p.split(func(s string, i int) bool { return s[i] == ';' || s[i] == '.' && endsSentence(s, i) })
}

// endsSentence tells a full stop from the point of a number or abbreviation.
func endsSentence(s string, i int) bool {
	if i+1 < len(s) && s[i+1] != ' ' {
		return false
	}
	if i+2 < len(s) && s[i+2] >= 'a' && s[i+2] <= 'z' && i > 0 && (i == 1 || s[i-2] == ' ') {
		return false // "H. pylori"
	}
	if newSubject.MatchString(s[i+1:]) && i > 3 && s[i-2] == '.' {
		return true // "t.i.d. She"
	}
	from := strings.LastIndexByte(s[:i], ' ') + 1
	w := strings.ToLower(strings.Trim(s[from:i], "(["))
	if abbreviation[w] || len(w) == 1 && w >= "a" && w <= "z" && i+2 < len(s) && s[i+2] >= 'A' && s[i+2] <= 'Z' && w != "d" {
		return false
	}
	return digits(w) != len(w) || len(w) == 0 || i+2 >= len(s) || !isDigit(s[i+2])
}

var newSubject = regexp.MustCompile(`^ (?:He|She|They|His|Her|The|This|We|I|Patient|Pt|No|There|It|In|On|At)\s`)

var abbreviation = fieldSet("dr", "mr", "mrs", "ms", "st", "vs", "approx", "no", "pt", "i.e", "e.g", "jr", "sr", "hosp", "m.d", "p.o", "b.i.d", "t.i.d", "q.d", "p.r.n", "q.i.d", "h.s", "vit")

// commaPieces splits a list at its commas, and at "and" before the last, not
// inside brackets nor within figures.
func commaPieces(p passage) []passage {
	depth := 0
	depths := make([]int, len(p.text))
	for i := 0; i < len(p.text); i++ {
		switch p.text[i] {
		case '(', '[':
			depth++
		case ')', ']':
			depth = max(0, depth-1)
		}
		depths[i] = depth
	}
	parts := p.split(func(s string, i int) bool {
		return depths[i] == 0 && (s[i] == ';' || s[i] == ',' && !(i+1 < len(s) && isDigit(s[i+1]) && i > 0 && isDigit(s[i-1])) && !inDate(s, i))
	})
	for i := range parts {
		low := strings.ToLower(parts[i].text)
		for _, w := range []string{"and ", "& ", "also "} {
			if strings.HasPrefix(low, w) {
				parts[i] = parts[i].sub(len(w), len(parts[i].text))
				break
			}
		}
	}
	return parts
}

// inDate tells whether a comma stands between a day and its year: "May 6, 2020".
func inDate(s string, i int) bool {
	return i+2 < len(s) && dayBefore.MatchString(s[max(0, i-13):i]) && yearAfterDay.MatchString(s[i+1:min(len(s), i+7)])
}

var (
	dayBefore    = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}(?:st|nd|rd|th)?$`)
	yearAfterDay = regexp.MustCompile(`^\s?(?:19|20)\d{2}\b`)
)
