// Package store keeps FHIR resources with all their versions, and finds them.
//
// What a call has returned from is committed and synced; a search sees every
// write that has returned before it began. A write of several resources is
// atomic. Writing what is there already changes nothing and makes no version.
//
// Every search parameter of R4 and US Core is indexed. An index row is derived
// from the resource alone, so the rows of an old version are found again by
// deriving them again.
//
// Concurrent writers share commits: one goroutine owns the connection that
// writes, gives every call a savepoint of its own, and commits as many calls as
// wait. Reading, checking and deriving rows happens in the callers' goroutines.
package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/fhirpath"
)

// Config is what a Store is made of.
type Config struct {
	// Path is the file of the SQLite database, or the address of a PostgreSQL one,
	// postgres://user@host/database. Several processes may share the latter.
	Path string
	// Base is the server's own address, such as https://host/fhir/R4: references
	// that begin with it lead to resources of this store.
	Base string
	// Now is the clock; time.Now where nil.
	Now func() time.Time
	// NewID makes the id of a resource that is created without one; a random
	// UUID where nil.
	NewID func() string
	// SearchTime is how long a search may take before it is refused; 30 s where 0.
	SearchTime time.Duration
	// Readers is how many searches may read at a time; 4 where 0.
	Readers int
}

// Store keeps resources. Its methods may be called from several goroutines.
type Store struct {
	cfg   Config
	db    database
	table *definition.Table
	index *indexer
	names names
	clock atomic.Int64 // the latest time given to a version, Unix milliseconds

	readers chan conn
	queue   chan *job
	closing chan struct{}
	gone    chan struct{} // closed when the goroutine that writes has ended
	once    sync.Once
	ended   sync.WaitGroup
	closed  error
}

// Open opens a store and makes it where there is none.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.NewID == nil {
		cfg.NewID = randomID
	}
	if cfg.SearchTime == 0 {
		cfg.SearchTime = 30 * time.Second
	}
	if cfg.Readers <= 0 {
		cfg.Readers = 4
	}
	table, err := definition.Load()
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s := &Store{cfg: cfg, db: databaseOf(cfg.Path), table: table, index: newIndexer(table, fhirpath.New(table), cfg.Base),
		readers: make(chan conn, cfg.Readers), queue: make(chan *job, 256), closing: make(chan struct{}), gone: make(chan struct{})}
	if err := s.open(ctx); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) error {
	w, err := s.db.writer(ctx, s)
	if err != nil {
		return err
	}
	for range s.cfg.Readers {
		r, err := s.db.reader(ctx, s)
		if err != nil {
			return errors.Join(err, w.Close(), s.closeReaders(len(s.readers)))
		}
		s.readers <- r
	}
	if err := s.loadNames(w); err != nil {
		return errors.Join(err, w.Close(), s.closeReaders(len(s.readers)))
	}
	if err := s.upgrade(w); err != nil {
		return errors.Join(err, w.Close(), s.closeReaders(len(s.readers)))
	}
	s.ended.Add(1)
	go s.writeLoop(w)
	return nil
}

// Close waits for the writes that are under way, refuses later ones, and closes
// the store.
func (s *Store) Close() error {
	s.once.Do(func() {
		close(s.closing)
		s.ended.Wait()
		s.closed = errors.Join(s.closed, s.closeReaders(s.cfg.Readers))
	})
	return s.closed
}

func (s *Store) closeReaders(n int) error {
	var errs []error
	for range n {
		errs = append(errs, (<-s.readers).Close())
	}
	return errors.Join(errs...)
}

// reading gives f a connection on which everything it reads is of one moment.
func (s *Store) reading(ctx context.Context, f func(conn) error) error {
	select {
	case c := <-s.readers:
		sound := false
		defer func() { s.giveBack(c, sound) }()
		err := c.begin(ctx)
		if err == nil {
			defer c.end()
			err = f(c)
		}
		sound = true
		return err
	case <-s.closing:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

// giveBack puts a connection back for others. One on which something panicked is
// not sound: a new one takes its place.
func (s *Store) giveBack(c conn, sound bool) {
	if !sound {
		if fresh, err := s.db.reader(context.Background(), s); err == nil {
			_ = guarded(c.Close) // what is broken may not even close
			c = fresh
		}
	}
	s.readers <- c
}

var errClosed = errors.New("the store is closed")

// now is the time of a version: never before that of an earlier one.
func (s *Store) now() time.Time {
	t := max(s.cfg.Now().UnixMilli(), s.clock.Load())
	s.clock.Store(t)
	return time.UnixMilli(t).UTC()
}
