package terms

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// What can be a term: longer text is a sentence, and one of more than maxDamaged
// tokens must be spelled right.
const (
	maxText    = 260
	maxTokens  = 40
	maxDamaged = 14
)

// split lowers a text and cuts it into tokens of ASCII letters and digits.
// Accents go, possessives go, "w/o" and its like become words, a decimal point
// stays inside its number, % and # stay as tokens of their own.
func split(text string) []string {
	if len(text) > 4*maxText {
		text = text[:4*maxText]
	}
	s := fold(text)
	var out []string
	lacking := false // after "without", until a comma or "with"
	for i := 0; i < len(s); {
		c := s[i]
		if c == ',' || c == ';' || c == ')' {
			lacking = false
		}
		if c == '%' || c == '#' {
			out = append(out, s[i:i+1])
			i++
			continue
		}
		if !alnum(c) {
			i++
			continue
		}
		j := i
		for j < len(s) && (alnum(s[j]) || inNumber(s, j)) {
			j++
		}
		word, n := slashed(s, i, j)
		i = n
		switch {
		case word == "without":
			lacking = true
			continue
		case word == "with":
			lacking = false
		case lacking && word != "or" && word != "and":
			word = lackingMark + word
		}
		out = append(out, word)
	}
	return joinInitials(out)
}

// lackingMark goes before each word that "without" governs, so that "with
// obstruction, without gangrene" and its converse stay apart although the order
// of words does not count.
const lackingMark = "wo"

func alnum(c byte) bool { return c >= 'a' && c <= 'z' || digit(c) }
func digit(c byte) bool { return c >= '0' && c <= '9' }

// inNumber tells whether s[j] is a point between two digits.
func inNumber(s string, j int) bool {
	return s[j] == '.' && j > 0 && j+1 < len(s) && digit(s[j-1]) && (digit(s[j+1]) || alnum(s[j+1]))
}

// slashed reads the clinical slashes: w/o, w/, s/p, h/o, r/o, c/o.
func slashed(s string, i, j int) (word string, next int) {
	word = s[i:j]
	if j-i > 2 || j >= len(s) || s[j] != '/' {
		return word, j
	}
	k := j + 1
	for k < len(s) && alnum(s[k]) {
		k++
	}
	switch s[i:k] {
	case "w/o":
		return "without", k
	case "s/p":
		return "statuspost", k
	case "h/o", "hx/o":
		return "history", k
	case "r/o":
		return "ruleout", k
	case "c/o":
		return "complains", k
	case "d/o":
		return "disorder", k
	case "c/b":
		return "with", k
	case "f/u":
		return "followup", k
	case "d/t", "2/2":
		return "due", k // secondary to
	case "u/a":
		return "ua", k
	case "n/v":
		return "nv", k
	case "n/v/d":
		return "nvd", k
	}
	if word == "w" {
		return "with", j + 1
	}
	return word, j
}

// joinInitials joins a single letter with the number after it: "B 12", "T-4".
func joinInitials(in []string) []string {
	out := in[:0]
	for i := 0; i < len(in); i++ {
		t := in[i]
		if len(t) == 1 && t[0] >= 'a' && i+1 < len(in) && len(in[i+1]) <= 3 && digit(in[i+1][0]) && !dosed(in[:i], t, in[i+1]) &&
			!(i > 0 && i+2 < len(in) && (strengthUnit(in[i+2]) || in[i+2] == "units")) {
			t += in[i+1]
			i++
		}
		out = append(out, t)
	}
	return out
}

// dosed tells "vitamin E 400" and "vitamin D 25-OH" from "vitamin B 12": the
// number is no part of the vitamin's name.
func dosed(before []string, letter, number string) bool {
	if n := len(before); n == 0 || before[n-1] != "vitamin" && before[n-1] != "vit" {
		return false
	}
	switch letter {
	case "b":
		return len(number) > 2
	case "d", "k":
		return len(number) > 1
	}
	return true
}

// fold lowers, removes accents and possessives, and spells symbols out.
func fold(text string) string {
	var b strings.Builder
	b.Grow(len(text) + 8)
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			i += foldASCII(&b, text, i)
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		if r == '’' || r == '‘' {
			i += n + possessive(text[i+n:])
			continue
		}
		b.WriteString(foldRune(r))
		i += n
	}
	return b.String()
}

// foldASCII writes what the byte at i becomes and returns how many it took.
func foldASCII(b *strings.Builder, text string, i int) int {
	c := text[i]
	switch {
	case c == 'O' && i+2 < len(text) && text[i+1] == '.' && digit(text[i+2]) && (i == 0 || text[i-1] == ' '):
		b.WriteByte('0') // "O.05 mg"
	case c >= 'A' && c <= 'Z':
		b.WriteByte(c + 'a' - 'A')
	case c == 'l' && i+1 < len(text) && text[i+1] >= 'A' && text[i+1] <= 'Z':
		b.WriteByte('i') // "lNR": a capital I as scanners read it
	case c == 'l' && text[max(0, i-1)] != 'C' && capitals(text, i) && !letterAt(text, i+1):
		b.WriteByte('i') // "UTl", though not "HCl"
	case c == 's' && capitals(text, i) && !letterAt(text, i+1) && text[i-2:i] != "HB": // "HAs" are headaches, "HBs" an antigen
	case c == '\'' || c == '`':
		return 1 + possessive(text[i+1:])
	case c == '.' && abbreviates(text, i):
	case c == ',' && i > 0 && digit(text[i-1]) && i+3 < len(text) && digit(text[i+1]) && digit(text[i+2]) && digit(text[i+3]):
	case c == '|':
		b.WriteByte('l')
	default:
		b.WriteByte(c)
	}
	return 1
}

// capitals tells whether two capitals at least stand before i, and no small letter
// in their word.
func capitals(text string, i int) bool {
	n := 0
	for i--; i >= 0 && text[i] >= 'A' && text[i] <= 'Z'; i-- {
		n++
	}
	return n >= 2 && !letterAt(text, i)
}

func letterAt(text string, i int) bool {
	return i >= 0 && i < len(text) && alnum(text[i]|0x20)
}

// possessive is 1 where an apostrophe is followed by a final s.
func possessive(rest string) int {
	if rest == "" || rest[0]|0x20 != 's' {
		return 0
	}
	if len(rest) == 1 || !alnum(rest[1]|0x20) {
		return 1
	}
	return 0
}

// abbreviates tells whether the point at i follows a lone letter ("D.M.").
func abbreviates(text string, i int) bool {
	letter := func(k int) bool { return k >= 0 && k < len(text) && text[k]|0x20 >= 'a' && text[k]|0x20 <= 'z' }
	return letter(i-1) && !letter(i-2) && (letter(i+1) && !letter(i+2) || i >= 2 && text[i-2] == '.')
}

func foldRune(r rune) string {
	const from = "àáâãäåèéêëìíîïòóôõöøùúûüçñÀÁÂÃÄÅÈÉÊËÌÍÎÏÒÓÔÕÖØÙÚÛÜÇÑ"
	const to = "aaaaaaeeeeiiiioooooouuuucnaaaaaaeeeeiiiioooooouuuucn"
	n := 0
	for _, f := range from {
		if f == r {
			return to[n : n+1]
		}
		n++
	}
	switch r {
	case 'µ', 'μ':
		return "u"
	case 'α':
		return " alpha "
	case 'β', 'ß':
		return " beta "
	case 'γ':
		return " gamma "
	case '®', '™':
		return ""
	case 'œ', 'Œ':
		return "oe"
	case 'æ', 'Æ':
		return "ae"
	}
	return " "
}

// stem brings spelling variants and number together. It need not be a word:
// terms and texts pass through the same one.
func stem(t string) string {
	if len(t) < 4 {
		return t
	}
	if strings.Contains(t, "ae") || strings.Contains(t, "oe") {
		t = strings.ReplaceAll(strings.ReplaceAll(t, "ae", "e"), "oe", "e")
	}
	if strings.Contains(t, "our") && len(t) > 4 {
		t = strings.Replace(t, "our", "or", 1)
	}
	if strings.Contains(t, "sulph") {
		t = strings.Replace(t, "sulph", "sulf", 1)
	}
	if strings.Contains(t, "is") && (strings.HasSuffix(t, "ise") || strings.HasSuffix(t, "ised") || strings.HasSuffix(t, "isation")) {
		i := strings.LastIndex(t, "is")
		t = t[:i] + "iz" + t[i+2:]
	}
	return singular(t)
}

func singular(t string) string {
	n := len(t)
	if n < 4 || t[n-1] != 's' || digit(t[n-2]) {
		return t
	}
	switch {
	case t == "dheas": // no plural: another hormone than DHEA
		return t
	case strings.HasSuffix(t, "diseases"):
		return t[:n-1]
	case strings.HasSuffix(t, "oses"), strings.HasSuffix(t, "tases"), strings.HasSuffix(t, "eses"):
		return t[:n-2] + "is"
	case strings.HasSuffix(t, "ies") && n > 4:
		return t[:n-3] + "y"
	case strings.HasSuffix(t, "aches"):
		return t[:n-1]
	case strings.HasSuffix(t, "sses"), strings.HasSuffix(t, "xes"), strings.HasSuffix(t, "ches"), strings.HasSuffix(t, "shes"):
		return t[:n-2]
	case t[n-2] == 's', t[n-2] == 'u', t[n-2] == 'i':
		return t
	}
	return t[:n-1]
}

// roman reads the numerals that types and stages are written in.
func roman(t string) string {
	switch t {
	case "i", "one", "l":
		return "1"
	case "ii", "two", "ll":
		return "2"
	case "iii", "three", "lll":
		return "3"
	case "iv", "four", "lv":
		return "4"
	case "v", "five":
		return "5"
	}
	if n := len(t) - 1; n > 1 && t[n] >= 'a' && t[n] <= 'c' && strings.Trim(t[:n], "ivl") == "" {
		if r := roman(t[:n]); r != "" {
			return r + t[n:]
		}
	}
	if len(t) <= 2 && digit(t[0]) && (len(t) == 1 || digit(t[1]) || t[1] == 'a' || t[1] == 'b' || t[1] == 'c') {
		return t
	}
	if len(t) <= 3 && t[0] == 'g' && len(t) > 1 && digit(t[1]) {
		return t[1:]
	}
	return ""
}

// number joins "type II", "stage 3 a" and "CKD 3a" into one token each.
func number(in []string) []string {
	out := in[:0:0]
	for i := 0; i < len(in); i++ {
		t := in[i]
		if strings.HasPrefix(t, "ckd") && len(t) > 3 && roman(t[3:]) != "" {
			out = append(out, "ckd", "stage"+roman(t[3:]))
			continue
		}
		if t == "stg" {
			t = "stage"
		}
		if (t == "type" || t == "stage" || t == "class" || t == "grade") && i+1 < len(in) {
			if n := roman(in[i+1]); n != "" {
				i++
				if t == "stage" && len(n) == 1 && i+1 < len(in) && (in[i+1] == "a" || in[i+1] == "b") {
					i++
					n += in[i]
				}
				out = append(out, t+n)
				continue
			}
		}
		out = append(out, t)
		if t == "ckd" && i+1 < len(in) && roman(in[i+1]) != "" {
			i++
			out = append(out, "stage"+roman(in[i]))
		}
	}
	return out
}

// stems are the stemmed tokens of a text, before any rewriting.
func stems(text string) []string {
	toks := number(split(text))
	for i, t := range toks {
		toks[i] = stem(t)
	}
	return toks
}

// key hashes a domain and a set of tokens; the order of words does not count.
func key(d Domain, toks []string) uint64 {
	var buf [maxTokens + 4]string
	set := append(buf[:0], toks...)
	slices.Sort(set)
	set = slices.Compact(set)
	h := hashByte(fnvBasis, byte(d))
	for _, t := range set {
		h = hashString(hashByte(h, 0x1f), t)
	}
	return h
}

// FNV-1a, 64 bits: stable across builds, as the compiled files need.
const (
	fnvBasis = 14695981039346656037
	fnvPrime = 1099511628211
)

func hashByte(h uint64, b byte) uint64 { return (h ^ uint64(b)) * fnvPrime }

func hashString(h uint64, s string) uint64 {
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * fnvPrime
	}
	return h
}
