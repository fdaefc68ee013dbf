package view

import (
	"fmt"
	"slices"
	"strings"
)

// Style is how a View is written.
type Style struct {
	Colour bool
	// Width is the number of columns of the screen; 100 where 0.
	Width int
}

const (
	label   = 13 // columns of a section's name
	gap     = 2
	narrow  = 40 // below this many columns lines are longer than the screen
	maxRows = 3  // lines a cell may take
)

// Render writes views one below the other. Where there are several, a rule with
// the file, the document's kind and its pages begins each, so that nobody takes
// one patient's facts for another's.
func Render(views []View, s Style) string {
	var b strings.Builder
	for i, v := range views {
		if i > 0 {
			b.WriteByte('\n')
		}
		if len(views) > 1 {
			b.WriteString(s.bold(v.rule(i+1, len(views), s)) + "\n")
		}
		b.WriteString(v.Text(s))
	}
	return b.String()
}

func (v View) rule(i, n int, s Style) string {
	parts := []string{fmt.Sprintf("Document %d of %d", i, n)}
	if class := plain(v.Class); class != "" {
		parts = append(parts, wrap(class, s.width()/3, 1)[0])
	}
	if len(v.Pages) > 0 {
		parts = append(parts, pageNames(v.Pages))
	}
	line := wrap("── "+strings.Join(parts, " · "), s.width()-3, 1)[0] + " "
	return line + strings.Repeat("─", max(2, s.width()-columns(line)))
}

// pageNames is "page 2", or "pages 1–3, 5".
func pageNames(pages []int) string {
	pages = slices.Sorted(slices.Values(pages))
	var spans []string
	for i := 0; i < len(pages); {
		j := i
		for j+1 < len(pages) && pages[j+1] == pages[j]+1 {
			j++
		}
		if spans = append(spans, fmt.Sprint(pages[i])); j > i {
			spans[len(spans)-1] = fmt.Sprintf("%d–%d", pages[i], pages[j])
		}
		i = j + 1
	}
	if len(pages) == 1 {
		return "page " + spans[0]
	}
	return "pages " + strings.Join(spans, ", ")
}

func (s Style) width() int {
	if s.Width == 0 {
		return 100
	}
	return max(s.Width, narrow)
}

// Text writes the view in columns, ended by a newline. Confidence and page stand
// in one column all the way down.
func (v View) Text(s Style) string {
	var b strings.Builder
	for i, line := range v.Patient.lines(s) {
		b.WriteString(s.head("Patient", i == 0) + line + "\n")
	}
	room := s.width() - label - gap - v.tail()
	tables, inner := make([][]int, len(v.Sections)), 0
	for i, section := range v.Sections {
		tables[i] = section.widths(room)
		inner = max(inner, total(tables[i]))
	}
	for i, section := range v.Sections {
		section.text(&b, s, tables[i], inner)
	}
	for i, line := range wrap(v.verdict(), s.width()-label, maxRows) {
		b.WriteString(s.head("Review", i == 0) + line + "\n")
	}
	return b.String()
}

// head is the column of names, filled in on the first line of a section.
func (s Style) head(name string, first bool) string {
	if !first {
		name = ""
	}
	return s.bold(pad(name, label))
}

// lines say who the patient is, on as many lines as the screen asks for.
func (p Patient) lines(s Style) []string {
	who := []string{"(no name found)"}
	if name := plain(p.Name); name != "" {
		who[0] = name
	}
	for _, part := range [][2]string{{"MRN ", p.MRN}, {"born ", p.Born}, {"", p.Sex}} {
		if text := plain(part[1]); text != "" {
			who = append(who, part[0]+text)
		}
	}
	if p.Review {
		who = append(who, "?")
	}
	var lines []string
	room := s.width() - label
	for _, part := range who {
		part = wrap(part, room, 1)[0]
		if n := len(lines); n > 0 && columns(lines[n-1])+3+columns(part) <= room {
			lines[n-1] += "   " + part
		} else {
			lines = append(lines, part)
		}
	}
	if n := len(lines); p.Review {
		lines[n-1] = strings.TrimSuffix(lines[n-1], "?") + s.warn("?")
	}
	return lines
}

// verdict says what waits for a person and how it is marked.
func (v View) verdict() string {
	var parts []string
	if n := v.Review - v.Doubtful; n > 0 {
		parts = append(parts, fmt.Sprintf("%s below %.2f", fields(n), v.Threshold))
	}
	if v.Doubtful > 0 {
		parts = append(parts, fields(v.Doubtful)+" doubtful for another reason")
	}
	if parts == nil {
		return fmt.Sprintf("nothing: every field is at %.2f or above", v.Threshold)
	}
	return strings.Join(parts, ", ") + " (marked ?)"
}

func fields(n int) string {
	if n == 1 {
		return "1 field"
	}
	return fmt.Sprintf("%d fields", n)
}

func (section Section) text(b *strings.Builder, s Style, widths []int, inner int) {
	for i, r := range section.Rows {
		for j, line := range r.lines(widths) {
			head := s.head(section.Name, i == 0 && j == 0)
			if r.Abnormal {
				line = s.strong(line, strings.TrimRight(line, " "))
			}
			if j == 0 {
				line = line + strings.Repeat(" ", max(0, inner-total(widths))+gap) + r.tail(s)
			}
			b.WriteString(strings.TrimRight(head+line, " ") + "\n")
		}
	}
}

// lines are the row's cells side by side, wrapped.
func (r Row) lines(widths []int) []string {
	cells := make([][]string, len(widths))
	height := 1
	for j, w := range widths {
		if j < len(r.Cells) {
			cells[j] = wrap(plain(r.Cells[j]), w, maxRows)
			height = max(height, len(cells[j]))
		}
	}
	lines := make([]string, height)
	for i := range lines {
		for j, w := range widths {
			cell := ""
			if i < len(cells[j]) {
				cell = cells[j][i]
			}
			if j > 0 && w > 0 {
				lines[i] += strings.Repeat(" ", gap)
			}
			lines[i] += pad(cell, w)
		}
	}
	return lines
}

// tail is the width of the widest confidence with page and mark.
func (v View) tail() int {
	n := 0
	for _, section := range v.Sections {
		for _, r := range section.Rows {
			n = max(n, columns(r.tail(Style{})))
		}
	}
	return n
}

func (r Row) tail(s Style) string {
	t := fmt.Sprintf("%.2f", r.Confidence)
	if r.Page > 0 {
		t += fmt.Sprintf("  p%d", r.Page)
	}
	if r.Review {
		t = s.warn(t + "  ?")
	}
	return t
}

// widths are those of the widest cells, the widest made smaller until all fit:
// first down to the longest words, then further.
func (section Section) widths(room int) []int {
	var widths, least []int
	for _, r := range section.Rows {
		for j, c := range r.Cells {
			if j == len(widths) {
				widths, least = append(widths, 0), append(least, 0)
			}
			c = plain(c)
			widths[j] = max(widths[j], columns(c))
			for w := range strings.FieldsSeq(c) {
				least[j] = max(least[j], min(columns(w), 20))
			}
		}
	}
	shrink(widths, least, room)
	shrink(widths, slices.Repeat([]int{4}, len(widths)), room)
	return widths
}

// shrink takes from the widest column that is above its least until all fit.
func shrink(widths, least []int, room int) {
	for total(widths) > room {
		widest := -1
		for j, w := range widths {
			if w > least[j] && (widest < 0 || w > widths[widest]) {
				widest = j
			}
		}
		if widest < 0 {
			return
		}
		widths[widest]--
	}
}

// total is the columns of a table; an empty column takes none.
func total(widths []int) int {
	n := 0
	for j, w := range widths {
		if n += w; j > 0 && w > 0 {
			n += gap
		}
	}
	return n
}

func (s Style) bold(text string) string { return s.paint("1", text) }
func (s Style) warn(text string) string { return s.paint("33", text) }

// strong paints the part of a line that is text and not the space behind it.
func (s Style) strong(line, text string) string {
	return s.paint("1", text) + line[len(text):]
}

func (s Style) paint(code, text string) string {
	if !s.Colour || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}
