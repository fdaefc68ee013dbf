package terms

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
)

// The parts of a SNOMED CT release beside its descriptions.
const (
	rf2Concepts = "concepts"
	rf2Language = "language"
)

// The heads of the RF2 files that are read; a file with another is refused.
var (
	rf2ConceptHead     = []string{"id", "effectiveTime", "active", "moduleId", "definitionStatusId"}
	rf2DescriptionHead = []string{"id", "effectiveTime", "active", "moduleId", "conceptId", "languageCode", "typeId", "term", "caseSignificanceId"}
	rf2LanguageHead    = []string{"id", "effectiveTime", "active", "moduleId", "refsetId", "referencedComponentId", "acceptabilityId"}
)

// The metadata concepts of SNOMED CT that tell a description's kind.
const (
	rf2FullName  = "900000000000003001"
	rf2Synonym   = "900000000000013009"
	rf2USEnglish = "900000000000509007"
	rf2Preferred = "900000000000548007"
)

func isRF2(head []byte) bool {
	return bytes.HasPrefix(bytes.TrimPrefix(head, []byte("\ufeff")), []byte(strings.Join(rf2DescriptionHead[:7], "\t")))
}

// parseSNOMED reads the snapshot of a SNOMED CT release in RF2: the English
// descriptions of the concepts that are active. Disorders, procedures and
// substances are found by their terms, everything else by its code. Where the
// concept and language files lie beside it, inactive concepts are left out and
// the term preferred in US English is the display.
func parseSNOMED(ctx context.Context, src source) ([]entry, string, error) {
	active, err := rf2Active(ctx, src.more[rf2Concepts])
	if err != nil {
		return nil, "", fmt.Errorf("concept file: %w", err)
	}
	preferred, err := rf2Displays(ctx, src.more[rf2Language])
	if err != nil {
		return nil, "", fmt.Errorf("language file: %w", err)
	}
	s := snomed{at: map[string]int{}}
	err = rf2(ctx, src.text, rf2DescriptionHead, []int{0, 4, 6}, func(f []string) error {
		s.version = max(s.version, f[1])
		if f[2] == "1" && f[5] == "en" && (active == nil || active[f[4]]) {
			s.describe(f[4], f[6], f[7], preferred[f[0]])
		}
		return nil
	})
	if err != nil {
		return nil, "", err
	}
	return s.entries(), rf2Date(s.version), nil
}

func rf2Active(ctx context.Context, text []byte) (map[string]bool, error) {
	if text == nil {
		return nil, nil
	}
	out := map[string]bool{}
	err := rf2(ctx, text, rf2ConceptHead, []int{0}, func(f []string) error {
		if f[2] == "1" {
			out[f[0]] = true
		}
		return nil
	})
	return out, err
}

func rf2Displays(ctx context.Context, text []byte) (map[string]bool, error) {
	out := map[string]bool{}
	if text == nil {
		return out, nil
	}
	err := rf2(ctx, text, rf2LanguageHead, []int{4, 5, 6}, func(f []string) error {
		if f[2] == "1" && f[4] == rf2USEnglish && f[6] == rf2Preferred {
			out[f[5]] = true
		}
		return nil
	})
	return out, err
}

// snomed collects the descriptions of each concept.
type snomed struct {
	at      map[string]int // of a concept in found
	found   []described
	version string
}

type described struct {
	code, full, display string
	synonyms            []string
}

func (s *snomed) describe(concept, kind, term string, preferred bool) {
	i, ok := s.at[concept]
	if !ok {
		i = len(s.found)
		s.at[concept] = i
		s.found = append(s.found, described{code: concept})
	}
	d := &s.found[i]
	switch kind {
	case rf2FullName:
		d.full = term
	case rf2Synonym:
		d.synonyms = append(d.synonyms, term)
		if preferred {
			d.display = term
		}
	}
}

// entries are the concepts by their codes, so that the order of the rows in a
// release does not show.
func (s *snomed) entries() []entry {
	slices.SortFunc(s.found, func(a, b described) int { return strings.Compare(a.code, b.code) })
	out := make([]entry, 0, len(s.found))
	for _, d := range s.found {
		name, tag := semanticTag(d.full)
		if d.display == "" {
			d.display = name
		}
		if d.display == "" && len(d.synonyms) > 0 {
			d.display = d.synonyms[0]
		}
		if d.display == "" {
			continue
		}
		domain, named := tagDomain(tag)
		slices.Sort(d.synonyms)
		out = append(out, entry{domain: domain, name: d.display, terms: append(d.synonyms, name), weak: true, silent: !named,
			codings: []Coding{{System: SNOMED, Code: d.code, Display: d.display}}})
	}
	return out
}

// semanticTag parts a fully specified name from the kind of concept in brackets
// at its end.
func semanticTag(full string) (name, tag string) {
	i := strings.LastIndex(full, " (")
	if i < 0 || !strings.HasSuffix(full, ")") {
		return full, ""
	}
	return full[:i], full[i+2 : len(full)-1]
}

// tagDomain tells where the terms of a kind of concept are looked for.
func tagDomain(tag string) (d Domain, named bool) {
	switch tag {
	case "disorder":
		return Diagnosis, true
	case "procedure", "regime/therapy":
		return Procedure, true
	case "substance":
		return Allergen, true
	}
	return Diagnosis, false
}

// rf2Date writes 20260301 as 2026-03-01.
func rf2Date(day string) string {
	if len(day) != 8 {
		return day
	}
	return day[:4] + "-" + day[4:6] + "-" + day[6:]
}

// rf2 calls do with the fields of each row of an RF2 file whose head is known;
// ids are the columns that hold an identifier.
func rf2(ctx context.Context, text []byte, head []string, ids []int, do func([]string) error) error {
	n := 0
	for line := range bytes.Lines(bytes.TrimPrefix(text, []byte("\ufeff"))) {
		if n++; n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		f := strings.Split(strings.TrimRight(string(line), "\r\n"), "\t")
		if n == 1 {
			if i := firstUnlike(f, head); i >= 0 {
				return fmt.Errorf("line 1, column %d: want the columns %s", columnOf(f, i), strings.Join(head, ", "))
			}
			continue
		}
		if len(f) != len(head) {
			return fmt.Errorf("line %d, column %d: %d fields, want %d", n, columnOf(f, min(len(f), len(head))), len(f), len(head))
		}
		if i, what := rf2Fault(f, ids); i >= 0 {
			return fmt.Errorf("line %d, column %d: %s", n, columnOf(f, i), what)
		}
		if err := do(f); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	return nil
}

// firstUnlike is the first column that differs, or -1.
func firstUnlike(got, want []string) int {
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			return i
		}
	}
	return -1
}

// columnOf is where a field of a row begins, counted in characters from 1.
func columnOf(f []string, i int) int {
	n := 1
	for _, v := range f[:min(i, len(f))] {
		n += len([]rune(v)) + 1
	}
	return n
}

// rf2Fault finds the first field that is not what every RF2 row has there.
func rf2Fault(f []string, ids []int) (int, string) {
	if len(f[1]) != 8 || !numeric(f[1]) {
		return 1, "effectiveTime is no day such as 20260301"
	}
	if f[2] != "0" && f[2] != "1" {
		return 2, "active is neither 0 nor 1"
	}
	for _, i := range ids {
		if !verhoeff(f[i]) {
			return i, "the identifier's check digit is wrong"
		}
	}
	return -1, ""
}

// The dihedral group D5 and the permutation that Verhoeff's check digit is
// defined by, as SNOMED CT's editorial guide prints them.
var (
	verhoeffTimes = [10][10]byte{{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 3, 4, 0, 6, 7, 8, 9, 5}, {2, 3, 4, 0, 1, 7, 8, 9, 5, 6},
		{3, 4, 0, 1, 2, 8, 9, 5, 6, 7}, {4, 0, 1, 2, 3, 9, 5, 6, 7, 8}, {5, 9, 8, 7, 6, 0, 4, 3, 2, 1}, {6, 5, 9, 8, 7, 1, 0, 4, 3, 2},
		{7, 6, 5, 9, 8, 2, 1, 0, 4, 3}, {8, 7, 6, 5, 9, 3, 2, 1, 0, 4}, {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}}
	verhoeffTurn = [10]byte{1, 5, 7, 6, 2, 8, 3, 0, 9, 4}
)

// verhoeff tells whether the last digit of an SCTID checks the others.
func verhoeff(id string) bool {
	if len(id) < 6 || len(id) > 18 || !numeric(id) {
		return false
	}
	c := byte(0)
	for i := range len(id) {
		d := id[len(id)-1-i] - '0'
		for range i % 8 {
			d = verhoeffTurn[d]
		}
		c = verhoeffTimes[c][d]
	}
	return c == 0
}
