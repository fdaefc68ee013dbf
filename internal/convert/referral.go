package convert

import (
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/terms"
)

// makeReferral is what one clinician asks of another, as a ServiceRequest.
func (c *chart) makeReferral() {
	f := &fact{}
	to, specialty := c.scalar(f, "referred_to_name"), c.scalar(f, "referred_to_specialty")
	service := c.scalar(f, "service_requested")
	if to == "" && specialty == "" && service == "" {
		return
	}
	r := &r4.ServiceRequest{
		Status: "active", Intent: "order", Category: []r4.CodeableConcept{*concept("Referral")}, Subject: c.patient,
		Encounter: c.encounter, Requester: c.provider, AuthoredOn: c.asOf(),
	}
	if service != "" {
		r.Code = c.named(terms.Procedure, service)
	}
	if specialty != "" {
		r.PerformerType = c.named(terms.Specialty, specialty)
	}
	if to != "" {
		performer := r4.Reference{Display: to}
		if phone := c.scalar(f, "referred_to_phone"); phone != "" {
			performer.Display = to + ", " + phone
		}
		r.Performer = []r4.Reference{performer}
	}
	switch p := strings.ToLower(c.doc.Fields["referral_priority"].Value); p {
	case "routine", "urgent", "asap", "stat":
		c.scalar(f, "referral_priority")
		r.Priority = p
	}
	if n, ok := counted(c.doc.Fields["visits_requested"].Value); ok && n > 0 {
		c.scalar(f, "visits_requested")
		r.QuantityQuantity = &r4.Quantity{Value: r4.Decimal(itoa(n)), Unit: "visits"}
	}
	if number := c.scalar(f, "authorization_number"); number != "" {
		r.Identifier = []r4.Identifier{{Type: concept("Authorization number"), Value: number}}
	}
	if until := moment(c.scalar(f, "referral_expires")); until != "" {
		r.OccurrencePeriod = &r4.Period{End: until}
	}
	if reason := c.scalar(f, "chief_complaint"); reason != "" {
		r.ReasonCode = []r4.CodeableConcept{*concept(reason)}
	}
	if c.coverage != nil {
		r.Insurance = []r4.Reference{*c.coverage}
	}
	c.keep(r, c.id("referral", folded(to), folded(specialty), folded(service)), f)
}
