package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/paperchart/paperchart/internal/pipeline"
	"github.com/paperchart/paperchart/internal/view"
)

func newResults(p *program) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "results [ID…]",
		Short: "Show what was read from documents",
		Long:  "Shows what was read from the documents named by id or file name, or from all of them.",
		Example: `  paperchart results
  paperchart results 3f2a9c1b --json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := p.settings(cmd)
			if err != nil {
				return err
			}
			return p.runResults(cmd.Context(), newClient(cfg), asJSON, args)
		},
	}
	serverFlag(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// found is a document with its results.
type found struct {
	pipeline.Document
	Results []view.View `json:"results"`
}

func (p *program) runResults(ctx context.Context, c *client, asJSON bool, ids []string) error {
	all, err := documentsRead(ctx, c, ids)
	if err != nil {
		return err
	}
	if asJSON {
		return p.printJSON(all)
	}
	for i, f := range all {
		if i > 0 {
			fmt.Fprintln(p.out)
		}
		fmt.Fprintf(p.out, "%s  %s\n", f.Name, f.ID)
		if f.State != pipeline.Done {
			fmt.Fprint(p.out, jobTable([]pipeline.Document{f.Document}, p.colour()))
			continue
		}
		fmt.Fprint(p.out, p.render(f.Results))
	}
	return nil
}

// documentsRead fetches the documents named, or all, with what was read from them.
func documentsRead(ctx context.Context, c *client, ids []string) ([]found, error) {
	docs, err := c.documents(ctx)
	if err != nil {
		return nil, err
	}
	docs = only(docs, ids)
	if len(docs) == 0 && len(ids) > 0 {
		return nil, fmt.Errorf("no document has that id or name; see paperchart jobs")
	}
	all := []found{}
	for _, d := range docs {
		f := found{Document: d}
		if d.State == pipeline.Done {
			if err := c.getJSON(ctx, "/api/v1/documents/"+d.ID+"/view", &f.Results); err != nil {
				return nil, err
			}
		}
		all = append(all, f)
	}
	return all, nil
}
