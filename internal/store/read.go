package store

import (
	"context"
	"fmt"
)

// Read returns the current version of a resource. It fails with NotFound, or
// with Gone for one that was deleted.
func (s *Store) Read(ctx context.Context, typ, id string) (Resource, error) {
	r := Resource{Type: typ, ID: id}
	if !idPattern.MatchString(id) {
		return r, refuse(NotFound, "there is no %.64s with such an id", typ)
	}
	err := s.single(ctx, func(c conn) error {
		number, err := s.known(c, typ)
		if err != nil {
			return err
		}
		return c.run(`SELECT ?, id, version, updated, method, body FROM resource WHERE type = ? AND id = ?`, []any{typ, number, id}, func(row columns) (err error) {
			r, err = scan(row)
			return err
		})
	})
	return r, missingOr(r, err)
}

// VRead returns one version of a resource; a deletion is Gone.
func (s *Store) VRead(ctx context.Context, typ, id string, version int64) (Resource, error) {
	r := Resource{Type: typ, ID: id}
	if !idPattern.MatchString(id) {
		return r, refuse(NotFound, "there is no %.64s with such an id", typ)
	}
	err := s.single(ctx, func(c conn) error {
		number, err := s.known(c, typ)
		if err != nil {
			return err
		}
		return c.run(`SELECT ?, id, version, updated, method, body FROM resource WHERE type = ? AND id = ? AND version = ?
			UNION ALL SELECT ?, r.id, h.version, h.updated, h.method, h.body FROM resource r JOIN history h ON h.rid = r.rid WHERE r.type = ? AND r.id = ? AND h.version = ?`,
			[]any{typ, number, id, version, typ, number, id, version}, func(row columns) (err error) {
				r, err = scan(row)
				return err
			})
	})
	if err == nil && r.Version == 0 {
		return r, refuse(NotFound, "%.64s/%.64s has no version %d", typ, id, version)
	}
	return r, missingOr(r, err)
}

// missingOr turns what was read into the error that it means.
func missingOr(r Resource, err error) error {
	switch {
	case err != nil:
		return fmt.Errorf("read resource: %w", err)
	case r.Version == 0:
		return refuse(NotFound, "there is no %.64s/%.64s", r.Type, r.ID)
	case r.Deleted:
		return refuse(Gone, "%s/%s was deleted in version %d", r.Type, r.ID, r.Version)
	}
	return nil
}

// single gives f a connection for one statement.
func (s *Store) single(ctx context.Context, f func(conn) error) error {
	select {
	case c := <-s.readers:
		sound := false
		defer func() { s.giveBack(c, sound) }()
		err := f(c)
		sound = true
		return err
	case <-s.closing:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}
