package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/paperchart/paperchart/internal/fhir/codes"
)

// withoutDisplays are systems whose texts are not ours to pass on; their codes
// are in the value sets all the same.
var withoutDisplays = map[string]bool{
	"http://snomed.info/sct": true, "http://www.ama-assn.org/go/cpt": true, "http://www.nlm.nih.gov/research/umls/rxnorm": true,
}

// writeCodes stores the code systems with their displays and hierarchies, and
// the value sets with what they hold.
func writeCodes(packs []*pack, dir string) error {
	x := newExpander(packs)
	src := codes.Source{}
	for _, url := range slices.Sorted(maps.Keys(x.codeSystems)) {
		if s := x.codesOf(url); len(s.Concepts) > 0 {
			src.Systems = append(src.Systems, s)
		}
	}
	src.Systems = append(src.Systems, x.mentioned()...)
	for _, url := range slices.Sorted(maps.Keys(x.valueSets)) {
		src.Sets = append(src.Sets, x.setOf(url))
	}
	var b bytes.Buffer
	if err := codes.Write(&b, src); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "codes.bin"), b.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write codes: %w", err)
	}
	return nil
}

func (x *expander) codesOf(url string) codes.System {
	cs := x.codeSystems[url]
	s := codes.System{URL: url, Version: cs.Version, Title: firstOf(cs.Title, cs.Name), Complete: cs.Content == "complete"}
	if withoutDisplays[url] {
		return s
	}
	for _, c := range cs.flat() {
		s.Concepts = append(s.Concepts, codes.Concept{Code: c.code, Display: oneLine(c.display), Parents: slices.Compact(slices.Sorted(slices.Values(c.parents)))})
	}
	return s
}

// mentioned are systems of which the packages have only what value sets list.
func (x *expander) mentioned() []codes.System {
	displays := map[string]map[string]string{}
	for _, url := range slices.Sorted(maps.Keys(x.valueSets)) {
		for _, inc := range x.valueSets[url].Compose.Include {
			if known := x.codeSystems[inc.System]; known != nil && len(known.Concept) > 0 || withoutDisplays[inc.System] {
				continue
			}
			for _, c := range inc.Concept {
				if displays[inc.System] == nil {
					displays[inc.System] = map[string]string{}
				}
				if c.Display != "" {
					displays[inc.System][c.Code] = oneLine(c.Display)
				}
			}
		}
	}
	var out []codes.System
	for _, url := range slices.Sorted(maps.Keys(displays)) {
		s := codes.System{URL: url}
		for _, code := range slices.Sorted(maps.Keys(displays[url])) {
			s.Concepts = append(s.Concepts, codes.Concept{Code: code, Display: displays[url][code]})
		}
		if len(s.Concepts) > 0 {
			out = append(out, s)
		}
	}
	return out
}

func (x *expander) setOf(url string) codes.Set {
	v := x.valueSets[url]
	set := codes.Set{URL: url, Version: v.Version, Title: firstOf(v.Title, v.Name)}
	all := x.expand(url)
	for _, system := range slices.Sorted(maps.Keys(all)) {
		part := codes.Part{System: system, Open: all[system] == nil}
		if cs := x.codeSystems[system]; cs != nil && !part.Open && cs.Content == "complete" && len(cs.flat()) == len(all[system]) {
			part.Whole = true
		} else {
			part.Codes = slices.Sorted(maps.Keys(all[system]))
		}
		set.Parts = append(set.Parts, part)
	}
	return set
}

func firstOf(a, b string) string {
	if a != "" {
		return oneLine(a)
	}
	return oneLine(b)
}
