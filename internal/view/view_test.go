package view

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/paperchart/paperchart/internal/result"
	"github.com/paperchart/paperchart/internal/terms"
)

var update = flag.Bool("update", false, "write the golden files anew")

func at(value string, confidence float64, page int) result.Field {
	return result.Field{Value: value, Confidence: confidence, Geometry: []result.Geometry{{Page: page}}}
}

func row(page int, confidence float64, cells ...string) result.Row {
	r := result.Row{}
	for i := 0; i+1 < len(cells); i += 2 {
		r[cells[i]] = at(cells[i+1], confidence, page)
	}
	return r
}

// two are the documents of one file: a rich one, and one with nobody's name,
// wide characters and text that attacks a terminal.
func two() []result.Document {
	rich := result.Document{Class: "Visit summary", Pages: []int{0, 1, 3}, Source: result.Source{File: "chart.pdf", PageCount: 5}, Fields: map[string]result.Field{
		"patient_last_name": at("Wilkins", 0.98, 1), "patient_first_name": at("Samantha", 0.98, 1), "patient_name_suffix": at("III", 0.9, 1),
		"patient_mrn": at("A1B2C3D4", 0.97, 1), "date_of_birth": at("1953-10-28", 0.97, 1), "sex": at("female", 0.99, 1),
		"address_line": at("12 Elm Street", 0.9, 1), "city": at("Duluth", 0.9, 1), "state": at("MN", 0.9, 1), "phone": at("(218) 555-0144", 0.9, 1),
		"insurance_payer_name": at("Medicare", 0.9, 1), "encounter_type": at("office visit", 0.95, 1), "encounter_date": at("2024-03-12", 0.95, 1),
		"blood_pressure_systolic": at("128", 0.99, 1), "blood_pressure_diastolic": at("82", 0.99, 1), "body_temperature": at("98.4", 0.98, 1),
		"body_temperature_unit": at("F", 0.98, 1), "oxygen_saturation": at("98", 0.99, 1), "weight": at("203", 0.7, 1), "bmi": at("24.0", 0.99, 1),
		"smoking_status":             at("never", 0.99, 1),
		"history_of_present_illness": at(strings.Repeat("Three days of dyspnea on exertion and orthopnea without fever. ", 6), 0.91, 1),
		"visit_number":               at("V-2024-031877", 0.93, 1),
	}, Tables: map[string][]result.Row{
		"conditions": {
			row(1, 0.98, "condition_name", "Hypothyroidism", "icd10_code", "E03.9", "clinical_status", "active", "onset_date", "2009"),
			row(1, 0.95, "condition_name", "Type 2 diabetes mellitus with diabetic polyneuropathy, without long-term current use of insulin, poorly controlled", "icd10_code", "E11.42"),
			row(2, 0.62, "condition_name", "Gout", "clinical_status", "resolved"),
		},
		"medications": {
			row(1, 0.97, "medication_name", "Levothyroxine", "dose", "100 mcg", "route", "oral", "frequency", "daily"),
			row(1, 0.9, "medication_name", "Prednisone", "instructions", "Take 4 tablets daily for 3 days, then 2 tablets daily for 3 days, then stop"),
		},
		"lab_results": {
			row(2, 0.98, "test_name", "TSH", "result_value", "2.3", "unit", "mIU/L", "reference_range", "0.4-4.0", "collection_date", "2024-03-01"),
			row(2, 0.96, "test_name", "Vitamin D", "result_value", "28", "unit", "ng/mL", "reference_range", "30 - 100", "abnormal_flag", "L"),
			row(2, 0.96, "test_name", "HDL", "result_value", ">=56", "unit", "mg/dL", "reference_range", ">=50", "abnormal_flag", "N"),
			row(4, 0.88, "test_name", "Base excess", "result_value", "-2.5", "unit", "mmol/L", "reference_range", "-2-2", "abnormal_flag", "LL"),
			row(4, 0.9, "test_name", "WBC", "result_value", "6.8", "unit", "10*3/uL", "reference_range", "3.8-10.8"),
		},
	}}
	potassium := row(5, 0.99, "test_name", "Kalium", "result_value", "53", "unit", "mmol/L")
	potassium["result_value"] = result.Field{Value: "53", Confidence: 0.99, Remark: "decimal point may be lost"}
	wide := result.Document{Class: "Lab\x1b[2Jreport", Pages: []int{4}, Source: result.Source{File: "chart.pdf", PageCount: 5}, Fields: map[string]result.Field{
		"patient_mrn": at("K-\x1b[31m7", 0.5, 5), "facility_name": at("東京大学医学部附属病院", 0.95, 5),
		"assessment": at("evil\u202etxt.exe \u200bhidden\r\nnext", 0.95, 5), "blood_pressure_systolic": at("128", 0.9, 5), "heart_rate": at("72", 0.9, 0),
	}, Tables: map[string][]result.Row{
		"conditions":  {row(5, 0.9, "condition_name", "甲状腺機能低下症", "icd10_code", "E03.9"), row(5, 0.9, "condition_name", "Me\u0301nie\u0300re’s disease", "icd10_code", "H81.0")},
		"lab_results": {potassium},
	}}
	return []result.Document{rich, wide}
}

func views(t result.Thresholds, docs ...result.Document) []View {
	var all []View
	for _, d := range docs {
		all = append(all, New(d, t, nil))
	}
	return all
}

// TestGolden compares what is shown at several widths with and without colour.
func TestGolden(t *testing.T) {
	for _, width := range []int{60, 100, 140} {
		for _, colour := range []bool{false, true} {
			name := fmt.Sprintf("testdata/%d.txt", width)
			if colour {
				name = fmt.Sprintf("testdata/%d-colour.txt", width)
			}
			got := Render(views(result.Thresholds{Default: 0.8}, two()...), Style{Width: width, Colour: colour})
			if *update {
				if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s is not as before; look, then go test -update\n%s", name, got)
			}
		}
	}
}

// TestFits: no line is wider than the screen, and no text of the page can steer
// the terminal.
func TestFits(t *testing.T) {
	texts := []string{"", "x", "a word", strings.Repeat("long ", 60), strings.Repeat("z", 300), "甲状腺機能低下症", "\x1b[2J", "\u202e\u2066", "e\u0301", "\xff\xfe", "👨‍👩‍👧", "0.4-4.0", ">=5"}
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SampledFrom(texts)
		width := rapid.IntRange(60, 200).Draw(t, "width")
		d := result.Document{Class: some.Draw(t, "class"), Fields: map[string]result.Field{}, Tables: map[string][]result.Row{}}
		for _, name := range []string{"assessment", "facility_name", "address_line", "heart_rate", "own"} {
			d.Fields[name] = at(some.Draw(t, name), 0.5, rapid.IntRange(-1, 999).Draw(t, "page"))
		}
		for _, name := range []string{"conditions", "lab_results", "medications"} {
			d.Tables[name] = []result.Row{row(1, 1, "condition_name", some.Draw(t, "a"), "test_name", some.Draw(t, "b"), "result_value", some.Draw(t, "c"),
				"medication_name", some.Draw(t, "d"), "icd10_code", some.Draw(t, "e"))}
		}
		out := Render(views(result.Thresholds{Default: 0.8}, d, d), Style{Width: width})
		for line := range strings.SplitSeq(out, "\n") {
			if columns(line) > width {
				t.Errorf("%d columns in %d: %q", columns(line), width, line)
			}
		}
		if strings.ContainsAny(out, "\x1b\u202e\u2066\r\t") || !utf8.ValidString(out) {
			t.Errorf("%q", out)
		}
	})
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		in   string
		w, n int
		want []string
	}{
		{"", 5, 3, []string{""}},
		{"short", 5, 3, []string{"short"}},
		{"two words", 5, 3, []string{"two", "words"}},
		{"two words", 3, 1, []string{"tw…"}},
		{"exactly five", 7, 3, []string{"exactly", "five"}},
		{"unbreakable", 4, 2, []string{"unbr", "eak…"}},
		{"甲状腺機能", 4, 3, []string{"甲状", "腺機", "能"}},
		{"a, b, c", 3, 2, []string{"a,", "b…"}},
	} {
		if got := wrap(c.in, c.w, c.n); !slices.Equal(got, c.want) {
			t.Errorf("%q in %d×%d: %q", c.in, c.w, c.n, got)
		}
	}
}

func TestPretty(t *testing.T) {
	for in, want := range map[string]string{
		"0.4-4.0": "0.4–4.0", "30 - 100": "30–100", "-2-2": "-2–2", "-5--2": "-5–-2", ">=50": "≥50", "<200": "<200", "Negative": "Negative", "non-reactive": "non-reactive", "<= 5": "≤ 5",
	} {
		if got := prettyRange(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"98.4 F": "98.4 °F", "10*3/uL": "10³/µL", "100 mcg": "100 mcg"} {
		if got := prettyUnit(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestPageNames(t *testing.T) {
	for _, c := range []struct {
		pages []int
		want  string
	}{{[]int{2}, "page 2"}, {[]int{1, 2, 3}, "pages 1–3"}, {[]int{5, 1, 2}, "pages 1–2, 5"}} {
		if got := pageNames(c.pages); got != c.want {
			t.Errorf("%v: %q", c.pages, got)
		}
	}
}

// TestDoubts: a name that nobody has heard of, a number without its unit and a
// contradiction are counted and marked, however surely they were read.
func TestDoubts(t *testing.T) {
	set, err := terms.Default()
	if err != nil {
		t.Fatal(err)
	}
	d := result.Document{Fields: map[string]result.Field{"weight": at("203", 0.99, 1), "patient_mrn": at("K-00417", 0.99, 1)}, Tables: map[string][]result.Row{
		"conditions":  {row(1, 0.99, "condition_name", "Hypothyroidism"), row(1, 0.99, "condition_name", "Do not stop a medicine"), row(1, 0.99, "condition_name", "Strange", "icd10_code", "E03.9")},
		"medications": {row(1, 0.99, "medication_name", "Lisinopril"), row(1, 0.99, "medication_name", "Bee stings")},
	}}
	v := New(d, result.Thresholds{Default: 0.8}, set)
	var marked []string
	for _, s := range v.Sections {
		for _, r := range s.Rows {
			if r.Review {
				marked = append(marked, r.Cells[0])
			}
		}
	}
	if want := []string{"Do not stop a medicine", "Bee stings", "Weight 203 (unit not read)"}; !slices.Equal(marked, want) || v.Review != 3 || v.Doubtful != 3 {
		t.Errorf("%q, %d, %d", marked, v.Review, v.Doubtful)
	}
	if got := v.verdict(); got != "3 fields doubtful for another reason (marked ?)" {
		t.Error(got)
	}
}

// TestWhatWaitsIsShown: what the verdict counts has a row with its mark.
func TestWhatWaitsIsShown(t *testing.T) {
	d := result.Document{Fields: map[string]result.Field{}}
	for name := range quiet {
		d.Fields[name] = result.Field{Value: "x", Confidence: 0.5}
	}
	v := New(d, result.Thresholds{Default: 0.8}, nil)
	marked := 0
	for _, s := range v.Sections {
		for _, r := range s.Rows {
			if r.Review {
				marked++
			}
		}
	}
	if marked != len(quiet) {
		t.Errorf("%d of %d fields that wait are shown", marked, len(quiet))
	}
	for name := range quiet {
		d.Fields[name] = result.Field{Value: "x", Confidence: 0.9}
	}
	if v := New(d, result.Thresholds{Default: 0.8}, nil); len(v.Sections) != 0 {
		t.Errorf("shows what nobody asked for: %+v", v.Sections)
	}
}
