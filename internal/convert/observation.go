package convert

import (
	"github.com/paperchart/paperchart/internal/fhir/r4"
)

// observation begins an Observation of a category.
func (c *chart) observation(category, display, when string) *r4.Observation {
	o := &r4.Observation{
		Status: "final", Subject: c.patient, Encounter: c.encounter, EffectiveDateTime: when,
		Category: []r4.CodeableConcept{*concept("", coding(hl7+"observation-category", category, display))},
	}
	if when == "" {
		o.EffectiveDateTimeExt = unknown()
	}
	return o
}

func (c *chart) keepObservation(o *r4.Observation, id string, f *fact) *r4.Reference {
	if !c.sure(f) {
		o.Status = "preliminary"
	}
	return c.keep(o, id, f)
}

func noValue(reason, display string) *r4.CodeableConcept {
	return concept("", coding(hl7+"data-absent-reason", reason, display))
}
