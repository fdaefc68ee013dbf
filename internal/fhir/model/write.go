package model

import (
	"fmt"
	"slices"

	"github.com/paperchart/paperchart/internal/fhir/definition"
)

// Append appends the JSON of a node without white space, members in the order
// they have, numbers as they were written.
func Append(dst []byte, n *Node) []byte {
	return (&writer{}).value(dst, n)
}

// AppendCanonical appends the JSON of a bound node without white space, members
// in the specification's order, resourceType first; members that the definitions
// do not know come last, in the order they have.
func AppendCanonical(dst []byte, n *Node) []byte {
	return (&writer{canonical: true}).value(dst, n)
}

// Canonical reads a resource and returns it in the form of AppendCanonical. The
// same resource gives the same bytes whatever its white space, escapes and
// member order.
func Canonical(table *definition.Table, data []byte, limits Limits) ([]byte, error) {
	d, err := Parse(data, limits)
	if err != nil {
		return nil, err
	}
	if Bind(table, d.Root) == nil {
		return nil, fmt.Errorf("write canonical JSON: resourceType names no R4 resource")
	}
	return AppendCanonical(make([]byte, 0, len(data)), d.Root), nil
}

type writer struct {
	canonical bool
	order     []*Node // stack of the members being written
}

func (w *writer) value(dst []byte, n *Node) []byte {
	switch n.Kind {
	case Object:
		return w.object(dst, n)
	case Array:
		dst = append(dst, '[')
		for c := n.First; c != nil; c = c.Next {
			if c != n.First {
				dst = append(dst, ',')
			}
			dst = w.value(dst, c)
		}
		return append(dst, ']')
	case String:
		return AppendString(dst, n.Text)
	case Null:
		return append(dst, "null"...)
	}
	return append(dst, n.Text...)
}

func (w *writer) object(dst []byte, n *Node) []byte {
	start := len(w.order)
	for c := n.First; c != nil; c = c.Next {
		w.order = append(w.order, c)
	}
	end := len(w.order)
	if w.canonical {
		slices.SortStableFunc(w.order[start:end], func(a, b *Node) int { return a.rank() - b.rank() })
	}
	dst = append(dst, '{')
	for i := start; i < end; i++ {
		c := w.order[i]
		if i > start {
			dst = append(dst, ',')
		}
		dst = AppendString(dst, c.Name)
		dst = append(dst, ':')
		dst = w.value(dst, c)
	}
	w.order = w.order[:start]
	return append(dst, '}')
}

// rank is the place of a member: a primitive's extensions follow its value.
func (n *Node) rank() int {
	switch {
	case n.Name == "resourceType":
		return -1
	case n.Elem == nil:
		return 1 << 20
	case n.IsUnderscored():
		return 2*int(n.Pos) + 1
	}
	return 2 * int(n.Pos)
}

const hexDigits = "0123456789abcdef"

// AppendString appends a JSON string; only what must be escaped is.
func AppendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[start:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, `\n`...)
		case '\r':
			dst = append(dst, `\r`...)
		case '\t':
			dst = append(dst, `\t`...)
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		start = i + 1
	}
	return append(append(dst, s[start:]...), '"')
}
