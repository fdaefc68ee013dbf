package layout

import (
	"image"
	"math/rand"
	"sort"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/page"
)

// TestEveryWordOnce: every word with text is in exactly one of Lines or Banner.
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
	for _, l := range append(append([]Line(nil), d.Pages[0].Lines...), d.Pages[0].Banner...) {
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
