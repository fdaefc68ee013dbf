package pipeline

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"
)

const (
	readQueue    = "read"
	convertQueue = "convert"
)

// readArgs is the job that turns an original into result.json.
type readArgs struct {
	Document string `json:"document"`
}

// Kind names the job in the database; it must not change.
func (readArgs) Kind() string { return "read" }

// InsertOpts puts the job into its own queue.
func (readArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: readQueue} }

// convertArgs is the job that turns result.json into stored FHIR.
type convertArgs struct {
	Document string `json:"document"`
}

// Kind names the job in the database; it must not change.
func (convertArgs) Kind() string { return "convert" }

// InsertOpts puts the job into its own queue.
func (convertArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: convertQueue} }

type readWorker struct {
	river.WorkerDefaults[readArgs]
	q *Queue
}

// Work runs the first half and, in one commit, completes it and queues the second.
func (w *readWorker) Work(ctx context.Context, job *river.Job[readArgs]) error {
	q, id := w.q, job.Args.Document
	d, err := q.begin(ctx, id, Reading, job.JobRow)
	if err != nil {
		return err
	}
	pages, route, err := q.read(ctx, d)
	if err != nil {
		return q.giveUp(ctx, d, job.JobRow, err)
	}
	return q.tx(ctx, func(tx *sql.Tx) error {
		if err := updateDocument(ctx, tx, id, q.cfg.Now(), change{state: Converting, pages: pages, route: route}); err != nil {
			return err
		}
		if _, err := q.client.InsertTx(ctx, tx, convertArgs{id}, nil); err != nil {
			return err
		}
		_, err := river.JobCompleteTx[*riversqlite.Driver](ctx, tx, job)
		return err
	})
}

func (q *Queue) read(ctx context.Context, d Document) (pages int, route string, err error) {
	data, err := q.cfg.Blobs.Read(d.key("original"))
	if err != nil {
		return 0, "", err
	}
	docs, err := q.cfg.Extract.Extract(ctx, Input{d.Name, data}, func(done, total int) {
		pages = total
		if err := updateProgress(ctx, q.db, d.ID, q.cfg.Now(), done, total); err != nil && ctx.Err() == nil {
			q.cfg.Logger.Warn("progress not recorded", "document", d.ID, "error", err)
		}
	})
	if err != nil {
		return pages, "", err
	}
	files, err := q.cfg.Convert.Results(docs)
	if err != nil {
		return pages, "", err
	}
	if len(docs) > 0 {
		route = docs[0].Source.Route
	}
	return pages, route, q.putAll(d, files)
}

type convertWorker struct {
	river.WorkerDefaults[convertArgs]
	q *Queue
}

// Timeout bounds one conversion.
func (w *convertWorker) Timeout(*river.Job[convertArgs]) time.Duration { return convertTimeout }

// Work runs the second half. The bundle's ids are derived, so that a run that
// died between the import and the commit is repeated without harm.
func (w *convertWorker) Work(ctx context.Context, job *river.Job[convertArgs]) error {
	q, id := w.q, job.Args.Document
	d, err := q.begin(ctx, id, Converting, job.JobRow)
	if err != nil {
		return err
	}
	out, err := q.convert(ctx, d)
	if err != nil {
		return q.giveUp(ctx, d, job.JobRow, err)
	}
	return q.tx(ctx, func(tx *sql.Tx) error {
		c := change{state: Done, pages: d.Pages, patients: out.Patients, review: out.Review}
		if err := updateDocument(ctx, tx, id, q.cfg.Now(), c); err != nil {
			return err
		}
		_, err := river.JobCompleteTx[*riversqlite.Driver](ctx, tx, job)
		return err
	})
}

func (q *Queue) convert(ctx context.Context, d Document) (Output, error) {
	results, err := q.results(d)
	if err != nil {
		return Output{}, err
	}
	out, err := q.cfg.Convert.Convert(results)
	if err != nil {
		return out, err
	}
	if err := q.putAll(d, out.Files); err != nil {
		return out, err
	}
	if err := q.cfg.Store.Import(ctx, out.Bundle); err != nil {
		return out, fmt.Errorf("store bundle: %w", err)
	}
	return out, nil
}

// results reads back result.json, result-2.json and so on.
func (q *Queue) results(d Document) ([][]byte, error) { return q.Results(d.ID) }

// Results returns the contents of a document's result files; the error is
// fs.ErrNotExist before it has been read.
func (q *Queue) Results(id string) ([][]byte, error) {
	d := Document{ID: id}
	var all [][]byte
	for i := 0; ; i++ {
		data, err := q.cfg.Blobs.Read(d.key(ResultName(i)))
		if err != nil && i > 0 {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
}

func (q *Queue) putAll(d Document, files []File) error {
	for _, f := range files {
		if err := q.cfg.Blobs.Put(d.key(f.Name), bytes.NewReader(f.Data)); err != nil {
			return err
		}
	}
	return nil
}

// begin records that a step has begun and returns the document.
func (q *Queue) begin(ctx context.Context, id string, s State, job *rivertype.JobRow) (Document, error) {
	d, err := q.Document(ctx, id)
	if err != nil {
		return d, river.JobCancel(err)
	}
	if job.Attempt > maxAttempts {
		// A try that ends by error is counted and given up in time; this many
		// ended with the whole process.
		return d, q.giveUp(ctx, d, job, abandoned)
	}
	return d, updateDocument(ctx, q.db, id, q.cfg.Now(), change{state: s, attempts: job.Attempt, pages: d.Pages})
}

// giveUp records why a try failed and tells River whether to try again: not
// where the document itself is at fault, nor after the last try. A try that
// was interrupted by Stop counts for nothing.
func (q *Queue) giveUp(ctx context.Context, d Document, job *rivertype.JobRow, cause error) error {
	if ctx.Err() != nil && errors.Is(cause, context.Canceled) {
		return river.JobSnooze(0)
	}
	p := Describe(cause)
	c := change{state: Queued, attempts: job.Attempt, pages: d.Pages, problem: p}
	final := p.Final || p.Wait == 0 && job.Attempt >= job.MaxAttempts
	if final {
		c.state = Failed
	} else if d.State == Converting {
		c.state = Converting
	}
	// The try's own time may be over; what became of it must be kept all the same.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	if err := updateDocument(ctx, q.db, d.ID, q.cfg.Now(), c); err != nil {
		return errors.Join(cause, err)
	}
	q.tell()
	q.cfg.Logger.Log(ctx, slog.LevelWarn, "document not read", "document", d.ID, "code", p.Code, "attempt", job.Attempt, "final", final, "error", cause)
	if final {
		return river.JobCancel(errors.New(p.Code))
	}
	if p.Wait > 0 {
		return river.JobSnooze(p.Wait)
	}
	return errors.New(p.Code)
}

// retryPolicy waits 1, 4, 16… seconds, a fifth more or less, unless told otherwise.
type retryPolicy struct {
	wait func(attempt int) time.Duration
	now  func() time.Time
}

// NextRetry implements river.ClientRetryPolicy.
func (p retryPolicy) NextRetry(job *rivertype.JobRow) time.Time {
	if p.wait != nil {
		return p.now().Add(p.wait(job.Attempt))
	}
	wait := float64(time.Second << (2 * min(job.Attempt-1, 5)))
	return p.now().Add(time.Duration(wait * (0.8 + 0.4*rand.Float64())))
}
