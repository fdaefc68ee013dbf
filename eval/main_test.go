package main

import (
	"image"
	"testing"

	"github.com/paperchart/paperchart/eval/chart"
	"github.com/paperchart/paperchart/eval/forms"
	"github.com/paperchart/paperchart/eval/score"
	scanner "github.com/paperchart/paperchart/internal/scan"
)

func visit(t *testing.T, harm string) *scanned {
	t.Helper()
	vocab, err := chart.Load()
	if err != nil {
		t.Fatal(err)
	}
	s, err := invented(vocab, forms.Layouts()[0], harm, 3, 0).make()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestOracle checks the words that stand in for OCR: mapped to the scan, they lie on
// what truth calls their places, and reading them back has no errors.
func TestOracle(t *testing.T) {
	for _, harm := range damageNames() {
		t.Run(harm, func(t *testing.T) {
			s := visit(t, harm)
			var e score.Errors
			for i, p := range oracle(s.doc, s.scans) {
				e.Add(score.Letters(s.doc.Sheets[i], s.scans[i].Place, p))
			}
			if e.Words < 100 || e.WordErrors > 0 {
				t.Errorf("%d of %d words differ", e.WordErrors, e.Words)
			}
		})
	}
}

// TestLettersCountsErrors reads a page with known mistakes.
func TestLettersCountsErrors(t *testing.T) {
	s := visit(t, "clean")
	pages := oracle(s.doc, s.scans)
	pages[0].Words[0].Text += "x"
	pages[0].Words[5].Box = image.Rect(0, 0, 1, 1)
	e := score.Letters(s.doc.Sheets[0], s.scans[0].Place, pages[0])
	if want := 1 + len(s.doc.Sheets[0].Words[5].Text); e.WordErrors != 2 || e.LetterErrors != want {
		t.Errorf("%d words, %d letters wrong; want 2 and %d", e.WordErrors, e.LetterErrors, want)
	}
}

// TestScannerOpens has the real scanner open what is written, grey and bilevel.
func TestScannerOpens(t *testing.T) {
	var sc scanner.Scanner
	defer sc.Close()
	for _, harm := range []string{"office", "fax"} {
		s := visit(t, harm)
		file, err := sc.Open(t.Context(), s.pdf)
		if err != nil {
			t.Fatalf("%s: %v", harm, err)
		}
		if file.PageCount() != s.truth.Pages {
			t.Errorf("%s: %d pages, want %d", harm, file.PageCount(), s.truth.Pages)
		}
		file.Close()
	}
}

// TestSamplesFound lists the repository's samples.
func TestSamplesFound(t *testing.T) {
	jobs, err := samples("../samples")
	if err != nil || len(jobs) < 8 {
		t.Fatalf("%d samples, %v", len(jobs), err)
	}
	s, err := jobs[0].make()
	if err != nil || len(s.pdf) == 0 || len(s.truth.Patients) == 0 {
		t.Fatalf("%s: %v", jobs[0].name, err)
	}
}
