package convert

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/paperchart/paperchart/blueprint"
	"github.com/paperchart/paperchart/internal/fhir/validate"
	"github.com/paperchart/paperchart/internal/result"
)

// prints are values as they stand on paper, or as OCR damages them.
var prints = []string{
	"2024-03-12", "2024-02-31", "2024", "1953-10-28", "0000-00-00", "03/12/24", "male", "F", "unknown", "128", "98.6", "-5", "007", "1e9", ".5", "5.",
	"99999999999999999999999", "<0.01", ">=50", "1:160", "0-5", "Negative", "2+", "trace", "mg/dL", "°F", "C", "lb", "kg", "m", "ft", "in", "%",
	"0.4-4.0", "<100", "4.0-0.4", "H", "LL", "*", "NKDA", "No known food allergies", "Penicillin", "Latex", "anaphylaxis, hives", ",;/", "severe", "grade 2",
	"Hypothyroidism", "E03.9", "110", "e11.9", "active", "ruled out", "history of", "age 45", "TSH", "Thyroid panel", "mother", "Brother", "MI at 52",
	"Levothyroxine", "100 mcg", "5-325 mg", "1 tablet", "PO", "BID", "q4-6h prn pain", "daily, then stop", "Take 2 tabs daily for 3 days, then 1 tab daily",
	"every 0 hours", "stopped", "not-taken", "on-hold", "office visit", "inpatient", "Expired", "Home", "discharge summary", "laboratory report", "prescription",
	"1234567893", "1234567890", "93306", "J1885", "X 12", "A1B2C3D4", "K-00417", "O'Neil", "Ng", "Márta", "李小龍", "never", "current every day smoker", "married", "English",
	"<script>alert(1)</script>", "a & b", "two\nlines", "tab\there", "nul\x00nul", "bad \xff utf8", "\u202e\u200bhidden", "   ", "\u2028", "null", "{}", strings.Repeat("long ", 4000),
}

var remarks = []string{"", "", "", "characters repaired", "decimal point may be lost", "impossible date"}

func fields(t *rapid.T, names []string) map[string]result.Field {
	out := map[string]result.Field{}
	for _, n := range names {
		if rapid.IntRange(0, 2).Draw(t, n) > 0 {
			out[n] = field(t, n)
		}
	}
	return out
}

func field(t *rapid.T, name string) result.Field {
	f := result.Field{Value: rapid.SampledFrom(prints).Draw(t, name), Confidence: rapid.Float64Range(0, 1).Draw(t, "confidence"), Remark: rapid.SampledFrom(remarks).Draw(t, "remark")}
	if rapid.Bool().Draw(t, "text") {
		f.Text = rapid.SampledFrom(prints).Draw(t, "printed")
	}
	for range rapid.IntRange(0, 2).Draw(t, "places") {
		f.Geometry = append(f.Geometry, result.Geometry{Page: rapid.IntRange(-1, 3).Draw(t, "page"), Box: result.Box{Left: rapid.Float64Range(0, 1).Draw(t, "left"), Width: 0.1}})
	}
	return f
}

func document(t *rapid.T, b *blueprint.Blueprint) result.Document {
	var names []string
	for _, f := range b.Fields {
		names = append(names, f.Name)
	}
	d := result.Document{Class: rapid.SampledFrom(prints).Draw(t, "class"), Fields: fields(t, names), Tables: map[string][]result.Row{}}
	for _, table := range b.Tables {
		var columns []string
		for _, c := range table.Columns {
			columns = append(columns, c.Name)
		}
		for range rapid.IntRange(0, 3).Draw(t, table.Name) {
			d.Tables[table.Name] = append(d.Tables[table.Name], fields(t, columns))
		}
	}
	d.Source = result.Source{
		File: rapid.SampledFrom(prints).Draw(t, "file"), SHA256: rapid.SampledFrom([]string{"", strings.Repeat("a", 64), "x"}).Draw(t, "sha"),
		MediaType: rapid.SampledFrom([]string{"", "application/pdf", "a b\x01"}).Draw(t, "type"), Engine: rapid.SampledFrom([]string{"", "e 1"}).Draw(t, "engine"),
		Read: rapid.SampledFrom([]string{"", "2026-01-02T03:04:05Z", "yesterday"}).Draw(t, "read"), PageCount: rapid.IntRange(0, 9).Draw(t, "pages"), Size: rapid.Int64().Draw(t, "size"),
	}
	d.Pages = rapid.SliceOfN(rapid.IntRange(0, 9), 0, 3).Draw(t, "indices")
	return d
}

// TestProperties: whatever is read, the bundle is valid and sound, and made
// again it is the same to the byte.
func TestProperties(t *testing.T) {
	v, b := validator(t), blueprint.Default()
	rapid.Check(t, func(t *rapid.T) {
		docs := []result.Document{document(t, b)}
		if rapid.Bool().Draw(t, "second") {
			docs = append(docs, document(t, b))
		}
		c := converter()
		c.Hold = rapid.Bool().Draw(t, "hold")
		out, err := c.Convert(docs)
		if err != nil {
			t.Fatal(err)
		}
		data, err := out.Bundle()
		if err != nil {
			t.Fatal(err)
		}
		for _, issue := range v.Validate(t.Context(), data) {
			if issue.Severity == validate.Error {
				t.Errorf("%s", issue)
			}
		}
		sound(t, out)
		again, err := c.Convert(docs)
		if err != nil {
			t.Fatal(err)
		}
		if second, err := again.Bundle(); err != nil || !bytes.Equal(data, second) {
			t.Errorf("made again it has other bytes (%v)", err)
		}
	})
}

// TestThroughDisk: a result that was written and read again gives the same
// bundle as the one in memory.
func TestThroughDisk(t *testing.T) {
	b := blueprint.Default()
	for _, name := range cases(t) {
		docs := documents(t, name)
		var read []result.Document
		for _, d := range docs {
			data, err := result.Encode(d, b)
			if err != nil {
				t.Fatal(err)
			}
			d, err := result.Decode(data)
			if err != nil {
				t.Fatal(err)
			}
			read = append(read, d)
		}
		if !bytes.Equal(bundle(t, docs), bundle(t, read)) {
			t.Errorf("%s: the bundle changed", name)
		}
	}
}

func bundle(t testing.TB, docs []result.Document) []byte {
	t.Helper()
	out, err := converter().Convert(docs)
	if err != nil {
		t.Fatal(err)
	}
	data, err := out.Bundle()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func FuzzConvert(f *testing.F) {
	for _, name := range []string{"bda", "results", "medications", "allergies", "discharge"} {
		for _, d := range documents(f, name) {
			data, err := result.Encode(d, blueprint.Default())
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	v := validator(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := result.Decode(data)
		if err != nil {
			return
		}
		out, err := converter().Convert([]result.Document{d})
		if err != nil {
			t.Fatal(err)
		}
		b, err := out.Bundle()
		if err != nil {
			t.Fatal(err)
		}
		if !json.Valid(b) {
			t.Fatal("the bundle is no JSON")
		}
		check(t, v, b)
		sound(t, out)
	})
}

// TestFilesApart: two files share no resource but a Patient, and that only where
// all that says who it is agrees.
func TestFilesApart(t *testing.T) {
	b := blueprint.Default()
	rapid.Check(t, func(t *rapid.T) {
		docs := []result.Document{document(t, b), document(t, b)}
		for i, sha := range []string{fileA, fileB} {
			docs[i].Source.SHA256 = sha
			for name, values := range map[string][]string{
				"patient_mrn": {"K-00417", "K00417", "K-00418", "K-0O417"}, "date_of_birth": {"1948-02-29", "02/29/1948", "1948"},
				"patient_last_name": {"Brandt", "BRANDT", "Okafor"}, "patient_first_name": {"Marta", "Márta", "Greta", "M"},
			} {
				docs[i].Fields[name] = result.Field{Value: rapid.SampledFrom(values).Draw(t, name), Confidence: rapid.SampledFrom([]float64{0.5, 0.99, 0.99, 0.99}).Draw(t, "confidence")}
			}
		}
		seen := map[string]bool{}
		for i, d := range docs {
			out, err := converter().Convert([]result.Document{d})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range out.Resources {
				name := r.ResourceType() + "/" + r.GetID()
				if i == 1 && seen[name] && (r.ResourceType() != "Patient" || !samePerson(docs[0], docs[1])) {
					t.Errorf("both files have %s", name)
				}
				seen[name] = true
			}
		}
	})
}

func samePerson(a, b result.Document) bool {
	for _, name := range []string{"patient_mrn", "patient_last_name", "patient_first_name", "date_of_birth"} {
		x, y := dated(a.Fields[name]), dated(b.Fields[name])
		if folded(unaccented(x.Value)) != folded(unaccented(y.Value)) || x.Confidence < identityFloor || y.Confidence < identityFloor {
			return false
		}
	}
	return true
}
