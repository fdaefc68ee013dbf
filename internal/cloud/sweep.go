package cloud

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/paperchart/paperchart/internal/bda"
)

// maxSweep is the most open jobs of one sweep; BDA has at most 1,800 open.
const maxSweep = 2000

// sweep looks for jobs that no event ended, since events are delivered on best
// effort, and begins the next import. Each forgotten job becomes a message of its
// own, so that one that is in trouble does not hold up the rest.
func (p *Processor) sweep(ctx context.Context) error {
	open, err := p.Objects.List(ctx, p.Output, "jobs/open/", maxSweep)
	if err != nil {
		return fmt.Errorf("list open jobs: %w", err)
	}
	var errs []error
	for _, o := range open {
		job := strings.TrimSuffix(path.Base(o.Key), ".json")
		if p.Now().Sub(o.Modified) < p.Grace || !bda.ValidJob(job) {
			continue
		}
		if err := p.remind(ctx, job); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(append(errs, p.gather(ctx))...)
}

// remind asks how a job is, and sends a message where it is at its end. A job
// that goes on is left in peace until the next sweep.
func (p *Processor) remind(ctx context.Context, job string) error {
	status, err := p.BDA.Status(ctx, job)
	if err != nil && !errors.Is(err, ErrAbsent) {
		return fmt.Errorf("ask for job: %w", err)
	}
	if status.State == bda.Created || status.State == bda.InProgress {
		return nil
	}
	if err := p.Self.Send(ctx, encode(ownJob, map[string]any{"job": job}), ""); err != nil {
		return fmt.Errorf("send reminder: %w", err)
	}
	return nil
}

// mediaType is that of a file BDA reads, by its extension.
func mediaType(key string) string {
	switch strings.ToLower(path.Ext(key)) {
	case ".pdf":
		return "application/pdf"
	case ".tif", ".tiff":
		return "image/tiff"
	case ".jpg", ".jpeg":
		return "image/jpeg"
	case ".png":
		return "image/png"
	case ".docx":
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	}
	return "application/octet-stream"
}
