package sig

import (
	"reflect"
	"testing"
)

func TestDirection(t *testing.T) {
	daily := Timing{Frequency: 1, Period: "1", PeriodUnit: "d"}
	for _, c := range []struct {
		text     string
		timing   Timing
		dose     Dose
		asNeeded bool
		reason   string
		least    float64
	}{
		{"daily", daily, Dose{}, false, "", 1},
		{"BID", Timing{Frequency: 2, Period: "1", PeriodUnit: "d"}, Dose{}, false, "", 1},
		{"every 4 hours as needed", Timing{Frequency: 1, Period: "4", PeriodUnit: "h"}, Dose{}, true, "", 1},
		{"q6h prn pain", Timing{Frequency: 1, Period: "6", PeriodUnit: "h"}, Dose{}, true, "pain", 1},
		{"PO once daily", daily, Dose{}, false, "", 1},
		{"take 2 tablets by mouth daily", daily, Dose{Low: "2", Unit: "tablets", Text: "2 tablets"}, false, "", 1},
		{"at bedtime", Timing{Frequency: 1, Period: "1", PeriodUnit: "d", When: []string{"HS"}}, Dose{}, false, "", 1},
		{"Mondays", Timing{Frequency: 1, Period: "1", PeriodUnit: "wk", Days: []string{"mon"}}, Dose{}, false, "", 1},
		{"see the other list", Timing{}, Dose{}, false, "", 0},
		{"", Timing{}, Dose{}, false, "", 0},
	} {
		l := Direction(c.text)
		if c.least > 0 && (!reflect.DeepEqual(l.Timing, c.timing) || l.Dose != c.dose) || l.AsNeeded != c.asNeeded || l.Reason != c.reason || l.Score < c.least || c.least == 0 && l.Score > 0.5 {
			t.Errorf("%q: %+v %+v %v %q %.2f", c.text, l.Timing, l.Dose, l.AsNeeded, l.Reason, l.Score)
		}
	}
}

func TestDirectionSteps(t *testing.T) {
	l := Direction("2 tablets daily for 5 days, then 1 tablet daily for 5 days, then stop")
	if len(l.Steps) != 1 || l.Dose.Low != "2" || l.Steps[0].Dose.Low != "1" || l.Steps[0].Duration != "5" {
		t.Errorf("%+v", l)
	}
}
