package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/paperchart/paperchart/internal/fhir/validate"
	"github.com/paperchart/paperchart/internal/store"
)

func (a *API) read(r *http.Request) (answer, error) {
	res, err := a.Store.Read(r.Context(), r.PathValue("type"), r.PathValue("id"))
	var refusal *store.Error
	if errors.As(err, &refusal) && refusal.Code == store.NotFound {
		if own, ok, trouble := a.builtin(r.PathValue("type"), r.PathValue("id")); ok || trouble != nil {
			res, err = own, trouble
		}
	}
	if err != nil {
		return answer{}, err
	}
	if res.Body, err = a.subset(r, res); err != nil {
		return answer{}, err
	}
	return a.whole(r, http.StatusOK, res), nil
}

// version is the version that the address names.
func (a *API) version(r *http.Request) (store.Resource, error) {
	version, err := strconv.ParseInt(r.PathValue("version"), 10, 64)
	if err != nil || version <= 0 {
		return store.Resource{}, &store.Error{Code: store.NotFound, Message: "there is no such version"}
	}
	return a.Store.VRead(r.Context(), r.PathValue("type"), r.PathValue("id"), version)
}

func (a *API) vread(r *http.Request) (answer, error) {
	res, err := a.version(r)
	if err != nil {
		return answer{}, err
	}
	return a.whole(r, http.StatusOK, res), nil
}

// whole is an answer with one resource and its version in the headers.
func (a *API) whole(r *http.Request, status int, res store.Resource) answer {
	h := http.Header{"Etag": {etag(res.Version)}, "Last-Modified": {res.Updated.UTC().Format(http.TimeFormat)}}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		if unchanged(r, res) {
			return answer{status: http.StatusNotModified, header: h}
		}
		return answer{status: status, header: h, body: res.Body}
	}
	h.Set("Location", a.base(r)+"/"+res.Type+"/"+res.ID+"/_history/"+strconv.FormatInt(res.Version, 10))
	switch {
	case prefers(r, "return=minimal"):
		return answer{status: status, header: h}
	case prefers(r, "return=OperationOutcome"):
		return answer{status: status, header: h, body: outcome("information", "informational", "the resource is stored", "")}
	}
	return answer{status: status, header: h, body: res.Body}
}

// unchanged is a conditional read: If-None-Match, else If-Modified-Since.
func unchanged(r *http.Request, res store.Resource) bool {
	if tags := r.Header.Get("If-None-Match"); tags != "" {
		for tag := range strings.SplitSeq(tags, ",") {
			if tag = strings.TrimSpace(tag); tag == "*" || strings.TrimPrefix(tag, "W/") == strings.TrimPrefix(etag(res.Version), "W/") {
				return true
			}
		}
		return false
	}
	since, err := http.ParseTime(r.Header.Get("If-Modified-Since"))
	return err == nil && !res.Updated.Truncate(time.Second).After(since)
}

func etag(version int64) string { return `W/"` + strconv.FormatInt(version, 10) + `"` }

// ifMatch is the version in If-Match, 0 where there is none.
func ifMatch(r *http.Request) (int64, error) {
	v := r.Header.Get("If-Match")
	if v == "" || v == "*" {
		return 0, nil
	}
	n, err := strconv.ParseInt(strings.Trim(strings.TrimPrefix(v, "W/"), `"`), 10, 64)
	if err != nil || n <= 0 {
		return 0, invalid(`If-Match is not W/"version"`)
	}
	return n, nil
}

func (a *API) create(r *http.Request) (answer, error) {
	data, err := a.resource(r)
	if err != nil {
		return answer{}, err
	}
	return a.write(r, store.Op{Method: "POST", Body: data, IfNoneExist: r.Header.Get("If-None-Exist")})
}

func (a *API) update(r *http.Request) (answer, error) {
	data, err := a.resource(r)
	if err != nil {
		return answer{}, err
	}
	return a.write(r, store.Op{Method: "PUT", ID: r.PathValue("id"), Body: data, IfAbsent: r.Header.Get("If-None-Match") == "*"})
}

func (a *API) updateWhere(r *http.Request) (answer, error) {
	where, err := condition(r)
	if err != nil {
		return answer{}, err
	}
	data, err := a.resource(r)
	if err != nil {
		return answer{}, err
	}
	return a.write(r, store.Op{Method: "PUT", Where: where, Body: data})
}

// condition is the query of a conditional write.
func condition(r *http.Request) (string, error) {
	if r.URL.RawQuery == "" {
		return "", &store.Error{Code: store.PreconditionFailed, Message: "a write without an id needs a condition"}
	}
	return r.URL.RawQuery, nil
}

// resource is the body, checked as the setting says.
func (a *API) resource(r *http.Request) ([]byte, error) {
	if a.table.Resource(r.PathValue("type")) == nil {
		return nil, &store.Error{Code: store.NotFound, Message: "there is no such resource type"}
	}
	data, err := body(r)
	if err != nil {
		return nil, err
	}
	if err = a.valid(r, data); err != nil {
		if typ, _ := identity(data); typ != "" && typ != r.PathValue("type") {
			return nil, invalid("the resource is not of the type that the address names")
		}
	}
	return data, err
}

// valid refuses a resource that has errors, with all of them.
func (a *API) valid(r *http.Request, data []byte) error { return a.validText(r.Context(), data) }

func (a *API) validText(ctx context.Context, data []byte) error {
	return a.refusalOf(a.Validator.Validate(ctx, data), bytes.Contains(data, []byte(`"resourceType"`)))
}

// refusalOf is the refusal of what has such issues, nil where they are none. typed
// says that it names a type at all.
func (a *API) refusalOf(issues []validate.Issue, typed bool) error {
	if !validate.Failed(issues) {
		return nil
	}
	text, err := json.Marshal(validate.Outcome(issues))
	if err != nil {
		return err
	}
	refusal := &store.Error{Code: store.Unprocessable, Message: "the resource is not valid", Outcome: text}
	for _, i := range issues {
		if i.Code == "structure" && i.Expression == "" || i.Code == "too-costly" {
			refusal.Code = store.Invalid // it cannot even be read
		}
	}
	if !typed {
		refusal.Code = store.Invalid
	}
	return refusal
}

func (a *API) remove(r *http.Request) (answer, error) {
	return a.delete(r, store.Op{Method: "DELETE", ID: r.PathValue("id")})
}

func (a *API) removeWhere(r *http.Request) (answer, error) {
	where, err := condition(r)
	if err != nil {
		return answer{}, err
	}
	return a.delete(r, store.Op{Method: "DELETE", Where: where, Several: a.DeleteSeveral})
}

func (a *API) delete(r *http.Request, op store.Op) (answer, error) {
	version, err := ifMatch(r)
	if err != nil {
		return answer{}, err
	}
	op.Type, op.IfMatch, op.Base = r.PathValue("type"), version, a.base(r)
	done, err := a.Store.Do(r.Context(), []store.Op{op})
	if err != nil {
		return answer{}, err
	}
	h := http.Header{}
	if done[0].Version > 0 {
		h.Set("Etag", etag(done[0].Version))
	}
	return answer{status: http.StatusNoContent, header: h}, nil
}

func (a *API) write(r *http.Request, op store.Op) (answer, error) {
	version, err := ifMatch(r)
	if err != nil {
		return answer{}, err
	}
	op.Type, op.IfMatch, op.Base, op.Linked = r.PathValue("type"), version, a.base(r), a.linked(r)
	done, err := a.Store.Do(r.Context(), []store.Op{op})
	if err != nil {
		return answer{}, err
	}
	status := http.StatusOK
	if done[0].Created {
		status = http.StatusCreated
	}
	return a.whole(r, status, done[0].Resource), nil
}
