package deploy

import (
	"archive/zip"
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/blueprint"
)

func TestPackage(t *testing.T) {
	a, err := Package([]byte("program"))
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := Package([]byte("program")); !bytes.Equal(a, b) || CodeKey(a) != CodeKey(b) {
		t.Error("the same program gives other bytes")
	}
	z, err := zip.NewReader(bytes.NewReader(a), int64(len(a)))
	if err != nil || len(z.File) != 1 || z.File[0].Name != "bootstrap" || z.File[0].Mode().Perm() != 0o755 {
		t.Fatalf("%+v, %v", z.File, err)
	}
}

func TestEstimate(t *testing.T) {
	// 1,000 pages with the default blueprint: the page's price by hand.
	fields, _ := blueprint.Default().Leaves()
	want := 1000*(0.040+0.0005*float64(fields-30)) + 730*0.27 + 1 + 1
	if got := Total(Estimate(1000, blueprint.Default())); math.Abs(got-want) > 0.001 {
		t.Errorf("%v, want %v", got, want)
	}
	if got := Total(Estimate(-5, blueprint.Default())); math.Abs(got-(730*0.27+1)) > 0.001 {
		t.Errorf("no pages cost %v", got)
	}
}

func TestCheckName(t *testing.T) {
	for name, ok := range map[string]bool{"paperchart": true, "clinic-2": true, "": false, "Clinic": false, "a": false, "x_y": false, "a-": false, "1a": false, strings.Repeat("a", 60): false} {
		if (CheckName(name) == nil) != ok {
			t.Errorf("%q: %v", name, CheckName(name))
		}
	}
}
