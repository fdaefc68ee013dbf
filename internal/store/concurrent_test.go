package store

import (
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
)

// TestConditionalCreatesRace has 64 clients create the same 1,000 resources on
// condition that they are not there.
func TestConditionalCreatesRace(t *testing.T) {
	overEmpty(t, func(t *testing.T, s *Store) { race(t, 64, 1000, s) })
}

// TestConditionalCreatesRaceBetweenServers has two of them share a database.
func TestConditionalCreatesRaceBetweenServers(t *testing.T) {
	url := pg.URL(t)
	race(t, 8, 200, open(t, url), open(t, url))
}

func race(t *testing.T, clients, keys int, stores ...*Store) {
	var created atomic.Int64
	var wg sync.WaitGroup
	for c := range clients {
		wg.Go(func() {
			for i := range keys {
				k := strconv.Itoa((i*7 + c*13) % keys)
				out, err := stores[c%len(stores)].Do(t.Context(), []Op{{Method: "POST", Type: "Patient", IfNoneExist: "identifier=urn:k|" + k,
					Body: []byte(`{"resourceType":"Patient","identifier":[{"system":"urn:k","value":"` + k + `"}]}`)}})
				if err != nil {
					t.Error(err)
					return
				}
				if out[0].Created {
					created.Add(1)
				}
			}
		})
	}
	wg.Wait()
	page, err := stores[0].Search(t.Context(), Query{Type: "Patient", Total: true})
	if err != nil || page.Total != keys || created.Load() != int64(keys) {
		t.Errorf("there are %d, %d were created, want %d (%v)", page.Total, created.Load(), keys, err)
	}
}

// TestSearchSeesWrites searches right after each write, beside other writers.
func TestSearchSeesWrites(t *testing.T) {
	overEmpty(t, func(t *testing.T, s *Store) {
		each := 1250 // 10,000 of 10,000
		if testing.Short() {
			each = 50
		}
		var wg sync.WaitGroup
		for c := range 8 {
			wg.Go(func() {
				for i := range each {
					id := fmt.Sprintf("p%d-%d", c, i%7)
					code := fmt.Sprintf("%d-%d", c, i)
					body := `{"resourceType":"Patient","id":"` + id + `","identifier":[{"system":"urn:k","value":"` + code + `"}]}`
					if _, err := s.Do(t.Context(), []Op{{Method: "PUT", Type: "Patient", ID: id, Body: []byte(body)}}); err != nil {
						t.Error(err)
						return
					}
					if got := find(t, s, "Patient", "identifier=urn:k|"+code); got != id {
						t.Errorf("the search finds %q right after the write of %q", got, id)
						return
					}
				}
			})
		}
		wg.Wait()
	})
}

// TestFailuresShareACommit has writers that fail beside writers that do not: the
// failures leave nothing, and harm nobody.
func TestFailuresShareACommit(t *testing.T) {
	overEmpty(t, func(t *testing.T, s *Store) {
		var wg sync.WaitGroup
		for c := range 16 {
			wg.Go(func() {
				for i := range 60 {
					id := fmt.Sprintf("x%d-%d", c, i)
					ops := []Op{{Method: "PUT", Type: "Patient", ID: id, Body: []byte(`{"resourceType":"Patient","id":"` + id + `","identifier":[{"system":"urn:fail` + id + `","value":"1"}],"generalPractitioner":[{"reference":"Practitioner/` + id + `"}]}`)}}
					fails := i%2 == 0
					if fails {
						ops = append(ops, Op{Method: "PUT", Type: "Group", ID: id, IfMatch: 9, Body: []byte(`{"resourceType":"Group","id":"` + id + `"}`)})
					}
					if _, err := s.Do(t.Context(), ops); (err != nil) != fails {
						t.Errorf("%s: %v", id, err)
					}
				}
			})
		}
		wg.Wait()
		page, err := s.Search(t.Context(), Query{Type: "Patient", Total: true, Count: 1000})
		if err != nil || page.Total != 16*30 || len(page.Resources) != 16*30 {
			t.Errorf("there are %d (%d), want %d: %v", page.Total, len(page.Resources), 16*30, err)
		}
		if got := find(t, s, "Patient", "identifier=urn:failx3-0|1"); got != "" {
			t.Errorf("a failed write left %q", got)
		}
		if got := find(t, s, "Patient", "identifier=urn:failx3-1|1&general-practitioner=Practitioner/x3-1"); got != "x3-1" {
			t.Errorf("a write beside failures is found as %q", got)
		}
	})
}
