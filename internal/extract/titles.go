package extract

import (
	"strconv"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/layout"
)

func sharedTitles(specs []*tableSpec) map[string]int {
	n := map[string]int{}
	for _, s := range specs {
		for _, k := range s.titles.keys {
			n[k]++
		}
	}
	return n
}

// role is the role of a column. Cells in a column without a title belong to the
// nearest titled one that is empty in their row: OCR and rules shift titles.
func (c *columns) role(i int, cells []passage) string {
	if c.roles[i] != "" || !c.titles[i].empty() {
		return c.roles[i]
	}
	for _, d := range []int{-1, 1, -2, 2} {
		j := i + d
		if j < 0 || j >= len(c.roles) || c.roles[j] == "" || j >= len(cells) || !cells[j].empty() {
			continue
		}
		if between := (i + j) / 2; d*d == 4 && !cells[between].empty() {
			continue
		}
		return c.roles[j]
	}
	return ""
}

// titles reads a row as column titles. given rows were found to be headers by
// their looks; others need more of their cells known.
func (r *reader) titles(cells []passage, sec section, given bool) (*columns, bool) {
	n, _ := filled(cells)
	days := daysOfMonth(cells)
	var best *columns
	bestScore, second := 0.0, 0.0
	for _, s := range r.lex.tables {
		if s.kind == kindFamily && partyOf(sec) != anyone {
			continue // a person's details, though they name a relation
		}
		c, score, known := r.titlesOf(s, cells)
		if rowsOf[sec] == s.kind && s.kind != kindNone {
			score += 1.5
		}
		need := 2
		if given && n <= 2 && rowsOf[sec] == s.kind {
			need = 1
		}
		width := n
		switch {
		case s.kind == kindMedication:
			width -= days
		case s.kind == kindVaccine && days > 0 && !has(c.roles, "vaccine_name"):
			continue
		}
		if known < need || 2*known < width || !r.hasMust(c) {
			continue
		}
		if score > bestScore {
			best, second, bestScore = c, bestScore, score
		} else {
			second = max(second, score)
		}
	}
	if best == nil || bestScore < 1.2 || !given && bestScore-second < 0.05 {
		return nil, false
	}
	return best, true
}

// daysOfMonth counts the titles of a chart of what was given: the days 1, 2, 3…
func daysOfMonth(cells []passage) int {
	n, last := 0, 0
	for _, c := range cells {
		if d, err := strconv.Atoi(c.text); err == nil && d <= 31 && (n == 0 || d == last+1) {
			n, last = n+1, d
		}
	}
	if n < 3 {
		return 0
	}
	return n
}

// onlyDates tells a row of dates under a title that is none, as a vaccine with the
// days of its doses, from the titles of results by date.
func onlyDates(c *columns, cells []passage) bool {
	for i, role := range c.roles {
		if role != "" && role != "@" && i > 0 {
			return false
		}
	}
	return len(cells) > 0 && !cells[0].empty()
}

// titlesOf matches cells with the titles of one table.
func (r *reader) titlesOf(s *tableSpec, cells []passage) (*columns, float64, int) {
	c := &columns{spec: s, roles: make([]string, len(cells)), titles: cells, second: map[int]string{}}
	by := map[string]float64{}
	score, known := 0.0, 0
	for i, p := range cells {
		role, cl := r.title(s, p)
		if role == "" {
			if role, cl = twoTitles(s, p, c.second, i); role == "" {
				continue
			}
		}
		known++
		if role != "@" && role[0] != '+' && cl <= by[role] {
			role = "+note"
		}
		by[role] = cl
		c.roles[i] = role
		w := cl
		if n := r.lex.shared[key(p.text)]; n > 1 {
			w *= 0.5
		}
		if role[0] == '+' {
			w *= 0.6
		}
		score += w
		c.close += cl
	}
	if known > 0 {
		c.close /= float64(known)
	}
	return c, score, known
}

// title finds the role of a column by its title. A title that names two
// columns run together takes the first.
func (r *reader) title(s *tableSpec, p passage) (string, float64) {
	if p.empty() || len(p.ink) > 6 {
		return "", 0
	}
	forms := append(append(labelForms(p.text), barest(p.text)...), headNoun(p.text)...)
	if digits(p.text) > 2 {
		forms = nil // a value
	}
	for i, t := range forms {
		if role, c, ok := s.titles.near(t, func(a, b string) bool { return a == b }); ok {
			return role, c - 0.05*float64(i)
		}
	}
	if s.kind == kindLab {
		if d, ok := r.dates(false).Parse(p.text); ok && len(d.Value) == 10 {
			return "@", 0.8
		}
	}
	return "", 0
}

// plainNouns are titles that mean the same whatever stands before them.
var plainNouns = fieldSet("status", "strength", "directions", "instructions", "frequency", "route", "reaction", "severity", "allergen", "medication",
	"vaccine", "immunization", "diagnosis", "procedure")

// headNoun is the last word of a title, where it is one whose meaning the words
// before it only narrow: "Rx Status", "Chief Diagnosis".
func headNoun(t string) []string {
	ws := strings.Fields(strings.Trim(t, ":.# "))
	if n := len(ws); n >= 2 && n <= 4 && plainNouns[strings.ToLower(ws[n-1])] {
		return ws[n-1:]
	}
	return nil
}

// flagColumn gives the role of a flag to a column of another name, "Status" or
// none at all, in which nothing but flags stand.
func (c *columns) flagColumn(rows [][]layout.Cell) {
	if c.spec.kind != kindLab || has(c.roles, "abnormal_flag") {
		return
	}
	for i, role := range c.roles {
		if role != "" && role != "+note" {
			continue
		}
		n, flags := 0, 0
		for j := range rows {
			if t := strings.TrimSpace(at(rows, j, i).Text()); t != "" {
				n++
				f, ok := grammar.ParseFlag(t)
				if ok && f != "" {
					flags++
				}
			}
		}
		if n > 0 && flags == n {
			c.roles[i] = "abnormal_flag"
			return
		}
	}
}

// twoTitles reads a cell that holds the titles of two columns.
func twoTitles(s *tableSpec, p passage, second map[int]string, i int) (string, float64) {
	if len(p.ink) > 6 {
		return "", 0
	}
	for n := len(p.ink) - 1; n > 0; n-- {
		a, ca, ok1 := s.titles.get(key(write(p.ink[:n]).text))
		b, cb, ok2 := s.titles.get(key(write(p.ink[n:]).text))
		if ok1 && ok2 && ca == 1 && cb == 1 && a != b {
			second[i] = b
			return a, 0.75
		}
	}
	for n := len(p.ink) - 1; n > 0 && digits(p.text) == 0; n-- {
		if role, c, ok := s.titles.get(key(write(p.ink[:n]).text)); ok && c == 1 && role[0] != '+' {
			return role, 0.7
		}
	}
	return "", 0
}

// splitTail parts a cell of two columns: a unit, flag or date at its end is the
// second's.
func splitTail(p passage, role string) (head, tail passage) {
	n := len(p.ink)
	if n == 0 {
		return p, passage{}
	}
	last := p.sub(p.at[n-1], len(p.text))
	is := false
	switch role {
	case "unit":
		is = unitLike(last.text) && grammar.KnownUnit(last.text)
	case "abnormal_flag":
		_, is = grammar.ParseFlag(last.text)
	case "reference_range":
		_, is = grammar.ParseRange(last.text)
	}
	if !is {
		return p, passage{}
	}
	return p.sub(0, p.at[n-1]), last
}

// hasMust makes sure that the column no row can be without is there; an
// untitled first column may be it.
func (r *reader) hasMust(c *columns) bool {
	info := kindInfo(c.spec.kind)
	if info == nil {
		return true
	}
	for _, role := range c.roles {
		if role == info.must {
			return true
		}
	}
	if len(c.roles) > 0 && c.roles[0] == "" {
		c.roles[0] = info.must
		return true
	}
	return false
}
