package store

import (
	"fmt"
	"strings"
)

// sortKey is one key of _sort.
type sortKey struct {
	join, expr string
	joinArgs   []any
	exprArgs   []any
	descending bool
}

const maxSortKeys = 10

// sortKeys orders by the least value of a parameter, or the greatest where it is
// descending; what has none comes last.
func (b *builder) sortKeys(typ, value string) ([]sortKey, error) {
	var keys []sortKey
	for i, code := range strings.Split(value, ",") {
		if i == maxSortKeys {
			return nil, refuse(TooCostly, "a search sorts by %d keys at most", maxSortKeys)
		}
		code, descending := strings.CutPrefix(code, "-")
		key, err := b.sortKey(typ, code, descending, i)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

func (b *builder) sortKey(typ, code string, descending bool, i int) (sortKey, error) {
	key := sortKey{descending: descending}
	pick := "min"
	if descending {
		pick = "max"
	}
	switch code {
	case "_lastUpdated":
		key.expr = "(SELECT updated FROM resource WHERE rid = x.rid)"
		return key, nil
	case "_id":
		key.expr = "(SELECT id FROM resource WHERE rid = x.rid)"
		return key, nil
	}
	def := b.s.table.SearchParam(typ, code)
	if def == nil || def.Expression == "" {
		return key, errUnknown
	}
	k, ok := kindOf(def.Type)
	if !ok {
		return key, errUnknown
	}
	param, err := b.s.known(b.c, typ+"."+code)
	if err != nil {
		return key, err
	}
	switch k {
	case dates:
		key.expr = "(SELECT " + pick + "(low) FROM date_index WHERE param = ? AND rid = x.rid)"
		key.exprArgs = []any{param}
		return key, nil
	case references:
		key.expr = "(SELECT " + pick + "(t.id) FROM reference_index f JOIN resource t ON t.rid = f.target WHERE f.rid = x.rid AND f.param = ?)"
		key.exprArgs = []any{param}
		return key, nil
	}
	column := map[kind]string{texts: "folded", tokens: "code", quantities: "low", uris: "uri"}[k]
	alone := ""
	if k == quantities {
		alone = " AND unit = ''"
	}
	key.join = fmt.Sprintf(" LEFT JOIN (SELECT rid, %s(%s) AS v FROM %s WHERE param = ?%s GROUP BY rid) s%d ON s%d.rid = x.rid",
		pick, column, tableNames[k], alone, i, i)
	key.joinArgs = []any{param}
	key.expr = fmt.Sprintf("s%d.v", i)
	return key, nil
}

// sorted orders a selection of matches. LIMIT and OFFSET are the arguments
// that the caller adds.
func (f *found) sorted(sel string, args []any, newest int64) (string, []any) {
	var joins string
	var order []string
	var exprArgs []any
	direction := ""
	for _, key := range f.sort {
		joins += key.join
		args = append(args, key.joinArgs...)
		exprArgs = append(exprArgs, key.exprArgs...)
		direction = ""
		if key.descending {
			direction = " DESC"
		}
		order = append(order, key.expr+direction+" NULLS LAST")
	}
	order = append(order, "x.rid"+direction)
	return "SELECT x.rid FROM (" + sel + ") x" + joins + " WHERE x.rid <= ? ORDER BY " + strings.Join(order, ", ") + " LIMIT ? OFFSET ?", append(append(args, newest), exprArgs...)
}
