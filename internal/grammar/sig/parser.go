package sig

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
)

// parser goes over the text once. At each token it tries the rules in order;
// what no rule takes belongs to the drug, to an open reason, or to nothing.
type parser struct {
	text, low string
	at, end   int
	line      Line
	// took is the kind of the piece in hand; a rule may find it is another.
	took Kind
	// wantDrug is false for the further steps of a taper.
	wantDrug bool
	// bare is true for a direction alone: one piece is all that it needs.
	bare bool
	// sig is true once a piece of the direction was met: no drug name follows.
	sig bool
	// open is the piece that unclaimed words go to: a reason or an indication.
	open     Kind
	openAt   grammar.Span
	hasOpen  bool
	drug     []grammar.Span
	unplaced int
	score    float64
	remark   string
}

func newParser(text string, s grammar.Span, drug bool) *parser {
	p := &parser{text: text, low: lower(text), at: s.Start, end: s.End, wantDrug: drug, score: 1}
	if drug {
		p.at += len(bullet.FindString(p.low[p.at:p.end]))
	}
	return p
}

var bullet = regexp.MustCompile(`^\s*(?:(?:\d{1,2}|[a-z])[.)]\s+|[-•*·▪◦>○●□☐–]+\s*|\(\d{1,2}\)\s*|#\d{1,2}[.):]?\s+|(?:rx|med(?:ication)?|drug)\s*:\s*)+`)

func (p *parser) lower(by float64, remark string) {
	p.score *= by
	if p.remark == "" {
		p.remark = remark
	}
}

func (p *parser) run() {
	for p.skip(); p.at < p.end; p.skip() {
		if !p.rule() {
			p.word()
		}
	}
	p.closeOpen()
}

// skip passes over white space and separators. A full stop or a bracket ends
// an open reason.
func (p *parser) skip() {
	for p.at < p.end {
		c := p.text[p.at]
		if c == '.' && p.at+1 < p.end && digit(p.text[p.at+1]) {
			return // .125
		}
		if strings.IndexByte(".;,()[]|:=", c) >= 0 && p.at > 0 {
			if c != '|' {
				p.closeOpen()
			}
		} else if strings.IndexByte(" \t\r\n,;|:*_=", c) < 0 {
			return
		}
		p.at++
	}
}

// rule tries all rules here.
func (p *parser) rule() bool {
	rest := p.low[p.at:p.end]
	for i := range rules {
		r := &rules[i]
		m := r.re.FindStringSubmatchIndex(rest)
		if m == nil || m[1] == 0 || !p.free(p.at+m[1]) {
			continue
		}
		p.took = r.kind
		if !r.read(p, match{p, m}) {
			continue
		}
		if p.hasOpen {
			p.closeOpen()
		}
		if p.took != VerbPart {
			p.line.Parts = append(p.line.Parts, Part{p.took, grammar.Span{Start: p.at, End: p.at + m[1]}})
		}
		switch p.took {
		case StrengthPart, FormPart, StatusPart, DatePart, QuantityPart:
		default:
			p.sig = true
		}
		p.at += m[1]
		if r.opens {
			p.open, p.hasOpen, p.openAt = p.reasonOrIndication(), true, grammar.Span{Start: p.at, End: p.at}
		}
		return true
	}
	return false
}

// reasonOrIndication says what the words after "for" or "prn" are.
func (p *parser) reasonOrIndication() Kind {
	if p.took == NotePart {
		return NotePart
	}
	if p.line.AsNeeded && p.line.Reason == "" {
		return ReasonPart
	}
	return IndicationPart
}

// free reports that no word or number is cut in two at i.
func (p *parser) free(i int) bool {
	if i >= p.end || i == 0 {
		return true
	}
	a, b := p.low[i-1], p.low[i]
	return !(letter(a) && letter(b)) && !(digit(a) && (digit(b) || b == '.' && i+1 < p.end && digit(p.low[i+1]))) && !(letter(a) && digit(b))
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' }
func digit(c byte) bool  { return c >= '0' && c <= '9' }

// word takes one token that no rule claimed.
func (p *parser) word() {
	end := p.wordEnd()
	switch {
	case p.hasOpen && end-p.openAt.Start <= 60:
		if p.openAt.Len() == 0 {
			p.openAt.Start = p.at
		}
		p.openAt.End = end
	case p.wantDrug && p.drugWord(end):
		p.drug = append(p.drug, grammar.Span{Start: p.at, End: end})
	case letter(p.low[p.at]) || digit(p.low[p.at]):
		if !filler[p.low[p.at:end]] {
			p.unplaced++
		}
	}
	p.at = end
}

// drugWord reports whether the word still belongs to the name: before any
// strength or sig, or a modifier right after the strength.
func (p *parser) drugWord(end int) bool {
	if p.sig {
		return false
	}
	if len(p.drug) == 0 {
		return true
	}
	return len(p.line.Parts) == 0 || modifier[p.low[p.at:end]] && p.line.Form == ""
}

func (p *parser) wordEnd() int {
	i := p.at + 1
	for i < p.end && strings.IndexByte(" \t\r\n,;:()[]|", p.text[i]) < 0 {
		if p.text[i] == '.' && (i+1 == p.end || p.text[i+1] == ' ') {
			break
		}
		i++
	}
	return i
}

func (p *parser) closeOpen() {
	if !p.hasOpen {
		return
	}
	p.hasOpen = false
	if p.openAt.Len() == 0 {
		return
	}
	s := strings.Trim(squeeze(p.openAt.Of(p.text)), " -–.,;")
	switch p.open {
	case ReasonPart:
		if p.line.Reason == "" {
			p.line.Reason = s
		}
	case NotePart:
		p.line.Note = s
	case IndicationPart:
		if p.line.Indication == "" {
			p.line.Indication = s
		}
	}
	p.line.Parts = append(p.line.Parts, Part{p.open, p.openAt})
}

// match gives a rule its groups.
type match struct {
	p *parser
	m []int
}

// group i in lower case, or "".
func (g match) low(i int) string {
	if 2*i+1 >= len(g.m) || g.m[2*i] < 0 {
		return ""
	}
	return g.p.low[g.p.at+g.m[2*i] : g.p.at+g.m[2*i+1]]
}

// group i as printed, or "".
func (g match) text(i int) string {
	if 2*i+1 >= len(g.m) || g.m[2*i] < 0 {
		return ""
	}
	return squeeze(g.p.text[g.p.at+g.m[2*i] : g.p.at+g.m[2*i+1]])
}
