package scan

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The samples are scans: every page of them must come out as a picture, upright,
// with a sensible resolution.
func TestSamplesOpen(t *testing.T) {
	if testing.Short() {
		t.Skip("slow")
	}
	want := map[string]int{"chart-packet": 5, "discharge-summary": 2, "immunization-record": 1, "lab-report": 1, "medication-list": 1,
		"progress-note": 1, "referral-fax": 1, "registration-form": 1, "two-patients": 2, "visit-summary": 2}
	var s Scanner
	defer s.Close()
	for name, pages := range want {
		data, err := os.ReadFile(filepath.Join("..", "..", "samples", name+".pdf"))
		if err != nil {
			t.Fatal(err)
		}
		file, err := s.Open(context.Background(), data)
		if err != nil {
			t.Fatal(err)
		}
		if file.PageCount() != pages {
			t.Errorf("%s: %d pages, want %d", name, file.PageCount(), pages)
		}
		for i := range file.PageCount() {
			checkSample(t, name, file, i+1)
		}
		file.Close()
	}
}

func checkSample(t *testing.T, name string, file *File, number int) {
	t.Helper()
	p, err := file.Page(context.Background(), number)
	if err != nil {
		t.Fatal(err)
	}
	b := p.Image.Bounds()
	if p.Blank || p.TextLayer || p.DPI < 150 || p.DPI > 450 || b.Dx() > b.Dy() || p.Ruled.Bounds() != b {
		t.Errorf("%s, page %d: blank %v, text layer %v, %d dpi, %v", name, number, p.Blank, p.TextLayer, p.DPI, b)
	}
	if turned := strings.Contains(strings.Join(p.Notes, ","), "turned 180°"); turned != (name == "chart-packet" && number == 3) {
		t.Errorf("%s, page %d: turned %v", name, number, turned)
	}
	checked := 0
	for _, m := range p.Marks {
		if m.Checked {
			checked++
		}
	}
	if form := name == "registration-form" || name == "referral-fax"; form != (checked > 0) || !form && len(p.Marks) > 0 {
		t.Errorf("%s, page %d: %d checkboxes, %d checked", name, number, len(p.Marks), checked)
	}
}

// assembled is a PDF of numbered objects with a trailer's extra entries.
func assembled(extra string, objects ...string) []byte {
	var b strings.Builder
	b.WriteString("%PDF-1.4\n")
	var offsets []int
	for i, o := range objects {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, extra, start)
	return []byte(b.String())
}

func pdfOf(pages int, size string) []byte {
	return assembled("", "<< /Type /Catalog /Pages 2 0 R >>",
		fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", strings.Repeat("3 0 R ", pages), pages),
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 "+size+"] >>")
}

func TestBadPDF(t *testing.T) {
	key := strings.Repeat("00", 32)
	locked := assembled("/ID [<00><00>] /Encrypt 4 0 R", "<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>",
		"<< /Filter /Standard /V 1 /R 2 /P -4 /O <"+key+"> /U <"+key+"> >>")
	for name, c := range map[string]struct {
		data []byte
		want Code
	}{
		"password":       {locked, Encrypted},
		"cut off":        {pdfOf(1, "612 792")[:60], Damaged},
		"huge page":      {pdfOf(1, "2000000 2000000"), PageTooLarge},
		"thousand pages": {pdfOf(1000, "612 792"), TooManyPages},
		"no pages":       {pdfOf(0, "612 792"), Damaged},
	} {
		t.Run(name, func(t *testing.T) {
			s := Scanner{MaxPages: 500}
			defer s.Close()
			f, err := s.Open(t.Context(), c.data)
			if err == nil {
				_, err = f.Page(t.Context(), 1)
				f.Close()
			}
			var bad *Error
			if !errors.As(err, &bad) || bad.Code != c.want || bad.Remedy == "" {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func FuzzSniff(f *testing.F) {
	for _, s := range []string{"", "%PDF-1.7", "junk\n%PDF-1.4", "II*\x00", "MM\x00*", "\x89PNG\r\n\x1a\n", "\xff\xd8\xff\xe0", "<html>"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		k, err := sniff(data)
		if (err == nil) == (k == "") {
			t.Errorf("kind %q with %v", k, err)
		}
		if len(data) == 0 && err != empty {
			t.Errorf("nothing is %v", err)
		}
	})
}
