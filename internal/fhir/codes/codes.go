// Package codes holds the terminology that R4 and US Core publish themselves:
// HL7's code systems with their displays and hierarchies, and every value set
// with what it holds as far as that can be known from those.
//
// It is read on the first call of Load, which takes some tens of milliseconds;
// the parts of definition that validation needs are apart so that most programs
// never pay for this. After that everything is read-only and may be used from
// any goroutine. Codes are compared as they are written.
//
// Left out: the texts of SNOMED CT, CPT and RxNorm, which are not HL7's to pass
// on; definitions, designations in other languages, and properties.
package codes

import (
	_ "embed"
	"maps"
	"slices"
	"strings"
	"sync"
)

// System is a code system.
type System struct {
	URL, Version, Title string
	// Complete is true where Concepts are all that the system has.
	Complete bool
	Concepts []Concept // in the order of the publication

	byCode   map[string]int
	children map[string][]string
}

// Concept is one code of a system.
type Concept struct {
	Code, Display string
	Parents       []string
}

// Set is a value set.
type Set struct {
	URL, Version, Title string
	Parts               []Part
}

// Part is what a value set has of one system.
type Part struct {
	System string // empty where even that is unknown
	// Open: which codes belong needs an external terminology. Whole: all of the
	// system do. Else Codes do, sorted.
	Open, Whole bool
	Codes       []string
}

// Tables are all systems and sets.
type Tables struct {
	systems map[string]*System
	sets    map[string]*Set
}

//go:embed codes.bin
var embedded []byte

var load = sync.OnceValues(func() (*Tables, error) { return parse(embedded) })

// Load returns the embedded tables. It fails only where the binary is damaged.
func Load() (*Tables, error) { return load() }

// System returns a code system by its URL, nil where unknown.
func (t *Tables) System(url string) *System { return t.systems[bare(url)] }

// With returns the systems that have a code, by URL.
func (t *Tables) With(code string) []*System {
	var all []*System
	for _, url := range slices.Sorted(maps.Keys(t.systems)) {
		if _, ok := t.systems[url].Concept(code); ok {
			all = append(all, t.systems[url])
		}
	}
	return all
}

// Set returns a value set by its canonical URL, with or without the version it
// has here; nil where unknown.
func (t *Tables) Set(url string) *Set {
	s := t.sets[bare(url)]
	if _, version, ok := strings.Cut(url, "|"); s != nil && ok && version != s.Version {
		return nil
	}
	return s
}

func bare(url string) string {
	url, _, _ = strings.Cut(url, "|")
	return url
}

// Add gives a system one more concept, while nobody else uses it yet.
func (s *System) Add(c Concept) {
	if s.byCode == nil {
		s.byCode, s.children = map[string]int{}, map[string][]string{}
	}
	s.byCode[c.Code] = len(s.Concepts)
	s.Concepts = append(s.Concepts, c)
	for _, p := range c.Parents {
		s.children[p] = append(s.children[p], c.Code)
	}
}

// Concept returns what is known of a code.
func (s *System) Concept(code string) (Concept, bool) {
	i, ok := s.byCode[code]
	if !ok {
		return Concept{}, false
	}
	return s.Concepts[i], true
}

// Below returns a code and everything under it; nil where the code is unknown.
func (s *System) Below(code string) []string {
	return s.reach(code, func(c string) []string { return s.children[c] })
}

// Above returns a code and everything that it is a kind of.
func (s *System) Above(code string) []string {
	return s.reach(code, func(c string) []string { return s.Concepts[s.byCode[c]].Parents })
}

// reach follows next from a code to all that it leads to.
func (s *System) reach(code string, next func(string) []string) []string {
	if _, ok := s.byCode[code]; !ok {
		return nil
	}
	all, seen := []string{code}, map[string]bool{code: true}
	for i := 0; i < len(all); i++ {
		for _, c := range next(all[i]) {
			if _, known := s.byCode[c]; known && !seen[c] {
				seen[c] = true
				all = append(all, c)
			}
		}
	}
	return all
}

// Parents returns the codes right above a code.
func (s *System) Parents(code string) []string {
	c, _ := s.Concept(code)
	return c.Parents
}

// Children returns the codes right below a code.
func (s *System) Children(code string) []string { return s.children[code] }

// Part returns what the set has of a system.
func (s *Set) Part(system string) (Part, bool) {
	for _, p := range s.Parts {
		if p.System == system {
			return p, true
		}
	}
	return Part{}, false
}

// Has reports whether the part lists a code; it knows nothing of the codes of
// open parts and whole ones.
func (p Part) Has(code string) bool {
	_, found := slices.BinarySearch(p.Codes, code)
	return found
}
