package api

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/paperchart/paperchart/internal/store"
)

// exporting is what an export is asked for.
type exporting struct {
	types    []string
	params   []store.Param
	patients []string // ids; nil for everything
}

// export begins an export of the system, of all patients, or of a group's.
func (a *api) export(r *http.Request) (answer, error) {
	if !prefers(r, "respond-async") {
		return answer{}, invalid("an export answers later only: send Prefer: respond-async")
	}
	e, err := a.exportOf(r)
	if err != nil {
		return answer{}, err
	}
	dir, err := os.MkdirTemp(a.Files, "fhir-export-")
	if err != nil {
		return answer{}, fmt.Errorf("make folder for export: %w", err)
	}
	return a.begin(r, dir, func(ctx context.Context, job *bulkJob) error { return a.exportFiles(ctx, e, job) })
}

func (a *api) exportOf(r *http.Request) (exporting, error) {
	var e exporting
	params, err := a.params(r)
	if err != nil {
		return e, err
	}
	for _, p := range params {
		switch p.Name {
		case "_type":
			e.types = append(e.types, strings.Split(p.Value, ",")...)
		case "_since":
			if _, err := instant(p.Value); err != nil {
				return e, err
			}
			e.params = append(e.params, store.Param{Name: "_lastUpdated", Value: "ge" + strings.ReplaceAll(p.Value, " ", "+")})
		case "_outputFormat":
			if kind := strings.ReplaceAll(p.Value, " ", "+"); !strings.Contains(kind, "ndjson") {
				return e, &store.Error{Code: store.NotSupported, Message: "an export is in application/fhir+ndjson"}
			}
		default:
			if prefers(r, "handling=strict") {
				return e, invalid("an export has no such parameter here")
			}
		}
	}
	for _, t := range e.types {
		if a.table.Resource(t) == nil {
			return e, invalid("_type names no resource type")
		}
	}
	path := strings.TrimPrefix(r.URL.Path, a.Base)
	switch {
	case strings.HasPrefix(path, "/Group/"):
		e.patients, err = a.members(r.Context(), r.PathValue("id"))
	case strings.HasPrefix(path, "/Patient/"):
		e.patients, err = a.allPatients(r.Context())
	}
	return e, err
}

// members are the ids of a group's patients.
func (a *api) members(ctx context.Context, group string) ([]string, error) {
	if _, err := a.Store.Read(ctx, "Group", group); err != nil {
		return nil, err
	}
	q := store.Query{Type: "Group", Count: 1, Params: []store.Param{{Name: "_id", Value: group}, {Name: "_include", Value: "Group:member:Patient"}}}
	page, err := a.Store.Search(ctx, q)
	ids := []string{}
	for _, res := range page.Included {
		ids = append(ids, res.ID)
	}
	return ids, err
}

func (a *api) allPatients(ctx context.Context) ([]string, error) {
	ids := []string{}
	err := a.each(ctx, store.Query{Type: "Patient"}, func(res store.Resource) error {
		ids = append(ids, res.ID)
		return nil
	})
	return ids, err
}

// each goes through all pages of a search.
func (a *api) each(ctx context.Context, q store.Query, f func(store.Resource) error) error {
	for q.Count = maxCount; ; {
		page, err := a.Store.Search(ctx, q)
		if err != nil {
			return err
		}
		for _, res := range page.Resources {
			if err := f(res); err != nil {
				return err
			}
		}
		if q.After = page.Next; q.After == "" {
			return nil
		}
	}
}

// exportFiles writes one file for each type that has resources.
func (a *api) exportFiles(ctx context.Context, e exporting, job *bulkJob) error {
	types := e.types
	if len(types) == 0 {
		types = a.table.Resources()
	}
	inside := a.table.Compartment("Patient").Params
	for _, typ := range types {
		if codes := inside[typ]; e.patients != nil && typ != "Patient" && len(codes) == 0 {
			continue
		}
		if err := a.exportType(ctx, e, typ, job); err != nil {
			return err
		}
	}
	return nil
}

func (a *api) exportType(ctx context.Context, e exporting, typ string, job *bulkJob) (err error) {
	path := filepath.Join(job.dir, typ+".ndjson")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write export: %w", err)
	}
	out := bufio.NewWriter(f)
	n := 0
	seen := map[string]bool{}
	keep := func(res store.Resource) error {
		if e.patients != nil && seen[res.ID] {
			return nil
		}
		if e.patients != nil {
			seen[res.ID] = true
		}
		n++
		job.mu.Lock()
		job.count++
		job.mu.Unlock()
		out.Write(res.Body)
		return out.WriteByte('\n')
	}
	if e.patients == nil {
		err = a.each(ctx, store.Query{Type: typ, Params: e.params}, keep)
	}
	for _, id := range e.patients {
		if err == nil {
			err = a.each(ctx, store.Query{Type: typ, Params: e.params, Compartment: "Patient/" + id}, keep)
		}
	}
	if err = errors.Join(err, out.Flush(), f.Close()); err != nil || n == 0 {
		return errors.Join(err, os.Remove(path))
	}
	job.mu.Lock()
	defer job.mu.Unlock()
	job.output = append(job.output, bulkOutput{Type: typ, URL: job.address + "/" + typ + ".ndjson", Count: n})
	return nil
}
