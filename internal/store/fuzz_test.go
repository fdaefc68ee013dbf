package store

import (
	"testing"
)

// fuzzSearch holds that whatever comes in a parameter is answered or refused, and
// that nothing of it reaches the database as SQL or as words of its search.
func fuzzSearch(f *testing.F, name string, seeds ...string) {
	s := open(f, f.TempDir()+"/fhir.db")
	for _, body := range []string{`{"resourceType":"Patient","id":"a","gender":"male","name":[{"family":"Smith"}],"text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">a word</div>"}}`, `{"resourceType":"Patient","id":"b"}`} {
		if err := s.Import(f.Context(), []byte(`{"resourceType":"Bundle","type":"batch","entry":[{"resource":`+body+`,"request":{"method":"POST","url":"Patient"}}]}`)); err != nil {
			f.Fatal(err)
		}
	}
	if err := s.submit(f.Context(), (*writing).readWords); err != nil {
		f.Fatal(err)
	}
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if len(value) > 2000 {
			return
		}
		_, err := s.Search(t.Context(), Query{Type: "Patient", Params: []Param{{name, value}}, Count: 10, Strict: true, Total: true})
		if err != nil && codeOf(err) == 0 {
			t.Errorf("%q: %v", value, err)
		}
	})
}

func FuzzText(f *testing.F) {
	fuzzSearch(f, "_content", "(bone OR liver) and metastases", `x" OR "y`, "a NOT (b OR c)", "NEAR(a b)", "'a' & !b:*", "({[", "or or", "NOT NOT a", "a:b^2", "é \u0301 ж")
}

func FuzzFilter(f *testing.F) {
	fuzzSearch(f, "_filter", `gender eq male and not (name co "x" or birthdate po 2024)`, "organization[name eq x].partof re a", `_has:Observation:patient:code ss loinc|1`, "name ew x) or (1 eq 1", `"`, "_id ne a", "family gt \x00", "near eq 1|2|3|km")
}

func FuzzToken(f *testing.F) {
	fuzzSearch(f, "identifier", `a|b,c\,d|e`, `\`, "|", "a|b|c|d", "\x00ne", "text/x")
}
