package validate

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/paperchart/paperchart/internal/fhir/fhirtest"
)

// hostile makes resources that would cost too much if anything were quadratic.
func hostile(n int) map[string]string {
	list := func(n int, f func(i int) string) string {
		parts := make([]string, n)
		for i := range parts {
			parts[i] = f(i)
		}
		return strings.Join(parts, ",")
	}
	return map[string]string{
		"entries": `{"resourceType":"Bundle","type":"collection","entry":[` + list(n, func(i int) string {
			return fmt.Sprintf(`{"fullUrl":"http://a.org/Observation/%d","resource":{"resourceType":"Observation","id":"%d","status":"final","code":{"text":"x"},"hasMember":[{"reference":"Observation/%d"}]}}`, i, i, (i+1)%n)
		}) + `]}`,
		"contained": `{"resourceType":"List","status":"current","mode":"working","contained":[` + list(n, func(i int) string {
			return fmt.Sprintf(`{"resourceType":"Patient","id":"p%d","active":true}`, i)
		}) + `],"entry":[` + list(n, func(i int) string { return fmt.Sprintf(`{"item":{"reference":"#p%d"}}`, i) }) + `]}`,
		"concepts": `{"resourceType":"CodeSystem","status":"active","content":"complete","concept":[` + list(n, func(i int) string {
			return fmt.Sprintf(`{"code":"c%d","property":[{"code":"x","valueInteger":%d}]}`, i, i)
		}) + `]}`,
		"items": `{"resourceType":"Questionnaire","status":"active","item":[` + list(n, func(i int) string {
			return fmt.Sprintf(`{"linkId":"l%d","type":"group","item":[{"linkId":"m%d","type":"string"}]}`, i, i)
		}) + `]}`,
		"unknown": `{"resourceType":"Patient",` + list(n, func(i int) string { return fmt.Sprintf(`"x%d":%d`, i, i) }) + `}`,
		"elements": `{"resourceType":"StructureDefinition","url":"http://a.org/x","name":"X","status":"draft","kind":"resource","abstract":false,"type":"Patient","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","derivation":"constraint","differential":{"element":[{"id":"Patient","path":"Patient"},` + list(n, func(i int) string {
			return fmt.Sprintf(`{"id":"Patient.name:n%d","path":"Patient.name","sliceName":"n%d"}`, i, i)
		}) + `]}}`,
	}
}

// BenchmarkScale: the time for one item must not grow with the number of items.
func BenchmarkScale(b *testing.B) {
	v := New(fhirtest.Table(b), Options{})
	for _, n := range []int{500, 5000} {
		for name, in := range hostile(n) {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				for b.Loop() {
					v.Validate(context.Background(), []byte(in))
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/item")
			})
		}
	}
}
