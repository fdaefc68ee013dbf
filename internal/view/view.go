// Package view shows results to people: who the patient is and what the paper
// says, each with its code, its confidence and its page.
package view

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/paperchart/paperchart/internal/result"
	"github.com/paperchart/paperchart/internal/terms"
)

// View is one document's results, ready to be shown or written as JSON.
type View struct {
	Document string    `json:"document"`
	Class    string    `json:"class,omitempty"`
	Patient  Patient   `json:"patient"`
	Sections []Section `json:"sections"`
	// Review is the number of fields below their threshold.
	Review    int     `json:"review"`
	Threshold float64 `json:"threshold"`
}

// Patient is who the document is about.
type Patient struct {
	Name string `json:"name,omitempty"`
	MRN  string `json:"mrn,omitempty"`
	Born string `json:"born,omitempty"`
	Sex  string `json:"sex,omitempty"`
}

// Section is a kind of facts.
type Section struct {
	Name string `json:"name"`
	Rows []Row  `json:"rows"`
}

// Row is one fact.
type Row struct {
	// Cells are the fact's parts in columns; empty cells keep their place.
	Cells []string `json:"cells"`
	// Confidence is that of the least sure part, 0..1.
	Confidence float64 `json:"confidence"`
	Page       int     `json:"page,omitempty"`
	// Review is true where a part is below its threshold.
	Review bool `json:"review,omitempty"`
}

// New makes the view of a document. vocabulary gives codes that are not printed;
// it may be nil.
func New(d result.Document, t result.Thresholds, vocabulary terms.Vocabulary) View {
	v := View{Document: d.Source.File, Class: d.Class, Patient: patient(d), Review: len(t.Review(d)), Threshold: t.Default}
	m := maker{d, t, vocabulary}
	for _, s := range []Section{
		{"Encounter", m.encounter()},
		{"Conditions", m.table("conditions", m.condition)},
		{"Medications", m.table("medications", m.medication)},
		{"Allergies", m.table("allergies", m.cells("allergen", "reaction", "severity"))},
		{"Labs", m.table("lab_results", m.lab)},
		{"Vitals", m.vitals()},
		{"Procedures", m.table("procedures", m.cells("procedure_name", "procedure_code", "procedure_date"))},
		{"Vaccines", m.table("immunizations", m.cells("vaccine_name", "vaccine_date", "lot_number"))},
		{"Family", m.table("family_members", m.cells("relation", "relative_condition"))},
		{"Social", m.social()},
	} {
		if len(s.Rows) > 0 {
			v.Sections = append(v.Sections, s)
		}
	}
	return v
}

func patient(d result.Document) Patient {
	get := func(name string) string { return d.Fields[name].Value }
	name := get("patient_last_name")
	if given := strings.TrimSpace(get("patient_first_name") + " " + get("patient_middle_name")); given != "" {
		name = strings.TrimPrefix(name+", "+given, ", ")
	}
	return Patient{name, get("patient_mrn"), get("date_of_birth"), get("sex")}
}

type maker struct {
	d          result.Document
	t          result.Thresholds
	vocabulary terms.Vocabulary
}

// table makes a row of each row of a table.
func (m maker) table(name string, cells func(result.Row) []string) []Row {
	var rows []Row
	for _, r := range m.d.Tables[name] {
		row := Row{Cells: cells(r), Confidence: 1}
		for column, f := range r {
			m.weigh(&row, name+"."+column, f)
		}
		rows = append(rows, row)
	}
	return rows
}

// weigh takes a field's confidence, page and need for review into a row.
func (m maker) weigh(row *Row, name string, f result.Field) {
	row.Confidence = min(row.Confidence, f.Confidence)
	row.Review = row.Review || !m.t.Meets(name, f)
	if len(f.Geometry) > 0 && f.Geometry[0].Page > 0 && (row.Page == 0 || f.Geometry[0].Page < row.Page) {
		row.Page = f.Geometry[0].Page
	}
}

func (m maker) cells(columns ...string) func(result.Row) []string {
	return func(r result.Row) []string {
		out := make([]string, len(columns))
		for i, c := range columns {
			out[i] = r[c].Value
		}
		return out
	}
}

func (m maker) condition(r result.Row) []string {
	code := r["icd10_code"].Value
	if code == "" && m.vocabulary != nil {
		if found, ok := m.vocabulary.Match(terms.Diagnosis, r["condition_name"].Value); ok && len(found.Concept.Codings) > 0 {
			code = found.Concept.Codings[0].Code
		}
	}
	status := r["clinical_status"].Value
	if status == "active" {
		status = ""
	}
	return []string{r["condition_name"].Value, code, status}
}

func (m maker) medication(r result.Row) []string {
	name := strings.TrimSpace(r["medication_name"].Value + " " + r["dose"].Value)
	often := strings.TrimSpace(r["route"].Value + " " + r["frequency"].Value)
	status := r["medication_status"].Value
	if status == "active" {
		status = ""
	}
	return []string{name, often, status}
}

func (m maker) lab(r result.Row) []string {
	return []string{r["test_name"].Value, strings.TrimSpace(r["result_value"].Value + " " + r["unit"].Value),
		strings.ReplaceAll(r["reference_range"].Value, "-", "–"), r["abnormal_flag"].Value}
}

// scalars makes a row of scalar fields, or none where the first ones are blank.
func (m maker) scalars(label, format string, names ...string) []Row {
	row := Row{Confidence: 1}
	values := make([]any, len(names))
	found := false
	for i, n := range names {
		f := m.d.Fields[n]
		values[i] = f.Value
		if f.Value != "" {
			found = true
			m.weigh(&row, n, f)
		}
	}
	if !found {
		return nil
	}
	row.Cells = []string{strings.TrimSpace(label + " " + strings.TrimSpace(fmt.Sprintf(format, values...)))}
	return []Row{row}
}

func (m maker) vitals() (rows []Row) {
	for _, v := range []struct {
		label, format string
		names         []string
	}{
		{"BP", "%s/%s mmHg", []string{"blood_pressure_systolic", "blood_pressure_diastolic"}},
		{"Heart rate", "%s /min", []string{"heart_rate"}},
		{"Respirations", "%s /min", []string{"respiratory_rate"}},
		{"Temperature", "%s %s", []string{"body_temperature", "body_temperature_unit"}},
		{"SpO2", "%s %%", []string{"oxygen_saturation"}},
		{"Height", "%s %s", []string{"height", "height_unit"}},
		{"Weight", "%s %s", []string{"weight", "weight_unit"}},
		{"BMI", "%s", []string{"bmi"}},
		{"Pain", "%s/10", []string{"pain_score"}},
	} {
		rows = append(rows, m.scalars(v.label, v.format, v.names...)...)
	}
	return rows
}

func (m maker) encounter() []Row {
	var rows []Row
	rows = append(rows, m.scalars("", "%s %s %s", "encounter_type", "encounter_date", "encounter_id")...)
	rows = append(rows, m.scalars("Admitted", "%s", "admission_date")...)
	rows = append(rows, m.scalars("Discharged", "%s %s", "discharge_date", "discharge_disposition")...)
	rows = append(rows, m.scalars("", "%s %s", "provider_name", "provider_npi")...)
	return append(rows, m.scalars("", "%s", "facility_name")...)
}

func (m maker) social() []Row {
	var rows []Row
	rows = append(rows, m.scalars("Smoking", "%s", "smoking_status")...)
	rows = append(rows, m.scalars("Alcohol", "%s", "alcohol_use")...)
	return append(rows, m.scalars("Drugs", "%s", "drug_use")...)
}

// Style is how a View is written.
type Style struct {
	Colour bool
	// Width is the number of columns of the screen; 100 where 0.
	Width int
}

const label = 13

// Text writes the view in columns, ended by a newline.
func (v View) Text(s Style) string {
	if s.Width == 0 {
		s.Width = 100
	}
	var b strings.Builder
	p := v.Patient
	who := []string{orDash(p.Name)}
	if p.MRN != "" {
		who = append(who, "MRN "+p.MRN)
	}
	if p.Born != "" {
		who = append(who, "born "+p.Born)
	}
	who = append(who, p.Sex)
	fmt.Fprintf(&b, "%s%s\n", s.bold(pad("Patient", label)), strings.TrimSpace(strings.Join(who, "   ")))
	for _, section := range v.Sections {
		section.text(&b, s)
	}
	switch v.Review {
	case 0:
		fmt.Fprintf(&b, "%snothing: every field is at %.2f or above\n", s.bold(pad("Review", label)), v.Threshold)
	case 1:
		fmt.Fprintf(&b, "%s1 field below %.2f\n", s.bold(pad("Review", label)), v.Threshold)
	default:
		fmt.Fprintf(&b, "%s%d fields below %.2f\n", s.bold(pad("Review", label)), v.Review, v.Threshold)
	}
	return b.String()
}

func orDash(s string) string {
	if s == "" {
		return "(no name found)"
	}
	return s
}

func (section Section) text(b *strings.Builder, s Style) {
	widths := section.widths(s.Width - label - 12)
	for i, r := range section.Rows {
		head := pad("", label)
		if i == 0 {
			head = s.bold(pad(section.Name, label))
		}
		line := ""
		for j, w := range widths {
			cell := ""
			if j < len(r.Cells) {
				cell = r.Cells[j]
			}
			line += pad(cut(cell, w), w) + "  "
		}
		tail := fmt.Sprintf("%.2f", r.Confidence)
		if r.Page > 0 {
			tail += fmt.Sprintf("  p%d", r.Page)
		}
		if r.Review {
			tail = s.warn(tail + "  ?")
		}
		b.WriteString(head + line + tail + "\n")
	}
}

// widths are those of the widest cells, the widest made smaller until all fit.
func (section Section) widths(room int) []int {
	var widths []int
	for _, r := range section.Rows {
		for j, c := range r.Cells {
			if j == len(widths) {
				widths = append(widths, 0)
			}
			widths[j] = max(widths[j], utf8.RuneCountInString(c))
		}
	}
	for {
		total, widest := 0, 0
		for j, w := range widths {
			total += w + 2
			if w > widths[widest] {
				widest = j
			}
		}
		if total <= room || widths[widest] <= 8 {
			return widths
		}
		widths[widest]--
	}
}

func pad(s string, w int) string {
	return s + strings.Repeat(" ", max(0, w-utf8.RuneCountInString(s)))
}

// cut shortens to w runes and takes control characters out: what stands on the
// paper must not move the cursor.
func cut(s string, w int) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, s)
	if utf8.RuneCountInString(s) <= w {
		return s
	}
	return string([]rune(s)[:max(0, w-1)]) + "…"
}

func (s Style) bold(text string) string { return s.paint("1", text) }
func (s Style) warn(text string) string { return s.paint("33", text) }

func (s Style) paint(code, text string) string {
	if !s.Colour {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}
