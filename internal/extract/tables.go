package extract

import (
	"slices"
	"strings"

	"github.com/paperchart/paperchart/internal/layout"
)

// columns is what a header row says: the table it belongs to, and the role of
// each column; "" for one that says nothing. A column of dates has the role
// "@", as in a flow sheet with a column a visit.
type columns struct {
	spec   *tableSpec
	roles  []string
	titles []passage
	// second is the role of what stands behind the first in a column whose
	// title names two.
	second map[int]string
	// close is the mean closeness of the titles; 0 for roles told by content.
	close float64
}

// row is one table row or list item, ready for the reader of its kind.
type row struct {
	cells map[string]passage
	// whole is all of the row's text in order.
	whole passage
	// dated are the cells of "@" columns with their titles.
	dated []datedCell
	ctx   around
}

type datedCell struct{ title, value passage }

// around is what stands around a row.
type around struct {
	sec   section
	sure  float64
	title passage
	// label is the closeness of the column titles, bond how surely the cells
	// belong together.
	label, bond float64
	panel       passage
	// alone is true for a row that stands outside of any panel.
	alone bool
	order int
	// table is true for rows of a table.
	table bool
}

// readTable reads a table row by row. Header rows and section titles may stand
// anywhere in it: layout may have joined several tables into one.
// It returns the section that holds at the table's end.
func (r *reader) readTable(t *layout.Table, c *chunk) *around {
	if r.crossGrid(t, c) {
		return nil
	}
	if below := r.sideLists(t, c); below != nil {
		return below
	}
	tr := &tableReader{r: r, t: t, ctx: around{sec: c.sec, sure: c.sure, title: c.title, bond: 0.85, table: true}}
	if t.Ruled {
		tr.ctx.bond = 0.95
	}
	if len(t.Header) > 0 {
		tr.header(passages(t.Header), true)
	} else if l := r.lastTable; l.cols != nil && sameColumns(l.t, t) && (rowsOf[c.sec] == kindNone || rowsOf[c.sec] == l.cols.spec.kind) {
		tr.cols, tr.ctx.sec, tr.ctx.sure, tr.ctx.label = l.cols, l.ctx.sec, 0.9*l.ctx.sure, l.cols.close // a title had parted it from its header
	}
	defer func() { r.lastTable = lastTable{t, tr.cols, tr.ctx} }()
	for i := range t.Rows {
		tr.row(i, tr.r.answers(t.Rows[i]))
	}
	tr.flush()
	if !tr.turned {
		return nil
	}
	return &tr.ctx
}

// lastTable is the table read last, with its columns.
type lastTable struct {
	t    *layout.Table
	cols *columns
	ctx  around
}

// sameColumns tells whether two ruled tables of a page have their columns at the
// same places.
func sameColumns(a, b *layout.Table) bool {
	if !a.Ruled || !b.Ruled || a.Page != b.Page || len(a.Rows) == 0 || len(b.Rows) == 0 {
		return false
	}
	x, y := a.Rows[len(a.Rows)-1], b.Rows[0]
	if len(x) != len(y) || len(x) < 3 {
		return false
	}
	both := 0
	for j := range x {
		if len(x[j].Words) == 0 || len(y[j].Words) == 0 {
			continue
		}
		p, q := x[j].Words[0].Box, y[j].Words[0].Box
		if abs(p.Min.X-q.Min.X) > 2*max(p.Dy(), q.Dy()) {
			return false
		}
		both++
	}
	return both >= 3
}

func (r *reader) markTitled(p passage) {
	for _, w := range p.ink {
		r.titled[w.spot()] = true
	}
}

func passages(cells []layout.Cell) []passage {
	out := make([]passage, len(cells))
	for i, c := range cells {
		out[i] = ofCell(c)
	}
	return out
}

// answers are the cells of a row, those of boxes to be ticked without the answers
// that are not.
func (r *reader) answers(cells []layout.Cell) []passage {
	out := passages(cells)
	for i, p := range out {
		n := 0
		var kept []ink
		for _, w := range p.ink {
			ticked, box := r.boxed[w.spot()]
			if box {
				n++
			}
			if !box || ticked {
				kept = append(kept, w)
			}
		}
		if n > 0 && len(kept) < len(p.ink) {
			out[i] = write(kept)
		}
	}
	return out
}

type tableReader struct {
	r    *reader
	t    *layout.Table
	cols *columns
	ctx  around
	// pending is the last row, held back for what wraps onto the next.
	pending *row
	guessed bool
	// indented is true once a row stood deeper than its panel's name: one that
	// does not is none of the panel's.
	indented bool
	// turned is true once a title within the table changed the section.
	turned bool
}

// header takes a row as titles where it reads as such.
func (tr *tableReader) header(cells []passage, given bool) bool {
	cols, ok := tr.r.titles(cells, tr.ctx.sec, given)
	if ok && tr.r.datesSomebody(cols, cells) {
		return false
	}
	if ok && !given && tr.cols != nil && onlyDates(cols, cells) || ok && tr.ctx.sec == secVitals && cols.spec.kind == kindLab {
		return false
	}
	if ok {
		tr.flush()
		if given {
			cols.flagColumn(tr.t.Rows)
			tr.r.fillColumns(cols, tr.r.withoutPeople(tr.t, 0))
		}
		tr.cols, tr.guessed = cols, false
		tr.ctx.label = cols.close
		for _, c := range cells {
			tr.r.markTitled(c)
		}
	}
	return ok
}

// datesSomebody tells a row of somebody's details from titles: what seems the day
// of a column is the birth date behind its label.
func (r *reader) datesSomebody(c *columns, cells []passage) bool {
	for i := 1; i < len(cells); i++ {
		if c.roles[i] != "@" {
			continue
		}
		if m, cl, ok := r.lex.label(cells[i-1].text, true); ok && cl > 0.9 && (identifying(m.concept) || canonicalFields[string(m.concept)]) {
			return true
		}
	}
	return false
}

func (tr *tableReader) row(i int, cells []passage) {
	n, only := filled(cells)
	if n == 0 || tr.r.anyUsed(join(cells...)) {
		return
	}
	if n == 1 && len(cells) > 1 && tr.divider(cells[only], tr.after(i)) {
		return
	}
	if n > 1 && (tr.repeated(cells) || tr.header(cells, false)) {
		return
	}
	if tr.cols == nil && !tr.guessed {
		tr.guessed = true
		tr.cols = tr.r.byContent(tr.r.withoutPeople(tr.t, i), tr.ctx.sec)
		tr.ctx.label = 0.5
	}
	if tr.cols == nil {
		return
	}
	tr.take(cells)
}

// withoutPeople are a table's rows from the i-th on, the columns emptied whose
// titles ask for an identity: a record number is no dose.
func (r *reader) withoutPeople(t *layout.Table, i int) [][]layout.Cell {
	asks := r.asked(*t)
	if len(asks) == 0 {
		return t.Rows[i:]
	}
	var out [][]layout.Cell
	for _, row := range t.Rows[i:] {
		row = slices.Clone(row)
		for j := range row {
			if _, ok := asks[j]; ok {
				row[j] = layout.Cell{Page: row[j].Page, Box: row[j].Box}
			}
		}
		out = append(out, row)
	}
	return out
}

func filled(cells []passage) (n, last int) {
	for i, c := range cells {
		if !c.empty() {
			n, last = n+1, i
		}
	}
	return n, last
}

// divider handles a row with one filled cell, next being the row after it: a
// section's title, or a panel's.
func (tr *tableReader) divider(p passage, next []passage) bool {
	if s, c, ok := tr.r.lex.heading(p.text); ok && len(p.ink) <= 6 && (listOrText(s) || partyOf(s) != anyone) &&
		!(tr.cols != nil && tr.cols.spec.kind == rowsOf[s] && tr.r.isTerm(tr.cols.spec.kind, p.text)) {
		tr.flush()
		if rowsOf[s] != rowsOf[tr.ctx.sec] || tr.cols == nil || tr.cols.spec.kind != rowsOf[s] {
			tr.cols, tr.guessed = nil, false
		}
		tr.ctx.sec, tr.ctx.sure, tr.ctx.title = s, c, p
		tr.turned = true
		tr.r.markTitled(p)
		return true
	}
	lab, whole := tr.ctx.sec == secLabs || tr.cols != nil && tr.cols.spec.kind == kindLab, p
	if dated := dateTailOf(tr.r, p); lab && !dated.empty() && (panelTitle(dated.text) || tr.namesPanel(dated)) {
		p = dated // "Lipid Panel (October 18, 2023)"
	}
	if lab && (panelTitle(p.text) || tr.namesPanel(p) || panelOfOne(p, next)) {
		tr.flush()
		tr.ctx.panel, tr.indented = p, false
		tr.r.markTitled(whole)
		return true
	}
	return false
}

// dateTailOf is a title without the date in brackets behind it, empty where there is
// none.
func dateTailOf(r *reader, p passage) passage {
	i := strings.IndexByte(p.text, '(')
	if i < 3 || !strings.HasSuffix(p.text, ")") {
		return passage{}
	}
	if _, ok := r.dates(true).Parse(p.text[i+1 : len(p.text)-1]); !ok {
		return passage{}
	}
	return p.sub(0, i).trim(" ")
}

// namesPanel tells whether a lone text in a table of results is a title: no test
// that is known, and not the rest of the name above it.
func (tr *tableReader) namesPanel(p passage) bool {
	if tr.cols == nil || digits(p.text) > 0 || len(p.ink) > 5 || strings.HasSuffix(p.text, ".") || tr.r.isTerm(kindLab, p.text) {
		return false
	}
	if tr.pending == nil {
		return true
	}
	above := tr.pending.cells["test_name"].text
	return !continues(above, p.text) && !tr.r.isTerm(kindLab, above+" "+p.text)
}

// panelOfOne tells of a test's name alone in a row, and again with its result in
// the next: laboratories print a single test as a panel of one.
func panelOfOne(p passage, next []passage) bool {
	n, _ := filled(next)
	return n > 1 && key(next[0].text) == key(p.text)
}

// after is the row that follows row i, nil after the last.
func (tr *tableReader) after(i int) []passage {
	if i+1 >= len(tr.t.Rows) {
		return nil
	}
	return passages(tr.t.Rows[i+1])
}

// take makes a row of cells, or adds them to the row above where they wrap.
func (tr *tableReader) take(cells []passage) {
	rw := row{cells: map[string]passage{}, whole: join(cells...)}
	for i, p := range cells {
		if p.empty() || i >= len(tr.cols.roles) {
			continue
		}
		switch role := tr.cols.role(i, cells); role {
		case "":
		case "@":
			rw.dated = append(rw.dated, datedCell{tr.cols.titles[i], p})
		default:
			if two := tr.cols.second[i]; two != "" {
				var tail passage
				if p, tail = splitTail(p, two); !tail.empty() {
					rw.cells[two] = tail
				}
				if p.empty() {
					continue
				}
			}
			if had, ok := rw.cells[role]; ok {
				p = join(had, p)
			}
			rw.cells[role] = p
		}
	}
	if tr.wraps(rw) {
		for role, p := range rw.cells {
			tr.pending.cells[role] = join(tr.pending.cells[role], p)
		}
		tr.pending.whole = join(tr.pending.whole, rw.whole)
		return
	}
	tr.flush()
	tr.leavePanel(cells)
	rw.ctx = tr.ctx
	rw.ctx.order = tr.r.order(rw.whole)
	tr.pending = &rw
}

func (tr *tableReader) leavePanel(cells []passage) {
	if tr.ctx.panel.empty() || len(cells) == 0 || cells[0].empty() {
		return
	}
	_, pb := tr.ctx.panel.bounds()
	_, cb := cells[0].bounds()
	switch deep := cb.Min.X - pb.Min.X; {
	case deep > pb.Dy()/2:
		tr.indented = true
	case tr.indented && deep <= pb.Dy()/4:
		tr.ctx.panel, tr.indented = passage{}, false
		tr.ctx.alone = true
	}
}

// wraps tells whether a row goes on with the one above: it has no value in the
// column that no row can be without.
func (tr *tableReader) wraps(rw row) bool {
	if tr.pending == nil {
		return false
	}
	info := kindInfo(tr.cols.spec.kind)
	if info == nil {
		first := ""
		if len(tr.cols.roles) > 0 {
			first = tr.cols.roles[0]
		}
		return rw.cells[first].empty() && first != ""
	}
	name := rw.cells[info.must]
	if name.empty() {
		// A value of its own beneath is a further row, not a wrapped one.
		return !(tr.cols.spec.kind == kindLab && !rw.cells["result_value"].empty() && !tr.pending.cells["result_value"].empty())
	}
	if len(rw.cells) > 1 || len(rw.dated) > 0 {
		return false
	}
	if tr.cols.spec.kind == kindMedication && sigLead.MatchString(name.text) && !tr.r.isDrug(tr.r.sigParts(name).name) {
		// The directions stand under the name, across its column.
		delete(rw.cells, info.must)
		rw.cells["instructions"] = name
		return true
	}
	above := tr.pending.cells[info.must].text
	if k := tr.cols.spec.kind; (!tr.r.isTerm(k, name.text) || !tr.r.isTerm(k, above)) && tr.r.isTerm(k, above+" "+name.text) {
		return true
	}
	return continues(above, name.text)
}

// continues tells whether a text alone in its column is the rest of the one
// above it rather than an entry of its own.
func continues(above, text string) bool {
	if above == "" || text == "" {
		return false
	}
	c := text[0]
	end := above[len(above)-1]
	return c >= 'a' && c <= 'z' || c == '(' || c == ',' || c == '/' || end == '-' || end == ',' || end == '(' || end == '/'
}

func (tr *tableReader) flush() {
	if tr.pending == nil {
		return
	}
	rw := *tr.pending
	tr.pending = nil
	for _, w := range rw.whole.ink {
		tr.r.used[w.spot()] = true
	}
	tr.r.readRow(tr.cols.spec, rw)
}

// readRow hands a row to the reader of its kind.
func (r *reader) readRow(s *tableSpec, rw row) {
	if s.absent {
		return
	}
	switch s.kind {
	case kindCondition:
		r.conditionRow(rw)
	case kindMedication:
		r.medicationRow(rw)
	case kindAllergy:
		r.allergyRow(rw)
	case kindLab:
		r.labRow(rw)
	case kindProcedure:
		r.procedureRow(rw)
	case kindVaccine:
		r.vaccineRow(rw)
	case kindFamily:
		r.familyRow(rw)
	default:
		r.ownRow(s, rw)
	}
}

// extras adds a user's own columns to the cells of a known kind's row.
func (r *reader) extras(k kind, rw row, cells map[string]cell) {
	s := r.lex.spec(k)
	for role, p := range rw.cells {
		if !strings.HasPrefix(role, "=") {
			continue
		}
		if c, ok := r.typed(p, role[1:], s.types[role[1:]], ""); ok {
			cells[role] = rw.grade(c)
		}
	}
}

// ownRow reads a row of a table that only the user's blueprint knows.
func (r *reader) ownRow(s *tableSpec, rw row) {
	f := fact{kind: kindOwn, table: s, cells: map[string]cell{}, order: rw.ctx.order}
	var id []string
	for _, col := range s.Columns {
		p, ok := rw.cells["="+col.Name]
		if !ok {
			continue
		}
		if c, ok := r.typed(p, col.Name, col.Type, col.Instruction); ok {
			f.cells["="+col.Name] = rw.grade(c)
			id = append(id, col.Name+"="+key(c.value))
		}
	}
	if len(f.cells) == 0 {
		return
	}
	f.identity = s.Name + "|" + strings.Join(id, "|")
	r.facts = append(r.facts, f)
}

// grade gives a cell the signals of its row's surroundings.
func (rw row) grade(c cell) cell {
	c.sig.Label = rw.ctx.label
	c.sig.Layout = rw.ctx.bond
	c.sig.Context = min(c.sig.Context, rw.ctx.sure)
	return c
}
