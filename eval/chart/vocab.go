package chart

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed vocab/*.txt
var files embed.FS

// Diagnosis is an ICD-10-CM code with the ways it is written.
type Diagnosis struct {
	Code  string
	Names []string
}

// Drug is a medication with its strengths and usual use.
type Drug struct {
	Name               string
	Strengths          []string
	Form, Route, Often string
}

// Analyte is a laboratory test. Low or High is empty where the reference range is
// one-sided; both are empty for a test that is answered in words.
type Analyte struct {
	Panel, Name string
	Others      []string
	Unit        string
	Low, High   string
	Decimals    int
	Normal      string
	Abnormal    []string
}

// Coded is a procedure with its code.
type Coded struct{ Name, Code string }

// Vocab is everything that records are drawn from. It was written for this
// package, apart from the vocabulary that Paperchart reads with, so that a term
// that is missing there shows as a miss here.
type Vocab struct {
	Diagnoses  []Diagnosis
	Drugs      []Drug
	Panels     []string
	Analytes   map[string][]Analyte
	Procedures []Coded
	Vaccines   []string
	Allergens  []string
	Lists      map[string][]string
}

// Load reads the vocabulary that is built in.
func Load() (*Vocab, error) {
	v := &Vocab{Analytes: map[string][]Analyte{}, Lists: map[string][]string{}}
	for _, f := range []struct {
		name string
		add  func(cells []string) error
	}{
		{"diagnoses", v.diagnosis}, {"drugs", v.drug}, {"analytes", v.analyte}, {"qualitative", v.qualitative},
		{"procedures", func(c []string) error { v.Procedures = append(v.Procedures, Coded{c[0], c[1]}); return nil }},
		{"vaccines", func(c []string) error { v.Vaccines = append(v.Vaccines, c[0]); return nil }},
		{"allergens", func(c []string) error { v.Allergens = append(v.Allergens, c[0]); return nil }},
		{"lists", v.list},
	} {
		data, err := files.ReadFile("vocab/" + f.name + ".txt")
		if err != nil {
			return nil, fmt.Errorf("read vocabulary: %w", err)
		}
		for i, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
			if strings.HasPrefix(line, "#") {
				continue
			}
			if err := f.add(strings.Split(line, "|")); err != nil {
				return nil, fmt.Errorf("read vocabulary %s line %d: %w", f.name, i+1, err)
			}
		}
	}
	return v, nil
}

func (v *Vocab) diagnosis(c []string) error {
	if len(c) < 2 {
		return fmt.Errorf("want a code and a name")
	}
	v.Diagnoses = append(v.Diagnoses, Diagnosis{c[0], c[1:]})
	return nil
}

func (v *Vocab) drug(c []string) error {
	if len(c) != 5 {
		return fmt.Errorf("want 5 cells, have %d", len(c))
	}
	v.Drugs = append(v.Drugs, Drug{c[0], strings.Split(c[1], ";"), c[2], c[3], c[4]})
	return nil
}

func (v *Vocab) analyte(c []string) error {
	if len(c) != 7 || len(c[6]) != 1 {
		return fmt.Errorf("want 7 cells, have %d", len(c))
	}
	v.test(Analyte{Panel: c[0], Name: c[1], Others: names(c[2]), Unit: strings.Trim(c[3], "-"), Low: c[4], High: c[5], Decimals: int(c[6][0] - '0')})
	return nil
}

func (v *Vocab) qualitative(c []string) error {
	if len(c) != 4 {
		return fmt.Errorf("want 4 cells, have %d", len(c))
	}
	v.test(Analyte{Panel: c[0], Name: c[1], Others: []string{c[1]}, Normal: c[2], Abnormal: strings.Split(c[3], ",")})
	return nil
}

func (v *Vocab) test(a Analyte) {
	if len(v.Analytes[a.Panel]) == 0 {
		v.Panels = append(v.Panels, a.Panel)
	}
	v.Analytes[a.Panel] = append(v.Analytes[a.Panel], a)
}

// names splits at commas that no space follows: "Glucose, Serum" is one name.
func names(s string) []string {
	s = strings.ReplaceAll(s, ", ", "\x00")
	out := strings.Split(s, ",")
	for i := range out {
		out[i] = strings.ReplaceAll(out[i], "\x00", ", ")
	}
	return out
}

// list reads "name: a;b;c"; a value may hold cells, which Split takes apart.
func (v *Vocab) list(c []string) error {
	name, rest, ok := strings.Cut(strings.Join(c, "|"), ":")
	if !ok {
		return fmt.Errorf("want name: values")
	}
	v.Lists[name] = strings.Split(strings.TrimPrefix(rest, " "), ";")
	return nil
}
