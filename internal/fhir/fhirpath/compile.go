package fhirpath

import (
	"fmt"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/definition"
)

type compiler struct {
	engine *Engine
	err    error
}

func (c *compiler) fail(n *ast, format string, args ...any) evaluator {
	if c.err == nil {
		c.err = &SyntaxError{Message: fmt.Sprintf(format, args...), Offset: n.at}
	}
	return func(*run, Collection) Collection { return nil }
}

func (c *compiler) compile(n *ast) evaluator {
	switch n.kind {
	case astNull:
		return func(*run, Collection) Collection { return nil }
	case astString:
		return constant(Text(n.text))
	case astBool:
		return constant(boolean(n.text == "true"))
	case astNumber, astQuantity, astDate:
		return c.literal(n)
	case astName:
		return c.firstName(n.text)
	case astExternal:
		return c.external(n)
	case astThis:
		return c.variable(n)
	case astCall:
		return c.call(n)
	case astDot:
		return c.dot(n)
	case astIndex:
		return c.index(n)
	case astUnary:
		return c.unary(n)
	case astBinary:
		return c.binary(n)
	case astType:
		return c.typeTest(n, n.text, n.args[0], n.unit)
	}
	return c.fail(n, "the expression is empty")
}

func constant(v Value) evaluator {
	list := Collection{v}
	return func(*run, Collection) Collection { return list[:1:1] }
}

func (c *compiler) literal(n *ast) evaluator {
	var v Value
	ok := true
	switch n.kind {
	case astDate:
		v, ok = dateLiteral(n.text)
	default:
		v, ok = numberLiteral(n.text)
		if n.kind == astQuantity && ok {
			d, _ := v.Decimal()
			v = Value{kind: Quantity, dec: d, str: n.unit}
		}
	}
	if !ok {
		return c.fail(n, "the literal %.40q has no meaning", n.text)
	}
	return constant(v)
}

// firstName compiles the first name of a path: a type's name lets items of that
// type pass.
func (c *compiler) firstName(name string) evaluator {
	child := step(name)
	if name[:min(1, len(name))] < "A" || name[:1] > "Z" {
		return child
	}
	return func(r *run, in Collection) Collection {
		if len(in) == 1 && in[0].node != nil && in[0].node.Type != nil && in[0].node.Type.Is(name) {
			return in
		}
		return child(r, in)
	}
}

// step compiles the navigation to the children of a name.
func step(name string) evaluator {
	return func(r *run, in Collection) Collection {
		start := len(r.slab)
		for i := range in {
			if n := in[i].node; n != nil {
				r.children(n, name)
			} else if in[i].kind == typeInfo {
				r.slab = append(r.slab, typeMember(in[i], name)...)
			}
		}
		end := len(r.slab)
		r.spend(end - start + 1)
		return r.slab[start:end:end]
	}
}

// typeMember reads namespace and name of what type() returns, "namespace.name".
func typeMember(v Value, name string) Collection {
	space, local, _ := strings.Cut(v.str, ".")
	switch name {
	case "namespace":
		return Collection{Text(space)}
	case "name":
		return Collection{Text(local)}
	}
	return nil
}

func (c *compiler) dot(n *ast) evaluator {
	left, right := c.compile(n.args[0]), n.args[1]
	var then evaluator
	switch right.kind {
	case astName:
		then = step(right.text)
		if isTypeName(n.args[0], right) {
			then = c.firstName(right.text)
		}
	default:
		then = c.compile(right)
	}
	return func(r *run, in Collection) Collection { return then(r, left(r, in)) }
}

// isTypeName recognizes FHIR.Patient at the start of a path.
func isTypeName(left, right *ast) bool {
	return left.kind == astName && left.text == "FHIR" && right.text != ""
}

func (c *compiler) index(n *ast) evaluator {
	left, at := c.compile(n.args[0]), c.compile(n.args[1])
	return func(r *run, in Collection) Collection {
		items := left(r, in)
		i, ok := r.single(at(r, r.this), "an index")
		if !ok || i.kind != Integer || i.num < 0 || i.num >= int64(len(items)) {
			return nil
		}
		return items[i.num : i.num+1 : i.num+1]
	}
}

func (c *compiler) variable(n *ast) evaluator {
	switch n.text {
	case "this":
		return func(r *run, _ Collection) Collection { return r.this }
	case "index":
		return func(r *run, _ Collection) Collection { return r.one(integer(r.index)) }
	case "total":
		return func(r *run, _ Collection) Collection { return r.total }
	}
	return c.fail(n, "there is no $%.40s", n.text)
}

func (c *compiler) external(n *ast) evaluator {
	name := n.text
	switch name {
	case "ucum":
		return constant(Text("http://unitsofmeasure.org"))
	case "sct":
		return constant(Text("http://snomed.info/sct"))
	case "loinc":
		return constant(Text("http://loinc.org"))
	case "resource":
		return resourceOf
	case "rootResource":
		return rootOf
	case "context":
		return func(r *run, _ Collection) Collection { return r.input }
	}
	for prefix, url := range map[string]string{"vs-": "http://hl7.org/fhir/ValueSet/", "ext-": "http://hl7.org/fhir/StructureDefinition/"} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			return constant(Text(url + rest))
		}
	}
	return func(r *run, _ Collection) Collection {
		for v := r.vars; v != nil; v = v.outer {
			if v.name == name {
				return v.value
			}
		}
		if v, ok := r.env.Vars[name]; ok {
			return v
		}
		return r.fail("%%%s is not defined", name)
	}
}

func resourceOf(r *run, _ Collection) Collection {
	n := r.env.Resource
	if n == nil && len(r.input) > 0 && r.input[0].node != nil {
		n = r.input[0].node.Resource()
	}
	if n == nil {
		return r.input
	}
	return r.one(Value{node: n})
}

func rootOf(r *run, _ Collection) Collection {
	n := r.env.Root
	if n == nil && len(r.input) > 0 && r.input[0].node != nil {
		n = container(r.input[0].node)
	}
	if n == nil {
		return r.input
	}
	return r.one(Value{node: n})
}

// typeTest compiles "is" and "as", operators and functions.
func (c *compiler) typeTest(n *ast, op string, of *ast, name string) evaluator {
	left := func(_ *run, in Collection) Collection { return in }
	if of != nil {
		left = c.compile(of)
	}
	match := c.typeMatcher(n, name, op == "is")
	if op == "is" {
		return func(r *run, in Collection) Collection {
			items := left(r, in)
			if len(items) > 1 {
				return r.fail("is wants one item and has %d", len(items))
			}
			if len(items) == 0 {
				return nil
			}
			return r.bool(match(items[0]))
		}
	}
	return func(r *run, in Collection) Collection {
		items := left(r, in)
		if len(items) > 1 && op == "as" && !r.env.Lenient {
			return r.fail("as wants one item and has %d", len(items))
		}
		return filterType(r, items, match)
	}
}

func filterType(r *run, items Collection, match func(Value) bool) Collection {
	if len(items) == 1 && match(items[0]) {
		return items
	}
	start := len(r.slab)
	for i := range items {
		if match(items[i]) {
			r.slab = append(r.slab, items[i])
		}
	}
	return r.slab[start:len(r.slab):len(r.slab)]
}

// typeMatcher compiles a type specifier, such as "Quantity", "System.String" or
// "FHIR.code".
//
// The suite has it that a code "is" a string but does not pass "as(string)".
func (c *compiler) typeMatcher(n *ast, name string, inherited bool) func(Value) bool {
	space, local, qualified := strings.Cut(name, ".")
	if !qualified {
		space, local = "", name
	}
	system, isSystem := systemKind(local)
	fhir := c.engine.table.Type(local)
	if space == "System" {
		fhir = nil
	}
	if space == "FHIR" {
		isSystem = false
	}
	if fhir == nil && !isSystem && space != "System" {
		c.fail(n, "there is no type %.40s", name)
	}
	return func(v Value) bool {
		if v.node == nil || v.node.Type == nil {
			return isSystem && v.system().kind == system
		}
		return fhir != nil && isType(v.node.Type, fhir, inherited)
	}
}

// isType reports whether a type is or specializes another; the specializations
// of primitives, such as code of string, count only where inherited is set.
func isType(t, of *definition.Type, inherited bool) bool {
	return t == of || (inherited || t.Kind != definition.KindPrimitive) && t.Is(of.Name)
}

func systemKind(name string) (Kind, bool) {
	for k, n := range kindNames {
		if n == name && n != "" {
			return Kind(k), true
		}
	}
	return None, false
}
