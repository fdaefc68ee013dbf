package terms

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The fixtures are made up, in the official formats.
const (
	tabularFixture = `<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.tabular><version>2026</version><chapter><name>1</name><desc>One</desc><section id="A00-A09"><desc>Some</desc>
<diag><name>A00</name><desc>Cholera</desc>
 <diag><name>A00.0</name><desc>Cholera due to Vibrio cholerae 01, biovar cholerae</desc><inclusionTerm><note>Classical cholera</note><note>Shared term</note></inclusionTerm></diag>
 <diag><name>A00.9</name><desc>Cholera, unspecified</desc><inclusionTerm><note>Shared term</note></inclusionTerm></diag></diag>
<diag><name>S00</name><desc>Superficial injury</desc><sevenChrDef><extension char="A">initial</extension></sevenChrDef>
 <diag><name>S00.0</name><desc>Injury that needs a seventh character</desc></diag></diag>
</section></chapter></ICD10CM.tabular>`
	loincFixture = "\ufeff\"LOINC_NUM\",\"COMPONENT\",\"PROPERTY\",\"SYSTEM\",\"CLASS\",\"VersionLastChanged\",\"STATUS\",\"CLASSTYPE\",\"SHORTNAME\",\"EXAMPLE_UCUM_UNITS\",\"LONG_COMMON_NAME\",\"DisplayName\"\n" +
		"\"33863-2\",\"Cystatin C\",\"MCnc\",\"Ser/Plas\",\"CHEM\",\"2.73\",\"ACTIVE\",\"1\",\"Cystatin C SerPl-mCnc\",\"mg/L;ug/mL\",\"Cystatin C [Mass/volume] in Serum or Plasma\",\"Cystatin C\"\n" +
		"\"10000-8\",\"Old\",\"Time\",\"Heart\",\"EKG\",\"2.9\",\"DEPRECATED\",\"1\",\"Old one\",\"\",\"An old, \"\"deprecated\"\" code\",\"\"\n"
	consoFixture = "593411|ENG||||||2639863|2639863|593411||RXNORM|IN|593411|sitagliptin||N|4096|\n" +
		"665039|ENG||||||2640000|2640000|665039||RXNORM|BN|665039|Januvia||N|4096|\n" +
		"665038|ENG||||||2640001|2640001|665038||RXNORM|SCD|665038|sitagliptin 100 MG Oral Tablet||N|4096|\n" +
		"999|ENG||||||1|1|999||RXNORM|IN|999|withdrawnol||O||\n" +
		"998|ENG||||||1|1|998||MTHSPL|SU|998|Othersource||N||\n"
	relFixture     = "593411||CUI|RB|665039||CUI|tradename_of|1||RXNORM|RXNORM||||4096|\n"
	tradeFixture   = `<?xml version="1.0"?><productnames><prodInfo><Name>CDC Product Name</Name><Value>TESTVAX</Value><Name>Short Description</Name><Value>Tdap</Value><Name>CVXCode</Name><Value>115       </Value><Name>Last Updated</Name><Value>7/2/2023</Value></prodInfo></productnames>`
	mvxFixture     = `<?xml version="1.0"?><MVXCodes><MVXInfo><Name>MVX_CODE</Name><Value>PFR</Value><Name>Manufacturer Name</Name><Value>Pfizer, Inc</Value><Name>Last Updated</Name><Value>1/2/2024</Value></MVXInfo></MVXCodes>`
	cptFixture     = "cpt_code,description,short_description,synonyms,version\n99999,\"A made-up visit, long\",Made-up visit,imaginary visit|pretend visit,2026\n0999T,A made-up procedure,,,2026\n"
	hcpcsCode      = "A0425"
	hcpcsLongPart1 = "GROUND MILEAGE, PER STATUTE MILE"
)

func hcpcsLine(code, seq, kind, long, short string) string {
	pad := func(s string, n int) string { return s + strings.Repeat(" ", max(0, n-len(s))) }
	return pad(pad(pad(code, 5)+seq+kind, 11)+pad(long, 80)+pad(short, 28), 320) + "\r\n"
}

func hcpcsFixture() string {
	return hcpcsLine(hcpcsCode, "00100", "3", hcpcsLongPart1, "Ground mileage") +
		hcpcsLine("A0999", "00200", "3", "A LONG DESCRIPTION THAT", "Long") + hcpcsLine("A0999", "00300", "4", "GOES ON", "") +
		hcpcsLine("D0120", "00400", "3", "A DENTAL CODE", "Dental") + hcpcsLine("A1", "00500", "7", "DRESSING FOR ONE WOUND", "Dressing")
}

// sctid makes an identifier of its first digits.
func sctid(body string) string {
	for _, c := range "0123456789" {
		if id := body + string(c); verhoeff(id) {
			return id
		}
	}
	return ""
}

// The snapshot of a release with one disorder, one finding, and one that is
// inactive in the concept file.
var (
	rf2Disorder, rf2Finding, rf2Gone = sctid("9990001100"), sctid("9990002100"), sctid("9990003100")
	rf2Preferring                    = sctid("9990003101")
)

func snomedFixture() (descriptions, concepts, language string) {
	row := func(f ...string) string { return strings.Join(f, "\t") + "\r\n" }
	const module, insensitive = "900000000000207008", "900000000000448009"
	describe := func(n, concept, kind, term string) string {
		return row(sctid("999000"+n+"101"), "20260301", "1", module, concept, "en", kind, term, insensitive)
	}
	descriptions = row(rf2DescriptionHead...) +
		describe("1", rf2Disorder, rf2FullName, "Imaginary ague (disorder)") + describe("2", rf2Disorder, rf2Synonym, "Make-believe fever") +
		describe("3", rf2Disorder, rf2Synonym, "Imaginary ague fever") + describe("4", rf2Finding, rf2FullName, "Feels imaginary (finding)") +
		describe("5", rf2Gone, rf2FullName, "Withdrawn ague (disorder)")
	concept := func(id, active string) string { return row(id, "20250901", active, module, "900000000000074008") }
	concepts = row(rf2ConceptHead...) + concept(rf2Disorder, "1") + concept(rf2Finding, "1") + concept(rf2Gone, "0")
	language = row(rf2LanguageHead...) + row("a-uuid", "20260301", "1", module, rf2USEnglish, rf2Preferring, rf2Preferred)
	return descriptions, concepts, language
}

// snomedFolder lays the fixture out as a release does, unpacked.
func snomedFolder(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	descriptions, concepts, language := snomedFixture()
	for name, text := range map[string]string{
		"Full/Terminology/sct2_Description_Full-en_INT_20260301.txt":                 "not read",
		"Snapshot/Terminology/sct2_Description_Snapshot-en_INT_20260301.txt":         descriptions,
		"Snapshot/Terminology/sct2_Concept_Snapshot_INT_20260301.txt":                concepts,
		"Snapshot/Refset/Language/der2_cRefset_LanguageSnapshot-en_INT_20260301.txt": language,
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestImportSNOMEDFolderAndArchive(t *testing.T) {
	folder := snomedFolder(t)
	archive := filepath.Join(t.TempDir(), "SnomedCT_InternationalRF2.zip")
	f, err := os.Create(archive)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	if err := errors.Join(z.AddFS(os.DirFS(folder)), z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	var sums []string
	for _, from := range []string{folder, archive, folder} {
		out := t.TempDir()
		r, err := Import(context.Background(), out, from)
		if err != nil {
			t.Fatal(err)
		}
		if r.System != SNOMED || r.Version != "2026-03-01" || r.Codes != 2 {
			t.Errorf("release = %+v", r)
		}
		b, err := os.ReadFile(filepath.Join(out, "snomed.pct"))
		if err != nil {
			t.Fatal(err)
		}
		sums = append(sums, r.Checksum+string(b))
		s, err := Open(out)
		if err != nil {
			t.Fatal(err)
		}
		if c, ok := s.Code(SNOMED, rf2Disorder); !ok || c.Display != "Imaginary ague fever" {
			t.Errorf("disorder = %+v, %v; want the preferred term", c, ok)
		}
		if c, ok := s.Code(SNOMED, rf2Finding); !ok || c.Display != "Feels imaginary" {
			t.Errorf("finding = %+v, %v", c, ok)
		}
		if _, ok := s.Code(SNOMED, rf2Gone); ok {
			t.Error("an inactive concept is imported")
		}
		if m, ok := s.Match(Diagnosis, "make believe fever"); !ok || codeOf(m) != rf2Disorder {
			t.Errorf("Match = %+v, %v", m, ok)
		}
		if m, ok := s.Match(Diagnosis, "feels imaginary"); ok {
			t.Errorf("a finding is matched: %+v", m)
		}
	}
	if sums[0] != sums[1] || sums[0] != sums[2] {
		t.Error("folder, archive and a second time give other bytes")
	}
}

func TestImportFormats(t *testing.T) {
	for _, c := range []struct {
		name, text          string
		release, version    string
		system, code, title string
		d                   Domain
		phrase, found       string
	}{
		{"icd10cm_tabular_2026.xml", tabularFixture, "ICD-10-CM inclusion terms", "2026", ICD10CM, "A000", "Cholera due to Vibrio cholerae 01, biovar cholerae", Diagnosis, "classical cholera", "A00.0"},
		{"Loinc.csv", loincFixture, "LOINC", "2.73", LOINC, "10000-8", `An old, "deprecated" code`, Lab, "Cystatin C SerPl-mCnc", "33863-2"},
		{"RXNCONSO.RRF", consoFixture, "RxNorm", "", RxNorm, "665038", "sitagliptin 100 MG Oral Tablet", Drug, "sitagliptin", "593411"},
		{"cvx-tradenames.xml", tradeFixture, "CVX trade names", "2023-07-02", CVX, "115", "Tdap", Vaccine, "Testvax", "115"},
		{"mvx.xml", mvxFixture, "MVX", "2024-01-02", MVX, "PFR", "Pfizer, Inc", Vaccine, "Pfizer, Inc", ""},
		{"our-cpt.csv", cptFixture, "CPT", "2026", CPT, "99999", "A made-up visit, long", Procedure, "pretend visit", "99999"},
		{"our-cpt.tsv", strings.NewReplacer(`"A made-up visit, long"`, `A 5" visit`, ",", "\t").Replace(cptFixture), "CPT", "2026", CPT, "0999T", "A made-up procedure", Procedure, "A made-up procedure", "0999T"},
		{"HCPC2026_JAN_ANWEB.txt", hcpcsFixture(), "HCPCS Level II", "Jan 2026", HCPCS, "A0999", "A LONG DESCRIPTION THAT GOES ON", Procedure, "ground mileage per statute mile", hcpcsCode},
	} {
		t.Run(c.release, func(t *testing.T) {
			s := imported(t, c.name, []byte(c.text))
			r := s.Releases()[1]
			if r.Name != c.release || !strings.EqualFold(r.Version, c.version) || r.Licence == "" || len(r.Checksum) != 64 || r.System != c.system {
				t.Errorf("release = %+v", r)
			}
			got, ok := s.layers[1].code(c.system, dottedIf(c.system, c.code))
			if !ok || s.layers[1].coding(got).Display != c.title {
				t.Errorf("code %s = %v, %v; want %q", c.code, got, ok, c.title)
			}
			m, ok := s.Match(c.d, c.phrase)
			if found := ok && len(m.Concept.Codings) > 0 && m.Concept.Codings[0].Code == c.found; found != (c.found != "") {
				t.Errorf("Match(%q) = %+v, %v; want %q", c.phrase, m, ok, c.found)
			}
		})
	}
}

func dottedIf(system, code string) string {
	if system == ICD10CM {
		return dotted(code)
	}
	return code
}

func TestImportKeepsOutWhatItMust(t *testing.T) {
	s := imported(t, "t.xml", []byte(tabularFixture))
	if _, ok := s.layers[1].code(ICD10CM, "S00.0"); ok {
		t.Error("a code that needs a seventh character is imported")
	}
	if m, ok := s.Match(Diagnosis, "Shared term"); ok {
		t.Errorf("a term of two codes names %v", m.Concept.Codings)
	}
	s = imported(t, "h.txt", []byte(hcpcsFixture()))
	if _, ok := s.Code(HCPCS, "D0120"); ok {
		t.Error("a dental code is imported")
	}
	s = imported(t, "RXNCONSO.RRF", []byte(consoFixture))
	for _, code := range []string{"998", "999"} {
		if _, ok := s.Code(RxNorm, code); ok {
			t.Errorf("RxNorm %s, suppressed or of another source, is imported", code)
		}
	}
}

func TestImportArchive(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{"rrf/RXNREL.RRF": relFixture, "rrf/RXNCONSO.RRF": consoFixture, "Readme.txt": "hello"} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, text)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	s := imported(t, "RxNorm_full_prescribe_current.zip", b.Bytes())
	i, ok := s.layers[1].code(RxNorm, "665039")
	if !ok {
		t.Fatal("no brand")
	}
	if c := s.layers[1].concept(s.layers[1].codings.at(codingWidth*i + 3)); c.Group != "sitagliptin" {
		t.Errorf("brand = %+v, want its ingredient", c)
	}
}

func TestImportNamesThePlaceOfAnError(t *testing.T) {
	sctDescriptions, _, _ := snomedFixture()
	for _, c := range []struct{ text, want string }{
		{strings.Replace(loincFixture, "33863-2", "33863-3", 1), "line 2, column 1: LOINC_NUM has a wrong check digit"},
		{strings.Replace(loincFixture, `"STATUS"`, `"STATE"`, 1), "line 1, column 1: no column STATUS"},
		{loincFixture + "\"1-8\",\"x\"\n", "line 4, column 1: wrong number of fields"},
		{consoFixture + "1|ENG|short\n", "line 6, column 11: 2 fields, want 18"},
		{strings.Replace(tabularFixture, "</chapter>", "", 1), "line 8, column"},
		{strings.Replace(mvxFixture, "<Value>PFR</Value>", "", 1), "line 1, column 41: 3 names and 2 values"},
		{hcpcsFixture() + hcpcsLine("A0999", "00900", "4", "NOT ITS OWN", ""), "line 6, column 11"},
		{strings.Replace(cptFixture, "0999T", "099T", 1), "line 3, column 1: a CPT code has four digits"},
		{strings.Replace(cptFixture, "0999T", "99999", 1), "line 3, column 1: the code stands in the table twice"},
		{strings.Replace(cptFixture, "A made-up procedure", "", 1), "line 3, column 7: no description"},
		{strings.Replace(cptFixture, "description,", "text,", 1), "line 1, column 1: no column description"},
		{strings.Replace(sctDescriptions, "\t1\t", "\tx\t", 1), "line 2, column 22: active is neither"},
		{strings.Replace(sctDescriptions, rf2Disorder, rf2Disorder[1:], 1), "line 2, column 43: the identifier's check digit"},
		{strings.Replace(sctDescriptions, "20260301", "1 March", 1), "line 2, column 13: effectiveTime"},
		{sctDescriptions + "1\t2\n", "line 7, column 5: 2 fields, want 9"},
		{strings.Replace(sctDescriptions, "caseSignificanceId", "case", 1), "line 1, column 69: want the columns id,"},
		{strings.Replace(hcpcsFixture(), "GOES ON", "       ", 1), "line 3, column 1"},
	} {
		file := filepath.Join(t.TempDir(), "in")
		if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Import(context.Background(), t.TempDir(), file)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Import = %v, want %q in it", err, c.want)
		}
	}
}

func TestImportOfficialCDCAndTabular(t *testing.T) {
	for _, c := range []struct {
		file   string
		d      Domain
		phrase string
		want   string
	}{
		{"cdc/tradename.xml.gz", Vaccine, "ABRYSVO", "305"},
		{"icd10cm/icd10cm_tabular_2021.xml.gz", Diagnosis, "Infantile colic NOS", "R10.83"},
	} {
		raw, err := io.ReadAll(official(t, c.file))
		if err != nil {
			t.Fatal(err)
		}
		s := imported(t, filepath.Base(c.file), raw)
		if m, ok := s.Match(c.d, c.phrase); !ok || codeOf(m) != c.want {
			t.Errorf("%s: Match(%q) = %v, %v, want %s", c.file, c.phrase, m.Concept, ok, c.want)
		}
	}
	raw, err := io.ReadAll(official(t, "cdc/mvx.xml.gz"))
	if err != nil {
		t.Fatal(err)
	}
	if c, ok := imported(t, "mvx.xml", raw).Code(MVX, "PFR"); !ok || !strings.HasPrefix(c.Display, "Pfizer") {
		t.Errorf("Code(PFR) = %v, %v", c, ok)
	}
}

// TestImportOfDamage cuts, drops and doubles pieces all over each release: what
// is refused is refused with its place and leaves nothing, what is not is whole.
func TestImportOfDamage(t *testing.T) {
	descriptions, concepts, _ := snomedFixture()
	placed := regexp.MustCompile(`line \d+, column \d+: .|holds no codes|not a release`)
	refused := 0
	for _, whole := range []string{orderLine, tabularFixture, loincFixture, consoFixture, tradeFixture, mvxFixture, hcpcsFixture(), cptFixture, descriptions} {
		for i := 0; i+7 < len(whole); i += 5 {
			for _, text := range []string{whole[:i], whole[:i] + whole[i+7:], whole[:i] + whole[i:i+7] + whole[i:], whole[:i] + "\x00\n" + whole[i:]} {
				_, entries, _, err := parseRelease(context.Background(), source{name: "x", text: []byte(text), more: map[string][]byte{rf2Concepts: []byte(concepts)}})
				if err == nil {
					continue
				}
				if refused++; len(entries) > 0 || !placed.MatchString(err.Error()) {
					t.Fatalf("%d entries, error %q, of %.80q…", len(entries), err, text)
				}
			}
		}
	}
	if t.Logf("%d damaged releases refused", refused); refused < 1000 {
		t.Errorf("only %d damaged releases are refused", refused)
	}
}

// TestImportOfDamagedParts refuses a SNOMED release whose other files are damaged.
func TestImportOfDamagedParts(t *testing.T) {
	descriptions, concepts, language := snomedFixture()
	for _, c := range []struct{ concepts, language, want string }{
		{concepts + "x\n", language, "concept file: line 5, column 3: 1 fields, want 5"},
		{strings.Replace(concepts, "20250901", "2025", 1), language, "concept file: line 2, column 13: effectiveTime"},
		{concepts, language[:len(language)-9], "language file: line 2, column 69: the identifier's check digit is wrong"},
	} {
		_, _, _, err := parseRelease(context.Background(), source{text: []byte(descriptions), more: map[string][]byte{rf2Concepts: []byte(c.concepts), rf2Language: []byte(c.language)}})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error = %v, want %q", err, c.want)
		}
	}
}

func FuzzFormats(f *testing.F) {
	descriptions, _, _ := snomedFixture()
	for _, s := range []string{descriptions, cptFixture, tabularFixture, loincFixture, consoFixture, tradeFixture, mvxFixture, hcpcsFixture()} {
		f.Add([]byte(s))
	}
	w, err := parseWording(wordsTSV)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		_, entries, rel, err := parseRelease(context.Background(), source{name: "f", text: raw, more: map[string][]byte{"rxnrel.rrf": raw}})
		if err != nil {
			if len(entries) > 0 {
				t.Error("a refused release has entries")
			}
			return
		}
		b := newBuilder(w)
		for _, e := range entries {
			b.add(e)
		}
		compiled, err := b.bytes(rel)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := openIndex(compiled); err != nil {
			t.Error(err)
		}
	})
}
