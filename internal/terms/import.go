package terms

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Import compiles the official release in a file into dir, where Open finds it.
// The file may be gzipped, or lie in the zip archive that its publisher makes, or
// in that archive unpacked into a folder. The same release twice gives the same
// bytes; one that is malformed leaves what was there before, and the error names
// the line and column.
func Import(ctx context.Context, dir, file string) (Release, error) {
	fail := func(err error) (Release, error) {
		return Release{}, fmt.Errorf("import %s: %w", filepath.Base(file), err)
	}
	src, err := readRelease(file)
	if err != nil {
		return fail(err)
	}
	f, entries, rel, err := parseRelease(ctx, src)
	if err != nil {
		return fail(err)
	}
	w, err := parseWording(wordsTSV)
	if err != nil {
		return fail(err)
	}
	b := newBuilder(w)
	for i, e := range entries {
		if i%4096 == 0 && ctx.Err() != nil {
			return fail(ctx.Err())
		}
		b.add(e)
	}
	rel.Checksum = src.checksum()
	compiled, err := b.bytes(rel)
	if err != nil {
		return fail(err)
	}
	rel.Codes, rel.Terms = len(b.codes), len(b.terms)/2
	return rel, replaceFile(dir, f.name+".pct", compiled)
}

// Open is Default with the releases imported into dir over it.
func Open(dir string) (*Set, error) {
	s, err := Default()
	if err != nil {
		return nil, err
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.pct"))
	if err != nil {
		return nil, fmt.Errorf("open vocabularies: %w", err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("open vocabularies: %w", err)
		}
		x, err := openIndex(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(name), err)
		}
		s.layers = append(s.layers, x)
	}
	return s, nil
}

// replaceFile writes a file whole or not at all.
func replaceFile(dir, name string, b []byte) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("save vocabulary: %w", err)
	}
	f, err := os.CreateTemp(dir, ".import-*")
	if err != nil {
		return fmt.Errorf("save vocabulary: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, name))
	}
	if err != nil {
		return fmt.Errorf("save vocabulary: %w", err)
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("save vocabulary: %w", err)
	}
	return errors.Join(d.Sync(), d.Close())
}
