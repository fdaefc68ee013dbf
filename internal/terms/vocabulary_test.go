package terms

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"encoding/xml"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// official opens a file of ../shared/testdata, or skips the test.
func official(t testing.TB, name string) io.Reader {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
	}
	b, err := os.ReadFile(filepath.Join(dir, "..", "shared", "testdata", "terminology", filepath.FromSlash(name)))
	if err != nil {
		t.Skip("official terminology files are not beside the repository")
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// shipped reads the rows of one vocabulary file that have a code.
func shipped(t testing.TB, name string) [][]string {
	t.Helper()
	return slices.DeleteFunc(rowsOf(t, name), func(r []string) bool { return r[0] == "" })
}

// rowsOf reads all rows of one vocabulary file.
func rowsOf(t testing.TB, name string) [][]string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("vocabulary", name))
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for line := range strings.Lines(string(b)) {
		if f := strings.Split(strings.TrimRight(line, "\n"), "\t"); line[0] != '#' && line != "\n" {
			out = append(out, append(f, "", "", "", "", ""))
		}
	}
	return out
}

func TestCompiledVocabularyIsCurrent(t *testing.T) {
	compiled, clashes, err := Compile(os.DirFS("vocabulary"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(compiled, vocabularyBin) {
		t.Error("vocabulary.bin is older than the TSV files; run `go generate ./internal/terms`")
	}
	if len(clashes) > 0 {
		t.Errorf("one term, two concepts:\n%s", strings.Join(clashes, "\n"))
	}
}

func TestDiagnosisCodesAreOfficial(t *testing.T) {
	titles := map[string]string{}
	sc := bufio.NewScanner(official(t, "icd10cm/icd10cm-order-Jan-2021.txt.gz"))
	for sc.Scan() {
		line := sc.Text()
		if line[14] == '1' {
			titles[dotted(strings.TrimSpace(line[6:14]))] = line[77:]
		}
	}
	since, all := map[string]string{}, maps.Clone(titles)
	for line := range lines(t, "testdata/icd10cm-since-2021.tsv") {
		code, rest, _ := strings.Cut(line, "\t")
		since[code], _, _ = strings.Cut(rest, "\t")
		if titles[code] != "" {
			t.Errorf("%s is no new code", code)
		}
	}
	for _, r := range shipped(t, "retired.tsv") {
		if titles[r[0]] != r[1] {
			t.Errorf("%s was %q in January 2021, not %q", r[0], titles[r[0]], r[1])
		}
		delete(titles, r[0])
	}
	for _, r := range shipped(t, "titles.tsv") {
		if want := cmp.Or(since[r[0]], all[r[0]]); r[1] != want {
			t.Errorf("%s is %q, not %q", r[0], want, r[1])
		}
	}
	for _, r := range shipped(t, "sides.tsv") {
		for i, word := range sideWords {
			if title := strings.ToLower(cmp.Or(since[r[1+i]], all[r[1+i]])); r[1+i] != "" && !strings.Contains(title, word) {
				t.Errorf("%s is no %s side of %s: %q", r[1+i], word, r[0], title)
			}
		}
	}
	for _, file := range []string{"diagnoses-titles.tsv", "diagnoses-injuries.tsv", "diagnoses-wide.tsv"} {
		for _, r := range shipped(t, file) {
			if titles[r[0]] == "" && since[r[0]] == "" {
				t.Errorf("%s: %s %q is no billable code of today", file, r[0], r[1])
			}
		}
	}
	seen := map[string]bool{}
	for _, r := range shipped(t, "diagnoses.tsv") {
		if titles[r[0]] == "" && since[r[0]] == "" {
			t.Errorf("%s %q is no billable code of today", r[0], r[1])
		}
		if seen[r[0]] {
			t.Errorf("%s stands twice", r[0])
		}
		seen[r[0]] = true
	}
}

// TestWhatShips counts what the vocabulary promises to have.
func TestWhatShips(t *testing.T) {
	for _, c := range []struct {
		what  string
		files []string
		least int
		count func(r []string) int
	}{
		{"diagnosis codes", []string{"diagnoses.tsv"}, 1500, one},
		{"diagnosis terms by hand", []string{"diagnoses.tsv"}, 3000, func(r []string) int { return 1 + len(list(r[2])) }},
		{"drug ingredients and brands", []string{"drugs.tsv"}, 1200, func(r []string) int { return 1 + len(list(r[6])) }},
		{"laboratory tests", []string{"labs.tsv"}, 600, one},
		{"procedures", []string{"procedures.tsv"}, 300, one},
		{"allergens and reactions", []string{"allergens.tsv", "reactions.tsv"}, 300, one},
		{"vital signs", []string{"vitals.tsv"}, 20, one},
		{"vaccines", []string{"vaccines.tsv"}, 280, one},
		{"dose forms", []string{"forms.tsv"}, 50, one},
	} {
		n := 0
		for _, file := range c.files {
			for _, r := range rowsOf(t, file) {
				n += c.count(r)
			}
		}
		if t.Logf("%s: %d", c.what, n); n < c.least {
			t.Errorf("%s: %d, want at least %d", c.what, n, c.least)
		}
	}
}

func one([]string) int { return 1 }

// TestWhatIsFound counts what the compiled vocabulary finds, as `paperchart terms
// list` tells it.
func TestWhatIsFound(t *testing.T) {
	counts := defaultSet(t).Releases()[0].Domains
	for d, least := range map[string]Count{
		"diagnosis": {1500, 3000}, "drug": {1200, 1200}, "lab": {600, 600}, "vital": {20, 20}, "procedure": {300, 300},
		"vaccine": {280, 280}, "form": {50, 50},
	} {
		if c := counts[d]; c.Concepts < least.Concepts || c.Terms < least.Terms {
			t.Errorf("%s: %d concepts, %d terms, want at least %d and %d", d, c.Concepts, c.Terms, least.Concepts, least.Terms)
		}
	}
	if n := counts["allergen"].Concepts + counts["reaction"].Concepts; n < 300 {
		t.Errorf("%d allergens and reactions, want at least 300", n)
	}
}

func TestVaccineCodesAreOfficial(t *testing.T) {
	var file struct {
		CVXInfo []struct{ CVXCode string }
	}
	d := xml.NewDecoder(official(t, "cdc/cvx.xml.gz"))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	if err := d.Decode(&file); err != nil {
		t.Fatal(err)
	}
	var known []string
	for _, c := range file.CVXInfo {
		known = append(known, strings.TrimSpace(c.CVXCode))
	}
	for _, r := range shipped(t, "vaccines.tsv") {
		if !slices.Contains(known, r[0]) {
			t.Errorf("CVX %s %q does not exist", r[0], r[1])
		}
	}
}

// TestLOINCCodes checks every LOINC code's own check digit, and its unit
// against the units that the LOINC release knows for it.
func TestLOINCCodes(t *testing.T) {
	units := map[string]any{}
	if err := json.NewDecoder(official(t, "loinc/loinc_unit.json.gz")).Decode(&units); err != nil {
		t.Fatal(err)
	}
	s := defaultSet(t)
	for _, name := range []string{"labs.tsv", "vitals.tsv"} {
		for _, r := range shipped(t, name) {
			if !checkDigit(r[0]) {
				t.Errorf("LOINC %s %q has a wrong check digit", r[0], r[1])
			}
			list, ok := units[r[0]].([]any)
			if !ok || r[3] == "" {
				continue
			}
			if !slices.ContainsFunc(list, func(u any) bool { return comparable(s, r[3], u.(string)) }) {
				t.Errorf("LOINC %s %q is measured in %v, not %s", r[0], r[1], list, r[3])
			}
		}
	}
}

// comparable leaves out units that this package does not know, and kinds of
// unit that LOINC itself does not keep apart.
func comparable(s *Set, a, b string) bool {
	if !s.ValidUnit(b) || s.Commensurable(a, b) {
		return true
	}
	loose := func(u string) string {
		return strings.NewReplacer("[IU]", "U", "[arb'U]", "U", "meq", "mmol", "/{1.73_m2}", "").Replace(u)
	}
	_, da, _ := s.units.parse(loose(a))
	_, db, _ := s.units.parse(loose(b))
	return da == db || strings.Contains(b, "arb'U") || strings.HasPrefix(b, "{") || a == "%" || b == "%"
}

func BenchmarkMatchExact(b *testing.B) {
	s := defaultSet(b)
	for b.Loop() {
		s.Match(Diagnosis, "Type 2 diabetes mellitus")
	}
}

func BenchmarkMatchFuzzy(b *testing.B) {
	s := defaultSet(b)
	for b.Loop() {
		s.Match(Diagnosis, "hyperlipedemla")
	}
}

func BenchmarkDefault(b *testing.B) {
	for b.Loop() {
		if _, err := Default(); err != nil {
			b.Fatal(err)
		}
	}
}
