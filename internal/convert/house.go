package convert

import (
	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/terms"
)

func organization(name, code, display string) *r4.Organization {
	o := &r4.Organization{Active: r4.Ptr(true), Name: name}
	o.Type = []r4.CodeableConcept{*concept("", coding(hl7+"organization-type", code, display))}
	claim(o, "organization")
	return o
}

func (c *chart) makeFacility() {
	f := &fact{}
	name := c.scalar(f, "facility_name")
	if name == "" {
		return
	}
	o := organization(name, "prov", "Healthcare Provider")
	if phone := c.scalar(f, "facility_phone"); phone != "" {
		o.Telecom = []r4.ContactPoint{{System: "phone", Value: phone, Use: "work"}}
	}
	if text := c.scalar(f, "facility_address"); text != "" {
		o.Address = []r4.Address{{Text: text}}
	}
	if c.facility = c.keep(o, c.id("facility", folded(name)), f); c.facility != nil {
		c.facility.Display = name
	}
}

// makeProvider is the clinician. What they are at this house, their specialty,
// is a PractitionerRole; the credentials are their own.
func (c *chart) makeProvider() {
	f := &fact{}
	text, npi := c.scalar(f, "provider_name"), c.scalar(f, "provider_npi")
	if text == "" && npi == "" {
		return
	}
	p := &r4.Practitioner{Name: []r4.HumanName{{Extension: []r4.Extension{absent("unknown")}}}}
	if text != "" {
		p.Name[0] = personName(text)
	}
	if n, ok := grammar.ParseNPI(npi); ok && n.Value == npi && n.Remark == "" {
		p.Identifier = []r4.Identifier{{System: "http://hl7.org/fhir/sid/us-npi", Value: npi}}
	} else if npi != "" {
		f.doubt = true // its check digit says that a digit is misread
	}
	numbered := p.Identifier != nil
	c.licences(p, f)
	if numbered && p.Name[0].Family != "" {
		claim(p, "practitioner")
	}
	if c.provider = c.keep(p, c.id("provider", npi, folded(text)), f); c.provider == nil {
		return
	}
	c.provider.Display = text
	c.makeRole()
}

func (c *chart) makeRole() {
	f := &fact{}
	specialty := c.scalar(f, "provider_specialty")
	if specialty == "" {
		return
	}
	r := &r4.PractitionerRole{Practitioner: c.provider, Organization: c.facility}
	r.Specialty = []r4.CodeableConcept{*c.named(terms.Specialty, specialty)}
	c.keep(r, c.id("role", folded(specialty)), f)
}
