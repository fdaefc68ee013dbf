package assert

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/paperchart/paperchart/internal/grammar"
)

// Sentences cuts clinical text: at full stops that end a sentence, at blank
// lines, at bullets and numbers of lists, and before a line that begins
// anew. Decimals, initials and abbreviations (Dr., p.o., vs.) hold together.
// The spans are in order, do not overlap and have no white space at their ends.
func Sentences(text string) []grammar.Span {
	var out []grammar.Span
	start := 0
	for i := 0; i < len(text); i++ {
		if end, next, ok := boundary(text, start, i); ok {
			out = appendTrimmed(out, text, start, end)
			start = next
			i = max(i, next-1)
		}
	}
	return appendTrimmed(out, text, start, len(text))
}

func appendTrimmed(out []grammar.Span, text string, start, end int) []grammar.Span {
	s := text[start:end]
	lead := len(s) - len(strings.TrimLeftFunc(s, unicode.IsSpace))
	s = strings.TrimSpace(s)
	if s == "" {
		return out
	}
	return append(out, grammar.Span{Start: start + lead, End: start + lead + len(s)})
}

// boundary reports whether a sentence ends at i: where it ends, and where the
// next begins.
func boundary(text string, start, i int) (end, next int, ok bool) {
	switch c := text[i]; {
	case c == '\n':
		if newLine(text[i+1:]) {
			return i, i + 1, true
		}
	case c == '.' || c == '!' || c == '?':
		if i+1 < len(text) && isSpace(text[i+1]) && begins(text[i+1:]) && !(c == '.' && (abbreviation(text, i) || listNumber(text, start, i))) {
			return i + 1, i + 1, true
		}
	case c == ' ' && i > start && inlineNumber(text[i+1:]):
		return i, i + 1, true
	case strings.HasPrefix(text[i:], "•"):
		if i > start {
			return i, i, true
		}
	}
	return 0, 0, false
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// newLine reports that a line break before rest is more than a wrap.
func newLine(rest string) bool {
	line, _, _ := strings.Cut(rest, "\n")
	line = strings.TrimSpace(line)
	if line == "" || strings.HasPrefix(line, "•") || strings.HasPrefix(line, "- ") || strings.HasPrefix(line, "* ") {
		return true
	}
	if inlineNumber(line) {
		return true
	}
	head, _, colon := strings.Cut(line, ":")
	return colon && len(head) < 40 && head != "" && unicode.IsUpper(firstRune(head))
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// begins reports that a sentence could begin after white space.
func begins(s string) bool {
	s = strings.TrimLeft(s, " \n\t\r\"“'(")
	r := firstRune(s)
	return s == "" || unicode.IsUpper(r) || unicode.IsDigit(r) || r == '-' || r == '•'
}

// inlineNumber is "2. Diabetes" or "2) Diabetes".
func inlineNumber(s string) bool {
	i := 0
	for i < len(s) && i < 2 && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return i > 0 && i+2 < len(s) && (s[i] == '.' || s[i] == ')') && s[i+1] == ' ' && unicode.IsUpper(firstRune(s[i+2:]))
}

// listNumber is the point of a number that opens the sentence.
func listNumber(text string, start, i int) bool {
	s := strings.TrimSpace(text[start:i])
	return s != "" && len(s) <= 2 && strings.Trim(s, "0123456789") == ""
}

// abbreviation reports that the point at i belongs to the word before it.
func abbreviation(text string, i int) bool {
	j := i
	for j > 0 && !isSpace(text[j-1]) && text[j-1] != '(' {
		j--
	}
	w := strings.ToLower(text[j:i])
	if len(w) == 1 && w[0] >= 'a' && w[0] <= 'z' {
		return true
	}
	return abbreviations[w] || strings.Contains(w, ".") && len(w) <= 6
}

var abbreviations = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`dr mr mrs ms prof st mt jr sr vs approx appt dept est etc e.g i.e fig no nos inc ltd co
		jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun temp wt ht pt pts hx dx tx rx sx fx abd ext resp neuro
		b.i.d t.i.d q.i.d p.o p.r.n q.d q.h.s a.m p.m ref ave blvd rm ste ph neg pos lat bilat`) {
		m[w] = true
	}
	for _, w := range []string{"neg", "pos", "etc", "inc", "hx", "dx", "tx", "co", "no", "abd"} {
		delete(m, w) // they end sentences as often as not
	}
	return m
}()
