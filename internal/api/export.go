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
	Types  []string      `json:"types,omitempty"`
	Params []store.Param `json:"params,omitempty"`
	// Group is the id of the Group whose patients are meant; Patients means all
	// patients, and nothing that belongs to none.
	Group    string `json:"group,omitempty"`
	Patients bool   `json:"patients,omitempty"`
}

// export begins an export of the system, of all patients, or of a group's.
func (a *API) export(r *http.Request) (answer, error) {
	if !prefers(r, "respond-async") {
		return answer{}, invalid("an export answers later only: send Prefer: respond-async")
	}
	e, err := a.exportOf(r)
	if err != nil {
		return answer{}, err
	}
	return a.begin(r, &e, nil)
}

func (a *API) exportOf(r *http.Request) (exporting, error) {
	var e exporting
	params, err := a.params(r)
	if err != nil {
		return e, err
	}
	for _, p := range params {
		switch p.Name {
		case "_type":
			e.Types = append(e.Types, strings.Split(p.Value, ",")...)
		case "_since":
			if _, err := instant(p.Value); err != nil {
				return e, err
			}
			e.Params = append(e.Params, store.Param{Name: "_lastUpdated", Value: "ge" + strings.ReplaceAll(p.Value, " ", "+")})
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
	for _, t := range e.Types {
		if a.table.Resource(t) == nil {
			return e, invalid("_type names no resource type")
		}
	}
	path := strings.TrimPrefix(r.URL.Path, a.Base)
	switch {
	case strings.HasPrefix(path, "/Group/"):
		e.Group, e.Patients = r.PathValue("id"), true
		_, err = a.Store.Read(r.Context(), "Group", e.Group)
	case strings.HasPrefix(path, "/Patient/"):
		e.Patients = true
	}
	return e, err
}

// patients are the ids of the patients that are meant; nil where that is everything.
func (a *API) patients(ctx context.Context, e exporting) ([]string, error) {
	switch {
	case e.Group != "":
		return a.members(ctx, e.Group)
	case e.Patients:
		return a.allPatients(ctx)
	}
	return nil, nil
}

// members are the ids of a group's patients.
func (a *API) members(ctx context.Context, group string) ([]string, error) {
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

func (a *API) allPatients(ctx context.Context) ([]string, error) {
	ids := []string{}
	err := a.each(ctx, store.Query{Type: "Patient"}, func(res store.Resource) error {
		ids = append(ids, res.ID)
		return nil
	})
	return ids, err
}

// each goes through all pages of a search.
func (a *API) each(ctx context.Context, q store.Query, f func(store.Resource) error) error {
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
func (a *API) exportFiles(ctx context.Context, e exporting, job *bulkJob) error {
	types := e.Types
	if len(types) == 0 {
		types = a.table.Resources()
	}
	patients, err := a.patients(ctx, e)
	if err != nil {
		return err
	}
	inside := a.table.Compartment("Patient").Params
	for _, typ := range types {
		if codes := inside[typ]; patients != nil && typ != "Patient" && len(codes) == 0 {
			continue
		}
		if err := a.exportType(ctx, e, patients, typ, job); err != nil {
			return err
		}
	}
	return nil
}

func (a *API) exportType(ctx context.Context, e exporting, patients []string, typ string, job *bulkJob) (err error) {
	path := filepath.Join(job.dir, typ+".ndjson")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write export: %w", err)
	}
	out := bufio.NewWriter(f)
	n := 0
	seen := map[string]bool{}
	keep := func(res store.Resource) error {
		if patients != nil && seen[res.ID] {
			return nil
		}
		if patients != nil {
			seen[res.ID] = true
		}
		n++
		job.mu.Lock()
		job.count++
		job.mu.Unlock()
		out.Write(res.Body)
		return out.WriteByte('\n')
	}
	if patients == nil {
		err = a.each(ctx, store.Query{Type: typ, Params: e.Params}, keep)
	}
	for _, id := range patients {
		if err == nil {
			err = a.each(ctx, store.Query{Type: typ, Params: e.Params, Compartment: "Patient/" + id}, keep)
		}
	}
	if err = errors.Join(err, out.Flush(), f.Close()); err != nil || n == 0 {
		return errors.Join(err, os.Remove(path))
	}
	job.mu.Lock()
	defer job.mu.Unlock()
	job.state.Output = append(job.state.Output, bulkOutput{Type: typ, URL: job.state.Address + "/" + typ + ".ndjson", Count: n})
	return nil
}
