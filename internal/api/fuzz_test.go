package api

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/fhirpath"
	"github.com/paperchart/paperchart/internal/store"
)

const patched = `{"resourceType":"Patient","id":"p","name":[{"family":"A","given":["x","y"]},{"family":"B"}],"contact":[{"name":{"text":"c"}}],"deceasedBoolean":false,"birthDate":"1950-01-01"}`

// fuzzPatch holds that a patch makes JSON of a resource, or is refused.
func fuzzPatch(f *testing.F, read func([]byte) (change, error)) {
	f.Fuzz(func(t *testing.T, patch []byte) {
		change, err := read(patch)
		if err != nil {
			refused(t, err)
			return
		}
		out, err := change([]byte(patched))
		if err != nil {
			refused(t, err)
		} else if !json.Valid(out) {
			t.Errorf("the patch makes %q", out)
		}
	})
}

func refused(t *testing.T, err error) {
	t.Helper()
	var refusal *store.Error
	if !errors.As(err, &refusal) {
		t.Errorf("a bad patch is no fault of the server: %v", err)
	}
}

func FuzzJSONPatch(f *testing.F) {
	for _, seed := range []string{`[{"op":"add","path":"/name/0/given/-","value":"z"}]`, `[{"op":"move","from":"/name/0","path":"/name/1"},{"op":"test","path":"/id","value":"p"}]`, `[{"op":"copy","from":"/name","path":"/name/0/given"}]`,
		`[{"op":"remove","path":"/name/~01~10"}]`, `[{"op":"replace","path":"","value":1}]`, `[{"op":"add","path":"/name/99999999999999999999","value":null}]`, `[]`, `{}`} {
		f.Add([]byte(seed))
	}
	fuzzPatch(f, jsonPatch)
}

func FuzzFHIRPathPatch(f *testing.F) {
	table, err := definition.Load()
	if err != nil {
		f.Fatal(err)
	}
	a := &API{table: table, engine: fhirpath.New(table)}
	for _, parts := range []string{
		`{"name":"type","valueCode":"add"},{"name":"path","valueString":"Patient"},{"name":"name","valueString":"deceased"},{"name":"value","valueDateTime":"2020"}`,
		`{"name":"type","valueCode":"insert"},{"name":"path","valueString":"Patient.name"},{"name":"index","valueInteger":-1},{"name":"value","part":[{"name":"given","valueString":"x"}]}`,
		`{"name":"type","valueCode":"move"},{"name":"path","valueString":"Patient.name"},{"name":"source","valueInteger":7},{"name":"destination","valueInteger":0}`,
		`{"name":"type","valueCode":"replace"},{"name":"path","valueString":"Patient.deceased | Patient"},{"name":"value","part":[]}`,
		`{"name":"type","valueCode":"delete"},{"name":"path","valueString":"Patient.name.given.first()"}`,
		`{"name":"value"},{"part":[null,1,{"part":[{}]}]},null,7`,
	} {
		f.Add([]byte(`{"resourceType":"Parameters","parameter":[{"name":"operation","part":[` + parts + `]}]}`))
	}
	fuzzPatch(f, a.parametersPatch)
}
