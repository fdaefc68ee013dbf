package blueprint

import (
	"slices"
	"strings"
	"testing"
)

func TestDefaultIsWithinBDALimits(t *testing.T) {
	if bad := Check(JSON()); len(bad) > 0 {
		t.Fatalf("medical-record.json: %s", strings.Join(bad, "; "))
	}
	all, list := Default().Leaves()
	if all <= 80 || list > 30 {
		t.Errorf("leaves = %d, %d in lists; want over 80 and at most 30", all, list)
	}
}

func TestLabels(t *testing.T) {
	for _, c := range []struct {
		f    Field
		want []string
	}{
		{Field{Name: "referral_source"}, []string{"referral source"}},
		{Field{Name: "sex", Instruction: "Sex. Labels: Sex, M/F."}, []string{"sex", "Sex", "M/F"}},
		{Field{Name: "dob", Instruction: "Labels: DOB, D.O.B."}, []string{"dob", "DOB", "D.O.B."}},
	} {
		if got := c.f.Labels(); !slices.Equal(got, c.want) {
			t.Errorf("Labels(%q) = %q, want %q", c.f.Instruction, got, c.want)
		}
	}
}

func TestParseErrorsNameTheProperty(t *testing.T) {
	for in, want := range map[string]string{
		`{`:                                   "read blueprint",
		`{"properties":{}}`:                   "no properties",
		`{"properties":{"a":{"type":"map"}}}`: `property "a"`,
		`{"properties":{"a":{"type":"string"},"a":{"type":"string"}}}`:                                              `"a" stands twice`,
		`{"properties":{"t":{"type":"array","items":{"$ref":"#/definitions/X"}}}}`:                                  `definition "X" is missing`,
		`{"definitions":{"X":{"properties":{"c":{"type":"array"}}}},"properties":{"g":{"$ref":"#/definitions/X"}}}`: `field "c"`,
		`{"properties":{"g":{"$ref":"elsewhere.json"}}}`:                                                            "not to #/definitions/",
	} {
		if _, err := Parse([]byte(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Parse(%s) error = %v, want %q in it", in, err, want)
		}
	}
}

func TestCheckFindsWhatBDARefuses(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"class":"x","properties":{`)
	for i := range 101 {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`"f` + strings.Repeat("x", i) + `":{"type":"string","instruction":"a"}`)
	}
	b.WriteString(`}}`)
	bad := strings.Join(Check([]byte(b.String())), "\n")
	for _, want := range []string{"101 leaf fields", "characters long; BDA takes 60"} {
		if !strings.Contains(bad, want) {
			t.Errorf("Check does not say %q:\n%s", want, bad)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(JSON())
	f.Add([]byte(`{"properties":{"a":{"type":"array","items":{"type":"string"}}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := Parse(data)
		if err == nil && len(b.Order) == 0 {
			t.Error("no error and no fields")
		}
	})
}
