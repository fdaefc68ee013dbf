package extract

import (
	"strings"
	"unicode"
)

// key folds a label to what it is compared by: lower-case letters, digits and
// "#", nothing else, with the usual variants of a word made one. Dropping the
// spaces makes it blind to words that OCR split or joined.
func key(label string) string {
	var b strings.Builder
	for _, w := range labelWords(label) {
		if v, ok := sameWord[w]; ok {
			w = v
		}
		b.WriteString(w)
	}
	return b.String()
}

// sameWord maps variants of a word in labels to one form.
var sameWord = map[string]string{
	"#": "no", "number": "no", "num": "no", "nbr": "no", "numbers": "no",
	"&": "and", "pts": "patient", "pt": "patient", "patients": "patient",
	"hx": "history", "tx": "treatment", "medications": "medication",
	"meds": "medication", "med": "medication", "diagnoses": "diagnosis",
	"dx": "diagnosis", "tel": "telephone", "ph": "phone", "addr": "address",
	"doctor": "physician", "md": "physician", "dr": "physician",
	"ins": "insurance", "proc": "procedure", "procedures": "procedure",
	"results": "result", "tests": "test", "allergies": "allergy",
	"problems": "problem", "immunizations": "immunization",
	"immunisation": "immunization", "immunisations": "immunization",
	"vaccines": "vaccine", "vaccinations": "vaccination", "labs": "lab",
	"laboratories": "laboratory", "rec": "record", "the": "",
	"address's": "address", "hosp": "hospital", "exam": "examination",
}

// labelWords splits a label at everything that is not a letter, digit or "#";
// a full stop or apostrophe inside a word is dropped: "D.O.B." is one word.
func labelWords(label string) []string {
	var out []string
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			out = append(out, b.String())
			b.Reset()
		}
	}
	for _, r := range strings.ToLower(label) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 127 && !strings.ContainsRune("’‘“”–—•·®©°", r):
			b.WriteRune(r)
		case r == '#' || r == '&':
			flush()
			out = append(out, string(r))
		case r == '.' || r == '\'' || r == '’' || r == '‘' || r == '“' || r == '”':
		default:
			flush()
		}
	}
	flush()
	return out
}

// shapes folds the characters that OCR takes for one another.
var shapes = strings.NewReplacer(
	"0", "o", "1", "l", "i", "l", "5", "s", "8", "b", "2", "z", "6", "b",
	"rn", "m", "nn", "m", "vv", "w", "cl", "d", "|", "l", "q", "g", "9", "g")

func shape(key string) string { return shapes.Replace(key) }

// confused are the letters that OCR takes for one another in print that it is sure of.
var confused = fieldSet("ce", "ec", "it", "ti", "lt", "tl", "hb", "bh", "ao", "oa")

// mended is a text with the one letter of it changed that parts it from a term, where
// that letter is one that OCR takes for another.
func mended(text, term string) (string, bool) {
	a, b := []rune(strings.ToLower(text)), []rune(strings.ToLower(term))
	at := -1
	for i := range a {
		if len(a) != len(b) || a[i] != b[i] && at >= 0 {
			return "", false
		}
		if a[i] != b[i] {
			at = i
		}
	}
	if at < 0 || len(a) < 3 || !confused[string([]rune{a[at], b[at]})] {
		return "", false
	}
	out := []rune(text)
	if out[at] = b[at]; unicode.IsUpper([]rune(text)[at]) || at == 0 && len(out) > 1 && unicode.IsUpper(out[1]) {
		out[at] = unicode.ToUpper(b[at])
	}
	return string(out), true
}

// distance is the edit distance of two keys, stopped at limit+1.
func distance(a, b string, limit int) int {
	if d := len(a) - len(b); d > limit || -d > limit {
		return limit + 1
	}
	prev := make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	cur := make([]int, len(b)+1)
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		low := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			low = min(low, cur[j])
		}
		if low > limit {
			return limit + 1
		}
		prev, cur = cur, prev
	}
	return prev[len(b)]
}

// index finds keys exactly, by their shapes, or within one edit in five
// letters.
type index[T any] struct {
	exact map[string]T
	shape map[string]string
	keys  []string
	words map[string][]string
	// memo keeps what near found; an index belongs to one call of Extract.
	memo map[string]nearest[T]
}

type nearest[T any] struct {
	v         T
	closeness float64
	ok        bool
}

func newIndex[T any]() *index[T] {
	return &index[T]{exact: map[string]T{}, shape: map[string]string{}, words: map[string][]string{}, memo: map[string]nearest[T]{}}
}

// put adds a text by its key; the first to claim a key keeps it.
func (x *index[T]) put(text string, v T) bool {
	k := key(text)
	if k == "" {
		return false
	}
	if _, ok := x.exact[k]; ok {
		return false
	}
	x.exact[k] = v
	x.words[k] = labelWords(text)
	x.keys = append(x.keys, k)
	if s := shape(k); x.shape[s] == "" {
		x.shape[s] = k
	}
	return true
}

// get finds a key exactly, or by its shape where it is long enough not to be
// another word.
func (x *index[T]) get(k string) (v T, closeness float64, ok bool) {
	if v, ok = x.exact[k]; ok {
		return v, 1, true
	}
	if len(k) >= 3 {
		if real, found := x.shape[shape(k)]; found {
			return x.exact[real], 0.93, true
		}
	}
	return v, 0, false
}

// wordsNear tells whether edits lie within words: a whole word that differs is
// another label ("Subscriber DOB" is not "Subscriber No").
func wordsNear(a, b []string, edits int) bool {
	if len(a) != len(b) {
		return edits <= 1
	}
	for i := range a {
		if shape(a[i]) == shape(b[i]) {
			continue
		}
		if len(b[i]) < 4 || distance(a[i], b[i], len(b[i])/4) > len(b[i])/4 {
			return false
		}
	}
	return true
}

// near is get, and then the nearest key within the limit of edits; two keys
// equally near and of different meaning are no answer, which same decides.
func (x *index[T]) near(text string, same func(a, b T) bool) (v T, closeness float64, ok bool) {
	k := key(text)
	if v, closeness, ok = x.get(k); ok || len(k) < 5 {
		return v, closeness, ok
	}
	m, seen := x.memo[k]
	if !seen {
		m.v, m.closeness, m.ok = x.search(text, k, same)
		x.memo[k] = m
	}
	return m.v, m.closeness, m.ok
}

func (x *index[T]) search(text, k string, same func(a, b T) bool) (v T, closeness float64, ok bool) {
	limit := min(3, len(k)/5)
	best, tie := limit+1, false
	ws := labelWords(text)
	for _, cand := range x.keys {
		if len(cand) < 5 {
			continue
		}
		d := distance(k, cand, min(best, len(cand)/5))
		if d > min(limit, len(cand)/5) || d > best || !wordsNear(ws, x.words[cand], d) {
			continue
		}
		if d == best {
			tie = tie || !same(v, x.exact[cand])
			continue
		}
		best, tie, v = d, false, x.exact[cand]
	}
	if best > limit || tie {
		var none T
		return none, 0, false
	}
	return v, 1 - 1.5*float64(best)/float64(len(k)), true
}
