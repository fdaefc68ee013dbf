package blob

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func open(t *testing.T) *Dir {
	t.Helper()
	d, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestPutReadListDelete(t *testing.T) {
	d := open(t)
	for _, k := range []string{"a/b/c", "a/b/d", "a/bc"} {
		if err := d.Put(k, strings.NewReader("first "+k)); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Put("a/b/c", strings.NewReader("second")); err != nil {
		t.Fatal(err)
	}
	if got, err := d.Read("a/b/c"); err != nil || string(got) != "second" {
		t.Errorf("Read = %q, %v", got, err)
	}
	if got, err := d.List("a/b"); err != nil || !slices.Equal(got, []string{"a/b/c", "a/b/d"}) {
		t.Errorf("List = %q, %v", got, err)
	}
	if err := d.Delete("a/b/c"); err != nil {
		t.Error(err)
	}
	if err := d.Delete("a/b/c"); err != nil {
		t.Errorf("second Delete: %v", err)
	}
	if _, err := d.Read("a/b/c"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Read after Delete: %v", err)
	}
	if got, err := d.List("nowhere"); err != nil || got != nil {
		t.Errorf("List(nowhere) = %q, %v", got, err)
	}
}

func TestFailedPutLeavesWhatWasThere(t *testing.T) {
	d := open(t)
	if err := d.Put("k", strings.NewReader("whole")); err != nil {
		t.Fatal(err)
	}
	broken := iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader("half")))
	if err := d.Put("k", broken); err == nil {
		t.Fatal("Put of a broken reader gave no error")
	}
	if got, _ := d.Read("k"); string(got) != "whole" {
		t.Errorf("after a failed Put, Read = %q", got)
	}
	if entries, _ := os.ReadDir(d.root); len(entries) != 1 {
		t.Errorf("a failed Put left %d files", len(entries))
	}
}

func TestOpenRemovesWhatACrashLeft(t *testing.T) {
	root := t.TempDir()
	left := filepath.Join(root, "documents", temp+"123")
	if err := os.MkdirAll(filepath.Dir(left), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(left, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(root); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is still there: %v", left, err)
	}
}

func TestKeysCannotLeaveTheFolder(t *testing.T) {
	d := open(t)
	for _, k := range []string{"", ".", "..", "../x", "/etc/passwd", "a/../../x", "a//b", `a\..\b`, "a\x00", "c:x"} {
		if err := d.Put(k, strings.NewReader("x")); err == nil {
			t.Errorf("Put(%q) gave no error", k)
		}
	}
}
