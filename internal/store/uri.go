package store

import (
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/fhirpath"
)

// uriRows keeps a canonical with a version both ways: who searches without a
// version means any.
func uriRows(all []row, name string, v fhirpath.Value) []row {
	s := v.String()
	if s == "" {
		return all
	}
	if url, _, versioned := strings.Cut(s, "|"); versioned && v.Type() == "canonical" {
		all = append(all, row{kind: uris, param: name, text: url})
	}
	return append(all, row{kind: uris, param: name, text: s})
}

func (b *builder) uri(typ string, def *definition.SearchParam, modifier, value string) (cond, error) {
	name, value := typ+"."+def.Code, unescape(value)
	switch modifier {
	case "":
		return b.rows(uris, name, "uri = ?", value).sorted(), nil
	case "below":
		stem := strings.TrimSuffix(value, "/")
		return b.rows(uris, name, "(uri = ? OR uri >= ? AND uri < ?)", stem, stem+"/", stem+"0"), nil // "0" follows "/"
	case "above":
		var args []any
		for stem := strings.TrimSuffix(value, "/"); ; {
			args = append(args, stem, stem+"/")
			i := strings.LastIndexByte(stem, '/')
			if i <= 0 || strings.HasSuffix(stem[:i], "/") || strings.HasSuffix(stem[:i], ":") {
				break
			}
			stem = stem[:i]
		}
		return b.rows(uris, name, "uri IN ("+marks(len(args))+")", args...), nil
	}
	return cond{}, b.noModifier(def, modifier)
}
