package layout

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/page"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden arranges every testdata/*.page (pages parted by form feeds written
// as a line "\f") and compares the dump with its golden.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.page")
	if err != nil || len(files) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".page"), func(t *testing.T) {
			src, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			var pages []*page.Page
			for i, text := range strings.Split(string(src), "\\f\n") {
				pages = append(pages, typed(i+1, text))
			}
			got := Dump(Arrange(pages))
			golden := strings.TrimSuffix(f, ".page") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("dump differs from %s (see go test -update):\n%s", golden, got)
			}
		})
	}
}
