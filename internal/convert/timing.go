package convert

import (
	"strconv"

	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/grammar/sig"
)

// timing is a schedule in FHIR's words, nil where the print gives none. Where
// it says when in the day, FHIR wants no offset; where it gives days of the
// week, those are the period.
func timing(t sig.Timing, text string) *r4.Timing {
	if !t.Known() {
		return nil
	}
	repeat := &r4.TimingRepeat{DayOfWeek: t.Days}
	if t.Frequency > 0 {
		repeat.Frequency = r4.Ptr(t.Frequency)
	}
	if t.FrequencyMax > t.Frequency {
		repeat.FrequencyMax = r4.Ptr(t.FrequencyMax)
	}
	if t.Period != "" && t.PeriodUnit != "" {
		repeat.Period, repeat.PeriodUnit = r4.Decimal(t.Period), t.PeriodUnit
		if t.PeriodMax != "" {
			repeat.PeriodMax = r4.Decimal(t.PeriodMax)
		}
	}
	if t.Count > 0 {
		repeat.Count = r4.Ptr(t.Count)
	}
	repeat.When = t.When
	return &r4.Timing{Repeat: repeat, Code: concept(text)}
}

// numeric reports whether s can be a FHIR decimal as it stands.
func numeric(s string) bool {
	if s == "" || len(s) > 18 {
		return false
	}
	if _, err := strconv.ParseFloat(s, 64); err != nil {
		return false
	}
	for _, r := range s {
		if (r < '0' || r > '9') && r != '.' && r != '-' {
			return false
		}
	}
	return s[0] != '.' && s[len(s)-1] != '.' && (len(s) < 2 || s[0] != '0' || s[1] == '.')
}
