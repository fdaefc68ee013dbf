package fhirpath

import (
	"slices"
	"strings"
)

func listFunctions() map[string]function {
	return map[string]function{
		"empty":      plain(func(r *run, in Collection) Collection { return r.bool(len(in) == 0) }),
		"exists":     {0, 1, exists},
		"all":        {1, 1, all},
		"not":        plain(not),
		"allTrue":    quantifier(yes, true),
		"anyTrue":    quantifier(yes, false),
		"allFalse":   quantifier(no, true),
		"anyFalse":   quantifier(no, false),
		"count":      plain(func(r *run, in Collection) Collection { return r.one(integer(int64(len(in)))) }),
		"distinct":   plain(func(r *run, in Collection) Collection { return distinct(r, in) }),
		"isDistinct": plain(func(r *run, in Collection) Collection { return r.bool(len(distinct(r, in)) == len(in)) }),
		"where":      {1, 1, where},
		"select":     {1, 1, selecting},
		"first":      plain(func(_ *run, in Collection) Collection { return in[:min(1, len(in))] }),
		"last":       plain(func(_ *run, in Collection) Collection { return in[max(0, len(in)-1):] }),
		"tail":       plain(func(_ *run, in Collection) Collection { return in[min(1, len(in)):] }),
		"single":     plain(onlyOne),
		"skip":       {1, 1, cut(func(in Collection, n int) Collection { return in[n:] })},
		"take":       {1, 1, cut(func(in Collection, n int) Collection { return in[:n] })},
		"intersect":  {1, 1, intersect},
		"exclude":    {1, 1, exclude},
		"union":      {1, 1, with(func(r *run, a, b Collection) Collection { return distinct(r, a, b) })},
		"combine": {1, 2, with(func(r *run, a, b Collection) Collection {
			if !r.spend(len(a) + len(b)) {
				return nil
			}
			return r.keep(slices.Concat(a, b))
		})},
		"subsetOf":   {1, 1, with(func(r *run, a, b Collection) Collection { return r.bool(subset(r, a, b)) })},
		"supersetOf": {1, 1, with(func(r *run, a, b Collection) Collection { return r.bool(subset(r, b, a)) })},
		"iif":        {2, 3, iif},
		"aggregate":  {1, 2, aggregate},
		"coalesce":   {1, 16, coalesce},
	}
}

func exists(args []evaluator) evaluator {
	if len(args) == 0 {
		return func(r *run, in Collection) Collection { return r.bool(len(in) > 0) }
	}
	return func(r *run, in Collection) Collection {
		found := false
		r.each(in, args[0], func(_ Value, out Collection) bool {
			found = r.truth(out) == yes
			return !found
		})
		return r.bool(found)
	}
}

func all(args []evaluator) evaluator {
	return func(r *run, in Collection) Collection {
		ok := true
		r.each(in, args[0], func(_ Value, out Collection) bool {
			ok = r.truth(out) == yes
			return ok
		})
		return r.bool(ok)
	}
}

func not(r *run, in Collection) Collection {
	switch r.truth(in) {
	case yes:
		return r.bool(false)
	case no:
		return r.bool(true)
	}
	return nil
}

// quantifier makes allTrue and its kin; items that are not booleans are errors.
func quantifier(want truthValue, every bool) function {
	return plain(func(r *run, in Collection) Collection {
		for _, v := range in {
			s := v.system()
			if s.kind != Boolean {
				return r.fail("a list of booleans is wanted")
			}
			if (truthOf(s.num != 0) == want) != every {
				return r.bool(!every)
			}
		}
		return r.bool(every)
	})
}

func where(args []evaluator) evaluator {
	return func(r *run, in Collection) Collection {
		var buf [8]Value
		out := Collection(buf[:0])
		r.each(in, args[0], func(item Value, c Collection) bool {
			if r.truth(c) == yes {
				out = append(out, item)
			}
			return r.err == nil
		})
		return r.keep(out)
	}
}

func selecting(args []evaluator) evaluator {
	return func(r *run, in Collection) Collection {
		var buf [8]Value
		out := Collection(buf[:0])
		r.each(in, args[0], func(_ Value, c Collection) bool {
			out = append(out, c...)
			return r.spend(len(c))
		})
		return r.keep(out)
	}
}

func onlyOne(r *run, in Collection) Collection {
	if len(in) > 1 {
		return r.fail("single() has %d items", len(in))
	}
	return in
}

func cut(f func(Collection, int) Collection) func([]evaluator) evaluator {
	return func(args []evaluator) evaluator {
		return func(r *run, in Collection) Collection {
			n, ok := r.single(args[0](r, r.this), "a count")
			if !ok || n.kind != Integer {
				return nil
			}
			return f(in, int(min(max(n.num, 0), int64(len(in)))))
		}
	}
}

func with(f func(r *run, a, b Collection) Collection) func([]evaluator) evaluator {
	return func(args []evaluator) evaluator {
		return func(r *run, in Collection) Collection { return f(r, in, args[0](r, r.this)) }
	}
}

func intersect(args []evaluator) evaluator {
	return func(r *run, in Collection) Collection {
		other := args[0](r, r.this)
		if !r.spend(len(in) * len(other)) {
			return nil
		}
		return distinct(r, slices.DeleteFunc(slices.Clone(in), func(v Value) bool { return !has(other, v) }))
	}
}

func exclude(args []evaluator) evaluator {
	return func(r *run, in Collection) Collection {
		other := args[0](r, r.this)
		if !r.spend(len(in) * len(other)) {
			return nil
		}
		return r.keep(slices.DeleteFunc(slices.Clone(in), func(v Value) bool { return has(other, v) }))
	}
}

func subset(r *run, a, b Collection) bool {
	return r.spend(len(a)*len(b)) && !slices.ContainsFunc(a, func(v Value) bool { return !has(b, v) })
}

func iif(args []evaluator) evaluator {
	return func(r *run, in Collection) Collection {
		this := r.this
		if len(in) == 1 {
			r.this = in
		}
		defer func() { r.this = this }()
		switch {
		case r.truth(args[0](r, r.this)) == yes:
			return args[1](r, r.this)
		case len(args) == 3:
			return args[2](r, r.this)
		}
		return nil
	}
}

func aggregate(args []evaluator) evaluator {
	return func(r *run, in Collection) Collection {
		outer := r.total
		r.total = nil
		if len(args) == 2 {
			r.total = args[1](r, r.this)
		}
		r.each(in, args[0], func(_ Value, out Collection) bool {
			r.total = out
			return true
		})
		out := r.total
		r.total = outer
		return out
	}
}

func coalesce(args []evaluator) evaluator {
	return func(r *run, _ Collection) Collection {
		for _, a := range args {
			if out := a(r, r.this); len(out) > 0 {
				return out
			}
		}
		return nil
	}
}

// sort compiles sort(key, …): a sign before a key turns its order round.
func (c *compiler) sort(n *ast) evaluator {
	type key struct {
		eval evaluator
		desc bool
	}
	var keys []key
	for _, a := range n.args {
		k := key{desc: a.kind == astUnary && a.text == "-"}
		if k.desc {
			a = a.args[0]
		}
		k.eval = c.compile(a)
		keys = append(keys, k)
	}
	if len(keys) == 0 {
		keys = []key{{eval: func(_ *run, in Collection) Collection { return in }}}
	}
	type row struct {
		item Value
		keys []Value
	}
	return func(r *run, in Collection) Collection {
		rows := make([]row, len(in))
		for i := range in {
			rows[i].item = in[i]
		}
		for _, k := range keys {
			i := 0
			r.each(in, k.eval, func(_ Value, out Collection) bool {
				v, _ := r.single(out, "a sort key")
				rows[i].keys = append(rows[i].keys, v)
				i++
				return r.err == nil
			})
		}
		if r.err != nil {
			return nil
		}
		slices.SortStableFunc(rows, func(a, b row) int {
			for i, k := range keys {
				if d := sortOrder(a.keys[i], b.keys[i]); d != 0 {
					if k.desc {
						return -d
					}
					return d
				}
			}
			return 0
		})
		start := len(r.slab)
		for _, x := range rows {
			r.slab = append(r.slab, x.item)
		}
		return r.slab[start:len(r.slab):len(r.slab)]
	}
}

// sortOrder puts missing keys first.
func sortOrder(a, b Value) int {
	if a.kind == None || b.kind == None {
		return int(min(a.kind, 1)) - int(min(b.kind, 1))
	}
	cmp, _, comparable := order(a, b)
	if !comparable {
		return strings.Compare(a.String(), b.String())
	}
	return cmp
}
