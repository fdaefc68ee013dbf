package app

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/validate"
	"github.com/paperchart/paperchart/internal/pipeline"
)

var update = flag.Bool("update", false, "write the golden files anew")

// goldenTesseract is the version that the goldens were read with; another one
// reads a little differently.
const goldenTesseract = "5.3.0"

// TestSamples reads every sample scan through the whole pipeline and compares
// the bundle, a line for each resource, with its golden file. A change in what
// is read shows up in review as a diff.
func TestSamples(t *testing.T) {
	if testing.Short() {
		t.Skip("reads many pages")
	}
	cfg, err := Load("", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	engine, err := NewEngine(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	engine.Reader.Now = func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }
	table, err := definition.Load()
	if err != nil {
		t.Fatal(err)
	}
	v := validate.New(table, validate.Options{})
	files, err := filepath.Glob(filepath.Join("..", "..", "samples", "*.pdf"))
	if err != nil || len(files) < 6 {
		t.Fatalf("%d samples, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			bundle := digitize(t, engine, file)
			if issues := v.Validate(t.Context(), bundle); validate.Failed(issues) {
				t.Errorf("the bundle is not valid: %v", issues)
			}
			if again := digitize(t, engine, file); !sameIDs(t, bundle, again) {
				t.Error("reading it again gave other ids")
			}
			golden(t, strings.TrimSuffix(filepath.Base(file), ".pdf"), facts(t, bundle), engine.Reader.Engine)
		})
	}
}

func digitize(t *testing.T, engine *Engine, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	files, _, err := engine.Digitize(context.Background(), pipeline.Input{Name: filepath.Base(file), Data: data}, func(int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.Name == "bundle.json" {
			return f.Data
		}
	}
	t.Fatal("there is no bundle")
	return nil
}

type bundle struct {
	Entry []struct{ Resource map[string]any }
}

func read(t *testing.T, data []byte) (b bundle) {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err := dec.Decode(&b); err != nil {
		t.Fatal(err)
	}
	return b
}

func sameIDs(t *testing.T, a, b []byte) bool {
	x, y := read(t, a), read(t, b)
	if len(x.Entry) != len(y.Entry) {
		return false
	}
	for i := range x.Entry {
		if x.Entry[i].Resource["id"] != y.Entry[i].Resource["id"] {
			return false
		}
	}
	return true
}

// facts is the bundle in lines, without ids and evidence.
func facts(t *testing.T, data []byte) string {
	var lines []string
	for _, e := range read(t, data).Entry {
		r := e.Resource
		if r["resourceType"] == "Provenance" {
			continue
		}
		drop(r)
		kind := r["resourceType"]
		delete(r, "resourceType")
		line, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, fmt.Sprint(kind, " ", string(line)))
	}
	return strings.Join(lines, "\n") + "\n"
}

// drop takes out what is the same everywhere or derived from the file.
func drop(v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range []string{"id", "reference", "display", "profile", "masterIdentifier", "content", "text"} {
			if _, isObject := v[name].(map[string]any); name != "text" || isObject {
				delete(v, name)
			}
		}
		for k, x := range v {
			drop(x)
			if m, ok := x.(map[string]any); ok && len(m) == 0 {
				delete(v, k)
			}
		}
	case []any:
		for _, x := range v {
			drop(x)
		}
	}
}

func golden(t *testing.T, name, got, engine string) {
	t.Helper()
	path := filepath.Join("testdata", "samples", name+".golden")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !strings.HasSuffix(engine, "Tesseract "+goldenTesseract) {
		t.Skipf("the goldens were read with Tesseract %s, this is %s", goldenTesseract, engine)
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("what is read has changed (go test ./internal/app -update accepts it):\n%s", diff(string(want), got))
	}
}

// diff lists the lines that only one of two texts has.
func diff(want, got string) string {
	var b strings.Builder
	only := func(sign, a, other string) {
		has := map[string]bool{}
		for line := range strings.Lines(other) {
			has[line] = true
		}
		for line := range strings.Lines(a) {
			if !has[line] {
				b.WriteString(sign + line)
			}
		}
	}
	only("- ", want, got)
	only("+ ", got, want)
	return b.String()
}
