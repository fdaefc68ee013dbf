package terms

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// sources says what a vocabulary file holds, by the part of its name before the
// first hyphen or point. What follows a hyphen marks terms that give way; what is
// retired is found by its code only.
var sources = [...]struct {
	name   string
	domain Domain
	system string
}{
	{"diagnoses", Diagnosis, ICD10CM},
	{"retired", Diagnosis, ICD10CM},
	{"drugs", Drug, RxNorm},
	{"labs", Lab, LOINC},
	{"vitals", Vital, LOINC},
	{"procedures", Procedure, HCPCS},
	{"allergens", Allergen, SNOMED},
	{"reactions", Reaction, SNOMED},
	{"vaccines", Vaccine, CVX},
	{"specialties", Specialty, NUCC},
	{"routes", Route, SNOMED},
	{"forms", DoseForm, SNOMED},
}

// Compile makes the compiled vocabulary of a folder of TSV files. Clashes are
// terms that two concepts claim; the first keeps them.
func Compile(dir fs.FS) (compiled []byte, clashes []string, err error) {
	words, err := fs.ReadFile(dir, "words.tsv")
	if err != nil {
		return nil, nil, fmt.Errorf("compile vocabulary: %w", err)
	}
	w, err := parseWording(string(words))
	if err != nil {
		return nil, nil, fmt.Errorf("compile vocabulary: %w", err)
	}
	names, err := fs.Glob(dir, "*.tsv")
	if err != nil {
		return nil, nil, fmt.Errorf("compile vocabulary: %w", err)
	}
	// What stands in "diagnoses.tsv" comes before "diagnoses-titles.tsv".
	slices.SortFunc(names, func(a, b string) int {
		return strings.Compare(strings.TrimSuffix(a, ".tsv"), strings.TrimSuffix(b, ".tsv"))
	})
	b := newBuilder(w)
	if b.sides, err = readPairs(dir, "sides.tsv"); err != nil {
		return nil, nil, fmt.Errorf("compile sides.tsv: %w", err)
	}
	if b.titles, err = readPairs(dir, "titles.tsv"); err != nil {
		return nil, nil, fmt.Errorf("compile titles.tsv: %w", err)
	}
	for _, name := range names {
		if err := compileFile(b, dir, name); err != nil {
			return nil, nil, fmt.Errorf("compile %s: %w", name, err)
		}
	}
	if err := knowWords(b, dir); err != nil {
		return nil, nil, fmt.Errorf("compile lexicon.txt: %w", err)
	}
	compiled, err = b.bytes(Release{Name: "Paperchart curated vocabulary", Licence: "see internal/terms/vocabulary/NOTICE"})
	return compiled, b.clashes, err
}

func compileFile(b *builder, dir fs.FS, name string) error {
	stem, weak := strings.TrimSuffix(path.Base(name), ".tsv"), false
	if stem, _, weak = strings.Cut(stem, "-"); weak && stem == "" {
		return nil
	}
	for _, s := range sources {
		if s.name != stem {
			continue
		}
		text, err := fs.ReadFile(dir, name)
		if err != nil {
			return err
		}
		entries, err := readTSV(s.domain, s.system, string(text))
		for _, e := range entries {
			e.weak, e.silent = weak, s.name == "retired"
			b.add(e)
		}
		return err
	}
	return nil
}

// knowWords adds the words of lexicon.txt, one a line: real words of diagnoses
// that no term need contain. What is a word is not a misspelling of another.
func knowWords(b *builder, dir fs.FS) error {
	text, err := fs.ReadFile(dir, "lexicon.txt")
	if err != nil {
		return err
	}
	for w := range strings.FieldsSeq(string(text)) {
		b.lexeme(Diagnosis, stem(w))
	}
	return nil
}

// readPairs reads what a code has, in further columns that become one text with
// bars between; sides.tsv has the siblings for right, left and both sides,
// titles.tsv the official title. The file may be missing.
func readPairs(dir fs.FS, name string) (map[string]string, error) {
	text, err := fs.ReadFile(dir, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	out := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if line[0] == '#' {
			continue
		}
		code, rest, _ := strings.Cut(strings.TrimRight(line, "\n"), "\t")
		out[code] = strings.ReplaceAll(rest, "\t", "|")
	}
	return out, err
}
