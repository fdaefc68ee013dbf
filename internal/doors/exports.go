package doors

import (
	"context"
	"fmt"
	"time"

	"github.com/paperchart/paperchart/internal/bda"
)

const (
	// maxFile is the most resources of one file of an export, maxFileBytes where
	// it ends in any case.
	maxFile      = 5000
	maxFileBytes = 64 << 20
)

// exportAll writes every resource, a folder for each type. Beside AWS's files
// there is a manifest, in the words of FHIR's bulk data.
func (d *Doors) exportAll(ctx context.Context, j *lakeJob) error {
	store, err := d.opened(j.Datastore)
	if err != nil {
		return err
	}
	at := d.exporting().place(*j)
	x := exporter{d: d, job: j.ID, to: at, files: []map[string]any{}}
	began := d.Now().UTC()
	if err := store.Each(ctx, func(kind string, resource []byte) error { return x.add(ctx, kind, resource) }); err != nil {
		return err
	}
	if err := x.flush(ctx); err != nil {
		return err
	}
	return d.writeJSON(ctx, at.Bucket, at.Key+"manifest.json", map[string]any{"transactionTime": began.Format(time.RFC3339),
		"request": d.Address + "/datastore/" + j.Datastore + "/r4/$export", "requiresAccessToken": false, "output": x.files, "error": []any{}})
}

// exporter cuts resources into files.
type exporter struct {
	d     *Doors
	job   string
	to    bda.Object
	kind  string
	lines []byte
	n     int // resources in lines
	part  int // files of this type
	files []map[string]any
}

func (x *exporter) add(ctx context.Context, kind string, resource []byte) error {
	if kind != x.kind || x.n == maxFile || len(x.lines) > maxFileBytes {
		if err := x.flush(ctx); err != nil {
			return err
		}
	}
	if kind != x.kind {
		x.kind, x.part = kind, 0
	}
	x.lines = append(append(x.lines, resource...), '\n')
	x.n++
	return nil
}

func (x *exporter) flush(ctx context.Context) error {
	if x.n == 0 {
		return nil
	}
	key := fmt.Sprintf("%s%s/%s-%s-%d.ndjson", x.to.Key, x.kind, x.kind, x.job, x.part)
	if err := x.d.Objects.Write(ctx, x.to.Bucket, key, x.lines); err != nil {
		return err
	}
	x.files = append(x.files, map[string]any{"type": x.kind, "url": bda.Object{Bucket: x.to.Bucket, Key: key}.URI(), "count": x.n})
	x.lines, x.n = x.lines[:0], 0
	x.part++
	return nil
}
