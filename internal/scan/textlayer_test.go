package scan

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/layout"
	"github.com/paperchart/paperchart/internal/page"
)

// printed is a PDF of one page with the given drawing commands.
func printed(content string) []byte {
	objects := []string{"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"}
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var offsets []int
	for i, o := range objects {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}

const sentence = "(Patient: Ames, Alma   DOB: 03/04/1950) Tj T* (Levothyroxine 100 mcg daily by mouth before breakfast) Tj T* (TSH 2.3 mIU/L within the normal range) Tj"

func TestTextLayer(t *testing.T) {
	begin := "BT /F1 11 Tf 16 TL 72 700 Td "
	for _, c := range []struct {
		name, content string
		want          bool
	}{
		{"plain", begin + sentence + " ET", true},
		{"with a rule", begin + sentence + " ET 72 690 m 540 690 l S", true},
		{"invisible", begin + "3 Tr " + sentence + " ET", false},
		{"white", "1 1 1 rg " + begin + sentence + " ET", false},
		{"too little", begin + "(Page 1) Tj ET", false},
		{"scrambled", begin + strings.Map(scramble, sentence) + " ET", false},
		{"a checkbox", begin + sentence + " ET 100 500 12 12 re S", false},
		{"turned", "BT /F1 11 Tf 0 1 -1 0 300 100 Tm 16 TL " + sentence + " ET", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var s Scanner
			defer s.Close()
			f, err := s.Open(t.Context(), printed(c.content))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			p, err := f.Page(t.Context(), 1)
			if err != nil {
				t.Fatal(err)
			}
			if p.TextLayer != c.want {
				t.Fatalf("text layer taken: %v", p.TextLayer)
			}
			if c.want {
				checkLayer(t, p, strings.Contains(c.content, " l S"))
			}
		})
	}
}

// scramble takes the vowels out, as a font without an encoding would.
func scramble(r rune) rune {
	if strings.ContainsRune("aeiouy", r) {
		return 'x'
	}
	return r
}

func checkLayer(t *testing.T, p *page.Page, ruled bool) {
	t.Helper()
	if (len(p.Rules) > 0) != ruled {
		t.Errorf("rules are %v", p.Rules)
	}
	text := layout.Text(p.Words)
	for _, want := range []string{"Patient: Ames, Alma DOB: 03/04/1950", "Levothyroxine 100 mcg daily"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in %q", want, text)
		}
	}
	// The first line's foot is 700 of 792 points up, one inch from the left.
	at := p.ToSource.Apply(float64(p.Words[0].Box.Min.X), float64(p.Words[0].Box.Max.Y))
	if at.X < 0.112 || at.X > 0.122 || at.Y < 0.110 || at.Y > 0.120 {
		t.Errorf("the first word begins at %v", at)
	}
}
