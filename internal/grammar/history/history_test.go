package history

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/paperchart/paperchart/internal/grammar"
)

var reader = Reader{Dates: grammar.Dates{Now: time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC), Past: true}}

func TestAllergy(t *testing.T) {
	// want is substance|reactions|severity and ! for high risk.
	for _, tt := range []struct{ text, want string }{
		{"Penicillin - hives (moderate)", "Penicillin|hives|moderate"},
		{"Sulfa: rash, anaphylaxis", "Sulfa|rash,anaphylaxis|!"},
		{"PCN → hives", "PCN|hives|"},
		{"PCN -> hives", "PCN|hives|"},
		{"Latex (contact dermatitis), severity: mild", "Latex|contact dermatitis|mild"},
		{"Penicillin", "Penicillin||"},
		{"Codeine causes nausea and vomiting", "Codeine|nausea,vomiting|"},
		{"1. Amoxicillin - rash", "Amoxicillin|rash|"},
		{"• Shellfish (anaphylaxis)", "Shellfish|anaphylaxis|!"},
		{"Allergic to bee stings: swelling", "bee stings|swelling|"},
		{"Aspirin, hives", "Aspirin|hives|"},
		{"Trimethoprim-sulfamethoxazole - rash", "Trimethoprim-sulfamethoxazole|rash|"},
		{"Lisinopril - angioedema, severe", "Lisinopril|angioedema|severe!"},
		{"Peanuts   Reaction: throat swelling   Severity: Severe", "Peanuts|throat swelling|severe!"},
		{"Iodinated contrast - hives, onset 2015", "Iodinated contrast|hives|"},
		{"Morphine (itching) intolerance", "Morphine|itching|"},
	} {
		a, ok := reader.Allergy(tt.text)
		got := a.Substance + "|" + strings.Join(a.Reactions, ",") + "|" + a.Severity
		if a.HighRisk {
			got += "!"
		}
		if !ok || got != tt.want {
			t.Errorf("Allergy(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
	if got := reader.Allergies("Allergies: PCN (hives), sulfa (rash, itching) and latex"); len(got) != 3 || got[1].Reactions[1] != "itching" || got[2].Substance != "latex" {
		t.Errorf("%+v", got)
	}
	if a, _ := reader.Allergy("Eggs - resolved"); !a.Inactive {
		t.Errorf("%+v", a)
	}
}

func TestNoKnownAllergies(t *testing.T) {
	for text, want := range map[string]string{
		"NKDA": "drug", "NKA": "", "No known drug allergies": "drug", "No known allergies": "", "no known allergies.": "", "Allergies: NKDA": "drug", "Allergies: None": "",
		"Denies allergies": "", "No Known Food Allergies": "food", "NKFA": "food", "N.K.D.A.": "drug", "no known medication allergies": "drug", "None known": "", "No allergies on file": "",
		"Patient has no known drug allergies": "drug", "NKDA (no known drug allergies)": "drug", "No latex allergy": "latex",
	} {
		if got, ok := NoKnownAllergies(text); !ok || got != want {
			t.Errorf("NoKnownAllergies(%q) = %q, %v", text, got, ok)
		}
	}
	for _, s := range []string{"Penicillin", "", "No", "Known allergies", "NKDA except penicillin", "No known problems", "Latex allergy"} {
		if _, ok := NoKnownAllergies(s); ok {
			t.Errorf("NoKnownAllergies(%q)", s)
		}
	}
}

func showFamily(rs []Relative) string {
	var out []string
	for _, r := range rs {
		s := r.Relation + ":"
		for _, c := range r.Conditions {
			s += " " + c.Name
			if c.OnsetAge != "" {
				s += "@" + c.OnsetAge
			}
			s += ","
		}
		if r.Deceased {
			s += " d" + r.DeathAge
		}
		if r.CauseOfDeath != "" {
			s += " of " + r.CauseOfDeath
		}
		if r.Age != "" {
			s += " a" + r.Age
		}
		if r.Negative {
			s += " neg"
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

func TestFamily(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"Mother: HTN, died age 72 MI", "mother: HTN, MI, d72 of MI"},
		{"Father – deceased, colon cancer at 60", "father: colon cancer@60, d"},
		{"Mother with breast cancer", "mother: breast cancer,"},
		{"Mother has diabetes and hypertension", "mother: diabetes, hypertension,"},
		{"Father died of MI at 60", "father: MI, d60 of MI"},
		{"Mother: healthy", "mother: neg"},
		{"Mother alive and well, age 80", "mother: a80"},
		{"MGM: stroke", "maternal grandmother: stroke,"},
		{"Maternal grandmother - stroke at age 70", "maternal grandmother: stroke@70,"},
		{"Mother: HTN; Father: CAD, DM", "mother: HTN,; father: CAD, DM,"},
		{"Family history: Mother - HTN. Father - CAD.", "mother: HTN,; father: CAD,"},
		{"breast cancer in mother", "mother: breast cancer,"},
		{"Diabetes (mother), colon cancer (father)", "mother: Diabetes,; father: colon cancer,"},
		{"Brothers: asthma", "brother: asthma,"},
		{"Mother and sister: breast cancer", "mother: breast cancer,; sister: breast cancer,"},
		{"Mother: no diabetes", "mother: neg"},
		{"Father: unknown", "father: neg"},
		{"no relevant history", ""},
		{"", ""},
	} {
		if got := showFamily(reader.Family(tt.text)); got != tt.want {
			t.Errorf("Family(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestSocial(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"Former smoker, quit 2010, 20 pack-years", "former  20 2010"},
		{"Never smoker", "never   "}, {"Never smoked", "never   "}, {"Non-smoker", "never   "}, {"Denies tobacco use", "never   "}, {"Tobacco: never", "never   "}, {"No smoking", "never   "},
		{"Current every day smoker, 1 ppd", "current 1  "}, {"Smokes 1/2 pack per day x 20 years", "current 0.5  "}, {"Smoking status: Current", "current   "},
		{"Smoking: Former smoker", "former   "}, {"ex-smoker", "former   "}, {"Quit smoking in 2015", "former   2015"}, {"Current some day smoker", "current some day   "},
		{"30 pack-year smoking history, quit 2005", "former  30 2005"}, {"smokes 1.5 packs/day", "current 1.5  "}, {"Tobacco use: unknown", "unknown   "},
	} {
		s, ok := reader.Smoking(tt.text)
		if got := fmt.Sprintf("%s %s %s %s", s.Status, s.PacksPerDay, s.PackYears, s.QuitDate); !ok || got != tt.want {
			t.Errorf("Smoking(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
	if _, ok := reader.Smoking("Hypertension"); ok {
		t.Error("smoking in hypertension")
	}
	for text, want := range map[string]string{
		"Alcohol: socially": "current", "Denies alcohol": "none", "Drinks 2 beers per week": "current", "ETOH: none": "none", "Never drinks alcohol": "never", "Former alcohol abuse, sober since 2010": "former",
	} {
		if u, ok := Alcohol(text); !ok || u.Status != want {
			t.Errorf("Alcohol(%q) = %+v", text, u)
		}
	}
	if u, ok := Drugs("Denies tobacco. No illicit drug use."); !ok || u.Status != "none" {
		t.Errorf("%+v", u)
	}
	if o, ok := Occupation("Occupation: Teacher. Married."); !ok || o != "Teacher" {
		t.Error(o)
	}
	if o, ok := Occupation("She is a retired nurse."); !ok || o != "retired nurse" {
		t.Error(o)
	}
}

func TestShot(t *testing.T) {
	// want is vaccine|dates|lot|site|route|maker|number.
	for _, tt := range []struct{ text, want string }{
		{"Influenza, quadrivalent 10/12/2024 Lot U4567AB L deltoid IM Sanofi", "Influenza, quadrivalent|2024-10-12|U4567AB|L deltoid|IM|Sanofi|"},
		{"Tdap 05/01/2019", "Tdap|2019-05-01|||||"},
		{"COVID-19 mRNA (Pfizer) dose 2 03/15/2021 Lot # EN6201", "COVID-19 mRNA|2021-03-15|EN6201|||Pfizer|2"},
		{"Hepatitis B #3 - 06/2001", "Hepatitis B|2001-06|||||3"},
		{"MMR 1/1/1990, 5/5/1995", "MMR|1990-01-01,1995-05-05|||||"},
		{"Pneumovax 23 given on 2020-01-02", "Pneumovax 23|2020-01-02|||||"},
		{"Prevnar 13: 11/02/2018, Lot: W12345, site: right deltoid", "Prevnar 13|2018-11-02|W12345|right deltoid|||"},
	} {
		s, ok := reader.Shot(tt.text)
		var dates []string
		for _, d := range s.Dates {
			dates = append(dates, d.Value)
		}
		got := strings.Join([]string{s.Vaccine, strings.Join(dates, ","), s.Lot, s.Site, s.Route, s.Maker, s.Number}, "|")
		if !ok || got != tt.want {
			t.Errorf("Shot(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
	if s, _ := reader.Shot("Shingrix - declined"); !s.NotGiven || s.Vaccine != "Shingrix" {
		t.Errorf("%+v", s)
	}
}

func TestProcedure(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"Appendectomy 1998", "Appendectomy|1998||"},
		{"Appendectomy (1998)", "Appendectomy|1998||"},
		{"Colonoscopy (03/2021) by Dr. Smith", "Colonoscopy|2021-03|Dr. Smith|"},
		{"s/p R total knee arthroplasty, 5/2019, CPT 27447", "R total knee arthroplasty|2019-05||27447"},
		{"Colonoscopy 03/14/2021 Robert Smith, MD", "Colonoscopy|2021-03-14|Robert Smith, MD|"},
		{"Cholecystectomy, laparoscopic - 2010", "Cholecystectomy, laparoscopic|2010||"},
		{"1. Tonsillectomy in 1965", "Tonsillectomy|1965||"},
		{"CABG x3 on 05/06/2015", "CABG x3|2015-05-06||"},
		{"Hysterectomy", "Hysterectomy|||"},
	} {
		p, ok := reader.Procedure(tt.text)
		if got := strings.Join([]string{p.Name, p.Date.Value, p.Performer, p.Code}, "|"); !ok || got != tt.want {
			t.Errorf("Procedure(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
	if p, _ := reader.Procedure("Colonoscopy scheduled 04/2026"); !p.NotDone {
		t.Errorf("%+v", p)
	}
}

func FuzzHistory(f *testing.F) {
	for _, s := range []string{"Penicillin - hives (moderate)", "Mother: HTN, died age 72 MI; Father 60", "Former smoker, quit 2010", "Tdap 05/01/2019 Lot A1", "Colonoscopy (03/2021) by Dr. Smith", "(((]→"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		reader.Allergies(s)
		reader.Family(s)
		if m, ok := reader.Smoking(s); ok && (m.Start < 0 || m.End > len(s)) {
			t.Fatalf("%+v", m)
		}
		Alcohol(s)
		Drugs(s)
		Occupation(s)
		reader.Shot(s)
		reader.Procedure(s)
	})
}
