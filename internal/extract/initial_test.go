package extract

import (
	"strings"
	"testing"
)

// TestLostInitial holds that a code whose letter OCR lost is read where the
// words beside it say which it was, and that no figure becomes a code otherwise.
func TestLostInitial(t *testing.T) {
	const head = "Patient: Lee, Dana   DOB: 01/02/1960\n\nDIAGNOSES\n"
	for _, tt := range []struct{ line, want string }{
		{"Hypertension (110)", "I10"},
		{"Hypertension (10)", "I10"},
		{"Pneumonia (318.9)", "J18.9"},
		{"Hypertension (318.9)", ""},
	} {
		d := extracted(t, head+tt.line+"\n")[0]
		got := ""
		for _, row := range d.Tables["conditions"] {
			got = row["icd10_code"].Value
			if tt.want != "" && strings.Contains(row["condition_name"].Value, "(") {
				t.Errorf("%q: the code stays in the name %q", tt.line, row["condition_name"].Value)
			}
		}
		if got != tt.want {
			t.Errorf("%q: code %q, want %q", tt.line, got, tt.want)
		}
	}
}
