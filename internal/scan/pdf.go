package scan

import (
	"context"
	"errors"
	"image"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/klippa-app/go-pdfium"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/paperchart/paperchart/internal/page"
)

// memoryPages caps the sandbox's memory, in pages of 64 KiB: 1 GiB.
const memoryPages = 16 << 10

// renderer is PDFium, compiled once and instantiated for each file.
type renderer struct {
	pool  pdfium.Pool
	cache wazero.CompilationCache
}

func newRenderer() (*renderer, error) {
	config := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithMemoryLimitPages(memoryPages).
		WithCloseOnContextDone(true)
	r := &renderer{}
	if dir, err := os.UserCacheDir(); err == nil {
		// Compiled code is kept between runs: a start takes 0.1 s, not 5.
		if cache, err := wazero.NewCompilationCacheWithDir(filepath.Join(dir, "paperchart")); err == nil {
			r.cache = cache
			config = config.WithCompilationCache(cache)
		}
	}
	n := max(2, runtime.NumCPU())
	pool, err := webassembly.Init(webassembly.Config{
		MinIdle: 0, MaxIdle: n, MaxTotal: 2 * n, RuntimeConfig: config,
		FSConfig: wazero.NewFSConfig(), // no files at all
		Stdout:   io.Discard, Stderr: io.Discard,
	})
	if err != nil {
		return nil, err
	}
	r.pool = pool
	return r, nil
}

// instance waits for a free instance while ctx allows.
func (r *renderer) instance(ctx context.Context) (pdfium.Pdfium, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		instance, err := r.pool.GetInstance(time.Second)
		if err == nil || !strings.Contains(err.Error(), "idle object") {
			return instance, err
		}
	}
}

func (r *renderer) close() error {
	err := r.pool.Close()
	if r.cache != nil {
		err = errors.Join(err, r.cache.Close(context.Background()))
	}
	return err
}

// pdfFile is an open PDF. PDFium is not safe for concurrent use, so calls take turns.
type pdfFile struct {
	mu       sync.Mutex
	instance pdfium.Pdfium
	doc      references.FPDF_DOCUMENT
	pages    int
	pixels   int
}

func (s *Scanner) openPDF(ctx context.Context, data []byte, pixels int) (source, error) {
	s.once.Do(func() { s.pdf, s.err = newRenderer() })
	if s.err != nil {
		return nil, s.err
	}
	instance, err := s.pdf.instance(ctx)
	if err != nil {
		return nil, err
	}
	f := &pdfFile{instance: instance, pixels: pixels}
	if err := f.open(data); err != nil {
		instance.Close()
		return nil, err
	}
	return f, nil
}

func (f *pdfFile) open(data []byte) error {
	doc, err := f.instance.OpenDocument(&requests.OpenDocument{File: &data})
	switch {
	case errors.Is(err, pdfiumerrors.ErrPassword), errors.Is(err, pdfiumerrors.ErrSecurity):
		return encrypted
	case err != nil:
		return damaged
	}
	f.doc = doc.Document
	n, err := f.instance.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: f.doc})
	if err != nil {
		return damaged
	}
	f.pages = n.PageCount
	return nil
}

func (f *pdfFile) count() int { return f.pages }

func (f *pdfFile) close() error { return f.instance.Close() }

func (f *pdfFile) page(i int) requests.Page {
	return requests.Page{ByIndex: &requests.PageByIndex{Document: f.doc, Index: i}}
}

func (f *pdfFile) raster(ctx context.Context, i int) (*image.Gray, int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, 0, err
	}
	size, err := f.instance.GetPageSize(&requests.GetPageSize{Page: f.page(i)})
	if err != nil {
		return nil, 0, damaged
	}
	res := f.resolution(size.Width, size.Height)
	if res == 0 {
		return nil, 0, tooLarge
	}
	if g, res, ok := f.embedded(i, size.Width, size.Height); ok {
		return g, res, nil
	}
	out, err := f.instance.RenderPageInDPI(&requests.RenderPageInDPI{
		Page: f.page(i), DPI: res, ImageFormat: requests.RenderImageFormatGrayscale,
	})
	if err != nil {
		return nil, 0, damaged
	}
	defer out.Cleanup()
	g, ok := out.Result.RenderedImage.(*image.Gray)
	if !ok {
		return nil, 0, damaged
	}
	return cloneGray(g), res, nil // the sandbox's memory goes away
}

// resolution is 300 dpi, less for pages larger than paper, 0 where even 100 dpi
// would be too many pixels. Width and height are in points.
func (f *pdfFile) resolution(width, height float64) int {
	if width <= 0 || height <= 0 {
		return 0
	}
	most := math.Sqrt(float64(f.pixels) / (width / 72 * height / 72))
	if most < 100 {
		return 0
	}
	return int(math.Min(dpi, most))
}

func (f *pdfFile) text(ctx context.Context, number int) (*page.Page, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return f.layer(number), nil
}

func cloneGray(g *image.Gray) *image.Gray {
	b := g.Bounds()
	out := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	for y := range b.Dy() {
		copy(out.Pix[y*out.Stride:], g.Pix[y*g.Stride:y*g.Stride+b.Dx()])
	}
	return out
}
