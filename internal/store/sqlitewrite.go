package store

import (
	"errors"

	"github.com/ncruces/go-sqlite3"
)

func (c *liteConn) start() error     { return c.run("BEGIN IMMEDIATE", nil, nil) }
func (c *liteConn) savepoint() error { return c.run("SAVEPOINT job", nil, nil) }
func (c *liteConn) release() error   { return c.run("RELEASE job", nil, nil) }
func (c *liteConn) commit() error    { return c.run("COMMIT", nil, nil) }
func (c *liteConn) lost() bool       { return c.db.GetAutocommit() }

func (c *liteConn) undo() error {
	return errors.Join(c.run("ROLLBACK TO job", nil, nil), c.release())
}

func (c *liteConn) rollback() { c.db.Exec("ROLLBACK") }

func (c *liteConn) find(keys []target, whole bool, row func(int, columns) error) error {
	sql := "SELECT rid, version, updated, live, method, '' FROM resource WHERE type = ? AND id = ?"
	if whole {
		sql = "SELECT " + currentColumns + " FROM resource WHERE type = ? AND id = ?"
	}
	st, err := c.prepare(sql)
	if err != nil {
		return err
	}
	for i, k := range keys {
		if err := first(st.BindInt64(1, k.typ), st.BindText(2, k.id)); err != nil {
			return err
		}
		if err := step(st, func(c columns) error { return row(i, c) }); err != nil {
			return err
		}
	}
	return nil
}

var liteInserts = [...]string{
	tokens:     "INSERT OR IGNORE INTO token_index (param, rid, code, system) VALUES (?, ?, ?, ?)",
	texts:      "INSERT OR IGNORE INTO string_index (param, rid, folded, exact) VALUES (?, ?, ?, ?)",
	references: "INSERT OR IGNORE INTO reference_index (param, rid, target) VALUES (?, ?, ?)",
	dates:      "INSERT OR IGNORE INTO date_index (param, rid, low, high) VALUES (?, ?, ?, ?)",
	quantities: "INSERT OR IGNORE INTO quantity_index (param, rid, unit, low, high, system) VALUES (?, ?, ?, ?, ?, ?)",
	uris:       "INSERT OR IGNORE INTO uri_index (param, rid, uri) VALUES (?, ?, ?)",
}

var rowDeletes = [...]string{
	tokens:     "DELETE FROM token_index WHERE param = ? AND rid = ? AND code = ? AND system = ?",
	texts:      "DELETE FROM string_index WHERE param = ? AND rid = ? AND folded = ? AND exact = ?",
	references: "DELETE FROM reference_index WHERE param = ? AND rid = ? AND target = ?",
	dates:      "DELETE FROM date_index WHERE param = ? AND rid = ? AND low = ? AND high = ?",
	quantities: "DELETE FROM quantity_index WHERE param = ? AND rid = ? AND unit = ? AND low = ? AND high = ? AND system = ?",
	uris:       "DELETE FROM uri_index WHERE param = ? AND rid = ? AND uri = ?",
}

// indexRow binds text and numbers without boxing: this is the innermost loop of
// an import.
func (c *liteConn) indexRow(r stored, deletes bool) error {
	sql := liteInserts[r.kind]
	if deletes {
		sql = rowDeletes[r.kind]
	}
	st, err := c.prepare(sql)
	if err != nil {
		return err
	}
	if err := first(st.BindInt64(1, r.param), st.BindInt64(2, r.rid)); err != nil {
		return err
	}
	if err := bindRow(st, r); err != nil {
		return err
	}
	return st.Exec()
}

func bindRow(st *sqlite3.Stmt, r stored) error {
	switch r.kind {
	case tokens:
		return first(st.BindText(3, r.text), st.BindInt64(4, r.system))
	case texts:
		return first(st.BindText(3, r.text), st.BindText(4, r.exact))
	case references:
		return st.BindInt64(3, r.target)
	case dates:
		return first(st.BindInt64(3, r.low), st.BindInt64(4, r.high))
	case quantities:
		return first(st.BindText(3, r.text), st.BindFloat(4, r.from), st.BindFloat(5, r.to), st.BindInt64(6, r.system))
	}
	return st.BindText(3, r.text)
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
