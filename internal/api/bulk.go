package api

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/paperchart/paperchart/internal/store"
)

// bulk holds the asynchronous jobs: exports and imports, per FHIR's Bulk Data
// guide. They live as long as the process; files of an export go with its job.
type bulk struct {
	mu   sync.Mutex
	jobs map[string]*bulkJob
}

func newBulk() *bulk { return &bulk{jobs: map[string]*bulkJob{}} }

// maxJobs bounds the jobs that are kept, finished ones included.
const maxJobs = 20

// bulkJob is one export or import.
type bulkJob struct {
	request string // the address that began it
	address string // where its state is
	begun   time.Time
	dir     string // of an export's files
	stop    context.CancelFunc

	mu     sync.Mutex
	done   bool
	err    error
	output []bulkOutput
	errors []bulkOutput
	count  int
}

// bulkOutput is one file: resources of a type.
type bulkOutput struct {
	Type  string `json:"type"`
	URL   string `json:"url"`
	Count int    `json:"count"`
}

// begin starts a job beside the request.
func (a *api) begin(r *http.Request, dir string, work func(context.Context, *bulkJob) error) (answer, error) {
	ctx, stop := context.WithCancel(context.WithoutCancel(r.Context()))
	job := &bulkJob{request: a.base(r) + strings.TrimPrefix(r.URL.RequestURI(), a.Base), begun: time.Now().UTC(), dir: dir, stop: stop}
	id := strings.ToLower(rand.Text())
	job.address = a.base(r) + "/_bulk/" + id
	a.bulk.mu.Lock()
	full := len(a.bulk.jobs) >= maxJobs
	if !full {
		a.bulk.jobs[id] = job
	}
	a.bulk.mu.Unlock()
	if full {
		stop()
		os.RemoveAll(dir)
		return answer{status: http.StatusTooManyRequests, header: http.Header{"Retry-After": {"60"}},
			body: outcome("error", "throttled", "too many bulk jobs are kept; delete finished ones", "")}, nil
	}
	go func() {
		err := work(ctx, job)
		job.mu.Lock()
		defer job.mu.Unlock()
		job.done, job.err = true, err
	}()
	return answer{status: http.StatusAccepted, header: http.Header{"Content-Location": {job.address}},
		body: outcome("information", "informational", "the job has begun; its state is at the Content-Location", "")}, nil
}

func (a *api) job(r *http.Request) (*bulkJob, error) {
	a.bulk.mu.Lock()
	defer a.bulk.mu.Unlock()
	if job := a.bulk.jobs[r.PathValue("job")]; job != nil {
		return job, nil
	}
	return nil, &store.Error{Code: store.NotFound, Message: "there is no such job"}
}

func (a *api) bulkStatus(r *http.Request) (answer, error) {
	job, err := a.job(r)
	if err != nil {
		return answer{}, err
	}
	job.mu.Lock()
	defer job.mu.Unlock()
	switch {
	case !job.done:
		return answer{status: http.StatusAccepted, header: http.Header{"X-Progress": {strconv.Itoa(job.count) + " resources"}, "Retry-After": {"1"}}}, nil
	case job.err != nil:
		return a.failure(r, job.err), nil
	}
	text, err := json.Marshal(map[string]any{
		"transactionTime": store.FormatTime(job.begun), "request": job.request, "requiresAccessToken": r.Header.Get("Authorization") != "",
		"output": orEmpty(job.output), "error": orEmpty(job.errors),
	})
	return answer{status: http.StatusOK, kind: "application/json", body: text}, err
}

func orEmpty(list []bulkOutput) []bulkOutput {
	if list == nil {
		return []bulkOutput{}
	}
	return list
}

func (a *api) bulkDelete(r *http.Request) (answer, error) {
	job, err := a.job(r)
	if err != nil {
		return answer{}, err
	}
	a.bulk.mu.Lock()
	delete(a.bulk.jobs, r.PathValue("job"))
	a.bulk.mu.Unlock()
	job.stop()
	if job.dir != "" {
		os.RemoveAll(job.dir)
	}
	return answer{status: http.StatusAccepted, body: outcome("information", "informational", "the job is deleted", "")}, nil
}

func (a *api) bulkFile(r *http.Request) (answer, error) {
	job, err := a.job(r)
	if err != nil {
		return answer{}, err
	}
	typ, ok := strings.CutSuffix(r.PathValue("file"), ".ndjson")
	if !ok || a.table.Resource(typ) == nil || job.dir == "" {
		return answer{}, &store.Error{Code: store.NotFound, Message: "there is no such file"}
	}
	data, err := os.ReadFile(filepath.Join(job.dir, typ+".ndjson"))
	if os.IsNotExist(err) {
		return answer{}, &store.Error{Code: store.NotFound, Message: "there is no such file"}
	}
	return answer{status: http.StatusOK, kind: "application/fhir+ndjson", body: data}, err
}
