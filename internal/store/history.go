package store

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Span is which versions a history is about.
type Span struct {
	Type, ID string    // both, a type alone, or neither for the whole store
	Since    time.Time // versions from then on; zero for all
	At       [2]time.Time
	Count    int    // versions of a page; all where 0
	After    string // Versions.Next of the page before
}

// Versions is a page of a history, the latest first.
type Versions struct {
	Resources []Resource
	Next      string
	Total     int
}

// History returns all versions of a resource, the latest first.
func (s *Store) History(ctx context.Context, typ, id string) ([]Resource, error) {
	v, err := s.Versions(ctx, Span{Type: typ, ID: id})
	return v.Resources, err
}

// Versions returns the versions of a resource, a type or the whole store.
func (s *Store) Versions(ctx context.Context, span Span) (Versions, error) {
	var out Versions
	err := s.reading(ctx, func(c conn) error { return s.versions(c, span, &out) })
	switch {
	case err != nil && codeOf(err) == 0:
		err = fmt.Errorf("read history: %w", err)
	case err == nil && span.ID != "" && out.Total == 0 && span.Since.IsZero() && span.At[0].IsZero():
		err = refuse(NotFound, "there is no %.64s/%.64s", span.Type, span.ID)
	}
	return out, err
}

func (s *Store) versions(c conn, span Span, out *Versions) error {
	where, args := "v.version > 0", []any{}
	if span.Type != "" {
		number, err := s.known(c, span.Type)
		if err != nil {
			return err
		}
		where, args = where+" AND r.type = ?", append(args, number)
	}
	if span.ID != "" {
		where, args = where+" AND r.id = ?", append(args, span.ID)
	}
	if !span.Since.IsZero() {
		where, args = where+" AND v.updated >= ?", append(args, span.Since.UnixMilli())
	}
	// R4: _at is the versions that were current at some time in it.
	if !span.At[0].IsZero() {
		where += ` AND v.updated < ? AND NOT EXISTS (SELECT 1 FROM resource n WHERE n.rid = v.rid AND n.version = v.version + 1 AND n.updated < ?)
			AND NOT EXISTS (SELECT 1 FROM history n WHERE n.rid = v.rid AND n.version = v.version + 1 AND n.updated < ?)`
		args = append(args, span.At[1].UnixMilli(), span.At[0].UnixMilli(), span.At[0].UnixMilli())
	}
	const from = ` FROM (SELECT rid, version, updated, method, body FROM resource UNION ALL SELECT rid, version, updated, method, body FROM history) v
		JOIN resource r ON r.rid = v.rid JOIN name n ON n.code = r.type WHERE `
	total, _, err := number(c, "SELECT count(*)"+from+where, args...)
	if err != nil {
		return err
	}
	out.Total = int(total)
	if where, args, err = span.after(where, args); err != nil {
		return err
	}
	limit := math.MaxInt64
	if span.Count > 0 {
		limit = span.Count + 1
	}
	var last string
	return c.run("SELECT n.text, r.id, v.version, v.updated, v.method, v.body, v.rid"+from+where+" ORDER BY v.updated DESC, v.rid DESC, v.version DESC LIMIT ?",
		append(args, limit), func(row columns) error {
			if span.Count > 0 && len(out.Resources) == span.Count {
				out.Next = last
				return errStop
			}
			r, err := scan(row)
			out.Resources = append(out.Resources, r)
			last = fmt.Sprintf("%d.%d.%d", row.Int64(3), row.Int64(6), r.Version)
			return err
		})
}

// after continues behind the version that the last page ended with.
func (span Span) after(where string, args []any) (string, []any, error) {
	if span.After == "" {
		return where, args, nil
	}
	parts := strings.Split(span.After, ".")
	if len(parts) == 3 {
		updated, err1 := strconv.ParseInt(parts[0], 10, 64)
		rid, err2 := strconv.ParseInt(parts[1], 10, 64)
		version, err3 := strconv.ParseInt(parts[2], 10, 64)
		if err1 == nil && err2 == nil && err3 == nil {
			return where + " AND (v.updated, v.rid, v.version) < (?, ?, ?)", append(args, updated, rid, version), nil
		}
	}
	return where, args, refuse(Invalid, "the page that is asked for is none of this server's")
}
