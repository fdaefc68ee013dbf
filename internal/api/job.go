package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/paperchart/paperchart/internal/fault"
)

// Asynchronous jobs live in folders of their own below Config.Files, so that they
// outlive the process: job.json says what was asked and what came of it, beside
// it lie the files of an export or the body of an import. A job that was cut off
// is done again from its beginning when the API is made anew: exports write the
// same files, and imports store under the same ids.

// jobState is what job.json says.
type jobState struct {
	Request string    `json:"request"` // the address that began it
	Address string    `json:"address"` // where its state is
	Begun   time.Time `json:"begun"`
	// Export is what to export; nil for an import.
	Export *exporting `json:"export,omitempty"`

	Done    bool         `json:"done"`
	Ended   time.Time    `json:"ended"`
	Failure string       `json:"failure,omitempty"` // an OperationOutcome
	Status  int          `json:"status,omitempty"`  // that goes with Failure
	Output  []bulkOutput `json:"output,omitempty"`
	Errors  []bulkOutput `json:"errors,omitempty"`
}

// bulkOutput is one file: resources of a type.
type bulkOutput struct {
	Type  string `json:"type"`
	URL   string `json:"url,omitempty"`
	Count int    `json:"count"`
}

// bulkJob is one export or import.
type bulkJob struct {
	id, dir string
	stop    context.CancelFunc

	mu    sync.Mutex
	state jobState
	count int // resources so far
}

const (
	stateFile  = "job.json"
	importFile = "input.ndjson"
	errorsFile = "errors.ndjson"
)

// save writes the state, whole or not at all.
func (j *bulkJob) save() error {
	data, err := json.Marshal(j.state)
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(j.dir, stateFile), data)
}

// writeFile replaces a file such that after a crash it is the old or the new one.
func writeFile(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return fmt.Errorf("write job: %w", err)
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return fmt.Errorf("write job: %w", err)
	}
	return syncDir(filepath.Dir(path))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("write job: %w", err)
	}
	return errors.Join(d.Sync(), d.Close())
}

// bulk holds the jobs.
type bulk struct {
	ctx   context.Context // ends with the API
	end   context.CancelFunc
	tasks sync.WaitGroup
	slots chan struct{} // of jobs that work at a time

	mu   sync.Mutex
	jobs map[string]*bulkJob
}

// The jobs that are kept, finished ones included; for how long those are; and how
// many work at a time.
const (
	maxJobs    = 20
	jobLife    = 7 * 24 * time.Hour
	jobsAtOnce = 2
)

func newBulk() *bulk {
	ctx, end := context.WithCancel(context.Background())
	return &bulk{ctx: ctx, end: end, slots: make(chan struct{}, jobsAtOnce), jobs: map[string]*bulkJob{}}
}

// resume finds the jobs of an earlier process and goes on with those that were
// not done. What is no job is left alone.
func (a *API) resume() error {
	found, err := filepath.Glob(filepath.Join(a.Files, "*", stateFile))
	if err != nil {
		return fmt.Errorf("find jobs: %w", err)
	}
	for _, path := range found {
		data, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("read job: %w", err)
		}
		dir := filepath.Dir(path)
		job := &bulkJob{id: filepath.Base(dir), dir: dir, stop: func() {}}
		if json.Unmarshal(data, &job.state) != nil {
			a.Logger.Warn("a bulk job's state cannot be read", "job", job.id)
			continue
		}
		a.bulk.jobs[job.id] = job
		if !job.state.Done {
			a.work(job)
		}
	}
	return nil
}

// work runs a job beside the requests.
func (a *API) work(job *bulkJob) {
	ctx, stop := context.WithCancel(a.bulk.ctx)
	job.stop = stop
	a.bulk.tasks.Go(func() {
		defer stop()
		select {
		case a.bulk.slots <- struct{}{}:
			defer func() { <-a.bulk.slots }()
		case <-ctx.Done():
			return
		}
		_, err := fault.Guard(func() (struct{}, error) {
			if job.state.Export != nil {
				return struct{}{}, a.exportFiles(ctx, *job.state.Export, job)
			}
			return struct{}{}, a.importLines(ctx, job)
		})
		if ctx.Err() != nil {
			return // deleted, or the process ends: then it is done again
		}
		a.finish(job, err)
	})
}

func (a *API) finish(job *bulkJob, err error) {
	job.mu.Lock()
	defer job.mu.Unlock()
	job.state.Done, job.state.Ended = true, a.Now().UTC()
	if err != nil {
		ans := a.failed("job", job.id, err)
		job.state.Failure, job.state.Status = string(ans.body), ans.status
	}
	if err := job.save(); err != nil {
		a.Logger.Error("a bulk job's end cannot be kept", "job", job.id, "error", err)
	}
}

// forget removes the jobs that ended long ago, and reports whether there is room
// for one more.
func (b *bulk) forget(now time.Time) (room bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for id, job := range b.jobs {
		job.mu.Lock()
		old := job.state.Done && now.Sub(job.state.Ended) > jobLife
		job.mu.Unlock()
		if old {
			delete(b.jobs, id)
			os.RemoveAll(job.dir)
		}
	}
	return len(b.jobs) < maxJobs
}

// Close ends the jobs that work, to go on when the API is made again over the
// same folder, and waits for them.
func (a *API) Close() error {
	a.bulk.end()
	a.bulk.tasks.Wait()
	if a.temporary != "" {
		return os.RemoveAll(a.temporary)
	}
	return nil
}
