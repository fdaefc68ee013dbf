package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/paperchart/paperchart/blueprint"
	"github.com/paperchart/paperchart/internal/convert"
	"github.com/paperchart/paperchart/internal/extract"
	"github.com/paperchart/paperchart/internal/ocr"
	"github.com/paperchart/paperchart/internal/pipeline"
	"github.com/paperchart/paperchart/internal/result"
	"github.com/paperchart/paperchart/internal/scan"
	"github.com/paperchart/paperchart/internal/terms"
	"github.com/paperchart/paperchart/internal/view"
)

// Engine is both halves of the pipeline, ready to read files.
type Engine struct {
	Reader    *pipeline.Reader
	Converter *Converter
	Terms     *terms.Set
	scanner   *scan.Scanner
}

// NewEngine makes an engine of the settings. It fails where the blueprint is no
// good or Tesseract is missing.
func NewEngine(ctx context.Context, cfg Config) (*Engine, error) {
	set, err := loadBlueprints(cfg)
	if err != nil {
		return nil, err
	}
	vocabulary, err := terms.Open(cfg.TermsDir())
	if err != nil {
		return nil, err
	}
	tesseract := &ocr.Tesseract{}
	version, err := tesseract.Version(ctx)
	if err != nil {
		p := pipeline.Describe(err)
		return nil, &p
	}
	scanner := &scan.Scanner{Orienter: tesseract}
	return &Engine{
		scanner: scanner, Terms: vocabulary,
		Reader: &pipeline.Reader{
			Scanner: scanner, OCR: tesseract,
			Fields: &extract.Engine{Blueprint: set.General, Classes: set.Classes, Terms: vocabulary},
			Engine: "Paperchart " + Version + ", Tesseract " + version,
			Slots:  pipeline.NewSlots(cfg.workers()),
		},
		Converter: &Converter{blueprints: set, convert: &convert.Converter{
			Terms: vocabulary, Hold: cfg.Policy == "hold",
			Thresholds: result.Thresholds{Default: cfg.Threshold, Fields: cfg.Thresholds},
		}},
	}, nil
}

// loadBlueprints are what documents are read with: the shipped ones, or the
// user's. Who names a general one of their own gets its fields of every document,
// but for those whose class they gave another.
func loadBlueprints(cfg Config) (blueprint.Set, error) {
	set := blueprint.Shipped()
	if cfg.Blueprint != "" {
		b, err := loadBlueprint(cfg.Blueprint)
		if err != nil {
			return set, err
		}
		set = blueprint.Set{General: b}
	}
	for _, file := range cfg.Blueprints {
		b, err := loadBlueprint(file)
		if err != nil {
			return set, err
		}
		if strings.TrimSpace(b.Class) == "" {
			return set, fmt.Errorf("read blueprint: %s has no class, which says what documents it is for", filepath.Base(file))
		}
		set = set.With(b)
	}
	return set, nil
}

func loadBlueprint(path string) (*blueprint.Blueprint, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read blueprint: %w", err)
	}
	return blueprint.Parse(data)
}

// Close ends what the engine holds.
func (e *Engine) Close() error { return e.scanner.Close() }

// Digitize runs both halves on one file and returns everything to write, and
// the contents of the result files.
func (e *Engine) Digitize(ctx context.Context, in pipeline.Input, progress pipeline.Progress) (files []pipeline.File, results [][]byte, err error) {
	docs, err := e.Reader.Extract(ctx, in, progress)
	if err != nil {
		return nil, nil, err
	}
	if files, err = e.Converter.Results(docs); err != nil {
		return nil, nil, err
	}
	for _, f := range files {
		results = append(results, f.Data)
	}
	out, err := e.Converter.Convert(results)
	return append(files, out.Files...), results, err
}

// Views are the results of a file as people see them.
func (e *Engine) Views(results [][]byte) ([]view.View, error) { return e.Converter.Views(results) }

// Converter is the second half of the pipeline.
type Converter struct {
	blueprints blueprint.Set
	convert    *convert.Converter
}

var _ pipeline.Converter = (*Converter)(nil)

// Results implements pipeline.Converter.
func (c *Converter) Results(docs []result.Document) ([]pipeline.File, error) {
	var files []pipeline.File
	for i, d := range docs {
		data, err := result.Encode(d, c.blueprints.Of(d.Blueprint.Name))
		if err != nil {
			return nil, fmt.Errorf("write result: %w", err)
		}
		files = append(files, pipeline.File{Name: pipeline.ResultName(i), Data: data})
	}
	return files, nil
}

func decodeAll(results [][]byte) ([]result.Document, error) {
	docs := make([]result.Document, len(results))
	var errs []error
	for i, data := range results {
		var err error
		docs[i], err = result.Decode(data)
		errs = append(errs, err)
	}
	return docs, errors.Join(errs...)
}

// Convert implements pipeline.Converter.
func (c *Converter) Convert(results [][]byte) (pipeline.Output, error) {
	docs, err := decodeAll(results)
	if err != nil {
		return pipeline.Output{}, err
	}
	made, err := c.convert.Convert(docs)
	if err != nil {
		return pipeline.Output{}, err
	}
	out := pipeline.Output{Patients: made.Patients, Review: made.Review}
	if out.Bundle, err = made.Bundle(); err != nil {
		return out, err
	}
	out.Files = []pipeline.File{{Name: "bundle.json", Data: out.Bundle}}
	lines, err := made.NDJSON()
	if err != nil {
		return out, err
	}
	for _, name := range made.Types() {
		out.Files = append(out.Files, pipeline.File{Name: "ndjson/" + name + ".ndjson", Data: lines[name]})
	}
	return out, nil
}

// Views are the results of a file as people see them.
func (c *Converter) Views(results [][]byte) ([]view.View, error) {
	docs, err := decodeAll(results)
	if err != nil {
		return nil, err
	}
	views := make([]view.View, len(docs))
	for i, d := range docs {
		views[i] = view.New(d, c.convert.Thresholds, c.convert.Terms)
	}
	return views, nil
}

// RenderAll writes views one below the other.
func RenderAll(views []view.View, s view.Style) string { return view.Render(views, s) }
