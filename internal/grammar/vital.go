package grammar

import (
	"regexp"
	"sort"
	"strings"
)

// VitalKind is a vital sign.
type VitalKind string

// The vital signs.
const (
	BloodPressure     VitalKind = "blood pressure"
	HeartRate         VitalKind = "heart rate"
	RespiratoryRate   VitalKind = "respiratory rate"
	Temperature       VitalKind = "temperature"
	OxygenSaturation  VitalKind = "oxygen saturation"
	Weight            VitalKind = "weight"
	Height            VitalKind = "height"
	BodyMassIndex     VitalKind = "body mass index"
	Pain              VitalKind = "pain"
	HeadCircumference VitalKind = "head circumference"
)

// Vital is one vital sign as printed.
type Vital struct {
	Span
	Kind VitalKind
	// Value is a decimal; of a blood pressure the systolic. Second is the
	// diastolic, or the inches of a height in feet or the ounces of a weight in pounds.
	Value, Second string
	// Unit is mmHg, /min, °F, °C, %, lb, kg, g, ft, in, cm, m, kg/m2, /10 or
	// "" for pain; Second is then in inches where Unit is ft, in ounces where it is lb.
	Unit string
	// Detail is what stands beside it, in lower case: "on room air", "sitting",
	// "left arm", "oral".
	Detail string
	Score  float64
	Remark string
}

// vitalForm is a label, or none, with the shape of its value.
type vitalForm struct {
	kind VitalKind
	re   *regexp.Regexp
}

func vitalPattern(label, value string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:` + label + `)[ \t]*` + vitalJoin + value)
}

// vitalJoin is what may stand between a label and its value.
const vitalJoin = `(?:\([a-z/° ]{1,12}\))?[ \t]*(?:is|was|were|of|at|today|now|currently|in clinic|on arrival|on examination|on presentation|on admission|initially|sitting|standing|again|recorded|measured|being|a little raised|stable|normal|elevated|=|:|-|–|\.{2,}|\||_+)*[ \t]*`

const vnum = `(\d{1,3}(?:\.\d{1,2})?)`

var vitalForms = []vitalForm{
	{BloodPressure, vitalPattern(`\bb\.?/?p\.?|\bblood\s+press(?:ure|\.)?|\bnibp|\bsbp/dbp|\bsys(?:tolic)?\s*/\s*dia(?:stolic)?`, `(?:\([^)]{1,20}\)\s*)?([0-9Ool|]{2,3})\s?[/\\|]\s?([0-9Ool|]{2,3})(?:\s*mm\s?hg)?`)},
	{BloodPressure, regexp.MustCompile(`\b(\d{2,3})\s?/\s?(\d{2,3})\s*mm\s?[Hh][Gg]`)},
	{HeartRate, vitalPattern(`\bh\.?r\.?\b|\bheart\s+rate|\bpulse(?:\s+rate)?\b(?:\s*\(hr\))?|\bp(?:[:=]|\s)`, `(\d{2,3})(?:\s*(?:bpm|beats/min|/min|beats per minute))?`)},
	{HeartRate, regexp.MustCompile(`(?i)\b(\d{2,3})\s*(?:bpm|beats/min|beats per minute)\b`)},
	{RespiratoryRate, vitalPattern(`\br\.?r\.?\b|\bresp(?:iratory|irations?|\.)?(?:\s+rate)?|\br(?:[:=]|\s)`, `(\d{1,2})(?:\s*(?:/min|breaths/min|breaths per minute|bpm|rpm))?`)},
	{Temperature, vitalPattern(`\btemp(?:erature|\.)?|\bt(?:max)?(?:[:=]|\s)`, `(\d{2,3}(?:\.\d{1,2})?)\s*(?:°|º|deg(?:rees?)?|\*)?\s?(f|c|fahrenheit|celsius)?\b`)},
	{Temperature, regexp.MustCompile(`\b(\d{2,3}\.\d)\s*(?:°|º|deg(?:rees)?)\s?([FCfc])\b`)},
	{OxygenSaturation, vitalPattern(`\bsp\s?[o0]2|\bsa[o0]2|\b[o0]2\s?sat(?:uration|s)?|\bpulse\s+ox(?:imetry)?|\boxygen\s+sat(?:uration|s)?|\bsats?\b|\bp[o]x\b`, `(\d{2,3})\s?%?`)},
	{OxygenSaturation, regexp.MustCompile(`(?i)\b(\d{2,3})\s?%(\s+(?:on\s+)?(?:ra|room air|\d+(?:\.\d)?\s?l)\b)`)},
	{Weight, vitalPattern(`\bweight|\bwt\.?\b|\bbody\s+weight|\bw(?:[:=]|\s)`, `(\d{1,3}(?:\.\d{1,3})?|\d{4})\s*([li1|]bs?|pounds?|kgs?|kilograms?|kilos?|g|grams?|#)?(?:\.?\s*(\d{1,2}(?:\.\d)?)\s*oz)?`)},
	{Weight, vitalPattern(`\bweigh(?:s|ed|ing|ting)(?:\s+in)?`, `(\d{1,3}(?:\.\d{1,3})?)\s*(lbs?|pounds?|kgs?|kilograms?|kilos?)`)},
	{Height, vitalPattern(`\bheight|\bht\.?\b|\blength|\bh(?:[:=]|\s)`, `(\d)\s*(?:'|’|′|ft\.?|feet|foot|-)\s*(\d{1,2}(?:\.\d{1,2})?)?\s*(?:''|"|”|″|in(?:ches|\.)?)?`)},
	{Height, regexp.MustCompile(`(?:^|[\s(])([4-7])\s?(?:'|’|′|ft\.?|feet)\s?(\d{1,2}(?:\.\d{1,2})?)\s?(?:''|"|”|″|in(?:ches|\.)?)`)},
	{Height, vitalPattern(`\bheight|\bht\.?\b|\blength|\bh(?:[:=]|\s)`, `(\d{2,3}(?:\.\d{1,2})?|[12]\.\d{1,2})\s*(in(?:ches|\.)?|"|”|cm|centimeters|m\b|meters)`)},
	{BodyMassIndex, vitalPattern(`\bb\.?m\.?i\.?\b|\bbody\s+mass\s+index`, `(\d{2}(?:\.\d{1,2})?)(?:\s*kg/m(?:2|²|\^2))?`)},
	{Pain, vitalPattern(`\bpain(?:\s+(?:score|level|scale|rating|severity|assessment))?`, `(\d{1,2})\s?(?:/|out of)\s?10`)},
	{Pain, vitalPattern(`\bpain\s+(?:score|level|rating)`, `(\d{1,2})`)},
	{HeadCircumference, vitalPattern(`\bhead\s+circ(?:umference|\.)?|\bh\.?c\.?\b|\bofc`, `(\d{2}(?:\.\d{1,2})?)\s*(cm|in(?:ches)?|")?`)},
}

// FindVitals returns the vital signs of a text, in order and without overlap.
// A value outside of what a living person can have is reported with a low
// score and a remark, since it is more often misread than absent.
func FindVitals(text string) []Vital {
	var all []Vital
	for i := range vitalForms {
		f := &vitalForms[i]
		for _, m := range f.re.FindAllStringSubmatchIndex(text, -1) {
			if v, ok := f.read(text, m); ok {
				all = append(all, v)
			}
		}
	}
	sort.SliceStable(all, func(i, j int) bool {
		if all[i].Overlaps(all[j].Span) {
			return all[i].Score*float64(all[i].Len()) > all[j].Score*float64(all[j].Len())
		}
		return all[i].Start < all[j].Start
	})
	var out []Vital
	for _, v := range all {
		free := true
		for _, w := range out {
			free = free && !v.Overlaps(w.Span)
		}
		if free {
			out = append(out, v)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Start < out[j].Start })
	return out
}

// ParseVital reads the value of a vital sign whose label is known: "128/82",
// "98.6 F", "5'4\"", "98% on RA".
func ParseVital(kind VitalKind, text string) (Vital, bool) {
	label := vitalLabel[kind]
	for _, v := range FindVitals(label + text) {
		if v.Kind == kind {
			v.Start, v.End = max(0, v.Start-len(label)), v.End-len(label)
			return v, true
		}
	}
	return Vital{}, false
}

var vitalLabel = map[VitalKind]string{
	BloodPressure: "BP: ", HeartRate: "HR: ", RespiratoryRate: "RR: ", Temperature: "Temp: ", OxygenSaturation: "SpO2: ",
	Weight: "Weight: ", Height: "Height: ", BodyMassIndex: "BMI: ", Pain: "Pain score: ", HeadCircumference: "Head circumference: ",
}

func (f *vitalForm) read(text string, m []int) (Vital, bool) {
	group := func(i int) string {
		if 2*i+1 >= len(m) || m[2*i] < 0 {
			return ""
		}
		return text[m[2*i]:m[2*i+1]]
	}
	if f.kind == Height && fundal.MatchString(text[:m[0]]) {
		return Vital{}, false
	}
	v := Vital{Span: Span{m[0], m[1]}, Kind: f.kind}
	if m[1] < len(text) && cutsNumber(text, m[1]) {
		return v, false
	}
	q := clean()
	v.fill(group(1), group(2), group(3), &q)
	if v.Value == "" {
		return v, false
	}
	v.plausible(&q)
	if f.kind == OxygenSaturation && group(2) != "" {
		v.End = m[4] // what makes a bare percentage a saturation is its detail
	}
	v.End = trimRight(text, v.Start, v.End)
	v.detail(text)
	v.Score, v.Remark = q.score, q.remark
	return v, true
}

// fundal heights, and those of other parts, are no body's.
var fundal = regexp.MustCompile(`(?i)\b(?:fundal|symphysis-fundal|disc|vertebral|stair|bed|femur|cervical|crown-rump)\s+$`)

// cutsNumber reports that the match ends inside a number or before more of it,
// as in "HR 72-88" or "BP 128/82/90".
func cutsNumber(text string, i int) bool {
	a, b := text[i-1], text[i]
	if isDigit(a) && (isDigit(b) || isLetter(b) && b != 'x') {
		return true
	}
	return isDigit(a) && strings.IndexByte("./", b) >= 0 && i+1 < len(text) && isDigit(text[i+1])
}

func trimRight(text string, start, end int) int {
	return start + len(strings.TrimRight(text[start:end], " \t"))
}
