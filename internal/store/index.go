package store

import (
	"context"
	"sort"
	"strings"
	"sync"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/fhirpath"
	"github.com/paperchart/paperchart/internal/fhir/model"
)

// row is one row of one of the index tables.
type row struct {
	table string
	param string // Type.code
	// Which of these count depends on the table.
	text, exact string // code, folded and exact string, id, uri, unit
	system      string // of tokens and quantities; the target type of references
	low, high   int64
	from, to    float64
}

// indexer derives the rows of a resource.
type indexer struct {
	table  *definition.Table
	engine *fhirpath.Engine
	types  sync.Map // resource type → its bare node
}

func newIndexer(table *definition.Table, engine *fhirpath.Engine) *indexer {
	return &indexer{table: table, engine: engine}
}

// rows returns the index rows of a resource, each once and in a fixed order.
func (x *indexer) rows(c *content) []row {
	var all []row
	for _, p := range x.table.SearchParams(c.typ.Name) {
		if p.Expression == "" || p.Type == "composite" {
			continue
		}
		e, err := x.engine.Compile(p.Expression)
		if err != nil {
			continue // an expression of the specification that can't be compiled finds nothing
		}
		name := c.typ.Name + "." + p.Code
		env := fhirpath.Env{Lenient: true, Resolve: x.resolve}
		e.Each(c.root, &env, func(v fhirpath.Value) bool {
			all = append(all, valueRows(p, name, v)...)
			return true
		})
	}
	sort.Slice(all, func(i, j int) bool { return less(all[i], all[j]) })
	kept := all[:0]
	for i, r := range all {
		if i == 0 || r != all[i-1] {
			kept = append(kept, r)
		}
	}
	return kept
}

// resolve answers "resolve() is Patient" from the reference alone: what is
// indexed must not depend on what else is stored.
func (x *indexer) resolve(ref string) *model.Node {
	typ, _ := splitReference(ref)
	if n, ok := x.types.Load(typ); ok {
		return n.(*model.Node)
	}
	if x.table.Resource(typ) == nil {
		return nil
	}
	doc, err := model.Parse([]byte(`{"resourceType":"`+typ+`"}`), model.Limits{})
	if err != nil {
		return nil
	}
	model.Bind(x.table, doc.Root)
	x.types.Store(typ, doc.Root)
	return doc.Root
}

func less(a, b row) bool {
	switch {
	case a.table != b.table:
		return a.table < b.table
	case a.param != b.param:
		return a.param < b.param
	case a.text != b.text:
		return a.text < b.text
	case a.exact != b.exact:
		return a.exact < b.exact
	case a.system != b.system:
		return a.system < b.system
	case a.low != b.low:
		return a.low < b.low
	case a.high != b.high:
		return a.high < b.high
	case a.from != b.from:
		return a.from < b.from
	}
	return a.to < b.to
}

// valueRows are the rows that a value of a parameter's expression gives.
func valueRows(p definition.SearchParam, name string, v fhirpath.Value) []row {
	switch p.Type {
	case "token":
		return tokenRows(name, v)
	case "string":
		return stringRows(name, v)
	case "reference":
		return referenceRows(name, v)
	case "date":
		return dateRows(name, v)
	case "number", "quantity":
		return quantityRows(name, v)
	case "uri":
		if s := v.String(); s != "" {
			return []row{{table: "uri", param: name, text: s}}
		}
	}
	return nil
}

// Tokens, by data type (R4 search.html#token). Codes are kept as they are and
// compared without case where they were folded by the search.
func tokenRows(name string, v fhirpath.Value) []row {
	token := func(system, code string) row {
		return row{table: "token", param: name, text: code, system: system}
	}
	n := v.Node()
	if n == nil || n.Kind != model.Object {
		if s := v.String(); s != "" {
			return []row{token("", s)}
		}
		return nil
	}
	switch v.Type() {
	case "CodeableConcept":
		var rows []row
		for _, c := range items(n.Get("coding")) {
			rows = append(rows, token(c.Str("system"), c.Str("code")))
		}
		return rows
	case "Coding":
		return []row{token(n.Str("system"), n.Str("code"))}
	case "Identifier":
		return []row{token(n.Str("system"), n.Str("value"))}
	case "ContactPoint":
		return []row{token(n.Str("system"), n.Str("value"))}
	}
	return nil
}

// items are the elements of an array, or the node itself.
func items(n *model.Node) []*model.Node {
	if n == nil {
		return nil
	}
	if n.Kind != model.Array {
		return []*model.Node{n}
	}
	var all []*model.Node
	for c := n.First; c != nil; c = c.Next {
		all = append(all, c)
	}
	return all
}

// stringRows takes every string in the value: a HumanName matches by any part
// of it, an Address too (R4 search.html#string).
func stringRows(name string, v fhirpath.Value) []row {
	n := v.Node()
	if n == nil || n.Kind != model.Object {
		if s := v.String(); s != "" {
			return []row{{table: "string", param: name, text: fold(s), exact: s}}
		}
		return nil
	}
	var rows []row
	for c := n.First; c != nil; c = c.Next {
		switch c.Name {
		case "use", "period", "extension", "type", "id":
			continue
		}
		for _, s := range items(c) {
			if s.Kind == model.String {
				rows = append(rows, row{table: "string", param: name, text: fold(s.Text), exact: s.Text})
			}
		}
	}
	return rows
}

func referenceRows(name string, v fhirpath.Value) []row {
	n := v.Node()
	if n == nil {
		return nil
	}
	ref := n.Text
	if n.Kind == model.Object {
		ref = n.Str("reference")
	}
	if ref == "" || strings.HasPrefix(ref, "#") {
		return nil
	}
	typ, id := splitReference(ref)
	return []row{{table: "reference", param: name, text: id, system: typ}}
}

// resolvesTo is the type in ".where(resolve() is TYPE)", which is told by the
// reference itself.
func resolvesTo(expression string) (string, bool) {
	_, rest, ok := strings.Cut(expression, "resolve() is ")
	typ, _, _ := strings.Cut(rest, ")")
	return typ, ok
}

// splitReference is the type and id of a relative reference; anything else is
// all id.
func splitReference(ref string) (typ, id string) {
	parts := strings.Split(ref, "/")
	if len(parts) >= 4 && parts[len(parts)-2] == "_history" {
		parts = parts[:len(parts)-2]
	}
	if len(parts) == 2 && idPattern.MatchString(parts[1]) {
		return parts[0], parts[1]
	}
	return "", ref
}

func dateRows(name string, v fhirpath.Value) []row {
	n := v.Node()
	if n == nil || n.Kind != model.Object {
		low, high, ok := interval(v.String())
		if !ok {
			return nil
		}
		return []row{{table: "date", param: name, low: low, high: high}}
	}
	switch v.Type() {
	case "Period":
		r := row{table: "date", param: name, low: minTime, high: maxTime}
		if low, _, ok := interval(n.Str("start")); ok {
			r.low = low
		}
		if _, high, ok := interval(n.Str("end")); ok {
			r.high = high
		}
		return []row{r}
	case "Timing":
		var rows []row
		for _, e := range items(n.Get("event")) {
			if low, high, ok := interval(e.Text); ok {
				rows = append(rows, row{table: "date", param: name, low: low, high: high})
			}
		}
		return rows
	}
	return nil
}

const insertRow, deleteRow = true, false

// unindex removes the rows of a version.
func (w *writing) unindex(ctx context.Context, rid int64, old Resource) error {
	if len(old.Body) == 0 {
		return nil
	}
	c, err := w.s.parse(old.Body)
	if err != nil {
		return err
	}
	return w.indexRows(ctx, rid, c, deleteRow)
}

func (w *writing) indexRows(ctx context.Context, rid int64, c *content, insert bool) error {
	for _, r := range w.s.index.rows(c) {
		param, err := w.name(ctx, r.param)
		if err != nil {
			return err
		}
		system := int64(0)
		if r.system != "" {
			if system, err = w.name(ctx, r.system); err != nil {
				return err
			}
		}
		t := indexTables[r.table]
		if err := w.exec(ctx, t.statement(insert), t.values(r, param, system, rid)...); err != nil {
			return err
		}
	}
	return nil
}

// indexTable is how rows of one kind are written.
type indexTable struct {
	insert, delete string
	values         func(r row, param, system, rid int64) []any
}

func (t indexTable) statement(insert bool) string {
	if insert {
		return t.insert
	}
	return t.delete
}

func newIndexTable(name string, columns []string, values func(r row, param, system, rid int64) []any) indexTable {
	marks := strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", ")
	return indexTable{
		insert: "INSERT INTO " + name + " (" + strings.Join(columns, ", ") + ") VALUES (" + marks + ") ON CONFLICT DO NOTHING",
		delete: "DELETE FROM " + name + " WHERE " + strings.Join(columns, " = ? AND ") + " = ?",
		values: values,
	}
}

var indexTables = map[string]indexTable{
	"token": newIndexTable("token_index", []string{"param", "code", "system", "rid"}, func(r row, param, system, rid int64) []any {
		return []any{param, r.text, system, rid}
	}),
	"string": newIndexTable("string_index", []string{"param", "folded", "exact", "rid"}, func(r row, param, _, rid int64) []any {
		return []any{param, r.text, r.exact, rid}
	}),
	"reference": newIndexTable("reference_index", []string{"param", "id", "type", "rid"}, func(r row, param, system, rid int64) []any {
		return []any{param, r.text, system, rid}
	}),
	"date": newIndexTable("date_index", []string{"param", "low", "high", "rid"}, func(r row, param, _, rid int64) []any {
		return []any{param, r.low, r.high, rid}
	}),
	"quantity": newIndexTable("quantity_index", []string{"param", "low", "high", "unit", "system", "rid"}, func(r row, param, system, rid int64) []any {
		return []any{param, r.from, r.to, r.text, system, rid}
	}),
	"uri": newIndexTable("uri_index", []string{"param", "uri", "rid"}, func(r row, param, _, rid int64) []any {
		return []any{param, r.text, rid}
	}),
}
