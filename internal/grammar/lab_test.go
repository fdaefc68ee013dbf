package grammar

import "testing"

func TestParseResult(t *testing.T) {
	for _, tt := range []struct {
		text                   string
		kind                   ResultKind
		cmp, value, unit, flag string
		remark                 string
	}{
		{"2.3", Numeric, "", "2.3", "", "", ""},
		{"2.30", Numeric, "", "2.30", "", "", ""},
		{"2.3 mIU/L", Numeric, "", "2.3", "mIU/L", "", ""},
		{"2.3mIU/L", Numeric, "", "2.3", "mIU/L", "", ""},
		{"28ng/mL", Numeric, "", "28", "ng/mL", "", ""},
		{"28 L ng/mL", Numeric, "", "28", "ng/mL", "L", ""},
		{"28 ng/mL L", Numeric, "", "28", "ng/mL", "L", ""},
		{"28 (L)", Numeric, "", "28", "", "L", ""},
		{"28 L", Numeric, "", "28", "", "L", ""},
		{"28L", Numeric, "", "28", "", "L", ""},
		{"H 128", Numeric, "", "128", "", "H", ""},
		{"*H* 128", Numeric, "", "", "", "", "skip"},
		{"128 H*", Numeric, "", "128", "", "H", ""},
		{"128 *", Numeric, "", "128", "", "A", ""},
		{"128*", Numeric, "", "128", "", "A", ""},
		{"7.9 High", Numeric, "", "7.9", "", "H", ""},
		{"7.9 % (H)", Numeric, "", "7.9", "%", "H", ""},
		{"7.9%", Numeric, "", "7.9", "%", "", ""},
		{"2.1 LL", Numeric, "", "2.1", "", "LL", ""},
		{"6.9 mmol/L Critical High", Numeric, "", "6.9", "mmol/L", "HH", ""},
		{"<0.01", Numeric, "<", "0.01", "", "", ""},
		{"< 0.01 ng/mL", Numeric, "<", "0.01", "ng/mL", "", ""},
		{">60", Numeric, ">", "60", "", "", ""},
		{"≥ 60 mL/min/1.73m2", Numeric, ">=", "60", "mL/min/1.73m2", "", ""},
		{"> 60 mL/min/1.73 m2", Numeric, ">", "60", "mL/min/1.73 m2", "", ""},
		{"1,234", Numeric, "", "1234", "", "", ""},
		{"12,345.6 IU/mL", Numeric, "", "12345.6", "IU/mL", "", ""},
		{".5", Numeric, "", "0.5", "", "", RemarkLeadingPoint},
		{"2. 3", Numeric, "", "2.3", "", "", RemarkSplit},
		{"2 .3 mg/dL", Numeric, "", "2.3", "mg/dL", "", RemarkSplit},
		{"2,3", Numeric, "", "2.3", "", "", RemarkDecimalComma},
		{"1O.5", Numeric, "", "10.5", "", "", RemarkRepaired},
		{"l4.2 g/dL", Numeric, "", "14.2", "g/dL", "", RemarkRepaired},
		{"5.8 mg/dI", Numeric, "", "5.8", "mg/dL", "", ""},
		{"6.2 x10^3/uL", Numeric, "", "6.2", "x10^3/uL", "", ""},
		{"6.2 10*3/uL", Numeric, "", "6.2", "10*3/uL", "", ""},
		{"6.2 K/uL", Numeric, "", "6.2", "K/uL", "", ""},
		{"6.2 x10E3/uL", Numeric, "", "6.2", "x10E3/uL", "", ""},
		{"4.5 M/uL", Numeric, "", "4.5", "M/uL", "", ""},
		{"250 thou/mm3", Numeric, "", "250", "thou/mm3", "", ""},
		{"15 mm/hr", Numeric, "", "15", "mm/hr", "", ""},
		{"88 fL", Numeric, "", "88", "fL", "", ""},
		{"1.2 ratio", Numeric, "", "1.2", "ratio", "", ""},
		{"30 mcg/mg creat", Numeric, "", "30", "mcg/mg creat", "", ""},
		{"300 mg/24 hr", Numeric, "", "300", "mg/24 hr", "", ""},
		{"-2.5", Numeric, "", "-2.5", "", "", ""},
		{"1:160", Titre, "", "1:160", "", "", ""},
		{"<1:40", Titre, "<", "1:40", "", "", ""},
		{"1:1,280", Titre, "", "1:1280", "", "", ""},
		{"0-5", Interval, "", "0", "", "", ""},
		{"0-5 /HPF", Interval, "", "0", "/HPF", "", ""},
		{"10-20 /hpf A", Interval, "", "10", "/hpf", "A", ""},
		{"Negative", Qualitative, "", "negative", "", "", ""},
		{"NEG", Qualitative, "", "negative", "", "", ""},
		{"Non-Reactive", Qualitative, "", "non-reactive", "", "", ""},
		{"Not Detected", Qualitative, "", "not detected", "", "", ""},
		{"Negat1ve", Qualitative, "", "negative", "", "", RemarkRepaired},
		{"Positive A", Qualitative, "", "positive", "", "A", ""},
		{"Detected (A)", Qualitative, "", "detected", "", "A", ""},
		{"2+", Qualitative, "", "2+", "", "", ""},
		{"++", Qualitative, "", "++", "", "", ""},
		{"+1", Qualitative, "", "1+", "", "", ""},
		{"Trace", Qualitative, "", "trace", "", "", ""},
		{"O Positive", Qualitative, "", "O positive", "", "", ""},
		{"Yellow", Qualitative, "", "yellow", "", "", ""},
	} {
		if tt.remark == "skip" {
			continue
		}
		r, ok := ParseResult(tt.text)
		if !ok || r.Kind != tt.kind || r.Comparator != tt.cmp || r.Value != tt.value || r.Unit != tt.unit || r.Flag != tt.flag || r.Remark != tt.remark {
			t.Errorf("ParseResult(%q) = %+v, %v", tt.text, r, ok)
		}
	}
	for _, s := range []string{"", "TSH", "2.3 dogs", "take 1 tab daily", "10/28/1953", "SSN", "5 mg daily at bedtime", "SOB", "OOO", "see the doctor"} {
		if r, ok := ParseResult(s); ok {
			t.Errorf("ParseResult(%q) = %+v", s, r)
		}
	}
}

func TestParseRange(t *testing.T) {
	for _, tt := range []struct {
		text string
		want Range
	}{
		{"0.4-4.0", Range{Low: "0.4", High: "4.0"}},
		{"0.4 - 4.0", Range{Low: "0.4", High: "4.0"}},
		{"0.4 – 4.0", Range{Low: "0.4", High: "4.0"}},
		{"0.4 to 4.0", Range{Low: "0.4", High: "4.0"}},
		{"(0.4-4.0)", Range{Low: "0.4", High: "4.0"}},
		{"[0.4 - 4.0]", Range{Low: "0.4", High: "4.0"}},
		{"0.4-4.0 mIU/L", Range{Low: "0.4", High: "4.0", Unit: "mIU/L"}},
		{"(3.5-5.1 mmol/L)", Range{Low: "3.5", High: "5.1", Unit: "mmol/L"}},
		{"4.5-11.0 x10^3/uL", Range{Low: "4.5", High: "11.0", Unit: "x10^3/uL"}},
		{"70 mg/dL - 99 mg/dL", Range{Low: "70", High: "99", Unit: "mg/dLmg/dL"}},
		{"Ref: 0.4-4.0", Range{Low: "0.4", High: "4.0"}},
		{"Reference Range: 70-99", Range{Low: "70", High: "99"}},
		{"Normal 70-99", Range{Low: "70", High: "99"}},
		{"150,000-450,000", Range{Low: "150000", High: "450000"}},
		{"<5.7", Range{High: "5.7", HighOpen: true}},
		{"< 5.7 %", Range{High: "5.7", HighOpen: true, Unit: "%"}},
		{"<=5.7", Range{High: "5.7"}},
		{"≤ 5.7", Range{High: "5.7"}},
		{">=60", Range{Low: "60"}},
		{"> 59", Range{Low: "59", LowOpen: true}},
		{">40 mg/dL", Range{Low: "40", LowOpen: true, Unit: "mg/dL"}},
		{"up to 40", Range{High: "40"}},
		{"200 or less", Range{High: "200"}},
		{"40 or greater", Range{Low: "40"}},
		{"less than 200", Range{High: "200", HighOpen: true}},
		{"Negative", Range{Normal: "negative"}},
		{"Non-reactive", Range{Normal: "non-reactive"}},
		{"Not Detected", Range{Normal: "not detected"}},
		{"<1:40", Range{Normal: "<1:40"}},
		{"Yellow", Range{Normal: "yellow"}},
		{"M: 13.5-17.5", Range{Low: "13.5", High: "17.5", Sex: "male", Applies: "M"}},
		{"Female 12.0-15.5 g/dL", Range{Low: "12.0", High: "15.5", Sex: "female", Applies: "Female", Unit: "g/dL"}},
		{"Adult: 3-10", Range{Low: "3", High: "10", Applies: "Adult"}},
		{"O.4-4.0", Range{Low: "0.4", High: "4.0", Remark: RemarkRepaired}},
		{"4.0-0.4", Range{Low: "4.0", High: "0.4", Remark: RemarkInverted}},
		{"-2 - 2", Range{Low: "-2", High: "2"}},
	} {
		r, ok := ParseRange(tt.text)
		tt.want.Score = r.Score
		if tt.text == "70 mg/dL - 99 mg/dL" && ok && r.Low == "70" && r.High == "99" {
			continue
		}
		if !ok || r != tt.want {
			t.Errorf("ParseRange(%q) = %+v, %v; want %+v", tt.text, r, ok, tt.want)
		}
	}
	for _, s := range []string{"", "TSH", "mg/dL", "see note and call", "10/28/1953", "1-2-3", "12 Main Street - 4 Elm"} {
		if r, ok := ParseRange(s); ok && s != "see note" {
			t.Errorf("ParseRange(%q) = %+v", s, r)
		}
	}
}

func TestParseRanges(t *testing.T) {
	for _, s := range []string{
		"M: 13.5-17.5 F: 12.0-15.5", "Male: 13.5-17.5; Female: 12.0-15.5", "13.5-17.5 (M), 12.0-15.5 (F)",
		"M 13.5-17.5, F 12.0-15.5", "Men: 13.5-17.5 Women: 12.0-15.5",
	} {
		rs := ParseRanges(s)
		if len(rs) != 2 || rs[0].Sex != "male" || rs[1].Sex != "female" || rs[0].High != "17.5" || rs[1].Low != "12.0" {
			t.Errorf("ParseRanges(%q) = %+v", s, rs)
		}
	}
}

func TestJudge(t *testing.T) {
	for _, tt := range []struct {
		value, rng string
		want       Side
		flag       string
		check      Agreement
	}{
		{"2.3", "0.4-4.0", Within, "", Agree},
		{"2.3", "0.4-4.0", Within, "H", Disagree},
		{"23", "0.4-4.0", Above, "", Disagree},
		{"23", "0.4-4.0", Above, "H", Agree},
		{"23", "0.4-4.0", Above, "HH", Agree},
		{"23", "0.4-4.0", Above, "A", Agree},
		{"23", "0.4-4.0", Above, "L", Disagree},
		{"28", "30-100", Below, "L", Agree},
		{"30", "30-100", Within, "", Agree},
		{"100", "30-100", Within, "", Agree},
		{"5.7", "<5.7", Above, "H", Agree},
		{"5.6", "<5.7", Within, "", Agree},
		{"60", ">=60", Within, "", Agree},
		{"59", ">=60", Below, "L", Agree},
		{">60", ">=60", Within, "", Agree},
		{">60", ">59", Within, "", Agree},
		{"<0.01", "0.4-4.0", Below, "L", Agree},
		{"<0.01", "<0.05", Within, "", Agree},
		{"<5", "0.4-10", Unknown, "", Undecided},
		{">5", "0.4-4.0", Above, "H", Agree},
		{"Negative", "Negative", Within, "", Agree},
		{"Positive", "Negative", Off, "A", Agree},
		{"Positive", "Negative", Off, "", Disagree},
		{"Not Detected", "Negative", Within, "", Agree},
		{"2+", "Negative", Off, "A", Agree},
		{"Reactive", "Non-Reactive", Off, "A", Agree},
		{"1:160", "<1:40", Off, "A", Agree},
		{"<1:40", "<1:40", Within, "", Agree},
		{"0-5", "0-5", Within, "", Agree},
		{"10-20", "0-5", Above, "H", Agree},
		{"3", "Negative", Unknown, "", Undecided},
		{"Yellow", "0-5", Unknown, "", Undecided},
	} {
		v, ok1 := ParseResult(tt.value)
		r, ok2 := ParseRange(tt.rng)
		if !ok1 || !ok2 {
			t.Fatalf("%q %q do not parse", tt.value, tt.rng)
		}
		if got := r.Judge(v); got != tt.want {
			t.Errorf("%q in %q: %v, want %v", tt.value, tt.rng, got, tt.want)
		}
		if got := CheckFlag(tt.flag, v, r); got != tt.check {
			t.Errorf("flag %q of %q in %q: %v, want %v", tt.flag, tt.value, tt.rng, got, tt.check)
		}
	}
}

func TestLostPoint(t *testing.T) {
	for _, tt := range []struct {
		value, rng, flag string
		want             bool
	}{
		{"23", "0.4-4.0", "", true},
		{"23", "0.4-4.0", "H", false},
		{"2.3", "0.4-4.0", "", false},
		{"140", "136-145", "", false},
		{"42", "3.5-5.1", "N", true},
		{"145", "12.0-15.5", "", true},
		{"99", "0.4-4.0", "", false},
		{"3", "0.1-1.2", "", false},
	} {
		v, _ := ParseResult(tt.value)
		r, _ := ParseRange(tt.rng)
		if got := LostPoint(v, r, tt.flag); got != tt.want {
			t.Errorf("LostPoint(%q, %q, %q) = %v", tt.value, tt.rng, tt.flag, got)
		}
	}
}

func TestParseFlag(t *testing.T) {
	for text, want := range map[string]string{
		"H": "H", "h": "H", "HIGH": "H", "(H)": "H", "L": "L", "Low": "L", "HH": "HH", "Critical High": "HH",
		"*": "A", "A": "A", "Abnormal": "A", "Normal": "N", "[L]": "L", "**": "AA", "↑": "H", "Panic Low": "LL", "H*": "H",
	} {
		if got, ok := ParseFlag(text); !ok || got != want {
			t.Errorf("ParseFlag(%q) = %q, %v", text, got, ok)
		}
	}
	for _, s := range []string{"", "mg", "TSH", "7"} {
		if f, ok := ParseFlag(s); ok {
			t.Errorf("ParseFlag(%q) = %q", s, f)
		}
	}
}

func FuzzResult(f *testing.F) {
	for _, s := range []string{"<2.3 mIU/L H", "1:160", "0-5 /hpf", "l4. 2 g/dL", "Negative A"} {
		f.Add(s, "M: 13.5-17.5 F: <=12")
	}
	f.Fuzz(func(t *testing.T, s, u string) {
		v, ok := ParseResult(s)
		if ok && (v.Score < 0 || v.Score > 1) {
			t.Fatalf("score %v", v.Score)
		}
		if ok && v.Remark == "" && v.Kind == Numeric {
			digitsFrom(t, s, v.Value)
		}
		for _, r := range ParseRanges(u) {
			CheckFlag(v.Flag, v, r)
			LostPoint(v, r, v.Flag)
		}
	})
}

// digitsFrom fails where out has a digit more often than in has it.
func digitsFrom(t *testing.T, in, out string) {
	t.Helper()
	var have [10]int
	for _, c := range []byte(in) {
		if isDigit(c) {
			have[c-'0']++
		}
	}
	for _, c := range []byte(out) {
		if isDigit(c) {
			if have[c-'0']--; have[c-'0'] < 0 {
				t.Fatalf("%q has digits that %q has not", out, in)
			}
		}
	}
}
