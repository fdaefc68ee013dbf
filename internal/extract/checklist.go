package extract

import (
	"regexp"

	"github.com/paperchart/paperchart/internal/layout"
	"github.com/paperchart/paperchart/internal/terms"
)

var checkAll = regexp.MustCompile(`(?i)\b(?:check|circle|mark|tick|select|please indicate)\b`)

// checklists reads lists of boxes: what is ticked under a history or a problem
// list is a fact, what is not is none, and no text of either is read again.
func (r *reader) checklists() {
	for _, p := range r.doc.Pages {
		r.boxes(p)
		grid := r.illnessGrid(p)
		for _, c := range p.Choices {
			label := ofCell(c.Label)
			if label.empty() {
				continue
			}
			sec, sure := r.section(label)
			if open := sec == secNone || sec == secOther || sec == secPatient; open && grid && r.isTerm(kindCondition, label.text) {
				sec, sure = secHistory, 0.85
			}
			if sec == secNone || !sec.list() && sec != secAssessment && sec != secROS || actions[key(label.text)] {
				continue
			}
			r.take(label)
			r.remember(label, c.Mark.Checked)
			if !c.Mark.Checked || !ofCell(c.Question).empty() && r.isLabel(c.Question.Text()) {
				continue
			}
			ctx := around{sec: sec, sure: sure, label: 0.9, bond: 0.4 + 0.6*c.Mark.Conf, order: r.order(label), table: true}
			r.ticked(label, ctx)
		}
	}
	// A list to be ticked on which no boxes were found says nothing.
	for i := range r.chunks {
		c := &r.chunks[i]
		if !checkAll.MatchString(c.title.text) || !c.sec.list() {
			continue
		}
		for _, p := range c.parts {
			if p.table != nil {
				for _, row := range p.table.Rows {
					r.take(join(passages(row)...))
					r.remember(join(passages(row)...), false)
				}
			}
			for _, l := range p.lines {
				r.take(l.passage)
				r.remember(l.passage, false)
			}
		}
	}
}

// actions are answers about what else a row or question names.
var actions = fieldSet("continue", "stop", "change", "hold", "resume", "yes", "no", "active", "inactive", "discontinue", "discontinued", "modify", "new", "other", "none", "unknown", "taking", "nottaking", "dc", "reviewed", "current", "resolved")

// boxes notes which words of a page's tables stand for a box to be ticked, and
// whether it is.
func (r *reader) boxes(p *layout.Page) {
	for _, c := range p.Choices {
		for _, w := range ofCell(c.Label).ink {
			r.boxed[w.spot()] = c.Mark.Checked
		}
	}
}

// remember remembers what stood in a list to be ticked, and whether it was: what was
// not is no part of any text.
func (r *reader) remember(p passage, ticked bool) {
	for _, w := range p.ink {
		r.offered[w.spot()] = !ticked
	}
}

// unticked tells of a line with nothing but what was offered and not ticked.
func (r *reader) unticked(p passage) bool {
	for _, w := range p.ink {
		if !r.offered[w.spot()] {
			return false
		}
	}
	return len(p.ink) > 0
}

// offers tells of words that are, in part, of a list to be ticked: they say nothing.
func (r *reader) offers(p passage) bool {
	for _, w := range p.ink {
		if _, listed := r.offered[w.spot()]; listed {
			return true
		}
	}
	return false
}

// illnessGrid tells whether a page has a grid of illnesses to be ticked: four or
// more, and no word that they are a family's.
func (r *reader) illnessGrid(p *layout.Page) bool {
	n := 0
	for _, c := range p.Choices {
		if r.isTerm(kindCondition, c.Label.Text()) {
			n++
		}
	}
	if n < 4 {
		return false
	}
	for _, l := range p.Lines {
		if t := l.Text(); checkAll.MatchString(t) && familyWord.MatchString(t) {
			return false
		}
	}
	return true
}

var familyWord = regexp.MustCompile(`(?i)\b(?:family|relatives?|parents?|mother|father|siblings?|symptoms?|recently)\b`)

func (r *reader) ticked(label passage, ctx around) {
	rw := row{ctx: ctx, whole: label}
	switch ctx.sec {
	case secProblems, secHistory, secAssessment:
		r.addCondition(label, dx{ctx: ctx}, rw)
	case secSurgery:
		r.addProcedure(label, passage{}, passage{}, rw)
	case secAllergies:
		if _, ok := r.terms.Match(terms.Allergen, label.text); ok || key(label.text) != "" {
			r.addAllergy(label, passage{}, passage{}, rw)
		}
	case secMeds:
		r.medicationItem(label, ctx)
	}
}
