package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/paperchart/paperchart/internal/pipeline"
)

// build builds the real program.
func build(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "paperchart")
	cmd := exec.Command("go", "build", "-o", path, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return path
}

// running is a server in a process of its own.
type running struct {
	*client
	cmd *exec.Cmd
}

func serve(t *testing.T, bin, data string, args ...string) *running {
	t.Helper()
	cmd := exec.Command(bin, append([]string{"serve", "--listen", "127.0.0.1:0", "--data", data}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the server said nothing: %v", err)
	}
	rest, _ := strings.CutPrefix(line, "Paperchart serves at ")
	url, _, _ := strings.Cut(rest, ",")
	return &running{&client{base: url, http: http.DefaultClient}, cmd}
}

// kill ends the process as a power cut would.
func (r *running) kill() {
	r.cmd.Process.Kill()
	r.cmd.Wait()
}

func (r *running) upload(t *testing.T, path string) pipeline.Document {
	t.Helper()
	d, err := r.send(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return d.Document
}

func (r *running) document(t *testing.T, id, query string) (d pipeline.Document) {
	t.Helper()
	if err := r.getJSON(t.Context(), "/api/v1/documents/"+id+query, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func (r *running) await(t *testing.T, id string, reached func(pipeline.Document) bool) pipeline.Document {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	for {
		d := r.document(t, id, "")
		if reached(d) {
			return d
		}
		if ctx.Err() != nil {
			t.Fatalf("still %+v", d)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func settledState(d pipeline.Document) bool {
	return d.State == pipeline.Done || d.State == pipeline.Failed
}

// stored is how many resources of each type the server has, and how many
// versions they have had in all.
func (r *running) stored(t *testing.T) map[string]int {
	t.Helper()
	counts := map[string]int{}
	for _, kind := range []string{"Patient", "Condition", "Observation", "MedicationStatement", "MedicationRequest",
		"AllergyIntolerance", "Encounter", "Practitioner", "Organization", "DocumentReference", "Provenance"} {
		resources := r.search(t, kind+"?_count=1000")
		counts[kind] = len(resources)
		for _, raw := range resources {
			var head struct{ Meta struct{ VersionID string } }
			if err := json.Unmarshal(raw, &head); err != nil || head.Meta.VersionID != "1" {
				t.Errorf("%s is at version %q (%v): it was written twice", kind, head.Meta.VersionID, err)
			}
		}
	}
	return counts
}

func (r *running) search(t *testing.T, query string) []json.RawMessage {
	t.Helper()
	data, err := r.fhir(t.Context(), fhirPath+"/"+query)
	if err != nil {
		t.Fatal(err)
	}
	resources, _, _, err := r.collect(t.Context(), data, true)
	if err != nil {
		t.Fatal(err)
	}
	return resources
}

func TestKilledServerLosesAndDoublesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("reads several pages")
	}
	bin, sample := build(t), filepath.Join("..", "..", "samples", "two-patients.pdf")
	calm := serve(t, bin, t.TempDir())
	id := calm.upload(t, sample).ID
	calm.await(t, id, settledState)
	want := calm.stored(t)
	calm.kill()

	data := t.TempDir()
	points := []func(pipeline.Document) bool{
		func(d pipeline.Document) bool { return true },
		func(d pipeline.Document) bool { return d.State == pipeline.Reading || settledState(d) },
		func(d pipeline.Document) bool { return d.PagesDone > 0 || settledState(d) },
		func(d pipeline.Document) bool { return d.State == pipeline.Converting || settledState(d) },
	}
	s := serve(t, bin, data)
	s.upload(t, sample)
	for _, reached := range points {
		s.await(t, id, reached)
		s.kill()
		s = serve(t, bin, data)
	}
	d := s.await(t, id, settledState)
	if d.State != pipeline.Done {
		t.Fatalf("document is %+v", d)
	}
	if got := s.stored(t); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("after the kills there is %v, without them %v", got, want)
	}
}

func TestWatchedFolderUploadAndRestartAreOneDocument(t *testing.T) {
	if testing.Short() {
		t.Skip("reads pages")
	}
	bin, inbox, data := build(t), t.TempDir(), t.TempDir()
	sample := filepath.Join("..", "..", "samples", "progress-note.pdf")
	scan, err := os.ReadFile(sample)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(inbox, "before.pdf"), scan, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(inbox, "notes.txt"), []byte("call back"), 0o644); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		s := serve(t, bin, data, "--watch", inbox)
		d := s.upload(t, sample)
		if d = s.document(t, d.ID, "?wait=5m"); d.State != pipeline.Done {
			t.Fatalf("document is %+v", d)
		}
		var docs []pipeline.Document
		for len(docs) < 2 || !settled(docs) {
			if docs, err = s.documents(t.Context()); err != nil {
				t.Fatal(err)
			}
			time.Sleep(5 * time.Millisecond)
		}
		if len(docs) != 2 {
			t.Fatalf("documents are %+v", docs)
		}
		for _, d := range docs {
			if d.Name == "notes.txt" && (d.State != pipeline.Failed || d.Problem.Code != "unsupported") {
				t.Errorf("what is no scan is %+v", d)
			}
		}
		res, err := s.do(t.Context(), http.MethodGet, "/api/v1/documents/"+d.ID+"/files/original", nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		kept, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || string(kept) != string(scan) {
			t.Errorf("the original has changed (%v)", err)
		}
		s.cmd.Process.Signal(os.Interrupt)
		if err := s.cmd.Wait(); err != nil {
			t.Errorf("stopping: %v", err)
		}
	}
}
