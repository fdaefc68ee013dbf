package grammar

import (
	"strings"
	"unicode"
)

// recoverCase gives the parts of a name their usual case and drops the points
// of initials.
func (n *Name) recoverCase() {
	all := strings.Join(append([]string{n.Family}, n.Given...), "")
	flat := all == strings.ToUpper(all) || all == strings.ToLower(all)
	n.Family = properWords(n.Family, flat)
	for i, g := range n.Given {
		n.Given[i] = properWords(g, flat)
	}
}

// caseOfName is recoverCase for a text that is only a name.
func caseOfName(s string) string {
	return properWords(s, s == strings.ToUpper(s) || s == strings.ToLower(s))
}

func properWords(s string, flat bool) string {
	words := strings.Fields(s)
	for i, w := range words {
		if i == len(words)-1 || len([]rune(strings.Trim(w, "."))) == 1 {
			w = strings.TrimRight(w, ".")
		}
		// A word in capitals beside mixed case: "WILKINS, Samantha".
		if flat || len(w) > 2 && w == strings.ToUpper(w) {
			w = proper(w, i < len(words)-1)
		}
		words[i] = w
	}
	return strings.Join(words, " ")
}

// proper is the usual case of one word; particle says that another word of the
// same surname follows, so that it may be one.
func proper(w string, particle bool) string {
	low := strings.ToLower(w)
	if particle && particles[low] {
		return low
	}
	var b strings.Builder
	start := true
	for i, r := range low {
		if start {
			r = unicode.ToUpper(r)
		}
		b.WriteRune(r)
		// O'Brien, D'Angelo and Smith-Jones, but not Ja'mar's final s.
		start = r == '-' || r == '.' || (r == '\'' || r == '’') && i <= 2
	}
	return capitalMc(b.String())
}

// capitalMc writes McDonald. Mac is left alone: Mackey and Macias outnumber
// MacLeod, and only the bearer knows.
func capitalMc(s string) string {
	for _, at := range []int{0, strings.LastIndexByte(s, '-') + 1} {
		if rest := s[at:]; strings.HasPrefix(rest, "Mc") && len(rest) > 3 && isLetter(rest[2]) {
			s = s[:at] + "Mc" + strings.ToUpper(rest[2:3]) + rest[3:]
		}
	}
	return s
}

// rate lowers the score for what is unlike a name, down to 0 for labels,
// organisations and sentences.
func (n *Name) rate(q *quality) {
	words := append(strings.Fields(n.Family), n.Given...)
	titled := n.Prefix != "" || len(n.Credentials) > 0
	for _, w := range words {
		low := strings.ToLower(strings.Trim(w, ".,"))
		if len(low) > 1 && notNames[low] && !particles[low] && !(titled && givenLike[low]) {
			q.score = 0
			return
		}
		if r := []rune(w)[0]; unicode.IsLower(r) && !particles[low] {
			q.lower(0.4, RemarkUnlikely)
		}
		if len(low) > 3 && !strings.ContainsAny(low, "aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüý") {
			q.lower(0.4, RemarkUnlikely)
		}
	}
	if len([]rune(n.Family)) < 2 {
		q.lower(0.3, RemarkUnlikely)
	}
	if len(words) > 5 {
		q.lower(0.6, RemarkUnlikely)
	}
}

// givenLike are given names and surnames that are words of charts too; with a
// title or a degree beside them they are names.
var givenLike = set("april june august may page young price summer state reed")
