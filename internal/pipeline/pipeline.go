// Package pipeline joins the rooms: a file becomes result.json, a result becomes
// FHIR, FHIR goes into the store. Reader and FHIR are the two halves; Digitize
// runs both for one file, and Queue runs them as durable jobs.
//
// # The life of a document
//
//	Accept ─► queued ─► reading ─► converting ─► done
//	             ▲          │           │
//	             └──retry───┴───────────┴──► failed (reason and next step kept)
//
// Bytes are stored before their document and its job are committed together; a
// step's output is stored before the commit that completes it and queues the
// next. So a kill at any instant loses nothing, and the repeat that may follow
// writes the same bytes and the same ids again.
package pipeline

import (
	"context"
	"fmt"

	"github.com/paperchart/paperchart/internal/result"
)

// Input is a file to read.
type Input struct {
	// Name is the file's base name.
	Name string
	Data []byte
}

// Progress is told how many pages of how many are done. It may be called from
// several goroutines at once.
type Progress func(done, total int)

// Extractor is the first half: it reads a file into one result for each logical
// document. Errors about the file itself are described by Describe as final.
type Extractor interface {
	Extract(ctx context.Context, in Input, progress Progress) ([]result.Document, error)
}

// Converter is the second half, from results to FHIR.
type Converter interface {
	// Results returns the files result.json, result-2.json… of the documents.
	Results(docs []result.Document) ([]File, error)
	// Convert turns the contents of those files into FHIR.
	Convert(results [][]byte) (Output, error)
}

// FHIRStore takes a transaction Bundle, whole or not at all. Importing the same
// bundle again changes nothing.
type FHIRStore interface {
	Import(ctx context.Context, bundle []byte) error
}

// File is a file that a step makes; Name is relative and slash-separated.
type File struct {
	Name string
	Data []byte
}

// Output is what the second half makes of a file.
type Output struct {
	// Files are bundle.json and ndjson/<ResourceType>.ndjson.
	Files []File
	// Bundle is the content of bundle.json.
	Bundle []byte
	// Patients is the number of people, Review of fields below threshold.
	Patients, Review int
}

// ResultName is the name of the i-th result file, counted from 0.
func ResultName(i int) string {
	if i == 0 {
		return "result.json"
	}
	return fmt.Sprintf("result-%d.json", i+1)
}
