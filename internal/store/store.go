// Package store keeps FHIR resources with all their versions, and finds them.
//
// What a call has returned from is committed and synced; a search sees every
// write that has returned before it began. A write of several resources is
// atomic. Writing what is there already changes nothing and makes no version.
//
// Every search parameter of R4 and US Core is indexed. An index row is derived
// from the resource alone, so the rows of an old version are found again by
// deriving them again.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	_ "github.com/ncruces/go-sqlite3/driver" // registers "sqlite3"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/fhirpath"
)

// Config is what a Store is made of.
type Config struct {
	// Path is the SQLite database.
	Path string
	// Now is the clock; time.Now where nil.
	Now func() time.Time
	// NewID makes the id of a resource that is created without one; a random
	// UUID where nil.
	NewID func() string
}

// Store keeps resources. Its methods may be called from several goroutines.
type Store struct {
	cfg   Config
	write *sql.DB // one connection: SQLite has one writer
	read  *sql.DB
	table *definition.Table
	index *indexer

	mu    sync.Mutex // guards names
	names map[string]int64
}

// Open opens a store and makes it where there is none.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.NewID == nil {
		cfg.NewID = randomID
	}
	table, err := definition.Load()
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s := &Store{cfg: cfg, table: table, index: newIndexer(table, fhirpath.New(table)), names: map[string]int64{}}
	dsn := "file:" + strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(cfg.Path) +
		"?_pragma=busy_timeout(10000)&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=cache_size(-32000)"
	if s.write, err = sql.Open("sqlite3", dsn+"&_txlock=immediate"); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s.write.SetMaxOpenConns(1)
	if s.read, err = sql.Open("sqlite3", dsn+"&_pragma=query_only(on)"); err != nil {
		return nil, errors.Join(fmt.Errorf("open store: %w", err), s.write.Close())
	}
	s.read.SetMaxOpenConns(4)
	if _, err := s.write.ExecContext(ctx, schema); err != nil {
		return nil, errors.Join(fmt.Errorf("open store: %w", err), s.Close())
	}
	return s, nil
}

// Close closes the store.
func (s *Store) Close() error { return errors.Join(s.read.Close(), s.write.Close()) }

// The index tables are clustered by what is searched for. name is a dictionary
// of resource types, parameters (Type.code) and code systems.
const schema = `
CREATE TABLE IF NOT EXISTS name (code INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS resource (
	rid     INTEGER PRIMARY KEY,
	type    INTEGER NOT NULL,
	id      TEXT NOT NULL,
	version INTEGER NOT NULL,
	updated INTEGER NOT NULL, -- Unix milliseconds
	deleted INTEGER NOT NULL DEFAULT 0,
	body    BLOB NOT NULL,
	UNIQUE (type, id)
);
CREATE INDEX IF NOT EXISTS resource_of_type ON resource (type, rid) WHERE deleted = 0;
CREATE TABLE IF NOT EXISTS history (
	rid INTEGER NOT NULL, version INTEGER NOT NULL, updated INTEGER NOT NULL, method TEXT NOT NULL, body BLOB NOT NULL,
	PRIMARY KEY (rid, version)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS token_index (
	param INTEGER NOT NULL, code TEXT NOT NULL, system INTEGER NOT NULL, rid INTEGER NOT NULL,
	PRIMARY KEY (param, code, system, rid)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS string_index (
	param INTEGER NOT NULL, folded TEXT NOT NULL, exact TEXT NOT NULL, rid INTEGER NOT NULL,
	PRIMARY KEY (param, folded, exact, rid)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reference_index (
	param INTEGER NOT NULL, id TEXT NOT NULL, type INTEGER NOT NULL, rid INTEGER NOT NULL,
	PRIMARY KEY (param, id, type, rid)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS date_index (
	param INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL, rid INTEGER NOT NULL,
	PRIMARY KEY (param, low, high, rid)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS quantity_index (
	param INTEGER NOT NULL, low REAL NOT NULL, high REAL NOT NULL, unit TEXT NOT NULL, system INTEGER NOT NULL, rid INTEGER NOT NULL,
	PRIMARY KEY (param, low, high, unit, system, rid)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS uri_index (
	param INTEGER NOT NULL, uri TEXT NOT NULL, rid INTEGER NOT NULL,
	PRIMARY KEY (param, uri, rid)
) WITHOUT ROWID;`

// known returns the number of a name, or -1 where nothing has that name.
func (s *Store) known(ctx context.Context, text string) (int64, error) {
	if n, ok := s.cached(text); ok {
		return n, nil
	}
	var n int64
	err := s.read.QueryRowContext(ctx, `SELECT code FROM name WHERE text = ?`, text).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return -1, nil
	}
	if err != nil {
		return 0, fmt.Errorf("name in dictionary: %w", err)
	}
	s.remember(map[string]int64{text: n})
	return n, nil
}

func (s *Store) cached(text string) (int64, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, ok := s.names[text]
	return n, ok
}

// remember keeps names that are committed; they never change.
func (s *Store) remember(names map[string]int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for text, n := range names {
		s.names[text] = n
	}
}

// querier is a *sql.DB or a *sql.Tx.
type querier interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
	QueryRowContext(context.Context, string, ...any) *sql.Row
}
