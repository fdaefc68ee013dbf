package terms

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"slices"
	"sort"
	"strings"
	"unsafe"
)

// view reads bytes of an index as a string; the index never changes.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// An entry is one concept on its way into an index.
type entry struct {
	domain   Domain
	name     string
	terms    []string // synonyms; the name is a term too
	unit     string
	group    string
	specimen string
	codings  []Coding
	// weak terms give way where another concept has the same words, and join
	// the concept that has the code already.
	weak bool
	// silent entries are found by their code only.
	silent bool
}

// builder collects entries and lays an index out.
type builder struct {
	wording  *wording
	text     bytes.Buffer
	textAt   []uint32
	ids      map[string]uint32
	concepts []uint32
	codings  []uint32
	terms    []uint32
	keys     map[uint64]uint32
	codes    map[uint64]uint32
	words    map[string]*lexeme
	sides    map[string]string // of a diagnosis code, those for right, left and both
	titles   map[string]string // official, of a diagnosis code
	clashes  []string
}

type lexeme struct {
	domains uint32
	terms   []uint32
}

func newBuilder(w *wording) *builder {
	b := &builder{wording: w, ids: map[string]uint32{}, keys: map[uint64]uint32{}, codes: map[uint64]uint32{}, words: map[string]*lexeme{}}
	b.textAt = append(b.textAt, 0)
	b.id("")
	for _, v := range w.words {
		b.lexeme(v.domain, v.text)
	}
	return b
}

func (b *builder) id(s string) uint32 {
	if i, ok := b.ids[s]; ok {
		return i
	}
	i := uint32(len(b.textAt) - 1)
	b.ids[s] = i
	b.text.WriteString(s)
	b.textAt = append(b.textAt, uint32(b.text.Len()))
	return i
}

func (b *builder) lexeme(d Domain, t string) *lexeme {
	l := b.words[t]
	if l == nil {
		l = &lexeme{}
		b.words[t] = l
	}
	l.domains |= 1 << d
	return l
}

// add appends an entry. A term that another concept has already is a clash and
// stays with the first.
func (b *builder) add(e entry) {
	if n, ok := b.has(e); ok {
		b.name(e, n)
		return
	}
	if e.domain == Diagnosis {
		b.official(&e)
	}
	n := uint32(len(b.concepts) / conceptWidth)
	b.concepts = append(b.concepts, uint32(e.domain), b.id(e.name), b.id(e.unit), b.id(e.group), b.id(e.specimen),
		uint32(len(b.codings)/codingWidth), uint32(len(e.codings)))
	for _, c := range e.codings {
		at := uint32(len(b.codings) / codingWidth)
		b.codings = append(b.codings, b.id(c.System), b.id(c.Code), b.id(c.Display), n)
		if k := codeKey(c.System, c.Code); c.Code != "" {
			if _, dup := b.codes[k]; !dup {
				b.codes[k] = at
			}
		}
	}
	b.name(e, n)
}

// official gives a diagnosis what its code has: the official title as display,
// and as the name of an entry that has no clinical one, and its sides.
func (b *builder) official(e *entry) {
	if len(e.codings) == 0 {
		return
	}
	code := e.codings[0].Code
	if b.sides[code] != "" {
		e.specimen = sideMark + b.sides[code]
	}
	title := b.titles[code]
	if title == "" {
		return
	}
	e.codings = []Coding{{System: e.codings[0].System, Code: code, Display: title}}
	if e.weak {
		e.terms = append(e.terms, e.name)
		e.name = title
	}
}

// name notes the terms of a concept.
func (b *builder) name(e entry, concept uint32) {
	if e.silent {
		return
	}
	for _, t := range append([]string{e.name}, e.terms...) {
		b.term(e, t, concept)
	}
}

// has returns the concept that a weak entry's code has already.
func (b *builder) has(e entry) (concept uint32, ok bool) {
	if !e.weak || len(e.codings) == 0 {
		return 0, false
	}
	at, ok := b.codes[codeKey(e.codings[0].System, e.codings[0].Code)]
	if !ok {
		return 0, false
	}
	return b.codings[codingWidth*at+3], true
}

func (b *builder) term(e entry, text string, concept uint32) {
	raw := stems(text)
	canon := b.wording.canon(e.domain, raw)
	if len(canon) == 0 {
		b.whole(raw, text, e.domain, concept)
		return
	}
	k := key(e.domain, canon)
	if e.weak {
		// An official title is found by its very words, though rewriting makes it
		// one with another ("unspecified").
		b.whole(raw, text, e.domain, concept)
	}
	if at, dup := b.keys[k]; dup {
		other := b.terms[2*at+1]
		switch {
		case other == concept || e.weak:
		case len(canon) < len(raw) && !slices.Equal(raw, stems(b.string(b.terms[2*at]))):
			// "Senokot-S" is told from "Senokot" by a word that elsewhere says nothing.
			b.whole(raw, text, e.domain, concept)
		default:
			b.clashes = append(b.clashes, fmt.Sprintf("%q of %q is also %q", text, e.name, b.string(b.concepts[conceptWidth*other+1])))
		}
		return
	}
	id := uint32(len(b.terms) / 2)
	b.keys[k] = id
	b.terms = append(b.terms, b.id(text), concept)
	for _, t := range raw {
		if l := b.lexeme(e.domain, t); len(l.terms) == 0 || l.terms[len(l.terms)-1] != id {
			l.terms = append(l.terms, id)
		}
	}
	for _, t := range canon {
		b.lexeme(e.domain, t)
	}
}

// whole makes a term found by its very words in their order.
func (b *builder) whole(raw []string, text string, d Domain, concept uint32) {
	k := seqKey(d, raw)
	if _, dup := b.keys[k]; !dup && len(raw) > 0 {
		b.keys[k] = uint32(len(b.terms) / 2)
		b.terms = append(b.terms, b.id(text), concept)
	}
}

func (b *builder) string(id uint32) string {
	return string(b.text.Bytes()[b.textAt[id]:b.textAt[id+1]])
}

// bytes lays the index out.
func (b *builder) bytes(r Release) ([]byte, error) {
	words := make([]string, 0, len(b.words))
	for w := range b.words {
		if len(w) <= maxWordLetter {
			words = append(words, w)
		}
	}
	slices.Sort(words)
	sort.SliceStable(words, func(i, j int) bool { return len(words[i]) < len(words[j]) })
	alpha := make([]uint32, len(words))
	var wordIDs, masks, postAt, post []uint32
	var signs, wordKeys []uint64
	for i, w := range words {
		l := b.words[w]
		alpha[i] = uint32(i)
		wordIDs = append(wordIDs, b.id(w))
		masks = append(masks, l.domains)
		signs = append(signs, signature(w))
		postAt = append(postAt, uint32(len(post)))
		post = append(post, l.terms...)
		for d := range Domain(len(wordDomains)) {
			if l.domains>>d&1 == 1 {
				wordKeys = append(wordKeys, wordKey(d, w))
			}
		}
	}
	postAt = append(postAt, uint32(len(post)))
	sort.Slice(alpha, func(i, j int) bool { return words[alpha[i]] < words[alpha[j]] })
	slices.Sort(wordKeys)
	keys, keyTerm := sorted(b.keys)
	codes, codeAt := sorted(b.codes)
	r.Codes, r.Terms = len(codes), len(b.terms)/2
	meta, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("build vocabulary: %w", err)
	}
	return assemble([sections][]byte{b.text.Bytes(), le(b.textAt), le(b.concepts), le(b.codings), le(b.terms),
		le(keys), le(keyTerm), le(codes), le(codeAt), le(wordIDs), le(signs), le(masks), le(wordKeys), le(alpha),
		le(postAt), le(post), meta}), nil
}

func sorted(m map[uint64]uint32) ([]uint64, []uint32) {
	keys := make([]uint64, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	vals := make([]uint32, len(keys))
	for i, k := range keys {
		vals[i] = m[k]
	}
	return keys, vals
}

func le[T uint32 | uint64](v []T) []byte {
	out, err := binary.Append(nil, binary.LittleEndian, v)
	if err != nil {
		return nil // fixed-width values always encode
	}
	return out
}

func assemble(part [sections][]byte) []byte {
	var body []byte
	for _, p := range part {
		body = binary.LittleEndian.AppendUint32(body, uint32(len(p)))
	}
	for _, p := range part {
		body = append(body, p...)
	}
	out := binary.LittleEndian.AppendUint32([]byte(magic), crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli)))
	return append(out, body...)
}

func (x *index) unmeta(b []byte) error {
	if err := json.Unmarshal(b, &x.release); err != nil {
		return fmt.Errorf("read release: %w", err)
	}
	return nil
}

// readTSV reads a vocabulary file: code, name, synonyms, unit, group, specimen.
// Lines that begin with # are comments.
func readTSV(d Domain, system, text string) ([]entry, error) {
	var out []entry
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimRight(line, "\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) < 2 || len(f) > 7 || f[1] == "" {
			return nil, fmt.Errorf("line %d: %d columns, want code, name, synonyms, unit, group, specimen, brands", n, len(f))
		}
		for len(f) < 7 {
			f = append(f, "")
		}
		out = append(out, rows(d, system, f)...)
	}
	return out, nil
}

// rows makes the entries of one line: the concept, and one for each brand.
func rows(d Domain, system string, f []string) []entry {
	e := entry{domain: d, name: f[1], terms: list(f[2]), unit: f[3], group: f[4], specimen: f[5]}
	if f[0] != "" {
		e.codings = []Coding{{System: system, Code: f[0], Display: f[1]}}
	}
	out := []entry{e}
	for _, brand := range list(f[6]) {
		out = append(out, entry{domain: d, name: brand, group: f[1], codings: e.codings})
	}
	return out
}

func list(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "|")
}
