package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/paperchart/paperchart/internal/app"
)

// commands are all commands, in the order of the help.
func (p *program) commands() []*cobra.Command {
	return []*cobra.Command{
		newDigitize(p), newServe(p), newUpload(p), newJobs(p), newResults(p), newReview(p), newQuery(p), newImport(p), newExport(p), newValidate(p), newBlueprint(p), newTerms(p), newAWS(p), newVersion(p),
	}
}

func newVersion(p *program) *cobra.Command {
	return &cobra.Command{Use: "version", Short: "Print the version", Args: atMost(0), RunE: func(*cobra.Command, []string) error {
		_, err := fmt.Fprintln(p.out, "paperchart", app.Version)
		return err
	}}
}
