package convert

import (
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/r4"
)

func marital(text string) *r4.CodeableConcept {
	codes := map[string][2]string{
		"married": {"M", "Married"}, "single": {"S", "Never Married"}, "never married": {"S", "Never Married"},
		"divorced": {"D", "Divorced"}, "widowed": {"W", "Widowed"}, "widow": {"W", "Widowed"}, "widower": {"W", "Widowed"},
		"separated": {"L", "Legally Separated"}, "legally separated": {"L", "Legally Separated"},
		"domestic partner": {"T", "Domestic partner"}, "partner": {"T", "Domestic partner"}, "annulled": {"A", "Annulled"},
	}
	if k, ok := codes[strings.ToLower(text)]; ok {
		return concept(text, coding(v3("MaritalStatus"), k[0], k[1]))
	}
	return concept(text)
}

func language(text string) *r4.CodeableConcept {
	codes := map[string]string{
		"english": "en", "spanish": "es", "french": "fr", "german": "de", "italian": "it", "portuguese": "pt", "chinese": "zh",
		"mandarin": "zh", "cantonese": "yue", "russian": "ru", "arabic": "ar", "japanese": "ja", "korean": "ko", "polish": "pl",
		"hindi": "hi", "vietnamese": "vi", "tagalog": "tl", "haitian creole": "ht", "urdu": "ur", "farsi": "fa", "persian": "fa",
		"somali": "so", "hmong": "hmn", "ukrainian": "uk", "greek": "el", "hebrew": "he", "bengali": "bn", "punjabi": "pa",
		"gujarati": "gu", "american sign language": "ase", "asl": "ase",
	}
	if code, ok := codes[strings.ToLower(text)]; ok {
		return concept(text, r4.Coding{System: "urn:ietf:bcp:47", Code: code})
	}
	return concept(text)
}

const cdcRace = "urn:oid:2.16.840.1.113883.6.238"

// The OMB's categories by folded print (US Core Race and Ethnicity).
var (
	races = map[string][2]string{
		"white": {"2106-3", "White"}, "caucasian": {"2106-3", "White"}, "whiteorcaucasian": {"2106-3", "White"},
		"black": {"2054-5", "Black or African American"}, "africanamerican": {"2054-5", "Black or African American"},
		"blackorafricanamerican": {"2054-5", "Black or African American"}, "blackafricanamerican": {"2054-5", "Black or African American"},
		"asian": {"2028-9", "Asian"}, "americanindianoralaskanative": {"1002-5", "American Indian or Alaska Native"},
		"americanindian": {"1002-5", "American Indian or Alaska Native"}, "alaskanative": {"1002-5", "American Indian or Alaska Native"},
		"nativehawaiianorotherpacificislander": {"2076-8", "Native Hawaiian or Other Pacific Islander"},
		"nativehawaiian":                       {"2076-8", "Native Hawaiian or Other Pacific Islander"}, "pacificislander": {"2076-8", "Native Hawaiian or Other Pacific Islander"},
	}
	ethnicities = map[string][2]string{
		"hispanicorlatino": {"2135-2", "Hispanic or Latino"}, "hispanic": {"2135-2", "Hispanic or Latino"}, "latino": {"2135-2", "Hispanic or Latino"},
		"latina": {"2135-2", "Hispanic or Latino"}, "hispaniclatino": {"2135-2", "Hispanic or Latino"},
		"nothispanicorlatino": {"2186-5", "Not Hispanic or Latino"}, "nonhispanic": {"2186-5", "Not Hispanic or Latino"},
		"nonhispanicorlatino": {"2186-5", "Not Hispanic or Latino"}, "nothispanic": {"2186-5", "Not Hispanic or Latino"},
		"nonhispaniclatino": {"2186-5", "Not Hispanic or Latino"},
	}
)

// Race and ethnicity as US Core's extensions, coded where the print names one of
// the categories.
func (c *chart) raceAndEthnicity(f *fact, p *r4.Patient) {
	add := func(field string, known map[string][2]string) {
		text := c.scalar(f, field)
		if text == "" {
			return
		}
		x := r4.Extension{URL: usCore(field)}
		if k, ok := known[folded(text)]; ok {
			x.Extension = append(x.Extension, r4.Extension{URL: "ombCategory", ValueCoding: r4.Ptr(coding(cdcRace, k[0], k[1]))})
		}
		x.Extension = append(x.Extension, r4.Extension{URL: "text", ValueString: text})
		p.Extension = append(p.Extension, x)
	}
	add("race", races)
	add("ethnicity", ethnicities)
}
