// Package terms turns a clinical term as printed (abbreviated, misspelt, in lay
// words or damaged by OCR) into the concept it names, with the standard codes
// that concept has, in microseconds and without a network.
package terms

// Domain is the kind of thing a term is looked up as.
type Domain uint8

// The domains.
const (
	Diagnosis Domain = iota // ICD-10-CM
	Drug                    // ingredients and brands; RxNorm only where certain
	Lab                     // LOINC, with the usual UCUM unit
	Vital                   // LOINC, with the usual UCUM unit
	Procedure               // ICD-10-PCS/HCPCS/SNOMED only where allowed; often text only
	Allergen                // substances people are allergic to, drugs included
	Reaction                // manifestations of an allergy
	Vaccine                 // CVX
	Specialty               // NUCC
	Route                   // routes of administration
	DoseForm                // tablet, capsule, solution…
)

// The code systems, by the URIs FHIR R4 uses.
const (
	ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
	RxNorm  = "http://www.nlm.nih.gov/research/umls/rxnorm"
	LOINC   = "http://loinc.org"
	CVX     = "http://hl7.org/fhir/sid/cvx"
	MVX     = "http://hl7.org/fhir/sid/mvx"
	UCUM    = "http://unitsofmeasure.org"
	SNOMED  = "http://snomed.info/sct"
	NUCC    = "http://nucc.org/provider-taxonomy"
	CPT     = "http://www.ama-assn.org/go/cpt"
	HCPCS   = "http://terminology.hl7.org/CodeSystem/HCPCS-all-codes"
)

// Coding is a code with the system it belongs to.
type Coding struct{ System, Code, Display, Version string }

// Concept is one thing that terms name.
type Concept struct {
	Domain Domain
	// Name is the preferred clinical name.
	Name string
	// Codings may be empty: a known drug without a certain RxNorm id is still
	// a known drug.
	Codings []Coding
	// Unit is the usual UCUM unit of a lab or vital sign.
	Unit string
	// Group is the panel or category of a lab, the ingredient of a brand.
	Group string
}

// Match is a concept found for a text.
type Match struct {
	Concept *Concept
	// Term is the synonym that matched.
	Term string
	// Score is the probability-like closeness, 0..1; 1 is an exact term.
	Score float64
}

// Vocabulary is what reading and conversion need of the terms. *Set has it.
type Vocabulary interface {
	// Match returns the best concept for a text, or false where none is good
	// enough to trust: a wrong code is worse than none.
	Match(d Domain, text string) (Match, bool)
	// Search returns up to limit concepts, best first, for suggestions.
	Search(d Domain, text string, limit int) []Match
	// Code returns what is known of a code.
	Code(system, code string) (Coding, bool)
	// Unit returns the UCUM code of a unit as printed.
	Unit(text string) (ucum string, ok bool)
}
