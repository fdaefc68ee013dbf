package terms

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// parseCVX reads the CDC's vaccine codes.
func parseCVX(_ context.Context, src source) ([]entry, string, error) {
	var out []entry
	latest := ""
	err := records(src.text, "CVXInfo", func(d *xml.Decoder, start xml.StartElement) error {
		var v struct{ ShortDescription, FullVaccinename, CVXCode, Status, LastUpdated string }
		if err := d.DecodeElement(&v, &start); err != nil {
			return err
		}
		code, name := strings.TrimSpace(v.CVXCode), strings.TrimSpace(v.ShortDescription)
		if code == "" || name == "" {
			return errors.New("a vaccine has no code or no name")
		}
		latest = max(latest, isoDay(v.LastUpdated))
		out = append(out, entry{domain: Vaccine, name: name, terms: []string{strings.TrimSpace(v.FullVaccinename)}, group: v.Status, weak: true,
			codings: []Coding{{System: CVX, Code: code, Display: name}}})
		return nil
	})
	return out, latest, err
}

// records calls do at each element of a name. An error is placed where the
// element began, or where the XML breaks.
func records(text []byte, name string, do func(*xml.Decoder, xml.StartElement) error) error {
	d := xml.NewDecoder(bytes.NewReader(text))
	d.CharsetReader = asIs
	for {
		token, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return at(d, err)
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != name {
			continue
		}
		line, col := d.InputPos()
		var broken *xml.SyntaxError
		if err := do(d, start); errors.As(err, &broken) {
			return at(d, err)
		} else if err != nil {
			return fmt.Errorf("line %d, column %d: %w", line, col, err)
		}
	}
}

// parseTradeNames reads the CDC's table of products and the vaccine each is. A
// name that several vaccines bear is left out.
func parseTradeNames(_ context.Context, src source) ([]entry, string, error) {
	var out []entry
	latest := ""
	err := named(src.text, "prodInfo", func(r map[string]string) error {
		product, code, what := r["CDC Product Name"], r["CVXCode"], r["Short Description"]
		if product == "" || code == "" || what == "" {
			return errors.New("a product has no name, no code or no description")
		}
		latest = max(latest, isoDay(r["Last Updated"]))
		out = append(out, entry{domain: Vaccine, name: what, terms: []string{product}, weak: true,
			codings: []Coding{{System: CVX, Code: code, Display: what}}})
		return nil
	})
	return unambiguous(out), latest, err
}

// parseMVX reads the CDC's codes of manufacturers, which are looked up by code only.
func parseMVX(_ context.Context, src source) ([]entry, string, error) {
	var out []entry
	latest := ""
	err := named(src.text, "MVXInfo", func(r map[string]string) error {
		code, name := r["MVX_CODE"], r["Manufacturer Name"]
		if code == "" || name == "" {
			return errors.New("a manufacturer has no code or no name")
		}
		latest = max(latest, isoDay(r["Last Updated"]))
		out = append(out, entry{domain: Vaccine, name: name, silent: true, codings: []Coding{{System: MVX, Code: code, Display: name}}})
		return nil
	})
	return out, latest, err
}

// named reads the CDC's XML of alternating names and values.
func named(text []byte, row string, do func(map[string]string) error) error {
	return records(text, row, func(d *xml.Decoder, start xml.StartElement) error {
		var r struct{ Name, Value []string }
		if err := d.DecodeElement(&r, &start); err != nil {
			return err
		}
		if len(r.Name) != len(r.Value) {
			return fmt.Errorf("%d names and %d values", len(r.Name), len(r.Value))
		}
		m := map[string]string{}
		for j, n := range r.Name {
			m[strings.TrimSpace(n)] = strings.TrimSpace(r.Value[j])
		}
		return do(m)
	})
}

// isoDay writes 7/12/2023 as 2023-07-12, and what is no date as nothing.
func isoDay(us string) string {
	var m, d, y int
	if n, _ := fmt.Sscanf(strings.TrimSpace(us), "%d/%d/%d", &m, &d, &y); n != 3 || y < 1900 || y > 9999 || m > 12 || d > 31 || m < 1 || d < 1 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", y, m, d)
}
