package terms

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"sort"
	"strings"
)

// An index is one compiled vocabulary: tables of fixed-width little-endian
// records over one block of bytes, read where they lie. Opening one costs a
// checksum and a few slices, whatever its size, and it never changes.
type index struct {
	text     []byte
	textAt   u32s                                    // n+1 offsets into text
	concepts u32s                                    // conceptWidth each
	codings  u32s                                    // codingWidth each
	terms    u32s                                    // text, concept
	keys     u64s                                    // sorted
	keyTerm  u32s                                    // term of keys[i]
	codes    u64s                                    // sorted hash of system and code
	codeAt   u32s                                    // coding of codes[i]
	words    u32s                                    // text ids, by length then alphabet
	signs    u64s                                    // signature of words[i]
	domains  u32s                                    // bits of the domains that use words[i]
	wordKeys u64s                                    // sorted hash of domain and word
	alpha    u32s                                    // words by alphabet
	postAt   u32s                                    // n+1 offsets into post
	post     u32s                                    // terms that contain a word
	starts   [maxWordLetter + 2][letterSlots + 1]int // first word of a length that begins with a letter
	wording  *wording
	release  Release
	costs    *costTable
}

// Release says what a vocabulary was made from.
type Release struct {
	System   string `json:"system,omitempty"` // empty where there are several
	Name     string `json:"name"`
	Version  string `json:"version,omitempty"`
	Licence  string `json:"licence"`
	Checksum string `json:"sha256,omitempty"` // of the release file
	Codes    int    `json:"codes"`
	Terms    int    `json:"terms"`
	// Systems counts the codes of each system; only Set.Releases fills it.
	Systems map[string]int `json:"systems,omitempty"`
	// Domains counts the concepts and terms of each domain, by its name; only
	// Set.Releases fills it.
	Domains map[string]Count `json:"domains,omitempty"`
}

// A Count is how much a vocabulary has of a domain. A brand is a concept of its
// own.
type Count struct{ Concepts, Terms int }

const (
	conceptWidth = 7 // domain, name, unit, group, specimen, first coding, codings
	codingWidth  = 4 // system, code, display, concept
	magic        = "PCT2"
	sections     = 17
)

type (
	u32s []byte
	u64s []byte
)

func (a u32s) at(i int) int    { return int(binary.LittleEndian.Uint32(a[4*i:])) }
func (a u32s) len() int        { return len(a) / 4 }
func (a u64s) at(i int) uint64 { return binary.LittleEndian.Uint64(a[8*i:]) }
func (a u64s) len() int        { return len(a) / 8 }

// find returns the first position that holds k, or -1.
func (a u64s) find(k uint64) int {
	lo, hi := 0, a.len()
	for lo < hi {
		m := int(uint(lo+hi) >> 1)
		if a.at(m) < k {
			lo = m + 1
		} else {
			hi = m
		}
	}
	if lo < a.len() && a.at(lo) == k {
		return lo
	}
	return -1
}

// openIndex reads a compiled vocabulary. The bytes must not change afterwards.
func openIndex(b []byte) (*index, error) {
	part, err := cut(b)
	if err != nil {
		return nil, fmt.Errorf("open vocabulary: %w", err)
	}
	x := &index{text: part[0], textAt: part[1], concepts: part[2], codings: part[3], terms: part[4], keys: part[5],
		keyTerm: part[6], codes: part[7], codeAt: part[8], words: part[9], signs: part[10], domains: part[11],
		wordKeys: part[12], alpha: part[13], postAt: part[14], post: part[15], costs: newCostTable()}
	if err := x.unmeta(part[16]); err != nil {
		return nil, fmt.Errorf("open vocabulary: %w", err)
	}
	x.findStarts()
	return x, nil
}

// letterSlots are the digits, the letters, and before them everything else.
const letterSlots = 37

func slot(c byte) int {
	switch {
	case digit(c):
		return 1 + int(c-'0')
	case c >= 'a' && c <= 'z':
		return 11 + int(c-'a')
	}
	return 0
}

// findStarts notes where the words of each length and first letter begin.
func (x *index) findStarts() {
	n, s := 0, 0
	for i := range x.words.len() {
		w := x.words.at(i)
		at, end := x.textAt.at(w), x.textAt.at(w+1)
		length, first := min(end-at, maxWordLetter), slot(x.text[at])
		for ; n < length || n == length && s <= first; s++ {
			if s > letterSlots {
				n, s = n+1, 0
			}
			x.starts[n][s] = i
		}
	}
	for ; n < len(x.starts); s++ {
		if s > letterSlots {
			if n, s = n+1, 0; n == len(x.starts) {
				break
			}
		}
		x.starts[n][s] = x.words.len()
	}
}

// cut checks a compiled file and returns its sections.
func cut(b []byte) ([sections][]byte, error) {
	var part [sections][]byte
	head := len(magic) + 4 + 4*sections
	if len(b) < head || string(b[:len(magic)]) != magic {
		return part, fmt.Errorf("not a vocabulary of this version; run `paperchart terms import` again")
	}
	if crc32.Checksum(b[len(magic)+4:], crc32.MakeTable(crc32.Castagnoli)) != binary.LittleEndian.Uint32(b[len(magic):]) {
		return part, fmt.Errorf("file is damaged; run `paperchart terms import` again")
	}
	at := head
	for i := range part {
		n := int(binary.LittleEndian.Uint32(b[len(magic)+4+4*i:]))
		if n < 0 || n > len(b)-at {
			return part, fmt.Errorf("file is cut short; run `paperchart terms import` again")
		}
		part[i] = b[at : at+n : at+n]
		at += n
	}
	return part, nil
}

func (x *index) str(i int) string { return string(x.text[x.textAt.at(i):x.textAt.at(i+1)]) }

// concept builds the concept with a number; it is the caller's own.
func (x *index) concept(i int) *Concept {
	r := x.concepts[4*conceptWidth*i:]
	c := &Concept{Domain: Domain(r.at(0)), Name: x.str(r.at(1)), Unit: x.str(r.at(2)), Group: x.str(r.at(3))}
	for j := range r.at(6) {
		c.Codings = append(c.Codings, x.coding(r.at(5)+j))
	}
	return c
}

func (x *index) coding(i int) Coding {
	r := x.codings[4*codingWidth*i:]
	return Coding{System: x.str(r.at(0)), Code: x.str(r.at(1)), Display: x.str(r.at(2)), Version: x.release.Version}
}

func (x *index) domain(concept int) Domain   { return Domain(x.concepts.at(conceptWidth * concept)) }
func (x *index) specimen(concept int) string { return x.str(x.concepts.at(conceptWidth*concept + 4)) }
func (x *index) termConcept(term int) int    { return x.terms.at(2*term + 1) }
func (x *index) termText(term int) string    { return x.str(x.terms.at(2 * term)) }
func codeKey(system, code string) uint64 {
	return hashString(hashByte(hashString(fnvBasis, system), '|'), code)
}
func (x *index) known(d Domain, t string) bool { return x.wordKeys.find(wordKey(d, t)) >= 0 }

// exact returns the term whose words are these.
func (x *index) exact(d Domain, toks []string) (term int, ok bool) {
	if len(toks) == 0 || len(toks) > maxTokens+4 {
		return 0, false
	}
	i := x.keys.find(key(d, toks))
	if i < 0 {
		return 0, false
	}
	return x.keyTerm.at(i), true
}

// code returns the coding of a code.
func (x *index) code(system, code string) (int, bool) {
	i := x.codes.find(codeKey(system, code))
	if i < 0 {
		return 0, false
	}
	return x.codeAt.at(i), true
}

// a spelling is a known word that a damaged token may be.
type spelling struct {
	word string
	cost int
}

// spellings returns up to three words of a domain near a token, nearest first.
// Words that begin alike are tried first, all the others only where none is near.
func (x *index) spellings(d Domain, t string) []spelling {
	if len(t) > maxWordLetter || len(t) < 2 {
		return nil
	}
	var dst []spelling
	for _, c := range []byte(openings(t)) {
		dst = x.near(d, t, slot(c), slot(c)+1, dst)
	}
	if len(dst) == 0 {
		dst = x.near(d, t, 0, letterSlots, dst)
	}
	return dst
}

// A word cut off at a column's edge ("spironolact") has at least shortest
// letters left, where it is no drug's shortestWord, and at most maxCompletions
// ways to go on.
const (
	shortest       = 4
	shortestWord   = 6
	maxCompletions = maxReadings
	costCut        = 70
)

// completions returns the words of a domain that begin with t, or nil where
// they are too many to tell.
func (x *index) completions(d Domain, t string) []spelling {
	if len(t) < shortest || d != Drug && len(t) < shortestWord {
		return nil
	}
	var out []spelling
	i := sort.Search(x.alpha.len(), func(i int) bool { return x.str(x.words.at(x.alpha.at(i))) >= t })
	for ; i < x.alpha.len(); i++ {
		w := x.alpha.at(i)
		word := x.str(x.words.at(w))
		if !strings.HasPrefix(word, t) {
			break
		}
		if x.domains.at(w)>>d&1 == 0 {
			continue
		}
		if out = append(out, spelling{word, costCut}); len(out) > maxCompletions {
			return nil
		}
	}
	return out
}

// openings are the letters that the word meant by t may begin with.
func openings(t string) string {
	out := []byte{t[0], t[1]}
	for c := byte('a'); c <= 'z'; c++ {
		if c != t[0] && c != t[1] && substitute(t[0], c) < costVowel {
			out = append(out, c)
		}
	}
	for _, f := range []struct{ in, out string }{{"rn", "m"}, {"cl", "d"}, {"vv", "w"}, {"li", "h"}, {"ii", "u"}} {
		if t[:2] == f.in {
			out = append(out, f.out...)
		}
	}
	return string(out)
}

// near adds the words of some first letters that are within the budget.
func (x *index) near(d Domain, t string, from, to int, dst []spelling) []spelling {
	limit, sign, bit := budget(len(t)), signature(t), 1<<d
	most := 5 // characters that one word has and the other lacks
	switch {
	case limit < 70:
		most = 3
	case limit < 110:
		most = 4
	}
	for n := max(1, len(t)-2); n <= min(maxWordLetter, len(t)+2); n++ {
		for i := x.starts[n][from]; i < x.starts[n][to]; i++ {
			if differ(x.signs.at(i), sign) > most || x.domains.at(i)&bit == 0 {
				continue
			}
			w := x.words.at(i)
			b := x.text[x.textAt.at(w):x.textAt.at(w+1)]
			if c := x.costs.distance(t, view(b), limit); c <= limit {
				dst = insert(dst, spelling{string(b), c}, 3)
			}
		}
	}
	return dst
}

// insert keeps the n cheapest.
func insert(s []spelling, v spelling, n int) []spelling {
	for _, o := range s {
		if o.word == v.word {
			return s
		}
	}
	i := sort.Search(len(s), func(i int) bool { return s[i].cost > v.cost })
	if i >= n {
		return s
	}
	s = append(s, v)
	copy(s[i+1:], s[i:])
	s[i] = v
	return s[:min(len(s), n)]
}
