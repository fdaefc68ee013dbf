package convert

import (
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/grammar/history"
	"github.com/paperchart/paperchart/internal/result"
	"github.com/paperchart/paperchart/internal/terms"
)

func (c *chart) makeAllergies() {
	const t = "allergies"
	c.table(t, []string{"allergen"}, func(row result.Row, f *fact, id string) {
		text := cell(f, t, row, "allergen")
		reaction, severity := cell(f, t, row, "reaction"), cell(f, t, row, "severity")
		if text == "" {
			return
		}
		r := &r4.AllergyIntolerance{Patient: c.patient, Encounter: c.encounter}
		r.ClinicalStatus = concept("", coding(hl7+"allergyintolerance-clinical", "active", "Active"))
		if kind, none := history.NoKnownAllergies(text); none {
			r.Code = noKnownAllergy(text, kind)
			f.doubt = f.doubt || c.contradicted(kind)
		} else {
			c.allergen(r, text, reaction)
			c.reaction(r, reaction, severity)
			f.doubt = f.doubt || tolerated.MatchString(reaction)
		}
		verified := "confirmed"
		if !c.sure(f) {
			verified = "unconfirmed"
		}
		r.VerificationStatus = concept("", coding(hl7+"allergyintolerance-verification", verified, capital(verified)))
		claim(r, "allergyintolerance")
		c.keep(r, id, f)
	})
}

// noKnownAllergy is how US Core says that there are none.
func noKnownAllergy(text, kind string) *r4.CodeableConcept {
	switch kind {
	case "drug":
		return concept(text, coding(terms.SNOMED, "409137002", "No known drug allergy"))
	case "food":
		return concept(text, coding(terms.SNOMED, "429625007", "No known food allergy"))
	}
	return concept(text, coding(terms.SNOMED, "716186003", "No known allergy"))
}

// contradicted reports whether the list names an allergy of the kind of which
// it says that there is none. One whose kind is not known may be of any.
func (c *chart) contradicted(kind string) bool {
	for _, row := range c.doc.Tables["allergies"] {
		text := row["allergen"].Value
		if _, none := history.NoKnownAllergies(text); none || text == "" {
			continue
		}
		found := c.allergenCategory(text)
		wanted := map[string]string{"drug": "medication", "food": "food"}[kind]
		if wanted == "" || found == "" || found == wanted {
			return true
		}
	}
	return false
}

func (c *chart) allergen(r *r4.AllergyIntolerance, text, reaction string) {
	r.Code = c.named(terms.Allergen, text)
	if category := c.allergenCategory(text); category != "" {
		r.Category = []string{category}
	}
	switch words := strings.ToLower(text + " " + reaction); {
	case strings.Contains(words, "intoleran"), strings.Contains(words, "side effect"):
		r.Type = "intolerance"
	case strings.Contains(words, "allerg"):
		r.Type = "allergy"
	}
}

// allergenCategory is FHIR's, empty where the vocabulary does not say.
func (c *chart) allergenCategory(text string) string {
	if m, ok := c.match(terms.Allergen, text); ok {
		switch g := strings.ToLower(m.Concept.Group); g {
		case "drug", "medication":
			return "medication"
		case "food", "biologic":
			return g
		case "environment", "environmental", "insect", "animal", "latex", "other", "contact":
			return "environment"
		}
	}
	if _, ok := c.match(terms.Drug, text); ok {
		return "medication"
	}
	return ""
}

// reaction adds what happened. A severity without a manifestation has no place
// in FHIR but a note. The risk is high where print speaks of a threat to life.
func (c *chart) reaction(r *r4.AllergyIntolerance, text, severity string) {
	low := strings.ToLower(text + " " + severity)
	for _, w := range []string{"anaphyla", "life-threat", "life threat"} {
		if strings.Contains(low, w) {
			r.Criticality = "high"
		}
	}
	grade := ""
	switch s := strings.ToLower(severity); s {
	case "mild", "moderate", "severe":
		grade = s
	case "life-threatening", "life threatening", "anaphylactic", "fatal":
		grade = "severe"
	}
	if severity != "" && (text == "" || grade == "") {
		r.Note = append(r.Note, note("Severity as printed: "+severity))
	}
	if text == "" {
		return
	}
	reaction := r4.AllergyIntoleranceReaction{Severity: grade}
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;/", r) }) {
		if part = strings.TrimSpace(part); part != "" {
			reaction.Manifestation = append(reaction.Manifestation, *c.named(terms.Reaction, part))
		}
	}
	if reaction.Manifestation == nil {
		reaction.Manifestation = []r4.CodeableConcept{*concept(text)}
	}
	r.Reaction = []r4.AllergyIntoleranceReaction{reaction}
}
