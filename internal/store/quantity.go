package store

import (
	"math"
	"strings"
	"sync"

	"github.com/shopspring/decimal"

	"github.com/paperchart/paperchart/internal/fhir/fhirpath"
	"github.com/paperchart/paperchart/internal/fhir/model"
	"github.com/paperchart/paperchart/internal/fhir/ucum"
)

const ucumSystem = "http://unitsofmeasure.org"

// canonicalUnit is the system of rows whose value is in UCUM's base units, the
// unit being those. It is no address, so no client's system is the same.
const canonicalUnit = "\x01ucum"

// units remembers the units that were read: records use few.
type units struct {
	mu    sync.RWMutex
	known map[string]*ucum.Unit // nil where it is none
}

// maxUnits bounds what is remembered, as clients can invent units.
const maxUnits = 2000

func (u *units) parse(code string) (ucum.Unit, bool) {
	u.mu.RLock()
	unit, ok := u.known[code]
	u.mu.RUnlock()
	if !ok {
		if parsed, err := ucum.Parse(code); err == nil {
			unit = &parsed
		}
		u.mu.Lock()
		if u.known == nil || len(u.known) >= maxUnits {
			u.known = map[string]*ucum.Unit{}
		}
		u.known[code] = unit
		u.mu.Unlock()
	}
	if unit == nil {
		return ucum.Unit{}, false
	}
	return *unit, true
}

// numberText reads a decimal that is not absurd.
func numberText(s string) (decimal.Decimal, bool) {
	if s == "" || len(s) > 60 {
		return decimal.Decimal{}, false
	}
	d, err := decimal.NewFromString(s)
	return d, err == nil && d.Exponent() > -60 && d.Exponent() < 60
}

// quantityRows are numbers as they are with the empty unit, and beside it
// quantities with their code, their unit's text, and in UCUM's base units.
func (x *indexer) quantityRows(all []row, name string, v fhirpath.Value) []row {
	n := v.Node()
	if n == nil || n.Kind != model.Object {
		if d, ok := numberText(v.String()); ok {
			f := d.InexactFloat64()
			all = append(all, row{kind: quantities, param: name, from: f, to: f})
		}
		return all
	}
	if n.Get("low") != nil || n.Get("high") != nil {
		return x.measureRows(all, name, n.Get("low"), n.Get("high"), n)
	}
	return x.measureRows(all, name, n, n, n)
}

// measureRows are those of what lies between two quantities, either may be nil.
func (x *indexer) measureRows(all []row, name string, low, high, n *model.Node) []row {
	unit := low
	if unit == nil {
		unit = high
	}
	code, system := unit.Str("code"), unit.Str("system")
	if n.Type != nil && n.Type.Name == "Money" {
		code, system = n.Str("currency"), "urn:iso:std:iso:4217"
	}
	from, to, ok := ends(low, high, nil)
	if !ok {
		return all
	}
	all = append(all, row{kind: quantities, param: name, from: from, to: to})
	if code != "" {
		all = append(all, row{kind: quantities, param: name, text: code, system: system, from: from, to: to})
	}
	if text := unit.Str("unit"); text != "" && text != code {
		all = append(all, row{kind: quantities, param: name, text: text, from: from, to: to})
	}
	if system == ucumSystem && code != "" {
		if u, ok := x.units.parse(code); ok {
			from, to, _ = ends(low, high, &u)
			all = append(all, row{kind: quantities, param: name, text: u.Base, system: canonicalUnit, from: from, to: to})
		}
	}
	return all
}

// ends are the values of two quantities, converted to base units where a unit is
// given. A comparator opens the end it points to.
func ends(low, high *model.Node, unit *ucum.Unit) (from, to float64, ok bool) {
	from, to = math.Inf(-1), math.Inf(1)
	if f, is := measure(low, unit); is {
		from, ok = f, true
	}
	if low == high {
		if ok {
			to = from
		}
	} else if f, is := measure(high, unit); is {
		to, ok = f, true
	}
	if low == high && low != nil {
		switch low.Str("comparator") {
		case "<", "<=":
			from = math.Inf(-1)
		case ">", ">=":
			to = math.Inf(1)
		}
	}
	return from, to, ok
}

func measure(q *model.Node, unit *ucum.Unit) (float64, bool) {
	value := q.Get("value")
	if value == nil {
		return 0, false
	}
	d, ok := numberText(value.Text)
	if ok && unit != nil {
		d = d.Mul(unit.Factor).Add(unit.Offset)
	}
	return d.InexactFloat64(), ok
}

// quantity is number, number||unit or number|system|code, the number with a
// prefix.
func (b *builder) quantity(name, value string) (cond, error) {
	op, text := prefix(value)
	parts := splitEscaped(text, '|')
	n, ok := numberText(parts[0])
	if !ok || len(parts) == 2 || len(parts) > 3 {
		return cond{}, refuse(Invalid, "a quantity is number, number||unit or number|system|code")
	}
	low, high := bounds(op, n, parts[0])
	if len(parts) == 1 || parts[2] == "" {
		where, args := numberClause(op, n, low, high)
		return b.rows(quantities, name, "unit = '' AND "+where, args...), nil
	}
	system, code := unescape(parts[1]), unescape(parts[2])
	if system == ucumSystem {
		if u, err := ucum.Parse(code); err == nil {
			base := func(d decimal.Decimal) decimal.Decimal { return d.Mul(u.Factor).Add(u.Offset) }
			where, args := numberClause(op, base(n), base(low), base(high))
			number, err := b.system(canonicalUnit)
			return b.rows(quantities, name, "unit = ? AND system = ? AND "+where, append([]any{u.Base, number}, args...)...).or(err)
		}
	}
	where, args := numberClause(op, n, low, high)
	canonical, err := b.system(canonicalUnit)
	if err != nil {
		return cond{}, err
	}
	if system == "" {
		return b.rows(quantities, name, "unit = ? AND system <> ? AND "+where, append([]any{code, canonical}, args...)...), nil
	}
	number, err := b.system(system)
	return b.rows(quantities, name, "unit = ? AND system = ? AND "+where, append([]any{code, number}, args...)...).or(err)
}

func (b *builder) number(name, value string) (cond, error) {
	op, text := prefix(value)
	n, ok := numberText(text)
	if !ok {
		return cond{}, refuse(Invalid, "the value is no number")
	}
	low, high := bounds(op, n, text)
	where, args := numberClause(op, n, low, high)
	return b.rows(quantities, name, "unit = '' AND "+where, args...), nil
}

// bounds are what a number stands for: 100 means 99.5 to 100.5 (R4
// search.html#number), and 90 to 110 with the prefix ap.
func bounds(op string, n decimal.Decimal, text string) (low, high decimal.Decimal) {
	half := halfStep(text)
	if op == "ap" {
		half = decimal.Max(half, n.Abs().Shift(-1))
	}
	return n.Sub(half), n.Add(half)
}

// halfStep is half of the last digit's worth. R4 has 1e2 stand for [95, 105), a
// digit more than it says.
func halfStep(s string) decimal.Decimal {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(s), "e")
	_, decimals, _ := strings.Cut(mantissa, ".")
	place := decimal.New(5, -int32(len(decimals))-1)
	if exponent != "" {
		if e, err := decimal.NewFromString(exponent); err == nil {
			place = place.Shift(int32(e.IntPart()))
			if e.IsPositive() && decimals == "" {
				place = place.Shift(-1)
			}
		}
	}
	return place
}

func numberClause(op string, n, low, high decimal.Decimal) (string, []any) {
	at, from, to := n.InexactFloat64(), low.InexactFloat64(), high.InexactFloat64()
	switch op {
	case "ne":
		return "NOT (low >= ? AND high < ?)", []any{from, to}
	case "gt":
		return "high > ?", []any{at}
	case "sa":
		return "low > ?", []any{at}
	case "lt":
		return "low < ?", []any{at}
	case "eb":
		return "high < ?", []any{at}
	case "ge":
		return "high >= ?", []any{at}
	case "le":
		return "low <= ?", []any{at}
	case "ap":
		return "low <= ? AND high >= ?", []any{to, from}
	}
	return "low >= ? AND low < ? AND high < ?", []any{from, to, to}
}
