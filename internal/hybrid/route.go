// Package hybrid lets a server of one's own have papers read by Amazon Bedrock
// Data Automation: all of them, or only the pages that it reads badly itself.
//
// What is sent is bounded by a monthly budget, kept in a Ledger that no number of
// callers and no crash can overrun. What was read once is kept there too, so
// that a document that is done again costs nothing again.
//
// A second reading never makes a value surer by itself: where both readers agree
// the surer one counts, where they differ the less sure one, so that it waits for
// a person.
package hybrid

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/api"

	"github.com/paperchart/paperchart/internal/bda"
	"github.com/paperchart/paperchart/internal/page"
	"github.com/paperchart/paperchart/internal/pipeline"
	"github.com/paperchart/paperchart/internal/result"
)

// Local is the reading on this machine, with the pages it read from.
type Local interface {
	Read(ctx context.Context, in pipeline.Input, progress pipeline.Progress) ([]result.Document, []*page.Page, error)
}

// Counter tells of a file its media type and number of pages.
type Counter func(ctx context.Context, data []byte) (mediaType string, pages int, err error)

// Extractor reads with both.
type Extractor struct {
	Local Local
	Count Counter
	BDA   *BDA
	// All sends every file to BDA; otherwise only pages below Floor go there.
	All bool
	// Floor is the confidence, 0..1, below which a page is sent.
	Floor float64
	// Retry is after how long a file is tried again for which the cloud was away.
	Retry  time.Duration
	Logger *slog.Logger
	Now    func() time.Time
	once   sync.Once
}

var _ pipeline.Extractor = (*Extractor)(nil)

// Engine is what results name that BDA read.
const Engine = "Amazon Bedrock Data Automation"

// extensions are the kinds of file BDA reads as documents, of those that are
// read here.
var extensions = map[string]string{"application/pdf": ".pdf", "image/tiff": ".tif", "image/jpeg": ".jpg", "image/png": ".png"}

// Extract implements pipeline.Extractor.
func (e *Extractor) Extract(ctx context.Context, in pipeline.Input, progress pipeline.Progress) ([]result.Document, error) {
	if e.All {
		return e.all(ctx, in, progress)
	}
	return e.some(ctx, in, progress)
}

// all has the whole file read by BDA. What it can't read, or what the budget does
// not allow, is read here.
func (e *Extractor) all(ctx context.Context, in pipeline.Input, progress pipeline.Progress) ([]result.Document, error) {
	mediaType, n, err := e.Count(ctx, in.Data)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(in.Data)
	src := result.Source{File: in.Name, SHA256: hex.EncodeToString(sum[:]), Size: int64(len(in.Data)), MediaType: mediaType,
		PageCount: n, Engine: Engine, Read: e.Now().UTC().Format(time.RFC3339), Route: "Bedrock Data Automation"}
	if extensions[mediaType] == "" || len(in.Data) > bda.MaxSize {
		return e.locally(ctx, in, progress, "local, of a kind that BDA does not take")
	}
	progress(0, n)
	docs, err := e.BDA.read(ctx, paper{sha256: src.SHA256, count: n, ext: extensions[mediaType], data: func() ([]byte, error) { return in.Data, nil }})
	switch {
	case errors.Is(err, ErrBudget):
		return e.locally(ctx, in, progress, "local, budget used up")
	case errors.Is(err, errUnread), err == nil && len(docs) == 0:
		return e.locally(ctx, in, progress, "local, BDA found nothing")
	case err != nil && ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		e.Logger.WarnContext(ctx, "the cloud is away", "error", err)
		return nil, &pipeline.Problem{Code: "cloud-away", Message: "Bedrock Data Automation does not answer",
			Remedy: "It is tried again by itself; if it stays, check credentials and network.", Wait: e.Retry}
	}
	for i := range docs {
		docs[i].Source = src
		bda.Clean(&docs[i], e.BDA.Blueprint)
	}
	progress(n, n)
	return docs, nil
}

func (e *Extractor) locally(ctx context.Context, in pipeline.Input, progress pipeline.Progress, route string) ([]result.Document, error) {
	docs, _, err := e.Local.Read(ctx, in, progress)
	for i := range docs {
		docs[i].Source.Route = route
	}
	return docs, err
}

// some reads here, and has the pages that were read badly read by BDA too. That
// the cloud is away is no reason to wait: what is unsure waits for a person anyway.
func (e *Extractor) some(ctx context.Context, in pipeline.Input, progress pipeline.Progress) ([]result.Document, error) {
	docs, pages, nothing := e.Local.Read(ctx, in, progress)
	var p *pipeline.Problem
	if nothing != nil && (!errors.As(nothing, &p) || p.Code != "nothing-read" || len(docs) == 0) {
		return docs, nothing
	}
	var sent, count int
	route := "local"
	for i := range docs {
		weak := e.weak(docs[i], docs, pages)
		if len(weak) == 0 {
			continue
		}
		count += len(weak)
		merged, err := e.second(ctx, in, docs[i], weak)
		switch {
		case err == nil:
			docs[i], sent = merged, sent+len(weak)
			continue
		case ctx.Err() != nil:
			return nil, ctx.Err()
		}
		route = "local, " + e.why(ctx, err)
	}
	if sent > 0 {
		route = fmt.Sprintf("local, %d of %d pages by Bedrock Data Automation", sent, len(pages))
		nothing = nil
	}
	if count > sent && sent > 0 {
		route += fmt.Sprintf(", %d more not", count-sent)
	}
	for i := range docs {
		docs[i].Source.Route = route
	}
	return docs, nothing
}

// why says in a few words why pages were not read a second time.
func (e *Extractor) why(ctx context.Context, err error) string {
	switch {
	case errors.Is(err, ErrBudget):
		return "budget used up"
	case errors.Is(err, errUnread):
		return "BDA found nothing"
	case errors.Is(err, errStranger):
		return "BDA read another person's name"
	}
	e.Logger.WarnContext(ctx, "the cloud is away", "error", err)
	return "the cloud was away"
}

// second has the weak pages of a document read by BDA and puts both readings
// together.
func (e *Extractor) second(ctx context.Context, in pipeline.Input, d result.Document, weak []int) (result.Document, error) {
	ext := extensions[d.Source.MediaType]
	if ext == "" || len(in.Data) > bda.MaxSize {
		return d, errUnread
	}
	p := paper{sha256: d.Source.SHA256, count: d.Source.PageCount, ext: ext, data: func() ([]byte, error) { return in.Data, nil }}
	at := func(page int) int { return page }
	if ext == ".pdf" && len(weak) < d.Source.PageCount {
		p.pages, p.count = join(weak), len(weak)
		p.data = func() ([]byte, error) { return e.trim(in.Data, weak) }
		at = func(page int) int {
			if page < 1 || page > len(weak) {
				return -1
			}
			return weak[page-1]
		}
	}
	found, err := e.BDA.read(ctx, p)
	if err != nil {
		return d, err
	}
	taken := false
	for _, f := range found {
		bda.Clean(&f, e.BDA.Blueprint)
		move(&f, at)
		if !touches(f, weak) {
			continue
		}
		if d, err = merge(d, f, weak); err != nil {
			return d, err
		}
		taken = true
	}
	if !taken {
		return d, errUnread
	}
	d.Source.Engine += ", " + Engine
	return d, nil
}

func join(pages []int) string {
	words := make([]string, len(pages))
	for i, p := range pages {
		words[i] = strconv.Itoa(p)
	}
	return strings.Join(words, ",")
}

// trim is the PDF of some pages.
func (e *Extractor) trim(data []byte, pages []int) ([]byte, error) {
	e.once.Do(api.DisableConfigDir) // otherwise it writes into the user's home
	var out bytes.Buffer
	if err := api.Trim(bytes.NewReader(data), &out, strings.Split(join(pages), ","), nil); err != nil {
		// Its errors may quote the file.
		return nil, fmt.Errorf("%w: its pages can't be parted", errUnread)
	}
	return out.Bytes(), nil
}

// weak are the numbers of a document's pages below the floor.
func (e *Extractor) weak(d result.Document, all []result.Document, pages []*page.Page) []int {
	var weak []int
	for _, i := range d.Pages {
		if i < 0 || i >= len(pages) {
			continue
		}
		if sure, ok := confidence(pages[i], all); ok && sure < e.Floor && !slices.Contains(weak, i+1) {
			weak = append(weak, i+1)
		}
	}
	slices.Sort(weak)
	return weak
}

// unread is how many letters a piece of unread ink counts for.
const unread = 4

// confidence is how well a page was read: the mean of its words', by length, or
// of the fields that were found on it, whichever is less; 0 where there is ink and no
// word. A blank page has none.
func confidence(p *page.Page, docs []result.Document) (float64, bool) {
	if slices.ContainsFunc(p.Notes, func(n string) bool { return strings.HasPrefix(n, "page not read") }) {
		return 0, true
	}
	var letters, sure float64
	for _, w := range p.Words {
		n := float64(len([]rune(w.Text)))
		if n == 0 {
			letters += unread
			continue
		}
		letters += n
		sure += n * w.Conf
	}
	if letters == 0 {
		return 0, !p.Blank
	}
	of := sure / letters
	if mean, ok := fields(p.Number, docs); ok {
		of = min(of, mean)
	}
	return of, true
}

// fields is the mean confidence of what was found on a page.
func fields(number int, docs []result.Document) (float64, bool) {
	n, sum := 0.0, 0.0
	for _, d := range docs {
		each(d, func(f result.Field) {
			if on(f) == number {
				n++
				sum += f.Confidence
			}
		})
	}
	return sum / max(n, 1), n > 0
}

func each(d result.Document, f func(result.Field)) {
	for _, x := range d.Fields {
		f(x)
	}
	for _, rows := range d.Tables {
		for _, row := range rows {
			for _, x := range row {
				f(x)
			}
		}
	}
}

// on is the page of a field's best evidence, 0 where there is none.
func on(f result.Field) int {
	if len(f.Geometry) == 0 {
		return 0
	}
	return f.Geometry[0].Page
}

// Describe gives a file's media type and number of pages with a scanner's help.
func Describe(open func(ctx context.Context, data []byte) (File, error)) Counter {
	return func(ctx context.Context, data []byte) (string, int, error) {
		f, err := open(ctx, data)
		if err != nil {
			return "", 0, err
		}
		defer f.Close()
		return f.MediaType(), f.PageCount(), nil
	}
}

// File is an open file, as package scan opens them.
type File interface {
	io.Closer
	MediaType() string
	PageCount() int
}
