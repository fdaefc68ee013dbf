package sig

import "testing"

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		Parse("Levothyroxine 100 mcg tablet take 1 tab PO daily before breakfast #90 refills 3")
	}
}
