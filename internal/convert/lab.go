package convert

import (
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/result"
	"github.com/paperchart/paperchart/internal/terms"
)

// panel is what results were printed under, of one date.
type panel struct {
	name, when string
	fact       fact
	results    []r4.Reference
	unsure     bool
}

// panels are those of a document in printed order.
type panels []*panel

func (ps *panels) of(name, when string) *panel {
	for _, p := range *ps {
		if folded(p.name) == folded(name) && p.when == when {
			return p
		}
	}
	p := &panel{name: name, when: when}
	*ps = append(*ps, p)
	return p
}

func (c *chart) makeLabs() {
	const t = "lab_results"
	var reports panels
	c.table(t, []string{"test_name", "collection_date", "panel_name"}, func(row result.Row, f *fact, id string) {
		name := cell(f, t, row, "test_name")
		if name == "" {
			return
		}
		when := f.date(cell(f, t, row, "collection_date"))
		o := c.observation("laboratory", "Laboratory", when)
		c.labValue(o, f, row)
		o.Code = c.test(f, name, row["panel_name"].Value, row["unit"].Value)
		if c.kind.is("11502-2") && c.facility != nil {
			o.Performer = []r4.Reference{*c.facility}
		}
		claim(o, "observation-lab")
		ref := c.keepObservation(o, id, f)
		group := row["panel_name"]
		if ref == nil || group.Value == "" && !c.kind.is("11502-2") {
			return
		}
		p := reports.of(group.Value, when)
		if len(p.results) == 0 {
			p.fact.use(t+".panel_name", group)
		}
		p.fact.parts = append(p.fact.parts, f.confidence())
		p.results, p.unsure = append(p.results, *ref), p.unsure || o.Status != "final"
	})
	for _, p := range reports {
		c.report(p)
	}
}

// laboratory is a vocabulary that tells tests of one name apart by specimen and
// unit. *terms.Set is one.
type laboratory interface {
	Lab(analyte, specimen, unit string) (terms.Match, bool)
}

// test is the concept of a test. Where its unit fits no test of that name it has
// no code, and name or unit is probably misread: hemoglobin is not in percent.
func (c *chart) test(f *fact, name, panel, unit string) *r4.CodeableConcept {
	lab, ok := c.Terms.(laboratory)
	if !ok {
		return c.named(terms.Lab, name)
	}
	out := concept(name)
	plain, known := c.match(terms.Lab, name)
	coded := known && len(plain.Concept.Codings) > 0
	if m, ok := lab.Lab(name, specimen(panel), unit); ok && m.Concept != nil {
		out.Coding = termCodings(m.Concept.Codings)
	}
	f.doubt = f.doubt || coded && out.Coding == nil
	return out
}

// specimen is what the results of a panel are of, as far as its name tells.
func specimen(panel string) string {
	low := " " + strings.ToLower(panel) + " "
	if strings.Contains(low, "urin") || strings.Contains(low, " ua ") {
		return "urine"
	}
	return panel
}

// report is a panel; results of a laboratory's report that stand under none are
// one report together. It is final when all its results are. FHIR's issued is an
// instant, which paper does not print: without it US Core's profile cannot be
// claimed.
func (c *chart) report(p *panel) {
	r := &r4.DiagnosticReport{Status: "final", Subject: c.patient, Encounter: c.encounter, EffectiveDateTime: p.when, Result: p.results}
	r.Category = []r4.CodeableConcept{*concept("", coding(v2("0074"), "LAB", "Laboratory"))}
	r.Code = c.kind.concept()
	if p.name != "" {
		r.Code = c.named(terms.Lab, p.name)
	}
	if c.kind.is("11502-2") && c.facility != nil {
		r.Performer = []r4.Reference{*c.facility}
	}
	if p.unsure || !c.sure(&p.fact) {
		r.Status = "preliminary"
	}
	c.keep(r, c.id("report", folded(p.name), p.when), &p.fact)
}

// labValue fills in what was found, its range and its flag.
func (c *chart) labValue(o *r4.Observation, f *fact, row result.Row) {
	const t = "lab_results"
	value, unit := cell(f, t, row, "result_value"), cell(f, t, row, "unit")
	if value == "" {
		o.DataAbsentReason = noValue("unknown", "Unknown")
		if unit != "" {
			f.doubt = true
		}
	} else {
		c.set(o, value, unit)
		f.doubt = f.doubt || noResult.MatchString(value)
	}
	if text := cell(f, t, row, "reference_range"); text != "" {
		rr := r4.ObservationReferenceRange{Text: text}
		if r, ok := grammar.ParseRange(text); ok && r.Score >= understood {
			rr.Low, rr.High = c.bound(r.Low, first(unit, r.Unit)), c.bound(r.High, first(unit, r.Unit))
		}
		o.ReferenceRange = []r4.ObservationReferenceRange{rr}
	}
	if flag := cell(f, t, row, "abnormal_flag"); flag != "" {
		o.Interpretation = []r4.CodeableConcept{*interpretation(flag)}
		f.doubt = f.doubt || flagLies(value, row["reference_range"].Value, flag)
	}
}

func (c *chart) bound(value, unit string) *r4.Quantity {
	if !numeric(value) {
		return nil
	}
	return c.measured(value, unit)
}
