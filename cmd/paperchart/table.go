package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// resourceTable shows resources as a table for each type: what it says, its
// value, its date, its state and its id.
func resourceTable(resources []json.RawMessage, width int) string {
	var order []string
	rows := map[string][][]string{}
	for _, raw := range resources {
		var r node
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.UseNumber() // 1.0 is not 1
		if dec.Decode(&r) != nil {
			continue
		}
		kind := r.text("resourceType")
		if rows[kind] == nil {
			order = append(order, kind)
		}
		rows[kind] = append(rows[kind], row(kind, r))
	}
	if len(order) == 0 {
		return "Nothing found.\n"
	}
	var b strings.Builder
	for i, kind := range order {
		if i > 0 {
			b.WriteByte('\n')
		}
		table(&b, append([][]string{headings(kind)}, rows[kind]...), width)
	}
	return b.String()
}

func headings(kind string) []string {
	switch kind {
	case "Patient", "Practitioner":
		return []string{strings.ToUpper(kind), "BORN", "SEX", "IDENTIFIER", "ID"}
	}
	return []string{strings.ToUpper(kind), "CODE", "VALUE", "DATE", "STATUS", "ID"}
}

func row(kind string, r node) []string {
	switch kind {
	case "Patient", "Practitioner":
		return []string{humanName(r.at("name", 0)), r.text("birthDate"), r.text("gender"), r.at("identifier", 0).text("value"), r.text("id")}
	}
	what := first(r.at("code"), r.at("medicationCodeableConcept"), r.at("vaccineCode"), r.at("type"), r.at("relationship"), r.at("class"))
	said := concept(what)
	if said == "" {
		said = r.text("name")
	}
	return []string{said, what.at("coding", 0).text("code"), value(r), date(r), state(r), r.text("id")}
}

// node is a piece of JSON that can be asked for what may not be there.
type node map[string]any

func (n node) at(name string, index ...int) node {
	v := n[name]
	for _, i := range index {
		list, _ := v.([]any)
		if i >= len(list) {
			return nil
		}
		v = list[i]
	}
	if list, ok := v.([]any); ok && len(list) > 0 {
		v = list[0]
	}
	m, _ := v.(map[string]any)
	return m
}

func (n node) text(name string) string {
	switch v := n[name].(type) {
	case string:
		return v
	case bool, json.Number:
		return fmt.Sprint(v)
	}
	return ""
}

func first(nodes ...node) node {
	for _, n := range nodes {
		if len(n) > 0 {
			return n
		}
	}
	return nil
}

func concept(n node) string {
	for _, s := range []string{n.text("text"), n.at("coding", 0).text("display"), n.text("display")} {
		if s != "" {
			return s
		}
	}
	return ""
}

func humanName(n node) string {
	if s := n.text("text"); s != "" && n.text("family") == "" {
		return s
	}
	given, _ := n["given"].([]any)
	parts := make([]string, len(given))
	for i, g := range given {
		parts[i] = fmt.Sprint(g)
	}
	return strings.TrimPrefix(strings.TrimSuffix(n.text("family")+", "+strings.Join(parts, " "), ", "), ", ")
}

// value is what an Observation found, or what a prescription says to do.
func value(r node) string {
	if parts, ok := r["component"].([]any); ok && len(parts) > 0 {
		return components(parts)
	}
	if q := r.at("valueQuantity"); q != nil {
		return quantity(q)
	}
	for _, n := range []string{"valueString", "occurrenceString"} {
		if s := r.text(n); s != "" {
			return s
		}
	}
	if s := concept(r.at("valueCodeableConcept")); s != "" {
		return s
	}
	return first(r.at("dosageInstruction", 0), r.at("dosage", 0)).text("text")
}

func components(parts []any) string {
	var said []string
	unit := ""
	for _, part := range parts {
		m, _ := part.(map[string]any)
		q := node(m).at("valueQuantity")
		said = append(said, strings.TrimSuffix(quantity(q), " "+q.text("unit")))
		unit = q.text("unit")
	}
	return strings.TrimSpace(strings.Join(said, "/") + " " + unit)
}

func quantity(q node) string {
	return strings.TrimSpace(q.text("comparator") + q.text("value") + " " + q.text("unit"))
}

func date(r node) string {
	for _, n := range []string{"effectiveDateTime", "onsetDateTime", "recordedDate", "authoredOn", "performedDateTime",
		"occurrenceDateTime", "dateAsserted", "date", "recorded", "issued", "birthDate"} {
		if s := r.text(n); s != "" {
			return s
		}
	}
	return r.at("period").text("start")
}

func state(r node) string {
	if s := r.text("status"); s != "" {
		return s
	}
	return concept(r.at("clinicalStatus"))
}

// table writes rows in columns, and shortens the widest until they fit.
func table(b *strings.Builder, rows [][]string, width int) {
	widths := make([]int, len(rows[0]))
	for _, r := range rows {
		for i, c := range r {
			widths[i] = max(widths[i], utf8.RuneCountInString(c))
		}
	}
	for sum(widths)+2*(len(widths)-1) > width {
		widest := 0
		for i := range widths[:len(widths)-1] { // ids stay whole: they are what one copies
			if widths[i] > widths[widest] {
				widest = i
			}
		}
		if widths[widest] <= 10 {
			break
		}
		widths[widest]--
	}
	for _, r := range rows {
		line := ""
		for i, c := range r {
			if i > 0 {
				line += "  "
			}
			line += fit(c, widths[i])
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}

// fit makes s exactly w runes wide.
func fit(s string, w int) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
	r := []rune(s)
	if len(r) > w {
		return string(r[:max(0, w-1)]) + "…"
	}
	return s + strings.Repeat(" ", w-len(r))
}

func sum(ns []int) (total int) {
	for _, n := range ns {
		total += n
	}
	return total
}
