package hybrid

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paperchart/paperchart/blueprint"
	"github.com/paperchart/paperchart/internal/bda"
	"github.com/paperchart/paperchart/internal/cloud"
)

// forgetful is a cloud in another process that charges for every call and knows no
// client token again. It counts all requests and tells of each before it answers.
type forgetful struct {
	mu       sync.Mutex
	requests int
	charged  int
	told     func(request int)
}

func (f *forgetful) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.requests++
	n := f.requests
	if r.URL.Path == "/invoke" {
		f.charged++
	}
	job := f.charged
	f.mu.Unlock()
	if f.told != nil {
		f.told(n)
	}
	fmt.Fprintf(w, "00000000-0000-0000-0000-%012d", job)
}

// faraway calls it.
type faraway string

func (f faraway) ask(ctx context.Context, what string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, string(f)+what, nil)
	if err != nil {
		return "", err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	return string(data), err
}

func (f faraway) Invoke(ctx context.Context, _ cloud.Invocation) (string, error) {
	return f.ask(ctx, "/invoke")
}

// Status says of half the jobs that BDA failed on them, so that there are second tries.
func (f faraway) Status(ctx context.Context, job string) (bda.Status, error) {
	if _, err := f.ask(ctx, "/status"); err != nil {
		return bda.Status{}, err
	}
	if job[len(job)-1]%2 == 0 {
		return bda.Status{State: bda.ServiceError}, nil
	}
	return bda.Status{State: bda.Success, Metadata: bda.Object{Bucket: "bucket", Key: "bda/" + job + "/job_metadata.json"}}, nil
}

func (f faraway) Get(ctx context.Context, o bda.Object) (io.ReadCloser, cloud.Info, error) {
	data := `{"job_id":"x","output_metadata":[{"asset_id":0,"asset_input_path":{"s3_bucket":"bucket","s3_key":"k"},"segment_metadata":[]}]}`
	return io.NopCloser(bytes.NewReader([]byte(data))), cloud.Info{}, nil
}

func (f faraway) List(context.Context, string, string, int) ([]cloud.Info, error) { return nil, nil }
func (f faraway) Put(ctx context.Context, _ bda.Object, _ []byte) error {
	_, err := f.ask(ctx, "/put")
	return err
}
func (f faraway) Copy(context.Context, bda.Object, bda.Object) error { return errors.New("copied") }
func (f faraway) Delete(context.Context, bda.Object) error           { return nil }

const (
	childPages  = 2  // of each paper
	childBudget = 14 // pages
)

// child reads twelve papers, several at once, until each is read or the budget is
// used up. It is this test's own binary in another process.
func child(url, ledger string) error {
	ctx := context.Background()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	l, err := OpenLedger(ctx, ledger, Budget{Pages: childBudget, PageDollars: .07}, func() time.Time { return now })
	if err != nil {
		return err
	}
	defer l.Close()
	b := &BDA{Jobs: faraway(url), Objects: faraway(url), Bucket: "bucket", Project: "p", Blueprint: blueprint.Default(), Ledger: l, Logger: slog.New(slog.DiscardHandler)}
	var wg sync.WaitGroup
	fail := make(chan error, 12)
	for i := range 12 {
		wg.Go(func() {
			p := paper{sha256: fmt.Sprint(i), count: childPages, ext: ".pdf", data: func() ([]byte, error) { return []byte("ink"), nil }}
			for {
				_, err := b.read(ctx, p)
				switch {
				case err == nil, errors.Is(err, ErrBudget), errors.Is(err, errUnread):
					return
				case strings.Contains(err.Error(), "budget:"):
					fail <- err // the account itself is in trouble
					return
				}
			}
		})
	}
	wg.Wait()
	close(fail)
	return <-fail
}

func TestMain(m *testing.M) {
	if url := os.Getenv("PAPERCHART_TEST_CLOUD"); url != "" {
		if err := child(url, os.Getenv("PAPERCHART_TEST_LEDGER")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func startChild(t *testing.T, url, ledger string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), "PAPERCHART_TEST_CLOUD="+url, "PAPERCHART_TEST_LEDGER="+ledger)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}

// Killed (kill -9) at any request and begun again, as often as one likes, it never
// pays for more than the budget, though the cloud charges for every call.
func TestKilledAnywhere(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and kills processes")
	}
	for _, every := range []int{1, 2, 3, 5} { // requests between two deaths
		cloud := &forgetful{}
		server := httptest.NewServer(cloud)
		ledger := filepath.Join(t.TempDir(), "cloud.db")
		deaths := 0
		for ended := false; !ended; {
			var once sync.Once
			began := cloud.requests
			started := make(chan *exec.Cmd, 1)
			cloud.told = func(n int) {
				if n-began >= every && deaths < 12 {
					once.Do(func() { (<-started).Process.Kill() })
				}
			}
			cmd := startChild(t, server.URL, ledger)
			started <- cmd
			err := cmd.Wait()
			ended = err == nil
			if !ended {
				deaths++
			}
			if deaths > 12 {
				t.Fatalf("it died by itself: %v", err)
			}
		}
		server.Close()
		if paid := cloud.charged * childPages; paid > childBudget || paid == 0 {
			t.Errorf("killed after each %d requests, %d times: paid for %d pages of %d", every, deaths, paid, childBudget)
		}
	}
}

// Two processes share one account.
func TestTwoProcesses(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	cloud := &forgetful{}
	server := httptest.NewServer(cloud)
	defer server.Close()
	ledger := filepath.Join(t.TempDir(), "cloud.db")
	both := []*exec.Cmd{startChild(t, server.URL, ledger), startChild(t, server.URL, ledger)}
	for _, cmd := range both {
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
	if paid := cloud.charged * childPages; paid > childBudget || paid == 0 {
		t.Errorf("paid for %d pages of %d", paid, childBudget)
	}
}
