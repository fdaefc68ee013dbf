package extract

import (
	"image"
	"testing"
	"time"

	"github.com/paperchart/paperchart/blueprint"
	"github.com/paperchart/paperchart/internal/layout"
	"github.com/paperchart/paperchart/internal/page"
	"github.com/paperchart/paperchart/internal/result"
	"github.com/paperchart/paperchart/internal/terms"
)

// withTerms runs the engine over a document with the vocabulary that ships.
func withTerms(t *testing.T, doc *layout.Document) result.Document {
	t.Helper()
	words, err := terms.Default()
	if err != nil {
		t.Fatal(err)
	}
	e := &Engine{Blueprint: blueprint.Default(), Terms: words, Now: func() time.Time { return time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC) }}
	docs, err := e.Extract(t.Context(), doc, result.Source{File: "x.pdf"})
	if err != nil || len(docs) != 1 {
		t.Fatalf("%d documents, %v", len(docs), err)
	}
	return docs[0]
}

// column is one column of a table by the values of another.
func column(d result.Document, table, key, value string) map[string]string {
	out := map[string]string{}
	for _, r := range d.Tables[table] {
		out[r[key].Value] = r[value].Value
	}
	return out
}

func same(t *testing.T, what string, got, want map[string]string) {
	t.Helper()
	for k, v := range want {
		if g, ok := got[k]; !ok || g != v {
			t.Errorf("%s: %q is %q, want %q (all: %v)", what, k, g, v, got)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// Recognition runs analytes and figures together; a letter alone is an analyte
// only with the unit of one.
func TestGluedLabs(t *testing.T) {
	d := withTerms(t, typed(`
Patient: Yolanda Esparza      DOB: 12-05-1972

Recent labs (09/10/24):

TSH 1.84 uIU/mL   K3.9mEq/L   Cr 0.8         Hgb12.9 g/dL   Mg 1.9 mg/dL
`))
	same(t, "labs", column(d, "lab_results", "test_name", "result_value"),
		map[string]string{"TSH": "1.84", "K": "3.9", "Cr": "0.8", "Hgb": "12.9", "Mg": "1.9"})
	same(t, "units", column(d, "lab_results", "test_name", "unit"),
		map[string]string{"TSH": "uIU/mL", "K": "mEq/L", "Cr": "", "Hgb": "g/dL", "Mg": "mg/dL"})
}

// A code whose I was read as a 1 is known by the words beside it, and only then.
func TestCodesOfAssessments(t *testing.T) {
	d := withTerms(t, typed(`
Patient: Yolanda Esparza      DOB: 12-05-1972

Assessment

1. Chronic diastolic heart failure, 150.32, compensated.
2. Chronic kidney disease, stage 3b, N18.32.
3. Permanent atrial fibrillation, 148.21.
4. Essential hypertension, 120.80 today.
`))
	same(t, "codes", column(d, "conditions", "condition_name", "icd10_code"), map[string]string{
		"Chronic diastolic heart failure": "I50.32", "Chronic kidney disease, stage 3b": "N18.32",
		"Permanent atrial fibrillation": "I48.21", "Essential hypertension": ""})
}

// A single test is printed as a panel of one.
func TestPanelOfOne(t *testing.T) {
	d := withTerms(t, typed(`
Patient: Yolanda Esparza      DOB: 12-05-1972

TEST NAME                 RESULT    UNITS      REFERENCE RANGE
LIPID PANEL
HDL CHOLESTEROL           38        mg/dL      >40
LDL CHOLESTEROL           155       mg/dL      <100
HEMOGLOBIN A1C
HEMOGLOBIN A1C            7.2       %          <5.7
`))
	same(t, "panels", column(d, "lab_results", "test_name", "panel_name"), map[string]string{
		"HDL CHOLESTEROL": "LIPID PANEL", "LDL CHOLESTEROL": "LIPID PANEL", "HEMOGLOBIN A1C": "HEMOGLOBIN A1C"})
}

// truncated is a table of results in which the second word of a name could not be
// read.
func truncated(guess ...string) *layout.Document {
	p := typedPage(1, `
Patient: Yolanda Esparza      DOB: 12-05-1972

TEST NAME                 RESULT    UNITS      REFERENCE RANGE
Sodium                    139       mmol/L     135-145
Hemoglobin                5.3       %          <5.7
Potassium                 4.4       mmol/L     3.5-5.1`)
	for _, w := range p.Words {
		if w.Text == "Hemoglobin" {
			at := image.Rect(w.Box.Max.X+16, w.Box.Min.Y, w.Box.Max.X+70, w.Box.Max.Y)
			p.Words = append(p.Words, page.Word{Box: at, Alternatives: guess})
			break
		}
	}
	return layout.Arrange([]*page.Page{p})
}

func TestUnreadInkBesideAName(t *testing.T) {
	for _, c := range []struct {
		guess []string
		name  string
	}{{nil, "Hemoglobin"}, {[]string{"xyz"}, "Hemoglobin"}, {[]string{"Aic’"}, "Hemoglobin A1c"}} {
		d := withTerms(t, truncated(c.guess...))
		found := false
		for _, r := range d.Tables["lab_results"] {
			f := r["test_name"]
			if r["result_value"].Value != "5.3" {
				continue
			}
			found = true
			if f.Value != c.name || f.Confidence >= 0.8 || f.Remark == "" {
				t.Errorf("guess %q: the name is %q at %.2f (%s), want %q, doubted", c.guess, f.Value, f.Confidence, f.Remark, c.name)
			}
		}
		if !found {
			t.Errorf("guess %q: the row is lost", c.guess)
		}
	}
}

// What no living patient has is doubted, whatever the range says.
func TestImplausibleValues(t *testing.T) {
	d := withTerms(t, typed(`
Patient: Yolanda Esparza      DOB: 12-05-1972

TEST NAME                 RESULT    UNITS
Sodium                    1390      mmol/L
Potassium                 4.4       mmol/L
`))
	for _, r := range d.Tables["lab_results"] {
		f, doubted := r["result_value"], r["test_name"].Value == "Sodium"
		if (f.Confidence < 0.8) != doubted {
			t.Errorf("%s %s has confidence %.2f (%s)", r["test_name"].Value, f.Value, f.Confidence, f.Remark)
		}
	}
	if len(d.Tables["lab_results"]) != 2 {
		t.Errorf("rows: %v", d.Tables["lab_results"])
	}
}
