package convert

import (
	"strconv"

	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/result"
)

// The extensions and tags of our own.
const (
	ourDefinitions = "https://paperchart.dev/fhir/StructureDefinition/"
	confidenceURL  = ourDefinitions + "extraction-confidence"
	evidenceURL    = ourDefinitions + "evidence"
	digestURL      = ourDefinitions + "sha256"
	tagSystem      = "https://paperchart.dev/fhir/CodeSystem/tag"
)

var needsReview = r4.Coding{System: tagSystem, Code: "needs-review", Display: "Needs review"}

// fact is a resource in the making: the fields it is made of.
type fact struct {
	names  []string
	fields []result.Field
	// doubt is true where the fields do not fit together or cannot be said in
	// FHIR: the resource waits for a person however sure each field is.
	doubt bool
	// parts are confidences of what it consists of beside its own fields.
	parts []float64
}

func (f *fact) use(name string, field result.Field) string {
	if field.Value != "" {
		f.names = append(f.names, name)
		f.fields = append(f.fields, field)
	}
	return field.Value
}

// and takes what another fact is made of into this one.
func (f *fact) and(other *fact) {
	f.names = append(f.names, other.names...)
	f.fields = append(f.fields, other.fields...)
	f.doubt = f.doubt || other.doubt
}

// scalar takes a field of the document into the fact and returns its value.
func (c *chart) scalar(f *fact, name string) string {
	c.told[name] = true
	return f.use(name, c.doc.Fields[name])
}

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
	for _, x := range f.parts {
		least = min(least, x)
	}
	return least
}

func (c *chart) sure(f *fact) bool {
	for i, x := range f.fields {
		if !c.Thresholds.Meets(f.names[i], x) {
			return false
		}
	}
	return !f.doubt
}

// keep adds a resource with its id, confidence, tag and provenance. It returns a
// reference to it, or nil where it is held back. The Patient and the document
// itself are never held: everything else hangs on them.
func (c *chart) keep(r r4.DomainResource, id string, f *fact) *r4.Reference {
	ref := &r4.Reference{Reference: r.ResourceType() + "/" + id}
	sure := c.sure(f)
	if f.doubt && c.sure(&fact{names: f.names, fields: f.fields}) {
		c.review++ // its fields do not count for themselves
	}
	if c.Hold && !sure && !anchor(r) {
		return nil
	}
	r.SetID(id)
	r.AddExtension(r4.Extension{URL: confidenceURL, ValueDecimal: decimal(f.confidence())})
	if !sure {
		meta := r.EnsureMeta()
		meta.Tag = append(meta.Tag, needsReview)
	}
	if e := c.kept[ref.Reference]; e != nil {
		c.again(e, r, f)
		return ref
	}
	e := &entry{r, c.provenance(ref, f)}
	c.kept[ref.Reference] = e
	c.all = append(c.all, e)
	return ref
}

func anchor(r r4.Resource) bool {
	switch r.(type) {
	case *r4.Patient, *r4.DocumentReference:
		return true
	}
	return false
}

// again is another mention of what the file already has: of a Patient, on a
// second document, whatever the first left open is taken over.
func (c *chart) again(e *entry, r r4.DomainResource, f *fact) {
	old, isPatient := e.resource.(*r4.Patient)
	if !isPatient {
		return
	}
	mergePatient(old, r.(*r4.Patient))
	e.provenance.Entity = append(e.provenance.Entity, c.source(f))
}

// decimal is a confidence as it is written everywhere.
func decimal(x float64) r4.Decimal { return r4.Decimal(strconv.FormatFloat(x, 'f', 2, 64)) }
