package terms

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
)

//go:embed vocabulary/plausible.tsv
var plausibleTSV string

// A span is what values a test can have, in a unit.
type span struct {
	low, high float64
	unit      string
}

func parsePlausible(text string) (map[string]span, error) {
	out := map[string]span{}
	n := 0
	for line := range strings.Lines(text) {
		n++
		if line = strings.TrimRight(line, "\r\n"); line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 4 {
			return nil, fmt.Errorf("line %d: %d columns, want code, lowest, highest, unit", n, len(f))
		}
		low, err := strconv.ParseFloat(f[1], 64)
		if err != nil {
			return nil, fmt.Errorf("line %d: lowest: %w", n, err)
		}
		high, err := strconv.ParseFloat(f[2], 64)
		if err != nil {
			return nil, fmt.Errorf("line %d: highest: %w", n, err)
		}
		out[f[0]] = span{low, high, f[3]}
	}
	return out, nil
}

// Plausible tells whether a living patient's test can have a value, in a UCUM
// unit. The code is LOINC's. It does not know tests without limits and units
// that the limits can't be converted to; an empty unit is the test's usual one.
func (s *Set) Plausible(code string, value float64, unit string) (ok, known bool) {
	limit, known := s.plausible[code]
	if !known {
		return false, false
	}
	if unit != "" && unit != limit.unit {
		converted, can := s.Convert(value, unit, limit.unit)
		switch {
		case can:
			value = converted
		case !loosely(s, unit, limit.unit):
			return false, false
		}
	}
	return value >= limit.low && value <= limit.high, true
}
