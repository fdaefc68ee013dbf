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

// Decode reads a document in BDA's custom output format, ours or BDA's own. A
// value that is "" is absent, and so is a table row without any value; the
// confidence BDA gives to blanks is dropped with them. Errors hold nothing of
// the document's values.
func Decode(data []byte) (Document, error) {
	var in struct {
		Blueprint struct {
			ARN        string  `json:"arn"`
			Name       string  `json:"name"`
			Version    any     `json:"version"`
			Confidence float64 `json:"confidence"`
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
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err := dec.Decode(&in); err != nil {
		return Document{}, fmt.Errorf("read result: %w", kindOnly(err))
	}
	if in.Values == nil {
		return Document{}, errors.New("read result: it has no inference_result")
	}
	d := Document{
		Blueprint: Blueprint{ARN: in.Blueprint.ARN, Name: in.Blueprint.Name, Confidence: in.Blueprint.Confidence},
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
	for name, v := range in.Values {
		d.take(name, v, explained[name])
	}
	return d, nil
}

// kindOnly keeps a JSON error's kind and place and drops its quotation.
func kindOnly(err error) error {
	var syntax *json.SyntaxError
	var typed *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("it is no good JSON at byte %d", syntax.Offset)
	case errors.As(err, &typed):
		return fmt.Errorf("%s is not of its type", typed.Field)
	}
	return errors.New("it is no good JSON")
}

// take adds what stands under one name: a value, a group of them, or a table.
func (d *Document) take(name string, v, e any) {
	switch v := v.(type) {
	case map[string]any:
		inner, _ := e.(map[string]any)
		for k, x := range v {
			d.take(name+"."+k, x, inner[k])
		}
	case []any:
		rows, _ := e.([]any)
		d.takeTable(name, v, rows)
	default:
		if f, ok := field(v, e); ok {
			d.Fields[name] = f
		}
	}
}

func (d *Document) takeTable(name string, values, explained []any) {
	var list []string
	for i, v := range values {
		var e any
		if i < len(explained) {
			e = explained[i]
		}
		cells, ok := v.(map[string]any)
		if !ok {
			if s := text(v); s != "" {
				list = append(list, s)
			}
			continue
		}
		inner, _ := e.(map[string]any)
		row := Row{}
		for k, x := range cells {
			if f, ok := field(x, inner[k]); ok {
				row[k] = f
			}
		}
		if len(row) > 0 {
			d.Tables[name] = append(d.Tables[name], row)
		}
	}
	if list != nil {
		d.Fields[name] = Field{Value: strings.Join(list, "; ")}
	}
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
	Notes     map[string][]string `json:"notes"`
}

func (s source) source() Source {
	out := Source{File: s.File, SHA256: s.SHA256, MediaType: s.MediaType, Size: s.Size, PageCount: s.PageCount, Engine: s.Engine, Read: s.Read}
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
