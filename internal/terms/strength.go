package terms

import (
	_ "embed"
	"fmt"
	"math"
	"strconv"
	"strings"
)

//go:embed vocabulary/strengths.tsv
var strengthsTSV string

// A supply is what a drug comes in.
type supply struct {
	forms     []string
	strengths []float64
	unit      string
}

func parseStrengths(text string) (map[string]supply, error) {
	out := map[string]supply{}
	n := 0
	for line := range strings.Lines(text) {
		n++
		if line = strings.TrimRight(line, "\r\n"); line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 4 {
			return nil, fmt.Errorf("line %d: %d columns, want ingredient, forms, strengths, unit", n, len(f))
		}
		s := supply{forms: list(f[1]), unit: f[3]}
		for v := range strings.SplitSeq(f[2], "|") {
			x, err := strconv.ParseFloat(v, 64)
			if err != nil {
				return nil, fmt.Errorf("line %d: strength: %w", n, err)
			}
			s.strengths = append(s.strengths, x)
		}
		out[f[0]] = s
	}
	return out, nil
}

// portions are the parts and numbers of a tablet that patients take at a time.
var portions = [...]float64{1, 0.25, 0.5, 1.5, 2, 2.5, 3, 4}

// Strength tells whether a drug, by its ingredient's name, comes in a strength or
// can be taken in such a dose. The unit is UCUM's. It does not know drugs whose
// strengths are many, and units that theirs can't be converted to.
func (s *Set) Strength(ingredient string, value float64, unit string) (ok, known bool) {
	d, known := s.supplies[strings.ToLower(ingredient)]
	if !known {
		return false, false
	}
	if unit != d.unit {
		if value, known = s.Convert(value, unit, d.unit); !known {
			return false, false
		}
	}
	for _, strength := range d.strengths {
		for _, part := range portions {
			if math.Abs(value-part*strength) < 0.005*strength {
				return true, true
			}
		}
	}
	return false, true
}
