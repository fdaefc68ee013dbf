package convert

import (
	"testing"

	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/result"
)

// medication is the only medication of a document that holds one row.
func medication(t *testing.T, cells map[string]string) *r4.MedicationRequest {
	t.Helper()
	row := result.Row{"medication_name": {Value: "Warfarin", Confidence: 0.99}}
	for column, v := range cells {
		row[column] = result.Field{Value: v, Confidence: 0.99}
	}
	out, err := converter().Convert([]result.Document{{Tables: map[string][]result.Row{"medications": {row}}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range out.Resources {
		if m, ok := r.(*r4.MedicationRequest); ok {
			return m
		}
	}
	t.Fatal("no MedicationRequest")
	return nil
}

// TestColumnsAgree: the frequency column fills what the direction lacks; where
// the two differ there is no schedule and a person must look.
func TestColumnsAgree(t *testing.T) {
	for _, c := range []struct {
		often, told string
		frequency   int // 0 where there is no schedule
		prn, review bool
	}{
		{"daily", "Take 1 tablet by mouth daily with food", 1, false, false},
		{"BID", "Take one tablet three times a day", 0, false, true},
		{"every 6 hours as needed", "Take 2 tablets every 6 hours as_ needed for pain", 1, true, false},
		{"TID", "Take with food", 3, false, false},
		{"TID", "", 3, false, false},
		{"as directed", "Take 1 tablet twice daily", 2, false, false},
		{"", "as your doctor told you", 0, false, false},
		{"gibberish", "Take 1 tablet twice daily", 2, false, false},
	} {
		m := medication(t, map[string]string{"frequency": c.often, "instructions": c.told})
		d := m.DosageInstruction[0]
		got := 0
		if d.Timing != nil && d.Timing.Repeat.Frequency != nil {
			got = *d.Timing.Repeat.Frequency
		}
		prn := d.AsNeededBoolean != nil || d.AsNeededCodeableConcept != nil
		if got != c.frequency || prn != c.prn || tagged(m) != c.review {
			t.Errorf("%q and %q: %d times, as needed %v, review %v", c.often, c.told, got, prn, tagged(m))
		}
	}
}

// TestDose: the amount of the direction counts before that of the dose column,
// and a concentration or a mixture is none.
func TestDose(t *testing.T) {
	for _, c := range []struct{ dose, told, value, high, unit string }{
		{"5 mg", "", "5", "", "mg"},
		{"5 mg", "Take 2 tablets daily", "2", "", "tablets"},
		{"5 mg", "Take 1-2 tablets daily", "1", "2", "tablets"},
		{"100 units/mL", "Inject 22 units at bedtime", "22", "", "units"},
		{"100 units/mL", "daily", "", "", ""},
		{"5-325 mg", "daily", "", "", ""},
		{"0.05 %", "twice daily", "", "", ""},
		{"50,000 units", "weekly", "50000", "", "units"},
		{"5mg", "daily", "5", "", "mg"},
		{"1O mg", "daily", "", "", ""},
		{"20 mg", "Take 40 mg daily", "40", "", "mg"},
		{"1 tablet", "Take 40 mg daily", "40", "", "mg"},
		{"1 tablet", "daily", "1", "", "tablet"},
	} {
		m := medication(t, map[string]string{"dose": c.dose, "instructions": c.told})
		value, high, unit := "", "", ""
		for _, d := range m.DosageInstruction[0].DoseAndRate {
			q := d.DoseQuantity
			if d.DoseRange != nil {
				q, high = d.DoseRange.Low, string(d.DoseRange.High.Value)
			}
			value, unit = string(q.Value), q.Unit
		}
		if value != c.value || high != c.high || unit != c.unit {
			t.Errorf("%q, %q: %s–%s %s", c.dose, c.told, value, high, unit)
		}
	}
}

// TestUnheard: a drug that a whole vocabulary does not know waits for review.
func TestUnheard(t *testing.T) {
	if tagged(medication(t, nil)) || !tagged(medication(t, map[string]string{"medication_name": "Bee stings"})) {
		t.Error("known and unknown drugs are not told apart")
	}
}
