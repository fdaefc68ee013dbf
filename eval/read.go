package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"golang.org/x/term"

	"github.com/paperchart/paperchart/eval/score"
)

// outcome is what became of one document.
type outcome struct {
	job
	items []score.Item
	ocr   score.Errors
	boxes score.Boxes
	pages int
	// misses are for the page of mistakes, seen for fitting; both only on demand.
	misses []miss
	seen   []sighting
	// err is why it could not be read at all; then everything on it is missed.
	err error
}

// readAll reads the jobs, some at once, and returns the outcomes in their order.
func readAll(ctx context.Context, c *chain, jobs []job, o options) ([]outcome, error) {
	out := make([]outcome, len(jobs))
	errs := make([]error, len(jobs))
	var next, done atomic.Int64
	var wg sync.WaitGroup
	tty := term.IsTerminal(int(os.Stderr.Fd()))
	for range max(1, o.jobs) {
		wg.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(jobs) {
					return
				}
				out[i], errs[i] = readOne(ctx, c, jobs[i], o)
				if n := done.Add(1); tty {
					fmt.Fprintf(os.Stderr, "\r%d of %d  %-40s", n, len(jobs), jobs[i].name)
				}
			}
		})
	}
	wg.Wait()
	if tty {
		fmt.Fprint(os.Stderr, "\r\033[K")
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// readOne returns an error only where the document could not be made.
func readOne(ctx context.Context, c *chain, j job, o options) (outcome, error) {
	out := outcome{job: j}
	s, err := j.make()
	if err != nil {
		return out, fmt.Errorf("make %s: %w", j.name, err)
	}
	if o.dump != "" {
		if err := dump(o.dump, j.name, s); err != nil {
			return out, err
		}
	}
	seen := observer{}
	docs, pages, err := c.read(ctx, j.name, s, seen)
	out.err, out.pages = err, s.truth.Pages
	out.items = score.Compare(s.truth, docs)
	for i := range out.items {
		it := &out.items[i]
		it.File, it.Layout, it.Damage, it.Test = j.name, j.layout, j.damage, j.test
	}
	if o.html != "" {
		out.misses = snippets(s, out.items)
	}
	if o.fit {
		out.seen = seen.sightings(out.items)
	}
	if s.doc != nil && err == nil {
		for i, p := range pages {
			out.ocr.Add(score.Letters(s.doc.Sheets[i], s.scans[i].Place, p))
			out.boxes.Add(score.Marks(s.doc.Sheets[i], s.scans[i].Place, p))
		}
	}
	return out, nil
}

func dump(dir, name string, s *scanned) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("dump scans: %w", err)
	}
	truth, err := s.truth.JSON()
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, name+".truth.json"), truth, 0o644); err != nil {
		return fmt.Errorf("dump scans: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".pdf"), s.pdf, 0o644); err != nil {
		return fmt.Errorf("dump scans: %w", err)
	}
	return nil
}
