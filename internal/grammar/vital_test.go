package grammar

import (
	"strings"
	"testing"
)

func showVitals(vs []Vital) string {
	var out []string
	for _, v := range vs {
		s := string(v.Kind) + " " + v.Value
		if v.Second != "" {
			s += "/" + v.Second
		}
		s += " " + v.Unit
		if v.Detail != "" {
			s += " " + v.Detail
		}
		if v.Remark == RemarkImplausible {
			s += " !"
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

func TestFindVitals(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"BP 128/82", "blood pressure 128/82 mmHg"},
		{"BP: 128/82 mmHg", "blood pressure 128/82 mmHg"},
		{"B/P 128 / 82", "blood pressure 128/82 mmHg"},
		{"Blood Pressure 128/82 mm Hg sitting, left arm", "blood pressure 128/82 mmHg sitting, left arm"},
		{"BP 128/82 (sitting)", "blood pressure 128/82 mmHg sitting"},
		{"BP (!) 158/92", "blood pressure 158/92 mmHg"},
		{"BP 12O/80", "blood pressure 120/80 mmHg"},
		{"BP 82/128", "blood pressure 82/128 mmHg !"},
		{"128/82 mmHg", "blood pressure 128/82 mmHg"},
		{"HR 72", "heart rate 72 /min"},
		{"Pulse: 72 bpm regular", "heart rate 72 /min regular"},
		{"Heart Rate 72 beats/min", "heart rate 72 /min"},
		{"P 72", "heart rate 72 /min"},
		{"RR 16", "respiratory rate 16 /min"},
		{"Resp 16", "respiratory rate 16 /min"},
		{"Respirations: 16/min", "respiratory rate 16 /min"},
		{"Temp 98.6 F", "temperature 98.6 °F"},
		{"Temp: 98.6°F oral", "temperature 98.6 °F oral"},
		{"T 37.2 C", "temperature 37.2 °C"},
		{"Temperature 98.6", "temperature 98.6 °F"},
		{"T: 36.8", "temperature 36.8 °C"},
		{"SpO2 98%", "oxygen saturation 98 %"},
		{"SpO2: 98% on RA", "oxygen saturation 98 % on room air"},
		{"O2 sat 94% on 2L NC", "oxygen saturation 94 % on 2l nc"},
		{"O2 Saturation 98 %", "oxygen saturation 98 %"},
		{"98% on RA", "oxygen saturation 98 % on room air"},
		{"Wt 165 lb", "weight 165 lb"},
		{"Weight: 74.8 kg", "weight 74.8 kg"},
		{"Weight 165 lbs", "weight 165 lb"},
		{"Wt: 8 lb 4 oz", "weight 8/4 lb"},
		{"Ht 5'4\"", "height 5/4 ft"},
		{"Height: 5 ft 4 in", "height 5/4 ft"},
		{"Height 5' 4\"", "height 5/4 ft"},
		{"Height: 64 in", "height 64 in"},
		{"Ht 162.6 cm", "height 162.6 cm"},
		{"BMI 28.3", "body mass index 28.3 kg/m2"},
		{"BMI: 28.3 kg/m2", "body mass index 28.3 kg/m2"},
		{"Pain 3/10", "pain 3 /10"},
		{"Pain score: 3/10", "pain 3 /10"},
		{"Pain level 3 out of 10", "pain 3 /10"},
		{"Head circumference 42.5 cm", "head circumference 42.5 cm"},
		{"HC: 42 cm", "head circumference 42 cm"},
		{"Vitals: BP 128/82, HR 72, RR 16, T 98.6 F, SpO2 98% on RA, Wt 165 lb, Ht 5'4\", BMI 28.3",
			"blood pressure 128/82 mmHg; heart rate 72 /min; respiratory rate 16 /min; temperature 98.6 °F; oxygen saturation 98 % on room air; weight 165 lb; height 5/4 ft; body mass index 28.3 kg/m2"},
		{"HR 720", "heart rate 720 /min !"},
		{"The patient weighs 10", ""},
		{"DOB 10/28/1953", ""},
		{"TSH 2.3", ""},
		{"HR 10/28/1953", ""},
		{"", ""},
	} {
		if got := showVitals(FindVitals(tt.text)); got != tt.want {
			t.Errorf("FindVitals(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestParseVital(t *testing.T) {
	for _, tt := range []struct {
		kind       VitalKind
		text, want string
	}{
		{BloodPressure, "128/82", "blood pressure 128/82 mmHg"},
		{Temperature, "98.6 F", "temperature 98.6 °F"},
		{Height, "5'4\"", "height 5/4 ft"},
		{Weight, "165 lb", "weight 165 lb"},
		{OxygenSaturation, "98%", "oxygen saturation 98 %"},
		{Pain, "3", "pain 3 /10"},
		{HeartRate, "72", "heart rate 72 /min"},
		{HeartRate, "regular", ""},
	} {
		v, ok := ParseVital(tt.kind, tt.text)
		got := ""
		if ok {
			got = showVitals([]Vital{v})
		}
		if got != tt.want || ok && v.End > len(tt.text) {
			t.Errorf("ParseVital(%v, %q) = %q %v", tt.kind, tt.text, got, v.Span)
		}
	}
}

func TestAges(t *testing.T) {
	for _, tt := range []struct{ text, value, unit, sex string }{
		{"72 y/o female", "72", "a", "female"}, {"72yo F", "72", "a", "female"}, {"72-year-old woman", "72", "a", "female"},
		{"A 72 year old right-handed male", "72", "a", "male"}, {"18 mo", "18", "mo", ""}, {"18-month-old boy", "18", "mo", "male"},
		{"Age: 72 yrs", "72", "a", ""}, {"3 week old", "3", "wk", ""}, {"for 3 weeks", "", "", ""}, {"BP 128/82", "", "", ""},
	} {
		as := FindAges(tt.text)
		if len(as) == 0 && tt.value == "" {
			continue
		}
		if len(as) != 1 || as[0].Value != tt.value || as[0].Unit != tt.unit || as[0].Sex != tt.sex {
			t.Errorf("FindAges(%q) = %+v", tt.text, as)
		}
	}
	if a, ok := ParseAge("72"); !ok || a.Unit != "a" {
		t.Errorf("%+v", a)
	}
	if s, ok := ParseSex("(F)"); !ok || s != "female" {
		t.Error(s)
	}
}

func FuzzVitals(f *testing.F) {
	f.Add("Vitals: BP 128/82, HR 72, RR 16, T 98.6 F, SpO2 98% on RA, Wt 165 lb, Ht 5'4\", BMI 28.3, 72 y/o F")
	f.Fuzz(func(t *testing.T, s string) {
		last := 0
		for _, v := range FindVitals(s) {
			if v.Start < last || v.End > len(s) || v.Score <= 0 || v.Score > 1 {
				t.Fatalf("%+v", v)
			}
			last = v.End
			if v.Remark == "" {
				digitsFrom(t, v.Of(s), v.Value+v.Second)
			}
		}
		FindAges(s)
		ParseAge(s)
	})
}
