package store

import (
	"slices"
	"strings"
	"time"
)

// load reads resources in the order of rids.
func (s *Store) load(c conn, rids []int64) ([]Resource, error) {
	const sel = "SELECT n.text, r.id, r.version, r.updated, r.method, r.body, r.rid FROM resource r JOIN name n ON n.code = r.type WHERE rid = "
	all := make([]Resource, len(rids))
	if len(rids) == 0 {
		return all, nil
	}
	if !c.dialect().remote {
		for i, rid := range rids {
			err := c.run(sel+"?", []any{rid}, func(row columns) (err error) {
				all[i], err = scan(row)
				return err
			})
			if err != nil {
				return nil, err
			}
		}
		return all, nil
	}
	places := make(map[int64]int, len(rids))
	for i, rid := range rids {
		places[rid] = i
	}
	err := c.run(sel+"ANY(?)", []any{rids}, func(row columns) error {
		r, err := scan(row)
		all[places[row.Int64(6)]] = r
		return err
	})
	return all, err
}

// scan reads type, id, version, updated, method and body.
func scan(row columns) (Resource, error) {
	r := Resource{Type: row.Text(0), ID: row.Text(1), Version: row.Int64(2),
		Updated: time.UnixMilli(row.Int64(3)).UTC(), Method: row.Text(4)}
	r.Deleted = r.Method == "DELETE"
	if r.Deleted {
		return r, nil
	}
	stored, err := decompress(row.Blob(5))
	if err == nil {
		r.Body = stamp(r.Type, r.ID, r.Version, r.Updated, stored)
	}
	return r, err
}

// match finds what a condition matches, at most so many. Unknown parameters are
// refused: a condition that is understood in part would match too much.
func (s *Store) match(c conn, typ, query, base string, most int) ([]Resource, error) {
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
