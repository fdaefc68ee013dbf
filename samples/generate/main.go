// Command generate makes the sample scans in samples/ and, beside each, what it
// says. Every person, place, number and date in them is invented: telephone
// numbers are from the range kept for fiction (555-01xx), NPIs have a right check
// digit and belong to nobody. Run from the repository root:
//
//	go run ./samples/generate
//
// The output is the same bytes every time; a test holds the repository to it.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/paperchart/paperchart/eval/paper"
)

// sample is one file: how to draw it and, by page, what the scanner did. The last
// damage holds for all further pages.
type sample struct {
	name   string
	seed   uint64
	draw   func(*paper.Doc)
	damage []paper.Damage
}

func samples() []sample {
	return []sample{
		{"visit-summary", 11, visitSummary, []paper.Damage{office(0.5), office(-0.3)}},
		{"discharge-summary", 12, dischargeSummary, []paper.Damage{office(-0.7), office(0.4)}},
		{"lab-report", 13, labReport, []paper.Damage{office(0.35)}},
		{"medication-list", 14, medicationList, []paper.Damage{copied(-0.5)}},
		{"chart-packet", 15, chartPacket, []paper.Damage{office(0.3), office(-0.6), upsideDown(), bilevel(0.4), office(0.2)}},
		{"referral-fax", 16, referralFax, []paper.Damage{fax(0.4)}},
		{"registration-form", 17, registrationForm, []paper.Damage{bilevel(-0.4)}},
		{"immunization-record", 18, immunizationRecord, []paper.Damage{office(0.6)}},
		{"two-patients", 19, twoPatients, []paper.Damage{office(0.2), copied(0.5)}},
		{"progress-note", 20, progressNote, []paper.Damage{shadowed(0.8)}},
		{"insurance-card", 21, insuranceCard, []paper.Damage{copied(-0.4)}},
		{"prescription", 22, prescription, []paper.Damage{office(0.5)}},
	}
}

// office is a 200 dpi scanner with a document feeder, in everyday condition.
func office(skew float64) paper.Damage {
	return paper.Damage{Name: "office", Skew: skew, ShiftX: 3, ShiftY: -2, Blur: 0.55, Fade: 0.08,
		Paper: 247, Noise: 2.2, Specks: 40, Quality: 52}
}

// copied is a copy of a copy: pale, with thick dust.
func copied(skew float64) paper.Damage {
	return paper.Damage{Name: "copied", Skew: skew, ShiftX: -4, ShiftY: 3, Blur: 0.8, Fade: 0.38,
		Paper: 226, Noise: 2.6, Specks: 160, Lid: 3, Quality: 52}
}

func shadowed(skew float64) paper.Damage {
	return paper.Damage{Name: "shadowed", Skew: skew, ShiftX: 5, Blur: 0.7, Fade: 0.2,
		Paper: 240, Noise: 2.4, Specks: 60, Shadow: 0.5, Holes: true, Quality: 52}
}

func upsideDown() paper.Damage {
	d := office(-0.4)
	d.Name, d.Turn = "upside down", 180
	return d
}

// bilevel is a black-and-white scan at 300 dpi.
func bilevel(skew float64) paper.Damage {
	return paper.Damage{Name: "bilevel", DPIX: 300, Skew: skew, ShiftY: 4, Blur: 0.7, Fade: 0.05,
		Noise: 9, Specks: 60, Bilevel: true}
}

// fax is a fine-mode fax: 204 by 196 pixels per inch, 1-bit.
func fax(skew float64) paper.Damage {
	return paper.Damage{Name: "fax", DPIX: 204, DPIY: 196, Skew: skew, Blur: 0.6, Fade: 0.1,
		Noise: 10, Specks: 90, Bilevel: true}
}

// file is one finished output.
type file struct {
	name string
	data []byte
}

func (s sample) files(fonts *paper.Fonts) ([]file, error) {
	d := paper.NewDoc(fonts)
	s.draw(d)
	scans := make([]*paper.Scan, len(d.Sheets))
	for i, sheet := range d.Sheets {
		scans[i] = s.damage[min(i, len(s.damage)-1)].Scan(sheet.Image(), s.seed<<8+uint64(i))
	}
	pdf, err := paper.PDF(scans)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", s.name, err)
	}
	truth, err := d.Truth(s.name+".pdf", func(page int, b paper.Box) [4]float64 { return scans[page-1].Place(b) })
	if err != nil {
		return nil, fmt.Errorf("gather truth of %s: %w", s.name, err)
	}
	text, err := truth.JSON()
	if err != nil {
		return nil, err
	}
	return []file{{s.name + ".pdf", pdf}, {s.name + ".truth.json", text}}, nil
}

func run(dir string) error {
	fonts, err := paper.NewFonts()
	if err != nil {
		return err
	}
	for _, s := range samples() {
		files, err := s.files(fonts)
		if err != nil {
			return err
		}
		for _, f := range files {
			if err := os.WriteFile(filepath.Join(dir, f.name), f.data, 0o644); err != nil {
				return fmt.Errorf("write sample: %w", err)
			}
		}
	}
	return nil
}

func main() {
	dir := flag.String("o", "samples", "folder to write to")
	flag.Parse()
	if err := run(*dir); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}
