package store

import (
	"slices"
	"strings"
)

// wordQuery is what _text and _content look for (R4 search.html#text): words, all
// of which are to be there, in any order and as beginnings of words; OR between
// alternatives, NOT before what is not to be there, and brackets.
type wordQuery struct {
	token string // of one word, else these are joined:
	op    byte   // '&' or '|'
	parts []wordQuery
	not   []wordQuery // none of which is to be there, with '&'
}

var errWords = refuse(Invalid, "a text to look for is made of words, OR, NOT and brackets: (bone OR liver) AND metastases")

// parseWords reads a query; the tokens begin with the mark.
func parseWords(mark, text string) (wordQuery, error) {
	p := &wordParser{mark: mark, rest: text}
	q, err := p.either(0)
	if err == nil && p.peek() != "" {
		err = errWords
	}
	if p.count > maxWordsAsked {
		err = refuse(TooCostly, "a text to look for has %d words at most", maxWordsAsked)
	}
	return q, err
}

// maxWordsAsked bounds the words of a query.
const maxWordsAsked = 100

type wordParser struct {
	mark, rest string
	count      int
}

// peek is the next sign or run of text without signs.
func (p *wordParser) peek() string {
	p.rest = strings.TrimLeft(p.rest, " \t\r\n")
	if p.rest == "" || p.rest[0] == '(' || p.rest[0] == ')' {
		return p.rest[:min(1, len(p.rest))]
	}
	if end := strings.IndexAny(p.rest, " \t\r\n()"); end >= 0 {
		return p.rest[:end]
	}
	return p.rest
}

func (p *wordParser) either(depth int) (wordQuery, error) {
	if depth > maxDepth {
		return wordQuery{}, refuse(TooCostly, "brackets go %d deep at most", maxDepth)
	}
	first, err := p.every(depth)
	parts := []wordQuery{first}
	for err == nil && strings.EqualFold(p.peek(), "or") {
		p.rest = p.rest[len("or"):]
		var next wordQuery
		next, err = p.every(depth)
		parts = append(parts, next)
	}
	if len(parts) == 1 {
		return first, err
	}
	return wordQuery{op: '|', parts: parts}, err
}

// every reads what has to be there together.
func (p *wordParser) every(depth int) (wordQuery, error) {
	q := wordQuery{op: '&'}
	not := false
	for {
		next := p.peek()
		switch {
		case next == "" || next == ")" || strings.EqualFold(next, "or"):
			if len(q.parts) == 0 || not {
				return q, refuse(Invalid, "a text to look for needs a word that is there")
			}
			return q, nil
		case strings.EqualFold(next, "and"):
			p.rest = p.rest[len(next):]
			continue
		case next == "NOT":
			p.rest, not = p.rest[len(next):], true
			continue
		}
		part, err := p.one(next, depth)
		if err != nil {
			return q, err
		}
		if not {
			q.not = append(q.not, part)
		} else if part.op != 0 || part.token != "" {
			q.parts = append(q.parts, part)
		}
		not = false
	}
}

// one reads brackets or a run of text, which may be several words.
func (p *wordParser) one(next string, depth int) (wordQuery, error) {
	p.rest = p.rest[len(next):]
	if next == "(" {
		q, err := p.either(depth + 1)
		if err == nil && p.peek() != ")" {
			err = errWords
		}
		p.rest = strings.TrimPrefix(p.rest, ")")
		return q, err
	}
	tokens := appendWords(nil, p.mark, next)
	if p.count += len(tokens); len(tokens) == 0 {
		return wordQuery{}, nil // signs only
	}
	q := wordQuery{op: '&'}
	for _, t := range tokens[:min(len(tokens), maxWordsAsked)] {
		q.parts = append(q.parts, wordQuery{token: t})
	}
	return q, nil
}

// meets reports whether words, which are sorted, are what the query looks for.
func (q wordQuery) meets(words []string) bool {
	holds := func(part wordQuery) bool { return part.meets(words) }
	switch q.op {
	case 0:
		i, _ := slices.BinarySearch(words, q.token)
		return i < len(words) && strings.HasPrefix(words[i], q.token)
	case '|':
		return slices.ContainsFunc(q.parts, holds)
	}
	return !slices.ContainsFunc(q.parts, func(part wordQuery) bool { return !part.meets(words) }) && !slices.ContainsFunc(q.not, holds)
}

// liteQuery is the query in FTS5's words.
func (q wordQuery) lite() string {
	join := " AND "
	switch q.op {
	case 0:
		return `"` + q.token + `"*`
	case '|':
		join = " OR "
	}
	text := joined(q.parts, join, wordQuery.lite)
	for _, part := range q.not {
		text = "(" + text + " NOT " + part.lite() + ")"
	}
	return text
}

// pg is the query as a tsquery.
func (q wordQuery) pg() string {
	join := " & "
	switch q.op {
	case 0:
		return "'" + q.token + "':*"
	case '|':
		join = " | "
	}
	text := joined(q.parts, join, wordQuery.pg)
	for _, part := range q.not {
		text = "(" + text + " & !" + part.pg() + ")"
	}
	return text
}

func joined(parts []wordQuery, by string, text func(wordQuery) string) string {
	all := make([]string, len(parts))
	for i, part := range parts {
		all[i] = text(part)
	}
	return "(" + strings.Join(all, by) + ")"
}
