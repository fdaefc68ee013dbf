package terms

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// maxRelease bounds what a release file may unpack to.
const maxRelease = 1 << 30

// Import compiles the official release in a file into dir, where Open finds it.
// The file may be gzipped, or lie in the zip archive that its publisher makes.
// The same file twice gives the same bytes; a file that is malformed leaves what
// was there before.
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
	sum := sha256.Sum256(src.text)
	rel.Checksum = hex.EncodeToString(sum[:])
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

// A source is what a release file holds.
type source struct {
	name string // of the file, or of the archive's member
	text []byte
	more map[string][]byte // other members of the archive that belong to it, by name
}

func readRelease(file string) (source, error) {
	f, err := os.Open(file)
	if err != nil {
		return source{}, err
	}
	defer f.Close()
	var head [4]byte
	n, err := f.ReadAt(head[:], 0)
	if err != nil && err != io.EOF {
		return source{}, err
	}
	switch {
	case bytes.HasPrefix(head[:n], []byte("PK")):
		return readArchive(f)
	case bytes.HasPrefix(head[:n], []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(bufio.NewReader(f))
		if err != nil {
			return source{}, fmt.Errorf("unpack: %w", err)
		}
		text, err := readAll(z)
		return source{name: strings.TrimSuffix(filepath.Base(file), ".gz"), text: text}, err
	}
	text, err := readAll(f)
	return source{name: filepath.Base(file), text: text}, err
}

// readArchive takes the release out of its publisher's zip archive.
func readArchive(f *os.File) (source, error) {
	info, err := f.Stat()
	if err != nil {
		return source{}, err
	}
	z, err := zip.NewReader(f, info.Size())
	if err != nil {
		return source{}, fmt.Errorf("unpack: %w", err)
	}
	for _, form := range formats() {
		for _, m := range z.File {
			if form.member == nil || !form.member(strings.ToLower(path.Base(m.Name))) {
				continue
			}
			src := source{name: path.Base(m.Name), more: map[string][]byte{}}
			if src.text, err = readMember(m); err != nil {
				return source{}, err
			}
			return src, readMore(z, form.more, src.more)
		}
	}
	return source{}, errors.New("the archive holds no release that can be imported")
}

func readMore(z *zip.Reader, names []string, into map[string][]byte) error {
	for _, m := range z.File {
		name := strings.ToLower(path.Base(m.Name))
		if !slices.Contains(names, name) {
			continue
		}
		text, err := readMember(m)
		if err != nil {
			return err
		}
		into[name] = text
	}
	return nil
}

func readMember(m *zip.File) ([]byte, error) {
	r, err := m.Open()
	if err != nil {
		return nil, fmt.Errorf("unpack %s: %w", path.Base(m.Name), err)
	}
	defer r.Close()
	text, err := readAll(r)
	if err != nil {
		return nil, fmt.Errorf("unpack %s: %w", path.Base(m.Name), err)
	}
	return text, nil
}

func readAll(r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxRelease+1))
	if err == nil && len(b) > maxRelease {
		err = fmt.Errorf("file is larger than %d bytes", maxRelease)
	}
	return b, err
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
