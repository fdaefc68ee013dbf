package main

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/paperchart/paperchart/internal/api"
	"github.com/paperchart/paperchart/internal/store"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"paperchart": func() {
		p := &program{in: os.Stdin, out: os.Stdout, err: os.Stderr, environ: os.Environ()}
		os.Exit(p.run(context.Background(), os.Args[1:]))
	}})
}

// TestScripts runs the command line as a user types it; adding a case is adding
// a file. $SAMPLES is the folder of sample scans, $BAD one of broken files, $SERVER
// the address of an empty FHIR server.
func TestScripts(t *testing.T) {
	samples, err := filepath.Abs(filepath.Join("..", "..", "samples"))
	if err != nil {
		t.Fatal(err)
	}
	bad := t.TempDir()
	if err := writeBadFiles(bad); err != nil {
		t.Fatal(err)
	}
	home, _ := os.UserCacheDir()
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("SAMPLES", samples)
			e.Setenv("BAD", bad)
			e.Setenv("XDG_CACHE_HOME", home) // the compiled renderer is kept there
			e.Setenv("HOME", e.WorkDir)
			return serveFHIR(t, e)
		},
	})
}

// serveFHIR gives a script an empty FHIR server; its address is $SERVER.
func serveFHIR(t *testing.T, e *testscript.Env) error {
	s, err := store.Open(t.Context(), store.Config{Path: filepath.Join(t.TempDir(), "fhir.db")})
	if err != nil {
		return err
	}
	h, err := api.New(api.Config{Store: s, Files: t.TempDir()})
	if err != nil {
		return err
	}
	server := httptest.NewServer(h)
	e.Setenv("SERVER", server.Listener.Addr().String())
	e.Defer(func() { server.Close(); s.Close() })
	return nil
}
