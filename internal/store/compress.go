package store

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"sync"
)

// The bodies are compressed with a dictionary of what FHIR JSON repeats.
var dictionary = []byte(`"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory","display":"Laboratory"` +
	`"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"` +
	`"system":"http://terminology.hl7.org/CodeSystem/condition-ver-status","code":"confirmed"` +
	`"system":"http://hl7.org/fhir/sid/icd-10-cm","system":"http://snomed.info/sct","system":"http://unitsofmeasure.org","code":"mg/dL"` +
	`"valueQuantity":{"value":"referenceRange":[{"low":{"value":"interpretation":[{"coding":[{"effectiveDateTime":"20"category":[{"coding":[{` +
	`"status":"final","system":"http://loinc.org","code":{"coding":[{"subject":{"reference":"Patient/"encounter":{"reference":"Encounter/` +
	`"identifier":[{"system":"name":[{"family":"given":["telecom":[{"extension":[{"url":"http://hl7.org/fhir/us/core/StructureDefinition/` +
	`{"resourceType":"Observation","id":"","meta":{"versionId":"1","lastUpdated":"2026-`)

// writers and readers keep flate's state, which costs more to make than to use.
var (
	writers = sync.Pool{New: func() any {
		w, err := flate.NewWriterDict(io.Discard, flate.BestSpeed, dictionary)
		if err != nil {
			return nil // the level is a constant: this does not happen
		}
		return w
	}}
	readers = sync.Pool{New: func() any { return flate.NewReaderDict(bytes.NewReader(nil), dictionary) }}
)

func compress(body []byte) ([]byte, error) {
	w, ok := writers.Get().(*flate.Writer)
	if !ok {
		return nil, errors.New("compress resource: no compressor")
	}
	defer writers.Put(w)
	var b bytes.Buffer
	b.Grow(len(body)/3 + 64)
	w.Reset(&b)
	if _, err := w.Write(body); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func decompress(data []byte) ([]byte, error) {
	if len(data) == 0 {
		return nil, nil
	}
	r := readers.Get().(io.ReadCloser)
	defer readers.Put(r)
	if err := r.(flate.Resetter).Reset(bytes.NewReader(data), dictionary); err != nil {
		return nil, err
	}
	b := bytes.NewBuffer(make([]byte, 0, 4*len(data)+256))
	if _, err := b.ReadFrom(r); err != nil {
		return nil, errors.Join(errors.New("the stored resource is damaged"), err)
	}
	return b.Bytes(), nil
}
