package terms

import (
	"math"
	"strings"
	"testing"
)

func TestPlausible(t *testing.T) {
	s := defaultSet(t)
	for _, c := range []struct {
		code      string
		value     float64
		unit      string
		ok, known bool
	}{
		{"2823-3", 4.1, "mmol/L", true, true},
		{"2823-3", 41, "mmol/L", false, true}, // the point was lost
		{"2823-3", 4.1, "meq/L", true, true},
		{"2823-3", 4.1, "", true, true},
		{"2823-3", 4.1, "mg/dL", false, false},
		{"718-7", 138, "g/L", true, true},
		{"718-7", 138, "g/dL", false, true},
		{"8310-5", 98.6, "[degF]", true, true},
		{"8310-5", 98.6, "Cel", false, true},
		{"8302-2", 70, "[in_i]", true, true},
		{"29463-7", 180, "[lb_av]", true, true},
		{"2345-7", math.NaN(), "mg/dL", false, true},
		{"1-8", 5, "", false, false},
	} {
		if ok, known := s.Plausible(c.code, c.value, c.unit); ok != c.ok || known != c.known {
			t.Errorf("Plausible(%s, %v, %q) = %v, %v, want %v, %v", c.code, c.value, c.unit, ok, known, c.ok, c.known)
		}
	}
}

// TestPlausibleLimitsFitTheVocabulary wants each limit's unit to be one that the
// test's own unit converts to.
func TestPlausibleLimitsFitTheVocabulary(t *testing.T) {
	s := defaultSet(t)
	own := map[string]string{}
	for _, file := range []string{"labs.tsv", "vitals.tsv"} {
		for _, r := range shipped(t, file) {
			own[r[0]] = r[3]
		}
	}
	for code, limit := range s.plausible {
		unit, ok := own[code]
		if !ok {
			t.Errorf("limits of %s, which is no test of the vocabulary", code)
		}
		if unit != limit.unit && !s.Commensurable(unit, limit.unit) && !strings.HasPrefix(limit.unit, "{") {
			t.Errorf("%s is measured in %q and limited in %q", code, unit, limit.unit)
		}
		if limit.low >= limit.high {
			t.Errorf("%s: limits %v to %v", code, limit.low, limit.high)
		}
	}
}
