package store

import (
	"strings"
)

// special are the parameters that have no rows of their own.
func (b *builder) special(typ, code, modifier, value string) (cond, error) {
	if b.inside != "" && (strings.HasPrefix(code, "_") && code != "_tag" && code != "_security" && code != "_profile" && code != "_source" || code == "near") {
		return cond{sel: noRows}, nil // contained resources are found by their own elements only
	}
	if modifier == "missing" && (code == "_id" || code == "_lastUpdated") {
		return b.always(typ, code, value)
	}
	if modifier != "" && code != "_id" && strings.HasPrefix(code, "_") && code != "_tag" && code != "_security" && code != "_profile" && code != "_source" {
		return cond{}, refuse(NotSupported, "the parameter %.32s does not take a modifier here", code)
	}
	number, err := b.s.known(b.c, typ)
	if err != nil {
		return cond{}, err
	}
	switch code {
	case "_id":
		return b.id(number, modifier, value)
	case "_lastUpdated":
		return b.lastUpdated(number, value)
	case "_text", "_content":
		return b.words(number, code, value)
	case "_filter":
		return b.filter(typ, number, value)
	case "near":
		if typ == "Location" && modifier == "" {
			return b.near(value)
		}
	case "_list":
		if strings.HasPrefix(value, "$") {
			return cond{}, refuse(NotSupported, "the server keeps no lists by function; _list is the id of a List")
		}
		list, err := b.targets([]string{"List"}, strings.TrimPrefix(unescape(value), "List/"))
		param, err2 := b.s.known(b.c, "List.item")
		if err != nil || err2 != nil || len(list) == 0 {
			return cond{sel: noRows}, err
		}
		return cond{sel: "SELECT target AS rid FROM reference_index JOIN resource r ON r.rid = target WHERE reference_index.rid = ? AND param = ? AND r.type = ? AND r.live = 1",
			args: []any{list[0], param, number}}, nil
	}
	return cond{}, errUnknown
}

// always is :missing of what no resource is without.
func (b *builder) always(typ, code, value string) (cond, error) {
	switch value {
	case "true":
		return cond{sel: noRows}, nil
	case "false":
		return b.positive(typ, cond{sel: noRows, not: true})
	}
	return cond{}, refuse(Invalid, "%s:missing is true or false", code)
}

func (b *builder) id(typ int64, modifier, value string) (cond, error) {
	if modifier != "" && modifier != "not" {
		return cond{}, refuse(NotSupported, "the parameter _id does not take the modifier :%.32s here", modifier)
	}
	values := splitEscaped(value, ',')
	if len(values) > maxValues {
		return cond{}, refuse(TooCostly, "a parameter takes %d values at most", maxValues)
	}
	args := []any{typ}
	for _, v := range values {
		args = append(args, unescape(v))
	}
	return cond{sel: "SELECT rid FROM resource WHERE type = ? AND live = 1 AND id IN (" + marks(len(values)) + ")", args: args, not: modifier == "not"}, nil
}

func (b *builder) lastUpdated(typ int64, value string) (cond, error) {
	var any_ []string
	args := []any{typ}
	for _, v := range splitEscaped(value, ',') {
		where, a, err := b.s.dateClause(unescape(v))
		if err != nil {
			return cond{}, err
		}
		// A version's time is an instant of a millisecond.
		where = strings.ReplaceAll(strings.ReplaceAll(where, "low", "updated"), "high", "updated + 1")
		any_ = append(any_, where)
		args = append(args, a...)
	}
	return cond{sel: "SELECT rid FROM resource WHERE type = ? AND live = 1 AND (" + strings.Join(any_, " OR ") + ")", args: args, wide: true}, nil
}
