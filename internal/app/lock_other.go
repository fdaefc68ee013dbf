//go:build !unix

package app

import (
	"fmt"
	"os"
	"path/filepath"
)

// lock only opens the file: this system has no lock that ends with its process.
func lock(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock data folder: %w", err)
	}
	return f, nil
}
