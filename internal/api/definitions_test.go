package api

import (
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/validate"
)

func TestBuiltInDefinitions(t *testing.T) {
	own := `{"resourceType":"StructureDefinition","id":"own","url":"http://clinic/own","name":"Own","status":"active","kind":"complex-type","abstract":false,"type":"Extension","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Extension","derivation":"constraint","context":[{"type":"element","expression":"Patient"}],"differential":{"element":[{"id":"Extension","path":"Extension"}]}}`
	base, _ := over(t, openStore(t), Config{Definitions: [][]byte{[]byte(own)}, Files: t.TempDir()})
	for query, want := range map[string]string{
		"/StructureDefinition?url=http://clinic/own":                                          "own",
		"/StructureDefinition?url=http://clinic/other":                                        "",
		"/StructureDefinition?type=Extension&status=active":                                   "own",
		"/StructureDefinition?date=gt1900":                                                    "",
		"/SearchParameter?url=http://hl7.org/fhir/SearchParameter/Patient-birthdate&_count=5": "",
		"/SearchParameter?url=http://hl7.org/fhir/SearchParameter/individual-birthdate":       "individual-birthdate",
		"/SearchParameter?base=Coverage&code=payor":                                           "Coverage-payor",
		"/SearchParameter?_id=Coverage-payor,Coverage-status&_elements=code":                  "Coverage-payor Coverage-status",
	} {
		found, _ := call(t, "GET", base+query, "", 200)
		var ids []string
		list, _ := found["entry"].([]any)
		for _, e := range list {
			ids = append(ids, e.(object)["resource"].(object)["id"].(string))
		}
		if strings.Join(ids, " ") != want || found["total"] != float64(len(ids)) {
			t.Errorf("%s finds %v of %v", query, ids, found["total"])
		}
	}
	if one, _ := call(t, "GET", base+"/StructureDefinition/own", "", 200); one["url"] != "http://clinic/own" {
		t.Errorf("read %v", one)
	}
	call(t, "PUT", base+"/StructureDefinition/own", strings.Replace(own, "clinic/own", "clinic/newer", 1), 201)
	if one, _ := call(t, "GET", base+"/StructureDefinition/own", "", 200); one["url"] != "http://clinic/newer" {
		t.Errorf("read %v", one)
	}
	call(t, "GET", base+"/SearchParameter?_page=dx", "", 400)
}

func TestBuiltInPages(t *testing.T) {
	base := start(t)
	call(t, "PUT", base+"/SearchParameter/mine", `{"resourceType":"SearchParameter","id":"mine","url":"http://x","name":"x","status":"draft","description":"x","code":"x","base":["Patient"],"type":"token"}`, 201)
	count, _ := call(t, "GET", base+"/SearchParameter?_summary=count", "", 200)
	seen := map[string]bool{}
	for url := base + "/SearchParameter?_count=400&_total=accurate"; url != ""; {
		page, _ := call(t, "GET", url, "", 200)
		if page["total"] != count["total"] {
			t.Errorf("a page is of %v, all are %v", page["total"], count["total"])
		}
		for _, e := range page["entry"].([]any) {
			seen[e.(object)["fullUrl"].(string)] = true
		}
		url = ""
		for _, l := range page["link"].([]any) {
			if l.(object)["relation"] == "next" {
				url = l.(object)["url"].(string)
			}
		}
	}
	if float64(len(seen)) != count["total"] || len(seen) < 1000 {
		t.Errorf("the pages have %d, all are %v", len(seen), count["total"])
	}
}

func TestBuiltInsAreValid(t *testing.T) {
	table, err := definition.Load()
	if err != nil {
		t.Fatal(err)
	}
	all, err := newBuiltins(table, nil)
	if err != nil {
		t.Fatal(err)
	}
	v := validate.New(table, validate.Options{})
	for _, one := range all["SearchParameter"] {
		if issues := v.Validate(t.Context(), one.Body); validate.Failed(issues) {
			t.Errorf("%s: %v", one.ID, issues[0])
		}
	}
}

func BenchmarkBuiltins(b *testing.B) {
	table, err := definition.Load()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := newBuiltins(table, nil); err != nil {
			b.Fatal(err)
		}
	}
}
