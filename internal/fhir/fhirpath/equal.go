package fhirpath

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/paperchart/paperchart/internal/fhir/model"
)

func equalCollections(x, y Collection) truthValue {
	if len(x) == 0 || len(y) == 0 {
		return unknown
	}
	if len(x) != len(y) {
		return no
	}
	for i := range x {
		if t := equal(x[i], y[i]); t != yes {
			return t
		}
	}
	return yes
}

// equal is "=" of two items.
func equal(a, b Value) truthValue {
	if a.node != nil && a.node == b.node {
		return yes
	}
	x, y := a.system(), b.system()
	switch {
	case x.kind == String && y.kind == String:
		return truthOf(x.str == y.str)
	case x.kind == None || y.kind == None:
		if x.kind != y.kind || x.node == nil || y.node == nil {
			return no
		}
		return truthOf(equalNodes(x.node, y.node))
	case x.kind == Boolean || y.kind == Boolean:
		return truthOf(x.kind == y.kind && x.num == y.num)
	}
	cmp, ok, comparable := order(x, y)
	switch {
	case !comparable:
		return no
	case !ok && x.kind == Quantity:
		return incomparable(x, y)
	case !ok:
		return unknown
	}
	return truthOf(cmp == 0)
}

// incomparable is the answer for quantities of different dimension: a calendar
// duration above weeks against its UCUM namesake is empty.
func incomparable(x, y Value) truthValue {
	if x.str[0] != '\'' || y.str[0] != '\'' {
		return unknown
	}
	return no
}

// equalNodes compares complex values: the same members with equal values, in any
// order.
func equalNodes(a, b *model.Node) bool {
	if a.Kind != b.Kind {
		return false
	}
	switch a.Kind {
	case model.Object:
		if a.Len() != b.Len() {
			return false
		}
		for c := a.First; c != nil; c = c.Next {
			d := b.Get(c.Name)
			if d == nil || !equalNodes(c, d) {
				return false
			}
		}
		return true
	case model.Array:
		c, d := a.First, b.First
		for ; c != nil && d != nil; c, d = c.Next, d.Next {
			if !equalNodes(c, d) {
				return false
			}
		}
		return c == nil && d == nil
	case model.Null:
		return true
	}
	return equal(Value{node: a}, Value{node: b}) == yes
}

func equivalentCollections(r *run, x, y Collection) bool {
	if len(x) != len(y) || !r.spend(len(x)*len(y)) {
		return false
	}
	used := make([]bool, len(y))
	for i := range x {
		found := false
		for j := range y {
			if !used[j] && equivalent(x[i], y[j]) {
				used[j], found = true, true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// equivalent is "~" of two items.
func equivalent(a, b Value) bool {
	x, y := a.system(), b.system()
	switch {
	case x.kind == String && y.kind == String:
		return normal(x.str) == normal(y.str)
	case x.isNumber() && y.isNumber():
		return equivalentNumbers(asDecimal(x), asDecimal(y))
	case x.kind == Quantity && y.kind == Quantity:
		return equivalentQuantities(x, y)
	case x.kind == None && y.kind == None && x.node != nil && y.node != nil:
		return equivalentNodes(x.node, y.node)
	}
	return equal(a, b) == yes
}

func normal(s string) string { return strings.Join(strings.Fields(strings.ToLower(s)), " ") }

// equivalentNumbers compares at the precision of the less precise number.
func equivalentNumbers(x, y decimal.Decimal) bool {
	places := min(max(-x.Exponent(), 0), max(-y.Exponent(), 0))
	return x.Round(places).Equal(y.Round(places))
}

func equivalentQuantities(x, y Value) bool {
	for _, v := range []*Value{&x, &y} {
		switch v.str {
		case "year":
			v.str = "'a"
		case "month":
			v.str = "'mo"
		}
	}
	if unitOf(x) == unitOf(y) {
		return equivalentNumbers(x.dec, y.dec)
	}
	cmp, ok := compareQuantities(x, y)
	return ok && cmp == 0
}

// equivalentNodes ignores the order of items, and ids.
func equivalentNodes(a, b *model.Node) bool {
	count := 0
	for c := a.First; c != nil; c = c.Next {
		if c.Name == "id" {
			continue
		}
		d := b.Get(c.Name)
		if d == nil || !equivalentMembers(c, d) {
			return false
		}
		count++
	}
	for d := b.First; d != nil; d = d.Next {
		if d.Name != "id" {
			count--
		}
	}
	return count == 0
}

func equivalentMembers(a, b *model.Node) bool {
	if a.Kind != model.Array || b.Kind != model.Array {
		return equivalent(Value{node: a}, Value{node: b})
	}
	if a.Len() != b.Len() {
		return false
	}
	used := map[*model.Node]bool{}
	for c := a.First; c != nil; c = c.Next {
		found := false
		for d := b.First; d != nil && !found; d = d.Next {
			if !used[d] && equivalent(Value{node: c}, Value{node: d}) {
				used[d], found = true, true
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// hashKey is a key that equal System values of the common kinds share; ok is
// false where values must be compared one by one.
func hashKey(v Value) (string, bool) {
	s := v.system()
	switch s.kind {
	case String:
		return s.str, true
	}
	return "", false
}

// distinct unites collections and drops what equals an item before it.
func distinct(r *run, lists ...Collection) Collection {
	total := 0
	for _, l := range lists {
		total += len(l)
	}
	out := make(Collection, 0, total)
	seen := map[string]bool{}
	for _, l := range lists {
		for _, v := range l {
			if key, ok := hashKey(v); ok {
				if !seen[key] {
					seen[key] = true
					out = append(out, v)
				}
				continue
			}
			if !r.spend(len(out) + 1) {
				return nil
			}
			if !has(out, v) {
				out = append(out, v)
			}
		}
	}
	return r.keep(out)
}
