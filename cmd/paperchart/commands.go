package main

import "github.com/spf13/cobra"

// commands are all commands, in the order of the help.
func (p *program) commands() []*cobra.Command {
	return []*cobra.Command{
		newUpload(p), newJobs(p), newQuery(p),
	}
}
