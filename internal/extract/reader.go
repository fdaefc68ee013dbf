package extract

import (
	"image"
	"regexp"
	"strings"
	"time"

	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/layout"
	"github.com/paperchart/paperchart/internal/page"
	"github.com/paperchart/paperchart/internal/terms"
)

// line is a line of text in its section. first is true for the first line after
// a heading or an inline label.
type line struct {
	passage
	page  int
	box   image.Rectangle
	wraps bool
	order int
}

// chunk is what stands under one heading: lines and tables in reading order.
type chunk struct {
	sec section
	// title is the heading, and sure how closely it was known.
	title passage
	sure  float64
	// inline chunks began on the line of their label and end with the block.
	inline bool
	// led chunks were begun by a sentence that leads to a list.
	led bool
	// rest chunks go on with a section that a label within it interrupted.
	rest  bool
	parts []part
}

// part is a paragraph or a table.
type part struct {
	lines []line
	table *layout.Table
	// under is the title within a table that the part stands under, if not
	// the chunk's.
	under *around
	// read is true for a table that was read as the rest of another.
	read bool
}

// place is where a word stands.
type place struct {
	chunk int
	order int
}

// reader reads the pages of one patient.
type reader struct {
	terms    terms.Vocabulary
	limits   limits   // nil where the vocabulary knows none
	supplies supplies // likewise
	lex      *lexicon
	now      time.Time
	doc      *layout.Document
	chunks   []chunk
	where    map[spot]place
	// used is the ink that a table row was made from, so that it is not read a
	// second time as text.
	used map[spot]bool
	// offered is the print of lists to be ticked, true where it was not.
	offered map[spot]bool
	// boxed are the answers at boxes to be ticked, true where ticked.
	boxed map[spot]bool
	// titled is the ink of column titles, which label columns and nothing else.
	titled map[spot]bool

	labelled   []labelled
	candidates []candidate
	facts      []fact
	// lastTable is the table that was read before.
	lastTable lastTable
	// dayFirst reads 03/04/2024 as the third of April.
	dayFirst bool
	// whose are the pages that may not be this patient's.
	whose doubts
	// soap is true where single letters head the parts of the note.
	soap bool
}

// arrange walks the sections and gives every line its kind of section.
func (r *reader) arrange() {
	r.where = map[spot]place{}
	r.used, r.titled, r.offered, r.boxed = map[spot]bool{}, map[spot]bool{}, map[spot]bool{}, map[spot]bool{}
	r.chunks = []chunk{{sec: secNone, sure: 1}}
	r.soap = isSOAP(r.doc)
	order := 0
	for _, s := range r.doc.Sections {
		s = r.open(s, &order)
		for _, b := range s.Blocks {
			if b.Table != nil {
				r.addTable(b.Table, &order)
				continue
			}
			r.addLines(b.Lines, &order)
		}
	}
}

func (r *reader) cur() *chunk { return &r.chunks[len(r.chunks)-1] }

func (r *reader) begin(c chunk) { r.chunks = append(r.chunks, c) }

// open begins the chunk of a section's heading. An inline heading that names no
// section is a label, and what follows stays where it was.
func (r *reader) open(s layout.Section, order *int) layout.Section {
	if len(s.Heading.Words) == 0 {
		return s
	}
	title := ofLine(s.Heading)
	kind, sure, ok := r.lex.heading(title.text)
	if !ok && !s.Inline && !r.isLabel(title.text) && r.docTitle(title.text) == "" && !orgWord(title.text) && !r.keepsSection(title.text) {
		if kind, ok = byKeywords(title.text); ok {
			sure = 0.85
		}
	}
	if i := strings.IndexByte(title.text, ':'); !s.Inline && ok && i > 1 && countLetters(title.text[i+1:]) > 2 && r.docTitle(title.text) == "" {
		if _, _, known := r.lex.titles.get(key(title.text)); !known {
			r.addLines([]layout.Line{s.Heading}, order) // "PSH: hysterectomy" alone on its line
			return s
		}
	}
	if !s.Inline && !ok && (r.entry(title) || saysSomething(title) && r.docTitle(title.text) == "" && !r.isLabel(title.text)) {
		r.addLines([]layout.Line{s.Heading}, order)
		return s
	}
	switch {
	case s.Inline && (!ok || !inlineSection(kind, title) && !(r.soap && soapTitle(strings.Trim(title.text, ": "))) || r.namesPart(title.text)):
		r.mark(title, order)
		if len(s.Blocks) > 0 && r.cur().inline && r.isLabel(title.text) {
			r.closeInline()
		}
		return rejoined(s)
	case ok && kind.list() && kind != secMedsGiven && r.docTitle(title.text) != "" && r.beginsWithLabel(s):
		// "MEDICATION RECONCILIATION" over the patient's details titles the document.
		r.begin(chunk{sec: secNone, title: title, sure: 1})
	case ok:
		r.begin(chunk{sec: kind, title: title, sure: sure, inline: s.Inline})
	case r.docTitle(title.text) != "":
		// A document's title opens nothing and closes what stood before.
		r.begin(chunk{sec: secNone, title: title, sure: 1})
	case r.isLabel(title.text) || r.keepsSection(title.text):
		r.begin(chunk{sec: r.cur().sec, title: title, sure: r.cur().sure * 0.9})
	default:
		r.begin(chunk{sec: secOther, title: title, sure: 0.5})
	}
	r.mark(title, order)
	return s
}

func countLetters(s string) int {
	n := 0
	for i := range len(s) {
		if c := s[i] | 0x20; c >= 'a' && c <= 'z' {
			n++
		}
	}
	return n
}

// saysSomething tells a line of text that layout took for a heading, since it
// stands alone: a sentence or several, or a title with what it heads.
func saysSomething(title passage) bool {
	t := strings.TrimSpace(title.text)
	n := len(strings.Fields(t))
	if n < 4 {
		return false
	}
	if i := strings.IndexByte(t, ':'); i > 0 && i < len(t)-1 && n > 5 && !titleCase(t) && t != strings.ToUpper(t) {
		return true
	}
	return strings.HasSuffix(t, ".") && t != strings.ToUpper(t) || strings.Contains(t, ". ") && n > 5 || n > 6 && !titleCase(t) && running(title)
}

// beginsWithLabel tells whether the first line under a heading is, or begins with,
// a label for the patient's identity.
func (r *reader) beginsWithLabel(s layout.Section) bool {
	if len(s.Blocks) == 0 || len(s.Blocks[0].Lines) == 0 {
		return false
	}
	p := ofLine(s.Blocks[0].Lines[0])
	if hits := r.scan(p); len(hits) > 0 && hits[0].start == 0 && (identifying(hits[0].means.concept) || hits[0].means.concept == cName) {
		return true
	}
	m, c, ok := r.lex.label(p.text, true)
	return ok && c > 0.9 && (identifying(m.concept) || m.concept == cName)
}

// rejoined gives the first line of a section back the label that layout took
// for its heading.
func rejoined(s layout.Section) layout.Section {
	if len(s.Blocks) == 0 || len(s.Blocks[0].Lines) == 0 {
		s.Blocks = append([]layout.Block{{Lines: []layout.Line{s.Heading}}}, s.Blocks...)
		return s
	}
	blocks := append([]layout.Block(nil), s.Blocks...)
	lines := append([]layout.Line(nil), blocks[0].Lines...)
	first := lines[0]
	if first.Page != s.Heading.Page || !rowsMeet(first.Box, s.Heading.Box) {
		blocks[0].Lines = append([]layout.Line{s.Heading}, lines...)
		s.Blocks = blocks
		return s
	}
	first.Words = append(append([]page.Word(nil), s.Heading.Words...), first.Words...)
	first.Box = first.Box.Union(s.Heading.Box)
	lines[0] = first
	blocks[0].Lines = lines
	s.Blocks = blocks
	return s
}

// namesPart tells whether a label names a part of an entry of the list it stands
// in: "Problem:" and "Status:" among problems.
func (r *reader) namesPart(label string) bool {
	s := r.lex.spec(rowsOf[r.cur().sec])
	if s == nil || r.cur().sec == secAssessment {
		return false
	}
	role, c, ok := s.titles.get(key(label))
	if ok && role[0] == '+' && r.cur().inline {
		// Under "Meds: …" a line "Dx: …" is the next section, not an indication.
		if sec, sure, other := r.lex.titles.get(key(label)); other && sure == 1 && rowsOf[sec] != s.kind && sec.list() {
			return false
		}
	}
	return ok && c == 1
}

// entryName is what an entry's line has before its date or a dash.
var entryName = regexp.MustCompile(`^[A-Za-z][A-Za-z /&.]*[A-Za-z]`)

// entry tells whether a heading is an entry of the list it stands in: numbered
// as such, or a term of its kind.
func (r *reader) entry(title passage) bool {
	k := rowsOf[r.cur().sec]
	if k == kindNone || r.cur().sec == secLabs {
		return false
	}
	m := bullet.FindString(title.text)
	return m != "" && len(m) < len(title.text) || r.isTerm(k, title.text) || digits(title.text) >= 4 && r.isTerm(k, entryName.FindString(title.text))
}

// inlineSection tells whether a title may open a section on the line of its
// first text. A single letter may not where a number follows ("P: 72").
func inlineSection(s section, title passage) bool {
	if len(key(title.text)) < 2 {
		return false
	}
	return listOrText(s) || s == secOther && endsLists[key(title.text)]
}

// endsLists are titles that nothing is read under and that end the list before.
var endsLists = fieldSet("lines", "access", "drips", "tubes", "anesthesia", "anaesthesia", "ebl", "estimatedbloodloss", "complications", "specimens", "codestatus", "condition", "conditionatdischarge", "conditionondischarge", "dischargecondition", "diet", "activity")

func listOrText(s section) bool {
	return rowsOf[s] != kindNone || narrative[s] != "" || s == secROS || s == secVitals || s == secImaging ||
		s == secProcsPlanned || s == secLabsPending || s == secVaccinesDue || s == secSocial
}

// closeInline ends a section that was opened by a label within a line: the
// section around it goes on.
func (r *reader) closeInline() {
	if c := r.cur(); !c.led && (c.sec == secAssessment || c.sec == secHPI || c.sec == secCourse) {
		r.begin(chunk{sec: c.sec, title: c.title, sure: 0.9 * c.sure, rest: true})
		return
	}
	for i := len(r.chunks) - 1; i >= 0; i-- {
		if !r.chunks[i].inline && r.chunks[i].sec.list() && len(r.chunks)-i > 3 {
			break // a list that other sections have followed does not go on
		}
		if !r.chunks[i].inline {
			r.begin(chunk{sec: r.chunks[i].sec, title: r.chunks[i].title, sure: r.chunks[i].sure, rest: true})
			return
		}
	}
	r.begin(chunk{sec: secNone, sure: 1, rest: true})
}

func (r *reader) isLabel(text string) bool {
	m, c, ok := r.lex.label(text, true)
	return ok && m.section == secNone && c > 0.85
}

// keepsSection tells whether an unknown heading only divides the section it is
// in: a panel's name among results, "Morning" among medications.
func (r *reader) keepsSection(title string) bool {
	switch r.cur().sec {
	case secLabs:
		return panelTitle(title)
	case secMeds:
		return medDivider[key(title)]
	}
	return false
}

var medDivider = fieldSet("home", "taking", "nottaking", "inpatient", "outpatient", "repeat", "acute", "morning", "evening", "bedtime", "noon", "asneeded", "prn", "scheduled", "daily", "oral", "inhaled", "topical", "injectable", "prescription", "overthecounter", "otc", "new", "changed", "unchanged", "continue", "continued")

func (r *reader) mark(p passage, order *int) {
	for _, w := range p.ink {
		r.where[w.spot()] = place{len(r.chunks) - 1, *order}
	}
	*order++
}

func (r *reader) addTable(t *layout.Table, order *int) {
	if r.cur().led {
		r.closeInline() // the list that a sentence led to ends before the table
	}
	for _, c := range t.Header {
		r.mark(ofCell(c), order)
	}
	for _, row := range t.Rows {
		for _, c := range row {
			r.mark(ofCell(c), order)
		}
	}
	c := r.cur()
	c.parts = append(c.parts, part{table: t})
	if c.inline {
		r.closeInline()
	}
}

// addLines adds a paragraph, watching for headings that layout did not see.
func (r *reader) addLines(ls []layout.Line, order *int) {
	for i, l := range ls {
		p := ofLine(l)
		if p.empty() {
			continue
		}
		if i == 0 && partyOf(r.cur().sec) != anyone && len(l.Words) > 7 && running(p) && !strings.Contains(p.text, ":") {
			r.begin(chunk{sec: secNone, sure: 1}) // a letter's text below "Consultant …"
		}
		if c, ok := r.headingLine(p, l, i == 0 || ls[i-1].Page != l.Page || l.Box.Min.Y-ls[i-1].Box.Max.Y > l.Box.Dy()); ok {
			r.begin(c)
			r.mark(p, order)
			continue
		}
		if c, rest, ok := r.inlineHeading(p); ok {
			r.begin(c)
			r.mark(c.title, order)
			p = r.furtherHeadings(rest, l, order)
		} else if c, ok := listLead(p); ok {
			r.mark(p, order)
			r.begin(c)
			continue
		} else {
			if r.cur().inline && (i == 0 && len(r.cur().parts) > 0 || i > 0 && r.endsInline(p, ls[i-1], l)) {
				r.closeInline()
			}
			p = r.furtherHeadings(p, l, order)
		}
		r.mark(p, order)
		c := r.cur()
		ln := line{passage: p, page: l.Page, box: l.Box, wraps: l.Wraps, order: *order}
		if len(c.parts) == 0 || c.parts[len(c.parts)-1].table != nil || i == 0 && !(rowsOf[c.sec] == kindMedication && sigLead.MatchString(p.text)) {
			c.parts = append(c.parts, part{})
		}
		last := &c.parts[len(c.parts)-1]
		last.lines = append(last.lines, ln)
	}
}

// listNames are words that alone on a line name the list that follows.
var listNames = fieldSet("allergies", "medications", "medicines", "meds", "immunizations", "immunisations", "vaccines", "vaccinations", "shots", "operations",
	"surgeries", "procedures", "labs", "vitals", "diagnoses", "problems", "assessment", "impression", "plan", "habits")

func (r *reader) sectionOf(title string) section {
	s, _, _ := r.lex.titles.get(key(title))
	return s
}

// headingLine sees a title in a line of its own that layout took for text: all
// of it is a known title, ended by a colon or set in capitals.
// A line that begins a paragraph may be set like a title instead.
func (r *reader) headingLine(p passage, l layout.Line, begins bool) (chunk, bool) {
	t := undecorated(p.text)
	if t != strings.TrimSpace(p.text) {
		p = p.trim("-–—*=~_<> ")
	}
	plain := t == strings.TrimSpace(ofLine(l).text)
	marked := strings.HasSuffix(t, ":") || l.Heading || t == strings.ToUpper(t)
	titled := begins && titleCase(t) && !strings.Contains(strings.TrimRight(t, ": "), ":")
	if !marked && !titled && len(l.Words) > 1 {
		// A known title of several words alone on its line is one in any case.
		for _, form := range titleForms(t) {
			_, _, known := r.lex.titles.get(key(form))
			titled = titled || known && (form == t || len(l.Words) <= 5 && !strings.Contains(t, ":"))
		}
	}
	if r.soap && len(t) == 2 && t[1] == ':' && soapTitle(t[:1]) {
		s, c, ok := r.lex.heading(t[:1])
		return chunk{sec: s, title: p, sure: c}, ok
	}
	if !marked && len(l.Words) == 1 && titleCase(t) && listNames[strings.ToLower(t)] && r.cur().sec != r.sectionOf(t) {
		titled = true
	}
	if !marked && !titled || len(l.Words) > 8 || len(key(t)) < 2 || r.neighbour(l) {
		return chunk{}, false
	}
	var s section
	var c float64
	ok := false
	for _, form := range titleForms(t) {
		if s, c, ok = r.lex.titles.get(key(form)); ok {
			break
		}
		if strings.HasSuffix(t, ":") || l.Heading {
			if s, c, ok = r.lex.titles.near(form, sameSection); ok {
				break
			}
		}
	}
	if !ok && (titled || l.Heading || strings.HasSuffix(t, ":") || !plain) && !r.isLabel(t) && !orgWord(t) && r.docTitle(t) == "" && !r.entry(p) && len(l.Words) > 1 {
		if s, ok = byKeywords(t); ok {
			c = 0.8
		}
	}
	if !ok && (begins || !plain) && strings.ToUpper(t) == t && len(l.Words) > 1 && digits(t) == 0 && !strings.Contains(t, ":") && !r.isLabel(t) &&
		r.cur().sec.list() && !r.entry(p) && !r.keepsSection(t) && !strings.ContainsAny(t, ",;()") {
		// An unknown title in capitals ends the list before it.
		return chunk{sec: secOther, title: p, sure: 0.5}, true
	}
	if !ok || !l.Heading && !listOrText(s) && s != secPlan && s != secAssessment {
		return chunk{}, false
	}
	return chunk{sec: s, title: p, sure: c}, true
}

// undecorated is a title without the dashes or stars on both sides of it.
func undecorated(text string) string {
	t := strings.TrimSpace(text)
	const marks = "-–—*=~_<>"
	if len(t) > 4 && strings.ContainsAny(t[:1], marks) && strings.ContainsAny(t[len(t)-1:], marks) {
		return strings.Trim(t, marks+" ")
	}
	return t
}

// neighbour tells whether another line stands to the right of one: then it is
// a label or a column's title, not a heading.
func (r *reader) neighbour(l layout.Line) bool {
	for _, p := range r.doc.Pages {
		if p.Number != l.Page {
			continue
		}
		for _, o := range p.Lines {
			if o.Box.Min.X >= l.Box.Max.X && rowsMeet(o.Box, l.Box) {
				if _, ok := r.dates(false).Parse(strings.Trim(o.Text(), "() ")); !ok {
					return true
				}
			}
		}
	}
	return false
}

// inlineHeading sees "ALLERGIES: Penicillin": a known title, a colon, and text.
func (r *reader) inlineHeading(p passage) (chunk, passage, bool) {
	i := strings.IndexByte(p.text, ':')
	if c, rest, ok := r.dashHeading(p, i); ok {
		return c, rest, true
	}
	if i < 2 && !(r.soap && i == 1) || i > 45 || i+1 >= len(p.text) || r.namesPart(p.text[:i]) && !r.listsEnded(p, i) {
		return chunk{}, p, false
	}
	s, c, ok := r.lex.heading(p.text[:i])
	if !ok && !r.cur().sec.list() && !r.isAnyLabel(p.text[:i]) && !r.lex.columnTitle(p.text[:i]) && len(strings.Fields(p.text[:i])) <= 4 && titleCase(p.text[:1]) {
		s, ok = byKeywords(p.text[:i])
		c = 0.8
	}
	if !ok || !inlineSection(s, p.sub(0, i)) && !(r.soap && soapTitle(p.text[:i])) {
		return chunk{}, p, false
	}
	rest := p.sub(i+1, len(p.text))
	if rest.empty() {
		return chunk{}, p, false
	}
	return chunk{sec: s, title: p.sub(0, i), sure: c, inline: true}, rest, true
}

// listsEnded tells whether "Discontinued:" begins a list of drugs rather than a
// part of one drug's entry.
func (r *reader) listsEnded(p passage, colon int) bool {
	s, _, ok := r.lex.titles.get(key(p.text[:colon]))
	return ok && s == secMedsStopped && r.opensWithTerm(kindMedication, p.sub(colon+1, len(p.text)))
}

// asks tells what a form wants done under a heading, or that it goes on.
var asks = regexp.MustCompile(`(?i)^(?:check|please|mark|circle|tick|list|select|continued|cont|page|reviewed|updated|last|as of)\b`)

// dashHeading sees "Past Medical History - Asthma": a title of a list, known to
// the letter and set as one, a dash, and text.
func (r *reader) dashHeading(p passage, colon int) (chunk, passage, bool) {
	for _, dash := range []string{" - ", " – ", " — "} {
		i := strings.Index(p.text, dash)
		if i < 3 || i > 45 || colon >= 0 && colon < i || !titleCase(p.text[:1]) {
			continue
		}
		s, c, ok := r.lex.titles.get(key(p.text[:i]))
		rest := p.sub(i+len(dash), len(p.text))
		if !ok || c < 1 || !listOrText(s) || s == secImaging || rest.empty() || asks.MatchString(rest.text) || r.namesPart(p.text[:i]) || r.docTitle(p.text) != "" {
			continue
		}
		return chunk{sec: s, title: p.sub(0, i), sure: c, inline: true}, rest, true
	}
	return chunk{}, p, false
}

// furtherHeadings parts a line in which several sections stand one after the
// other ("PMH: HTN, GERD. Meds: lisinopril. All: PCN"). It returns the text of
// the last, whose chunk is begun.
func (r *reader) furtherHeadings(p passage, l layout.Line, order *int) passage {
	for from := 0; ; {
		i := strings.IndexByte(p.text[from:], ':')
		if i < 0 {
			return p
		}
		i += from
		from = i + 1
		at := max(strings.LastIndex(p.text[:i], ". "), strings.LastIndex(p.text[:i], "; "))
		if at < 0 || i+2 >= len(p.text) || strings.Contains(p.text[at+2:i], ",") {
			continue
		}
		c, rest, ok := r.inlineHeading(p.sub(at+2, len(p.text)))
		if !ok || c.sure < 0.95 {
			continue
		}
		before := p.sub(0, at+1)
		r.mark(before, order)
		r.addLine(line{passage: before, page: l.Page, box: l.Box, order: *order})
		r.begin(c)
		r.mark(c.title, order)
		p, from = rest, 0
	}
}

func (r *reader) addLine(ln line) {
	c := r.cur()
	if len(c.parts) == 0 || c.parts[len(c.parts)-1].table != nil {
		c.parts = append(c.parts, part{})
	}
	last := &c.parts[len(c.parts)-1]
	last.lines = append(last.lines, ln)
}

// leads to a list are sentences that say what is listed beneath them.
var listLeads = []struct {
	kind section
	form *regexp.Regexp
}{
	{secMedsStopped, regexp.MustCompile(`(?i)\b(?:stop taking|no longer take)\b[^.:]*:$`)},
	{secProblems, regexp.MustCompile(`(?i)\b(?:issues|problems|diagnos[ei]s|conditions)\b[^.:]*\b(?:addressed|treated|discussed|reviewed|managed|seen|are|were|include[sd]?)\b[^.:]*:$`)},
	{secMeds, regexp.MustCompile(`(?i)\b(?:medications?|medicines|prescriptions)\b[^.:]*\b(?:taking|takes|are|include[sd]?|prescribed|ordered|today)\b[^.:]*:$`)},
}

// listLead sees a sentence that says what is listed beneath it ("The following
// issues were addressed:").
func listLead(p passage) (chunk, bool) {
	if !strings.HasSuffix(p.text, ":") || len(wordsOf(p)) < 4 {
		return chunk{}, false
	}
	for _, l := range listLeads {
		if l.form.MatchString(p.text) {
			return chunk{sec: l.kind, title: p, sure: 0.85, inline: true, led: true}, true
		}
	}
	return chunk{}, false
}

// soapTitle tells the single letters that head the parts of a note.
func soapTitle(t string) bool {
	t = strings.TrimSpace(t)
	return len(t) == 1 && strings.Contains("SOAP", t)
}

// isSOAP tells whether the lines of a document begin with the letters of a note:
// alone, "P:" may be a pulse.
func isSOAP(doc *layout.Document) bool {
	seen := map[byte]bool{}
	for _, s := range doc.Sections {
		see := func(l layout.Line) {
			if t := ofLine(l).text; len(t) > 0 && (len(t) == 1 || t[1] == ':') && soapTitle(t[:1]) {
				seen[t[0]] = true
			}
		}
		see(s.Heading)
		for _, b := range s.Blocks {
			for _, l := range b.Lines {
				see(l)
			}
		}
	}
	return seen['S'] && seen['A'] && (seen['O'] || seen['P'])
}

// patientLead begins a text with the patient's age.
var patientLead = regexp.MustCompile(`(?i)^(?:this |the |a |pt is an? )?\d{1,3}[- ]?(?:y/?o|y\.o\.?|yo|yrs?|years?[- ]old|[mf])\b\s+\S`)

// narrativeSec tells of sections of text, in which figures of the visit may stand.
func narrativeSec(s section) bool {
	return s == secHPI || s == secCourse || s == secAssessment || s == secReason
}

// endsInline tells whether a line stands outside the section that a label began:
// it is a labelled line itself, or it stands apart.
func (r *reader) endsInline(p passage, before, l layout.Line) bool {
	if i := strings.IndexByte(p.text, ':'); i > 1 && i < 40 && r.isLabel(p.text[:i]) && !r.namesPart(p.text[:i]) {
		return true
	}
	if vs := grammar.FindVitals(p.text); len(vs) > 1 && (vs[0].Start == 0 || len(vs) > 2) && r.cur().sec != secVitals && r.cur().sec != secExam && !narrativeSec(r.cur().sec) {
		return true
	}
	if r.cur().sec.list() && r.cur().sec != secFamily && patientLead.MatchString(p.text) && !running(ofLine(before)) {
		return true // "72F c/o …" under a list of diagnoses
	}
	if before.Page != l.Page {
		return false
	}
	h := max(before.Box.Dy(), l.Box.Dy())
	return l.Box.Min.Y-before.Box.Max.Y > 3*h/2
}

// heads tells whether ink is the heading of a list or a narrative, which is not
// the label of a single value.
func (r *reader) heads(p passage) bool {
	c := r.chunkAt(p)
	return c != nil && len(c.title.ink) > 0 && len(p.ink) > 0 && c.title.ink[0].spot() == p.ink[0].spot() && listOrText(c.sec)
}

// section returns the section that ink stands in.
func (r *reader) section(p passage) (section, float64) {
	for _, w := range p.ink {
		if at, ok := r.where[w.spot()]; ok {
			return r.chunks[at.chunk].sec, r.chunks[at.chunk].sure
		}
	}
	return secNone, 0.5
}

// order returns the place of ink in reading order; what is in no line, such as
// a banner, comes first.
func (r *reader) order(p passage) int {
	for _, w := range p.ink {
		if at, ok := r.where[w.spot()]; ok {
			return at.order
		}
	}
	return -1
}
