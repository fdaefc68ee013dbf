package terms

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestRxNormIDsAreConfirmed wants every shipped RxNorm id in the list of ids
// that a source apart from this project names together with the drug.
func TestRxNormIDsAreConfirmed(t *testing.T) {
	confirmed := map[string]string{}
	pair := regexp.MustCompile(`([a-z][a-z -]*)=(\d+)`)
	for line := range lines(t, "testdata/rxnorm-confirmed.tsv") {
		for _, m := range pair.FindAllStringSubmatch(line, -1) {
			confirmed[strings.TrimSpace(m[1])] = m[2]
		}
	}
	n := 0
	for _, r := range shipped(t, "drugs.tsv") {
		if n++; confirmed[r[1]] != r[0] {
			t.Errorf("RxNorm %s %q stands in no independent list", r[0], r[1])
		}
	}
	t.Logf("%d RxNorm ids, all of them confirmed", n)
}

// TestLOINCCodesAreAboutTheirTest holds shipped LOINC codes against the names
// that others publish for them: one of their words must be a word of the test. A
// code that no list has is not shipped; the test then has no code.
func TestLOINCCodesAreAboutTheirTest(t *testing.T) {
	names := map[string]string{}
	for line := range lines(t, "testdata/loinc-names.tsv") {
		code, name, _ := strings.Cut(line, "\t")
		names[code] = name
	}
	checked := 0
	for _, file := range []string{"labs.tsv", "vitals.tsv"} {
		for _, r := range shipped(t, file) {
			official, ok := names[r[0]]
			if !ok {
				t.Errorf("LOINC %s %q stands in no published list", r[0], r[1])
				continue
			}
			if checked++; !shareWord(official, r[1]+"|"+r[2]) {
				t.Errorf("LOINC %s is %q, not %q", r[0], official, r[1])
			}
		}
	}
	t.Logf("%d LOINC codes held against a published name", checked)
}

// officialWords are LOINC's words for what laboratories call otherwise.
var officialWords = strings.NewReplacer("coagulation", "", "activity", "", "volume", "", "serum", "", "plasma", "", "total", "", "blood", "",
	"leukocytes", "wbc", "erythrocytes", "rbc", "urate", "uric", "choriogonadotropin", "hcg", "thyrotropin", "tsh thyroid", "parathyrin", "pth",
	"somatotropin", "growth", "cobalamin", "b12", "prothrombin activity", "factor ii", "cancer ag", "ca", "natriuretic", "bnp",
	"streptolysin", "aso antistreptolysin", "myeloperoxidase", "mpo", "nuclear", "ana", "citrullinated", "ccp", "phosphate", "phosphorus",
	"prostate specific", "psa", "carbon dioxide", "pco2", "oxygen", "po2", "retinol", "vitamin a", "glomerular filtration rate", "egfr", "aspartate", "ast", "alanine", "alt", "protein.monoclonal", "m spike",
	"stimulated gamma interferon", "quantiferon", "ascorbate", "vitamin c", "ribonucleoprotein", "rnp", "25-hydroxyvitamin", "vitamin",
	"thyroperoxidase", "tpo", "follitropin", "fsh")

func shareWord(official, ours string) bool {
	own := stems(strings.ReplaceAll(strings.ToLower(ours), "|", " "))
	for _, w := range stems(officialWords.Replace(strings.ToLower(official))) {
		if (len(w) > 1 || w == "v" || w == "x") && !slices.Contains([]string{"factor", "in", "by", "or", "of", "ab", "ag", "mass", "mole", "unit"}, w) && slices.Contains(own, w) {
			return true
		}
	}
	return false
}

// TestShareWord proves that the check above can fail: these stood in the vocabulary once.
func TestShareWord(t *testing.T) {
	for official, ours := range map[string]string{
		"Proteinase 3 Ab [Units/volume] in Serum by Immunoassay":     "Tissue transglutaminase IgA|ttg iga|tissue transglutaminase antibody iga",
		"Neisseria gonorrhoeae DNA [Presence] in Urethra by NAA":     "Varicella IgG|vzv igg",
		"Prothrombin activity actual/normal in Platelet poor plasma": "Factor VIII activity|factor viii|factor 8 activity",
	} {
		if shareWord(official, ours) {
			t.Errorf("%q passes for %q", ours, official)
		}
	}
}

// lines are those of a file that are no comments.
func lines(t testing.TB, name string) func(func(string) bool) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return func(yield func(string) bool) {
		for line := range strings.Lines(string(b)) {
			if line = strings.TrimRight(line, "\r\n"); line != "" && line[0] != '#' && !yield(line) {
				return
			}
		}
	}
}
