package convert

import (
	"slices"
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/grammar/sig"
	"github.com/paperchart/paperchart/internal/terms"
)

// understood is the score from which a direction's parts are taken over. Below
// it the text alone is.
const understood = 0.8

// direction is how a medication is taken, as printed.
type direction struct{ dose, route, often, told, start string }

func (d direction) text() string {
	if d.told != "" {
		return d.told
	}
	return strings.Join(strings.Fields(d.dose+" "+d.route+" "+d.often), " ")
}

// dosage is the direction in FHIR's parts, one for each step of a taper.
func (c *chart) dosage(f *fact, d direction) []r4.Dosage {
	text := d.text()
	f.date(d.start)
	if text == "" {
		return c.started(d)
	}
	line := sig.Direction(text)
	if d.told != "" {
		f.doubt = agree(&line, sig.Direction(d.often)) || f.doubt
	}
	first := c.step(line, d)
	first.Text = text
	if first.Timing == nil && moment(d.start) != "" {
		first.Timing = &r4.Timing{Repeat: &r4.TimingRepeat{}}
	}
	if first.Timing != nil && moment(d.start) != "" {
		first.Timing.Repeat.BoundsDuration = nil // bounds are the one or the other
		first.Timing.Repeat.BoundsPeriod = &r4.Period{Start: moment(d.start)}
	}
	all := []r4.Dosage{first}
	for _, s := range line.Steps {
		if line.Score >= understood {
			all = append(all, c.step(s, direction{}))
		}
	}
	if len(all) > 1 {
		for i := range all {
			all[i].Sequence = r4.Ptr(i + 1)
		}
	}
	return all
}

// agree fills what a direction lacks from the frequency column. It reports
// whether the two give different schedules; the direction then has none.
func agree(line *sig.Line, often sig.Line) (conflict bool) {
	if often.Score < understood {
		return false
	}
	if often.AsNeeded { // a direction that was misread must not turn it into a standing dose
		line.AsNeeded, line.Reason = true, first(line.Reason, often.Reason)
	}
	a, b := line.Timing, often.Timing
	switch {
	case !b.Known():
	case line.Score < understood || !a.Known():
		line.Timing, line.Score = b, often.Score
	case a.Frequency == 0 && b.Frequency > 0: // "with food" beside "TID"
		line.Timing = b
		line.Timing.When = union(slices.Clone(a.When), b.When)
	case b.Frequency == 0:
	case len(line.Steps) == 0 && (a.Frequency != b.Frequency || a.Period != b.Period || a.PeriodUnit != b.PeriodUnit):
		line.Timing = sig.Timing{}
		return true
	}
	return false
}

// started is all that is known of a medication without a direction.
func (c *chart) started(d direction) []r4.Dosage {
	if moment(d.start) == "" {
		return nil
	}
	return []r4.Dosage{{Timing: &r4.Timing{Repeat: &r4.TimingRepeat{BoundsPeriod: &r4.Period{Start: moment(d.start)}}}}}
}

func (c *chart) step(line sig.Line, d direction) r4.Dosage {
	out := r4.Dosage{Text: line.Directions}
	if route := first(d.route, line.Route); route != "" {
		out.Route = c.named(terms.Route, route)
	}
	if line.Score < understood {
		return out
	}
	out.Timing = timing(line)
	switch {
	case line.AsNeeded && line.Reason != "":
		out.AsNeededCodeableConcept = concept(line.Reason)
	case line.AsNeeded:
		out.AsNeededBoolean = r4.Ptr(true)
	}
	if dose, ok := c.dose(line, d); ok {
		out.DoseAndRate = []r4.DosageDoseAndRate{dose}
	}
	return out
}

// dose is how much is taken at once: what the direction says (2 tablets), else
// the amount in the dose column (100 mcg) unless that is a concentration.
func (c *chart) dose(line sig.Line, d direction) (r4.DosageDoseAndRate, bool) {
	low, high, unit := line.Dose.Low, line.Dose.High, line.Dose.Unit
	if low == "" {
		low, unit = c.amount(line.Strength)
	}
	if column := sig.Direction(d.dose); low == "" {
		low, high, unit = column.Dose.Low, column.Dose.High, column.Dose.Unit
		if low == "" {
			low, unit = c.amount(column.Strength)
		}
	}
	if !numeric(low) {
		return r4.DosageDoseAndRate{}, false
	}
	q := c.measured(low, unit)
	if !numeric(high) {
		return r4.DosageDoseAndRate{DoseQuantity: q}, true
	}
	return r4.DosageDoseAndRate{DoseRange: &r4.Range{Low: q, High: c.measured(high, unit)}}, true
}

// amount takes "100 mcg" apart; a mixture (5-325 mg) or a concentration
// (100 units/mL, 5 %) is no amount.
func (c *chart) amount(strength string) (value, unit string) {
	i := strings.LastIndexAny(strength, "0123456789") + 1
	value = strings.ReplaceAll(strings.TrimSpace(strength[:i]), ",", "")
	if unit = strings.TrimSpace(strength[i:]); unit == "" || strings.ContainsAny(unit, "/%") || !numeric(value) {
		return "", ""
	}
	return value, unit
}
