package terms

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/paperchart/paperchart/internal/terms"
)

// TestTruthWithReleases wants the official ICD-10-CM files over the curated
// vocabulary to make no phrase wrong that was right.
func TestTruthWithReleases(t *testing.T) {
	from := filepath.Join("..", "..", "..", "shared", "testdata", "terminology", "icd10cm")
	dir := t.TempDir()
	for _, name := range []string{"icd10cm-order-Jan-2021.txt.gz", "icd10cm_tabular_2021.xml.gz"} {
		file := filepath.Join(from, name)
		if _, err := os.Stat(file); err != nil {
			t.Skip("official terminology files are not beside the repository")
		}
		if _, err := terms.Import(context.Background(), dir, file); err != nil {
			t.Fatal(err)
		}
	}
	set, err := terms.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if c := measure(t, set, terms.Diagnosis, "diagnoses"); c.accuracy() < 0.95 || c.errors() > 0.01 {
		t.Errorf("top-1 %.4f, wrong %.4f", c.accuracy(), c.errors())
	}
}
