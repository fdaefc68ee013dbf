package convert

import (
	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/result"
	"github.com/paperchart/paperchart/internal/terms"
)

func (c *chart) makeImmunizations() {
	const t = "immunizations"
	c.table(t, []string{"vaccine_name", "vaccine_date"}, func(row result.Row, f *fact, id string) {
		text, given := cell(f, t, row, "vaccine_name"), cell(f, t, row, "vaccine_date")
		if text == "" {
			return
		}
		r := &r4.Immunization{Status: "completed", Patient: c.patient, VaccineCode: c.named(terms.Vaccine, text)}
		r.LotNumber = cell(f, t, row, "lot_number")
		if r.OccurrenceDateTime = moment(given); r.OccurrenceDateTime == "" {
			r.OccurrenceString = first(given, "unknown")
		}
		if said := text + " " + given; notDone.MatchString(said) || notYet.MatchString(said) {
			r.Status, f.doubt = "not-done", true
		}
		r.PrimarySource = r4.Ptr(false) // read from a record, not told by who gave it
		claim(r, "immunization")
		c.keep(r, id, f)
	})
}
