package convert

import (
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/result"
)

func (c *chart) makePatient() {
	id := c.patientID()
	nobody := c.doc.Fields["patient_mrn"].Value+c.doc.Fields["patient_last_name"].Value+c.doc.Fields["patient_first_name"].Value == ""
	if c.Hold { // a patient is never held back, but what is unsure of them is
		whole := c.doc.Fields
		c.doc.Fields = c.sureFields()
		defer func() { c.doc.Fields = whole }()
	}
	f := &fact{}
	p := &r4.Patient{}
	p.Name = []r4.HumanName{c.patientName(f)}
	if mrn := c.scalar(f, "patient_mrn"); mrn != "" {
		p.Identifier = []r4.Identifier{{
			Use: "usual", Type: concept("", coding(v2("0203"), "MR", "Medical record number")), System: c.mrnSystem(), Value: mrn,
		}}
	}
	born := c.scalar(f, "date_of_birth")
	if p.BirthDate = day(born); p.BirthDate == "" && born != "" {
		f.doubt = true
	}
	p.Gender = gender(c.scalar(f, "sex"))
	p.Telecom = c.telecom(f, "phone", "email")
	if a, ok := c.address(f); ok {
		p.Address = []r4.Address{a}
	}
	if m := c.scalar(f, "marital_status"); m != "" {
		p.MaritalStatus = marital(m)
	}
	if l := c.scalar(f, "language"); l != "" {
		p.Communication = []r4.PatientCommunication{{Language: language(l), Preferred: r4.Ptr(true)}}
	}
	c.raceAndEthnicity(f, p)
	c.emergencyContact(f, p)
	c.death(f, p)
	if nobody {
		f.doubt, f.parts = true, []float64{0} // whose record this is, nobody knows
	}
	if p.Identifier != nil && p.Gender != "" {
		claim(p, "patient")
	}
	before := len(c.all)
	c.patient = c.keep(p, id, f)
	c.patients += len(c.all) - before
}

func (c *chart) sureFields() map[string]result.Field {
	out := map[string]result.Field{}
	for name, f := range c.doc.Fields {
		if c.Thresholds.Meets(name, f) {
			out[name] = f
		}
	}
	return out
}

func (c *chart) patientName(f *fact) r4.HumanName {
	name := r4.HumanName{Use: "official", Family: c.scalar(f, "patient_last_name")}
	for _, part := range []string{"patient_first_name", "patient_middle_name"} {
		if given := c.scalar(f, part); given != "" {
			name.Given = append(name.Given, given)
		}
	}
	if suffix := c.scalar(f, "patient_name_suffix"); suffix != "" {
		name.Suffix = []string{suffix}
	}
	if name.Family == "" && name.Given == nil {
		return r4.HumanName{Extension: []r4.Extension{absent("unknown")}}
	}
	return name
}

// mrnSystem names the house's numbering: a record number means nothing without
// the house that gave it, and where no house is known it is like no other.
func (c *chart) mrnSystem() string {
	if name := folded(c.doc.Fields["facility_name"].Value); name != "" {
		return "urn:uuid:" + derive("mrn", name)
	}
	return "urn:uuid:" + c.id("mrn")
}

func gender(value string) string {
	switch strings.ToLower(value) {
	case "male", "m", "man", "boy":
		return "male"
	case "female", "f", "woman", "girl":
		return "female"
	case "other", "x", "nonbinary", "non-binary":
		return "other"
	case "unknown", "u":
		return "unknown"
	}
	return ""
}

func (c *chart) telecom(f *fact, phone, email string) []r4.ContactPoint {
	var all []r4.ContactPoint
	if v := c.scalar(f, phone); v != "" {
		all = append(all, r4.ContactPoint{System: "phone", Value: v})
	}
	if v := c.scalar(f, email); v != "" {
		all = append(all, r4.ContactPoint{System: "email", Value: v})
	}
	return all
}

func (c *chart) address(f *fact) (r4.Address, bool) {
	a := r4.Address{City: c.scalar(f, "city"), State: c.scalar(f, "state"), PostalCode: c.scalar(f, "postal_code")}
	if line := c.scalar(f, "address_line"); line != "" {
		a.Line = []string{line}
	}
	return a, a.City != "" || a.State != "" || a.PostalCode != "" || a.Line != nil
}

func (c *chart) emergencyContact(f *fact, p *r4.Patient) {
	name, phone := c.scalar(f, "emergency_contact_name"), c.scalar(f, "emergency_contact_phone")
	if name == "" && phone == "" {
		return
	}
	contact := r4.PatientContact{Relationship: []r4.CodeableConcept{*concept("", coding(v2("0131"), "C", "Emergency Contact"))}}
	if name != "" {
		contact.Name = r4.Ptr(personName(name))
	}
	if phone != "" {
		contact.Telecom = []r4.ContactPoint{{System: "phone", Value: phone}}
	}
	p.Contact = []r4.PatientContact{contact}
}

// death is said of the patient only where a disposition says it surely.
func (c *chart) death(f *fact, p *r4.Patient) {
	const name = "discharge_disposition"
	field := c.doc.Fields[name]
	if dispositionCode(field.Value) == "exp" && c.Thresholds.Meets(name, field) && field.Confidence >= identityFloor {
		c.scalar(f, name)
		p.DeceasedBoolean = r4.Ptr(true)
	}
}

// personName takes a printed name apart where that is sure, and keeps it whole
// otherwise.
func personName(text string) r4.HumanName {
	n, ok := grammar.ParseName(text)
	if !ok || n.Family == "" {
		return r4.HumanName{Text: text}
	}
	name := r4.HumanName{Text: text, Family: n.Family, Given: n.Given}
	if n.Suffix != "" {
		name.Suffix = []string{n.Suffix}
	}
	name.Suffix = append(name.Suffix, n.Credentials...)
	return name
}
