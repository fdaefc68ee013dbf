package convert

import (
	"maps"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/paperchart/paperchart/internal/grammar"
	"github.com/paperchart/paperchart/internal/result"
)

// maxText is the longest value that goes into a resource, in bytes. FHIR's
// strings may hold a megabyte, HealthLake's notes 10,000 characters.
const maxText = 10_000

// clean returns the document with every text fit for FHIR (R4
// datatypes.html#string): valid UTF-8 without control characters, without white
// space around it. Dates that are written out, as BDA gives them now and then,
// are FHIR's. What was read is not changed otherwise.
func clean(d result.Document) result.Document {
	d.Fields = cleanFields(d.Fields)
	tables := map[string][]result.Row{}
	for name, rows := range d.Tables {
		for _, r := range rows {
			if r := cleanFields(r); len(r) > 0 {
				tables[name] = append(tables[name], r)
			}
		}
	}
	d.Tables = tables
	d.Class = cleanText(d.Class)
	d.Source.File = oneLine(d.Source.File)
	d.Source.Engine = oneLine(d.Source.Engine)
	d.Source.MediaType = oneLine(d.Source.MediaType)
	return d
}

func cleanFields(fields map[string]result.Field) map[string]result.Field {
	out := maps.Clone(fields)
	for name, f := range fields {
		f.Value, f.Text, f.Remark = cleanText(f.Value), cleanText(f.Text), oneLine(f.Remark)
		if name == "date_of_birth" || strings.HasSuffix(name, "_date") {
			f = dated(f)
		}
		if out[name] = f; f.Value == "" {
			delete(out, name)
		}
	}
	return out
}

// dated is a date as FHIR writes it, where the print can mean one only: month
// first, as in the United States, and a year of four digits.
func dated(f result.Field) result.Field {
	if moment(f.Value) != "" {
		return f
	}
	d, ok := grammar.Dates{}.Parse(f.Value)
	if ok && d.Score >= understood && d.Remark == "" && moment(d.Value) != "" {
		f.Text, f.Value = first(f.Text, f.Value), d.Value
	}
	return f
}

func cleanText(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.IsSpace(r):
			return ' '
		case r == utf8.RuneError, unicode.IsControl(r), !unicode.IsGraphic(r):
			return -1
		}
		return r
	}, s)
	s = strings.TrimSpace(s)
	if len(s) <= maxText {
		return s
	}
	cut := maxText - len("…")
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return strings.TrimSpace(s[:cut]) + "…"
}

// oneLine is a text without breaks and with single spaces, as FHIR's codes are.
func oneLine(s string) string { return strings.Join(strings.Fields(cleanText(s)), " ") }
