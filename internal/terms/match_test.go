package terms

import (
	"strings"
	"testing"
)

func defaultSet(t testing.TB) *Set {
	t.Helper()
	s, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// codeOf is the first code of a match, or the ingredient or name where it has none.
func codeOf(m Match) string {
	if len(m.Concept.Codings) > 0 && m.Concept.Domain != Drug {
		return m.Concept.Codings[0].Code
	}
	if m.Concept.Group != "" {
		return m.Concept.Group
	}
	return m.Concept.Name
}

func TestMatch(t *testing.T) {
	s := defaultSet(t)
	for _, c := range []struct {
		d    Domain
		text string
		want string // empty: no match
	}{
		{Diagnosis, "HTN", "I10"},
		{Diagnosis, "Essential (primary) hypertension", "I10"},
		{Diagnosis, "hypertenslon", "I10"},
		{Diagnosis, "Hypothyro1dism (E03.9)", "E03.9"},
		{Diagnosis, "T2DM with neuropathy", "E11.40"},
		{Diagnosis, "DM2", "E11.9"},
		{Diagnosis, "CKD 3a", "N18.31"},
		{Diagnosis, "CKD stage III", "N18.30"},
		{Diagnosis, "chronic kidney disease", "N18.9"},
		{Diagnosis, "s/p CABG", "Z95.1"},
		{Diagnosis, "left knee OA", "M17.12"},
		{Diagnosis, "coeliac disease", "K90.0"},
		{Diagnosis, "right wrist fracture", ""},
		{Diagnosis, "no chest pain", ""},
		{Diagnosis, "John Smith", ""},
		{Diagnosis, "Hypertension, hyperlipidemia", ""},
		{Diagnosis, "12/04/2023", ""},
		{Drug, "Metformin HCl 500 mg tablet PO BID", "metformin"},
		{Drug, "Lipitor 20mg", "atorvastatin"},
		{Drug, "lisinopril-HCTZ 20/12.5 mg", "lisinopril/hydrochlorothiazide"},
		{Drug, "Advair Diskus 250/50", "fluticasone/salmeterol"},
		{Drug, "Humulin 70/30 20 units", "insulin NPH/regular 70/30"},
		{Drug, "metforrnin", "metformin"},
		{Drug, "take with food", ""},
		{Lab, "Hgb A1c", "4548-4"},
		{Lab, "ALC", ""},
		{Lab, "Creatinine, Ser", "2160-0"},
		{Lab, "Bilirubin, Direct", "1968-7"},
		{Lab, "Cholesterol, Total", "2093-3"},
		{Vital, "SpO2", "2708-6"},
		{Vaccine, "Hep A, adult", "52"},
		{Vaccine, "Flu shot", "88"},
		{Allergen, "NKA", "716186003"},
		{Allergen, "lisinopril", "lisinopril"},
		{Allergen, "penicillin allergy", "6369005"},
		{Allergen, "No", ""},
		{Route, "by mouth", "26643006"},
	} {
		got := ""
		if m, ok := s.Match(c.d, c.text); ok {
			got = codeOf(m)
		}
		if got != c.want {
			t.Errorf("Match(%d, %q) = %q, want %q", c.d, c.text, got, c.want)
		}
	}
}

func TestSearchFindsUnfinishedWords(t *testing.T) {
	got := defaultSet(t).Search(Diagnosis, "type 2 diabetes with neur", 5)
	if len(got) == 0 || codeOf(got[0]) != "E11.40" {
		t.Errorf("Search = %v, want E11.40 first", got)
	}
	if n := len(defaultSet(t).Search(Drug, "a", 7)); n != 7 {
		t.Errorf("Search for a letter gives %d, want the limit 7", n)
	}
}

func TestCode(t *testing.T) {
	s := defaultSet(t)
	for _, code := range []string{"E11.9", "E119", "e11.9"} {
		if c, ok := s.Code(ICD10CM, code); !ok || c.Code != "E11.9" || c.Display == "" {
			t.Errorf("Code(%q) = %v, %v", code, c, ok)
		}
	}
	if _, ok := s.Code(ICD10CM, "Q99.99"); ok {
		t.Error("Code finds a code that does not exist")
	}
}

func TestUnit(t *testing.T) {
	s := defaultSet(t)
	for text, want := range map[string]string{
		"mIU/L": "m[IU]/L", "mcg/dL": "ug/dL", "K/uL": "10*3/uL", "x10E3/uL": "10*3/uL", "1043/uL": "10*3/uL",
		"mm Hg": "mm[Hg]", "lbs": "[lb_av]", "°F": "[degF]", "%": "%", "/hpf": "/[HPF]", "mL/min/1.73m2": "mL/min/{1.73_m2}",
		"10^3/µL": "10*3/uL", "x10(6)/mcL": "10*6/uL", "mEq/L": "meq/L", "F": "[degF]", "10*3/uL": "10*3/uL", "cells/uL": "/uL",
		"mg/g creat": "mg/g{creat}", "mosm/kg": "mosm/kg", "hello": "", "5": "", "": "", "Smith/Jones": "",
	} {
		got, ok := s.Unit(text)
		if got != want || ok != (want != "") {
			t.Errorf("Unit(%q) = %q, %v, want %q", text, got, ok, want)
		}
		if ok && !s.ValidUnit(got) {
			t.Errorf("Unit(%q) = %q, which is not valid UCUM", text, got)
		}
	}
}

func TestConvert(t *testing.T) {
	s := defaultSet(t)
	for _, c := range []struct {
		v        float64
		from, to string
		want     float64
	}{{1, "g/dL", "g/L", 10}, {98.6, "[degF]", "Cel", 37}, {1, "kg", "[lb_av]", 2.2046}, {5, "10*3/uL", "10*9/L", 5}, {1, "ng/mL", "ug/L", 1}} {
		got, ok := s.Convert(c.v, c.from, c.to)
		if !ok || got < c.want*0.999 || got > c.want*1.001 {
			t.Errorf("Convert(%v, %q, %q) = %v, %v, want %v", c.v, c.from, c.to, got, ok, c.want)
		}
	}
	if _, ok := s.Convert(1, "mg/dL", "mmol/L"); ok {
		t.Error("mass converts to moles")
	}
}

func FuzzMatch(f *testing.F) {
	for _, text := range []string{"HTN", "CKD 3a", "s/p CABG", "Lipitor 20mg", "w/o", "(((", "\xff\xfe", "a|b", strings.Repeat("x", 300)} {
		f.Add(uint8(0), text)
	}
	s := defaultSet(f)
	f.Fuzz(func(t *testing.T, d uint8, text string) {
		m, ok := s.Match(Domain(d%uint8(len(wordDomains))), text)
		if ok && (m.Concept == nil || m.Score < threshold || m.Score > 1) {
			t.Errorf("Match(%q) = %v", text, m)
		}
		s.Search(Domain(d%uint8(len(wordDomains))), text, 5)
	})
}

func FuzzUnit(f *testing.F) {
	for _, text := range []string{"mg/dL", "x10E3/uL", "{a}", "((", "10*-3/L", "1043/uL"} {
		f.Add(text)
	}
	s := defaultSet(f)
	f.Fuzz(func(t *testing.T, text string) {
		if u, ok := s.Unit(text); ok && !s.ValidUnit(u) {
			t.Errorf("Unit(%q) = %q, not valid UCUM", text, u)
		}
	})
}
