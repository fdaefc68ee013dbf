package grammar

import (
	"strings"
	"testing"
)

// page is about as long as a full page of prose.
var page = strings.Repeat("Seen 11/03/2025 for hypertension (I10). BP 128/82, HR 72. Call (555) 234-4567. Denies chest pain or dyspnea. ", 30)

func BenchmarkFindDates(b *testing.B) {
	for b.Loop() {
		Dates{Now: testNow}.Find(page)
	}
}

func BenchmarkFindVitals(b *testing.B) {
	for b.Loop() {
		FindVitals(page)
	}
}

func BenchmarkFindICD10(b *testing.B) {
	for b.Loop() {
		FindICD10(page)
	}
}
