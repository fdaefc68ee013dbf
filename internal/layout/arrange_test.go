package layout

import (
	"image"
	"math"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/page"
)

// TestEveryWordOnce: every word with text is in exactly one of Lines, Banner or
// Fax.
func TestEveryWordOnce(t *testing.T) {
	for seed := int64(0); seed < 60; seed++ {
		p := noise(rand.New(rand.NewSource(seed)), 300)
		checkWords(t, p, Arrange([]*page.Page{p}))
	}
}

func checkWords(t *testing.T, p *page.Page, d *Document) {
	t.Helper()
	var want, got []string
	for _, w := range p.Words {
		if strings.TrimSpace(w.Text) != "" {
			want = append(want, w.Text)
		}
	}
	for _, l := range slices.Concat(d.Pages[0].Lines, d.Pages[0].Banner, d.Pages[0].Fax) {
		for _, w := range l.Words {
			got = append(got, w.Text)
		}
	}
	sort.Strings(want)
	sort.Strings(got)
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("page has %d words, lines and banner %d", len(want), len(got))
	}
}

// noise is a page of words, rules and marks anywhere, some without size.
func noise(r *rand.Rand, n int) *page.Page {
	vocabulary := []string{"TEST", "Result:", "2.3", "mIU/L", "-", "1.", "[X]", "___", "Name:", "a", " ", "", "é", "DOB:1/2/53", "Page", ":", "☐", "(", "Yes", "of"}
	p := &page.Page{Number: 1}
	for i := 0; i < n; i++ {
		x, y := r.Intn(1600)-50, r.Intn(40)*50+r.Intn(12)
		p.Words = append(p.Words, page.Word{Text: vocabulary[r.Intn(len(vocabulary))],
			Box: image.Rect(x, y, x+r.Intn(150), y+r.Intn(60)), Conf: r.Float64()})
	}
	for i := 0; i < n/20; i++ {
		x, y := r.Intn(1600), r.Intn(2000)
		p.Rules = append(p.Rules, page.Rule{Box: image.Rect(x, y, x+r.Intn(900), y+3)},
			page.Rule{Box: image.Rect(x, y, x+3, y+r.Intn(600)), Vertical: true})
		p.Marks = append(p.Marks, page.Mark{Box: image.Rect(x, y, x+20, y+20), Checked: i%2 == 0})
	}
	return p
}

func TestArrangeNothing(t *testing.T) {
	d := Arrange([]*page.Page{nil, {Number: 1}, {Number: 2, Words: []page.Word{{Text: " "}}}})
	if len(d.Pages) != 2 || len(d.Sections) != 0 {
		t.Errorf("got %d pages, %d sections, want 2, 0", len(d.Pages), len(d.Sections))
	}
}

// TestMoveAndScale: the same page moved, or printed at another resolution, reads
// the same.
func TestMoveAndScale(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.page")
	for _, f := range files {
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Split(string(src), "\\f\n")[0]
		want := sectionsOnly(typed(1, text))
		for name, change := range map[string]func(image.Rectangle) image.Rectangle{
			"moved":  func(r image.Rectangle) image.Rectangle { return r.Add(image.Pt(-731, 1403)) },
			"halved": func(r image.Rectangle) image.Rectangle { return scaled(r, 0.5) },
			"larger": func(r image.Rectangle) image.Rectangle { return scaled(r, 1.5) },
		} {
			if got := sectionsOnly(changed(typed(1, text), change)); got != want {
				t.Errorf("%s, %s: got\n%s\nwant\n%s", f, name, got, want)
			}
		}
	}
}

func scaled(r image.Rectangle, f float64) image.Rectangle {
	at := func(v int) int { return int(math.Round(float64(v) * f)) }
	return image.Rect(at(r.Min.X), at(r.Min.Y), at(r.Max.X), at(r.Max.Y))
}

func changed(p *page.Page, change func(image.Rectangle) image.Rectangle) *page.Page {
	for i := range p.Words {
		p.Words[i].Box = change(p.Words[i].Box)
	}
	for i := range p.Rules {
		p.Rules[i].Box = change(p.Rules[i].Box)
	}
	for i := range p.Marks {
		p.Marks[i].Box = change(p.Marks[i].Box)
	}
	return p
}

// TestOrderOfWords: the order the words come in does not matter.
func TestOrderOfWords(t *testing.T) {
	src, err := os.ReadFile("testdata/visit.page")
	if err != nil {
		t.Fatal(err)
	}
	p := typed(1, string(src))
	want := Dump(Arrange([]*page.Page{p}))
	rand.New(rand.NewSource(1)).Shuffle(len(p.Words), func(i, j int) { p.Words[i], p.Words[j] = p.Words[j], p.Words[i] })
	if got := Dump(Arrange([]*page.Page{p})); got != want {
		t.Errorf("shuffled words read differently:\n%s", got)
	}
}

// TestSkew: a page that still leans by a third of a degree reads the same.
func TestSkew(t *testing.T) {
	src, err := os.ReadFile("testdata/medtable.page")
	if err != nil {
		t.Fatal(err)
	}
	want := sectionsOnly(typed(1, string(src)))
	for _, lean := range []float64{0.006, -0.006} {
		p := changed(typed(1, string(src)), func(r image.Rectangle) image.Rectangle {
			return r.Add(image.Pt(0, int(lean*float64(r.Min.X))))
		})
		if got := sectionsOnly(p); got != want {
			t.Errorf("lean %v: got\n%s\nwant\n%s", lean, got, want)
		}
	}
}

func sectionsOnly(p *page.Page) string {
	text, _, _ := strings.Cut(Dump(Arrange([]*page.Page{p})), "== page")
	return text
}

// TestTablesOfTwoPatients: a table does not go on where the running head names
// someone else.
func TestTablesOfTwoPatients(t *testing.T) {
	const text = "Elm Grove Clinic    Patient: %NAME     MRN: %MRN\n\n" +
		"Medication      Dose       Route   Frequency\n" +
		"%DRUG   100 mcg    PO      Daily\n" +
		"%DRUG   10 mg      PO      Daily\n"
	fill := func(n int, name, mrn string) *page.Page {
		return typed(n, strings.NewReplacer("%NAME", name, "%MRN", mrn, "%DRUG", []string{"Levothyroxine", "Atorvastatin "}[n-1]).Replace(text))
	}
	for _, c := range []struct {
		name, mrn string
		tables    int
	}{{"Ortega, Luis", "55120", 1}, {"Ortega, Luis", "55129", 2}, {"Ortega, Anna", "55120", 2}} {
		d := Arrange([]*page.Page{fill(1, "Ortega, Luis", "55120"), fill(2, c.name, c.mrn)})
		if got := len(d.Pages[0].Tables) + len(d.Pages[1].Tables); got != c.tables {
			t.Errorf("%s %s: %d tables, want %d", c.name, c.mrn, got, c.tables)
		}
	}
}

func BenchmarkArrange10000Words(b *testing.B) {
	p := noise(rand.New(rand.NewSource(1)), 10000)
	for b.Loop() {
		Arrange([]*page.Page{p})
	}
}

func BenchmarkArrangeReport(b *testing.B) {
	src, err := os.ReadFile("testdata/medtable.page")
	if err != nil {
		b.Fatal(err)
	}
	p := typed(1, string(src))
	for b.Loop() {
		Arrange([]*page.Page{p})
	}
}
