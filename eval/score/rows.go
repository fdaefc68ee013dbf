package score

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/paperchart/paperchart/eval/paper"
	"github.com/paperchart/paperchart/internal/result"
)

// keys are the columns that say which row is meant.
func keys(table string) []string {
	switch table {
	case "conditions":
		return []string{"condition_name"}
	case "medications":
		return []string{"medication_name"}
	case "allergies":
		return []string{"allergen"}
	case "lab_results":
		return []string{"test_name"}
	case "procedures":
		return []string{"procedure_name"}
	case "immunizations":
		return []string{"vaccine_name"}
	case "family_members":
		return []string{"relation", "relative_condition"}
	}
	return nil
}

func (c *comparison) tables(i int, doc result.Document) {
	p := c.truth.Patients[i]
	names := slices.Collect(maps.Keys(p.Tables))
	for name := range doc.Tables {
		if _, ok := p.Tables[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, table := range names {
		want, got := p.Tables[table], doc.Tables[table]
		of := match(table, want, got)
		for j, row := range want {
			if of[j] < 0 {
				c.lost(table, row)
				continue
			}
			c.at = of[j]
			c.row(table, row, got[of[j]])
		}
		for k, row := range got {
			if !slices.Contains(of, k) {
				c.at = k
				c.surplus(i, table, row)
			}
		}
	}
}

// match pairs printed rows with read ones, the most alike first. It returns for
// each printed row the index of its read one, or -1.
func match(table string, want []paper.Row, got []result.Row) []int {
	type edge struct {
		w, g  int
		alike float64
	}
	var edges []edge
	for w := range want {
		for g := range got {
			if a := alike(table, want[w], got[g]); a > 0 {
				edges = append(edges, edge{w, g, a})
			}
		}
	}
	slices.SortStableFunc(edges, func(a, b edge) int { return cmp.Compare(b.alike, a.alike) })
	of := make([]int, len(want))
	for i := range of {
		of[i] = -1
	}
	taken := map[int]bool{}
	for _, e := range edges {
		if of[e.w] < 0 && !taken[e.g] {
			of[e.w], taken[e.g] = e.g, true
		}
	}
	return of
}

// alike is 0 for rows about different things.
func alike(table string, want paper.Row, got result.Row) float64 {
	k := 1.0
	for _, key := range keys(table) {
		k = min(k, max(similar(want[key].Value, got[key].Value), similar(want[key].Value, got[key].Text)))
	}
	if v := want["icd10_code"]; v.Value != "" && same("icd10_code", v, got["icd10_code"]) {
		k = max(k, 0.9)
	}
	if k < 0.6 {
		return 0
	}
	agree, all := 0.0, 0.0
	for column, v := range want {
		all++
		if same(column, v, got[column]) {
			agree++
		}
	}
	return k + 0.5*agree/max(all, 1)
}

func (c *comparison) lost(table string, row paper.Row) {
	for _, column := range slices.Sorted(maps.Keys(row)) {
		if len(row[column].At) > 0 || !quiet(column) {
			c.add(table+"."+column, Missed, row[column], result.Field{})
		}
	}
}

func (c *comparison) row(table string, want paper.Row, got result.Row) {
	for _, column := range slices.Sorted(maps.Keys(want)) {
		w, g := want[column], got[column]
		switch {
		case same(column, w, g):
			c.add(table+"."+column, Right, w, g)
		case g.Value != "":
			c.add(table+"."+column, Wrong, w, g)
		case len(w.At) > 0 || !quiet(column):
			c.add(table+"."+column, Missed, w, g)
		}
	}
	for _, column := range slices.Sorted(maps.Keys(got)) {
		if _, printed := want[column]; !printed && got[column].Value != "" && !concluded(column, got[column].Value) {
			c.add(table+"."+column, Invented, paper.Value{}, got[column])
		}
	}
}

// concluded columns may be filled where nothing is printed.
func concluded(column, value string) bool {
	switch column {
	case "clinical_status", "medication_status":
		return enum(value) == "active"
	case "instructions", "panel_name":
		return true
	}
	return false
}

// surplus scores a row that no printed row stands for.
func (c *comparison) surplus(i int, table string, row result.Row) {
	p := c.truth.Patients[i]
	name := ""
	for _, k := range keys(table) {
		name += " " + row[k].Value
	}
	if listed(p.Optional, table, name) || repeated(table, p.Tables[table], row) {
		return
	}
	kind := Invented
	if listed(p.Absent, table, name) || table == "conditions" && relatives(p, name) {
		kind = Context
	}
	for j, other := range c.truth.Patients {
		if j != i && repeated(table, other.Tables[table], row) {
			kind = Other
		}
	}
	c.extra(table, kind, row)
}

// repeated reports whether a row says again, without contradiction, what a printed
// row says: the same fact read twice is counted once.
func repeated(table string, printed []paper.Row, row result.Row) bool {
	return slices.ContainsFunc(printed, func(w paper.Row) bool {
		if alike(table, w, row) < 0.9 {
			return false
		}
		for column, g := range row {
			if v, ok := w[column]; ok && g.Value != "" && !same(column, v, g) && !slices.Contains(keys(table), column) && !concluded(column, g.Value) {
				return false
			}
		}
		return true
	})
}

func relatives(p paper.Patient, name string) bool {
	return slices.ContainsFunc(p.Tables["family_members"], func(r paper.Row) bool {
		return similar(r["relative_condition"].Value, name) >= 0.8
	})
}

func listed(mentions []paper.Absent, table, name string) bool {
	return slices.ContainsFunc(mentions, func(a paper.Absent) bool {
		return a.Table == table && similar(a.Text, name) >= 0.75
	})
}

func (c *comparison) extra(table string, kind Kind, row result.Row) {
	for _, column := range slices.Sorted(maps.Keys(row)) {
		if row[column].Value != "" && !concluded(column, row[column].Value) {
			c.add(table+"."+column, kind, paper.Value{}, row[column])
		}
	}
}

// Group returns what a field is reported under.
func Group(field string) string {
	if table, _, ok := strings.Cut(field, "."); ok {
		return table
	}
	for _, g := range []struct {
		name string
		has  []string
	}{
		{"coverage", []string{"insurance_"}},
		{"provider", []string{"facility_", "provider_"}},
		{"social", []string{"smoking_", "alcohol_", "drug_use"}},
		{"vitals", []string{"blood_pressure", "heart_rate", "respiratory_rate", "body_temperature", "oxygen_", "height", "weight", "bmi", "pain_score", "vitals_"}},
		{"encounter", []string{"document_", "encounter_", "admission_", "discharge_"}},
	} {
		if slices.ContainsFunc(g.has, func(h string) bool { return strings.HasPrefix(field, h) }) {
			return g.name
		}
	}
	if narrative(field) {
		return "narrative"
	}
	return "patient"
}
