package forms

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed labels.txt
var labelText string

// Labels are a vendor's words for things, by our short names.
type Labels map[string]string

// vendors reads labels.txt. A vendor that says nothing of a thing says what the
// first vendor says.
func vendors() (map[string]Labels, error) {
	out := map[string]Labels{}
	var cur, first Labels
	for i, line := range strings.Split(labelText, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			cur = Labels{}
			for k, v := range first {
				cur[k] = v
			}
			if first == nil {
				first = cur
			}
			out[strings.Trim(line, "[]")] = cur
		default:
			for pair := range strings.SplitSeq(line, ";") {
				k, v, ok := strings.Cut(strings.TrimSpace(pair), "=")
				if !ok || cur == nil {
					return nil, fmt.Errorf("read labels line %d: want key=label", i+1)
				}
				cur[k] = v
			}
		}
	}
	return out, nil
}
