package convert

import (
	"regexp"
	"slices"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/terms"
)

func (c *chart) makeSocial() {
	c.makeSmoking()
	c.habit("alcohol_use", "Alcohol use", coding(terms.LOINC, "11331-6", "History of Alcohol use"))
	c.habit("drug_use", "Drug use", coding(terms.LOINC, "11343-1", "History of Other nonmedical drug use"))
}

// habit is alcohol or drugs, in the words of the print: FHIR has no codes for
// "socially" or "quit in 1998" that say no more than these words do.
func (c *chart) habit(field, name string, code r4.Coding) {
	f := &fact{}
	text := c.scalar(f, field)
	if text == "" {
		return
	}
	o := c.observation("social-history", "Social History", c.asOf())
	o.Code, o.ValueString = concept(name, code), text
	claim(o, "simple-observation")
	c.keepObservation(o, c.id("social", field), f)
}

// makeSmoking is US Core's smoking status.
func (c *chart) makeSmoking() {
	f := &fact{}
	text := c.scalar(f, "smoking_status")
	if text == "" {
		return
	}
	o := c.observation("social-history", "Social History", c.asOf())
	o.Code = concept("Smoking status", coding(terms.LOINC, "72166-2", "Tobacco smoking status"))
	o.ValueCodeableConcept = smoking(text, c.doc.Fields["smoking_status"].Text)
	if o.ValueCodeableConcept.Coding != nil && c.asOf() != "" && c.sure(f) { // it must be final
		claim(o, "smokingstatus")
	}
	c.keepObservation(o, c.id("smoking"), f)
}

// Words around a smoking status. A denial, or a wish, is none in itself: "denies
// current use" says nothing of the past.
var (
	noStatus = regexp.MustCompile(`\b(no|not|non|nonsmoker|denies|denied|trying|wants)\b`)
	quit     = regexp.MustCompile(`\bquit\b`)
	quitting = regexp.MustCompile(`\b(to|would|will|never|cannot|can't) quit\b|\bquit (date|plan|line|attempt)`)
)

// smoking codes what names one status; other words stay words.
func smoking(value, printed string) *r4.CodeableConcept {
	text := first(printed, value)
	v := strings.ToLower(value)
	code := func(code, display string) *r4.CodeableConcept {
		return concept(text, coding(terms.SNOMED, code, display))
	}
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(v, w) })
	}
	never, current := has("never"), has("current", "every day", "daily", "some day") || v == "smoker" || v == "yes"
	former := has("former", "ex-smoker", "ex smoker") || quit.MatchString(v) && !quitting.MatchString(v)
	switch {
	case noStatus.MatchString(v), never && former, never && current, former && current: // words that only a person can weigh
	case never:
		return code("266919005", "Never smoked tobacco (finding)")
	case former:
		return code("8517006", "Ex-smoker (finding)")
	case has("current") && has("some"):
		return code("428041000124106", "Occasional tobacco smoker (finding)")
	case has("current") && has("every", "daily"):
		return code("449868002", "Smokes tobacco daily (finding)")
	case current:
		return code("77176002", "Smoker (finding)")
	case has("unknown"):
		return code("266927001", "Tobacco smoking consumption unknown (finding)")
	}
	return concept(text)
}
