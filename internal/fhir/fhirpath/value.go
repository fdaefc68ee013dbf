package fhirpath

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/paperchart/paperchart/internal/fhir/model"
)

// Kind is the System type of a Value.
type Kind uint8

// Kinds of values. Of a node, Kind tells what its System type is.
const (
	None Kind = iota // a node without a System type: complex types and resources
	Boolean
	String
	Integer
	Decimal
	Date
	DateTime
	Time
	Quantity
	typeInfo
)

var kindNames = [...]string{"", "Boolean", "String", "Integer", "Decimal", "Date", "DateTime", "Time", "Quantity", "TypeInfo"}

// Value is an item of a collection: a node of the resource, or a System value
// that the expression made.
type Value struct {
	node *model.Node
	kind Kind
	num  int64 // of booleans and integers
	str  string
	dec  decimal.Decimal // of decimals and quantities; the unit of the latter is str
}

// Collection is the result of an expression, in order.
type Collection []Value

// Node returns the node in the resource, nil where the value was made by the
// expression.
func (v Value) Node() *model.Node { return v.node }

// Kind returns the System type that the value has or converts to by itself.
func (v Value) Kind() Kind { return v.system().kind }

// Type returns the name of the FHIR type, such as "Quantity" or "code", or that
// of the System type of a value the expression made.
func (v Value) Type() string {
	if v.node != nil && v.node.Type != nil {
		return v.node.Type.Name
	}
	return kindNames[v.system().kind]
}

// String returns the value as text: strings, codes and dates as they stand,
// numbers as written, quantities with their unit; "" for complex values.
func (v Value) String() string {
	s := v.system()
	switch s.kind {
	case Boolean:
		return strconv.FormatBool(s.num != 0)
	case Integer:
		return strconv.FormatInt(s.num, 10)
	case Decimal:
		if v.node != nil && v.node.Kind == model.Number {
			return v.node.Text
		}
		return decimalText(s.dec)
	case Quantity:
		return quantityText(s)
	}
	return s.str
}

// Decimal returns the number of an integer, decimal or quantity.
func (v Value) Decimal() (decimal.Decimal, bool) {
	s := v.system()
	switch s.kind {
	case Integer:
		return decimal.NewFromInt(s.num), true
	case Decimal, Quantity:
		return s.dec, true
	}
	return decimal.Decimal{}, false
}

// Bool returns the value of a boolean.
func (v Value) Bool() (value, ok bool) {
	s := v.system()
	return s.num != 0, s.kind == Boolean
}

// Of returns the value of a node.
func Of(n *model.Node) Value { return Value{node: n} }

// Text returns a String value.
func Text(s string) Value { return Value{kind: String, str: s} }

func boolean(b bool) Value {
	if b {
		return Value{kind: Boolean, num: 1}
	}
	return Value{kind: Boolean}
}

func integer(i int64) Value { return Value{kind: Integer, num: i} }

func decimalOf(d decimal.Decimal) Value { return Value{kind: Decimal, dec: d} }

// system converts a primitive node, or a Quantity, to its System value; other
// values are returned as they are.
func (v Value) system() Value {
	if v.node == nil {
		return v
	}
	switch v.node.Kind {
	case model.String:
		return Value{kind: stringKind(v.node), str: v.node.Text}
	case model.Bool:
		return boolean(v.node.Text == "true")
	case model.Number:
		return number(v.node)
	case model.Object:
		if v.node.Type != nil && v.node.Type.Is("Quantity") {
			return quantityOf(v.node)
		}
	}
	return v
}

func stringKind(n *model.Node) Kind {
	if n.Type == nil {
		return String
	}
	switch n.Type.Name {
	case "date":
		return Date
	case "dateTime", "instant":
		return DateTime
	case "time":
		return Time
	}
	return String
}

func number(n *model.Node) Value {
	whole := n.Type == nil || n.Type.Name != "decimal"
	if whole {
		if i, err := strconv.ParseInt(n.Text, 10, 64); err == nil {
			return integer(i)
		}
	}
	d, ok := parseDecimal(n.Text)
	if !ok {
		return Value{kind: String, str: n.Text}
	}
	return decimalOf(d)
}

// maxDigits bounds the decimals that are calculated with: beyond it a number is
// an attack, not a measurement.
const maxDigits = 100

func parseDecimal(s string) (decimal.Decimal, bool) {
	if len(s) > maxDigits {
		return decimal.Decimal{}, false
	}
	d, err := decimal.NewFromString(s)
	return d, err == nil && d.Exponent() < maxDigits && d.Exponent() > -maxDigits
}

func quantityOf(n *model.Node) Value {
	value := n.Get("value")
	if value == nil || value.Kind != model.Number {
		return Value{node: n}
	}
	d, ok := parseDecimal(value.Text)
	if !ok {
		return Value{node: n}
	}
	unit := n.Str("code")
	if unit == "" || n.Str("system") != "http://unitsofmeasure.org" {
		if unit = n.Str("unit"); unit == "" {
			unit = "1"
		}
	}
	return Value{kind: Quantity, dec: d, str: "'" + unit}
}

func decimalText(d decimal.Decimal) string {
	if d.Exponent() < 0 {
		return d.StringFixed(-d.Exponent())
	}
	return d.String()
}

// quantityText writes UCUM units in quotes and calendar units without.
func quantityText(v Value) string {
	if unit, ok := strings.CutPrefix(v.str, "'"); ok {
		return decimalText(v.dec) + " '" + unit + "'"
	}
	unit := v.str
	if !v.dec.Equal(decimal.NewFromInt(1)) {
		unit += "s"
	}
	return decimalText(v.dec) + " " + unit
}
