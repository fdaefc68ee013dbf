package extract

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/layout"
)

// dates reads dates as of the reader's clock; past ones cannot lie after it.
func (r *reader) dates(past bool) grammar.Dates {
	return grammar.Dates{Now: r.now, Past: past, DayFirst: r.dayFirst}
}

// daysFirst tells whether the document's own dates set the day before the month,
// as a date such as 28/10/1953 does and one such as 10/28/1953 denies.
func (r *reader) daysFirst() bool {
	var all []grammar.Date
	see := func(text string) {
		for _, d := range r.dates(true).Find(text) {
			if inFigures.MatchString(text[d.Start:d.End]) {
				all = append(all, d)
			}
		}
	}
	for _, p := range r.doc.Pages {
		for _, l := range append(append([]layout.Line(nil), p.Banner...), p.Lines...) {
			see(ofLine(l).text)
		}
		for _, t := range p.Tables {
			for _, row := range t.Rows {
				for _, c := range row {
					see(ofCell(c).text)
				}
			}
		}
	}
	return grammar.DayFirst(all)
}

// inFigures is a date whose month has no name, and could be its day.
var inFigures = regexp.MustCompile(`^\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{2,4}$`)

// dateIn finds the date in a value: all of it, or the first within.
func (r *reader) dateIn(p passage, past bool) (grammar.Date, passage, bool) {
	g := r.dates(past)
	if d, ok := g.Parse(p.text); ok {
		return d, p.sub(d.Start, d.End), true
	}
	for _, d := range g.Find(p.text) {
		if d.Value != "" {
			return d, p.sub(d.Start, d.End), true
		}
	}
	return grammar.Date{}, passage{}, false
}

// dateCell makes a cell of a date; one in the future is doubtful where it
// cannot be, one long past where nobody lives.
func (r *reader) dateCell(p passage, past bool) (cell, bool) {
	d, used, ok := r.dateIn(p, past)
	if !ok {
		return cell{}, false
	}
	c := from(used, d.Value)
	c.sig.Grammar = d.Score
	c.remark = d.Remark
	c.sig.Numeric = 1
	if len(d.Value) >= 4 {
		switch year := d.Value[:4]; {
		case year < "1900" || past && d.Value > r.now.Format("2006-01-02"):
			c.sig.Plausible = 0
		case len(d.Value) == 10:
			c.sig.Plausible = 0.8
		}
	}
	return c, true
}

// personIn reads a person's name at the start of a value, without what follows
// it in brackets, after figures or behind a dash.
func personIn(p passage) (grammar.Name, passage, bool) {
	if loc := nameLead.FindStringIndex(p.text); loc != nil && loc[1] < len(p.text) {
		p = p.sub(loc[1], len(p.text))
	}
	if loc := twoInitials.FindStringSubmatchIndex(p.text); loc != nil {
		p = p.sub(0, loc[2])
	}
	if loc := besideName.FindStringIndex(p.text); loc != nil && loc[0] > 3 {
		p = p.sub(0, loc[0])
	}
	if loc := sexWithAge.FindStringIndex(p.text); loc != nil && loc[0] > 3 {
		p = p.sub(0, loc[0])
	}
	for _, end := range nameEnds(p.text) {
		q := p.sub(0, end).trim(" ,;:|-–—(*")
		if n, ok := grammar.ParseName(q.text); ok && (n.Family != "" || len(n.Given) > 0) {
			if end < len(p.text) {
				n.Score *= 0.95
			}
			return n, q, true
		}
	}
	return grammar.Name{}, passage{}, false
}

// besideName is what stands behind a name on its line, before a figure.
var besideName = regexp.MustCompile(`(?i)\s(?:rm|room|bed|unit|age|aged|acct|ph|tel|apt|ward|pt)\b\.?\s*#?\s*\d`)

// nameLead introduces a name without a colon; twoInitials ends one with the sex
// behind an initial ("Roe, Jane B F").
var (
	nameLead    = regexp.MustCompile(`^(?:(?i:re|regarding|concerning|patient|client|resident)|PT|Pt)[:.]?\s+`)
	twoInitials = regexp.MustCompile(`[A-Za-z]{2,}\s+[A-Z]\.?(\s+[MF])$`)
)

// sexWithAge is the sex behind a name, with the age: "DOE, JANE F 42y".
var sexWithAge = regexp.MustCompile(`\s(?:[MF]\s*[,/]?\s*\d{1,3}\s?(?:y|yo|y/o|yr|yrs|years?)\b|\d{1,3}\s?(?:y|yo|y/o|yr|yrs)\b)`)

// nameEnds are the places where a name may end, the longest first.
func nameEnds(s string) []int {
	ends := []int{len(s)}
	cut := len(s)
	for i := 0; i < len(s); i++ {
		if isDigit(s[i]) || strings.IndexByte("(|;/[", s[i]) >= 0 || i > 0 && s[i-1] == ' ' && s[i] == '-' {
			cut = i
			break
		}
	}
	if cut < len(s) && cut > 2 {
		ends = append(ends, cut)
		s = s[:cut]
	}
	if i := strings.LastIndexByte(s, ','); i > 2 && strings.Count(s, ",") > 1 {
		ends = append(ends, i)
	}
	return ends
}

// idIn reads an identifier at the start of a value: the tokens up to and with
// the last that has digits, as long as they look like one number.
func idIn(p passage) (passage, bool) {
	from, end := -1, -1
	i := 0
	for _, tok := range strings.SplitAfter(p.text, " ") {
		t := strings.TrimSpace(tok)
		switch {
		case from < 0 && digits(t) == 0 && len(t) > 4 && t != "":
			return passage{}, false
		case from < 0 && t != "" && strings.Trim(t, "#:.-") == "":
		case from < 0 && digits(t) > 0:
			from, end = i, i+len(t)
		case from < 0:
			// Letters before the digits, as in "MR 12345".
			from = i
		case end < 0 && digits(t) > 0:
			end = i + len(t)
		case digits(t) == len(t) && len(t) > 0 && len(t) <= 4 && end-from <= 11 && (allDigits(p.text[from:end]) || allDigits(strings.TrimLeft(p.text[from:end], "ABCDEFGHIJKLMNOPQRSTUVWXYZ "))):
			end = i + len(t)
		default:
			i = len(p.text)
		}
		if i == len(p.text) {
			break
		}
		i += len(tok)
	}
	if from < 0 || end < 0 {
		return passage{}, false
	}
	q := p.sub(from, end).trim(" .,;:()[]|#")
	n := len(q.text)
	return q, n >= 2 && n <= 30 && digits(q.text) > 0 && !strings.ContainsAny(q.text, "@%") && strings.Count(q.text, "/") < 2
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isDigit(s[i]) && s[i] != ' ' {
			return false
		}
	}
	return s != ""
}

// typed reads a value by a field's type, for fields that only the user's
// blueprint knows: date and phone by name, number and boolean by type.
func (r *reader) typed(p passage, name, typ, instruction string) (cell, bool) {
	p = p.trim(" :;|_")
	if p.empty() {
		return cell{}, false
	}
	what, _, _ := strings.Cut(instruction, "Labels:")
	about := " " + strings.ToLower(strings.NewReplacer("_", " ", "-", " ").Replace(name+" "+strings.Trim(what, ".,; "))) + " "
	switch {
	case typ == "boolean":
		v, ok := yesNo(p.text)
		c := from(p, v)
		c.sig.Vocabulary = 1
		return c, ok
	case typ == "number":
		v, score, remark, ok := firstNumber(p.text)
		if !ok {
			return cell{}, false
		}
		c := from(p, v)
		c.sig.Grammar, c.remark, c.sig.Numeric = score, remark, 1
		return c, true
	case strings.Contains(about, " date ") || strings.Contains(about, " dob ") || strings.Contains(strings.ToLower(instruction), "yyyy-mm-dd"):
		return r.dateCell(p, false)
	}
	c := from(p, p.text)
	c.sig.Grammar = plainText(p.text)
	if options := enumeration(instruction); len(options) > 1 {
		for _, o := range options {
			if key(o) == key(p.text) {
				c.value, c.sig.Vocabulary = strings.ToLower(o), 1
			}
		}
	}
	return c, true
}

// enumeration reads the values that an instruction lists: "One of: a, b or c."
func enumeration(instruction string) []string {
	_, list, ok := strings.Cut(instruction, "One of:")
	if !ok {
		return nil
	}
	list, _, _ = strings.Cut(list, ".")
	var out []string
	for _, o := range strings.FieldsFunc(strings.ReplaceAll(list, " or ", ","), func(r rune) bool { return r == ',' || r == ';' }) {
		if o = strings.TrimSpace(o); o != "" {
			out = append(out, o)
		}
	}
	return out
}

// yesNo reads an answer.
func yesNo(s string) (string, bool) {
	switch key(s) {
	case "yes", "y", "true", "x", "positive", "checked", "present":
		return "true", true
	case "no", "n", "false", "none", "negative", "unchecked", "absent":
		return "false", true
	}
	return "", false
}

// firstNumber reads the first number of a text.
func firstNumber(s string) (value string, score float64, remark string, ok bool) {
	for _, t := range grammar.Tokens(s) {
		if t.Kind == grammar.Number {
			v, score, remark, ok := grammar.ParseDecimal(t.Text)
			if ok && t.End < len(s) {
				score *= 0.95
			}
			return v, score, remark, ok
		}
	}
	return "", 0, "", false
}

// plainText scores free text by its share of letters, digits and spaces: specks
// and rules that were read as text have few.
func plainText(s string) float64 {
	good := 0
	for _, r := range s {
		if r == ' ' || r == '.' || r == ',' || r == '-' || r == '\'' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 127 {
			good++
		}
	}
	if len(s) == 0 {
		return 0
	}
	return min(1, float64(good)/float64(len([]rune(s)))*0.9)
}
