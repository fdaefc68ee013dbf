package terms

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"strings"
)

// parseCVX reads the CDC's vaccine codes.
func parseCVX(_ context.Context, src source) ([]entry, string, error) {
	d := xml.NewDecoder(bytes.NewReader(src.text))
	d.CharsetReader = asIs
	var file struct {
		CVXInfo []struct{ ShortDescription, FullVaccinename, CVXCode, Status, LastUpdated string }
	}
	if err := d.Decode(&file); err != nil {
		return nil, "", at(d, err)
	}
	var out []entry
	latest := ""
	for i, v := range file.CVXInfo {
		code, name := strings.TrimSpace(v.CVXCode), strings.TrimSpace(v.ShortDescription)
		if code == "" || name == "" {
			return nil, "", fmt.Errorf("vaccine %d has no code or no name", i+1)
		}
		latest = max(latest, isoDay(v.LastUpdated))
		out = append(out, entry{domain: Vaccine, name: name, terms: []string{strings.TrimSpace(v.FullVaccinename)}, group: v.Status, weak: true,
			codings: []Coding{{System: CVX, Code: code, Display: name}}})
	}
	return out, latest, nil
}

// parseTradeNames reads the CDC's table of products and the vaccine each is. A
// name that several vaccines bear is left out.
func parseTradeNames(_ context.Context, src source) ([]entry, string, error) {
	rows, err := named(src.text, "prodInfo")
	if err != nil {
		return nil, "", err
	}
	var out []entry
	latest := ""
	for i, r := range rows {
		product, code, what := r["CDC Product Name"], r["CVXCode"], r["Short Description"]
		if product == "" || code == "" || what == "" {
			return nil, "", fmt.Errorf("product %d has no name, no code or no description", i+1)
		}
		latest = max(latest, isoDay(r["Last Updated"]))
		out = append(out, entry{domain: Vaccine, name: what, terms: []string{product}, weak: true,
			codings: []Coding{{System: CVX, Code: code, Display: what}}})
	}
	return unambiguous(out), latest, nil
}

// parseMVX reads the CDC's codes of manufacturers, which are looked up by code only.
func parseMVX(_ context.Context, src source) ([]entry, string, error) {
	rows, err := named(src.text, "MVXInfo")
	if err != nil {
		return nil, "", err
	}
	var out []entry
	latest := ""
	for i, r := range rows {
		code, name := r["MVX_CODE"], r["Manufacturer Name"]
		if code == "" || name == "" {
			return nil, "", fmt.Errorf("manufacturer %d has no code or no name", i+1)
		}
		latest = max(latest, isoDay(r["Last Updated"]))
		out = append(out, entry{domain: Vaccine, name: name, silent: true, codings: []Coding{{System: MVX, Code: code, Display: name}}})
	}
	return out, latest, nil
}

// named reads the CDC's XML of alternating names and values.
func named(text []byte, row string) ([]map[string]string, error) {
	d := xml.NewDecoder(bytes.NewReader(text))
	d.CharsetReader = asIs
	var file struct {
		Rows []struct {
			XMLName xml.Name
			Name    []string
			Value   []string
		} `xml:",any"`
	}
	if err := d.Decode(&file); err != nil {
		return nil, at(d, err)
	}
	var out []map[string]string
	for i, r := range file.Rows {
		if r.XMLName.Local != row {
			continue
		}
		if len(r.Name) != len(r.Value) {
			return nil, fmt.Errorf("%s %d has %d names and %d values", row, i+1, len(r.Name), len(r.Value))
		}
		m := map[string]string{}
		for j, n := range r.Name {
			m[strings.TrimSpace(n)] = strings.TrimSpace(r.Value[j])
		}
		out = append(out, m)
	}
	return out, nil
}

// isoDay writes 7/12/2023 as 2023-07-12, and what is no date as nothing.
func isoDay(us string) string {
	var m, d, y int
	if n, _ := fmt.Sscanf(strings.TrimSpace(us), "%d/%d/%d", &m, &d, &y); n != 3 || y < 1900 || y > 9999 || m > 12 || d > 31 || m < 1 || d < 1 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", y, m, d)
}
