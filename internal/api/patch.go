package api

import (
	"encoding/base64"
	"mime"
	"net/http"

	"github.com/paperchart/paperchart/internal/fhir/model"
	"github.com/paperchart/paperchart/internal/store"
)

// change makes the next version of a resource of the current one.
type change = func([]byte) ([]byte, error)

func (a *API) patch(r *http.Request) (answer, error) {
	return a.patched(r, store.Op{ID: r.PathValue("id")})
}

func (a *API) patchWhere(r *http.Request) (answer, error) {
	where, err := condition(r)
	if err != nil {
		return answer{}, err
	}
	return a.patched(r, store.Op{Where: where})
}

func (a *API) patched(r *http.Request, op store.Op) (answer, error) {
	data, err := body(r)
	if err != nil {
		return answer{}, err
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var change change
	if kind == "application/json-patch+json" || firstByte(data) == '[' {
		change, err = jsonPatch(data)
	} else {
		change, err = a.parametersPatch(data)
	}
	if err != nil {
		return answer{}, err
	}
	op.Method, op.Change = "PATCH", a.checked(r, change)
	return a.write(r, op)
}

func firstByte(data []byte) byte {
	for _, c := range data {
		if c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			return c
		}
	}
	return 0
}

// checked refuses a change that makes a resource invalid.
func (a *API) checked(r *http.Request, change change) change {
	return func(current []byte) ([]byte, error) {
		next, err := change(current)
		if err == nil && int64(len(next)) > a.MaxBody {
			err = errLarge
		}
		if err != nil {
			return nil, err
		}
		return next, a.valid(r, next)
	}
}

// changeOf is the patch in an entry of a transaction: Parameters, or a Binary
// with a JSON Patch.
func (a *API) changeOf(r *http.Request, resource *model.Node) (change, error) {
	switch resource.ResourceType() {
	case "Parameters":
		c, err := a.parametersPatch(model.Append(nil, resource))
		return a.checked(r, c), err
	case "Binary":
		data, err := base64.StdEncoding.DecodeString(resource.Str("data"))
		if err != nil {
			return nil, invalid("the Binary of a patch is not base64")
		}
		c, err := jsonPatch(data)
		return a.checked(r, c), err
	}
	return nil, invalid("a patch in a transaction is a Binary with a JSON Patch, or Parameters")
}

func unprocessable(text string) error {
	return &store.Error{Code: store.Unprocessable, Message: text}
}
