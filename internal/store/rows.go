package store

import "slices"

// indexRows replaces the rows of a version by those of the next. Both are
// sorted; what is in both stays.
func (w *writing) indexRows(rid int64, old, next []row) error {
	for _, r := range old {
		if _, stays := slices.BinarySearchFunc(next, r, row.compare); !stays {
			if err := w.indexRow(rid, r, true); err != nil {
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
		if err := w.indexRow(rid, r, false); err != nil {
			return err
		}
	}
	return nil
}

// indexRow writes or deletes a row.
func (w *writing) indexRow(rid int64, r row, deletes bool) error {
	full := stored{row: r, rid: rid}
	var err error
	if full.param, err = w.name(r.param); err != nil {
		return err
	}
	if r.system != "" {
		if full.system, err = w.name(r.system); err != nil {
			return err
		}
	}
	if r.kind == references {
		if full.target, err = w.rid(target{full.system, r.text}); err != nil {
			return err
		}
	}
	if r.item > 0 {
		full.rid = rid<<itemBits | r.item
	}
	return w.c.indexRow(full, deletes)
}
