package validate

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/fhir/fhirtest"
)

// officialCase is one case of the official validator's suite.
type officialCase struct {
	Name     string          `json:"N"`
	Resource json.RawMessage `json:"R"`
	OK       bool            `json:"OK"`
	Why      string          `json:"why"`
}

func officialCases(t testing.TB) []officialCase {
	f, err := os.Open(fhirtest.Shared(t, "fhir/validator-cases.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []officialCase
	for s := bufio.NewReader(f); ; {
		line, err := s.ReadBytes('\n')
		if len(line) > 1 {
			var c officialCase
			if err := json.Unmarshal(line, &c); err != nil {
				t.Fatal(err)
			}
			out = append(out, c)
		}
		if err != nil {
			return out
		}
	}
}

func errorsOf(issues []Issue) []Issue {
	return slices.DeleteFunc(slices.Clone(issues), func(i Issue) bool { return i.Severity != Error })
}

// unseen are the faults that we do not find, with the reason.
var unseen = map[string]string{
	"parameters-reference-bad":             "needs a server to resolve Patient/2 on",
	"mni-patientOverview-bundle-example1":  "display names of LOINC",
	"bundle-duplicate-ids-not":             "display names of LOINC",
	"bundle-id-3":                          "display names of CVX",
	"bundle-id-5":                          "display names of CVX",
	"nested-questionnaire-nested-valueset": "the reference validator refuses the extension as unknown; we know no SDC",
	"ips-nz-pj":                            "display names of LOINC",
}

func TestOfficialCases(t *testing.T) {
	v := New(fhirtest.Table(t), Options{})
	faults, found := 0, 0
	for _, c := range officialCases(t) {
		issues := errorsOf(v.Validate(context.Background(), c.Resource))
		if c.OK {
			for _, i := range issues {
				t.Errorf("%s: false alarm: %v", c.Name, i)
			}
			continue
		}
		faults++
		switch {
		case len(issues) > 0:
			found++
			t.Logf("%s: (%.90s) %v", c.Name, c.Why, issues[0])
		case unseen[c.Name] == "":
			t.Errorf("%s: fault not found: %s", c.Name, c.Why)
		}
	}
	t.Logf("found %d of %d faults", found, faults)
}

// badExamples are the examples in HL7's packages that are not valid, with the
// reason.
var badExamples = map[string]string{
	"Bundle-resources.json":                                                                    "urn:ietf:rfc:3986 with a value that is no URI",
	"CapabilityStatement-knowledge-repository.json":                                            "search parameters of another type than their definition",
	"CapabilityStatement-measure-processor.json":                                               "search parameters of another type than their definition",
	"CapabilityStatement-terminology-server.json":                                              "search parameters of another type than their definition",
	"Observation-f202.json":                                                                    "a body temperature without effective",
	"Organization-2.16.840.1.113883.19.5.json":                                                 "urn:ietf:rfc:3986 with a value that is no URI",
	"SearchParameter-example-extension.json":                                                   "an expression on another type than base",
	"StructureDefinition-Consent.json":                                                         "urn:ietf:rfc:3986 with a value that is no URI",
	"ActivityDefinition-blood-tubes-supply.json":                                               "an empty narrative",
	"ActivityDefinition-heart-valve-replacement.json":                                          "an empty narrative",
	"Bundle-10bb101f-a121-4264-a920-67be9cb82c74.json":                                         "an entry's fullUrl and id differ",
	"Bundle-3a0707d3-549e-4467-b8b8-5a2ab3800efe.json":                                         "an entry's fullUrl and id differ",
	"Bundle-66c8856b-ba11-4876-8aa8-467aad8c11a2.json":                                         "an entry's fullUrl and id differ",
	"Bundle-dataelements.json":                                                                 "two entries with one fullUrl",
	"Bundle-docref-example-2.json":                                                             "an entry's fullUrl and id differ",
	"Bundle-lri-example.json":                                                                  "an entry's fullUrl and id differ",
	"DeviceMetric-example.json":                                                                "a reference to a type that the element does not allow",
	"DeviceUseStatement-example.json":                                                          "a reference to a type that the element does not allow",
	"EventDefinition-example.json":                                                             "an empty narrative",
	"ImplementationGuide-fhir.json":                                                            "the package's own index, no full resource",
	"Library-zika-virus-intervention-logic.json":                                               "a malformed urn:oid",
	"MedicationRequest-medrx0301.json":                                                         "a reference to a type that the element does not allow",
	"Observation-clinical-gender.json":                                                         "a reference to a type that the element does not allow",
	"Observation-example-genetics-brcapat.json":                                                "an ethnicity extension that is not as US Core has it, on an Observation",
	"Questionnaire-qs1.json":                                                                   "items without linkId",
	"Questionnaire-zika-virus-exposure-assessment.json":                                        "an empty narrative",
	"SearchParameter-codesystem-extensions-CodeSystem-author.json":                             "no base",
	"SearchParameter-codesystem-extensions-CodeSystem-effective.json":                          "no base",
	"SearchParameter-codesystem-extensions-CodeSystem-end.json":                                "no base",
	"SearchParameter-codesystem-extensions-CodeSystem-keyword.json":                            "no base",
	"SearchParameter-codesystem-extensions-CodeSystem-workflow.json":                           "no base",
	"SearchParameter-questionnaireresponse-extensions-QuestionnaireResponse-item-subject.json": "an id of more than 64 characters",
	"SearchParameter-valueset-extensions-ValueSet-author.json":                                 "no base",
	"SearchParameter-valueset-extensions-ValueSet-effective.json":                              "no base",
	"SearchParameter-valueset-extensions-ValueSet-end.json":                                    "no base",
	"SearchParameter-valueset-extensions-ValueSet-keyword.json":                                "no base",
	"SearchParameter-valueset-extensions-ValueSet-workflow.json":                               "no base",
	"StructureDefinition-Definition.json":                                                      "sdf-4: a pattern that is not abstract and has no baseDefinition",
	"StructureDefinition-Event.json":                                                           "sdf-4: a pattern that is not abstract and has no baseDefinition",
	"StructureDefinition-FiveWs.json":                                                          "sdf-4: a pattern that is not abstract and has no baseDefinition",
	"StructureDefinition-Request.json":                                                         "sdf-4: a pattern that is not abstract and has no baseDefinition",
	"ig-r4.json":                                                                               "the package's own index, no full resource",
}

func TestR4Examples(t *testing.T) {
	v := New(fhirtest.Table(t), Options{})
	count := 0
	for name, data := range fhirtest.R4Examples(t) {
		if strings.Contains(string(data), `"resourceType"`) {
			count++
			checkExample(t, v, name, data)
		}
	}
	t.Logf("%d resources, %d of them known to be invalid", count, len(badExamples))
}

func checkExample(t *testing.T, v *Validator, name string, data []byte) {
	issues := errorsOf(v.Validate(context.Background(), data))
	if badExamples[name] != "" {
		if len(issues) == 0 {
			t.Errorf("%s: listed as bad but valid", name)
		}
		return
	}
	for _, i := range issues {
		t.Errorf("%s: %v (%s)", name, i, i.Profile)
	}
}

func TestUSCoreExamples(t *testing.T) {
	v := New(fhirtest.Table(t), Options{})
	for name, data := range fhirtest.USCoreExamples(t) {
		checkExample(t, v, name, data)
	}
}
