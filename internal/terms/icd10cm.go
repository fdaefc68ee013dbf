package terms

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

func isOrder(head []byte) bool {
	return len(head) > 16 && digit(head[0]) && digit(head[4]) && head[5] == ' ' && head[6] >= 'A' && head[6] <= 'Z'
}

// parseOrder reads the fixed columns of the ICD-10-CM order file: 1–5 order, 7–13
// code, 15 billable, 17–76 short title, 78 on the long title.
func parseOrder(ctx context.Context, src source) ([]entry, string, error) {
	var out []entry
	n := 0
	for line := range strings.Lines(string(src.text)) {
		n++
		if n%4096 == 0 && ctx.Err() != nil {
			return nil, "", ctx.Err()
		}
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			continue
		}
		if len(line) < 78 || line[5] != ' ' || line[13] != ' ' || line[15] != ' ' {
			return nil, "", fmt.Errorf("line %d, column %d: not an ICD-10-CM order line", n, min(len(line), 77)+1)
		}
		code, title := strings.TrimSpace(line[6:13]), strings.TrimSpace(line[77:])
		switch {
		case len(code) < 3 || !alnum(code[0]|0x20):
			return nil, "", fmt.Errorf("line %d, column 7: no code", n)
		case line[14] != '0' && line[14] != '1':
			return nil, "", fmt.Errorf("line %d, column 15: want 0 or 1", n)
		case title == "":
			return nil, "", fmt.Errorf("line %d, column 78: no title", n)
		}
		if line[14] == '1' {
			out = append(out, entry{domain: Diagnosis, name: title, weak: true,
				codings: []Coding{{System: ICD10CM, Code: dotted(code), Display: title}}})
		}
	}
	return out, versionIn(src.name), nil
}

// A diag is a category or code of the tabular list.
type diag struct {
	Name      string   `xml:"name"`
	Desc      string   `xml:"desc"`
	Inclusion []string `xml:"inclusionTerm>note"`
	Seventh   *struct {
		Extension []struct{} `xml:"extension"`
	} `xml:"sevenChrDef"`
	Diag []diag `xml:"diag"`
}

// parseTabular reads the inclusion terms of the tabular list: what else a code is
// for. Codes that a seventh character must follow are left out, and so are
// terms that stand under several codes, for these name none of them.
func parseTabular(_ context.Context, src source) ([]entry, string, error) {
	d := xml.NewDecoder(bytes.NewReader(src.text))
	d.CharsetReader = asIs
	var file struct {
		Version string `xml:"version"`
		Diag    []diag `xml:"chapter>section>diag"`
	}
	if err := d.Decode(&file); err != nil {
		return nil, "", at(d, err)
	}
	var out []entry
	for _, c := range file.Diag {
		out = leaves(c, out)
	}
	return unambiguous(out), strings.TrimSpace(file.Version), nil
}

// leaves collects the codes below a category.
func leaves(c diag, out []entry) []entry {
	if c.Seventh != nil {
		return out
	}
	for _, sub := range c.Diag {
		out = leaves(sub, out)
	}
	code, title := dotted(strings.TrimSpace(c.Name)), strings.TrimSpace(c.Desc)
	if len(c.Diag) > 0 || code == "" || title == "" {
		return out
	}
	return append(out, entry{domain: Diagnosis, name: title, terms: c.Inclusion, weak: true,
		codings: []Coding{{System: ICD10CM, Code: code, Display: title}}})
}

// unambiguous drops the synonyms that two entries claim.
func unambiguous(entries []entry) []entry {
	claims := map[string]string{}
	for _, e := range entries {
		for _, t := range append([]string{e.name}, e.terms...) {
			k := fold(t)
			if other, ok := claims[k]; ok && other != e.codings[0].Code {
				claims[k] = ""
			} else if !ok {
				claims[k] = e.codings[0].Code
			}
		}
	}
	for i, e := range entries {
		var keep []string
		for _, t := range e.terms {
			if claims[fold(t)] != "" {
				keep = append(keep, t)
			}
		}
		entries[i].terms = keep
	}
	return entries
}

// asIs is for files that call themselves ISO-8859-1 and hold ASCII.
func asIs(_ string, r io.Reader) (io.Reader, error) { return r, nil }

func at(d *xml.Decoder, err error) error {
	line, col := d.InputPos()
	return fmt.Errorf("line %d, column %d: %w", line, col, err)
}
