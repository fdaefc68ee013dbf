package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/paperchart/paperchart/internal/app"
	"github.com/paperchart/paperchart/internal/pipeline"
	"github.com/paperchart/paperchart/internal/view"
)

type digitizeOptions struct {
	out  string
	json bool
}

func newDigitize(p *program) *cobra.Command {
	var opts digitizeOptions
	cmd := &cobra.Command{
		Use:   "digitize FILE|FOLDER…",
		Short: "Read scans into FHIR, no server needed",
		Long: `Reads PDF, TIFF, PNG and JPEG files and writes, for each, into a folder of its name:

  result.json          the fields, each with its confidence and its place on the page
  bundle.json          FHIR R4, as a transaction Bundle
  ndjson/<Type>.ndjson the same resources, one a line

A file that can't be read is reported with the reason; the others go on.`,
		Example: `  paperchart digitize chart.pdf
  paperchart digitize faxes/ lab.tif -o out --json`,
		Args: atLeast(1, "files to read"),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := p.settings(cmd)
			if err != nil {
				return err
			}
			return p.runDigitize(cmd.Context(), cfg, opts, args)
		},
	}
	cmd.Flags().StringVarP(&opts.out, "output", "o", ".", "folder to write to")
	cmd.Flags().BoolVar(&opts.json, "json", false, "print JSON instead of the results view")
	engineFlags(cmd)
	return cmd
}

// digitized is what became of one file.
type digitized struct {
	File    string            `json:"file"`
	Output  string            `json:"output,omitempty"`
	Problem *pipeline.Problem `json:"problem,omitempty"`
	Results []view.View       `json:"results,omitempty"`
}

func (p *program) runDigitize(ctx context.Context, cfg app.Config, opts digitizeOptions, args []string) error {
	engine, err := app.NewEngine(ctx, cfg)
	if err != nil {
		return err
	}
	defer engine.Close()
	files, failed := p.inputs(args)
	bar := p.progress("pages", 0)
	all := []digitized{}
	for _, next := range p.digitizeAll(ctx, engine, opts, files, bar) {
		d := <-next
		failed = failed || d.Problem != nil
		all = append(all, d)
		if !opts.json {
			p.printDigitized(d, len(files) > 1, bar)
		}
	}
	bar.end()
	if err := ctx.Err(); err != nil {
		return err
	}
	if opts.json {
		if err := p.printJSON(all); err != nil {
			return err
		}
	}
	if failed {
		return errFailed
	}
	return nil
}

// digitizeAll reads two files at once, so that the next one's first pages fill
// the cores while the last page of this one is read. Each file's channel gives
// what became of it.
func (p *program) digitizeAll(ctx context.Context, engine *app.Engine, opts digitizeOptions, files []input, bar *bar) []chan digitized {
	all := make([]chan digitized, len(files))
	for i := range all {
		all[i] = make(chan digitized, 1)
	}
	next := make(chan int, len(files))
	for i := range files {
		next <- i
	}
	close(next)
	for range 2 {
		go func() {
			for i := range next {
				all[i] <- p.digitize(ctx, engine, filepath.Join(opts.out, files[i].out), files[i].path, bar)
			}
		}()
	}
	return all
}

// digitize reads one file and writes what became of it to dir.
func (p *program) digitize(ctx context.Context, engine *app.Engine, dir, path string, bar *bar) digitized {
	d := digitized{File: path}
	fail := func(err error) digitized {
		problem := pipeline.Describe(err)
		d.Problem = &problem
		return d
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return fail(&pipeline.Problem{Code: "unreadable", Message: "It can't be opened", Remedy: "Check its permissions."})
	}
	files, results, err := engine.Digitize(ctx, pipeline.Input{Name: filepath.Base(path), Data: data}, bar.pages())
	if err != nil {
		return fail(err)
	}
	if err := writeAll(dir, files); err != nil {
		return fail(&pipeline.Problem{Code: "unwritable", Message: "Its output can't be written", Remedy: "Check the folder named by -o, and the space on the disk."})
	}
	if d.Results, err = engine.Views(results); err != nil {
		return fail(err)
	}
	d.Output = dir
	return d
}

// writeAll writes the files of one input in place of an earlier run's.
func writeAll(dir string, files []pipeline.File) error {
	if err := os.RemoveAll(filepath.Join(dir, "ndjson")); err != nil {
		return err
	}
	old, _ := filepath.Glob(filepath.Join(escapeGlob(dir), "result-*.json"))
	for _, path := range old {
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	for _, f := range files {
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// escapeGlob takes the meaning from the signs of a pattern in a folder's name.
func escapeGlob(dir string) string {
	return strings.NewReplacer(`*`, `\*`, `?`, `\?`, `[`, `\[`, `\`, `\\`).Replace(dir)
}

func (p *program) render(views []view.View) string {
	return app.RenderAll(views, view.Style{Colour: p.colour(), Width: p.width()})
}

func (p *program) printDigitized(d digitized, several bool, bar *bar) {
	if d.Problem != nil {
		bar.print(p.err, fmt.Sprintf("%s: %s\n", d.File, d.Problem.Error()))
		return
	}
	text := p.render(d.Results) + "Written to " + d.Output + "\n"
	if several {
		text = d.File + "\n" + text + "\n"
	}
	bar.print(p.out, text)
}
