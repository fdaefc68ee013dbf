// Package definition holds FHIR R4 and US Core 6.1 as data: the types with their
// elements, cardinalities, bindings and constraints, the profiles and
// extensions, the value sets that can be expanded, the search parameters and the
// compartments.
//
// The table is derived from the official packages by internal/fhir/generate,
// embedded compressed, and read on the first call of Load; after that everything
// is read-only and may be used from any goroutine. Names are FHIR's own.
//
// Left out: descriptions, mappings, examples, operation definitions, and value
// sets that need an external terminology (those say so, see ValueSet.Has).
package definition

import (
	"slices"
	"strings"
)

// Table is everything that is known of FHIR R4 and US Core. It is read-only.
type Table struct {
	types        map[string]*Type
	profiles     map[string]*Profile
	valueSets    map[string]*ValueSet
	codeSystems  map[string][]string // the codes of HL7's own systems, sorted
	compartments map[string]*Compartment
	search       map[string]*searchIndex
	searchURLs   map[string]*SourceSearch
	resources    []string
}

// Kinds of Type.
const (
	KindPrimitive = "primitive-type"
	KindComplex   = "complex-type"
	KindResource  = "resource"
)

// Type is a data type or a resource of FHIR R4.
type Type struct {
	Name     string
	Kind     string // one of the Kind constants
	Abstract bool
	Base     string // name of the type it specializes, "" for Element and Resource
	Root     *Element

	parents []string
}

// Is reports whether the type is, or specializes, the named one.
func (t *Type) Is(name string) bool {
	return t.Name == name || slices.Contains(t.parents, name)
}

// Unbounded is Element.Max where the definition says "*".
const Unbounded = -1

// Element is one element of a type, or what a profile says of one.
type Element struct {
	Name        string // the last step of its path, without "[x]"
	Choice      bool   // its name in JSON ends in the name of its type
	Min         int
	Max         int // Unbounded for "*"
	Types       []TypeRef
	Children    []*Element // of backbone elements, in the specification's order; in profiles only what differs
	Constraints []Constraint
	Binding     *Binding
	Summary     bool // part of _summary=true
	Modifier    bool
	MaxLength   int // characters, 0 where unlimited

	// What only profiles say. Fixed and Pattern are JSON.
	Fixed     string
	Pattern   string
	SliceName string
	Slicing   *Slicing
	Slices    []*Element

	ContentRef string // path below the root of the element whose content this one repeats

	byName map[string]Child
}

// Child is the meaning of a member's name below an element: the element, and for
// a choice the type that the name selects.
type Child struct {
	Element *Element
	Type    *TypeRef // nil where the element repeats another's content
	Index   int      // position in the specification's order
}

// Child finds what a JSON member name, such as "valueQuantity", means below this
// backbone element.
func (e *Element) Child(member string) (Child, bool) {
	c, ok := e.byName[member]
	return c, ok
}

// Required reports whether the element must be present.
func (e *Element) Required() bool { return e.Min > 0 }

// TypeRef is a type that an element may have.
type TypeRef struct {
	Name     string   // such as "Quantity", "code", "BackboneElement"
	Profiles []string // URLs, of which the value must meet one
	Targets  []string // of references and canonicals: resource types, or profile URLs; none means any
	Def      *Type    // its definition
}

// Constraint is an invariant in FHIRPath.
type Constraint struct {
	Key        string
	Warning    bool // false: severity error
	Human      string
	Expression string
}

// Strengths of Binding.
const (
	Required   = "required"
	Extensible = "extensible"
)

// Binding ties a coded element to a value set. Only required and extensible
// bindings are kept.
type Binding struct {
	Strength string
	ValueSet string // canonical URL without version
}

// Slicing says how the items of an element are told apart.
type Slicing struct {
	Discriminators []Discriminator
	Rules          string // open, closed, openAtEnd
	Ordered        bool
}

// Discriminator is one way to tell slices apart.
type Discriminator struct {
	Type string // value, exists, pattern, type, profile
	Path string // restricted FHIRPath
}

// Profile is a constraint on a type. Its elements are those that differ from the
// type, so a resource is checked against the type first and the profile next.
type Profile struct {
	URL      string
	Version  string
	Name     string
	Type     string
	Root     *Element
	Contexts []Context // of extensions: where they may stand
}

// Context is a place where an extension may stand.
type Context struct {
	Type       string // element, fhirpath, extension
	Expression string
}

// Compartment lists, by resource type, the search parameters that put a resource
// into it; "{def}" stands for the resource the compartment is named for.
type Compartment struct {
	Name   string // such as "Patient"
	Params map[string][]string
}

// Type returns the definition of a data type or resource, nil where unknown.
func (t *Table) Type(name string) *Type { return t.types[name] }

// Resource returns the definition of a concrete resource type, nil where there
// is none of that name.
func (t *Table) Resource(name string) *Type {
	if d := t.types[name]; d != nil && d.Kind == KindResource && !d.Abstract {
		return d
	}
	return nil
}

// Resources returns the names of the concrete resource types, sorted.
func (t *Table) Resources() []string { return t.resources }

// Profile returns a profile or extension by its canonical URL, with or without
// a version; nil where unknown or known in another version.
func (t *Table) Profile(url string) *Profile {
	base, version, versioned := strings.Cut(url, "|")
	p := t.profiles[base]
	if p == nil || versioned && version != p.Version {
		return nil
	}
	return p
}

// ValueSet returns a value set by its canonical URL, nil where unknown.
func (t *Table) ValueSet(url string) *ValueSet {
	base, _, _ := strings.Cut(url, "|")
	return t.valueSets[base]
}

// Compartment returns the compartment of Patient, Encounter, Practitioner,
// Device or RelatedPerson, nil for any other name.
func (t *Table) Compartment(name string) *Compartment { return t.compartments[name] }
