package main

import (
	"slices"
	"strings"
	"testing"
)

func TestCompletion(t *testing.T) {
	c, err := newCompleter()
	if err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{ // what may follow, with others where it ends in …
		"Pati":                                     "Patient?",
		"Observation":                              "Observation? ObservationDefinition?",
		"Patient?birthd":                           "birthdate=",
		"Patient?name=x&gen":                       "gender-identity= gender= general-practitioner=",
		"Patient?gender:":                          "gender:above= gender:below= gender:in= gender:missing= gender:not-in= gender:not= gender:of-type= gender:text=",
		"Patient?name:c":                           "name:contains=",
		"Condition?patient:":                       "patient:Patient. patient:above= patient:below= patient:identifier= patient:missing=",
		"Condition?patient.birthd":                 "birthdate=",
		"Condition?subject:Patient.birthd":         "birthdate=",
		"Condition?patient.organization.nam":       "name=",
		"Patient?_has:Obs":                         "_has:Observation:",
		"Patient?_has:Observation:pat":             "_has:Observation:patient:",
		"Patient?_has:Observation:patient:value-q": "value-quantity=",
		"Patient?birthdate:missing=t":              "true",
		"Patient?_sort=-birthd":                    "-birthdate",
		"Patient?_sort=family,birthd":              "birthdate",
		"Condition?_include=Condition:pat":         "Condition:patient",
		"Patient?_revinclude=Observation:s":        "Observation:subject",
		"Patient?_total=a":                         "accurate",
		"Nope?x":                                   "",
		"Patient?nothing.x":                        "",
		"Patient?name=wil":                         "",
	} {
		begin, found := c.candidates(query)
		if got := strings.Join(found, " "); got != want {
			t.Errorf("%s is completed by %q, want %q", query, got, want)
		}
		for _, f := range found {
			if !strings.HasPrefix(f, query[begin:]) {
				t.Errorf("%s: %q does not begin with %q", query, f, query[begin:])
			}
		}
	}
	var list strings.Builder
	line, pos, _ := c.complete(&list, "Patient?birthd&_count=1", len("Patient?birthd"))
	if line != "Patient?birthdate=&_count=1" || pos != len("Patient?birthdate=") {
		t.Errorf("completed to %q at %d", line, pos)
	}
	if _, _, _ = c.complete(&list, "Observation", len("Observation")); !slices.Contains(strings.Fields(list.String()), "ObservationDefinition?") {
		t.Errorf("listed %q", list.String())
	}
}
