package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Op is one write.
type Op struct {
	// Method is POST, PUT or DELETE.
	Method   string
	Type, ID string
	// Body is the resource; nil for DELETE.
	Body []byte
	// IfMatch is the version that must be current; 0 where any may be.
	IfMatch int64
	// IfNoneExist, on POST, is a search that must find nothing; where it finds
	// one resource, that is the outcome.
	IfNoneExist string

	parsed *content // of a Bundle's entry, its references rewritten
}

// Outcome is what became of an Op.
type Outcome struct {
	Resource
	// Created is true where there was none before, Unchanged where the content
	// was there already.
	Created, Unchanged bool
}

// Do carries out writes, all or none. A POST without an ID gets a new one.
func (s *Store) Do(ctx context.Context, ops []Op) ([]Outcome, error) {
	for i := range ops {
		if err := s.check(&ops[i]); err != nil {
			return nil, err
		}
	}
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("write resources: %w", err)
	}
	defer tx.Rollback()
	w := &writing{s: s, tx: tx, now: s.cfg.Now().UTC().Truncate(time.Millisecond), fresh: map[string]int64{}}
	outcomes := make([]Outcome, len(ops))
	for i, op := range ops {
		if outcomes[i], err = w.do(ctx, op); err != nil {
			return nil, err
		}
	}
	if err := tx.Commit(); err != nil {
		return nil, fmt.Errorf("write resources: %w", err)
	}
	s.remember(w.fresh)
	return outcomes, nil
}

func (s *Store) check(op *Op) error {
	if s.table.Resource(op.Type) == nil {
		return refuse(NotFound, "there is no resource type %s", op.Type)
	}
	if op.ID != "" && !idPattern.MatchString(op.ID) {
		return refuse(Invalid, "an id has 1 to 64 letters, digits, - and .")
	}
	if op.Method == "DELETE" || op.parsed != nil {
		return nil
	}
	c, err := s.parse(op.Body)
	if err != nil {
		return err
	}
	if c.typ.Name != op.Type {
		return refuse(Invalid, "the resource is a %s and not a %s", c.typ.Name, op.Type)
	}
	if id := c.root.Str("id"); op.Method == "PUT" && id != op.ID {
		return refuse(Invalid, "the resource's id is not the one in the URL")
	}
	op.parsed = c
	return nil
}

// writing is one transaction.
type writing struct {
	s     *Store
	tx    *sql.Tx
	now   time.Time
	fresh map[string]int64 // names met in it, to be remembered if it commits
}

func (w *writing) do(ctx context.Context, op Op) (Outcome, error) {
	switch op.Method {
	case "POST":
		return w.create(ctx, op)
	case "PUT":
		return w.put(ctx, op)
	case "DELETE":
		return w.remove(ctx, op)
	}
	return Outcome{}, refuse(Invalid, "%s is no way to write", op.Method)
}

func (w *writing) create(ctx context.Context, op Op) (Outcome, error) {
	if op.IfNoneExist != "" {
		found, err := w.s.findIn(ctx, w.tx, op.Type, op.IfNoneExist, 2)
		switch {
		case err != nil:
			return Outcome{}, err
		case len(found) > 1:
			return Outcome{}, refuse(PreconditionFailed, "the condition matches several resources")
		case len(found) == 1:
			return Outcome{Resource: found[0], Unchanged: true}, nil
		}
	}
	if op.ID == "" {
		op.ID = w.s.cfg.NewID()
	}
	return w.put(ctx, op)
}

// put makes or replaces a resource.
func (w *writing) put(ctx context.Context, op Op) (Outcome, error) {
	old, rid, err := w.old(ctx, op.Type, op.ID)
	if err != nil {
		return Outcome{}, err
	}
	if op.IfMatch != 0 && op.IfMatch != old.Version {
		return Outcome{}, refuse(PreconditionFailed, "%s/%s is at version %d, not %d", op.Type, op.ID, old.Version, op.IfMatch)
	}
	if rid != 0 && !old.Deleted {
		same, err := w.s.same(old, op)
		if err != nil {
			return Outcome{}, err
		}
		if same {
			return Outcome{Resource: old, Unchanged: true}, nil
		}
	}
	r := Resource{Type: op.Type, ID: op.ID, Version: old.Version + 1, Updated: w.now}
	r.Body = op.parsed.stamped(op.ID, r.Version, w.now)
	out := Outcome{Resource: r, Created: rid == 0 || old.Deleted}
	return out, w.save(ctx, op, rid, old, r)
}

// same reports whether the content is what is there already.
func (s *Store) same(old Resource, op Op) (bool, error) {
	was, err := s.parse(old.Body)
	if err != nil {
		return false, err
	}
	return bytes.Equal(was.stamped(op.ID, 0, time.Time{}), op.parsed.stamped(op.ID, 0, time.Time{})), nil
}

func (w *writing) save(ctx context.Context, op Op, rid int64, old, r Resource) error {
	packed, err := compress(r.Body)
	if err != nil {
		return err
	}
	typ, err := w.name(ctx, op.Type)
	if err != nil {
		return err
	}
	if rid == 0 {
		err = w.tx.QueryRowContext(ctx, `INSERT INTO resource (type, id, version, updated, body) VALUES (?, ?, ?, ?, ?) RETURNING rid`,
			typ, r.ID, r.Version, r.Updated.UnixMilli(), packed).Scan(&rid)
	} else {
		if err = w.unindex(ctx, rid, old); err == nil {
			err = w.exec(ctx, `UPDATE resource SET version = ?, updated = ?, deleted = 0, body = ? WHERE rid = ?`,
				r.Version, r.Updated.UnixMilli(), packed, rid)
		}
	}
	if err != nil {
		return fmt.Errorf("write resource: %w", err)
	}
	// The stamped text is what is indexed: _lastUpdated is in it, and the same
	// text will give the same rows when they have to go.
	c, err := w.s.parse(r.Body)
	if err != nil {
		return err
	}
	if err := w.indexRows(ctx, rid, c, insertRow); err != nil {
		return err
	}
	return w.keep(ctx, rid, r, op.Method, packed)
}

func (w *writing) remove(ctx context.Context, op Op) (Outcome, error) {
	old, rid, err := w.old(ctx, op.Type, op.ID)
	if err != nil || rid == 0 || old.Deleted {
		return Outcome{Resource: old, Unchanged: true}, err
	}
	if op.IfMatch != 0 && op.IfMatch != old.Version {
		return Outcome{}, refuse(PreconditionFailed, "%s/%s is at version %d, not %d", op.Type, op.ID, old.Version, op.IfMatch)
	}
	if err := w.unindex(ctx, rid, old); err != nil {
		return Outcome{}, err
	}
	r := Resource{Type: op.Type, ID: op.ID, Version: old.Version + 1, Updated: w.now, Deleted: true}
	if err := w.exec(ctx, `UPDATE resource SET version = ?, updated = ?, deleted = 1, body = x'' WHERE rid = ?`,
		r.Version, r.Updated.UnixMilli(), rid); err != nil {
		return Outcome{}, err
	}
	return Outcome{Resource: r}, w.keep(ctx, rid, r, "DELETE", nil)
}

// keep adds a version to the history.
func (w *writing) keep(ctx context.Context, rid int64, r Resource, method string, packed []byte) error {
	if packed == nil {
		packed = []byte{}
	}
	return w.exec(ctx, `INSERT INTO history (rid, version, updated, method, body) VALUES (?, ?, ?, ?, ?)`,
		rid, r.Version, r.Updated.UnixMilli(), method, packed)
}

// old returns the current version, version 0 and rid 0 where there is none.
func (w *writing) old(ctx context.Context, typ, id string) (Resource, int64, error) {
	r, err := w.s.current(ctx, w.tx, typ, id)
	var refusal *Error
	if errors.As(err, &refusal) && refusal.Code == NotFound {
		return r, 0, nil
	}
	if err != nil {
		return r, 0, err
	}
	var rid int64
	err = w.tx.QueryRowContext(ctx, `SELECT rid FROM resource WHERE type = (SELECT code FROM name WHERE text = ?) AND id = ?`, typ, id).Scan(&rid)
	return r, rid, err
}

func (w *writing) exec(ctx context.Context, query string, args ...any) error {
	if _, err := w.tx.ExecContext(ctx, query, args...); err != nil {
		return fmt.Errorf("write resource: %w", err)
	}
	return nil
}

// name returns the number of a name in the dictionary, making it where it is new.
func (w *writing) name(ctx context.Context, text string) (int64, error) {
	if n, ok := w.s.cached(text); ok {
		return n, nil
	}
	if n, ok := w.fresh[text]; ok {
		return n, nil
	}
	var n int64
	err := w.tx.QueryRowContext(ctx, `INSERT INTO name (text) VALUES (?) ON CONFLICT (text) DO UPDATE SET text = text RETURNING code`, text).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("name in dictionary: %w", err)
	}
	w.fresh[text] = n
	return n, nil
}
