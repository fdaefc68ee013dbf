package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"sync"
	"time"

	"github.com/paperchart/paperchart/internal/layout"
	"github.com/paperchart/paperchart/internal/ocr"
	"github.com/paperchart/paperchart/internal/page"
	"github.com/paperchart/paperchart/internal/result"
	"github.com/paperchart/paperchart/internal/scan"
)

// Fields is what a Reader needs of the room that finds fields.
type Fields interface {
	Extract(ctx context.Context, doc *layout.Document, src result.Source) ([]result.Document, error)
}

// Reader is the local first half: scan, OCR, layout, extract.
type Reader struct {
	Scanner *scan.Scanner
	OCR     ocr.Engine
	Fields  Fields
	// Engine names what reads, with its version.
	Engine string
	// Now is the clock; time.Now where nil.
	Now func() time.Time
	// Slots bounds the pages that are read at once, over all files. It is
	// shared by every call; NewSlots makes one.
	Slots chan struct{}
}

var _ Extractor = (*Reader)(nil)

// NewSlots returns room for n pages at once.
func NewSlots(n int) chan struct{} { return make(chan struct{}, max(1, n)) }

// Extract implements Extractor. A page that can't be read is noted and left
// blank; the file fails only where none of its pages could be read.
func (r *Reader) Extract(ctx context.Context, in Input, progress Progress) ([]result.Document, error) {
	docs, _, err := r.Read(ctx, in, progress)
	return docs, err
}

// Read is Extract, and gives the pages as they were read, without their images.
// They are there also beside the error that nothing was found on them.
func (r *Reader) Read(ctx context.Context, in Input, progress Progress) ([]result.Document, []*page.Page, error) {
	file, err := r.Scanner.Open(ctx, in.Data)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	pages, err := r.pages(ctx, file, progress)
	if err != nil {
		return nil, nil, err
	}
	sum := sha256.Sum256(in.Data)
	src := result.Source{
		File: in.Name, SHA256: hex.EncodeToString(sum[:]), Size: int64(len(in.Data)),
		MediaType: file.MediaType(), PageCount: len(pages), Engine: r.Engine, Notes: notes(pages),
		Read: r.now().UTC().Format(time.RFC3339),
	}
	docs, err := r.Fields.Extract(ctx, layout.Arrange(pages), src)
	if err != nil {
		return nil, nil, err
	}
	return docs, pages, nothingRead(pages, docs)
}

// nothingRead is the problem of a file without anything to read: blank pages, a
// picture of something else. It must not become the record of nobody.
func nothingRead(pages []*page.Page, docs []result.Document) error {
	for _, d := range docs {
		if len(d.Fields)+len(d.Tables) > 0 {
			return nil
		}
	}
	words, blank := 0, true
	for _, p := range pages {
		for _, w := range p.Words {
			if w.Text != "" {
				words++
			}
		}
		blank = blank && p.Blank
	}
	switch {
	case blank:
		return &Problem{"blank", "Its pages are blank", "Scan the other side.", true, 0}
	case words < 10:
		return &Problem{"nothing-read", "No writing was found on it", "Scan it again at 300 dpi; a photo must show the whole page, well lit.", true, 0}
	}
	return nil
}

func (r *Reader) now() time.Time {
	if r.Now != nil {
		return r.Now()
	}
	return time.Now()
}

// pages reads all pages, as many at once as there are slots.
func (r *Reader) pages(ctx context.Context, file *scan.File, progress Progress) ([]*page.Page, error) {
	n := file.PageCount()
	pages, errs := make([]*page.Page, n), make([]error, n)
	var wg sync.WaitGroup
	var mu sync.Mutex
	done := 0
	progress(0, n)
	for i := range n {
		select {
		case r.Slots <- struct{}{}:
		case <-ctx.Done():
			wg.Wait()
			return nil, ctx.Err()
		}
		wg.Go(func() {
			defer func() { <-r.Slots }()
			pages[i], errs[i] = r.page(ctx, file, i+1)
			mu.Lock()
			defer mu.Unlock()
			done++
			progress(done, n)
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return pages, allFailed(errs)
}

// page reads one page and lets go of its images. On an error it still returns a
// page, blank and with a note.
func (r *Reader) page(ctx context.Context, file *scan.File, number int) (*page.Page, error) {
	p, err := file.Page(ctx, number)
	if err == nil && !p.Blank && !p.TextLayer {
		p.Words, err = r.OCR.Read(ctx, p)
	}
	if p == nil {
		p = &page.Page{Number: number, Blank: true}
	}
	if err != nil {
		p.Words, p.Blank = nil, true
		p.Note("page not read: " + Describe(err).Message)
	}
	layout.Strokes(p)
	p.Image, p.Ruled = nil, nil // a hundred pages' images would not fit into memory
	return p, err
}

func allFailed(errs []error) error {
	for _, err := range errs {
		if err == nil {
			return nil
		}
	}
	return errors.Join(errs...)
}

func notes(pages []*page.Page) map[int][]string {
	m := map[int][]string{}
	for _, p := range pages {
		if len(p.Notes) > 0 {
			m[p.Number] = p.Notes
		}
	}
	return m
}
