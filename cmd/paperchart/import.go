package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

type importOptions struct{ json bool }

func newImport(p *program) *cobra.Command {
	var opts importOptions
	cmd := &cobra.Command{
		Use:   "import FILE|FOLDER…",
		Short: "Store FHIR resources from NDJSON files and Bundles",
		Long: `Sends FHIR to the server: NDJSON with a resource on each line, Bundles, and single
resources, plain or gzipped; of a folder, everything in it that ends in .ndjson,
.jsonl or .json, or those and .gz.

A resource that has an id is stored under it, and replaces what is there; the same
file twice changes nothing. A transaction Bundle is carried out as one: all of it or
nothing. Of everything else, what is refused is named with its line, and the rest
is stored.`,
		Example: `  paperchart import export/                    what paperchart export wrote
  paperchart import Patient.ndjson bundle.json --json`,
		Args: atLeast(1, "files to store"),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := p.settings(cmd)
			if err != nil {
				return err
			}
			return p.runImport(cmd.Context(), newClient(cfg), opts, args)
		},
	}
	serverFlag(cmd)
	cmd.Flags().BoolVar(&opts.json, "json", false, "print JSON")
	return cmd
}

// imported is what became of one file.
type imported struct {
	File     string    `json:"file"`
	Stored   int       `json:"stored"`
	Failed   int       `json:"failed"`
	Problems []problem `json:"problems,omitempty"`
}

// problem is why something of a file was not stored. Line is 0 where it is the
// whole file.
type problem struct {
	Line    int    `json:"line,omitempty"`
	Message string `json:"message"`
}

// maxProblems bounds what is kept of one file's.
const maxProblems = 100

func (f *imported) fail(line int, err error) {
	f.Failed++
	if len(f.Problems) < maxProblems {
		f.Problems = append(f.Problems, problem{Line: line, Message: err.Error()})
	}
}

func (p *program) runImport(ctx context.Context, c *client, opts importOptions, args []string) error {
	var paths []string
	files := []imported{}
	for _, arg := range args {
		found, err := expandFolder(arg, fhirEndings)
		if err != nil {
			f := imported{File: arg}
			f.fail(0, err)
			files = append(files, f)
		}
		paths = append(paths, found...)
	}
	bar := p.progress("KB", kilobytes(paths))
	for _, path := range paths {
		f, err := c.importFile(ctx, path, bar)
		if err != nil {
			bar.end()
			return err
		}
		files = append(files, f)
	}
	bar.end()
	return p.printImported(files, opts)
}

func kilobytes(paths []string) (total int) {
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil {
			total += int(info.Size() >> 10)
		}
	}
	return total
}

func (p *program) printImported(files []imported, opts importOptions) error {
	stored, failed := 0, 0
	for _, f := range files {
		stored, failed = stored+f.Stored, failed+f.Failed
		if !opts.json {
			p.printFile(f)
		}
	}
	if opts.json {
		if err := p.printJSON(map[string]any{"files": files, "stored": stored, "failed": failed}); err != nil {
			return err
		}
	} else if len(files) > 1 {
		fmt.Fprintf(p.out, "%d stored, %d failed\n", stored, failed)
	}
	if failed > 0 {
		return errFailed
	}
	return nil
}

func (p *program) printFile(f imported) {
	for _, w := range f.Problems {
		at := f.File
		if w.Line > 0 {
			at += fmt.Sprintf(":%d", w.Line)
		}
		fmt.Fprintf(p.err, "%s: %s\n", at, w.Message)
	}
	if f.Failed > len(f.Problems) {
		fmt.Fprintf(p.err, "%s: and %d more\n", f.File, f.Failed-len(f.Problems))
	}
	if f.Stored > 0 || f.Failed == 0 {
		fmt.Fprintf(p.out, "%s: %d stored\n", f.File, f.Stored)
	}
}

// importGroup and importBytes are how much is sent at a time.
const (
	importGroup = 500
	importBytes = 8 << 20
)

// importFile stores one file. The error is that of the server being out of reach;
// what is wrong with the file stands in the result.
func (c *client) importFile(ctx context.Context, path string, bar *bar) (imported, error) {
	out := imported{File: path}
	var group []item
	size := 0
	flush := func() error {
		err := c.store(ctx, group, &out)
		group, size = group[:0], 0
		return err
	}
	err := readFHIR(path, bar, func(it item) error {
		if it.bundle != nil {
			return c.storeBundle(ctx, it, &out)
		}
		group = append(group, it)
		if size += len(it.resource); len(group) < importGroup && size < importBytes {
			return nil
		}
		return flush()
	})
	var wrong badFile
	if errors.As(err, &wrong) {
		out.fail(wrong.line, wrong.error)
		err = nil
	}
	if err == nil {
		err = flush()
	}
	slices.SortStableFunc(out.Problems, func(a, b problem) int { return a.Line - b.Line })
	return out, err
}

// store writes a group at once; where the server refuses that, each by itself, so
// that one bad resource does not keep the others out.
func (c *client) store(ctx context.Context, group []item, out *imported) error {
	var good []item
	for _, it := range group {
		if err := it.check(); err != nil {
			out.fail(it.line, err)
			continue
		}
		good = append(good, it)
	}
	if len(good) == 0 {
		return nil
	}
	_, err := c.postBundle(ctx, bundleOf("transaction", good))
	if err == nil {
		out.Stored += len(good)
		return nil
	}
	var refused *refusedError
	if !errors.As(err, &refused) {
		return err
	}
	if len(good) == 1 {
		out.fail(good[0].line, refused)
		return nil
	}
	answer, err := c.postBundle(ctx, bundleOf("batch", good))
	if errors.As(err, &refused) { // too much at once, or too deep
		for i := range good {
			if err := c.store(ctx, good[i:i+1], out); err != nil {
				return err
			}
		}
		return nil
	}
	if err != nil {
		return err
	}
	return countEntries(answer, good, out)
}

func bundleOf(kind string, items []item) []byte {
	var b bytes.Buffer
	b.WriteString(`{"resourceType":"Bundle","type":"` + kind + `","entry":[`)
	for i, it := range items {
		if i > 0 {
			b.WriteByte(',')
		}
		method, url := "PUT", it.kind+"/"+it.id
		if it.id == "" {
			method, url = "POST", it.kind
		}
		b.WriteByte('{')
		if strings.HasPrefix(it.fullURL, "urn:") {
			full, _ := json.Marshal(it.fullURL) // a string always has a JSON form
			b.WriteString(`"fullUrl":` + string(full) + `,`)
		}
		b.WriteString(`"resource":`)
		b.Write(it.resource)
		b.WriteString(`,"request":{"method":"` + method + `","url":"` + url + `"}}`)
	}
	b.WriteString(`]}`)
	return b.Bytes()
}

// countEntries reads the answer to a batch.
func countEntries(answer []byte, items []item, out *imported) error {
	var said struct {
		Entry []struct {
			Response struct {
				Status  string          `json:"status"`
				Outcome json.RawMessage `json:"outcome"`
			} `json:"response"`
		} `json:"entry"`
	}
	if err := json.Unmarshal(answer, &said); err != nil || len(said.Entry) != len(items) {
		return fmt.Errorf("the server's answer to a batch is not one")
	}
	for i, e := range said.Entry {
		if strings.HasPrefix(e.Response.Status, "2") {
			out.Stored++
			continue
		}
		why := outcomeText(e.Response.Outcome)
		if why == "" {
			why = "the server answered " + e.Response.Status
		}
		out.fail(items[i].line, errors.New(why))
	}
	return nil
}

// storeBundle carries out a Bundle that is a transaction or a batch.
func (c *client) storeBundle(ctx context.Context, it item, out *imported) error {
	answer, err := c.postBundle(ctx, it.bundle)
	var refused *refusedError
	if errors.As(err, &refused) {
		out.fail(it.line, refused)
		return nil
	}
	if err != nil {
		return err
	}
	items := make([]item, it.entries)
	for i := range items {
		items[i].line = it.line
	}
	return countEntries(answer, items, out)
}

// refusedError is a refusal that is about what was sent, not about the server.
type refusedError struct{ error }

func (c *client) postBundle(ctx context.Context, bundle []byte) ([]byte, error) {
	res, err := c.do(ctx, http.MethodPost, fhirPath, bytes.NewReader(bundle), http.Header{
		"Content-Type": {"application/fhir+json"}, "Accept": {"application/fhir+json"}, "Prefer": {"return=minimal, handling=lenient"}})
	if err != nil {
		var answered *answeredError
		if errors.As(err, &answered) && (answered.status == 400 || answered.status == 404 || answered.status == 409 || answered.status == 412 || answered.status == 413 || answered.status == 422) {
			return nil, &refusedError{err}
		}
		return nil, err
	}
	defer res.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(res.Body); err != nil {
		return nil, fmt.Errorf("read answer: %w", err)
	}
	return b.Bytes(), nil
}
