package extract

import (
	"math"
)

// Signals is what is known about how surely a value is right. Each lies in
// 0..1, and 1 speaks for the value. They are independent of the blueprint, so
// that one small model serves every field.
type Signals struct {
	// OCR is the lowest, and Print the geometric mean, of the words'
	// probabilities of being read right.
	OCR, Print float64
	// Label is how closely a label, heading or column title was met; 0 where
	// none named the value.
	Label float64
	// Grammar is how well the text fits the form that such values have.
	Grammar float64
	// Vocabulary is the support of a closed list: terms, enumerations.
	Vocabulary float64
	// Layout is how surely value and label belong together.
	Layout float64
	// Agreement is 0 for a single place, and nears 1 with each further place
	// that says the same.
	Agreement float64
	// Conflict nears 1 with the weight of places that say otherwise.
	Conflict float64
	// Context is the certainty that the text speaks of this patient, now.
	Context float64
	// Plausible is 1 where range, flag, check digit or calendar agree, 0 where
	// they disagree, and 0.5 where nothing tells.
	Plausible float64
	// Numeric is 1 for values that live by their digits, which OCR reads
	// worse than words.
	Numeric float64
	// Repaired is 1 where the text was corrected against a closed list.
	Repaired float64
}

// Model turns signals into a probability: the logistic function of a weighted
// sum. Weights are by the names that Vector uses, "bias" for the constant.
type Model map[string]float64

// fitted is the model in use. `eval -fit` found weights on the train layouts with
// real OCR (office and fax, 3,114 values); these are blended by hand from that
// fit and the weights before it. Two are held against the fit: numeric speaks for
// nothing and plausible weighs more, since so few scans hardly show misread
// digits. eval/summary.txt has the calibration that results.
var fitted = Model{
	"bias":       -8.85,
	"ocr":        4.2,
	"print":      1.0,
	"label":      1.8,
	"grammar":    2.3,
	"vocabulary": 1.45,
	"layout":     1.4,
	"agreement":  1.5,
	"conflict":   -2.9,
	"context":    1.6,
	"plausible":  3.0,
	"numeric":    0.0,
	"repaired":   -0.6,
}

// Fitted returns a copy of the weights in use.
func Fitted() Model {
	m := Model{}
	for k, v := range fitted {
		m[k] = v
	}
	return m
}

// Vector returns the model's inputs in the order of SignalNames. The OCR
// probability goes in as its logit, scaled so that 0.5 is 0 and 0.993 is 1: a
// step from 0.95 to 0.99 says as much as one from 0.8 to 0.95.
func (s Signals) Vector() []float64 {
	odds := math.Log(math.Max(1e-3, s.OCR)/math.Max(1e-3, 1-s.OCR)) / 5
	return []float64{odds, s.Print, s.Label, s.Grammar, s.Vocabulary, s.Layout,
		s.Agreement, s.Conflict, s.Context, s.Plausible, s.Numeric, s.Repaired}
}

// SignalNames are the names of the elements of Vector.
func SignalNames() []string {
	return []string{"ocr", "print", "label", "grammar", "vocabulary", "layout",
		"agreement", "conflict", "context", "plausible", "numeric", "repaired"}
}

// Probability applies the model. The result stays off 0 and 1: nothing that was
// read is certain.
func (m Model) Probability(s Signals) float64 {
	sum := m["bias"]
	v := s.Vector()
	for i, name := range SignalNames() {
		x := v[i]
		if math.IsNaN(x) {
			x = 0
		}
		sum += m[name] * math.Min(1, math.Max(0, x))
	}
	p := 1 / (1 + math.Exp(-sum))
	return math.Min(0.995, math.Max(0.01, p))
}

// Observation is one value with what spoke for it, for refitting the model on
// records whose truth is known.
type Observation struct {
	// Document is the index of the result document the value is in.
	Document int
	// Table and Row place a cell; Table is empty for a scalar field.
	Table string
	Row   int
	Field string
	Value string
	Signals
}

// reading starts the signals of a value from its ink.
func reading(words []ink) (low, mean float64) {
	if len(words) == 0 {
		return 0.5, 0.5
	}
	low = 1
	var sum float64
	for _, w := range words {
		c := math.Min(1, math.Max(0.01, w.Conf))
		low = math.Min(low, c)
		sum += math.Log(c)
	}
	return low, math.Exp(sum / float64(len(words)))
}
