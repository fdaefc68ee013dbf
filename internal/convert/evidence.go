package convert

import (
	"strconv"
	"time"

	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/result"
)

// makeFile is the original as a DocumentReference. FHIR's hash is SHA-1 alone;
// ours is SHA-256, in an extension and as the master identifier.
func (c *chart) makeFile() {
	s := c.doc.Source
	r := &r4.DocumentReference{Status: "current", Subject: c.patient}
	r.MasterIdentifier = &r4.Identifier{System: digestURL, Value: s.SHA256}
	kind := c.doc.Class
	if kind == "" {
		kind = "Medical record"
	}
	r.Type = concept(kind, coding("http://loinc.org", "11503-0", "Medical records"))
	r.Category = []r4.CodeableConcept{*concept("", coding("http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category", "clinical-note", "Clinical Note"))}
	a := &r4.Attachment{ContentType: s.MediaType, Title: s.File, URL: "/api/v1/documents/" + short(s.SHA256) + "/files/original"}
	if s.Size > 0 && s.Size < 1<<31 {
		a.Size = r4.Ptr(int(s.Size))
	}
	a.Extension = []r4.Extension{{URL: digestURL, ValueString: s.SHA256}}
	r.Content = []r4.DocumentReferenceContent{{Attachment: a}}
	if c.facility != nil {
		r.Custodian = c.facility
	}
	claim(r, "documentreference")
	c.file = c.keep(r, c.id("file"), &fact{})
}

func short(digest string) string { return digest[:min(16, len(digest))] }

// makeProvenance says where a resource came from: document, page and box, and
// what read it when.
func (c *chart) makeProvenance(target *r4.Reference, id string, f *fact) {
	if c.file == nil && target.Reference[:4] != "Docu" {
		c.pending = append(c.pending, pending{target, id, f})
		return
	}
	what := c.file
	if what == nil {
		what = target
	}
	p := &r4.Provenance{Target: []r4.Reference{*target}, Recorded: c.recorded()}
	p.Activity = concept("", coding("http://terminology.hl7.org/CodeSystem/v3-DataOperation", "CREATE", "create"))
	p.Agent = []r4.ProvenanceAgent{{
		Type: concept("", coding("http://terminology.hl7.org/CodeSystem/provenance-participant-type", "assembler", "Assembler")),
		Who:  &r4.Reference{Display: c.doc.Source.Engine},
	}}
	p.Entity = []r4.ProvenanceEntity{{Role: "source", What: what}}
	for i, field := range f.fields {
		p.Entity[0].Extension = append(p.Entity[0].Extension, evidence(f.names[i], field)...)
	}
	p.SetID(derive("provenance", target.Reference, id))
	c.all = append(c.all, p)
	if c.file == nil {
		c.file = target
		for _, w := range c.pending {
			c.makeProvenance(w.target, w.id, w.fact)
		}
		c.pending = nil
	}
}

// pending is a provenance that waits for the file it names.
type pending struct {
	target *r4.Reference
	id     string
	fact   *fact
}

// recorded is when the file was read. BDA's results do not say; Provenance must,
// so there it is the earliest time that can be written.
func (c *chart) recorded() string {
	if _, err := time.Parse(time.RFC3339, c.doc.Source.Read); err == nil {
		return c.doc.Source.Read
	}
	return "1970-01-01T00:00:00Z"
}

// evidence is the ink of one field, as extensions: field, page, box in fractions
// of the page (left, top, width, height), confidence, and why it is doubtful.
func evidence(name string, field result.Field) []r4.Extension {
	var all []r4.Extension
	for _, g := range field.Geometry {
		x := r4.Extension{URL: evidenceURL, Extension: []r4.Extension{
			{URL: "field", ValueString: name},
			{URL: "page", ValueInteger: r4.Ptr(g.Page)},
			{URL: "box", ValueString: box(g.Box)},
			{URL: "confidence", ValueDecimal: decimal(field.Confidence)},
		}}
		if field.Text != "" && field.Text != field.Value {
			x.Extension = append(x.Extension, r4.Extension{URL: "printed", ValueString: field.Text})
		}
		if field.Remark != "" {
			x.Extension = append(x.Extension, r4.Extension{URL: "remark", ValueString: field.Remark})
		}
		all = append(all, x)
	}
	return all
}

func box(b result.Box) string {
	f := func(x float64) string { return strconv.FormatFloat(x, 'f', 4, 64) }
	return f(b.Left) + " " + f(b.Top) + " " + f(b.Width) + " " + f(b.Height)
}
