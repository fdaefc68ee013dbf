package store

import (
	"slices"
	"strconv"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/definition"
)

// noRows selects nothing, anyRow every row of a parameter.
const (
	noRows = "SELECT rid FROM resource WHERE 1 = 0"
	anyRow = "1 = 1"
)

// cond selects resources.
type cond struct {
	sel  string // SELECT rid …; may give a resource several times
	args []any
	seek string // the condition on "x.rid" where that is found by a seek, else ""
	not  bool
	rank bool // sel gives the resources in the order of rid
	few  bool // sel gives what belongs to one patient: at most some thousands
	wide bool // sel looks at many rows to find few

	// Of rows of one parameter: the table, its numbers, and what is asked of its rows,
	// args being the numbers and those of that.
	table, asks, fence string
	params             []any
}

func (c cond) sorted() cond { c.rank = len(c.params) == 1; return c }

func (c cond) or(err error) (cond, error) { return c, err }

// where is the condition as an expression on "x.rid".
func (c cond) where() string {
	s := c.seek
	if s == "" {
		s = "x.rid IN (" + c.sel + ")"
	}
	if c.not {
		return "NOT " + s
	}
	return s
}

// builder puts a search together as SQL. The connection is that of the search:
// names and targets are looked up in its snapshot.
type builder struct {
	s     *Store
	c     conn
	base  string // own address as the client knows it
	depth int

	inside string // what the names of rows begin with, for a contained resource
}

// rows selects by the rows of a parameter. Equality, and any condition on dates,
// can be checked for one resource without looking at the others.
func (b *builder) rows(k kind, name, where string, args ...any) cond {
	var numbers []any
	for _, name := range b.s.index.stored(name) {
		number, err := b.s.known(b.c, b.inside+name)
		if err != nil {
			number = -1 // a name that cannot be read finds nothing; the search itself will report why
		}
		numbers = append(numbers, number)
	}
	table := tableNames[k]
	all := append(slices.Clone(numbers), args...)
	for i, arg := range all {
		if text, ok := arg.(string); ok && k != texts {
			all[i] = b.c.dialect().key(text)
		}
	}
	c := cond{args: all, table: table, params: numbers, fence: b.c.dialect().fence}
	c.sel = c.selects(where)
	if !strings.Contains(where, "SELECT") {
		c.asks = "(" + where + ")"
	}
	c.wide = k == dates || k == quantities || where == anyRow || strings.HasPrefix(where, "system") || where == b.c.dialect().contains
	if k == dates || strings.HasPrefix(where, "code = ?") || strings.HasPrefix(where, "target") || strings.HasPrefix(where, "uri = ?") && !strings.Contains(where, "OR") {
		c.seek = c.seeks(where)
	}
	return c
}

// selects and seeks ask the rows of the condition's parameter.
func (c cond) selects(asks string) string {
	if len(c.params) == 1 {
		return "SELECT rid FROM " + c.table + " WHERE param = ? AND " + asks
	}
	return "SELECT rid FROM " + c.table + " WHERE param IN (" + marks(len(c.params)) + ") AND " + asks
}

func (c cond) seeks(asks string) string {
	return "EXISTS (" + strings.Replace(c.selects(asks), "SELECT rid", "SELECT 1", 1) + " AND rid = x.rid" + c.fence + ")"
}

// either is the union of conditions.
func either(conds []cond) cond {
	conds = merged(conds)
	if len(conds) == 1 {
		return conds[0]
	}
	var out cond
	var sels, seeks []string
	seek := true
	for _, c := range conds {
		sels, seeks = append(sels, c.sel), append(seeks, c.seek)
		seek = seek && c.seek != ""
		out.wide = out.wide || c.wide
		out.args = append(out.args, c.args...)
	}
	out.sel = union(sels)
	if seek {
		out.seek = anyOf(seeks)
	}
	return out
}

// maxUnion is how many parts stand side by side in a union. SQLite goes down a stack
// by one step for each, and 200 are too many for it.
const maxUnion = 40

// union joins selections of rid; where they are many, in groups, which DISTINCT
// keeps apart.
func union(sels []string) string {
	for len(sels) > maxUnion {
		var groups []string
		for group := range slices.Chunk(sels, maxUnion) {
			groups = append(groups, "SELECT DISTINCT rid FROM ("+strings.Join(group, " UNION ALL ")+") AS g"+strconv.Itoa(len(groups)))
		}
		sels = groups
	}
	return strings.Join(sels, " UNION ALL ")
}

// merged makes one condition of those on the same rows.
func merged(conds []cond) []cond {
	var out []cond
	for i := 0; i < len(conds); {
		c, asks := conds[i], []string{conds[i].asks}
		for i++; i < len(conds) && c.alike(conds[i]); i++ {
			asks = append(asks, conds[i].asks)
			c.args = append(c.args[:len(c.args):len(c.args)], conds[i].args[len(c.params):]...)
			c.wide = c.wide || conds[i].wide
		}
		if len(asks) > 1 {
			c.asks, c.rank = anyOf(asks), false
			c.sel = c.selects(c.asks)
			if c.seek != "" {
				c.seek = c.seeks(c.asks)
			}
		}
		out = append(out, c)
	}
	return out
}

// alike reports whether another condition is on the same rows.
func (c cond) alike(other cond) bool {
	return c.asks != "" && other.asks != "" && c.table == other.table && slices.Equal(c.params, other.params) && (c.seek == "") == (other.seek == "")
}

// anyOf joins conditions by OR, such that they are nested as little as can be: a
// database goes only so deep.
func anyOf(all []string) string {
	if len(all) == 1 {
		return all[0]
	}
	half := len(all) / 2
	return "(" + anyOf(all[:half]) + " OR " + anyOf(all[half:]) + ")"
}

// value is the condition of one alternative.
func (b *builder) value(typ string, def *definition.SearchParam, modifier, value string) (cond, error) {
	switch def.Type {
	case "token":
		return b.token(typ, def, modifier, value)
	case "reference":
		return b.reference(typ, def, modifier, value)
	case "uri":
		return b.uri(typ, def, modifier, value)
	case "string":
		if modifier != "" && modifier != "exact" && modifier != "contains" && modifier != "text" && !strings.HasPrefix(modifier, ownMark) {
			return cond{}, b.noModifier(def, modifier)
		}
		return b.stringIs(typ+"."+def.Code, modifier, value)
	}
	if modifier != "" {
		return cond{}, b.noModifier(def, modifier)
	}
	switch def.Type {
	case "date":
		return b.date(typ+"."+def.Code, value)
	case "number":
		return b.number(typ+"."+def.Code, value)
	case "quantity":
		return b.quantity(typ+"."+def.Code, value)
	case "composite":
		return b.composite(typ, def, value)
	}
	return cond{}, errUnknown
}

func (b *builder) noModifier(def *definition.SearchParam, modifier string) error {
	return refuse(NotSupported, "the parameter %s does not take the modifier :%.32s here", def.Code, modifier)
}

// missing is whether a parameter has a value at all.
func (b *builder) missing(typ string, def *definition.SearchParam, value string) (cond, error) {
	if value != "true" && value != "false" {
		return cond{}, refuse(Invalid, "%s:missing is true or false", def.Code)
	}
	name := typ + "." + def.Code
	var conds []cond
	switch def.Type {
	case "composite":
		return cond{}, b.noModifier(def, "missing")
	case "reference":
		conds = append(conds, b.rows(references, name, anyRow), b.rows(uris, name, anyRow), b.rows(tokens, name+identifierSuffix, anyRow), b.rows(tokens, name+containedSuffix, anyRow))
	case "token":
		conds = append(conds, b.rows(tokens, name, anyRow), b.rows(texts, name+textSuffix, anyRow))
	default:
		k, ok := kindOf(def.Type)
		if !ok {
			return cond{}, errUnknown
		}
		conds = append(conds, b.rows(k, name, anyRow))
	}
	c := either(conds)
	c.not = value == "true"
	return c, nil
}

// splitEscaped splits at separators that are not escaped, and leaves the escapes.
func splitEscaped(s string, sep byte) []string {
	var all []string
	start := 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == sep:
			all = append(all, s[start:i])
			start = i + 1
		}
	}
	return append(all, s[start:])
}

// separators are what a backslash is to stand before.
const separators = `\,|$`

// wellEscaped reports whether every backslash stands before a separator.
func wellEscaped(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' {
			if i++; i == len(s) || strings.IndexByte(separators, s[i]) < 0 {
				return false
			}
		}
	}
	return true
}

// unescape drops the escapes of the separators (R4 search.html#escaping).
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && strings.IndexByte(separators, s[i+1]) >= 0 {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
