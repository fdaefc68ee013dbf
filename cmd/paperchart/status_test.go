package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
)

func TestExitStatus(t *testing.T) {
	dir := t.TempDir()
	if err := writeBadFiles(dir); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args string
		want int
	}{
		{"--help", 0},
		{"blueprint fields", 0},
		{"blueprint fields insurance-card", 0},
		{"blueprint list", 0},
		{"blueprint show referral", 0},
		{"blueprint new Diary", 0},
		{"blueprint new", 2},
		{"blueprint show none", 2},
		{"", 0},
		{"nosuch", 2},
		{"digitize", 2},
		{"digitize --nope", 2},
		{"jobs --config " + filepath.Join(dir, "none.yaml"), 2},
		{"query a b", 2},
		{"blueprint", 2},
		{"digitize -o " + dir + " " + filepath.Join(dir, "missing.pdf"), 1},
		{"digitize -o " + dir + " " + filepath.Join(dir, "page.pdf"), 1},
		{"jobs --server http://127.0.0.1:1", 1},
	} {
		var out, err bytes.Buffer
		p := &program{in: strings.NewReader(""), out: &out, err: &err}
		if got := p.run(t.Context(), strings.Fields(c.args)); got != c.want {
			t.Errorf("paperchart %s: status %d, want %d\n%s%s", c.args, got, c.want, &out, &err)
		}
		if c.want != 0 && err.Len() == 0 {
			t.Errorf("paperchart %s: fails and says nothing", c.args)
		}
	}
}
