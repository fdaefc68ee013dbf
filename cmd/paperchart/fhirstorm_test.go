package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/anishathalye/porcupine"

	"github.com/paperchart/paperchart/internal/store/pgtest"
)

// What many clients at a time may expect of the FHIR server, asked of the real
// program over HTTP.

// overDatabases gives a test the arguments of a server with an empty database of
// each kind.
func overDatabases(t *testing.T, do func(t *testing.T, args ...string)) {
	t.Run("sqlite", func(t *testing.T) { do(t) })
	t.Run("postgres", func(t *testing.T) {
		var pg pgtest.Cluster
		url := pg.URL(t)
		t.Cleanup(func() {
			if err := pg.Stop(); err != nil {
				t.Error(err)
			}
		})
		do(t, "--store", url)
	})
}

// many is a client that keeps a connection for each that asks at a time.
var many = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}

// ask sends a request to the FHIR server.
func (r *running) ask(ctx context.Context, method, path, body string, header ...string) (int, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, r.base+fhirPath+path, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", "application/fhir+json")
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := many.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	return res.StatusCode, data, err
}

// total is how many a search finds.
func (r *running) total(t *testing.T, path string) int {
	t.Helper()
	status, data, err := r.ask(t.Context(), "GET", path, "")
	var b struct{ Total *int }
	if err != nil || status != 200 || json.Unmarshal(data, &b) != nil || b.Total == nil {
		t.Fatalf("GET %s: %d, %v: %.300s", path, status, err, data)
	}
	return *b.Total
}

// TestConditionalCreatesOfManyClients has 64 clients create the same 1,000
// resources on condition that they are not there: so many there are, and nobody is
// told of a fault.
func TestConditionalCreatesOfManyClients(t *testing.T) {
	bin, keys := build(t), 1000
	if testing.Short() {
		keys = 50
	}
	overDatabases(t, func(t *testing.T, args ...string) {
		s := serve(t, bin, t.TempDir(), args...)
		var created atomic.Int64
		var wg sync.WaitGroup
		for c := range 64 {
			wg.Go(func() {
				for i := range keys {
					k := fmt.Sprint((i*7 + c*13) % keys)
					status, data, err := s.ask(t.Context(), "POST", "/Patient", `{"resourceType":"Patient","identifier":[{"system":"urn:k","value":"`+k+`"}]}`,
						"If-None-Exist", "identifier=urn:k|"+k)
					if err != nil || status != 200 && status != 201 {
						t.Errorf("status %d, %v: %.300s", status, err, data)
						return
					}
					if status == 201 {
						created.Add(1)
					}
				}
			})
		}
		wg.Wait()
		if got := s.total(t, "/Patient?_total=accurate&_count=0"); got != keys || created.Load() != int64(keys) {
			t.Errorf("there are %d, and %d were said to be created, want %d", got, created.Load(), keys)
		}
	})
}

// TestSearchRightAfterWrite writes and searches 10,000 times, from 8 clients.
func TestSearchRightAfterWrite(t *testing.T) {
	bin, each := build(t), 1250
	if testing.Short() {
		each = 50
	}
	overDatabases(t, func(t *testing.T, args ...string) {
		s := serve(t, bin, t.TempDir(), args...)
		var wg sync.WaitGroup
		for c := range 8 {
			wg.Go(func() {
				for i := range each {
					id, code := fmt.Sprintf("p%d-%d", c, i%7), fmt.Sprintf("%d-%d", c, i)
					status, data, err := s.ask(t.Context(), "PUT", "/Patient/"+id, `{"resourceType":"Patient","id":"`+id+`","identifier":[{"system":"urn:k","value":"`+code+`"}]}`)
					if err != nil || status != 200 && status != 201 {
						t.Errorf("status %d, %v: %.300s", status, err, data)
						return
					}
					status, data, err = s.ask(t.Context(), "GET", "/Patient?identifier=urn:k%7C"+code, "")
					if err != nil || status != 200 || !bytes.Contains(data, []byte(`"id":"`+id+`"`)) {
						t.Errorf("after write %d of client %d: status %d, %v: %.300s", i, c, status, err, data)
						return
					}
				}
			})
		}
		wg.Wait()
	})
}

// A history of what clients asked of pairs of resources, each written by one
// transaction, and were told.

type pairAsked struct {
	key, value string // without a value it is read
	match      int    // the version that it has to be at, 0 for any
}

type pairTold struct {
	version          int
	value            string
	refused, unknown bool // unknown where the server was killed before it answered
}

var pairModel = porcupine.Model{
	Partition: func(history []porcupine.Operation) (all [][]porcupine.Operation) {
		parts := map[string][]porcupine.Operation{}
		for _, op := range history {
			key := op.Input.(pairAsked).key
			parts[key] = append(parts[key], op)
		}
		for _, part := range parts {
			all = append(all, part)
		}
		return all
	},
	Init: func() any { return pairTold{} },
	Step: func(state, input, output any) (bool, any) {
		now, in, out := state.(pairTold), input.(pairAsked), output.(pairTold)
		switch {
		case in.value == "":
			return out.unknown || out == now, now
		case in.match != 0 && in.match != now.version:
			return out.unknown || out == pairTold{refused: true}, now
		}
		next := pairTold{version: now.version + 1, value: in.value}
		return out.unknown || out == next, next
	},
}

type pairResource struct {
	ResourceType string
	Identifier   []struct{ Value string }
	Meta         struct{ VersionID string }
}

// pair asks for a pair, or writes it. What it reads it reads by one search, and
// both have to be of the same transaction.
func (r *running) pair(ctx context.Context, in pairAsked) (out pairTold, err error) {
	if in.value != "" {
		return r.writePair(ctx, in)
	}
	status, data, err := r.ask(ctx, "GET", "/Basic?_include=Basic:subject&_id="+in.key, "")
	var found struct {
		Entry []struct{ Resource pairResource }
	}
	if err := errors.Join(err, json.Unmarshal(data, &found)); err != nil {
		return pairTold{unknown: true}, nil
	}
	if status != 200 || len(found.Entry)%2 != 0 {
		return out, fmt.Errorf("status %d: %s", status, data)
	}
	for _, e := range found.Entry {
		next := pairTold{value: e.Resource.Identifier[0].Value}
		fmt.Sscan(e.Resource.Meta.VersionID, &next.version)
		if out.version != 0 && out != next {
			return out, fmt.Errorf("half a transaction: %v beside %v", out, next)
		}
		out = next
	}
	return out, nil
}

// writePair writes first what nothing can refuse.
func (r *running) writePair(ctx context.Context, in pairAsked) (pairTold, error) {
	match := ""
	if in.match != 0 {
		match = fmt.Sprintf(`,"ifMatch":"W/\"%d\""`, in.match)
	}
	identifier := `"identifier":[{"value":"` + in.value + `"}]`
	status, data, err := r.ask(ctx, "POST", "", `{"resourceType":"Bundle","type":"transaction","entry":[
{"request":{"method":"PUT","url":"Patient/`+in.key+`"},"resource":{"resourceType":"Patient","id":"`+in.key+`",`+identifier+`}},
{"request":{"method":"PUT","url":"Basic/`+in.key+`"`+match+`},"resource":{"resourceType":"Basic","id":"`+in.key+`",`+identifier+`,"code":{"text":"x"},"subject":{"reference":"Patient/`+in.key+`"}}}]}`)
	var done struct {
		Entry []struct{ Response struct{ Etag string } }
	}
	switch {
	case err != nil || json.Unmarshal(data, &done) != nil:
		return pairTold{unknown: true}, nil
	case status == 412:
		return pairTold{refused: true}, nil
	case status != 200 || len(done.Entry) != 2:
		return pairTold{}, fmt.Errorf("status %d: %s", status, data)
	}
	out := pairTold{value: in.value}
	_, err = fmt.Sscanf(done.Entry[1].Response.Etag, `W/"%d"`, &out.version)
	return out, err
}

// TestKilledServerIsLinearizable kills the program amid transactions, several
// times: what it said before and says after is as if each had happened at once.
func TestKilledServerIsLinearizable(t *testing.T) {
	bin := build(t)
	overDatabases(t, func(t *testing.T, args ...string) {
		data := t.TempDir()
		h := &pairHistory{}
		for round := range 4 {
			h.storm(t, serve(t, bin, data, args...), 150+100*round)
		}
		s := serve(t, bin, data, args...)
		for k := range pairKeys {
			h.one(t, s, pairAsked{key: fmt.Sprint("k", k)})
		}
		if result := porcupine.CheckOperations(pairModel, h.all); !result {
			t.Errorf("the history of %d calls is not linearizable", len(h.all))
		}
		unknown := 0
		for _, op := range h.all {
			if op.Output.(pairTold).unknown {
				unknown++
			}
		}
		t.Logf("%d calls, %d of them without an answer", len(h.all), unknown)
	})
}

const pairKeys = 3

type pairHistory struct {
	clock, answers atomic.Int64
	mu             sync.Mutex
	all            []porcupine.Operation
}

// one makes one call and notes it.
func (h *pairHistory) one(t *testing.T, s *running, in pairAsked) pairTold {
	op := porcupine.Operation{Input: in, Call: h.clock.Add(1), Return: math.MaxInt64}
	out, err := s.pair(t.Context(), in)
	if err != nil {
		t.Error(err)
	}
	if op.Output = out; !out.unknown {
		op.Return = h.clock.Add(1)
		h.answers.Add(1)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.all = append(h.all, op)
	return out
}

// storm has clients write and read until the server has answered so often, and
// kills it.
func (h *pairHistory) storm(t *testing.T, s *running, answers int) {
	until := h.answers.Load() + int64(answers)
	var killed sync.Once
	var wg sync.WaitGroup
	for c := range 6 {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(c), uint64(until)))
			latest := map[string]int{}
			for n := 0; !t.Failed(); n++ {
				in := pairAsked{key: fmt.Sprint("k", r.IntN(pairKeys))}
				if r.IntN(3) > 0 {
					in.value = fmt.Sprintf("%d-%d-%d", until, c, n)
					in.match = latest[in.key] * r.IntN(2)
				}
				out := h.one(t, s, in)
				if out.unknown {
					return
				}
				latest[in.key] = max(latest[in.key], out.version)
				if h.answers.Load() >= until {
					killed.Do(func() { s.cmd.Process.Kill() })
				}
			}
		})
	}
	wg.Wait()
	s.kill()
}

// TestServerOnAFullDisk fills the volume that a server keeps everything on: it
// refuses writes clearly and goes on reading, and with room again it writes.
func TestServerOnAFullDisk(t *testing.T) {
	dir, err := os.MkdirTemp("", "volume")
	if err != nil {
		t.Fatal(err)
	}
	defer os.Remove(dir)
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("no volume can be mounted here (%v: %s); TestFullDisk of internal/store bounds the database instead", err, bytes.TrimSpace(out))
	}
	s := serve(t, build(t), filepath.Join(dir, "data"))
	t.Cleanup(func() {
		s.kill()
		if out, err := exec.Command("umount", "-l", dir).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	})
	write := func(i int) (int, []byte) {
		// Of letters by chance, which do not get small.
		name := make([]byte, 20000)
		for j := range name {
			name[j] = byte('a' + rand.IntN(26))
		}
		entry := func(typ, more string) string {
			return fmt.Sprintf(`{"request":{"method":"PUT","url":"%s/%d"},"resource":{"resourceType":"%s","id":"%d",%s}}`, typ, i, typ, i, more)
		}
		status, data, err := s.ask(t.Context(), "POST", "", `{"resourceType":"Bundle","type":"transaction","entry":[`+
			entry("Patient", `"name":[{"family":"`+string(name)+`"}]`)+","+
			entry("Basic", fmt.Sprintf(`"code":{"text":"x"},"subject":{"reference":"Patient/%d"}`, i))+`]}`)
		if err != nil {
			t.Fatal(err)
		}
		return status, data
	}
	stored, status := 0, 0
	var data []byte
	for ; stored < 5000; stored++ {
		if status, data = write(stored); status != 200 {
			break
		}
	}
	if (status != 507 && status != 503) || !bytes.Contains(data, []byte(`"OperationOutcome"`)) {
		t.Fatalf("after %d: status %d: %.300s", stored, status, data)
	}
	t.Logf("after %d transactions: status %d: %s", stored, status, data)
	whole := func(want int) {
		t.Helper()
		for _, query := range []string{"/Patient?_total=accurate&_count=1", "/Basic?_total=accurate&_count=1", "/Patient?_total=accurate&name:missing=false&_count=1", "/Basic?_total=accurate&subject:missing=false&_count=1"} {
			if got := s.total(t, query); got != want {
				t.Errorf("%s finds %d, want %d", query, got, want)
			}
		}
	}
	whole(stored)
	if out, err := exec.Command("mount", "-o", "remount,size=64m", dir).CombinedOutput(); err != nil {
		t.Fatalf("make room: %v: %s", err, out)
	}
	for range 20 {
		if status, data = write(stored); status != 200 {
			t.Fatalf("with room again: status %d: %.300s", status, data)
		}
		stored++
	}
	whole(stored)
}
