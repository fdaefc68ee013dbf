package convert

import (
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/grammar/sig"
	"github.com/paperchart/paperchart/internal/result"
	"github.com/paperchart/paperchart/internal/terms"
)

// medicine is one row of the medications.
type medicine struct {
	code   *r4.CodeableConcept
	dosage []r4.Dosage
	status string
	note   []r4.Annotation
}

func (c *chart) makeMedications() {
	const t = "medications"
	c.table(t, []string{"medication_name", "dose", "frequency", "medication_status"}, func(row result.Row, f *fact, id string) {
		name, status := cell(f, t, row, "medication_name"), cell(f, t, row, "medication_status")
		d := direction{
			dose: cell(f, t, row, "dose"), route: cell(f, t, row, "route"), often: cell(f, t, row, "frequency"),
			told: cell(f, t, row, "instructions"), start: cell(f, t, row, "start_date"),
		}
		if name == "" {
			return
		}
		m := medicine{code: c.named(terms.Drug, name), status: medicationStatus(status)}
		c.unheard(f, terms.Drug, name)
		if sig.Direction(d.dose).Strength != "" {
			m.code.Text = name + " " + d.dose // a strength is part of what it is
		}
		if m.status == "unknown" {
			f.doubt, m.note = true, []r4.Annotation{note("Status as printed: " + status)}
		}
		m.dosage = c.dosage(f, d)
		if m.status == sig.NotTaken {
			c.keep(c.statement(m), id, f)
			return
		}
		r := c.request(m)
		if len(distinct(c.doc.Tables[t])) == 1 {
			c.supply(r, f) // of several drugs nothing says whose it is
		}
		c.keep(r, id, f)
	})
}

// statement says that a medication is not taken.
func (c *chart) statement(m medicine) *r4.MedicationStatement {
	return &r4.MedicationStatement{
		Status: m.status, MedicationCodeableConcept: m.code, Subject: c.patient, Context: c.encounter,
		DateAsserted: c.asOf(), Dosage: m.dosage, Note: m.note,
	}
}

// request is a medication that is taken, was, or will be. It is an order where
// the document is one and names who ordered; a list is a plan, as US Core has it
// for what is reported. All are reported, for paper is no longer the source.
func (c *chart) request(m medicine) *r4.MedicationRequest {
	r := &r4.MedicationRequest{
		Status: m.status, Intent: "plan", ReportedBoolean: r4.Ptr(true), MedicationCodeableConcept: m.code,
		Subject: c.patient, Encounter: c.encounter, DosageInstruction: m.dosage, Note: m.note,
	}
	if m.status == sig.Intended {
		r.Status = "draft"
	}
	if c.kind.is(prescription) && c.provider != nil {
		r.Intent, r.Requester, r.AuthoredOn = "order", c.provider, c.asOf()
	}
	claim(r, "medicationrequest")
	return r
}

// medicationStatus is as MedicationStatement names it; a list without statuses
// is of active ones.
func medicationStatus(status string) string {
	switch s := strings.ToLower(status); s {
	case "", "active", "current", "continue", "continued", "new", "changed", "taking", "increased", "decreased", "started":
		return sig.Active
	case "stopped", "discontinued", "stop", "d/c", "dc'd":
		return sig.Stopped
	case "completed", "finished":
		return sig.Completed
	case "on-hold", "on hold", "hold", "held":
		return sig.OnHold
	case "intended", "planned":
		return sig.Intended
	case "not-taken", "not taken", "not taking":
		return sig.NotTaken
	}
	return "unknown"
}
