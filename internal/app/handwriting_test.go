package app

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/eval/paper"
	"github.com/paperchart/paperchart/internal/pipeline"
	"github.com/paperchart/paperchart/internal/result"
)

// strokes are joined-up letters in units of the height of small ones, from the
// baseline's left, y downwards.
var strokes = [][][2]float64{
	{{0, 0}, {.5, -.4}, {.4, -.95}, {.1, -.6}, {.3, 0}, {.7, -.1}},                                    // e
	{{0, 0}, {.5, -1.2}, {.4, -2}, {.15, -1.6}, {.3, 0}, {.6, -.1}},                                   // l
	{{0, -.8}, {.05, 0}, {.45, -.1}, {.5, -.8}, {.55, 0}, {.7, -.1}},                                  // u
	{{0, -.8}, {.05, 0}, {.1, -.7}, {.35, -.8}, {.4, 0}, {.45, -.7}, {.7, -.8}, {.75, 0}, {.95, -.1}}, // m
	{{.5, -.8}, {.1, -.7}, {.05, -.1}, {.5, -.3}, {.55, -.9}, {.5, 1}, {.1, .9}, {.7, -.1}},           // g
	{{0, 0}, {.3, -1.8}, {.3, -.1}, {.6, -.1}, {.1, -1.1}, {.6, -1.15}, {.7, -.1}},                    // t
	{{.5, -.7}, {.05, -.5}, {.2, 0}, {.55, -.4}, {.6, -1.9}, {.6, 0}, {.8, -.1}},                      // d
	{{0, 0}, {.2, -.8}, {.45, -.1}, {.6, -.8}, {.8, -.1}, {.9, -.7}},                                  // w
}

// scrawl writes a line by hand that nobody can read.
func scrawl(s *paper.Sheet, x, y, width float64, r *rand.Rand) {
	const high, slant = 6.5, 0.3
	for end := x + width; x < end; x += high * (0.8 + r.Float64()) {
		var px, py float64
		for n := 2 + r.IntN(7); n > 0 && x < end; n-- {
			letter := strokes[r.IntN(len(strokes))]
			for i, p := range letter {
				jx, jy := p[0]+0.12*(r.Float64()-.5), p[1]*(0.8+0.4*r.Float64())
				nx, ny := x+high*(jx-slant*jy), y+high*jy
				if i > 0 || px != 0 {
					mx, my := (px+nx)/2+high*0.15*(r.Float64()-.5), (py+ny)/2+high*0.15*(r.Float64()-.5)
					s.Stroke(px, py, mx, my, 0.8)
					s.Stroke(mx, my, nx, ny, 0.8)
				}
				px, py = nx, ny
			}
			x += high * (letter[len(letter)-1][0] + 0.1)
		}
	}
}

// TestHandwriting reads a printed head over a page of handwriting: what is printed
// is there, nothing is made of the rest, and a person is told to look.
func TestHandwriting(t *testing.T) {
	fonts, err := paper.NewFonts()
	if err != nil {
		t.Fatal(err)
	}
	d := paper.NewDoc(fonts)
	s := d.Page()
	base := paper.Style{Family: paper.Sans, Size: 11}
	s.Text(60, 80, base.B().At(14), "Harbor Point Family Practice")
	s.Text(60, 110, base, "Patient: Leonard Whitcombe     DOB: 07/30/1958     MRN: 4471-20")
	r := rand.New(rand.NewPCG(5, 11))
	for i, label := range []string{"Medications:", "", "", "Allergies:", "", "Assessment:", "", "", "", "Plan:", "", "", "", ""} {
		y := 150 + 36*float64(i)
		s.Text(60, y, base.B(), label)
		scrawl(s, 150, y, 380, r)
	}
	damage := paper.Damage{Name: "office", Skew: 0.3, Blur: 0.55, Fade: 0.08, Paper: 247, Noise: 2, Quality: 60}
	pdf, err := paper.PDF([]*paper.Scan{damage.Scan(s.Image(), 7)})
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := Load("", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	e, err := NewEngine(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	files, results, err := e.Digitize(t.Context(), pipeline.Input{Name: "by-hand.pdf", Data: pdf}, func(int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := result.Decode(results[0])
	if err != nil {
		t.Fatal(err)
	}
	if doc.Fields["patient_last_name"].Value != "Whitcombe" || doc.Fields["patient_mrn"].Value != "4471-20" {
		t.Errorf("the print is read as %v", doc.Fields)
	}
	for table, rows := range doc.Tables {
		for _, row := range rows {
			t.Errorf("%s of handwriting: %v", table, row)
		}
	}
	for _, name := range []string{"assessment", "plan_of_care", "chief_complaint"} {
		if f := doc.Fields[name]; f.Confidence >= 0.8 {
			t.Errorf("%s of handwriting, sure by %.2f: %q", name, f.Confidence, f.Value)
		}
	}
	if len(doc.Source.Unread) == 0 || len(doc.Source.Notes[1]) == 0 || !strings.Contains(strings.Join(doc.Source.Notes[1], " "), "could not be read") {
		t.Errorf("%d places are told of, notes %v", len(doc.Source.Unread), doc.Source.Notes)
	}
	var bundle struct {
		Entry []struct {
			Resource struct {
				ResourceType string
				Meta         struct{ Tag []struct{ Code string } }
			}
		}
	}
	for _, f := range files {
		if f.Name == "bundle.json" {
			if err := json.Unmarshal(f.Data, &bundle); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, b := range bundle.Entry {
		if b.Resource.ResourceType == "DocumentReference" && (len(b.Resource.Meta.Tag) != 1 || b.Resource.Meta.Tag[0].Code != "needs-review") {
			t.Errorf("the document's tags are %v", b.Resource.Meta.Tag)
		}
	}
}
