package ocr

import (
	"strings"
	"unicode"

	"github.com/paperchart/paperchart/internal/page"
)

// Numbers are read worse than words, since no language model helps with them,
// and a wrong one is worse. Those that are not quite sure are read again, each
// enlarged on a line of its own, all in one run: two readings that agree are
// right 98 times in 100, and where an unsure one is contradicted it is wrong
// more often than not (measured on public medical scans, facts-reading.md's
// figures).

const (
	sureNumber   = 0.985 // numbers from here on are not read again
	agreed       = 0.98
	numberHeight = 46 // pixels of a digit in the enlarged line
	mostNumbers  = 120
)

// unsureNumbers are the words to be read again, none where they are so many that
// the page is no page of print.
func unsureNumbers(words []page.Word) []int {
	var unsure []int
	for i, w := range words {
		if w.Conf < sureNumber && numberlike(w.Text) && w.Box.Dy() > 4 && w.Box.Dx() < 14*w.Box.Dy() {
			unsure = append(unsure, i)
		}
	}
	if len(unsure) > mostNumbers {
		return nil
	}
	return unsure
}

// numberlike tells words that are mostly digits, and those that ought to be.
func numberlike(s string) bool {
	digits, other := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r):
			other++
		}
	}
	return digits > 0 && digits >= other
}

// weigh compares a word with its second reading.
func weigh(w *page.Word, again []page.Word) {
	var b strings.Builder
	least := 1.0
	for _, a := range again {
		b.WriteString(a.Text)
		least = min(least, a.Conf)
	}
	second := b.String()
	switch {
	case second == "":
	case strings.EqualFold(bare(second), bare(w.Text)):
		w.Conf = max(w.Conf, agreed*min(1, 0.9+least/10))
	case numeric(second) && !numeric(w.Text) && least > 0.6:
		w.Alternatives = append([]string{w.Text}, w.Alternatives...)
		w.Text, w.Conf = second, min(0.75, least)
	default:
		w.Alternatives = append([]string{second}, w.Alternatives...)
		w.Conf = min(w.Conf, 0.3+0.5*w.Conf)
	}
}

// bare drops the punctuation that a crop may have cut off.
func bare(s string) string { return strings.Trim(s, " .,:;|_'`\"") }

// numeric reports that every sign of s belongs in a number, a date or a range.
func numeric(s string) bool {
	return s != "" && strings.Trim(s, "0123456789.,/-:%<>=+*()") == "" && strings.ContainsAny(s, "0123456789")
}
