package store

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
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

// version names a version; versions are listed by time, and those of one moment by
// resource and number, the greatest first.
type version struct{ updated, rid, number int64 }

func (v version) compare(w version) int {
	return cmp.Or(cmp.Compare(v.updated, w.updated), cmp.Compare(v.rid, w.rid), cmp.Compare(v.number, w.number))
}

func (s *Store) versions(c conn, span Span, out *Versions) error {
	arms, err := s.arms(c, span)
	if err != nil {
		return err
	}
	for _, a := range arms {
		n, _, err := number(c, "SELECT count(*) FROM "+a.from+" WHERE "+a.where, a.args...)
		if err != nil {
			return err
		}
		out.Total += int(n)
	}
	page, err := s.latest(c, span, arms)
	if err != nil {
		return err
	}
	if span.Count > 0 && len(page) > span.Count {
		page = page[:span.Count]
		last := page[span.Count-1]
		out.Next = fmt.Sprintf("%d.%d.%d", last.updated, last.rid, last.number)
	}
	return s.loadVersions(c, page, out)
}

// arm is a part of the versions: the table, and a condition on its v.updated, v.rid
// and v.version. Each can be gone through from the latest on by an index.
type arm struct {
	from, where string
	args        []any
}

// arms are the current versions, of each type by itself those that are there and
// those that are deleted, and the earlier ones.
func (s *Store) arms(c conn, span Span) ([]arm, error) {
	if span.ID != "" {
		typ, err := s.known(c, span.Type)
		if err != nil {
			return nil, err
		}
		rid, ok, err := number(c, "SELECT rid FROM resource WHERE type = ? AND id = ?", typ, span.ID)
		if !ok {
			return nil, err
		}
		return []arm{span.arm("resource v", "v.rid = ? AND v.version > 0", rid), span.earlier("history v", "v.rid = ?", rid)}, nil
	}
	types, err := s.typesOfHistory(c, span.Type)
	if err != nil {
		return nil, err
	}
	var all []arm
	for _, typ := range types {
		all = append(all, span.arm("resource v", "v.type = ? AND v.live = 1", typ), span.arm("resource v", "v.type = ? AND v.live = 0 AND v.version > 0", typ))
	}
	if span.Type == "" {
		return append(all, span.earlier("history v", "1 = 1")), nil
	}
	for _, typ := range types {
		all = append(all, span.earlier("history v CROSS JOIN resource r", "r.rid = v.rid AND r.type = ?", typ))
	}
	return all, nil
}

// typesOfHistory are the numbers of the types that ever had a resource.
func (s *Store) typesOfHistory(c conn, only string) (types []int64, err error) {
	if only != "" {
		typ, err := s.known(c, only)
		if err != nil || typ < 0 {
			return nil, err
		}
		return []int64{typ}, nil
	}
	err = c.run("SELECT type FROM counter", nil, func(row columns) error {
		types = append(types, row.Int64(0))
		return nil
	})
	return types, err
}

// arm limits a part to the span's time.
func (span Span) arm(from, where string, args ...any) arm {
	if !span.Since.IsZero() {
		where, args = where+" AND v.updated >= ?", append(args, span.Since.UnixMilli())
	}
	if !span.At[0].IsZero() {
		where, args = where+" AND v.updated < ?", append(args, span.At[1].UnixMilli())
	}
	return arm{from, where, args}
}

// earlier does so with versions that others followed. R4: _at is the versions that
// were current at some time in it.
func (span Span) earlier(from, where string, args ...any) arm {
	a := span.arm(from, where, args...)
	if !span.At[0].IsZero() {
		a.where += ` AND NOT EXISTS (SELECT 1 FROM resource n WHERE n.rid = v.rid AND n.version = v.version + 1 AND n.updated < ?)
			AND NOT EXISTS (SELECT 1 FROM history n WHERE n.rid = v.rid AND n.version = v.version + 1 AND n.updated < ?)`
		a.args = append(a.args, span.At[0].UnixMilli(), span.At[0].UnixMilli())
	}
	return a
}

// latest are the versions of a page and one more, where there is one.
func (s *Store) latest(c conn, span Span, arms []arm) ([]version, error) {
	after, err := span.after()
	if err != nil {
		return nil, err
	}
	limit := int64(math.MaxInt64)
	if span.Count > 0 {
		limit = int64(span.Count) + 1
	}
	var all []version
	for group := range slices.Chunk(arms, maxUnion) {
		if err := s.latestOf(c, span, group, after, limit, &all); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(all, func(v, w version) int { return w.compare(v) })
	return all[:min(int64(len(all)), limit)], nil
}

// latestOf are those of some arms.
func (s *Store) latestOf(c conn, span Span, arms []arm, after version, limit int64, all *[]version) error {
	var sel []string
	var args []any
	for i, a := range arms {
		where := a.where
		args = append(args, a.args...)
		if span.After != "" {
			where += " AND v.updated <= ? AND (v.updated, v.rid, v.version) < (?, ?, ?)"
			args = append(args, after.updated, after.updated, after.rid, after.number)
		}
		sel = append(sel, fmt.Sprintf("SELECT * FROM (SELECT v.updated, v.rid, v.version FROM %s WHERE %s ORDER BY v.updated DESC, v.rid DESC, v.version DESC LIMIT ?) AS a%d", a.from, where, i))
		args = append(args, limit)
	}
	return c.run(strings.Join(sel, " UNION ALL "), args, func(row columns) error {
		*all = append(*all, version{row.Int64(0), row.Int64(1), row.Int64(2)})
		return nil
	})
}

// loadVersions reads the versions of a page.
func (s *Store) loadVersions(c conn, page []version, out *Versions) error {
	const sel = "SELECT n.text, r.id, v.version, v.updated, v.method, v.body FROM resource r JOIN name n ON n.code = r.type JOIN "
	for _, v := range page {
		found := false
		for _, from := range []string{"resource", "history"} {
			if found {
				break
			}
			err := c.run(sel+from+" v ON v.rid = r.rid WHERE r.rid = ? AND v.version = ?", []any{v.rid, v.number}, func(row columns) error {
				r, err := scan(row)
				out.Resources = append(out.Resources, r)
				found = true
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// after is the version that the last page ended with.
func (span Span) after() (version, error) {
	var numbers [3]int64
	if span.After == "" {
		return version{}, nil
	}
	parts := strings.Split(span.After, ".")
	if len(parts) != len(numbers) {
		return version{}, errPage
	}
	for i := range numbers {
		n, err := strconv.ParseInt(parts[i], 10, 64)
		if err != nil {
			return version{}, errPage
		}
		numbers[i] = n
	}
	return version{numbers[0], numbers[1], numbers[2]}, nil
}
