package convert

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/paperchart/paperchart/blueprint"
	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/result"
)

// A user's blueprint asks for fields that no resource of a chart has a home for.
// Their answers are a QuestionnaireResponse: an item for each field, a group for
// each row of a table, linkId being the field's name.

var wholeDate = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)

// makeAnswers gives a home to the fields that have none yet and are not among the
// general blueprint's.
func (c *chart) makeAnswers() {
	f := &fact{}
	r := &r4.QuestionnaireResponse{Status: "completed", Subject: c.patient, Encounter: c.encounter, Authored: c.asOf()}
	general := names(blueprint.Default())
	for _, name := range slices.Sorted(maps.Keys(c.doc.Fields)) {
		if field := c.doc.Fields[name]; name != "" && field.Value != "" && !c.told[name] && !general[name] {
			r.Item = append(r.Item, c.answer(f, name, name, field)...)
		}
	}
	for _, table := range slices.Sorted(maps.Keys(c.doc.Tables)) {
		for _, row := range c.doc.Tables[table] {
			group := r4.QuestionnaireResponseItem{LinkId: table, Text: words(table)}
			for _, column := range slices.Sorted(maps.Keys(row)) {
				if full := table + "." + column; row[column].Value != "" && !general[full] {
					group.Item = append(group.Item, c.answer(f, full, column, row[column])...)
				}
			}
			if len(group.Item) > 0 {
				r.Item = append(r.Item, c.about(group, table, row))
			}
		}
	}
	if len(r.Item) > 0 {
		c.keep(r, c.id("answers"), f)
	}
}

// about puts before a row's answers what the row is of, where a resource has that.
func (c *chart) about(group r4.QuestionnaireResponseItem, table string, row result.Row) r4.QuestionnaireResponseItem {
	t := blueprint.Default().Table(table)
	if t == nil {
		return group
	}
	if key := t.Columns[0].Name; row[key].Value != "" {
		group.Item = append([]r4.QuestionnaireResponseItem{item(table+"."+key, key, row[key].Value)}, group.Item...)
	}
	return group
}

// answer is one item; none where it is not sure and held back.
func (c *chart) answer(f *fact, full, name string, field result.Field) []r4.QuestionnaireResponseItem {
	if c.Hold && !c.Thresholds.Meets(full, field) {
		return nil
	}
	f.use(full, field)
	return []r4.QuestionnaireResponseItem{item(full, name, field.Value)}
}

func item(full, name, value string) r4.QuestionnaireResponseItem {
	a := r4.QuestionnaireResponseItemAnswer{}
	switch {
	case wholeDate.MatchString(value) && moment(value) == value:
		a.ValueDate = value
	case value == "true" || value == "false":
		a.ValueBoolean = r4.Ptr(value == "true")
	default:
		a.ValueString = value
	}
	return r4.QuestionnaireResponseItem{LinkId: full, Text: words(name), Answer: []r4.QuestionnaireResponseItemAnswer{a}}
}

// words is a field's name as people read it.
func words(name string) string {
	first, n := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + strings.ReplaceAll(name[n:], "_", " ")
}

// names are the fields of a blueprint, those of its tables with the table's name.
func names(b *blueprint.Blueprint) map[string]bool {
	out := map[string]bool{}
	for _, f := range b.Fields {
		out[f.Name] = true
	}
	for _, t := range b.Tables {
		for _, c := range t.Columns {
			out[t.Name+"."+c.Name] = true
		}
	}
	return out
}
