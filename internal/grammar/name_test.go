package grammar

import (
	"strings"
	"testing"
)

func TestParseName(t *testing.T) {
	// want is family|given|suffix|credentials|prefix.
	for _, tt := range []struct{ text, want string }{
		{"WILKINS, SAMANTHA J", "Wilkins|Samantha J|||"},
		{"Wilkins, Samantha J.", "Wilkins|Samantha J|||"},
		{"Wilkins,Samantha", "Wilkins|Samantha|||"},
		{"Samantha J. Wilkins, MD", "Wilkins|Samantha J||MD|"},
		{"Samantha J Wilkins M.D.", "Wilkins|Samantha J||MD|"},
		{"Samantha Wilkins", "Wilkins|Samantha|||"},
		{"SAMANTHA WILKINS", "Wilkins|Samantha|||"},
		{"samantha wilkins", "Wilkins|Samantha|||"},
		{"WILKINS SAMANTHA J", "Wilkins|Samantha J|||"},
		{"Dr. Samantha Wilkins", "Wilkins|Samantha|||Dr"},
		{"Dr. Wilkins", "Wilkins||||Dr"},
		{"Mrs. Samantha Wilkins", "Wilkins|Samantha|||Mrs"},
		{"Mr Robert Smith Jr", "Smith|Robert|Jr||Mr"},
		{"Smith, Robert A, Jr.", "Smith|Robert A|Jr||"},
		{"SMITH JR, ROBERT A", "Smith|Robert A|Jr||"},
		{"Robert A. Smith III", "Smith|Robert A|III||"},
		{"Smith III, Robert", "Smith|Robert|III||"},
		{"Robert Smith, MD, FACP", "Smith|Robert||MD FACP|"},
		{"Robert Smith MD PhD", "Smith|Robert||MD PhD|"},
		{"Smith, Robert, MD", "Smith|Robert||MD|"},
		{"Smith, Robert MD", "Smith|Robert||MD|"},
		{"Jane Doe, PA-C", "Doe|Jane||PA-C|"},
		{"Jane Doe, RN, BSN", "Doe|Jane||RN BSN|"},
		{"Jane Doe, PharmD", "Doe|Jane||PharmD|"},
		{"Jane Doe FNP-BC", "Doe|Jane||FNP-BC|"},
		{"DOE, JANE M.D., F.A.C.P.", "Doe|Jane||MD FACP|"},
		{"O'BRIEN, MARY", "O'Brien|Mary|||"},
		{"MCDONALD, RONALD", "McDonald|Ronald|||"},
		{"Ronald McDonald", "McDonald|Ronald|||"},
		{"MACKEY, JOHN", "Mackey|John|||"},
		{"DE LA CRUZ, MARIA", "de la Cruz|Maria|||"},
		{"Maria de la Cruz", "de la Cruz|Maria|||"},
		{"VAN DER BERG, JAN", "van der Berg|Jan|||"},
		{"Jan van der Berg", "van der Berg|Jan|||"},
		{"SMITH-JONES, ANNA", "Smith-Jones|Anna|||"},
		{"Anna Smith-Jones", "Smith-Jones|Anna|||"},
		{"JEAN-LUC PICARD", "Picard|Jean-Luc|||"},
		{"José García López", "López|José García|||"},
		{"GARCÍA, JOSÉ", "García|José|||"},
		{"Nguyen, Thi Minh", "Nguyen|Thi Minh|||"},
		{"Do, Minh", "Do|Minh|||"},
		{"Li, Bo", "Li|Bo|||"},
		{"D'ANGELO, TONY", "D'Angelo|Tony|||"},
		{"W1LKINS, SAMANTHA", "Wilkins|Samantha|||"},
		{"Wi1kins, Samantha", "Wilkins|Samantha|||"},
		{"J. R. Smith", "Smith|J R|||"},
		{"Smith, J.R.", "Smith|J.R|||"},
	} {
		n, ok := ParseName(tt.text)
		got := strings.Join([]string{n.Family, strings.Join(n.Given, " "), n.Suffix, strings.Join(n.Credentials, " "), n.Prefix}, "|")
		if !ok || got != tt.want {
			t.Errorf("ParseName(%q) = %q (%v, %v), want %q", tt.text, got, ok, n.Score, tt.want)
		}
	}
}

func TestNameExtras(t *testing.T) {
	n, _ := ParseName("Wilkins, Samantha (Sam) AKA Samantha Jones")
	if n.Nick != "Sam" || len(n.Also) != 1 || n.Also[0] != "Samantha Jones" || n.Family != "Wilkins" {
		t.Errorf("%+v", n)
	}
	n, _ = ParseName(`Robert "Bob" Smith`)
	if n.Nick != "Bob" || n.First() != "Robert" || n.Family != "Smith" {
		t.Errorf("%+v", n)
	}
	n, _ = ParseName("Mary Smith (née O'Brien)")
	if len(n.Also) != 1 || n.Also[0] != "O'Brien" || n.Family != "Smith" {
		t.Errorf("%+v", n)
	}
	if n, _ = ParseName("W1LKINS, SAMANTHA"); n.Remark != RemarkRepaired || n.Score > 0.7 {
		t.Errorf("a repaired name is trusted: %+v", n)
	}
	if n, _ = ParseName("Samantha J. Wilkins, MD"); n.String() != "Samantha J Wilkins, MD" {
		t.Errorf("String = %q", n.String())
	}
}

func TestNotNames(t *testing.T) {
	for _, s := range []string{
		"", "Patient Name", "Date of Birth", "MRN", "123 Main Street", "10/28/1953", "Springfield Medical Center", "Quest Laboratories",
		"Hypertension", "Patient denies chest pain.", "Follow up in 2 weeks", "Blood Pressure", "Lisinopril 10 mg", "Page 1 of 2",
		"Department of Medicine", "Electronically signed by", "None", "N/A", "Female", "Emergency Contact", "Type 2 Diabetes Mellitus",
		"the patient was seen and examined today", "(555) 123-4567", "E11.9", "Blue Cross Plan", "samantha@example.com", "Yes",
	} {
		if sc := NameScore(s); sc > 0.5 {
			t.Errorf("NameScore(%q) = %v", s, sc)
		}
	}
}

func FuzzName(f *testing.F) {
	for _, s := range []string{"WILKINS, SAMANTHA J", "Dr. Jan van der Berg III, MD/PhD", `R0bert "Bob" Smith née X`, "('", "Ä, ß"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, ok := ParseName(s)
		if ok && (n.Score <= 0 || n.Score > 1 || n.Family == "") {
			t.Fatalf("%q: %+v", s, n)
		}
		digitsFrom(t, s, n.Family+strings.Join(n.Given, ""))
	})
}
