package result

import "slices"

// Thresholds decide what is final and what waits for a person.
type Thresholds struct {
	// Default is the confidence below which a field waits.
	Default float64
	// Fields are exceptions, by field or by table.column.
	Fields map[string]float64
}

// Of returns the threshold of a field, named as in Fields.
func (t Thresholds) Of(name string) float64 {
	if v, ok := t.Fields[name]; ok {
		return v
	}
	return t.Default
}

// Meets reports whether a field may be final. A blank one always may.
func (t Thresholds) Meets(name string, f Field) bool {
	return f.Value == "" || f.Confidence >= t.Of(name)
}

// Waiting is a field that waits for a person.
type Waiting struct {
	// Name is the field, or table.column; Row is the row from 0, -1 for scalars.
	Name string `json:"name"`
	Row  int    `json:"row"`
	Field
}

// Review lists the fields of a document that are below their threshold, scalars
// first, in a fixed order.
func (t Thresholds) Review(d Document) []Waiting {
	var all []Waiting
	for _, name := range sortedKeys(d.Fields) {
		if !t.Meets(name, d.Fields[name]) {
			all = append(all, Waiting{name, -1, d.Fields[name]})
		}
	}
	for _, table := range sortedKeys(d.Tables) {
		for i, row := range d.Tables[table] {
			for _, column := range sortedKeys(row) {
				if name := table + "." + column; !t.Meets(name, row[column]) {
					all = append(all, Waiting{name, i, row[column]})
				}
			}
		}
	}
	return slices.Clip(all)
}
