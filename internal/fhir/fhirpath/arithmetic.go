package fhirpath

import (
	"github.com/shopspring/decimal"

	"github.com/paperchart/paperchart/internal/fhir/ucum"
)

func numberLiteral(s string) (Value, bool) {
	for i := range len(s) {
		if s[i] == '.' {
			d, ok := parseDecimal(s)
			return decimalOf(d), ok
		}
	}
	return parseInteger(s)
}

func parseInteger(s string) (Value, bool) {
	d, ok := parseDecimal(s)
	if !ok || !d.BigInt().IsInt64() {
		return decimalOf(d), ok
	}
	return integer(d.IntPart()), true
}

func arithmetic(op string, a, b evaluator) evaluator {
	return func(r *run, in Collection) Collection {
		x, okX := r.single(a(r, in), op)
		y, okY := r.single(b(r, in), op)
		if !okX || !okY || r.err != nil {
			return nil
		}
		switch {
		case x.isNumber() && y.isNumber():
			return numbers(r, op, x, y)
		case x.kind == String && y.kind == String && op == "+":
			if !r.room(len(x.str) + len(y.str)) {
				return nil
			}
			return r.one(Text(x.str + y.str))
		case x.isTemporal() && y.kind == Quantity && (op == "+" || op == "-"):
			return addDuration(r, op, x, y)
		case x.kind == Quantity || y.kind == Quantity:
			return quantities(r, op, x, y)
		}
		return r.fail("%s cannot be used on %s and %s", op, kindNames[x.kind], kindNames[y.kind])
	}
}

// divisionDigits is the number of digits after the point that "/" keeps.
const divisionDigits = 16

func numbers(r *run, op string, x, y Value) Collection {
	whole := x.kind == Integer && y.kind == Integer
	dx, dy := asDecimal(x), asDecimal(y)
	if dy.IsZero() && (op == "/" || op == "div" || op == "mod") {
		return nil
	}
	var d decimal.Decimal
	switch op {
	case "+":
		d = dx.Add(dy)
	case "-":
		d = dx.Sub(dy)
	case "*":
		d = dx.Mul(dy)
	case "/":
		return r.one(decimalOf(trimZeros(dx.DivRound(dy, divisionDigits))))
	case "div":
		d, _ = dx.QuoRem(dy, 0)
		whole = true
	case "mod":
		d = dx.Mod(dy)
	}
	if d.NumDigits() > maxDigits {
		return nil
	}
	if whole && d.BigInt().IsInt64() {
		return r.one(integer(d.IntPart()))
	}
	return r.one(decimalOf(d))
}

func trimZeros(d decimal.Decimal) decimal.Decimal {
	t, err := decimal.NewFromString(d.String())
	if err != nil {
		return d
	}
	return t
}

func quantities(r *run, op string, x, y Value) Collection {
	x, y = asQuantity(x), asQuantity(y)
	if x.kind != Quantity || y.kind != Quantity {
		return r.fail("%s cannot be used on a quantity and something else", op)
	}
	switch op {
	case "+", "-":
		return sum(r, op, x, y)
	case "*", "/":
		return product(r, op, x, y)
	}
	return r.fail("%s cannot be used on quantities", op)
}

func asQuantity(v Value) Value {
	if v.isNumber() {
		return Value{kind: Quantity, dec: asDecimal(v), str: "'1"}
	}
	return v
}

// sum adds quantities; of unlike units the result is in the first's unit where
// that is exact by UCUM.
func sum(r *run, op string, x, y Value) Collection {
	if unitOf(x) != unitOf(y) {
		a, errA := ucum.Parse(plainUnit(x))
		b, errB := ucum.Parse(plainUnit(y))
		if errA != nil || errB != nil || a.Base != b.Base || a.Factor.IsZero() {
			return nil
		}
		y.dec = trimZeros(y.dec.Mul(b.Factor).DivRound(a.Factor, divisionDigits))
	}
	if op == "-" {
		y.dec = y.dec.Neg()
	}
	return r.one(Value{kind: Quantity, dec: x.dec.Add(y.dec), str: x.str})
}

func plainUnit(v Value) string {
	u := unitOf(v)
	if u[0] == '\'' {
		return u[1:]
	}
	return u
}

func product(r *run, op string, x, y Value) Collection {
	if op == "/" && y.dec.IsZero() {
		return nil
	}
	a, errA := ucum.Parse(plainUnit(x))
	b, errB := ucum.Parse(plainUnit(y))
	if errA != nil || errB != nil {
		return nil
	}
	unit := plainUnit(x) + "." + "(" + plainUnit(y) + ")"
	d := x.dec.Mul(y.dec)
	if op == "/" {
		unit = plainUnit(x) + "/(" + plainUnit(y) + ")"
		d = trimZeros(x.dec.DivRound(y.dec, divisionDigits))
	}
	switch {
	case y.str == "'1":
		unit = plainUnit(x)
	case x.str == "'1" && op == "*":
		unit = plainUnit(y)
	case op == "/" && a.Base == b.Base && unitOf(x) == unitOf(y):
		unit = "1"
	}
	return r.one(Value{kind: Quantity, dec: d, str: "'" + unit})
}
