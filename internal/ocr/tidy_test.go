package ocr

import (
	"image"
	"testing"

	"github.com/paperchart/paperchart/internal/page"
)

func TestTidy(t *testing.T) {
	p := &page.Page{
		Rules: []page.Rule{{Box: image.Rect(100, 0, 103, 500), Vertical: true}},
		Marks: []page.Mark{{Box: image.Rect(300, 100, 340, 140)}},
	}
	for _, c := range []struct {
		text string
		box  image.Rectangle
		conf float64
		want string
	}{
		{"“mg/dL", image.Rect(101, 100, 180, 130), 0.9, "mg/dL"},
		{"|140", image.Rect(101, 100, 180, 130), 0.9, "140"},
		{"12|", image.Rect(40, 100, 100, 130), 0.9, "12"},
		{"“quoted”", image.Rect(500, 100, 600, 130), 0.9, "“quoted”"},
		{"|", image.Rect(98, 100, 104, 130), 0.5, ""},
		{"(40", image.Rect(106, 100, 180, 130), 0.9, "(40"},
		{"-", image.Rect(500, 110, 520, 115), 0.5, "-"},
		{"O", image.Rect(302, 102, 338, 138), 0.9, ""},
		{"XFemale", image.Rect(302, 102, 500, 138), 0.9, "XFemale"},
		{"O", image.Rect(502, 102, 538, 138), 0.9, "O"},
		{"‘Lipase", image.Rect(500, 100, 600, 130), 0.9, "Lipase"},
		{"\"Female", image.Rect(345, 105, 450, 135), 0.9, "Female"},
		{"\"Female", image.Rect(545, 105, 650, 135), 0.9, "\"Female"},
		{"as_", image.Rect(500, 100, 600, 130), 0.9, "as"},
		{"__", image.Rect(500, 100, 600, 130), 0.9, "__"},
	} {
		got := tidy(p, []page.Word{{Text: c.text, Box: c.box, Conf: c.conf}})
		if c.want == "" && len(got) != 0 || c.want != "" && (len(got) != 1 || got[0].Text != c.want) {
			t.Errorf("%q gives %v, want %q", c.text, got, c.want)
		}
	}
}
