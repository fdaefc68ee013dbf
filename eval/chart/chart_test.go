package chart

import (
	"bufio"
	"compress/gzip"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

func load(t *testing.T) *Vocab {
	t.Helper()
	v, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSameSeedSameRecord(t *testing.T) {
	v := load(t)
	a, b, c := NewMaker(v, 4).Record(), NewMaker(v, 4).Record(), NewMaker(v, 5).Record()
	if !reflect.DeepEqual(a, b) {
		t.Error("the same seed gave two records")
	}
	if reflect.DeepEqual(a, c) {
		t.Error("another seed gave the same record")
	}
}

// TestFlags holds every numeric result's flag to its range.
func TestFlags(t *testing.T) {
	v := load(t)
	for seed := range uint64(60) {
		for _, p := range NewMaker(v, seed).Record().Panels {
			for _, r := range p.Results {
				value, err := strconv.ParseFloat(r.Value, 64)
				if err != nil {
					continue
				}
				low, high := limits(r.Range)
				want := ""
				switch {
				case high != "" && value > number(high), strings.HasPrefix(r.Range, "<") && value >= number(high):
					want = "H"
				case low != "" && value < number(low), strings.HasPrefix(r.Range, ">") && value <= number(low):
					want = "L"
				}
				if r.Flag != want {
					t.Errorf("seed %d: %s %s in %s has flag %q, want %q", seed, r.Test, r.Value, r.Range, r.Flag, want)
				}
			}
		}
	}
}

func limits(s string) (low, high string) {
	switch {
	case strings.HasPrefix(s, "<"):
		return "", s[1:]
	case strings.HasPrefix(s, ">"):
		return s[1:], ""
	}
	low, high, _ = strings.Cut(s, "-")
	return low, high
}

// TestTraps holds what is denied or of relatives apart from what the patient has.
func TestTraps(t *testing.T) {
	v := load(t)
	for seed := range uint64(200) {
		r := NewMaker(v, seed).Record()
		for _, p := range r.Problems {
			for _, trap := range append(append([]string{r.Family[0].Illness}, r.Denied...), r.RuledOut...) {
				if strings.EqualFold(p.Name, trap) {
					t.Errorf("seed %d: %q is both had and denied", seed, trap)
				}
			}
		}
		if npi := r.Provider.NPI; len(npi) != 10 || !luhn("80840"+npi) {
			t.Errorf("seed %d: NPI %q", seed, npi)
		}
		if !strings.Contains(r.Person.Phone, "555") {
			t.Errorf("seed %d: telephone %q is not fictitious", seed, r.Person.Phone)
		}
	}
}

func luhn(s string) bool {
	sum := 0
	for i := range s {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// TestCodes checks the diagnoses' codes against the official order file.
func TestCodes(t *testing.T) {
	file, err := os.Open(filepath.Join("..", "..", "..", "shared", "testdata", "terminology", "icd10cm", "icd10cm-order-Jan-2021.txt.gz"))
	if err != nil {
		t.Skip("the official ICD-10-CM order file is not here")
	}
	defer file.Close()
	z, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	billable := map[string]bool{}
	for sc := bufio.NewScanner(z); sc.Scan(); {
		if f := strings.Fields(sc.Text()); len(f) > 2 {
			billable[f[1]] = f[2] == "1"
		}
	}
	for _, d := range load(t).Diagnoses {
		if !billable[strings.ReplaceAll(d.Code, ".", "")] {
			t.Errorf("%s (%s) is no billable code", d.Code, d.Names[0])
		}
	}
}
