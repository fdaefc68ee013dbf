package api

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/model"
	"github.com/paperchart/paperchart/internal/store"
)

// linked says whether what a request writes may refer only to what is here: a
// client that stores in another order asks for handling=lenient.
func (a *API) linked(r *http.Request) bool {
	return !a.AnyReference && !prefers(r, "handling=lenient")
}

// dangling refuses a transaction with a reference by urn:uuid or urn:oid to an
// entry that is not there: once it is stored nobody could ever resolve it.
func dangling(entries []*model.Node) error {
	known := map[string]bool{}
	for _, e := range entries {
		known[e.Str("fullUrl")] = true
	}
	for i, e := range entries {
		if unknown := urnNotIn(e.Get("resource"), known); unknown {
			return &store.Error{Code: store.Invalid, Message: "a reference by urn: leads to no entry of the bundle", Expression: "Bundle.entry[" + strconv.Itoa(i) + "].resource"}
		}
	}
	return nil
}

func urnNotIn(n *model.Node, known map[string]bool) bool {
	switch {
	case n == nil:
		return false
	case n.Kind == model.String:
		return n.Name == "reference" && (strings.HasPrefix(n.Text, "urn:uuid:") || strings.HasPrefix(n.Text, "urn:oid:")) && !known[n.Text]
	case n.Kind != model.Object && n.Kind != model.Array:
		return false
	}
	for c := n.First; c != nil; c = c.Next {
		if urnNotIn(c, known) {
			return true
		}
	}
	return false
}
