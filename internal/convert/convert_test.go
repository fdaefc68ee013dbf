package convert

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/fhir/validate"
	"github.com/paperchart/paperchart/internal/result"
	"github.com/paperchart/paperchart/internal/terms"
)

var update = flag.Bool("update", false, "write the golden files anew")

// few is a vocabulary that never changes, so that the goldens do not either.
type few struct{}

var concepts = map[terms.Domain]map[string]terms.Concept{
	terms.Diagnosis: {
		"hypothyroidism": {Codings: []terms.Coding{{System: terms.ICD10CM, Code: "E03.9", Display: "Hypothyroidism, unspecified"}}},
		"gout":           {Codings: []terms.Coding{{System: terms.ICD10CM, Code: "M10.9", Display: "Gout, unspecified"}}},
	},
	terms.Drug: {
		"levothyroxine": {Codings: []terms.Coding{{System: terms.RxNorm, Code: "10582", Display: "levothyroxine"}}},
		"penicillin":    {}, "codeine (intolerance)": {},
	},
	terms.Lab: {"tsh": {Codings: []terms.Coding{{System: terms.LOINC, Code: "3016-3", Display: "Thyrotropin [Units/volume] in Serum or Plasma"}}}},
	terms.Allergen: {
		"penicillin": {Group: "drug", Codings: []terms.Coding{{System: terms.SNOMED, Code: "6369005", Display: "penicillin"}}},
		"latex":      {Group: "environment"}, "peanuts": {Group: "food"},
	},
	terms.Reaction: {"hives": {Codings: []terms.Coding{{System: terms.SNOMED, Code: "247472004", Display: "Hives"}}}},
	terms.Route:    {"po": {Codings: []terms.Coding{{System: terms.SNOMED, Code: "26643006", Display: "Oral"}}}},
}

const drugs = " allopurinol albuterol hfa prednisone insulin glargine ibuprofen warfarin aspirin metformin apixaban amoxicillin vitamin d methotrexate lisinopril cholecalciferol atorvastatin colchicine losartan cephalexin "

func (few) Match(d terms.Domain, text string) (terms.Match, bool) {
	c, ok := concepts[d][strings.ToLower(text)]
	if d == terms.Diagnosis { // it has heard of all but what is misread
		ok = ok || text != "" && !strings.ContainsAny(text, "0123456789")
	}
	if d == terms.Drug {
		ok = ok || strings.Contains(drugs, " "+strings.ToLower(text)+" ")
	}
	return terms.Match{Concept: &c, Score: 1}, ok
}
func (few) Search(terms.Domain, string, int) []terms.Match { return nil }
func (few) Code(system, code string) (terms.Coding, bool) {
	displays := map[string]string{"E03.9": "Hypothyroidism, unspecified", "I10": "Essential (primary) hypertension", "E11.9": "", "J45.909": "", "M10.9": "Gout, unspecified", "I50.23": "Acute on chronic systolic (congestive) heart failure"}
	d, ok := displays[code]
	return terms.Coding{System: system, Code: code, Display: d}, ok
}
func (few) Unit(text string) (string, bool) {
	codes := map[string]string{"mg": "mg", "mcg": "ug", "mg/dL": "mg/dL", "mIU/L": "m[IU]/L", "ng/mL": "ng/mL", "%": "%", "mmol/L": "mmol/L", "ng/dL": "ng/dL"}
	c, ok := codes[text]
	return c, ok
}

func converter() *Converter {
	return &Converter{Terms: few{}, Thresholds: result.Thresholds{Default: 0.8}}
}

func validator(t testing.TB) *validate.Validator {
	table, err := definition.Load()
	if err != nil {
		t.Fatal(err)
	}
	return validate.New(table, validate.Options{})
}

// check fails the test for each error of strict validation.
func check(t testing.TB, v *validate.Validator, bundle []byte) {
	t.Helper()
	for _, issue := range v.Validate(context.Background(), bundle) {
		if issue.Severity == validate.Error {
			t.Errorf("%s", issue)
		}
	}
}

// documents reads the results of one golden case: NAME.result.json and, where a
// file holds several, NAME.result-2.json and so on.
func documents(t testing.TB, name string) []result.Document {
	t.Helper()
	files, err := filepath.Glob("testdata/" + name + ".result*.json")
	if err != nil || len(files) == 0 {
		t.Fatal(name, err)
	}
	// ".result-2.json" sorts before ".result.json".
	files = append(files[len(files)-1:], files[:len(files)-1]...)
	var docs []result.Document
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		d, err := result.Decode(data)
		if err != nil {
			t.Fatal(file, err)
		}
		docs = append(docs, d)
	}
	return docs
}

func cases(t testing.TB) []string {
	files, err := filepath.Glob("testdata/*.result.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(filepath.Base(f), ".result.json")
	}
	return files
}

// TestGolden compares whole bundles and validates each strictly. A case is its
// files in testdata; go test -update writes what is new.
func TestGolden(t *testing.T) {
	v := validator(t)
	for _, name := range cases(t) {
		t.Run(name, func(t *testing.T) {
			out, err := converter().Convert(documents(t, name))
			if err != nil {
				t.Fatal(err)
			}
			got, err := out.Bundle()
			if err != nil {
				t.Fatal(err)
			}
			check(t, v, got)
			sound(t, out)
			golden := "testdata/" + name + ".bundle.json"
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s is not as before; look at the difference, then go test -update", golden)
			}
		})
	}
}

// TestHold: what is held back leaves a sound, valid bundle of sure resources.
func TestHold(t *testing.T) {
	v := validator(t)
	for _, name := range cases(t) {
		c := converter()
		c.Hold = true
		out, err := c.Convert(documents(t, name))
		if err != nil {
			t.Fatal(name, err)
		}
		data, err := out.Bundle()
		if err != nil {
			t.Fatal(name, err)
		}
		check(t, v, data)
		sound(t, out)
		for _, r := range out.Resources {
			if !anchor(r) && tagged(r) {
				t.Errorf("%s: %s needs review but is not held", name, r.ResourceType())
			}
		}
	}
}

func TestNothing(t *testing.T) {
	if _, err := converter().Convert(nil); err == nil {
		t.Error("no documents are no error")
	}
}

func tagged(r r4.Resource) bool {
	for _, tag := range r.EnsureMeta().Tag {
		if tag.Code == "needs-review" {
			return true
		}
	}
	return false
}

// sound checks what holds for every output: ids unique, references inside the
// bundle and backwards, one Provenance each, subjects the document's patient.
func sound(t failer, out Output) {
	t.Helper()
	seen := map[string]bool{}
	origins := map[string]int{}
	subjects := map[string]string{} // of resources, by name
	for _, r := range out.Resources {
		name := r.ResourceType() + "/" + r.GetID()
		if seen[name] {
			t.Errorf("%s stands twice", name)
		}
		seen[name] = true
		data, err := r4.Marshal(r)
		if err != nil {
			t.Fatal(name, err)
		}
		for _, ref := range references(t, data) {
			if !seen[ref] {
				t.Errorf("%s refers to %s, which is not before it", name, ref)
			}
		}
		if p, ok := r.(*r4.Provenance); ok {
			target := p.Target[0].Reference
			origins[target]++
			if s := subjects[target]; s != "" && s != subjects[p.Entity[0].What.Reference] {
				t.Errorf("%s is of %s but its document is not", target, s)
			}
			continue
		}
		subjects[name] = subject(data)
		if subjects[name] == "" && clinical(r.ResourceType()) {
			t.Errorf("%s is of no patient", name)
		}
		if !anchor(r) && tagged(r) && strings.Contains(string(data), `"status":"final"`) {
			t.Errorf("%s needs review but is final", name)
		}
	}
	for name := range seen {
		if !strings.HasPrefix(name, "Provenance/") && origins[name] != 1 {
			t.Errorf("%s has %d Provenances", name, origins[name])
		}
	}
}

// references are all "reference" values in a resource's JSON.
func references(t failer, data []byte) []string {
	var all []string
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if ref, ok := v["reference"].(string); ok {
				all = append(all, ref)
			}
			for _, x := range v {
				walk(x)
			}
		case []any:
			for _, x := range v {
				walk(x)
			}
		}
	}
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	walk(v)
	return all
}

// subject is whom a resource is about, "" where it is about nobody.
func subject(data []byte) string {
	var r struct{ Subject, Patient, Beneficiary struct{ Reference string } }
	if json.Unmarshal(data, &r) != nil {
		return ""
	}
	return r.Subject.Reference + r.Patient.Reference + r.Beneficiary.Reference
}

func clinical(kind string) bool {
	switch kind {
	case "Patient", "Practitioner", "PractitionerRole", "Organization", "Provenance":
		return false
	}
	return true
}

// failer is what testing.TB and rapid.T share.
type failer interface {
	Helper()
	Errorf(format string, args ...any)
	Fatal(args ...any)
}
