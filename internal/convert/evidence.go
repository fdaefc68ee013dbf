package convert

import (
	"strconv"
	"strings"
	"time"

	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/result"
)

// provenance says where a resource came from: document, page and box, and what
// read it when.
func (c *chart) provenance(target *r4.Reference, f *fact) *r4.Provenance {
	p := &r4.Provenance{Target: []r4.Reference{*target}, Recorded: c.recorded()}
	p.Activity = concept("", coding(v3("DataOperation"), "CREATE", "create"))
	p.Agent = []r4.ProvenanceAgent{{
		Type: concept("", coding(hl7+"provenance-participant-type", "assembler", "Assembler")),
		Who:  &r4.Reference{Display: c.engine()},
	}}
	p.Entity = []r4.ProvenanceEntity{c.source(f)}
	p.SetID(c.id("provenance", target.Reference)) // a Patient has one of each file
	return p
}

// source is this document with the ink of the fields.
func (c *chart) source(f *fact) r4.ProvenanceEntity {
	e := r4.ProvenanceEntity{Role: "source", What: c.file}
	for i, field := range f.fields {
		e.Extension = append(e.Extension, evidence(f.names[i], field)...)
	}
	return e
}

// engine is what read the paper.
func (c *chart) engine() string {
	switch {
	case c.doc.Source.Engine != "":
		return c.doc.Source.Engine
	case strings.HasPrefix(c.doc.Blueprint.ARN, "arn:aws"):
		return "Amazon Bedrock Data Automation"
	}
	return "Unknown engine"
}

// recorded is when the file was read. BDA's results do not say; Provenance must,
// so there it is the earliest time that can be written.
func (c *chart) recorded() string {
	if at := c.readAt(); at != "" {
		return at
	}
	return "1970-01-01T00:00:00Z"
}

func (c *chart) readAt() string {
	if _, err := time.Parse(time.RFC3339, c.doc.Source.Read); err != nil || !isDate.MatchString(c.doc.Source.Read) {
		return ""
	}
	return c.doc.Source.Read
}

// evidence is the ink of one field, as extensions: field, page, box in fractions
// of the page (left, top, width, height), confidence, and why it is doubtful. A
// field without a place still says its confidence.
func evidence(name string, field result.Field) []r4.Extension {
	places := field.Geometry
	if len(places) == 0 {
		places = []result.Geometry{{Page: -1}}
	}
	var all []r4.Extension
	for _, g := range places {
		x := r4.Extension{URL: evidenceURL, Extension: []r4.Extension{{URL: "field", ValueString: name}}}
		add := func(y r4.Extension) { x.Extension = append(x.Extension, y) }
		if g.Page > 0 {
			add(r4.Extension{URL: "page", ValueInteger: r4.Ptr(g.Page)})
		}
		if g.Box != (result.Box{}) {
			add(r4.Extension{URL: "box", ValueString: box(g.Box)})
		}
		add(r4.Extension{URL: "confidence", ValueDecimal: decimal(field.Confidence)})
		if field.Text != "" && field.Text != field.Value {
			add(r4.Extension{URL: "printed", ValueString: field.Text})
		}
		if field.Remark != "" {
			add(r4.Extension{URL: "remark", ValueString: field.Remark})
		}
		all = append(all, x)
	}
	return all
}

func box(b result.Box) string {
	f := func(x float64) string { return strconv.FormatFloat(x, 'f', 4, 64) }
	return f(b.Left) + " " + f(b.Top) + " " + f(b.Width) + " " + f(b.Height)
}
