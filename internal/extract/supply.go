package extract

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/paperchart/paperchart/internal/terms"
)

// supplies is what a vocabulary may know of the strengths that a drug comes in,
// by its ingredient's name and UCUM unit.
type supplies interface {
	Strength(ingredient string, value float64, unit string) (ok, known bool)
}

// remarkStrength says that a drug comes in no such strength.
const remarkStrength = "the drug comes in no such strength"

var (
	oneStrength = regexp.MustCompile(`^(\d[\d,]*(?:\.\d+)?|\.\d+)\s*(mg|mcg|ug|µg|g)$`)
	injected    = regexp.MustCompile(`(?i)\b(?:iv|im|sc|sq|subq|subcut|intraven|intramus|inject|inj|topical|ophth|neb|inhal)`)
)

// marketed doubts a strength that the drug does not come in and that no patient
// takes of it: a lost point ("20.0" read as "200") shows by it.
func (r *reader) marketed(m terms.Match, whole string, cells map[string]cell) {
	c, ok := cells["dose"]
	if !ok || r.supplies == nil || m.Concept == nil || m.Score < 0.85 || injected.MatchString(whole) || injected.MatchString(cells["route"].value) {
		return
	}
	part := oneStrength.FindStringSubmatch(strings.ToLower(strings.TrimSpace(c.value)))
	if part == nil {
		return
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(part[1], ",", ""), 64)
	if err != nil {
		return
	}
	unit, ok := r.terms.Unit(part[2])
	if !ok {
		return
	}
	name := m.Concept.Name
	if m.Concept.Group != "" {
		name = m.Concept.Group
	}
	if ok, known := r.supplies.Strength(name, v, unit); known && !ok {
		c = c.doubt(remarkStrength)
		c.sig.Plausible, c.sig.Grammar, c.sig.Vocabulary = 0, 0.2, 0
		cells["dose"] = c
	}
}
