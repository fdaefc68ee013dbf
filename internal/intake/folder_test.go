package intake

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

type taken struct{ name, data string }

// run watches dir and returns what it hands over.
func run(t *testing.T, dir string, accept func(context.Context, string, io.Reader) error) <-chan taken {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	files, end := make(chan taken, 100), make(chan error, 1)
	f := &Folder{Dir: dir, Quiet: 20 * time.Millisecond, Accept: func(ctx context.Context, name string, r io.Reader) error {
		if accept != nil {
			if err := accept(ctx, name, r); err != nil {
				return err
			}
		}
		data, err := io.ReadAll(r)
		files <- taken{name, string(data)}
		return err
	}}
	go func() { end <- f.Watch(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-end; err != nil {
			t.Error(err)
		}
	})
	return files
}

func write(t *testing.T, path, data string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(data), 0o644); err != nil {
		t.Fatal(err)
	}
}

func next(t *testing.T, files <-chan taken, want taken) {
	t.Helper()
	select {
	case got := <-files:
		if got != want {
			t.Errorf("got %v, want %v", got, want)
		}
	case <-time.After(30 * time.Second):
		t.Fatalf("%v never came", want)
	}
}

func TestWatchHandsOverFiles(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "before.pdf"), "old")
	files := run(t, dir, nil)
	next(t, files, taken{"before.pdf", "old"})

	write(t, filepath.Join(dir, "after.pdf"), "new")
	next(t, files, taken{"after.pdf", "new"})

	write(t, filepath.Join(dir, "deep", "er", "in.pdf"), "below")
	next(t, files, taken{"in.pdf", "below"})

	outside := filepath.Join(t.TempDir(), "x")
	write(t, outside, "moved")
	if err := os.Rename(outside, filepath.Join(dir, "moved.pdf")); err != nil {
		t.Fatal(err)
	}
	next(t, files, taken{"moved.pdf", "moved"})

	write(t, filepath.Join(dir, "after.pdf"), "changed")
	next(t, files, taken{"after.pdf", "changed"})
}

func TestWatchLeavesAlone(t *testing.T) {
	dir, outside := t.TempDir(), filepath.Join(t.TempDir(), "secret")
	write(t, outside, "secret")
	if err := os.Symlink(outside, filepath.Join(dir, "link.pdf")); err != nil {
		t.Skip(err)
	}
	for _, name := range []string{".hidden", "a.pdf.part", "b.tmp", "~$c.docx", "Thumbs.db", ".git/x"} {
		write(t, filepath.Join(dir, name), "no")
	}
	files := run(t, dir, nil)
	write(t, filepath.Join(dir, "yes.pdf"), "yes")
	next(t, files, taken{"yes.pdf", "yes"})
	write(t, filepath.Join(dir, "last.pdf"), "last")
	next(t, files, taken{"last.pdf", "last"})
}

func TestEmptyFileThatGrowsIsHandedOverWhole(t *testing.T) {
	dir := t.TempDir()
	files := run(t, dir, nil)
	path := filepath.Join(dir, "fax.pdf")
	write(t, path, "")
	write(t, filepath.Join(dir, "other.pdf"), "other")
	next(t, files, taken{"other.pdf", "other"}) // by now the empty one was looked at
	write(t, path, "whole")
	next(t, files, taken{"fax.pdf", "whole"})
	write(t, filepath.Join(dir, "empty.pdf"), "")
	next(t, files, taken{"empty.pdf", ""})
}

func TestFileBeingWrittenIsSeenAsSuch(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux can tell")
	}
	path := filepath.Join(t.TempDir(), "a.pdf")
	w, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	r, err := openFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if !beingWritten(r) {
		t.Error("an open writer was not seen")
	}
	w.Close()
	if beingWritten(r) {
		t.Error("a closed writer was seen")
	}
}

func TestRefusedFileIsOfferedAgain(t *testing.T) {
	dir := t.TempDir()
	var tries atomic.Int32
	files := run(t, dir, func(context.Context, string, io.Reader) error {
		if tries.Add(1) < 3 {
			return errors.New("disk full")
		}
		return nil
	})
	write(t, filepath.Join(dir, "a.pdf"), "a")
	next(t, files, taken{"a.pdf", "a"})
	if n := tries.Load(); n != 3 {
		t.Errorf("%d tries", n)
	}
}

func TestMissingFolderIsAnError(t *testing.T) {
	f := &Folder{Dir: filepath.Join(t.TempDir(), "none")}
	if err := f.Watch(t.Context()); err == nil {
		t.Error("no error")
	}
}
