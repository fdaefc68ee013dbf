package store

import (
	"errors"
	"slices"
	"strings"
)

var errUnknown = errors.New("unknown search parameter")

// maxDepth bounds chains and nested filters, maxValues the ids of a search and the
// resources that a conditional delete removes, maxEither the alternatives of one
// parameter, each of which is a part of the statement: SQLite takes 500.
const (
	maxDepth  = 10
	maxValues = 1000
	maxEither = 400
)

// clause is the condition that one parameter of a search makes. Values separated
// by commas are alternatives.
func (b *builder) clause(typ string, p Param) (cond, error) {
	if b.depth++; b.depth > maxDepth {
		return cond{}, refuse(TooCostly, "chains go %d steps at most", maxDepth)
	}
	defer func() { b.depth-- }()
	if rest, ok := strings.CutPrefix(p.Name, "_has:"); ok {
		return b.has(typ, rest, p.Value)
	}
	if link, rest, ok := strings.Cut(p.Name, "."); ok {
		return b.chain(typ, link, rest, p.Value)
	}
	code, modifier, _ := strings.Cut(p.Name, ":")
	if c, err := b.special(typ, code, modifier, p.Value); !errors.Is(err, errUnknown) {
		return c, err
	}
	def := b.s.table.SearchParam(typ, code)
	if def == nil || def.Expression == "" {
		return cond{}, errUnknown
	}
	if !wellEscaped(p.Value) {
		return cond{}, refuse(Invalid, "in the value of %s a backslash stands before what is no separator; write it twice", def.Code)
	}
	if modifier == "missing" {
		return b.missing(typ, def, p.Value)
	}
	values := splitEscaped(p.Value, ',')
	if len(values) > maxEither {
		return cond{}, refuse(TooCostly, "a parameter takes %d values at most", maxEither)
	}
	var conds []cond
	for _, value := range values {
		c, err := b.value(typ, def, modifier, value)
		if err != nil {
			return cond{}, err
		}
		conds = append(conds, c)
	}
	c := either(conds)
	c.not = modifier == "not" || modifier == "not-in"
	return c, nil
}

// chain is a condition on the resource that a reference leads to.
func (b *builder) chain(typ, link, rest, value string) (cond, error) {
	code, target, _ := strings.Cut(link, ":")
	def := b.s.table.SearchParam(typ, code)
	if def == nil || def.Type != "reference" {
		return cond{}, errUnknown
	}
	targets := targetsOf(def)
	switch {
	case target != "" && b.s.table.Resource(target) == nil:
		return cond{}, b.noModifier(def, target)
	case target != "":
		targets = []string{target}
	case len(targets) == 0:
		targets = b.s.table.Resources()
	}
	var conds, more []cond
	inside := b.inside
	b.inside = ""
	defer func() { b.inside = inside }()
	for _, t := range targets {
		inner, err := b.clause(t, Param{rest, value})
		if errors.Is(err, errUnknown) || len(targets) > 1 && codeOf(err) == Invalid {
			continue // that type has no such parameter, or another kind of it
		}
		if err != nil {
			return cond{}, err
		}
		inner, err = b.positive(t, inner)
		if err != nil {
			return cond{}, err
		}
		conds = append(conds, inner)
		b.inside = inside
		by, can, err := b.canonicalTo(typ+"."+code, t, inner)
		if err != nil {
			return cond{}, err
		}
		if can {
			more = append(more, by)
		}
		if b.inside = ""; inside != "" {
			continue // what is contained contains nothing
		}
		held, can, err := b.within(typ+"."+code, t, rest, value)
		if err != nil {
			return cond{}, err
		}
		if can {
			more = append(more, held)
		}
	}
	if len(conds) == 0 {
		return cond{}, errUnknown
	}
	inner := either(conds)
	b.inside = inside
	c := b.rows(references, typ+"."+code, "target IN ("+inner.sel+")", inner.args...)
	c.seek = "" // the inner search is to be run once
	return either(append(more, c)), nil
}

// positive turns "not" into a list of the resources for which it holds.
func (b *builder) positive(typ string, c cond) (cond, error) {
	if !c.not {
		return c, nil
	}
	number, err := b.s.known(b.c, typ)
	return cond{sel: "SELECT x.rid FROM resource x WHERE x.type = ? AND x.live = 1 AND " + c.where(),
		args: append([]any{number}, c.args...)}, err
}

// has is a condition on resources that refer to this one: Type:reference:rest.
func (b *builder) has(typ, spec, value string) (cond, error) {
	if b.inside != "" {
		return cond{sel: noRows}, nil // only what contains it can refer to it
	}
	parts := strings.SplitN(spec, ":", 3)
	if len(parts) < 3 || b.s.table.Resource(parts[0]) == nil {
		return cond{}, refuse(Invalid, "_has is written _has:Type:reference:parameter")
	}
	from, code := parts[0], parts[1]
	def := b.s.table.SearchParam(from, code)
	if def == nil || def.Type != "reference" {
		return cond{}, errUnknown
	}
	if targets := targetsOf(def); len(targets) > 0 && !slices.Contains(targets, typ) {
		return cond{}, refuse(Invalid, "%s of %s does not lead to %s", code, from, typ)
	}
	inner, err := b.clause(from, Param{parts[2], value})
	if err != nil {
		return cond{}, err
	}
	if inner, err = b.positive(from, inner); err != nil {
		return cond{}, err
	}
	param, err := b.s.known(b.c, from+"."+code)
	if err != nil {
		return cond{}, err
	}
	number, err := b.s.known(b.c, typ)
	if err != nil {
		return cond{}, err
	}
	by, can, err := b.canonicalFrom(from+"."+code, typ, number, inner)
	if err != nil {
		return cond{}, err
	}
	referred := cond{
		sel: "SELECT f.target AS rid FROM (" + inner.sel + ") i CROSS JOIN reference_index f CROSS JOIN resource t" +
			" WHERE f.rid = i.rid AND f.param = ? AND t.rid = f.target AND t.type = ? AND t.live = 1",
		args: append(slices.Clone(inner.args), param, number),
	}
	if can {
		return either([]cond{referred, by}), nil
	}
	return referred, nil
}
