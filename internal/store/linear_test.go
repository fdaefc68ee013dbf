package store

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
)

// A history is what clients asked of resources and were told, in order. Time in
// it is a counter: asking and answering are moments of their own.

// asked is one call about one resource.
type asked struct {
	key, kind string // put, match (put with If-Match), delete, read
	value     string
	match     int64
}

// told is its answer. unknown is of a call whose caller was killed.
type told struct {
	version int64
	value   string // "" where there is no such resource
	refused bool
	unknown bool
}

// oneResource is what a resource is to who writes and reads it alone.
type oneResource struct {
	version int64
	value   string
}

var resourceModel = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		parts := map[string][]porcupine.Operation{}
		for _, op := range history {
			key := op.Input.(asked).key
			parts[key] = append(parts[key], op)
		}
		var all [][]porcupine.Operation
		for part := range maps.Values(parts) {
			all = append(all, part)
		}
		return all
	},
	Init: func() any { return oneResource{} },
	Step: func(state, input, output any) (bool, any) {
		return step1(state.(oneResource), input.(asked), output.(told))
	},
}

func step1(now oneResource, in asked, out told) (bool, oneResource) {
	next := now
	refused := false
	switch {
	case in.kind == "match" && (now.value == "" || now.version != in.match):
		refused = true
	case (in.kind == "put" || in.kind == "match") && now.value != in.value:
		next = oneResource{now.version + 1, in.value}
	case in.kind == "delete" && now.value != "":
		next = oneResource{now.version + 1, ""}
	}
	want := told{version: next.version, value: next.value, refused: refused}
	if refused {
		want = told{refused: true}
	}
	return out.unknown || out == want, next
}

// client asks the store.
func (a asked) of(s *Store) (told, error) {
	typ := "Basic"
	body := `{"resourceType":"Basic","id":"` + a.key + `","identifier":[{"value":"` + a.value + `"}],"code":{}}`
	switch a.kind {
	case "put", "match":
		// The other resource makes it a transaction of two.
		ops := []Op{{Method: "PUT", Type: typ, ID: a.key, IfMatch: a.match, Body: []byte(body)},
			{Method: "PUT", Type: "Patient", ID: a.key, Body: []byte(`{"resourceType":"Patient","id":"` + a.key + `","identifier":[{"value":"` + a.value + `"}]}`)}}
		out, err := s.Do(context.Background(), ops)
		if codeOf(err) == PreconditionFailed {
			return told{refused: true}, nil
		}
		if err != nil {
			return told{}, err
		}
		return told{version: out[0].Version, value: a.value}, nil
	case "delete":
		out, err := s.Do(context.Background(), []Op{{Method: "DELETE", Type: typ, ID: a.key}})
		if err != nil {
			return told{}, err
		}
		return told{version: out[0].Version}, nil
	}
	r, err := s.Read(context.Background(), typ, a.key)
	if code := codeOf(err); code == Gone || code == NotFound {
		return told{version: r.Version}, nil
	}
	return told{version: r.Version, value: strconv.Itoa(value(string(r.Body)))}, err
}

func randomAsk(r *rand.Rand, key string, value string, latest int64) asked {
	switch r.IntN(6) {
	case 0:
		return asked{key: key, kind: "read"}
	case 1:
		return asked{key: key, kind: "delete"}
	case 2, 3:
		return asked{key: key, kind: "match", value: value, match: max(latest, 1)}
	}
	return asked{key: key, kind: "put", value: value}
}

// TestLinearizable has clients write, delete and read few resources at a time.
func TestLinearizable(t *testing.T) {
	overEmpty(t, func(t *testing.T, s *Store) { linear(t, s) })
}

// TestTwoServers has two of them share a database.
func TestTwoServers(t *testing.T) {
	url := pg.URL(t)
	linear(t, open(t, url), open(t, url))
}

func linear(t *testing.T, stores ...*Store) {
	var clock atomic.Int64
	histories := make([][]porcupine.Operation, 8)
	var wg sync.WaitGroup
	for c := range histories {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(1, uint64(c)))
			var latest [3]int64
			for i := range 150 {
				k := r.IntN(len(latest))
				in := randomAsk(r, "k"+strconv.Itoa(k), strconv.Itoa(c*1000+i), latest[k])
				op := porcupine.Operation{ClientId: c, Input: in, Call: clock.Add(1)}
				out, err := in.of(stores[c%len(stores)])
				if err != nil {
					t.Error(err)
					return
				}
				op.Output, op.Return = out, clock.Add(1)
				latest[k] = max(latest[k], out.version)
				histories[c] = append(histories[c], op)
			}
		})
	}
	wg.Wait()
	wantLinear(t, slices.Concat(histories...))
}

// TestModelRefuses shows that the check can fail: a read that misses a write.
func TestModelRefuses(t *testing.T) {
	history := []porcupine.Operation{
		{Input: asked{key: "k", kind: "put", value: "1"}, Call: 1, Output: told{version: 1, value: "1"}, Return: 2},
		{Input: asked{key: "k", kind: "read"}, Call: 3, Output: told{}, Return: 4},
	}
	if porcupine.CheckOperations(resourceModel, history) {
		t.Error("a read that misses a write passes")
	}
}

func wantLinear(t *testing.T, history []porcupine.Operation) {
	t.Helper()
	if result := porcupine.CheckOperationsTimeout(resourceModel, history, 2*time.Minute); result != porcupine.Ok {
		t.Errorf("the history of %d calls is %s", len(history), result)
	}
}

// askForever is the process that is killed: it says what it asks and is told.
func askForever(path string) error {
	s, err := Open(context.Background(), Config{Path: path})
	if err != nil {
		return err
	}
	errs := make(chan error)
	var mu sync.Mutex
	say := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintf(os.Stdout, format, args...)
	}
	for c := range 4 {
		go func() {
			r := rand.New(rand.NewPCG(rand.Uint64(), 1))
			var latest [3]int64
			for {
				k := r.IntN(len(latest))
				in := randomAsk(r, "k"+strconv.Itoa(k), strconv.Itoa(r.IntN(1<<30)), latest[k])
				say("ask %d %s %s %s. %d\n", c, in.key, in.kind, in.value, in.match)
				out, err := in.of(s)
				if err != nil {
					errs <- err
					return
				}
				latest[k] = max(latest[k], out.version)
				say("told %d %d %s. %t\n", c, out.version, out.value, out.refused)
			}
		}()
	}
	return <-errs
}

// TestLinearizableAcrossKills kills a process amid calls, several times, and
// checks all that it was told together with what is there after each kill. A call
// without an answer may have taken effect at any time or never.
func TestLinearizableAcrossKills(t *testing.T) {
	over(t, func(t *testing.T, place func(testing.TB) string) {
		path := place(t)
		var all []porcupine.Operation
		for round := range 4 {
			all = listen(t, path, 100+70*round, all)
			s, err := Open(t.Context(), Config{Path: path})
			if err != nil {
				t.Fatal(err)
			}
			for k := range 3 {
				in := asked{key: "k" + strconv.Itoa(k), kind: "read"}
				out, err := in.of(s)
				if err != nil {
					t.Fatal(err)
				}
				at := int64(4 * len(all))
				all = append(all, porcupine.Operation{ClientId: 99, Input: in, Call: at, Output: out, Return: at + 1})
				wantBoth(t, s, in.key, out)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
		for i := range all {
			if all[i].Output.(told).unknown {
				all[i].Return = math.MaxInt64
			}
		}
		wantLinear(t, all)
	})
}

// wantBoth checks that of a transaction both halves are there.
func wantBoth(t *testing.T, s *Store, key string, half told) {
	t.Helper()
	if half.value == "" {
		return
	}
	r, err := s.Read(t.Context(), "Patient", key)
	if err != nil || strconv.Itoa(value(string(r.Body))) != half.value {
		t.Errorf("%s has one half of a transaction (%v)", key, err)
	}
}

// listen runs the process until it was told so often, and adds its calls to the
// history, whose moments are the lines that it wrote.
func listen(t *testing.T, path string, many int, all []porcupine.Operation) []porcupine.Operation {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), askingEnv+"="+path)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	child.Stderr = os.Stderr
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	all = history(out, all, func(answers int) {
		if answers == many {
			child.Process.Kill()
		}
	})
	child.Wait() // killed, as it should be
	return all
}

func history(from io.Reader, all []porcupine.Operation, answered func(int)) []porcupine.Operation {
	under := map[int]int{} // client → the place of its call
	moment, answers := int64(4*len(all)), 0
	lines := bufio.NewScanner(from)
	for lines.Scan() {
		moment++
		what, rest, _ := strings.Cut(lines.Text(), " ")
		var client int
		if what == "ask" {
			var in asked
			fmt.Sscanf(rest, "%d %s %s %s %d", &client, &in.key, &in.kind, &in.value, &in.match)
			in.value = strings.TrimSuffix(in.value, ".")
			under[client] = len(all)
			all = append(all, porcupine.Operation{ClientId: client, Input: in, Call: moment, Output: told{unknown: true}})
			continue
		}
		var out told
		if n, _ := fmt.Sscanf(rest, "%d %d %s %t", &client, &out.version, &out.value, &out.refused); n < 4 {
			continue // cut off
		}
		out.value = strings.TrimSuffix(out.value, ".")
		all[under[client]].Output, all[under[client]].Return = out, moment
		answers++
		answered(answers)
	}
	return all
}
