package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/fhir/fhirtest"
)

func TestParseErrors(t *testing.T) {
	for _, x := range []struct {
		name, in, message string
		line, column      int
	}{
		{"empty", "", "the text ends where a value is expected", 1, 1},
		{"duplicate", "{\n \"id\": \"a\",\n \"id\": \"b\"}", `the member "id" stands here a second time`, 3, 2},
		{"trailing", "{} x", "something follows the end of the value", 1, 4},
		{"trailing comma", "[1,]", "a value is expected here", 1, 4},
		{"control", "\"a\nb\"", "a control character stands unescaped in a string", 1, 3},
		{"utf8", "\"a\xff\"", "invalid UTF-8", 1, 3},
		{"surrogate", `"\ud800x"`, "half of a surrogate pair stands in a string", 1, 2},
		{"zero", `[01]`, "a number starts with a superfluous zero", 1, 2},
		{"point", `[1.]`, "a number needs a digit after the point", 1, 2},
		{"open", `{"a":[1`, "the text ends inside an object or array", 1, 8},
		{"deep", strings.Repeat("[", 200), "nested deeper than 100 levels", 1, 102},
		{"word", `[nul]`, "a value is expected here", 1, 2},
	} {
		_, err := Parse([]byte(x.in), Limits{})
		var s *SyntaxError
		if !errors.As(err, &s) {
			t.Errorf("%s: error is %v", x.name, err)
			continue
		}
		if s.Message != x.message || s.Line != x.line || s.Column != x.column {
			t.Errorf("%s: %v", x.name, s)
		}
	}
}

func TestLimits(t *testing.T) {
	for _, l := range []Limits{{Bytes: 5}, {Nodes: 3}, {Depth: 1}} {
		_, err := Parse([]byte(`{"a":[1,2,3]}`), l)
		var s *SyntaxError
		if !errors.As(err, &s) || !s.TooBig {
			t.Errorf("%+v: error is %v", l, err)
		}
	}
}

func TestManyMembers(t *testing.T) {
	var b strings.Builder
	for i := range 100 {
		b.WriteString(`,"n` + strings.Repeat("x", i) + `":1`)
	}
	if _, err := Parse([]byte("{"+b.String()[1:]+"}"), Limits{}); err != nil {
		t.Error(err)
	}
	if _, err := Parse([]byte("{"+b.String()[1:]+b.String()[:6]+"}"), Limits{}); err == nil {
		t.Error("a duplicate among many is accepted")
	}
}

func TestCanonical(t *testing.T) {
	in := `{ "birthDate": "1970", "_birthDate": {"extension":[{"valueDecimal":1.0,"url":"u"}]}, "unknown": 1, "id" : "a\u0062\/", "resourceType":"Patient"}`
	want := `{"resourceType":"Patient","id":"ab/","birthDate":"1970","_birthDate":{"extension":[{"url":"u","valueDecimal":1.0}]},"unknown":1}`
	got, err := Canonical(fhirtest.Table(t), []byte(in), Limits{})
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestBind(t *testing.T) {
	in := `{"resourceType":"Patient","contained":[{"resourceType":"Organization","name":"x"}],"deceasedBoolean":false,
		"name":[{"given":["a",null,"c"],"_given":[null,{"id":"b"},null]}],"_birthDate":{"id":"only"}}`
	d, err := Parse([]byte(in), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	Bind(fhirtest.Table(t), d.Root)
	org := d.Root.Get("contained").First
	given := d.Root.Get("name").First.Get("given")
	second := given.First.Next
	for name, ok := range map[string]bool{
		"contained":    org.Type.Name == "Organization" && org.Get("name").Type.Name == "string",
		"choice":       d.Root.Get("deceasedBoolean").Key() == "deceased",
		"extension":    second.Ext != nil && second.Ext.Str("id") == "b" && given.First.Ext == nil,
		"without":      d.Root.Get("_birthDate").Key() == "birthDate",
		"path":         second.Path() == "Patient.name[0].given[1]" && org.Get("name").Path() == "Patient.contained[0].name",
		"own resource": org.Get("name").Resource() == org,
	} {
		if !ok {
			t.Error(name)
		}
	}
}

// TestRoundTrip reads and writes every example of R4: as it stands the text must
// equal the compacted original, and the canonical form must be stable.
func TestRoundTrip(t *testing.T) {
	table := fhirtest.Table(t)
	var d Doc
	for name, data := range fhirtest.R4Examples(t) {
		if !strings.Contains(string(data), `"resourceType"`) {
			continue
		}
		if err := d.Parse(data, Limits{}); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !sameJSON(Append(nil, d.Root), data) {
			t.Errorf("%s: writing changes it", name)
		}
		if Bind(table, d.Root) == nil {
			t.Errorf("%s: no type", name)
			continue
		}
		once := AppendCanonical(nil, d.Root)
		again, err := Canonical(table, once, Limits{})
		if err != nil || !bytes.Equal(once, again) {
			t.Errorf("%s: canonical form is not stable: %v", name, err)
		}
		if len(once) != len(Append(nil, d.Root)) {
			t.Errorf("%s: canonical form loses something", name)
		}
	}
}

func sameJSON(a, b []byte) bool {
	var x, y bytes.Buffer
	if json.Compact(&x, a) != nil || json.Compact(&y, b) != nil {
		return false
	}
	return bytes.Equal(x.Bytes(), y.Bytes()) || sameValues(a, b)
}

// sameValues compares what encoding/json reads, numbers by their characters: an
// independent reader for texts whose escapes differ.
func sameValues(a, b []byte) bool {
	norm := func(data []byte) []byte {
		dec := json.NewDecoder(bytes.NewReader(data))
		dec.UseNumber()
		var v any
		if dec.Decode(&v) != nil {
			return nil
		}
		out, _ := json.Marshal(v)
		return out
	}
	return bytes.Equal(norm(a), norm(b))
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`{"a":[1,-2.5e+3,"\u00e9\n",null,true]}`, `{"resourceType":"Patient","name":[{"given":["x"]}],"_birthDate":{"id":"1"}}`, `[[[[`, `"\ud83d\ude00"`} {
		f.Add([]byte(s))
	}
	table := fhirtest.Table(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Parse(data, Limits{})
		if err != nil {
			return
		}
		if !json.Valid(data) {
			t.Fatal("accepts what encoding/json does not")
		}
		if !sameJSON(Append(nil, d.Root), data) {
			t.Fatal("writing changes it")
		}
		Bind(table, d.Root)
		once := AppendCanonical(nil, d.Root)
		d2, err := Parse(once, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		Bind(table, d2.Root)
		if !bytes.Equal(once, AppendCanonical(nil, d2.Root)) {
			t.Fatal("canonical form is not stable")
		}
	})
}

func BenchmarkParseBind(b *testing.B) {
	table := fhirtest.Table(b)
	var all [][]byte
	size := 0
	for _, data := range fhirtest.Synthea(b) {
		if len(all) < 10 {
			all = append(all, data)
			size += len(data)
		}
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	var d Doc
	for b.Loop() {
		for _, data := range all {
			if err := d.Parse(data, Limits{}); err != nil {
				b.Fatal(err)
			}
			Bind(table, d.Root)
		}
	}
}
