// Package convert turns results into FHIR R4: one transaction Bundle for a file,
// every resource under an id derived from the file and the value, so that the
// same file gives the same bytes whenever and wherever it is converted.
//
// Nothing is made up: a date, unit, status or code that is not on the paper is
// not in the resource, and data-absent-reason stands where FHIR asks for it.
//
// # Trust
//
// A resource is as sure as its least sure field. One that lies below a threshold,
// or holds a value that contradicts itself or the page, is marked: meta.tag
// needs-review, and the status that says so (preliminary, unconfirmed). With Hold
// it is left out. The extension extraction-confidence says how sure each resource
// is, its Provenance where on the page every field stands. StructureDefinitions
// has the definitions of what is our own.
//
// # Who is whom
//
// A Patient's id comes from record number, birth date and name where all were
// read surely, and is then the same in every file; see identity.go. Otherwise,
// and for everything else, ids are the file's own, so that two files never write
// over each other.
//
// # What becomes what
//
// A medication is a MedicationRequest, for US Core keeps medication lists there,
// with intent "order" where the document is a prescription and "plan" elsewhere;
// one that the paper says is not taken is a MedicationStatement, for only that
// can say so. Narrative is a Composition with a section for each text. Results
// have a DiagnosticReport for each panel and date. What a card, a prescription or a
// referral says beyond a chart is in Coverage, MedicationRequest and
// ServiceRequest; the answers to a user's own fields are a QuestionnaireResponse.
// See docs/decisions.
package convert

import (
	"errors"
	"fmt"

	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/result"
	"github.com/paperchart/paperchart/internal/terms"
)

// Converter turns results into FHIR. It may be used by several goroutines.
type Converter struct {
	Terms      terms.Vocabulary
	Thresholds result.Thresholds
	// Hold leaves out what is below its threshold instead of marking it.
	Hold bool
	// Original is the address at which the scan can be had; our own API's where
	// it is nil.
	Original func(result.Source) string
}

// Output is what is made of a file.
type Output struct {
	// Resources are in the order of the Bundle: each after those it refers to,
	// Provenance last.
	Resources []r4.Resource
	// Patients is the number of people, Review of fields that wait for a person.
	Patients, Review int
}

// Convert makes the resources of one file's documents.
func (c *Converter) Convert(docs []result.Document) (Output, error) {
	if len(docs) == 0 {
		return Output{}, errors.New("convert result: there is none")
	}
	b := &builder{Converter: c, kept: map[string]*entry{}}
	for i, d := range docs {
		b.document(clean(d), i)
	}
	out := Output{Patients: b.patients, Review: b.review}
	for _, e := range b.all {
		out.Resources = append(out.Resources, e.resource)
	}
	for _, e := range b.all {
		out.Resources = append(out.Resources, e.provenance)
	}
	return out, nil
}

// builder collects the resources of a file.
type builder struct {
	*Converter
	all      []*entry
	kept     map[string]*entry // by Type/id
	patients int
	review   int
}

// entry is a resource with its origin.
type entry struct {
	resource   r4.DomainResource
	provenance *r4.Provenance
}

// chart is the making of one document's resources.
type chart struct {
	*builder
	doc     result.Document
	scope   []string // what its ids derive from
	kind    docKind
	file    *r4.Reference
	patient *r4.Reference
	// Encounter and the rest are nil where the paper names none.
	encounter, provider, facility, coverage *r4.Reference
	// day is the date of a visit of one day, written the date the document was
	// written; each is empty where the paper has none.
	day, written string
	// told are the fields that had a home, so that others can be given one.
	told map[string]bool
}

func (b *builder) document(d result.Document, i int) {
	c := &chart{builder: b, doc: d, scope: scope(d, i), told: map[string]bool{}}
	c.file = &r4.Reference{Reference: "DocumentReference/" + c.id("file")}
	c.kind = kindOf(d.Fields["document_type"].Value, d.Class)
	c.written = moment(d.Fields["document_date"].Value)
	b.review += len(b.Thresholds.Review(d))
	c.makePatient()
	c.makeFacility()
	c.makeProvider()
	c.makeEncounter()
	c.makeFile()
	c.makeCoverage()
	c.makeConditions()
	c.makeAllergies()
	c.makeMedications()
	c.makeVitals()
	c.makeLabs()
	c.makeSocial()
	c.makeProcedures()
	c.makeImmunizations()
	c.makeFamily()
	c.makeNarrative()
	c.makeReferral()
	c.makeAnswers()
}

// asOf is the date for which the document speaks.
func (c *chart) asOf() string {
	if c.day != "" {
		return c.day
	}
	return c.written
}

// id derives an id of this document's from what a resource is about.
func (c *chart) id(parts ...string) string {
	return derive(append(append([]string{}, c.scope...), parts...)...)
}

func concept(text string, codings ...r4.Coding) *r4.CodeableConcept {
	return &r4.CodeableConcept{Text: text, Coding: codings}
}

func coding(system, code, display string) r4.Coding {
	return r4.Coding{System: system, Code: code, Display: display}
}

func v2(table string) string { return hl7 + "v2-" + table }
func v3(name string) string  { return hl7 + "v3-" + name }

const hl7 = "http://terminology.hl7.org/CodeSystem/"

func absent(reason string) r4.Extension {
	return r4.Extension{URL: "http://hl7.org/fhir/StructureDefinition/data-absent-reason", ValueCode: reason}
}

func unknown() *r4.Element { return &r4.Element{Extension: []r4.Extension{absent("unknown")}} }

func note(text string) r4.Annotation { return r4.Annotation{Text: text} }

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
	m, ok := c.Terms.Match(d, text)
	return m, ok && m.Concept != nil
}

// named is a text as the concept that the vocabulary knows it as.
func (c *chart) named(d terms.Domain, text string) *r4.CodeableConcept {
	out := concept(text)
	if m, ok := c.match(d, text); ok {
		out.Coding = termCodings(m.Concept.Codings)
	}
	return out
}

func usCore(name string) string {
	return fmt.Sprintf("http://hl7.org/fhir/us/core/StructureDefinition/us-core-%s", name)
}

// claim says that a resource keeps to a profile of US Core.
func claim(r r4.Resource, profile string) { r.EnsureMeta().Profile = []string{usCore(profile)} }
