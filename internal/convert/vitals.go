package convert

import (
	"math/big"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/terms"
)

// vital is a vital sign that US Core has a profile for.
type vital struct {
	field, unitField    string
	code, display, name string
	profile             string
	// units are what the profile allows, by print; the "" one needs no print.
	units map[string]unit
}

// unit is a unit of a profile, and what a number in the printed one is
// multiplied by to be in it.
type unit struct {
	name, ucum string
	by         *big.Rat
}

func fixed(name, ucum string) map[string]unit { return map[string]unit{"": {name, ucum, nil}} }

func vitals() []vital {
	perMinute, percent := fixed("/min", "/min"), fixed("%", "%")
	fahrenheit, celsius := unit{"degF", "[degF]", nil}, unit{"Cel", "Cel", nil}
	inch, cm := unit{"in", "[in_i]", nil}, unit{"cm", "cm", nil}
	pound, kg, gram := unit{"lb", "[lb_av]", nil}, unit{"kg", "kg", nil}, unit{"g", "g", nil}
	return []vital{
		{field: "heart_rate", code: "8867-4", display: "Heart rate", name: "Heart rate", profile: "heart-rate", units: perMinute},
		{field: "respiratory_rate", code: "9279-1", display: "Respiratory rate", name: "Respiratory rate", profile: "respiratory-rate", units: perMinute},
		{field: "body_temperature", unitField: "body_temperature_unit", code: "8310-5", display: "Body temperature", name: "Temperature", profile: "body-temperature",
			units: map[string]unit{"f": fahrenheit, "degf": fahrenheit, "fahrenheit": fahrenheit, "c": celsius, "cel": celsius, "degc": celsius, "celsius": celsius}},
		{field: "oxygen_saturation", code: "2708-6", display: "Oxygen saturation in Arterial blood", name: "Oxygen saturation", profile: "pulse-oximetry", units: percent},
		{field: "height", unitField: "height_unit", code: "8302-2", display: "Body height", name: "Height", profile: "body-height",
			units: map[string]unit{"in": inch, "inch": inch, "inches": inch, "ini": inch, "cm": cm, "m": {"cm", "cm", big.NewRat(100, 1)}, "ft": {"in", "[in_i]", big.NewRat(12, 1)}}},
		{field: "weight", unitField: "weight_unit", code: "29463-7", display: "Body weight", name: "Weight", profile: "body-weight",
			units: map[string]unit{"lb": pound, "lbs": pound, "lbav": pound, "pounds": pound, "pound": pound, "kg": kg, "kgs": kg, "kilograms": kg, "g": gram, "grams": gram,
				"oz": {"lb", "[lb_av]", big.NewRat(1, 16)}}},
		{field: "bmi", code: "39156-5", display: "Body mass index (BMI) [Ratio]", name: "BMI", profile: "bmi", units: fixed("kg/m2", "kg/m2")},
	}
}

func (c *chart) makeVitals() {
	taken := &fact{}
	when := taken.date(c.scalar(taken, "vitals_date"))
	if when == "" && !taken.doubt {
		when = c.day
	}
	if len(when) < 10 { // R4 wants the day (vs-1)
		when = ""
	}
	c.bloodPressure(when, taken)
	for _, v := range vitals() {
		f := &fact{}
		value := c.scalar(f, v.field)
		if value == "" {
			continue
		}
		printed := ""
		if v.unitField != "" {
			printed = c.scalar(f, v.unitField)
		}
		f.and(taken)
		o := c.observation("vital-signs", "Vital Signs", when)
		o.Code = concept(v.name, coding(terms.LOINC, v.code, v.display))
		if v.field == "oxygen_saturation" {
			o.Code.Coding = append(o.Code.Coding, coding(terms.LOINC, "59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry"))
		}
		v.set(o, f, value, printed)
		claim(o, v.profile)
		c.keepObservation(o, c.id("vital", v.field), f)
	}
	c.painScore(when, taken)
}

// set gives the sign its value in a unit of its profile. A number without its
// unit is no measurement: it is kept as a note, for a person to look at.
func (v vital) set(o *r4.Observation, f *fact, value, printed string) {
	u, ok := v.units[strings.ToLower(folded(printed))]
	if !ok || !numeric(value) {
		f.doubt = true
		o.DataAbsentReason = noValue("as-text", "As Text")
		text := "Printed: " + strings.TrimSpace(value+" "+printed)
		if printed == "" && v.unitField != "" {
			text += ", without a unit"
		}
		o.Note = []r4.Annotation{note(text)}
		return
	}
	if v.field != "" && strings.Trim(value, "0.") == "" {
		f.doubt = true // BDA gives 0 for a number that is not on the paper
	}
	if u.by != nil {
		o.Note = []r4.Annotation{note("Printed: " + value + " " + printed)}
		value = scaled(value, u.by)
	}
	o.ValueQuantity = &r4.Quantity{Value: r4.Decimal(value), Unit: u.name, System: terms.UCUM, Code: u.ucum}
}

func (c *chart) painScore(when string, taken *fact) {
	f := &fact{}
	value := c.scalar(f, "pain_score")
	if value == "" {
		return
	}
	f.and(taken)
	o := c.observation("vital-signs", "Vital Signs", when)
	o.Code = concept("Pain score", coding(terms.LOINC, "72514-3", "Pain severity - 0-10 verbal numeric rating [Score] - Reported"))
	v := vital{units: fixed("{score}", "{score}")}
	v.set(o, f, value, "")
	c.keepObservation(o, c.id("vital", "pain_score"), f)
}

// bloodPressure is one panel with two components (US Core Blood Pressure).
func (c *chart) bloodPressure(when string, taken *fact) {
	f := &fact{}
	systolic, diastolic := c.scalar(f, "blood_pressure_systolic"), c.scalar(f, "blood_pressure_diastolic")
	if systolic == "" && diastolic == "" {
		return
	}
	f.and(taken)
	o := c.observation("vital-signs", "Vital Signs", when)
	o.Code = concept("Blood pressure", coding(terms.LOINC, "85354-9", "Blood pressure panel with all children optional"))
	for _, p := range [][3]string{{"8480-6", "Systolic blood pressure", systolic}, {"8462-4", "Diastolic blood pressure", diastolic}} {
		part := r4.ObservationComponent{Code: concept("", coding(terms.LOINC, p[0], p[1]))}
		if numeric(p[2]) {
			part.ValueQuantity = &r4.Quantity{Value: r4.Decimal(p[2]), Unit: "mmHg", System: terms.UCUM, Code: "mm[Hg]"}
		} else {
			part.DataAbsentReason = noValue("unknown", "Unknown")
			f.doubt = true
		}
		if strings.Trim(p[2], "0.") == "" {
			f.doubt = true
		}
		if p[2] != "" && !numeric(p[2]) {
			o.Note = append(o.Note, note(p[1]+" as printed: "+p[2]))
		}
		o.Component = append(o.Component, part)
	}
	claim(o, "blood-pressure")
	c.keepObservation(o, c.id("vital", "blood_pressure"), f)
}
