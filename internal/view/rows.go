package view

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/paperchart/paperchart/internal/result"
	"github.com/paperchart/paperchart/internal/terms"
)

// maker makes the rows of one document.
type maker struct {
	d          result.Document
	t          result.Thresholds
	vocabulary terms.Vocabulary
	// doubtful counts what waits for a person though it was read surely.
	doubtful *int
}

func (m maker) conditions() []Row {
	rows := m.table("conditions", m.condition)
	for i, r := range m.d.Tables["conditions"] {
		if r["icd10_code"].Value == "" {
			m.hear(&rows[i], terms.Diagnosis, r["condition_name"].Value)
		}
	}
	return rows
}

func (m maker) medications() []Row {
	rows := m.table("medications", m.medication)
	for i, r := range m.d.Tables["medications"] {
		m.hear(&rows[i], terms.Drug, r["medication_name"].Value)
	}
	return rows
}

// hear marks a row whose name a whole vocabulary does not know, as convert does.
func (m maker) hear(row *Row, d terms.Domain, name string) {
	if m.vocabulary == nil || name == "" || row.Review {
		return
	}
	if _, whole := m.vocabulary.Code(terms.ICD10CM, "I10"); !whole {
		return
	}
	if _, known := m.vocabulary.Match(d, name); !known {
		row.Review = true
		*m.doubtful++
	}
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
	if f.Value == "" {
		return
	}
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
		if found, ok := m.vocabulary.Match(terms.Diagnosis, r["condition_name"].Value); ok && found.Concept != nil && len(found.Concept.Codings) > 0 {
			code = found.Concept.Codings[0].Code
		}
	}
	course := unlessActive(r["clinical_status"].Value)
	if onset := r["onset_date"].Value; onset != "" {
		course = strings.TrimPrefix(course+", since "+onset, ", ")
	}
	return []string{r["condition_name"].Value, code, course}
}

// unlessActive is a status that a reader must not miss.
func unlessActive(status string) string {
	if status == "active" {
		return ""
	}
	return status
}

func (m maker) medication(r result.Row) []string {
	often := words(r["route"].Value, r["frequency"].Value)
	if often == "" {
		often = r["instructions"].Value
	}
	return []string{words(r["medication_name"].Value, prettyUnit(r["dose"].Value)), often, unlessActive(r["medication_status"].Value)}
}

func (m maker) labs() []Row {
	rows := m.table("lab_results", m.lab)
	for i := range rows {
		flag := rows[i].Cells[3]
		rows[i].Abnormal = flag != "" && !strings.EqualFold(flag, "n") && !strings.EqualFold(flag, "normal")
	}
	return rows
}

func (m maker) lab(r result.Row) []string {
	return []string{r["test_name"].Value, words(prettyNumber(r["result_value"].Value), prettyUnit(r["unit"].Value)),
		prettyRange(r["reference_range"].Value), r["abnormal_flag"].Value, r["collection_date"].Value}
}

// scalars makes a row of scalar fields, or none where all are blank.
func (m maker) scalars(label, format string, names ...string) []Row {
	row := Row{Confidence: 1}
	values := make([]any, len(names))
	found := false
	for i, n := range names {
		f := m.d.Fields[n]
		values[i] = f.Value
		found = found || f.Value != ""
		m.weigh(&row, n, f)
	}
	if !found {
		return nil
	}
	row.Cells = []string{words(label, fmt.Sprintf(format, values...))}
	return []Row{row}
}

// unitOf names the unit of a vital sign that has several: without it the number
// is no measurement.
var unitOf = map[string]string{"body_temperature": "body_temperature_unit", "height": "height_unit", "weight": "weight_unit"}

func (m maker) vitals() (rows []Row) {
	for _, v := range []struct {
		label, format string
		names         []string
	}{
		{"Heart rate", "%s /min", []string{"heart_rate"}},
		{"Respirations", "%s /min", []string{"respiratory_rate"}},
		{"Temperature", "%s %s", []string{"body_temperature", "body_temperature_unit"}},
		{"SpO₂", "%s %%", []string{"oxygen_saturation"}},
		{"Height", "%s %s", []string{"height", "height_unit"}},
		{"Weight", "%s %s", []string{"weight", "weight_unit"}},
		{"BMI", "%s kg/m²", []string{"bmi"}},
		{"Pain", "%s/10", []string{"pain_score"}},
	} {
		if m.d.Fields[v.names[0]].Value == "" {
			continue // a unit alone says nothing
		}
		made := m.scalars(v.label, v.format, v.names...)
		made[0].Cells[0] = prettyUnit(made[0].Cells[0])
		if unit := unitOf[v.names[0]]; unit != "" && m.d.Fields[unit].Value == "" {
			made[0].Cells[0] += " (unit not read)"
			made[0].Review = true
		}
		rows = append(rows, made...)
	}
	return append(m.pressure(), rows...)
}

// pressure shows a half that is missing as such.
func (m maker) pressure() []Row {
	rows := m.scalars("BP", "%s/%s mmHg", "blood_pressure_systolic", "blood_pressure_diastolic")
	for i := range rows {
		rows[i].Cells[0] = strings.Replace(strings.Replace(rows[i].Cells[0], "BP /", "BP ?/", 1), "/ mmHg", "/? mmHg", 1)
	}
	return rows
}

func (m maker) contact() []Row {
	var rows []Row
	rows = append(rows, m.scalars("", "%s %s %s %s", "address_line", "city", "state", "postal_code")...)
	rows = append(rows, m.scalars("", "%s %s", "phone", "email")...)
	return append(rows, m.scalars("Emergency contact", "%s %s", "emergency_contact_name", "emergency_contact_phone")...)
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

var notes = [][2]string{
	{"chief_complaint", "Complaint"}, {"history_of_present_illness", "History"}, {"past_medical_history", "Past history"},
	{"past_surgical_history", "Surgical"}, {"family_history", "Family"}, {"physical_exam", "Exam"}, {"assessment", "Assessment"},
	{"plan_of_care", "Plan"}, {"follow_up_instructions", "Follow-up"},
}

func (m maker) notes() []Row {
	var rows []Row
	for _, n := range notes {
		for _, r := range m.scalars("", "%s", n[0]) {
			r.Cells = append([]string{n[1]}, r.Cells...)
			rows = append(rows, r)
		}
	}
	return rows
}

// quiet are fields that no section shows, since they say little by themselves: they
// are shown where a person must look at them.
var quiet = set(`facility_address facility_phone provider_specialty document_type document_date vitals_date marital_status language race ethnicity`)

// shown are the fields and tables of the default blueprint that a section shows.
var shown = set(`patient_last_name patient_first_name patient_middle_name patient_name_suffix patient_mrn date_of_birth sex
	address_line city state postal_code phone email emergency_contact_name emergency_contact_phone insurance_payer_name insurance_member_id
	insurance_group_number encounter_type encounter_date encounter_id admission_date discharge_date discharge_disposition provider_name provider_npi
	facility_name blood_pressure_systolic
	blood_pressure_diastolic heart_rate respiratory_rate body_temperature body_temperature_unit oxygen_saturation height height_unit weight weight_unit
	bmi pain_score smoking_status alcohol_use drug_use chief_complaint history_of_present_illness past_medical_history past_surgical_history
	family_history physical_exam assessment plan_of_care follow_up_instructions
	conditions medications allergies lab_results procedures immunizations family_members`)

func set(names string) map[string]bool {
	m := map[string]bool{}
	for _, n := range strings.Fields(names) {
		m[n] = true
	}
	return m
}

// other are the fields and tables of a user's own blueprint, and the quiet ones that
// wait for a person.
func (m maker) other() []Row {
	var rows []Row
	for _, name := range slices.Sorted(maps.Keys(m.d.Fields)) {
		if !shown[name] && !(quiet[name] && m.t.Meets(name, m.d.Fields[name])) {
			for _, r := range m.scalars("", "%s", name) {
				r.Cells = append([]string{strings.ReplaceAll(name, "_", " ")}, r.Cells...)
				rows = append(rows, r)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.d.Tables)) {
		if !shown[name] {
			rows = append(rows, m.table(name, func(r result.Row) []string {
				var cells []string
				for _, column := range slices.Sorted(maps.Keys(r)) {
					cells = append(cells, r[column].Value)
				}
				return []string{strings.ReplaceAll(name, "_", " "), strings.Join(cells, "  ")}
			})...)
		}
	}
	return rows
}

func words(parts ...string) string {
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}
