package paper

import (
	"bytes"
	"fmt"
	"image/jpeg"
)

// PDF writes scans as a PDF with one image a page and nothing else: grey ones as
// JPEG, bilevel ones as CCITT Group 4. It is byte-stable for one version of Go.
func PDF(scans []*Scan) ([]byte, error) {
	w := &pdfWriter{}
	w.WriteString("%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
	w.obj(1, "<< /Type /Catalog /Pages 2 0 R >>")
	kids := ""
	for i := range scans {
		kids += fmt.Sprintf("%d 0 R ", 3+3*i)
	}
	w.obj(2, fmt.Sprintf("<< /Type /Pages /Count %d /Kids [ %s] >>", len(scans), kids))
	for i, s := range scans {
		if err := w.page(3+3*i, s); err != nil {
			return nil, fmt.Errorf("write page %d: %w", i+1, err)
		}
	}
	w.trailer()
	return w.Bytes(), nil
}

type pdfWriter struct {
	bytes.Buffer
	offsets []int
}

// obj writes object n; objects come in order from 1.
func (w *pdfWriter) obj(n int, body string) {
	w.offsets = append(w.offsets, w.Len())
	fmt.Fprintf(w, "%d 0 obj\n%s\nendobj\n", n, body)
}

func (w *pdfWriter) stream(n int, dict string, data []byte) {
	w.obj(n, fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(data), data))
}

func (w *pdfWriter) page(n int, s *Scan) error {
	px, py := s.Image.Rect.Dx(), s.Image.Rect.Dy()
	width, height := 72*float64(px)/float64(s.DPIX), 72*float64(py)/float64(s.DPIY)
	w.obj(n, fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %.2f %.2f] "+
		"/Resources << /XObject << /Im0 %d 0 R >> >> /Contents %d 0 R >>", width, height, n+2, n+1))
	w.stream(n+1, "", fmt.Appendf(nil, "q %.2f 0 0 %.2f 0 0 cm /Im0 Do Q", width, height))
	dict := fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray", px, py)
	if s.Bilevel {
		w.stream(n+2, dict+fmt.Sprintf(" /BitsPerComponent 1 /Filter /CCITTFaxDecode "+
			"/DecodeParms << /K -1 /Columns %d /Rows %d >>", px, py), group4(s.Image))
		return nil
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, s.Image, &jpeg.Options{Quality: s.Quality}); err != nil {
		return fmt.Errorf("encode JPEG: %w", err)
	}
	w.stream(n+2, dict+" /BitsPerComponent 8 /Filter /DCTDecode", b.Bytes())
	return nil
}

func (w *pdfWriter) trailer() {
	start := w.Len()
	fmt.Fprintf(w, "xref\n0 %d\n0000000000 65535 f \n", len(w.offsets)+1)
	for _, o := range w.offsets {
		fmt.Fprintf(w, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(w, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(w.offsets)+1, start)
}
