// Package ucum turns the units of clinical quantities into base units, so that
// quantities written differently can be compared: 1 mg = 0.001 g, 100 [lb_av] =
// 45359.237 g.
//
// It reads UCUM's case-sensitive codes: atoms with metric prefixes, products,
// quotients, exponents, numbers, brackets and annotations. Factors are exact
// decimals where UCUM's are. Arbitrary units such as [IU] stand for themselves.
// Left out: units on special scales other than Cel and [degF] (pH, B, Np), and
// the atoms that medicine does not use.
package ucum

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// Unit is a unit as a multiple of base units.
type Unit struct {
	Factor decimal.Decimal
	Offset decimal.Decimal // base value = value*Factor + Offset; only of temperatures
	Base   string          // such as "g.m-1.s-2"; "1" for numbers
}

// ErrUnknown is returned for codes that this package does not know.
var ErrUnknown = errors.New("unit is not known")

const maxCode = 64

// Parse reads a UCUM code.
func Parse(code string) (Unit, error) {
	if special, ok := scales[code]; ok {
		return special, nil
	}
	if len(code) > maxCode {
		return Unit{}, ErrUnknown
	}
	p := parser{s: code}
	v, ok := p.term(0)
	if !ok || p.s != "" {
		return Unit{}, ErrUnknown
	}
	return Unit{Factor: v.factor, Base: v.dims.String()}, nil
}

// Canonical converts a value to base units.
func Canonical(value decimal.Decimal, code string) (decimal.Decimal, string, error) {
	u, err := Parse(code)
	if err != nil {
		return decimal.Decimal{}, "", err
	}
	return value.Mul(u.Factor).Add(u.Offset), u.Base, nil
}

// scales are the temperatures, which have a zero of their own.
var scales = map[string]Unit{
	"Cel":    {Factor: number("1"), Offset: number("273.15"), Base: "K"},
	"[degF]": {Factor: number("0.555555555555555556"), Offset: number("255.372222222222222222"), Base: "K"},
}

// dims are powers of base units, by name.
type dims map[string]int

func (d dims) String() string {
	var names []string
	for n, p := range d {
		if p != 0 {
			names = append(names, n)
		}
	}
	if len(names) == 0 {
		return "1"
	}
	slices.Sort(names)
	for i, n := range names {
		if p := d[n]; p != 1 {
			names[i] = n + strconv.Itoa(p)
		}
	}
	return strings.Join(names, ".")
}

type value struct {
	factor decimal.Decimal
	dims   dims
}

func (v value) times(o value, sign int) value {
	out := value{factor: v.factor, dims: dims{}}
	if sign > 0 {
		out.factor = v.factor.Mul(o.factor)
	} else {
		out.factor = v.factor.DivRound(o.factor, 30)
	}
	for n, p := range v.dims {
		out.dims[n] += p
	}
	for n, p := range o.dims {
		out.dims[n] += sign * p
	}
	return out
}

func (v value) power(n int) value {
	out := one()
	sign := 1
	if n < 0 {
		sign, n = -1, -n
	}
	for range n {
		out = out.times(v, sign)
	}
	return out
}

func one() value { return value{factor: decimal.NewFromInt(1), dims: dims{}} }

type parser struct{ s string }

func (p *parser) term(depth int) (value, bool) {
	if depth > 8 {
		return value{}, false
	}
	out, sign := one(), 1
	if strings.HasPrefix(p.s, "/") {
		p.s, sign = p.s[1:], -1
	}
	for {
		v, ok := p.component(depth)
		if !ok {
			return value{}, false
		}
		out = out.times(v, sign)
		switch {
		case strings.HasPrefix(p.s, "."):
			sign = 1
		case strings.HasPrefix(p.s, "/"):
			sign = -1
		default:
			return out, true
		}
		p.s = p.s[1:]
	}
}

func (p *parser) component(depth int) (value, bool) {
	if strings.HasPrefix(p.s, "(") {
		p.s = p.s[1:]
		v, ok := p.term(depth + 1)
		if !ok || !strings.HasPrefix(p.s, ")") {
			return value{}, false
		}
		p.s = p.s[1:]
		return v, true
	}
	start := p.s
	v, ok := p.simple()
	p.annotation()
	return v, ok && len(p.s) < len(start)
}

func (p *parser) annotation() {
	if strings.HasPrefix(p.s, "{") {
		if end := strings.IndexByte(p.s, '}'); end > 0 {
			p.s = p.s[end+1:]
		}
	}
}

// simple reads a number, an annotation alone, or an atom with its exponent.
func (p *parser) simple() (value, bool) {
	if strings.HasPrefix(p.s, "{") {
		return one(), true
	}
	symbol := p.symbol()
	if n, err := strconv.Atoi(symbol); err == nil && n > 0 {
		return value{factor: decimal.NewFromInt(int64(n)), dims: dims{}}, true
	}
	if rest, ok := strings.CutPrefix(symbol, "10*"); ok {
		return ten(rest)
	}
	if rest, ok := strings.CutPrefix(symbol, "10^"); ok {
		return ten(rest)
	}
	name := strings.TrimRight(symbol, "0123456789+-")
	exponent, ok := exponentOf(symbol[len(name):])
	v, known := lookup(name)
	if !ok || !known {
		return value{}, false
	}
	return v.power(exponent), true
}

func ten(exponent string) (value, bool) {
	n, ok := exponentOf(exponent)
	return value{factor: decimal.New(1, int32(n)), dims: dims{}}, ok
}

func exponentOf(s string) (int, bool) {
	if s == "" {
		return 1, true
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= -20 && n <= 20
}

// symbol takes the characters up to the next operator; those in square brackets
// belong to the symbol.
func (p *parser) symbol() string {
	inside := false
	for i := range len(p.s) {
		switch c := p.s[i]; {
		case c == '[':
			inside = true
		case c == ']':
			inside = false
		case !inside && strings.IndexByte("./(){", c) >= 0:
			s := p.s[:i]
			p.s = p.s[i:]
			return s
		}
	}
	s := p.s
	p.s = ""
	return s
}

func lookup(name string) (value, bool) {
	if v, ok := atom(name); ok {
		return v, true
	}
	for _, prefix := range prefixes {
		rest, ok := strings.CutPrefix(name, prefix.name)
		if !ok || !metric[rest] {
			continue
		}
		if v, ok := atom(rest); ok {
			v.factor = v.factor.Shift(prefix.exponent)
			return v, true
		}
	}
	return value{}, false
}

// atom returns a unit without prefix; an unknown one in square brackets that is
// arbitrary by UCUM stands for itself.
func atom(name string) (value, bool) {
	if slices.Contains(arbitrary, name) {
		return value{factor: decimal.NewFromInt(1), dims: dims{name: 1}}, true
	}
	def, ok := atoms[name]
	if !ok {
		return value{}, false
	}
	v := value{factor: number(def.factor), dims: dims{}}
	for n, p := range def.dims {
		v.dims[n] = p
	}
	return v, true
}

func number(s string) decimal.Decimal {
	d, err := decimal.NewFromString(s)
	if err != nil {
		return decimal.Decimal{}
	}
	return d
}
