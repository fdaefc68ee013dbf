package convert

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/paperchart/paperchart/internal/fhir/r4"
)

// bundleBase is what makes the resources' relative references resolve within the
// Bundle (R4 bundle.html#references); a server puts its own address in its place.
const bundleBase = "https://paperchart.dev/fhir/"

// Bundle writes the resources as a transaction of PUTs under their own ids, so
// that doing it again changes nothing.
func (o Output) Bundle() ([]byte, error) {
	b := &r4.Bundle{Type: "transaction"}
	for _, r := range o.Resources {
		url := r.ResourceType() + "/" + r.GetID()
		b.Entry = append(b.Entry, r4.BundleEntry{
			FullUrl: bundleBase + url, Resource: r,
			Request: &r4.BundleEntryRequest{Method: "PUT", URL: url},
		})
	}
	data, err := r4.MarshalIndent(b)
	if err != nil {
		return nil, fmt.Errorf("write bundle: %w", err)
	}
	return append(data, '\n'), nil
}

// NDJSON writes the resources of each type, one a line, as bulk imports want them.
func (o Output) NDJSON() (map[string][]byte, error) {
	files := map[string]*bytes.Buffer{}
	for _, r := range o.Resources {
		data, err := r4.Marshal(r)
		if err != nil {
			return nil, fmt.Errorf("write resource: %w", err)
		}
		b := files[r.ResourceType()]
		if b == nil {
			b = &bytes.Buffer{}
			files[r.ResourceType()] = b
		}
		b.Write(data)
		b.WriteByte('\n')
	}
	out := map[string][]byte{}
	for name, b := range files {
		out[name] = b.Bytes()
	}
	return out, nil
}

// Types are the resource types of the output, sorted.
func (o Output) Types() []string {
	var all []string
	for _, r := range o.Resources {
		all = append(all, r.ResourceType())
	}
	slices.Sort(all)
	return slices.Compact(all)
}
