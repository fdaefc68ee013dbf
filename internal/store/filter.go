package store

import (
	"errors"
	"strings"
)

// filter is the _filter parameter (R4 search_filter.html): comparisons joined by
// and, or, not and brackets. Left out: po, ss, sb, in, re.
func (b *builder) filter(typ string, number int64, text string) (cond, error) {
	p := &filterParser{b: b, typ: typ, rest: text}
	where, args, err := p.or(0)
	if err == nil && strings.TrimSpace(p.rest) != "" {
		err = errFilter
	}
	if errors.Is(err, errUnknown) {
		err = refuse(Invalid, "_filter names a parameter that %s does not have", typ)
	}
	return cond{sel: "SELECT x.rid FROM resource x WHERE x.type = ? AND x.live = 1 AND (" + where + ")", args: append([]any{number}, args...), wide: true}, err
}

var errFilter = refuse(Invalid, "_filter cannot be read; it is written like: name eq \"x\" and (birthdate gt 1950 or not (gender eq male))")

type filterParser struct {
	b    *builder
	typ  string
	rest string
}

func (p *filterParser) or(depth int) (string, []any, error) {
	return p.joined(depth, "or", p.and)
}

func (p *filterParser) and(depth int) (string, []any, error) {
	return p.joined(depth, "and", p.term)
}

func (p *filterParser) joined(depth int, word string, next func(int) (string, []any, error)) (string, []any, error) {
	where, args, err := next(depth)
	for err == nil && p.word(word) {
		var more string
		var a []any
		more, a, err = next(depth)
		where, args = where+" "+strings.ToUpper(word)+" "+more, append(args, a...)
	}
	return "(" + where + ")", args, err
}

// word takes a keyword off the text if it is next.
func (p *filterParser) word(w string) bool {
	p.rest = strings.TrimLeft(p.rest, " \t")
	rest, ok := strings.CutPrefix(p.rest, w)
	if ok && (rest == "" || rest[0] == ' ' || rest[0] == '(') {
		p.rest = rest
		return true
	}
	return false
}

func (p *filterParser) term(depth int) (string, []any, error) {
	if depth > maxDepth {
		return "", nil, refuse(TooCostly, "_filter is nested deeper than %d", maxDepth)
	}
	if p.word("not") {
		where, args, err := p.term(depth + 1)
		return "NOT " + where, args, err
	}
	p.rest = strings.TrimLeft(p.rest, " \t")
	if rest, ok := strings.CutPrefix(p.rest, "("); ok {
		p.rest = rest
		where, args, err := p.or(depth + 1)
		p.rest = strings.TrimLeft(p.rest, " \t")
		if err == nil && !strings.HasPrefix(p.rest, ")") {
			err = errFilter
		}
		p.rest = strings.TrimPrefix(p.rest, ")")
		return where, args, err
	}
	return p.comparison()
}

func (p *filterParser) comparison() (string, []any, error) {
	name, rest, ok1 := strings.Cut(p.rest, " ")
	op, rest, ok2 := strings.Cut(strings.TrimLeft(rest, " "), " ")
	if !ok1 || !ok2 {
		return "", nil, errFilter
	}
	p.rest = strings.TrimLeft(rest, " ")
	value, err := p.operand()
	if err != nil {
		return "", nil, err
	}
	c, err := p.compare(name, op, value)
	return c.where(), c.args, err
}

// operand is a word or a string in double quotes.
func (p *filterParser) operand() (string, error) {
	if strings.HasPrefix(p.rest, `"`) {
		var b strings.Builder
		for i := 1; i < len(p.rest); i++ {
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
	end := strings.IndexAny(p.rest, " )")
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

var escaper = strings.NewReplacer(`\`, `\\`, `,`, `\,`)

func (p *filterParser) compare(name, op, value string) (cond, error) {
	code := name[strings.LastIndexByte(name, '.')+1:]
	searchType := ""
	if def := p.b.s.table.SearchParam(p.typ, code); def != nil {
		searchType = def.Type
	}
	ordered := searchType == "date" || searchType == "number" || searchType == "quantity" || strings.Contains(name, ".")
	value = escaper.Replace(value)
	switch op {
	case "eq":
		if searchType == "string" && code != "_text" && code != "_content" {
			return p.b.clause(p.typ, Param{name + ":exact", value})
		}
		return p.b.clause(p.typ, Param{name, value})
	case "ne":
		c, err := p.compare(name, "eq", unescape(value))
		c.not = !c.not
		return c, err
	case "pr":
		present := map[string]string{"true": "false", "false": "true"}[value]
		return p.b.clause(p.typ, Param{name + ":missing", present})
	case "co":
		return p.b.clause(p.typ, Param{name + ":contains", value})
	case "sw":
		return p.b.clause(p.typ, Param{name, value})
	case "gt", "lt", "ge", "le", "sa", "eb", "ap":
		if ordered {
			return p.b.clause(p.typ, Param{name, op + value})
		}
	}
	return cond{}, refuse(NotSupported, "_filter does not know %.16s with %.64s here", op, name)
}
