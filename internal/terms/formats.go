package terms

import (
	"bytes"
	"context"
	"errors"
	"regexp"
	"strings"
)

// A format is one kind of release file, told apart by its content and, in an
// archive, by its name.
type format struct {
	name    string // of the compiled file
	system  string
	title   string
	licence string
	member  func(name string) bool // lower case
	more    []part                 // other members of the archive that parse reads
	is      func(head []byte) bool
	// parse returns the entries and the version, where the file tells it.
	parse func(ctx context.Context, src source) ([]entry, string, error)
}

const (
	licenceICD    = "NCHS and CMS; public domain in the United States"
	licenceCDC    = "CDC; public domain"
	licenceLOINC  = "Regenstrief Institute; free of charge under the LOINC licence, loinc.org/license"
	licenceRx     = "U.S. National Library of Medicine; RxNorm names are free to use, NLM asks to be named as the source"
	licenceSNOMED = "SNOMED International; for holders of an affiliate licence, in the United States free through NLM"
	licenceCPT    = "American Medical Association; for holders of a CPT licence, and never part of Paperchart"
	licenceHCPCS  = "CMS; public domain, without the dental codes, which are the ADA's"
)

// formats are the releases that can be imported.
func formats() []format {
	return []format{
		{name: "icd10cm", system: ICD10CM, title: "ICD-10-CM", licence: licenceICD, is: isOrder, parse: parseOrder,
			member: func(n string) bool {
				return strings.HasPrefix(n, "icd10cm") && strings.Contains(n, "order") && textFile(n) && !strings.Contains(n, "addenda")
			}},
		{name: "icd10cm-inclusion", system: ICD10CM, title: "ICD-10-CM inclusion terms", licence: licenceICD, is: has("<ICD10CM.tabular"), parse: parseTabular,
			member: func(n string) bool {
				return strings.Contains(n, "tabular") && strings.HasSuffix(n, ".xml") && !strings.Contains(n, "addenda")
			}},
		{name: "cvx", system: CVX, title: "CVX", licence: licenceCDC, is: has("<CVXCodes"), parse: parseCVX},
		{name: "cvx-tradenames", system: CVX, title: "CVX trade names", licence: licenceCDC, is: has("<productnames"), parse: parseTradeNames},
		{name: "mvx", system: MVX, title: "MVX", licence: licenceCDC, is: has("<MVXCodes"), parse: parseMVX},
		{name: "loinc", system: LOINC, title: "LOINC", licence: licenceLOINC, is: isLOINC, parse: parseLOINC,
			member: func(n string) bool { return n == "loinc.csv" }},
		{name: "rxnorm", system: RxNorm, title: "RxNorm", licence: licenceRx, is: isRRF, parse: parseRxNorm,
			member: func(n string) bool { return n == "rxnconso.rrf" }, more: []part{{"rxnrel.rrf", func(n string) bool { return n == "rxnrel.rrf" }}}},
		{name: "hcpcs", system: HCPCS, title: "HCPCS Level II", licence: licenceHCPCS, is: isHCPCS, parse: parseHCPCS,
			member: func(n string) bool {
				return strings.HasPrefix(n, "hcpc") && strings.Contains(n, "anweb") && textFile(n)
			}},
		{name: "snomed", system: SNOMED, title: "SNOMED CT", licence: licenceSNOMED, is: isRF2, parse: parseSNOMED,
			member: func(n string) bool {
				return strings.HasPrefix(n, "sct2_description_snapshot") && (strings.Contains(n, "-en") || strings.Contains(n, "snapshot_")) && textFile(n)
			},
			more: []part{
				{rf2Concepts, func(n string) bool { return strings.HasPrefix(n, "sct2_concept_snapshot") && textFile(n) }},
				{rf2Language, func(n string) bool {
					return strings.HasPrefix(n, "der2_crefset_languagesnapshot") && textFile(n)
				}},
			}},
		{name: "cpt", system: CPT, title: "CPT", licence: licenceCPT, is: isCPT, parse: parseCPT,
			member: func(n string) bool { return strings.HasPrefix(n, "cpt") && tableFile(n) }},
	}
}

func textFile(name string) bool { return strings.HasSuffix(name, ".txt") }

func tableFile(name string) bool {
	return textFile(name) || strings.HasSuffix(name, ".csv") || strings.HasSuffix(name, ".tsv")
}

func has(tag string) func([]byte) bool {
	return func(head []byte) bool { return bytes.Contains(head, []byte(tag)) }
}

// parseRelease tells the releases apart by their content.
func parseRelease(ctx context.Context, src source) (format, []entry, Release, error) {
	head := src.text[:min(len(src.text), 600)]
	for _, f := range formats() {
		if !f.is(head) {
			continue
		}
		entries, version, err := f.parse(ctx, src)
		if err == nil && len(entries) == 0 {
			err = errors.New("the file holds no codes")
		}
		if err != nil {
			return f, nil, Release{}, err
		}
		return f, entries, Release{System: f.system, Name: f.title, Version: version, Licence: f.licence}, nil
	}
	return format{}, nil, Release{}, errors.New("not a release that can be imported; see `paperchart terms import --help` for those that can")
}

var (
	yearIn  = regexp.MustCompile(`20[0-9]{2}`)
	monthIn = regexp.MustCompile(`(?i)(?:^|[^a-z])(jan|apr|jul|oct)(?:uary|il|y|ober)?(?:[^a-z]|$)`)
)

// versionIn reads "Jan 2021" or "2026" out of a file's name: what the releases
// whose content does not tell are known by.
func versionIn(name string) string {
	year, month := yearIn.FindString(name), monthIn.FindStringSubmatch(name)
	if year == "" || month == nil {
		return year
	}
	return strings.ToUpper(month[1][:1]) + strings.ToLower(month[1][1:]) + " " + year
}
