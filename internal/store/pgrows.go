package store

// pgRows collects the index rows of a job, a column each, so that one statement
// writes all of a table.
type pgRows [len(tableNames)]struct {
	rid, param, system, low, high []int64
	text, exact                   []string
	whole                         []*string
	from, to                      []float64
}

func (b *pgRows) clear() { *b = pgRows{} }

var pgInserts = [...]string{
	tokens:     "INSERT INTO token_index (rid, param, system, code) SELECT * FROM unnest(?::bigint[], ?::int[], ?::int[], ?::text[])",
	texts:      "INSERT INTO string_index (rid, param, folded, exact, whole) SELECT * FROM unnest(?::bigint[], ?::int[], ?::text[], ?::text[], ?::text[])",
	references: "INSERT INTO reference_index (rid, param, target) SELECT * FROM unnest(?::bigint[], ?::int[], ?::bigint[])",
	dates:      "INSERT INTO date_index (rid, param, low, high) SELECT * FROM unnest(?::bigint[], ?::int[], ?::bigint[], ?::bigint[])",
	quantities: "INSERT INTO quantity_index (rid, param, system, low, high, unit) SELECT * FROM unnest(?::bigint[], ?::int[], ?::int[], ?::float8[], ?::float8[], ?::text[])",
	uris:       "INSERT INTO uri_index (rid, param, uri) SELECT * FROM unnest(?::bigint[], ?::int[], ?::text[])",
}

func (c *pgConn) indexRow(r stored, deletes bool) error {
	if deletes {
		c.pending = append(c.pending, call{rowDeletes[r.kind], deleteArgs(r)})
		return nil
	}
	b := &c.buffer[r.kind]
	b.rid, b.param = append(b.rid, r.rid), append(b.param, r.param)
	switch r.kind {
	case tokens:
		b.system, b.text = append(b.system, r.system), append(b.text, indexKey(r.text))
	case texts:
		key := indexKey(r.text)
		var whole *string
		if key != r.text {
			whole = new(withoutZero(r.text))
		}
		b.text, b.exact, b.whole = append(b.text, key), append(b.exact, indexKey(r.exact)), append(b.whole, whole)
	case references:
		b.low = append(b.low, r.target)
	case dates:
		b.low, b.high = append(b.low, r.low), append(b.high, r.high)
	case quantities:
		b.system, b.from, b.to, b.text = append(b.system, r.system), append(b.from, r.from), append(b.to, r.to), append(b.text, indexKey(r.text))
	case uris:
		b.text = append(b.text, indexKey(r.text))
	}
	return nil
}

func deleteArgs(r stored) []any {
	args := []any{r.param, r.rid}
	switch r.kind {
	case tokens:
		return append(args, indexKey(r.text), r.system)
	case texts:
		return append(args, indexKey(r.text), indexKey(r.exact))
	case references:
		return append(args, r.target)
	case dates:
		return append(args, r.low, r.high)
	case quantities:
		return append(args, indexKey(r.text), r.from, r.to, r.system)
	}
	return append(args, indexKey(r.text))
}

// putOffRows makes statements of the rows that were collected.
func (c *pgConn) putOffRows() {
	for k := range c.buffer {
		b := &c.buffer[k]
		if len(b.rid) == 0 {
			continue
		}
		args := []any{b.rid, b.param}
		switch kind(k) {
		case tokens:
			args = append(args, b.system, b.text)
		case texts:
			args = append(args, b.text, b.exact, b.whole)
		case references:
			args = append(args, b.low)
		case dates:
			args = append(args, b.low, b.high)
		case quantities:
			args = append(args, b.system, b.from, b.to, b.text)
		case uris:
			args = append(args, b.text)
		}
		c.pending = append(c.pending, call{pgInserts[k], args})
	}
	c.buffer.clear()
}

func (c *pgConn) find(keys []target, whole bool, row func(int, columns) error) error {
	if len(keys) == 0 {
		return nil
	}
	body := "''::bytea"
	if whole {
		body = "r.body"
	}
	types, ids, places := make([]int64, len(keys)), make([]string, len(keys)), make([]int64, len(keys))
	for i, k := range keys {
		types[i], ids[i], places[i] = k.typ, k.id, int64(i)
	}
	return c.ask("SELECT r.rid, r.version, r.updated, r.live, r.method, "+body+", k.place FROM unnest(?::int[], ?::text[], ?::int[]) AS k (type, id, place)"+
		" JOIN resource r ON r.type = k.type AND r.id = k.id", []any{types, ids, places}, func(c columns) error { return row(int(c.Int64(6)), c) })
}
