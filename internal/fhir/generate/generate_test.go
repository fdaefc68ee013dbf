package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/paperchart/paperchart/internal/fhir/fhirtest"
)

// TestUpToDate: what is committed is what the generator makes.
func TestUpToDate(t *testing.T) {
	fhirtest.R4Package(t)
	out := t.TempDir()
	for _, dir := range []string{"r4", "definition", "codes"} {
		if err := os.Mkdir(filepath.Join(out, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := run(out, fhirtest.Shared(t, "fhir/us_core_610.tgz")); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(out, "*", "*"))
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files made, %v", len(files), err)
	}
	for _, f := range files {
		made, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join("..", filepath.Base(filepath.Dir(f)), filepath.Base(f))
		kept, err := os.ReadFile(name)
		if err != nil || !bytes.Equal(made, kept) {
			t.Errorf("%s is not what the generator makes; run go generate ./internal/fhir", name)
		}
	}
}
