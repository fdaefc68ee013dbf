package paper

import "strings"

// Span is a piece of a line with one style and, perhaps, the fields it is the
// printed form of.
type Span struct {
	Text string
	// Keys name fields: "patient_mrn", "conditions.2.icd10_code",
	// "lab_results.*.collection_date" for every row of the patient that has no
	// date of its own, "!conditions.negated" for what must not be found, or
	// "?conditions" for a mention that may be.
	Keys []string
	// Value is the normalised form of Text.
	Value string
	Bold  bool
	// id joins the pieces of one span that was wrapped; 0 for none.
	id int
	// whole is the text of the span that was wrapped.
	whole string
}

// Parse reads markup: "{keys=value|text}" binds printed text to fields, keys
// separated by commas, "=value" only where it differs from the text, and "**"
// switches bold. What does not parse is text.
func Parse(markup string) []Span {
	var out []Span
	bold := false
	add := func(text string) {
		for i, part := range strings.Split(text, "**") {
			if i > 0 {
				bold = !bold
			}
			if part != "" {
				out = append(out, Span{Text: part, Bold: bold})
			}
		}
	}
	for markup != "" {
		open := strings.IndexByte(markup, '{')
		end := strings.IndexByte(markup, '}')
		if open < 0 || end < open {
			break
		}
		sp, ok := bound(markup[open+1 : end])
		if !ok {
			break
		}
		add(markup[:open])
		sp.Bold = bold
		out = append(out, sp)
		markup = markup[end+1:]
	}
	add(markup)
	return out
}

func bound(s string) (Span, bool) {
	head, text, ok := strings.Cut(s, "|")
	if !ok || text == "" {
		return Span{}, false
	}
	keys, value, has := strings.Cut(head, "=")
	if !has {
		value = text
	}
	return Span{Text: text, whole: text, Keys: strings.Split(keys, ","), Value: value}, true
}

// Plain returns markup's text without its marks.
func Plain(markup string) string {
	var b strings.Builder
	for _, sp := range Parse(markup) {
		b.WriteString(sp.Text)
	}
	return b.String()
}

func splitSpaces(s string) []string { return strings.Split(s, " ") }
