package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/blueprint"
	"github.com/paperchart/paperchart/eval/paper"
)

// TestSamples holds the repository's samples to what the generator draws.
func TestSamples(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("rounding of the drawing differs between processors; the samples are made on amd64")
	}
	fonts, err := paper.NewFonts()
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			files, err := s.files(fonts)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				total += len(f.data)
				got, err := os.ReadFile(filepath.Join("..", f.name))
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(got, f.data) {
					t.Errorf("samples/%s is not what the generator draws: run make samples", f.name)
				}
			}
		})
	}
	if total > 5<<20 {
		t.Errorf("samples are %d bytes; the repository should stay small", total)
	}
}

// TestKeys holds the truth to the blueprints' names.
func TestKeys(t *testing.T) {
	shipped := blueprint.Shipped()
	names := map[string]bool{}
	for _, bp := range append(shipped.Classes, shipped.General) {
		for _, f := range bp.Fields {
			names[f.Name] = true
		}
		for _, tb := range bp.Tables {
			names[tb.Name+"."] = true
			for _, c := range tb.Columns {
				names[tb.Name+"."+c.Name] = true
			}
		}
	}
	for _, s := range samples() {
		truth := draw(t, s)
		for _, p := range truth.Patients {
			for name := range p.Fields {
				if !names[name] {
					t.Errorf("%s: %q is no field of the blueprint", s.name, name)
				}
			}
			for table, rows := range p.Tables {
				for _, row := range rows {
					for column := range row {
						if !names[table+"."+column] {
							t.Errorf("%s: %s.%s is no column of the blueprint", s.name, table, column)
						}
					}
				}
			}
			for _, a := range append(p.Absent, p.Optional...) {
				if !names[a.Table+"."] {
					t.Errorf("%s: %q is no table of the blueprint", s.name, a.Table)
				}
			}
			if npi := p.Fields["provider_npi"].Value; npi != "" && !luhn("80840"+npi) {
				t.Errorf("%s: NPI %s has a wrong check digit", s.name, npi)
			}
		}
	}
}

func draw(t *testing.T, s sample) *paper.Truth {
	t.Helper()
	fonts, err := paper.NewFonts()
	if err != nil {
		t.Fatal(err)
	}
	d := paper.NewDoc(fonts)
	s.draw(d)
	truth, err := d.Truth(s.name, func(int, paper.Box) [4]float64 { return [4]float64{} })
	if err != nil {
		t.Fatal(err)
	}
	return truth
}

func luhn(digits string) bool {
	sum := 0
	for i := range digits {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// TestWilkins holds the record of the guide's example.
func TestWilkins(t *testing.T) {
	p := draw(t, samples()[0]).Patients[0]
	for field, want := range map[string]string{"patient_last_name": "Wilkins", "patient_first_name": "Samantha",
		"patient_mrn": "A1B2C3D4", "date_of_birth": "1953-10-28", "sex": "female", "blood_pressure_systolic": "128", "blood_pressure_diastolic": "82"} {
		if got := p.Fields[field].Value; got != want {
			t.Errorf("%s = %q, want %q", field, got, want)
		}
	}
	var rows []string
	for _, r := range p.Tables["lab_results"] {
		rows = append(rows, r["test_name"].Value+" "+r["result_value"].Value+" "+r["unit"].Value+" "+r["reference_range"].Value+" "+r["abnormal_flag"].Value)
	}
	all := strings.Join(rows, "\n")
	for _, want := range []string{"TSH 2.3 mIU/L 0.4-4.0", "Vitamin D 28 ng/mL 30-100 L"} {
		if !strings.Contains(all, want) {
			t.Errorf("no row %q", want)
		}
	}
}
