package blueprint

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

var (
	fieldName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	isPerson  = regexp.MustCompile(`^patient_|^date_of_birth$|^sex$|^document_`)
)

// New writes a blueprint for a class of documents: the general one's fields, or of
// those the patient's only where bare, and others. A further field is written
// "name: Label, Other Label" or, with a type, "name number: Label".
func New(class string, fields []string, bare bool) ([]byte, error) {
	if strings.TrimSpace(class) == "" {
		return nil, errors.New("the class is empty: it is what the documents' title says")
	}
	var doc struct {
		Schema      string  `json:"$schema"`
		Definitions members `json:"definitions"`
		Properties  members `json:"properties"`
	}
	if err := json.Unmarshal(medicalRecord, &doc); err != nil {
		return nil, fmt.Errorf("read blueprint: %w", err)
	}
	properties := members{}
	for _, m := range doc.Properties {
		if !bare || isPerson.MatchString(m.name) {
			properties = append(properties, m)
		}
	}
	for _, f := range fields {
		m, err := newField(f)
		if err != nil {
			return nil, err
		}
		properties = append(properties, m)
	}
	if bare {
		doc.Definitions = nil
	}
	out := members{
		{"$schema", quoted(doc.Schema)}, {"class", quoted(strings.TrimSpace(class))},
		{"description", quoted("A document of the class " + strings.TrimSpace(class) + ".")}, {"type", quoted("object")},
		{"definitions", doc.Definitions.object()}, {"properties", properties.object()},
	}
	if bare {
		out = append(out[:4], out[5])
	}
	var b bytes.Buffer
	if err := json.Indent(&b, out.object(), "", "  "); err != nil {
		return nil, fmt.Errorf("write blueprint: %w", err)
	}
	b.WriteByte('\n')
	if _, err := Parse(b.Bytes()); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func newField(text string) (member, error) {
	name, labels, _ := strings.Cut(text, ":")
	name, kind, _ := strings.Cut(strings.TrimSpace(name), " ")
	if kind = strings.TrimSpace(kind); kind == "" {
		kind = String
	}
	if !fieldName.MatchString(name) || !scalar(kind) {
		return member{}, fmt.Errorf("field %q: write it as name: Label, Other Label, with a name of small letters and underscores; its type, before the colon, is string, number or boolean", text)
	}
	instruction := strings.ToUpper(name[:1]) + strings.ReplaceAll(name[1:], "_", " ") + " as printed."
	if labels = strings.TrimSpace(labels); labels != "" {
		instruction += " Labels: " + strings.TrimSuffix(labels, ".") + "."
	}
	return member{name, members{{"type", quoted(kind)}, {"inferenceType", quoted("explicit")}, {"instruction", quoted(instruction)}}.object()}, nil
}

func quoted(s string) json.RawMessage {
	b, _ := json.Marshal(s) // a string can always be written
	return b
}

// object writes members in their order.
func (ms members) object() json.RawMessage {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range ms {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(quoted(m.name))
		b.WriteByte(':')
		b.Write(m.raw)
	}
	b.WriteByte('}')
	return b.Bytes()
}
