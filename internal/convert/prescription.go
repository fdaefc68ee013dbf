package convert

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/terms"
)

// licences adds the numbers by which a clinician may prescribe. A DEA number whose
// check digit is wrong is kept for a person to look at.
func (c *chart) licences(p *r4.Practitioner, f *fact) {
	if dea := c.scalar(f, "provider_dea"); dea != "" {
		dea = strings.ToUpper(strings.ReplaceAll(dea, " ", ""))
		f.doubt = f.doubt || !grammar.ValidDEA(dea)
		p.Identifier = append(p.Identifier, r4.Identifier{
			Type: concept("", coding(v2("0203"), "DEA", "Drug Enforcement Administration registration number")), System: "urn:oid:2.16.840.1.113883.4.814", Value: dea,
		})
	}
	if number := c.scalar(f, "provider_license"); number != "" {
		p.Identifier = append(p.Identifier, r4.Identifier{Type: concept("", coding(v2("0203"), "SL", "State license")), Value: number})
	}
}

// amount is a quantity as prescriptions have it: "30", "#30", "30 tablets", "90 (ninety)".
var amount = regexp.MustCompile(`^#?\s*(\d{1,5}(?:\.\d{1,3})?)\s*(?:\([a-z -]+\))?\s*([A-Za-z][A-Za-z ]{0,20})?$`)

// count is a number in figures or the words that stand for none.
var count = regexp.MustCompile(`(?i)^#?\s*(\d{1,3})\s*(?:\([a-z]+\)|refills?|times?|days?)?$|^(none|no|zero|nr|ø)$`)

func counted(text string) (int, bool) {
	m := count.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return 0, false
	}
	n, _ := strconv.Atoi("0" + m[1]) // at most three digits
	return n, true
}

// supply says what a pharmacy is to dispense. What cannot be said in FHIR's terms
// stays untold, and so becomes an answer of its own.
func (c *chart) supply(r *r4.MedicationRequest, f *fact) {
	d := &r4.MedicationRequestDispenseRequest{}
	asked := false
	if m := amount.FindStringSubmatch(strings.TrimSpace(c.doc.Fields["dispense_quantity"].Value)); m != nil {
		c.scalar(f, "dispense_quantity")
		d.Quantity, asked = c.measured(m[1], strings.TrimSpace(m[2])), true
	}
	if n, ok := counted(c.doc.Fields["refills"].Value); ok {
		c.scalar(f, "refills")
		d.NumberOfRepeatsAllowed, asked = &n, true
	}
	if n, ok := counted(c.doc.Fields["days_supply"].Value); ok && n > 0 {
		c.scalar(f, "days_supply")
		d.ExpectedSupplyDuration = &r4.Duration{Value: r4.Decimal(strconv.Itoa(n)), Unit: "days", System: terms.UCUM, Code: "d"}
		asked = true
	}
	if name := c.scalar(f, "pharmacy_name"); name != "" {
		d.Performer, asked = &r4.Reference{Display: name}, true
	}
	if asked {
		r.DispenseRequest = d
	}
	if allowed, ok := substitution(c.doc.Fields["substitution"].Value); ok {
		c.scalar(f, "substitution")
		r.Substitution = &r4.MedicationRequestSubstitution{AllowedBoolean: &allowed}
	}
	if number := c.scalar(f, "prescription_number"); number != "" {
		r.Identifier = append(r.Identifier, r4.Identifier{Type: concept("Prescription number"), Value: number})
	}
}

// substitution reads whether another product may be given. "Yes" behind a label is
// not clear where the label may be DAW, so only plain words count.
func substitution(text string) (allowed, ok bool) {
	switch strings.ToLower(strings.Trim(text, " .")) {
	case "permitted", "allowed", "may substitute", "substitution permitted", "generic ok", "ok", "substitution allowed", "product selection permitted":
		return true, true
	case "not permitted", "not allowed", "do not substitute", "dispense as written", "daw", "brand only", "brand medically necessary", "substitution not permitted", "no substitution":
		return false, true
	}
	return false, false
}
