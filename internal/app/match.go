package app

import (
	"context"
	"fmt"
	"slices"

	"github.com/paperchart/paperchart/blueprint"
	"github.com/paperchart/paperchart/internal/doors"
	"github.com/paperchart/paperchart/internal/extract"
	"github.com/paperchart/paperchart/internal/layout"
	"github.com/paperchart/paperchart/internal/pipeline"
	"github.com/paperchart/paperchart/internal/result"
)

// readForAWS is the first half of the pipeline, without the queue and with the
// blueprints of BDA's door.
func (r *rooms) readForAWS(ctx context.Context, d doors.Document) ([]doors.Segment, int, error) {
	m, err := r.matcher(d.Blueprints)
	if err != nil {
		return nil, 0, err
	}
	reader := *r.engine.Reader
	reader.Fields = m
	docs, err := reader.Extract(ctx, pipeline.Input{Name: d.Name, Data: d.Data}, func(int, int) {})
	if err != nil {
		return nil, 0, err
	}
	var segments []doors.Segment
	pages := 0
	for _, doc := range docs {
		pages = max(pages, doc.Source.PageCount)
		s := doors.Segment{Pages: doc.Pages}
		if b := m.schemas[doc.Blueprint.ARN]; b != nil && found(doc) > 0 {
			if s.Result, err = result.Encode(doc, b); err != nil {
				return nil, 0, fmt.Errorf("write result: %w", err)
			}
		}
		segments = append(segments, s)
	}
	return segments, pages, nil
}

// matcher reads with several blueprints and keeps, of each document, the result
// of the one that found most; the first of those that found as much.
type matcher struct {
	engines []named
	schemas map[string]*blueprint.Blueprint // by ARN
}

type named struct {
	doors.Blueprint
	engine pipeline.Fields
}

var _ pipeline.Fields = (*matcher)(nil)

// matcher makes one of blueprints as they were created. Without any, documents
// are told apart as ever, and nothing of them is kept.
func (r *rooms) matcher(all []doors.Blueprint) (*matcher, error) {
	engine, ok := r.engine.Reader.Fields.(*extract.Engine)
	if !ok {
		return nil, fmt.Errorf("read with blueprints: the reader has no local engine")
	}
	m := &matcher{schemas: map[string]*blueprint.Blueprint{}}
	for _, b := range all {
		schema, err := blueprint.Parse(b.Schema)
		if err != nil {
			return nil, err
		}
		e := *engine
		e.Blueprint, e.Classes = schema, nil
		m.schemas[b.ARN] = schema
		m.engines = append(m.engines, named{b, &e})
	}
	if len(all) == 0 {
		m.engines = []named{{engine: engine}}
	}
	return m, nil
}

// Extract implements pipeline.Fields.
func (m *matcher) Extract(ctx context.Context, doc *layout.Document, src result.Source) ([]result.Document, error) {
	var best []result.Document
	for _, n := range m.engines {
		docs, err := n.engine.Extract(ctx, doc, src)
		if err != nil {
			return nil, err
		}
		for i := range docs {
			docs[i].Blueprint.ARN, docs[i].Blueprint.Name, docs[i].Blueprint.Version = n.ARN, n.Name, n.Version
		}
		best = better(best, docs)
	}
	return best, nil
}

// better chooses document by document where both tell the same documents apart,
// and between the wholes where they do not.
func better(a, b []result.Document) []result.Document {
	same := slices.EqualFunc(a, b, func(x, y result.Document) bool { return slices.Equal(x.Pages, y.Pages) })
	if !same {
		if a == nil || sum(b) > sum(a) {
			return b
		}
		return a
	}
	for i := range a {
		if found(b[i]) > found(a[i]) {
			a[i] = b[i]
		}
	}
	return a
}

func sum(docs []result.Document) int {
	n := 0
	for _, d := range docs {
		n += found(d)
	}
	return n
}

// found is the number of values in a document.
func found(d result.Document) int {
	n := len(d.Fields)
	for _, rows := range d.Tables {
		for _, row := range rows {
			n += len(row)
		}
	}
	return n
}
