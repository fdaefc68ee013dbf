package convert

import (
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/terms"
)

func (c *chart) makePatient() {
	f := &fact{}
	p := &r4.Patient{}
	last, first := c.scalar(f, "patient_last_name"), c.scalar(f, "patient_first_name")
	mrn, born := c.scalar(f, "patient_mrn"), moment(c.scalar(f, "date_of_birth"))
	id := c.id("patient")
	if mrn != "" && len(born) == 10 && last != "" && c.sure(f) {
		id = derive("patient", folded(mrn), born, folded(last))
	}
	if mrn != "" {
		p.Identifier = []r4.Identifier{{
			Use: "usual", Type: concept("", coding(v2("0203"), "MR", "Medical record number")), System: c.mrnSystem(), Value: mrn,
		}}
	}
	name := r4.HumanName{Use: "official", Family: last}
	for _, given := range []string{first, c.scalar(f, "patient_middle_name")} {
		if given != "" {
			name.Given = append(name.Given, given)
		}
	}
	if suffix := c.scalar(f, "patient_name_suffix"); suffix != "" {
		name.Suffix = []string{suffix}
	}
	if last != "" || name.Given != nil {
		p.Name = []r4.HumanName{name}
	} else {
		p.Name = []r4.HumanName{{Extension: []r4.Extension{absent("unknown")}}}
	}
	p.Gender = gender(c.scalar(f, "sex"))
	if full := c.doc.Fields["date_of_birth"].Value; len(full) <= 10 {
		p.BirthDate = born
	}
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
	if mrn != "" && p.Gender != "" {
		claim(p, "patient")
	}
	c.patient = c.keep(p, id, f)
	c.patients++
}

func v2(table string) string { return "http://terminology.hl7.org/CodeSystem/v2-" + table }
func v3(name string) string  { return "http://terminology.hl7.org/CodeSystem/v3-" + name }

func absent(reason string) r4.Extension {
	return r4.Extension{URL: "http://hl7.org/fhir/StructureDefinition/data-absent-reason", ValueCode: reason}
}

// mrnSystem names the facility's numbering: a record number means nothing
// without the house that gave it.
func (c *chart) mrnSystem() string {
	if name := folded(c.doc.Fields["facility_name"].Value); name != "" {
		return "urn:uuid:" + derive("mrn", name)
	}
	return "urn:uuid:" + derive("mrn")
}

func gender(value string) string {
	switch strings.ToLower(value) {
	case "male", "m":
		return "male"
	case "female", "f":
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

func marital(text string) *r4.CodeableConcept {
	codes := map[string]string{"married": "M", "single": "S", "divorced": "D", "widowed": "W", "separated": "L",
		"never married": "S", "domestic partner": "T", "annulled": "A"}
	names := map[string]string{"M": "Married", "S": "Never Married", "D": "Divorced", "W": "Widowed", "L": "Legally Separated",
		"T": "Domestic partner", "A": "Annulled"}
	if code, ok := codes[strings.ToLower(text)]; ok {
		return concept(text, coding(v3("MaritalStatus"), code, names[code]))
	}
	return concept(text)
}

func language(text string) *r4.CodeableConcept {
	codes := map[string]string{"english": "en", "spanish": "es", "french": "fr", "german": "de", "italian": "it",
		"portuguese": "pt", "chinese": "zh", "russian": "ru", "arabic": "ar", "japanese": "ja", "korean": "ko", "polish": "pl", "hindi": "hi"}
	if code, ok := codes[strings.ToLower(text)]; ok {
		return concept(text, r4.Coding{System: "urn:ietf:bcp:47", Code: code})
	}
	return concept(text)
}

// Race and ethnicity as US Core's extensions, with the OMB categories where the
// print names one.
func (c *chart) raceAndEthnicity(f *fact, p *r4.Patient) {
	const cdc = "urn:oid:2.16.840.1.113883.6.238"
	races := map[string][2]string{
		"white": {"2106-3", "White"}, "caucasian": {"2106-3", "White"}, "black": {"2054-5", "Black or African American"},
		"africanamerican": {"2054-5", "Black or African American"}, "blackorafricanamerican": {"2054-5", "Black or African American"},
		"asian": {"2028-9", "Asian"}, "americanindianoralaskanative": {"1002-5", "American Indian or Alaska Native"},
		"nativehawaiianorotherpacificislander": {"2076-8", "Native Hawaiian or Other Pacific Islander"},
	}
	ethnicities := map[string][2]string{
		"hispanicorlatino": {"2135-2", "Hispanic or Latino"}, "hispanic": {"2135-2", "Hispanic or Latino"}, "latino": {"2135-2", "Hispanic or Latino"},
		"nothispanicorlatino": {"2186-5", "Not Hispanic or Latino"}, "nonhispanic": {"2186-5", "Not Hispanic or Latino"},
		"nonhispanicorlatino": {"2186-5", "Not Hispanic or Latino"}, "nothispanic": {"2186-5", "Not Hispanic or Latino"},
	}
	add := func(field string, known map[string][2]string) {
		text := c.scalar(f, field)
		if text == "" {
			return
		}
		x := r4.Extension{URL: ourProfile(field)}
		if k, ok := known[folded(text)]; ok {
			x.Extension = append(x.Extension, r4.Extension{URL: "ombCategory", ValueCoding: r4.Ptr(coding(cdc, k[0], k[1]))})
		}
		x.Extension = append(x.Extension, r4.Extension{URL: "text", ValueString: text})
		p.Extension = append(p.Extension, x)
	}
	add("race", races)
	add("ethnicity", ethnicities)
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

func (c *chart) makeFacility() {
	f := &fact{}
	o := &r4.Organization{Active: r4.Ptr(true), Name: c.scalar(f, "facility_name")}
	if o.Name == "" {
		return
	}
	if phone := c.scalar(f, "facility_phone"); phone != "" {
		o.Telecom = []r4.ContactPoint{{System: "phone", Value: phone}}
	}
	if text := c.scalar(f, "facility_address"); text != "" {
		o.Address = []r4.Address{{Text: text}}
	}
	claim(o, "organization")
	c.facility = c.keep(o, c.id("facility", folded(o.Name)), f)
}

func (c *chart) makeProvider() {
	f := &fact{}
	text := c.scalar(f, "provider_name")
	npi := c.scalar(f, "provider_npi")
	if text == "" && npi == "" {
		return
	}
	p := &r4.Practitioner{Name: []r4.HumanName{personName(text)}}
	if text == "" {
		p.Name = []r4.HumanName{{Extension: []r4.Extension{absent("unknown")}}}
	}
	if id, ok := grammar.ParseNPI(npi); ok && id.Value == npi {
		p.Identifier = []r4.Identifier{{System: "http://hl7.org/fhir/sid/us-npi", Value: npi}}
	}
	if s := c.scalar(f, "provider_specialty"); s != "" {
		q := concept(s)
		if m, ok := c.match(terms.Specialty, s); ok {
			q.Coding = termCodings(m.Concept.Codings)
		}
		p.Qualification = []r4.PractitionerQualification{{Code: q}}
	}
	if p.Identifier != nil && p.Name[0].Family != "" {
		claim(p, "practitioner")
	}
	c.provider = c.keep(p, c.id("provider", npi, folded(text)), f)
	if c.provider != nil {
		c.provider.Display = text
	}
}

func (c *chart) makeEncounter() {
	f := &fact{}
	kind, number := c.scalar(f, "encounter_type"), c.scalar(f, "encounter_id")
	begin, end := moment(c.scalar(f, "admission_date")), moment(c.scalar(f, "discharge_date"))
	day := moment(c.scalar(f, "encounter_date"))
	reason := c.scalar(f, "chief_complaint")
	if begin == "" {
		begin = day
	}
	if kind == "" && number == "" && begin == "" && end == "" {
		return
	}
	if c.when = begin; c.when == "" {
		c.when = end
	}
	class := encounterClass(kind, c.doc.Fields["admission_date"].Value != "" || end != "")
	e := &r4.Encounter{Status: "finished", Class: &class, Subject: c.patient}
	if end == "" && c.doc.Fields["admission_date"].Value != "" {
		e.Status = "unknown"
	}
	if number != "" {
		e.Identifier = []r4.Identifier{{System: "urn:uuid:" + derive("visit", c.mrnSystem()), Value: number}}
	}
	if kind == "" {
		kind = class.Display
	}
	e.Type = []r4.CodeableConcept{*concept(kind)}
	if begin != "" || end != "" {
		e.Period = &r4.Period{Start: begin, End: end}
	}
	if reason != "" {
		e.ReasonCode = []r4.CodeableConcept{*concept(reason)}
	}
	if c.provider != nil {
		e.Participant = []r4.EncounterParticipant{{Individual: c.provider}}
	}
	e.ServiceProvider = c.facility
	if d := c.scalar(f, "discharge_disposition"); d != "" {
		e.Hospitalization = &r4.EncounterHospitalization{DischargeDisposition: concept(d)}
	}
	claim(e, "encounter")
	c.encounter = c.keep(e, c.id("encounter"), f)
}

func encounterClass(kind string, stay bool) r4.Coding {
	k := strings.ToLower(kind)
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(k, w) {
				return true
			}
		}
		return false
	}
	switch {
	case has("emergency", "ed visit", "er visit"):
		return coding(v3("ActCode"), "EMER", "emergency")
	case has("telehealth", "telemedicine", "virtual", "phone", "video"):
		return coding(v3("ActCode"), "VR", "virtual")
	case has("inpatient", "admission", "hospital") || stay:
		return coding(v3("ActCode"), "IMP", "inpatient encounter")
	case has("home"):
		return coding(v3("ActCode"), "HH", "home health")
	}
	return coding(v3("ActCode"), "AMB", "ambulatory")
}

func (c *chart) makeCoverage() {
	f := &fact{}
	payer, member := c.scalar(f, "insurance_payer_name"), c.scalar(f, "insurance_member_id")
	number := c.scalar(f, "insurance_group_number")
	if payer == "" {
		return
	}
	org := &r4.Organization{Active: r4.Ptr(true), Name: payer}
	claim(org, "organization")
	pf := &fact{}
	c.scalar(pf, "insurance_payer_name")
	payor := c.keep(org, c.id("payer", folded(payer)), pf)
	if payor == nil {
		return
	}
	v := &r4.Coverage{Status: "active", Beneficiary: c.patient, SubscriberId: member, Payor: []r4.Reference{*payor}}
	if number != "" {
		v.Class = []r4.CoverageClass{{Type: concept("", coding("http://terminology.hl7.org/CodeSystem/coverage-class", "group", "Group")), Value: number}}
	}
	c.keep(v, c.id("coverage"), f)
}
