package terms

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// maxRelease bounds what a release file may unpack to.
const maxRelease = 1 << 30

// A source is what a release holds.
type source struct {
	name string // of the file, or of the archive's member
	text []byte
	more map[string][]byte // other members that belong to it, by the name of the part
}

// A part is a further member of an archive that a format reads.
type part struct {
	name string
	is   func(member string) bool // lower case
}

// checksum is the SHA-256 of all that was read.
func (s source) checksum() string {
	sum := sha256.New()
	sum.Write(s.text)
	for _, name := range slices.Sorted(maps.Keys(s.more)) {
		sum.Write(s.more[name])
	}
	return hex.EncodeToString(sum.Sum(nil))
}

func readRelease(file string) (source, error) {
	f, err := os.Open(file)
	if err != nil {
		return source{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return source{}, err
	}
	if info.IsDir() {
		return readTree(os.DirFS(file))
	}
	var head [4]byte
	n, err := f.ReadAt(head[:], 0)
	if err != nil && err != io.EOF {
		return source{}, err
	}
	switch {
	case bytes.HasPrefix(head[:n], []byte("PK")):
		z, err := zip.NewReader(f, info.Size())
		if err != nil {
			return source{}, fmt.Errorf("unpack: %w", err)
		}
		return readTree(z)
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

// readTree takes the release out of its publisher's archive, or of a folder.
func readTree(tree fs.FS) (source, error) {
	var names []string
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		return source{}, fmt.Errorf("unpack: %w", err)
	}
	for _, form := range formats() {
		name := member(names, form.member)
		if name == "" {
			continue
		}
		src := source{name: path.Base(name), more: map[string][]byte{}}
		if src.text, err = readMember(tree, name); err != nil {
			return source{}, err
		}
		for _, p := range form.more {
			if name := member(names, p.is); name != "" {
				if src.more[p.name], err = readMember(tree, name); err != nil {
					return source{}, err
				}
			}
		}
		return src, nil
	}
	return source{}, errors.New("it holds no release that can be imported")
}

// member is the first of the names whose last part is what is asked for.
func member(names []string, is func(string) bool) string {
	for _, n := range names {
		if is != nil && is(strings.ToLower(path.Base(n))) {
			return n
		}
	}
	return ""
}

func readMember(tree fs.FS, name string) ([]byte, error) {
	f, err := tree.Open(name)
	if err != nil {
		return nil, fmt.Errorf("unpack %s: %w", path.Base(name), err)
	}
	defer f.Close()
	text, err := readAll(f)
	if err != nil {
		return nil, fmt.Errorf("unpack %s: %w", path.Base(name), err)
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
