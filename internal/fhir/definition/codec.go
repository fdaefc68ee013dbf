package definition

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// The table's file is: the strings, each once; then the records, in which every
// string is the number of its place among the strings and every number is a
// varint; all of it compressed with flate. One description of the records
// (types below) serves to write and to read.

// Source is what the generator puts together and Write stores.
type Source struct {
	Types        []*Type
	Profiles     []*Profile
	ValueSets    []*ValueSet
	CodeSystems  []System
	Search       []SourceSearch
	Compartments []*Compartment
}

// SourceSearch is a search parameter as published, with all the types it serves.
type SourceSearch struct {
	SearchParam
	Base []string
}

// codec walks the records, writing or reading them.
type codec struct {
	read    bool
	buf     []byte
	strings []string
	number  map[string]int
	err     error
}

var errShort = errors.New("definition table ends early")

func (c *codec) int(p *int) {
	if !c.read {
		c.buf = binary.AppendVarint(c.buf, int64(*p))
		return
	}
	v, n := binary.Varint(c.buf)
	if n <= 0 {
		c.err, c.buf = errShort, nil
		return
	}
	*p, c.buf = int(v), c.buf[n:]
}

func (c *codec) str(p *string) {
	i := 0
	if !c.read {
		i = c.intern(*p)
	}
	c.int(&i)
	if c.read && c.err == nil && i >= 0 && i < len(c.strings) {
		*p = c.strings[i]
	}
}

func (c *codec) intern(s string) int {
	if i, ok := c.number[s]; ok {
		return i
	}
	i := len(c.strings)
	c.number[s] = i
	c.strings = append(c.strings, s)
	return i
}

func (c *codec) bits(flags ...*bool) {
	v := 0
	for i, f := range flags {
		if *f {
			v |= 1 << i
		}
	}
	c.int(&v)
	for i, f := range flags {
		*f = v>>i&1 == 1
	}
}

// list codes a slice; a negative or absurd length ends the reading.
func list[T any](c *codec, p *[]T, one func(*T)) {
	n := len(*p)
	c.int(&n)
	if c.read {
		if n < 0 || n > len(c.buf) {
			c.err = errShort
			return
		}
		if n > 0 {
			*p = make([]T, n)
		}
	}
	for i := range *p {
		if c.err != nil {
			return
		}
		one(&(*p)[i])
	}
}

// optional codes a pointer.
func optional[T any](c *codec, p **T, one func(*T)) {
	has := *p != nil
	c.bits(&has)
	if !has {
		return
	}
	if *p == nil {
		*p = new(T)
	}
	one(*p)
}

// each makes a coder of pointers out of a coder of values.
func each[T any](one func(*T)) func(**T) {
	return func(p **T) {
		if *p == nil {
			*p = new(T)
		}
		one(*p)
	}
}

func (c *codec) strs(p *[]string) { list(c, p, c.str) }

func (c *codec) source(s *Source) {
	list(c, &s.Types, each(c.typ))
	list(c, &s.Profiles, each(c.profile))
	list(c, &s.ValueSets, each(c.valueSet))
	list(c, &s.CodeSystems, c.system)
	list(c, &s.Search, c.search)
	list(c, &s.Compartments, each(c.compartment))
}

func (c *codec) typ(t *Type) {
	c.str(&t.Name)
	c.str(&t.Kind)
	c.bits(&t.Abstract)
	c.str(&t.Base)
	optional(c, &t.Root, c.element)
}

func (c *codec) profile(p *Profile) {
	c.str(&p.URL)
	c.str(&p.Version)
	c.str(&p.Name)
	c.str(&p.Type)
	optional(c, &p.Root, c.element)
	list(c, &p.Contexts, func(x *Context) { c.str(&x.Type); c.str(&x.Expression) })
}

func (c *codec) element(e *Element) {
	c.str(&e.Name)
	c.int(&e.Min)
	c.int(&e.Max)
	c.int(&e.MaxLength)
	hasFixed, hasSlices := e.Fixed != "" || e.Pattern != "", e.SliceName != "" || e.Slicing != nil || e.Slices != nil
	c.bits(&e.Choice, &e.Summary, &e.Modifier, &hasFixed, &hasSlices)
	c.str(&e.ContentRef)
	list(c, &e.Types, c.typeRef)
	list(c, &e.Constraints, c.constraint)
	optional(c, &e.Binding, func(b *Binding) { c.str(&b.Strength); c.str(&b.ValueSet) })
	if hasFixed {
		c.str(&e.Fixed)
		c.str(&e.Pattern)
	}
	if hasSlices {
		c.str(&e.SliceName)
		optional(c, &e.Slicing, c.slicing)
		list(c, &e.Slices, each(c.element))
	}
	list(c, &e.Children, each(c.element))
}

func (c *codec) typeRef(t *TypeRef) {
	c.str(&t.Name)
	c.strs(&t.Profiles)
	c.strs(&t.Targets)
}

func (c *codec) constraint(x *Constraint) {
	c.str(&x.Key)
	c.bits(&x.Warning)
	c.str(&x.Human)
	c.str(&x.Expression)
}

func (c *codec) slicing(s *Slicing) {
	c.str(&s.Rules)
	c.bits(&s.Ordered)
	list(c, &s.Discriminators, func(d *Discriminator) { c.str(&d.Type); c.str(&d.Path) })
}

func (c *codec) valueSet(v *ValueSet) {
	c.str(&v.URL)
	c.bits(&v.Open, &v.Advisory)
	list(c, &v.Systems, c.system)
}

func (c *codec) system(s *System) {
	c.str(&s.URL)
	c.bits(&s.Open)
	c.strs(&s.Codes)
}

func (c *codec) search(s *SourceSearch) {
	for _, p := range []*string{&s.Code, &s.Type, &s.Expression, &s.URL} {
		c.str(p)
	}
	for _, p := range []*[]string{&s.Base, &s.Targets, &s.Comparators, &s.Modifiers} {
		c.strs(p)
	}
	list(c, &s.Components, func(x *Component) { c.str(&x.Code); c.str(&x.Expression) })
}

func (c *codec) compartment(x *Compartment) {
	c.str(&x.Name)
	var types []string
	for t := range x.Params {
		types = append(types, t)
	}
	slices.Sort(types)
	c.strs(&types)
	if x.Params == nil {
		x.Params = make(map[string][]string, len(types))
	}
	for _, t := range types {
		params := x.Params[t]
		c.strs(&params)
		x.Params[t] = params
	}
}

// Write stores the source in the form that Load reads.
func Write(w io.Writer, s *Source) error {
	c := &codec{number: map[string]int{}}
	c.intern("")
	c.source(s)
	head := binary.AppendUvarint(nil, uint64(len(c.strings)))
	for _, s := range c.strings {
		head = binary.AppendUvarint(head, uint64(len(s)))
	}
	z, err := flate.NewWriter(w, flate.BestCompression)
	if err != nil {
		return fmt.Errorf("write definitions: %w", err)
	}
	for _, b := range [][]byte{head, []byte(joined(c.strings)), c.buf} {
		if _, err := z.Write(b); err != nil {
			return fmt.Errorf("write definitions: %w", err)
		}
	}
	return z.Close()
}

func joined(list []string) string {
	var b bytes.Buffer
	for _, s := range list {
		b.WriteString(s)
	}
	return b.String()
}

// read is the inverse of Write.
func read(compressed []byte) (*Source, error) {
	data, err := io.ReadAll(flate.NewReader(bytes.NewReader(compressed)))
	if err != nil {
		return nil, fmt.Errorf("read definitions: %w", err)
	}
	c := &codec{read: true}
	if c.buf, c.strings, err = readStrings(data); err != nil {
		return nil, fmt.Errorf("read definitions: %w", err)
	}
	s := new(Source)
	if c.source(s); c.err != nil {
		return nil, fmt.Errorf("read definitions: %w", c.err)
	}
	return s, nil
}

func readStrings(b []byte) (rest []byte, out []string, err error) {
	count, n := binary.Uvarint(b)
	if n <= 0 || count > uint64(len(b)) {
		return nil, nil, errShort
	}
	b = b[n:]
	ends := make([]int, count)
	total := 0
	for i := range ends {
		size, n := binary.Uvarint(b)
		if n <= 0 || size > uint64(len(b)) {
			return nil, nil, errShort
		}
		total += int(size)
		ends[i], b = total, b[n:]
	}
	if total > len(b) {
		return nil, nil, errShort
	}
	text, out, start := string(b[:total]), make([]string, count), 0
	for i, end := range ends {
		out[i], start = text[start:end], end
	}
	return b[total:], out, nil
}
