package store

import (
	"slices"

	"github.com/ncruces/go-sqlite3"
)

// indexRows replaces the rows of a version by those of the next. Both are
// sorted; what is in both stays.
func (w *writing) indexRows(rid int64, old, next []row) error {
	for _, r := range old {
		if _, stays := slices.BinarySearchFunc(next, r, row.compare); !stays {
			if err := w.indexRow(rid, r, deletes); err != nil {
				return err
			}
		}
	}
	for _, r := range next {
		if len(old) > 0 {
			if _, was := slices.BinarySearchFunc(old, r, row.compare); was {
				continue
			}
		}
		if err := w.indexRow(rid, r, inserts); err != nil {
			return err
		}
	}
	return nil
}

var inserts = [...]string{
	tokens:     "INSERT OR IGNORE INTO token_index (param, rid, code, system) VALUES (?, ?, ?, ?)",
	texts:      "INSERT OR IGNORE INTO string_index (param, rid, folded, exact) VALUES (?, ?, ?, ?)",
	references: "INSERT OR IGNORE INTO reference_index (param, rid, target) VALUES (?, ?, ?)",
	dates:      "INSERT OR IGNORE INTO date_index (param, rid, low, high) VALUES (?, ?, ?, ?)",
	quantities: "INSERT OR IGNORE INTO quantity_index (param, rid, unit, low, high, system) VALUES (?, ?, ?, ?, ?, ?)",
	uris:       "INSERT OR IGNORE INTO uri_index (param, rid, uri) VALUES (?, ?, ?)",
}

var deletes = [...]string{
	tokens:     "DELETE FROM token_index WHERE param = ? AND rid = ? AND code = ? AND system = ?",
	texts:      "DELETE FROM string_index WHERE param = ? AND rid = ? AND folded = ? AND exact = ?",
	references: "DELETE FROM reference_index WHERE param = ? AND rid = ? AND target = ?",
	dates:      "DELETE FROM date_index WHERE param = ? AND rid = ? AND low = ? AND high = ?",
	quantities: "DELETE FROM quantity_index WHERE param = ? AND rid = ? AND unit = ? AND low = ? AND high = ? AND system = ?",
	uris:       "DELETE FROM uri_index WHERE param = ? AND rid = ? AND uri = ?",
}

// indexRow carries out one statement for a row. Text and numbers are bound
// without boxing: this is the innermost loop of an import.
func (w *writing) indexRow(rid int64, r row, statements [len(inserts)]string) error {
	param, err := w.name(r.param)
	if err != nil {
		return err
	}
	var system int64
	if r.system != "" {
		if system, err = w.name(r.system); err != nil {
			return err
		}
	}
	var referred int64
	if r.kind == references {
		if referred, err = w.rid(system, r.text); err != nil {
			return err
		}
	}
	if r.item > 0 {
		rid = rid<<itemBits | r.item
	}
	st, err := w.c.prepare(statements[r.kind])
	if err != nil {
		return err
	}
	if err := st.BindInt64(1, param); err != nil {
		return err
	}
	if err := st.BindInt64(2, rid); err != nil {
		return err
	}
	if err := bindRow(st, r, system, referred); err != nil {
		return err
	}
	return st.Exec()
}

func bindRow(st *sqlite3.Stmt, r row, system, referred int64) error {
	switch r.kind {
	case tokens:
		return first(st.BindText(3, r.text), st.BindInt64(4, system))
	case texts:
		return first(st.BindText(3, r.text), st.BindText(4, r.exact))
	case references:
		return st.BindInt64(3, referred)
	case dates:
		return first(st.BindInt64(3, r.low), st.BindInt64(4, r.high))
	case quantities:
		return first(st.BindText(3, r.text), st.BindFloat(4, r.from), st.BindFloat(5, r.to), st.BindInt64(6, system))
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
