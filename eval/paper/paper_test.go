package paper

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"os"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		markup string
		want   []Span
	}{
		{"plain", []Span{{Text: "plain"}}},
		{"**MRN:** {patient_mrn|A1}", []Span{{Text: "MRN:", Bold: true}, {Text: " "}, {Text: "A1", whole: "A1", Keys: []string{"patient_mrn"}, Value: "A1"}}},
		{"{a,b=2024-01-02|1/2/24}", []Span{{Text: "1/2/24", whole: "1/2/24", Keys: []string{"a", "b"}, Value: "2024-01-02"}}},
		{"{not bound}", []Span{{Text: "{not bound}"}}},
		{"a } b { c", []Span{{Text: "a } b { c"}}},
	} {
		if got := Parse(c.markup); !reflect.DeepEqual(got, c.want) {
			t.Errorf("Parse(%q) = %+v, want %+v", c.markup, got, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("**MRN:** {patient_mrn=1|A1} {")
	f.Fuzz(func(t *testing.T, markup string) {
		if Plain(markup) == "" && strings.Trim(markup, "*") != "" {
			t.Errorf("Parse(%q) lost its text", markup)
		}
	})
}

// page draws one sheet with everything that carries truth.
func page(t *testing.T) *Doc {
	t.Helper()
	fonts, err := NewFonts()
	if err != nil {
		t.Fatal(err)
	}
	d := NewDoc(fonts)
	s := d.Page()
	p := s.Pen(60, 60, 300, Style{Family: Sans, Size: 11})
	p.Line("Name: {patient_last_name=Roe|ROE}, {patient_first_name|Jane}")
	d.Region("history_of_present_illness", func() {
		p.Para("No {!conditions.negated|chest pain} was reported by this patient, who is otherwise well and whom {?conditions|age} becomes.")
	})
	p.Table(Grid{Widths: []float64{150, 80}, Header: []string{"Test", "Result"}, Lines: true, Pad: 2, Rows: [][]string{
		{"{lab_results.1.test_name|Thyroid stimulating hormone, third generation}", "{lab_results.1.result_value|2.3}"},
		{"{lab_results.2.test_name|Glucose}", "{lab_results.2.result_value|94}"}}})
	p.Line("Collected {lab_results.*.collection_date=2024-03-05|03/05/2024}")
	return d
}

func TestTruth(t *testing.T) {
	d := page(t)
	truth, err := d.Truth("x.pdf", func(page int, b Box) [4]float64 { return [4]float64{b.X0, b.Y0, b.X1, b.Y1} })
	if err != nil {
		t.Fatal(err)
	}
	p := truth.Patients[0]
	if v := p.Fields["patient_last_name"]; v.Value != "Roe" || v.Text != "ROE" || len(v.At) != 1 {
		t.Errorf("last name = %+v", v)
	}
	if v := p.Fields["history_of_present_illness"].Value; !strings.HasPrefix(v, "No chest pain was reported by this patient, who") {
		t.Errorf("narrative = %q", v)
	}
	rows := p.Tables["lab_results"]
	if len(rows) != 2 || rows[0]["test_name"].Value != "Thyroid stimulating hormone, third generation" || len(rows[0]["test_name"].At) != 2 {
		t.Errorf("rows = %+v", rows)
	}
	for _, r := range rows {
		if r["collection_date"].Value != "2024-03-05" || r["collection_date"].Text != "03/05/2024" {
			t.Errorf("collection date = %+v", r["collection_date"])
		}
	}
	if len(p.Absent) != 1 || p.Absent[0] != (Absent{"conditions", "chest pain", "negated", 1}) || len(p.Optional) != 1 {
		t.Errorf("absent = %+v, optional %+v", p.Absent, p.Optional)
	}
}

func TestTruthRefusesTwoValues(t *testing.T) {
	d := page(t)
	d.Sheets[0].Text(60, 700, Style{Size: 10}, "{patient_last_name|Doe}")
	if _, err := d.Truth("x.pdf", func(int, Box) [4]float64 { return [4]float64{} }); err == nil {
		t.Error("two last names were accepted")
	}
}

// TestPlace checks that every place that truth names holds ink, and its surroundings
// above the first line none, whatever was done to the sheet.
func TestPlace(t *testing.T) {
	for _, damage := range []Damage{{Name: "clean"}, {Name: "skewed", Skew: 1.5, ShiftX: 9}, {Name: "upside down", Turn: 180, Skew: -0.6},
		{Name: "sideways", Turn: 90}, {Name: "fax", DPIX: 204, DPIY: 98, Bilevel: true, Noise: 5}} {
		t.Run(damage.Name, func(t *testing.T) {
			d := page(t)
			scan := damage.Scan(d.Sheets[0].Image(), 1)
			truth, err := d.Truth("x", func(_ int, b Box) [4]float64 { return scan.Place(b) })
			if err != nil {
				t.Fatal(err)
			}
			for name, v := range truth.Patients[0].Fields {
				for _, at := range v.At {
					if share := inked(scan, at.Box); share < 0.08 || share > 0.7 {
						t.Errorf("%s at %v: %.2f of it is ink", name, at.Box, share)
					}
				}
			}
		})
	}
}

func inked(s *Scan, b [4]float64) float64 {
	w, h := float64(s.Image.Rect.Dx()), float64(s.Image.Rect.Dy())
	dark, all := 0, 0
	for y := int(b[1] * h); y < int((b[1]+b[3])*h); y++ {
		for x := int(b[0] * w); x < int((b[0]+b[2])*w); x++ {
			if all++; s.Image.GrayAt(x, y).Y < 128 {
				dark++
			}
		}
	}
	return float64(dark) / float64(max(all, 1))
}

func TestScanIsDeterministic(t *testing.T) {
	d := page(t)
	damage := Damage{Skew: 0.4, Blur: 0.6, Noise: 3, Specks: 50, Shadow: 0.3}
	a, b := damage.Scan(d.Sheets[0].Image(), 7), damage.Scan(d.Sheets[0].Image(), 7)
	if !bytes.Equal(a.Image.Pix, b.Image.Pix) {
		t.Error("the same seed gave two scans")
	}
	if c := damage.Scan(d.Sheets[0].Image(), 8); bytes.Equal(a.Image.Pix, c.Image.Pix) {
		t.Error("another seed gave the same scan")
	}
}

// TestPDF has another program read the file.
func TestPDF(t *testing.T) {
	if _, err := exec.LookPath("pdftoppm"); err != nil {
		t.Skip("pdftoppm is not installed (package poppler-utils)")
	}
	sheet := page(t).Sheets[0].Image()
	pdf, err := PDF([]*Scan{{Damage{}.Scan(sheet, 1).Image, 200, 200, false, 60, affine{}}, Damage{DPIX: 204, DPIY: 98, Bilevel: true}.Scan(sheet, 1)})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftoppm", "-r", "50", "-gray", file).CombinedOutput()
	if err != nil || bytes.Contains(out, []byte("Error")) {
		t.Fatalf("pdftoppm: %v, %.200s", err, out)
	}
	if n := bytes.Count(out, []byte("P5\n425 550\n")); n != 2 {
		t.Errorf("%d pages of 425 by 550, want 2", n)
	}
}
