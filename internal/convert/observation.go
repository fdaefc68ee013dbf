package convert

import (
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/result"
	"github.com/paperchart/paperchart/internal/terms"
)

// observation begins an Observation of a category.
func (c *chart) observation(category, display, when string) *r4.Observation {
	o := &r4.Observation{
		Status: "final", Subject: c.patient, Encounter: c.encounter, EffectiveDateTime: when,
		Category: []r4.CodeableConcept{*concept("", coding("http://terminology.hl7.org/CodeSystem/observation-category", category, display))},
	}
	if when == "" {
		o.EffectiveDateTimeExt = &r4.Element{Extension: []r4.Extension{absent("unknown")}}
	}
	return o
}

func (c *chart) keepObservation(o *r4.Observation, id string, f *fact) *r4.Reference {
	if !c.sure(f) {
		o.Status = "preliminary"
	}
	return c.keep(o, id, f)
}

// vital is a vital sign that US Core has a profile for.
type vital struct {
	field, unitField    string
	code, display, name string
	profile             string
	unit, ucum          string // where the paper's unit is not asked for
}

var vitals = []vital{
	{field: "heart_rate", code: "8867-4", display: "Heart rate", name: "Heart rate", profile: "heart-rate", unit: "/min", ucum: "/min"},
	{field: "respiratory_rate", code: "9279-1", display: "Respiratory rate", name: "Respiratory rate", profile: "respiratory-rate", unit: "/min", ucum: "/min"},
	{field: "body_temperature", unitField: "body_temperature_unit", code: "8310-5", display: "Body temperature", name: "Temperature", profile: "body-temperature"},
	{field: "oxygen_saturation", code: "2708-6", display: "Oxygen saturation in Arterial blood", name: "Oxygen saturation", profile: "pulse-oximetry", unit: "%", ucum: "%"},
	{field: "height", unitField: "height_unit", code: "8302-2", display: "Body height", name: "Height", profile: "body-height"},
	{field: "weight", unitField: "weight_unit", code: "29463-7", display: "Body weight", name: "Weight", profile: "body-weight"},
	{field: "bmi", code: "39156-5", display: "Body mass index (BMI) [Ratio]", name: "BMI", profile: "bmi", unit: "kg/m2", ucum: "kg/m2"},
}

// vitalUnits are the units that the vital signs of US Core may have.
var vitalUnits = map[string][2]string{
	"f": {"degF", "[degF]"}, "c": {"Cel", "Cel"}, "degf": {"degF", "[degF]"}, "cel": {"Cel", "Cel"}, "°f": {"degF", "[degF]"}, "°c": {"Cel", "Cel"},
	"in": {"in", "[in_i]"}, "inches": {"in", "[in_i]"}, "cm": {"cm", "cm"}, "ft": {"ft", "[ft_i]"}, "m": {"m", "m"},
	"lb": {"lb", "[lb_av]"}, "lbs": {"lb", "[lb_av]"}, "kg": {"kg", "kg"}, "g": {"g", "g"}, "oz": {"oz", "[oz_av]"},
}

func (c *chart) makeVitals() {
	wf := &fact{}
	when := moment(c.scalar(wf, "vitals_date"))
	if when == "" {
		when = c.when
	}
	c.bloodPressure(when)
	for _, v := range vitals {
		f := &fact{}
		value := c.scalar(f, v.field)
		if !numeric(value) {
			continue
		}
		q := &r4.Quantity{Value: r4.Decimal(value), Unit: v.unit, System: terms.UCUM, Code: v.ucum}
		if v.unitField != "" {
			unit, ok := vitalUnits[strings.ToLower(strings.TrimSpace(c.scalar(f, v.unitField)))]
			if !ok {
				continue // 98 of what? Without its unit the number is not a fact
			}
			q.Unit, q.Code = unit[0], unit[1]
		}
		o := c.observation("vital-signs", "Vital Signs", when)
		o.Code = concept(v.name, coding(terms.LOINC, v.code, v.display))
		if v.field == "oxygen_saturation" {
			o.Code.Coding = append(o.Code.Coding, coding(terms.LOINC, "59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry"))
		}
		o.ValueQuantity = q
		if when != "" {
			claim(o, v.profile)
		}
		c.keepObservation(o, c.id("vital", v.field), f)
	}
	c.painScore(when)
}

func (c *chart) painScore(when string) {
	f := &fact{}
	value := c.scalar(f, "pain_score")
	if !numeric(value) {
		return
	}
	o := c.observation("vital-signs", "Vital Signs", when)
	o.Code = concept("Pain score", coding(terms.LOINC, "72514-3", "Pain severity - 0-10 verbal numeric rating [Score] - Reported"))
	o.ValueQuantity = &r4.Quantity{Value: r4.Decimal(value), Unit: "{score}", System: terms.UCUM, Code: "{score}"}
	c.keepObservation(o, c.id("vital", "pain_score"), f)
}

// bloodPressure is one panel with two components (US Core Blood Pressure).
func (c *chart) bloodPressure(when string) {
	f := &fact{}
	systolic, diastolic := c.scalar(f, "blood_pressure_systolic"), c.scalar(f, "blood_pressure_diastolic")
	if !numeric(systolic) && !numeric(diastolic) {
		return
	}
	o := c.observation("vital-signs", "Vital Signs", when)
	o.Code = concept("Blood pressure", coding(terms.LOINC, "85354-9", "Blood pressure panel with all children optional"))
	for _, p := range [][3]string{{"8480-6", "Systolic blood pressure", systolic}, {"8462-4", "Diastolic blood pressure", diastolic}} {
		part := r4.ObservationComponent{Code: concept("", coding(terms.LOINC, p[0], p[1]))}
		if numeric(p[2]) {
			part.ValueQuantity = &r4.Quantity{Value: r4.Decimal(p[2]), Unit: "mmHg", System: terms.UCUM, Code: "mm[Hg]"}
		} else {
			part.DataAbsentReason = concept("", coding("http://terminology.hl7.org/CodeSystem/data-absent-reason", "unknown", "Unknown"))
		}
		o.Component = append(o.Component, part)
	}
	if when != "" {
		claim(o, "blood-pressure")
	}
	c.keepObservation(o, c.id("vital", "blood_pressure"), f)
}

func (c *chart) makeLabs() {
	const t = "lab_results"
	panels := map[string][]r4.Reference{}
	facts := map[string]*fact{}
	var order []string
	c.table(t, []string{"test_name", "collection_date", "panel_name"}, func(row result.Row, f *fact, id string) {
		name := cell(f, t, row, "test_name")
		if name == "" {
			return
		}
		when := moment(cell(f, t, row, "collection_date"))
		o := c.observation("laboratory", "Laboratory", when)
		c.labValue(o, f, row)
		o.Code = concept(name)
		if m, ok := c.match(terms.Lab, name); ok {
			o.Code.Coding = termCodings(m.Concept.Codings)
		}
		claim(o, "observation-lab")
		ref := c.keepObservation(o, id, f)
		if panel := row["panel_name"].Value; panel != "" && ref != nil {
			key := panel + "\x1f" + when
			if panels[key] == nil {
				order, facts[key] = append(order, key), &fact{}
				facts[key].use(t+".panel_name", row["panel_name"])
			}
			panels[key] = append(panels[key], *ref)
		}
	})
	for _, key := range order {
		panel, when, _ := strings.Cut(key, "\x1f")
		c.report(panel, when, panels[key], facts[key])
	}
}

// report is the panel that results were printed under.
func (c *chart) report(panel, when string, results []r4.Reference, f *fact) {
	r := &r4.DiagnosticReport{Status: "final", Subject: c.patient, Encounter: c.encounter, EffectiveDateTime: when, Result: results}
	r.Category = []r4.CodeableConcept{*concept("", coding(v2("0074"), "LAB", "Laboratory"))}
	r.Code = concept(panel)
	if m, ok := c.match(terms.Lab, panel); ok {
		r.Code.Coding = termCodings(m.Concept.Codings)
	}
	if !c.sure(f) {
		r.Status = "preliminary"
	}
	c.keep(r, c.id("report", folded(panel), when), f)
}

// labValue fills in what was found, its range and its flag.
func (c *chart) labValue(o *r4.Observation, f *fact, row result.Row) {
	const t = "lab_results"
	value, unit := cell(f, t, row, "result_value"), cell(f, t, row, "unit")
	if o.ValueQuantity = c.quantity(value, unit); o.ValueQuantity == nil {
		if o.ValueString = strings.TrimSpace(value + " " + unit); o.ValueString == "" {
			o.DataAbsentReason = concept("", coding("http://terminology.hl7.org/CodeSystem/data-absent-reason", "unknown", "Unknown"))
		}
	}
	if text := cell(f, t, row, "reference_range"); text != "" {
		rr := r4.ObservationReferenceRange{Text: text}
		if r, ok := grammar.ParseRange(text); ok && r.Score >= 0.8 {
			rr.Low, rr.High = c.bound(r.Low, unit), c.bound(r.High, unit)
		}
		o.ReferenceRange = []r4.ObservationReferenceRange{rr}
	}
	if flag := cell(f, t, row, "abnormal_flag"); flag != "" {
		o.Interpretation = []r4.CodeableConcept{*interpretation(flag)}
	}
}

// quantity is a measured value, nil where the print is no single number.
func (c *chart) quantity(value, unit string) *r4.Quantity {
	q := &r4.Quantity{Value: r4.Decimal(value)}
	if !numeric(value) {
		r, ok := grammar.ParseResult(value)
		if !ok || r.Kind != grammar.Numeric || !numeric(r.Value) {
			return nil
		}
		q.Value, q.Comparator = r4.Decimal(r.Value), r.Comparator
	}
	c.setUnit(q, unit)
	return q
}

func (c *chart) setUnit(q *r4.Quantity, unit string) {
	if q.Unit = unit; unit == "" || c.Terms == nil {
		return
	}
	if ucum, ok := c.Terms.Unit(unit); ok {
		q.System, q.Code = terms.UCUM, ucum
	}
}

func (c *chart) bound(value, unit string) *r4.Quantity {
	if !numeric(value) {
		return nil
	}
	q := &r4.Quantity{Value: r4.Decimal(value)}
	c.setUnit(q, unit)
	return q
}

// interpretation is a flag in HL7's table 0078.
func interpretation(flag string) *r4.CodeableConcept {
	names := map[string]string{"H": "High", "L": "Low", "HH": "Critical high", "LL": "Critical low", "A": "Abnormal", "AA": "Critical abnormal",
		"N": "Normal", "POS": "Positive", "NEG": "Negative", "R": "Resistant", "S": "Susceptible", "I": "Intermediate"}
	code := strings.ToUpper(strings.TrimSpace(flag))
	if parsed, ok := grammar.ParseFlag(flag); ok {
		code = strings.ToUpper(parsed)
	}
	if name, ok := names[code]; ok {
		return concept(flag, coding(v3("ObservationInterpretation"), code, name))
	}
	return concept(flag)
}

// makeSmoking is US Core's smoking status.
func (c *chart) makeSmoking() {
	f := &fact{}
	text := c.scalar(f, "smoking_status")
	if text == "" {
		return
	}
	o := c.observation("social-history", "Social History", c.when)
	o.Code = concept("Smoking status", coding(terms.LOINC, "72166-2", "Tobacco smoking status"))
	o.ValueCodeableConcept = smoking(text, c.doc.Fields["smoking_status"].Text)
	if o.ValueCodeableConcept.Coding != nil && c.when != "" {
		claim(o, "smokingstatus")
	}
	c.keepObservation(o, c.id("smoking"), f)
}

func smoking(value, printed string) *r4.CodeableConcept {
	if printed == "" {
		printed = value
	}
	v := strings.ToLower(value)
	code := func(code, display string) *r4.CodeableConcept {
		return concept(printed, coding(terms.SNOMED, code, display))
	}
	switch {
	case strings.Contains(v, "never"):
		return code("266919005", "Never smoked tobacco (finding)")
	case strings.Contains(v, "former"), strings.Contains(v, "ex-"), strings.Contains(v, "quit"):
		return code("8517006", "Ex-smoker (finding)")
	case strings.Contains(v, "current") && strings.Contains(v, "some"):
		return code("428041000124106", "Occasional tobacco smoker (finding)")
	case strings.Contains(v, "current") && (strings.Contains(v, "every") || strings.Contains(v, "daily")):
		return code("449868002", "Smokes tobacco daily (finding)")
	case strings.Contains(v, "current"), v == "smoker", v == "yes":
		return code("77176002", "Smoker (finding)")
	case strings.Contains(v, "unknown"):
		return code("266927001", "Tobacco smoking consumption unknown (finding)")
	}
	return concept(printed)
}
