package paper

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// JSON writes the truth with a field or a row on each line, so that a change is a
// readable difference. It is ordinary JSON to any reader.
func (t *Truth) JSON() ([]byte, error) {
	w := &jsonWriter{}
	w.printf("{\"file\": %s, \"pages\": %d, \"patients\": [", w.value(t.File), t.Pages)
	for i, p := range t.Patients {
		w.sep(i, "\n ")
		w.patient(p)
	}
	w.printf("\n]}\n")
	if w.err != nil {
		return nil, fmt.Errorf("write truth of %s: %w", t.File, w.err)
	}
	return w.Bytes(), nil
}

type jsonWriter struct {
	bytes.Buffer
	err error
}

func (w *jsonWriter) printf(format string, args ...any) { fmt.Fprintf(w, format, args...) }

func (w *jsonWriter) sep(i int, space string) {
	if i > 0 {
		w.WriteByte(',')
	}
	w.WriteString(space)
}

func (w *jsonWriter) value(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		w.err = err
	}
	return bytes.TrimSpace(b.Bytes())
}

func (w *jsonWriter) patient(p Patient) {
	w.printf("{\"fields\": {")
	for i, name := range slices.Sorted(maps.Keys(p.Fields)) {
		w.sep(i, "\n   ")
		w.printf("%q: %s", name, w.value(p.Fields[name]))
	}
	w.printf("},\n  \"tables\": {")
	for i, name := range slices.Sorted(maps.Keys(p.Tables)) {
		w.sep(i, "\n   ")
		w.printf("%q: [", name)
		list(w, p.Tables[name])
		w.WriteByte(']')
	}
	w.printf("},\n  \"absent\": [")
	list(w, p.Absent)
	w.printf("],\n  \"optional\": [")
	list(w, p.Optional)
	w.printf("]}")
}

func list[T any](w *jsonWriter, items []T) {
	for i, item := range items {
		w.sep(i, "\n    ")
		w.Write(w.value(item))
	}
}
