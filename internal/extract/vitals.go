package extract

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/layout"
)

// vitalKinds leads from a label's concept to the grammar of its value.
var vitalKinds = map[concept]grammar.VitalKind{
	cBP: grammar.BloodPressure, "heart_rate": grammar.HeartRate, "respiratory_rate": grammar.RespiratoryRate,
	"~temperature": grammar.Temperature, "oxygen_saturation": grammar.OxygenSaturation, "~height": grammar.Height,
	"~weight": grammar.Weight, "bmi": grammar.BodyMassIndex, "pain_score": grammar.Pain,
	"blood_pressure_systolic": grammar.BloodPressure, "blood_pressure_diastolic": grammar.BloodPressure,
}

// vitalFields are the fields of a kind's value.
var vitalFields = map[grammar.VitalKind]string{
	grammar.HeartRate: "heart_rate", grammar.RespiratoryRate: "respiratory_rate", grammar.Temperature: "body_temperature",
	grammar.OxygenSaturation: "oxygen_saturation", grammar.Height: "height", grammar.Weight: "weight",
	grammar.BodyMassIndex: "bmi", grammar.Pain: "pain_score",
}

// reading is a vital sign with the time it was taken, where that is printed.
type vitalSign struct {
	grammar.Vital
	at     passage
	label  labelled
	date   string
	chunk  int
	strong bool
}

// vitals reads the vital signs from tables, labels and lines. Where they were
// taken more than once the latest stand for the patient.
func (r *reader) vitals() {
	var all []vitalSign
	for i := range r.chunks {
		for _, p := range r.chunks[i].parts {
			if p.table != nil {
				all = append(all, r.vitalTable(p.table, i)...)
			}
		}
	}
	all = append(all, r.vitalLabels()...)
	for i := range r.chunks {
		all = append(all, r.vitalLines(i)...)
	}
	latest := ""
	for _, v := range all {
		latest = max(latest, v.date)
	}
	for _, v := range all {
		if v.date != "" && v.date < latest {
			m := *v.label.means
			m.weight *= 0.5
			v.label.means = &m
		}
		r.offerVital(v)
	}
}

// vitalTable reads a flow sheet: a column a sign and a row a time, or the other
// way about.
func (r *reader) vitalTable(t *layout.Table, chunk int) []vitalSign {
	rows := t.Rows
	if len(t.Header) > 0 {
		rows = append([][]layout.Cell{t.Header}, rows...)
	}
	if len(rows) < 2 {
		return nil
	}
	var out []vitalSign
	if head := r.vitalTitles(rows[0]); count(head) >= 2 {
		titles := rows[0]
		for _, row := range rows[1:] {
			if next := r.vitalTitles(row); count(next) >= 2 {
				head, titles = next, row
				continue
			}
			out = append(out, r.vitalRow(head, titles, row, chunk)...)
		}
	} else if count(r.vitalTitles(rows[1])) >= 2 && len(rows)%2 == 0 {
		for i := 0; i+1 < len(rows); i += 2 { // each value over its caption
			out = append(out, r.vitalRow(r.vitalTitles(rows[i+1]), rows[i+1], rows[i], chunk)...)
		}
	} else {
		out = r.vitalColumns(rows, chunk)
	}
	for _, v := range out {
		r.take(v.at)
		r.take(v.label.label)
	}
	return out
}

func (r *reader) take(p passage) {
	for _, w := range p.ink {
		r.used[w.spot()] = true
	}
}

func count(ms []*meaning) int {
	n := 0
	for _, m := range ms {
		if m != nil {
			n++
		}
	}
	return n
}

func (r *reader) vitalTitles(row []layout.Cell) []*meaning {
	out := make([]*meaning, len(row))
	for i, c := range row {
		if m, _, ok := r.lex.label(c.Text(), true); ok && vitalKinds[m.concept] != "" {
			out[i] = m
		}
	}
	return out
}

func (r *reader) vitalRow(head []*meaning, titles, row []layout.Cell, chunk int) []vitalSign {
	date := ""
	for _, c := range row {
		if d, ok := r.dates(true).Parse(c.Text()); ok && len(d.Value) == 10 {
			date = d.Value
		}
	}
	var out []vitalSign
	for i, m := range head {
		if m == nil || i >= len(row) {
			continue
		}
		l := r.make(ofCell(titles[i]), ofCell(row[i]), m, 1, 0.9)
		if v, ok := r.vitalOf(l); ok {
			v.date, v.chunk = date, chunk
			out = append(out, v)
		}
	}
	return out
}

func (r *reader) vitalColumns(rows [][]layout.Cell, chunk int) []vitalSign {
	dates := make([]string, len(rows[0]))
	for j, c := range rows[0] {
		if d, ok := r.dates(true).Parse(c.Text()); ok && len(d.Value) == 10 {
			dates[j] = d.Value
		}
	}
	var out []vitalSign
	for _, row := range rows {
		for j := 0; j+1 < len(row); j++ {
			m, c, ok := r.lex.label(row[j].Text(), true)
			if !ok || vitalKinds[m.concept] == "" {
				continue
			}
			for k := j + 1; k < len(row); k++ {
				value := ofCell(row[k])
				if m2, _, ok := r.lex.label(value.text, false); value.empty() || ok && vitalKinds[m2.concept] != "" {
					break
				}
				// A unit in a column of its own belongs to the figure before it.
				if k+1 < len(row) && digits(row[k+1].Text()) == 0 && grammar.KnownUnit(row[k+1].Text()) {
					value = join(value, ofCell(row[k+1]))
				}
				if v, ok := r.vitalOf(r.make(ofCell(row[j]), value, m, c, 0.9)); ok {
					v.date, v.chunk = dates[k], chunk
					out = append(out, v)
				}
				if dates[k] == "" {
					break
				}
			}
		}
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

// vitalLabels reads labelled signs outside of tables.
func (r *reader) vitalLabels() []vitalSign {
	var out []vitalSign
	for _, l := range r.labelled {
		if l.means.concept == cVitals {
			out = append(out, r.within(l.value, l)...)
			continue
		}
		if vitalKinds[l.means.concept] == "" || r.anyUsed(l.value) || r.anyUsed(l.label) || l.sec == secFamily || l.sec == secROS {
			continue
		}
		if v, ok := r.vitalOf(l); ok {
			v.chunk = -1
			if c := r.chunkAt(l.label); c != nil {
				v.date = r.chunkDate(c)
			}
			out = append(out, v)
		}
	}
	return out
}

// vitalOf reads the value of a labelled sign. The label may hold the unit.
func (r *reader) vitalOf(l labelled) (vitalSign, bool) {
	kind := vitalKinds[l.means.concept]
	text := l.value.text
	if l.means.concept == "blood_pressure_systolic" || l.means.concept == "blood_pressure_diastolic" {
		n, score, _, ok := firstNumber(text)
		if !ok || strings.Contains(text, "/") {
			return vitalSign{}, false
		}
		v := grammar.Vital{Kind: kind, Value: n, Unit: string(l.means.concept), Score: score}
		return vitalSign{Vital: v, at: l.value, label: l, strong: true}, true
	}
	v, ok := grammar.ParseVital(kind, text)
	if u := unitInLabel(l.label.text); u != "" && (!ok || v.Remark == grammar.RemarkNoUnit || !strings.ContainsAny(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ°'\"")) {
		if w, ok2 := grammar.ParseVital(kind, text+" "+u); ok2 {
			v, ok = w, true
			v.Start, v.End = min(v.Start, len(text)), min(v.End, len(text))
		}
	}
	if !ok || v.Score < 0.1 {
		return vitalSign{}, false
	}
	at := l.value.sub(v.Start, v.End)
	if at.empty() {
		at = l.value
	}
	return vitalSign{Vital: v, at: at, label: l, strong: true}, true
}

// unitInLabel reads the unit of "Weight (kg)".
func unitInLabel(label string) string {
	i := strings.IndexByte(label, '(')
	if i < 0 {
		ws := labelWords(label)
		if n := len(ws); n > 1 {
			switch u := ws[n-1]; u {
			case "kg", "lb", "lbs", "cm", "in", "f", "c", "inches":
				return u
			}
		}
		return ""
	}
	u := strings.Trim(label[i:], "(): ")
	if len(u) > 8 || digits(u) > 2 {
		return ""
	}
	return u
}

// vitalLines reads signs from lines of text. Outside of sections that hold
// them, a line is believed where two stand together.
func (r *reader) vitalLines(i int) []vitalSign {
	c := &r.chunks[i]
	switch c.sec {
	case secROS, secFamily, secMeds, secMedsStopped, secAllergies, secLabs, secFollowUp, secVaccines, secPlan, secSurgery, secThird, secCoverage:
		return nil
	}
	var out []vitalSign
	for _, p := range c.parts {
		for _, l := range items(r.unread(p)) {
			lab := labelled{label: c.title, means: &meaning{weight: 0.9}, closeness: 0.9, bond: 0.85, order: l.order, sec: c.sec}
			found := r.within(l.passage, lab)
			if len(found) < 2 && c.sec != secVitals && c.sec != secExam && c.sec != secHPI && !lonePressure(l.passage, found) {
				continue
			}
			for k := range found {
				found[k].chunk, found[k].date = i, r.chunkDate(c)
				if c.sec != secVitals && c.sec != secExam && c.sec != secNone {
					found[k].label.closeness = 0.7
				}
			}
			out = append(out, found...)
		}
	}
	return out
}

// lonePressure tells whether a text states a blood pressure of the visit: no other
// sign is so unlike everything else that it can be believed alone.
func lonePressure(p passage, found []vitalSign) bool {
	if len(found) != 1 || found[0].Kind != grammar.BloodPressure || found[0].Second == "" || found[0].Score < 0.9 {
		return false
	}
	for _, s := range sentences(p) {
		if s.offsetOf(found[0].at) >= 0 {
			return !aims.MatchString(s.text) && !otherTime.MatchString(s.text)
		}
	}
	return false
}

// otherTime tells of figures that are not of this visit.
var otherTime = regexp.MustCompile(`(?i)\b(?:home|ambulatory|last|previous(?:ly)?|prior|usually|average[sd]?|average|readings|ago|yesterday|in (?:19|20)\d\d|her (?:mother|father)|his (?:mother|father))\b`)

var glued = regexp.MustCompile(`^(?i:RR|HR|BP|T|P|R|Ht|Wt|Temp|SpO2|SaO2|Sat|Pulse|BMI|Resp|O2Sat)\d`)

// vitalGlue is where a sign's label ends that OCR ran together with its value.
func vitalGlue(w string) int { return max(0, len(glued.FindString(w))-1) }

// within finds the signs in a text.
func (r *reader) within(p passage, l labelled) []vitalSign {
	var out []vitalSign
	p = p.unglue(vitalGlue)
	for _, v := range grammar.FindVitals(p.text) {
		if v.Score < 0.2 {
			continue
		}
		at := p.sub(v.Start, v.End)
		if !r.anyUsed(at) {
			out = append(out, vitalSign{Vital: v, at: at, label: l})
		}
	}
	return out
}

// chunkDate is the date that a section's title or its first lines bear.
func (r *reader) chunkDate(c *chunk) string {
	if _, ok := r.sectionDate(c); ok {
		d, _ := r.sectionDate(c)
		return d.value
	}
	return ""
}

func (r *reader) sectionDate(c *chunk) (cell, bool) {
	if c.sec != secVitals {
		return cell{}, false
	}
	if d, ok := r.dateCell(c.title, true); ok && len(d.value) == 10 {
		return d, true
	}
	for _, p := range c.parts {
		for i, l := range p.lines {
			if i > 1 {
				break
			}
			if d, ok := r.dateCell(l.passage, true); ok && len(d.value) == 10 {
				return d, true
			}
		}
	}
	return cell{}, false
}

// offerVital makes the candidates of a sign's fields.
func (r *reader) offerVital(v vitalSign) {
	put := func(field, value string, at passage, unit bool) {
		c := from(at, value)
		c.text = at.text
		c.sig.Grammar = v.Score
		c.sig.Plausible = 0.9
		c.sig.Numeric = boolTo(!unit)
		c.sig.Vocabulary = 1
		switch v.Remark {
		case grammar.RemarkImplausible:
			c.sig.Plausible = 0
		case grammar.RemarkNoUnit:
			if unit {
				c.sig.Grammar, c.sig.Plausible, c.sig.Vocabulary = 0.2, 0.1, 0
			}
		}
		c.remark = v.Remark
		r.offer(v.label, field, c)
	}
	number := func(s string) passage {
		if q, ok := v.at.find(s, valueFrom(v.at.text)); ok {
			return q
		}
		return v.at
	}
	switch v.Kind {
	case grammar.BloodPressure:
		if v.Second == "" {
			put(v.Unit, v.Value, v.at, false)
			return
		}
		put("blood_pressure_systolic", v.Value, number(v.Value), false)
		put("blood_pressure_diastolic", v.Second, v.diastolic(), false)
		put("blood_pressure", v.Value+"/"+v.Second, v.at, false)
		return
	case grammar.Height:
		r.offerHeight(v, put, number)
		return
	}
	field := vitalFields[v.Kind]
	if field == "" {
		return
	}
	put(field, v.Value, number(v.Value), false)
	unit := strings.Trim(v.Unit, "°")
	switch v.Kind {
	case grammar.Temperature:
		if unit != "" {
			put("body_temperature_unit", unit, r.unitInk(v, unit), true)
		}
	case grammar.Weight:
		if unit != "" {
			put("weight_unit", unit, r.unitInk(v, unit), true)
		}
	}
}

// valueFrom is where the figure begins behind a label: a label with a digit in
// it, such as O2, is not the value.
func valueFrom(text string) int {
	low := strings.ToLower(text)
	for _, l := range []string{"spo2", "sp02", "sao2", "o2", "02"} {
		if strings.HasPrefix(low, l) {
			return len(l)
		}
	}
	return 0
}

func (v vitalSign) diastolic() passage {
	if i := strings.IndexAny(v.at.text, "/\\|"); i >= 0 {
		if q, ok := v.at.find(v.Second, i); ok {
			return q
		}
	}
	return v.at
}

// sameUnit are units in words.
var sameUnit = map[string]string{"pound": "lb", "kilogram": "kg", "kilo": "kg", "inche": "in", "centimeter": "cm", "centimetre": "cm", "fahrenheit": "f", "celsiu": "c"}

// unitInk is the ink of the unit, in the value or in the label.
func (r *reader) unitInk(v vitalSign, unit string) passage {
	for _, p := range []passage{v.at, v.label.value, v.label.label} {
		for i := len(p.ink) - 1; i >= 0; i-- {
			w := strings.ToLower(strings.Trim(p.ink[i].Text, "().,;°:"))
			if w != "" && (strings.HasSuffix(strings.TrimRight(w, "s"), strings.ToLower(unit)) || sameUnit[strings.TrimRight(w, "s")] == strings.ToLower(unit)) || w == "#" {
				return p.sub(p.at[i], p.at[i]+len(p.ink[i].Text))
			}
		}
	}
	return v.at
}

// offerHeight gives feet and inches in inches.
func (r *reader) offerHeight(v vitalSign, put func(string, string, passage, bool), number func(string) passage) {
	switch v.Unit {
	case "ft":
		ft, err := strconv.Atoi(v.Value)
		if err != nil {
			return
		}
		whole, frac, _ := strings.Cut(v.Second, ".")
		in, _ := strconv.Atoi(whole)
		total := strconv.Itoa(12*ft + in)
		if frac != "" && strings.Trim(frac, "0") != "" {
			total += "." + frac
		}
		put("height", total, v.at, false)
		put("height_unit", "in", v.at, true)
	default:
		put("height", v.Value, number(v.Value), false)
		if v.Unit != "" {
			put("height_unit", v.Unit, r.unitInk(v, v.Unit), true)
		}
	}
}
