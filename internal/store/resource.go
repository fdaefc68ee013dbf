package store

import (
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/model"
)

// Resource is one version of a resource.
type Resource struct {
	Type, ID string
	Version  int64
	Updated  time.Time
	// Deleted is true for a version that is the deletion; Body is then empty.
	Deleted bool
	// Method is how the version came to be: POST, PUT or DELETE. Only History sets it.
	Method string
	// Body is the JSON, with id, meta.versionId and meta.lastUpdated.
	Body []byte
}

// Code is what kind of trouble an Error is.
type Code uint8

// The codes.
const (
	Invalid Code = iota + 1
	NotFound
	Gone
	Conflict           // somebody else wrote in between
	PreconditionFailed // If-Match, or several matches of a condition
)

// Error is a refusal whose message is for the client.
type Error struct {
	Code    Code
	Message string
	// Expression is the FHIRPath of what is wrong, where that is known.
	Expression string
}

// Error implements error.
func (e *Error) Error() string { return e.Message }

func refuse(code Code, format string, args ...any) error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

var idPattern = regexp.MustCompile(`^[A-Za-z0-9.-]{1,64}$`)

func randomID() string { return uuid.NewString() }

// content is a resource as it came in, ready to be stored.
type content struct {
	typ  *definition.Type
	doc  *model.Doc
	root *model.Node
}

func (s *Store) parse(body []byte) (*content, error) {
	doc, err := model.Parse(body, model.Limits{})
	if err != nil {
		return nil, refuse(Invalid, "the resource is no good JSON: %s", err)
	}
	typ := model.Bind(s.table, doc.Root)
	if typ == nil {
		return nil, refuse(Invalid, "the JSON is not a FHIR R4 resource: resourceType names none")
	}
	return &content{typ, doc, doc.Root}, nil
}

// stamped is the JSON with id, version and time put in, in canonical order.
// With version 0 it is the content alone, for comparing.
func (c *content) stamped(id string, version int64, updated time.Time) []byte {
	out := append([]byte(`{"resourceType":"`), c.typ.Name...)
	out = append(out, `","id":`...)
	out = model.AppendString(out, id)
	out = c.appendMeta(out, version, updated)
	for _, n := range members(c.root) {
		switch n.Name {
		case "resourceType", "id", "meta":
			continue
		}
		out = appendMember(append(out, ','), n)
	}
	return append(out, '}')
}

func (c *content) appendMeta(out []byte, version int64, updated time.Time) []byte {
	meta := c.root.Get("meta")
	begin := len(out)
	out = append(out, `,"meta":{`...)
	first := true
	comma := func() {
		if !first {
			out = append(out, ',')
		}
		first = false
	}
	if version > 0 {
		comma()
		out = append(out, `"versionId":"`...)
		out = strconv.AppendInt(out, version, 10)
		out = append(out, `","lastUpdated":"`...)
		out = append(out, FormatTime(updated)...)
		out = append(out, '"')
	}
	if meta != nil && meta.Kind == model.Object {
		for _, n := range members(meta) {
			if n.Name != "versionId" && n.Name != "lastUpdated" && n.Name != "_versionId" && n.Name != "_lastUpdated" {
				comma()
				out = appendMember(out, n)
			}
		}
	}
	if first {
		return out[:begin]
	}
	return append(out, '}')
}

// FormatTime is a FHIR instant in UTC with milliseconds.
func FormatTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func appendMember(out []byte, n *model.Node) []byte {
	out = model.AppendString(out, n.Name)
	out = append(out, ':')
	return model.AppendCanonical(out, n)
}

// members are the children in the specification's order, unknown ones last.
func members(n *model.Node) []*model.Node {
	var all []*model.Node
	for c := n.First; c != nil; c = c.Next {
		all = append(all, c)
	}
	place := func(c *model.Node) int {
		if c.Elem == nil && c.Type == nil && c.Name != "resourceType" {
			return 1 << 30
		}
		return c.Pos
	}
	slices.SortStableFunc(all, func(a, b *model.Node) int { return place(a) - place(b) })
	return all
}

// The bodies are compressed with a dictionary of what FHIR JSON repeats.
var dictionary = []byte(`"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory","display":"Laboratory"` +
	`"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"` +
	`"system":"http://terminology.hl7.org/CodeSystem/condition-ver-status","code":"confirmed"` +
	`"system":"http://hl7.org/fhir/sid/icd-10-cm","system":"http://snomed.info/sct","system":"http://unitsofmeasure.org","code":"mg/dL"` +
	`"valueQuantity":{"value":"referenceRange":[{"low":{"value":"interpretation":[{"coding":[{"effectiveDateTime":"20"category":[{"coding":[{` +
	`"status":"final","system":"http://loinc.org","code":{"coding":[{"subject":{"reference":"Patient/"encounter":{"reference":"Encounter/` +
	`"identifier":[{"system":"name":[{"family":"given":["telecom":[{"extension":[{"url":"http://hl7.org/fhir/us/core/StructureDefinition/` +
	`{"resourceType":"Observation","id":"","meta":{"versionId":"1","lastUpdated":"2026-`)

func compress(body []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := flate.NewWriterDict(&b, flate.BestSpeed, dictionary)
	if err != nil {
		return nil, err
	}
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
	body, err := io.ReadAll(flate.NewReaderDict(bytes.NewReader(data), dictionary))
	if err != nil {
		return nil, errors.Join(errors.New("the stored resource is damaged"), err)
	}
	return body, nil
}
