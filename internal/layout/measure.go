package layout

import (
	"image"
	"math"
	"sort"
	"unicode"
	"unicode/utf8"

	"github.com/paperchart/paperchart/internal/page"
)

// measure holds the sizes everything on a page is judged by, in pixels, so that
// no threshold depends on resolution.
type measure struct {
	unit float64 // median height of a word
	char float64 // median width of a character
}

// minGap is the least white space, in character widths, that parts two columns.
// A space is about 0.7 of a character in proportional print and 1.3 in
// typewriter print, where two spaces are 2.3.
const minGap = 2.0

func measureWords(words []page.Word) measure {
	var heights, widths []float64
	for _, w := range words {
		n := utf8.RuneCountInString(w.Text)
		if letters(w.Text)+digits(w.Text) == 0 || n < 2 {
			continue
		}
		heights = append(heights, dy(w.Box))
		widths = append(widths, dx(w.Box)/float64(n))
	}
	if len(heights) == 0 {
		for _, w := range words {
			heights = append(heights, dy(w.Box))
			widths = append(widths, dx(w.Box))
		}
	}
	return measure{unit: math.Max(1, median(heights)), char: math.Max(1, median(widths))}
}

// median returns 0 for none and leaves its argument alone.
func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	s := append([]float64(nil), v...)
	sort.Float64s(s)
	return s[len(s)/2]
}

// Floats keep boxes of any size from overflowing.
func dx(r image.Rectangle) float64 { return float64(r.Max.X) - float64(r.Min.X) }
func dy(r image.Rectangle) float64 { return float64(r.Max.Y) - float64(r.Min.Y) }
func midX(r image.Rectangle) float64 {
	return (float64(r.Min.X) + float64(r.Max.X)) / 2
}
func midY(r image.Rectangle) float64 {
	return (float64(r.Min.Y) + float64(r.Max.Y)) / 2
}

// overlap is the length two intervals share, negative for the gap between them.
func overlap(a0, a1, b0, b1 float64) float64 { return math.Min(a1, b1) - math.Max(a0, b0) }

func overlapX(a, b image.Rectangle) float64 {
	return overlap(float64(a.Min.X), float64(a.Max.X), float64(b.Min.X), float64(b.Max.X))
}

func overlapY(a, b image.Rectangle) float64 {
	return overlap(float64(a.Min.Y), float64(a.Max.Y), float64(b.Min.Y), float64(b.Max.Y))
}

func count(s string, is func(rune) bool) int {
	n := 0
	for _, r := range s {
		if is(r) {
			n++
		}
	}
	return n
}

func letters(s string) int { return count(s, unicode.IsLetter) }
func digits(s string) int  { return count(s, unicode.IsDigit) }

// allCaps is true for text whose letters, three at least, are nearly all upper
// case; one letter in eight may be an OCR slip.
func allCaps(s string) bool {
	up := count(s, unicode.IsUpper)
	n := letters(s)
	return n >= 3 && (n-up)*8 <= n
}

// titleCase is true where every word of four letters or more begins upper case,
// and the first word does.
func titleCase(words []page.Word) bool {
	for i, w := range words {
		r, _ := utf8.DecodeRuneInString(w.Text)
		if unicode.IsLower(r) && (i == 0 || letters(w.Text) >= 4) {
			return false
		}
	}
	return len(words) > 0
}
