// Package view shows results to people: who the patient is and what the paper
// says, each with its confidence, its page, and a mark where a person must look.
//
// A View is what is shown, as data; Render writes views for a terminal or a pipe.
// Text from paper cannot move a terminal's cursor or turn its writing round.
package view

import (
	"cmp"
	"strings"

	"github.com/paperchart/paperchart/internal/result"
	"github.com/paperchart/paperchart/internal/terms"
)

// View is one document's results, ready to be shown or written as JSON.
type View struct {
	Document string `json:"document"`
	Class    string `json:"class,omitempty"`
	// Pages are those of the file that the document is on, from 1; PageCount is
	// how many the file has.
	Pages     []int     `json:"pages,omitempty"`
	PageCount int       `json:"page_count,omitempty"`
	Patient   Patient   `json:"patient"`
	Sections  []Section `json:"sections"`
	// Review is the number of fields that wait for a person, Doubtful how many of
	// them were read surely but contradict their page, lack their unit, or name a
	// diagnosis or drug that the vocabulary has never heard of; a patient without
	// name and number is one too.
	Review    int     `json:"review"`
	Doubtful  int     `json:"doubtful,omitempty"`
	Threshold float64 `json:"threshold"`
}

// Patient is who the document is about.
type Patient struct {
	Name string `json:"name,omitempty"`
	MRN  string `json:"mrn,omitempty"`
	Born string `json:"born,omitempty"`
	Sex  string `json:"sex,omitempty"`
	// Review is true where a part is below its threshold.
	Review bool `json:"review,omitempty"`
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
	// Review is true where a part is below its threshold or contradicts itself.
	Review bool `json:"review,omitempty"`
	// Abnormal is true for a result that its paper flags.
	Abnormal bool `json:"abnormal,omitempty"`
}

// New makes the view of a document. vocabulary gives codes that are not printed;
// it may be nil.
func New(d result.Document, t result.Thresholds, vocabulary terms.Vocabulary) View {
	v := View{Document: d.Source.File, Class: cmp.Or(d.Class, d.Fields["document_type"].Value), PageCount: d.Source.PageCount, Threshold: t.Default}
	for _, p := range d.Pages {
		v.Pages = append(v.Pages, p+1)
	}
	below := 0
	for _, w := range t.Review(d) {
		if w.Confidence < t.Of(w.Name) {
			below++
		} else {
			v.Doubtful++
		}
	}
	m := maker{d: d, t: t, vocabulary: vocabulary, doubtful: &v.Doubtful}
	for value, unit := range unitOf {
		if f := d.Fields[value]; f.Value != "" && d.Fields[unit].Value == "" && t.Meets(value, f) {
			v.Doubtful++
		}
	}
	v.Patient = m.patient()
	unread := m.unread()
	v.Doubtful += len(unread)
	for _, s := range []Section{
		{"Contact", m.contact()},
		{"Insurance", m.scalars("", "%s %s %s", "insurance_payer_name", "insurance_member_id", "insurance_group_number")},
		{"Encounter", m.encounter()},
		{"Conditions", m.conditions()},
		{"Medications", m.medications()},
		{"Allergies", m.table("allergies", m.cells("allergen", "reaction", "severity"))},
		{"Labs", m.labs()},
		{"Vitals", m.vitals()},
		{"Procedures", m.table("procedures", m.cells("procedure_name", "procedure_code", "procedure_date"))},
		{"Vaccines", m.table("immunizations", m.cells("vaccine_name", "vaccine_date", "lot_number"))},
		{"Family", m.table("family_members", m.cells("relation", "relative_condition"))},
		{"Social", m.social()},
		{"Notes", m.notes()},
		{"Other", m.other()},
		{"Unread", unread},
	} {
		if len(s.Rows) > 0 {
			v.Sections = append(v.Sections, s)
		}
	}
	v.Review = below + v.Doubtful
	return v
}

func (m maker) patient() Patient {
	row := Row{Confidence: 1}
	get := func(name string) string {
		m.weigh(&row, name, m.d.Fields[name])
		return m.d.Fields[name].Value
	}
	p := Patient{Name: get("patient_last_name")}
	given := strings.Join(strings.Fields(get("patient_first_name")+" "+get("patient_middle_name")), " ")
	if suffix := get("patient_name_suffix"); suffix != "" {
		p.Name = strings.TrimSpace(p.Name + " " + suffix)
	}
	if given != "" {
		p.Name = strings.TrimPrefix(p.Name+", "+given, ", ")
	}
	p.MRN, p.Born, p.Sex = get("patient_mrn"), get("date_of_birth"), get("sex")
	if p.Review = row.Review; p.Name == "" && p.MRN == "" { // whose record this is, nobody knows
		p.Review = true
		*m.doubtful++
	}
	return p
}
