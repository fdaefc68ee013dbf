package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"maps"
	"os"
	"path/filepath"

	"github.com/paperchart/paperchart/blueprint"
	"github.com/paperchart/paperchart/eval/paper"
	"github.com/paperchart/paperchart/internal/extract"
	"github.com/paperchart/paperchart/internal/layout"
	"github.com/paperchart/paperchart/internal/ocr"
	"github.com/paperchart/paperchart/internal/page"
	"github.com/paperchart/paperchart/internal/result"
	scanner "github.com/paperchart/paperchart/internal/scan"
	"github.com/paperchart/paperchart/internal/terms"
)

// chain is the real line of rooms, with a look at the pages between OCR and
// layout. It is what pipeline.Reader does, one page at a time.
type chain struct {
	scan   *scanner.Scanner
	ocr    ocr.Engine
	fields *extract.Engine
	cache  string
	oracle bool
}

func newChain(ctx context.Context, o options) (*chain, error) {
	tess := &ocr.Tesseract{}
	c := &chain{scan: &scanner.Scanner{Orienter: tess}, cache: o.cache, oracle: o.oracle}
	if !o.oracle {
		if _, err := tess.Version(ctx); err != nil {
			return nil, fmt.Errorf("%w (install the package tesseract-ocr)", err)
		}
	}
	c.ocr = tess
	words, err := terms.Default()
	if err != nil {
		return nil, err
	}
	c.fields = &extract.Engine{Classes: blueprint.Shipped().Classes, Terms: words}
	if c.cache != "" {
		if err := os.MkdirAll(c.cache, 0o755); err != nil {
			return nil, fmt.Errorf("make cache: %w", err)
		}
	}
	return c, nil
}

func (c *chain) close() { _ = c.scan.Close() }

// read reads one document. It returns the pages as layout saw them, for the OCR
// error rates.
func (c *chain) read(ctx context.Context, name string, s *scanned, seen observer) ([]result.Document, []*page.Page, error) {
	pages, err := c.pages(ctx, s)
	if err != nil {
		return nil, nil, err
	}
	sum := sha256.Sum256(s.pdf)
	src := result.Source{File: name + ".pdf", SHA256: hex.EncodeToString(sum[:]), MediaType: "application/pdf", Size: int64(len(s.pdf)), PageCount: len(pages)}
	engine := *c.fields
	engine.Observe = seen.see
	docs, err := engine.Extract(ctx, layout.Arrange(pages), src)
	asMarked(docs, s.truth)
	return docs, pages, err
}

// asMarked drops the fields that only a class's blueprint has where the truth marks
// none of them: the generator's referrals and orders are marked by the general one.
func asMarked(docs []result.Document, truth *paper.Truth) {
	marked := map[string]bool{}
	for _, f := range blueprint.Default().Fields {
		marked[f.Name] = true
	}
	for _, p := range truth.Patients {
		for name := range p.Fields {
			marked[name] = true
		}
	}
	for _, d := range docs {
		maps.DeleteFunc(d.Fields, func(name string, _ result.Field) bool { return !marked[name] })
	}
}

func (c *chain) pages(ctx context.Context, s *scanned) ([]*page.Page, error) {
	if c.oracle {
		if s.doc == nil {
			return nil, errors.New("the words of this file are not known; -oracle is for invented records")
		}
		return oracle(s.doc, s.scans), nil
	}
	if c.cache == "" {
		return c.recognise(ctx, s.pdf)
	}
	sum := sha256.Sum256(s.pdf)
	file := filepath.Join(c.cache, hex.EncodeToString(sum[:12])+".gob")
	if data, err := os.ReadFile(file); err == nil {
		var pages []*page.Page
		if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&pages); err == nil {
			return pages, nil
		}
	}
	pages, err := c.recognise(ctx, s.pdf)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(pages); err != nil {
		return nil, fmt.Errorf("keep pages: %w", err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		return nil, fmt.Errorf("keep pages: %w", err)
	}
	return pages, nil
}

func (c *chain) recognise(ctx context.Context, pdf []byte) ([]*page.Page, error) {
	file, err := c.scan.Open(ctx, pdf)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var pages []*page.Page
	for n := range file.PageCount() {
		p, err := file.Page(ctx, n+1)
		if err != nil {
			return nil, err
		}
		if !p.Blank && !p.TextLayer {
			if p.Words, err = c.ocr.Read(ctx, p); err != nil {
				return nil, err
			}
		}
		layout.Strokes(p)
		p.Image, p.Ruled = nil, nil
		pages = append(pages, p)
	}
	return pages, nil
}

// oracle is what a perfect scan and OCR would say of the undamaged sheets; its
// places are mapped as the real ones are.
func oracle(doc *paper.Doc, scans []*paper.Scan) []*page.Page {
	const k = 300 / 72.0
	rect := func(b paper.Box) image.Rectangle {
		return image.Rect(int(b.X0*k), int(b.Y0*k), int(b.X1*k+1), int(b.Y1*k+1))
	}
	var pages []*page.Page
	for i, s := range doc.Sheets {
		p := &page.Page{Number: s.Number, DPI: 300, ToSource: sourceMap(scans[i], k)}
		for _, w := range s.Words {
			p.Words = append(p.Words, page.Word{Text: w.Text, Box: rect(w.Box), Conf: 0.99})
		}
		for _, r := range s.Rules {
			p.Rules = append(p.Rules, page.Rule{Box: rect(r.Box), Vertical: r.Vertical})
		}
		for _, m := range s.Marks {
			p.Marks = append(p.Marks, page.Mark{Box: rect(m.Box), Checked: m.Checked, Conf: 0.99})
		}
		p.Image = s.Image()
		layout.Strokes(p)
		p.Image = nil
		pages = append(pages, p)
	}
	return pages
}

// sourceMap maps pixels of an undamaged sheet to fractions of its scan; three
// points say what an affine map is.
func sourceMap(s *paper.Scan, k float64) page.Affine {
	at := func(x, y float64) (float64, float64) {
		b := s.Place(paper.Box{X0: x, Y0: y, X1: x, Y1: y})
		return b[0], b[1]
	}
	ox, oy := at(0, 0)
	ax, ay := at(1/k, 0)
	bx, by := at(0, 1/k)
	return page.Affine{A: ax - ox, B: bx - ox, C: ox, D: ay - oy, E: by - oy, F: oy}
}
