package grammar

import (
	"regexp"
	"strings"
)

// fill takes the groups of a form: a, b and c in printed order.
func (v *Vital) fill(a, b, c string, q *quality) {
	v.Value = a
	switch v.Kind {
	case BloodPressure:
		v.Unit = "mmHg"
		v.Value, v.Second = vitalDigits(a, q), vitalDigits(b, q)
		if v.Second == "" {
			v.Value = ""
		}
	case HeartRate, RespiratoryRate:
		v.Unit = "/min"
	case OxygenSaturation:
		v.Unit = "%"
	case BodyMassIndex:
		v.Unit = "kg/m2"
	case Pain:
		v.Unit = "/10"
	case Temperature:
		v.temperature(a, b, q)
	case Weight:
		v.weight(b, c, q)
	case Height:
		v.height(a, b, q)
	case HeadCircumference:
		v.Unit = "cm"
		if strings.HasPrefix(b, "i") || b == `"` {
			v.Unit = "in"
		} else if b == "" {
			q.lower(0.8, RemarkNoUnit)
		}
	}
}

func vitalDigits(s string, q *quality) string {
	d, n, ok := digits(s)
	if !ok || n > 1 {
		return ""
	}
	if n > 0 {
		q.lower(0.7, RemarkRepaired)
	}
	return d
}

// temperature assumes the scale that the number can only be of.
func (v *Vital) temperature(a, scale string, q *quality) {
	x, _ := float(a)
	switch {
	case strings.HasPrefix(strings.ToLower(scale), "f"):
		v.Unit = "°F"
	case strings.HasPrefix(strings.ToLower(scale), "c"):
		v.Unit = "°C"
	case x > 80 && x < 115:
		v.Unit = "°F"
		q.lower(0.9, RemarkNoUnit)
	case x > 30 && x < 45:
		v.Unit = "°C"
		q.lower(0.9, RemarkNoUnit)
	case x >= 950 && x <= 1100:
		v.Unit = "°F"
		q.lower(0.3, RemarkLostPoint)
	default:
		v.Value = "" // "T 12" is something else
	}
}

func (v *Vital) weight(unit, ounces string, q *quality) {
	low := strings.ToLower(unit)
	switch {
	case strings.HasPrefix(low, "k"):
		v.Unit = "kg"
	case strings.HasPrefix(low, "g"):
		v.Unit = "g"
	case low != "":
		v.Unit, v.Second = "lb", ounces
	default:
		q.lower(0.5, RemarkNoUnit)
	}
}

func (v *Vital) height(a, b string, q *quality) {
	low := strings.ToLower(b)
	x, _ := float(a)
	switch {
	case len(a) == 1 && (low == "" || isDigit(low[0]) || low[0] == '.'):
		v.Unit, v.Second = "ft", b
		if inches, _ := float(b); inches >= 12 {
			q.lower(0.3, RemarkImplausible)
		}
	case strings.HasPrefix(low, "c"):
		v.Unit = "cm"
	case strings.HasPrefix(low, "m"):
		v.Unit = "m"
	case x < 100:
		v.Unit = "in"
	default:
		v.Unit = "cm"
		q.lower(0.5, RemarkNoUnit)
	}
}

// limits are what a living person can have, by kind and unit; wider than normal
// by far, so that only misreadings fall outside.
var limits = map[string][2]float64{
	"blood pressure mmHg": {50, 300}, "heart rate /min": {20, 300}, "respiratory rate /min": {4, 90},
	"temperature °F": {82, 112}, "temperature °C": {28, 44.5}, "oxygen saturation %": {40, 100},
	"weight kg": {0.4, 400}, "weight lb": {1, 900}, "weight g": {300, 9999}, "weight ": {1, 900},
	"height ft": {1, 8}, "height in": {9, 96}, "height cm": {25, 245}, "height m": {0.4, 2.45},
	"body mass index kg/m2": {8, 99}, "pain /10": {0, 10}, "head circumference cm": {20, 70}, "head circumference in": {8, 28},
}

func (v *Vital) plausible(q *quality) {
	l, known := limits[string(v.Kind)+" "+v.Unit]
	x, ok := float(v.Value)
	if !ok || known && (x < l[0] || x > l[1]) {
		q.lower(0.2, RemarkImplausible)
	}
	if v.Kind == BloodPressure {
		d, _ := float(v.Second)
		if d < 20 || d > 200 || d >= x {
			q.lower(0.2, RemarkImplausible)
		}
	}
}

var vitalDetail = regexp.MustCompile(`^[ \t,;]*\(?((?i:(?:on\s+)?(?:ra\b|room air|\d+(?:\.\d)?\s?l(?:iters?)?(?:/min|pm)?(?:\s*(?:nc|o2|nasal cannula|via nc|by nc|by nasal cannula|via nasal cannula))?)|(?:left|right|l|r)\s+arm(?:\s*,?\s*(?:sitting|standing|supine))?|(?:sitting|standing|supine|lying|seated)(?:\s*,?\s*(?:left|right|l|r)\s+arm)?|oral(?:ly)?|tympanic|axillary|rectal|temporal|regular|irregular|large cuff|adult cuff))\b\)?`)

// detail takes position, arm, oxygen or site from what follows.
func (v *Vital) detail(text string) {
	m := vitalDetail.FindStringSubmatchIndex(text[v.End:])
	if m == nil {
		return
	}
	d := strings.ToLower(squeeze(text[v.End+m[2] : v.End+m[3]]))
	if d == "ra" || d == "on ra" || d == "room air" {
		d = "on room air"
	}
	v.Detail = d
	v.End += m[3]
}
