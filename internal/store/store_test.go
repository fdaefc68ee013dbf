package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/store/pgtest"
)

// pg is PostgreSQL for all tests of this package.
var pg pgtest.Cluster

// over runs a test over both databases.
func over(t *testing.T, test func(t *testing.T, place func(testing.TB) string)) {
	t.Run("sqlite", func(t *testing.T) {
		test(t, func(t testing.TB) string { return filepath.Join(t.TempDir(), "fhir.db") })
	})
	t.Run("postgres", func(t *testing.T) { test(t, func(t testing.TB) string { return pg.URL(t) }) })
}

// overEmpty runs a test over an empty store in both databases.
func overEmpty(t *testing.T, test func(t *testing.T, s *Store)) {
	over(t, func(t *testing.T, place func(testing.TB) string) { test(t, open(t, place(t))) })
}

func open(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), Config{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func put(t *testing.T, s *Store, typ, id, rest string) Outcome {
	t.Helper()
	out, err := s.Do(t.Context(), []Op{{Method: "PUT", Type: typ, ID: id, Body: []byte(`{"resourceType":"` + typ + `","id":"` + id + `"` + rest + `}`)}})
	if err != nil {
		t.Fatal(err)
	}
	return out[0]
}

func find(t *testing.T, s *Store, typ, query string) string {
	t.Helper()
	params, err := ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	page, err := s.Search(t.Context(), Query{Type: typ, Params: params, Count: 100, Strict: true})
	if err != nil {
		t.Fatalf("%s?%s: %v", typ, query, err)
	}
	var ids []string
	for _, r := range page.Resources {
		ids = append(ids, r.ID)
	}
	return strings.Join(ids, " ")
}

func TestSearch(t *testing.T) {
	overEmpty(t, func(t *testing.T, s *Store) {
		put(t, s, "Patient", "w", `,"identifier":[{"system":"urn:mrn","value":"A1"}],"name":[{"family":"Wilkíns","given":["Samantha","Jo"]}],"gender":"female","birthDate":"1953-10-28"`)
		put(t, s, "Patient", "r", `,"name":[{"text":"Ray Ortiz"}],"gender":"male","birthDate":"1960"`)
		put(t, s, "Condition", "c", `,"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"E03.9"}]},"subject":{"reference":"Patient/w"}`)
		put(t, s, "Observation", "o", `,"status":"final","category":[{"coding":[{"system":"x","code":"laboratory"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"3016-3"}]},"subject":{"reference":"Patient/w"},"effectiveDateTime":"2024-03-05","valueQuantity":{"value":2.30,"unit":"mIU/L","system":"http://unitsofmeasure.org","code":"m[IU]/L"}`)
		for _, c := range [][3]string{
			{"Patient", "", "w r"},
			{"Patient", "name=wilkins", "w"},
			{"Patient", "name=SAM", "w"},
			{"Patient", "name=kins", ""},
			{"Patient", "name:contains=kins", "w"},
			{"Patient", "name:exact=wilkins", ""},
			{"Patient", "name=ray", "r"},
			{"Patient", "family=wil", "w"},
			{"Patient", "identifier=A1", "w"},
			{"Patient", "identifier=urn:mrn|A1", "w"},
			{"Patient", "identifier=urn:other|A1", ""},
			{"Patient", "identifier=urn:mrn|", "w"},
			{"Patient", "gender=male,female", "w r"},
			{"Patient", "gender:not=male", "w"},
			{"Patient", "birthdate=1953-10-28", "w"},
			{"Patient", "birthdate=1953", "w"},
			{"Patient", "birthdate=gt1955", "r"},
			{"Patient", "birthdate=lt1955-01-01", "w"},
			{"Patient", "birthdate:missing=true", ""},
			{"Patient", "_id=r", "r"},
			{"Patient", "_sort=-birthdate", "r w"},
			{"Patient", "_sort=family", "w r"},
			{"Condition", "patient=w", "c"},
			{"Condition", "patient=Patient/w", "c"},
			{"Condition", "subject:Patient=w", "c"},
			{"Condition", "patient=r", ""},
			{"Condition", "patient.name=wilkins", "c"},
			{"Condition", "subject:Patient.birthdate=1953&code=E03.9", "c"},
			{"Condition", "patient.gender=male", ""},
			{"Observation", "category=laboratory&patient=w", "o"},
			{"Observation", "code=http://loinc.org|3016-3", "o"},
			{"Observation", "date=2024-03", "o"},
			{"Observation", "date=ge2024-03-05&date=le2024-03-05", "o"},
			{"Observation", "date=2024-03-06", ""},
			{"Observation", "value-quantity=2.3", "o"},
			{"Observation", "value-quantity=gt2||mIU/L", "o"},
			{"Observation", "value-quantity=2.3|http://unitsofmeasure.org|m[IU]/L", "o"},
			{"Observation", "value-quantity=lt2", ""},
		} {
			if got := find(t, s, c[0], c[1]); got != c[2] {
				t.Errorf("%s?%s found %q, want %q", c[0], c[1], got, c[2])
			}
		}
	})
}

func TestVersions(t *testing.T) {
	overEmpty(t, func(t *testing.T, s *Store) {
		if out := put(t, s, "Patient", "p", `,"active":true,"gender":"male"`); !out.Created || out.Version != 1 {
			t.Errorf("creation: %+v", out)
		}
		if out := put(t, s, "Patient", "p", `,"gender":"male", "active":true`); !out.Unchanged || out.Version != 1 {
			t.Errorf("the same again: %+v", out)
		}
		if out := put(t, s, "Patient", "p", `,"gender":"female"`); out.Created || out.Version != 2 {
			t.Errorf("change: %+v", out)
		}
		if got := find(t, s, "Patient", "gender=male"); got != "" {
			t.Errorf("the old version is still found: %q", got)
		}
		_, err := s.Do(t.Context(), []Op{{Method: "PUT", Type: "Patient", ID: "p", IfMatch: 1, Body: []byte(`{"resourceType":"Patient","id":"p"}`)}})
		wantCode(t, err, PreconditionFailed)
		if _, err := s.Do(t.Context(), []Op{{Method: "DELETE", Type: "Patient", ID: "p"}}); err != nil {
			t.Fatal(err)
		}
		_, err = s.Read(t.Context(), "Patient", "p")
		wantCode(t, err, Gone)
		_, err = s.Read(t.Context(), "Patient", "q")
		wantCode(t, err, NotFound)
		v1, err := s.VRead(t.Context(), "Patient", "p", 1)
		if err != nil || !strings.Contains(string(v1.Body), `"active":true`) {
			t.Errorf("version 1 is %s (%v)", v1.Body, err)
		}
		if all, err := s.History(t.Context(), "Patient", "p"); err != nil || len(all) != 3 || !all[0].Deleted {
			t.Errorf("history: %+v, %v", all, err)
		}
		if out := put(t, s, "Patient", "p", `,"gender":"other"`); !out.Created || out.Version != 4 {
			t.Errorf("revival: %+v", out)
		}
	})
}

func wantCode(t *testing.T, err error, code Code) {
	t.Helper()
	var refusal *Error
	if !errors.As(err, &refusal) || refusal.Code != code {
		t.Errorf("error is %v, want code %d", err, code)
	}
}

func TestTransactionIsAllOrNothing(t *testing.T) {
	overEmpty(t, func(t *testing.T, s *Store) {
		bundle := func(second string) []byte {
			return []byte(`{"resourceType":"Bundle","type":"transaction","entry":[
			{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Patient"}},
			{"resource":` + second + `,"request":{"method":"PUT","url":"Condition/c"}}]}`)
		}
		err := s.Import(t.Context(), bundle(`{"resourceType":"Patient","id":"c"}`))
		wantCode(t, err, Invalid)
		if got := find(t, s, "Patient", ""); got != "" {
			t.Errorf("half of it is there: %q", got)
		}
		if err := s.Import(t.Context(), bundle(`{"resourceType":"Condition","id":"c","subject":{"reference":"urn:uuid:1"}}`)); err != nil {
			t.Fatal(err)
		}
		id := find(t, s, "Patient", "")
		if got := find(t, s, "Condition", "subject=Patient/"+id); got != "c" {
			t.Errorf("the reference leads nowhere: %q", got)
		}
	})
}

func TestConditionalCreate(t *testing.T) {
	overEmpty(t, func(t *testing.T, s *Store) {
		op := Op{Method: "POST", Type: "Patient", IfNoneExist: "identifier=u|1",
			Body: []byte(`{"resourceType":"Patient","identifier":[{"system":"u","value":"1"}]}`)}
		errs := make(chan error, 20)
		for range 20 {
			go func() {
				_, err := s.Do(context.Background(), []Op{op})
				errs <- err
			}()
		}
		for range 20 {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
		if got := find(t, s, "Patient", "identifier=u|1"); strings.Contains(got, " ") || got == "" {
			t.Errorf("found %q, want one", got)
		}
	})
}

func TestPagesMeetEveryResourceOnce(t *testing.T) {
	overEmpty(t, func(t *testing.T, s *Store) {
		want := 0
		for i := range 25 {
			put(t, s, "Patient", "p"+strings.Repeat("x", i), `,"active":true`)
			want++
		}
		for _, sort := range []string{"", "_sort=_id"} {
			params, _ := ParseQuery(sort)
			seen := map[string]bool{}
			after := ""
			for {
				page, err := s.Search(t.Context(), Query{Type: "Patient", Params: params, Count: 4, After: after, Total: true})
				if err != nil || page.Total != want {
					t.Fatalf("total %d, %v", page.Total, err)
				}
				for _, r := range page.Resources {
					if seen[r.ID] {
						t.Errorf("%s came twice", r.ID)
					}
					seen[r.ID] = true
				}
				if sort != "" { // what comes meanwhile shifts nothing
					put(t, s, "Patient", fmt.Sprintf("a%d", len(seen)), `,"active":true`)
					want++
				}
				if after = page.Next; after == "" {
					break
				}
			}
			if len(seen) != 25 {
				t.Errorf("%s: %d of %d came", sort, len(seen), 25)
			}
		}
	})
}
