package blob

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Spool is bytes that are on disk and have no key yet, because the key is made
// from the bytes. Keep or Discard ends it.
type Spool struct {
	// SHA256 is the lower-case hexadecimal digest of the bytes, Size their number.
	SHA256 string
	Size   int64

	dir  *Dir
	path string
}

// Spool writes what r gives to disk.
func (d *Dir) Spool(r io.Reader) (*Spool, error) {
	s, err := spool(d.root, r)
	if err != nil {
		return nil, fmt.Errorf("spool blob: %w", err)
	}
	s.dir = d
	return s, nil
}

// Keep puts the bytes under key, in place of what was there.
func (s *Spool) Keep(key string) error {
	p, err := s.dir.path(key)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
		return fmt.Errorf("keep blob: %w", err)
	}
	return s.move(p)
}

// Discard removes the bytes unless Keep has moved them.
func (s *Spool) Discard() error {
	if err := os.Remove(s.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("discard blob: %w", err)
	}
	return nil
}

func (s *Spool) move(p string) error {
	if err := os.Rename(s.path, p); err != nil {
		return fmt.Errorf("put blob: %w", err)
	}
	return syncDir(filepath.Dir(p))
}

func spool(dir string, r io.Reader) (s *Spool, err error) {
	f, err := os.CreateTemp(dir, temp)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, h), r)
	if err != nil {
		return nil, err
	}
	if err := f.Sync(); err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	return &Spool{SHA256: hex.EncodeToString(h.Sum(nil)), Size: n, path: f.Name()}, nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
