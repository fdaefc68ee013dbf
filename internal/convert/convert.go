// Package convert turns results into FHIR R4: one transaction Bundle for a file,
// every resource under an id derived from the file and the value, so that the
// same file gives the same bytes whenever and wherever it is converted.
//
// What lies below its threshold is marked: meta.tag needs-review, and the status
// that says so (preliminary, unconfirmed). With Hold such resources are left out.
// Nothing is made up: a date that is not on the paper is not in the resource.
//
// # Who is whom
//
// A Patient's id comes from record number, birth date and family name where all
// three were read surely, and is then the same in every file; otherwise from the
// file. Everything else has an id of the file's, so that two files never write
// over each other.
package convert

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/paperchart/paperchart/blueprint"
	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/result"
	"github.com/paperchart/paperchart/internal/terms"
)

// Converter turns results into FHIR. It may be used by several goroutines.
type Converter struct {
	Blueprint  *blueprint.Blueprint
	Terms      terms.Vocabulary
	Thresholds result.Thresholds
	// Hold leaves out what is below its threshold instead of marking it.
	Hold bool
}

// Output is what is made of a file.
type Output struct {
	// Resources are in the order of the Bundle: each after those it refers to.
	Resources []r4.Resource
	// Patients is the number of people, Review of fields that wait for a person.
	Patients, Review int
}

// The extensions and tags of our own.
const (
	ourDefinitions = "https://paperchart.dev/fhir/StructureDefinition/"
	confidenceURL  = ourDefinitions + "extraction-confidence"
	evidenceURL    = ourDefinitions + "evidence"
	digestURL      = ourDefinitions + "sha256"
	tagSystem      = "https://paperchart.dev/fhir/CodeSystem/tag"
)

// Convert makes the resources of one file's documents.
func (c *Converter) Convert(docs []result.Document) (Output, error) {
	if len(docs) == 0 {
		return Output{}, errors.New("convert result: there is none")
	}
	b := &builder{Converter: c, seen: map[string]bool{}}
	for i, d := range docs {
		b.document(d, i)
	}
	return Output{Resources: b.all, Patients: b.patients, Review: b.review}, nil
}

// builder collects the resources of a file.
type builder struct {
	*Converter
	all      []r4.Resource
	seen     map[string]bool // Type/id
	patients int
	review   int
}

// chart is the making of one document's resources.
type chart struct {
	*builder
	doc     result.Document
	scope   []string // what its ids derive from
	file    *r4.Reference
	patient *r4.Reference
	// Encounter and the rest are nil where the paper names none.
	encounter, provider, facility *r4.Reference
	// when is the document's own date, empty where it has none.
	when string
	// pending are provenances that wait for the file's own resource.
	pending []pending
}

func (b *builder) document(d result.Document, i int) {
	c := &chart{builder: b, doc: d, scope: []string{d.Source.SHA256, strconv.Itoa(i)}}
	b.review += len(b.Thresholds.Review(d))
	c.makePatient()
	c.makeFacility()
	c.makeProvider()
	c.makeFile()
	c.makeEncounter()
	c.makeCoverage()
	c.makeConditions()
	c.makeAllergies()
	c.makeMedications()
	c.makeVitals()
	c.makeLabs()
	c.makeSmoking()
	c.makeProcedures()
	c.makeImmunizations()
	c.makeFamily()
}

// fact is a resource in the making: the fields it is made of.
type fact struct {
	names  []string
	fields []result.Field
}

func (f *fact) use(name string, field result.Field) string {
	if field.Value != "" {
		f.names = append(f.names, name)
		f.fields = append(f.fields, field)
	}
	return field.Value
}

// scalar takes a field of the document into the fact and returns its value.
func (c *chart) scalar(f *fact, name string) string { return f.use(name, c.doc.Fields[name]) }

// cell takes a cell of a table's row into the fact and returns its value.
func cell(f *fact, table string, row result.Row, column string) string {
	return f.use(table+"."+column, row[column])
}

// confidence is that of the least sure field: a resource is as right as its
// worst part.
func (f *fact) confidence() float64 {
	least := 1.0
	for _, x := range f.fields {
		least = min(least, x.Confidence)
	}
	return least
}

func (c *chart) sure(f *fact) bool {
	for i, x := range f.fields {
		if !c.Thresholds.Meets(f.names[i], x) {
			return false
		}
	}
	return true
}

// keep adds a resource with its id, confidence, tag and provenance. It returns a
// reference to it, or nil where it is held back.
func (c *chart) keep(r r4.DomainResource, id string, f *fact) *r4.Reference {
	ref := &r4.Reference{Reference: r.ResourceType() + "/" + id}
	if c.seen[ref.Reference] {
		return ref
	}
	sure := c.sure(f)
	if _, isPatient := r.(*r4.Patient); c.Hold && !sure && !isPatient {
		return nil
	}
	c.seen[ref.Reference] = true
	r.SetID(id)
	if len(f.fields) > 0 {
		r.AddExtension(r4.Extension{URL: confidenceURL, ValueDecimal: decimal(f.confidence())})
	}
	if !sure {
		meta := r.EnsureMeta()
		meta.Tag = append(meta.Tag, r4.Coding{System: tagSystem, Code: "needs-review", Display: "Needs review"})
	}
	c.all = append(c.all, r)
	c.makeProvenance(ref, id, f)
	return ref
}

// id derives an id of this document's from what a resource is about.
func (c *chart) id(parts ...string) string {
	return derive(append(append([]string{}, c.scope...), parts...)...)
}

func decimal(x float64) r4.Decimal { return r4.Decimal(strconv.FormatFloat(x, 'f', 2, 64)) }

func concept(text string, codings ...r4.Coding) *r4.CodeableConcept {
	return &r4.CodeableConcept{Text: text, Coding: codings}
}

func coding(system, code, display string) r4.Coding {
	return r4.Coding{System: system, Code: code, Display: display}
}

func termCodings(all []terms.Coding) []r4.Coding {
	var out []r4.Coding
	for _, t := range all {
		out = append(out, r4.Coding{System: t.System, Version: t.Version, Code: t.Code, Display: t.Display})
	}
	return out
}

// match codes a text where the vocabulary is sure of it.
func (c *chart) match(d terms.Domain, text string) (terms.Match, bool) {
	if c.Terms == nil || text == "" {
		return terms.Match{}, false
	}
	return c.Terms.Match(d, text)
}

// moment is a value as a FHIR date or dateTime, empty where it is none.
func moment(value string) string {
	if isDate.MatchString(value) {
		return value
	}
	return ""
}

func ourProfile(name string) string {
	return fmt.Sprintf("http://hl7.org/fhir/us/core/StructureDefinition/us-core-%s", name)
}

func claim(r r4.Resource, profile string) { r.EnsureMeta().Profile = []string{ourProfile(profile)} }
