package score

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/paperchart/paperchart/eval/paper"
	"github.com/paperchart/paperchart/internal/result"
)

func TestSame(t *testing.T) {
	for _, c := range []struct {
		field, want, got string
		same             bool
	}{
		{"date_of_birth", "1953-10-28", "10/28/1953", true},
		{"date_of_birth", "1953-10-28", "28 Oct 1953", true},
		{"date_of_birth", "1953-10-28", "1953-10-23", false},
		{"onset_date", "2011-08", "08/2011", true},
		{"onset_date", "2011", "2011", true},
		{"result_value", "2.3", "23", false},
		{"result_value", "7.1", "7.10", false},
		{"result_value", "<0.5", "< 0.5", true},
		{"reference_range", "0.4-4.0", "0.4 – 4.0", true},
		{"reference_range", "30-100", "(30-100)", true},
		{"unit", "mIU/L", "miu/l", true},
		{"phone", "(262) 555-0117", "262.555.0117", true},
		{"phone", "(262) 555-0117", "262.555.0111", false},
		{"provider_name", "Elena M. Vasquez, MD", "VASQUEZ, ELENA M", true},
		{"provider_name", "Elena M. Vasquez, MD", "Elena Vargas, MD", false},
		{"patient_last_name", "O'Donnell", "ODONNELL", true},
		{"patient_mrn", "A1B2C3D4", "a1b2c3d4", true},
		{"patient_mrn", "A1B2C3D4", "AIB2C3D4", false},
		{"sex", "female", "F", true},
		{"sex", "female", "male", false},
		{"smoking_status", "former", "Former smoker, quit 2010", true},
		{"medication_name", "apixaban (Eliquis)", "Apixaban", true},
		{"dose", "5 mg", "5mg", true},
		{"dose", "2.5 mg", "25 mg", false},
		{"frequency", "BID", "b.i.d.", true},
		{"abnormal_flag", "H", "High", true},
		{"assessment", "Stable on the current dose; return in six months for a repeat TSH.", "Stable on the current dose; return in six months for a repeat TSH", true},
		{"assessment", "Stable on the current dose; return in six months for a repeat TSH.", "Stable on the current dose", false},
		{"city", "", "", false},
	} {
		if got := Same(c.field, []string{c.want}, []string{c.got}); got != c.same {
			t.Errorf("Same(%s, %q, %q) = %v", c.field, c.want, c.got, got)
		}
	}
}

func val(v string) paper.Value {
	return paper.Value{Value: v, At: []paper.Place{{Page: 1, Box: [4]float64{.1, .1, .2, .02}}}}
}

func got(v string) result.Field {
	return result.Field{Value: v, Confidence: 0.9, Geometry: []result.Geometry{{Page: 1, Box: result.Box{Left: .1, Top: .1, Width: .2, Height: .02}}}}
}

// sheet is a truth with a row and a trap of each kind.
func sheet() *paper.Truth {
	return &paper.Truth{File: "x", Pages: 1, Patients: []paper.Patient{
		{Fields: map[string]paper.Value{"patient_mrn": val("A1"), "city": val("Duluth")},
			Tables: map[string][]paper.Row{
				"conditions":     {{"condition_name": val("Hypothyroidism"), "icd10_code": val("E03.9")}, {"condition_name": val("Gout"), "icd10_code": val("M10.9")}},
				"family_members": {{"relation": val("Mother"), "relative_condition": val("breast cancer")}}},
			Absent: []paper.Absent{{Table: "conditions", Text: "chest pain", Why: "negated", Page: 1}}, Optional: []paper.Absent{{Table: "conditions", Text: "fatigue", Page: 1}}},
		{Fields: map[string]paper.Value{"patient_mrn": val("B2")}, Tables: map[string][]paper.Row{"conditions": {{"condition_name": val("Asthma")}}}},
	}}
}

func kinds(items []Item) []string {
	var out []string
	for _, i := range items {
		out = append(out, fmt.Sprintf("%s %s %s/%s", i.Kind, i.Field, i.Want, i.Got))
	}
	slices.Sort(out)
	return out
}

func TestCompare(t *testing.T) {
	docs := []result.Document{
		{Fields: map[string]result.Field{"patient_mrn": got("B2")}, Tables: map[string][]result.Row{"conditions": {{"condition_name": got("asthma"), "clinical_status": got("active")}}}},
		{Fields: map[string]result.Field{"patient_mrn": got("A1"), "city": got("Dulth"), "phone": got("555"), "document_type": got("visit")},
			Tables: map[string][]result.Row{
				"conditions": {
					{"condition_name": got("Gout"), "icd10_code": got("M10.0")},
					{"condition_name": got("Gout"), "icd10_code": got("M10.9")},
					{"condition_name": got("chest pain")},
					{"condition_name": got("Breast cancer")},
					{"condition_name": got("Asthma")},
					{"condition_name": got("Fatigue")},
					{"condition_name": got("Gout")},
					{"condition_name": got("Scurvy")},
					{}},
				"family_members": {{"relation": got("Mother"), "relative_condition": got("breast cancer")}}}},
	}
	want := []string{
		"context conditions.condition_name /Breast cancer",
		"context conditions.condition_name /chest pain",
		"invented conditions.condition_name /Gout", // with another code: not the same fact again
		"invented conditions.condition_name /Scurvy",
		"invented conditions.icd10_code /M10.0",
		"invented phone /555",
		"missed conditions.condition_name Hypothyroidism/",
		"missed conditions.icd10_code E03.9/",
		"other conditions.condition_name /Asthma",
		"right conditions.condition_name Asthma/asthma",
		"right conditions.condition_name Gout/Gout",
		"right conditions.icd10_code M10.9/M10.9",
		"right family_members.relation Mother/Mother",
		"right family_members.relative_condition breast cancer/breast cancer",
		"right patient_mrn A1/A1",
		"right patient_mrn B2/B2",
		"wrong city Duluth/Dulth",
	}
	if items := kinds(Compare(sheet(), docs)); !slices.Equal(items, want) {
		t.Errorf("items:\n%q\nwant:\n%q", items, want)
	}
}

func TestCompareNothingRead(t *testing.T) {
	for _, i := range Compare(sheet(), nil) {
		if i.Kind != Missed {
			t.Errorf("%+v", i)
		}
	}
}

func TestCompareStrayDocument(t *testing.T) {
	docs := make([]result.Document, 3)
	docs[2] = result.Document{Fields: map[string]result.Field{"patient_mrn": got("C3")}}
	n := Count(Compare(sheet(), docs), nil)
	if n.Invented+n.Wrong == 0 {
		t.Errorf("a third patient cost nothing: %+v", n)
	}
}

func TestOverlap(t *testing.T) {
	ink := []paper.Place{{Page: 1, Box: [4]float64{.1, .1, .2, .02}}}
	for _, c := range []struct {
		name string
		g    result.Geometry
		hit  bool
	}{
		{"same", result.Geometry{Page: 1, Box: result.Box{Left: .1, Top: .1, Width: .2, Height: .02}}, true},
		{"wider", result.Geometry{Page: 1, Box: result.Box{Left: .05, Top: .09, Width: .4, Height: .04}}, true},
		{"other page", result.Geometry{Page: 2, Box: result.Box{Left: .1, Top: .1, Width: .2, Height: .02}}, false},
		{"next line", result.Geometry{Page: 1, Box: result.Box{Left: .1, Top: .13, Width: .2, Height: .02}}, false},
	} {
		if hit, _ := overlap(ink, []result.Geometry{c.g}); hit != c.hit {
			t.Errorf("%s: hit is %v", c.name, hit)
		}
	}
}

func TestMetrics(t *testing.T) {
	items := []Item{{Kind: Right, Conf: .99}, {Kind: Right, Conf: .9}, {Kind: Wrong, Conf: .9}, {Kind: Invented, Conf: .3}, {Kind: Missed}}
	n := Count(items, nil)
	if n.Precision() != .5 || n.Recall() != .5 || n.F1() != .5 || n.Sure != 3 || n.SureWrong != 1 {
		t.Errorf("%+v: P %v R %v F1 %v", n, n.Precision(), n.Recall(), n.F1())
	}
	_, ece := Reliability(items)
	if want := (.01 + 2*.4 + .3) / 4; math.Abs(ece-want) > 1e-9 {
		t.Errorf("ECE %v, want %v", ece, want)
	}
	if share, from := Coverage(items, .99); share != .25 || from != .99 {
		t.Errorf("coverage %v from %v", share, from)
	}
	if share, _ := Coverage(nil, .99); share != 0 {
		t.Errorf("coverage of nothing is %v", share)
	}
}
