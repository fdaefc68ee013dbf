package store

import (
	"bytes"
	"maps"
	"time"
)

// writing is what the goroutine that writes has at hand.
type writing struct {
	s   *Store
	c   writer
	now time.Time

	state, saved state
	found        map[target]current // what the job's ops are about to write

	rids    map[target]int64 // of committed resources; they never change
	shared  *overlay         // of the transaction, from jobs that succeeded
	overlay *overlay         // of the job

	behind bool // resources may be unread
}

// state is the row of the table of that name.
type state struct{ clock, rid, code int64 }

// target is a resource by its type's number and its id.
type target struct {
	typ int64
	id  string
}

// maxRids bounds the memory of writing.rids, about 100 bytes each.
const maxRids = 10000

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

func newWriting(s *Store, c writer) *writing {
	return &writing{s: s, c: c, rids: map[target]int64{}, found: map[target]current{}, shared: newOverlay(), overlay: newOverlay(), behind: true}
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
	n, ok, err := number(w.c, "SELECT code FROM name WHERE text = ?", w.c.dialect().key(text))
	if err == nil && !ok {
		w.state.code++
		n = w.state.code
		err = w.c.run("INSERT INTO name (code, text) VALUES (?, ?)", []any{n, w.c.dialect().key(text)}, nil)
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

// currentColumns are the columns of a current.
const currentColumns = "rid, version, updated, live, method, body"

func (cur *current) scan(c columns) {
	cur.rid, cur.Version, cur.Updated = c.Int64(0), c.Int64(1), time.UnixMilli(c.Int64(2)).UTC()
	cur.live, cur.Method, cur.packed = c.Int64(3) != 0, c.Text(4), bytes.Clone(c.Blob(5))
}

// current looks a resource up, unless it was looked up ahead.
func (w *writing) current(typ int64, name, id string) (current, error) {
	key := target{typ, id}
	cur, ok := w.found[key]
	if !ok {
		err := w.c.find([]target{key}, true, func(_ int, c columns) error {
			cur.scan(c)
			return nil
		})
		if err != nil {
			return cur, err
		}
	}
	delete(w.found, key) // it is about to change
	cur.Type, cur.ID = name, id
	return cur, nil
}

// lookAhead looks up in one go what ops write and refer to, and numbers the
// resources that are new, so that references between them find them.
func (w *writing) lookAhead(ops []Op) error {
	if err := w.lookUp(ops); err != nil {
		return err
	}
	var missing []target
	asked := map[target]bool{}
	for i := range ops {
		if ops[i].ready == nil {
			continue
		}
		for _, r := range ops[i].ready.rows {
			if r.kind != references {
				continue
			}
			typ, err := w.name(r.system)
			if err != nil {
				return err
			}
			key := target{typ, r.text}
			if _, ok := w.knownRid(key); !ok && !asked[key] {
				asked[key] = true
				missing = append(missing, key)
			}
		}
	}
	return w.makeRids(missing)
}

// lookUp reads the current versions of what ops write.
func (w *writing) lookUp(ops []Op) error {
	var keys, fresh []target
	for i := range ops {
		op := &ops[i]
		if op.ID == "" || op.hit != nil && op.Method == "POST" {
			continue
		}
		typ, err := w.name(op.Type)
		if err != nil {
			return err
		}
		key := target{typ, op.ID}
		if op.given || op.hit != nil || op.Where != "" {
			keys = append(keys, key)
		}
		if op.Method == "POST" || op.Method == "PUT" {
			fresh = append(fresh, key)
		}
	}
	err := w.c.find(keys, true, func(i int, c columns) error {
		var cur current
		cur.scan(c)
		w.found[keys[i]] = cur
		w.overlay.rids[keys[i]] = cur.rid
		return nil
	})
	for _, key := range fresh {
		if _, ok := w.overlay.rids[key]; !ok {
			w.overlay.rids[key] = w.newRid()
			w.found[key] = current{}
		}
	}
	return err
}

func (w *writing) newRid() int64 {
	w.state.rid++
	return w.state.rid
}

func (w *writing) knownRid(key target) (int64, bool) {
	for _, m := range []map[target]int64{w.overlay.rids, w.shared.rids, w.rids} {
		if rid, ok := m[key]; ok {
			return rid, true
		}
	}
	return 0, false
}

// rid returns the row of a resource that is referred to, making it where the
// resource is not there yet.
func (w *writing) rid(key target) (int64, error) {
	if rid, ok := w.knownRid(key); ok {
		return rid, nil
	}
	err := w.makeRids([]target{key})
	return w.overlay.rids[key], err
}

// makeRids finds the rows of resources, and makes those that are not there.
func (w *writing) makeRids(keys []target) error {
	if len(keys) == 0 {
		return nil
	}
	err := w.c.find(keys, false, func(i int, c columns) error {
		w.overlay.rids[keys[i]] = c.Int64(0)
		return nil
	})
	for _, key := range keys {
		if _, ok := w.overlay.rids[key]; ok || err != nil {
			continue
		}
		rid := w.newRid()
		w.overlay.rids[key] = rid
		err = w.c.run("INSERT INTO resource (rid, type, id, version, updated, live, method, body) VALUES (?, ?, ?, 0, 0, 0, '', ?)", []any{rid, key.typ, key.id, []byte{}}, nil)
	}
	return err
}
