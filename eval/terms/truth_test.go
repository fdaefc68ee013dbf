package terms

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/terms"
)

var update = flag.Bool("update", false, "write summary.golden anew")

// A tally counts the outcomes of one table. Wrong is a code that is not the
// right one, also where none is right; missed is silence where there is a code.
type tally struct{ phrases, right, wrong, missed int }

func (c tally) accuracy() float64 { return float64(c.right) / float64(c.phrases) }
func (c tally) errors() float64   { return float64(c.wrong) / float64(c.phrases) }

func TestTruth(t *testing.T) {
	set, err := terms.Default()
	if err != nil {
		t.Fatal(err)
	}
	var summary strings.Builder
	fmt.Fprintln(&summary, "table      phrases  right  wrong  missed  top-1   wrong rate")
	for _, table := range []struct {
		name  string
		d     terms.Domain
		least float64
	}{{"diagnoses", terms.Diagnosis, 0.95}, {"drugs", terms.Drug, 0.97}, {"labs", terms.Lab, 0.97}} {
		c := measure(t, set, table.d, table.name)
		fmt.Fprintf(&summary, "%-10s %7d %6d %6d %7d  %.4f  %.4f\n", table.name, c.phrases, c.right, c.wrong, c.missed, c.accuracy(), c.errors())
		if c.accuracy() < table.least || c.errors() > 0.01 {
			t.Errorf("%s: top-1 %.4f, wrong %.4f; want at least %.2f and at most 0.01", table.name, c.accuracy(), c.errors(), table.least)
		}
	}
	t.Log("\n" + summary.String())
	golden(t, summary.String())
}

func measure(t *testing.T, set *terms.Set, d terms.Domain, name string) tally {
	text, err := os.ReadFile(name + ".tsv")
	if err != nil {
		t.Fatal(err)
	}
	var c tally
	for line := range strings.Lines(string(text)) {
		phrase, want, ok := strings.Cut(strings.TrimRight(line, "\n"), "\t")
		if !ok || line[0] == '#' {
			continue
		}
		got := answer(set, d, phrase)
		c.phrases++
		switch {
		case slices.Contains(accepted(d, want), got):
			c.right++
			continue
		case got == "none":
			c.missed++
		default:
			c.wrong++
		}
		t.Logf("%s: %q gives %s, right is %s", name, phrase, got, want)
	}
	return c
}

// accepted are the right answers; a slash in a drug is part of its name.
func accepted(d terms.Domain, want string) []string {
	if d == terms.Drug {
		return []string{want}
	}
	return strings.Split(want, "/")
}

// answer is the code of the best match; for a drug, the ingredient.
func answer(set *terms.Set, d terms.Domain, phrase string) string {
	m, ok := set.Match(d, phrase)
	switch {
	case !ok:
		return "none"
	case d == terms.Drug && m.Concept.Group != "":
		return m.Concept.Group
	case d == terms.Drug:
		return m.Concept.Name
	}
	if len(m.Concept.Codings) == 0 {
		return "none" // a known test without a code
	}
	return m.Concept.Codings[0].Code
}

func golden(t *testing.T, got string) {
	if *update {
		if err := os.WriteFile("summary.golden", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("summary.golden")
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("figures changed; run `go test ./eval/terms -update` and explain the difference\nwas:\n%s\nis:\n%s", want, got)
	}
}
