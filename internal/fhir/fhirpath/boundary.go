package fhirpath

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

func boundaryFunctions() map[string]function {
	return map[string]function{
		"lowBoundary":  {0, 1, boundary(false)},
		"highBoundary": {0, 1, boundary(true)},
		"precision":    plain(precisionOf),
		"comparable":   {1, 1, comparableUnits},
	}
}

const maxPlaces = 28

func boundary(high bool) func([]evaluator) evaluator {
	return func(args []evaluator) evaluator {
		return func(r *run, in Collection) Collection {
			v, ok := r.single(in, "a boundary")
			if !ok {
				return nil
			}
			places := int64(-1)
			if len(args) == 1 {
				p, ok := r.single(args[0](r, r.this), "a precision")
				if !ok || p.kind != Integer || p.num < 0 || p.num > maxPlaces {
					return nil
				}
				places = p.num
			}
			switch v.kind {
			case Integer, Decimal:
				return r.one(decimalOf(decimalBoundary(asDecimal(v), high, places)))
			case Quantity:
				v.dec, v.node = decimalBoundary(v.dec, high, places), nil
				return r.one(v)
			case Date, DateTime, Time:
				return temporalBoundary(r, v, high, places)
			}
			return nil
		}
	}
}

// decimalBoundary is the end of the interval of numbers that round to d, itself
// rounded outwards to the given places.
func decimalBoundary(d decimal.Decimal, high bool, places int64) decimal.Decimal {
	half := decimal.New(5, min(d.Exponent(), 0)-1)
	if !high {
		half = half.Neg()
	}
	b := d.Add(half)
	if places < 0 || places >= int64(-b.Exponent()) {
		return b
	}
	if high {
		return b.RoundCeil(int32(places))
	}
	return b.RoundFloor(int32(places))
}

// digitsOf are the digits that a value of each precision has.
var digitsOf = map[precision]int64{years: 4, months: 6, days: 8, hours: 10, minutes: 12, seconds: 14, millis: 17}

func precisionOf(r *run, in Collection) Collection {
	v, ok := r.single(in, "precision()")
	if !ok {
		return nil
	}
	switch v.kind {
	case Integer:
		return r.one(integer(0))
	case Decimal:
		return r.one(integer(int64(max(-v.dec.Exponent(), 0))))
	case Date, DateTime, Time:
		n := int64(0)
		clock := v.str
		if _, after, timed := strings.Cut(v.str, "T"); timed {
			clock, _, _ = cutZone(after)
			clock = v.str[:strings.IndexByte(v.str, 'T')] + clock
		}
		for i := range len(clock) {
			if isDigit(clock[i]) {
				n++
			}
		}
		return r.one(integer(n))
	}
	return nil
}

const (
	lowFill, highFill = "0000-01-01T00:00:00.000", "9999-12-31T23:59:59.999"
)

func temporalBoundary(r *run, v Value, high bool, digits int64) Collection {
	full := int64(17)
	switch v.kind {
	case Date:
		full = 8
	case Time:
		full = 9
	}
	if digits < 0 {
		digits = full
	}
	t, ok := parseTemporal(v)
	if !ok {
		return nil
	}
	s, zone := v.str, ""
	if t.zoned {
		rest, _, _ := cutZone(s)
		s, zone = rest, s[len(rest):]
	}
	fill := lowFill
	if high {
		fill = highFill
	}
	if v.kind == Time {
		fill = fill[len("0000-01-01T"):]
	}
	s = fillIn(s, fill, high)
	s = cutDigits(s, int(digits))
	if v.kind == DateTime && strings.Contains(s, "T") {
		s += zoneOr(zone, high)
	}
	return r.one(Value{kind: v.kind, str: s})
}

// zoneOr is the zone of a boundary: where none is known, the one that reaches
// furthest.
func zoneOr(zone string, high bool) string {
	switch {
	case zone != "":
		return zone
	case high:
		return "-12:00"
	}
	return "+14:00"
}

func fillIn(s, fill string, high bool) string {
	out := s + fill[min(len(s), len(fill)):]
	if high && len(s) < 10 && len(out) > 10 && strings.Contains(out, "-") {
		y, _ := parse2(out, 0, 4)
		m, _ := parse2(out, 5, 7)
		if m >= 1 && m <= 12 {
			out = out[:8] + fmt.Sprintf("%02d", daysIn(y, m)) + out[10:]
		}
	}
	return out
}

// cutDigits cuts after so many digits.
func cutDigits(s string, n int) string {
	for i := range len(s) {
		if isDigit(s[i]) {
			if n == 0 {
				return strings.TrimRight(s[:i], "-:.T")
			}
			n--
		}
	}
	return s
}

func comparableUnits(args []evaluator) evaluator {
	return func(r *run, in Collection) Collection {
		x, okX := r.single(in, "comparable()")
		y, okY := r.single(args[0](r, r.this), "comparable()")
		if !okX || !okY {
			return nil
		}
		if x.kind != Quantity || y.kind != Quantity {
			return r.bool(false)
		}
		_, ok := compareQuantities(x, y)
		return r.bool(ok)
	}
}
