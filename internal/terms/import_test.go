package terms

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const orderLine = "00002 A000    1 Cholera due to Vibrio cholerae 01, biovar cholerae           Cholera due to Vibrio cholerae 01, biovar cholerae\n"

func TestImportOrderFile(t *testing.T) {
	raw, err := io.ReadAll(official(t, "icd10cm/icd10cm-order-Jan-2021.txt.gz"))
	if err != nil {
		t.Fatal(err)
	}
	s := imported(t, "order.txt", raw)
	for text, want := range map[string]string{
		"HTN": "I10", "Sprain of anterior cruciate ligament of right knee, initial encounter": "S83.511A",
		"Typhoid menigitis": "A01.01", "Sprain of anterior cruciate ligament": "",
	} {
		got := ""
		if m, ok := s.Match(Diagnosis, text); ok {
			got = codeOf(m)
		}
		if got != want {
			t.Errorf("Match(%q) = %q, want %q", text, got, want)
		}
	}
	if c, ok := s.Code(ICD10CM, "S83511D"); !ok || !strings.HasPrefix(c.Display, "Sprain of anterior cruciate") {
		t.Errorf("Code(S83511D) = %v, %v", c, ok)
	}
	if r := s.Releases(); len(r) != 2 || r[1].Codes != 72621 || len(r[1].Checksum) != 64 {
		t.Errorf("Releases = %+v", r)
	}
}

// imported opens a set with one release file imported, twice for good measure.
func imported(t testing.TB, name string, raw []byte) *Set {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, name)
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "terms")
	for range 2 {
		if _, err := Import(context.Background(), out, file); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Open(out)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestImportCVX(t *testing.T) {
	raw, err := io.ReadAll(official(t, "cdc/cvx.xml.gz"))
	if err != nil {
		t.Fatal(err)
	}
	if c, ok := imported(t, "cvx.xml", raw).Code(CVX, "115"); !ok || c.Display != "Tdap" {
		t.Errorf("Code(115) = %v, %v", c, ok)
	}
}

func TestImportRefusesWhatIsMalformed(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "not a release"},
		{orderLine + "00003 A001", "line 2, column 11"},
		{strings.Replace(orderLine, "   1 Ch", "   7 Ch", 1), "line 1, column 15"},
		{"<CVXCodes><CVXInfo><CVXCode>1</CVXInfo>", "line 1"},
		{"<CVXCodes><CVXInfo></CVXInfo></CVXCodes>", "line 1, column 20: a vaccine has no code"},
	} {
		dir := t.TempDir()
		file := filepath.Join(dir, "in")
		if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Import(context.Background(), filepath.Join(dir, "terms"), file)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Import(%.20q…) = %v, want %q in it", c.text, err, c.want)
		}
		if got, _ := filepath.Glob(filepath.Join(dir, "terms", "*")); len(got) > 0 {
			t.Errorf("a refused file left %v", got)
		}
	}
}

func TestOpenRefusesDamage(t *testing.T) {
	for name, b := range map[string][]byte{
		"cut": vocabularyBin[:len(vocabularyBin)/2], "empty": nil, "other": []byte("hello"),
		"flipped": append(bytes.Clone(vocabularyBin[:len(vocabularyBin)-1]), vocabularyBin[len(vocabularyBin)-1]^1),
	} {
		if _, err := openIndex(b); err == nil {
			t.Errorf("openIndex accepts a file that is %s", name)
		}
	}
}

func FuzzParseRelease(f *testing.F) {
	f.Add([]byte(orderLine))
	f.Add([]byte("<CVXCodes><CVXInfo><ShortDescription>x</ShortDescription><CVXCode>1</CVXCode></CVXInfo></CVXCodes>"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		_, entries, _, err := parseRelease(context.Background(), source{name: "x", text: raw})
		if err != nil && len(entries) > 0 {
			t.Error("a refused release has entries")
		}
	})
}

func BenchmarkFullICD10(b *testing.B) {
	raw, err := io.ReadAll(official(b, "icd10cm/icd10cm-order-Jan-2021.txt.gz"))
	if err != nil {
		b.Fatal(err)
	}
	s := imported(b, "order.txt", raw)
	for name, text := range map[string]string{"exact": "Type 2 diabetes mellitus", "fuzzy": "sprain of anterior cruciate ligment of right knee, initial encounter"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				s.Match(Diagnosis, text)
			}
		})
	}
}
