package fhirpath

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/paperchart/paperchart/internal/fhir/model"
)

// evaluator is a compiled expression: from a focus to a collection. The first
// error stops the run; what is returned after it is of no meaning.
type evaluator func(r *run, in Collection) Collection

// run is one evaluation.
type run struct {
	engine *Engine
	env    *Env
	this   Collection // $this
	input  Collection // %context
	index  int64      // $index
	total  Collection // $total
	vars   *variable
	slab   Collection // memory of the collections made on the way
	budget int
	err    error
}

type variable struct {
	name  string
	value Collection
	outer *variable
}

// maxItems bounds the work of one evaluation, in items looked at.
const maxItems = 5_000_000

// ErrTooLong is returned where an evaluation looks at more than maxItems items.
var ErrTooLong = errors.New("evaluate FHIRPath: too many items")

var runs = sync.Pool{New: func() any { return &run{slab: make(Collection, 0, 256)} }}

var noEnv Env

func newRun(g *Engine, env *Env) *run {
	r := runs.Get().(*run)
	if env == nil {
		env = &noEnv
	}
	r.engine, r.env, r.budget = g, env, maxItems
	if env.Work > 0 {
		r.budget = env.Work
	}
	return r
}

// keptSlab is the size, in items, above which a run's memory is let go.
const keptSlab = 1 << 14

func (r *run) release() {
	slab := r.slab
	clear(slab)
	if cap(slab) > keptSlab {
		slab = make(Collection, 0, 256)
	}
	*r = run{slab: slab[:0]}
	runs.Put(r)
}

func (r *run) start(e *Expr, v Value) Collection {
	r.this = r.one(v)
	r.input = r.this
	return e.eval(r, r.this)
}

func (r *run) fail(format string, args ...any) Collection {
	if r.err == nil {
		r.err = fmt.Errorf("evaluate FHIRPath: "+format, args...)
	}
	return nil
}

// spend counts items looked at; it reports false where the run must stop.
func (r *run) spend(n int) bool {
	if r.budget -= n; r.budget < 0 && r.err == nil {
		r.err = ErrTooLong
	}
	return r.err == nil
}

// maxText bounds, in bytes, the strings that expressions make.
const maxText = 1 << 20

// textPerItem is how many bytes of a string are as much work as an item.
const textPerItem = 64

// room reports whether a string of so many bytes may be made, and counts it.
func (r *run) room(bytes int) bool {
	if bytes > maxText || bytes < 0 {
		r.fail("a string of more than %d bytes", maxText)
		return false
	}
	return r.spend(1 + bytes/textPerItem)
}

// one returns a collection of one item.
func (r *run) one(v Value) Collection {
	i := len(r.slab)
	r.slab = append(r.slab, v)
	return r.slab[i : i+1 : i+1]
}

func (r *run) bool(b bool) Collection { return r.one(boolean(b)) }

// keep copies a collection that was gathered elsewhere.
func (r *run) keep(c Collection) Collection {
	i := len(r.slab)
	r.slab = append(r.slab, c...)
	return r.slab[i:len(r.slab):len(r.slab)]
}

// each evaluates with every item as focus and $this, and hands the results to
// yield until that returns false.
func (r *run) each(in Collection, f evaluator, yield func(item Value, out Collection) bool) {
	this, index, vars := r.this, r.index, r.vars
	for i := range in {
		r.this, r.index = in[i:i+1:i+1], int64(i)
		out := f(r, r.this)
		r.vars = vars
		if !r.spend(1) || !yield(in[i], out) {
			break
		}
	}
	r.this, r.index = this, index
}

func (r *run) now() time.Time {
	if r.env.Now != nil {
		return r.env.Now()
	}
	return time.Now()
}

// truthValue is the value of a condition.
type truthValue uint8

const (
	unknown truthValue = iota
	no
	yes
)

func truthOf(b bool) truthValue {
	if b {
		return yes
	}
	return no
}

// truth is the singleton evaluation of a collection as a condition: one item that
// is not a boolean counts as true.
func (r *run) truth(c Collection) truthValue {
	switch len(c) {
	case 0:
		return unknown
	case 1:
		if v := c[0].system(); v.kind == Boolean {
			return truthOf(v.num != 0)
		}
		return yes
	}
	r.fail("a condition has %d items", len(c))
	return unknown
}

func (r *run) ofTruth(t truthValue) Collection {
	if t == unknown {
		return nil
	}
	return r.bool(t == yes)
}

// single returns the only item as a System value; ok is false where there is
// none, and more than one is an error.
func (r *run) single(c Collection, what string) (v Value, ok bool) {
	if len(c) > 1 {
		r.fail("%s wants one item and has %d", what, len(c))
		return Value{}, false
	}
	if len(c) == 0 {
		return Value{}, false
	}
	return c[0].system(), true
}

// children appends to the slab the children of a node by FHIRPath name.
func (r *run) children(n *model.Node, name string) {
	if n.IsPrimitive() {
		if n.Kind != model.Object {
			n = n.Ext
		}
		if n == nil {
			return
		}
	}
	if n.Kind != model.Object {
		return
	}
	for c := n.First; c != nil; c = c.Next {
		if c.Key() == name || c.Elem == nil && c.Name == name {
			r.push(c)
		}
	}
}

// push appends a member to the slab, the items of an array one by one.
func (r *run) push(c *model.Node) {
	if c.Kind != model.Array {
		r.slab = append(r.slab, Value{node: c})
		return
	}
	for item := c.First; item != nil; item = item.Next {
		if item.Kind != model.Null || item.Ext != nil {
			r.slab = append(r.slab, Value{node: item})
		}
	}
}

// allChildren appends to the slab every child of a node.
func (r *run) allChildren(n *model.Node) {
	if n.IsPrimitive() && n.Kind != model.Object {
		n = n.Ext
	}
	if n == nil || n.Kind != model.Object {
		return
	}
	for c := n.First; c != nil; c = c.Next {
		if c.Key() != "" || c.Elem == nil && c.Name != "resourceType" {
			r.push(c)
		}
	}
}
