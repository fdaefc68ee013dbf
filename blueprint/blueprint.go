// Package blueprint is the schema of what is read from a document: scalar fields
// and tables, each with a type and an instruction, in the JSON Schema dialect of
// Amazon Bedrock Data Automation (BDA), so that one file drives the local engine
// and the cloud's. The default, medical-record.json, is embedded.
//
// The local engine takes what it needs from the file alone: a field's labels are
// its name in words and whatever follows "Labels:" in its instruction, and its
// kind follows from its type, name and instruction. A field that is added to the
// file is therefore extracted without any code.
package blueprint

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

//go:embed medical-record.json
var medicalRecord []byte

// The types a field may have.
const (
	String  = "string"
	Number  = "number"
	Boolean = "boolean"
)

// Field is one scalar field or one column of a table.
type Field struct {
	Name string
	// Type is String, Number or Boolean.
	Type string
	// Inferred is true where the value may be normalised or concluded.
	Inferred    bool
	Instruction string
	// List is true for an array of plain values.
	List bool
}

// Table is an array of rows.
type Table struct {
	Name        string
	Definition  string
	Instruction string
	Columns     []Field
}

// Group is a property that refers to a definition: its fields are written one
// level down, under the group's name.
type Group struct {
	Name       string
	Definition string
	Fields     []Field
}

// Blueprint is a parsed schema. Order is that of the file.
type Blueprint struct {
	Class       string
	Description string
	Fields      []Field
	Groups      []Group
	Tables      []Table
	// Order names the top-level properties as they stand in the file.
	Order []string
}

// Default returns the blueprint that ships with Paperchart.
func Default() *Blueprint {
	b, err := Parse(medicalRecord)
	if err != nil {
		panic("blueprint: embedded medical-record.json: " + err.Error())
	}
	return b
}

// JSON returns the bytes of the default blueprint.
func JSON() []byte { return bytes.Clone(medicalRecord) }

// Parse reads a blueprint. It accepts what BDA accepts; Check tells what BDA
// would refuse beyond that. Errors name the property that is wrong.
func Parse(data []byte) (*Blueprint, error) {
	var doc struct {
		Class       string  `json:"class"`
		Description string  `json:"description"`
		Type        string  `json:"type"`
		Definitions members `json:"definitions"`
		Properties  members `json:"properties"`
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("read blueprint: %w", err)
	}
	if len(doc.Properties) == 0 {
		return nil, fmt.Errorf("read blueprint: it has no properties")
	}
	b := &Blueprint{Class: doc.Class, Description: doc.Description}
	for _, m := range doc.Properties {
		if err := b.add(m, doc.Definitions); err != nil {
			return nil, fmt.Errorf("read blueprint: property %q: %w", m.name, err)
		}
		b.Order = append(b.Order, m.name)
	}
	return b, nil
}

func (b *Blueprint) add(m member, defs members) error {
	p, err := m.property()
	if err != nil {
		return err
	}
	switch {
	case p.Type == "array" && p.Items != nil && p.Items.Ref != "":
		cols, def, err := defs.fields(p.Items.Ref)
		if err != nil {
			return err
		}
		b.Tables = append(b.Tables, Table{m.name, def, p.text(), cols})
	case p.Type == "array" && p.Items != nil:
		f := p.field(m.name)
		f.Type, f.List = p.Items.Type, true
		b.Fields = append(b.Fields, f)
	case p.Ref != "":
		fields, def, err := defs.fields(p.Ref)
		if err != nil {
			return err
		}
		b.Groups = append(b.Groups, Group{m.name, def, fields})
	default:
		f := p.field(m.name)
		if !scalar(f.Type) {
			return fmt.Errorf("type %q is not string, number, boolean or array", p.Type)
		}
		b.Fields = append(b.Fields, f)
	}
	return nil
}

// Table returns the table of that name, or nil.
func (b *Blueprint) Table(name string) *Table {
	for i := range b.Tables {
		if b.Tables[i].Name == name {
			return &b.Tables[i]
		}
	}
	return nil
}

// Leaves returns the number of leaf fields, and how many of them are in tables.
func (b *Blueprint) Leaves() (all, list int) {
	for _, f := range b.Fields {
		if all++; f.List {
			list++
		}
	}
	for _, g := range b.Groups {
		all += len(g.Fields)
	}
	for _, t := range b.Tables {
		all += len(t.Columns)
		list += len(t.Columns)
	}
	return all, list
}

// Labels returns the words that may stand on paper as the field's label: its
// name, underscores as spaces, then the comma-separated list after "Labels:" in
// its instruction.
func (f Field) Labels() []string {
	labels := []string{strings.ReplaceAll(f.Name, "_", " ")}
	_, list, ok := strings.Cut(f.Instruction, "Labels:")
	if !ok {
		return labels
	}
	for l := range strings.SplitSeq(list, ",") {
		if l = strings.TrimSpace(l); l != "" {
			labels = append(labels, l)
		}
	}
	// The full stop that ends the instruction is not part of the last label,
	// unless the label is itself abbreviated with one, such as "D.O.B.".
	last := &labels[len(labels)-1]
	if s := strings.TrimSuffix(*last, "."); !strings.Contains(s, ".") {
		*last = s
	}
	return labels
}

type property struct {
	Type        string    `json:"type"`
	Inference   string    `json:"inferenceType"`
	Instruction string    `json:"instruction"`
	Description string    `json:"description"`
	Ref         string    `json:"$ref"`
	Items       *property `json:"items"`
}

func (p property) text() string {
	if p.Instruction != "" {
		return p.Instruction
	}
	return p.Description
}

func (p property) field(name string) Field {
	return Field{Name: name, Type: p.Type, Inferred: strings.EqualFold(p.Inference, "inferred"), Instruction: p.text()}
}

func scalar(t string) bool { return t == String || t == Number || t == Boolean }

// members is a JSON object with its order kept.
type members []member

type member struct {
	name string
	raw  json.RawMessage
}

func (m member) property() (p property, err error) {
	err = json.Unmarshal(m.raw, &p)
	return p, err
}

func (ms *members) UnmarshalJSON(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return fmt.Errorf("want an object")
	}
	seen := map[string]bool{}
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return err
		}
		m := member{name: t.(string)}
		if seen[m.name] {
			return fmt.Errorf("%q stands twice", m.name)
		}
		seen[m.name] = true
		if err := dec.Decode(&m.raw); err != nil {
			return err
		}
		*ms = append(*ms, m)
	}
	if _, err := dec.Token(); err != nil && err != io.EOF {
		return err
	}
	return nil
}

// fields returns the fields of a "#/definitions/NAME" reference.
func (ms members) fields(ref string) ([]Field, string, error) {
	name, ok := strings.CutPrefix(ref, "#/definitions/")
	if !ok {
		return nil, "", fmt.Errorf("reference %q is not to #/definitions/", ref)
	}
	for _, m := range ms {
		if m.name != name {
			continue
		}
		var def struct {
			Properties members `json:"properties"`
		}
		if err := json.Unmarshal(m.raw, &def); err != nil {
			return nil, "", fmt.Errorf("definition %q: %w", name, err)
		}
		var fields []Field
		for _, c := range def.Properties {
			p, err := c.property()
			if err != nil {
				return nil, "", fmt.Errorf("definition %q: field %q: %w", name, c.name, err)
			}
			if !scalar(p.Type) {
				return nil, "", fmt.Errorf("definition %q: field %q: type %q is not string, number or boolean", name, c.name, p.Type)
			}
			fields = append(fields, p.field(c.name))
		}
		return fields, name, nil
	}
	return nil, "", fmt.Errorf("definition %q is missing", name)
}
