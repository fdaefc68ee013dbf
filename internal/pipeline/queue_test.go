package pipeline

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paperchart/paperchart/internal/blob"
	"github.com/paperchart/paperchart/internal/result"
	"github.com/paperchart/paperchart/internal/scan"
)

// rooms stands in for everything that the queue drives.
type rooms struct {
	mu sync.Mutex
	// extract, where set, is asked in place of the plain answer.
	extract  func(ctx context.Context, try int) error
	store    func(try int) error
	tries    int
	imported []string
}

func (r *rooms) Extract(ctx context.Context, in Input, progress Progress) ([]result.Document, error) {
	r.mu.Lock()
	r.tries++
	try, f := r.tries, r.extract
	r.mu.Unlock()
	progress(0, 2)
	if f != nil {
		if err := f(ctx, try); err != nil {
			return nil, err
		}
	}
	progress(2, 2)
	return []result.Document{{Class: in.Name}}, nil
}

func (r *rooms) Results(docs []result.Document) ([]File, error) {
	return []File{{"result.json", []byte(docs[0].Class)}}, nil
}

func (r *rooms) Convert(results [][]byte) (Output, error) {
	b := []byte("bundle of " + string(results[0]))
	return Output{Files: []File{{"bundle.json", b}}, Bundle: b, Patients: 1, Review: 3}, nil
}

func (r *rooms) Import(_ context.Context, bundle []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.imported = append(r.imported, string(bundle))
	if r.store != nil {
		return r.store(len(r.imported))
	}
	return nil
}

func open(t *testing.T, dir string, r *rooms) *Queue {
	t.Helper()
	blobs, err := blob.Open(filepath.Join(dir, "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	q, err := Open(t.Context(), Config{
		Path: filepath.Join(dir, "jobs.db"), Blobs: blobs, Extract: r, Convert: r, Store: r,
		Retry: func(int) time.Duration { return 0 },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { q.Close() })
	return q
}

func start(t *testing.T, q *Queue) (stop func()) {
	t.Helper()
	if err := q.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := q.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	}
}

func accept(t *testing.T, q *Queue, name, data string) Document {
	t.Helper()
	d, _, err := q.Accept(t.Context(), name, strings.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func wait(t *testing.T, q *Queue, id string) Document {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	d, err := q.Wait(ctx, id)
	if err != nil {
		t.Fatalf("%v, document is %+v", err, d)
	}
	return d
}

func TestDocumentGoesThrough(t *testing.T) {
	r := &rooms{}
	q := open(t, t.TempDir(), r)
	defer start(t, q)()
	d := wait(t, q, accept(t, q, "a.pdf", "ink").ID)
	if d.State != Done || d.Pages != 2 || d.PagesDone != 2 || d.Patients != 1 || d.Review != 3 || d.Problem != nil {
		t.Errorf("document is %+v", d)
	}
	for part, want := range map[string]string{"original": "ink", "result.json": "a.pdf", "bundle.json": "bundle of a.pdf"} {
		f, err := q.Blob(d.ID, part)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(f)
		if f.Close(); err != nil || string(got) != want {
			t.Errorf("%s is %q (%v), want %q", part, got, err, want)
		}
	}
}

func TestSameBytesAreOneDocument(t *testing.T) {
	r := &rooms{}
	q := open(t, t.TempDir(), r)
	defer start(t, q)()
	first := wait(t, q, accept(t, q, "a.pdf", "ink").ID)
	again, known, err := q.Accept(t.Context(), "b.pdf", strings.NewReader("ink"))
	if err != nil || !known || again.ID != first.ID || again.Name != "a.pdf" {
		t.Errorf("second acceptance gave %+v, %v, %v", again, known, err)
	}
	if r.tries != 1 {
		t.Errorf("read %d times", r.tries)
	}
}

func TestBadFileFailsAtOnceAndIsKept(t *testing.T) {
	r := &rooms{extract: func(context.Context, int) error {
		return &scan.Error{Code: "encrypted", Message: "It needs a password", Remedy: "Remove it."}
	}}
	q := open(t, t.TempDir(), r)
	defer start(t, q)()
	bad := wait(t, q, accept(t, q, "bad.pdf", "x").ID)
	if bad.State != Failed || bad.Problem == nil || bad.Problem.Code != "encrypted" || r.tries != 1 {
		t.Errorf("document is %+v after %d tries", bad, r.tries)
	}
	if _, err := q.Blob(bad.ID, "original"); err != nil {
		t.Errorf("original: %v", err)
	}
	r.mu.Lock()
	r.extract = nil
	r.mu.Unlock()
	if good := wait(t, q, accept(t, q, "good.pdf", "y").ID); good.State != Done {
		t.Errorf("the next document is %+v", good)
	}
	if d := accept(t, q, "bad.pdf", "x"); d.State != Failed || r.tries != 2 {
		t.Errorf("the same bytes again gave %+v", d)
	}
	if d, err := q.Retry(t.Context(), bad.ID); err != nil || d.Problem != nil {
		t.Errorf("retry gave %+v, %v", d, err)
	}
	if d := wait(t, q, bad.ID); d.State != Done {
		t.Errorf("after the retry the document is %+v", d)
	}
}

func TestPassingTroubleIsRetried(t *testing.T) {
	r := &rooms{store: func(try int) error {
		if try < 3 {
			return errors.New("store is away")
		}
		return nil
	}}
	q := open(t, t.TempDir(), r)
	defer start(t, q)()
	d := wait(t, q, accept(t, q, "a.pdf", "ink").ID)
	if d.State != Done || len(r.imported) != 3 || r.tries != 1 {
		t.Errorf("document is %+v after %d reads and %d imports", d, r.tries, len(r.imported))
	}
}

func TestLastingTroubleEndsInFailure(t *testing.T) {
	r := &rooms{extract: func(context.Context, int) error { return errors.New("patient Doe's page is odd") }}
	q := open(t, t.TempDir(), r)
	defer start(t, q)()
	d := wait(t, q, accept(t, q, "a.pdf", "ink").ID)
	if d.State != Failed || d.Attempts != maxAttempts || r.tries != maxAttempts {
		t.Errorf("document is %+v after %d tries", d, r.tries)
	}
	var leaked int
	row := q.db.QueryRow(`SELECT count(*) FROM river_job WHERE errors LIKE '%Doe%'`)
	if err := row.Scan(&leaked); err != nil || leaked != 0 {
		t.Errorf("%d jobs carry an inner error's text (%v)", leaked, err)
	}
}

func TestStopAndRestartLosesAndDoublesNothing(t *testing.T) {
	dir, begun := t.TempDir(), make(chan struct{})
	r := &rooms{extract: func(ctx context.Context, try int) error {
		if try > 1 {
			return nil
		}
		close(begun)
		<-ctx.Done()
		return ctx.Err()
	}}
	q := open(t, dir, r)
	stop := start(t, q)
	id := accept(t, q, "a.pdf", "ink").ID
	<-begun
	stop()
	if d, err := q.Document(t.Context(), id); err != nil || d.State == Failed || d.State == Done {
		t.Fatalf("interrupted document is %+v, %v", d, err)
	}
	q.Close()

	q = open(t, dir, r)
	defer start(t, q)()
	if d := wait(t, q, id); d.State != Done || d.Attempts != 0 || len(r.imported) != 1 {
		t.Errorf("document is %+v after %d imports", d, len(r.imported))
	}
	docs, err := q.Documents(t.Context())
	if err != nil || len(docs) != 1 {
		t.Errorf("%d documents, %v", len(docs), err)
	}
}

// A killed process leaves its jobs marked as running.
func kill(t *testing.T, q *Queue, attempt int) {
	t.Helper()
	_, err := q.db.Exec(`UPDATE river_job SET state = 'running', attempt = ?`, attempt)
	if err != nil {
		t.Fatal(err)
	}
	q.Close()
}

func TestKilledJobIsTakenUpAgain(t *testing.T) {
	dir, r := t.TempDir(), &rooms{}
	q := open(t, dir, r)
	id := accept(t, q, "a.pdf", "ink").ID
	kill(t, q, 1)
	q = open(t, dir, r)
	defer start(t, q)()
	if d := wait(t, q, id); d.State != Done || len(r.imported) != 1 {
		t.Errorf("document is %+v after %d imports", d, len(r.imported))
	}
}

func TestFileThatKillsTheProcessIsGivenUp(t *testing.T) {
	dir, r := t.TempDir(), &rooms{}
	q := open(t, dir, r)
	id := accept(t, q, "a.pdf", "ink").ID
	kill(t, q, maxAttempts)
	q = open(t, dir, r)
	defer start(t, q)()
	if d := wait(t, q, id); d.State != Failed || d.Problem.Code != "abandoned" || r.tries != 0 {
		t.Errorf("document is %+v after %d tries", d, r.tries)
	}
}

func TestTooLargeIsRefused(t *testing.T) {
	q := open(t, t.TempDir(), &rooms{})
	q.cfg.MaxSize = 3
	_, _, err := q.Accept(t.Context(), "a.pdf", strings.NewReader("four"))
	var p *Problem
	if !errors.As(err, &p) || p.Code != "too-large" {
		t.Errorf("error is %v", err)
	}
}
