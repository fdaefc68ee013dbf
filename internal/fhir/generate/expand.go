package main

import (
	"slices"

	"github.com/paperchart/paperchart/internal/fhir/definition"
)

// maxCodes is the size beyond which a value set is left to an external
// terminology.
const maxCodes = 4000

// expander lists the codes of value sets from the code systems in the packages.
type expander struct {
	valueSets   map[string]*valueSet
	codeSystems map[string]*codeSystem
	busy        map[string]bool // value sets being expanded, against cycles
}

func newExpander(packs []*pack) *expander {
	x := &expander{valueSets: map[string]*valueSet{}, codeSystems: map[string]*codeSystem{}, busy: map[string]bool{}}
	for _, p := range packs {
		for url, v := range p.valueSets {
			x.valueSets[url] = v
		}
		for url, c := range p.codeSystems {
			x.codeSystems[url] = c
		}
	}
	return x
}

// externalSets are the small value sets of the US Value Set Authority Center that
// US Core's race, ethnicity and birth sex are made of, by what US Core's own
// pages list. Their null flavors are left open.
var externalSets = map[string]contents{
	"http://cts.nlm.nih.gov/fhir/ValueSet/2.16.840.1.114222.4.11.836": {
		cdcRace: {"1002-5": true, "2028-9": true, "2054-5": true, "2076-8": true, "2106-3": true},
	},
	"http://cts.nlm.nih.gov/fhir/ValueSet/2.16.840.1.114222.4.11.837":     {cdcRace: {"2135-2": true, "2186-5": true}},
	"http://cts.nlm.nih.gov/fhir/ValueSet/2.16.840.1.113762.1.4.1":        {hl7 + "v3-AdministrativeGender": {"F": true, "M": true}},
	"http://cts.nlm.nih.gov/fhir/ValueSet/2.16.840.1.113762.1.4.1021.102": {hl7 + "v3-NullFlavor": nil},
	"http://cts.nlm.nih.gov/fhir/ValueSet/2.16.840.1.113762.1.4.1021.103": {hl7 + "v3-NullFlavor": nil},
}

const (
	cdcRace = "urn:oid:2.16.840.1.113883.6.238"
	hl7     = "http://terminology.hl7.org/CodeSystem/"
)

// contents is codes by system; a nil set of codes is an open system, and the
// empty system stands for codes of which even the system is unknown.
type contents map[string]map[string]bool

func (c contents) open(system string) { c[system] = nil }

func (c contents) add(system, code string) {
	m, ok := c[system]
	if ok && m == nil {
		return
	}
	if !ok {
		m = map[string]bool{}
		c[system] = m
	}
	m[code] = true
}

func (c contents) union(o contents) {
	for system, codes := range o {
		if codes == nil {
			c.open(system)
		}
		for code := range codes {
			c.add(system, code)
		}
	}
}

func (x *expander) valueSet(url string) *definition.ValueSet {
	c := x.expand(url)
	v := &definition.ValueSet{URL: url, Advisory: x.outside(url)}
	for system, codes := range c {
		s := definition.System{URL: system, Open: codes == nil || len(codes) > maxCodes}
		if s.Open {
			v.Open = true
		} else {
			for code := range codes {
				s.Codes = append(s.Codes, code)
			}
			slices.Sort(s.Codes)
		}
		v.Systems = append(v.Systems, s)
	}
	slices.SortFunc(v.Systems, func(a, b definition.System) int {
		if a.URL < b.URL {
			return -1
		}
		return 1
	})
	return v
}

// outside reports whether a value set is made of externalSets.
func (x *expander) outside(url string) bool {
	v := x.valueSets[url]
	return v != nil && slices.ContainsFunc(v.Compose.Include, func(inc include) bool {
		return slices.ContainsFunc(inc.ValueSet, func(u string) bool { return externalSets[u] != nil })
	})
}

func (x *expander) expand(url string) contents {
	out := contents{}
	if known, ok := externalSets[url]; ok {
		out.union(known)
		return out
	}
	v := x.valueSets[url]
	if v == nil || x.busy[url] {
		out.open("")
		return out
	}
	x.busy[url] = true
	defer delete(x.busy, url)
	for _, inc := range v.Compose.Include {
		out.union(x.include(inc))
	}
	for _, exc := range v.Compose.Exclude {
		for system, codes := range x.include(exc) {
			for code := range codes {
				delete(out[system], code)
			}
		}
	}
	if len(v.Compose.Include) == 0 {
		for _, c := range v.Expansion.Contains {
			out.add(c.System, c.Code)
		}
	}
	if len(out) == 0 {
		out.open("")
	}
	return out
}

func (x *expander) include(inc include) contents {
	out := contents{}
	for i, url := range inc.ValueSet {
		if c := x.expand(trimVersion(url)); i == 0 {
			out = c
		} else {
			out = out.intersect(c)
		}
	}
	if inc.System == "" {
		return out
	}
	own := x.system(inc)
	if len(inc.ValueSet) > 0 {
		return out.intersect(own)
	}
	return own
}

// intersect keeps what is in both; where one of the two is open, the other's
// codes may or may not be in, so the system stays open.
func (c contents) intersect(o contents) contents {
	out := contents{}
	for system, codes := range c {
		others, ok := o[system]
		switch {
		case !ok:
		case codes == nil || others == nil:
			out.open(system)
		default:
			for code := range codes {
				if others[code] {
					out.add(system, code)
				}
			}
		}
	}
	return out
}

func trimVersion(url string) string {
	for i := range len(url) {
		if url[i] == '|' {
			return url[:i]
		}
	}
	return url
}

func (x *expander) system(inc include) contents {
	out := contents{}
	for _, c := range inc.Concept {
		out.add(inc.System, c.Code)
	}
	if len(inc.Concept) > 0 {
		return out
	}
	cs := x.codeSystems[inc.System]
	if cs == nil || cs.Content != "complete" {
		out.open(inc.System)
		return out
	}
	all := cs.flat()
	for _, f := range inc.Filter {
		keep, ok := cs.filter(all, f.Property, f.Op, f.Value)
		if !ok {
			out.open(inc.System)
			return out
		}
		all = slices.DeleteFunc(all, func(c flatConcept) bool { return !keep[c.code] })
	}
	for _, c := range all {
		out.add(inc.System, c.code)
	}
	return out
}

// flatConcept is a concept with the codes of its parents.
type flatConcept struct {
	code    string
	display string
	parents []string
	props   map[string]string
}

func (cs *codeSystem) flat() []flatConcept {
	var out []flatConcept
	var walk func([]concept, string)
	walk = func(list []concept, parent string) {
		for _, c := range list {
			f := flatConcept{code: c.Code, display: c.Display, props: map[string]string{}}
			if parent != "" {
				f.parents = append(f.parents, parent)
			}
			for _, p := range c.Property {
				f.props[p.Code] = p.ValueCode
				if p.Code == "subsumedBy" || p.Code == "parent" {
					f.parents = append(f.parents, p.ValueCode)
				}
			}
			out = append(out, f)
			walk(c.Concept, c.Code)
		}
	}
	walk(cs.Concept, "")
	return out
}

// filter returns the codes that a filter keeps, and whether the filter is one
// that can be worked out here.
func (cs *codeSystem) filter(all []flatConcept, property, op, value string) (map[string]bool, bool) {
	keep := map[string]bool{}
	switch {
	case property == "concept" && (op == "is-a" || op == "descendent-of"):
		keep[value] = true
		for again := true; again; {
			again = false
			for _, c := range all {
				if !keep[c.code] && slices.ContainsFunc(c.parents, func(p string) bool { return keep[p] }) {
					keep[c.code], again = true, true
				}
			}
		}
		keep[value] = op == "is-a"
	case op == "=" && property != "concept":
		for _, c := range all {
			if v, ok := c.props[property]; ok && v == value {
				keep[c.code] = true
			}
		}
	default:
		return nil, false
	}
	return keep, true
}
