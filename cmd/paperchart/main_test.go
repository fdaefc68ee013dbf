package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"paperchart": func() {
		p := &program{in: os.Stdin, out: os.Stdout, err: os.Stderr, environ: os.Environ()}
		os.Exit(p.run(context.Background(), os.Args[1:]))
	}})
}

// TestScripts runs the command line as a user types it; adding a case is adding
// a file. $SAMPLES is the folder of sample scans, $BAD one of broken files.
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
			return nil
		},
	})
}
