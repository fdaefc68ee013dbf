package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/validate"
)

type validateOptions struct {
	json, warnings bool
	level          string
}

func newValidate(p *program) *cobra.Command {
	var opts validateOptions
	cmd := &cobra.Command{
		Use:   "validate FILE…",
		Short: "Check FHIR R4 resources, Bundles and NDJSON",
		Long: `Checks JSON resources, Bundles and NDJSON files against and, where meta.profile names it, US Core. "-" is standard input. The exit status
is 1 where a resource is not valid.`,
		Example: `  paperchart validate out/chart/bundle.json
  paperchart validate out/chart/ndjson/*.ndjson --json`,
		Args: atLeast(1, "files to check"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.runValidate(cmd.Context(), opts, args)
		},
	}
	cmd.Flags().BoolVar(&opts.json, "json", false, "print a JSON line with an OperationOutcome for each resource")
	cmd.Flags().BoolVar(&opts.warnings, "warnings", false, "show warnings too")
	cmd.Flags().StringVar(&opts.level, "level", "strict", "how much is checked: strict, structure-only, minimal")
	return cmd
}

var levels = map[string]validate.Level{"strict": validate.Strict, "structure-only": validate.Structure, "minimal": validate.Minimal}

func (p *program) runValidate(ctx context.Context, opts validateOptions, files []string) error {
	level, ok := levels[opts.level]
	if !ok {
		return usagef("level is %q; it is strict, structure-only or minimal", opts.level)
	}
	table, err := definition.Load()
	if err != nil {
		return err
	}
	c := &checker{p: p, opts: opts, v: validate.New(table, validate.Options{Level: level}), bar: p.progress("resources", 0)}
	for _, f := range files {
		if err := c.file(ctx, f); err != nil {
			c.bar.print(p.err, fmt.Sprintf("%s: %s\n", f, err))
			c.invalid++
		}
	}
	c.bar.end()
	if !opts.json {
		fmt.Fprintf(p.out, "%d checked, %d not valid\n", c.checked, c.invalid)
	}
	if c.invalid > 0 {
		return errFailed
	}
	return nil
}

// checker goes through files and reports.
type checker struct {
	p                *program
	opts             validateOptions
	v                *validate.Validator
	bar              *bar
	checked, invalid int
}

func (c *checker) file(ctx context.Context, name string) error {
	in := io.Reader(c.p.in)
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return errors.New("it can't be opened")
		}
		defer f.Close()
		in = f
	}
	done := c.bar.pages()
	n := 0
	err := c.v.Stream(ctx, in, func(r validate.Result) error {
		n++
		done(n, n)
		return c.report(name, r)
	})
	if err == nil && n == 0 {
		return errors.New("it holds no resource")
	}
	return err
}

func (c *checker) report(name string, r validate.Result) error {
	c.checked++
	if validate.Failed(r.Issues) {
		c.invalid++
	}
	if c.opts.json {
		return c.p.printJSONLine(map[string]any{"file": name, "line": r.Line, "outcome": validate.Outcome(r.Issues)})
	}
	for _, i := range r.Issues {
		if i.Severity == validate.Error || c.opts.warnings {
			c.bar.print(c.p.out, name+":"+i.String()+"\n")
		}
	}
	return nil
}
