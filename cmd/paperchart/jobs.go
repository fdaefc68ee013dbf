package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/paperchart/paperchart/internal/pipeline"
)

type jobsOptions struct{ json, watch bool }

func newJobs(p *program) *cobra.Command {
	var opts jobsOptions
	cmd := &cobra.Command{
		Use:   "jobs [ID…]",
		Short: "Show what is queued, running, done and failed, and why",
		Example: `  paperchart jobs
  paperchart jobs --watch`,
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := p.settings(cmd)
			if err != nil {
				return err
			}
			return p.runJobs(cmd.Context(), newClient(cfg), opts, args)
		},
	}
	serverFlag(cmd)
	cmd.Flags().BoolVar(&opts.json, "json", false, "print JSON")
	cmd.Flags().BoolVarP(&opts.watch, "watch", "w", false, "go on showing until interrupted, or until all is done in a pipe")
	cmd.AddCommand(newRetry(p))
	return cmd
}

func newRetry(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "retry ID…",
		Short:   "Give documents that failed another try",
		Example: "  paperchart jobs retry 3f2a9c1be07d5a44",
		Args:    atLeast(1, "the id of a document"),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := p.settings(cmd)
			if err != nil {
				return err
			}
			for _, id := range args {
				res, err := newClient(cfg).do(cmd.Context(), "POST", "/api/v1/documents/"+id+"/retry", nil, nil)
				if err != nil {
					return err
				}
				res.Body.Close()
			}
			return nil
		},
	}
	serverFlag(cmd)
	return cmd
}

func (p *program) runJobs(ctx context.Context, c *client, opts jobsOptions, ids []string) error {
	last := ""
	for {
		docs, err := c.documents(ctx)
		if err != nil {
			return err
		}
		docs = only(docs, ids)
		if opts.json {
			if err := p.printJSON(docs); err != nil || !opts.watch {
				return err
			}
		} else if now := jobTable(docs, p.colour()); now != last {
			p.redraw(now, last)
			last = now
		}
		if !opts.watch || !terminal(p.out) && settled(docs) {
			return nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(500 * time.Millisecond):
		}
	}
}

// redraw shows a table in place of the last one, where that can be done.
func (p *program) redraw(now, last string) {
	if last != "" && terminal(p.out) {
		fmt.Fprintf(p.out, "\x1b[%dA\x1b[J", strings.Count(last, "\n"))
	}
	io.WriteString(p.out, now)
}

func only(docs []pipeline.Document, ids []string) []pipeline.Document {
	if len(ids) == 0 {
		return docs
	}
	kept := []pipeline.Document{}
	for _, d := range docs {
		for _, id := range ids {
			if strings.HasPrefix(d.ID, id) || d.Name == id {
				kept = append(kept, d)
				break
			}
		}
	}
	return kept
}

func settled(docs []pipeline.Document) bool {
	for _, d := range docs {
		if d.State != pipeline.Done && d.State != pipeline.Failed {
			return false
		}
	}
	return true
}

// jobTable is the table of documents, latest first.
func jobTable(docs []pipeline.Document, colour bool) string {
	if len(docs) == 0 {
		return "No documents yet. Send some: paperchart upload FILE…\n"
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	// Who read it is told where there was a choice.
	routes := slices.ContainsFunc(docs, func(d pipeline.Document) bool { return d.Route != "" })
	title, by := "", ""
	if routes {
		title = "READ BY\t"
	}
	fmt.Fprintln(w, "ID\tSTATE\tPAGES\tPATIENTS\tREVIEW\tRECEIVED\t"+title+"DOCUMENT")
	for _, d := range docs {
		if routes {
			by = cmp.Or(d.Route, "–") + "\t"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s%s\n", d.ID, d.State, pages(d), count(d, d.Patients), count(d, d.Review),
			d.Received.Local().Format("Jan _2 15:04:05"), by, d.Name)
	}
	w.Flush()
	return paint(b.String(), docs, colour) + problems(docs)
}

// paint colours the rows after they have been aligned.
func paint(table string, docs []pipeline.Document, colour bool) string {
	if !colour {
		return table
	}
	lines := strings.Split(strings.TrimSuffix(table, "\n"), "\n")
	for i, d := range docs {
		switch d.State {
		case pipeline.Failed:
			lines[i+1] = "\x1b[31m" + lines[i+1] + "\x1b[0m"
		case pipeline.Reading, pipeline.Converting:
			lines[i+1] = "\x1b[36m" + lines[i+1] + "\x1b[0m"
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

func pages(d pipeline.Document) string {
	switch {
	case d.Pages == 0:
		return "–"
	case d.State == pipeline.Reading:
		return fmt.Sprintf("%d/%d", d.PagesDone, d.Pages)
	}
	return fmt.Sprint(d.Pages)
}

func count(d pipeline.Document, n int) string {
	if d.State != pipeline.Done {
		return "–"
	}
	return fmt.Sprint(n)
}

// problems says below the table what went wrong and what to do.
func problems(docs []pipeline.Document) string {
	var b strings.Builder
	for _, d := range docs {
		if d.Problem != nil {
			fmt.Fprintf(&b, "\n%s  %s (%s). %s\n", d.Name, d.Problem.Message, d.Problem.Code, d.Problem.Remedy)
		}
	}
	return b.String()
}
