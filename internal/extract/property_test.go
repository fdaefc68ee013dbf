package extract

import (
	"image"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/paperchart/paperchart/internal/layout"
	"github.com/paperchart/paperchart/internal/page"
	"github.com/paperchart/paperchart/internal/result"
)

// scramble makes pages of words from clinical texts in disorder: a generator of
// documents that no reader was written for.
func scramble(r *rand.Rand, vocabulary []string, pages int) []*page.Page {
	var out []*page.Page
	for n := range pages {
		p := &page.Page{Number: n + 1, DPI: 200, Image: image.NewGray(image.Rect(0, 0, 1700, 2200)), ToSource: page.Scale(1700, 2200)}
		for y := 0; y < 45; y++ {
			for x := r.IntN(20); x < 75; {
				w := vocabulary[r.IntN(len(vocabulary))]
				p.Words = append(p.Words, typedWord(w, x*20, y*44+32+r.IntN(3)))
				x += len(w) + 1 + r.IntN(3)*r.IntN(8)
			}
		}
		out = append(out, p)
	}
	return out
}

func corpus(t testing.TB) []string {
	t.Helper()
	files, _ := filepath.Glob("testdata/*.txt")
	var out []string
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, strings.Fields(strings.ReplaceAll(string(b), "\f", " "))...)
	}
	return out
}

func engine() *Engine {
	return &Engine{Terms: words{}, Now: func() time.Time { return time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC) }}
}

// TestNothingInvented reads scrambled pages and holds every value to its ink:
// the words under a value's boxes are on the page, and its letters and digits
// are those of the words, or come from a closed list.
func TestNothingInvented(t *testing.T) {
	vocabulary := corpus(t)
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 1))
		doc := layout.Arrange(scramble(r, vocabulary, 2))
		docs, err := engine().Extract(t.Context(), doc, result.Source{})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range docs {
			checkEvidence(t, d, doc)
		}
	}
}

// closed are the fields whose values may be normal forms from a closed list.
var closed = fieldSet("sex", "marital_status", "document_type", "encounter_type", "smoking_status", "clinical_status", "medication_status", "severity", "relation", "abnormal_flag", "body_temperature_unit", "height_unit", "weight_unit", "state")

func checkEvidence(t *testing.T, d result.Document, doc *layout.Document) {
	t.Helper()
	each(d, func(name string, f result.Field) {
		if f.Confidence <= 0 || f.Confidence >= 1 {
			t.Errorf("%s: confidence %v", name, f.Confidence)
		}
		if len(f.Geometry) == 0 {
			t.Errorf("%s = %q has no place", name, f.Value)
			return
		}
		if closed[name] || strings.Contains(name, "date") || strings.HasSuffix(name, "_birth") || name == "height" {
			return
		}
		under := inkUnder(f, doc)
		for _, w := range labelWords(f.Value) {
			// Digits that OCR made letters may be mended, which is remarked on.
			mended := f.Remark != "" && strings.Contains(shape(under), shape(w))
			if !strings.Contains(under, w) && !mended {
				t.Errorf("%s = %q: %q is not in its ink %q", name, f.Value, w, under)
			}
		}
	})
}

func each(d result.Document, see func(name string, f result.Field)) {
	for name, f := range d.Fields {
		see(name, f)
	}
	for _, rows := range d.Tables {
		for _, row := range rows {
			for name, f := range row {
				see(name, f)
			}
		}
	}
}

// inkUnder is the folded text of the words that lie in a field's boxes.
func inkUnder(f result.Field, doc *layout.Document) string {
	var b strings.Builder
	for _, g := range f.Geometry {
		for _, p := range doc.Pages {
			if p.Number != g.Page {
				continue
			}
			for _, w := range p.Words {
				x := float64(w.Box.Min.X+w.Box.Max.X) / 2 / 1700
				y := float64(w.Box.Min.Y+w.Box.Max.Y) / 2 / 2200
				if x >= g.Box.Left && x <= g.Box.Left+g.Box.Width && y >= g.Box.Top && y <= g.Box.Top+g.Box.Height {
					b.WriteString(strings.Join(labelWords(w.Text), ""))
				}
			}
		}
	}
	return b.String()
}

// TestSameTwice holds extraction to be a function of its input.
func TestSameTwice(t *testing.T) {
	vocabulary := corpus(t)
	pages := func() *layout.Document {
		return layout.Arrange(scramble(rand.New(rand.NewPCG(7, 7)), vocabulary, 3))
	}
	a, err := engine().Extract(t.Context(), pages(), result.Source{})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		b, err := engine().Extract(t.Context(), pages(), result.Source{})
		if err != nil {
			t.Fatal(err)
		}
		if show(a) != show(b) {
			t.Fatalf("two runs differ:\n%s\n%s", show(a), show(b))
		}
	}
}

// FuzzExtract reads any text laid out in any way.
func FuzzExtract(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.txt")
	for _, name := range files {
		b, _ := os.ReadFile(name)
		f.Add(string(b))
	}
	f.Add("Allergies:\nNKDA Name: (:) : = # 12/31/9999 BP 1/2 T: Ht 5'")
	f.Add("MEDICATIONS\n,,,;;()()( 5 mg ) PO\n1.\n- -\n")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4000 || !strings.Contains(text, " ") {
			return
		}
		docs, err := engine().Extract(t.Context(), typed(text), result.Source{})
		if err != nil || len(docs) == 0 {
			t.Fatal(len(docs), err)
		}
	})
}

func TestEmpty(t *testing.T) {
	for _, doc := range []*layout.Document{nil, {}, layout.Arrange(nil), {Pages: []*layout.Page{{Page: &page.Page{Number: 1, Blank: true}}}}} {
		docs, err := (&Engine{}).Extract(t.Context(), doc, result.Source{File: "a.pdf"})
		if err != nil || len(docs) != 1 || len(docs[0].Fields) != 0 || docs[0].Source.File != "a.pdf" {
			t.Errorf("Extract of nothing = %v, %v", docs, err)
		}
	}
}
