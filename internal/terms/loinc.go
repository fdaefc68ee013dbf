package terms

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

func isLOINC(head []byte) bool {
	line, _, _ := bytes.Cut(bytes.TrimPrefix(head, []byte("\ufeff")), []byte("\n"))
	return bytes.Contains(line, []byte("LOINC_NUM")) && bytes.Contains(line, []byte("LONG_COMMON_NAME"))
}

// parseLOINC reads LoincTable/Loinc.csv. Laboratory codes in use are found by
// their long, short and display names; the others by their code.
func parseLOINC(ctx context.Context, src source) ([]entry, string, error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(src.text, []byte("\ufeff"))))
	r.ReuseRecord = true
	head, err := r.Read()
	if err != nil {
		return nil, "", placed(err)
	}
	cols, err := columns(head, "LOINC_NUM", "LONG_COMMON_NAME", "SYSTEM", "STATUS", "CLASSTYPE")
	if err != nil {
		return nil, "", err
	}
	var out []entry
	latest := version{}
	for {
		rec, err := r.Read()
		if err == io.EOF {
			return out, latest.text, nil
		}
		if err != nil {
			return nil, "", placed(err)
		}
		if len(out)%4096 == 0 && ctx.Err() != nil {
			return nil, "", ctx.Err()
		}
		get := func(name string) string {
			if i, ok := cols[name]; ok {
				return strings.TrimSpace(rec[i])
			}
			return ""
		}
		e, column, err := loincEntry(get)
		if err != nil {
			line, col := r.FieldPos(cols[column])
			return nil, "", fmt.Errorf("line %d, column %d: %w", line, col, err)
		}
		latest.raise(get("VersionLastChanged"))
		out = append(out, e)
	}
}

// loincEntry makes the entry of a row, or names the column that is wrong.
func loincEntry(get func(string) string) (e entry, column string, err error) {
	code, name := get("LOINC_NUM"), get("LONG_COMMON_NAME")
	if name == "" {
		return e, "LONG_COMMON_NAME", errors.New("no LONG_COMMON_NAME")
	}
	if !checkDigit(code) {
		return e, "LOINC_NUM", errors.New("LOINC_NUM has a wrong check digit")
	}
	status := get("STATUS")
	e = entry{domain: Lab, name: name, weak: true, specimen: get("SYSTEM"), group: get("CLASS"),
		silent:  get("CLASSTYPE") != "1" || status != "ACTIVE" && status != "TRIAL",
		codings: []Coding{{System: LOINC, Code: code, Display: name}}}
	for _, t := range []string{get("SHORTNAME"), get("DisplayName")} {
		if t != "" {
			e.terms = append(e.terms, t)
		}
	}
	e.unit, _, _ = strings.Cut(get("EXAMPLE_UCUM_UNITS"), ";")
	return e, "", nil
}

// placed puts a table's fault where all importers put it.
func placed(err error) error {
	var fault *csv.ParseError
	if errors.As(err, &fault) {
		return fmt.Errorf("line %d, column %d: %w", fault.Line, fault.Column, fault.Err)
	}
	return fmt.Errorf("line 1, column 1: %w", err)
}

// columns finds the columns of a table by name; those that must be there are given.
func columns(head []string, must ...string) (map[string]int, error) {
	cols := map[string]int{}
	for i, h := range head {
		cols[strings.TrimSpace(h)] = i
	}
	for _, m := range must {
		if _, ok := cols[m]; !ok {
			return nil, fmt.Errorf("line 1, column 1: no column %s", m)
		}
	}
	return cols, nil
}

// checkDigit tells whether a LOINC code's last digit is the sum of the others (mod 10, Luhn).
func checkDigit(code string) bool {
	body, check, ok := strings.Cut(code, "-")
	if !ok || len(check) != 1 || !digit(check[0]) || body == "" {
		return false
	}
	sum := 0
	for i := range len(body) {
		c := body[len(body)-1-i]
		if !digit(c) {
			return false
		}
		n := int(c - '0')
		if i%2 == 0 {
			n = n*2/10 + n*2%10
		}
		sum += n
	}
	return (10-sum%10)%10 == int(check[0]-'0')
}

// version is the highest of several such as 2.73.
type version struct {
	text         string
	major, minor int
}

func (v *version) raise(text string) {
	a, b, _ := strings.Cut(text, ".")
	major, err := strconv.Atoi(a)
	minor, err2 := strconv.Atoi(b)
	if err == nil && err2 == nil && (major > v.major || major == v.major && minor > v.minor) {
		*v = version{text, major, minor}
	}
}
