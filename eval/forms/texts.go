package forms

import (
	"embed"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/paperchart/paperchart/eval/paper"
)

// Documents written out by hand, one file each, because people's prose is more
// various than any phrase list. Their markup is the pen's, with short keys:
//
//	{c|gout}                   a new condition; m medication, a allergy, l result,
//	                           p procedure, v vaccine, f relative's illness
//	{m.dose|5 mg}              a column of the last row of the table
//	{m2.status=stopped}        a column of the second row, implied where no text is
//	{f+.rel=Mother|mother}     a column that begins a new row
//	{!c|stroke} {?c|cough}     what must not, or need not, be found
//	{dob=1960-03-04|3/4/60}    a scalar field
//	[[she is // she feels]]    one of these, by chance
//
// Files whose names begin with t- are held out of tuning. The first line names a typeface and its size. A line is a paragraph; one that
// begins with "- ", "* " or a number is an item, "^" centres.

//go:embed texts/*.txt
var written embed.FS

// texts returns a layout for each written document.
func texts() []Layout {
	names, _ := fs.Glob(written, "texts/*.txt")
	faces := map[string]paper.Family{"sans": paper.Sans, "serif": paper.Serif, "mono": paper.Mono, "narrow": paper.Narrow, "verdana": paper.Verdana, "slab": paper.Slab}
	var out []Layout
	for _, name := range names {
		data, err := written.ReadFile(name)
		if err != nil {
			continue
		}
		first, body, _ := strings.Cut(string(data), "\n")
		face, size, _ := strings.Cut(first, " ")
		points, _ := strconv.ParseFloat(size, 64)
		base := paper.Style{Family: faces[face], Size: points}
		title, test := strings.CutPrefix(strings.TrimSuffix(path.Base(name), ".txt"), "t-")
		if title = "text-" + title; test {
			title = "t-" + title
		}
		out = append(out, Layout{Name: title, Test: test, vendor: "plain", base: base, date: "01/02/2006",
			title: titleBold, running: func(*Writer) {}, draw: func(w *Writer) { w.write(body) }})
	}
	return out
}

var numbered = regexp.MustCompile(`^(?:[-*•]|\(?\d{1,2}[.)])\s+`)

// write prints a document that was written out.
func (w *Writer) write(body string) {
	rows := map[string]int{}
	for _, l := range strings.Split(strings.TrimSpace(choose(w.r, body)), "\n") {
		l = w.long(l, rows)
		switch bullet := numbered.FindString(l); {
		case l == "":
			w.Gap(w.Lead * .7)
		case l[0] == '^':
			w.need(w.Lead)
			w.Center(w.X+w.Width/2, w.Y, w.base.B(), l[1:])
			w.Y += w.Lead
		case bullet != "":
			w.item(strings.TrimSpace(bullet), l[len(bullet):], 18)
		default:
			w.para(l)
		}
	}
}

var alternatives = regexp.MustCompile(`\[\[(.*?)\]\]`)

// choose takes one of each set of alternatives.
func choose(r *rand.Rand, s string) string {
	return alternatives.ReplaceAllStringFunc(s, func(m string) string {
		all := strings.Split(m[2:len(m)-2], "//")
		return strings.TrimSpace(all[r.IntN(len(all))])
	})
}

// brief are the short names of tables and their columns, the first of them the
// one that is meant where none is named.
var brief = map[string][]string{
	"c": {"conditions", "name=condition_name", "code=icd10_code", "status=clinical_status", "onset=onset_date"},
	"m": {"medications", "name=medication_name", "dose=dose", "route=route", "freq=frequency", "status=medication_status", "start=start_date"},
	"a": {"allergies", "name=allergen", "reaction=reaction", "severity=severity"},
	"l": {"lab_results", "name=test_name", "value=result_value", "unit=unit", "range=reference_range", "flag=abnormal_flag", "date=collection_date"},
	"p": {"procedures", "name=procedure_name", "code=procedure_code", "date=procedure_date"},
	"v": {"immunizations", "name=vaccine_name", "date=vaccine_date", "lot=lot_number"},
	"f": {"family_members", "name=relative_condition", "rel=relation"},
}

var scalars = map[string]string{"last": "patient_last_name", "first": "patient_first_name", "middle": "patient_middle_name", "suffix": "patient_name_suffix",
	"mrn": "patient_mrn", "dob": "date_of_birth", "date": "document_date", "visit": "encounter_date", "admit": "admission_date", "discharge": "discharge_date",
	"number": "encounter_id", "prov": "provider_name", "npi": "provider_npi", "spec": "provider_specialty", "fac": "facility_name", "facaddr": "facility_address", "facphone": "facility_phone",
	"sbp": "blood_pressure_systolic", "dbp": "blood_pressure_diastolic", "hr": "heart_rate", "rr": "respiratory_rate", "temp": "body_temperature", "tempu": "body_temperature_unit",
	"sat": "oxygen_saturation", "ht": "height", "htu": "height_unit", "wt": "weight", "wtu": "weight_unit", "pain": "pain_score", "smoke": "smoking_status",
	"alcohol": "alcohol_use", "drugs": "drug_use", "cc": "chief_complaint", "dispo": "discharge_disposition", "marital": "marital_status", "lang": "language"}

var short = regexp.MustCompile(`\{([!?]?)([a-z]+)(\d*)(\+?)(?:\.(\w+))?(?:=([^|}]*))?(?:\|([^}]*))?\}`)

// long writes short keys out. What is only implied leaves no text.
func (w *Writer) long(s string, rows map[string]int) string {
	return short.ReplaceAllStringFunc(s, func(m string) string {
		f := short.FindStringSubmatch(m)
		sign, name, number, plus, column, value, text := f[1], f[2], f[3], f[4], f[5], f[6], f[7]
		key := name
		if full := scalars[name]; full != "" {
			key = full
		}
		if t := brief[name]; t != nil && sign != "" {
			key = sign + t[0] + ".said"
		} else if t != nil {
			n := rows[name]
			switch {
			case number != "":
				n, _ = strconv.Atoi(number)
			case column == "" || plus != "":
				n++
				rows[name] = n
			}
			key = fmt.Sprintf("%s.%d.%s", t[0], n, columnOf(t, column))
		}
		if sign == "?" {
			key = strings.TrimSuffix(key, ".said")
		}
		if text == "" {
			w.doc.Imply(key, value)
			return ""
		}
		if value == "" {
			value = text
		}
		return keyed(key, value, text)
	})
}

func columnOf(table []string, column string) string {
	for _, c := range table[1:] {
		if short, long, _ := strings.Cut(c, "="); short == column || column == "" {
			return long
		}
	}
	return column
}
