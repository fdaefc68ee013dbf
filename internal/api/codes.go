package api

import (
	"context"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/codes"
	"github.com/paperchart/paperchart/internal/fhir/model"
	"github.com/paperchart/paperchart/internal/store"
	"github.com/paperchart/paperchart/internal/terms"
)

// coded is a code with what is known of it.
type coded struct{ system, code, display, version string }

// extent is how much of a code system is loaded.
type extent uint8

const (
	unloaded extent = iota // nothing: nobody can tell here
	partial                // a code that is not found may exist all the same
	complete               // a code that is not found does not exist
)

// terminology answers questions about codes from, in this order: the code
// systems that clients have stored, those HL7 publishes, and the vocabularies
// that are loaded.
type terminology struct {
	a      *API
	ctx    context.Context
	tables *codes.Tables
	stored map[string]*codes.System // by URL, what has been looked for
}

func (a *API) terminology(ctx context.Context) (*terminology, error) {
	tables, err := codes.Load()
	return &terminology{a: a, ctx: ctx, tables: tables, stored: map[string]*codes.System{}}, err
}

// system is a stored or published code system, nil where it is neither.
func (t *terminology) system(url string) (*codes.System, error) {
	if s, asked := t.stored[url]; asked {
		return s, nil
	}
	root, err := t.resource("CodeSystem", url)
	if err != nil {
		return nil, err
	}
	s := t.tables.System(url)
	if root != nil {
		s = systemOf(root)
	}
	t.stored[url] = s
	return s, nil
}

// resource is the stored terminology resource with a canonical URL, nil where
// there is none.
func (t *terminology) resource(typ, url string) (*model.Node, error) {
	bare, version, _ := strings.Cut(url, "|")
	params := []store.Param{{Name: "url", Value: escaped(bare)}}
	if version != "" {
		params = append(params, store.Param{Name: "version", Value: escaped(version)})
	}
	page, err := t.a.Store.Search(t.ctx, store.Query{Type: typ, Count: 1, Params: params})
	if err != nil {
		return nil, err
	}
	own, err := t.a.builtins()
	if err != nil {
		return nil, err
	}
	found := append(page.Resources, own.matching(typ, []store.Param{{Name: "url", Value: bare}})...)
	if len(found) == 0 {
		return nil, nil
	}
	doc, err := model.Parse(found[0].Body, model.Limits{})
	if err != nil {
		return nil, err
	}
	return doc.Root, nil
}

func escaped(s string) string {
	return strings.NewReplacer(`\`, `\\`, `,`, `\,`, `|`, `\|`, `$`, `\$`).Replace(s)
}

// systemOf reads a CodeSystem resource.
func systemOf(root *model.Node) *codes.System {
	s := &codes.System{URL: root.Str("url"), Version: root.Str("version"), Title: titleOf(root), Complete: root.Str("content") == "complete"}
	var walk func(list *model.Node, parent string)
	walk = func(list *model.Node, parent string) {
		if list == nil || list.Kind != model.Array {
			return
		}
		for c := list.First; c != nil; c = c.Next {
			one := codes.Concept{Code: c.Str("code"), Display: c.Str("display")}
			if parent != "" {
				one.Parents = []string{parent}
			}
			s.Add(one)
			walk(c.Get("concept"), one.Code)
		}
	}
	walk(root.Get("concept"), "")
	return s
}

func titleOf(root *model.Node) string {
	if t := root.Str("title"); t != "" {
		return t
	}
	return root.Str("name")
}

// find looks a code up.
func (t *terminology) find(system, code string) (coded, bool, error) {
	s, err := t.system(system)
	if err != nil {
		return coded{}, false, err
	}
	if s != nil {
		if c, ok := s.Concept(code); ok {
			return coded{system: system, code: c.Code, display: c.Display, version: s.Version}, true, nil
		}
	}
	if t.a.Terms == nil {
		return coded{}, false, nil
	}
	if c, ok := t.a.Terms.Code(system, code); ok {
		return coded{system: system, code: c.Code, display: c.Display, version: c.Version}, true, nil
	}
	return coded{system: system, code: code, display: code}, system == terms.UCUM && t.a.Terms.ValidUnit(code), nil
}

// extent says how much of a system is loaded.
func (t *terminology) extent(system string) (extent, error) {
	s, err := t.system(system)
	if err != nil || s != nil && s.Complete {
		return complete, err
	}
	if system == terms.UCUM && t.a.Terms != nil {
		return complete, nil
	}
	if s != nil {
		return partial, nil
	}
	if t.a.Terms == nil {
		return unloaded, nil
	}
	for _, r := range t.a.Terms.Releases() {
		if r.Systems[system] > 0 {
			return partial, nil
		}
	}
	return unloaded, nil
}

// title is the name of a system.
func (t *terminology) title(system string) string {
	if s, err := t.system(system); err == nil && s != nil && s.Title != "" {
		return s.Title
	}
	if title := titles[system]; title != "" {
		return title
	}
	return system
}

// titles are the names of systems that are not HL7's.
var titles = map[string]string{
	terms.ICD10CM: "ICD-10-CM", terms.RxNorm: "RxNorm", terms.LOINC: "LOINC", terms.CVX: "CVX", terms.MVX: "MVX", terms.UCUM: "UCUM",
	terms.SNOMED: "SNOMED CT", terms.NUCC: "NUCC Provider Taxonomy", terms.CPT: "CPT", terms.HCPCS: "HCPCS",
}
