package layout

import (
	"image"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/page"
)

func TestTokens(t *testing.T) {
	for in, want := range map[string]string{
		"DOB:10/28/1953":         "DOB: 10/28/1953",
		"10:30":                  "10:30",
		"http://a.example":       "http://a.example",
		"Phone.......":           "Phone",
		"___03/12/2025___":       "03/12/2025",
		"Name: ____ Date":        "Name: Date",
		"| RESULT |H":            "RESULT H",
		"1:40":                   "1:40",
		"Dr. Lin":                "Dr. Lin",
		"levothyroxine ... 1 mg": "levothyroxine 1 mg",
	} {
		var words []page.Word
		for i, w := range strings.Fields(in) {
			words = append(words, page.Word{Text: w, Box: image.Rect(i*200, 0, i*200+len(w)*10, 20)})
		}
		if got := Text(tokens(words)); got != want {
			t.Errorf("tokens(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestSliceBox: a piece of a word has its share of the box.
func TestSliceBox(t *testing.T) {
	w := page.Word{Text: "DOB:1953", Box: image.Rect(100, 10, 180, 30)}
	if got, want := slice(w, 4, 8).Box, image.Rect(140, 10, 180, 30); got != want {
		t.Errorf("box of the value %v, want %v", got, want)
	}
}

// TestPairs: the best value of a label on lines of several.
func TestPairs(t *testing.T) {
	for _, c := range []struct{ line, label, value string }{
		{"DOB: 10/28/1953 Sex: F MRN: A1B2", "Sex:", "F"},
		{"DOB: 10/28/1953 Sex: F MRN: A1B2", "MRN:", "A1B2"},
		{"Name: Samantha Wilkins Date of Birth: 10/28/1953", "Date of Birth:", "10/28/1953"},
		{"Height: 61 in Weight: 116 lb", "Weight:", "116 lb"},
		{"Height: 61 in Weight: 116 lb", "Height:", "61 in"},
		{"Wilkins, Samantha MRN: A1B2", "MRN:", "A1B2"},
		{"Date of Birth ....... 10/28/1953", "Date of Birth", "10/28/1953"},
		{"Group No.:      55120", "Group No.:", "55120"},
		{"CA 125: 9 U/mL Ref: <35", "CA 125:", "9 U/mL"},
		{"Phone (555) 310-2299", "Phone", "(555) 310-2299"},
	} {
		found := false
		for _, p := range Arrange([]*page.Page{typed(1, c.line)}).Pages[0].Pairs {
			found = found || p.Label.Text() == c.label && p.Value.Text() == c.value
		}
		if !found {
			t.Errorf("%q: no pair %q → %q", c.line, c.label, c.value)
		}
	}
}
