package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// clientsVariable, where set, says that the clients have been set up, so that
// their absence is a failure. scripts/test sets it.
const clientsVariable = "PAPERCHART_TEST_CLIENTS"

// TestClients has FHIR clients that others wrote, at pinned versions, use the
// program as their users would: see testdata/clients.
func TestClients(t *testing.T) {
	dir := filepath.Join("testdata", "clients")
	if missing := clientsMissing(dir); missing != "" {
		if os.Getenv(clientsVariable) != "" {
			t.Fatalf("%s is missing: run scripts/setup clients", missing)
		}
		t.Skipf("%s is missing: run scripts/setup clients", missing)
	}
	bin := build(t)
	for _, name := range []string{"fhir-kit-client", "fhirclient", "medplum-core"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := serve(t, bin, t.TempDir())
			cmd := exec.CommandContext(t.Context(), "node", "run.mjs", name, server.base+fhirPath)
			cmd.Dir = dir
			out, err := cmd.CombinedOutput()
			if err != nil || strings.Count(string(out), "ok ") < 12 {
				t.Errorf("%v\n%s", err, out)
			}
			t.Logf("%s", out)
		})
	}
}

func clientsMissing(dir string) string {
	if _, err := exec.LookPath("node"); err != nil {
		return "node"
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "fhir-kit-client")); err != nil {
		return "the clients' code"
	}
	return ""
}
