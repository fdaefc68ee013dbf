// Package ocr reads the words on a page image.
package ocr

import (
	"context"

	"github.com/paperchart/paperchart/internal/page"
)

// Engine reads one page. Read returns the words of p.Image with calibrated
// confidences and boxes in its pixels, and leaves p alone. It may be called from
// several goroutines at once and stops when ctx ends.
type Engine interface {
	Read(ctx context.Context, p *page.Page) ([]page.Word, error)
}
