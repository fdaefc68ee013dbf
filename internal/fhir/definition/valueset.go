package definition

import "slices"

// ValueSet is the codes that a binding allows, by code system.
type ValueSet struct {
	URL     string
	Systems []System
	Open    bool // contains codes that only an external terminology knows
	// Advisory: the codes are not in HL7's packages but listed by hand from US
	// Core's pages; what is not among them deserves a warning, not an error.
	Advisory bool

	index map[string]map[string]bool
}

// System is the part of a value set that comes from one code system.
type System struct {
	URL   string
	Codes []string // none where Open
	Open  bool     // which codes belong needs an external terminology
}

// HasCode tells whether one of HL7's own code systems defines a code: Unknown
// where the table does not hold the system.
func (t *Table) HasCode(system, code string) Answer {
	codes, ok := t.codeSystems[system]
	if !ok {
		return Unknown
	}
	if _, found := slices.BinarySearch(codes, code); found {
		return Yes
	}
	return No
}

// Answer is what a ValueSet knows about a code.
type Answer uint8

// Answers of ValueSet.Has.
const (
	No      Answer = iota // the code is not in the set
	Yes                   // the code is in the set
	Unknown               // only an external terminology can tell
)

// Has tells whether the set contains the code of the system. With an empty
// system the code alone is looked for, as for elements of type code.
func (v *ValueSet) Has(system, code string) Answer {
	if system == "" {
		return v.hasCode(code)
	}
	if codes, known := v.index[system]; known {
		switch {
		case codes == nil:
			return Unknown
		case codes[code]:
			return Yes
		}
		return No
	}
	if v.Open && v.anySystem() {
		return Unknown
	}
	return No
}

func (v *ValueSet) hasCode(code string) Answer {
	for _, codes := range v.index {
		if codes[code] {
			return Yes
		}
	}
	if v.Open {
		return Unknown
	}
	return No
}

// anySystem reports whether the open part is of no named system.
func (v *ValueSet) anySystem() bool {
	_, ok := v.index[""]
	return ok
}

func (v *ValueSet) link() {
	v.index = make(map[string]map[string]bool, len(v.Systems))
	for _, s := range v.Systems {
		if s.Open {
			v.index[s.URL] = nil
			continue
		}
		m := v.index[s.URL]
		if m == nil {
			m = make(map[string]bool, len(s.Codes))
			v.index[s.URL] = m
		}
		for _, c := range s.Codes {
			m[c] = true
		}
	}
}
