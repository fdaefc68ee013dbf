// Package deploy brings the AWS shape into an account and out of it again, and
// estimates what it costs. It changes nothing in a dry run.
package deploy

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Package makes lambda.zip of a compiled function: one file, executable, without
// a time, so that the same binary gives the same bytes.
func Package(bootstrap []byte) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	h := &zip.FileHeader{Name: "bootstrap", Method: zip.Deflate}
	h.SetMode(0o755)
	w, err := z.CreateHeader(h)
	if err != nil {
		return nil, fmt.Errorf("package function: %w", err)
	}
	if _, err := w.Write(bootstrap); err != nil {
		return nil, fmt.Errorf("package function: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("package function: %w", err)
	}
	return out.Bytes(), nil
}

// Build compiles the functions from this program's source, in the folder that
// holds go.mod, reproducibly.
func Build(source string) ([]byte, error) {
	if _, err := os.Stat(filepath.Join(source, "cmd", "lambda", "main.go")); err != nil {
		return nil, fmt.Errorf("build functions: %s is not Paperchart's source; run this there, or name a lambda.zip with --lambda", source)
	}
	dir, err := os.MkdirTemp("", "paperchart-lambda-")
	if err != nil {
		return nil, fmt.Errorf("build functions: %w", err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "bootstrap")
	cmd := exec.Command("go", "build", "-trimpath", "-tags", "lambda.norpc", "-ldflags", "-s -w -buildid=", "-o", file, "./cmd/lambda")
	cmd.Dir = source
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=arm64")
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build functions: %w: %s", err, out)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("build functions: %w", err)
	}
	return Package(data)
}

// CodeKey is where code lies in the code bucket: another code, another key, so
// that CloudFormation sees that it changed.
func CodeKey(code []byte) string {
	sum := sha256.Sum256(code)
	return "lambda/" + hex.EncodeToString(sum[:16]) + ".zip"
}
