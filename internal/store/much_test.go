package store

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestMuch: searches as large as they may be are answered, and larger ones refused:
// none is more than the database can take.
func TestMuch(t *testing.T) {
	overEmpty(t, func(t *testing.T, s *Store) {
		library(t, s)
		list := func(n int, each string) string {
			all := make([]string, n)
			for i := range all {
				all[i] = strings.ReplaceAll(strings.ReplaceAll(each, "#", fmt.Sprint(i)), "@", fmt.Sprint(1000+i))
			}
			return strings.Join(all, ",")
		}
		terms := func(n int) string { return strings.Repeat("status eq final or ", n-1) + "status eq final" }
		codes, dates := "1,"+list(maxEither-1, "c#"), "ge2024,"+list(maxEither-1, "eq@")
		for _, c := range []struct {
			query string
			want  string
		}{
			{"code=" + codes, "a"}, {"date=" + list(maxEither-1, "eq@") + ",ge2023", "a b"}, {"code=" + codes + "&date=" + dates + "&status=final," + list(maxEither-1, "s#"), "a"},
			{"_id=a," + list(maxValues-1, "i#"), "a"}, {"subject=Patient/w," + list(maxEither-1, "Patient/p#"), "a"}, {"subject.name=wood," + list(maxEither-1, "x#"), "a"}, {"patient.organization.name=hospital," + list(maxEither-1, "x#"), "a"},
			{"code:not=2," + list(maxEither-1, "c#") + "&date=" + dates, "a"}, {"value-quantity=" + list(maxEither, "1#|http://unitsofmeasure.org|mg"), ""}, {"code-value-quantity=" + list(maxEither, "c#$1"), ""},
			{"_filter=" + terms(maxTerms), "a"}, {"status=final&status=final&status=final", "a"},
		} {
			if got := found_(t, s, "Observation", c.query); got != c.want {
				t.Errorf("%.60s… found %.200q, want %q", c.query, got, c.want)
			}
		}
		if got := found_(t, s, "List", "item.code=1,"+list(maxEither-1, "c#")); got != "l" && !strings.Contains(got, "too many parts") {
			t.Errorf("a chain to every type found %.200q", got)
		}
		for _, query := range []string{"code=" + list(maxEither+1, "c#"), "_id=" + list(maxValues+1, "i#"), "_filter=" + terms(maxTerms+1), "date=" + list(1000, "ge@"), "_filter=" + strings.Repeat("not (", 50) + "status eq final" + strings.Repeat(")", 50)} {
			params, _ := ParseQuery(query)
			if _, err := s.Search(t.Context(), Query{Type: "Observation", Params: params, Count: 10, Strict: true}); codeOf(err) != TooCostly {
				t.Errorf("%.60s… is answered %v", query, err)
			}
		}
		// Every type at once, those without resources too.
		page, err := s.Search(t.Context(), Query{Params: []Param{{"_id", "w,a,l"}}, Count: 10, Total: true, Strict: true})
		if err != nil || page.Total != 3 || len(page.Resources) != 3 {
			t.Errorf("of all types: %d of %d, %v", len(page.Resources), page.Total, err)
		}
		if page, err := s.Search(t.Context(), Query{Types: []string{"Account", "Goal"}, Params: []Param{{"_sort", "_id"}}, Count: 10, Total: true}); err != nil || page.Total != 0 || len(page.Resources) != 0 {
			t.Errorf("of types that nobody has: %+v, %v", page, err)
		}
	})
}

// TestBrokenReaders: a fault while reading leaves no broken connection to others.
func TestBrokenReaders(t *testing.T) {
	overEmpty(t, func(t *testing.T, s *Store) {
		put(t, s, "Patient", "a", "")
		for range 10 {
			err := guarded(func() error {
				return s.reading(t.Context(), func(c conn) error {
					c.Close()
					panic("broken")
				})
			})
			if err == nil {
				t.Fatal("no fault")
			}
		}
		for range 10 {
			if got := find(t, s, "Patient", ""); got != "a" {
				t.Errorf("found %q", got)
			}
		}
	})
}

// TestLongSearches are refused, and leave the store as it was.
func TestLongSearches(t *testing.T) {
	over(t, func(t *testing.T, place func(testing.TB) string) {
		path := place(t)
		s, err := Open(t.Context(), Config{Path: path, SearchTime: time.Nanosecond})
		if err != nil {
			t.Fatal(err)
		}
		put(t, s, "Patient", "a", `,"active":true`)
		for range 10 {
			if _, err := s.Search(t.Context(), Query{Type: "Patient", Params: []Param{{"active", "true"}}, Count: 10}); codeOf(err) != TooCostly {
				t.Fatalf("a search without time: %v", err)
			}
		}
		if _, err := s.Read(t.Context(), "Patient", "a"); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}
