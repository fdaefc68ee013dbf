// Package fhirtest finds the FHIR test data for the tests below internal/fhir.
//
// ../shared/testdata beside the repository holds public test data; the R4
// package is in the user's cache folder after `go generate ./internal/fhir`, or
// where PAPERCHART_FHIR_CACHE says. Each finder skips the test where its data is
// absent; nothing is downloaded.
package fhirtest

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"testing"

	"github.com/paperchart/paperchart/internal/fhir/definition"
)

// Table returns the definitions.
func Table(t testing.TB) *definition.Table {
	t.Helper()
	d, err := definition.Load()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Shared returns the path of a file below ../shared/testdata.
func Shared(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Skip("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	file := filepath.Join(dir, "..", "shared", "testdata", filepath.FromSlash(name))
	if _, err := os.Stat(file); err != nil {
		t.Skipf("test data %s is absent", name)
	}
	return file
}

// R4Examples returns the resources of the R4 package, by file name: definitions
// and examples.
func R4Examples(t testing.TB) map[string][]byte {
	t.Helper()
	return tgz(t, R4Package(t), "package")
}

// R4Package returns the path of the R4 package.
func R4Package(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("PAPERCHART_FHIR_CACHE")
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			t.Skip("no cache folder")
		}
		dir = filepath.Join(cache, "paperchart", "fhir")
	}
	file := filepath.Join(dir, "hl7.fhir.r4.examples-4.0.1.tgz")
	if _, err := os.Stat(file); err != nil {
		t.Skip("the R4 package is absent: run go generate ./internal/fhir")
	}
	return file
}

// USCoreExamples returns the examples of US Core 6.1.
func USCoreExamples(t testing.TB) map[string][]byte {
	t.Helper()
	return tgz(t, Shared(t, "fhir/us_core_610.tgz"), "package/example")
}

func tgz(t testing.TB, file, dir string) map[string][]byte {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	gz, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	return untar(t, gz, func(name string) bool { return path.Dir(name) == dir && path.Ext(name) == ".json" })
}

// Synthea returns the Synthea bundles. It needs xz on the PATH.
func Synthea(t testing.TB) map[string][]byte {
	t.Helper()
	xz, err := exec.LookPath("xz")
	if err != nil {
		t.Skip("xz is not installed")
	}
	out, err := exec.Command(xz, "-dc", Shared(t, "fhir/synthea-r4-150.tar.xz")).Output()
	if err != nil {
		t.Fatal(err)
	}
	return untar(t, bytes.NewReader(out), func(name string) bool { return path.Ext(name) == ".json" })
}

func untar(t testing.TB, r io.Reader, want func(string) bool) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for tr := tar.NewReader(r); ; {
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		if !want(h.Name) {
			continue
		}
		if files[path.Base(h.Name)], err = io.ReadAll(tr); err != nil {
			t.Fatal(err)
		}
	}
}
