package convert

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/result"
	"github.com/paperchart/paperchart/internal/terms"
)

// icd10 is the form of an ICD-10-CM code.
var icd10 = regexp.MustCompile(`^[A-TV-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?$`)

// diagnosis is the concept of a condition: the printed code where there is one,
// else the vocabulary's. Text is as printed. A code that is none, or that a
// vocabulary of such codes does not know, is text and makes the fact doubtful.
func (c *chart) diagnosis(f *fact, text, printed string) *r4.CodeableConcept {
	if printed == "" {
		c.unheard(f, terms.Diagnosis, text)
		return c.named(terms.Diagnosis, text)
	}
	out := concept(first(text, printed))
	printed = strings.ToUpper(printed)
	if !icd10.MatchString(printed) {
		f.doubt = true
		out.Text = strings.TrimSpace(text + " (" + printed + ")")
		return out
	}
	code := coding(terms.ICD10CM, printed, "")
	if known, ok := c.code(terms.ICD10CM, printed); ok {
		code.Display, code.Version = known.Display, known.Version
	} else if _, whole := c.code(terms.ICD10CM, "I10"); whole {
		f.doubt = true
	}
	f.doubt = f.doubt || c.disagree(text, printed, code.Display)
	code.UserSelected = r4.Ptr(true) // printed by whoever wrote the record
	out.Coding = []r4.Coding{code}
	return out
}

// unheard makes a fact doubtful whose name a whole vocabulary does not know: it is
// misread more often than it is rare.
func (c *chart) unheard(f *fact, d terms.Domain, text string) {
	if _, whole := c.code(terms.ICD10CM, "I10"); !whole {
		return
	}
	if _, known := c.match(d, text); !known {
		f.doubt = true
	}
}

func (c *chart) code(system, code string) (terms.Coding, bool) {
	if c.Terms == nil {
		return terms.Coding{}, false
	}
	return c.Terms.Code(system, code)
}

func (c *chart) makeConditions() {
	const t = "conditions"
	c.table(t, []string{"condition_name", "icd10_code", "onset_date"}, func(row result.Row, f *fact, id string) {
		text, code := cell(f, t, row, "condition_name"), cell(f, t, row, "icd10_code")
		status, onset := cell(f, t, row, "clinical_status"), cell(f, t, row, "onset_date")
		if text == "" && code == "" {
			return
		}
		r := &r4.Condition{Subject: c.patient, Encounter: c.encounter, Code: c.diagnosis(f, text, code)}
		r.Category = []r4.CodeableConcept{*concept("", coding(hl7+"condition-category", "problem-list-item", "Problem List Item"))}
		profile := "condition-problems-health-concerns"
		if c.kind.diagnosesOfStay() && status == "" {
			r.Category = []r4.CodeableConcept{*concept("", coding(hl7+"condition-category", "encounter-diagnosis", "Encounter Diagnosis"))}
			profile = "condition-encounter-diagnosis"
		}
		setOnset(r, onset)
		f.doubt = f.doubt || status == "" && denied.MatchString(text)
		verified := c.conditionStatus(r, f, status)
		if !c.sure(f) && verified == "confirmed" {
			verified = "unconfirmed"
		}
		r.VerificationStatus = concept("", coding(hl7+"condition-ver-status", verified, capital(verified)))
		claim(r, profile)
		c.keep(r, id, f)
	})
}

func setOnset(r *r4.Condition, onset string) {
	if r.OnsetDateTime = moment(onset); r.OnsetDateTime != "" || onset == "" {
		return
	}
	if age, ok := grammar.ParseAge(onset); ok && numeric(age.Value) && strings.ContainsAny(onset, "aAyY") {
		r.OnsetAge = &r4.Age{Value: r4.Decimal(age.Value), Unit: age.Unit, System: terms.UCUM, Code: age.Unit}
		return
	}
	r.OnsetString = onset
}

func capital(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

// conditionStatus sets the clinical status and returns the verification status
// of a sure reading. A list of diagnoses without statuses is of active ones;
// words that are no status are kept as a note and nothing is concluded.
func (c *chart) conditionStatus(r *r4.Condition, f *fact, status string) (verified string) {
	clinical, verified := "", "confirmed"
	switch word := strings.ToLower(status); word {
	case "", "active", "chronic", "ongoing", "current", "new", "stable", "improving", "worsening", "controlled", "uncontrolled", "acute":
		clinical = "active"
	case "resolved", "inactive", "remission", "recurrence", "relapse":
		clinical = word
	case "in remission":
		clinical = "remission"
	case "recurrent":
		clinical = "recurrence"
	case "history", "history of", "past", "hx", "old", "historical", "healed":
		clinical = "inactive"
	case "suspected", "possible", "probable", "presumed", "likely", "provisional", "working", "rule out", "r/o":
		clinical, verified = "active", "provisional"
	case "differential":
		clinical, verified = "active", "differential"
	case "refuted", "ruled out", "denied", "denies", "negated", "absent", "negative":
		verified = "refuted"
	default:
		f.doubt = true
	}
	if clinical != "" {
		r.ClinicalStatus = concept("", coding(hl7+"condition-clinical", clinical, capital(clinical)))
	}
	if low := strings.ToLower(status); status != "" && low != clinical && low != verified {
		r.Note = append(r.Note, note("Status as printed: "+status))
	}
	return verified
}
