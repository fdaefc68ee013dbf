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

// Meets reports whether a field may be final. A blank one always may; one that
// contradicts itself or its page never, however clearly it was read.
func (t Thresholds) Meets(name string, f Field) bool {
	return f.Value == "" || f.Confidence >= t.Of(name) && !f.Suspect()
}

// suspect are the remarks, of grammar and extract, that say a value is probably
// wrong; the others say how it was read.
var suspect = map[string]bool{
	"impossible date": true, "date in the future": true, "decimal point may be lost": true,
	"flag disagrees with range": true, "value outside plausible limits": true, "check digit wrong": true,
	"unlikely for its kind": true, "two frequencies": true, "dose changed on the line": true,
	"other places on the record say otherwise": true, "another entry for the same item differs": true,
	"code and description disagree": true, "stated as uncertain": true,
	"the unit is not one of this test": true, "ink beside the value could not be read": true,
	// Whose value it is, is in doubt: no threshold, however low, lets that pass.
	"the page names more than one patient": true, "the page's patient could not be read": true,
	"the page is not in English": true,
}

// Suspect reports whether the field's remark says that its value is probably
// wrong.
func (f Field) Suspect() bool { return suspect[f.Remark] }

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
