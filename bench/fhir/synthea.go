package main

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// synthea reads the bundles, each a patient with everything of theirs.
func synthea() ([][]byte, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "..", "shared", "testdata", "fhir", "synthea-r4-150.tar.xz")
	xz := exec.Command("xz", "-dc", file)
	out, err := xz.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := xz.Start(); err != nil {
		return nil, fmt.Errorf("run xz in the repository's root, with ../shared beside it: %w", err)
	}
	var all [][]byte
	for tr := tar.NewReader(out); ; {
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			return all, xz.Wait()
		}
		if err != nil {
			return nil, err
		}
		if strings.HasSuffix(h.Name, ".json") {
			data, err := io.ReadAll(tr)
			if err != nil {
				return nil, err
			}
			all = append(all, data)
		}
	}
}
