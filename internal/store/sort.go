package store

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// sortKey is one key of _sort.
type sortKey struct {
	expr       string // on "x.rid"
	args       []any
	join       string
	joinArgs   []any
	descending bool
	byTime     bool // by _lastUpdated
	// value is the same of one version of a resource, nil where it has none.
	value func(r Resource, rows []row) any
}

const maxSortKeys = 10

// sortKeys orders by the least value of a parameter, or the greatest where it is
// descending; what has none comes last. Resources of several types are sorted by
// what they have in common.
func (f *found) sortKeys(types []string, value string) error {
	for code := range strings.SplitSeq(value, ",") {
		if len(f.sort) == maxSortKeys {
			return refuse(TooCostly, "a search sorts by %d keys at most", maxSortKeys)
		}
		code, descending := strings.CutPrefix(code, "-")
		key, err := f.b.sortKey(types, code, descending, len(f.sort))
		if err != nil {
			return err
		}
		f.sort = append(f.sort, key)
	}
	return nil
}

func (b *builder) sortKey(types []string, code string, descending bool, i int) (sortKey, error) {
	key := sortKey{descending: descending}
	switch code {
	case "_lastUpdated":
		key.expr, key.byTime = "(SELECT updated FROM resource WHERE rid = x.rid)", true
		key.value = func(r Resource, _ []row) any { return r.Updated.UnixMilli() }
		return key, nil
	case "_id":
		key.expr = "(SELECT id FROM resource WHERE rid = x.rid)"
		key.value = func(r Resource, _ []row) any { return r.ID }
		return key, nil
	}
	k, names := b.sortNames(types, code)
	if len(names) == 0 {
		return key, errUnknown
	}
	for _, name := range names {
		param, err := b.s.known(b.c, name)
		if err != nil {
			return key, err
		}
		key.args = append(key.args, param)
	}
	pick := "min"
	if descending {
		pick = "max"
	}
	params := "param IN (" + marks(len(names)) + ")"
	switch k {
	case dates:
		key.expr = "(SELECT " + pick + "(low) FROM date_index WHERE " + params + " AND rid = x.rid)"
	case references:
		key.expr = "(SELECT " + pick + "(t.id) FROM reference_index f JOIN resource t ON t.rid = f.target WHERE f.rid = x.rid AND f." + params + ")"
	default:
		key.join = fmt.Sprintf(" LEFT JOIN (SELECT rid, %s(%s) AS v FROM %s WHERE %s%s GROUP BY rid) s%d ON s%d.rid = x.rid",
			pick, sortColumns[k], tableNames[k], params, sortOnly[k], i, i)
		key.expr = fmt.Sprintf("s%d.v", i)
		key.joinArgs, key.args = key.args, nil
	}
	key.value = func(_ Resource, rows []row) any { return b.sortValue(k, names, descending, rows) }
	return key, nil
}

// What is sorted by of the index tables, and which of their rows count.
var (
	sortColumns = map[kind]string{texts: "folded", tokens: "code", quantities: "low", uris: "uri"}
	sortOnly    = map[kind]string{texts: " AND exact <> '" + partOfName + "'", quantities: " AND unit = ''"}
)

// sortNames are the names of the rows of a parameter, of those types where it is
// of the kind that it is of the first.
func (b *builder) sortNames(types []string, code string) (kind, []string) {
	var first kind
	var names []string
	for _, typ := range types {
		def := b.s.table.SearchParam(typ, code)
		if def == nil || def.Expression == "" {
			continue
		}
		k, ok := kindOf(def.Type)
		if ok && len(names) == 0 {
			first = k
		}
		if ok && k == first {
			names = append(names, b.s.index.stored(typ+"."+code)...)
		}
	}
	return first, names
}

// sortValue is what the database has for one resource.
func (b *builder) sortValue(k kind, names []string, descending bool, rows []row) any {
	var all []row
	for _, r := range rows {
		if r.kind == k && slices.Contains(names, r.param) && (k != texts || r.exact != partOfName) && (k != quantities || r.text == "") {
			r.text = b.c.dialect().key(r.text)
			all = append(all, row{text: r.text, low: r.low, from: r.from})
		}
	}
	if len(all) == 0 {
		return nil
	}
	picked := slices.MinFunc(all, row.compare)
	if descending {
		picked = slices.MaxFunc(all, row.compare)
	}
	switch k {
	case dates:
		return picked.low
	case quantities:
		return picked.from
	}
	return picked.text
}

// place is where a page of a sorted search begins: behind a version of a resource.
// What it was sorted by is read from that version, so that changes and deletions
// between two pages shift nothing, and no address has a patient's name in it.
type place struct {
	newest       int64 // resources that came after the first page are left out
	rid, version int64
}

func (p place) String() string { return fmt.Sprintf("%d-%d-%d", p.rid, p.version, p.newest) }

var errPage = refuse(Invalid, "the page that is asked for is none of this server's")

func parsePlace(after string) (place, error) {
	parts := strings.Split(after, "-")
	var numbers [3]int64
	if len(parts) != len(numbers) {
		return place{}, errPage
	}
	for i := range numbers {
		n, err := strconv.ParseInt(parts[i], 10, 64)
		if err != nil || n < 0 {
			return place{}, errPage
		}
		numbers[i] = n
	}
	return place{rid: numbers[0], version: numbers[1], newest: numbers[2]}, nil
}

// values are what the version at the place is sorted by.
func (f *found) values(p place) ([]any, error) {
	const sel = "SELECT n.text, r.id, v.version, v.updated, v.method, v.body FROM resource r JOIN name n ON n.code = r.type JOIN "
	var r Resource
	var packed []byte
	for _, from := range []string{"resource v ON v.rid = r.rid", "history v ON v.rid = r.rid"} {
		err := f.b.c.run(sel+from+" WHERE r.rid = ? AND v.version = ?", []any{p.rid, p.version}, func(row columns) error {
			r = Resource{Type: row.Text(0), ID: row.Text(1), Updated: time.UnixMilli(row.Int64(3)).UTC(), Deleted: row.Text(4) == "DELETE"}
			packed = bytes.Clone(row.Blob(5))
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if packed == nil || r.Deleted {
		return nil, errPage
	}
	stored, err := decompress(packed)
	if err != nil {
		return nil, err
	}
	parsed, err := f.b.s.parse(unstamped(r.Type, r.ID, stored))
	if err != nil {
		return nil, err
	}
	rows := f.b.s.index.rows(parsed)
	all := make([]any, len(f.sort))
	for i, key := range f.sort {
		all[i] = key.value(r, rows)
	}
	return all, nil
}

// sorted orders a selection of matches and begins behind the place. LIMIT is the
// argument that the caller adds.
func (f *found) sorted(sel string, args []any, p place) (string, []any, error) {
	if len(f.sort) == 1 && f.sort[0].byTime && len(f.parts) == 1 && len(f.parts[0].conds) == 0 {
		return f.byTime(p)
	}
	var keys, joins, order string
	var keyArgs []any
	direction := ""
	for i, key := range f.sort {
		keys += fmt.Sprintf(", %s AS k%d", key.expr, i)
		keyArgs = append(keyArgs, key.args...)
		joins += key.join
		args = append(args, key.joinArgs...)
		if direction = ""; key.descending {
			direction = " DESC"
		}
		order += fmt.Sprintf("k%d%s NULLS LAST, ", i, direction)
	}
	sel = "SELECT x.rid AS rid" + keys + " FROM (" + sel + ") x" + joins + " WHERE x.rid <= ?"
	args = append(append(keyArgs, args...), p.newest)
	if p.rid > 0 {
		values, err := f.values(p)
		if err != nil {
			return "", nil, err
		}
		behind, more := f.behind(values, p.rid)
		sel = "SELECT rid FROM (" + sel + ") AS s WHERE " + behind
		args = append(args, more...)
	} else {
		sel = "SELECT rid FROM (" + sel + ") AS s"
	}
	return sel + " ORDER BY " + order + "rid" + direction + " LIMIT ?", args, nil
}

// byTime selects all of a type by _lastUpdated, for which there is an index.
func (f *found) byTime(p place) (string, []any, error) {
	sel, args := "SELECT x.rid FROM resource x WHERE x.type = ? AND x.live = 1 AND x.rid <= ?", []any{f.parts[0].number, p.newest}
	sign, direction := ">", ""
	if f.sort[0].descending {
		sign, direction = "<", " DESC"
	}
	if p.rid > 0 {
		values, err := f.values(p)
		if err != nil {
			return "", nil, err
		}
		sel += " AND x.updated " + sign + "= ? AND (x.updated, x.rid) " + sign + " (?, ?)"
		args = append(args, values[0], values[0], p.rid)
	}
	return sel + " ORDER BY x.updated" + direction + ", x.rid" + direction + " LIMIT ?", args, nil
}

// behind is what comes after the values in the order of the keys.
func (f *found) behind(values []any, rid int64) (string, []any) {
	var where []string
	var args, equalArgs []any
	equal := ""
	for i, v := range values {
		column := "k" + strconv.Itoa(i)
		if v == nil { // nothing is behind what has none
			equal += column + " IS NULL AND "
			continue
		}
		sign := " > ?"
		if f.sort[i].descending {
			sign = " < ?"
		}
		where = append(where, equal+"("+column+sign+" OR "+column+" IS NULL)")
		args = append(append(args, equalArgs...), v)
		equal += column + " = ? AND "
		equalArgs = append(equalArgs, v)
	}
	sign := "rid > ?"
	if f.sort[len(f.sort)-1].descending {
		sign = "rid < ?"
	}
	where = append(where, equal+sign)
	args = append(append(args, equalArgs...), rid)
	return "(" + strings.Join(where, " OR ") + ")", args
}
