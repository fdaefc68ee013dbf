package store

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// TestFullDisk fills the database to a limit: writes are refused, what is there
// stays, and with room again writing goes on.
func TestFullDisk(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "fhir.db"))
	put(t, s, "Patient", "first", `,"active":true`)
	limit := func(pages int) {
		err := s.submit(t.Context(), func(w *writing) error {
			_, _, err := number(w.c, fmt.Sprintf("PRAGMA max_page_count = %d", pages))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	limit(120)
	stored := 0
	var err error
	for ; stored < 5000; stored++ {
		id := fmt.Sprintf("p%d", stored)
		_, err = s.Do(t.Context(), []Op{{Method: "PUT", Type: "Patient", ID: id, Body: []byte(`{"resourceType":"Patient","id":"` + id + `","name":[{"family":"` + strings.Repeat(id, 40) + `"}]}`)}})
		if err != nil {
			break
		}
	}
	wantCode(t, err, Full)
	page, err := s.Search(t.Context(), Query{Type: "Patient", Total: true, Count: 5000})
	if err != nil || page.Total != stored+1 || len(page.Resources) != stored+1 {
		t.Errorf("there are %d (%d), want %d: %v", page.Total, len(page.Resources), stored+1, err)
	}
	limit(100000)
	put(t, s, "Patient", "last", `,"active":true`)
	if got := find(t, s, "Patient", "_id=first,last"); got != "first last" {
		t.Errorf("found %q", got)
	}
}

// TestFaultIsAnError has a change that panics: the call fails, the next works.
func TestFaultIsAnError(t *testing.T) {
	overEmpty(t, func(t *testing.T, s *Store) {
		put(t, s, "Patient", "p", "")
		_, err := s.Do(t.Context(), []Op{{Method: "PATCH", Type: "Patient", ID: "p", Change: func([]byte) ([]byte, error) { panic("secret") }}})
		if err == nil || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "TestFaultIsAnError") {
			t.Errorf("error is %v", err)
		}
		if out := put(t, s, "Patient", "p", `,"active":true`); out.Version != 2 {
			t.Errorf("the next write made version %d", out.Version)
		}
	})
}
