package sig

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
)

// show writes the fields that are set, in a fixed order.
func show(l Line) string {
	var b []string
	add := func(name, v string) {
		if v != "" {
			b = append(b, name+"="+v)
		}
	}
	add("drug", l.Drug)
	add("str", l.Strength)
	add("form", l.Form)
	dose := l.Dose.Low
	if l.Dose.High != "" {
		dose += ".." + l.Dose.High
	}
	if l.Dose.Unit != "" {
		dose += " " + l.Dose.Unit
	}
	add("dose", dose)
	add("route", l.RouteName)
	add("freq", l.Frequency)
	add("t", timing(l.Timing))
	if l.AsNeeded {
		add("prn", "yes")
	}
	add("reason", l.Reason)
	add("for", l.Duration+l.DurationUnit)
	add("qty", l.Quantity)
	add("rf", l.Refills)
	add("start", l.Start)
	add("stop", l.Stop)
	add("status", l.Status)
	add("ind", l.Indication)
	add("note", l.Note)
	for _, s := range l.Steps {
		b = append(b, "then{"+show(s)+"}")
	}
	return strings.Join(b, "; ")
}

func timing(t Timing) string {
	s := ""
	if t.Frequency > 0 {
		s = fmt.Sprint(t.Frequency)
		if t.FrequencyMax > 0 {
			s += fmt.Sprint("-", t.FrequencyMax)
		}
		s += "/" + t.Period
		if t.PeriodMax != "" {
			s += "-" + t.PeriodMax
		}
		s += t.PeriodUnit
	}
	for _, w := range append(t.When, t.Days...) {
		s += " " + w
	}
	if t.Count > 0 {
		s += fmt.Sprint(" n", t.Count)
	}
	return strings.TrimSpace(s)
}

func TestParse(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"Levothyroxine 100 mcg tablet take 1 tab PO daily before breakfast #90 refills 3",
			"drug=Levothyroxine; str=100 mcg; form=tablet; dose=1 tab; route=oral; freq=daily before breakfast; t=1/1d ACM; qty=90; rf=3"},
		{"metformin ER 500mg BID", "drug=metformin ER; str=500mg; freq=BID; t=2/1d"},
		{"albuterol HFA 90 mcg/actuation inhaler 2 puffs q4-6h prn wheezing",
			"drug=albuterol HFA; str=90 mcg/actuation; form=inhaler; dose=2 puffs; freq=q4-6h prn wheezing; t=1/4-6h; prn=yes; reason=wheezing"},
		{"Insulin glargine 20 units SC qHS", "drug=Insulin glargine; dose=20 units; route=subcutaneous; freq=qHS; t=1/1d HS"},
		{"Lisinopril 10 mg po qd", "drug=Lisinopril; str=10 mg; route=oral; freq=qd; t=1/1d"},
		{"Prednisone 40 mg daily x 5 days, then 20 mg daily x 5 days, then 10 mg daily x 5 days then stop",
			"drug=Prednisone; str=40 mg; freq=daily; t=1/1d; for=5d; then{str=20 mg; freq=daily; t=1/1d; for=5d}; then{str=10 mg; freq=daily; t=1/1d; for=5d}"},
		{"hydrocodone-acetaminophen 5-325 mg tablet 1-2 tabs PO q6h prn pain",
			"drug=hydrocodone-acetaminophen; str=5-325 mg; form=tablet; dose=1..2 tabs; route=oral; freq=q6h prn pain; t=1/6h; prn=yes; reason=pain"},
		{"Lisinopril 20 mg PO daily - discontinued 3/14/2024 due to cough",
			"drug=Lisinopril; str=20 mg; route=oral; freq=daily; t=1/1d; stop=3/14/2024; status=stopped; note=cough"},
		{"1. Atorvastatin 40mg 1 tab by mouth at bedtime for high cholesterol",
			"drug=Atorvastatin; str=40mg; dose=1 tab; route=oral; freq=at bedtime; t=1/1d HS; ind=high cholesterol"},
		{"Amoxicillin 400 mg/5 mL suspension 10 mL PO BID x 10 days",
			"drug=Amoxicillin; str=400 mg/5 mL; form=suspension; dose=10 mL; route=oral; freq=BID; t=2/1d; for=10d"},
		{"Vitamin D3 50,000 units capsule once weekly", "drug=Vitamin D3; str=50,000 units; form=capsule; freq=once weekly; t=1/1wk"},
		{"Warfarin 5 mg Mon/Wed/Fri", "drug=Warfarin; str=5 mg; freq=Mon/Wed/Fri; t=3/1wk mon wed fri"},
		{"Nitroglycerin 0.4 mg SL q5min x3 prn chest pain",
			"drug=Nitroglycerin; str=0.4 mg; route=sublingual; freq=q5min x3 prn chest pain; t=1/5min n3; prn=yes; reason=chest pain"},
		{"Humulin 70/30 15 units subcut BID", "drug=Humulin 70/30; dose=15 units; route=subcutaneous; freq=BID; t=2/1d"},
		{"fluticasone 50 mcg/spray nasal spray 1 spray each nostril daily",
			"drug=fluticasone; str=50 mcg/spray; form=nasal spray; dose=1 spray; route=nasal; freq=daily; t=1/1d"},
		{"ASA 81 mg EC daily", "drug=ASA EC; str=81 mg; freq=daily; t=1/1d"},
		{"Aspirin 81", "drug=Aspirin; str=81"},
		{"Metoprolol succinate ER 50 mg 24 hr tablet Take 1 tablet by mouth once daily",
			"drug=Metoprolol succinate ER; str=50 mg; form=24 hr tablet; dose=1 tablet; route=oral; freq=once daily; t=1/1d"},
		{"Tylenol #3 1 tab q4h prn", "drug=Tylenol #3; dose=1 tab; freq=q4h prn; t=1/4h; prn=yes"},
		{"Latanoprost 0.005% 1 drop OU qHS", "drug=Latanoprost; str=0.005%; dose=1 drop; route=ophthalmic, both eyes; freq=qHS; t=1/1d HS"},
		{"Gabapentin 300 mg capsule TID (started 1/2/2024)", "drug=Gabapentin; str=300 mg; form=capsule; freq=TID; t=3/1d; start=1/2/2024"},
		{"Furosemide 40 mg 1/2 tab po qam", "drug=Furosemide; str=40 mg; dose=0.5 tab; route=oral; freq=qam; t=1/1d MORN"},
		{"Ibuprofen 600 mg three times daily with food as needed for pain",
			"drug=Ibuprofen; str=600 mg; freq=three times daily with food as needed for pain; t=3/1d C; prn=yes; reason=pain"},
		{"Prozac 20mg q day", "drug=Prozac; str=20mg; freq=q day; t=1/1d"},
		{"methotrexate 2.5 mg 6 tabs once a week", "drug=methotrexate; str=2.5 mg; dose=6 tabs; freq=once a week; t=1/1wk"},
		{"Omeprazole 20 mg DR capsule every morning before breakfast, 30 capsules, 2 refills",
			"drug=Omeprazole; str=20 mg; form=DR capsule; freq=every morning before breakfast; t=1/1d MORN ACM; qty=30; rf=2"},
		{"Hold metformin 500 mg BID", "drug=metformin; str=500 mg; freq=BID; t=2/1d; status=on-hold"},
		{"Continue lisinopril 10 mg daily for hypertension", "drug=lisinopril; str=10 mg; freq=daily; t=1/1d; status=active; ind=hypertension"},
		{"Lantus 100 units/mL 25 units at bedtime", "drug=Lantus; str=100 units/mL; dose=25 units; freq=at bedtime; t=1/1d HS"},
		{"triamcinolone 0.1% cream apply to affected area twice daily", "drug=triamcinolone; str=0.1%; form=cream; route=topical; freq=twice daily; t=2/1d"},
		{"Sig: 1 tab PO BID prn", "dose=1 tab; route=oral; freq=BID prn; t=2/1d; prn=yes"},
		{"Advair Diskus 250-50 mcg/dose 1 inhalation twice daily", "drug=Advair Diskus; str=250-50 mcg/dose; dose=1 inhalation; freq=twice daily; t=2/1d"},
		{"Losartan-HCTZ 100/25 mg daily", "drug=Losartan-HCTZ; str=100/25 mg; freq=daily; t=1/1d"},
		{"Keflex 500mg QID x7d", "drug=Keflex; str=500mg; freq=QID; t=4/1d; for=7d"},
		{"Fentanyl 25 mcg/hr patch apply 1 patch every 72 hours", "drug=Fentanyl; str=25 mcg/hr; form=patch; dose=1 patch; freq=every 72 hours; t=1/72h"},
		{"Ozempic 0.5 mg SQ weekly", "drug=Ozempic; str=0.5 mg; route=subcutaneous; freq=weekly; t=1/1wk"},
		{"Clonidine 0.1 mg BlD", "drug=Clonidine; str=0.1 mg; freq=BlD; t=2/1d"},
		{"amlodipine 5 mg tablet, Take one tablet by mouth every day, Disp: 30 tablet, Rfl: 5",
			"drug=amlodipine; str=5 mg; form=tablet; dose=1 tablet; route=oral; freq=every day; t=1/1d; qty=30; rf=5"},
		{"Lisinopril 10 mg tablet Take 1 tablet (10 mg total) by mouth daily.", "drug=Lisinopril; str=10 mg; form=tablet; dose=1 tablet; route=oral; freq=daily; t=1/1d"},
		{"acetaminophen (TYLENOL) 325 mg tablet Take 2 tablets by mouth every 6 (six) hours as needed for mild pain.",
			"drug=acetaminophen (TYLENOL); str=325 mg; form=tablet; dose=2 tablets; route=oral; freq=every 6 (six) hours as needed for mild pain; t=1/6h; prn=yes; reason=mild pain"},
		{"tramadol 50 mg 1 tab q6h PRN for back pain, max 4/day", "drug=tramadol; str=50 mg; dose=1 tab; freq=q6h PRN for back pain; t=1/6h; prn=yes; reason=back pain"},
		{"Coumadin 5 mg daily except 7.5 mg on Mondays", "drug=Coumadin; str=5 mg; freq=daily; t=1/1d"},
		{"ferrous sulfate 325 mg (65 mg iron) tablet 1 tab BID with meals", "drug=ferrous sulfate; str=325 mg; form=tablet; dose=1 tab; freq=BID with meals; t=2/1d C"},
		{"Norco 5/325 1-2 tabs q4-6h prn pain #20 no refills", "drug=Norco; str=5/325; dose=1..2 tabs; freq=q4-6h prn pain; t=1/4-6h; prn=yes; reason=pain; qty=20; rf=0"},
		{"Augmentin 875-125 mg 1 tab PO q12h for 10 days", "drug=Augmentin; str=875-125 mg; dose=1 tab; route=oral; freq=q12h; t=1/12h; for=10d"},
		{"Metformin 1,000 mg twice a day with meals for diabetes", "drug=Metformin; str=1,000 mg; freq=twice a day with meals; t=2/1d C; ind=diabetes"},
		{"clopidogrel 75 mg daily since 2019", "drug=clopidogrel; str=75 mg; freq=daily; t=1/1d; start=2019"},
		{"Insulin lispro per sliding scale TID AC", "drug=Insulin lispro; freq=per sliding scale TID AC; t=3/1d AC"},
	} {
		if got := show(Parse(tt.text)); got != tt.want {
			t.Errorf("Parse(%q)\n got %s\nwant %s", tt.text, got, tt.want)
		}
	}
}

func TestNoMedication(t *testing.T) {
	for _, s := range []string{"", "The patient was seen today.", "Hypertension", "Assessment and Plan", "No known drug allergies", "10/28/1953"} {
		if l := Parse(s); l.Score > 0.3 {
			t.Errorf("Parse(%q) scores %v: %s", s, l.Score, show(l))
		}
	}
}

func TestRisk(t *testing.T) {
	for text, remark := range map[string]string{
		"Lisinopril 10 mg QD":                 RemarkMisreadable,
		"Lisinopril 10 mg QOD":                RemarkMisreadable,
		"Keflex 500 mg QID":                   RemarkMisreadable,
		"Humalog 4U SC daily":                 RemarkUnitsU,
		"Warfarin 1.0 mg daily":               RemarkPoint,
		"Digoxin .125 mg daily":               RemarkPoint,
		"Clonidine 0.1 mg BlD":                RemarkRepaired,
		"Fosamax 70 mg biweekly":              RemarkBiweekly,
		"Aspirin 81 daily":                    RemarkNoUnit,
		"Lisinopril 10 mg daily BID":          "",
		"Metformin 500 mg BID TID":            RemarkConflict,
		"Lisinopril increased to 20 mg daily": RemarkChanged,
	} {
		if l := Parse(text); l.Remark != remark || remark != "" && l.Score > 0.9 {
			t.Errorf("Parse(%q): remark %q, score %.2f, want %q", text, l.Remark, l.Score, remark)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"Levothyroxine 100 mcg tablet take 1 tab PO daily before breakfast #90 refills 3",
		"Prednisone 40 mg daily x 5 days, then 20 mg", "½ tab q4-6h prn pain; d/c'd 3/14/2024", "q q q. x x 1 İ i ii to"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l := Parse(s)
		if l.Score < 0 || l.Score > 1 {
			t.Fatalf("score %v", l.Score)
		}
		for _, p := range l.Parts {
			if p.Start < 0 || p.End > len(s) || p.Start > p.End {
				t.Fatalf("part %+v of %d bytes", p, len(s))
			}
		}
		for _, v := range []string{l.Drug, l.Strength, l.Frequency} {
			for _, w := range strings.FieldsFunc(v, func(r rune) bool { return unicode.IsSpace(r) || r == '(' || r == ')' }) {
				if !strings.Contains(s, w) {
					t.Fatalf("%q is not in %q", w, s)
				}
			}
		}
	})
}
