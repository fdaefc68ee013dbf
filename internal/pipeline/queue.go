package pipeline

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	_ "github.com/ncruces/go-sqlite3/driver" // registers "sqlite3"

	"github.com/paperchart/paperchart/internal/blob"
)

// The longest that one step may take, and how often it is tried. A document that
// no try can read fails at once; only what may pass by itself is tried again.
const (
	readTimeout    = 2 * time.Hour
	convertTimeout = 10 * time.Minute
	maxAttempts    = 5
)

// maxSize is BDA's limit for a document, in bytes.
const maxSize = 500 << 20

// Config is what a Queue is made of.
type Config struct {
	// Path is the SQLite database of documents and jobs.
	Path  string
	Blobs *blob.Dir
	// Extract is the first half of the pipeline and Convert the second.
	Extract Extractor
	Convert Converter
	Store   FHIRStore
	// MaxSize is the largest file that is accepted, in bytes; 500 MB where it
	// is 0.
	MaxSize int64
	// Workers is how many documents are read at once; 1 where it is 0. Pages
	// are read in parallel by the Extractor itself.
	Workers int
	Logger  *slog.Logger
	// Now is the clock; time.Now where it is nil.
	Now func() time.Time
	// Retry is the wait before the nth try; exponential where it is nil.
	Retry func(attempt int) time.Duration
}

// Queue accepts documents and walks them through the pipeline as durable jobs.
type Queue struct {
	cfg    Config
	db     *sql.DB
	client *river.Client[*sql.Tx]
	changes
}

// Open opens the queue's database and takes up again what a stopped process left
// running. Nothing runs until Start. One process at a time may have it open.
func Open(ctx context.Context, cfg Config) (*Queue, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.MaxSize == 0 {
		cfg.MaxSize = maxSize
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	// Pragmas stand in the DSN so that every pooled connection has them.
	db, err := sql.Open("sqlite3", "file:"+escapePath(cfg.Path)+"?_txlock=immediate&_pragma=busy_timeout(10000)"+
		"&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=foreign_keys(on)")
	if err != nil {
		return nil, fmt.Errorf("open queue: %w", err)
	}
	// One connection: SQLite has one writer, and queueing for it here is
	// cheaper than being told that it is busy.
	db.SetMaxOpenConns(1)
	q := &Queue{cfg: cfg, db: db}
	if err := q.prepare(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open queue: %w", err), db.Close())
	}
	return q, nil
}

func escapePath(p string) string {
	return strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(p)
}

func (q *Queue) prepare(ctx context.Context) error {
	driver := riversqlite.New(q.db)
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	if _, err := q.db.ExecContext(ctx, schema); err != nil {
		return err
	}
	if err := addRoute(ctx, q.db); err != nil {
		return err
	}
	// River would wait an hour before it takes a killed process's jobs for lost.
	// Only this process works on this database, so they are lost now.
	if _, err := q.db.ExecContext(ctx, `UPDATE river_job SET state = 'available' WHERE state = 'running'`); err != nil {
		return err
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &readWorker{q: q})
	river.AddWorker(workers, &convertWorker{q: q})
	q.client, err = river.NewClient(driver, &river.Config{
		Queues: map[string]river.QueueConfig{
			readQueue:    {MaxWorkers: max(1, q.cfg.Workers)},
			convertQueue: {MaxWorkers: 2},
		},
		Workers:              workers,
		MaxAttempts:          maxAttempts,
		JobTimeout:           readTimeout,
		RescueStuckJobsAfter: readTimeout + time.Hour,
		FetchPollInterval:    200 * time.Millisecond,
		FetchCooldown:        10 * time.Millisecond,
		SoftStopTimeout:      100 * time.Millisecond,
		Logger:               slog.New(slog.DiscardHandler),
		RetryPolicy:          retryPolicy{q.cfg.Retry, q.cfg.Now},
	})
	return err
}

// Start begins to work on what waits. It returns at once.
func (q *Queue) Start(ctx context.Context) error {
	if err := q.client.Start(ctx); err != nil {
		return fmt.Errorf("start queue: %w", err)
	}
	return nil
}

// Stop interrupts what runs and waits for it; the next Open takes it up again.
func (q *Queue) Stop(ctx context.Context) error {
	if err := q.client.StopAndCancel(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("stop queue: %w", err)
	}
	return nil
}

// Close closes the database. Stop first.
func (q *Queue) Close() error { return q.db.Close() }

// Accept keeps a file and queues it, and returns when both are on disk. Bytes
// that were accepted before give the document they made then, and true; one
// that failed stays so until Retry.
func (q *Queue) Accept(ctx context.Context, name string, r io.Reader) (d Document, again bool, err error) {
	in, err := q.cfg.Blobs.Spool(io.LimitReader(r, q.cfg.MaxSize+1))
	if err != nil {
		return d, false, fmt.Errorf("accept document: %w", err)
	}
	defer in.Discard()
	if in.Size > q.cfg.MaxSize {
		return d, false, tooLarge(q.cfg.MaxSize)
	}
	d = Document{ID: in.SHA256[:16], Name: name, SHA256: in.SHA256, Size: in.Size, State: Queued, Received: q.cfg.Now()}
	if old, err := q.Document(ctx, d.ID); err == nil {
		return old, true, nil
	}
	if err := in.Keep(d.key("original")); err != nil {
		return d, false, fmt.Errorf("accept document: %w", err)
	}
	again, err = q.enqueue(ctx, d)
	if err != nil {
		return d, false, fmt.Errorf("accept document: %w", err)
	}
	d, err = q.Document(ctx, d.ID)
	return d, again, err
}

// enqueue commits the document and its first job together.
func (q *Queue) enqueue(ctx context.Context, d Document) (again bool, err error) {
	err = q.tx(ctx, func(tx *sql.Tx) error {
		fresh, err := insertDocument(ctx, tx, d)
		if err != nil || !fresh {
			again = !fresh
			return err
		}
		_, err = q.client.InsertTx(ctx, tx, readArgs{d.ID}, nil)
		return err
	})
	return again, err
}

// Retry gives a document that failed another try, from the beginning.
func (q *Queue) Retry(ctx context.Context, id string) (Document, error) {
	err := q.tx(ctx, func(tx *sql.Tx) error {
		d, err := getDocument(ctx, tx, id)
		if err != nil || d.State != Failed {
			return err
		}
		if err := updateDocument(ctx, tx, id, q.cfg.Now(), change{state: Queued}); err != nil {
			return err
		}
		_, err = q.client.InsertTx(ctx, tx, readArgs{id}, nil)
		return err
	})
	if err != nil {
		return Document{}, fmt.Errorf("retry document: %w", err)
	}
	return q.Document(ctx, id)
}

// Document returns one document, or ErrNotFound.
func (q *Queue) Document(ctx context.Context, id string) (Document, error) {
	return getDocument(ctx, q.db, id)
}

// Documents returns all documents, latest first.
func (q *Queue) Documents(ctx context.Context) ([]Document, error) {
	rows, err := q.db.QueryContext(ctx, "SELECT "+columns+" FROM document ORDER BY received DESC, id")
	if err != nil {
		return nil, fmt.Errorf("list documents: %w", err)
	}
	defer rows.Close()
	docs := []Document{}
	for rows.Next() {
		d, err := scanDocument(rows)
		if err != nil {
			return nil, err
		}
		docs = append(docs, d)
	}
	return docs, rows.Err()
}

func (q *Queue) tx(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := q.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := f(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	q.tell()
	return nil
}

// key is the blob key of a part of the document.
func (d Document) key(part string) string { return "documents/" + d.ID + "/" + part }

// Blob returns a part of a document: "original", "result.json", "bundle.json"
// or "ndjson/<ResourceType>.ndjson".
func (q *Queue) Blob(id, part string) (io.ReadSeekCloser, error) {
	return q.cfg.Blobs.Get(Document{ID: id}.key(part))
}
