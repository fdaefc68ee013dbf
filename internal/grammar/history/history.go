// Package history reads the short lines of a chart's history: allergies,
// family, social history, immunizations and procedures. Each parser takes one
// line or one sentence, or the cell that holds it, and splits it into parts as
// printed; what they are called in a vocabulary is for terms to say.
package history

import (
	"regexp"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
)

// Reader holds what reading dates needs.
type Reader struct {
	// Dates reads the dates of a line. History lies in the past: set Dates.Past.
	Dates grammar.Dates
}

// RemarkLoose says that the parts of a line were told apart by position alone.
const RemarkLoose = "parts told apart by position"

var bullet = regexp.MustCompile(`^\s*(?:(?:\d{1,2}|[a-z])[.)]\s+|[-•*·▪◦>○●□☐–]+\s*|\(\d{1,2}\)\s*)+`)

func clean(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return strings.TrimSpace(bullet.ReplaceAllString(s, ""))
}

func trim(s string) string { return strings.Trim(s, " \t,;:.-–—→>|()[]=*/") }

// pieces cuts at commas, semicolons, slashes between spaces, "and" and "&".
func pieces(s string) []string {
	var out []string
	for _, p := range pieceCut.Split(s, -1) {
		if p = trim(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

var pieceCut = regexp.MustCompile(`\s*[,;+]\s*(?:(?i:and|or)\s+)?|\s+(?i:and|&|or)\s+|\s*/\s*|\s*\n\s*`)

// cutDates takes the dates out of a text.
func (r Reader) cutDates(s string) (rest string, dates []grammar.Date) {
	last := 0
	var b strings.Builder
	for _, d := range r.Dates.Find(s) {
		if d.Value == "" {
			continue
		}
		b.WriteString(s[last:d.Start])
		b.WriteByte(' ')
		last = d.End
		dates = append(dates, d)
	}
	b.WriteString(s[last:])
	return strings.Join(strings.Fields(b.String()), " "), dates
}
