package store

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// The variables that make this test binary the process that is killed.
const (
	childEnv  = "PAPERCHART_STORE_CHILD"
	askingEnv = "PAPERCHART_STORE_ASKING"
)

func TestMain(m *testing.M) {
	for name, run := range map[string]func(string) error{childEnv: writeForever, askingEnv: askForever} {
		path := os.Getenv(name)
		if path == "" {
			continue
		}
		if err := run(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(pg.Run(m))
}

// pair is a transaction of two resources.
func pair(n int, version string) []Op {
	id := strconv.Itoa(n)
	return []Op{
		{Method: "PUT", Type: "Patient", ID: "p" + id, Body: []byte(`{"resourceType":"Patient","id":"p` + id + `","identifier":[{"system":"urn:n","value":"` + version + `"}]}`)},
		{Method: "PUT", Type: "Condition", ID: "c" + id, Body: []byte(`{"resourceType":"Condition","id":"c` + id + `","subject":{"reference":"Patient/p` + id + `"},"identifier":[{"system":"urn:n","value":"` + version + `"}]}`)},
	}
}

// writeForever writes pairs from several goroutines and prints each that is
// acknowledged.
func writeForever(path string) error {
	s, err := Open(context.Background(), Config{Path: path})
	if err != nil {
		return err
	}
	errs := make(chan error)
	var mu sync.Mutex
	for w := range 4 {
		go func() {
			for i := 0; ; i++ {
				n := w + 4*(i%50)
				version := strconv.Itoa(i)
				if _, err := s.Do(context.Background(), pair(n, version)); err != nil {
					errs <- err
					return
				}
				mu.Lock()
				fmt.Println(n, version)
				mu.Unlock()
			}
		}()
	}
	return <-errs
}

// TestKill kills a writing process at some moment, several times over the same
// database: what it acknowledged is there, and of each transaction all or nothing.
func TestKill(t *testing.T) {
	over(t, func(t *testing.T, place func(testing.TB) string) { kill(t, place(t)) })
}

func kill(t *testing.T, path string) {
	for round := range 5 {
		acked := killAfter(t, path, 150+170*round)
		s, err := Open(t.Context(), Config{Path: path})
		if err != nil {
			t.Fatal(err)
		}
		for n, version := range acked {
			p, err1 := s.Read(t.Context(), "Patient", "p"+n)
			c, err2 := s.Read(t.Context(), "Condition", "c"+n)
			if err1 != nil || err2 != nil {
				t.Fatalf("round %d: an acknowledged resource is gone: %v, %v", round, err1, err2)
			}
			got := value(string(p.Body))
			if got < version || value(string(c.Body)) != got {
				t.Errorf("round %d: acknowledged %d, patient has %d, condition %d", round, version, got, value(string(c.Body)))
			}
			found := find(t, s, "Condition", "identifier=urn:n|"+strconv.Itoa(got)+"&patient=p"+n)
			if found != "c"+n {
				t.Errorf("round %d: the index finds %q", round, found)
			}
		}
		page, err := s.Search(t.Context(), Query{Type: "Patient", Total: true, Count: 1000})
		if err != nil || page.Total != len(page.Resources) {
			t.Errorf("round %d: the counter says %d (%v)", round, page.Total, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// killAfter runs the writing process until it has acknowledged so many, and
// returns the last of each.
func killAfter(t *testing.T, path string, many int) map[string]int {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childEnv+"="+path)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	child.Stderr = os.Stderr
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	acked := map[string]int{}
	lines := bufio.NewScanner(out)
	for i := 0; lines.Scan(); i++ {
		if i == many {
			child.Process.Kill()
		}
		n, version, ok := strings.Cut(lines.Text(), " ")
		if v, err := strconv.Atoi(version); ok && err == nil {
			acked[n] = max(acked[n], v)
		}
	}
	child.Wait() // killed, as it should be
	if len(acked) == 0 {
		t.Fatal("the child acknowledged nothing")
	}
	return acked
}

func value(body string) int {
	_, rest, _ := strings.Cut(body, `"value":"`)
	number, _, _ := strings.Cut(rest, `"`)
	n, err := strconv.Atoi(number)
	if err != nil {
		return -1
	}
	return n
}
