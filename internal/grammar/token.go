package grammar

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is what a token is made of.
type Kind uint8

// The kinds of token.
const (
	Word   Kind = iota // letters, with inner apostrophes
	Number             // digits, with inner commas and one decimal point
	Punct              // one other character
)

// Token is a piece of text with its place.
type Token struct {
	Span
	Kind Kind
	// Text is as printed, Low the same in lower case.
	Text, Low string
	// Glued is true where no space stands before the token.
	Glued bool
}

// Tokens cuts text into words, numbers and single other characters; "28ng/mL"
// is 28, ng, /, mL. White space only separates.
func Tokens(text string) []Token {
	var out []Token
	glued := false
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if unicode.IsSpace(r) {
			i, glued = i+n, false
			continue
		}
		kind, end := tokenAt(text, i, r, n)
		t := text[i:end]
		out = append(out, Token{Span{i, end}, kind, t, strings.ToLower(t), glued})
		i, glued = end, true
	}
	return out
}

func tokenAt(text string, i int, r rune, n int) (Kind, int) {
	switch {
	case isDigit(text[i]):
		return Number, numberEnd(text, i)
	case unicode.IsLetter(r):
		return Word, wordEnd(text, i)
	default:
		return Punct, i + n
	}
}

// numberEnd accepts 1,234.5 whole but ends 1.2.3 after 1.2 and "3," after 3.
func numberEnd(text string, i int) int {
	point := false
	for i < len(text) {
		switch c := text[i]; {
		case isDigit(c):
			i++
		case c == '.' && !point && i+1 < len(text) && isDigit(text[i+1]):
			point = true
			i++
		case c == ',' && !point && thousandsAt(text, i):
			i += 4
		default:
			return i
		}
	}
	return i
}

// thousandsAt reports a comma followed by exactly three digits.
func thousandsAt(text string, i int) bool {
	if i+4 > len(text) {
		return false
	}
	for _, c := range []byte(text[i+1 : i+4]) {
		if !isDigit(c) {
			return false
		}
	}
	return i+4 == len(text) || !isDigit(text[i+4])
}

func wordEnd(text string, i int) int {
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		inner := r == '\'' || r == '’'
		if inner {
			next, _ := utf8.DecodeRuneInString(text[i+n:])
			if !unicode.IsLetter(next) {
				return i
			}
		} else if !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) {
			return i
		}
		i += n
	}
	return i
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func isAlnum(c byte) bool { return isDigit(c) || isLetter(c) }

// squeeze trims text and makes every run of white space one space.
func squeeze(text string) string { return strings.Join(strings.Fields(text), " ") }

// lead is the end of what stands before a find, as far as a cue reaches.
func lead(before string) string { return before[max(0, len(before)-40):] }
