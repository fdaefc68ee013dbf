package api

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/paperchart/paperchart/internal/store/pgtest"
)

// storeEnv is the address of PostgreSQL for the stores of all tests, without the
// schema at its end.
const storeEnv = "PAPERCHART_API_TEST_STORE"

var pg pgtest.Cluster

func TestMain(m *testing.M) { os.Exit(pg.Run(m)) }

var stores atomic.Int64

// storePath is where a test's store is.
func storePath(t testing.TB) string {
	if url := os.Getenv(storeEnv); url != "" {
		return url + "t" + strconv.FormatInt(stores.Add(1), 10)
	}
	return filepath.Join(t.TempDir(), "fhir.db")
}

// TestOverPostgres runs the tests of this package anew, over PostgreSQL.
func TestOverPostgres(t *testing.T) {
	if os.Getenv(storeEnv) != "" {
		return // this is that run
	}
	url := strings.TrimRight(pg.URL(t), "0123456789s")
	child := exec.Command(os.Args[0], "-test.count=1")
	child.Env = append(os.Environ(), storeEnv+"="+url)
	if out, err := child.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
