package store

import (
	"slices"
	"strings"
	"time"

	"github.com/ncruces/go-sqlite3"
)

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
