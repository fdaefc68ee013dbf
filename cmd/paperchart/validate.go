package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

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
		Long: `Checks JSON resources, Bundles and NDJSON files (by their ending, .ndjson) against
FHIR R4 and, where meta.profile names it, US Core. "-" is standard input. The exit
status is 1 where a resource is not valid.`,
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
	if !strings.HasSuffix(name, ".ndjson") {
		data, err := io.ReadAll(in)
		if err != nil {
			return errors.New("it can't be read")
		}
		return c.resource(ctx, name, 0, data)
	}
	lines := bufio.NewReaderSize(in, 1<<20)
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			if err := c.resource(ctx, name, n, line); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errors.New("it can't be read")
		}
	}
}

// resource checks one resource; line is its line in an NDJSON file, else 0.
func (c *checker) resource(ctx context.Context, name string, line int, data []byte) error {
	progress := c.bar.pages()
	progress(0, 1)
	issues := c.v.Validate(ctx, data)
	progress(1, 1)
	if err := ctx.Err(); err != nil {
		return err
	}
	c.checked++
	if validate.Failed(issues) {
		c.invalid++
	}
	if c.opts.json {
		return c.p.printJSONLine(map[string]any{"file": name, "line": line, "outcome": validate.Outcome(issues)})
	}
	for _, i := range issues {
		if i.Severity != validate.Error && !c.opts.warnings {
			continue
		}
		at := i.Line
		if line > 0 {
			at = line
		}
		text := fmt.Sprintf("%s:%d:%d: %s: %s\n", name, at, i.Column, i.Severity, i.Message)
		if i.Expression != "" {
			text = fmt.Sprintf("%s:%d:%d: %s: %s: %s\n", name, at, i.Column, i.Severity, i.Expression, i.Message)
		}
		c.bar.print(c.p.out, text)
	}
	return nil
}
