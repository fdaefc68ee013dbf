package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/paperchart/paperchart/internal/view"
)

func newReview(p *program) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "review [ID…]",
		Short: "Show what a person should check, and on which page",
		Long: `Shows the facts that wait for a person: below their threshold, or contradicting
their page. Without an id or file name, those of all documents. What is shown is in
the FHIR store too, tagged needs-review.`,
		Example: `  paperchart review
  paperchart review 3f2a9c1b --json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := p.settings(cmd)
			if err != nil {
				return err
			}
			return p.runReview(cmd.Context(), newClient(cfg), asJSON, args)
		},
	}
	serverFlag(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (p *program) runReview(ctx context.Context, c *client, asJSON bool, ids []string) error {
	all, err := documentsRead(ctx, c, ids)
	if err != nil {
		return err
	}
	waiting := []found{}
	for _, f := range all {
		f.Results = toCheck(f.Results)
		if len(f.Results) > 0 {
			waiting = append(waiting, f)
		}
	}
	if asJSON {
		return p.printJSON(waiting)
	}
	if len(waiting) == 0 {
		fmt.Fprintln(p.out, "Nothing waits for a person.")
	}
	for i, f := range waiting {
		if i > 0 {
			fmt.Fprintln(p.out)
		}
		fmt.Fprintf(p.out, "%s  %s\n%s", f.Name, f.ID, p.render(f.Results))
	}
	return nil
}

// toCheck are the views that hold something for a person, with nothing else in them.
func toCheck(views []view.View) []view.View {
	var out []view.View
	for _, v := range views {
		if v.Review == 0 {
			continue
		}
		var kept []view.Section
		for _, s := range v.Sections {
			var rows []view.Row
			for _, r := range s.Rows {
				if r.Review {
					rows = append(rows, r)
				}
			}
			if len(rows) > 0 {
				kept = append(kept, view.Section{Name: s.Name, Rows: rows})
			}
		}
		v.Sections = kept
		out = append(out, v)
	}
	return out
}
