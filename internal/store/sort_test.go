package store

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// pages follows a search from page to page.
func pages(t *testing.T, s *Store, q Query, query string, between func(page int)) []string {
	t.Helper()
	var err error
	if q.Params, err = ParseQuery(query); err != nil {
		t.Fatal(err)
	}
	q.Strict = true
	var ids []string
	for n := 1; n < 100; n++ {
		page, err := s.Search(t.Context(), q)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		for _, r := range page.Resources {
			ids = append(ids, r.ID)
		}
		if q.After = page.Next; q.After == "" {
			return ids
		}
		if between != nil {
			between(n)
		}
	}
	t.Fatalf("%s has no last page: %v", query, ids)
	return nil
}

// TestSortedPages: what is changed or deleted between two pages shifts nothing.
func TestSortedPages(t *testing.T) {
	overEmpty(t, func(t *testing.T, s *Store) {
		fill := func() {
			for i := range 9 {
				put(t, s, "Patient", fmt.Sprintf("p%d", i), fmt.Sprintf(`,"name":[{"family":"F%d"}],"birthDate":"195%d"`, i, i))
			}
			put(t, s, "Patient", "none", "")
			put(t, s, "Patient", "nil", "")
		}
		round := 0
		for query, want := range map[string]string{
			"_sort=family":                   "p0 p1 p2 p3 p4 p5 p6 p7 p8 none nil",
			"_sort=-family":                  "p8 p7 p6 p5 p4 p3 p2 p1 p0 nil none",
			"_sort=birthdate":                "p0 p1 p2 p3 p4 p5 p6 p7 p8 none nil",
			"_sort=-birthdate":               "p8 p7 p6 p5 p4 p3 p2 p1 p0 nil none",
			"_sort=_id":                      "nil none p0 p1 p2 p3 p4 p5 p6 p7 p8",
			"_sort=gender,-family":           "p8 p7 p6 p5 p4 p3 p2 p1 p0 nil none",
			"_sort=gender&_sort=-family,_id": "p8 p7 p6 p5 p4 p3 p2 p1 p0 nil none",
		} {
			fill()
			round++
			fresh := fmt.Sprintf("new%d", round)
			for _, count := range []int{1, 2, 4, 100} {
				if got := strings.Join(pages(t, s, Query{Type: "Patient", Count: count}, query, nil), " "); got != want {
					t.Errorf("%s by %d gives %s, want %s", query, count, got, want)
				}
			}
			// The first of what has been seen goes away, and the last seen changes.
			got := pages(t, s, Query{Type: "Patient", Count: 3}, query, func(page int) {
				if page != 1 {
					return
				}
				seen := strings.Fields(want)[:3]
				if _, err := s.Do(t.Context(), []Op{{Method: "DELETE", Type: "Patient", ID: seen[0]}}); err != nil {
					t.Fatal(err)
				}
				put(t, s, "Patient", seen[2], `,"name":[{"family":"`+map[bool]string{true: "A", false: "Z"}[strings.Contains(query, "-")]+`"}],"birthDate":"1900"`)
				put(t, s, "Patient", fresh, `,"name":[{"family":"F5"}],"birthDate":"1955"`)
			})
			for _, id := range strings.Fields(want) {
				if !slices.Contains(got, id) {
					t.Errorf("%s misses %s, which nobody touched or which was seen: %v", query, id, got)
				}
			}
			if slices.Contains(got, fresh) {
				t.Errorf("%s gives what came after its first page: %v", query, got)
			}
			if _, err := s.Do(t.Context(), []Op{{Method: "DELETE", Type: "Patient", ID: fresh}}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestSortedByTime is what sorts itself anew with every change.
func TestSortedByTime(t *testing.T) {
	overEmpty(t, func(t *testing.T, s *Store) {
		for i := range 8 {
			put(t, s, "Patient", fmt.Sprintf("p%d", i), "")
		}
		for _, query := range []string{"_sort=_lastUpdated", "_sort=-_lastUpdated"} {
			got := pages(t, s, Query{Type: "Patient", Count: 3}, query, func(page int) {
				put(t, s, "Patient", "p0", fmt.Sprintf(`,"active":true,"birthDate":"195%d"`, page))
				put(t, s, "Patient", "p7", fmt.Sprintf(`,"active":true,"birthDate":"195%d"`, page))
			})
			for i := 1; i < 7; i++ {
				id := fmt.Sprintf("p%d", i)
				if n := len(got) - len(slices.DeleteFunc(slices.Clone(got), func(s string) bool { return s == id })); n != 1 {
					t.Errorf("%s gives %s %d times: %v", query, id, n, got)
				}
			}
		}
	})
}

func TestSortOfSeveralTypes(t *testing.T) {
	overEmpty(t, func(t *testing.T, s *Store) {
		put(t, s, "Practitioner", "c", `,"name":[{"family":"Cole"}]`)
		put(t, s, "Patient", "b", `,"name":[{"family":"Bell"}],"birthDate":"1950"`)
		put(t, s, "Practitioner", "a", `,"name":[{"family":"Ames"}]`)
		put(t, s, "Patient", "d", `,"name":[{"family":"Dorn"}],"birthDate":"1960"`)
		for query, want := range map[string]string{"_sort=name": "a b c d", "_sort=-name": "d c b a", "_sort=birthdate,name": "b d a c"} {
			got := strings.Join(pages(t, s, Query{Types: []string{"Patient", "Practitioner"}, Count: 2}, query, nil), " ")
			if got != want {
				t.Errorf("%s gives %s, want %s", query, got, want)
			}
		}
	})
}
