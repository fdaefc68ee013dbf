package terms

import (
	"bufio"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/terms"
)

// TestOfficialTitlesAreNotMistaken gives the matcher official titles of codes
// that do not ship. None of them may become another disease: silence is right,
// and so is a code of the same category that says less.
func TestOfficialTitlesAreNotMistaken(t *testing.T) {
	f, err := os.Open(filepath.Join("..", "..", "..", "shared", "testdata", "terminology", "icd10cm", "icd10cm-order-Jan-2021.txt.gz"))
	if err != nil {
		t.Skip("official terminology files are not beside the repository")
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	set, err := terms.Default()
	if err != nil {
		t.Fatal(err)
	}
	asked, other, same := 0, 0, 0
	lines := bufio.NewScanner(z)
	for n := 0; lines.Scan(); n++ {
		line := lines.Text()
		code, title := strings.TrimSpace(line[6:14]), line[77:]
		if n%7 != 0 || line[14] != '1' || strings.ContainsRune("VWXY", rune(code[0])) {
			continue
		}
		if _, known := set.Code(terms.ICD10CM, code); known {
			continue
		}
		asked++
		switch got := answer(set, terms.Diagnosis, title); {
		case got == "none":
		case got[:3] == code[:3]:
			same++
		default:
			other++
			t.Logf("%s %q is taken for %s", code, title, got)
		}
	}
	t.Logf("%d titles: %d of another category, %d of the same", asked, other, same)
	if other*500 > asked || same*100 > asked {
		t.Errorf("%d of %d titles are mistaken, %d made less of", other, asked, same)
	}
}
