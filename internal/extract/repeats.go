package extract

// Forms with blanks print their titles in front of each entry: "Med ____ Dosage
// ____ How often ____" line by line. Laid out, such a row has a title in every
// second cell.

// titledCells reads a row of cells as titles with the value of each behind it, by
// the titles of a kind's columns. It is nil where the row is none.
func (s *tableSpec) titledCells(cells []passage) map[string]passage {
	var kept []passage
	for _, c := range cells {
		if title, value := s.titleAndValue(c); !value.empty() {
			kept = append(kept, title, value)
		} else if !c.empty() {
			kept = append(kept, c)
		}
	}
	if len(kept) < 4 || len(kept)%2 != 0 {
		return nil
	}
	out := map[string]passage{}
	for i := 0; i < len(kept); i += 2 {
		role, c, ok := s.titles.get(key(kept[i].text))
		if !ok || c < 1 {
			return nil
		}
		if _, _, title := s.titles.get(key(kept[i+1].text)); title {
			return nil // two titles side by side head columns
		}
		if _, had := out[role]; had {
			return nil
		}
		out[role] = kept[i+1]
	}
	if info := kindInfo(s.kind); info == nil || out[info.must].empty() {
		return nil
	}
	return out
}

// titleAndValue parts a cell that holds a title and its value, as layout puts them
// together where the blank begins close behind the title.
func (s *tableSpec) titleAndValue(c passage) (title, value passage) {
	if _, _, whole := s.titles.get(key(c.text)); whole {
		return passage{}, passage{}
	}
	ws := wordsOf(c)
	for n := min(4, len(ws)-1); n > 0; n-- {
		if _, close, ok := s.titles.get(key(c.text[:ws[n-1].to])); ok && close == 1 {
			return c.sub(0, ws[n-1].to), c.sub(ws[n].from, len(c.text)).trim(" _:")
		}
	}
	return passage{}, passage{}
}

// repeated reads a row of a table that says what each of its values is.
func (tr *tableReader) repeated(cells []passage) bool {
	s := tr.r.lex.spec(rowsOf[tr.ctx.sec])
	if s == nil || s.absent {
		return false
	}
	parts := s.titledCells(cells)
	if parts == nil {
		return false
	}
	tr.flush()
	rw := row{cells: parts, whole: join(cells...), ctx: tr.ctx}
	rw.ctx.order, rw.ctx.label = tr.r.order(rw.whole), 0.9
	tr.r.take(rw.whole)
	tr.r.readRow(s, rw)
	return true
}

// repeatedLines reads the lines of a list whose blanks are titled one by one, and
// returns the others.
func (r *reader) repeatedLines(c *chunk) {
	s := r.lex.spec(rowsOf[c.sec])
	if s == nil || s.absent || !c.sec.list() || c.sec == secLabs {
		return
	}
	for _, v := range r.visualRows(c) {
		if len(v.cells) < 4 || c.parts[v.part].table != nil || r.anyUsed(join(v.cells...)) {
			continue
		}
		tr := &tableReader{r: r, ctx: around{sec: c.sec, sure: c.sure, title: c.title, bond: 0.75, table: true}}
		tr.repeated(v.cells)
	}
}
