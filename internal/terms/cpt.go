package terms

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// isCPT knows a site's own table by its head: a column cpt_code.
func isCPT(head []byte) bool {
	line, _, _ := bytes.Cut(bytes.TrimPrefix(head, []byte("\ufeff")), []byte("\n"))
	return bytes.Contains(bytes.ToLower(line), []byte("cpt_code"))
}

// parseCPT reads the table of procedures that a site holds a licence for: CSV or
// tab-separated, the first line names the columns, in any order. cpt_code and
// description must be there; short_description, synonyms (with bars between) and
// version may be.
func parseCPT(ctx context.Context, src source) ([]entry, string, error) {
	text := bytes.TrimPrefix(src.text, []byte("\ufeff"))
	r := csv.NewReader(bytes.NewReader(text))
	r.ReuseRecord = true
	if first, _, _ := bytes.Cut(text, []byte("\n")); bytes.IndexByte(first, '\t') >= 0 {
		r.Comma, r.LazyQuotes = '\t', true
	}
	head, err := r.Read()
	if err != nil {
		return nil, "", placed(err)
	}
	for i, h := range head {
		head[i] = strings.ToLower(h)
	}
	cols, err := columns(head, "cpt_code", "description")
	if err != nil {
		return nil, "", err
	}
	var out []entry
	seen, latest := map[string]bool{}, ""
	for {
		rec, err := r.Read()
		if err == io.EOF {
			return out, latest, nil
		}
		if err != nil {
			return nil, "", placed(err)
		}
		if len(out)%4096 == 0 && ctx.Err() != nil {
			return nil, "", ctx.Err()
		}
		row := cptRow{rec: rec, cols: cols}
		if at, err := row.fault(seen); err != nil {
			line, col := r.FieldPos(cols[at])
			return nil, "", fmt.Errorf("line %d, column %d: %w", line, col, err)
		}
		seen[row.get("cpt_code")] = true
		latest = max(latest, row.get("version"))
		out = append(out, row.entry())
	}
}

type cptRow struct {
	rec  []string
	cols map[string]int
}

func (r cptRow) get(name string) string {
	if i, ok := r.cols[name]; ok {
		return strings.TrimSpace(r.rec[i])
	}
	return ""
}

// fault names the column that is wrong, and why.
func (r cptRow) fault(seen map[string]bool) (column string, err error) {
	code := r.get("cpt_code")
	switch {
	case !cptCode(code):
		return "cpt_code", errors.New("a CPT code has four digits and a fifth that may be a letter")
	case seen[code]:
		return "cpt_code", errors.New("the code stands in the table twice")
	case r.get("description") == "":
		return "description", errors.New("no description")
	}
	return "", nil
}

func (r cptRow) entry() entry {
	e := entry{domain: Procedure, name: r.get("description"), weak: true,
		codings: []Coding{{System: CPT, Code: r.get("cpt_code"), Display: r.get("description")}}}
	for _, t := range append(list(r.get("synonyms")), r.get("short_description")) {
		if t = strings.TrimSpace(t); t != "" {
			e.terms = append(e.terms, t)
		}
	}
	return e
}

// cptCode tells the forms of a CPT code: 99213, and 0042T, 3074F, 0001U, 0004M or
// 0001A for those of the other categories.
func cptCode(code string) bool {
	return len(code) == 5 && numeric(code[:4]) && strings.ContainsRune("0123456789TFUMA", rune(code[4]))
}
