package bda

import (
	"slices"

	"github.com/paperchart/paperchart/blueprint"
	"github.com/paperchart/paperchart/internal/result"
)

// Clean takes out of a decoded result what BDA says without having seen it: a
// number that is not on the paper may come as 0, with a good confidence and no
// place. A 0 with a place was read and stays.
func Clean(d *result.Document, b *blueprint.Blueprint) {
	for _, f := range b.Fields {
		if v, ok := d.Fields[f.Name]; ok && f.Type == blueprint.Number && unseenZero(v) {
			delete(d.Fields, f.Name)
		}
	}
	for _, t := range b.Tables {
		for _, row := range d.Tables[t.Name] {
			for _, c := range t.Columns {
				if v, ok := row[c.Name]; ok && c.Type == blueprint.Number && unseenZero(v) {
					delete(row, c.Name)
				}
			}
		}
		d.Tables[t.Name] = slices.DeleteFunc(d.Tables[t.Name], func(r result.Row) bool { return len(r) == 0 })
	}
}

func unseenZero(f result.Field) bool {
	return (f.Value == "0" || f.Value == "0.0") && len(f.Geometry) == 0
}
