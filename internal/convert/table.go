package convert

import (
	"slices"
	"strings"

	"github.com/paperchart/paperchart/internal/result"
)

// table calls f for each row of a table with an id of its key columns. A row
// that is printed twice is one row with the ink of both; rows whose key alone is
// the same, such as two draws of a day, are told apart by their number.
func (c *chart) table(name string, key []string, f func(row result.Row, f *fact, id string)) {
	count := map[string]string{}
	for _, row := range distinct(c.doc.Tables[name]) {
		parts := []string{name}
		for _, k := range key {
			parts = append(parts, folded(row[k].Value))
		}
		all := strings.Join(parts, "\x1f")
		count[all] += "+"
		f(row, &fact{}, c.id(append(parts, count[all])...))
	}
}

// distinct joins the rows that say the same, cell by cell.
func distinct(rows []result.Row) []result.Row {
	var out []result.Row
	for _, r := range rows {
		i := slices.IndexFunc(out, func(o result.Row) bool { return same(o, r) })
		if i < 0 {
			out = append(out, r)
			continue
		}
		out[i] = join(out[i], r)
	}
	return out
}

func same(a, b result.Row) bool {
	if len(a) != len(b) {
		return false
	}
	for k, x := range a {
		y, ok := b[k]
		if !ok || x.Value != y.Value && (folded(x.Value) == "" || !strings.EqualFold(x.Value, y.Value)) {
			return false
		}
	}
	return true
}

// join is a row with the ink of another that says the same. It is as sure as the
// surer of the two, for each confirms the other, but keeps every remark.
func join(a, b result.Row) result.Row {
	out := result.Row{}
	for k, x := range a {
		y := b[k]
		x.Confidence = max(x.Confidence, y.Confidence)
		x.Geometry = append(slices.Clone(x.Geometry), y.Geometry...)
		x.Remark = first(x.Remark, y.Remark)
		out[k] = x
	}
	return out
}
