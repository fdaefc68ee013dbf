package store

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/fhirpath"
	"github.com/paperchart/paperchart/internal/fhir/model"
)

// kind is an index table.
type kind uint8

const (
	tokens kind = iota
	texts
	references
	dates
	quantities
	uris
)

var tableNames = [...]string{"token_index", "string_index", "reference_index", "date_index", "quantity_index", "uri_index"}

// kindOf is the table that a parameter's values are in.
func kindOf(searchType string) (kind, bool) {
	k, ok := map[string]kind{"token": tokens, "string": texts, "reference": references, "date": dates,
		"number": quantities, "quantity": quantities, "uri": uris}[searchType]
	return k, ok
}

// row is one row of one of the index tables.
type row struct {
	kind  kind
	param string // Type.code, with a suffix where it is not the plain value
	// Which of these count depends on the table.
	text, exact string // code, folded and exact string, id, uri, unit
	system      string // of tokens and quantities; the target type of references
	low, high   int64
	from, to    float64
	item        int64 // from 1 within a composite's items, else 0
}

func (a row) compare(b row) int {
	return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.param, b.param), cmp.Compare(a.text, b.text), cmp.Compare(a.exact, b.exact),
		cmp.Compare(a.system, b.system), cmp.Compare(a.low, b.low), cmp.Compare(a.high, b.high), cmp.Compare(a.from, b.from),
		cmp.Compare(a.to, b.to), cmp.Compare(a.item, b.item))
}

// Suffixes of Type.code for rows that only a modifier searches.
const (
	textSuffix       = ":text"       // display and text of coded values
	ofTypeSuffix     = ":of-type"    // identifiers: system and code of their type
	identifierSuffix = ":identifier" // references by identifier
	manySuffix       = "$"           // composites with several items
)

// indexer derives the rows of a resource.
type indexer struct {
	table  *definition.Table
	engine *fhirpath.Engine
	base   string   // own address, with a slash at its end, or ""
	types  sync.Map // resource type → its bare node
	plans  sync.Map // resource type → []plan
	units  units

	unionsOf sync.Map // resource type → map[string][]string

	scratch sync.Pool // *[]row
}

// plan is how the rows of one parameter are derived.
type plan struct {
	def        definition.SearchParam
	name       string // Type.code
	expr       *fhirpath.Expr
	components []component
	lower      bool // tokens without regard to case
}

func newIndexer(table *definition.Table, engine *fhirpath.Engine, base string) *indexer {
	if base != "" {
		base = strings.TrimSuffix(base, "/") + "/"
	}
	return &indexer{table: table, engine: engine, base: base}
}

// planned returns the parameters of a type that have rows. What the resource
// table itself tells, _id and _lastUpdated, has none.
func (x *indexer) planned(typ string) []plan {
	if p, ok := x.plans.Load(typ); ok {
		return p.([]plan)
	}
	var all []plan
	unions := x.unions(typ)
	for _, def := range x.table.SearchParams(typ) {
		if unions[def.Code] != nil || def.Expression == "" || def.Code == "_id" || def.Code == "_lastUpdated" {
			continue
		}
		e, err := x.engine.Compile(def.Expression)
		if err != nil {
			continue // an expression of the specification that can't be compiled finds nothing
		}
		p := plan{def: def, name: typ + "." + def.Code, expr: e}
		p.lower = x.ofStrings(typ, &def)
		if def.Type == "composite" {
			p.components = x.componentsOf(typ, def)
		}
		all = append(all, p)
	}
	x.plans.Store(typ, all)
	return all
}

// rows returns the index rows of a resource, each once and in a fixed order.
func (x *indexer) rows(c *content) []row {
	scratch, ok := x.scratch.Get().(*[]row)
	if !ok {
		scratch = new([]row)
	}
	all := (*scratch)[:0]
	env := fhirpath.Env{Lenient: true, Resolve: x.resolve}
	inside := containedIn(c.root)
	if inside != nil {
		env.Resolve = inside.resolve(x.resolve)
	}
	for _, p := range x.planned(c.typ.Name) {
		if p.def.Type == "composite" {
			all = x.compositeRows(all, p, c.root, &env)
			continue
		}
		// A value that cannot be evaluated is not found, and is no reason to refuse it.
		_ = p.expr.Each(c.root, &env, func(v fhirpath.Value) bool {
			all = x.planRows(all, p, p.name, v)
			if inside != nil && p.def.Type == "reference" {
				all = x.containedRows(all, p.name, inside.of(v), &env)
			}
			return true
		})
	}
	slices.SortFunc(all, row.compare)
	unique := slices.Compact(all)
	exact := append(make([]row, 0, len(unique)), unique...) // those of a large bundle wait together
	clear(all)
	*scratch = all
	x.scratch.Put(scratch)
	return exact
}

// resolve answers "resolve() is Patient" from the reference alone: what is
// indexed must not depend on what else is stored.
func (x *indexer) resolve(ref string) *model.Node {
	typ, _ := x.splitReference(ref)
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

// planRows appends the rows that a value of a parameter gives.
func (x *indexer) planRows(all []row, p plan, name string, v fhirpath.Value) []row {
	before := len(all)
	all = x.valueRows(all, p.def.Type, name, v)
	for i := before; i < len(all) && p.lower; i++ {
		all[i].text = strings.ToLower(all[i].text)
	}
	return all
}

// valueRows appends the rows that a value of a parameter's expression gives.
func (x *indexer) valueRows(all []row, searchType, name string, v fhirpath.Value) []row {
	switch searchType {
	case "token":
		return x.tokenRows(all, name, v)
	case "string":
		return stringRows(all, name, v)
	case "reference":
		return x.referenceRows(all, name, v)
	case "date":
		return dateRows(all, name, v)
	case "number", "quantity":
		return x.quantityRows(all, name, v)
	case "uri":
		return uriRows(all, name, v)
	case "special":
		return nearRows(all, name, v)
	}
	return all
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
