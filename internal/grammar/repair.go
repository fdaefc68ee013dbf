package grammar

import "strings"

// misreadDigit is a character class, for regular expressions, of what OCR
// gives for a digit.
const misreadDigit = `[0-9OoQlI|!SBZ]`

// asDigit returns the digit that c is or is commonly misread from.
func asDigit(c byte) (byte, bool) {
	switch c {
	case 'O', 'o', 'Q', 'D':
		return '0', true
	case 'l', 'I', '|', '!', 'i':
		return '1', true
	case 'Z', 'z':
		return '2', true
	case 'S', 's':
		return '5', true
	case 'B':
		return '8', true
	}
	return c, isDigit(c)
}

// digits reads s as digits, counting the characters that had to be repaired.
// It answers false where a character is no digit or more than half were damaged.
func digits(s string) (out string, repaired int, ok bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		d, ok := asDigit(s[i])
		if !ok {
			return "", 0, false
		}
		if d != s[i] {
			repaired++
		}
		b.WriteByte(d)
	}
	return b.String(), repaired, b.Len() > 0
}

// fold maps characters that OCR confuses onto one of them, in lower case, so
// that two words are equal after folding if confusion alone tells them apart.
func fold(s string) string {
	s = strings.ToLower(s)
	s = strings.ReplaceAll(s, "rn", "m")
	s = strings.ReplaceAll(s, "vv", "w")
	return strings.Map(func(r rune) rune {
		switch r {
		case '0', 'q':
			return 'o'
		case '1', 'l', '|', '!':
			return 'i'
		case '5', '$':
			return 's'
		case '8':
			return 'b'
		case '2':
			return 'z'
		}
		return r
	}, s)
}

// within reports whether a and b are at most one insertion, deletion or
// substitution apart.
func withinOne(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) == len(b) {
		return i == len(a) || a[i+1:] == b[i+1:]
	}
	return a[i:] == b[i+1:]
}
