package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sort"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/definition"
)

// nativeConstraints are checked by the validator's own code, or hold of nothing
// that JSON can express.
var nativeConstraints = map[string]bool{
	"ele-1": true, "ext-1": true, "dom-2": true, "dom-3": true, "dom-4": true, "dom-5": true, "txt-1": true, "txt-2": true,
}

// tables puts together the definition table.
type tables struct {
	packs     []*pack
	types     map[string]*definition.Type
	expand    *expander
	names     map[string]bool // of all types
	valueSets map[string]bool // that a kept binding names
	src       definition.Source
}

func writeTable(r4, us *pack, dir string) error {
	t := &tables{packs: []*pack{r4, us}, types: map[string]*definition.Type{}, names: map[string]bool{}, valueSets: map[string]bool{}}
	t.expand = newExpander(t.packs)
	t.addTypes(r4)
	for _, p := range t.packs {
		t.addProfiles(p)
		t.addSearch(p)
	}
	t.addCompartments(r4)
	t.addValueSets()
	t.addCodeSystems()
	var b bytes.Buffer
	if err := definition.Write(&b, &t.src); err != nil {
		return err
	}
	file := filepath.Join(dir, "definition", "r4.bin")
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	return nil
}

func (t *tables) addTypes(p *pack) {
	byType := p.byType()
	for name := range byType {
		t.names[name] = true
	}
	for _, s := range byType {
		t.types[s.Type] = &definition.Type{
			Name: s.Type, Kind: s.Kind, Abstract: s.Abstract, Base: lastStep(s.BaseDefinition), Root: t.tree(s),
		}
	}
	for _, typ := range t.types {
		t.dropInherited(typ.Root)
		t.src.Types = append(t.src.Types, typ)
	}
	sort.Slice(t.src.Types, func(i, j int) bool { return t.src.Types[i].Name < t.src.Types[j].Name })
}

func lastStep(url string) string { return url[strings.LastIndexByte(url, '/')+1:] }

// dropInherited removes from the elements the constraints that their type has
// anyway.
func (t *tables) dropInherited(e *definition.Element) {
	for _, c := range e.Children {
		if len(c.Types) == 1 && len(c.Children) == 0 && t.types[c.Types[0].Name] != nil {
			own := t.types[c.Types[0].Name].Root.Constraints
			c.Constraints = slices.DeleteFunc(c.Constraints, func(x definition.Constraint) bool {
				return slices.ContainsFunc(own, func(o definition.Constraint) bool { return o.Key == x.Key })
			})
		}
		t.dropInherited(c)
	}
}

// tree makes the element tree of a snapshot, slices beside the element that they
// slice.
func (t *tables) tree(s *structureDef) *definition.Element {
	byID := map[string]*definition.Element{}
	var root *definition.Element
	for _, e := range s.Snapshot.Element {
		d := t.element(e)
		byID[e.ID] = d
		if root == nil {
			root = d
			continue
		}
		place(byID, e.ID, d)
	}
	return root
}

func place(byID map[string]*definition.Element, id string, d *definition.Element) {
	dot := strings.LastIndexByte(id, '.')
	step := id[dot+1:]
	name, slice, sliced := strings.Cut(step, ":")
	d.Name, d.Choice = strings.CutSuffix(name, "[x]")
	if sliced {
		d.SliceName = slice
		if of := byID[id[:dot+1]+name]; of != nil {
			of.Slices = append(of.Slices, d)
		}
		return
	}
	if dot < 0 {
		return
	}
	if parent := byID[id[:dot]]; parent != nil {
		parent.Children = append(parent.Children, d)
	}
}

func (t *tables) element(e *elementDef) *definition.Element {
	d := &definition.Element{
		Name: lastPath(e.Path), Min: e.Min, Max: maxOf(e.Max), Summary: e.IsSummary, Modifier: e.IsModifier, MaxLength: e.MaxLength,
		Types: t.typeRefs(e), Constraints: constraints(e), Binding: binding(e), Slicing: slicing(e),
	}
	if _, ref, ok := strings.Cut(e.ContentReference, "#"); ok {
		_, d.ContentRef, _ = strings.Cut(ref, ".")
	}
	if raw, _ := e.withPrefix("fixed"); raw != nil {
		d.Fixed = compactJSON(raw)
	}
	if raw, _ := e.withPrefix("pattern"); raw != nil {
		d.Pattern = compactJSON(raw)
	}
	return d
}

func lastPath(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

func maxOf(s string) int {
	n := definition.Unbounded
	if s != "*" {
		fmt.Sscan(s, &n)
	}
	return n
}

func compactJSON(raw json.RawMessage) string {
	var b bytes.Buffer
	if err := json.Compact(&b, raw); err != nil {
		return string(raw)
	}
	return b.String()
}

func (t *tables) typeRefs(e *elementDef) []definition.TypeRef {
	var out []definition.TypeRef
	for _, et := range e.Type {
		r := definition.TypeRef{Name: et.name(), Profiles: et.Profile}
		if e.Base != nil && e.Base.Path == "Resource.id" {
			r.Name = "id" // R4 4.0.1 says string, against its own text
		}
		for _, target := range et.TargetProfile {
			name, _ := strings.CutPrefix(target, "http://hl7.org/fhir/StructureDefinition/")
			if !t.names[name] {
				name = target
			}
			if name != "Resource" {
				r.Targets = append(r.Targets, name)
			}
		}
		out = append(out, r)
	}
	return out
}

func constraints(e *elementDef) []definition.Constraint {
	var out []definition.Constraint
	for _, c := range e.Constraint {
		if nativeConstraints[c.Key] || c.Expression == "" {
			continue
		}
		out = append(out, definition.Constraint{Key: c.Key, Warning: c.Severity != "error", Human: oneLine(c.Human), Expression: c.Expression})
	}
	return out
}

func binding(e *elementDef) *definition.Binding {
	b := e.Binding
	if b == nil || b.ValueSet == "" || b.Strength != definition.Required && b.Strength != definition.Extensible {
		return nil
	}
	url, _, _ := strings.Cut(b.ValueSet, "|")
	return &definition.Binding{Strength: b.Strength, ValueSet: url}
}

func slicing(e *elementDef) *definition.Slicing {
	if e.Slicing == nil {
		return nil
	}
	s := &definition.Slicing{Rules: e.Slicing.Rules, Ordered: e.Slicing.Ordered}
	for _, d := range e.Slicing.Discriminator {
		s.Discriminators = append(s.Discriminators, definition.Discriminator{Type: d.Type, Path: d.Path})
	}
	return s
}

func (t *tables) addProfiles(p *pack) {
	for _, s := range p.structs {
		base := t.types[s.Type]
		if base == nil || len(s.Snapshot.Element) == 0 || s.Derivation != "constraint" {
			continue
		}
		root := t.tree(s)
		t.prune(root, base.Root)
		x := &definition.Profile{URL: s.URL, Version: s.Version, Name: s.Name, Type: s.Type, Root: root}
		if s.Type == "Extension" {
			for _, c := range s.Context {
				x.Contexts = append(x.Contexts, definition.Context{Type: c.Type, Expression: c.Expression})
			}
		}
		t.src.Profiles = append(t.src.Profiles, x)
	}
}

// prune removes from a profile's element what the base says already, and reports
// whether anything is left.
func (t *tables) prune(e, base *definition.Element) bool {
	e.Constraints = slices.DeleteFunc(e.Constraints, func(x definition.Constraint) bool {
		return slices.ContainsFunc(base.Constraints, func(o definition.Constraint) bool { return o.Key == x.Key && o.Warning == x.Warning }) || t.ofTypes(e, x.Key)
	})
	e.Children = slices.DeleteFunc(e.Children, func(c *definition.Element) bool {
		b := t.child(base, c.Name)
		return b != nil && !t.prune(c, b)
	})
	for _, s := range e.Slices {
		t.prune(s, base)
	}
	if len(e.Slices) == 0 && !closed(e.Slicing) {
		e.Slicing = nil
	}
	if reflect.DeepEqual(e.Binding, base.Binding) {
		e.Binding = nil
	}
	sameTypes := reflect.DeepEqual(e.Types, base.Types)
	if sameTypes && e.SliceName == "" {
		e.Types = nil
	}
	e.Summary, e.Modifier = false, false
	return e.SliceName != "" || !sameTypes || e.Min != base.Min || e.Max != base.Max || e.Fixed != "" || e.Pattern != "" ||
		e.Binding != nil || e.Slicing != nil || len(e.Slices)+len(e.Children)+len(e.Constraints) > 0
}

func closed(s *definition.Slicing) bool { return s != nil && s.Rules == "closed" }

func (t *tables) ofTypes(e *definition.Element, key string) bool {
	for _, r := range e.Types {
		for name := r.Name; t.types[name] != nil; name = t.types[name].Base {
			if slices.ContainsFunc(t.types[name].Root.Constraints, func(o definition.Constraint) bool { return o.Key == key }) {
				return true
			}
		}
	}
	return false
}

// child finds an element below another, in its type's definition where it has
// none of its own.
func (t *tables) child(e *definition.Element, name string) *definition.Element {
	for _, c := range e.Children {
		if c.Name == name {
			return c
		}
	}
	for _, r := range e.Types {
		if typ := t.types[r.Name]; typ != nil && typ.Root != e {
			if c := t.child(typ.Root, name); c != nil {
				return c
			}
		}
	}
	return nil
}

func (t *tables) addSearch(p *pack) {
	taken, codes := map[string]bool{}, map[string]string{}
	for _, s := range t.src.Search {
		for _, b := range s.Base {
			taken[b+" "+s.Code] = true
		}
	}
	for _, q := range t.packs {
		for _, s := range q.searches {
			codes[s.URL] = s.Code
		}
	}
	for _, s := range p.searches {
		if !strings.HasPrefix(s.URL, "http://hl7.org/fhir/SearchParameter/") && !strings.HasPrefix(s.URL, "http://hl7.org/fhir/us/core/") || strings.Contains(s.URL, "/example") {
			continue
		}
		base := slices.DeleteFunc(slices.Clone(s.Base), func(b string) bool { return t.types[b] == nil || taken[b+" "+s.Code] || taken["Resource "+s.Code] })
		if len(base) > 0 {
			t.src.Search = append(t.src.Search, definition.SourceSearch{Base: base, SearchParam: s.param(codes)})
		}
	}
}

func (s *searchParam) param(codes map[string]string) definition.SearchParam {
	out := definition.SearchParam{
		Code: s.Code, Type: s.Type, Expression: s.Expression, URL: s.URL, Comparators: s.Comparator, Modifiers: s.Modifier,
	}
	if !slices.Contains(s.Target, "Resource") {
		out.Targets = s.Target
	}
	for _, c := range s.Component {
		code := codes[c.Definition]
		if code == "" {
			code = lastStep(c.Definition)
		}
		out.Components = append(out.Components, definition.Component{Code: code, Expression: c.Expression})
	}
	return out
}

func (t *tables) addCompartments(p *pack) {
	for _, d := range p.compartment {
		if strings.HasSuffix(d.URL, "/example") {
			continue
		}
		c := &definition.Compartment{Name: d.Code, Params: map[string][]string{}}
		for _, r := range d.Resource {
			if len(r.Param) > 0 {
				c.Params[r.Code] = r.Param
			}
		}
		t.src.Compartments = append(t.src.Compartments, c)
	}
}

func (t *tables) addValueSets() {
	for _, x := range t.src.Types {
		t.bindings(x.Root)
	}
	for _, x := range t.src.Profiles {
		t.bindings(x.Root)
	}
	for url := range t.valueSets {
		t.src.ValueSets = append(t.src.ValueSets, t.expand.valueSet(url))
	}
	sort.Slice(t.src.ValueSets, func(i, j int) bool { return t.src.ValueSets[i].URL < t.src.ValueSets[j].URL })
}

// addCodeSystems keeps the complete code systems of HL7.
func (t *tables) addCodeSystems() {
	for url, cs := range t.expand.codeSystems {
		own := strings.HasPrefix(url, "http://hl7.org/fhir/") || strings.HasPrefix(url, "http://terminology.hl7.org/CodeSystem/")
		if !own || cs.Content != "complete" || len(cs.Concept) == 0 {
			continue
		}
		s := definition.System{URL: url}
		for _, c := range cs.flat() {
			s.Codes = append(s.Codes, c.code)
		}
		slices.Sort(s.Codes)
		t.src.CodeSystems = append(t.src.CodeSystems, s)
	}
	slices.SortFunc(t.src.CodeSystems, func(a, b definition.System) int { return strings.Compare(a.URL, b.URL) })
}

func (t *tables) bindings(e *definition.Element) {
	if e.Binding != nil {
		t.valueSets[e.Binding.ValueSet] = true
	}
	for _, c := range slices.Concat(e.Children, e.Slices) {
		t.bindings(c)
	}
}
