package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Search finds resources by their index. Pages go in the order in which the
// resources were first stored, or by _sort.
func (s *Store) Search(ctx context.Context, q Query) (Page, error) {
	page := Page{Total: -1, alone: true}
	if asksWords(q.Params) {
		if err := s.catchUp(ctx); err != nil {
			return page, err
		}
	}
	limited, cancel := context.WithTimeout(ctx, s.cfg.SearchTime)
	defer cancel()
	err := s.reading(limited, func(c conn) error { return s.search(c, q, &page) })
	if err != nil && ctx.Err() == nil && limited.Err() != nil {
		return page, refuse(TooCostly, "the search takes too long; ask for less at a time")
	}
	if err != nil && codeOf(err) == 0 {
		err = fmt.Errorf("search: %w", err)
	}
	return page, err
}

func (s *Store) search(c conn, q Query, page *Page) error {
	found, err := s.find(c, q, page)
	if err != nil {
		return err
	}
	if q.Total {
		if page.Total, err = found.count(); err != nil {
			return err
		}
	}
	if q.Count <= 0 {
		return nil
	}
	rids, err := found.page(q, page)
	if err != nil {
		return err
	}
	if page.Resources == nil {
		if page.Resources, err = s.load(c, rids); err != nil {
			return err
		}
	}
	return s.include(c, q, page, rids)
}

// count is the number of all matches.
func (f *found) count() (int, error) {
	total := 0
	for _, p := range f.parts {
		n, err := f.countPart(p)
		if err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}

func (f *found) countPart(p part) (int, error) {
	if len(p.conds) == 0 {
		n, _, err := number(f.b.c, "SELECT live FROM counter WHERE type = ?", p.number)
		return int(n), err
	}
	sel, args, err := f.b.matches(p)
	if err != nil {
		return 0, err
	}
	n, _, err := number(f.b.c, "SELECT count(*) FROM ("+sel+") AS m", args...)
	return int(n), err
}

// page finds the matches of one page, and where the next begins.
func (f *found) page(q Query, page *Page) ([]int64, error) {
	from, at, err := f.place(q.After)
	if err != nil || len(f.parts) == 0 {
		return nil, err
	}
	sel, args, err := f.selection()
	if err != nil {
		return nil, err
	}
	switch {
	case len(f.sort) > 0:
		if sel, args, err = f.sorted(sel, args, at); err != nil {
			return nil, err
		}
		args = append(args, q.Count+1)
	case len(f.parts) == 1:
		// Not nested, the order of an index serves, and LIMIT ends the scan early.
		and := " WHERE "
		if f.filtered {
			and = " AND "
		}
		sel += and + "x.rid > ? ORDER BY x.rid LIMIT ?"
		args = append(args, from, q.Count+1)
	default:
		sel = "SELECT x.rid FROM (" + sel + ") x WHERE x.rid > ? ORDER BY x.rid LIMIT ?"
		args = append(args, from, q.Count+1)
	}
	rids, err := f.pageRids(sel, args, page)
	if err != nil {
		return nil, err
	}
	if len(rids) > q.Count {
		rids, page.Resources = rids[:q.Count], page.Resources[:min(q.Count, len(page.Resources))]
		page.Next = strconv.FormatInt(rids[q.Count-1], 10)
		if len(f.sort) > 0 {
			at.rid = rids[q.Count-1]
			if at.version, _, err = number(f.b.c, "SELECT version FROM resource WHERE rid = ?", at.rid); err != nil {
				return nil, err
			}
			page.Next = at.String()
		}
	}
	return rids, nil
}

// pageRids carries out the selection of a page. Where that is a round trip, the
// resources come with it.
func (f *found) pageRids(sel string, args []any, page *Page) (rids []int64, err error) {
	if !f.b.c.dialect().remote {
		err = f.b.c.run(sel, args, func(row columns) error {
			rids = append(rids, row.Int64(0))
			return nil
		})
		return rids, err
	}
	if page.alone && len(f.sort) == 0 && len(wantedOf(page)) == 0 {
		f.b.c.last()
	}
	page.Resources = []Resource{}
	sel = "SELECT n.text, r.id, r.version, r.updated, r.method, r.body, r.rid FROM (SELECT q.rid, row_number() OVER () AS place FROM (" + sel +
		") AS q) AS p JOIN resource r ON r.rid = p.rid JOIN name n ON n.code = r.type ORDER BY p.place"
	err = f.b.c.run(sel, args, func(row columns) error {
		r, err := scan(row)
		rids, page.Resources = append(rids, row.Int64(6)), append(page.Resources, r)
		return err
	})
	return rids, err
}

// place reads Query.After. Pages in the order of rid go on behind the last one,
// sorted ones behind a place.
func (f *found) place(after string) (from int64, at place, err error) {
	switch {
	case len(f.sort) > 0 && after != "":
		at, err = parsePlace(after)
	case len(f.sort) > 0:
		at.newest, _, err = number(f.b.c, "SELECT max(rid) FROM resource")
	case after != "":
		if from, err = strconv.ParseInt(after, 10, 64); err != nil || from < 0 {
			err = errPage
		}
	}
	return from, at, err
}

// selection selects the matches of all types.
func (f *found) selection() (string, []any, error) {
	var sels []string
	var args []any
	size := 0
	for _, p := range f.parts {
		s, a, err := f.b.matches(p)
		if err != nil {
			return "", nil, err
		}
		sels = append(sels, s)
		size += len(s)
		if args = append(args, a...); len(args) > maxArgs || size > maxSQL {
			return "", nil, errComplex
		}
		f.filtered = len(p.conds) != 1 || p.conds[0].not
	}
	return union(sels), args, nil
}

// fewRows ends the look for the rarest condition: this few are cheap anyway. Beside
// one patient's resources, only what has less than rareRows is worth counting.
const fewRows, rareRows, probeRows = 40, 100, 1000

// matches selects each match of a part once: it goes through the rarest
// condition and checks the others.
func (b *builder) matches(p part) (string, []any, error) {
	driver, err := b.rarest(p.conds)
	if err != nil {
		return "", nil, err
	}
	var where []string
	var args []any
	sel := "SELECT x.rid FROM resource x"
	if driver < 0 {
		where = []string{"x.type = ? AND x.live = 1"}
		args = []any{p.number}
	} else {
		sel = "SELECT DISTINCT x.rid FROM (" + p.conds[driver].sel + ") x"
		args = slices.Clone(p.conds[driver].args)
	}
	for i, c := range p.conds {
		if i != driver {
			where = append(where, c.where())
			args = append(args, c.args...)
		}
	}
	if len(where) > 0 {
		sel += " WHERE " + strings.Join(where, " AND ")
	}
	if len(args) > maxArgs || len(sel) > maxSQL {
		return "", nil, errComplex
	}
	return sel, args, nil
}

// What a statement may be; SQLite takes no more than 32,766 arguments and a million
// bytes.
const (
	maxArgs = 30000
	maxSQL  = 900000
)

var errComplex = refuse(TooCostly, "the search has too many parts; ask for less at a time")

// rarest is the condition that the fewest rows meet, -1 where all say what is not
// to be. Rows of wide conditions are not counted: that would be the search itself.
func (b *builder) rarest(conds []cond) (int, error) {
	driver, positive := -1, 0
	for i, c := range conds {
		if c.not {
			continue
		}
		positive++
		if driver < 0 || conds[driver].wide && !c.wide {
			driver = i
		}
	}
	if positive < 2 || conds[driver].wide {
		return driver, nil
	}
	most := probeRows
	if i := slices.IndexFunc(conds, func(c cond) bool { return c.few && !c.not }); i >= 0 {
		if b.c.dialect().remote {
			return i, nil // a round trip to count would cost as much as it saves
		}
		driver, most = i, rareRows
	}
	counts, err := b.probe(conds, most)
	least := int64(most)
	for i, n := range counts {
		if n >= 0 && n < least {
			driver, least = i, n
		}
	}
	return driver, err
}

// probe counts the rows of conditions that are neither wide nor of one patient, up
// to a bound; -1 where it did not count. It ends where it found few.
func (b *builder) probe(conds []cond, most int) ([]int64, error) {
	counts := make([]int64, len(conds))
	var all []string
	var args []any
	for i, c := range conds {
		if counts[i] = -1; c.not || c.wide || c.few {
			continue
		}
		sel := "(SELECT count(*) FROM (" + c.sel + " LIMIT " + strconv.Itoa(most) + ") AS p)"
		if b.c.dialect().remote {
			all, args = append(all, sel), append(args, c.args...)
			counts[i] = int64(len(all)) - 1 // for now, its column
			continue
		}
		n, _, err := number(b.c, "SELECT "+sel, c.args...)
		if err != nil {
			return nil, err
		}
		if counts[i] = n; n < fewRows {
			for j := i + 1; j < len(conds); j++ {
				counts[j] = -1
			}
			return counts, nil
		}
	}
	if len(all) == 0 {
		return counts, nil
	}
	return counts, b.c.run("SELECT "+strings.Join(all, ", "), args, func(row columns) error {
		for i, column := range counts {
			if column >= 0 {
				counts[i] = row.Int64(int(column))
			}
		}
		return errStop
	})
}
