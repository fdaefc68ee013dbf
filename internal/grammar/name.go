package grammar

import (
	"strings"
	"unicode"
)

// Name is a person's name.
type Name struct {
	// Family is the surname with its particles, in recovered case.
	Family string
	// Given holds the first name and what follows it, initials without point.
	Given []string
	// Prefix is the honorific ("Dr", "Mrs"), Suffix the generation ("Jr",
	// "III"), Credentials the degrees and licences ("MD", "PA-C").
	Prefix, Suffix string
	Credentials    []string
	// Nick is a name in quotes or brackets.
	Nick string
	// Also are other surnames or names: née, AKA, formerly.
	Also []string
	// Score, 0..1, says how much this looks like a person's name at all.
	Score  float64
	Remark string
}

// First is the first given name or "".
func (n Name) First() string {
	if len(n.Given) == 0 {
		return ""
	}
	return n.Given[0]
}

// Middle is what stands between the first name and the surname.
func (n Name) Middle() string {
	if len(n.Given) < 2 {
		return ""
	}
	return strings.Join(n.Given[1:], " ")
}

// String is the name in the order of speech, with suffix and credentials.
func (n Name) String() string {
	parts := append([]string{}, n.Given...)
	if n.Family != "" {
		parts = append(parts, n.Family)
	}
	if n.Prefix != "" {
		parts = append([]string{n.Prefix}, parts...)
	}
	if n.Suffix != "" {
		parts = append(parts, n.Suffix)
	}
	s := strings.Join(parts, " ")
	if len(n.Credentials) > 0 {
		s += ", " + strings.Join(n.Credentials, ", ")
	}
	return s
}

// ParseName reads a person's name in any of its printed orders: "WILKINS,
// SAMANTHA J", "Samantha J. Wilkins, MD", "Dr. Wilkins", "de la Cruz, Maria
// (Mia) née Lopez". It answers false for what cannot be a name: digits,
// labels, sentences, organisations. Names in capitals get their usual case;
// mixed case stays as printed.
func ParseName(text string) (Name, bool) {
	n := Name{}
	q := clean()
	s := strings.Trim(squeeze(text), " .,:;*_|-–")
	if s == "" || len(s) > 80 {
		return n, false
	}
	s = n.takeAlso(s)
	s = n.takeNick(s)
	fields, comma := n.nameFields(s)
	if !repairNames(fields, &q) || !n.arrange(fields, comma, &q) {
		return Name{}, false
	}
	n.recoverCase()
	n.rate(&q)
	n.Score, n.Remark = q.score, q.remark
	return n, n.Score > 0
}

// NameScore is the Score of ParseName, or 0 where the text is no name.
func NameScore(text string) float64 {
	n, _ := ParseName(text)
	return n.Score
}

// takeAlso cuts off "AKA …", "née …", "formerly …".
func (n *Name) takeAlso(s string) string {
	low := strings.ToLower(s)
	for _, cue := range alsoCues {
		i := strings.Index(low, cue)
		if i <= 0 || i+len(cue) > len(s) || len(low) != len(s) {
			continue
		}
		also := strings.Trim(s[i+len(cue):], " .,:;()\"")
		if also != "" && !strings.ContainsAny(also, "0123456789") {
			n.Also = append(n.Also, caseOfName(also))
			return strings.TrimRight(s[:i], " ,(;")
		}
	}
	return s
}

var alsoCues = []string{" aka ", " a.k.a. ", " a/k/a ", "(aka ", " also known as ", " née ", " nee ", "(née ", "(nee ",
	" formerly ", "(formerly ", " f/k/a ", " fka ", "(maiden ", " maiden name ", " né "}

// takeNick cuts out a name in quotes or brackets.
func (n *Name) takeNick(s string) string {
	for _, pair := range []string{"\"\"", "()", "“”", "''"} {
		r := []rune(pair)
		i := strings.IndexRune(s, r[0])
		if i < 0 {
			continue
		}
		j := strings.IndexRune(s[i+1:], r[1])
		if j <= 0 || strings.ContainsAny(s[i:i+1+j], "0123456789") {
			continue
		}
		inner := strings.TrimSpace(strings.Trim(s[i+1:i+1+j], "()\"“”'"))
		if pair == "''" && strings.Contains(inner, " ") {
			continue
		}
		if n.credential(inner) {
			return squeeze(s[:i] + " " + strings.TrimLeft(s[i+1+j:], ")\"”'"))
		}
		n.Nick = caseOfName(inner)
		return squeeze(s[:i] + " " + strings.TrimLeft(s[i+1+j:], ")\"”'"))
	}
	return s
}

// nameFields cuts s into words, takes prefix, suffix and credentials out, and
// returns the rest; comma is the index of the word after the first comma that
// separates surname from given names, or 0.
func (n *Name) nameFields(s string) (fields []string, comma int) {
	chunks := strings.Split(strings.ReplaceAll(s, ";", ","), ",")
	for i, chunk := range chunks {
		words := n.stripTitles(strings.Fields(chunk), len(fields) == 0 && i == 0)
		if len(words) > 0 && len(fields) > 0 && comma == 0 {
			comma = len(fields)
		}
		fields = append(fields, words...)
	}
	return fields, comma
}

// stripTitles takes what belongs to no name out of one chunk.
func (n *Name) stripTitles(words []string, first bool) []string {
	for first && len(words) > 0 {
		p, ok := namePrefix[strings.ToLower(strings.Trim(words[0], "."))]
		if !ok {
			break
		}
		if n.Prefix == "" {
			n.Prefix = p
		}
		words = words[1:]
	}
	var out []string
	for i, w := range words {
		switch {
		case n.generation(w, i > 0 || !first), (i > 0 || !first) && n.credential(w):
		default:
			if p, ok := namePrefix[strings.ToLower(strings.Trim(w, "."))]; ok && i == 0 && n.Prefix == "" {
				n.Prefix = p
				continue
			}
			out = append(out, w)
		}
	}
	return out
}

func (n *Name) generation(w string, allowed bool) bool {
	s, ok := nameSuffix[strings.ToLower(strings.Trim(w, "."))]
	if ok && allowed && n.Suffix == "" {
		n.Suffix = s
		return true
	}
	return false
}

// credential takes "MD", "M.D.", "PA-C" or "MD/PhD".
func (n *Name) credential(w string) bool {
	var got []string
	for _, p := range strings.Split(w, "/") {
		key := strings.ToUpper(strings.ReplaceAll(strings.Trim(p, ". "), ".", ""))
		c, ok := credentials[key]
		if !ok || p == strings.ToLower(p) || ambiguousCredential[key] && p != strings.ToUpper(p) {
			return false
		}
		got = append(got, c)
	}
	n.Credentials = append(n.Credentials, got...)
	return len(got) > 0
}

// repairNames puts letters back for digits inside words of letters; a word
// that keeps a digit is no name.
func repairNames(words []string, q *quality) bool {
	for i, w := range words {
		if !strings.ContainsAny(w, "0123456789|!$") {
			continue
		}
		letters := 0
		for _, c := range []byte(w) {
			if isLetter(c) {
				letters++
			}
		}
		fixed := asLetters(w)
		if letters < 2 || strings.ContainsAny(fixed, "0123456789|!$") || letters*2 < len(w) {
			return false
		}
		words[i] = fixed
		q.lower(0.6, RemarkRepaired)
	}
	return true
}

// asLetters undoes digits among letters, in the case of their neighbours.
func asLetters(w string) string {
	upper := strings.ToUpper(w) == w
	return strings.Map(func(r rune) rune {
		switch r {
		case '0':
			if upper {
				return 'O'
			}
			return 'o'
		case '1', '|', '!':
			if upper {
				return 'I'
			}
			return 'l'
		case '5', '$':
			if upper {
				return 'S'
			}
			return 's'
		case '8':
			if upper {
				return 'B'
			}
		}
		return r
	}, w)
}

// arrange says which words are the surname.
func (n *Name) arrange(words []string, comma int, q *quality) bool {
	if len(words) == 0 || len(words) > 7 {
		return false
	}
	for _, w := range words {
		if !nameWord(w) {
			return false
		}
	}
	switch {
	case comma > 0:
		n.Family, n.Given = strings.Join(words[:comma], " "), words[comma:]
		return comma <= 4
	case len(words) == 1:
		n.Family = words[0]
		if n.Prefix == "" && len(n.Credentials) == 0 {
			q.lower(0.5, RemarkOrder)
		}
		return true
	}
	at := len(words) - 1
	for at > 1 && particles[strings.ToLower(words[at-1])] {
		at--
	}
	if particles[strings.ToLower(words[0])] && n.Prefix != "" {
		at = 0 // Dr. van der Berg
	}
	// "WILKINS SAMANTHA J": a final initial can be no surname.
	if len(strings.Trim(words[len(words)-1], ".")) == 1 && len(words) > 1 {
		n.Family, n.Given = words[0], words[1:]
		q.lower(0.7, RemarkOrder)
		return true
	}
	if shouted(words[0]) && len(words) <= 4 && !anyShouted(words[1:]) {
		n.Family, n.Given = words[0], words[1:] // "BRENNAN Siobhan"
		return true
	}
	n.Family, n.Given = strings.Join(words[at:], " "), words[:at]
	return true
}

// shouted tells of a word in capitals that is no initials.
func shouted(w string) bool {
	w = strings.Trim(w, ".")
	return len([]rune(w)) > 2 && w == strings.ToUpper(w) && w != strings.ToLower(w)
}

func anyShouted(words []string) bool {
	for _, w := range words {
		if shouted(w) {
			return true
		}
	}
	return false
}

// nameWord reports letters with hyphens, apostrophes or a final point.
func nameWord(w string) bool {
	w = strings.TrimRight(w, ".")
	letters := 0
	for _, r := range w {
		switch {
		case unicode.IsLetter(r), unicode.Is(unicode.Mn, r):
			letters++
		case r == '-' || r == '\'' || r == '’' || r == '`' || r == '.':
		default:
			return false
		}
	}
	return letters > 0 && letters <= 24
}
