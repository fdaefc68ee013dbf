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
	s, err := invented(vocab, forms.Layouts()[0], harm, options{seed: 3}, 0).make()
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

// TestMarks counts checkboxes that are found, in the wrong state, and not there.
func TestMarks(t *testing.T) {
	vocab, err := chart.Load()
	if err != nil {
		t.Fatal(err)
	}
	var form forms.Layout
	for _, l := range forms.Layouts() {
		if l.Name == "registration" {
			form = l
		}
	}
	s, err := invented(vocab, form, "office", options{seed: 3}, 0).make()
	if err != nil {
		t.Fatal(err)
	}
	p := oracle(s.doc, s.scans)[0]
	all := len(p.Marks)
	p.Marks[0].Checked = !p.Marks[0].Checked
	p.Marks[1].Box = image.Rect(2400, 3200, 2420, 3220)
	got := score.Marks(s.doc.Sheets[0], s.scans[0].Place, p)
	if want := (score.Boxes{Printed: all, Found: all - 1, WrongState: 1, False: 1}); got != want || all < 10 {
		t.Errorf("%+v, want %+v", got, want)
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

// TestFloor reads every train layout with perfect OCR. The floors lie well below
// what is reached: this finds what breaks, eval/summary.txt shows what changes.
func TestFloor(t *testing.T) {
	o := options{n: 1, seed: 2, split: "train", damage: "clean", oracle: true, jobs: 2}
	jobs, err := corpus(o)
	if err != nil {
		t.Fatal(err)
	}
	c, err := newChain(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	outcomes, err := readAll(t.Context(), c, jobs, o)
	if err != nil {
		t.Fatal(err)
	}
	var items []score.Item
	for _, out := range outcomes {
		if out.err != nil {
			t.Errorf("%s: %v", out.name, out.err)
		}
		items = append(items, out.items...)
	}
	n := score.Count(items, nil)
	if n.F1() < 0.85 || n.Precision() < 0.92 {
		t.Errorf("F1 %.3f and precision %.3f with perfect OCR; the floors are 0.85 and 0.92", n.F1(), n.Precision())
	}
	if n.Other > 0 {
		t.Errorf("%d values of another patient", n.Other)
	}
	if report := summarise(outcomes, items); len(report) < 1000 || report != summarise(outcomes, items) {
		t.Error("the report is short or not the same twice")
	}
}
