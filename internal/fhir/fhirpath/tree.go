package fhirpath

import "github.com/paperchart/paperchart/internal/fhir/model"

func treeFunctions() map[string]function {
	return map[string]function{
		"children":       plain(childrenOf),
		"descendants":    plain(descendants),
		"repeat":         {1, 1, repeat(true)},
		"repeatAll":      {1, 1, repeat(false)},
		"type":           plain(types),
		"trace":          {1, 2, func([]evaluator) evaluator { return func(_ *run, in Collection) Collection { return in } }},
		"defineVariable": {1, 2, defineVariable},
	}
}

func childrenOf(r *run, in Collection) Collection {
	start := len(r.slab)
	for _, v := range in {
		if v.node != nil {
			r.allChildren(v.node)
		}
	}
	r.spend(len(r.slab) - start)
	return r.slab[start:len(r.slab):len(r.slab)]
}

func descendants(r *run, in Collection) Collection {
	start := len(r.slab)
	for _, v := range in {
		if v.node != nil {
			r.allChildren(v.node)
		}
	}
	for i := start; i < len(r.slab) && r.spend(1); i++ {
		r.allChildren(r.slab[i].node)
	}
	return r.slab[start:len(r.slab):len(r.slab)]
}

// repeat applies the projection to its own results until nothing new comes.
func repeat(unique bool) func([]evaluator) evaluator {
	return func(args []evaluator) evaluator {
		return func(r *run, in Collection) Collection {
			seen := map[*model.Node]bool{}
			var out Collection
			for todo := in; len(todo) > 0 && r.spend(len(todo)); {
				var next Collection
				r.each(todo, args[0], func(_ Value, found Collection) bool {
					for _, v := range found {
						if v.node == nil && !r.spend(len(out)) {
							return false
						}
						if unique && known(seen, out, v) {
							continue
						}
						out, next = append(out, v), append(next, v)
					}
					return r.spend(len(found))
				})
				todo = next
			}
			return r.keep(out)
		}
	}
}

func known(seen map[*model.Node]bool, out Collection, v Value) bool {
	if v.node == nil {
		return has(out, v)
	}
	old := seen[v.node]
	seen[v.node] = true
	return old
}

func types(r *run, in Collection) Collection {
	start := len(r.slab)
	for _, v := range in {
		name := "System." + kindNames[v.system().kind]
		if v.node != nil && v.node.Type != nil {
			name = "FHIR." + v.node.Type.Name
		}
		r.slab = append(r.slab, Value{kind: typeInfo, str: name})
	}
	return r.slab[start:len(r.slab):len(r.slab)]
}

func defineVariable(args []evaluator) evaluator {
	return func(r *run, in Collection) Collection {
		name, ok := r.single(args[0](r, r.this), "the name of a variable")
		if !ok || name.kind != String {
			return r.fail("defineVariable() wants a name")
		}
		value := in
		if len(args) == 2 {
			value = args[1](r, r.this)
		}
		r.vars = &variable{name: name.str, value: value, outer: r.vars}
		return in
	}
}
