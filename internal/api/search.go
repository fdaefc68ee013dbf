package api

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/paperchart/paperchart/internal/store"
)

// The page sizes of a search.
const (
	defaultCount = 50
	maxCount     = 1000
)

// pageParam carries the place of the next page in its link.
const pageParam = "_page"

func (a *api) search(r *http.Request) (answer, error) {
	params, err := store.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return answer{}, err
	}
	if r.Method == http.MethodPost {
		form, err := body(r)
		if err != nil && r.ContentLength > 0 {
			return answer{}, err
		}
		more, err := store.ParseQuery(string(form))
		if err != nil {
			return answer{}, err
		}
		params = append(params, more...)
	}
	q, err := a.query(r, params)
	if err != nil {
		return answer{}, err
	}
	page, err := a.Store.Search(r.Context(), q)
	if err != nil {
		return answer{}, err
	}
	return a.searchset(r, q, page), nil
}

func (a *api) query(r *http.Request, params []store.Param) (store.Query, error) {
	q := store.Query{Type: r.PathValue("type"), Count: defaultCount, Strict: strings.Contains(r.Header.Get("Prefer"), "handling=strict")}
	for _, p := range params {
		switch p.Name {
		case pageParam:
			q.After = p.Value
			continue
		case "_count":
			n, err := strconv.Atoi(p.Value)
			if err != nil || n < 0 {
				return q, &store.Error{Code: store.Invalid, Message: "_count is a number from 0"}
			}
			q.Count = min(n, maxCount)
		case "_total":
			q.Total = p.Value == "accurate"
		case "_summary":
			if p.Value == "count" {
				q.Total, q.Count = true, 0
			}
		}
		q.Params = append(q.Params, p)
	}
	if q.Count == 0 {
		q.Total = true
	}
	return q, nil
}

// searchset is the Bundle of a page. What was not understood is missing from its
// self link, which is how a client can tell.
func (a *api) searchset(r *http.Request, q store.Query, page store.Page) answer {
	base := a.base(r)
	self := base + "/" + q.Type + encode(page.Used)
	links := [][2]string{{"self", self}}
	if page.Next != "" {
		links = append(links, [2]string{"next", base + "/" + q.Type + encode(append(page.Used, store.Param{Name: pageParam, Value: page.Next}))})
	}
	b := newBundle("searchset")
	if page.Total >= 0 {
		b.total(page.Total)
	} else if page.Next == "" && q.After == "" {
		b.total(len(page.Resources)) // all of them are here
	}
	b.links(links)
	for _, res := range page.Resources {
		b.entry(base+"/"+res.Type+"/"+res.ID, res.Body, `"search":{"mode":"match"}`)
	}
	return answer{status: http.StatusOK, body: b.bytes()}
}

func encode(params []store.Param) string {
	var b strings.Builder
	for i, p := range params {
		b.WriteByte("?&"[min(i, 1)])
		b.WriteString(url.QueryEscape(p.Name) + "=" + url.QueryEscape(p.Value))
	}
	return b.String()
}
