package extract

import "testing"

// TestProbability pins what the model must keep through any refit: plain
// evidence is believed, a guess and a poor reading are not.
func TestProbability(t *testing.T) {
	plain := Signals{OCR: 0.97, Print: 0.98, Label: 1, Grammar: 1, Vocabulary: 1, Layout: 0.95, Context: 1, Plausible: 0.5}
	for _, c := range []struct {
		name   string
		change func(*Signals)
		lo, hi float64
	}{
		{"plain", func(s *Signals) {}, 0.95, 1},
		{"labelled text", func(s *Signals) { s.Vocabulary = 0 }, 0.9, 0.99},
		{"guess without label or list", func(s *Signals) { s.Label, s.Vocabulary, s.Layout = 0, 0, 0.5 }, 0, 0.8},
		{"misread", func(s *Signals) { s.OCR, s.Print, s.Vocabulary = 0.4, 0.5, 0 }, 0, 0.6},
		{"contradicted", func(s *Signals) { s.Conflict = 0.5; s.Vocabulary = 0 }, 0, 0.9},
		{"implausible number", func(s *Signals) { s.Plausible, s.Numeric, s.Vocabulary = 0, 1, 0 }, 0, 0.9},
	} {
		s := plain
		c.change(&s)
		if p := fitted.Probability(s); p < c.lo || p > c.hi {
			t.Errorf("%s: %.3f, want %.2f to %.2f", c.name, p, c.lo, c.hi)
		}
	}
	if a, b := len(Signals{}.Vector()), len(SignalNames()); a != b {
		t.Errorf("%d signals, %d names", a, b)
	}
	for _, n := range SignalNames() {
		if _, ok := fitted[n]; !ok {
			t.Errorf("no weight for %q", n)
		}
	}
}

func TestMended(t *testing.T) {
	for _, c := range [][3]string{
		{"Het", "hct", "Hct"}, {"tron", "iron", "iron"}, {"Tron", "iron", "Iron"}, {"cotchicine", "colchicine", "colchicine"}, {"TRON", "iron", "IRON"},
		{"Iron", "iron", ""}, {"zinc", "zine", "zine"}, {"Sodium", "potassium", ""}, {"Mg", "mc", ""}, {"hgb", "hqb", ""}, {"", "", ""},
	} {
		if got, ok := mended(c[0], c[1]); got != c[2] || ok != (c[2] != "") {
			t.Errorf("mended(%q, %q) = %q", c[0], c[1], got)
		}
	}
}
