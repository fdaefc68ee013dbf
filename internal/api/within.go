package api

import (
	"slices"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/fhirpath"
	"github.com/paperchart/paperchart/internal/fhir/model"
	"github.com/paperchart/paperchart/internal/store"
)

// within keeps of a page what is about care between the dates start and end
// ($everything): what has a date in between, and what has no date at all. Patients
// stay. Dates are compared as they are written, as precisely as both are.
func (a *API) within(span map[string]string, page *store.Page) {
	page.Total = -1
	page.Resources = slices.DeleteFunc(page.Resources, func(res store.Resource) bool {
		if res.Type == "Patient" {
			return false
		}
		dates := a.datesOf(res)
		return len(dates) > 0 && !slices.ContainsFunc(dates, func(d [2]string) bool {
			return !earlier(d[1], span["start"]) && !earlier(span["end"], d[0])
		})
	})
}

// earlier reports whether a time is before another; an open end is never.
func earlier(a, b string) bool {
	n := min(len(a), len(b), len("2006-01-02"))
	return a[:n] < b[:n]
}

// datesOf are the dates that a resource can be searched by, each with its end.
func (a *API) datesOf(res store.Resource) [][2]string {
	doc, err := model.Parse(res.Body, model.Limits{})
	if err != nil {
		return nil
	}
	model.Bind(a.table, doc.Root)
	var all [][2]string
	for _, p := range a.table.SearchParams(res.Type) {
		if p.Type != "date" || strings.HasPrefix(p.Code, "_") {
			continue
		}
		e, err := a.engine.Compile(p.Expression)
		if err != nil {
			continue
		}
		_ = e.Each(doc.Root, &fhirpath.Env{Lenient: true}, func(v fhirpath.Value) bool {
			if n := v.Node(); n != nil && n.Kind == model.Object {
				if v.Type() == "Period" {
					all = append(all, [2]string{n.Str("start"), n.Str("end")})
				}
				return true
			}
			if s := v.String(); s != "" {
				all = append(all, [2]string{s, s})
			}
			return true
		})
	}
	return all
}
