package validate

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/fhir/fhirtest"
)

func TestStream(t *testing.T) {
	v := New(fhirtest.Table(t), Options{})
	for _, x := range []struct{ name, in, want string }{
		{"one", patient + "}", "1:[]"},
		{"pretty", "\n{\n\"resourceType\": \"Patient\",\n\"x\": 1}\n", `2:[4:6: error: Patient.x: There is no element "x" in Patient.]`},
		{"ndjson", patient + "}\n\n" + patient + ",\"x\":1}\n{\n", "1:[] 3:[3:184: error: Patient.x: There is no element \"x\" in Patient.] 4:[5:1: error: The text cannot be read as JSON: the text ends inside an object or array.]"},
		{"empty", " \n", ""},
	} {
		var got []string
		err := v.Stream(context.Background(), strings.NewReader(x.in), func(r Result) error {
			got = append(got, fmt.Sprintf("%d:%v", r.Line, r.Issues))
			return nil
		})
		if s := strings.Join(got, " "); err != nil || s != x.want {
			t.Errorf("%s: got %s, %v", x.name, s, err)
		}
	}
}
