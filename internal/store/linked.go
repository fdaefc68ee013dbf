package store

import (
	"slices"
	"strconv"

	"github.com/paperchart/paperchart/internal/fhir/model"
)

// link is a reference of a resource to another one of this store.
type link struct {
	typ, id string
	from    string // the element with the reference, such as Condition.subject
}

// links are what a resource refers to, each target once. The resources in a Bundle
// that is stored as such refer to each other.
func (x *indexer) links(c *content) []link {
	if c.typ.Name == "Bundle" {
		return nil
	}
	var all []link
	seen := map[string]bool{}
	for top := c.root.First; top != nil; top = top.Next {
		eachReference(top, func(ref string) {
			typ, id := x.splitReference(ref)
			if typ == "" || seen[typ+"/"+id] {
				return
			}
			seen[typ+"/"+id] = true
			all = append(all, link{typ, id, c.typ.Name + "." + top.Name})
		})
	}
	return all
}

// eachReference calls f with every Reference.reference under a node.
func eachReference(n *model.Node, f func(string)) {
	switch {
	case n.Kind == model.String:
		if n.Name == "reference" {
			f(n.Text)
		}
		return
	case n.Kind != model.Object && n.Kind != model.Array:
		return
	}
	for c := n.First; c != nil; c = c.Next {
		eachReference(c, f)
	}
}

// newLinks are the links that a resource did not have before: what one leads to may
// have been deleted since, and that is no reason to refuse another change.
func newLinks(links, before []link) []link {
	return slices.DeleteFunc(links, func(l link) bool {
		return slices.ContainsFunc(before, func(b link) bool { return b.typ == l.typ && b.id == l.id })
	})
}

// linked refuses ops that asked for it where they refer to a resource of this store
// that is not there once all of them are done.
func (w *writing) linked(ops []Op) error {
	written := map[target]bool{}
	var keys []target
	var from []string
	for i := range ops {
		if op := &ops[i]; op.Method != "DELETE" {
			typ, err := w.name(op.Type)
			if err != nil {
				return err
			}
			written[target{typ, op.ID}] = true
		}
	}
	for i := range ops {
		op := &ops[i]
		if !op.Linked || op.ready == nil || op.hit != nil && op.Method == "POST" {
			continue
		}
		for _, l := range op.ready.links {
			typ, err := w.name(l.typ)
			if err != nil {
				return err
			}
			if key := (target{typ, l.id}); !written[key] {
				written[key] = true // once is enough
				keys, from = append(keys, key), append(from, elementOf(op, i, len(ops), l.from))
			}
		}
	}
	return w.allLive(keys, from)
}

// allLive refuses what leads to a resource that is not there.
func (w *writing) allLive(keys []target, from []string) error {
	if len(keys) == 0 {
		return nil
	}
	live := make([]bool, len(keys))
	err := w.c.find(keys, false, func(i int, c columns) error {
		live[i] = c.Int64(3) != 0
		return nil
	})
	if err != nil {
		return err
	}
	for i, ok := range live {
		if !ok {
			return &Error{Code: Unprocessable, Expression: from[i],
				Message: "a reference leads to a resource that is not here: store that first, or both in one transaction"}
		}
	}
	return nil
}

// elementOf is the element for the client: within its bundle where it came in one.
func elementOf(op *Op, i, n int, element string) string {
	if op.fullURL == "" && n == 1 {
		return element
	}
	return "Bundle.entry[" + strconv.Itoa(i) + "].resource." + element[len(op.Type)+1:]
}
