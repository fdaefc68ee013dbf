package terms

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/terms"
)

// TestChartsDev measures the half whose failures may be looked at, and names
// each of them.
func TestChartsDev(t *testing.T) { charts(t, "charts-dev.tsv", true) }

// TestChartsHeld measures the half that was looked at second, after the first
// half's causes had been repaired and its own figures been noted.
func TestChartsHeld(t *testing.T) { charts(t, "charts-held.tsv", true) }

// TestChartsThirdDev measures the opened half of the third table.
func TestChartsThirdDev(t *testing.T) { charts(t, "charts-third-dev.tsv", true) }

// TestChartsThird measures phrases that no repair has looked at; it tells figures only.
func TestChartsThird(t *testing.T) { charts(t, "charts-third.tsv", true) }

func charts(t *testing.T, file string, name bool) {
	set, err := terms.Default()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
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
		got := answer(set, domains[f[0]], f[1])
		verdict := tallies[f[0]].count(f[2], got)
		if name && verdict != "right" {
			t.Logf("%s %s: %q gives %s, right is %s", f[0], verdict, f[1], got, f[2])
		}
	}
	for _, d := range []string{"D", "M", "L"} {
		c := tallies[d]
		t.Logf("%s: %d phrases, top-1 %.4f, wrong %.4f, missed %d", d, c.phrases, c.accuracy(), c.errors(), c.missed)
	}
}

// count adds an answer to the tally and tells what it was.
func (c *tally) count(want, got string) string {
	c.phrases++
	right := strings.Split(want, ";")
	for i := range right {
		right[i] = parts(right[i])
	}
	switch {
	case slices.Contains(right, parts(got)):
		c.right++
		return "right"
	case got == "none":
		c.missed++
		return "missed"
	}
	c.wrong++
	return "wrong"
}

// parts is an answer with its ingredients in order, each by the base that the
// salts share: a combination has no order, and "metoprolol succinate" is an
// answer to metoprolol.
func parts(answer string) string {
	p := strings.FieldsFunc(sameName.Replace(strings.ToLower(answer)), func(r rune) bool { return r == '/' || r == ',' })
	for i := range p {
		p[i] = strings.TrimSpace(p[i])
	}
	slices.Sort(p)
	return strings.Join(p, "/")
}

// sameName brings together names of one ingredient, and takes salts and the
// shares of a mixture off.
var sameName = strings.NewReplacer(" succinate", "", " tartrate", "", " potassium", "", " alafenamide", "", " disoproxil", "", " 70/30", "", " furoate", "", " propionate", "", " gel", "",
	"vitamin c", "ascorbic acid", "vitamin b1", "thiamine", "vitamin b6", "pyridoxine", "prenatal vitamins", "prenatal vitamin", "multivitamins", "multivitamin",
	"insulin nph", "insulin isophane", "/regular", "/insulin regular", "estrogens, conjugated", "conjugated estrogens")
