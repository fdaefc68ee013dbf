package convert

import (
	"testing"

	"github.com/paperchart/paperchart/internal/fhir/r4"
	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/result"
)

func potassium(f result.Field) result.Document {
	return result.Document{Tables: map[string][]result.Row{"lab_results": {{
		"test_name": {Value: "Potassium", Confidence: 0.99}, "result_value": f, "unit": {Value: "mmol/L", Confidence: 0.99},
	}}}}
}

func statusOf(t *testing.T, c *Converter, d result.Document) string {
	t.Helper()
	out, err := c.Convert([]result.Document{d})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range out.Resources {
		if o, ok := r.(*r4.Observation); ok {
			return o.Status
		}
	}
	return ""
}

// TestSuspectIsNeverFinal: a remark that says the value is probably wrong
// outweighs any confidence. The remarks are grammar's own constants.
func TestSuspectIsNeverFinal(t *testing.T) {
	for _, remark := range []string{
		grammar.RemarkImpossible, grammar.RemarkFuture, grammar.RemarkLostPoint, grammar.RemarkFlagRange,
		grammar.RemarkImplausible, grammar.RemarkCheckDigit, grammar.RemarkUnlikely,
	} {
		if s := statusOf(t, converter(), potassium(result.Field{Value: "53", Confidence: 1, Remark: remark})); s != "preliminary" {
			t.Errorf("%q is %s", remark, s)
		}
	}
	for _, remark := range []string{"", grammar.RemarkRepaired, grammar.RemarkTwoDigitYear} {
		if s := statusOf(t, converter(), potassium(result.Field{Value: "5.3", Confidence: 1, Remark: remark})); s != "final" {
			t.Errorf("%q is %s", remark, s)
		}
	}
}

// TestThresholdOfEachField: a field's own threshold counts, and only for it.
func TestThresholdOfEachField(t *testing.T) {
	d := potassium(result.Field{Value: "5.3", Confidence: 0.85})
	for _, c := range []struct {
		thresholds result.Thresholds
		want       string
	}{
		{result.Thresholds{Default: 0.8}, "final"},
		{result.Thresholds{Default: 0.9}, "preliminary"},
		{result.Thresholds{Default: 0.9, Fields: map[string]float64{"lab_results.result_value": 0.8}}, "final"},
		{result.Thresholds{Default: 0.8, Fields: map[string]float64{"lab_results.result_value": 0.95}}, "preliminary"},
		{result.Thresholds{Default: 0.8, Fields: map[string]float64{"lab_results.unit": 0.995}}, "preliminary"},
		{result.Thresholds{Default: 0.8, Fields: map[string]float64{"lab_results.abnormal_flag": 1}}, "final"},
	} {
		conv := converter()
		conv.Thresholds = c.thresholds
		if s := statusOf(t, conv, d); s != c.want {
			t.Errorf("%+v: %s, want %s", c.thresholds, s, c.want)
		}
		conv.Hold = true
		if s := statusOf(t, conv, d); (s == "") != (c.want == "preliminary") {
			t.Errorf("%+v held: %q", c.thresholds, s)
		}
	}
}

func TestMoment(t *testing.T) {
	for in, want := range map[string]string{
		"2024-03-12": "2024-03-12", "2024-03": "2024-03", "2024": "2024", "2024-02-30": "", "0000": "", "2024-13": "",
		"2024-03-12T10:00:00Z": "2024-03-12T10:00:00Z", "2024-02-30T10:00:00Z": "", "2024-03-12T10:00": "", "24-03-12": "", "": "",
	} {
		if got := moment(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestNumeric(t *testing.T) {
	for in, want := range map[string]bool{
		"0": true, "-0.5": true, "2.30": true, "007": false, "-05": false, ".5": false, "5.": false, "1e9": false, "": false, "-": false,
		"1,204": false, "99999999999999999999999": false, "NaN": false, "Inf": false, "0x1": false,
	} {
		if got := numeric(in); got != want {
			t.Errorf("%q: %v", in, got)
		}
	}
}
