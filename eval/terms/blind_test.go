package terms

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/terms"
)

// TestBlind measures phrases that were written without a look at the vocabulary,
// in the manner of emergency notes, laboratory slips, pharmacy labels, lay people
// and damaged scans. It asserts little: it is an estimate, not a promise.
func TestBlind(t *testing.T) {
	set, err := terms.Default()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("blind.tsv")
	if err != nil {
		t.Fatal(err)
	}
	domains := map[string]terms.Domain{"D": terms.Diagnosis, "M": terms.Drug, "L": terms.Lab}
	tallies := map[string]*tally{"D": {}, "M": {}, "L": {}}
	for line := range strings.Lines(string(text)) {
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(f) != 3 || line[0] == '#' {
			continue
		}
		c, got := tallies[f[0]], answer(set, domains[f[0]], f[1])
		c.phrases++
		switch right := append(strings.Split(f[2], "/"), f[2]); {
		case slices.Contains(right, got):
			c.right++
			continue
		case got == "none":
			c.missed++
		default:
			c.wrong++
		}
		t.Logf("%s %q gives %s, right is %s", f[0], f[1], got, f[2])
	}
	for _, d := range []string{"D", "M", "L"} {
		c := tallies[d]
		t.Log(fmt.Sprintf("%s: %d phrases, top-1 %.3f, wrong %.3f, missed %d", d, c.phrases, c.accuracy(), c.errors(), c.missed))
		if c.errors() > 0.05 {
			t.Errorf("%s: wrong %.3f of %d", d, c.errors(), c.phrases)
		}
	}
}
