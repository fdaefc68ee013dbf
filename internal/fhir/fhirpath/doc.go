// Package fhirpath evaluates FHIRPath (N1 with the R4 functions of FHIR) on the
// bound trees of internal/fhir/model.
//
// An expression is compiled once, to closures, and cached by its Engine; it may
// then be evaluated from any goroutine. Evaluation never panics on data and never
// changes it. Nothing leaves the process: resolve() and memberOf() answer from
// the hooks in Env, and from the resource itself.
//
// Deviations from the specification, each as the official R4 suite has it:
// unknown elements give the empty collection instead of an error; now() and
// today() come from Env. Left out: conformsTo() of profiles without a hook in
// Env, and units on special scales (see package ucum).
package fhirpath

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/model"
)

// Engine compiles expressions and keeps them. It is safe for concurrent use.
type Engine struct {
	table     *definition.Table
	functions map[string]function
	cache     sync.Map // expression → *Expr
	cached    atomic.Int64
}

// New returns an engine that knows the types of the table.
func New(table *definition.Table) *Engine { return &Engine{table: table, functions: allFunctions()} }

// Env is what an evaluation sees besides its input. The zero value will do; one
// Env may serve many evaluations at a time if its hooks can.
type Env struct {
	// Now is the clock of now(), today() and timeOfDay(); nil means time.Now.
	Now func() time.Time
	// Resource and Root are %resource and %rootResource; nil means the innermost
	// and the outermost resource that hold the input.
	Resource, Root *model.Node
	// Resolve finds the resource that a reference names, nil where it cannot.
	// References to contained resources and entries of the same Bundle are found
	// without it.
	Resolve func(reference string) *model.Node
	// MemberOf tells whether a code is in a value set; known is false where that
	// cannot be told, and memberOf() is then empty.
	MemberOf func(valueSet, system, code string) (member, known bool)
	// ConformsTo tells whether a node meets a profile.
	ConformsTo func(node *model.Node, profile string) (ok, known bool)
	// Vars are external constants, by name without "%".
	Vars map[string]Collection
	// Work bounds what an evaluation looks at, in items; five million where 0. For
	// expressions that clients send, take much less.
	Work int
	// Lenient lets "as" pass over items of other types where the specification
	// wants a single item: the search parameters of R4 count on it.
	Lenient bool
}

// Expr is a compiled expression.
type Expr struct {
	source string
	engine *Engine
	eval   evaluator
}

// String returns the source of the expression.
func (e *Expr) String() string { return e.source }

// maxCached bounds the number of expressions an engine keeps; those beyond it are
// compiled anew each time.
const maxCached = 10000

// Compile returns the compiled expression, from the cache where it was compiled
// before. The error is a *SyntaxError.
func (g *Engine) Compile(expression string) (*Expr, error) {
	if x, ok := g.cache.Load(expression); ok {
		return x.(*Expr), nil
	}
	e, err := g.compile(expression)
	if err != nil {
		return nil, err
	}
	if g.cached.Load() < maxCached {
		g.cache.Store(expression, e)
		g.cached.Add(1)
	}
	return e, nil
}

func (g *Engine) compile(expression string) (*Expr, error) {
	ast, err := parse(expression)
	if err != nil {
		return nil, err
	}
	c := &compiler{engine: g}
	eval := c.compile(ast)
	if c.err != nil {
		return nil, c.err
	}
	return &Expr{source: expression, engine: g, eval: eval}, nil
}

// Eval evaluates the expression with a node as its input.
func (e *Expr) Eval(node *model.Node, env *Env) (Collection, error) {
	r := newRun(e.engine, env)
	defer r.release()
	out := r.start(e, Value{node: node})
	if r.err != nil {
		return nil, r.err
	}
	return append(Collection(nil), out...), nil
}

// EvalValues evaluates the expression with any collection as its input.
func (e *Expr) EvalValues(in Collection, env *Env) (Collection, error) {
	r := newRun(e.engine, env)
	defer r.release()
	r.this, r.input = in, in
	out := e.eval(r, in)
	if r.err != nil {
		return nil, r.err
	}
	return append(Collection(nil), out...), nil
}

// Each calls yield with every item of the result until yield returns false; it
// allocates less than Eval.
func (e *Expr) Each(node *model.Node, env *Env, yield func(Value) bool) error {
	r := newRun(e.engine, env)
	defer r.release()
	out := r.start(e, Value{node: node})
	if r.err != nil {
		return r.err
	}
	for _, v := range out {
		if !yield(v) {
			break
		}
	}
	return nil
}

// EvalBool evaluates the expression as a condition: true, false, or undefined
// where the result is empty.
func (e *Expr) EvalBool(node *model.Node, env *Env) (value, defined bool, err error) {
	r := newRun(e.engine, env)
	defer r.release()
	t := r.truth(r.start(e, Value{node: node}))
	return t == yes, t != unknown, r.err
}
