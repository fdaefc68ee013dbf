package main

import (
	"slices"
	"testing"
)

func TestUnsure(t *testing.T) {
	const evidence = `{"resource":{"resourceType":"Provenance","id":"v","target":[{"reference":"Condition/c"}],"entity":[{"extension":[
		{"extension":[{"url":"field","valueString":"conditions.name"},{"url":"page","valueInteger":2},{"url":"confidence","valueDecimal":0.99}]},
		{"extension":[{"url":"field","valueString":"conditions.code"},{"url":"page","valueInteger":3},{"url":"confidence","valueDecimal":0.41}]}]}]}}`
	for name, c := range map[string]struct {
		bundle string
		want   []string
	}{
		"worst first":      {`{"entry":[{"resource":{"resourceType":"Condition","id":"c","meta":{"tag":[{"code":"needs-review"}]}}},` + evidence + `]}`, []string{"Condition/c  conditions.code 0.41 p3  conditions.name 0.99 p2"}},
		"sure":             {`{"entry":[{"resource":{"resourceType":"Condition","id":"c"}},` + evidence + `]}`, nil},
		"without evidence": {`{"entry":[{"resource":{"resourceType":"Patient","id":"p","meta":{"tag":[{"code":"other"},{"code":"needs-review"}]}}}]}`, []string{"Patient/p"}},
		"nothing":          {`{}`, nil},
	} {
		got, err := unsure([]byte(c.bundle))
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if _, err := unsure([]byte("{")); err == nil {
		t.Error("half a bundle is none")
	}
}
