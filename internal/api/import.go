package api

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/paperchart/paperchart/internal/fhir/model"
	"github.com/paperchart/paperchart/internal/store"
)

// importGroup is how many resources of an import are written at a time.
const importGroup = 200

// importFiles is $import: the body is NDJSON, every line a resource with its id,
// which is made or replaced. Nothing is fetched from addresses that a client
// names. What a line has wrong is in the file of errors, and the rest goes on.
func (a *API) importFiles(r *http.Request) (answer, error) {
	data, err := body(r)
	if err != nil {
		return answer{}, err
	}
	first, _, _ := bytes.Cut(bytes.TrimSpace(data), []byte("\n"))
	if typ, _ := identity(data); typ == "Parameters" || !bytes.HasPrefix(first, []byte("{")) {
		return answer{}, &store.Error{Code: store.NotSupported, Message: "the body of an import is NDJSON, a resource on each line; nothing is fetched from addresses"}
	}
	return a.begin(r, nil, data)
}

// importing is an import under way.
type importing struct {
	a     *API
	job   *bulkJob
	group []store.Op
	lines []int // of the group
	good  map[string]int
	bad   int
	wrong *bufio.Writer
}

func (a *API) importLines(ctx context.Context, job *bulkJob) (err error) {
	in, err := os.Open(filepath.Join(job.dir, importFile))
	if err != nil {
		return fmt.Errorf("read import: %w", err)
	}
	defer in.Close()
	errs, err := os.OpenFile(filepath.Join(job.dir, errorsFile), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write errors of import: %w", err)
	}
	x := &importing{a: a, job: job, good: map[string]int{}, wrong: bufio.NewWriter(errs)}
	err = x.run(ctx, in)
	if err = errors.Join(err, x.wrong.Flush(), errs.Close()); err != nil {
		return err
	}
	job.mu.Lock()
	defer job.mu.Unlock()
	for _, typ := range slices.Sorted(maps.Keys(x.good)) {
		job.state.Output = append(job.state.Output, bulkOutput{Type: typ, Count: x.good[typ]})
	}
	if x.bad > 0 {
		job.state.Errors = []bulkOutput{{Type: "OperationOutcome", URL: job.state.Address + "/" + errorsFile, Count: x.bad}}
	}
	return nil
}

func (x *importing) run(ctx context.Context, in io.Reader) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, int(x.a.MaxBody)+1)
	for number := 1; lines.Scan(); number++ {
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		typ, id := identity(line)
		err := x.a.validText(ctx, line)
		if err == nil && id == "" {
			err = invalid("a resource to be imported needs an id")
		}
		if err != nil {
			x.fail(number, err)
			continue
		}
		x.group, x.lines = append(x.group, store.Op{Method: "PUT", Type: typ, ID: id, Body: bytes.Clone(line)}), append(x.lines, number)
		if len(x.group) == importGroup {
			if err := x.flush(ctx); err != nil {
				return err
			}
		}
	}
	return errors.Join(x.flush(ctx), lines.Err())
}

// fail puts a line and why it is not stored into the file of errors.
func (x *importing) fail(line int, err error) {
	x.bad++
	ans := x.a.failed("import", "line", err)
	text := outcome("error", "invalid", "line "+strconv.Itoa(line)+": the resource is not stored", "")
	if rest, ok := bytes.CutPrefix(ans.body, []byte(`{"resourceType":"OperationOutcome","issue":[`)); ok {
		text = append(append(bytes.TrimSuffix(text, []byte("]}")), ','), rest...)
	}
	x.wrong.Write(append(text, '\n')) // Flush tells of an error
}

// flush writes the group at once, and where that is refused, one by one.
func (x *importing) flush(ctx context.Context) error {
	defer func() { x.group, x.lines = x.group[:0], x.lines[:0] }()
	if len(x.group) == 0 {
		return nil
	}
	x.job.mu.Lock()
	x.job.count += len(x.group)
	x.job.mu.Unlock()
	if _, err := x.a.Store.Do(ctx, x.group); err == nil {
		for _, op := range x.group {
			x.good[op.Type]++
		}
		return nil
	}
	for i, op := range x.group {
		_, err := x.a.Store.Do(ctx, []store.Op{op})
		var refusal *store.Error
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.As(err, &refusal) && refusal.Code != store.Full:
			x.fail(x.lines[i], err)
		case err != nil:
			return err
		default:
			x.good[op.Type]++
		}
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
