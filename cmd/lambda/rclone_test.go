package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// rclone, which hospitals carry their scans with: what it copies it finds again,
// what is large goes in parts, and a scan that it brings begins the pipeline.
func TestRclone(t *testing.T) {
	slow(t)
	needs(t, "rclone", "the S3 door was not asked with rclone")
	doors, dir := serve(t), t.TempDir()
	rclone := func(args ...string) string {
		t.Helper()
		cmd := exec.Command("rclone", append([]string{"--config", os.DevNull, "--s3-upload-cutoff", "5Mi", "--s3-chunk-size", "5Mi"}, args...)...)
		cmd.Env = append(os.Environ(), "AWS_CA_BUNDLE=", "RCLONE_CONFIG_DOORS_TYPE=s3", "RCLONE_CONFIG_DOORS_PROVIDER=Other", "RCLONE_CONFIG_DOORS_ENDPOINT="+doors,
			"RCLONE_CONFIG_DOORS_ACCESS_KEY_ID="+keyID, "RCLONE_CONFIG_DOORS_SECRET_ACCESS_KEY="+secret, "RCLONE_CONFIG_DOORS_REGION="+region)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("rclone %s: %v\n%s", strings.Join(args, " "), err, out)
		}
		return string(out)
	}
	write := func(name string, data []byte) {
		t.Helper()
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("a/ü 1+2 [x].txt", []byte("hello"))
	write("a/empty", nil)
	write("big.bin", bytes.Repeat([]byte("0123456789abcdef"), 12<<20/16))
	rclone("mkdir", "doors:rc-desk")
	rclone("copy", dir, "doors:rc-desk/in")
	rclone("check", "--download", dir, "doors:rc-desk/in")
	// Nothing is sent again: times and sums are those that were sent.
	if out := rclone("sync", "-v", dir, "doors:rc-desk/in"); !strings.Contains(out, "There was nothing to transfer") {
		t.Errorf("copied again: %s", out)
	}
	rclone("moveto", "doors:rc-desk/in/big.bin", "doors:rc-desk/moved ü.bin")
	listed := strings.Split(strings.TrimSpace(rclone("lsf", "--recursive", "doors:rc-desk")), "\n")
	slices.Sort(listed)
	if want := []string{"in/", "in/a/", "in/a/empty", "in/a/ü 1+2 [x].txt", "moved ü.bin"}; !slices.Equal(listed, want) {
		t.Errorf("listed are %q", listed)
	}
	rclone("purge", "doors:rc-desk")
	rclone("copyto", filepath.Join("..", "..", "samples", quick), "doors:records-in/scans/"+quick)
	s := &stack{t: t, plane: planeOf(t, doors)}
	until(t, "FHIR", func() bool { return s.count("Patient") > 0 })
}
