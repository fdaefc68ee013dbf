package forms

import (
	"strconv"

	"github.com/paperchart/paperchart/eval/paper"
)

// pair is a label with its value's markup.
type pair struct{ label, value string }

func (w *Writer) who(short bool) []pair {
	p := w.rec.Person
	return []pair{{w.l["name"], w.nameLast(false)}, {w.l["mrn"], key("patient_mrn", p.MRN)},
		{w.l["dob"], w.day("date_of_birth", p.Born)}, {w.l["sex"], w.sex(short)}}
}

func (w *Writer) where() []pair {
	p := w.rec.Person
	return []pair{{w.l["street"], key("address_line", p.Street)},
		{"", key("city", p.City) + ", " + key("state", p.State) + " " + key("postal_code", p.Zip)}, {w.l["phone"], key("phone", p.Phone)}}
}

func (w *Writer) when() []pair {
	v, p := w.rec.Visit, w.rec.Provider
	return []pair{{w.l["visit"], w.day("encounter_date", v.Date)}, {w.l["number"], key("encounter_id", v.Number)},
		{w.l["provider"], w.provider()}, {w.l["npi"], key("provider_npi", p.NPI)}}
}

func (w *Writer) cover() []pair {
	p := w.rec.Person
	return []pair{{w.l["payer"], key("insurance_payer_name", p.Payer)}, {w.l["member"], key("insurance_member_id", p.Member)},
		{w.l["group"], key("insurance_group_number", p.Group)}}
}

// beside prints pairs one under another, values in a column of their own.
func (w *Writer) beside(at float64, mark string, pairs ...pair) {
	for _, p := range pairs {
		w.need(w.Lead)
		label := p.label
		if label != "" {
			label = mark + label + ":" + mark
		}
		w.Pair(label, p.value, at)
	}
}

// inline prints pairs on one line.
func (w *Writer) inline(mark, gap string, pairs ...pair) {
	s := ""
	for i, p := range pairs {
		if i > 0 {
			s += gap
		}
		s += mark + p.label + ":" + mark + " " + p.value
	}
	w.line(s)
}

// below prints labels in a row, small, and the values under them.
func (w *Writer) below(size float64, pairs ...pair) {
	step := w.Width / float64(len(pairs))
	for i, p := range pairs {
		x := w.X + float64(i)*step
		w.Text(x, w.Y, w.Style.At(size).In(60), p.label)
		w.Text(x, w.Y+w.Lead, w.Style, p.value)
	}
	w.Y += 2*w.Lead + 4
}

// boxes prints pairs in frames, the label in the corner, the value under it.
func (w *Writer) boxes(widths []float64, pairs ...pair) {
	const tall = 28
	w.need(tall)
	x, y := w.X, w.Y-w.Style.Size
	for i, p := range pairs {
		wide := widths[i] * w.Width
		w.Frame(paper.Box{X0: x, Y0: y, X1: x + wide, Y1: y + tall}, 0.7)
		w.Text(x+3, y+8, w.Style.At(6.5), p.label)
		w.Text(x+5, y+22, w.Style, p.value)
		x += wide
	}
	w.Y += tall
}

func (w *Writer) leaders(width float64, pairs ...pair) {
	for _, p := range pairs {
		w.need(w.Lead)
		w.Leader(w.X, w.X+width, w.Y, w.Style, p.label, p.value)
		w.Y += w.Lead
	}
}

// letterhead prints the sender: at the left, centred, or at the right.
func (w *Writer) letterhead(at float64, docType, title string) {
	f := w.rec.Facility
	put := func(y float64, st paper.Style, m string) {
		switch at {
		case 0:
			w.Text(w.X, y, st, m)
		case 1:
			w.Right(w.X+w.Width, y, st, m)
		default:
			w.Center(w.X+w.Width/2, y, st, m)
		}
	}
	put(w.Y, w.base.B().At(15), key("facility_name", f.Name))
	put(w.Y+14, w.base.At(9), key("facility_address", f.Address))
	put(w.Y+25, w.base.At(9), w.l["facphone"]+": "+key("facility_phone", f.Phone))
	w.Y += 44
	if title != "" {
		if docType != "" {
			title = keyed("document_type", docType, title)
		}
		put(w.Y, w.base.B().At(13), title)
		w.Y += 20
	}
}

type vital struct{ name, label, value, unit string }

func (w *Writer) vitals() []vital {
	v := w.rec.Vitals
	return []vital{
		{"bp", w.l["bp"], key("blood_pressure_systolic", v.Systolic) + "/" + key("blood_pressure_diastolic", v.Diastolic), ""},
		{"pulse", w.l["pulse"], key("heart_rate", v.Pulse), ""},
		{"resp", w.l["resp"], key("respiratory_rate", v.Resp), ""},
		{"temp", w.l["temp"], key("body_temperature", v.Temp), " " + key("body_temperature_unit", "F")},
		{"sat", w.l["sat"], key("oxygen_saturation", v.Sat), "%"},
		{"height", w.l["height"], key("height", v.Height), " " + key("height_unit", "in")},
		{"weight", w.l["weight"], key("weight", v.Weight), " " + key("weight_unit", "lb")},
		{"bmi", w.l["bmi"], key("bmi", v.BMI), ""},
		{"pain", w.l["pain"], key("pain_score", v.Pain), "/10"},
	}
}

func (w *Writer) vitalsLine(between, gap string) {
	s := ""
	for i, v := range w.vitals() {
		if i > 0 {
			s += gap
		}
		s += v.label + between + v.value + v.unit
	}
	w.para(s)
}

// vitalsAcross prints a table with a column for each sign.
func (w *Writer) vitalsAcross(lines bool) {
	var header, row []string
	var widths []float64
	all := w.vitals()[:8]
	for _, v := range all {
		header = append(header, v.label)
		row = append(row, v.value+v.unit)
		widths = append(widths, w.Width/float64(len(all)))
	}
	w.rows(paper.Grid{Widths: widths, Header: header, Rows: [][]string{row}, Pad: 2.5, Lines: lines, Under: true, Head: w.Style.B().At(min(w.Style.Size, 8))})
}

func (w *Writer) vitalsDown(at float64) {
	for _, v := range w.vitals() {
		w.need(w.Lead)
		w.Pair(v.label, v.value+v.unit, at)
	}
}

func (w *Writer) narrative(field, text string) { w.doc.Region(field, func() { w.para(text) }) }

// present prints an illness in prose with what is denied and ruled out, none of
// which the patient has.
func (w *Writer) present() {
	r := w.rec
	age := strconv.Itoa(r.Visit.Date.Year() - r.Person.Born.Year())
	noun, he := "man", "He"
	if r.Person.Sex == "female" {
		noun, he = "woman", "She"
	}
	no := func(s string) string { return key("!conditions.negated", s) }
	s := age + "-year-old " + noun + " seen today. " + he + " denies " + no(r.Denied[0])
	if len(r.Denied) > 2 {
		s += ", " + no(r.Denied[2])
	}
	s += " or " + no(r.Denied[1]) + ". "
	if len(r.RuledOut) > 1 {
		s += "Imaging showed no evidence of " + no(r.RuledOut[0]) + ". Workup to rule out " + key("!conditions.ruled out", r.RuledOut[1]) + " was negative. "
	}
	if len(r.Denied) > 3 {
		s += "Negative for " + no(r.Denied[3]) + ". "
	}
	s += "Sleeping and eating well."
	w.narrative("history_of_present_illness", s)
}

func (w *Writer) social(style int) {
	r := w.rec
	smoke, drink, drugs := keyed("smoking_status", r.Smoking, r.Tobacco), key("alcohol_use", r.Alcohol), key("drug_use", r.DrugUse)
	switch style {
	case 0:
		w.inline("**", "     ", pair{w.l["smoking"], smoke}, pair{w.l["alcohol"], drink}, pair{w.l["drugs"], drugs})
	case 1:
		w.beside(110, "", pair{w.l["smoking"], smoke}, pair{w.l["alcohol"], drink}, pair{w.l["drugs"], drugs})
	default:
		w.para(w.l["smoking"] + ": " + smoke + ". " + w.l["alcohol"] + ": " + drink + ". " + w.l["drugs"] + ": " + drugs + ".")
	}
}

func (w *Writer) family(style int) {
	var rows [][]string
	prose := ""
	for i, f := range w.rec.Family {
		rel, ill := cell("family_members", i, "relation", f.Relation), cell("family_members", i, "relative_condition", f.Illness)
		switch style {
		case 0:
			w.line(rel + ": " + ill)
		case 1:
			rows = append(rows, []string{rel, ill})
		default:
			prose += rel + " had " + ill + ". "
		}
	}
	if len(rows) > 0 {
		w.rows(paper.Grid{Widths: []float64{160, 220}, Header: []string{w.l["relation"], w.l["illness"]}, Rows: rows, Pad: 2, Lines: true})
	}
	if prose != "" {
		w.para(prose)
	}
}
