package convert

import (
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/result"
)

func TestDated(t *testing.T) {
	for in, want := range map[string]string{
		"2024-03-12": "2024-03-12", "03/12/2024": "2024-03-12", "March 12, 2024": "2024-03-12", "12 Mar 2024": "2024-03-12",
		"3/12/24": "3/12/24", "02/31/2024": "02/31/2024", "1O/28/1953": "1O/28/1953", "yesterday": "yesterday", "2009": "2009",
	} {
		if got := dated(result.Field{Value: in}); got.Value != want || got.Value != in && got.Text != in {
			t.Errorf("%q: %q (%q), want %q", in, got.Value, got.Text, want)
		}
	}
}

func TestCleanText(t *testing.T) {
	for in, want := range map[string]string{
		" a\tb ": "a b", "two\nlines": "two\nlines", "nul\x00": "nul", "bad\xff": "bad", "\u202eturned": "turned", "e\u0301": "e\u0301", "\u2028": "",
	} {
		if got := cleanText(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if long := cleanText(strings.Repeat("é", maxText)); len(long) > maxText || !strings.HasSuffix(long, "é…") {
		t.Errorf("%d bytes", len(long))
	}
}

// TestDateThatIsNone: a date that cannot be read leaves no date, and a person to
// look.
func TestDateThatIsNone(t *testing.T) {
	d := potassium(result.Field{Value: "5.3", Confidence: 1})
	d.Tables["lab_results"][0]["collection_date"] = result.Field{Value: "31/31/2024", Confidence: 1}
	if s := statusOf(t, converter(), d); s != "preliminary" {
		t.Error(s)
	}
	out, err := converter().Convert([]result.Document{d})
	if err != nil || out.Review != 2 { // the date, and whose it is
		t.Errorf("%d wait for review, %v", out.Review, err)
	}
}
