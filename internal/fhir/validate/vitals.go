package validate

import (
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/model"
)

const usCore = "http://hl7.org/fhir/us/core/StructureDefinition/"

// vitalCodes are the codes of vital signs for which R4 demands its profiles
// (https://hl7.org/fhir/R4/observation-vitalsigns.html): LOINC's always, and the
// usual SNOMED CT codes of the same findings where the category says vital signs,
// since those need the LOINC code beside them.
var vitalCodes = map[string]map[string]string{
	"http://loinc.org": {
		"85353-1": "vitalspanel", "9279-1": "resprate", "8867-4": "heartrate", "2708-6": "oxygensat", "8310-5": "bodytemp",
		"8302-2": "bodyheight", "9843-4": "headcircum", "29463-7": "bodyweight", "39156-5": "bmi", "85354-9": "bp",
	},
	"http://snomed.info/sct": {
		"86290005": "resprate", "364075005": "heartrate", "431314004": "oxygensat", "386725007": "bodytemp", "276885007": "bodytemp",
		"50373000": "bodyheight", "363812007": "headcircum", "27113001": "bodyweight", "60621009": "bmi", "75367002": "bp",
	},
}

// vitalSigns checks observations of vital signs against R4's profiles whether
// they claim them or not.
func (c *check) vitalSigns(n *model.Node) {
	var found string
	each(n, func(coding *model.Node) {
		system := coding.Str("system")
		name := vitalCodes[system][coding.Str("code")]
		if name != "" && (system == "http://loinc.org" || isVitalSign(n)) {
			found = name
		}
	}, "code", "coding")
	p := c.table.Profile(coreURL + found)
	if found == "" || p == nil {
		return
	}
	for _, claimed := range items(n.Get("meta").Get("profile")) {
		if claimed.Text == p.URL || strings.HasPrefix(claimed.Text, usCore) && c.table.Profile(claimed.Text) != nil {
			return // US Core's own profiles of vital signs stand in for R4's
		}
	}
	c.inProfile(p.URL, func() { c.against(n, p.Root) })
}

func isVitalSign(n *model.Node) bool {
	found := false
	each(n, func(coding *model.Node) {
		found = found || coding.Str("code") == "vital-signs"
	}, "category", "coding")
	return found
}
