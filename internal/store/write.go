package store

import (
	"bytes"
	"cmp"
	"slices"
)

// all carries out the ops of one call, in the order of R4 http.html#trules.
func (w *writing) all(ops []Op, late bool) ([]Outcome, error) {
	if err := w.resolve(ops); err != nil {
		return nil, err
	}
	if late {
		if err := w.settle(ops); err != nil {
			return nil, err
		}
	}
	if err := unique(ops); err != nil {
		return nil, err
	}
	if err := w.lookAhead(ops); err != nil {
		return nil, err
	}
	order := make([]int, len(ops))
	for i := range order {
		order[i] = i
	}
	rank := map[string]int{"DELETE": 0, "POST": 1, "PUT": 2, "PATCH": 2}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rank[ops[a].Method], rank[ops[b].Method]) })
	outcomes := make([]Outcome, len(ops))
	for _, i := range order {
		var err error
		if outcomes[i], err = w.do(&ops[i]); err != nil {
			return nil, err
		}
	}
	return outcomes, w.linked(ops)
}

func (w *writing) do(op *Op) (Outcome, error) {
	switch {
	case op.hit != nil && op.Method == "POST":
		return Outcome{Resource: *op.hit, Unchanged: true}, nil
	case op.Method == "DELETE":
		return w.remove(op)
	case op.Method == "PATCH":
		return w.patch(op)
	}
	return w.put(op)
}

// put makes or replaces a resource.
func (w *writing) put(op *Op) (Outcome, error) {
	typ, err := w.name(op.Type)
	if err != nil {
		return Outcome{}, err
	}
	cur, err := w.current(typ, op.Type, op.ID)
	if err != nil {
		return Outcome{}, err
	}
	if err := precondition(op, cur); err != nil {
		return Outcome{}, err
	}
	if op.ready == nil {
		if op.ready, err = w.s.prepare(op); err != nil {
			return Outcome{}, err
		}
	}
	if !cur.live {
		return w.insert(typ, op, cur)
	}
	was, err := decompress(cur.packed)
	if err != nil {
		return Outcome{}, err
	}
	if bytes.Equal(was, op.ready.stored) {
		cur.Body = stamp(op.Type, op.ID, cur.Version, cur.Updated, was)
		return Outcome{Resource: cur.Resource, Unchanged: true}, nil
	}
	return w.replace(op, cur, was)
}

func precondition(op *Op, cur current) error {
	switch {
	case op.IfMatch != 0 && (op.IfMatch != cur.Version || !cur.live):
		return refuse(PreconditionFailed, "%s/%s is at version %d, not %d", op.Type, op.ID, cur.Version, op.IfMatch)
	case op.IfAbsent && cur.live:
		return refuse(PreconditionFailed, "%s/%s is there already", op.Type, op.ID)
	case op.Where != "" && op.hit == nil && op.Method == "PUT" && cur.live:
		return refuse(Conflict, "the condition finds nothing, and the resource's id is in use")
	}
	return nil
}

func (w *writing) version(op *Op, cur current) Resource {
	r := Resource{Type: op.Type, ID: op.ID, Version: cur.Version + 1, Updated: w.now, Method: op.Method}
	w.state.clock = max(w.state.clock, w.now.UnixMilli())
	r.Body = stamp(r.Type, r.ID, r.Version, r.Updated, op.ready.stored)
	return r
}

func (w *writing) insert(typ int64, op *Op, cur current) (Outcome, error) {
	r := w.version(op, cur)
	var err error
	if cur.rid == 0 {
		key := target{typ, r.ID}
		rid, ok := w.overlay.rids[key]
		if !ok {
			rid = w.newRid()
		}
		cur.rid = rid
		err = w.c.run("INSERT INTO resource (rid, type, id, version, updated, live, method, body) VALUES (?, ?, ?, ?, ?, 1, ?, ?)",
			[]any{cur.rid, typ, r.ID, r.Version, r.Updated.UnixMilli(), r.Method, op.ready.packed}, nil)
	} else {
		err = w.supersede(r, cur, 1, op.ready.packed)
	}
	if err != nil {
		return Outcome{}, err
	}
	w.overlay.rids[target{typ, r.ID}] = cur.rid
	w.overlay.counts[typ]++
	if err := w.unread(cur.rid); err != nil {
		return Outcome{}, err
	}
	return Outcome{Resource: r, Created: true}, w.indexRows(cur.rid, nil, op.ready.rows)
}

func (w *writing) replace(op *Op, cur current, was []byte) (Outcome, error) {
	r := w.version(op, cur)
	old, err := w.s.parse(unstamped(op.Type, op.ID, was))
	if err != nil {
		return Outcome{}, err
	}
	if op.Linked {
		op.ready.links = newLinks(op.ready.links, w.s.index.links(old))
	}
	if err := w.supersede(r, cur, 1, op.ready.packed); err != nil {
		return Outcome{}, err
	}
	if err := w.unread(cur.rid); err != nil {
		return Outcome{}, err
	}
	return Outcome{Resource: r}, w.indexRows(cur.rid, w.s.index.rows(old), op.ready.rows)
}

// supersede moves the current version to the history and puts the next in place.
func (w *writing) supersede(r Resource, cur current, live int, packed []byte) error {
	if cur.Version > 0 {
		err := w.c.run("INSERT INTO history (rid, version, updated, method, body) SELECT rid, version, updated, method, body FROM resource WHERE rid = ?", []any{cur.rid}, nil)
		if err != nil {
			return err
		}
	}
	if packed == nil {
		packed = []byte{}
	}
	return w.c.run("UPDATE resource SET version = ?, updated = ?, live = ?, method = ?, body = ? WHERE rid = ?",
		[]any{r.Version, r.Updated.UnixMilli(), live, r.Method, packed, cur.rid}, nil)
}

func (w *writing) remove(op *Op) (Outcome, error) {
	if op.ID == "" && op.hits == nil {
		return Outcome{Resource: Resource{Type: op.Type, Deleted: true}, Unchanged: true}, nil
	}
	ids := []string{op.ID}
	if op.hits != nil {
		ids = ids[:0]
		for _, r := range op.hits {
			ids = append(ids, r.ID)
		}
	}
	var out Outcome
	for _, id := range ids {
		var err error
		if out, err = w.removeOne(op, id); err != nil {
			return out, err
		}
	}
	return out, nil
}

func (w *writing) removeOne(op *Op, id string) (Outcome, error) {
	typ, err := w.name(op.Type)
	if err != nil {
		return Outcome{}, err
	}
	cur, err := w.current(typ, op.Type, id)
	if err != nil {
		return Outcome{}, err
	}
	if err := precondition(op, cur); err != nil {
		return Outcome{}, err
	}
	if !cur.live {
		cur.Deleted = true
		return Outcome{Resource: cur.Resource, Unchanged: true}, nil
	}
	was, err := decompress(cur.packed)
	if err != nil {
		return Outcome{}, err
	}
	old, err := w.s.parse(unstamped(op.Type, id, was))
	if err != nil {
		return Outcome{}, err
	}
	r := Resource{Type: op.Type, ID: id, Version: cur.Version + 1, Updated: w.now, Deleted: true, Method: "DELETE"}
	w.state.clock = max(w.state.clock, w.now.UnixMilli())
	if err := w.supersede(r, cur, 0, nil); err != nil {
		return Outcome{}, err
	}
	w.overlay.counts[typ]--
	if err := w.unread(cur.rid); err != nil {
		return Outcome{}, err
	}
	return Outcome{Resource: r}, w.indexRows(cur.rid, w.s.index.rows(old), nil)
}

func (w *writing) patch(op *Op) (Outcome, error) {
	typ, err := w.name(op.Type)
	if err != nil {
		return Outcome{}, err
	}
	cur, err := w.current(typ, op.Type, op.ID)
	switch {
	case err != nil:
		return Outcome{}, err
	case !cur.live && cur.Version > 0:
		return Outcome{}, refuse(Gone, "%s/%s was deleted", op.Type, op.ID)
	case !cur.live:
		return Outcome{}, refuse(NotFound, "there is no %s/%s", op.Type, op.ID)
	}
	was, err := decompress(cur.packed)
	if err != nil {
		return Outcome{}, err
	}
	changed, err := op.Change(stamp(op.Type, op.ID, cur.Version, cur.Updated, was))
	if err != nil {
		return Outcome{}, err
	}
	if op.parsed, err = w.s.parseAs(op.Type, op.ID, changed); err != nil {
		return Outcome{}, err
	}
	op.ready = nil
	return w.put(op)
}
