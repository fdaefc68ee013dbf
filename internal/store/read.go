package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Read returns the current version of a resource. It fails with NotFound, or
// with Gone for one that was deleted.
func (s *Store) Read(ctx context.Context, typ, id string) (Resource, error) {
	r, err := s.current(ctx, s.read, typ, id)
	switch {
	case err != nil:
		return r, err
	case r.Deleted:
		return r, refuse(Gone, "%s/%s was deleted", typ, id)
	}
	return r, nil
}

// current returns the latest version, be it the deletion.
func (s *Store) current(ctx context.Context, tx querier, typ, id string) (Resource, error) {
	r := Resource{Type: typ, ID: id}
	var updated int64
	var body []byte
	err := tx.QueryRowContext(ctx, `SELECT version, updated, deleted, body FROM resource
		WHERE type = (SELECT code FROM name WHERE text = ?) AND id = ?`, typ, id).
		Scan(&r.Version, &updated, &r.Deleted, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return r, refuse(NotFound, "there is no %s/%s", typ, id)
	}
	if err != nil {
		return r, fmt.Errorf("read resource: %w", err)
	}
	r.Updated = time.UnixMilli(updated).UTC()
	r.Body, err = decompress(body)
	return r, err
}

// VRead returns one version of a resource; a deletion is Gone.
func (s *Store) VRead(ctx context.Context, typ, id string, version int64) (Resource, error) {
	versions, err := s.History(ctx, typ, id)
	if err != nil {
		return Resource{}, err
	}
	for _, r := range versions {
		if r.Version == version && r.Deleted {
			return r, refuse(Gone, "%s/%s was deleted in version %d", typ, id, version)
		}
		if r.Version == version {
			return r, nil
		}
	}
	return Resource{}, refuse(NotFound, "%s/%s has no version %d", typ, id, version)
}

// History returns all versions of a resource, the latest first.
func (s *Store) History(ctx context.Context, typ, id string) ([]Resource, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT h.version, h.updated, h.method, h.body FROM history h JOIN resource r ON r.rid = h.rid
		WHERE r.type = (SELECT code FROM name WHERE text = ?) AND r.id = ? ORDER BY h.version DESC`, typ, id)
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	defer rows.Close()
	var all []Resource
	for rows.Next() {
		r := Resource{Type: typ, ID: id}
		var updated int64
		var body []byte
		if err := rows.Scan(&r.Version, &updated, &r.Method, &body); err != nil {
			return nil, fmt.Errorf("read history: %w", err)
		}
		r.Updated, r.Deleted = time.UnixMilli(updated).UTC(), r.Method == "DELETE"
		if r.Body, err = decompress(body); err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	if len(all) == 0 && rows.Err() == nil {
		return nil, refuse(NotFound, "there is no %s/%s", typ, id)
	}
	return all, rows.Err()
}
