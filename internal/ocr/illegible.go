package ocr

import (
	"image"
	"slices"
	"strings"
	"unicode"

	"github.com/paperchart/paperchart/internal/page"
)

// Of handwriting the program reads something: letters that look alike, word after
// word of low confidence. On a page with much that could not be read, a line of
// which hardly a letter is sure says nothing and must not be taken for text; its ink
// is given back as unread. On other pages such a line is print, badly copied.
const (
	sureWord     = 0.77 // tesseract's 85: three of four such words are right
	leastSure    = 0.3  // share of a line's letters in sure words
	mostDoubtful = 0.65 // mean confidence, by letters
	leastLetters = 4
	// much is the unread share of a page's writing, by area.
	much = 0.15
)

// illegible replaces the lines that cannot be read by unread ink, and the scraps
// among such ink: two letters of a word by hand look like print by chance.
func illegible(words, unread []page.Word) []page.Word {
	var out, lost []page.Word
	dark, light := 0, 0
	for _, w := range unread {
		dark += area(w.Box)
	}
	for _, line := range textLines(words) {
		box, texts := line[0].Box, []string(nil)
		for _, w := range line {
			box = box.Union(w.Box)
			texts = append(texts, w.Text)
		}
		if !hopeless(line) {
			out = append(out, line...)
			light += area(box)
			continue
		}
		dark += area(box)
		lost = append(lost, page.Word{Box: box, Alternatives: []string{strings.Join(texts, " ")}})
	}
	if float64(dark) < much*float64(dark+light) {
		return append(words, unread...)
	}
	out = append(append(out, lost...), unread...)
	for i := range out {
		if w := &out[i]; w.Text != "" && scrap(*w, out) {
			w.Text, w.Alternatives = "", append([]string{w.Text}, w.Alternatives...)
		}
	}
	return out
}

func area(r image.Rectangle) int { return r.Dx() * r.Dy() }

// The longest a scrap is, in letters, and how much more unread ink stands beside it.
const (
	longestScrap = 3
	timesWider   = 2
)

func scrap(w page.Word, all []page.Word) bool {
	if w.Conf >= 0.9 || len([]rune(w.Text)) > longestScrap || strings.IndexFunc(w.Text, unicode.IsLetter) < 0 {
		return false
	}
	width, reach := 0, 6*w.Box.Dy()
	near := image.Rect(w.Box.Min.X-reach, w.Box.Min.Y, w.Box.Max.X+reach, w.Box.Max.Y)
	for _, o := range all {
		if o.Text == "" {
			width += o.Box.Intersect(near).Dx()
		}
	}
	return width > timesWider*w.Box.Dx()
}

func hopeless(line []page.Word) bool {
	letters, sure, sum := 0, 0, 0.0
	for _, w := range line {
		n := strings.IndexFunc(w.Text, unicode.IsLetter)
		if w.Text == "" || n < 0 {
			if w.Text == "" || w.Conf >= sureWord {
				return false // a number that is sure is worth a look
			}
		}
		count := 0
		for _, r := range w.Text {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				count++
			}
		}
		letters += count
		sum += w.Conf * float64(count)
		if w.Conf >= sureWord {
			sure += count
		}
	}
	return letters >= leastLetters && float64(sure) < leastSure*float64(letters) && sum < mostDoubtful*float64(letters)
}

// textLines groups words that stand on a line without a wide gap.
func textLines(words []page.Word) [][]page.Word {
	sorted := slices.Clone(words)
	slices.SortStableFunc(sorted, func(a, b page.Word) int { return a.Box.Min.X - b.Box.Min.X })
	var lines [][]page.Word
	var boxes []image.Rectangle
next:
	for _, w := range sorted {
		for i := len(lines) - 1; i >= 0; i-- {
			last := lines[i][len(lines[i])-1].Box
			h := min(last.Dy(), w.Box.Dy())
			if w.Box.Min.X-boxes[i].Max.X < 2*max(last.Dy(), w.Box.Dy()) && 2*(min(last.Max.Y, w.Box.Max.Y)-max(last.Min.Y, w.Box.Min.Y)) >= h {
				lines[i] = append(lines[i], w)
				boxes[i] = boxes[i].Union(w.Box)
				continue next
			}
		}
		lines = append(lines, []page.Word{w})
		boxes = append(boxes, w.Box)
	}
	return lines
}
