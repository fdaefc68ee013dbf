package fhirpath

import "strings"

// function makes the evaluator of a call from its compiled arguments; the focus
// of the evaluator is what stands before the dot.
type function struct {
	min, max int // arguments
	make     func(args []evaluator) evaluator
}

func (c *compiler) call(n *ast) evaluator {
	switch n.text {
	case "is", "as", "ofType":
		return c.typeCall(n)
	case "sort":
		return c.sort(n)
	}
	f, ok := c.engine.functions[n.text]
	if !ok {
		return c.fail(n, "there is no function %.40s()", n.text)
	}
	if len(n.args) < f.min || len(n.args) > f.max {
		return c.fail(n, "%s() takes %d to %d arguments and has %d", n.text, f.min, f.max, len(n.args))
	}
	args := make([]evaluator, len(n.args))
	for i, a := range n.args {
		args[i] = c.compile(a)
	}
	if n.text == "matches" || n.text == "matchesFull" {
		if p := n.args[0]; p.kind == astString {
			return constantMatch(c, n, p.text)
		}
	}
	return f.make(args)
}

// typeCall compiles is(T), as(T) and ofType(T): their argument is a type.
func (c *compiler) typeCall(n *ast) evaluator {
	if len(n.args) != 1 {
		return c.fail(n, "%s() takes a type", n.text)
	}
	name := typeText(n.args[0])
	if name == "" {
		return c.fail(n, "%s() takes the name of a type", n.text)
	}
	return c.typeTest(n, n.text, nil, name)
}

func typeText(n *ast) string {
	switch n.kind {
	case astName:
		return n.text
	case astDot:
		if a, b := typeText(n.args[0]), n.args[1]; a != "" && b.kind == astName && !strings.Contains(a, ".") {
			return a + "." + b.text
		}
	}
	return ""
}

// plain makes a function of the focus alone.
func plain(f func(*run, Collection) Collection) function {
	return function{0, 0, func([]evaluator) evaluator { return f }}
}

// text makes a function of one string and string arguments, empty where any of
// them is.
func text(args int, f func(r *run, s string, args []string) Collection) function {
	return function{args, args, func(list []evaluator) evaluator {
		return func(r *run, in Collection) Collection {
			v, ok := r.single(in, "a function of strings")
			if ok && v.kind == None {
				return r.fail("a function of strings has a complex value before it")
			}
			if !ok || !isText(v) {
				return nil
			}
			var buf [2]string
			values := buf[:0]
			for _, a := range list {
				x, ok := r.single(a(r, r.this), "an argument")
				if !ok || !isText(x) {
					return nil
				}
				values = append(values, x.str)
			}
			if !r.spend(1 + len(v.str)/textPerItem) {
				return nil
			}
			return f(r, v.str, values)
		}
	}}
}

func isText(v Value) bool { return v.kind == String || v.isTemporal() }

func allFunctions() map[string]function {
	all := map[string]function{}
	for _, m := range []map[string]function{listFunctions(), treeFunctions(), textFunctions(), numberFunctions(), conversions(), fhirFunctions(), boundaryFunctions()} {
		for name, f := range m {
			all[name] = f
		}
	}
	return all
}
