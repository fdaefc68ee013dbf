package store

import (
	"fmt"
	"strings"
	"testing"
)

// TestWords searches by words before and after the index has read them, which must
// make no difference.
func TestWords(t *testing.T) {
	overEmpty(t, func(t *testing.T, s *Store) {
		read := func() {
			if err := s.submit(t.Context(), (*writing).readWords); err != nil {
				t.Fatal(err)
			}
		}
		check := func(when string, want ...[2]string) {
			t.Helper()
			for _, c := range want {
				if got := find(t, s, "Patient", c[0]); got != c[1] {
					t.Errorf("%s, %s found %q, want %q", when, c[0], got, c[1])
				}
			}
		}
		narrative := func(text string) string {
			return `,"text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">` + text + `</div>"}`
		}
		put(t, s, "Patient", "a", narrative("Allergic to <b>Penicillin</b>; na&#239;ve.")+`,"name":[{"family":"Müller-Łukasz"}]`)
		put(t, s, "Patient", "b", narrative("penicillinase")+`,"name":[{"family":"Пенициллин"}]`)
		put(t, s, "Patient", "c", `,"name":[{"family":"Penicillin"}]`)
		first := [][2]string{
			{"_text=penicillin", "a b"}, {"_text=PENICILLIN allergic", "a"}, {"_text=penicillinase", "b"}, {"_text=muller", ""}, {"_text=naive", "a"},
			{"_content=penicillin", "a b c"}, {"_content=muller", "a"}, {"_content=пениц", "b"}, {"_content=penicillin&family=pen", "c"},
			{`_content=x" OR "cpenicillin`, ""}, {"_content=penicillin' | 'c", ""}, {"_content=NEAR(a b)", ""}, {"_text=(penicillin OR aspirin) and allergic", "a"}, {"_text=penicillin NOT allergic", "b"}, {"_content=penicillin NOT (allergic OR muller)", "b c"}, {"_text=allergic OR penicillinase", "a b"}, {"_text=to, allergic!", "a"},
			{"_content=penicillin AND NOT пениц", "a c"}, {"_filter=_content eq penicillin and family sw Pen", "c"},
		}
		check("unread", first...)
		read()
		check("read", first...)
		put(t, s, "Patient", "c", narrative("aspirin"))
		if _, err := s.Do(t.Context(), []Op{{Method: "DELETE", Type: "Patient", ID: "b"}}); err != nil {
			t.Fatal(err)
		}
		second := [][2]string{{"_content=penicillin", "a"}, {"_text=aspirin", "c"}, {"_text=penicillin", "a"}, {"_content=aspirin penicillin", ""}}
		check("changed and unread", second...)
		read()
		check("changed and read", second...)
		put(t, s, "Patient", "b", narrative("penicillin again"))
		check("back and unread", [2]string{"_text=again penicillin", "b"})
		read()
		read() // nothing is left to do
		check("back and read", [2]string{"_text=again penicillin", "b"})
	})
}

// TestWordsOfMany has more than a search reads by itself.
func TestWordsOfMany(t *testing.T) {
	overEmpty(t, func(t *testing.T, s *Store) {
		var ops []Op
		for i := range 3 * readAtOnce {
			id := fmt.Sprintf("n%d", i)
			ops = append(ops, Op{Method: "PUT", Type: "Patient", ID: id, Body: []byte(`{"resourceType":"Patient","id":"` + id + `","name":[{"family":"Common","given":["Only` + id + `"]}]}`)})
		}
		if _, err := s.Do(t.Context(), ops); err != nil {
			t.Fatal(err)
		}
		page, err := s.Search(t.Context(), Query{Type: "Patient", Params: []Param{{"_content", "common"}}, Total: true})
		if err != nil || page.Total != len(ops) {
			t.Errorf("found %d of %d, %v", page.Total, len(ops), err)
		}
		last := ops[len(ops)-1].ID
		if got := find(t, s, "Patient", "_content=only"+last); got != last {
			t.Errorf("found %q", got)
		}
	})
}

func TestWordsOfHugeTexts(t *testing.T) {
	overEmpty(t, func(t *testing.T, s *Store) {
		var many strings.Builder
		for i := range 60000 {
			fmt.Fprintf(&many, "word%d ", i)
		}
		put(t, s, "Patient", "a", `,"name":[{"text":"`+strings.Repeat("x", 1<<20)+`"}]`)
		put(t, s, "Patient", "b", `,"name":[{"text":"`+many.String()+`"}]`)
		put(t, s, "Patient", "c", `,"name":[{"family":"`+strings.Repeat("ж", 500)+`"}]`)
		if err := s.submit(t.Context(), (*writing).readWords); err != nil {
			t.Fatal(err)
		}
		for query, want := range map[string]string{"_content=" + strings.Repeat("x", 100): "a", "_content=word1": "b", "_content=" + strings.Repeat("ж", 80): "c"} {
			if got := find(t, s, "Patient", query); got != want {
				t.Errorf("%.20s found %q", query, got)
			}
		}
	})
}
