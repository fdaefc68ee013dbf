package fhirpath

import (
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/fhir/fhirtest"
	"github.com/paperchart/paperchart/internal/fhir/model"
)

// TestSearchOnExamples evaluates every search expression on every example of R4:
// none may fail, and nearly every parameter must find something somewhere.
func TestSearchOnExamples(t *testing.T) {
	table := fhirtest.Table(t)
	g := New(table)
	env := &Env{Lenient: true, Resolve: stub(t)}
	found := map[string]int{}
	for name, data := range fhirtest.R4Examples(t) {
		if strings.HasPrefix(name, "StructureDefinition") || strings.HasPrefix(name, "SearchParameter") || len(data) > 1<<20 {
			continue
		}
		doc, err := model.Parse(data, model.Limits{})
		if err != nil || model.Bind(table, doc.Root) == nil {
			continue
		}
		for _, p := range table.SearchParams(doc.Root.Type.Name) {
			key := doc.Root.Type.Name + " " + p.Code
			found[key] += 0
			if p.Expression == "" {
				continue
			}
			e, err := g.Compile(p.Expression)
			if err != nil {
				t.Fatal(err)
			}
			if err := e.Each(doc.Root, env, func(Value) bool { found[key]++; return true }); err != nil {
				t.Errorf("%s: %s: %s: %v", name, p.Code, p.Expression, err)
			}
		}
	}
	none := []string{} // without those of Resource
	for key, n := range found {
		if n == 0 && !strings.Contains(key, " _") {
			none = append(none, key)
		}
	}
	t.Logf("%d of %d parameters find something: not %v", len(found)-len(none), len(found), none)
}

// stub resolves references to bare resources of the type they name, as the store
// does when it indexes.
func stub(t *testing.T) func(string) *model.Node {
	return func(ref string) *model.Node {
		parts := strings.Split(ref, "/")
		if len(parts) < 2 {
			return nil
		}
		return bound(t, `{"resourceType":"`+parts[len(parts)-2]+`"}`)
	}
}
