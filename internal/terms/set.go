package terms

import (
	_ "embed"
	"fmt"
)

//go:generate go run ./compile

//go:embed vocabulary/words.tsv
var wordsTSV string

//go:embed vocabulary.bin
var vocabularyBin []byte

// A Set is the vocabulary in use: what ships, and over it what a site has
// imported. It never changes and any number of goroutines may use it.
type Set struct {
	wording *wording
	layers  []*index // the curated one first
	units   *units
	// plausible has the limits of tests by LOINC code.
	plausible map[string]span
	// supplies has the strengths of drugs by ingredient.
	supplies map[string]supply
}

var _ Vocabulary = (*Set)(nil)

// Default opens the vocabulary that ships. It costs about a millisecond; keep
// the Set rather than asking again.
func Default() (*Set, error) {
	w, err := parseWording(wordsTSV)
	if err != nil {
		return nil, fmt.Errorf("open vocabulary: %w", err)
	}
	x, err := openIndex(vocabularyBin)
	if err != nil {
		return nil, err
	}
	u, err := parseUnits(unitsTSV)
	if err != nil {
		return nil, fmt.Errorf("open vocabulary: %w", err)
	}
	limits, err := parsePlausible(plausibleTSV)
	if err != nil {
		return nil, fmt.Errorf("open vocabulary: %w", err)
	}
	supplies, err := parseStrengths(strengthsTSV)
	if err != nil {
		return nil, fmt.Errorf("read strengths.tsv: %w", err)
	}
	return &Set{wording: w, layers: []*index{x}, units: u, plausible: limits, supplies: supplies}, nil
}

// Code returns what is known of a code: its display, and the release it was
// found in. ICD-10-CM codes may lack their point.
func (s *Set) Code(system, code string) (Coding, bool) {
	if system == ICD10CM {
		code = dotted(code)
	}
	for _, x := range s.layers {
		if i, ok := x.code(system, code); ok {
			return x.coding(i), true
		}
	}
	return Coding{}, false
}

// dotted writes an ICD-10-CM code with its point, in capitals.
func dotted(code string) string {
	b := make([]byte, 0, len(code)+1)
	for i := range len(code) {
		c := code[i]
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		if c != '.' && c != ' ' {
			b = append(b, c)
		}
	}
	if len(b) > 3 {
		b = append(b[:3], append([]byte{'.'}, b[3:]...)...)
	}
	return string(b)
}

// Releases tells what vocabularies are loaded, the curated one first, each with
// the codes it has of every system.
func (s *Set) Releases() []Release {
	var out []Release
	for _, x := range s.layers {
		r := x.release
		r.Systems, r.Domains = map[string]int{}, x.count()
		for i := range x.codes.len() {
			r.Systems[x.str(x.codings.at(codingWidth*x.codeAt.at(i)))]++
		}
		out = append(out, r)
	}
	return out
}

// count tells how many concepts each domain has, and how many terms.
func (x *index) count() map[string]Count {
	out := map[string]Count{}
	for name, d := range Domains() {
		var c Count
		for i := range x.concepts.len() / conceptWidth {
			if x.domain(i) == d {
				c.Concepts++
			}
		}
		for i := range x.terms.len() / 2 {
			if x.domain(x.termConcept(i)) == d {
				c.Terms++
			}
		}
		if c.Concepts > 0 {
			out[name] = c
		}
	}
	return out
}

// Domains are the domains by the names people give them.
func Domains() map[string]Domain {
	return map[string]Domain{"diagnosis": Diagnosis, "drug": Drug, "lab": Lab, "vital": Vital, "procedure": Procedure, "allergen": Allergen,
		"reaction": Reaction, "vaccine": Vaccine, "specialty": Specialty, "route": Route, "form": DoseForm}
}

// Systems are the code systems by the names people give them.
func Systems() map[string]string {
	return map[string]string{"icd10cm": ICD10CM, "icd-10-cm": ICD10CM, "rxnorm": RxNorm, "loinc": LOINC, "cvx": CVX, "mvx": MVX, "ucum": UCUM,
		"snomed": SNOMED, "nucc": NUCC, "cpt": CPT, "hcpcs": HCPCS}
}
