package convert

import (
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/grammar/history"
	"github.com/paperchart/paperchart/internal/grammar/sig"
	"github.com/paperchart/paperchart/internal/result"
	"github.com/paperchart/paperchart/internal/terms"
)

// table calls f for each row of a table with the name of its occurrence: rows
// that say the same are told apart by their number.
func (c *chart) table(name string, key []string, f func(row result.Row, f *fact, id string)) {
	count := map[string]string{}
	for _, row := range c.doc.Tables[name] {
		parts := []string{name}
		for _, k := range key {
			parts = append(parts, folded(row[k].Value))
		}
		all := strings.Join(parts, "\x1f")
		count[all] += "+"
		f(row, &fact{}, c.id(append(parts, count[all])...))
	}
}

// diagnosis is the concept of a condition: the printed code where there is one,
// else the vocabulary's. Text is as printed.
func (c *chart) diagnosis(text, printed string) *r4.CodeableConcept {
	out := concept(text)
	if printed != "" {
		code := coding(terms.ICD10CM, printed, "")
		if c.Terms != nil {
			if known, ok := c.Terms.Code(terms.ICD10CM, printed); ok {
				code.Display, code.Version = known.Display, known.Version
			}
		}
		code.UserSelected = r4.Ptr(true) // printed by whoever wrote the record
		out.Coding = []r4.Coding{code}
		return out
	}
	if m, ok := c.match(terms.Diagnosis, text); ok {
		out.Coding = termCodings(m.Concept.Codings)
	}
	return out
}

func (c *chart) makeConditions() {
	const t = "conditions"
	c.table(t, []string{"condition_name", "icd10_code", "onset_date"}, func(row result.Row, f *fact, id string) {
		text, code := cell(f, t, row, "condition_name"), cell(f, t, row, "icd10_code")
		status := cell(f, t, row, "clinical_status")
		if text == "" && code == "" {
			return
		}
		r := &r4.Condition{Subject: c.patient, Encounter: c.encounter, Code: c.diagnosis(text, code)}
		r.Category = []r4.CodeableConcept{*concept("", coding("http://terminology.hl7.org/CodeSystem/condition-category", "problem-list-item", "Problem List Item"))}
		r.ClinicalStatus = clinicalStatus(status)
		r.OnsetDateTime = moment(cell(f, t, row, "onset_date"))
		verified := "confirmed"
		if !c.sure(f) {
			verified = "unconfirmed"
		}
		r.VerificationStatus = concept("", coding("http://terminology.hl7.org/CodeSystem/condition-ver-status", verified, capital(verified)))
		claim(r, "condition-problems-health-concerns")
		c.keep(r, id, f)
	})
}

func capital(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

func clinicalStatus(status string) *r4.CodeableConcept {
	const system = "http://terminology.hl7.org/CodeSystem/condition-clinical"
	names := map[string]string{"active": "Active", "recurrence": "Recurrence", "relapse": "Relapse", "inactive": "Inactive",
		"remission": "Remission", "resolved": "Resolved"}
	code := strings.ToLower(status)
	switch code {
	case "", "chronic", "ongoing", "current":
		code = "active"
	}
	if names[code] == "" {
		return concept(status, coding(system, "active", names["active"]))
	}
	return concept("", coding(system, code, names[code]))
}

func (c *chart) makeAllergies() {
	const t = "allergies"
	c.table(t, []string{"allergen"}, func(row result.Row, f *fact, id string) {
		text := cell(f, t, row, "allergen")
		if text == "" {
			return
		}
		r := &r4.AllergyIntolerance{Patient: c.patient, Encounter: c.encounter}
		r.ClinicalStatus = concept("", coding("http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "active", "Active"))
		if kind, none := history.NoKnownAllergies(text); none {
			r.Code = noKnownAllergy(text, kind)
		} else {
			r.Code = concept(text)
			if m, ok := c.match(terms.Allergen, text); ok {
				r.Code.Coding = termCodings(m.Concept.Codings)
			}
			c.reaction(r, cell(f, t, row, "reaction"), cell(f, t, row, "severity"))
		}
		verified := "confirmed"
		if !c.sure(f) {
			verified = "unconfirmed"
		}
		r.VerificationStatus = concept("", coding("http://terminology.hl7.org/CodeSystem/allergyintolerance-verification", verified, capital(verified)))
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

func (c *chart) reaction(r *r4.AllergyIntolerance, text, severity string) {
	if text == "" {
		return
	}
	m := concept(text)
	if known, ok := c.match(terms.Reaction, text); ok {
		m.Coding = termCodings(known.Concept.Codings)
	}
	reaction := r4.AllergyIntoleranceReaction{Manifestation: []r4.CodeableConcept{*m}}
	switch s := strings.ToLower(severity); s {
	case "mild", "moderate", "severe":
		reaction.Severity = s
	case "life-threatening", "life threatening", "anaphylactic":
		reaction.Severity = "severe"
		r.Criticality = "high"
	}
	r.Reaction = []r4.AllergyIntoleranceReaction{reaction}
}

// A medication on a list is a MedicationStatement: the paper says what is taken
// and is no order, which MedicationRequest would be.
func (c *chart) makeMedications() {
	const t = "medications"
	c.table(t, []string{"medication_name", "dose", "frequency", "medication_status"}, func(row result.Row, f *fact, id string) {
		name, dose := cell(f, t, row, "medication_name"), cell(f, t, row, "dose")
		route, often := cell(f, t, row, "route"), cell(f, t, row, "frequency")
		status, start := cell(f, t, row, "medication_status"), moment(cell(f, t, row, "start_date"))
		told := cell(f, t, row, "instructions")
		if name == "" {
			return
		}
		r := &r4.MedicationStatement{Subject: c.patient, Context: c.encounter, Status: medicationStatus(status)}
		r.MedicationCodeableConcept = concept(strings.TrimSpace(name + " " + dose))
		if m, ok := c.match(terms.Drug, name); ok {
			r.MedicationCodeableConcept.Coding = termCodings(m.Concept.Codings)
		}
		if start != "" {
			r.EffectivePeriod = &r4.Period{Start: start}
		}
		r.DateAsserted = c.when
		if d, ok := c.dosage(route, often, told); ok {
			r.Dosage = []r4.Dosage{d}
		}
		c.keep(r, id, f)
	})
}

func medicationStatus(status string) string {
	switch strings.ToLower(status) {
	case "", "active", "current", "continue", "continued", "new", "changed", "taking":
		return "active"
	case "stopped", "discontinued", "stop":
		return "stopped"
	case "completed":
		return "completed"
	case "on-hold", "on hold", "hold", "held":
		return "on-hold"
	case "intended", "planned":
		return "intended"
	case "not-taken", "not taking":
		return "not-taken"
	}
	return "unknown"
}

func (c *chart) dosage(route, often, told string) (r4.Dosage, bool) {
	text := strings.TrimSpace(strings.Join(strings.Fields(route+" "+often), " "))
	if told != "" {
		text = told
	}
	if text == "" {
		return r4.Dosage{}, false
	}
	d := r4.Dosage{Text: text}
	if route != "" {
		d.Route = concept(route)
		if m, ok := c.match(terms.Route, route); ok {
			d.Route.Coding = termCodings(m.Concept.Codings)
		}
	}
	line := sig.Parse("take 1 " + often)
	if line.Score >= 0.9 {
		d.Timing = timing(line.Timing, often)
	}
	if line.AsNeeded {
		d.AsNeededBoolean = r4.Ptr(true)
	}
	return d, true
}

func (c *chart) makeProcedures() {
	const t = "procedures"
	c.table(t, []string{"procedure_name", "procedure_code", "procedure_date"}, func(row result.Row, f *fact, id string) {
		text, code := cell(f, t, row, "procedure_name"), cell(f, t, row, "procedure_code")
		day := moment(cell(f, t, row, "procedure_date"))
		if text == "" && code == "" {
			return
		}
		r := &r4.Procedure{Status: "completed", Subject: c.patient, Encounter: c.encounter, Code: concept(text), PerformedDateTime: day}
		switch {
		case code != "" && isCPT(code):
			r.Code.Coding = []r4.Coding{{System: terms.CPT, Code: code}}
		case code != "":
			r.Code.Coding = []r4.Coding{{System: terms.HCPCS, Code: code}}
		default:
			if m, ok := c.match(terms.Procedure, text); ok {
				r.Code.Coding = termCodings(m.Concept.Codings)
			}
		}
		if day == "" {
			r.PerformedDateTimeExt = &r4.Element{Extension: []r4.Extension{absent("unknown")}}
		}
		claim(r, "procedure")
		c.keep(r, id, f)
	})
}

func isCPT(code string) bool {
	digits := strings.TrimRight(code, "FTU")
	return len(code) == 5 && len(digits) >= 4 && strings.Trim(digits, "0123456789") == ""
}

func (c *chart) makeImmunizations() {
	const t = "immunizations"
	c.table(t, []string{"vaccine_name", "vaccine_date"}, func(row result.Row, f *fact, id string) {
		text, day := cell(f, t, row, "vaccine_name"), moment(cell(f, t, row, "vaccine_date"))
		if text == "" {
			return
		}
		r := &r4.Immunization{Status: "completed", Patient: c.patient, VaccineCode: concept(text), LotNumber: cell(f, t, row, "lot_number")}
		if m, ok := c.match(terms.Vaccine, text); ok {
			r.VaccineCode.Coding = termCodings(m.Concept.Codings)
		}
		if r.OccurrenceDateTime = day; day == "" {
			r.OccurrenceString = "unknown"
		}
		r.PrimarySource = r4.Ptr(false) // read from a record, not given by who writes it
		claim(r, "immunization")
		c.keep(r, id, f)
	})
}

func (c *chart) makeFamily() {
	const t = "family_members"
	c.table(t, []string{"relation", "relative_condition"}, func(row result.Row, f *fact, id string) {
		relation, text := cell(f, t, row, "relation"), cell(f, t, row, "relative_condition")
		if relation == "" || text == "" {
			return
		}
		r := &r4.FamilyMemberHistory{Status: "completed", Patient: c.patient, Relationship: relationship(relation)}
		r.Condition = []r4.FamilyMemberHistoryCondition{{Code: c.diagnosis(text, "")}}
		c.keep(r, id, f)
	})
}

func relationship(text string) *r4.CodeableConcept {
	codes := map[string][2]string{"mother": {"MTH", "mother"}, "father": {"FTH", "father"}, "sister": {"SIS", "sister"}, "brother": {"BRO", "brother"},
		"son": {"SON", "natural son"}, "daughter": {"DAU", "natural daughter"}, "child": {"CHILD", "child"}, "parent": {"PRN", "parent"}, "sibling": {"SIB", "sibling"},
		"maternalgrandmother": {"MGRMTH", "maternal grandmother"}, "maternalgrandfather": {"MGRFTH", "maternal grandfather"},
		"paternalgrandmother": {"PGRMTH", "paternal grandmother"}, "paternalgrandfather": {"PGRFTH", "paternal grandfather"},
		"grandmother": {"GRMTH", "grandmother"}, "grandfather": {"GRFTH", "grandfather"}, "aunt": {"AUNT", "aunt"}, "uncle": {"UNCLE", "uncle"},
		"maternalaunt": {"MAUNT", "maternal aunt"}, "paternalaunt": {"PAUNT", "paternal aunt"},
		"maternaluncle": {"MUNCLE", "maternal uncle"}, "paternaluncle": {"PUNCLE", "paternal uncle"}, "cousin": {"COUSN", "cousin"}}
	if k, ok := codes[folded(text)]; ok {
		if k[0] == "SON" || k[0] == "DAU" {
			k[0] += "C"
		}
		return concept(text, r4.Coding{System: v3("RoleCode"), Code: k[0]})
	}
	return concept(text)
}
