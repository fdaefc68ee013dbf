package api

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// exported is what an export gives, as "Type/id" of each line and the lines.
func exported(t *testing.T, base, query string) (ids string, lines []object) {
	t.Helper()
	_, h := call(t, "GET", base+query, "", 202, "Prefer", "respond-async")
	report := wait(t, h.Get("Content-Location"))
	var all []string
	for _, o := range report["output"].([]any) {
		text := fetched(t, o.(object)["url"].(string), "Accept-Encoding", "identity")
		for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
			var res object
			if err := json.Unmarshal([]byte(line), &res); err != nil {
				t.Fatal(err)
			}
			all, lines = append(all, res["id"].(string)), append(lines, res)
		}
	}
	call(t, "DELETE", h.Get("Content-Location"), "", 202)
	return strings.Join(all, " "), lines
}

func TestExports(t *testing.T) {
	base := start(t)
	for at, rest := range map[string]string{
		"Patient/p": `,"gender":"male"`, "Patient/q": `,"gender":"female"`, "Organization/o": `,"name":"O"`,
		"Condition/cp": `,"subject":{"reference":"Patient/p"},"code":{"text":"x"}`, "Condition/cq": `,"subject":{"reference":"Patient/q"},"code":{"coding":[{"code":"1"}]}`,
		"Condition/cg": `,"subject":{"reference":"Group/g"}`,
		"Group/g":      `,"type":"person","actual":true,"member":[{"entity":{"reference":"Patient/q"}},{"entity":{"reference":"Patient/p"},"inactive":true}]`,
	} {
		typ, id, _ := strings.Cut(at, "/")
		call(t, "PUT", base+"/"+at, `{"resourceType":"`+typ+`","id":"`+id+`"`+rest+`}`, 201, "Prefer", "handling=lenient")
	}
	for query, want := range map[string]string{
		"/Patient/$export?_type=Condition,Patient,Organization":                                            "cp cq p q",
		"/Patient/$export?patient=Patient/p&_type=Condition,Patient":                                       "cp p",
		"/Group/g/$export?_type=Condition,Patient":                                                         "cq q",
		"/$export?_type=Patient&_typeFilter=Patient%3Fgender%3Dmale":                                       "p",
		"/$export?_type=Patient,Condition&_typeFilter=Patient%3Fgender%3Dmale,female,Condition%3Fcode%3D1": "cq p q",
		"/$export?_type=Patient&_typeFilter=Patient%3Fgender%3Dmale&_typeFilter=Patient%3F_id%3Dp,q":       "p q",
		"/$export?_type=Condition&_since=2000-01-01T00:00:00Z":                                             "cg cp cq",
		"/$export?_type=Condition&_since=2100-01-01T00:00:00Z":                                             "",
	} {
		ids, _ := exported(t, base, query)
		if got := sortedWords(ids); got != sortedWords(want) {
			t.Errorf("%s gives %q, want %q", query, got, want)
		}
	}
	_, lines := exported(t, base, "/$export?_type=Patient,Group&_elements=Patient.birthDate")
	for _, res := range lines {
		if res["gender"] != nil || res["resourceType"] == "Group" && res["member"] == nil {
			t.Errorf("_elements gives %v", res)
		}
	}
	async := []string{"Prefer", "respond-async"}
	call(t, "GET", base+"/$export?_typeFilter=nonsense", "", 400, async...)
	call(t, "GET", base+"/$export?nonsense=1", "", 400, async...)
	call(t, "GET", base+"/$export?patient=Patient/p", "", 400, async...)
	call(t, "GET", base+"/Patient/$export?patient=Group/p", "", 400, async...)
	_, h := call(t, "GET", base+"/$export?nonsense=1&_type=Patient", "", 202, "Prefer", "respond-async, handling=lenient")
	wait(t, h.Get("Content-Location"))
	// A filter that cannot be searched by fails the job, and says why.
	_, h = call(t, "GET", base+"/$export?_typeFilter=Patient%3Fnonsense%3D1", "", 202, async...)
	for res := 202; res == 202; {
		res = send(t, "GET", h.Get("Content-Location"), "", "Accept", "application/json")
		if res != 202 && res != 400 {
			t.Errorf("the job ends with %d", res)
		}
	}
}

func sortedWords(s string) string {
	all := strings.Fields(s)
	slices.Sort(all)
	return strings.Join(all, " ")
}
