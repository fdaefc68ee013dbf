package model

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Limits bounds what Parse accepts. Zero values mean the defaults.
type Limits struct {
	Bytes int // of the whole text; default 64 MiB
	Depth int // of nested objects and arrays; default 100
	Nodes int // values in the text, about 130 bytes of memory each; default 2 million
}

func (l Limits) withDefaults() Limits {
	if l.Bytes == 0 {
		l.Bytes = 64 << 20
	}
	if l.Depth == 0 {
		l.Depth = 100
	}
	if l.Nodes == 0 {
		l.Nodes = 2 << 20
	}
	return l
}

// SyntaxError is why a text is not acceptable JSON, and where. Line and Column
// count from 1; Column counts bytes. Its message holds nothing of the text but
// member names.
type SyntaxError struct {
	Message      string
	Offset       int
	Line, Column int
	TooBig       bool // a limit was met, not a rule of JSON broken
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// Doc is a text and its tree. The zero value is ready for Parse, and parsing
// again reuses the memory, which ends the life of the nodes handed out before.
type Doc struct {
	Root *Node

	src    string
	chunks [][]Node
	chunk  int // being filled
	used   int // nodes of it in use
	count  int
	limits Limits
	pos    int
	depth  int
	err    *SyntaxError
}

// Parse reads a text into a new Doc. The error is a *SyntaxError.
func Parse(data []byte, limits Limits) (*Doc, error) {
	d := new(Doc)
	if err := d.Parse(data, limits); err != nil {
		return nil, err
	}
	return d, nil
}

// Parse reads a text. The error is a *SyntaxError.
func (d *Doc) Parse(data []byte, limits Limits) error {
	d.Reset()
	d.limits = limits.withDefaults()
	if len(data) > d.limits.Bytes {
		return &SyntaxError{Message: fmt.Sprintf("the text has %d bytes; at most %d are accepted", len(data), d.limits.Bytes), Line: 1, Column: 1, TooBig: true}
	}
	d.src = string(data)
	if !utf8.ValidString(d.src) {
		d.fail(invalidUTF8(d.src), "invalid UTF-8")
		return d.err
	}
	root := d.node(nil, "")
	if d.value(root); d.err == nil {
		if d.space(); d.pos < len(d.src) {
			d.fail(d.pos, "something follows the end of the value")
		}
	}
	if d.err != nil {
		return d.err
	}
	d.Root = root
	return nil
}

// Reset forgets the text and its nodes and keeps the memory for the next one.
func (d *Doc) Reset() {
	for i := 0; i < len(d.chunks) && i <= d.chunk; i++ {
		clear(d.chunks[i])
	}
	if len(d.chunks) > keptChunks {
		d.chunks = d.chunks[:keptChunks:keptChunks]
	}
	d.Root, d.src, d.err = nil, "", nil
	d.chunk, d.used, d.count, d.pos, d.depth = 0, 0, 0, 0, 0
}

// Position returns line and column, both from 1, of an offset in the text.
func (d *Doc) Position(offset int) (line, column int) {
	before := d.src[:min(max(offset, 0), len(d.src))]
	return strings.Count(before, "\n") + 1, len(before) - strings.LastIndexByte(before, '\n')
}

// Source returns the text of a node that starts at its offset; of the root, the
// whole text.
func (d *Doc) Source() string { return d.src }

func invalidUTF8(s string) int {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(s)
}

// Nodes are made in chunks that double from firstChunk to 32 times that; a Doc
// that is used again keeps at most keptChunks of them.
const firstChunk, keptChunks = 128, 16

func (d *Doc) node(parent *Node, name string) *Node {
	if d.chunk < len(d.chunks) && d.used == len(d.chunks[d.chunk]) {
		d.chunk, d.used = d.chunk+1, 0
	}
	if d.chunk == len(d.chunks) {
		d.chunks = append(d.chunks, make([]Node, firstChunk<<min(d.chunk, 5)))
	}
	n := &d.chunks[d.chunk][d.used]
	d.used++
	if d.count++; d.count > d.limits.Nodes {
		d.tooBig(fmt.Sprintf("more than %d values", d.limits.Nodes))
	}
	n.Parent, n.Name, n.Offset = parent, name, int32(d.pos)
	return n
}

func (d *Doc) fail(at int, message string) {
	if d.err != nil {
		return
	}
	line, column := d.Position(at)
	d.err = &SyntaxError{Message: message, Offset: at, Line: line, Column: column}
}

func (d *Doc) tooBig(message string) {
	d.fail(d.pos, message)
	d.err.TooBig = true
}

func (d *Doc) space() {
	for d.pos < len(d.src) {
		switch d.src[d.pos] {
		case ' ', '\t', '\n', '\r':
			d.pos++
		default:
			return
		}
	}
}

func (d *Doc) value(n *Node) {
	d.space()
	n.Offset = int32(d.pos)
	if d.pos == len(d.src) {
		d.fail(d.pos, "the text ends where a value is expected")
		return
	}
	switch c := d.src[d.pos]; {
	case c == '{':
		d.nested(n, Object, d.object)
	case c == '[':
		d.nested(n, Array, d.array)
	case c == '"':
		n.Kind, n.Text = String, d.str()
	case c == '-' || c >= '0' && c <= '9':
		n.Kind, n.Text = Number, d.number()
	default:
		d.word(n)
	}
}

func (d *Doc) word(n *Node) {
	for _, w := range [...]struct {
		text string
		kind Kind
	}{{"true", Bool}, {"false", Bool}, {"null", Null}} {
		if strings.HasPrefix(d.src[d.pos:], w.text) {
			n.Kind, n.Text = w.kind, w.text
			d.pos += len(w.text)
			return
		}
	}
	d.fail(d.pos, "a value is expected here")
}

func (d *Doc) nested(n *Node, kind Kind, read func(*Node)) {
	n.Kind = kind
	d.pos++
	if d.depth++; d.depth > d.limits.Depth {
		d.tooBig(fmt.Sprintf("nested deeper than %d levels", d.limits.Depth))
		return
	}
	read(n)
	d.depth--
}

// more steps over a comma or the end; it reports whether another entry follows.
func (d *Doc) more(end byte, first bool) bool {
	d.space()
	switch {
	case d.err != nil:
	case d.pos == len(d.src):
		d.fail(d.pos, "the text ends inside an object or array")
	case d.src[d.pos] == end:
		d.pos++
	case first:
		return true
	case d.src[d.pos] == ',':
		d.pos++
		return true
	default:
		d.fail(d.pos, "a comma or the end of the object or array is expected here")
	}
	return false
}

func (d *Doc) array(n *Node) {
	last := &n.First
	for first := true; d.more(']', first); first = false {
		c := d.node(n, "")
		*last, last = c, &c.Next
		if d.value(c); d.err != nil {
			return
		}
	}
}

func (d *Doc) object(n *Node) {
	last := &n.First
	var names nameSet
	for first := true; d.more('}', first); first = false {
		d.space()
		at := d.pos
		name := d.memberName()
		if d.err != nil {
			return
		}
		if names.has(n, name) {
			d.fail(at, fmt.Sprintf("the member %.64q stands here a second time", name))
			return
		}
		c := d.node(n, name)
		*last, last = c, &c.Next
		if d.value(c); d.err != nil {
			return
		}
	}
}

func (d *Doc) memberName() string {
	if d.pos == len(d.src) || d.src[d.pos] != '"' {
		d.fail(d.pos, "a member name in double quotes is expected here")
		return ""
	}
	name := d.str()
	if d.space(); d.pos == len(d.src) || d.src[d.pos] != ':' {
		d.fail(d.pos, "a colon is expected after the member name")
		return ""
	}
	d.pos++
	return name
}

// nameSet finds duplicate names: by looking along the members while they are
// few, in a map when they are many.
type nameSet struct {
	count int
	seen  map[string]bool
}

const fewNames = 24

func (s *nameSet) has(n *Node, name string) bool {
	s.count++
	if s.count <= fewNames {
		return n.Get(name) != nil
	}
	if s.seen == nil {
		s.seen = map[string]bool{}
		for c := n.First; c != nil; c = c.Next {
			s.seen[c.Name] = true
		}
	}
	dup := s.seen[name]
	s.seen[name] = true
	return dup
}
