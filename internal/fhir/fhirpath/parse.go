package fhirpath

// ast is a node of the syntax tree.
type ast struct {
	kind astKind
	text string // name, operator or literal
	unit string // of quantities
	args []*ast
	at   int
}

type astKind uint8

const (
	astLiteral  astKind = iota // text as the lexer gave it, see lit
	astNull                    // {}
	astName                    // element
	astCall                    // function, args
	astExternal                // %name
	astThis                    // $this, $index, $total
	astDot                     // args[0].args[1]
	astIndex                   // args[0][args[1]]
	astUnary
	astBinary
	astType // args[0] is|as text
	astString
	astNumber
	astDate
	astBool
	astQuantity
)

// powers are the binding powers of the binary operators.
var powers = map[string]int{
	"implies": 1, "or": 2, "xor": 2, "and": 3, "in": 4, "contains": 4,
	"=": 5, "~": 5, "!=": 5, "!~": 5, "<": 6, ">": 6, "<=": 6, ">=": 6, "|": 7, "is": 8, "as": 8,
	"+": 9, "-": 9, "&": 9, "*": 10, "/": 10, "div": 10, "mod": 10,
}

const (
	unaryPower = 11
	maxNesting = 200
)

type parser struct {
	lex   lexer
	tok   token
	depth int
}

func parse(src string) (*ast, error) {
	p := &parser{lex: lexer{src: src}}
	p.advance()
	n := p.expression(0)
	if p.lex.err == nil && p.tok.kind != tokEnd {
		p.fail("something follows the end of the expression")
	}
	if p.lex.err != nil {
		return nil, p.lex.err
	}
	return n, nil
}

func (p *parser) advance() { p.tok = p.lex.next() }

func (p *parser) fail(format string, args ...any) { p.lex.fail(p.tok.at, format, args...) }

func (p *parser) isSymbol(s string) bool { return p.tok.kind == tokSymbol && p.tok.text == s }

func (p *parser) expect(s string) {
	if !p.isSymbol(s) {
		p.fail("%q is expected", s)
		return
	}
	p.advance()
}

func (p *parser) expression(power int) *ast {
	if p.depth++; p.depth > maxNesting {
		p.fail("the expression is nested too deep")
	}
	defer func() { p.depth-- }()
	left := p.unary()
	for p.lex.err == nil {
		op := p.operator()
		w := powers[op]
		if w == 0 || w <= power {
			break
		}
		at := p.tok.at
		p.advance()
		if w == powers["is"] {
			left = &ast{kind: astType, text: op, unit: p.typeName(), args: []*ast{left}, at: at}
			continue
		}
		left = &ast{kind: astBinary, text: op, args: []*ast{left, p.expression(w)}, at: at}
	}
	return left
}

func (p *parser) operator() string {
	if p.tok.kind == tokSymbol || p.tok.kind == tokName {
		return p.tok.text
	}
	return ""
}

func (p *parser) typeName() string {
	name := p.name()
	if p.isSymbol(".") {
		p.advance()
		name += "." + p.name()
	}
	return name
}

func (p *parser) name() string {
	if p.tok.kind != tokName && p.tok.kind != tokQuoted {
		p.fail("a name is expected")
		return ""
	}
	s := p.tok.text
	p.advance()
	return s
}

func (p *parser) unary() *ast {
	if p.isSymbol("+") || p.isSymbol("-") {
		t := p.tok
		p.advance()
		return &ast{kind: astUnary, text: t.text, args: []*ast{p.expression(unaryPower - 1)}, at: t.at}
	}
	return p.postfix(p.primary())
}

func (p *parser) postfix(n *ast) *ast {
	for p.lex.err == nil {
		at := p.tok.at
		switch {
		case p.isSymbol("."):
			p.advance()
			n = &ast{kind: astDot, args: []*ast{n, p.invocation()}, at: at}
		case p.isSymbol("["):
			p.advance()
			n = &ast{kind: astIndex, args: []*ast{n, p.expression(0)}, at: at}
			p.expect("]")
		default:
			return n
		}
	}
	return n
}

func (p *parser) primary() *ast {
	t := p.tok
	switch t.kind {
	case tokSymbol:
		return p.bracketed()
	case tokString:
		p.advance()
		return &ast{kind: astString, text: t.text, at: t.at}
	case tokNumber:
		p.advance()
		return p.number(t)
	case tokDate:
		p.advance()
		return &ast{kind: astDate, text: t.text, at: t.at}
	case tokExternal:
		p.advance()
		return &ast{kind: astExternal, text: t.text, at: t.at}
	case tokName:
		if t.text == "true" || t.text == "false" {
			p.advance()
			return &ast{kind: astBool, text: t.text, at: t.at}
		}
	case tokEnd:
		p.fail("the expression ends where a term is expected")
		return &ast{}
	}
	return p.invocation()
}

func (p *parser) bracketed() *ast {
	at := p.tok.at
	switch {
	case p.isSymbol("("):
		p.advance()
		n := p.expression(0)
		p.expect(")")
		return n
	case p.isSymbol("{"):
		p.advance()
		p.expect("}")
		return &ast{kind: astNull, at: at}
	}
	p.fail("a term is expected")
	return &ast{}
}

// number makes a quantity where a unit follows.
func (p *parser) number(t token) *ast {
	n := &ast{kind: astNumber, text: t.text, at: t.at}
	switch {
	case p.tok.kind == tokString:
		n.kind, n.unit = astQuantity, "'"+p.tok.text
		p.advance()
	case p.tok.kind == tokName && calendarUnit(p.tok.text) != "":
		n.kind, n.unit = astQuantity, calendarUnit(p.tok.text)
		p.advance()
	}
	return n
}

func (p *parser) invocation() *ast {
	t := p.tok
	if t.kind == tokThis {
		p.advance()
		return &ast{kind: astThis, text: t.text, at: t.at}
	}
	name := p.name()
	if !p.isSymbol("(") {
		return &ast{kind: astName, text: name, at: t.at}
	}
	p.advance()
	n := &ast{kind: astCall, text: name, at: t.at}
	for p.lex.err == nil && !p.isSymbol(")") {
		if len(n.args) > 0 {
			p.expect(",")
		}
		n.args = append(n.args, p.expression(0))
		if name == "sort" && p.tok.kind == tokName && (p.tok.text == "asc" || p.tok.text == "desc") {
			last := len(n.args) - 1
			if p.tok.text == "desc" {
				n.args[last] = &ast{kind: astUnary, text: "-", args: []*ast{n.args[last]}, at: t.at}
			}
			p.advance()
		}
	}
	p.expect(")")
	return n
}
