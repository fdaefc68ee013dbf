package result

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/paperchart/paperchart/blueprint"
)

// Encode writes a document as BDA's custom output, indented and byte-stable:
// every field of the blueprint in its order, "" for what is missing, numbers
// for number fields whose value is one, exactly as printed. b's fields come
// first; fields that it does not know follow in alphabetical order.
func Encode(d Document, b *blueprint.Blueprint) ([]byte, error) {
	values, explained := encodeFields(d, b)
	out := object{
		{"matched_blueprint", object{{"arn", d.Blueprint.ARN}, {"name", d.Blueprint.Name}, {"version", d.Blueprint.Version}, {"confidence", confidence(d.Blueprint.Confidence)}}},
		{"document_class", object{{"type", d.Class}}},
		{"split_document", object{{"page_indices", indices(d.Pages)}}},
		{"inference_result", values},
		{"explainability_info", []any{explained}},
		{"paperchart", encodeSource(d)},
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(out); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

func indices(pages []int) []int {
	if pages == nil {
		return []int{}
	}
	return pages
}

func encodeFields(d Document, b *blueprint.Blueprint) (values, explained object) {
	seen := map[string]bool{}
	add := func(name string, v, e any) {
		seen[name] = true
		values = append(values, member{name, v})
		explained = append(explained, member{name, e})
	}
	for _, name := range b.Order {
		if f := scalar(b, name); f != nil {
			v, e := encodeScalar(d.Fields[name], *f)
			add(name, v, e)
		} else if t := b.Table(name); t != nil {
			v, e := encodeTable(d.Tables[name], t.Columns)
			add(name, v, e)
		} else if g := group(b, name); g != nil {
			v, e := encodeGroup(d, g)
			add(name, v, e)
			for _, f := range g.Fields {
				seen[name+"."+f.Name] = true
			}
		}
	}
	for _, name := range sortedKeys(d.Fields) {
		if !seen[name] {
			v, e := encodeField(d.Fields[name], blueprint.String)
			add(name, v, e)
		}
	}
	for _, name := range sortedKeys(d.Tables) {
		if !seen[name] {
			v, e := encodeTable(d.Tables[name], columnsOf(d.Tables[name]))
			add(name, v, e)
		}
	}
	return values, explained
}

// encodeScalar writes a field, or a list field as the array it is on disk. The
// places of a list's evidence stand at its first value.
func encodeScalar(f Field, of blueprint.Field) (value, explained any) {
	if !of.List {
		v, e := encodeField(f, of.Type)
		return v, e
	}
	values, all := []any{}, []any{}
	for s := range strings.SplitSeq(f.Value, separator) {
		if s == "" {
			continue
		}
		one := Field{Value: s, Confidence: f.Confidence, Remark: f.Remark}
		if len(all) == 0 {
			one.Geometry, one.Text = f.Geometry, f.Text
		}
		v, e := encodeField(one, of.Type)
		values, all = append(values, v), append(all, e)
	}
	return values, all
}

func scalar(b *blueprint.Blueprint, name string) *blueprint.Field {
	for i := range b.Fields {
		if b.Fields[i].Name == name {
			return &b.Fields[i]
		}
	}
	return nil
}

func group(b *blueprint.Blueprint, name string) *blueprint.Group {
	for i := range b.Groups {
		if b.Groups[i].Name == name {
			return &b.Groups[i]
		}
	}
	return nil
}

func encodeGroup(d Document, g *blueprint.Group) (values, explained object) {
	for _, f := range g.Fields {
		v, e := encodeField(d.Fields[g.Name+"."+f.Name], f.Type)
		values = append(values, member{f.Name, v})
		explained = append(explained, member{f.Name, e})
	}
	return values, explained
}

// encodeTable writes no rows as BDA does: one row of blanks.
func encodeTable(rows []Row, columns []blueprint.Field) (values, explained []any) {
	if len(rows) == 0 {
		rows = []Row{{}}
	}
	for _, r := range rows {
		var v, e object
		for _, c := range columns {
			cv, ce := encodeField(r[c.Name], c.Type)
			v = append(v, member{c.Name, cv})
			e = append(e, member{c.Name, ce})
		}
		values, explained = append(values, v), append(explained, e)
	}
	return values, explained
}

var number = regexp.MustCompile(`^-?(0|[1-9]\d*)(\.\d+)?$`)

// typed is the value as its type is written in JSON; what is not of the type
// stays the string it is.
func typed(value, kind string) any {
	switch {
	case kind == blueprint.Number && number.MatchString(value):
		return json.Number(value)
	case kind == blueprint.Boolean && (value == "true" || value == "false"):
		return value == "true"
	}
	return value
}

func encodeField(f Field, kind string) (value any, explained object) {
	value = typed(f.Value, kind)
	explained = object{{"success", true}, {"confidence", confidence(f.Confidence)}}
	if len(f.Geometry) > 0 {
		explained = append(explained, member{"geometry", encodeGeometry(f.Geometry)})
	}
	explained = append(explained, member{"type", kind}, member{"value", value})
	if f.Text != "" && f.Text != f.Value {
		explained = append(explained, member{"text", f.Text})
	}
	if f.Remark != "" {
		explained = append(explained, member{"remark", f.Remark})
	}
	return value, explained
}

// confidence is written as it is, a number that is none as 0.
func confidence(c float64) json.Number { return json.Number(strconv.FormatFloat(unit(c), 'f', -1, 64)) }

// unit is c within 0..1.
func unit(c float64) float64 {
	if !(c > 0) {
		return 0
	}
	return min(c, 1)
}

func encodeGeometry(all []Geometry) []any {
	out := make([]any, len(all))
	for i, g := range all {
		var corners []any
		for _, v := range g.Vertices {
			corners = append(corners, object{{"x", fraction(v.X)}, {"y", fraction(v.Y)}})
		}
		o := object{{"boundingBox", object{{"left", fraction(g.Box.Left)}, {"top", fraction(g.Box.Top)},
			{"width", fraction(g.Box.Width)}, {"height", fraction(g.Box.Height)}}}}
		if corners != nil {
			o = append(o, member{"vertices", corners})
		}
		out[i] = append(o, member{"page", g.Page})
	}
	return out
}

// fraction has five decimals, a fifteenth of a pixel at 300 dpi.
func fraction(f float64) json.Number { return json.Number(strconv.FormatFloat(unit(f), 'f', 5, 64)) }

func encodeSource(d Document) object {
	s := d.Source
	o := object{{"file", s.File}, {"sha256", s.SHA256}, {"media_type", s.MediaType}, {"size", s.Size},
		{"page_count", s.PageCount}, {"engine", s.Engine}, {"read", s.Read}}
	if s.Route != "" {
		o = append(o, member{"route", s.Route})
	}
	if len(s.Notes) > 0 {
		var notes object
		for _, page := range sortedKeys(s.Notes) {
			notes = append(notes, member{strconv.Itoa(page), s.Notes[page]})
		}
		o = append(o, member{"notes", notes})
	}
	if len(s.Unread) > 0 {
		o = append(o, member{"unread", encodeGeometry(s.Unread)})
	}
	return o
}

func columnsOf(rows []Row) []blueprint.Field {
	names := map[string]bool{}
	for _, r := range rows {
		for n := range r {
			names[n] = true
		}
	}
	var columns []blueprint.Field
	for _, n := range sortedKeys(names) {
		columns = append(columns, blueprint.Field{Name: n, Type: blueprint.String})
	}
	return columns
}

type ordered interface{ ~int | ~string }

func sortedKeys[K ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// object is a JSON object with its order kept.
type object []member

type member struct {
	name  string
	value any
}

// MarshalJSON implements json.Marshaler.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := enc.Encode(m.name); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		if err := enc.Encode(m.value); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
