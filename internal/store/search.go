package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/paperchart/paperchart/internal/fhir/definition"
)

// Param is one name=value of a query, decoded.
type Param struct{ Name, Value string }

// ParseQuery splits the query part of a URL and keeps its order.
func ParseQuery(query string) ([]Param, error) {
	var params []Param
	for part := range strings.SplitSeq(query, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		name, err1 := url.QueryUnescape(name)
		value, err2 := url.QueryUnescape(value)
		if err1 != nil || err2 != nil {
			return nil, refuse(Invalid, "the query is not well escaped")
		}
		params = append(params, Param{name, value})
	}
	return params, nil
}

// Query is a search.
type Query struct {
	Type   string
	Params []Param
	// Count is the most resources of one page.
	Count int
	// After is Page.Next of the page before; empty for the first.
	After string
	// Total asks for the number of all matches.
	Total bool
	// Strict makes an unknown parameter an error; else it is in Page.Ignored.
	Strict bool
}

// Page is one page of what a search found.
type Page struct {
	Resources []Resource
	// Next is to be given as Query.After for the next page; empty on the last.
	Next string
	// Total is the number of all matches where it was asked for, else -1.
	Total int
	// Used and Ignored are the parameters that were and were not understood.
	Used, Ignored []Param
}

// Search finds resources by their index. Pages go in the order in which the
// resources were first stored, or by _sort.
func (s *Store) Search(ctx context.Context, q Query) (Page, error) {
	page := Page{Total: -1}
	b, err := s.build(ctx, q, &page)
	if err != nil {
		return page, err
	}
	if q.Total {
		if err := s.read.QueryRowContext(ctx, "SELECT count(*) FROM resource r WHERE "+b.where(), b.args...).Scan(&page.Total); err != nil {
			return page, fmt.Errorf("count matches: %w", err)
		}
	}
	if q.Count <= 0 {
		return page, nil
	}
	return page, s.fill(ctx, s.read, b, q, &page)
}

func (s *Store) build(ctx context.Context, q Query, page *Page) (*builder, error) {
	if s.table.Resource(q.Type) == nil {
		return nil, refuse(NotFound, "there is no resource type %s", q.Type)
	}
	b := &builder{s: s}
	typ, err := s.known(ctx, q.Type)
	if err != nil {
		return nil, err
	}
	b.add("r.type = ? AND r.deleted = 0", typ)
	for _, p := range q.Params {
		err := b.param(ctx, q.Type, p)
		switch {
		case errors.Is(err, errUnknown) && q.Strict:
			return nil, refuse(Invalid, "%s has no search parameter %q that this server knows", q.Type, p.Name)
		case errors.Is(err, errUnknown):
			page.Ignored = append(page.Ignored, p)
		case err != nil:
			return nil, err
		default:
			page.Used = append(page.Used, p)
		}
	}
	return b, nil
}

func (s *Store) fill(ctx context.Context, from querier, b *builder, q Query, page *Page) error {
	offset := 0
	where, args := b.where(), b.args
	order := "r.rid"
	if b.order != "" {
		order = b.order + ", r.rid"
		args = append(args, b.orderArgs...)
		offset, _ = strconv.Atoi(q.After)
	} else if after, err := strconv.ParseInt(q.After, 10, 64); err == nil {
		where += " AND r.rid > ?"
		args = append(args, after)
	}
	args = append(args, q.Count+1, max(0, offset))
	rows, err := from.QueryContext(ctx, "SELECT r.rid, r.id, r.version, r.updated, r.body FROM resource r WHERE "+where+
		" ORDER BY "+order+" LIMIT ? OFFSET ?", args...)
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	defer rows.Close()
	var last int64
	for rows.Next() {
		if len(page.Resources) == q.Count {
			page.Next = strconv.FormatInt(last, 10)
			if b.order != "" {
				page.Next = strconv.Itoa(offset + q.Count)
			}
			break
		}
		r := Resource{Type: q.Type}
		var updated int64
		var body []byte
		if err := rows.Scan(&last, &r.ID, &r.Version, &updated, &body); err != nil {
			return fmt.Errorf("search: %w", err)
		}
		r.Updated = time.UnixMilli(updated).UTC()
		if r.Body, err = decompress(body); err != nil {
			return err
		}
		page.Resources = append(page.Resources, r)
	}
	return rows.Err()
}

// findIn runs a condition within a write. Unknown parameters are refused: a
// condition that is understood in part would match too much.
func (s *Store) findIn(ctx context.Context, tx *sql.Tx, typ, query string, most int) ([]Resource, error) {
	params, err := ParseQuery(strings.TrimPrefix(query, typ+"?"))
	if err != nil {
		return nil, err
	}
	if len(params) == 0 {
		return nil, refuse(PreconditionFailed, "the condition is empty")
	}
	page := Page{}
	q := Query{Type: typ, Params: params, Count: most, Strict: true}
	b, err := s.build(ctx, q, &page)
	if err != nil {
		return nil, err
	}
	err = s.fill(ctx, tx, b, q, &page)
	return page.Resources, err
}

var errUnknown = errors.New("unknown search parameter")

// builder puts a search together as SQL.
type builder struct {
	s         *Store
	clauses   []string
	args      []any
	order     string
	orderArgs []any
}

func (b *builder) add(clause string, args ...any) {
	b.clauses = append(b.clauses, clause)
	b.args = append(b.args, args...)
}

func (b *builder) where() string { return strings.Join(b.clauses, " AND ") }

// param adds one parameter. Values separated by commas are alternatives.
func (b *builder) param(ctx context.Context, typ string, p Param) error {
	switch p.Name {
	case "_count", "_total", "_summary", "_format", "_pretty", "_elements":
		return nil // the API's own
	case "_sort":
		return b.sort(ctx, typ, p.Value)
	}
	clause, args, err := b.clause(ctx, typ, p)
	if err == nil {
		b.add(clause, args...)
	}
	return err
}

func (b *builder) clause(ctx context.Context, typ string, p Param) (string, []any, error) {
	if i := strings.IndexByte(p.Name, '.'); i > 0 {
		return b.chain(ctx, typ, p.Name[:i], p.Name[i+1:], p.Value)
	}
	code, modifier, _ := strings.Cut(p.Name, ":")
	def := b.s.table.SearchParam(typ, code)
	if def == nil || def.Expression == "" {
		return "", nil, errUnknown
	}
	param, err := b.s.known(ctx, typ+"."+code)
	if err != nil {
		return "", nil, err
	}
	if modifier == "missing" {
		not := " "
		if p.Value == "true" {
			not = " NOT "
		}
		return "r.rid" + not + "IN (SELECT rid FROM " + tableOf(def.Type) + " WHERE param = ?)", []any{param}, nil
	}
	var any_ []string
	args := []any{param}
	for _, value := range splitValues(p.Value) {
		c, a, err := b.value(ctx, def, modifier, value)
		if err != nil {
			return "", nil, err
		}
		any_ = append(any_, c)
		args = append(args, a...)
	}
	not := " "
	if modifier == "not" {
		not = " NOT "
	}
	return "r.rid" + not + "IN (SELECT rid FROM " + tableOf(def.Type) + " WHERE param = ? AND (" + strings.Join(any_, " OR ") + "))", args, nil
}

func tableOf(kind string) string {
	if kind == "number" {
		kind = "quantity"
	}
	return kind + "_index"
}

// splitValues splits at commas that are not escaped, and drops the escapes of
// commas (those of bars and dollars are the values' own).
func splitValues(s string) []string {
	var all []string
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && s[i+1] == ',':
			i++
			b.WriteByte(',')
		case s[i] == ',':
			all = append(all, b.String())
			b.Reset()
		default:
			b.WriteByte(s[i])
		}
	}
	return append(all, b.String())
}

// chain is a parameter of the resource that a reference points to.
func (b *builder) chain(ctx context.Context, typ, link, rest, value string) (string, []any, error) {
	code, target, _ := strings.Cut(link, ":")
	def := b.s.table.SearchParam(typ, code)
	if def == nil || def.Type != "reference" {
		return "", nil, errUnknown
	}
	targets := def.Targets
	if only, ok := resolvesTo(def.Expression); ok {
		targets = []string{only}
	}
	if target != "" {
		targets = []string{target}
	}
	param, err := b.s.known(ctx, typ+"."+code)
	if err != nil {
		return "", nil, err
	}
	var any_ []string
	args := []any{param}
	for _, t := range targets {
		inner, innerArgs, err := b.clause(ctx, t, Param{rest, value})
		if errors.Is(err, errUnknown) {
			continue
		}
		if err != nil {
			return "", nil, err
		}
		number, err := b.s.known(ctx, t)
		if err != nil {
			return "", nil, err
		}
		any_ = append(any_, "(r.type = ? AND r.deleted = 0 AND "+inner+")")
		args = append(append(args, number), innerArgs...)
	}
	if len(any_) == 0 {
		return "", nil, errUnknown
	}
	return "r.rid IN (SELECT x.rid FROM resource r JOIN reference_index x ON x.id = r.id AND x.type = r.type AND x.param = ? WHERE " +
		strings.Join(any_, " OR ") + ")", args, nil
}

// value is the condition of one alternative on the index table of its kind.
func (b *builder) value(ctx context.Context, def *definition.SearchParam, modifier, value string) (string, []any, error) {
	switch def.Type {
	case "token":
		return b.token(ctx, modifier, value)
	case "string":
		return stringClause(modifier, value)
	case "reference":
		return b.reference(ctx, def, modifier, value)
	case "date":
		return dateClause(value)
	case "number", "quantity":
		return b.quantity(ctx, value)
	case "uri":
		return "uri = ?", []any{value}, nil
	}
	return "", nil, errUnknown
}

func (b *builder) token(ctx context.Context, modifier, value string) (string, []any, error) {
	if modifier != "" && modifier != "not" {
		return "", nil, errUnknown
	}
	system, code, both := strings.Cut(value, "|")
	if !both {
		return "code = ?", []any{value}, nil
	}
	number := int64(0)
	if system != "" {
		n, err := b.s.known(ctx, system)
		if err != nil {
			return "", nil, err
		}
		number = n
	}
	if code == "" {
		return "system = ?", []any{number}, nil
	}
	return "code = ? AND system = ?", []any{code, number}, nil
}

func stringClause(modifier, value string) (string, []any, error) {
	switch modifier {
	case "exact":
		return "folded = ? AND exact = ?", []any{fold(value), value}, nil
	case "contains":
		return "instr(folded, ?) > 0", []any{fold(value)}, nil
	case "":
		low := fold(value)
		return "folded >= ? AND folded < ?", []any{low, low + "\U0010ffff"}, nil
	}
	return "", nil, errUnknown
}

func (b *builder) reference(ctx context.Context, def *definition.SearchParam, modifier, value string) (string, []any, error) {
	typ, id := splitReference(value)
	if typ == "" && modifier != "" {
		typ = modifier
	}
	if typ == "" {
		return "id = ?", []any{id}, nil
	}
	number, err := b.s.known(ctx, typ)
	return "id = ? AND type = ?", []any{id, number}, err
}

// prefix splits the comparison off a value (R4 search.html#prefix).
func prefix(value string) (string, string) {
	if len(value) > 2 && value[0] >= 'a' && value[0] <= 'z' {
		switch value[:2] {
		case "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap":
			return value[:2], value[2:]
		}
	}
	return "eq", value
}

func dateClause(value string) (string, []any, error) {
	op, text := prefix(value)
	low, high, ok := interval(text)
	if !ok {
		return "", nil, refuse(Invalid, "%q is no date; write it as 2024, 2024-05, 2024-05-31 or 2024-05-31T12:00:00Z", text)
	}
	switch op {
	case "ne":
		return "NOT (low >= ? AND high <= ?)", []any{low, high}, nil
	case "gt":
		return "high > ?", []any{high}, nil
	case "lt":
		return "low < ?", []any{low}, nil
	case "ge":
		return "high > ?", []any{low}, nil
	case "le":
		return "low < ?", []any{high}, nil
	case "sa":
		return "low >= ?", []any{high}, nil
	case "eb":
		return "high <= ?", []any{low}, nil
	case "ap":
		return "low < ? AND high > ?", []any{high, low}, nil
	}
	return "low >= ? AND high <= ?", []any{low, high}, nil
}

func (b *builder) quantity(ctx context.Context, value string) (string, []any, error) {
	op, text := prefix(value)
	parts := strings.SplitN(text, "|", 3)
	n, err := strconv.ParseFloat(parts[0], 64)
	if err != nil {
		return "", nil, refuse(Invalid, "%q is no number", parts[0])
	}
	clause, args := numberClause(op, n, halfStep(parts[0]))
	switch {
	case len(parts) == 2:
		return "", nil, refuse(Invalid, "a quantity is number, number||unit or number|system|code")
	case len(parts) == 3 && parts[2] != "":
		clause, args = clause+" AND unit = ?", append(args, parts[2])
		if parts[1] != "" {
			system, err := b.s.known(ctx, parts[1])
			if err != nil {
				return "", nil, err
			}
			clause, args = clause+" AND system = ?", append(args, system)
		}
	}
	return clause, args, nil
}

// halfStep is half of the last digit's worth: 100 means 99.5 to 100.5 (R4
// search.html#number).
func halfStep(s string) float64 {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(s), "e")
	e, _ := strconv.Atoi(exponent)
	_, decimals, _ := strings.Cut(mantissa, ".")
	step := 0.5
	for range min(30, len(decimals)) {
		step /= 10
	}
	for range min(30, max(0, e)) {
		step *= 10
	}
	for range min(30, max(0, -e)) {
		step /= 10
	}
	return step
}

func numberClause(op string, n, half float64) (string, []any) {
	switch op {
	case "ne":
		return "NOT (low >= ? AND high < ?)", []any{n - half, n + half}
	case "gt", "sa":
		return "high > ?", []any{n}
	case "lt", "eb":
		return "low < ?", []any{n}
	case "ge":
		return "high >= ?", []any{n}
	case "le":
		return "low <= ?", []any{n}
	case "ap":
		return "low <= ? AND high >= ?", []any{n + max(half, n/10), n - max(half, n/10)}
	}
	return "low >= ? AND high < ?", []any{n - half, n + half}
}

// sort orders by the least value of a parameter, or the greatest where it is
// descending; what has none comes last.
func (b *builder) sort(ctx context.Context, typ, value string) error {
	for _, key := range strings.Split(value, ",") {
		code, descending := strings.CutPrefix(key, "-")
		direction, pick := " ASC", "min"
		if descending {
			direction, pick = " DESC", "max"
		}
		column := ""
		switch def := b.s.table.SearchParam(typ, code); {
		case code == "_lastUpdated":
			b.then("r.updated" + direction)
			continue
		case code == "_id":
			b.then("r.id" + direction)
			continue
		case def == nil || def.Expression == "":
			return errUnknown
		default:
			column = map[string]string{"string": "folded", "token": "code", "date": "low", "number": "low",
				"quantity": "low", "uri": "uri", "reference": "id"}[def.Type]
			if column == "" {
				return errUnknown
			}
			param, err := b.s.known(ctx, typ+"."+code)
			if err != nil {
				return err
			}
			sub := "(SELECT " + pick + "(" + column + ") FROM " + tableOf(def.Type) + " WHERE param = ? AND rid = r.rid)"
			b.then(sub + direction + " NULLS LAST")
			b.orderArgs = append(b.orderArgs, param)
		}
	}
	return nil
}

func (b *builder) then(order string) {
	if b.order != "" {
		b.order += ", "
	}
	b.order += order
}
