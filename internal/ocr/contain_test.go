package ocr

import (
	"context"
	"errors"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// script makes a program that stands in for tesseract.
func script(t *testing.T, body string) *Tesseract {
	t.Helper()
	file := filepath.Join(t.TempDir(), "tesseract")
	if err := os.WriteFile(file, []byte("#!/bin/sh\n"+body+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return &Tesseract{Path: file}
}

func TestChildCannotReachFiles(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	e := script(t, "cat >/dev/null 2>&1; cat "+secret+" && exit 0; exit 3")
	if err := e.Contained(); err != nil {
		t.Skip("this kernel has no Landlock: ", err)
	}
	_, err := e.run(context.Background(), image.NewGray(image.Rect(0, 0, 9, 9)), 300)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 3 {
		t.Fatalf("the child read a file outside its cage: %v", err)
	}
	// The parent must be as free as before.
	if _, err := os.ReadFile(secret); err != nil {
		t.Fatal(err)
	}
}

func TestTimeLimitKillsTheGroup(t *testing.T) {
	e := script(t, "sleep 60 & sleep 60")
	e.Timeout = 50 * time.Millisecond
	if _, err := e.run(context.Background(), image.NewGray(image.Rect(0, 0, 9, 9)), 300); !errors.Is(err, ErrTimeout) {
		t.Fatalf("got %v, want ErrTimeout", err)
	}
}

func TestMissingProgram(t *testing.T) {
	e := &Tesseract{Path: "no-such-tesseract"}
	if _, err := e.run(context.Background(), image.NewGray(image.Rect(0, 0, 9, 9)), 300); !errors.Is(err, exec.ErrNotFound) {
		t.Fatalf("got %v, want exec.ErrNotFound", err)
	}
}
