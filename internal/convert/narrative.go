package convert

import (
	"encoding/xml"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/terms"
)

// narratives are the texts of a record with the LOINC codes that C-CDA's and US
// Core's sections of these names have.
var narratives = []struct{ field, title, code, display string }{
	{"chief_complaint", "Chief complaint", "10154-3", "Chief complaint Narrative - Reported"},
	{"history_of_present_illness", "History of present illness", "10164-2", "History of Present illness Narrative"},
	{"past_medical_history", "Past medical history", "11348-0", "History of Past illness Narrative"},
	{"past_surgical_history", "Past surgical history", "47519-4", "History of Procedures Document"},
	{"family_history", "Family history", "10157-6", "History of family member diseases Narrative"},
	{"physical_exam", "Physical examination", "29545-1", "Physical findings Narrative"},
	{"assessment", "Assessment", "51848-0", "Assessment note"},
	{"plan_of_care", "Plan of care", "18776-5", "Plan of care note"},
	{"follow_up_instructions", "Follow-up and instructions", "69730-0", "Instructions [Text] Narrative"},
}

// makeNarrative is a Composition: the text of each section stands apart under
// its own code, which one note in a DocumentReference would lose.
func (c *chart) makeNarrative() {
	f := &fact{}
	r := &r4.Composition{Status: "final", Subject: c.patient, Encounter: c.encounter, Custodian: c.facility, Type: c.kind.concept()}
	for _, n := range narratives {
		text := c.section(f, n.field)
		if text == "" {
			continue
		}
		r.Section = append(r.Section, r4.CompositionSection{
			Title: n.title, Code: concept("", coding(terms.LOINC, n.code, n.display)), Text: narrative(text),
		})
	}
	if r.Section == nil {
		return
	}
	if c.encounter != nil && len(f.names) == 1 && f.names[0] == "chief_complaint" {
		return // it is the Encounter's reason already
	}
	if r.Date = c.asOf(); r.Date == "" {
		r.DateExt = unknown()
	}
	r.Author = []r4.Reference{{Display: c.engine()}}
	switch {
	case c.provider != nil:
		r.Author = []r4.Reference{*c.provider}
	case c.facility != nil:
		r.Author = []r4.Reference{*c.facility}
	}
	r.Title = first(c.kind.text, c.kind.display)
	if !c.sure(f) {
		r.Status = "preliminary"
	}
	c.keep(r, c.id("narrative"), f)
}

// section takes a text unless it is unsure and unsure texts are held: the rest of
// the document need not wait for it.
func (c *chart) section(f *fact, field string) string {
	if c.Hold && !c.Thresholds.Meets(field, c.doc.Fields[field]) {
		return ""
	}
	return c.scalar(f, field)
}

// narrative is plain text as FHIR's XHTML, a paragraph for each line.
func narrative(text string) *r4.Narrative {
	var b strings.Builder
	b.WriteString(`<div xmlns="http://www.w3.org/1999/xhtml">`)
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			b.WriteString("<p>")
			_ = xml.EscapeText(&b, []byte(line)) // a Builder takes all
			b.WriteString("</p>")
		}
	}
	b.WriteString("</div>")
	return &r4.Narrative{Status: "generated", Div: b.String()}
}
