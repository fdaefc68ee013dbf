package scan

import "bytes"

// kind is a media type that can be read.
type kind string

const (
	kindPDF  kind = "application/pdf"
	kindTIFF kind = "image/tiff"
	kindPNG  kind = "image/png"
	kindJPEG kind = "image/jpeg"
)

// sniff tells what a file is by how it begins; names lie. PDF readers accept
// the header within the first 1,024 bytes (ISO 32000-1, annex H.3.4.1).
func sniff(data []byte) (kind, error) {
	switch {
	case len(data) == 0:
		return "", empty
	case bytes.HasPrefix(data, []byte("II*\x00")), bytes.HasPrefix(data, []byte("MM\x00*")):
		return kindTIFF, nil
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return kindPNG, nil
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return kindJPEG, nil
	case bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")):
		return kindPDF, nil
	}
	return "", unsupported
}
