// Package scan opens a file of any kind that paper arrives in (PDF, TIFF, PNG,
// JPEG) and gives its pages, upright, straight and clean, ready to be read.
//
// A PDF is opened by PDFium compiled to WebAssembly: what a hostile file can
// reach is that sandbox's memory. Sizes are limited before anything is decoded.
package scan

import (
	"context"
	"fmt"
	"image"
	"sync"

	"github.com/paperchart/paperchart/internal/page"
)

// Scanner opens files. Its zero value works; it may be used by several
// goroutines at once.
type Scanner struct {
	// MaxPages is the most pages a file may have; 2,000 where 0.
	MaxPages int
	// MaxPixels is the most pixels a page may have; 100 million where 0.
	MaxPixels int
	// Orienter is asked which way up a page is where the shapes of its letters
	// don't tell; without one such a page stays as it is.
	Orienter Orienter

	once sync.Once
	pdf  *renderer
	err  error
}

const dpi = 300

func (s *Scanner) limits() (pages, pixels int) {
	pages, pixels = s.MaxPages, s.MaxPixels
	if pages == 0 {
		pages = 2000
	}
	if pixels == 0 {
		pixels = 100e6
	}
	return pages, pixels
}

// source gives the pages of one file as they are.
type source interface {
	count() int
	// raster returns a page (0-based) with its resolution.
	raster(ctx context.Context, i int) (*image.Gray, int, error)
	// text returns the page (from 1) as its own trustworthy text has it, or nil.
	text(ctx context.Context, number int) (*page.Page, error)
	close() error
}

// File is an open file.
type File struct {
	kind    kind
	src     source
	scanner *Scanner
}

// Open looks at what a file is and opens it. An error that is the file's own is
// an *Error.
func (s *Scanner) Open(ctx context.Context, data []byte) (*File, error) {
	k, err := sniff(data)
	if err != nil {
		return nil, err
	}
	pages, pixels := s.limits()
	f := &File{kind: k, scanner: s}
	if k == kindPDF {
		f.src, err = s.openPDF(ctx, data, pixels)
	} else {
		f.src, err = openImages(k, data, pages, pixels)
	}
	if err != nil {
		return nil, err
	}
	if n := f.src.count(); n > pages {
		f.Close()
		return nil, &Error{TooManyPages, fmt.Sprintf("It has %d pages; at most %d are read", n, pages), "Split it and send the parts."}
	} else if n == 0 {
		f.Close()
		return nil, damaged
	}
	return f, nil
}

// Close ends what the Scanner holds.
func (s *Scanner) Close() error {
	if s.pdf == nil {
		return nil
	}
	return s.pdf.close()
}

// PageCount is the number of pages, 1 or more.
func (f *File) PageCount() int { return f.src.count() }

// MediaType is the file's type, such as application/pdf.
func (f *File) MediaType() string { return string(f.kind) }

// Close ends the work on the file.
func (f *File) Close() error { return f.src.close() }

// Page returns the page of that number, counted from 1, made ready for reading.
// It may be called by several goroutines at once.
func (f *File) Page(ctx context.Context, number int) (*page.Page, error) {
	if p, err := f.src.text(ctx, number); p != nil || err != nil {
		return p, err
	}
	raw, res, err := f.src.raster(ctx, number-1)
	if err != nil {
		return nil, err
	}
	return f.scanner.prepare(ctx, number, raw, res)
}
