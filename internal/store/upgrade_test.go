package store

import "testing"

// TestUpgrade opens a database whose index another program derived otherwise.
func TestUpgrade(t *testing.T) {
	over(t, func(t *testing.T, place func(testing.TB) string) {
		path := place(t)
		s, err := Open(t.Context(), Config{Path: path})
		if err != nil {
			t.Fatal(err)
		}
		library(t, s)
		if _, err := s.Do(t.Context(), []Op{{Method: "DELETE", Type: "Patient", ID: "n"}}); err != nil {
			t.Fatal(err)
		}
		err = s.submit(t.Context(), func(w *writing) error {
			for _, sql := range []string{"UPDATE string_index SET folded = 'otherwise'", "DELETE FROM reference_index", "DELETE FROM date_index"} {
				if err := w.c.run(sql, nil, nil); err != nil {
					return err
				}
			}
			if path[0] == 'p' {
				return w.c.run("UPDATE state SET schema_version = ?", []any{tablesVersion}, nil)
			}
			return w.c.run("PRAGMA user_version = 4", nil, nil)
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := find(t, s, "Patient", "family=wood"); got != "" {
			t.Fatalf("the index was not changed: found %q", got)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		for range 2 { // a second start has nothing to do
			s = open(t, path)
			for _, c := range [][3]string{
				{"Patient", "family=wood", "w"}, {"Patient", "family=otherwise", ""}, {"Patient", "", "w r"}, {"Patient", "organization.partof.name=group", "w"}, {"Observation", "date=2024&subject=Patient/w", "a"}, {"Patient", "_list=l", "r"},
			} {
				if got := find(t, s, c[0], c[1]); got != c[2] {
					t.Errorf("%s?%s found %q, want %q", c[0], c[1], got, c[2])
				}
			}
			put(t, s, "Patient", "r", `,"name":[{"family":"Other"}]`)
			if got := find(t, s, "Patient", "family=reed"); got != "" {
				t.Errorf("the old name still finds %q", got)
			}
			put(t, s, "Patient", "r", `,"name":[{"family":"Reed"}]`)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
	})
}
