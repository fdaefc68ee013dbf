package convert

import (
	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/grammar/sig"
	"github.com/paperchart/paperchart/internal/terms"
)

// timing is a schedule in FHIR's words, nil where the print gives none. Its
// code is the usual abbreviation where there is one for just this schedule.
func timing(line sig.Line) *r4.Timing {
	t := line.Timing
	if !t.Known() && line.Duration == "" {
		return nil
	}
	repeat := &r4.TimingRepeat{DayOfWeek: t.Days, When: t.When}
	if t.Frequency > 0 {
		repeat.Frequency = r4.Ptr(t.Frequency)
	}
	if t.FrequencyMax > t.Frequency {
		repeat.FrequencyMax = r4.Ptr(t.FrequencyMax)
	}
	if numeric(t.Period) && t.PeriodUnit != "" {
		repeat.Period, repeat.PeriodUnit = r4.Decimal(t.Period), t.PeriodUnit
		if numeric(t.PeriodMax) {
			repeat.PeriodMax = r4.Decimal(t.PeriodMax)
		}
	}
	if t.Count > 0 {
		repeat.Count = r4.Ptr(t.Count)
	}
	if numeric(line.Duration) && line.DurationUnit != "" {
		repeat.BoundsDuration = &r4.Duration{
			Value: r4.Decimal(line.Duration), Unit: line.DurationUnit, System: terms.UCUM, Code: line.DurationUnit,
		}
	}
	out := &r4.Timing{Repeat: repeat}
	if k, ok := abbreviation(t); ok {
		out.Code = concept("", coding(v3("GTSAbbreviation"), k, k))
	}
	return out
}

// abbreviation is HL7's code for a schedule that is a frequency and no more.
func abbreviation(t sig.Timing) (string, bool) {
	if len(t.When)+len(t.Days)+t.Count+t.FrequencyMax > 0 || t.PeriodMax != "" {
		return "", false
	}
	code := map[[3]string]string{
		{"1", "1", "d"}: "QD", {"2", "1", "d"}: "BID", {"3", "1", "d"}: "TID", {"4", "1", "d"}: "QID", {"1", "2", "d"}: "QOD",
		{"1", "4", "h"}: "Q4H", {"1", "6", "h"}: "Q6H",
	}[[3]string{itoa(t.Frequency), t.Period, t.PeriodUnit}]
	return code, code != ""
}
