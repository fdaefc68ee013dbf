package fhirpath

import (
	"errors"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/fhir/fhirtest"
	"github.com/paperchart/paperchart/internal/fhir/model"
)

func bound(t testing.TB, text string) *model.Node {
	t.Helper()
	d, err := model.Parse([]byte(text), model.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	model.Bind(fhirtest.Table(t), d.Root)
	return d.Root
}

// TestSearchExpressions compiles every search expression of every resource.
func TestSearchExpressions(t *testing.T) {
	table := fhirtest.Table(t)
	g := New(table)
	for _, r := range table.Resources() {
		for _, p := range table.SearchParams(r) {
			if p.Expression == "" {
				continue
			}
			if _, err := g.Compile(p.Expression); err != nil {
				t.Errorf("%s %s: %v", r, p.Code, err)
			}
		}
	}
}

const bundle = `{"resourceType":"Bundle","type":"collection","entry":[
	{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","id":"a","gender":"male"}},
	{"fullUrl":"http://x.org/fhir/Practitioner/p","resource":{"resourceType":"Practitioner","id":"p"}},
	{"fullUrl":"urn:uuid:2","resource":{"resourceType":"Observation","status":"final","contained":[{"resourceType":"Device","id":"d"}],
		"subject":{"reference":"urn:uuid:1"},"performer":[{"reference":"Practitioner/p"}],"device":{"reference":"#d"},
		"effectivePeriod":{"start":"2020"},"valueQuantity":{"value":1.50,"unit":"mg"},
		"component":[{"valueQuantity":{"value":2}},{"valueString":"x"}]}}]}`

func TestEval(t *testing.T) {
	g := New(fhirtest.Table(t))
	root := bound(t, bundle)
	obs := root.Get("entry").First.Next.Next.Get("resource")
	for _, x := range []struct{ expression, want string }{
		{"Observation.subject.resolve().gender", "male"},
		{"Observation.subject.where(resolve() is Patient).reference", "urn:uuid:1"},
		{"Observation.performer.resolve().id", "p"},
		{"Observation.device.resolve().id", "d"},
		{"Observation.value.value", "1.50"},
		{"(Observation.component.value as Quantity).value", "2"},
		{"Observation.component.value.ofType(string)", "x"},
		{"%resource.status", "final"},
		{"Resource.status", "final"},
		{"Patient.status", ""},
		{"Observation.effective.start < @2021", "true"},
		{"defineVariable('n', 1).select(%n + 1)", "2"},
	} {
		e, err := g.Compile(x.expression)
		if err != nil {
			t.Errorf("%s: %v", x.expression, err)
			continue
		}
		got, err := e.Eval(obs, &Env{Lenient: true})
		if s := strings.Join(texts(got), ","); err != nil || s != x.want {
			t.Errorf("%s: got %q, %v", x.expression, s, err)
		}
	}
}

func TestCompileErrors(t *testing.T) {
	g := New(fhirtest.Table(t))
	for _, s := range []string{"", "a.", "a b", "nothing()", "where()", "is(Nothing)", "'", "a[", "$x", "@2020-13", strings.Repeat("(", 5000), strings.Repeat("-", 5000)} {
		_, err := g.Compile(s)
		var syntax *SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%.20q: %v", s, err)
		}
	}
}

func FuzzEval(f *testing.F) {
	for _, c := range []string{"Patient.name.where(use='official').given[0]", "1 'mg' + 2 'kg'", "@2020-01-31 + 1 month", "name.repeat(given) | 1",
		"descendants().count()", "'a'.replaceMatches('(a)', '$1')", "(1|2).aggregate($total + $this, 0)", "name.sort(-family)", "1.5.lowBoundary(3)", "iif(true, name.first() ~ name.last(), %x)"} {
		f.Add(c)
	}
	g := New(fhirtest.Table(f))
	node := bound(f, bundle)
	f.Fuzz(func(t *testing.T, s string) {
		e, err := g.compile(s)
		if err != nil {
			return
		}
		out, _ := e.Eval(node, nil)
		for _, v := range out {
			_ = v.String()
		}
	})
}
