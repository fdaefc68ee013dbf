package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

// pageImages writes the images of the scans' pages to dir as they are.
func pageImages(files []string, dir string) ([]string, error) {
	var images []string
	for i, file := range files {
		f, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		err = api.ExtractImages(f, nil, func(m model.Image, _ bool, _ int) error {
			name := filepath.Join(dir, fmt.Sprintf("%d-%d-%s.%s", i, m.PageNr, m.Name, m.FileType))
			out, err := os.Create(name)
			if err != nil {
				return err
			}
			defer out.Close()
			images = append(images, name)
			_, err = io.Copy(out, m)
			return err
		}, nil)
		f.Close()
		if err != nil {
			return nil, fmt.Errorf("take images out of %s: %w", filepath.Base(file), err)
		}
	}
	if len(images) == 0 {
		return nil, fmt.Errorf("there are no scanned pages: run make samples")
	}
	return images, nil
}

const textPages = 20

// writeTextPDF writes a PDF whose pages are text and no picture.
func writeTextPDF(path string, pages int) error {
	var b bytes.Buffer
	var offsets []int
	object := func(format string, args ...any) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n", len(offsets))
		fmt.Fprintf(&b, format, args...)
		b.WriteString("\nendobj\n")
	}
	b.WriteString("%PDF-1.4\n")
	object("<< /Type /Catalog /Pages 2 0 R >>")
	var kids bytes.Buffer
	for i := range pages {
		fmt.Fprintf(&kids, "%d 0 R ", 4+2*i)
	}
	object("<< /Type /Pages /Kids [%s] /Count %d >>", kids.String(), pages)
	object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
	for i := range pages {
		object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R /Resources << /Font << /F1 3 0 R >> >> >>", 5+2*i)
		text := textPage(i + 1)
		object("<< /Length %d >>\nstream\n%s\nendstream", len(text), text)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return os.WriteFile(path, b.Bytes(), 0o600)
}

func textPage(number int) string {
	var b bytes.Buffer
	b.WriteString("BT /F1 10 Tf 14 TL 54 740 Td\n")
	line := func(s string) { fmt.Fprintf(&b, "(%s) Tj T*\n", s) }
	line("Patient: Bench, Alma   DOB: 03/04/1950   MRN: 5550123")
	line(fmt.Sprintf("Progress note, page %d of %d", number, textPages))
	for i := range 45 {
		line(fmt.Sprintf("%d. The patient was seen and examined; blood pressure 12%d/8%d, pulse 7%d, no new complaints.", i+1, i%10, i%10, i%10))
	}
	b.WriteString("ET")
	return b.String()
}
