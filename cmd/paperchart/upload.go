package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	"github.com/spf13/cobra"

	"github.com/paperchart/paperchart/internal/pipeline"
	"github.com/paperchart/paperchart/internal/server"
)

type uploadOptions struct{ json, wait bool }

func newUpload(p *program) *cobra.Command {
	var opts uploadOptions
	cmd := &cobra.Command{
		Use:   "upload FILE|FOLDER…",
		Short: "Send documents to the server",
		Long: `Sends documents to the server, which keeps them and reads them one after another.
The same bytes are one document, however often they are sent; one that failed is
given another try.`,
		Example: "  paperchart upload chart.pdf faxes/ --wait",
		Args:    atLeast(1, "files to send"),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := p.settings(cmd)
			if err != nil {
				return err
			}
			return p.runUpload(cmd.Context(), newClient(cfg), opts, args)
		},
	}
	serverFlag(cmd)
	cmd.Flags().BoolVar(&opts.wait, "wait", false, "wait until all are read, with a progress bar on a terminal")
	cmd.Flags().BoolVar(&opts.json, "json", false, "print JSON")
	return cmd
}

func (p *program) runUpload(ctx context.Context, c *client, opts uploadOptions, args []string) error {
	files, failed := p.inputs(args)
	sent := []server.Sent{}
	for _, f := range files {
		d, err := c.send(ctx, f.path)
		if err != nil {
			var problem *pipeline.Problem
			if !errors.As(err, &problem) {
				return err
			}
			fmt.Fprintf(p.err, "%s: %s\n", f.path, err)
			failed = true
			continue
		}
		sent = append(sent, d)
	}
	if opts.wait {
		if err := p.follow(ctx, c, sent); err != nil {
			return err
		}
		for _, d := range sent {
			failed = failed || d.State == pipeline.Failed
		}
	}
	if err := p.printSent(sent, opts); err != nil {
		return err
	}
	if failed {
		return errFailed
	}
	return nil
}

func (c *client) send(ctx context.Context, path string) (server.Sent, error) {
	f, err := os.Open(path)
	if err != nil {
		return server.Sent{}, &pipeline.Problem{Code: "invalid", Message: "It can't be opened", Remedy: "Check its permissions."}
	}
	defer f.Close()
	res, err := c.do(ctx, http.MethodPost, "/api/v1/documents?name="+url.QueryEscape(filepath.Base(path)), io.NopCloser(f),
		http.Header{"Content-Type": {"application/octet-stream"}})
	if err != nil {
		return server.Sent{}, err
	}
	defer res.Body.Close()
	var answer server.Answer
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || len(answer.Documents) != 1 {
		return server.Sent{}, fmt.Errorf("the server at %s does not speak Paperchart's language", c.base)
	}
	return answer.Documents[0], nil
}

// follow waits for all documents and shows how far they are.
func (p *program) follow(ctx context.Context, c *client, sent []server.Sent) error {
	bar := p.progress("documents", len(sent))
	defer bar.end()
	var wg sync.WaitGroup
	errs := make([]error, len(sent))
	slots := make(chan struct{}, 8)
	for i := range sent {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			errs[i] = c.waitFor(ctx, &sent[i].Document)
			bar.add(1)
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

func (c *client) waitFor(ctx context.Context, d *pipeline.Document) error {
	for d.State != pipeline.Done && d.State != pipeline.Failed {
		if err := c.getJSON(ctx, "/api/v1/documents/"+d.ID+"?wait=60s", d); err != nil {
			return err
		}
	}
	return nil
}

func (p *program) printSent(sent []server.Sent, opts uploadOptions) error {
	if opts.json {
		return p.printJSON(server.Answer{Documents: sent})
	}
	for _, d := range sent {
		note := string(d.State)
		switch {
		case d.State == pipeline.Failed && d.Problem != nil:
			note = "failed: " + d.Problem.Error()
		case d.State == pipeline.Done && d.Review > 0:
			note = fmt.Sprintf("done, %d to review", d.Review)
		}
		if d.Known {
			note += " (sent before)"
		}
		fmt.Fprintf(p.out, "%s  %s  %s\n", d.ID, d.Name, note)
	}
	return nil
}
