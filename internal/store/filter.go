package store

import (
	"errors"
	"strings"
)

// filter is the _filter parameter (R4 search_filter.html): comparisons joined by
// and, or, not and brackets, from left to right. A path may have a filter of its
// own, as in name[filter].name, which the same resource has to meet.
func (b *builder) filter(typ string, number int64, text string) (cond, error) {
	p := &filterParser{b: b, rest: text}
	c, err := p.any(typ, number, 0)
	if err == nil && p.skip() != "" {
		err = errFilter
	}
	if errors.Is(err, errUnknown) {
		err = refuse(Invalid, "_filter names a parameter that %s does not have", typ)
	}
	return c, err
}

var errFilter = refuse(Invalid, "_filter cannot be read; it is written like: name eq \"x\" and (birthdate gt 1950 or not (gender eq male))")

// filterParser reads a filter from left to right.
type filterParser struct {
	b     *builder
	rest  string
	terms int
}

// maxTerms bounds the comparisons of a filter.
const maxTerms = 100

func (p *filterParser) skip() string {
	p.rest = strings.TrimLeft(p.rest, " \t\r\n")
	return p.rest
}

// word takes a keyword off the text if it is next.
func (p *filterParser) word(w string) bool {
	if p.skip(); len(p.rest) < len(w) || !strings.EqualFold(p.rest[:len(w)], w) {
		return false
	}
	rest := p.rest[len(w):]
	if rest != "" && !strings.ContainsRune(" \t\r\n(", rune(rest[0])) {
		return false
	}
	p.rest = rest
	return true
}

// take takes a sign off the text if it is next.
func (p *filterParser) take(sign string) bool {
	rest, ok := strings.CutPrefix(p.skip(), sign)
	p.rest = rest
	return ok
}

// any reads filters joined by and and or, of which neither binds stronger.
func (p *filterParser) any(typ string, number int64, depth int) (cond, error) {
	c, err := p.term(typ, number, depth)
	where, args := c.where(), c.args
	for err == nil {
		op := ""
		switch {
		case p.word("and"):
			op = " AND "
		case p.word("or"):
			op = " OR "
		}
		if op == "" {
			break
		}
		var next cond
		next, err = p.term(typ, number, depth)
		where = "(" + where + op + next.where() + ")"
		args = append(args[:len(args):len(args)], next.args...)
	}
	return cond{sel: "SELECT x.rid FROM resource x WHERE x.type = ? AND x.live = 1 AND " + where, args: append([]any{number}, args...), wide: true}, err
}

func (p *filterParser) term(typ string, number int64, depth int) (cond, error) {
	if depth > maxDepth {
		return cond{}, refuse(TooCostly, "_filter is nested deeper than %d", maxDepth)
	}
	if p.word("not") {
		c, err := p.term(typ, number, depth+1)
		c.not = !c.not
		return c, err
	}
	if p.take("(") {
		c, err := p.any(typ, number, depth+1)
		if err == nil && !p.take(")") {
			err = errFilter
		}
		return c, err
	}
	return p.comparison(typ, depth)
}

// comparison reads path, operator and value.
func (p *filterParser) comparison(typ string, depth int) (cond, error) {
	if p.terms++; p.terms > maxTerms {
		return cond{}, refuse(TooCostly, "_filter has %d comparisons at most", maxTerms)
	}
	end := strings.IndexAny(p.skip(), " \t[")
	if end <= 0 {
		return cond{}, errFilter
	}
	path := p.rest[:end]
	p.rest = p.rest[end:]
	if p.take("[") {
		return p.linked(typ, path, depth)
	}
	end = strings.IndexAny(p.skip(), " \t")
	if end <= 0 {
		return cond{}, errFilter
	}
	op := strings.ToLower(p.rest[:end])
	p.rest = p.rest[end:]
	value, err := p.operand()
	if err != nil {
		return cond{}, err
	}
	return p.b.compare(typ, path, op, value)
}

// linked is link[filter].path op value: there is a resource behind the link that
// meets both. A last link without a path needs the filter only.
func (p *filterParser) linked(typ, path string, depth int) (cond, error) {
	link, target, _ := strings.Cut(path, ":")
	def := p.b.s.table.SearchParam(typ, link)
	if depth > maxDepth || strings.Contains(path, ".") || def == nil || def.Type != "reference" {
		return cond{}, refuse(NotSupported, "a filter in brackets follows the name of a reference")
	}
	targets := targetsOf(def)
	if target != "" {
		targets = []string{target}
	}
	if len(targets) == 0 {
		targets = p.b.s.table.Resources()
	}
	var conds []cond
	start, end := p.rest, ""
	for _, t := range targets {
		number, err := p.b.s.known(p.b.c, t)
		if err != nil {
			return cond{}, err
		}
		p.rest = start
		c, err := p.behind(t, number, depth+1)
		if errors.Is(err, errUnknown) || len(targets) > 1 && (codeOf(err) == NotSupported || codeOf(err) == Invalid && err != errFilter) {
			continue // that type has no such parameter, or another kind of it
		}
		if err != nil {
			return cond{}, err
		}
		end = p.rest
		conds = append(conds, c)
	}
	if len(conds) == 0 {
		return cond{}, errUnknown
	}
	p.rest = end
	inner := either(conds)
	c := p.b.rows(references, typ+"."+link, "target IN ("+inner.sel+")", inner.args...)
	c.seek = ""
	return c, nil
}

func (p *filterParser) behind(typ string, number int64, depth int) (cond, error) {
	c, err := p.any(typ, number, depth)
	if err != nil || !p.take("]") {
		return c, cmpErr(err, errFilter)
	}
	if !strings.HasPrefix(p.rest, ".") {
		return c, nil
	}
	p.rest = p.rest[1:]
	more, err := p.comparison(typ, depth)
	c.sel += " AND " + more.where()
	c.args = append(c.args, more.args...)
	return c, err
}

func cmpErr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// operand is a word or a string in double quotes.
func (p *filterParser) operand() (string, error) {
	if p.take(`"`) {
		var b strings.Builder
		for i := 0; i < len(p.rest); i++ {
			switch {
			case p.rest[i] == '\\' && i+1 < len(p.rest):
				i++
			case p.rest[i] == '"':
				p.rest = p.rest[i+1:]
				return b.String(), nil
			}
			b.WriteByte(p.rest[i])
		}
		return "", errFilter
	}
	end := strings.IndexAny(p.rest, " \t\r\n)]")
	if end < 0 {
		end = len(p.rest)
	}
	word := p.rest[:end]
	p.rest = p.rest[end:]
	if word == "" {
		return "", errFilter
	}
	return word, nil
}
