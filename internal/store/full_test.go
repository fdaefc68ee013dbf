package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/store/pgtest"
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

// TestFullVolume fills a small volume that holds the database: writes are refused
// clearly, nothing is half there, and with more room writing goes on by itself.
func TestFullVolume(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		dir := volume(t)
		fill(t, open(t, filepath.Join(dir, "fhir.db")), dir)
	})
	t.Run("postgres", func(t *testing.T) {
		url, dir := pg.URL(t), volume(t)
		if err := pgtest.Own(dir); err != nil {
			t.Fatal(err)
		}
		db, err := postgres{url}.connect(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { // before the volume goes
			_, err := db.pg.Exec(context.Background(), "DROP SCHEMA "+db.db.schema()+" CASCADE")
			_, err2 := db.pg.Exec(context.Background(), "DROP TABLESPACE small")
			if err := errors.Join(err, err2, db.Close()); err != nil {
				t.Error(err)
			}
		})
		// The tables alone are on the volume: a full disk under its log ends a
		// PostgreSQL server, and no program that uses it can mend that.
		if _, err := db.pg.Exec(t.Context(), "CREATE TABLESPACE small LOCATION '"+dir+"'"); err != nil {
			t.Fatal(err)
		}
		fill(t, open(t, url+"&default_tablespace=small"), dir)
	})
}

// volume is a file system of 6 MB in memory, which takes root to make.
func volume(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "volume") // not in a folder that only its owner can enter
	if err != nil {
		t.Fatal(err)
	}
	mount := func(args ...string) error { return exec.Command(args[0], args[1:]...).Run() }
	if mount("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", dir) != nil {
		os.Remove(dir)
		t.Skip("no volume can be mounted here")
	}
	t.Cleanup(func() {
		if err := errors.Join(mount("umount", "-l", dir), os.Remove(dir)); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func fill(t *testing.T, s *Store, dir string) {
	t.Helper()
	pairOf := func(i int) []Op {
		id := strconv.Itoa(i)
		long := strings.Repeat(id+"é", 3000) // does not get small
		for j := range 300 {
			long += strconv.Itoa(j * j * (i + 7919))
		}
		return []Op{{Method: "PUT", Type: "Patient", ID: id, Body: []byte(`{"resourceType":"Patient","id":"` + id + `","name":[{"family":"` + long + `"}]}`)},
			{Method: "PUT", Type: "Basic", ID: id, Body: []byte(`{"resourceType":"Basic","id":"` + id + `","code":{},"subject":{"reference":"Patient/` + id + `"}}`)}}
	}
	stored := 0
	var err error
	for ; stored < 20000; stored++ {
		if _, err = s.Do(t.Context(), pairOf(stored)); err != nil {
			break
		}
	}
	wantCode(t, err, Full)
	wantWhole(t, s, stored)
	if out, err := exec.Command("mount", "-o", "remount,size=60m", dir).CombinedOutput(); err != nil {
		t.Fatalf("make room: %v: %s", err, out)
	}
	if _, err := s.Do(t.Context(), pairOf(stored)); err != nil {
		t.Errorf("with room again: %v", err)
	}
	wantWhole(t, s, stored+1)
}

// wantWhole checks that so many pairs are there, whole.
func wantWhole(t *testing.T, s *Store, pairs int) {
	t.Helper()
	for typ, query := range map[string]string{"Patient": "name:missing=false", "Basic": "subject:missing=false"} {
		params, _ := ParseQuery(query)
		page, err := s.Search(t.Context(), Query{Type: typ, Params: params, Total: true})
		all, err2 := s.Search(t.Context(), Query{Type: typ, Total: true})
		if err != nil || err2 != nil || page.Total != pairs || all.Total != pairs {
			t.Errorf("there are %d %s, %d indexed, want %d: %v, %v", all.Total, typ, page.Total, pairs, err, err2)
		}
	}
}
