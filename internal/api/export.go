package api

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/model"
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
	// Only are the ids of the patients that are meant, where they are named.
	Only []string `json:"only,omitempty"`
	// Filters are searches, such as Observation?code=x, of which one has to find a
	// resource of that type; Elements is as for _elements.
	Filters  []string `json:"filters,omitempty"`
	Elements string   `json:"elements,omitempty"`
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
		case "_format", "_pretty":
		case "_type":
			e.Types = append(e.Types, strings.Split(p.Value, ",")...)
		case "_typeFilter":
			if err := a.keepFilters(&e, p.Value); err != nil {
				return e, err
			}
		case "_elements":
			e.Elements = strings.TrimPrefix(e.Elements+","+p.Value, ",")
		case "patient":
			id, ok := strings.CutPrefix(p.Value, "Patient/")
			if !ok {
				return e, invalid("patient is a reference such as Patient/1")
			}
			e.Only = append(e.Only, id)
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
			// Bulk Data: what is not done as asked is refused, unless that is welcome.
			if !prefers(r, "handling=lenient") {
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
	case e.Only != nil:
		return e, invalid("patient goes with the export of patients or of a group")
	}
	return e, err
}

// keepFilters reads the searches of a _typeFilter. A comma parts two where what
// follows it begins like one.
func (a *API) keepFilters(e *exporting, value string) error {
	for part := range strings.SplitSeq(value, ",") {
		typ, query, ok := strings.Cut(part, "?")
		if ok && a.table.Resource(typ) != nil {
			if _, err := store.ParseQuery(query); err != nil {
				return err
			}
			e.Filters = append(e.Filters, part)
			continue
		}
		if len(e.Filters) == 0 {
			return invalid("_typeFilter is written Type?parameter=value")
		}
		e.Filters[len(e.Filters)-1] += "," + part
	}
	return nil
}

// queries are the searches that find what is to be exported of a type.
func (e exporting) queries(typ string) ([]store.Query, error) {
	var all []store.Query
	for _, f := range e.Filters {
		query, ok := strings.CutPrefix(f, typ+"?")
		if !ok {
			continue
		}
		params, err := store.ParseQuery(query)
		if err != nil {
			return nil, err
		}
		all = append(all, store.Query{Type: typ, Params: append(params, e.Params...), Strict: true})
	}
	if all == nil {
		all = []store.Query{{Type: typ, Params: e.Params}}
	}
	return all, nil
}

// patients are the ids of the patients that are meant; nil where that is everything.
func (a *API) patients(ctx context.Context, e exporting) ([]string, error) {
	switch {
	case e.Group != "":
		all, err := a.members(ctx, e.Group)
		if e.Only != nil {
			all = slices.DeleteFunc(all, func(id string) bool { return !slices.Contains(e.Only, id) })
		}
		return all, err
	case e.Only != nil:
		return e.Only, nil
	}
	return nil, nil // everything, or what belongs to any patient
}

// members are the ids of a group's patients.
func (a *API) members(ctx context.Context, group string) ([]string, error) {
	res, err := a.Store.Read(ctx, "Group", group)
	if err != nil {
		return nil, err
	}
	doc, err := model.Parse(res.Body, model.Limits{})
	if err != nil {
		return nil, err
	}
	ids := []string{}
	if list := doc.Root.Get("member"); list != nil {
		for m := list.First; m != nil; m = m.Next {
			_, id, ok := strings.Cut(m.Get("entity").Str("reference"), "Patient/")
			if id, _, _ = strings.Cut(id, "/"); ok && !isTrue(m.Get("inactive")) {
				ids = append(ids, id)
			}
		}
	}
	return ids, nil
}

func isTrue(n *model.Node) bool { return n != nil && n.Kind == model.Bool && n.Text == "true" }

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
		if codes := inside[typ]; e.Patients && typ != "Patient" && len(codes) == 0 {
			continue
		}
		if found, err := a.Store.Search(ctx, store.Query{Type: typ, Total: true}); err != nil {
			return err
		} else if found.Total == 0 {
			continue
		}
		if err := a.exportType(ctx, e, patients, typ, job); err != nil {
			return err
		}
	}
	return nil
}

// exportView shows of a type what _elements has of it; all where that is nothing.
func (a *API) exportView(e exporting, typ string) view {
	v := view{a: a}
	for name := range strings.SplitSeq(e.Elements, ",") {
		of, element, typed := strings.Cut(name, ".")
		if !typed {
			of, element = typ, name
		}
		if element != "" && of == typ {
			if v.elements == nil {
				v.elements = map[string]bool{}
			}
			v.elements[element] = true
		}
	}
	return v
}

func (a *API) exportType(ctx context.Context, e exporting, patients []string, typ string, job *bulkJob) (err error) {
	path := filepath.Join(job.dir, typ+".ndjson")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write export: %w", err)
	}
	out := bufio.NewWriter(f)
	queries, err := e.queries(typ)
	if err != nil {
		return err
	}
	view := a.exportView(e, typ)
	n := 0
	seen := map[string]bool{}
	keep := func(res store.Resource) error {
		if patients != nil || len(queries) > 1 {
			if seen[res.ID] {
				return nil
			}
			seen[res.ID] = true
		}
		text, err := view.of(res)
		if err != nil {
			return err
		}
		n++
		job.mu.Lock()
		job.count++
		job.mu.Unlock()
		out.Write(text)
		return out.WriteByte('\n')
	}
	for _, q := range queries {
		if patients == nil && err == nil {
			if e.Patients {
				q.Compartment = "Patient"
			}
			err = a.each(ctx, q, keep)
		}
		for _, id := range patients {
			if q.Compartment = "Patient/" + id; err == nil {
				err = a.each(ctx, q, keep)
			}
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
