package layout

import (
	"regexp"
	"strings"
	"unicode"
)

const (
	headRows = 5 // rows at the top of a page that may be a running header
	footRows = 4
)

var (
	pageOf = regexp.MustCompile(`(?i)\b(page|pg\.?|p\.)\s*:?\s*\d{1,4}(\s*(of|/)\s*\d{1,4})?\b`)
	stamp  = regexp.MustCompile(`(?i)^(printed|generated|faxed|scanned|received|print date|date printed)\b.*\d`)
	clock  = regexp.MustCompile(`\b\d{1,2}[:.]\d{2}(?:[ap]m?)?\b`)
	phone  = regexp.MustCompile(`\d{3}\W{0,3}\d{3}\W{0,2}\d{4}|\b\d{7,12}\b`)
	faxTag = regexp.MustCompile(`(?i)\b(from|to|fax|tel|id|rcvd|recv|received|sent|job|sta|tx|rx)\b|\bp\.?\s?\d{1,3}\b|\d{1,3}/\d{1,3}$`)
	whose  = regexp.MustCompile(`(?i)\b(mrn|mr ?#|dob|birth|born|patient|pt|name|acct|account|record|chart|collected|specimen|client|member|visit)\b|[A-Z][a-z]+, ?[A-Z][a-z]`)
)

// findBanners returns, for each sheet, the rows that are running headers or
// footers: repeated on a neighbouring page but for their numbers, or by their
// form alone at the edge of the page.
func findBanners(sheets []*sheet) []map[int]bool {
	out := make([]map[int]bool, len(sheets))
	for i, s := range sheets {
		out[i] = map[int]bool{}
		for k := 0; k < len(s.rows) && k < headRows && s.repeats(sheets, i, k, true); k++ {
			out[i][k] = true
		}
		for k := 1; k <= len(s.rows) && k <= footRows && s.repeats(sheets, i, k, false); k++ {
			out[i][len(s.rows)-k] = true
		}
		for k := range s.faxRows() {
			out[i][k] = true
		}
		s.edgeBanners(out[i])
		if i > 0 {
			s.letterBanner(out[i])
		}
	}
	return out
}

// repeats looks for row k, from the top or from the bottom, near the same place
// on the pages before and after.
func (s *sheet) repeats(sheets []*sheet, i, k int, top bool) bool {
	at := func(t *sheet, k int) (string, bool) {
		if !top {
			k = len(t.rows) - k
		}
		if k < 0 || k >= len(t.rows) {
			return "", false
		}
		return shape(Text(t.rows[k].words)), true
	}
	mine, ok := at(s, k)
	if !ok || len(mine) < 4 || strings.Contains(mine, "continued") || s.tableLike(k, top) {
		return false
	}
	for _, j := range []int{i - 1, i + 1} {
		for d := -1; d <= 1; d++ {
			if j < 0 || j >= len(sheets) || s.twin(sheets[j]) {
				continue
			}
			if other, ok := at(sheets[j], k+d); ok && alike(mine, other) {
				return true
			}
		}
	}
	return false
}

// twin is true for the same page again, as in a chart faxed twice: nothing on it
// is a running head for being repeated.
func (s *sheet) twin(t *sheet) bool {
	if s.twins == nil {
		s.twins = map[*sheet]bool{}
	}
	same, ok := s.twins[t]
	if !ok {
		n, rows := 0, min(len(s.rows), len(t.rows))
		for k := range rows {
			if shape(Text(s.rows[k].words)) == shape(Text(t.rows[k].words)) {
				n++
			}
		}
		same = rows > 3 && n*5 > rows*4 && n > headRows
		s.twins[t] = same
	}
	return same
}

// tableLike keeps the header row of a table that goes on over the page break, and
// the last rows of one.
func (s *sheet) tableLike(k int, top bool) bool {
	if !top {
		k = len(s.rows) - k
	}
	text := Text(s.rows[k].words)
	return len(s.rows[k].segs) >= 3 && (digits(text) == 0 || !top && !pageOf.MatchString(text)) && !strings.Contains(text, ":")
}

// shape is a row's text with every number alike.
func shape(text string) string {
	var b strings.Builder
	last := rune(0)
	for _, r := range strings.ToLower(text) {
		if unicode.IsDigit(r) {
			r = '#'
		}
		if r == '#' && last == '#' || unicode.IsSpace(r) {
			continue
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// alike allows a slip of the reader in every six characters.
func alike(a, b string) bool {
	if a == b {
		return true
	}
	if len(a) > 300 || len(b) > 300 {
		return false
	}
	longest := max(len(a), len(b))
	return editDistance(a, b, longest/6) <= longest/6
}

// editDistance is Levenshtein's over bytes; it may stop at any value over limit.
func editDistance(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	prev := make([]int, len(b)+1)
	next := make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			next[j] = min(prev[j-1]+cost, prev[j]+1, next[j-1]+1)
		}
		prev, next = next, prev
	}
	return prev[len(b)]
}

// faxRows are the rows that a fax machine printed: the first two and the last.
func (s *sheet) faxRows() map[int]bool {
	out := map[int]bool{}
	for _, k := range []int{0, 1, len(s.rows) - 1} {
		if k >= 0 && k < len(s.rows) && isFaxBanner(Text(s.rows[k].words)) {
			out[k] = true
		}
	}
	return out
}

// isFaxBanner knows the line a fax machine adds: the time, and with it two of a
// number to call, a page count and a word for the way it went; nothing about a
// patient.
func isFaxBanner(text string) bool {
	if whose.MatchString(text) || len(text) > 120 {
		return false
	}
	n := 0
	for _, is := range []bool{clock.MatchString(text), phone.MatchString(text),
		faxTag.MatchString(text), pageOf.MatchString(text)} {
		if is {
			n++
		}
	}
	return n >= 3 && clock.MatchString(text)
}

// edgeBanners takes page counts and print stamps at the top and bottom.
func (s *sheet) edgeBanners(out map[int]bool) {
	for k := range s.rows {
		if k >= 3 && k < len(s.rows)-footRows {
			continue
		}
		text := Text(s.rows[k].words)
		if m := pageOf.FindString(text); m != "" && len(m)*3 >= len(text) || stamp.MatchString(text) && len(text) < 90 {
			out[k] = true
		}
	}
}

// letterBanner takes the rows on top of a further page down to its page number,
// where white space follows: "OKAFOR, JAMES T / MR#: 00482913  Page 2".
func (s *sheet) letterBanner(out map[int]bool) {
	for k := 0; k+1 < len(s.rows) && k < 4; k++ {
		if !pageOf.MatchString(Text(s.rows[k].words)) || len(s.rows[k].words) > 14 {
			continue
		}
		if dyGap(s.rows[k].box, s.rows[k+1].box) < s.unit {
			return
		}
		for j := 0; j <= k; j++ {
			out[j] = true
		}
		return
	}
}
