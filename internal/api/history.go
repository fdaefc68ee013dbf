package api

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/paperchart/paperchart/internal/store"
)

// history is the versions of a resource, a type or everything, a page at a time.
func (a *API) history(r *http.Request) (answer, error) {
	span := store.Span{Type: r.PathValue("type"), ID: r.PathValue("id"), Count: defaultCount}
	if span.Type != "" && a.table.Resource(span.Type) == nil {
		return answer{}, &store.Error{Code: store.NotFound, Message: "there is no such resource type"}
	}
	params, err := store.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return answer{}, err
	}
	var used []store.Param
	counted := false // only how many there are
	for _, p := range params {
		switch p.Name {
		case "_count":
			if span.Count, err = count(p.Value); err != nil {
				return answer{}, err
			}
			counted = counted || span.Count == 0
			span.Count = max(span.Count, 1)
		case "_summary":
			if !summaries[p.Value] {
				return answer{}, invalid("_summary is true, text, data, count or false")
			}
			counted = counted || p.Value == "count"
		case "_since":
			span.Since, err = instant(p.Value)
		case "_at":
			span.At[0], span.At[1], err = period(p.Value)
		case pageParam:
			span.After = p.Value
			continue
		case "_format", "_pretty":
			continue
		default:
			if prefers(r, "handling=strict") {
				return answer{}, invalid("a history has no such parameter here")
			}
			continue
		}
		if err != nil {
			return answer{}, err
		}
		used = append(used, p)
	}
	page, err := a.Store.Versions(r.Context(), span)
	if err != nil {
		return answer{}, err
	}
	if counted {
		page.Resources, page.Next = nil, ""
	}
	return answer{status: http.StatusOK, body: a.historyBundle(r, page, used)}, nil
}

func (a *API) historyBundle(r *http.Request, page store.Versions, used []store.Param) []byte {
	b := newBundle("history")
	b.total(page.Total)
	here := a.base(r) + strings.TrimPrefix(r.URL.EscapedPath(), a.Base)
	links := [][2]string{{"self", here + encode(used)}}
	if page.Next != "" {
		links = append(links, [2]string{"next", here + encode(append(used, store.Param{Name: pageParam, Value: page.Next}))})
	}
	b.links(links)
	for _, v := range page.Resources {
		at := v.Type + "/" + v.ID
		status, target := "200 OK", at
		switch {
		case v.Deleted:
			status = "204 No Content"
		case v.Method == "POST":
			status, target = "201 Created", v.Type
		case v.Version == 1:
			status = "201 Created"
		}
		b.entry(a.base(r)+"/"+at, v.Body, `"request":{"method":"`+v.Method+`","url":`+jsonText(target)+`},"response":{"status":"`+status+
			`","etag":"W/\"`+strconv.FormatInt(v.Version, 10)+`\"","lastModified":"`+store.FormatTime(v.Updated)+`"}`)
	}
	return b.bytes()
}

func count(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0, invalid("_count is a number from 0")
	}
	return min(n, maxCount), nil
}

// layouts are how precisely times may be written, and how long each then lasts.
var layouts = []struct {
	layout              string
	years, months, days int
	rest                time.Duration
}{
	{time.RFC3339Nano, 0, 0, 0, time.Millisecond}, {"2006-01-02T15:04Z07:00", 0, 0, 0, time.Minute}, {"2006-01-02T15:04", 0, 0, 0, time.Minute},
	{"2006-01-02", 0, 0, 1, 0}, {"2006-01", 0, 1, 0, 0}, {"2006", 1, 0, 0, 0},
}

// instant reads a time, of a longer one its beginning; a plus that a client did
// not escape came as a space.
func instant(s string) (time.Time, error) {
	from, _, err := period(s)
	return from, err
}

// period reads a time as long as its precision says, up to its end.
func period(s string) (from, to time.Time, err error) {
	s = strings.ReplaceAll(s, " ", "+")
	for _, l := range layouts {
		if t, err := time.Parse(l.layout, s); err == nil {
			return t, t.AddDate(l.years, l.months, l.days).Add(l.rest), nil
		}
	}
	return time.Time{}, time.Time{}, invalid("a time is written as 2024-05-31T12:00:00Z")
}

func encode(params []store.Param) string {
	var b strings.Builder
	for i, p := range params {
		b.WriteByte("?&"[min(i, 1)])
		b.WriteString(url.QueryEscape(p.Name) + "=" + url.QueryEscape(p.Value))
	}
	return b.String()
}
