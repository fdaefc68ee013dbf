package fhirpath

import (
	"regexp"
	"strings"

	"github.com/shopspring/decimal"
)

// converter turns a System value into another type; ok is false where it cannot.
type converter func(v Value) (Value, bool)

func conversions() map[string]function {
	out := map[string]function{}
	for name, f := range map[string]converter{
		"Boolean": toBoolean, "Integer": toInteger, "Decimal": toDecimal, "String": toText,
		"Date": toDate, "DateTime": toDateTime, "Time": toTime, "Quantity": toQuantity,
	} {
		most := 0
		if name == "Quantity" {
			most = 1
		}
		out["to"+name] = function{0, most, func([]evaluator) evaluator { return convert(f) }}
		out["convertsTo"+name] = function{0, most, func([]evaluator) evaluator { return converts(f) }}
	}
	return out
}

func convert(f converter) evaluator {
	return func(r *run, in Collection) Collection {
		v, ok := r.single(in, "a conversion")
		if !ok {
			return nil
		}
		if v, ok = f(v); !ok {
			return nil
		}
		v.node = nil
		return r.one(v)
	}
}

func converts(f converter) evaluator {
	return func(r *run, in Collection) Collection {
		v, ok := r.single(in, "a conversion")
		if !ok {
			return nil
		}
		_, ok = f(v)
		return r.bool(ok)
	}
}

func toBoolean(v Value) (Value, bool) {
	switch v.kind {
	case Boolean:
		return v, true
	case Integer, Decimal:
		d := asDecimal(v)
		return boolean(!d.IsZero()), d.IsZero() || d.Equal(decimal.NewFromInt(1))
	case String:
		switch strings.ToLower(v.str) {
		case "true", "t", "yes", "y", "1", "1.0":
			return boolean(true), true
		case "false", "f", "no", "n", "0", "0.0":
			return boolean(false), true
		}
	}
	return Value{}, false
}

var wholeNumber = regexp.MustCompile(`^[+-]?\d{1,18}$`)
var anyNumber = regexp.MustCompile(`^[+-]?\d{1,60}(\.\d{1,60})?$`)
var quantityForm = regexp.MustCompile(`^([+-]?\d{1,60}(?:\.\d{1,60})?)\s*(?:'([^']+)'|([a-zA-Z]+))?$`)

func toInteger(v Value) (Value, bool) {
	switch v.kind {
	case Integer:
		return v, true
	case Boolean:
		return integer(v.num), true
	case String:
		if wholeNumber.MatchString(v.str) {
			return parseInteger(strings.TrimPrefix(v.str, "+"))
		}
	}
	return Value{}, false
}

func toDecimal(v Value) (Value, bool) {
	switch v.kind {
	case Decimal:
		return v, true
	case Integer, Boolean:
		return decimalOf(decimal.NewFromInt(v.num)), true
	case String:
		if anyNumber.MatchString(v.str) {
			d, ok := parseDecimal(strings.TrimPrefix(v.str, "+"))
			return decimalOf(d), ok
		}
	}
	return Value{}, false
}

func toText(v Value) (Value, bool) {
	return Text(v.String()), v.kind != None && v.kind != typeInfo
}

func toDate(v Value) (Value, bool) {
	switch v.kind {
	case Date:
		return v, true
	case String, DateTime:
		date, _, _ := strings.Cut(v.str, "T")
		_, ok := parseDateTime(v.str)
		return Value{kind: Date, str: date}, ok && (v.kind == DateTime || date == v.str)
	}
	return Value{}, false
}

func toDateTime(v Value) (Value, bool) {
	if v.kind == Date || v.kind == String || v.kind == DateTime {
		_, ok := parseDateTime(v.str)
		return Value{kind: DateTime, str: v.str}, ok
	}
	return Value{}, false
}

func toTime(v Value) (Value, bool) {
	if v.kind == Time || v.kind == String {
		t, ok := parseTime(v.str)
		return Value{kind: Time, str: v.str}, ok && !t.zoned
	}
	return Value{}, false
}

func toQuantity(v Value) (Value, bool) {
	switch v.kind {
	case Quantity:
		return v, true
	case Integer, Decimal, Boolean:
		d, _ := toDecimal(v)
		return asQuantity(d), true
	case String:
		return parseQuantity(v.str)
	}
	return Value{}, false
}

func parseQuantity(s string) (Value, bool) {
	m := quantityForm.FindStringSubmatch(s)
	if m == nil {
		return Value{}, false
	}
	d, ok := parseDecimal(strings.TrimPrefix(m[1], "+"))
	unit := "'1"
	switch {
	case m[2] != "":
		unit = "'" + m[2]
	case m[3] != "":
		unit = calendarUnit(m[3])
	}
	return Value{kind: Quantity, dec: d, str: unit}, ok && unit != ""
}
