package fhirpath

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// SyntaxError is why an expression cannot be compiled.
type SyntaxError struct {
	Message string
	Offset  int // bytes from the start of the expression
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("compile FHIRPath at %d: %s", e.Offset, e.Message)
}

type tokenKind uint8

const (
	tokEnd tokenKind = iota
	tokName
	tokQuoted // `delimited` name
	tokString
	tokNumber
	tokDate // @…, as written without the @
	tokExternal
	tokThis // $this, $index, $total
	tokSymbol
)

type token struct {
	kind tokenKind
	text string
	at   int
}

type lexer struct {
	src string
	pos int
	err *SyntaxError
}

func (l *lexer) fail(at int, format string, args ...any) {
	if l.err == nil {
		l.err = &SyntaxError{Message: fmt.Sprintf(format, args...), Offset: at}
	}
}

func (l *lexer) next() token {
	l.skip()
	at := l.pos
	if at >= len(l.src) || l.err != nil {
		return token{tokEnd, "", at}
	}
	switch c := l.src[at]; {
	case isLetter(c):
		return token{tokName, l.while(isNamePart), at}
	case isDigit(c):
		return token{tokNumber, l.number(), at}
	case c == '\'':
		return token{tokString, l.quoted('\''), at}
	case c == '`':
		return token{tokQuoted, l.quoted('`'), at}
	case c == '"':
		return token{tokQuoted, l.quoted('"'), at}
	case c == '@':
		l.pos++
		return token{tokDate, l.date(), at}
	case c == '$':
		l.pos++
		return token{tokThis, l.while(isNamePart), at}
	case c == '%':
		return token{tokExternal, l.external(), at}
	}
	return token{tokSymbol, l.symbol(), at}
}

func (l *lexer) skip() {
	for l.pos < len(l.src) {
		rest := l.src[l.pos:]
		switch {
		case strings.IndexByte(" \t\r\n", rest[0]) >= 0:
			l.pos++
		case strings.HasPrefix(rest, "//"):
			end := strings.IndexByte(rest, '\n')
			if end < 0 {
				end = len(rest)
			}
			l.pos += end
		case strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest, "*/")
			if end < 0 {
				l.fail(l.pos, "the comment has no end")
				return
			}
			l.pos += end + 2
		default:
			return
		}
	}
}

func isLetter(c byte) bool   { return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func isDigit(c byte) bool    { return c >= '0' && c <= '9' }
func isNamePart(c byte) bool { return isLetter(c) || isDigit(c) }

func (l *lexer) while(ok func(byte) bool) string {
	start := l.pos
	for l.pos < len(l.src) && ok(l.src[l.pos]) {
		l.pos++
	}
	return l.src[start:l.pos]
}

func (l *lexer) number() string {
	start := l.pos
	l.while(isDigit)
	if l.pos+1 < len(l.src) && l.src[l.pos] == '.' && isDigit(l.src[l.pos+1]) {
		l.pos++
		l.while(isDigit)
	}
	return l.src[start:l.pos]
}

// date takes the characters of a date, dateTime or time literal.
func (l *lexer) date() string {
	start := l.pos
	l.while(func(c byte) bool { return isDigit(c) || c == '-' })
	if l.pos < len(l.src) && l.src[l.pos] == 'T' {
		l.pos++
		l.while(func(c byte) bool { return isDigit(c) || c == ':' })
		if l.pos+1 < len(l.src) && l.src[l.pos] == '.' && isDigit(l.src[l.pos+1]) {
			l.pos++
			l.while(isDigit)
		}
		l.zone()
	}
	return l.src[start:l.pos]
}

func (l *lexer) zone() {
	rest := l.src[l.pos:]
	switch {
	case strings.HasPrefix(rest, "Z"):
		l.pos++
	case len(rest) >= 6 && (rest[0] == '+' || rest[0] == '-') && isDigit(rest[1]) && isDigit(rest[2]) && rest[3] == ':' && isDigit(rest[4]) && isDigit(rest[5]):
		l.pos += 6
	}
}

func (l *lexer) external() string {
	l.pos++
	if l.pos < len(l.src) {
		switch c := l.src[l.pos]; c {
		case '\'', '`', '"':
			return l.quoted(c)
		}
	}
	name := l.while(func(c byte) bool { return isNamePart(c) || c == '-' })
	if name == "" {
		l.fail(l.pos, "a name is expected after %%")
	}
	return name
}

func (l *lexer) quoted(quote byte) string {
	start := l.pos
	var b strings.Builder
	for l.pos++; l.pos < len(l.src); {
		switch c := l.src[l.pos]; c {
		case quote:
			l.pos++
			return b.String()
		case '\\':
			l.escape(&b)
		default:
			b.WriteByte(c)
			l.pos++
		}
	}
	l.fail(start, "the string has no end")
	return ""
}

func (l *lexer) escape(b *strings.Builder) {
	if l.pos+1 >= len(l.src) {
		l.pos++
		return
	}
	const from, to = "rntf", "\r\n\t\f"
	c := l.src[l.pos+1]
	if i := strings.IndexByte(from, c); i >= 0 {
		b.WriteByte(to[i])
		l.pos += 2
		return
	}
	if c == 'u' && l.pos+6 <= len(l.src) {
		if v, err := strconv.ParseUint(l.src[l.pos+2:l.pos+6], 16, 16); err == nil {
			b.WriteRune(rune(v))
			l.pos += 6
			return
		}
	}
	r, n := utf8.DecodeRuneInString(l.src[l.pos+1:])
	b.WriteRune(r)
	l.pos += 1 + n
}

func (l *lexer) symbol() string {
	rest := l.src[l.pos:]
	n := 1
	if len(rest) > 1 {
		switch rest[:2] {
		case "<=", ">=", "!=", "!~":
			n = 2
		}
	}
	if strings.IndexByte("()[]{}.,+-*/&|<>=~!", rest[0]) < 0 {
		l.fail(l.pos, "an unexpected character stands here")
	}
	l.pos += n
	return rest[:n]
}
