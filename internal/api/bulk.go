package api

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/paperchart/paperchart/internal/store"
)

// begin starts a job beside the request (FHIR's asynchronous pattern). input is
// the body of an import.
func (a *API) begin(r *http.Request, what *exporting, input []byte) (answer, error) {
	if !a.bulk.forget(a.Now()) {
		return answer{status: http.StatusTooManyRequests, header: http.Header{"Retry-After": {"60"}},
			body: outcome("error", "throttled", "too many bulk jobs are kept; delete finished ones", "")}, nil
	}
	id := strings.ToLower(rand.Text())
	job := &bulkJob{id: id, dir: filepath.Join(a.Files, id), state: jobState{
		Request: a.base(r) + strings.TrimPrefix(r.URL.RequestURI(), a.Base), Address: a.base(r) + "/_bulk/" + id,
		Begun: a.Now().UTC(), Export: what}}
	if err := job.keep(input); err != nil {
		os.RemoveAll(job.dir)
		return answer{}, err
	}
	a.bulk.mu.Lock()
	a.bulk.jobs[id] = job
	a.bulk.mu.Unlock()
	a.work(job)
	return answer{status: http.StatusAccepted, header: http.Header{"Content-Location": {job.state.Address}},
		body: outcome("information", "informational", "the job has begun; its state is at the Content-Location", "")}, nil
}

// keep makes the job's folder: when it is there, the job is sure to be done.
func (j *bulkJob) keep(input []byte) error {
	if err := os.MkdirAll(j.dir, 0o700); err != nil {
		return fmt.Errorf("make folder for job: %w", err)
	}
	if input != nil {
		if err := writeFile(filepath.Join(j.dir, importFile), input); err != nil {
			return err
		}
	}
	return j.save()
}

func (a *API) job(r *http.Request) (*bulkJob, error) {
	a.bulk.mu.Lock()
	defer a.bulk.mu.Unlock()
	if job := a.bulk.jobs[r.PathValue("job")]; job != nil {
		return job, nil
	}
	return nil, &store.Error{Code: store.NotFound, Message: "there is no such job"}
}

func (a *API) bulkStatus(r *http.Request) (answer, error) {
	job, err := a.job(r)
	if err != nil {
		return answer{}, err
	}
	job.mu.Lock()
	defer job.mu.Unlock()
	s := job.state
	switch {
	case !s.Done:
		return answer{status: http.StatusAccepted, header: http.Header{"X-Progress": {strconv.Itoa(job.count) + " resources"}, "Retry-After": {"1"}}}, nil
	case s.Failure != "":
		return answer{status: s.Status, body: []byte(s.Failure)}, nil
	}
	text, err := json.Marshal(map[string]any{
		"transactionTime": store.FormatTime(s.Begun), "request": s.Request, "requiresAccessToken": r.Header.Get("Authorization") != "",
		"output": orEmpty(s.Output), "error": orEmpty(s.Errors),
	})
	return answer{status: http.StatusOK, kind: "application/json", body: text,
		header: http.Header{"Expires": {s.Ended.Add(jobLife).Format(http.TimeFormat)}}}, err
}

func orEmpty(list []bulkOutput) []bulkOutput {
	if list == nil {
		return []bulkOutput{}
	}
	return list
}

func (a *API) bulkDelete(r *http.Request) (answer, error) {
	job, err := a.job(r)
	if err != nil {
		return answer{}, err
	}
	a.bulk.mu.Lock()
	delete(a.bulk.jobs, job.id)
	a.bulk.mu.Unlock()
	job.stop()
	if err := os.RemoveAll(job.dir); err != nil {
		return answer{}, fmt.Errorf("remove job: %w", err)
	}
	return answer{status: http.StatusAccepted, body: outcome("information", "informational", "the job is deleted", "")}, nil
}

func (a *API) bulkFile(r *http.Request) (answer, error) {
	job, err := a.job(r)
	if err != nil {
		return answer{}, err
	}
	job.mu.Lock()
	defer job.mu.Unlock()
	name := r.PathValue("file")
	for _, o := range append(job.state.Output[:len(job.state.Output):len(job.state.Output)], job.state.Errors...) {
		if job.state.Done && o.URL == job.state.Address+"/"+name {
			return answer{status: http.StatusOK, kind: "application/fhir+ndjson", file: filepath.Join(job.dir, name)}, nil
		}
	}
	return answer{}, &store.Error{Code: store.NotFound, Message: "there is no such file"}
}
