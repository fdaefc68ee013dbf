// Package r4 holds FHIR R4 (4.0.1) resources as Go structs, for code that builds
// them: a misspelt element does not compile, elements are written in the order of
// the specification with resourceType first, empty ones are left out, and
// decimals keep the digits they were given.
//
// The structs (zz_*.go) are generated from the official definitions by
// internal/fhir/generate. A choice element has one field per type (ValueQuantity,
// ValueString). A primitive's extensions are in the field of its name plus Ext
// (BirthDateExt), which is how a data-absent-reason is said. Slices of nested
// resources (Contained) are raw JSON.
//
// Reading JSON into these structs drops what the specification does not know and
// is not a validation; packages that must keep every byte use fhir.Parse.
package r4

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Resource is what all resources share.
type Resource interface {
	ResourceType() string
	GetID() string
	SetID(id string)
	EnsureMeta() *Meta
}

// DomainResource is a resource that can carry extensions.
type DomainResource interface {
	Resource
	AddExtension(x Extension)
}

// Decimal is a number as it was printed: "1.0" stays "1.0". The empty Decimal is
// an absent element. The digits must form a JSON number.
type Decimal string

// MarshalJSON writes the digits unquoted; an error tells that they are no number.
func (d Decimal) MarshalJSON() ([]byte, error) {
	if !isNumber([]byte(d)) {
		return nil, fmt.Errorf("write decimal: the value is not a JSON number")
	}
	return []byte(d), nil
}

// UnmarshalJSON keeps the digits.
func (d *Decimal) UnmarshalJSON(b []byte) error {
	if !isNumber(b) {
		return fmt.Errorf("read decimal: the value is not a JSON number")
	}
	*d = Decimal(b)
	return nil
}

func isNumber(b []byte) bool {
	return len(b) > 0 && (b[0] == '-' || b[0] >= '0' && b[0] <= '9') && json.Valid(b)
}

// RawResource is a nested resource of a type that has no struct here.
type RawResource struct {
	Type string
	ID   string
	JSON json.RawMessage
	meta *Meta
}

// ResourceType returns the type as the JSON names it.
func (r *RawResource) ResourceType() string { return r.Type }

// GetID returns the id as the JSON has it.
func (r *RawResource) GetID() string { return r.ID }

// SetID changes ID alone: the JSON stays as it was read.
func (r *RawResource) SetID(id string) { r.ID = id }

// EnsureMeta returns a meta element that is not written: the JSON stays as it
// was read.
func (r *RawResource) EnsureMeta() *Meta {
	if r.meta == nil {
		r.meta = new(Meta)
	}
	return r.meta
}

// MarshalJSON writes the JSON as it was read.
func (r *RawResource) MarshalJSON() ([]byte, error) { return r.JSON, nil }

var _ Resource = (*RawResource)(nil)

// Decode reads a resource into the struct of its resourceType, or into a
// RawResource where there is none.
func Decode(data []byte) (Resource, error) {
	var head struct {
		ResourceType string `json:"resourceType"`
		ID           string `json:"id"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, fmt.Errorf("decode resource: %w", err)
	}
	r := New(head.ResourceType)
	if r == nil {
		return &RawResource{Type: head.ResourceType, ID: head.ID, JSON: bytes.Clone(data)}, nil
	}
	if err := json.Unmarshal(data, r); err != nil {
		return nil, fmt.Errorf("decode %s: %w", head.ResourceType, err)
	}
	return r, nil
}

// Marshal writes a resource or data type as JSON, without the HTML escapes of
// encoding/json and without a newline at the end.
func Marshal(v any) ([]byte, error) { return marshal(v) }

// MarshalIndent is Marshal with two spaces of indentation.
func MarshalIndent(v any) ([]byte, error) {
	b, err := marshal(v)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, b, "", "  "); err != nil {
		return nil, fmt.Errorf("indent json: %w", err)
	}
	return out.Bytes(), nil
}

func marshal(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}

// Ptr returns a pointer to v, for booleans, integers and data types.
func Ptr[T any](v T) *T { return &v }
