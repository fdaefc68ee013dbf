package deploy

import (
	"archive/zip"
	"bytes"
	"debug/elf"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
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

// The functions are built for Lambda's processor.
func TestBuild(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles")
	}
	data, err := Build(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	program, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	e, err := elf.NewFile(bytes.NewReader(program))
	if err != nil || e.Machine != elf.EM_AARCH64 || len(e.Sections) == 0 || e.Section(".interp") != nil {
		t.Errorf("%+v, %v: not a static program for arm64", e, err)
	}
	if len(data) > 50<<20 {
		t.Errorf("%d MB: Lambda takes 250 MB unpacked, and starts slowly long before", len(data)>>20)
	}
	if _, err := Build("."); err == nil || !strings.Contains(err.Error(), "--lambda") {
		t.Errorf("built from a folder without source: %v", err)
	}
}

func TestEstimate(t *testing.T) {
	// 1,000 pages with the default blueprint: the page's price by hand.
	fields, _ := blueprint.Default().Leaves()
	want := 1000*(0.040+0.0005*float64(fields-30)) + 730*0.27 + 1 + 1
	if got := Total(Estimate(1000, blueprint.Default(), false)); math.Abs(got-want) > 0.001 {
		t.Errorf("%v, want %v", got, want)
	}
	if got := Total(Estimate(1000, blueprint.Default(), true)); math.Abs(got-want-43.80) > 0.001 {
		t.Errorf("with a network %v", got)
	}
	if got := Total(Estimate(-5, blueprint.Default(), false)); math.Abs(got-(730*0.27+1)) > 0.001 {
		t.Errorf("no pages cost %v", got)
	}
}

// docs/aws.md tells what the program tells.
func TestDocumentTellsTheSamePrices(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "docs", "aws.md"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	row := func(what string, of func(pages int) float64) {
		line := "| " + what + " |"
		for _, pages := range []int{1000, 5000, 20000} {
			line += fmt.Sprintf(" %.2f |", of(pages))
		}
		rows = append(rows, line)
	}
	for i, c := range Estimate(1, blueprint.Default(), true) {
		row(c.What, func(pages int) float64 { return Estimate(pages, blueprint.Default(), true)[i].Dollar })
	}
	row("**together, without a network**", func(pages int) float64 { return Total(Estimate(pages, blueprint.Default(), false)) })
	row("one machine or more of your own", func(pages int) float64 { c, _ := SelfHosted(pages, Machine.Dollar); return c.Dollar })
	for _, p := range Prices() {
		rows = append(rows, fmt.Sprintf("| %s | %g per %s | %s |", p.What, p.Dollar, p.Unit, p.Source))
	}
	if !strings.Contains(string(data), "prices read "+PricesRead) {
		t.Errorf("docs/aws.md does not say that prices were read %s", PricesRead)
	}
	for _, r := range rows {
		if !strings.Contains(string(data), r+"\n") {
			t.Errorf("docs/aws.md lacks\n%s", r)
		}
	}
}

func TestCheckName(t *testing.T) {
	for name, ok := range map[string]bool{"paperchart": true, "clinic-2": true, "": false, "Clinic": false, "a": false, "x_y": false, "a-": false, "1a": false, strings.Repeat("a", 60): false} {
		if (CheckName(name) == nil) != ok {
			t.Errorf("%q: %v", name, CheckName(name))
		}
	}
}
