package convert

import "testing"

// BenchmarkConvert is a visit summary of two pages to the bytes of its bundle.
func BenchmarkConvert(b *testing.B) {
	docs := documents(b, "visit-summary")
	c := converter()
	b.ReportAllocs()
	for b.Loop() {
		out, err := c.Convert(docs)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := out.Bundle(); err != nil {
			b.Fatal(err)
		}
	}
}
