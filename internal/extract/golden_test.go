package extract

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/result"
)

var update = flag.Bool("update", false, "write the goldens anew")

func showDoc(b *strings.Builder, d result.Document) {
	fmt.Fprintf(b, "pages %v\n", d.Pages)
	for _, name := range slices.Sorted(maps.Keys(d.Fields)) {
		fmt.Fprintf(b, "%s = %s\n", name, showField(d.Fields[name]))
	}
	for _, name := range slices.Sorted(maps.Keys(d.Tables)) {
		for _, row := range d.Tables[name] {
			b.WriteString(name)
			for _, col := range slices.Sorted(maps.Keys(row)) {
				fmt.Fprintf(b, "\n    %s = %s", col, showField(row[col]))
			}
			b.WriteString("\n")
		}
	}
}

// showField leaves the confidence at one digit, so that refitting the model
// does not change every golden.
func showField(f result.Field) string {
	s := fmt.Sprintf("%q %.1f", f.Value, f.Confidence)
	if f.Text != "" {
		s += fmt.Sprintf(" text %q", f.Text)
	}
	if n := len(f.Geometry); n != 1 {
		s += fmt.Sprintf(" in %d places", n)
	}
	if f.Remark != "" {
		s += " (" + f.Remark + ")"
	}
	return s
}

// TestGolden extracts every testdata/*.txt page and compares with the .golden
// beside it.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no testdata", err)
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			in, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			got := show(extracted(t, string(in)))
			golden := strings.TrimSuffix(f, ".txt") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}
