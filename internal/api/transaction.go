package api

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/model"
	"github.com/paperchart/paperchart/internal/store"
)

// bundle carries out a transaction or a batch.
func (a *API) bundle(r *http.Request) (answer, error) {
	data, err := body(r)
	if err != nil {
		return answer{}, err
	}
	room, err := a.gate.enter(r.Context(), len(data))
	if err != nil {
		return answer{}, err
	}
	defer room.leave()
	doc, err := model.Parse(data, model.Limits{})
	if err != nil {
		return answer{}, invalid("the bundle is no good JSON: " + err.Error())
	}
	if typ := model.Bind(a.table, doc.Root); typ == nil || typ.Name != "Bundle" {
		return answer{}, invalid("this address takes Bundles only; a resource is posted to its type")
	}
	all := entries(doc.Root)
	if len(all) > a.MaxEntries {
		return answer{}, &store.Error{Code: store.TooCostly, Message: "a bundle has at most " + strconv.Itoa(a.MaxEntries) + " entries here"}
	}
	switch doc.Root.Str("type") {
	case "batch":
		room.leave() // an entry may be a bundle, too
		return a.batch(r, all)
	case "transaction":
		if err := a.refusalOf(a.Validator.ValidateDoc(r.Context(), doc), true); err != nil {
			return answer{}, err
		}
		return a.transaction(r, all, room)
	}
	return answer{}, invalid("the type of the bundle is neither transaction nor batch")
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

// transaction writes all or nothing; what it reads, it reads afterwards.
func (a *API) transaction(r *http.Request, all []*model.Node, room *ticket) (answer, error) {
	if err := dangling(all); err != nil {
		return answer{}, err
	}
	var ops []store.Op
	places := make([]int, len(all)) // of the entry's op, -1 where it reads
	for i, entry := range all {
		places[i] = -1
		if m := entry.Get("request").Str("method"); m == "GET" || m == "HEAD" {
			continue
		}
		op, err := store.EntryOp(entry, i)
		if err != nil {
			return answer{}, err
		}
		op.Base, op.Linked, op.Several = a.base(r), a.linked(r), a.DeleteSeveral && op.Method == "DELETE"
		if op.Method == "PATCH" {
			if op.Change, err = a.changeOf(r, op.Resource()); err != nil {
				return answer{}, err
			}
		}
		places[i] = len(ops)
		ops = append(ops, op)
	}
	prepared, err := a.Store.Prepare(r.Context(), ops)
	if err != nil {
		return answer{}, err
	}
	if len(ops) == len(all) && !prepared.Late() {
		clear(all) // nothing holds the parsed bundle any more
		room.shrink()
	}
	done, err := prepared.Commit(r.Context())
	if err != nil {
		return answer{}, err
	}
	b := newBundle("transaction-response")
	for i, entry := range all {
		if places[i] < 0 {
			a.entryAnswer(b, r, entry)
			continue
		}
		a.outcomeEntry(b, r, done[places[i]])
	}
	return answer{status: http.StatusOK, body: b.bytes()}, nil
}

func (a *API) outcomeEntry(b *bundleWriter, r *http.Request, d store.Outcome) {
	status := "200 OK"
	switch {
	case d.Deleted:
		status = "204 No Content"
	case d.Created:
		status = "201 Created"
	}
	if d.Version == 0 {
		b.entry("", nil, `"response":{"status":"`+status+`"}`)
		return
	}
	version := strconv.FormatInt(d.Version, 10)
	resource := d.Body
	if !prefers(r, "return=representation") {
		resource = nil
	}
	url := a.base(r) + "/" + d.Type + "/" + d.ID
	full := url
	if resource == nil {
		full = ""
	}
	b.entry(full, resource, `"response":{"status":"`+status+`","location":`+jsonText(d.Type+"/"+d.ID+"/_history/"+version)+
		`,"etag":"W/\"`+version+`\"","lastModified":"`+store.FormatTime(d.Updated)+`"}`)
}

// batch carries out each entry by itself, as if it had been sent alone.
func (a *API) batch(r *http.Request, all []*model.Node) (answer, error) {
	b := newBundle("batch-response")
	for _, entry := range all {
		a.entryAnswer(b, r, entry)
	}
	return answer{status: http.StatusOK, body: b.bytes()}, nil
}

// entryAnswer sends one entry through the API and adds what came back.
func (a *API) entryAnswer(b *bundleWriter, r *http.Request, entry *model.Node) {
	rec := &recorder{header: http.Header{}}
	req, err := a.entryRequest(r, entry)
	if err != nil {
		rec.status = http.StatusBadRequest
		rec.body.Write(outcome("error", "invalid", err.Error(), ""))
	} else {
		a.router.ServeHTTP(rec, req)
	}
	rest := `"response":{"status":"` + strconv.Itoa(rec.status) + " " + http.StatusText(rec.status) + `"`
	if v := rec.header.Get("Location"); v != "" {
		rest += `,"location":` + jsonText(v)
	}
	if v := rec.header.Get("Etag"); v != "" {
		rest += `,"etag":` + jsonText(v)
	}
	if t, err := http.ParseTime(rec.header.Get("Last-Modified")); err == nil {
		rest += `,"lastModified":"` + store.FormatTime(t) + `"`
	}
	resource := rec.body.Bytes()
	if rec.status >= 400 {
		rest += `,"outcome":` + string(resource)
		resource = nil
	}
	b.entry("", resource, rest+"}")
}

// entryRequest is an entry as a request of its own.
func (a *API) entryRequest(r *http.Request, entry *model.Node) (*http.Request, error) {
	request := entry.Get("request")
	target := strings.TrimPrefix(request.Str("url"), a.base(r))
	u, err := url.Parse(a.Base + "/" + strings.TrimPrefix(target, "/"))
	if request == nil || err != nil || u.Host != "" {
		return nil, invalid("the entry has no request whose url can be read")
	}
	var content io.Reader = http.NoBody
	kind := "application/fhir+json"
	if res := entry.Get("resource"); res != nil {
		data := model.Append(nil, res)
		content = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(r.Context(), request.Str("method"), u.String(), content)
	if err != nil {
		return nil, invalid("the entry's method or url cannot be read")
	}
	if strings.TrimSuffix(u.Path, "/") == a.Base && req.Method == "POST" {
		return nil, invalid("a bundle within a bundle is not carried out")
	}
	req.Host, req.TLS = r.Host, r.TLS
	req.Header.Set("Content-Type", kind)
	for member, name := range map[string]string{"ifMatch": "If-Match", "ifNoneMatch": "If-None-Match", "ifNoneExist": "If-None-Exist", "ifModifiedSince": "If-Modified-Since"} {
		if v := request.Str(member); v != "" {
			req.Header.Set(name, v)
		}
	}
	for _, name := range []string{"Prefer", "X-Forwarded-Proto", "Authorization"} {
		req.Header[name] = r.Header[name]
	}
	return req, nil
}

// recorder keeps an answer for a Bundle.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(p []byte) (int, error) { return r.body.Write(p) }

var _ http.ResponseWriter = (*recorder)(nil)
