package layout

import (
	"image"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/paperchart/paperchart/internal/page"
)

// rawRow is one line of print of a table, dealt to its columns.
type rawRow struct {
	cells [][]page.Word
	box   image.Rectangle
	solo  bool // one seg alone: a continuation or a subheading
}

// columnWords are words that head columns of many tables on paper; they only weigh
// in where form alone leaves it open whether a row is a header.
var columnWords = map[string]bool{
	"name": true, "date": true, "type": true, "status": true, "value": true, "unit": true, "units": true,
	"range": true, "description": true, "code": true, "number": true, "no": true, "result": true, "results": true,
	"start": true, "end": true, "comment": true, "comments": true, "notes": true, "item": true, "reference": true,
	"severity": true, "reaction": true, "dose": true, "route": true, "frequency": true, "test": true, "component": true,
	"provider": true, "location": true, "site": true, "lot": true, "directions": true, "noted": true, "onset": true,
	"flag": true, "quantity": true, "qty": true, "time": true, "by": true, "reason": true, "interval": true,
}

// headerLike is true for a row that names columns: words without numbers in at
// least two cells, none of them a sentence.
func headerLike(cells [][]page.Word) bool {
	n := 0
	for _, c := range cells {
		text := Text(c)
		if len(c) == 0 {
			continue
		}
		if letters(text) == 0 && text != "#" || len(c) > 6 || digits(text) > 0 && !codeName(text) {
			return false
		}
		n++
	}
	return n >= 2
}

// codeName is true for a name that holds a number, such as "ICD-10" or
// "Result 1": letters first, and more of them.
func codeName(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsLetter(r) && letters(text) > digits(text) && letters(text) >= 3 && !strings.ContainsAny(text, ".%")
}

// headerCount is how many of the leading rows are the header.
func (s *sheet) headerCount(rows []rawRow) int {
	if n := timeHeader(rows); n > 0 {
		return n
	}
	if len(rows) < 2 || !headerLike(rows[0].cells) {
		return 0
	}
	if !namesColumns(rows) && !s.boldFirst(rows) {
		return 0
	}
	n := 1
	for n < len(rows)-1 && n < 3 && headerGoesOn(rows[:n+1]) {
		n++
	}
	return n
}

var moment = regexp.MustCompile(`^\W?(\d{1,4}[/.-]\d{1,2}([/.-]\d{2,4})?|\d{1,2}[:.]?\d{2}( ?[APap]\.?[Mm]\.?)?)\W?$`)

// timeHeader counts leading rows whose columns, past the first, are headed by
// dates and times, as on a flowsheet.
func timeHeader(rows []rawRow) int {
	n := 0
	for n < len(rows)-1 && n < 3 {
		times, others := 0, 0
		for _, c := range rows[n].cells[1:] {
			if len(c) == 0 {
				continue
			}
			if moment.MatchString(Text(c)) || len(c) == 2 && date.MatchString(c[0].Text) && moment.MatchString(c[1].Text) {
				times++
			} else {
				others++
			}
		}
		if times < 2 || others > 0 || digits(Text(rows[n].cells[0])) > 0 || n > 0 && len(rows[n].cells[0]) > 0 {
			break
		}
		n++
	}
	if n > 0 && !date.MatchString(cellsText(rows[0].cells)) && !strings.Contains(cellsText(rows[0].cells), ":") {
		return 0
	}
	return n
}

// boldFirst is true where the first row is bold and the second is not.
func (s *sheet) boldFirst(rows []rawRow) bool {
	all := func(r rawRow) bool {
		n := 0
		for _, c := range r.cells {
			if len(c) > 0 && s.bold(c) {
				n++
			}
		}
		return 3*n >= 2*filled(r.cells)
	}
	return all(rows[0]) && !all(rows[1])
}

// namesColumns looks for a difference between the first row and the rest:
// capitals, numbers beneath words, or words that head columns anywhere.
func namesColumns(rows []rawRow) bool {
	first := rows[0].cells
	known, caps, others := knownColumns(first), 0, 0
	for _, c := range first {
		if len(c) > 0 && count(Text(c), unicode.IsLower) == 0 {
			caps++
		}
	}
	numeric := 0
	for k := range first {
		with := 0
		for _, r := range rows[1:] {
			if digits(Text(r.cells[k])) > 0 {
				with++
			}
		}
		if with*2 >= len(rows)-1 && len(first[k]) > 0 && (digits(Text(first[k])) == 0 || codeName(Text(first[k]))) {
			numeric++
		}
	}
	for _, r := range rows[1:] {
		if t := cellsText(r.cells); count(t, unicode.IsLower) == 0 {
			others++
		}
	}
	allCap := caps == filled(first) && others*2 < len(rows)-1
	return known >= 2 || numeric >= 2 || numeric >= 1 && filled(first)*2 > len(first) || allCap
}

// knownColumns counts the cells with a word that heads columns anywhere.
func knownColumns(cells [][]page.Word) int {
	n := 0
	for _, c := range cells {
		for _, w := range c {
			if columnWords[strings.ToLower(strings.Trim(w.Text, ".:,()#"))] {
				n++
				break
			}
		}
	}
	return n
}

// headerGoesOn is true where the last row is a further line of the header: no
// numbers, close beneath, and complementing it rather than filling every column.
func headerGoesOn(rows []rawRow) bool {
	prev, next := rows[len(rows)-2], rows[len(rows)-1]
	text := cellsText(next.cells)
	if digits(text) > 0 || next.solo && len(next.cells[0]) > 0 || dyGap(prev.box, next.box) > 0.8*dy(prev.box) {
		return false
	}
	for _, c := range next.cells {
		if len(c) > 3 {
			return false
		}
	}
	return filled(next.cells) < len(next.cells) && (len(next.cells[0]) == 0 || len(prev.cells[0]) == 0)
}

// buildTable folds lines of print into rows. ruled says that raw rows are
// already whole.
func (s *sheet) buildTable(t *Table, raw []rawRow, ruled bool) {
	t.Page = s.src.Number
	raw = inkedColumns(inkedRows(raw))
	head := s.headerCount(raw)
	if head > 0 {
		t.Header = s.cells(raw[:head])
	}
	for i := head; i < len(raw); {
		j := i + 1
		for !ruled && j < len(raw) && s.wraps(raw, i, j) {
			j++
		}
		t.Rows = append(t.Rows, s.cells(raw[i:j]))
		i = j
	}
}

// inkedRows leaves out rows without print, and what the reader made of rules.
func inkedRows(raw []rawRow) []rawRow {
	out := raw[:0:0]
	for _, r := range raw {
		cells := make([][]page.Word, len(r.cells))
		for k, c := range r.cells {
			cells[k] = unbarred(c)
		}
		if r.cells = cells; filled(cells) > 0 {
			out = append(out, r)
		}
	}
	return out
}

// inkedColumns leaves out columns without print.
func inkedColumns(raw []rawRow) []rawRow {
	var keep []int
	for k := 0; len(raw) > 0 && k < len(raw[0].cells); k++ {
		for _, r := range raw {
			if len(r.cells[k]) > 0 {
				keep = append(keep, k)
				break
			}
		}
	}
	for i, r := range raw {
		cells := make([][]page.Word, len(keep))
		for n, k := range keep {
			cells[n] = r.cells[k]
		}
		raw[i].cells = cells
	}
	return raw
}

// wraps is true where raw[j] continues the row that began with raw[i]: its first
// column is empty, or reads on from the line above. Two numbers in one column
// are two rows, whatever else was not read.
func (s *sheet) wraps(raw []rawRow, i, j int) bool {
	a, b := raw[i], raw[j]
	gap := dyGap(raw[j-1].box, b.box)
	if gap > 1.2*s.unit || a.solo && len(a.cells[0]) > 0 && !b.solo || twoNumbers(raw[i:j], b) {
		return false
	}
	if len(b.cells[0]) == 0 {
		// More than a few filled cells are a row whose name was not read: its
		// values must not join the row above.
		return filled(b.cells) <= max(1, filled(a.cells)/2)
	}
	return filled(b.cells) < len(b.cells) && filled(b.cells) <= 2 && gap < 0.8*s.unit &&
		len(a.cells[0]) > 0 && nameGoesOn(raw, raw[j-1].cells[0], b.cells[0])
}

// twoNumbers is true where a column has a number or date above and below.
func twoNumbers(rows []rawRow, next rawRow) bool {
	for _, r := range rows {
		for k, c := range r.cells {
			if numberFirst(c) && numberFirst(next.cells[k]) {
				return true
			}
		}
	}
	return false
}

func numberFirst(words []page.Word) bool {
	if len(words) == 0 {
		return false
	}
	c := strings.TrimLeft(words[0].Text, "<>=≤≥([‘'“\"~")
	return c != "" && c[0] >= '0' && c[0] <= '9'
}

// nameGoesOn is true where the first cell of a row reads on from the one above.
// In a table whose names begin in lower case that says nothing.
func nameGoesOn(raw []rawRow, above, next []page.Word) bool {
	if len(above) == 0 || openEnd(above) {
		return len(above) > 0
	}
	lower := 0
	for _, r := range raw {
		if c := r.cells[0]; len(c) > 0 && filled(r.cells) > 1 && unicode.IsLower(firstRune(c[0].Text)) {
			lower++
		}
	}
	first := firstRune(next[0].Text)
	return first == '(' || first == '/' || unicode.IsLower(first) && lower*4 < len(raw)
}

func unbarred(words []page.Word) []page.Word {
	out := words[:0:0]
	for _, w := range words {
		if !bar(w.Text) {
			out = append(out, w)
		}
	}
	return out
}

// cells joins lines of print column by column.
func (s *sheet) cells(raw []rawRow) []Cell {
	out := make([]Cell, len(raw[0].cells))
	for k := range out {
		var words []page.Word
		for _, r := range raw {
			words = append(words, r.cells[k]...)
		}
		out[k] = s.cell(words)
	}
	return out
}
