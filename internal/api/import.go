package api

import (
	"bufio"
	"bytes"
	"context"
	"net/http"

	"github.com/paperchart/paperchart/internal/fhir/model"
	"github.com/paperchart/paperchart/internal/store"
)

// importGroup is how many resources of an import are written at a time.
const importGroup = 200

// importFiles is $import: the body is NDJSON, every line a resource with its id,
// which is made or replaced. Nothing is fetched from addresses that a client
// names. What a line has wrong is counted, and the rest goes on.
func (a *api) importFiles(r *http.Request) (answer, error) {
	data, err := body(r)
	if err != nil {
		return answer{}, err
	}
	return a.begin(r, "", func(ctx context.Context, job *bulkJob) error { return a.importLines(ctx, data, job) })
}

func (a *api) importLines(ctx context.Context, data []byte, job *bulkJob) error {
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, int(a.MaxBody)+1)
	good, bad := map[string]int{}, 0
	var group []store.Op
	flush := func() error {
		err := a.importOps(ctx, group, good, &bad)
		job.mu.Lock()
		job.count += len(group)
		job.mu.Unlock()
		group = group[:0]
		return err
	}
	for lines.Scan() {
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		typ, id := identity(line)
		if id == "" || a.validText(ctx, line) != nil {
			bad++
			continue
		}
		group = append(group, store.Op{Method: "PUT", Type: typ, ID: id, Body: bytes.Clone(line)})
		if len(group) == importGroup {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	job.mu.Lock()
	defer job.mu.Unlock()
	for typ, n := range good {
		job.output = append(job.output, bulkOutput{Type: typ, Count: n})
	}
	if bad > 0 {
		job.errors = append(job.errors, bulkOutput{Type: "OperationOutcome", Count: bad})
	}
	return lines.Err()
}

// importOps writes a group at once, and where that is refused, one by one.
func (a *api) importOps(ctx context.Context, ops []store.Op, good map[string]int, bad *int) error {
	if len(ops) == 0 {
		return nil
	}
	if _, err := a.Store.Do(ctx, ops); err == nil {
		for _, op := range ops {
			good[op.Type]++
		}
		return nil
	}
	for _, op := range ops {
		if _, err := a.Store.Do(ctx, []store.Op{op}); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			*bad++
			continue
		}
		good[op.Type]++
	}
	return nil
}

func identity(line []byte) (typ, id string) {
	doc, err := model.Parse(line, model.Limits{})
	if err != nil {
		return "", ""
	}
	return doc.Root.ResourceType(), doc.Root.Str("id")
}
