package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

type exportOptions struct {
	out, since, group string
	types             []string
	bundle, json      bool
}

func newExport(p *program) *cobra.Command {
	var opts exportOptions
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the server's FHIR resources to NDJSON files or a Bundle",
		Long: `Asks the server for a bulk export ($export) and writes it into a folder: a file for
each resource type with a resource on each line, or one Bundle. What paperchart
export wrote, paperchart import stores.`,
		Example: `  paperchart export -o backup
  paperchart export -o labs --type Observation,DiagnosticReport --since 2026-01-01
  paperchart export -o chart --bundle`,
		Args: atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := p.settings(cmd)
			if err != nil {
				return err
			}
			return p.runExport(cmd.Context(), newClient(cfg), opts)
		},
	}
	serverFlag(cmd)
	f := cmd.Flags()
	f.StringVarP(&opts.out, "out", "o", "export", "folder to write into; it is made where it is not there")
	f.StringSliceVarP(&opts.types, "type", "t", nil, "resource types, all where none is named")
	f.StringVar(&opts.since, "since", "", "only what was stored since then, such as 2026-01-31 or 2026-01-31T08:00:00Z")
	f.StringVar(&opts.group, "group", "", "only the records of the patients of the Group with this id")
	f.BoolVar(&opts.bundle, "bundle", false, "write one Bundle instead, export.json")
	f.BoolVar(&opts.json, "json", false, "print JSON")
	return cmd
}

// exported is one file that was written.
type exported struct {
	File  string `json:"file"`
	Type  string `json:"type"`
	Count int    `json:"count"`
	url   string
}

func (p *program) runExport(ctx context.Context, c *client, opts exportOptions) error {
	query, err := exportQuery(opts)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(opts.out, 0o755); err != nil {
		return fmt.Errorf("the folder %s can't be made: check its parent's permissions", opts.out)
	}
	total, err := c.count(ctx, opts.types)
	if err != nil {
		return err
	}
	bar := p.progress("resources", total)
	files, err := c.export(ctx, query, opts, bar)
	bar.end()
	if err != nil {
		return err
	}
	return p.printExported(files, opts)
}

func exportQuery(opts exportOptions) (string, error) {
	query := url.Values{}
	if len(opts.types) > 0 {
		query.Set("_type", strings.Join(opts.types, ","))
	}
	if opts.since != "" {
		since, err := time.Parse(time.RFC3339, opts.since)
		if err != nil {
			since, err = time.ParseInLocation(time.DateOnly, opts.since, time.Local)
		}
		if err != nil {
			return "", usagef("--since %q is no time; write one such as 2026-01-31 or 2026-01-31T08:00:00Z", opts.since)
		}
		query.Set("_since", since.UTC().Format(time.RFC3339))
	}
	path := fhirPath + "/$export"
	if opts.group != "" {
		path = fhirPath + "/Group/" + url.PathEscape(opts.group) + "/$export"
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return path, nil
}

// count is how many resources there are to export at most.
func (c *client) count(ctx context.Context, types []string) (int, error) {
	query := "?_summary=count"
	if len(types) > 0 {
		query += "&_type=" + url.QueryEscape(strings.Join(types, ","))
	}
	var set searchSet
	if err := c.getJSON(ctx, fhirPath+query, &set); err != nil {
		return 0, err
	}
	if set.Total == nil {
		return 0, nil
	}
	return *set.Total, nil
}

// export has the server make the files, fetches them, and has it forget them.
func (c *client) export(ctx context.Context, query string, opts exportOptions, bar *bar) ([]exported, error) {
	res, err := c.do(ctx, http.MethodGet, query, nil, http.Header{"Prefer": {"respond-async"}, "Accept": {"application/fhir+json"}})
	if err != nil {
		return nil, err
	}
	res.Body.Close()
	job, err := url.Parse(res.Header.Get("Content-Location"))
	if err != nil || job.Path == "" {
		return nil, fmt.Errorf("the server at %s began no export", c.base)
	}
	defer func() {
		if res, err := c.do(context.WithoutCancel(ctx), http.MethodDelete, job.Path, nil, nil); err == nil {
			res.Body.Close()
		}
	}()
	files, err := c.awaitExport(ctx, job.Path, bar)
	if err != nil {
		return nil, err
	}
	if opts.bundle {
		return c.fetchBundle(ctx, files, opts.out)
	}
	for i := range files {
		files[i].File = filepath.Join(opts.out, files[i].Type+".ndjson")
		if err := writeWhole(files[i].File, func(w io.Writer) error { return c.fetch(ctx, files[i].url, w) }); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// awaitExport asks for the state of the job until it is done.
func (c *client) awaitExport(ctx context.Context, job string, bar *bar) ([]exported, error) {
	seen := 0
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, 2*time.Second) {
		res, err := c.do(ctx, http.MethodGet, job, nil, nil)
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			return nil, fmt.Errorf("ask server: %w", err)
		}
		if res.StatusCode == http.StatusOK {
			return manifest(data)
		}
		done, _, _ := strings.Cut(res.Header.Get("X-Progress"), " ")
		if n, err := strconv.Atoi(done); err == nil && n > seen {
			bar.add(n - seen)
			seen = n
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(wait):
		}
	}
}

func manifest(data []byte) ([]exported, error) {
	var m struct {
		Output []struct {
			Type, URL string
			Count     int
		}
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("read the export's list of files: %w", err)
	}
	var files []exported
	for _, o := range m.Output {
		u, err := url.Parse(o.URL)
		if err != nil || !typeName.MatchString(o.Type) { // it becomes a file's name
			return nil, errors.New("the export's list of files is not one")
		}
		files = append(files, exported{Type: o.Type, Count: o.Count, url: u.Path})
	}
	return files, nil
}

func (c *client) fetch(ctx context.Context, path string, w io.Writer) error {
	res, err := c.do(ctx, http.MethodGet, path, nil, http.Header{"Accept": {"application/fhir+ndjson"}})
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if _, err := io.Copy(w, res.Body); err != nil {
		return fmt.Errorf("fetch file of export: %w", err)
	}
	return nil
}

// fetchBundle writes all files into one Bundle, a resource at a time.
func (c *client) fetchBundle(ctx context.Context, files []exported, dir string) ([]exported, error) {
	all := exported{File: filepath.Join(dir, "export.json"), Type: "Bundle"}
	err := writeWhole(all.File, func(w io.Writer) error {
		b := &bundleLines{w: w}
		io.WriteString(w, `{"resourceType":"Bundle","type":"collection"`)
		for _, f := range files {
			if err := c.fetch(ctx, f.url, b); err != nil {
				return err
			}
		}
		all.Count = b.n
		_, err := io.WriteString(w, b.end())
		return err
	})
	return []exported{all}, err
}

// bundleLines makes entries of a Bundle out of lines of NDJSON. What is written
// need not end where a line does.
type bundleLines struct {
	w    io.Writer
	rest bytes.Buffer
	n    int
}

func (b *bundleLines) Write(p []byte) (int, error) {
	b.rest.Write(p)
	for {
		i := bytes.IndexByte(b.rest.Bytes(), '\n')
		if i < 0 {
			return len(p), nil
		}
		line := bytes.TrimSpace(b.rest.Next(i + 1))
		if len(line) == 0 {
			continue
		}
		before := ",\n"
		if b.n == 0 {
			before = ",\"entry\":[\n"
		}
		b.n++
		if _, err := fmt.Fprintf(b.w, "%s{\"resource\":%s}", before, line); err != nil {
			return 0, err
		}
	}
}

func (b *bundleLines) end() string {
	if b.n == 0 {
		return "}\n"
	}
	return "\n]}\n"
}

// writeWhole writes a file beside its place and moves it there when it is whole.
func writeWhole(path string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".export-*")
	if err != nil {
		return fmt.Errorf("the folder %s can't be written to: check its permissions", filepath.Dir(path))
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	out := bufio.NewWriterSize(f, 1<<16)
	if err := errors.Join(write(out), out.Flush(), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func (p *program) printExported(files []exported, opts exportOptions) error {
	if opts.json {
		if files == nil {
			files = []exported{}
		}
		return p.printJSON(map[string]any{"files": files})
	}
	if len(files) == 0 {
		fmt.Fprintln(p.out, "There is nothing to export.")
	}
	for _, f := range files {
		fmt.Fprintf(p.out, "%s: %d resources\n", f.File, f.Count)
	}
	return nil
}
