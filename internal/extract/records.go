package extract

import (
	"strings"
)

// Records are lists whose entries name their own parts: "Problem: Asthma",
// "Status: Active" on lines of their own, or "Levothyroxine - Dose: 100 mcg;
// Route: oral" on one. The labels are those that title the columns of a table
// of the same kind.

// entry is one record being read.
type entry struct {
	rw    row
	lines []line
	named bool
}

// records reads the entries of a list that name their parts, and returns the
// lines that are none.
func (r *reader) records(c *chunk, lines []line) []line {
	k := rowsOf[c.sec]
	s := r.lex.spec(k)
	if s == nil || s.absent || c.sec == secAssessment {
		return lines
	}
	var rest []line
	var cur *entry
	flush := func() {
		if cur == nil {
			return
		}
		if cur.named {
			r.readRow(s, cur.rw)
		} else {
			rest = append(rest, cur.lines...)
		}
		cur = nil
	}
	must := kindMust(k)
	for _, l := range lines {
		parts, lead := r.roleParts(s, l.passage)
		_, begins := parts[must]
		if _, valued := parts["result_value"]; k == kindLab && !begins && !valued && (cur == nil || !lead.empty()) {
			// "WBC: 9.8 Ref: 4-11" is a line of results, whose name is its label.
			flush()
			rest = append(rest, l)
			continue
		}
		if k == kindMedication && !begins && cur != nil && sigLead.MatchString(lead.text) && !r.isDrug(r.sigParts(lead).name) {
			// The directions of the drug above, and what else is said of it.
			parts["instructions"], lead = lead, passage{}
		}
		switch {
		case len(parts) > 0 && (begins || !lead.empty()):
			flush()
			cur = r.newEntry(c, l)
			if !begins {
				cur.rw.cells[must] = lead
			}
			cur.put(parts, l)
		case len(parts) > 0 && cur != nil:
			cur.put(parts, l)
		case len(parts) == 0:
			flush()
			cur = r.newEntry(c, l)
			p := l.passage
			if m := bullet.FindString(p.text); m != "" && len(m) < len(p.text) && !(m[len(m)-1] >= 'A' && m[len(m)-1] <= 'Z') {
				p = p.sub(len(m), len(p.text))
			}
			cur.rw.cells[must] = p
			cur.rw.whole = p
			cur.lines = append(cur.lines, l)
		default:
			rest = append(rest, l)
		}
	}
	flush()
	return rest
}

func (r *reader) newEntry(c *chunk, l line) *entry {
	return &entry{rw: row{cells: map[string]passage{}, ctx: around{sec: c.sec, sure: c.sure, title: c.title,
		label: 0.9, bond: 0.85, order: l.order, table: true}}}
}

func (e *entry) put(parts map[string]passage, l line) {
	e.named = true
	e.lines = append(e.lines, l)
	e.rw.whole = join(e.rw.whole, l.passage)
	for role, p := range parts {
		if had, ok := e.rw.cells[role]; ok {
			p = join(had, p)
		}
		e.rw.cells[role] = p
	}
}

// roleParts cuts a line at the labels that title a kind's columns. lead is what
// stands before the first. A label counts behind a colon only.
func (r *reader) roleParts(s *tableSpec, p passage) (map[string]passage, passage) {
	hits := r.scan(p)
	for _, h := range hits {
		if _, _, role := s.titles.get(key(p.text[h.start:h.end])); !role && h.closeness == 1 && h.means.concept != cNone {
			return nil, passage{} // a line of the patient's or the document's details
		}
	}
	toks := labelTokens(p.text)
	type mark struct {
		role       string
		start, end int
	}
	var marks []mark
	for i := 0; i < len(toks); i++ {
		for n := min(4, len(toks)-i); n > 0; n-- {
			if !toks[i+n-1].colon {
				continue
			}
			text := p.text[toks[i].start:toks[i+n-1].end]
			role, c, ok := s.titles.get(key(text))
			if !ok || c < 1 || toks[i].start > 0 && midWord(p.text, toks[i].start) || withinHit(hits, toks[i].start) {
				continue
			}
			marks = append(marks, mark{role, toks[i].start, toks[i+n-1].end})
			i += n - 1
			break
		}
	}
	if len(marks) == 0 {
		return nil, passage{}
	}
	out := map[string]passage{}
	for i, m := range marks {
		end := len(p.text)
		if i+1 < len(marks) {
			end = marks[i+1].start
		}
		v := p.sub(m.end, end).trim(" :;,|-–•")
		if v.empty() {
			continue
		}
		if had, ok := out[m.role]; ok {
			v = join(had, v)
		}
		out[m.role] = v
	}
	lead := p.sub(0, marks[0].start)
	if b := bullet.FindString(lead.text); b != "" && len(b) <= len(lead.text) {
		lead = lead.sub(len(b), len(lead.text))
	}
	lead = lead.trim(" :;,|-–•([")
	if strings.Trim(lead.text, "0123456789.) ") == "" {
		lead = passage{}
	}
	return out, lead
}

// withinHit tells whether a longer label begins before a place and goes on
// behind it: "Birth Date" is not "Date".
func withinHit(hits []hit, at int) bool {
	for _, h := range hits {
		if h.start < at && h.end > at {
			return true
		}
	}
	return false
}
