package store

import (
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/fhirpath"
)

// uriRows keeps a canonical with a version both ways: who searches without a
// version means any.
func uriRows(all []row, name string, v fhirpath.Value) []row {
	return uriRow(all, name, v.String(), v.Type() == "canonical")
}

func uriRow(all []row, name, s string, canonical bool) []row {
	if s == "" {
		return all
	}
	if url, _, versioned := strings.Cut(s, "|"); versioned && canonical {
		all = append(all, row{kind: uris, param: name, text: url})
	}
	return append(all, row{kind: uris, param: name, text: s})
}

// ofVersion finds canonicals of a version and of those within it: 1.2 is within 1.
func (b *builder) ofVersion(name, value string) cond {
	return b.rows(uris, name, "(uri = ? OR uri >= ? AND uri < ?)", value, value+".", value+"/") // "/" follows "."
}

func (b *builder) uri(typ string, def *definition.SearchParam, modifier, value string) (cond, error) {
	name, value := typ+"."+def.Code, unescape(value)
	if strings.HasPrefix(value, "urn:") && (modifier == "above" || modifier == "below") {
		modifier = "" // these are for URLs only
	}
	url, version, versioned := strings.Cut(value, "|")
	switch modifier {
	case "":
		if v := b.s.table.SearchParam(typ, "version"); versioned && def.Code == "url" && v != nil {
			c := intersect([]cond{b.rows(uris, name, "uri = ?", url), b.rows(tokens, typ+".version", "code = ?", strings.ToLower(version))})
			c.sel = "SELECT rid FROM (" + c.sel + ") AS versioned"
			return c, nil
		}
		return b.rows(uris, name, "uri = ?", value).sorted(), nil
	case "below":
		if versioned {
			return b.ofVersion(name, value), nil
		}
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
