package fhirpath

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/paperchart/paperchart/internal/fhir/ucum"
)

func (c *compiler) unary(n *ast) evaluator {
	of := c.compile(n.args[0])
	negative := n.text == "-"
	return func(r *run, in Collection) Collection {
		v, ok := r.single(of(r, in), "a sign")
		if !ok {
			return nil
		}
		switch v.kind {
		case Integer:
			if negative {
				v.num = -v.num
			}
		case Decimal, Quantity:
			if negative {
				v.dec = v.dec.Neg()
			}
		default:
			return r.fail("a sign stands before what is no number")
		}
		v.node = nil
		return r.one(v)
	}
}

func (c *compiler) binary(n *ast) evaluator {
	a, b := c.compile(n.args[0]), c.compile(n.args[1])
	switch n.text {
	case "and", "or", "xor", "implies":
		return logic(n.text, a, b)
	case "=", "!=":
		return equality(n.text == "=", a, b)
	case "~", "!~":
		return equivalence(n.text == "~", a, b)
	case "<", ">", "<=", ">=":
		return comparison(n.text, a, b)
	case "|":
		return func(r *run, in Collection) Collection { return distinct(r, a(r, in), b(r, in)) }
	case "in":
		return membership(a, b)
	case "contains":
		return membership(b, a)
	case "&":
		return concatenation(a, b)
	}
	return arithmetic(n.text, a, b)
}

// logic evaluates the right side only where the left does not decide.
func logic(op string, a, b evaluator) evaluator {
	return func(r *run, in Collection) Collection {
		x := r.truth(a(r, in))
		if decided := shortcut(op, x); decided != unknown || r.err != nil {
			return r.ofTruth(decided)
		}
		return r.ofTruth(combine(op, x, r.truth(b(r, in))))
	}
}

func shortcut(op string, x truthValue) truthValue {
	switch {
	case op == "and" && x == no:
		return no
	case op == "or" && x == yes, op == "implies" && x == no:
		return yes
	}
	return unknown
}

func combine(op string, x, y truthValue) truthValue {
	switch op {
	case "and":
		if y == no || x == yes && y == yes {
			return y
		}
	case "or":
		if y == yes || x == no && y == no {
			return y
		}
	case "implies":
		if y == yes || x == yes {
			return y
		}
	case "xor":
		if x != unknown && y != unknown {
			return truthOf(x != y)
		}
	}
	return unknown
}

func equality(want bool, a, b evaluator) evaluator {
	return func(r *run, in Collection) Collection {
		x, y := a(r, in), b(r, in)
		t := equalCollections(x, y)
		if t == unknown {
			return nil
		}
		return r.bool((t == yes) == want)
	}
}

func equivalence(want bool, a, b evaluator) evaluator {
	return func(r *run, in Collection) Collection {
		x, y := a(r, in), b(r, in)
		return r.bool(equivalentCollections(r, x, y) == want)
	}
}

func comparison(op string, a, b evaluator) evaluator {
	return func(r *run, in Collection) Collection {
		x, okX := r.single(a(r, in), op)
		y, okY := r.single(b(r, in), op)
		if !okX || !okY {
			return nil
		}
		cmp, ok, comparable := order(x, y)
		if !comparable {
			return r.fail("%s cannot compare %s with %s", op, kindNames[x.kind], kindNames[y.kind])
		}
		if !ok {
			return nil
		}
		return r.bool(cmp < 0 && op[0] == '<' || cmp > 0 && op[0] == '>' || cmp == 0 && len(op) == 2)
	}
}

// order compares two System values: comparable tells whether their types can be
// compared at all, ok whether these two can.
func order(x, y Value) (cmp int, ok, comparable bool) {
	switch {
	case x.isNumber() && y.isNumber():
		return compareNumbers(x, y), true, true
	case x.isTemporal() || y.isTemporal():
		return compareTemporal(x, y)
	case x.kind == String && y.kind == String:
		return strings.Compare(x.str, y.str), true, true
	case x.kind == Quantity && y.kind == Quantity:
		cmp, ok = compareQuantities(x, y)
		return cmp, ok, true
	case x.kind == Quantity && y.isNumber() && x.str == "'1":
		return x.dec.Cmp(asDecimal(y)), true, true
	}
	return 0, false, false
}

func (v Value) isNumber() bool { return v.kind == Integer || v.kind == Decimal }

func asDecimal(v Value) decimal.Decimal {
	if v.kind == Integer {
		return decimal.NewFromInt(v.num)
	}
	return v.dec
}

func compareNumbers(x, y Value) int {
	if x.kind == Integer && y.kind == Integer {
		switch {
		case x.num < y.num:
			return -1
		case x.num > y.num:
			return 1
		}
		return 0
	}
	return asDecimal(x).Cmp(asDecimal(y))
}

// definite maps the calendar units whose length never varies to UCUM; the others
// compare among themselves only.
var definite = map[string]string{"week": "'wk", "day": "'d", "hour": "'h", "minute": "'min", "second": "'s", "millisecond": "'ms"}

func unitOf(v Value) string {
	if u, ok := definite[v.str]; ok {
		return u
	}
	return v.str
}

func compareQuantities(x, y Value) (int, bool) {
	ux, uy := unitOf(x), unitOf(y)
	if ux == uy {
		return x.dec.Cmp(y.dec), true
	}
	if ux[0] != '\'' || uy[0] != '\'' {
		return compareCalendar(x, y)
	}
	a, baseA, err := ucum.Canonical(x.dec, ux[1:])
	if err != nil {
		return 0, false
	}
	b, baseB, err := ucum.Canonical(y.dec, uy[1:])
	if err != nil || baseA != baseB {
		return 0, false
	}
	return a.Cmp(b), true
}

// compareCalendar compares years with months.
func compareCalendar(x, y Value) (int, bool) {
	months := map[string]int64{"year": 12, "month": 1}
	mx, okX := months[x.str]
	my, okY := months[y.str]
	if !okX || !okY {
		return 0, false
	}
	return x.dec.Mul(decimal.NewFromInt(mx)).Cmp(y.dec.Mul(decimal.NewFromInt(my))), true
}

func membership(item, list evaluator) evaluator {
	return func(r *run, in Collection) Collection {
		x, y := item(r, in), list(r, in)
		if len(x) > 1 {
			return r.fail("in wants one item on its left and has %d", len(x))
		}
		if len(x) == 0 {
			return nil
		}
		return r.bool(has(y, x[0]))
	}
}

func has(list Collection, v Value) bool {
	for i := range list {
		if equal(list[i], v) == yes {
			return true
		}
	}
	return false
}

func concatenation(a, b evaluator) evaluator {
	return func(r *run, in Collection) Collection {
		x, _ := r.single(a(r, in), "&")
		y, _ := r.single(b(r, in), "&")
		if !r.room(len(x.str) + len(y.str)) {
			return nil
		}
		return r.one(Text(x.str + y.str))
	}
}
