package model

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// str reads the string at the position, whose first byte is the quote.
func (d *Doc) str() string {
	d.pos++
	start := d.pos
	for i := start; i < len(d.src); i++ {
		switch c := d.src[i]; {
		case c == '"':
			d.pos = i + 1
			return d.src[start:i]
		case c == '\\':
			return d.escaped(start, i)
		case c < ' ':
			d.fail(i, "a control character stands unescaped in a string")
			return ""
		}
	}
	d.fail(start-1, "the string has no end")
	return ""
}

// escaped reads the rest of a string from its first backslash.
func (d *Doc) escaped(start, i int) string {
	var b strings.Builder
	b.WriteString(d.src[start:i])
	for i < len(d.src) {
		switch c := d.src[i]; {
		case c == '"':
			d.pos = i + 1
			return b.String()
		case c < ' ':
			d.fail(i, "a control character stands unescaped in a string")
			return ""
		case c != '\\':
			b.WriteByte(c)
			i++
		default:
			n := d.escape(&b, i)
			if d.err != nil {
				return ""
			}
			i += n
		}
	}
	d.fail(start-1, "the string has no end")
	return ""
}

const escapes, escaped = `"\/bfnrt`, "\"\\/\b\f\n\r\t"

// escape decodes the escape at i and returns its length.
func (d *Doc) escape(b *strings.Builder, i int) int {
	if i+1 < len(d.src) {
		if at := strings.IndexByte(escapes, d.src[i+1]); at >= 0 {
			b.WriteByte(escaped[at])
			return 2
		}
	}
	r, ok := hex4(d.src, i)
	if !ok {
		d.fail(i, "an unknown escape stands in a string")
		return 0
	}
	if !utf16.IsSurrogate(r) {
		b.WriteRune(r)
		return 6
	}
	low, ok := hex4(d.src, i+6)
	if r = utf16.DecodeRune(r, low); !ok || r == utf8.RuneError {
		d.fail(i, "half of a surrogate pair stands in a string")
		return 0
	}
	b.WriteRune(r)
	return 12
}

// hex4 reads the escape \uXXXX at i.
func hex4(s string, i int) (rune, bool) {
	if i+6 > len(s) || s[i] != '\\' || s[i+1] != 'u' {
		return 0, false
	}
	v, err := strconv.ParseUint(s[i+2:i+6], 16, 16)
	return rune(v), err == nil
}

// number reads the number at the position and returns it as written.
func (d *Doc) number() string {
	start := d.pos
	d.accept("-")
	if d.accept("0") == 0 && d.digits() == 0 {
		d.fail(start, "a number needs a digit")
	}
	if d.pos < len(d.src) && isDigit(d.src[d.pos]) {
		d.fail(start, "a number starts with a superfluous zero")
	}
	if d.accept(".") > 0 && d.digits() == 0 {
		d.fail(start, "a number needs a digit after the point")
	}
	if d.accept("eE") > 0 {
		d.accept("+-")
		if d.digits() == 0 {
			d.fail(start, "a number needs a digit in the exponent")
		}
	}
	return d.src[start:d.pos]
}

// accept steps over one byte of the set and returns how many it took.
func (d *Doc) accept(set string) int {
	if d.pos < len(d.src) && strings.IndexByte(set, d.src[d.pos]) >= 0 {
		d.pos++
		return 1
	}
	return 0
}

func (d *Doc) digits() int {
	start := d.pos
	for d.pos < len(d.src) && isDigit(d.src[d.pos]) {
		d.pos++
	}
	return d.pos - start
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
