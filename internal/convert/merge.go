package convert

import (
	"encoding/json"
	"fmt"

	"github.com/paperchart/paperchart/internal/fhir/r4"
)

// MergeBundle returns a bundle of Output.Bundle in which each Patient that a
// store already holds keeps what this file does not say of it: a laboratory's
// report must not take away the address that a registration form gave. What the
// file does say stands, and where it says another sex the patient waits for a
// person. stored returns the JSON of a Patient by its id, nil where there is
// none; it should be read and written under one lock. The bundle comes back as it
// is where nothing is to be merged.
func MergeBundle(bundle []byte, stored func(id string) ([]byte, error)) ([]byte, error) {
	var b struct {
		ResourceType string `json:"resourceType"`
		Type         string `json:"type"`
		Entry        []struct {
			FullURL  string          `json:"fullUrl"`
			Resource json.RawMessage `json:"resource"`
			Request  json.RawMessage `json:"request"`
		} `json:"entry"`
	}
	if err := json.Unmarshal(bundle, &b); err != nil {
		return nil, fmt.Errorf("read bundle: %w", err)
	}
	changed := false
	for i, e := range b.Entry {
		merged, err := mergeStored(e.Resource, stored)
		if err != nil {
			return nil, fmt.Errorf("merge patient: %w", err)
		}
		if merged != nil {
			b.Entry[i].Resource, changed = merged, true
		}
	}
	if !changed {
		return bundle, nil
	}
	data, err := r4.MarshalIndent(b)
	if err != nil {
		return nil, fmt.Errorf("write bundle: %w", err)
	}
	return append(data, '\n'), nil
}

// mergeStored is nil where the resource is no Patient or a new one.
func mergeStored(resource []byte, stored func(id string) ([]byte, error)) ([]byte, error) {
	var head struct {
		ResourceType string `json:"resourceType"`
		ID           string `json:"id"`
	}
	if err := json.Unmarshal(resource, &head); err != nil || head.ResourceType != "Patient" {
		return nil, err
	}
	old, err := stored(head.ID)
	if err != nil || old == nil {
		return nil, err
	}
	var p, from r4.Patient
	if err := json.Unmarshal(resource, &p); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(old, &from); err != nil {
		return nil, err
	}
	mergePatient(&p, &from)
	return r4.Marshal(&p)
}
