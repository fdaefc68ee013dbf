// Package blob keeps bytes by key: originals, results and bundles. A key is a
// relative slash-separated path of plain names, made by us and never by a user.
//
// What Put has returned from is on disk, whole, and stays through a power cut:
// it is written beside its place, synced, renamed, and the folder synced.
// Reading what is not there gives fs.ErrNotExist. Methods may be called from
// several goroutines; two Puts of one key leave one of them, whole.
package blob

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Dir keeps blobs as files in a folder.
type Dir struct{ root string }

// temp begins the names of files that are still being written; List hides them.
const temp = ".put-"

// Open returns the blobs in a folder, which it makes where it is missing. What a
// crash left half-written is removed.
func Open(root string) (*Dir, error) {
	if err := os.MkdirAll(root, 0o700); err != nil {
		return nil, fmt.Errorf("open blobs: %w", err)
	}
	d := &Dir{root}
	err := filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
		if err == nil && strings.HasPrefix(e.Name(), temp) {
			return os.Remove(p)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("open blobs: %w", err)
	}
	return d, nil
}

// Put stores what r gives under key, in place of what was there.
func (d *Dir) Put(key string, r io.Reader) error {
	p, err := d.path(key)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
		return fmt.Errorf("put blob: %w", err)
	}
	s, err := spool(filepath.Dir(p), r)
	if err != nil {
		return fmt.Errorf("put blob: %w", err)
	}
	defer s.Discard()
	return s.move(p)
}

// Get opens a blob for reading.
func (d *Dir) Get(key string) (*os.File, error) {
	p, err := d.path(key)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(p)
	if err != nil {
		return nil, fmt.Errorf("get blob: %w", err)
	}
	if info, err := f.Stat(); err != nil || info.IsDir() {
		f.Close()
		return nil, fmt.Errorf("get blob: %w", fs.ErrNotExist)
	}
	return f, nil
}

// Read returns a whole blob.
func (d *Dir) Read(key string) ([]byte, error) {
	f, err := d.Get(key)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// List returns the keys directly and further below a prefix, sorted. A prefix
// is a folder: "a/b" has "a/b/c" below it and not "a/bc".
func (d *Dir) List(prefix string) ([]string, error) {
	p, err := d.path(prefix)
	if err != nil {
		return nil, err
	}
	var keys []string
	err = filepath.WalkDir(p, func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.HasPrefix(e.Name(), temp) {
			return err
		}
		rel, err := filepath.Rel(d.root, p)
		keys = append(keys, filepath.ToSlash(rel))
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list blobs: %w", err)
	}
	slices.Sort(keys)
	return keys, nil
}

// Delete removes a blob; one that is not there is no error.
func (d *Dir) Delete(key string) error {
	p, err := d.path(key)
	if err != nil {
		return err
	}
	if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("delete blob: %w", err)
	}
	return nil
}

func (d *Dir) path(key string) (string, error) {
	if !fs.ValidPath(key) || path.Clean(key) != key || key == "." || strings.ContainsAny(key, "\\:\x00") {
		return "", fmt.Errorf("blob key %q is not a relative path of plain names", key)
	}
	return filepath.Join(d.root, filepath.FromSlash(key)), nil
}
