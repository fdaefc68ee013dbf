package fhirpath

import (
	"math"

	"github.com/shopspring/decimal"
)

func numberFunctions() map[string]function {
	return map[string]function{
		"abs":      numeric(func(d decimal.Decimal) decimal.Decimal { return d.Abs() }),
		"ceiling":  whole(func(d decimal.Decimal) decimal.Decimal { return d.Ceil() }),
		"floor":    whole(func(d decimal.Decimal) decimal.Decimal { return d.Floor() }),
		"truncate": whole(func(d decimal.Decimal) decimal.Decimal { return d.Truncate(0) }),
		"round":    {0, 1, round},
		"exp":      float(func(x float64) float64 { return math.Exp(x) }),
		"ln":       float(math.Log),
		"sqrt":     float(math.Sqrt),
		"log":      float2(func(x, base float64) float64 { return math.Log(x) / math.Log(base) }),
		"power":    {1, 1, power},
	}
}

// numeric keeps the type of its focus.
func numeric(f func(decimal.Decimal) decimal.Decimal) function {
	return plain(func(r *run, in Collection) Collection {
		v, ok := r.single(in, "a number")
		switch {
		case !ok:
			return nil
		case v.kind == Integer:
			return r.one(integer(f(decimal.NewFromInt(v.num)).IntPart()))
		case v.kind == Decimal || v.kind == Quantity:
			v.dec, v.node = f(v.dec), nil
			return r.one(v)
		}
		return r.fail("a number is wanted")
	})
}

func whole(f func(decimal.Decimal) decimal.Decimal) function {
	return plain(func(r *run, in Collection) Collection {
		v, ok := r.single(in, "a number")
		if !ok {
			return nil
		}
		if !v.isNumber() {
			return r.fail("a number is wanted")
		}
		d := f(asDecimal(v))
		if !d.BigInt().IsInt64() {
			return r.one(decimalOf(d))
		}
		return r.one(integer(d.IntPart()))
	})
}

func round(args []evaluator) evaluator {
	return func(r *run, in Collection) Collection {
		v, ok := r.single(in, "round()")
		if !ok {
			return nil
		}
		if !v.isNumber() {
			return r.fail("a number is wanted")
		}
		places := int64(0)
		if len(args) == 1 {
			p, ok := r.single(args[0](r, r.this), "round()")
			if !ok || p.kind != Integer || p.num < 0 || p.num > maxDigits {
				return r.fail("round() wants a precision of zero or more")
			}
			places = p.num
		}
		return r.one(decimalOf(asDecimal(v).Round(int32(places))))
	}
}

func float(f func(float64) float64) function {
	return plain(func(r *run, in Collection) Collection {
		v, ok := r.single(in, "a number")
		if !ok {
			return nil
		}
		if !v.isNumber() {
			return r.fail("a number is wanted")
		}
		return r.fromFloat(f(asDecimal(v).InexactFloat64()))
	})
}

func (r *run) fromFloat(x float64) Collection {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return r.one(decimalOf(decimal.NewFromFloat(x)))
}

func float2(f func(a, b float64) float64) function {
	return function{1, 1, func(args []evaluator) evaluator {
		return func(r *run, in Collection) Collection {
			x, okX := r.single(in, "a number")
			y, okY := r.single(args[0](r, r.this), "a number")
			if !okX || !okY || !x.isNumber() || !y.isNumber() {
				return nil
			}
			return r.fromFloat(f(asDecimal(x).InexactFloat64(), asDecimal(y).InexactFloat64()))
		}
	}}
}

// maxPower bounds exponents for which power() is worked out exactly.
const maxPower = 60

func power(args []evaluator) evaluator {
	return func(r *run, in Collection) Collection {
		x, okX := r.single(in, "power()")
		y, okY := r.single(args[0](r, r.this), "power()")
		if !okX || !okY || !x.isNumber() || !y.isNumber() {
			return nil
		}
		if y.kind == Integer && y.num >= 0 && y.num <= maxPower {
			d := decimal.NewFromInt(1)
			for range y.num {
				d = d.Mul(asDecimal(x))
			}
			if x.kind == Integer && d.BigInt().IsInt64() {
				return r.one(integer(d.IntPart()))
			}
			return r.one(decimalOf(d))
		}
		return r.fromFloat(math.Pow(asDecimal(x).InexactFloat64(), asDecimal(y).InexactFloat64()))
	}
}
