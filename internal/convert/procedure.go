package convert

import (
	"regexp"

	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/result"
	"github.com/paperchart/paperchart/internal/terms"
)

// procedureSystems are the code systems of procedures by the form of their
// codes. What has no such form keeps its code without a system.
var procedureSystems = []struct {
	form   *regexp.Regexp
	system string
}{
	{regexp.MustCompile(`^\d{4}[0-9FTU]$`), terms.CPT},
	{regexp.MustCompile(`^D\d{4}$`), "http://www.ada.org/cdt"},
	{regexp.MustCompile(`^[A-CEGHJ-MP-V]\d{4}$`), terms.HCPCS},
	{regexp.MustCompile(`^[0-9B-DF-HX][0-9A-HJ-NP-Z]{6}$`), "http://www.cms.gov/Medicare/Coding/ICD10"},
}

func (c *chart) makeProcedures() {
	const t = "procedures"
	c.table(t, []string{"procedure_name", "procedure_code", "procedure_date"}, func(row result.Row, f *fact, id string) {
		text, code := cell(f, t, row, "procedure_name"), cell(f, t, row, "procedure_code")
		done := cell(f, t, row, "procedure_date")
		if text == "" && code == "" {
			return
		}
		r := &r4.Procedure{Status: "completed", Subject: c.patient, Encounter: c.encounter, PerformedDateTime: moment(done)}
		if code == "" {
			r.Code = c.named(terms.Procedure, text)
		} else {
			r.Code = concept(text, procedureCode(code))
		}
		switch {
		case r.PerformedDateTime != "":
		case done != "":
			r.PerformedString = done
		default:
			r.PerformedDateTimeExt = unknown()
		}
		switch said := text + " " + done; {
		case notDone.MatchString(said):
			r.Status, f.doubt = "not-done", true
		case notYet.MatchString(said):
			r.Status, f.doubt = "unknown", true // whether it came about is not said
		}
		claim(r, "procedure")
		c.keep(r, id, f)
	})
}

func procedureCode(code string) r4.Coding {
	for _, s := range procedureSystems {
		if s.form.MatchString(code) {
			return r4.Coding{System: s.system, Code: code, UserSelected: r4.Ptr(true)}
		}
	}
	return r4.Coding{Code: oneLine(code), UserSelected: r4.Ptr(true)}
}
