package ocr

import (
	"image"
	"image/draw"
	"os/exec"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"github.com/go-fonts/liberation/liberationsansregular"

	"github.com/paperchart/paperchart/internal/page"
)

// typed is a white page with texts at places, 40 pixels high.
func typed(t *testing.T, w, h int, texts map[image.Point]string) *image.Gray {
	t.Helper()
	f, err := opentype.Parse(liberationsansregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 40, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		t.Fatal(err)
	}
	g := image.NewGray(image.Rect(0, 0, w, h))
	draw.Draw(g, g.Bounds(), image.White, image.Point{}, draw.Src)
	for at, s := range texts {
		d := font.Drawer{Dst: g, Src: image.Black, Face: face, Dot: fixed.P(at.X, at.Y)}
		d.DrawString(s)
	}
	return g
}

func TestLeftoverIsInkWithoutWords(t *testing.T) {
	p := &page.Page{DPI: 300, Image: typed(t, 900, 400, map[image.Point]string{{50, 100}: "Pulse: 72 bpm", {50, 300}: "."})}
	if got := leftover(p, nil); len(got) == 0 {
		t.Fatal("a whole line was not seen")
	}
	words := []page.Word{{Text: "Pulse:", Box: image.Rect(45, 60, 170, 112)}}
	got := leftover(p, words)
	if len(got) == 0 || got[0].Min.X < 165 || got[0].Max.X > 400 {
		t.Errorf("left over is %v", got)
	}
	words = append(words, page.Word{Text: "72 bpm", Box: image.Rect(170, 60, 330, 115)})
	if got := leftover(p, words); len(got) != 0 {
		t.Errorf("all is read and %v is left over", got)
	}
	p.Rules = []page.Rule{{Box: image.Rect(10, 200, 890, 203)}}
	draw.Draw(p.Image, p.Rules[0].Box, image.Black, image.Point{}, draw.Src)
	if got := leftover(p, words); len(got) != 0 {
		t.Errorf("a rule was taken for words: %v", got)
	}
}

func TestSecondLookFindsWhatWasMissed(t *testing.T) {
	if _, err := exec.LookPath("tesseract"); err != nil {
		t.Skip("tesseract is not installed")
	}
	p := &page.Page{DPI: 300, Image: typed(t, 900, 400, map[image.Point]string{{50, 100}: "Pulse:", {400, 300}: "72 bpm"})}
	known := []page.Word{{Text: "Pulse:", Box: image.Rect(45, 60, 175, 112)}}
	found, unread, err := (&Tesseract{}).readAgain(t.Context(), p, known)
	if found = found[1:]; err != nil || len(found) != 2 || found[0].Text != "72" || !found[0].Box.In(image.Rect(380, 250, 470, 320)) {
		t.Errorf("found %v, %v", found, err)
	}
	if len(unread) > 0 {
		t.Errorf("ink that was read counts as unread: %v", unread)
	}
}

func TestNumbersAreReadAgain(t *testing.T) {
	if _, err := exec.LookPath("tesseract"); err != nil {
		t.Skip("tesseract is not installed")
	}
	p := &page.Page{DPI: 300, Image: typed(t, 900, 400, map[image.Point]string{{50, 100}: "12.8", {50, 300}: "140"})}
	words := []page.Word{
		{Text: "12.8", Conf: 0.8, Box: image.Rect(48, 68, 130, 103)},
		{Text: "14O", Conf: 0.9, Box: image.Rect(48, 268, 118, 303)},
		{Text: "Pulse", Conf: 0.5, Box: image.Rect(500, 268, 600, 303)},
	}
	if _, _, err := (&Tesseract{}).readAgain(t.Context(), p, words); err != nil {
		t.Fatal(err)
	}
	if words[0].Conf < 0.95 {
		t.Errorf("two readings agree and the word is %+v", words[0])
	}
	if words[1].Text != "140" || words[1].Conf > 0.8 || len(words[1].Alternatives) != 1 {
		t.Errorf("a letter among digits is %+v", words[1])
	}
	if words[2].Conf != 0.5 {
		t.Errorf("a word was taken for a number: %+v", words[2])
	}
}

func TestWeigh(t *testing.T) {
	for _, c := range []struct {
		first, second string
		conf          float64
		text          string
		low, high     float64
	}{
		{"2.3", "2.3", 0.7, "2.3", 0.95, 1},
		{"2.3", "23", 0.9, "2.3", 0, 0.79},
		{"2.3.", "2.3", 0.9, "2.3.", 0.95, 1},
		{"@.2", "0.2", 0.8, "0.2", 0, 0.76},
		{"2.3", "", 0.7, "2.3", 0.7, 0.7},
	} {
		w := page.Word{Text: c.first, Conf: c.conf}
		var again []page.Word
		if c.second != "" {
			again = []page.Word{{Text: c.second, Conf: 0.95}}
		}
		weigh(&w, again)
		if w.Text != c.text || w.Conf < c.low || w.Conf > c.high {
			t.Errorf("%q then %q gives %q with %.2f", c.first, c.second, w.Text, w.Conf)
		}
	}
}
