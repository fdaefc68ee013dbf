package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ncruces/go-sqlite3"
)

// Search finds resources by their index. Pages go in the order in which the
// resources were first stored, or by _sort.
func (s *Store) Search(ctx context.Context, q Query) (Page, error) {
	page := Page{Total: -1}
	err := s.reading(ctx, func(c *conn) error { return s.search(c, q, &page) })
	if err != nil && codeOf(err) == 0 {
		err = fmt.Errorf("search: %w", err)
	}
	return page, err
}

func (s *Store) search(c *conn, q Query, page *Page) error {
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
	if page.Resources, err = s.load(c, rids); err != nil {
		return err
	}
	return s.include(c, q, page, rids)
}

// found is a search that is understood and not yet run.
type found struct {
	b      *builder
	parts  []part // one for each type
	sort   []sortKey
	single string // the type, where there is one

	filtered bool // the selection ends in a WHERE clause
}

// part is what a search is for one type.
type part struct {
	typ    string
	number int64
	conds  []cond
}

// find understands the parameters.
func (s *Store) find(c *conn, q Query, page *Page) (*found, error) {
	types, err := s.typesOf(q)
	if err != nil {
		return nil, err
	}
	f := &found{b: &builder{s: s, c: c, base: q.Base}, single: q.Type}
	known := make([]bool, len(q.Params)) // by any of the types
	for _, typ := range types {
		p, err := f.part(typ, q, known)
		if err != nil {
			return nil, err
		}
		f.parts = append(f.parts, p)
	}
	for i, param := range q.Params {
		switch {
		case known[i]:
			page.Used = append(page.Used, param)
		case q.Strict && param.Value != "":
			return nil, refuse(Invalid, "%s has no search parameter %.64q that this server knows", cmpOr(q.Type, "the system"), param.Name)
		default:
			page.Ignored = append(page.Ignored, param)
		}
	}
	return f, nil
}

func cmpOr(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

func (s *Store) typesOf(q Query) ([]string, error) {
	types := q.Types
	if q.Type != "" {
		types = []string{q.Type}
	}
	for _, p := range q.Params {
		if p.Name == "_type" && q.Type == "" {
			types = strings.Split(p.Value, ",")
		}
	}
	if len(types) == 0 {
		types = s.table.Resources()
	}
	for _, t := range types {
		if s.table.Resource(t) == nil {
			return nil, refuse(NotFound, "there is no resource type %.64q", t)
		}
	}
	return types, nil
}

// part understands the parameters for one type. A parameter that a type does not
// have leaves nothing of that type, unless no type has it.
func (f *found) part(typ string, q Query, known []bool) (part, error) {
	number, err := f.b.s.known(f.b.c, typ)
	p := part{typ: typ, number: number}
	if err != nil {
		return p, err
	}
	if q.Compartment != "" {
		c, err := f.b.compartment(q.Compartment, typ)
		if err != nil {
			return p, err
		}
		p.conds = append(p.conds, c)
	}
	for i, param := range q.Params {
		if param.Value == "" {
			continue // R4: a parameter without a value is no condition
		}
		switch param.Name {
		case "_count", "_total", "_summary", "_format", "_pretty", "_elements", "_type", "_maxresults", "_contained":
			known[i] = true // the caller's own
			continue
		case "_sort":
			keys, err := f.b.sortKeys(typ, param.Value)
			if errors.Is(err, errUnknown) {
				continue
			}
			if err != nil {
				return p, err
			}
			f.sort, known[i] = keys, true
			continue
		case "_include", "_revinclude", "_include:iterate", "_revinclude:iterate", "_include:recurse", "_revinclude:recurse":
			if err := f.b.checkInclude(param); err != nil {
				return p, err
			}
			known[i] = true
			continue
		}
		c, err := f.b.clause(typ, param)
		if errors.Is(err, errUnknown) {
			if f.single == "" {
				p.conds = append(p.conds, cond{sel: "SELECT rid FROM resource WHERE 0"})
			}
			continue
		}
		if err != nil {
			return p, err
		}
		known[i] = true
		p.conds = append(p.conds, c)
	}
	return p, nil
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
		n, _, err := f.b.c.number("SELECT live FROM counter WHERE type = ?", p.number)
		return int(n), err
	}
	sel, args, err := f.b.matches(p)
	if err != nil {
		return 0, err
	}
	n, _, err := f.b.c.number("SELECT count(*) FROM ("+sel+")", args...)
	return int(n), err
}

// page finds the matches of one page, and where the next begins.
func (f *found) page(q Query, page *Page) ([]int64, error) {
	from, newest, err := f.place(q.After)
	if err != nil {
		return nil, err
	}
	sel, args, err := f.selection()
	if err != nil {
		return nil, err
	}
	switch {
	case len(f.sort) > 0:
		sel, args = f.sorted(sel, args, newest)
		args = append(args, q.Count+1, from)
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
	var rids []int64
	err = f.b.c.run(sel, args, func(st *sqlite3.Stmt) error {
		rids = append(rids, st.ColumnInt64(0))
		return nil
	})
	if len(rids) > q.Count {
		rids = rids[:q.Count]
		page.Next = strconv.FormatInt(rids[q.Count-1], 10)
		if len(f.sort) > 0 {
			page.Next = strconv.FormatInt(from+int64(q.Count), 10) + "-" + strconv.FormatInt(newest, 10)
		}
	}
	return rids, err
}

// place reads Query.After. Pages in the order of rid go on behind the last one;
// sorted ones count, among the resources that were there at the first page, so
// that what is created meanwhile shifts nothing.
func (f *found) place(after string) (from, newest int64, err error) {
	if after == "" {
		if len(f.sort) > 0 {
			newest, _, err = f.b.c.number("SELECT max(rid) FROM resource")
		}
		return 0, newest, err
	}
	first, second, two := strings.Cut(after, "-")
	from, err = strconv.ParseInt(first, 10, 64)
	if err == nil && two {
		newest, err = strconv.ParseInt(second, 10, 64)
	}
	if err != nil || from < 0 || two != (len(f.sort) > 0) {
		return 0, 0, refuse(Invalid, "the page that is asked for is none of this server's")
	}
	return from, newest, nil
}

// selection selects the matches of all types.
func (f *found) selection() (string, []any, error) {
	var sel string
	var args []any
	for i, p := range f.parts {
		s, a, err := f.b.matches(p)
		if err != nil {
			return "", nil, err
		}
		if i > 0 {
			sel += " UNION ALL "
		}
		sel += s
		args = append(args, a...)
		f.filtered = len(p.conds) != 1 || p.conds[0].not
	}
	return sel, args, nil
}

// fewRows ends the look for the rarest condition: this few are cheap anyway.
const fewRows, probeRows = 40, 1000

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
	return sel, args, nil
}

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
	least := int64(probeRows + 1)
	for i, c := range conds {
		if c.not || c.wide {
			continue
		}
		n, _, err := b.c.number("SELECT count(*) FROM ("+c.sel+" LIMIT "+strconv.Itoa(probeRows)+")", c.args...)
		if err != nil {
			return 0, err
		}
		if n < least {
			driver, least = i, n
		}
		if n < fewRows {
			break
		}
	}
	return driver, nil
}

// load reads resources in the order of rids.
func (s *Store) load(c *conn, rids []int64) ([]Resource, error) {
	all := make([]Resource, 0, len(rids))
	for _, rid := range rids {
		err := c.run(`SELECT n.text, r.id, r.version, r.updated, r.method, r.body FROM resource r JOIN name n ON n.code = r.type WHERE rid = ?`,
			[]any{rid}, func(st *sqlite3.Stmt) error {
				r, err := scan(st)
				all = append(all, r)
				return err
			})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// scan reads type, id, version, updated, method and body.
func scan(st *sqlite3.Stmt) (Resource, error) {
	r := Resource{Type: st.ColumnText(0), ID: st.ColumnText(1), Version: st.ColumnInt64(2),
		Updated: time.UnixMilli(st.ColumnInt64(3)).UTC(), Method: st.ColumnText(4)}
	r.Deleted = r.Method == "DELETE"
	if r.Deleted {
		return r, nil
	}
	stored, err := decompress(st.ColumnRawBlob(5))
	if err == nil {
		r.Body = stamp(r.Type, r.ID, r.Version, r.Updated, stored)
	}
	return r, err
}

// match finds what a condition matches, at most so many. Unknown parameters are
// refused: a condition that is understood in part would match too much.
func (s *Store) match(c *conn, typ, query, base string, most int) ([]Resource, error) {
	params, err := ParseQuery(strings.TrimPrefix(strings.TrimPrefix(query, typ), "?"))
	if err != nil {
		return nil, err
	}
	conditions := slices.DeleteFunc(slices.Clone(params), func(p Param) bool { return p.Value == "" || p.Name == "_format" })
	if len(conditions) == 0 {
		return nil, refuse(PreconditionFailed, "the condition is empty")
	}
	page := Page{}
	err = s.search(c, Query{Type: typ, Params: conditions, Count: most, Strict: true, Base: base}, &page)
	return page.Resources, err
}
