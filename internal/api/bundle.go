package api

import (
	"net/http"
	"strconv"

	"github.com/paperchart/paperchart/internal/fhir/model"
	"github.com/paperchart/paperchart/internal/store"
)

// bundleWriter puts a Bundle together; resources go in as they are stored.
type bundleWriter struct {
	buf   []byte
	begun bool
}

func newBundle(kind string) *bundleWriter {
	return &bundleWriter{buf: []byte(`{"resourceType":"Bundle","type":"` + kind + `"`)}
}

func (b *bundleWriter) total(n int) {
	b.buf = append(b.buf, `,"total":`...)
	b.buf = strconv.AppendInt(b.buf, int64(n), 10)
}

func (b *bundleWriter) links(links [][2]string) {
	for i, l := range links {
		if i == 0 {
			b.buf = append(b.buf, `,"link":[`...)
		} else {
			b.buf = append(b.buf, ',')
		}
		b.buf = append(b.buf, `{"relation":"`+l[0]+`","url":`...)
		b.buf = model.AppendString(b.buf, l[1])
		b.buf = append(b.buf, '}')
	}
	if len(links) > 0 {
		b.buf = append(b.buf, ']')
	}
}

// entry begins an entry; the caller appends its other members and ends it.
func (b *bundleWriter) entry(fullURL string, resource []byte, rest string) {
	if !b.begun {
		b.buf = append(b.buf, `,"entry":[{`...)
		b.begun = true
	} else {
		b.buf = append(b.buf, `,{`...)
	}
	if fullURL != "" {
		b.buf = append(b.buf, `"fullUrl":`...)
		b.buf = model.AppendString(b.buf, fullURL)
		b.buf = append(b.buf, ',')
	}
	if len(resource) > 0 {
		b.buf = append(b.buf, `"resource":`...)
		b.buf = append(b.buf, resource...)
		b.buf = append(b.buf, ',')
	}
	b.buf = append(append(b.buf, rest...), '}')
}

func (b *bundleWriter) bytes() []byte {
	if b.begun {
		b.buf = append(b.buf, ']')
	}
	return append(b.buf, '}')
}

func (a *api) history(r *http.Request) (answer, error) {
	versions, err := a.Store.History(r.Context(), r.PathValue("type"), r.PathValue("id"))
	if err != nil {
		return answer{}, err
	}
	b := newBundle("history")
	b.total(len(versions))
	for _, v := range versions {
		url := v.Type + "/" + v.ID
		status := "200"
		if v.Version == 1 {
			status = "201"
		}
		b.entry(a.base(r)+"/"+url, v.Body, `"request":{"method":"`+v.Method+`","url":"`+url+`"},"response":{"status":"`+status+
			`","etag":"W/\"`+strconv.FormatInt(v.Version, 10)+`\"","lastModified":"`+store.FormatTime(v.Updated)+`"}`)
	}
	return answer{status: http.StatusOK, body: b.bytes()}, nil
}

// bundle carries out a transaction.
func (a *api) bundle(r *http.Request) (answer, error) {
	data, err := body(r)
	if err != nil {
		return answer{}, err
	}
	doc, err := model.Parse(data, model.Limits{})
	if err != nil {
		return answer{}, &store.Error{Code: store.Invalid, Message: "the bundle is no good JSON: " + err.Error()}
	}
	if typ := model.Bind(a.table, doc.Root); typ == nil || typ.Name != "Bundle" {
		return answer{}, &store.Error{Code: store.Invalid, Message: "this is no Bundle"}
	}
	var ops []store.Op
	for i, entry := range entries(doc.Root) {
		op, err := store.EntryOp(entry, i)
		if err != nil {
			return answer{}, err
		}
		ops = append(ops, op)
	}
	done, err := a.Store.Transact(r.Context(), ops)
	if err != nil {
		return answer{}, err
	}
	b := newBundle("transaction-response")
	for _, d := range done {
		status := "200 OK"
		switch {
		case d.Deleted:
			status = "204 No Content"
		case d.Created:
			status = "201 Created"
		}
		version := strconv.FormatInt(d.Version, 10)
		b.entry("", nil, `"response":{"status":"`+status+`","location":"`+d.Type+"/"+d.ID+"/_history/"+version+
			`","etag":"W/\"`+version+`\"","lastModified":"`+store.FormatTime(d.Updated)+`"}`)
	}
	return answer{status: http.StatusOK, body: b.bytes()}, nil
}

func entries(bundle *model.Node) []*model.Node {
	var all []*model.Node
	if list := bundle.Get("entry"); list != nil {
		for e := list.First; e != nil; e = e.Next {
			all = append(all, e)
		}
	}
	return all
}
