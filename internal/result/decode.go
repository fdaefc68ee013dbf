package result

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// maxSize is the largest result that is read, in bytes.
const maxSize = 64 << 20

// separator joins the values of a list field.
const separator = "; "

// Decode reads a document in BDA's custom output format, ours or BDA's own. A
// value that is "" is absent, and so is a table row without any value; the
// confidence BDA gives to blanks is dropped with them. A list of plain values is
// one field, its values joined by "; ", as sure as the least sure of them.
//
// Numbers stay the digits they are. A name that stands twice in an object is
// refused, since other readers might take the other value. Errors hold nothing
// of the document's values.
func Decode(data []byte) (Document, error) {
	var in struct {
		Blueprint struct {
			ARN        string `json:"arn"`
			Name       string `json:"name"`
			Version    any    `json:"version"`
			Confidence any    `json:"confidence"`
		} `json:"matched_blueprint"`
		Class struct {
			Type string `json:"type"`
		} `json:"document_class"`
		Split struct {
			Pages []int `json:"page_indices"`
		} `json:"split_document"`
		Values    map[string]any   `json:"inference_result"`
		Explained []map[string]any `json:"explainability_info"`
		Source    source           `json:"paperchart"`
	}
	if len(data) > maxSize {
		return Document{}, fmt.Errorf("read result: it is larger than %d MB", maxSize>>20)
	}
	if err := inspect(data); err != nil {
		return Document{}, fmt.Errorf("read result: %w", err)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err := dec.Decode(&in); err != nil {
		return Document{}, fmt.Errorf("read result: %w", kindOnly(err))
	}
	if in.Values == nil {
		return Document{}, errors.New("read result: it has no inference_result")
	}
	d := Document{
		Blueprint: Blueprint{ARN: in.Blueprint.ARN, Name: in.Blueprint.Name, Confidence: float(in.Blueprint.Confidence)},
		Class:     in.Class.Type, Pages: in.Split.Pages, Source: in.Source.source(),
		Fields: map[string]Field{}, Tables: map[string][]Row{},
	}
	if in.Blueprint.Version != nil {
		d.Blueprint.Version = fmt.Sprint(in.Blueprint.Version)
	}
	explained := map[string]any{}
	if len(in.Explained) > 0 {
		explained = in.Explained[0]
	}
	for _, name := range sortedKeys(in.Values) {
		d.take(name, in.Values[name], explained[name], 1)
	}
	return d, nil
}

// take adds what stands under one name: a value, a group of them, or a table. A
// group has one level, as BDA's; what is nested deeper has no name and is left
// out. Of two things that come to the same name the first in order counts.
func (d *Document) take(name string, v, e any, level int) {
	switch v := v.(type) {
	case map[string]any:
		inner, _ := e.(map[string]any)
		for _, k := range sortedKeys(v) {
			if level < 2 {
				d.take(name+"."+k, v[k], inner[k], level+1)
			}
		}
	case []any:
		explained, _ := e.([]any)
		d.takeList(name, v, explained)
	default:
		d.add(name, v, e)
	}
}

func (d *Document) add(name string, v, e any) {
	if f, ok := field(v, e); ok && !d.has(name) {
		d.Fields[name] = f
	}
}

func (d *Document) has(name string) bool {
	_, isField := d.Fields[name]
	return isField || d.Tables[name] != nil
}

// takeList adds a table, or a list of plain values where no row is an object.
func (d *Document) takeList(name string, values, explained []any) {
	if d.has(name) {
		return
	}
	var rows []Row
	var list []Field
	for i, v := range values {
		var e any
		if i < len(explained) {
			e = explained[i]
		}
		if cells, ok := v.(map[string]any); ok {
			if r := row(cells, e); len(r) > 0 {
				rows = append(rows, r)
			}
		} else if f, ok := field(v, e); ok {
			list = append(list, f)
		}
	}
	switch {
	case rows != nil:
		d.Tables[name] = rows
	case list != nil:
		d.Fields[name] = joined(list)
	}
}

func row(cells map[string]any, e any) Row {
	inner, _ := e.(map[string]any)
	r := Row{}
	for k, x := range cells {
		if f, ok := field(x, inner[k]); ok {
			r[k] = f
		}
	}
	return r
}

// joined is a list as one field.
func joined(list []Field) Field {
	out := list[0]
	for _, f := range list[1:] {
		out.Value += separator + f.Value
		out.Confidence = min(out.Confidence, f.Confidence)
		out.Geometry = append(out.Geometry, f.Geometry...)
		if out.Remark == "" {
			out.Remark = f.Remark
		}
	}
	return out
}

func text(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

func field(v, e any) (Field, bool) {
	f := Field{Value: text(v)}
	if f.Value == "" {
		return f, false
	}
	m, _ := e.(map[string]any)
	f.Confidence = float(m["confidence"])
	f.Text, _ = m["text"].(string)
	f.Remark, _ = m["remark"].(string)
	places, _ := m["geometry"].([]any)
	for _, p := range places {
		if g, ok := p.(map[string]any); ok {
			f.Geometry = append(f.Geometry, geometry(g))
		}
	}
	return f, true
}

// geometry reads one place; without a page it is on page -1, as BDA says it.
func geometry(m map[string]any) Geometry {
	box, _ := m["boundingBox"].(map[string]any)
	g := Geometry{Page: -1, Box: Box{float(box["left"]), float(box["top"]), float(box["width"]), float(box["height"])}}
	if n, ok := m["page"].(json.Number); ok {
		if i, err := n.Int64(); err == nil && i > 0 && i < 1<<20 {
			g.Page = int(i)
		}
	}
	corners, _ := m["vertices"].([]any)
	for _, c := range corners {
		if v, ok := c.(map[string]any); ok {
			g.Vertices = append(g.Vertices, Vertex{float(v["x"]), float(v["y"])})
		}
	}
	return g
}

// float is a number from 0 to 1, and 0 for what is none.
func float(v any) float64 {
	n, _ := v.(json.Number)
	f, err := n.Float64()
	if err != nil || !(f > 0) {
		return 0
	}
	return min(f, 1)
}

// source is Source on disk.
type source struct {
	File      string              `json:"file"`
	SHA256    string              `json:"sha256"`
	MediaType string              `json:"media_type"`
	Size      int64               `json:"size"`
	PageCount int                 `json:"page_count"`
	Engine    string              `json:"engine"`
	Read      string              `json:"read"`
	Route     string              `json:"route"`
	Notes     map[string][]string `json:"notes"`
	Unread    []map[string]any    `json:"unread"`
}

func (s source) source() Source {
	out := Source{File: s.File, SHA256: s.SHA256, MediaType: s.MediaType, Size: s.Size, PageCount: s.PageCount, Engine: s.Engine, Read: s.Read, Route: s.Route}
	for _, g := range s.Unread {
		out.Unread = append(out.Unread, geometry(g))
	}
	for page, notes := range s.Notes {
		if n, err := strconv.Atoi(page); err == nil {
			if out.Notes == nil {
				out.Notes = map[int][]string{}
			}
			out.Notes[n] = notes
		}
	}
	return out
}
