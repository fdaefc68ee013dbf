package store

import (
	"maps"
	"time"

	"github.com/ncruces/go-sqlite3"
)

// writing is what the goroutine that writes has at hand.
type writing struct {
	s   *Store
	c   *conn
	now time.Time

	rids    map[target]int64 // of committed resources; they never change
	shared  *overlay         // of the transaction, from jobs that succeeded
	overlay *overlay         // of the job
}

// target is a resource by its type's number and its id.
type target struct {
	typ int64
	id  string
}

// maxRids bounds the memory of writing.rids, about 100 bytes each.
const maxRids = 50000

// overlay is what was learned and is not committed yet.
type overlay struct {
	names  map[string]int64
	rids   map[target]int64
	counts map[int64]int64 // type → change of the number of live resources
}

func newOverlay() *overlay {
	return &overlay{map[string]int64{}, map[target]int64{}, map[int64]int64{}}
}

func (o *overlay) merge(other *overlay) {
	maps.Copy(o.names, other.names)
	maps.Copy(o.rids, other.rids)
	for typ, n := range other.counts {
		o.counts[typ] += n
	}
}

func newWriting(s *Store, c *conn) *writing {
	return &writing{s: s, c: c, rids: map[target]int64{}, shared: newOverlay(), overlay: newOverlay()}
}

// name returns the number of a name in the dictionary, making it where it is new.
func (w *writing) name(text string) (int64, error) {
	if n, ok := w.s.names.get(text); ok {
		return n, nil
	}
	if n, ok := w.shared.names[text]; ok {
		return n, nil
	}
	if n, ok := w.overlay.names[text]; ok {
		return n, nil
	}
	n, ok, err := w.c.number("SELECT code FROM name WHERE text = ?", text)
	if err == nil && !ok {
		err = w.c.run("INSERT INTO name (text) VALUES (?)", []any{text}, nil)
		n = w.c.LastInsertRowID()
	}
	if err == nil {
		w.overlay.names[text] = n
	}
	return n, err
}

// current is a resource's row. rid is 0 where there is none.
type current struct {
	rid    int64
	live   bool
	packed []byte
	Resource
}

func (w *writing) current(typ int64, name, id string) (current, error) {
	cur := current{Resource: Resource{Type: name, ID: id}}
	err := w.c.run("SELECT rid, version, updated, live, method, body FROM resource WHERE type = ? AND id = ?", []any{typ, id}, func(st *sqlite3.Stmt) error {
		cur.rid, cur.Version, cur.Updated = st.ColumnInt64(0), st.ColumnInt64(1), time.UnixMilli(st.ColumnInt64(2)).UTC()
		cur.live, cur.Method, cur.packed = st.ColumnBool(3), st.ColumnText(4), st.ColumnBlob(5, nil)
		return nil
	})
	return cur, err
}

// rid returns the row of a resource that is referred to, making it where the
// resource is not there yet.
func (w *writing) rid(typ int64, id string) (int64, error) {
	key := target{typ, id}
	for _, m := range []map[target]int64{w.overlay.rids, w.shared.rids, w.rids} {
		if rid, ok := m[key]; ok {
			return rid, nil
		}
	}
	rid, ok, err := w.c.number("SELECT rid FROM resource WHERE type = ? AND id = ?", typ, id)
	if err == nil && !ok {
		err = w.c.run("INSERT INTO resource (type, id, version, updated, live, method, body) VALUES (?, ?, 0, 0, 0, '', x'')", []any{typ, id}, nil)
		rid = w.c.LastInsertRowID()
	}
	if err == nil {
		w.overlay.rids[key] = rid
	}
	return rid, err
}
