package validate

import (
	"context"
	"testing"

	"github.com/paperchart/paperchart/internal/fhir/fhirtest"
	"github.com/paperchart/paperchart/internal/fhir/model"
)

// BenchmarkSynthea validates Synthea's transaction bundles strictly on one
// goroutine; read the metric resources/s.
func BenchmarkSynthea(b *testing.B) {
	v := New(fhirtest.Table(b), Options{})
	var bundles [][]byte
	resources := 0
	for _, data := range fhirtest.Synthea(b) {
		doc, err := model.Parse(data, model.Limits{})
		if err != nil {
			b.Fatal(err)
		}
		bundles = append(bundles, data)
		resources += doc.Root.Get("entry").Len()
	}
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		for _, data := range bundles {
			if Failed(v.Validate(context.Background(), data)) {
				b.Fatal("a Synthea bundle is not valid")
			}
		}
	}
	b.ReportMetric(float64(resources*b.N)/b.Elapsed().Seconds(), "resources/s")
}

// TestSynthea: Synthea's bundles are valid.
func TestSynthea(t *testing.T) {
	v := New(fhirtest.Table(t), Options{})
	for name, data := range fhirtest.Synthea(t) {
		for _, x := range errorsOf(v.Validate(context.Background(), data)) {
			t.Errorf("%.20s: %v", name, x)
		}
	}
}

// BenchmarkResource validates single resources, as the store does on each write.
func BenchmarkResource(b *testing.B) {
	v := New(fhirtest.Table(b), Options{})
	for name, in := range map[string]string{"Patient": patient + "}", "BloodPressure": bp + `,"component":[` + systolic + `,` + diastolic + `]}`} {
		data := []byte(in)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var doc model.Doc
			for b.Loop() {
				if err := doc.Parse(data, model.Limits{}); err != nil {
					b.Fatal(err)
				}
				if issues := v.ValidateDoc(context.Background(), &doc); Failed(issues) {
					b.Fatal(issues)
				}
			}
		})
	}
}
