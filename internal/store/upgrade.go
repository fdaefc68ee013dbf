package store

import (
	"context"
	"fmt"
)

// upgrade derives all index rows anew where the database was written by a program
// that derived them otherwise. The rows of an old version are found by deriving
// them again, so there may be none of another kind.
func (s *Store) upgrade(c writer) error {
	version, _, err := number(c, c.dialect().version)
	if err != nil || version == schemaVersion {
		return err
	}
	j := &job{ctx: context.Background(), run: (*writing).indexAll, done: make(chan struct{})}
	newWriting(s, c).group(j)
	if j.err != nil {
		return fmt.Errorf("index anew: %w", j.err)
	}
	return nil
}

// indexAll is one transaction: it is done, or the next start does it.
func (w *writing) indexAll() error {
	version, _, err := number(w.c, w.c.dialect().version)
	if err != nil || version == schemaVersion {
		return err // another process was first
	}
	for _, table := range tableNames {
		if err := w.c.run("DELETE FROM "+table, nil, nil); err != nil {
			return err
		}
	}
	for last, more := int64(0), true; more; {
		if last, more, err = w.indexSome(last); err != nil {
			return err
		}
	}
	return w.c.run(w.c.dialect().setVersion, nil, nil)
}

// indexSome derives the rows of the resources that follow.
func (w *writing) indexSome(last int64) (int64, bool, error) {
	type one struct {
		rid  int64
		rows []row
	}
	var some []one
	err := w.c.run("SELECT r.rid, r.body, n.text, r.id FROM resource r JOIN name n ON n.code = r.type WHERE r.rid > ? AND r.live = 1 ORDER BY r.rid LIMIT ?", []any{last, readAtOnce}, func(c columns) error {
		stored, err := decompress(c.Blob(1))
		if err != nil {
			return err
		}
		parsed, err := w.s.parse(unstamped(c.Text(2), c.Text(3), stored))
		if err == nil {
			some = append(some, one{c.Int64(0), w.s.index.rows(parsed)})
		}
		return err
	})
	for i := 0; i < len(some) && err == nil; i++ {
		last, err = some[i].rid, w.indexRows(some[i].rid, nil, some[i].rows)
	}
	return last, len(some) == readAtOnce, err
}
